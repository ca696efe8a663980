package aggregator_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// A stage is a server whose answer a test changes.
type stage struct {
	mu     sync.Mutex // guards all below
	answer http.HandlerFunc
	asked  []http.Header
}

func playing(answer http.HandlerFunc) *stage { return &stage{answer: answer} }

func (s *stage) play(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Header)
	answer := s.answer
	s.mu.Unlock()
	answer(w, r)
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

// rss is a feed of items.
func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>The Wire</title><link>https://wire.example/</link>` + strings.Join(items, "") + `</channel></rss>`
}

const (
	river = `<item><guid isPermaLink="false">river</guid><link>https://wire.example/river</link><title>River crests</title>` +
		`<author>Ann Lee</author><pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate><description>The river crested at noon.</description></item>`
	harbour = `<item><guid isPermaLink="false">harbour</guid><link>https://wire.example/harbour</link><title>Harbour opens</title>` +
		`<pubDate>Tue, 24 Nov 2026 07:00:00 GMT</pubDate><description>Ships are back.</description></item>`
)

func TestFirstPullShelvesArticles(t *testing.T) {
	r := newRig(t, "@every 15m", says(rss(river, harbour)))
	res := r.later(0)
	if res.Pull.Outcome != news.OutcomeChanged || res.Saved.New != 2 || res.Saved.Changed != 0 {
		t.Errorf("outcome %v, saved %+v; want changed and two new", res.Pull.Outcome, res.Saved)
	}
	list := r.articles("wire")
	if len(list) != 2 {
		t.Fatalf("got %d articles, want 2", len(list))
	}
	a := list[0]
	got := []string{a.Title, a.OriginalID, a.URL, a.Byline.People[0].Name, a.Published.At.Format(time.RFC3339), string(a.Published.Basis)}
	want := []string{"River crests", "river", "https://wire.example/river", "Ann Lee", "2026-11-24T08:00:00Z", "explicit"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the newest article (-want +got):\n%s", diff)
	}
	placed, err := r.store.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 10)
	if err != nil || len(placed) != 2 {
		t.Errorf("got %d placements (%v), want both articles placed", len(placed), err)
	}
	if st := r.status(); st.State != "active" || st.Articles != 2 || !st.LastSuccess.Equal(r.now) || !st.NextDue.Equal(res.Pull.NextDue.Truncate(time.Microsecond)) {
		t.Errorf("status %+v", st)
	}
}

// A 304 costs a note of the visit and nothing else.
func TestNotModified(t *testing.T) {
	s := playing(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT")
		if q.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(rss(river)))
	})
	r := newRig(t, "@every 15m", s)
	r.later(0)
	before := r.articles("wire")
	for range 2 { // the validators outlive the first 304
		res := r.later(time.Hour)
		if res.Pull.Outcome != news.OutcomeUnchanged || res.Saved != (news.Saved{}) {
			t.Errorf("outcome %v, saved %+v; want unchanged and nothing", res.Pull.Outcome, res.Saved)
		}
	}
	if got := s.asked[2].Get("If-Modified-Since"); got != "Tue, 24 Nov 2026 08:00:00 GMT" {
		t.Errorf("If-Modified-Since: %q, want the server's own date", got)
	}
	if diff := cmp.Diff(before, r.articles("wire")); diff != "" {
		t.Errorf("a 304 touched the articles (-before +after):\n%s", diff)
	}
	if st := r.status(); st.Pulls != 3 || !st.LastSuccess.Equal(r.now) || !st.NextDue.After(r.now) {
		t.Errorf("status %+v, want three pulls, the last one now", st)
	}
}

