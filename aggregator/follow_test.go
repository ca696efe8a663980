package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/store"
)

// A press plays an outlet: a feed of teasers with article pages behind them. It
// records what it was asked.
type press struct {
	items []string
	pages map[string]func(w http.ResponseWriter, r *http.Request)
	asked []string // "PATH", with "if VALIDATOR" where the request had one
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.URL.Path
	if tag := r.Header.Get("If-None-Match"); tag != "" {
		what += " if " + tag
	}
	if r.URL.Path == "/feed" {
		fmt.Fprintf(w, `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wire</title>%s</channel></rss>`, strings.Join(p.items, ""))
		return
	}
	p.asked = append(p.asked, what)
	if page, ok := p.pages[r.URL.Path]; ok {
		page(w, r)
		return
	}
	http.NotFound(w, r)
}

func teaser(path, author, text string) string {
	return fmt.Sprintf(`<item><guid>%s</guid><link>http://HOST%s</link><title>Rates rise again</title><dc:creator>%s</dc:creator><pubDate>Tue, 24 Nov 2026 08:55:00 GMT</pubDate><description>%s</description></item>`, path, path, author, text)
}

const teaserText = "The bank raised its rate on Thursday for the third time this year."

// article is a page with a text that begins as the teaser does.
func article(author, more string) string {
	return fmt.Sprintf(`<html lang="en"><head><title>Rates rise again</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rates rise again","author":{"@type":"Person","name":%q},"datePublished":"2026-11-24T08:55:00Z"}</script></head>
<body><article><h1>Rates rise again</h1><p>By %s</p><p>%s</p>
<p>Its governor pointed to wages, which rose by five per cent in the year to April, faster than in any year since the war ended.</p>
<p>%s</p></article></body></html>`, author, author, teaserText, more)
}

const ending = "Markets had expected the step, and hardly moved; the currency gained a little against its neighbours before lunch."

// sends is a page as it is.
func sends(body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, body)
	}
}

// tagged is a page as it is when it is asked for, with a tag to ask for it by.
func tagged(tag, body *string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", *tag)
		if r.Header.Get("If-None-Match") == *tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sends(*body)(w, r)
	}
}

// newFollowing is a rig whose wire is followed, with a follower that works the
// jobs which the store has queued.
func newFollowing(t *testing.T, p *press) (*rig, *aggregator.Follower) {
	t.Helper()
	r := newRig(t, "@every 10m", p)
	for i := range p.items {
		p.items[i] = strings.ReplaceAll(p.items[i], "HOST", strings.TrimPrefix(r.url, "http://"))
	}
	r.source.Follow = true
	r.sync()
	return r, r.follower(fetch.Options{})
}

func (r *rig) follower(opt fetch.Options) *aggregator.Follower {
	opt.AllowPrivate, opt.UserAgent, opt.Now, opt.Hash = true, "copydesk/1.0", r.clock, parse.Hash
	client := fetch.New(opt)
	r.t.Cleanup(client.Close)
	return &aggregator.Follower{
		Fetch: client, Shelf: r.store, Sources: map[news.Slug]aggregator.Scheduled{"wire": r.source},
		Place: func(*news.Article) []news.Placement { return []news.Placement{{Channel: "all", Rule: "everything"}} },
		Queue: aggregator.NewQueue(time.Second), Desk: make(chan struct{}, 1), Log: silent, Now: r.clock,
	}
}

// work does the follow jobs that are queued, and says how many there were.
func (r *rig) work(f *aggregator.Follower) int {
	r.t.Helper()
	list := r.follows
	r.follows = nil
	for _, key := range list {
		if _, err := f.Follow(r.t.Context(), news.Key(key)); err != nil {
			r.t.Fatal(err)
		}
	}
	return len(list)
}

// readAgain turns the clock to the next reading of a page and does it.
func (r *rig) readAgain(f *aggregator.Follower, key news.Key) news.Follow {
	r.t.Helper()
	r.now = r.following(key).NextAt
	if err := r.store.QueueFollows(r.t.Context(), r.now); err != nil {
		r.t.Fatal(err)
	}
	if n := r.work(f); n != 1 {
		r.t.Fatalf("%d pages were due at %v, want one", n, r.now)
	}
	return r.following(key)
}

