package aggregator_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/push"
	"copydesk/aggregator/push/pushtest"
	"copydesk/aggregator/store"
	"copydesk/aggregator/waittest"
)

// A pressRig is an outlet with a feed at /feed and a hub at /hub, and what we
// are to it: a rig with a subscriber and a callback.
type pressRig struct {
	*rig
	mux        *http.ServeMux
	hub        *pushtest.Hub
	subscriber *aggregator.Subscriber
	feed       *outletFeed
	topic      string
	server     *httptest.Server // our callback
	done       chan error       // of each delivery that was worked on
}

// An outletFeed is what /feed shows.
type outletFeed struct {
	links atomic.Value // string: link elements of its head
	items atomic.Value // []string: titles, newest first
	asked atomic.Int32

	movedTo atomic.Value // string: where it redirects to for good; unset when it does not
}

func (f *outletFeed) document(titles ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>%s`, f.links.Load())
	for _, title := range titles {
		fmt.Fprintf(&b, "\n"+`<entry><id>tag:wire.example,2026:%s</id><title>%s</title><link href="https://wire.example/%s"/><updated>2026-11-24T08:00:00Z</updated></entry>`, title, title, title)
	}
	return []byte(b.String() + "</feed>")
}

func (f *outletFeed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.asked.Add(1)
	if to, ok := f.movedTo.Load().(string); ok {
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml")
	_, _ = w.Write(f.document(f.items.Load().([]string)...))
}

func newPress(t *testing.T) *pressRig {
	t.Helper()
	r := &pressRig{hub: &pushtest.Hub{}, feed: &outletFeed{}, done: make(chan error, 100)}
	r.feed.items.Store([]string{"first"})
	r.mux = http.NewServeMux()
	r.mux.Handle("/feed", r.feed)
	r.mux.Handle("/hub", r.hub)
	r.rig = newRig(t, "@every 1h", r.mux)
	r.source.Push = true
	r.sync()
	r.topic = r.url + "/feed"
	r.hub.URL = r.url + "/hub"
	r.links(r.topic, r.hub.URL)

	client := fetch.New(fetch.Options{AllowPrivate: true, UserAgent: "copydesk/1.0", Hash: parse.Hash, Now: r.clock})
	t.Cleanup(client.Close)
	log := slog.New(slog.DiscardHandler)
	sources := map[news.Slug]aggregator.Scheduled{"wire": r.scheduledNow()}
	desk := &aggregator.Desk{Puller: r.puller, Sources: sources}
	box := &aggregator.Letterbox{Desk: func() *aggregator.Desk { return desk }, Shelf: r.store, Log: log, Done: func(_ aggregator.Result, err error) { r.done <- err }}
	callback := http.NewServeMux()
	callback.Handle("/websub/{token}", push.NewCallback(push.Options{
		Book: r.store, Log: log, Now: r.clock, MostBody: func() int64 { return 1 << 20 }, Take: box.Take,
	}))
	r.server = httptest.NewServer(callback)
	t.Cleanup(r.server.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	r.subscriber = &aggregator.Subscriber{Fetch: client, Shelf: r.store, Sources: sources, Callback: r.server.URL, Log: log, Now: r.clock}
	return r
}

// scheduledNow is the source with the settings that the store has.
func (r *pressRig) scheduledNow() aggregator.Scheduled {
	src := r.source
	src.Reading = store.Reading(src.Source)
	return src
}

// links makes the document name an address as its own, and hubs.
func (r *pressRig) links(self string, hubs ...string) {
	var b strings.Builder
	if self != "" {
		fmt.Fprintf(&b, `<link rel="self" href="%s"/>`, self)
	}
	for _, hub := range hubs {
		fmt.Fprintf(&b, `<link rel="hub" href="%s"/>`, hub)
	}
	r.feed.links.Store(b.String())
}

// attend works the source's renew job after a while.
func (r *pressRig) attend(after time.Duration) {
	r.t.Helper()
	r.now = r.now.Add(after)
	if err := r.subscriber.Attend(r.t.Context(), "wire"); err != nil {
		r.t.Fatal(err)
	}
}

// verify lets the hub verify what it was asked.
func (r *pressRig) verify() {
	r.t.Helper()
	if err := r.hub.Verify(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// subscribed pulls the source twice and has the hub grant what it offers.
func (r *pressRig) subscribed() {
	r.t.Helper()
	r.later(0)
	r.attend(0)
	r.verify()
	r.later(time.Second)
}

// deliver sends content to us and waits until it is stored.
func (r *pressRig) deliver(body []byte, alter func(*http.Request)) {
	r.t.Helper()
	before := r.push()
	statuses, err := r.hub.Deliver(r.t.Context(), r.topic, "application/atom+xml", body, alter)
	if err != nil || len(statuses) != 1 || statuses[0] != 202 {
		r.t.Fatalf("delivered with %v (%v), want one 202", statuses, err)
	}
	if r.push().Ignored == before.Ignored {
		waittest.Receive(r.t, r.done) // the answer comes before the work is done
	}
}

func (r *pressRig) push() news.Push {
	r.t.Helper()
	p, _, err := r.store.Push(context.WithoutCancel(r.t.Context()), "wire")
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *pressRig) titles() string {
	var out []string
	for _, a := range r.articles("wire") {
		out = append(out, a.Title)
	}
	return strings.Join(out, " ")
}

// wait is how long until the source is pulled.
func (r *pressRig) wait() time.Duration { return r.status().NextDue.Sub(r.now) }

// From a document that names a hub to an article that was pushed.
func TestPushFromDiscoveryToArticle(t *testing.T) {
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		t.Run(method, func(t *testing.T) {
			r := newPress(t)
			r.hub.Method = method
			r.subscribed()
			asked := r.hub.Requests()
			if len(asked) != 1 || asked[0].Get("hub.mode") != "subscribe" || asked[0].Get("hub.topic") != r.topic || len(asked[0].Get("hub.secret")) < 26 {
				t.Fatalf("asked %v", asked)
			}
			if n := r.feed.asked.Load(); n != 2 {
				t.Errorf("the feed was asked %d times, want only the two pulls: what a pull has read is fresh", n)
			}
			r.deliver(r.feed.document("second"), nil)
			if got := r.titles(); got != "first second" && got != "second first" {
				t.Errorf("articles %q", got)
			}
			due, err := r.store.ClaimNamed(t.Context(), r.now, 0, []news.Slug{"wire"})
			if err != nil || len(due[0].ItemHashes) != 2 {
				t.Errorf("%d items are known (%v), want what was pulled and what was pushed", len(due[0].ItemHashes), err)
			}
			pulls := r.status().Pulls
			r.deliver(r.feed.document("second"), nil)
			if got := r.status(); got.Articles != 2 || got.Pulls != pulls {
				t.Errorf("after the same again %d articles and %d pulls", got.Articles, got.Pulls)
			}
		})
	}
}

// What is wrongly signed or of another topic changes nothing that readers see.
func TestPushThatIsIgnored(t *testing.T) {
	for name, alter := range map[string]func(*http.Request){
		"not signed":     func(req *http.Request) { req.Header.Del("X-Hub-Signature") },
		"wrongly signed": func(req *http.Request) { req.Header.Set("X-Hub-Signature", pushtest.Sign("", "guess", []byte("x"))) },
		"of another topic": func(req *http.Request) {
			req.Header.Set("Link", `<https://hub.example/>; rel=hub, <https://elsewhere.example/feed>; rel=self`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newPress(t)
			r.subscribed()
			r.deliver(r.feed.document("forged"), alter)
			r.server.Close() // ends when all work is done
			if p := r.push(); r.titles() != "first" || p.Ignored != 1 || p.Pushes != 0 || !p.LastPush.IsZero() {
				t.Errorf("articles %q, %+v", r.titles(), p)
			}
		})
	}
}