// A body whose hash is known is not opened. Here every body has one hash, so
// that opening the second one would show.
func TestKnownBodyIsNotParsed(t *testing.T) {
	s := playing(says(rss(river)))
	r := newRigWith(t, "@every 15m", s, fetch.Options{Hash: func([]byte) uint64 { return 7 }})
	r.later(0)
	s.play(says("this is no feed at all"))
	if res := r.later(time.Hour); res.Pull.Outcome != news.OutcomeUnchanged {
		t.Errorf("outcome %v, want unchanged", res.Pull.Outcome)
	}
	if n := len(r.articles("wire")); n != 1 {
		t.Errorf("got %d articles, want the one there was", n)
	}
}

// Of a body that grew, only the new item is read.
func TestOnlyNewItemsAreRead(t *testing.T) {
	s := playing(says(rss(river)))
	r := newRig(t, "@every 15m", s)
	r.later(0)
	s.play(says(rss(harbour, river)))
	res := r.later(time.Hour)
	if len(res.Pull.Articles) != 1 || res.Pull.Articles[0].OriginalID != "harbour" || res.Saved.New != 1 {
		t.Errorf("read %d articles, %d new; want the harbour alone", len(res.Pull.Articles), res.Saved.New)
	}
	s.play(says(rss(harbour))) // what leaves a feed stays on the shelf
	r.later(time.Hour)
	if n := len(r.articles("wire")); n != 2 {
		t.Errorf("got %d articles, want both", n)
	}
}

func TestChanges(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string // what of the item is replaced by what
		changed        bool
	}{
		{"a new title", "River crests", "River falls", true},
		{"a new text", "crested at noon", "crested at one", true},
		{"a new author", "Ann Lee", "Bob Roy", true},
		{"a moved date", "08:00:00 GMT", "08:20:00 GMT", false},
		{"white space", "<description>The river", "<description>\n  The\triver  ", false},
		{"the order of elements", "<title>River crests</title><author>Ann Lee</author>", "<author>Ann Lee</author><title>River crests</title>", false},
		{"an element nobody reads", "</item>", "<views>17</views></item>", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(river, tt.old) {
				t.Fatalf("the item does not hold %q", tt.old)
			}
			s := playing(says(rss(river, harbour)))
			r := newRig(t, "@every 15m", s)
			r.later(0)
			before := r.articles("wire")
			s.play(says(rss(strings.Replace(river, tt.old, tt.new, 1), harbour)))
			res := r.later(time.Hour)
			after := r.articles("wire")
			if diff := cmp.Diff(before[1], after[1]); diff != "" {
				t.Errorf("the other article was touched:\n%s", diff)
			}
			if !tt.changed {
				if diff := cmp.Diff(before[0], after[0]); diff != "" || res.Saved != (news.Saved{}) || r.versions(after[0].Key) != 0 {
					t.Errorf("saved %+v, want nothing; difference:\n%s", res.Saved, diff)
				}
				return
			}
			a, b := before[0], after[0]
			if res.Saved.Changed != 1 || res.Saved.New != 0 || b.Revision <= a.Revision || res.Saved.Revision != b.Revision {
				t.Errorf("saved %+v, revision %d after %d; want one change with a new revision", res.Saved, b.Revision, a.Revision)
			}
			if b.Key != a.Key || b.ID != a.ID || !b.Published.At.Equal(a.Published.At) || !b.Updated.Equal(r.now) {
				t.Errorf("key %s → %s, id %s → %s, published %v → %v, updated %v; want all kept and an update now", a.Key, b.Key, a.ID, b.ID, a.Published.At, b.Published.At, b.Updated)
			}
			if n := r.versions(b.Key); n != 1 {
				t.Errorf("%d earlier versions are kept, want 1", n)
			}
		})
	}
}

