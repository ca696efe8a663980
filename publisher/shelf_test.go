package publisher_test

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"copydesk/aggregator/news"
	"copydesk/publisher"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	house    = edition.House{Title: "Example Newsroom", URL: "https://news.example.org", Authority: "news.example.org,2026", Language: "en", TimeZone: time.UTC}
	channels = []news.Channel{{Slug: "all", Title: "All", Limit: 50}, {Slug: "few", Title: "Few", Limit: 50, Sources: []news.Slug{"wire"}}}
	sources  = []news.Source{
		{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull},
		{Slug: "shy", Name: "The Shy", URL: "https://shy.example/feed", Republish: news.RepublishHeadline},
	}
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

	all  = news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
	few  = news.Shelf{Kind: news.ChannelShelf, Slug: "few"}
	wire = news.Shelf{Kind: news.SourceShelf, Slug: "wire"}
)

// A shelf keeps articles in memory and counts who asks for what. It stands for
// the store, which the import law keeps out of here.
type shelf struct {
	mu       sync.Mutex // guards all below
	articles map[news.Key]news.Article
	touched  map[news.Shelf]news.Touched
	revision news.Revision
	broken   map[news.Shelf]error // of a shelf's articles; of everything under the zero value
	asked    int
	printed  map[news.Shelf]int      // how often the articles of a shelf were asked for
	editions map[string]news.Edition // by kind, slug and name
	order    map[news.Shelf][]string
	told     map[news.Shelf][]news.Told
	dated    map[string]dated // by kind, slug and format
	recalled int              // how often an edition was asked for
	unkept   error            // why editions are not kept
	first    news.Key         // what an order of the channels' own has on top; empty: theirs is of time
	before   func()           // called before places are given
	between  func()           // called between places and articles
}

// A dated document is what is known of one.
type dated struct {
	sum      string
	revision news.Revision
	modified time.Time
}

func newShelf() *shelf {
	return &shelf{articles: map[news.Key]news.Article{}, touched: map[news.Shelf]news.Touched{}, broken: map[news.Shelf]error{}, printed: map[news.Shelf]int{}, editions: map[string]news.Edition{}, order: map[news.Shelf][]string{}, told: map[news.Shelf][]news.Told{}, dated: map[string]dated{}}
}

// KeepEdition and Edition keep the log of editions.
func (s *shelf) KeepEdition(_ context.Context, sh news.Shelf, kept news.Edition, _ time.Time) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unkept != nil {
		return nil, s.unkept
	}
	for _, t := range kept.Told {
		i := slices.IndexFunc(s.told[sh], func(o news.Told) bool { return o.Article == t.Article })
		switch {
		case i < 0:
			s.told[sh] = append(s.told[sh], t)
		case s.told[sh][i].Updated.Before(t.Updated):
			s.told[sh][i].Updated, s.told[sh][i].Revision = t.Updated, max(t.Revision, kept.Revision)
		}
	}
	s.editions[editionOf(sh, kept.Name)] = kept
	s.order[sh] = slices.Insert(slices.DeleteFunc(s.order[sh], func(n string) bool { return n == kept.Name }), 0, kept.Name)
	return slices.Clone(s.order[sh]), nil
}

func (s *shelf) Edition(_ context.Context, sh news.Shelf, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recalled++
	e, ok := s.editions[editionOf(sh, name)]
	if !ok {
		return nil, missing{}
	}
	return e.Contents, nil
}

// Told is what a shelf has told of the articles that stand on it.
func (s *shelf) Told(_ context.Context, sh news.Shelf, n int) ([]news.Told, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	out := slices.DeleteFunc(slices.Clone(s.told[sh]), func(t news.Told) bool { return !s.stands(sh, s.articles[t.Article]) })
	slices.SortFunc(out, func(a, b news.Told) int { return cmp.Compare(b.Revision, a.Revision) })
	return out[:min(n, len(out))], nil
}

// stands reports that an article stands on a shelf; the caller holds mu.
func (s *shelf) stands(sh news.Shelf, a news.Article) bool {
	return !a.Withdrawn && (sh == all || sh == few && a.Source == "wire" || sh.Kind == news.SourceShelf && sh.Slug == a.Source)
}

// Date dates documents as the store does.
func (s *shelf) Date(_ context.Context, sh news.Shelf, revision news.Revision, sums map[string]string, first, now time.Time) (map[string]time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unkept != nil {
		return nil, s.unkept
	}
	out := map[string]time.Time{}
	for format, sum := range sums {
		key := editionOf(sh, format)
		d, known := s.dated[key]
		switch second := now.Truncate(time.Second); {
		case !known:
			d.modified = first.Truncate(time.Second)
		case d.sum == sum:
			revision = d.revision
		case d.revision > revision:
			continue
		case d.modified.Before(second):
			d.modified = second
		case !d.modified.After(now):
			d.modified = d.modified.Add(time.Second)
		}
		d.sum, d.revision = sum, revision
		s.dated[key], out[format] = d, d.modified
	}
	return out, nil
}

func editionOf(sh news.Shelf, name string) string {
	return string(sh.Kind) + "/" + string(sh.Slug) + "/" + name
}

// put stores an article and touches the shelves it stands on.
func (s *shelf) put(key news.Key, source news.Slug, title string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	s.articles[key] = news.Article{
		Key: key, Source: source, OriginalID: string(key), Title: title, URL: "https://" + string(source) + ".example/" + string(key),
		ContentHTML: "<p>" + strings.Repeat("The harbour. ", 100) + "</p>", Published: news.Moment{At: noon}, Updated: at, FirstSeen: noon, Revision: s.revision,
	}
	s.touch(source, at)
}