func (r *rig) following(key news.Key) news.Follow {
	r.t.Helper()
	f, err := r.store.Follow(r.t.Context(), key)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func authors(a news.Article) string {
	var out []string
	for _, p := range a.Byline.With(news.Author) {
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

// An article is published as its feed has it; then its page is read, after the
// site's robots.txt, and brings credits and text.
func TestFollow(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": sends(article("Ann Lee", ending)),
	}}
	r, f := newFollowing(t, p)
	r.later(0)
	key := news.NewKey("wire", "/a")
	if got := r.following(key); got.State != news.FollowWaiting || got.Article.ContentHTML != "" || len(p.asked) != 0 {
		t.Fatalf("published as %+v after %v was asked, want the teaser alone", got, p.asked)
	}
	r.now = r.now.Add(time.Minute)
	if n := r.work(f); n != 1 {
		t.Fatalf("%d jobs, want one", n)
	}
	got := r.following(key)
	if got.State != news.FollowRead || authors(got.Article) != "Ann Lee" || !strings.Contains(got.Article.ContentHTML, "before lunch") {
		t.Errorf("got %s, %s, %q, want the page's", got.State, authors(got.Article), got.Article.ContentHTML)
	}
	if got.Article.ID != "" || got.Article.OriginalID != "/a" || got.Article.Summary != teaserText {
		t.Errorf("got id %q, %q, summary %q, want the feed's", got.Article.ID, got.Article.OriginalID, got.Article.Summary)
	}
	if want := []string{"/robots.txt", "/a"}; !slices.Equal(p.asked, want) {
		t.Errorf("asked %v, want %v", p.asked, want)
	}
	versions, err := r.store.Versions(t.Context(), key)
	if err != nil || len(versions) != 2 {
		t.Errorf("%d versions (%v), want the teaser and the whole", len(versions), err)
	}
	if got := got.Page.Witnesses["author"]; got == "" {
		t.Error("nothing tells which part of the page named the author")
	}
}

// A page is read again after 1, 6 and 24 hours and 3 days, with what its server
// gave to ask with; what is unchanged costs nothing, and a correction is one.
func TestRereading(t *testing.T) {
	body, tag := article("Ann Lee", ending), `"1"`
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": tagged(&tag, &body),
	}}
	r, f := newFollowing(t, p)
	published := r.now.Add(-5 * time.Minute)
	r.later(0)
	r.work(f)
	key := news.NewKey("wire", "/a")
	first := r.following(key)

	got := r.readAgain(f, key)
	if age := r.now.Sub(published); age != time.Hour || got.Article.Revision != first.Article.Revision {
		t.Errorf("read again at %v, revision %d after %d, want an hour and no change", age, got.Article.Revision, first.Article.Revision)
	}
	body, tag = article("Ann Lee", ending+" Correction: wages rose by four per cent, and not by five."), `"2"`
	got = r.readAgain(f, key)
	if age := r.now.Sub(published); age != 6*time.Hour || !got.Article.Updated.Equal(r.now) || !strings.Contains(got.Article.ContentHTML, "Correction") {
		t.Errorf("read again at %v, updated %v, %q, want the correction after six hours", age, got.Article.Updated, got.Article.ContentHTML)
	}
	r.readAgain(f, key)
	got = r.readAgain(f, key)
	if age := r.now.Sub(published); age != 72*time.Hour || !got.NextAt.IsZero() {
		t.Errorf("last read at %v, again at %v, want three days and never", age, got.NextAt)
	}
	want := []string{"/robots.txt", "/a", `/a if "1"`, `/a if "1"`, `/a if "2"`, "/robots.txt", `/a if "2"`}
	if !slices.Equal(p.asked, want) {
		t.Errorf("asked\n%q, want\n%q", p.asked, want)
	}
	if versions, err := r.store.Versions(t.Context(), key); err != nil || len(versions) != 3 {
		t.Errorf("%d versions (%v), want three", len(versions), err)
	}
}