// Ids are a source's own affair: another source that uses the same ones, by
// chance or malice, gets articles of its own and harms nobody's.
func TestSourcesStayApart(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/feed", says(rss(river, harbour)))
	forged := strings.NewReplacer("River crests", "Forged", "The river crested at noon.", "Lies.").Replace(rss(river, harbour))
	mux.Handle("/forger", says(forged))
	r := newRig(t, "@every 15m", mux)
	forger := r.add("forger", "/forger")
	r.later(0)
	before := r.articles("wire")
	if res, err := r.pullOf(forger); err != nil || res.Saved.New != 2 || res.Saved.Changed != 0 {
		t.Errorf("the forger saved %+v (%v), want two articles of its own", res.Saved, err)
	}
	if diff := cmp.Diff(before, r.articles("wire")); diff != "" {
		t.Errorf("another source changed these (-before +after):\n%s", diff)
	}
	seen := map[string]bool{}
	for _, a := range append(before, r.articles("forger")...) {
		if seen[string(a.Key)] || a.ID != "" && seen[a.ID] {
			t.Errorf("key %s or id %s is published twice", a.Key, a.ID)
		}
		seen[string(a.Key)], seen[a.ID] = true, true
	}
	if len(seen) < 4 {
		t.Errorf("names %v, want those of four articles", seen)
	}
}

// Whatever goes wrong, the source says so in one line, its articles stay, it is
// asked again later and later, and the next good answer mends it.
func TestFaults(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<h1>Oops</h1>", code) }
	}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string // in the fault
	}{
		{"an HTML page", says("<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><p>It works</p></body></html>"), `an HTML page titled "Welcome to nginx!"`},
		{"an empty body", says(""), "empty"},
		{"a blank body", says(" \n\n "), "blank"},
		{"an error text with status 200", says("Error establishing a database connection"), "Error establishing a database connection"},
		{"JSON of another kind", says(`{"error": "rate limited"}`), "JSON of another kind"},
		{"XML of another kind", says(`<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`), "AccessDenied"},
		{"a feed torn off in its head", says(`<?xml version="1.0"?><rss version="2.0"><chan`), "feed"},
		{"404", status(404), "404 Not Found"},
		{"403", status(403), "403 Forbidden"},
		{"429", status(429), "429 Too Many Requests"},
		{"500", status(500), "500 Internal Server Error"},
		{"503", status(503), "503 Service Unavailable"},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "204 No Content"},
		{"no answer in time", func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() }, "no complete answer within"},
		{"half an answer in time", func(w http.ResponseWriter, q *http.Request) {
			_, _ = w.Write([]byte(rss(river)[:100]))
			w.(http.Flusher).Flush()
			<-q.Context().Done()
		}, "no complete answer within"},
		{"half an answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10000")
			_, _ = w.Write([]byte(rss(river)))
		}, "unexpected EOF"},
		{"a hung-up line", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		{"broken gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("\x1f\x8bthis is no gzip"))
		}, "gzip"},
		{"a redirect in a circle", func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, "/feed", http.StatusFound) }, "redirects"},
		{"more than the cap", says(rss(river, strings.Repeat(" ", 2<<20))), "larger than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := playing(says(rss(river, harbour)))
			opt := fetch.Options{Hash: parse.Hash, MaxBody: 1 << 20}
			if strings.HasSuffix(tt.name, "in time") {
				opt.Timeout = time.Second
			}
			r := newRigWith(t, "@every 15m", s, opt)
			r.later(0)
			before := r.articles("wire")
			s.play(tt.answer)
			var waits []time.Duration
			for failure := 1; failure <= 3; failure++ {
				r.now = r.now.Add(24 * time.Hour)
				wait, err := r.pull()
				waits = append(waits, wait)
				st := r.status()
				if err == nil || st.State != "failing" || st.Failures != failure || !st.NextDue.Equal(r.now.Add(wait).Truncate(time.Microsecond)) {
					t.Fatalf("failure %d: err %v, status %+v", failure, err, st)
				}
				if !strings.Contains(st.Fault, tt.want) || strings.ContainsAny(st.Fault, "\n\r") || len(st.Fault) > 400 {
					t.Errorf("fault %q, want one line with %q", st.Fault, tt.want)
				}
			}
			if waits[0] < 15*time.Minute || waits[1] < waits[0]+waits[0]/2 || waits[2] < waits[1]+waits[1]/2 {
				t.Errorf("asked again after %v, want longer and longer", waits)
			}
			if diff := cmp.Diff(before, r.articles("wire")); diff != "" {
				t.Errorf("a failure touched the articles (-before +after):\n%s", diff)
			}
			s.play(says(rss(river, harbour)))
			r.later(time.Hour)
			if st := r.status(); st.State != "active" || st.Fault != "" || st.Failures != 0 || st.Articles != 2 {
				t.Errorf("after a good answer: %+v", st)
			}
		})
	}
}