// Content that is no feed is word that there is news: the source is pulled soon.
func TestPushThatCannotBeRead(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	r.now = r.now.Add(20 * time.Minute)
	statuses, err := r.hub.Deliver(t.Context(), r.topic, "text/plain", []byte("news!"), nil)
	if err != nil || statuses[0] != 202 {
		t.Fatal(statuses, err)
	}
	if err := waittest.Receive(t, r.done); err == nil {
		t.Error("it was read")
	}
	if wait := r.wait(); wait > 30*time.Second {
		t.Errorf("pulled after %v", wait)
	}
	if p := r.push(); p.Pushes != 0 {
		t.Errorf("it counts as push: %+v", p)
	}
}

// Pulls become daily checks while push works, and only then.
func TestPollingSlowsDownAndResumes(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	if wait := r.wait(); wait > 2*time.Hour {
		t.Errorf("nothing has been pushed yet, and the next pull is in %v", wait)
	}
	r.deliver(r.feed.document("second"), nil)
	if wait := r.wait(); wait < 23*time.Hour || wait > 24*time.Hour {
		t.Errorf("after a push the next pull is in %v, want a day", wait)
	}
	r.now = r.now.Add(10 * time.Hour)
	r.deliver(r.feed.document("third"), nil)
	if wait := r.wait(); wait > 14*time.Hour {
		t.Errorf("a push has put the check off to %v", wait)
	}

	r.feed.items.Store([]string{"third", "second", "first"})
	r.later(14 * time.Hour) // the check finds nothing new
	if wait := r.wait(); wait < 23*time.Hour || wait > 24*time.Hour {
		t.Errorf("after a good check the next pull is in %v, want a day", wait)
	}

	r.feed.items.Store([]string{"fourth", "third"})
	r.later(24 * time.Hour)
	if wait, p := r.wait(), r.push(); wait > 2*time.Hour || p.Misses != 1 {
		t.Errorf("a check has found what was not pushed, and the next pull is in %v; %+v", wait, p)
	}
	r.later(time.Hour)
	if wait := r.wait(); wait > 2*time.Hour {
		t.Errorf("nothing was pushed since, and the next pull is in %v", wait)
	}
	r.deliver(r.feed.document("fifth"), nil)
	if wait := r.wait(); wait < 11*time.Hour || wait > 12*time.Hour {
		t.Errorf("it pushes again, and the next pull is in %v, want half a day", wait)
	}
}