// An item that its feed corrects has its page read again, however old it is, and not
// more often for it than once in a while.
func TestRereadingForACorrection(t *testing.T) {
	tag := `"1"`
	body := article("Ann Lee", ending)
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": tagged(&tag, &body),
	}}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	key := news.NewKey("wire", "/a")
	for !r.following(key).NextAt.IsZero() {
		r.readAgain(f, key)
	}
	last := r.now

	r.later(10 * 24 * time.Hour)
	if got := r.following(key); !got.NextAt.IsZero() {
		t.Fatalf("read again at %v, though nothing is new", got.NextAt)
	}
	plain := p.items[0]
	p.items[0] = strings.Replace(plain, "Rates rise again", "Rates rise again, bank says", 1)
	body, tag = article("Ann Lee", ending+" Correction: wages rose by four per cent, and not by five."), `"2"`
	r.later(time.Hour)
	if got := r.following(key); !got.NextAt.Equal(r.now) {
		t.Fatalf("corrected at %v, %v after the last reading: read again at %v, want at once", r.now, r.now.Sub(last), got.NextAt)
	}
	if got := r.readAgain(f, key); !strings.Contains(got.Article.ContentHTML, "Correction") || got.Article.Title != "Rates rise again, bank says" || !got.NextAt.IsZero() {
		t.Errorf("got %q, %q, again at %v, want the page's correction", got.Article.Title, got.Article.ContentHTML, got.NextAt)
	}

	read := r.now
	for i := range 5 { // a feed that corrects it at each pull
		p.items[0] = strings.Replace(plain, "</description>", fmt.Sprintf(" Read %d times.</description>", i), 1)
		r.later(time.Hour)
		if got := r.following(key).NextAt; !got.Equal(read.Add(24 * time.Hour)) {
			t.Errorf("read %v after the last reading, want a day", got.Sub(read))
		}
	}
	r.readAgain(f, key)
	p.items[0] = strings.Replace(plain, "<pubDate>", "<category>Money</category><pubDate>", 1)
	p.items[0] = strings.Replace(p.items[0], "</description>", " Read 4 times.</description>", 1)
	r.later(48 * time.Hour)
	if got := r.following(key); !got.NextAt.IsZero() {
		t.Errorf("read again at %v for another category", got.NextAt)
	}
}

// A page that was free to read and is not any more, or is gone, takes nothing
// back.
func TestPageCloses(t *testing.T) {
	open := article("Ann Lee", ending)
	for name, then := range map[string]func(http.ResponseWriter, *http.Request){
		"to be paid for": sends(strings.Replace(open, `"headline"`, `"isAccessibleForFree":false,"headline"`, 1)),
		"without text":   sends(`<html><head><title>Rates rise again</title></head><body><h1>Rates rise again</h1><div id="app"></div></body></html>`),
		"not found":      func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"ill":            func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"behind consent": sends(`<html><head><title>Before you continue</title></head><body><p>We value you.</p></body></html>`),
	} {
		t.Run(name, func(t *testing.T) {
			p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){"/a": sends(open)}}
			r, f := newFollowing(t, p)
			r.later(0)
			r.work(f)
			key := news.NewKey("wire", "/a")
			before := r.following(key)
			p.pages["/a"] = then
			after := r.readAgain(f, key)
			if after.Article.Revision != before.Article.Revision || after.State != news.FollowRead || after.Reason == "" {
				t.Errorf("revision %d after %d, %s (%s), want what was read to stay, and why", after.Article.Revision, before.Article.Revision, after.State, after.Reason)
			}
			if gone := name == "not found" || name == "behind consent"; after.NextAt.IsZero() != gone {
				t.Errorf("again at %v", after.NextAt)
			}
		})
	}
}