// A feed without items is a quiet day, not a fault, and unpublishes nothing.
func TestEmptyFeed(t *testing.T) {
	s := playing(says(rss(river)))
	r := newRig(t, "@every 15m", s)
	r.later(0)
	s.play(says(rss()))
	r.later(time.Hour)
	if st := r.status(); st.State != "active" || len(r.articles("wire")) != 1 {
		t.Errorf("status %+v with %d articles, want active with the one there was", st, len(r.articles("wire")))
	}
}

// A document that breaks the code that reads it is a fault of one source, and
// does not end the program.
func TestPanicIsAFault(t *testing.T) {
	broken := false
	r := newRigWith(t, "@every 15m", says(rss(river)), fetch.Options{Hash: func(b []byte) uint64 {
		if broken {
			panic("index out of range")
		}
		return parse.Hash(b)
	}})
	broken = true
	if _, err := r.pull(); err == nil {
		t.Error("a panic is no success")
	}
	if st := r.status(); st.State != "failing" || !strings.Contains(st.Fault, "index out of range") || strings.Contains(st.Fault, "goroutine") {
		t.Errorf("status %+v, want the panic as a fault in one line", st)
	}
	broken = false
	r.later(time.Hour)
	if n := len(r.articles("wire")); n != 1 {
		t.Errorf("got %d articles, want 1", n)
	}
}

// A pull that was cut off leaves no trace: its lease runs out, and the source
// is due as before.
func TestCancelledPullSavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		_, _ = w.Write([]byte(rss(river)))
	}))
	due, _, err := r.store.Claim(t.Context(), news.Call{Now: r.now, Lease: time.Minute, Most: 1, Doubtful: 1})
	if err != nil || len(due) != 1 {
		t.Fatalf("claimed %v (%v)", due, err)
	}
	if _, err := r.puller.Pull(ctx, r.source, due[0]); err == nil || !strings.Contains(err.Error(), "pull wire") {
		t.Errorf("got %v, want an error that names the source", err)
	}
	if st := r.status(); st.Pulls != 0 || st.Failures != 0 || st.Articles != 0 {
		t.Errorf("status %+v, want no trace", st)
	}
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{{59 * time.Second, 0}, {time.Minute, 1}} {
		due, _, err := r.store.Claim(t.Context(), news.Call{Now: r.now.Add(tt.after), Lease: time.Millisecond, Most: 1, Doubtful: 1})
		if err != nil || len(due) != tt.want {
			t.Errorf("%v later %d sources are due (%v), want %d", tt.after, len(due), err, tt.want)
		}
	}
}

// A source that the store does not know has nowhere to be saved.
func TestUnknownSource(t *testing.T) {
	r := newRig(t, "@every 15m", says(rss(river)))
	stranger := r.scheduled("stranger", "/feed", "@every 15m")
	if _, err := r.puller.Pull(t.Context(), stranger, news.Due{Slug: "stranger"}); err == nil {
		t.Error("a pull that could not be saved succeeded")
	}
	if res := r.later(0); res.Saved.New != 1 {
		t.Errorf("saved %+v, want wire unharmed", res.Saved)
	}
}