// edit changes an article in place.
func (s *shelf) edit(key news.Key, change func(*news.Article), at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	a := s.articles[key]
	was := a.Updated
	change(&a)
	a.Revision = s.revision
	if !a.Updated.Equal(was) {
		for _, list := range s.told {
			for i := range list {
				if list[i].Article == key {
					list[i].Updated, list[i].Revision = a.Updated, a.Revision
				}
			}
		}
	}
	s.articles[key] = a
	s.touch(a.Source, at)
}

func (s *shelf) withdraw(key news.Key, at time.Time) {
	s.edit(key, func(a *news.Article) {
		a.Withdrawn, a.Withdrawal = true, news.Withdrawal{At: at, Reason: "It was not so."}
	}, at)
}

func (s *shelf) touch(source news.Slug, at time.Time) {
	list := []news.Shelf{all, {Kind: news.SourceShelf, Slug: source}}
	if source == "wire" {
		list = append(list, few)
	}
	for _, sh := range list {
		if old := s.touched[sh].At; at.Before(old) { // as the store promises
			at = old
		}
		s.touched[sh] = news.Touched{Shelf: sh, Revision: s.revision, At: at}
	}
}

// rank puts an article on top of all channels.
func (s *shelf) rank(first news.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	s.first = first
	s.touch("wire", noon)
}

// fail breaks everything until it is called with nil.
func (s *shelf) fail(err error) { s.failOne(news.Shelf{}, err) }

func (s *shelf) failOne(sh news.Shelf, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken[sh] = err
}

func (s *shelf) questions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *shelf) prints(sh news.Shelf) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.printed[sh]
}

// ask takes the lock for a question.
func (s *shelf) ask() error {
	s.mu.Lock()
	s.asked++
	return s.broken[news.Shelf{}]
}

func (s *shelf) Touched(_ context.Context, since news.Revision) ([]news.Touched, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	var out []news.Touched
	for _, t := range s.touched {
		if t.Revision > since {
			out = append(out, t)
		}
	}
	return out, nil
}

func (s *shelf) Placements(_ context.Context, sh news.Shelf, n int) ([]news.Placement, error) {
	if s.before != nil {
		s.before()
	}
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	s.printed[sh]++
	if err := s.broken[sh]; err != nil {
		return nil, err
	}
	var out []news.Placement
	for key, a := range s.articles {
		if s.stands(sh, a) {
			p := news.Placement{Channel: sh.Slug, Article: key, Source: a.Source, Published: a.Published.At, Rank: 2}
			if key == s.first {
				p.Rank = 1
			}
			if s.first != "" {
				p.Ordered = s.touched[sh].Revision
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b news.Placement) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), strings.Compare(string(a.Article), string(b.Article)))
	})
	return out[:min(n, len(out))], nil
}

func (s *shelf) Articles(_ context.Context, keys []news.Key) ([]news.Article, error) {
	if s.between != nil {
		s.between()
	}
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	var out []news.Article
	for _, k := range keys {
		out = append(out, s.articles[k])
	}
	return out, nil
}

type missing struct{}

func (missing) Error() string  { return "no such article" }
func (missing) NotFound() bool { return true }

func (s *shelf) Article(_ context.Context, key news.Key) (news.Article, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return news.Article{}, err
	}
	a, ok := s.articles[key]
	if !ok {
		return a, missing{}
	}
	return a, nil
}

func (s *shelf) Origins(context.Context) (map[news.Slug]news.Origin, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	return map[news.Slug]news.Origin{
		"wire":   {Feed: news.Feed{Title: "Wire", HomePage: "https://wire.example/"}},
		"former": {Source: news.Source{Slug: "former", Name: "The Former", URL: "https://former.example/feed", Republish: news.RepublishExcerpt}}, // not of the config
	}, nil
}

// open joins a press and a server to a shelf, with nothing running.
func open(t testing.TB, s publisher.Shelf) (*publisher.Press, *publisher.Server) {
	t.Helper()
	return openWith(t, s, publisher.Options{Sources: sources})
}

func openWith(t testing.TB, s publisher.Shelf, opt publisher.Options) (*publisher.Press, *publisher.Server) {
	t.Helper()
	if opt.House.URL == "" {
		opt.House = house
	}
	pages, err := page.New(opt.House, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if opt.Channels == nil {
		opt.Channels = channels
	}
	if l, ok := s.(publisher.Ledger); ok {
		opt.Ledger = l
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Now == nil {
		opt.Now = func() time.Time { return noon.Add(24 * time.Hour) }
	}
	press := publisher.NewPress(s, pages, opt)
	server, err := publisher.NewServer(press, pages, s, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return press, server
}

// printed is a server whose press has printed two articles.
func printed(t testing.TB) (*shelf, *publisher.Press, *publisher.Server) {
	t.Helper()
	s := newShelf()
	s.put("a1", "wire", "Ferry line opens", noon)
	s.put("a2", "shy", "Second story", noon)
	press, server := open(t, s)
	mustPrint(t, press)
	return s, press, server
}

func mustPrint(t testing.TB, press *publisher.Press) {
	t.Helper()
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask sends one request; header lines are "Name: value".
func ask(t testing.TB, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// get is the body of a page that is there.
func get(t testing.TB, h http.Handler, path string) string {
	t.Helper()
	res := ask(t, h, "GET", path)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %d, want 200", path, res.StatusCode)
	}
	return body(t, res)
}

var feedPaths = []string{"/channels/all/feed.rss", "/channels/all/feed.atom", "/channels/all/feed.json"}