// What was published before the subscription began, and after the last pull, is
// pulled before pulls slow down: no hub will push it.
func TestAPullComesBeforeTheRest(t *testing.T) {
	r := newPress(t)
	r.later(0)
	r.attend(time.Minute)
	r.verify()
	r.deliver(r.feed.document("second"), nil)
	if wait := r.wait(); wait > time.Hour {
		t.Errorf("the next pull is in %v, want the one that was due", wait)
	}
	r.later(59 * time.Minute)
	if wait := r.wait(); wait < 23*time.Hour {
		t.Errorf("then the next is in %v, want a day", wait)
	}
}

// The lease is renewed before its end, by another agreement, and the one before
// is ended.
func TestRenewalBeforeTheEnd(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	first := r.hub.Callbacks(r.topic)
	before := r.push()
	if wait := before.AttendAt.Sub(r.now); wait < 7*24*time.Hour || wait > 9*24*time.Hour {
		t.Fatalf("renewed in %v of a lease of ten days", wait)
	}
	r.attend(before.AttendAt.Sub(r.now) - time.Minute)
	if n := len(r.hub.Requests()); n != 1 {
		t.Fatalf("asked %d times before it is time", n)
	}
	asked := r.feed.asked.Load()
	r.attend(time.Minute)
	if r.feed.asked.Load() != asked+1 {
		t.Error("the topic was not read again (§6.1)")
	}
	r.verify()
	after := r.push()
	if !after.Until.After(before.Until) || !after.Since.Equal(before.Since) {
		t.Errorf("before %+v, after %+v", before, after)
	}
	r.attend(0) // the store has queued it
	requests := r.hub.Requests()
	if len(requests) != 3 || requests[2].Get("hub.mode") != "unsubscribe" || requests[2].Get("hub.callback") != first[0] {
		t.Fatalf("asked %v", requests)
	}
	if requests[1].Get("hub.secret") == requests[0].Get("hub.secret") {
		t.Error("the secret is the same")
	}
	r.verify()
	if now := r.hub.Callbacks(r.topic); len(now) != 1 || now[0] == first[0] {
		t.Errorf("the hub delivers to %v", now)
	}
	r.deliver(r.feed.document("second"), nil)
	if !strings.Contains(r.titles(), "second") {
		t.Errorf("articles %q", r.titles())
	}
}