// Pulls at the same time share a store and do not mix.
func TestPullsTogether(t *testing.T) {
	const n = 24
	mux := http.NewServeMux()
	mux.Handle("/feed", says(rss()))
	for i := range n {
		mux.Handle(fmt.Sprintf("/%d", i), says(rss(strings.ReplaceAll(river, "River crests", fmt.Sprintf("River %d", i)), harbour)))
	}
	r := newRig(t, "@every 15m", mux)
	errs := make(chan error, n)
	for i := range n {
		src := r.add(news.Slug(fmt.Sprintf("s%d", i)), fmt.Sprintf("/%d", i))
		go func() {
			_, err := r.puller.Pull(t.Context(), src, news.Due{Slug: src.Slug})
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for i := range n {
		list := r.articles(news.Slug(fmt.Sprintf("s%d", i)))
		if len(list) != 2 || list[0].Title != fmt.Sprintf("River %d", i) {
			t.Errorf("source %d has %d articles, the first %q", i, len(list), list[0].Title)
		}
	}
}

// A correction moves updated in whatever shape a feed is, also where its items cannot
// be told apart before they are read; an edit of the config does not.
func TestUpdatedMovesForCorrectionsAlone(t *testing.T) {
	const item = `<item><guid isPermaLink="false">%s</guid><link>https://wire.example/%d</link><title>Story %[2]d %s</title><author>a@wire.example (Ann Lee)</author></item>`
	for name, feed := range map[string]func(word string) string{
		"one that is hashed": func(word string) string {
			return `<rss version="2.0"><channel><title>Wire</title>` + fmt.Sprintf(item, "a", 1, word) + fmt.Sprintf(item, "b", 2, "") + `</channel></rss>`
		},
		"one id for all": func(word string) string {
			return `<rss version="2.0"><channel><title>Wire</title>` + fmt.Sprintf(item, "x", 1, word) + fmt.Sprintf(item, "x", 2, "") + fmt.Sprintf(item, "x", 3, "") + `</channel></rss>`
		},
		"JSON": func(word string) string {
			return `{"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [{"id": "a", "url": "https://wire.example/1", "title": "Story 1 ` + word + `", "author": {"name": "Ann Lee"}, "content_text": "A text."}]}`
		},
		"a damaged one": func(word string) string {
			return `<rss version="2.0"><channel><title>Wire</title>` + fmt.Sprintf(item, "a", 1, word+" & <b>more") + fmt.Sprintf(item, "b", 2, "")
		},
		"CDF": func(word string) string {
			return `<CHANNEL><TITLE>Wire</TITLE><ITEM HREF="https://wire.example/1"><TITLE>Story 1 ` + word + `</TITLE></ITEM></CHANNEL>`
		},
	} {
		t.Run(name, func(t *testing.T) {
			word := "begins"
			r := newRig(t, "@every 1h", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, feed(word)) }))
			stands := func() news.Article {
				t.Helper()
				for _, a := range r.articles("wire") {
					if strings.Contains(a.Title, "Story 1") {
						return a
					}
				}
				t.Fatalf("the story is not in %v", r.articles("wire"))
				return news.Article{}
			}
			r.later(time.Hour)
			first := stands()
			r.source.Source.Rights = "All of them"
			r.source.Source.Byline.Ignore = []string{"Ann Lee"}
			r.sync()
			r.later(time.Hour)
			if a := stands(); a.Rights != "All of them" || !a.Updated.Equal(first.Updated) {
				t.Errorf("after an edit of the config: rights %q, updated %v, before %v", a.Rights, a.Updated, first.Updated)
			}
			r.source.Source.Rights = "None of them"
			r.sync() // while it is corrected, too
			for _, word = range []string{"goes on", "ends"} {
				r.later(time.Hour)
				if a := stands(); !strings.Contains(a.Title, word) || !a.Updated.Equal(r.now) {
					t.Errorf("%s: updated %v, want %v", a.Title, a.Updated, r.now)
				}
			}
		})
	}
}