// A feed that changes an article later does not undo what its page brought.
func TestFeedAfterPage(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": sends(article("Ann Lee", ending)),
	}}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	p.items[0] = strings.Replace(p.items[0], "Rates rise again", "Rates rise once more", 1)
	if res := r.later(10 * time.Minute); res.Saved.Changed != 1 {
		t.Fatalf("saved %+v, want the change of the title", res.Saved)
	}
	got := r.following(news.NewKey("wire", "/a"))
	if got.Article.Title != "Rates rise once more" || authors(got.Article) != "Ann Lee" || !strings.Contains(got.Article.ContentHTML, "before lunch") {
		t.Errorf("got %q by %s, %q, want the feed's title over the page's text", got.Article.Title, authors(got.Article), got.Article.ContentHTML)
	}
	if got.Feed.ContentHTML != "" || got.Feed.Title != "Rates rise once more" {
		t.Errorf("the feed is remembered as %q, %q", got.Feed.Title, got.Feed.ContentHTML)
	}
}

// An article that goes on over several pages is read as one.
func TestSeveralPages(t *testing.T) {
	second := `<html lang="en"><head><title>Rates rise again</title></head><body><article><h1>Rates rise again</h1>
<p>On the second page the story goes on: unions asked for more, employers for less, and the minister for patience until the spring.</p>
<p>Nobody in the hall believed that the spring would change anything, and the meeting was over before the coffee had come.</p></article></body></html>`
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a":   sends(strings.Replace(article("Ann Lee", ending), "</article>", `</article><a rel="next" href="/a/2">2</a>`, 1)),
		"/a/2": sends(second),
	}}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	got := r.following(news.NewKey("wire", "/a")).Article
	if !strings.Contains(got.ContentHTML, "before lunch") || !strings.Contains(got.ContentHTML, "before the coffee") {
		t.Errorf("got %q, want both pages", got.ContentHTML)
	}
}

// What cannot be read, or is no article, leaves the feed's as it stands.
func TestPagesNotTaken(t *testing.T) {
	robots := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /a\n") }
	status := func(code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	paid := strings.Replace(article("Ann Lee", ending), `"headline"`, `"isAccessibleForFree":false,"headline"`, 1)
	for _, tt := range []struct {
		name   string
		page   func(http.ResponseWriter, *http.Request)
		robots func(http.ResponseWriter, *http.Request)
		state  news.FollowState
		reason string
		again  bool
	}{
		{name: "not found", page: status(404), state: news.FollowMissing, reason: "404"},
		{name: "gone", page: status(410), state: news.FollowMissing, reason: "410"},
		{name: "to be paid for", page: status(402), state: news.FollowRefused, reason: "402"},
		{name: "ill", page: status(503), state: news.FollowWaiting, reason: "503", again: true},
		{name: "forbidden by robots.txt", page: sends(article("Ann Lee", ending)), robots: robots, state: news.FollowRefused, reason: "robots.txt"},
		{name: "robots.txt away", page: sends(article("Ann Lee", ending)), robots: status(500), state: news.FollowWaiting, reason: "robots.txt", again: true},
		{name: "a picture", page: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			fmt.Fprint(w, "\x89PNG\r\n\x1a\n")
		}, state: news.FollowRefused, reason: "image/png"},
		{name: "too large", page: sends("<html>" + strings.Repeat("<p>more and more of it</p>", 500_000)), state: news.FollowRefused, reason: "10 MB"},
		{name: "behind consent", page: sends(`<html><head><title>Before you continue to the Wire</title></head><body><p>We value you.</p></body></html>`), state: news.FollowRefused, reason: "agree"},
		{name: "missing with 200", page: sends(`<html><head><title>Page not found - Wire</title></head><body><h1>Page not found</h1></body></html>`), state: news.FollowMissing, reason: "page not found"},
		{name: "led to the front page", page: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, state: news.FollowMissing, reason: "front page"},
		{name: "paid", page: sends(paid), state: news.FollowPaid, reason: "not free", again: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
				"/a": tt.page, "/": sends(article("The Front", ending)),
			}}
			if tt.robots != nil {
				p.pages["/robots.txt"] = tt.robots
			}
			r, f := newFollowing(t, p)
			r.later(0)
			r.work(f)
			got := r.following(news.NewKey("wire", "/a"))
			if got.State != tt.state || !strings.Contains(got.Reason, tt.reason) || !got.NextAt.IsZero() != tt.again {
				t.Errorf("got %s (%s), again at %v, want %s for %q, again %v", got.State, got.Reason, got.NextAt, tt.state, tt.reason, tt.again)
			}
			if got.Article.ContentHTML != "" || got.Article.Summary != teaserText {
				t.Errorf("the text became %q", got.Article.ContentHTML)
			}
			if by := authors(got.Article); (by == "Ann Lee") != (tt.state == news.FollowPaid) {
				t.Errorf("written by %q, want a name only from the page that shows one", by)
			}
		})
	}
}