// A hub that cannot be renewed at is asked again, ever more seldom; when the
// lease has ended, pulls go on as if there were no hub.
func TestRenewalThatFails(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	r.deliver(r.feed.document("second"), nil)
	end := r.push().Until
	r.hub.Refuse(http.StatusInternalServerError)
	waits := []time.Duration{}
	for r.now.Before(end) {
		r.attend(r.push().AttendAt.Sub(r.now))
		p := r.push()
		if p.Fault == "" || !p.AttendAt.After(r.now) {
			t.Fatalf("after a failure: %+v", p)
		}
		waits = append(waits, p.AttendAt.Sub(r.now))
	}
	if len(waits) < 4 || len(waits) > 12 || waits[1] != 2*waits[0] {
		t.Errorf("asked again after %v", waits)
	}
	r.later(0)
	if wait := r.wait(); wait > 2*time.Hour {
		t.Errorf("the lease is over, and the next pull is in %v", wait)
	}
	r.hub.Refuse(0)
	r.attend(r.push().AttendAt.Sub(r.now))
	r.verify()
	if p := r.push(); !p.InForce(r.now) || p.Fault != "" {
		t.Errorf("the hub is back, and we are %+v", p)
	}
}

// When the address at which we are reached changes, hubs are asked anew at once.
func TestOurAddressChanges(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	before := r.hub.Callbacks(r.topic)[0]
	if err := r.store.MoveCallbacks(t.Context(), r.subscriber.Callback, r.now); err != nil {
		t.Fatal(err)
	}
	r.attend(time.Minute)
	if n := len(r.hub.Requests()); n != 1 {
		t.Fatalf("at the same address the hub was asked %d times", n)
	}
	r.subscriber.Callback = strings.Replace(r.server.URL, "127.0.0.1", "localhost", 1)
	if err := r.store.MoveCallbacks(t.Context(), r.subscriber.Callback, r.now); err != nil {
		t.Fatal(err)
	}
	r.attend(0)
	r.verify()
	r.attend(0)
	r.verify()
	requests := r.hub.Requests()
	if now := r.hub.Callbacks(r.topic); len(now) != 1 || !strings.HasPrefix(now[0], r.subscriber.Callback) {
		t.Errorf("the hub delivers to %v", now)
	}
	if last := requests[len(requests)-1]; last.Get("hub.mode") != "unsubscribe" || last.Get("hub.callback") != before {
		t.Errorf("asked at last %v, want to end %s", last, before)
	}
}

// A renewal that is refused lets the lease run out; what is left of it is cleared
// away then.
func TestARenewalThatIsRefused(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	first := r.hub.Callbacks(r.topic)[0]
	r.attend(r.push().AttendAt.Sub(r.now))
	_, subs, err := r.store.Push(t.Context(), "wire")
	if err != nil || len(subs) != 2 {
		t.Fatalf("agreements %v (%v)", subs, err)
	}
	for _, sub := range subs {
		if sub.State == news.SubscriptionAsked {
			query := url.Values{"hub.mode": {"denied"}, "hub.topic": {r.topic}}
			if _, _, err := pushtest.Ask(t.Context(), r.server.URL+"/websub/"+sub.Token, query); err != nil {
				t.Fatal(err)
			}
		}
	}
	if p := r.push(); !p.InForce(r.now) || p.Fault == "" {
		t.Errorf("before the lease ends: %+v", p)
	}
	r.attend(3 * 24 * time.Hour)
	if p := r.push(); p.InForce(r.now) {
		t.Errorf("after it: %+v", p)
	}
	if status, _, err := pushtest.Ask(t.Context(), first, nil); err != nil || status != 404 {
		t.Errorf("the agreement that has ended answers %d (%v)", status, err)
	}
}

