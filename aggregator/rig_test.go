package aggregator_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/schedule"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A rig pulls sources from a server that a test plays, with the real store and
// a clock that the test turns. Its first source is "wire".
type rig struct {
	t      *testing.T
	now    time.Time
	store  *store.Store
	puller *aggregator.Puller
	source aggregator.Scheduled // wire
	others []aggregator.Scheduled
	url    string
	jobs   map[string]int // alerts that the store had told, by subject

	path    string   // of the store
	follows []string // articles whose pages the store wants read
}

func newRig(t *testing.T, spec string, h http.Handler) *rig {
	t.Helper()
	return newRigWith(t, spec, h, fetch.Options{Hash: parse.Hash})
}

func newRigWith(t *testing.T, spec string, h http.Handler, opt fetch.Options) *rig {
	t.Helper()
	t.Parallel() // no rig knows of another
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	r := &rig{t: t, jobs: map[string]int{}, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), url: server.URL}
	var err error
	r.path = storetest.Database(t)
	if r.store, err = store.Open(t.Context(), r.path, store.Options{Enqueue: r.enqueue}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	opt.AllowPrivate, opt.UserAgent, opt.Now = true, "copydesk/1.0 (+https://news.example)", r.clock
	client := fetch.New(opt)
	t.Cleanup(client.Close)
	place := func(*news.Article) []news.Placement { return []news.Placement{{Channel: "all", Rule: "everything"}} }
	r.puller = aggregator.NewPuller(client, r.store, place, r.clock, 1)
	r.source = r.scheduled("wire", "/feed", spec)
	r.sync()
	if err := r.store.SyncChannels(t.Context(), r.now, []news.Channel{{Slug: "all", Title: "All", Limit: 50}}); err != nil {
		t.Fatal(err)
	}
	return r
}

// enqueue notes what would be a job.
func (r *rig) enqueue(_ context.Context, _ *sql.Tx, list []store.Job) error {
	for _, j := range list {
		if j.Kind == "alert" {
			r.jobs[j.Subject[:strings.LastIndexByte(j.Subject, '/')]]++ // without when it was raised
		}
		if j.Kind == "follow" {
			r.follows = append(r.follows, j.Subject)
		}
	}
	return nil
}

// told is how often each alert was told. The store has answered by then.
func (r *rig) told() map[string]int { return r.jobs }

func (r *rig) clock() time.Time { return r.now }

func (r *rig) scheduled(slug news.Slug, path, spec string) aggregator.Scheduled {
	r.t.Helper()
	s, err := schedule.Parse(spec)
	if err != nil {
		r.t.Fatal(err)
	}
	return aggregator.Scheduled{Source: news.Source{Slug: slug, Name: string(slug), URL: r.url + path, Schedule: spec}, Schedule: s}
}

// add gives the rig another source.
func (r *rig) add(slug news.Slug, path string) aggregator.Scheduled {
	r.t.Helper()
	src := r.scheduled(slug, path, r.source.Source.Schedule)
	r.others = append(r.others, src)
	r.sync()
	return src
}

func (r *rig) sync() {
	r.t.Helper()
	list := []store.SourceConfig{{Source: r.source.Source, FirstDue: r.now}}
	for _, src := range r.others {
		list = append(list, store.SourceConfig{Source: src.Source, FirstDue: r.now})
	}
	if err := r.store.SyncSources(r.t.Context(), list); err != nil {
		r.t.Fatal(err)
	}
}

// pull pulls wire now, due or not, and says when it is due again.
func (r *rig) pull() (wait time.Duration, err error) {
	r.t.Helper()
	res, err := r.pullOf(r.source)
	return res.Pull.NextDue.Sub(r.now), err
}

func (r *rig) pullOf(src aggregator.Scheduled) (aggregator.Result, error) {
	r.t.Helper()
	due, err := r.store.ClaimNamed(r.t.Context(), r.now, time.Minute, []news.Slug{src.Slug})
	if err != nil || len(due) != 1 {
		r.t.Fatalf("claimed %v (%v), want the source", due, err)
	}
	return r.puller.Pull(context.WithoutCancel(r.t.Context()), src, due[0])
}

// later pulls wire after a while and wants it to succeed.
func (r *rig) later(d time.Duration) aggregator.Result {
	r.t.Helper()
	r.now = r.now.Add(d)
	res, err := r.pullOf(r.source)
	if err != nil {
		r.t.Fatal(err)
	}
	return res
}

// status is that of wire.
func (r *rig) status() store.SourceStatus {
	r.t.Helper()
	list, err := r.store.Statuses(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, st := range list {
		if st.Slug == r.source.Slug {
			return st
		}
	}
	r.t.Fatalf("no status of wire in %v", list)
	return store.SourceStatus{}
}

// articles are those of a source, newest first.
func (r *rig) articles(slug news.Slug) []news.Article {
	r.t.Helper()
	placed, err := r.store.Placements(r.t.Context(), news.Shelf{Kind: news.SourceShelf, Slug: slug}, 100)
	if err != nil {
		r.t.Fatal(err)
	}
	keys := make([]news.Key, len(placed))
	for i, p := range placed {
		keys[i] = p.Article
	}
	list, err := r.store.Articles(r.t.Context(), keys)
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

// versions is how many earlier versions of an article are kept.
func (r *rig) versions(key news.Key) (n int) {
	r.t.Helper()
	if err := r.store.Writer().QueryRow("SELECT count(*) FROM history WHERE article = $1", string(key)).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}