// A page that cannot be had is tried again with growing waits, and given up
// after some days; the server's own wish is heeded.
func TestRetries(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	}}
	r, f := newFollowing(t, p)
	start := r.now
	r.later(0)
	r.work(f)
	key := news.NewKey("wire", "/a")
	if got := r.following(key); got.NextAt.Sub(r.now) != time.Hour {
		t.Errorf("again in %v, want the hour that the server asked for", got.NextAt.Sub(r.now))
	}
	tries := 1
	for r.following(key).State == news.FollowWaiting {
		r.readAgain(f, key)
		tries++
	}
	if got := r.following(key); got.State != news.FollowFailed || tries != 8 || !got.NextAt.IsZero() || r.now.Sub(start) > 72*time.Hour {
		t.Errorf("%s after %d tries and %v, want given up after 8 and less than three days", got.State, tries, r.now.Sub(start))
	}
}

// Where an article's own page is gone for good and the config says so, the
// article is withdrawn.
func TestFollowWithdraws(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
	}}
	r, _ := newFollowing(t, p)
	r.source.WithdrawGone = true
	f := r.follower(fetch.Options{})
	r.later(0)
	changed, err := f.Follow(t.Context(), news.NewKey("wire", "/a"))
	if err != nil || !changed {
		t.Fatalf("changed %v (%v), want the withdrawal seen", changed, err)
	}
	if got := r.following(news.NewKey("wire", "/a")); !got.Article.Withdrawn || !got.NextAt.IsZero() {
		t.Errorf("withdrawn %v, again at %v", got.Article.Withdrawn, got.NextAt)
	}
}

// The same page for two articles is neither's.
func TestSamePageTwice(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText), teaser("/b", "Staff", "Another matter altogether.")}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/a": sends(article("Ann Lee", ending)), "/b": sends(article("Ann Lee", ending)),
	}}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	b := news.NewKey("wire", "/b")
	if got := r.following(b); got.State != news.FollowWaiting || got.Article.ContentHTML != "" {
		t.Errorf("got %s, %q, want nothing taken", got.State, got.Article.ContentHTML)
	}
	for tries := 0; r.following(b).State == news.FollowWaiting && tries < 20; tries++ {
		r.now = r.following(b).NextAt
		if err := r.store.QueueFollows(t.Context(), r.now); err != nil {
			t.Fatal(err)
		}
		r.work(f)
	}
	counts, err := r.store.Followed(t.Context(), "wire")
	if want := "article pages: 1 read, 1 missing"; err != nil || counts.String() != want {
		t.Errorf("got %q (%v), want %q", counts, err, want)
	}
}