// A source is pulled by the end of its lease, whatever its hub does.
func TestALeaseEndsTheRest(t *testing.T) {
	r := newPress(t)
	r.hub.Lease = 3 * time.Hour
	r.subscribed()
	r.deliver(r.feed.document("second"), nil)
	if wait := r.wait(); wait > 3*time.Hour {
		t.Errorf("the lease ends in three hours, the next pull is in %v", wait)
	}
}

// A hub that takes a request and never verifies it is told of, and asked again.
func TestAHubThatKeepsSilent(t *testing.T) {
	r := newPress(t)
	r.later(0)
	r.attend(0)
	r.attend(30 * time.Minute)
	if n, p := len(r.hub.Requests()), r.push(); n != 1 || p.Fault != "" {
		t.Fatalf("half an hour later it was asked %d times, %+v", n, p)
	}
	r.attend(30 * time.Minute)
	p := r.push()
	if !strings.Contains(p.Fault, "cannot be reached from outside") || p.InForce(r.now) {
		t.Errorf("an hour later: %+v", p)
	}
	if err := r.hub.Verify(t.Context()); err == nil {
		t.Error("a challenge for what was given up is answered")
	}
	r.attend(p.AttendAt.Sub(r.now))
	if n := len(r.hub.Requests()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestAHubThatRefuses(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	r.deliver(r.feed.document("second"), nil)
	if err := r.hub.Deny(t.Context(), r.topic, "no more"); err != nil {
		t.Fatal(err)
	}
	if p, wait := r.push(), r.wait(); p.InForce(r.now) || wait > 0 || p.Fault != "the hub refuses to push: no more" {
		t.Errorf("%+v, pulled in %v", p, wait)
	}
	r.later(time.Hour)
	r.attend(100 * 24 * time.Hour)
	if n := len(r.hub.Requests()); n != 1 {
		t.Errorf("asked %d times, though it is not possible any more (§5.2)", n)
	}
}

// Hubs are tried in their order; a hub may send us on to another (§5.1.2).
func TestSeveralHubs(t *testing.T) {
	r := newPress(t)
	r.links(r.topic, r.url+"/nothing", r.hub.URL)
	r.later(0)
	r.attend(0)
	r.verify()
	if p := r.push(); p.Hub != r.hub.URL || !p.InForce(r.now) {
		t.Errorf("%+v, want the second hub", p)
	}
}

func TestAHubThatSendsUsOn(t *testing.T) {
	r := newPress(t)
	other := &pushtest.Hub{}
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	r.hub.Redirect(server.URL)
	r.later(0)
	r.attend(0)
	if err := other.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := r.push(); !p.InForce(r.now) {
		t.Errorf("%+v, want what the other hub has granted", p)
	}
}

// The topic is what the document names as its own address, if that address says
// so too, and is on the same site (WebSub §4).
func TestAnotherAddressOfItsOwn(t *testing.T) {
	for _, tt := range []struct {
		name  string
		self  string // of /feed, which is pulled
		other string // self of /canonical
		topic string // that is subscribed to; empty when none is
		fault string
	}{
		{"its own", "/feed", "", "/feed", ""},
		{"another that agrees", "/canonical", "/canonical", "/canonical", ""},
		{"another that names a third", "/canonical", "/third", "", "404"},
		{"another that names the first", "/canonical", "/feed", "", "do not agree"},
		{"another that names no hub", "/canonical", "", "", "names no hub"},
		{"one that is not there", "/missing", "", "", "404"},
		{"on another site", "https://elsewhere.example/feed", "", "", "on another site"},
		{"on another port", "http://127.0.0.1:9/feed", "", "", "on another site"},
		{"no web address", "ftp://wire.example/feed", "", "", "nothing is offered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newPress(t)
			canonical := &outletFeed{}
			canonical.items.Store([]string{"first"})
			canonical.links.Store("")
			if tt.other != "" {
				canonical.links.Store(fmt.Sprintf(`<link rel="self" href="%s"/><link rel="hub" href="/hub"/>`, tt.other))
			}
			r.mux.Handle("/canonical", canonical)
			r.links(tt.self, r.hub.URL)
			r.later(0)
			r.attend(0)
			asked := r.hub.Requests()
			if tt.topic == "" {
				if p := r.push(); len(asked) > 0 || !strings.Contains(p.Fault, tt.fault) && tt.fault != "nothing is offered" || tt.fault == "nothing is offered" && p.Offer.Topic != "" {
					t.Errorf("asked %v, %+v", asked, p)
				}
				return
			}
			if len(asked) != 1 || asked[0].Get("hub.topic") != r.url+tt.topic {
				t.Errorf("asked %v, want for %s", asked, tt.topic)
			}
		})
	}
}

// A topic that has moved is followed when its lease is renewed (§6.1).
func TestATopicThatMoves(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	moved, newHub := &outletFeed{}, &pushtest.Hub{}
	moved.items.Store([]string{"first"})
	moved.links.Store(`<link rel="self" href="/moved"/><link rel="hub" href="/new-hub"/>`)
	r.mux.Handle("/moved", moved)
	r.mux.Handle("/new-hub", newHub)
	r.feed.movedTo.Store(r.url + "/moved")
	r.attend(r.push().AttendAt.Sub(r.now))
	if err := newHub.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := newHub.Requests()[0].Get("hub.topic"); got != r.url+"/moved" || r.push().Hub != r.url+"/new-hub" {
		t.Errorf("asked for %s, %+v", got, r.push())
	}
}

// A document that names another hub than before is subscribed to there, and the
// hub before is left once that stands.
func TestAHubThatChanges(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	newHub := &pushtest.Hub{}
	r.mux.Handle("/new-hub", newHub)
	r.links(r.topic, r.url+"/new-hub")
	r.later(time.Hour)
	r.attend(0)
	if p := r.push(); p.Hub != r.hub.URL || !p.InForce(r.now) {
		t.Errorf("until the new hub has agreed: %+v", p)
	}
	if err := newHub.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.attend(0)
	r.verify()
	if p := r.push(); p.Hub != r.url+"/new-hub" || len(r.hub.Callbacks(r.topic)) != 0 {
		t.Errorf("%+v, and the old hub delivers to %v", p, r.hub.Callbacks(r.topic))
	}
}

// A document that names no hub any more is pulled again when its lease would be
// renewed, and not before: some leave it out now and then.
func TestAHubThatIsNotNamedAnyMore(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	r.links(r.topic)
	r.later(time.Hour)
	r.attend(0)
	if p := r.push(); !p.InForce(r.now) {
		t.Fatalf("left at once: %+v", p)
	}
	r.attend(r.push().AttendAt.Sub(r.now))
	if p, wait := r.push(), r.wait(); p.InForce(r.now) || p.Offer.Topic != "" || wait > 0 {
		t.Errorf("at its renewal: %+v, pulled in %v", p, wait)
	}
	r.attend(0)
	r.verify()
	if left := r.hub.Callbacks(r.topic); len(left) != 0 {
		t.Errorf("the hub still delivers to %v", left)
	}
	r.links(r.topic, r.hub.URL)
	r.later(time.Hour)
	r.attend(0)
	r.verify()
	if p := r.push(); !p.InForce(r.now) {
		t.Errorf("it names the hub again, and we have %+v", p)
	}
}

func TestPushThatIsNotWanted(t *testing.T) {
	t.Run("by the config", func(t *testing.T) {
		r := newPress(t)
		r.source.Push = false
		r.sync()
		r.later(0)
		if p := r.push(); p.Offer.Topic != "" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("since no hub can reach us", func(t *testing.T) {
		r := newPress(t)
		r.subscriber.Callback = ""
		r.later(0)
		r.attend(0)
		if p := r.push(); len(r.hub.Requests()) != 0 || p.Offer.Topic != "" {
			t.Errorf("%+v", p)
		}
	})
}

// A process that dies between a hub's delivery and its storing pulls the source
// soon after.
func TestAPushIsNotLost(t *testing.T) {
	r := newPress(t)
	r.subscribed()
	r.deliver(r.feed.document("second"), nil)
	r.now = r.now.Add(time.Hour)
	if _, _, err := r.store.TakePush(t.Context(), "wire", r.now); err != nil { // and no more
		t.Fatal(err)
	}
	if wait := r.wait(); wait > 30*time.Second {
		t.Errorf("pulled in %v", wait)
	}
}