// A server that answers 200 with one page for whatever it has lost is believed
// for the first article only until the second gets it too; when the server has
// mended, both are read.
func TestSoftNotFound(t *testing.T) {
	lost := strings.ReplaceAll(article("Web Master", "We could not find what you were looking for, and are sorry for it; do look around, there is much to read."), "Rates rise again", "Nothing to be seen")
	p := &press{pages: map[string]func(http.ResponseWriter, *http.Request){}}
	for _, path := range []string{"/a", "/b", "/c"} {
		p.items = append(p.items, teaser(path, "Staff", teaserText))
		p.pages[path] = sends(lost)
	}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	for _, path := range []string{"/a", "/b", "/c"} {
		got := r.following(news.NewKey("wire", path))
		if got.State != news.FollowWaiting || got.Page != nil || got.Article.Title != "Rates rise again" || got.Article.ContentHTML != "" || strings.Contains(authors(got.Article), "Master") {
			t.Errorf("%s: %s, %q by %s, want it as the feed has it", path, got.State, got.Article.Title, authors(got.Article))
		}
		if !strings.Contains(got.Reason, "very same page") || got.NextAt.IsZero() {
			t.Errorf("%s: %q, again at %v", path, got.Reason, got.NextAt)
		}
	}
	r.now = r.following(news.NewKey("wire", "/a")).NextAt
	for _, path := range []string{"/a", "/b", "/c"} {
		p.pages[path] = sends(article("Ann Lee", path+" "+ending))
	}
	if err := r.store.QueueFollows(t.Context(), r.now); err != nil {
		t.Fatal(err)
	}
	r.work(f)
	for _, path := range []string{"/a", "/b", "/c"} {
		if got := r.following(news.NewKey("wire", path)); got.State != news.FollowRead || authors(got.Article) != "Ann Lee" || !strings.Contains(got.Article.ContentHTML, path+" Markets") {
			t.Errorf("%s: %s by %s, want its own page at last", path, got.State, authors(got.Article))
		}
	}
}

// Pages take the slots that their host has to spare, and who finds it busy makes
// room for the pages of others.
func TestFollowWithinTheBudget(t *testing.T) {
	p := &press{pages: map[string]func(http.ResponseWriter, *http.Request){}}
	for i := range 3 {
		path := fmt.Sprintf("/%d", i)
		p.items = append(p.items, teaser(path, "Staff", teaserText))
		p.pages[path] = sends(article("Ann Lee", fmt.Sprintf("Version %d. %s", i, ending)))
	}
	r, _ := newFollowing(t, p)
	var slots int
	f := r.follower(fetch.Options{Spare: func(ctx context.Context, host string, gap time.Duration) (time.Time, bool, error) {
		again, ok, err := r.store.Spare(ctx, host, r.now, max(gap, time.Minute))
		if slots++; !ok && err == nil {
			r.now = again // the clock of the test, so that nobody waits
		}
		return again, ok, err
	}})
	r.later(0)
	start := r.now
	r.work(f)
	if took := r.now.Sub(start); took < 3*time.Minute || slots < 4 {
		t.Errorf("robots.txt and three pages took %v of a host with a turn each minute, want three at least", took)
	}
}

// Of the many articles of one host, few wait for it at a time; the others are
// told when to come, one behind the other, and another host's go at once.
func TestQueue(t *testing.T) {
	q := aggregator.NewQueue(time.Second)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var leaves []func()
	var turns []time.Duration
	for range 7 {
		leave, err := q.Enter("a.example", now)
		if later := (*aggregator.NotYet)(nil); errors.As(err, &later) {
			turns = append(turns, later.After)
			continue
		}
		leaves = append(leaves, leave)
	}
	if want := []time.Duration{5 * time.Second, 6 * time.Second, 7 * time.Second}; len(leaves) != 4 || !slices.Equal(turns, want) {
		t.Errorf("%d went in and the others come after %v, want 4 and %v", len(leaves), turns, want)
	}
	if _, err := q.Enter("b.example", now); err != nil {
		t.Errorf("another host: %v", err)
	}
	leaves[0]()
	if _, err := q.Enter("a.example", now); err != nil {
		t.Errorf("a place was free: %v", err)
	}
}

// A daemon that dies between the pull and the reading loses nothing: the page is
// due again, in a store that knows of no job.
func TestFollowSurvives(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}}
	r, _ := newFollowing(t, p)
	r.later(0)
	r.follows = nil // with the daemon
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.store, err = store.Open(t.Context(), r.path, store.Options{Enqueue: r.enqueue}); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{time.Minute, 20 * time.Minute, 21 * time.Minute} {
		if err := r.store.QueueFollows(t.Context(), r.now.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{string(news.NewKey("wire", "/a"))}; !slices.Equal(r.follows, want) {
		t.Errorf("queued %v, want the page once", r.follows)
	}
}

// What an operator teaches holds for a page that was read before, too.
func TestFollowTaughtLater(t *testing.T) {
	p := &press{items: []string{teaser("/a", "Staff", teaserText)}, pages: map[string]func(http.ResponseWriter, *http.Request){"/a": sends(article("A. Lee", ending))}}
	r, f := newFollowing(t, p)
	r.later(0)
	r.work(f)
	key := news.NewKey("wire", "/a")
	if got := authors(r.following(key).Article); got != "A. Lee" {
		t.Fatalf("its page credits %q", got)
	}
	r.source.Byline.Alias = map[string]string{"A. Lee": "Ann Lee"}
	r.sync()
	r.later(time.Minute)
	if got := authors(r.following(key).Article); got != "Ann Lee" {
		t.Errorf("once the feed is read anew, %q is credited, want Ann Lee", got)
	}
}

// However feed and page take turns in changing and being read, what is published
// in the end is what both say in the end.
func TestOrderDoesNotMatter(t *testing.T) {
	var body string
	p := &press{items: []string{""}, pages: map[string]func(http.ResponseWriter, *http.Request){
		"/": func(w http.ResponseWriter, r *http.Request) { sends(body)(w, r) },
	}}
	r, f := newFollowing(t, p)
	host := strings.TrimPrefix(r.url, "http://")
	turns := rapid.SliceOfN(rapid.IntRange(0, 3), 0, 6)
	for n := range 25 {
		path := fmt.Sprintf("/%d", n)
		feed, page := 0, 0
		p.pages[path] = func(w http.ResponseWriter, r *http.Request) { sends(body)(w, r) }
		say := func() {
			text := []string{teaserText, "Unions want more.", "<p>" + teaserText + " " + ending + "</p>"}[feed%3]
			p.items[0] = strings.ReplaceAll(teaser(path, []string{"Staff", "Bob Roy", "Ann Lee and Bob Roy"}[feed%3], strings.ReplaceAll(text, "<", "&lt;")), "HOST", host)
			p.items[0] = strings.Replace(p.items[0], "08:55:00", fmt.Sprintf("08:%02d:00", n), 1) // each is another article
			body = article([]string{"Ann Lee", "Carla Diaz", "Wire Desk"}[page%3], fmt.Sprintf("%s Page %d of %s.", ending, page, path))
		}
		say()
		r.later(time.Second)
		key := news.NewKey("wire", path)
		for _, step := range turns.Example(n) {
			switch step {
			case 0:
				feed++
			case 1:
				page++
			case 2:
				r.later(time.Second)
			case 3:
				r.read(f, key)
			}
			say()
		}
		last := []func(){func() { r.later(time.Second) }, func() { r.read(f, key) }}
		if n%2 == 0 {
			slices.Reverse(last)
		}
		last[0]()
		last[1]()
		got := r.following(key)
		if got.Page == nil {
			t.Fatalf("%v: its page was not read: %s %s", turns.Example(n), got.State, got.Reason)
		}
		if want, _ := normalize.Merge(got.Feed, *got.Page); want.Fingerprint() != got.Article.Fingerprint() {
			t.Fatalf("%v: stands as %+v\nwant %+v", turns.Example(n), got.Article, want)
		}
		if got.Feed.Title != "Rates rise again" || got.Feed.Summary == "" || !strings.Contains(got.Page.Article.ContentHTML, fmt.Sprintf("Page %d of", page)) {
			t.Fatalf("%v: the page is remembered as %q, want its state %d", turns.Example(n), got.Page.Article.ContentHTML, page)
		}
		revision := got.Article.Revision
		r.read(f, key)
		r.later(time.Second)
		if again := r.following(key).Article.Revision; again != revision {
			t.Fatalf("%v: reading both again made revision %d of %d", turns.Example(n), again, revision)
		}
	}
}

func (r *rig) read(f *aggregator.Follower, key news.Key) {
	if _, err := f.Follow(r.t.Context(), key); err != nil {
		r.t.Fatal(err)
	}
}
