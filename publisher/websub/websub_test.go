package websub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"copydesk/aggregator/news"
	"copydesk/aggregator/push"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
	"copydesk/aggregator/waittest"
	"copydesk/publisher/websub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	hubAddress = "https://news.example.org/hub"
	topic      = "https://news.example.org/channels/all/feed.atom"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A desk is a hub with a real store, topics of the test's making, and a clock
// that the test moves.
type desk struct {
	t     *testing.T
	hub   *websub.Hub
	store *store.Store

	mu       sync.Mutex // guards all below
	now      time.Time
	mark     news.Revision
	gone     bool  // the topic is ours no more
	faulty   error // why nothing can be told of it
	method   string
	outcomes []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.Database(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); client.CloseIdleConnections() })
	d := &desk{t: t, store: s, now: noon, method: "sha256"}
	note := func(outcome string) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.outcomes = append(d.outcomes, outcome)
	}
	d.hub = websub.New(websub.Options{
		Book: s, Log: slog.New(slog.DiscardHandler), Now: d.clock, Asked: note, Done: func(outcome string, _ time.Duration) { note(outcome) },
		Terms: func() (websub.Terms, bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			return websub.Terms{Address: hubAddress, Topics: d, Courier: courier{}, Signature: d.method}, true
		},
	})
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func (d *desk) told() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.outcomes
	d.outcomes = nil
	return out
}

func (d *desk) Offers(address string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return address == topic && !d.gone
}

func (d *desk) Stands(context.Context, string) (news.Revision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.mark, d.faulty
}

// Content tells the marks that are new, one a line.
func (d *desk) Content(context.Context, string) (*websub.Content, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	newest := d.mark
	return &websub.Content{Mark: newest, Changed: d.now, ContentType: "application/atom+xml; charset=utf-8", Lacking: func(_ context.Context, sub news.Subscriber) ([]byte, error) {
		var b bytes.Buffer
		for m := sub.Delivered + 1; m <= newest; m++ {
			fmt.Fprintln(&b, m)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		return b.Bytes(), d.faulty
	}}, nil
}

// request posts a form to the hub.
func (d *desk) request(form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/hub", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.hub.ServeHTTP(w, r)
	return w
}

func (d *desk) subscribe(callback string, more ...string) {
	d.t.Helper()
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {callback}}
	for _, pair := range more {
		name, value, _ := strings.Cut(pair, "=")
		form.Set(name, value)
	}
	if w := d.request(form); w.Code != 202 {
		d.t.Fatalf("the hub answered %d: %s", w.Code, w.Body)
	}
	d.verify()
}

func (d *desk) verify() {
	d.t.Helper()
	if err := d.hub.Verify(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// publish makes the next mark and delivers.
func (d *desk) publish() {
	d.t.Helper()
	d.set(func() { d.mark++ })
	d.deliver()
}

func (d *desk) deliver() {
	d.t.Helper()
	if err := d.hub.Deliver(d.t.Context(), topic); err != nil {
		d.t.Fatal(err)
	}
}

// later lets time pass and works what has become due.
func (d *desk) later(wait time.Duration) {
	d.t.Helper()
	d.set(func() { d.now = d.now.Add(wait) })
	if err := d.store.SweepHub(d.t.Context(), d.clock()); err != nil {
		d.t.Fatal(err)
	}
	if err := d.hub.Sweep(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.verify()
	d.deliver()
}

func (d *desk) subscribers() int {
	d.t.Helper()
	list, err := d.store.HubStatus(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	n := 0
	for _, s := range list {
		n += s.Subscribers
	}
	return n
}

// client gives up whom a test has hang.
var client = &http.Client{Timeout: waittest.Longest}

// A courier reaches whatever it is told to.
type courier struct{}

func (courier) Permit(address string) error {
	if strings.Contains(address, "//10.") {
		return fmt.Errorf("it is a private address")
	}
	return nil
}

func (c courier) Get(ctx context.Context, address string) (websub.Reply, error) {
	return c.send(ctx, "GET", address, nil, nil)
}

func (c courier) Post(ctx context.Context, address string, header http.Header, body []byte) (websub.Reply, error) {
	return c.send(ctx, "POST", address, header, body)
}

func (courier) send(ctx context.Context, method, address string, header http.Header, body []byte) (websub.Reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return websub.Reply{}, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := client.Do(req)
	if err != nil {
		return websub.Reply{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return websub.Reply{Status: res.StatusCode, Text: string(text)}, err
}

// A reader has callbacks, each path one, and answers as it is told.
type reader struct {
	*httptest.Server
	mu     sync.Mutex // guards all below
	asked  []url.Values
	got    map[string][]delivery
	answer func(w http.ResponseWriter, r *http.Request) bool // true: it has answered
}

type delivery struct {
	header http.Header
	body   string
}

func newReader(t *testing.T) *reader {
	r := &reader{got: map[string][]delivery{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *reader) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.Method == "GET" {
		r.asked = append(r.asked, q.URL.Query())
	}
	if r.answer != nil && r.answer(w, q) {
		return
	}
	if q.Method == "GET" {
		_, _ = io.WriteString(w, q.URL.Query().Get("hub.challenge"))
		return
	}
	r.got[q.URL.Path] = append(r.got[q.URL.Path], delivery{q.Header, string(body)})
}

func (r *reader) say(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = nil
	if status > 0 {
		r.answer = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(status); return true }
	}
}

func (r *reader) deliveries(path string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, d := range r.got[path] {
		out = append(out, strings.Join(strings.Fields(d.body), " "))
	}
	return out
}

func (r *reader) questions() []url.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.asked
	r.asked = nil
	return out
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestRequestsAreChecked(t *testing.T) {
	d := newDesk(t)
	good := func() url.Values {
		return url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {"https://reader.example/push?a=1"}}
	}
	for name, c := range map[string]struct {
		set, value string
		want       int
	}{
		"good":                         {"", "", 202},
		"to end it":                    {"hub.mode", "unsubscribe", 202},
		"a lease":                      {"hub.lease_seconds", "86400", 202},
		"a lease beyond counting":      {"hub.lease_seconds", "99999999999999999999999", 202},
		"the longest secret":           {"hub.secret", strings.Repeat("x", 199), 202},
		"a secret of 200 bytes":        {"hub.secret", strings.Repeat("x", 200), 400},
		"no mode":                      {"hub.mode", "", 400},
		"a mode of hubs":               {"hub.mode", "denied", 400},
		"a publisher":                  {"hub.mode", "publish", 403},
		"a topic of others":            {"hub.topic", "https://other.example/feed", 404},
		"a topic that is none":         {"hub.topic", topic + "?x", 404},
		"no topic":                     {"hub.topic", "", 404},
		"no callback":                  {"hub.callback", "", 400},
		"a relative callback":          {"hub.callback", "/push", 400},
		"a callback that is no page":   {"hub.callback", "mailto:a@reader.example", 400},
		"a callback with a password":   {"hub.callback", "https://a:b@reader.example/", 400},
		"a callback with a fragment":   {"hub.callback", "https://reader.example/#a", 400},
		"a callback with a line break": {"hub.callback", "https://reader.example/\r\nX: y", 400},
		"a long callback":              {"hub.callback", "https://reader.example/" + strings.Repeat("x", 2048), 400},
		"a callback that is guarded":   {"hub.callback", "http://10.0.0.1/", 403},
		"a lease of nothing":           {"hub.lease_seconds", "0", 400},
		"a lease before now":           {"hub.lease_seconds", "-5", 400},
		"a lease in words":             {"hub.lease_seconds", "ten days", 400},
		"far too much":                 {"hub.secret", strings.Repeat("x", 20<<10), 413},
	} {
		form := good()
		if c.set != "" {
			form.Set(c.set, c.value)
		}
		w := d.request(form)
		if w.Code != c.want || w.Code >= 400 && len(w.Body.String()) < 10 {
			t.Errorf("%s: got %d %q, want %d with words", name, w.Code, w.Body, c.want)
		}
	}
	r := httptest.NewRequest("POST", "/hub", strings.NewReader(`{"hub.mode": "subscribe"}`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	if d.hub.ServeHTTP(w, r); w.Code != 400 {
		t.Errorf("no form: got %d", w.Code)
	}
}

// Nothing changes before the callback has repeated the word, exactly.
func TestIntentIsVerified(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, challenge string)
		want   []string
	}{
		"it repeats the word":    {func(w http.ResponseWriter, c string) { w.WriteHeader(203); _, _ = io.WriteString(w, c) }, []string{"verified"}},
		"it says more":           {func(w http.ResponseWriter, c string) { _, _ = io.WriteString(w, c+"\n") }, []string{"refused"}},
		"it says nothing":        {func(http.ResponseWriter, string) {}, []string{"refused"}},
		"it agrees with a 404":   {func(w http.ResponseWriter, c string) { w.WriteHeader(404); _, _ = io.WriteString(w, c) }, []string{"refused"}},
		"it agrees with a 500":   {func(w http.ResponseWriter, c string) { w.WriteHeader(500); _, _ = io.WriteString(w, c) }, []string{"failed"}},
		"it repeats another one": {func(w http.ResponseWriter, c string) { _, _ = io.WriteString(w, strings.ToLower(c)) }, []string{"refused"}},
	} {
		d, r := newDesk(t), newReader(t)
		r.answer = func(w http.ResponseWriter, q *http.Request) bool {
			c.answer(w, q.URL.Query().Get("hub.challenge"))
			return true
		}
		d.subscribe(r.URL+"/a?b=c&d", "hub.lease_seconds=60")
		want(t, name, d.told(), c.want)
		if n, verified := d.subscribers(), c.want[0] == "verified"; (n == 1) != verified {
			t.Errorf("%s: %d subscribers", name, n)
		}
		q := r.questions()[0]
		if q.Get("hub.mode") != "subscribe" || q.Get("hub.topic") != topic || q.Get("hub.lease_seconds") != "300" || q.Get("b") != "c" || !q.Has("d") || len(q.Get("hub.challenge")) < 20 {
			t.Errorf("%s: asked %v", name, q)
		}
	}
}

// A callback that does not answer is asked a few times more, and then no more.
func TestVerificationIsTriedAgain(t *testing.T) {
	d, r := newDesk(t), newReader(t)
	r.say(503)
	d.subscribe(r.URL + "/a")
	for range 10 {
		d.later(30 * time.Minute)
	}
	want(t, "verifications", d.told(), []string{"failed", "failed", "failed", "failed"})
	r.say(0)
	d.subscribe(r.URL + "/a")
	want(t, "once it answers", d.told(), []string{"verified"})
}

func TestDelivery(t *testing.T) {
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		d, r := newDesk(t), newReader(t)
		d.set(func() { d.method = method })
		d.subscribe(r.URL+"/a", "hub.secret=hush")
		d.subscribe(r.URL + "/open")
		d.publish()
		d.publish()
		d.deliver() // nothing new
		want(t, "deliveries", r.deliveries("/a"), []string{"1", "2"})
		got := r.got["/a"][0]
		if signature := got.header.Get("X-Hub-Signature"); !strings.HasPrefix(signature, method+"=") || !push.Signed(signature, "hush", []byte(got.body)) {
			t.Errorf("%s: signed %q", method, signature)
		}
		if link := got.header.Get("Link"); link != `<`+hubAddress+`>; rel="hub", <`+topic+`>; rel="self"` {
			t.Errorf("Link is %q", link)
		}
		if kind := got.header.Get("Content-Type"); kind != "application/atom+xml; charset=utf-8" {
			t.Errorf("Content-Type is %q", kind)
		}
		if _, signed := r.got["/open"][0].header["X-Hub-Signature"]; signed {
			t.Error("who has no secret got a signature")
		}
	}
}

// Who was away gets one delivery with everything since; the others do not wait,
// and get nothing twice.
func TestWhoLagsBehind(t *testing.T) {
	d, r := newDesk(t), newReader(t)
	d.subscribe(r.URL + "/a")
	d.subscribe(r.URL + "/b")
	r.mu.Lock()
	r.answer = func(w http.ResponseWriter, q *http.Request) bool {
		if q.URL.Path == "/b" {
			w.WriteHeader(500)
		}
		return q.URL.Path == "/b"
	}
	r.mu.Unlock()
	d.publish()
	d.publish()
	d.publish()
	r.say(0)
	d.deliver() // it is not yet time to try again
	want(t, "who was there", r.deliveries("/a"), []string{"1", "2", "3"})
	want(t, "who was not", r.deliveries("/b"), []string{})
	d.later(10 * time.Minute)
	want(t, "later, who was there", r.deliveries("/a"), []string{"1", "2", "3"})
	want(t, "later, who was not", r.deliveries("/b"), []string{"1 2 3"})
}

// Who comes later gets what has come since it asked, not what was there before,
// and a renewal loses and repeats nothing.
func TestRenewal(t *testing.T) {
	d, r := newDesk(t), newReader(t)
	d.subscribe(r.URL+"/a", "hub.secret=old")
	d.publish()
	r.say(404)
	d.subscribe(r.URL+"/a", "hub.secret=forged") // somebody else's request: the callback denies it
	r.say(0)
	d.publish()
	d.subscribe(r.URL+"/a", "hub.secret=new")
	d.publish()
	want(t, "deliveries", r.deliveries("/a"), []string{"1", "2", "3"})
	for i, secret := range []string{"old", "old", "new"} {
		if got := r.got["/a"][i]; !push.Signed(got.header.Get("X-Hub-Signature"), secret, []byte(got.body)) {
			t.Errorf("delivery %d is not signed with %q", i, secret)
		}
	}
	if n := d.subscribers(); n != 1 {
		t.Errorf("%d subscribers, want 1", n)
	}
}

// Of a topic that cannot be printed nothing is delivered and nothing lost; who asks
// for it meanwhile is told of what is newer than its request.
func TestFaultyTopic(t *testing.T) {
	d, r := newDesk(t), newReader(t)
	d.subscribe(r.URL + "/a")
	d.set(func() { d.mark, d.faulty = 1, errors.New("the press is ill") })
	d.subscribe(r.URL + "/b")
	if err := d.hub.Deliver(t.Context(), topic); !errors.Is(err, d.faulty) {
		t.Errorf("got %v", err)
	}
	d.set(func() { d.faulty = nil })
	d.later(2 * time.Minute)
	d.publish()
	want(t, "who was there", r.deliveries("/a"), []string{"1", "2"})
	want(t, "who came meanwhile", r.deliveries("/b"), []string{"1", "2"})
}

func TestEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(d *desk, r *reader)
		want []string // after the end, of three publications
	}{
		"it asks for it": {func(d *desk, r *reader) {
			d.subscribe(r.URL+"/a", "hub.mode=unsubscribe")
		}, nil},
		"somebody else asks for it": {func(d *desk, r *reader) {
			r.say(404)
			d.subscribe(r.URL+"/a", "hub.mode=unsubscribe")
			r.say(0)
		}, []string{"2", "3", "4"}},
		"it answers 410": {func(d *desk, r *reader) {
			r.say(410)
			d.publish()
			r.say(0)
		}, nil},
		"its lease is over": {func(d *desk, r *reader) { d.later(11 * 24 * time.Hour) }, nil},
		"its lease lasts":   {func(d *desk, r *reader) { d.later(9 * 24 * time.Hour) }, []string{"2", "3", "4"}},
		"the feed is gone": {func(d *desk, r *reader) {
			r.questions()
			d.set(func() { d.gone = true })
			d.later(time.Minute)
			d.set(func() { d.gone = false })
			if q := r.questions(); len(q) != 1 || q[0].Get("hub.mode") != "denied" || q[0].Get("hub.topic") != topic || q[0].Get("hub.reason") == "" {
				d.t.Errorf("told %v, want one denial", q)
			}
		}, nil},
		"nothing arrives for two days": {func(d *desk, r *reader) {
			r.say(500)
			d.publish()
			for range 60 {
				d.later(time.Hour)
			}
			r.say(0)
		}, nil},
		"nothing arrives for a day": {func(d *desk, r *reader) {
			r.say(500)
			d.publish()
			for range 24 {
				d.later(time.Hour)
			}
			r.say(0)
			d.later(5 * time.Hour)
		}, []string{"2", "3", "4", "5"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, r := newDesk(t), newReader(t)
			d.subscribe(r.URL + "/a")
			d.publish()
			c.end(d, r)
			for range 3 {
				d.publish()
			}
			want(t, "deliveries", r.deliveries("/a"), append([]string{"1"}, c.want...))
		})
	}
}

// A host with many subscribers gets a few requests at a time, and one that does
// not answer costs a few tries, however many callbacks it has.
func TestHosts(t *testing.T) {
	d, r := newDesk(t), newReader(t)
	const many = 200
	for i := range many {
		form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {fmt.Sprintf("%s/%d", r.URL, i)}}
		if w := d.request(form); w.Code != 202 {
			t.Fatal(w.Code)
		}
	}
	d.verify()
	if n := d.subscribers(); n != many {
		t.Fatalf("%d subscribers, want %d", n, many)
	}
	d.told()
	d.publish()
	for i := range many {
		want(t, fmt.Sprint("deliveries to ", i), r.deliveries(fmt.Sprintf("/%d", i)), []string{"1"})
	}
	d.told()
	r.Close()
	d.publish()
	if tries := len(d.told()); tries == 0 || tries > 30 {
		t.Errorf("a host that is gone was asked %d times, want a few", tries)
	}
	if n := d.subscribers(); n != many {
		t.Errorf("%d subscribers are left, want %d", n, many)
	}
}

func TestPerHost(t *testing.T) {
	d := newDesk(t)
	var mu sync.Mutex
	now, most := 0, 0
	full, left := make(chan struct{}), make(chan struct{})
	fill, leave := sync.OnceFunc(func() { close(full) }), sync.OnceFunc(func() { close(left) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == "GET" {
			_, _ = io.WriteString(w, q.URL.Query().Get("hub.challenge"))
			return
		}
		mu.Lock()
		if now++; now > most {
			most = now
		}
		if now == 8 {
			fill()
		}
		mu.Unlock()
		<-left
		mu.Lock()
		now--
		mu.Unlock()
	}))
	defer server.Close()
	defer leave() // else it never closes
	for i := range 20 {
		d.subscribe(fmt.Sprintf("%s/%d", server.URL, i))
	}
	done := make(chan struct{})
	go func() { defer close(done); d.publish() }()
	waittest.Receive(t, full)
	leave()
	waittest.Receive(t, done)
	if most > 8 {
		t.Errorf("one host got %d requests at the same time", most)
	}
}

// However many subscribers of a host hang, the others have their delivery.
func TestWhoHangs(t *testing.T) {
	d, quick := newDesk(t), newReader(t)
	left := make(chan struct{})
	leave := sync.OnceFunc(func() { close(left) })
	slow := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == "POST" {
			<-left
		}
		_, _ = io.WriteString(w, q.URL.Query().Get("hub.challenge"))
	}))
	slow.Listener.Close()
	var err error
	if slow.Listener, err = net.Listen("tcp", "127.0.0.2:0"); err != nil {
		t.Fatal(err)
	}
	slow.Start()
	defer slow.Close()
	defer leave() // else it never closes
	const many = 600
	for _, base := range []string{slow.URL, quick.URL} {
		for i := range many {
			form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {fmt.Sprintf("%s/%d", base, i)}}
			if w := d.request(form); w.Code != 202 {
				t.Fatal(w.Code)
			}
		}
		d.verify()
	}
	served := make(chan struct{})
	all := sync.OnceFunc(func() { close(served) })
	quick.mu.Lock()
	quick.answer = func(_ http.ResponseWriter, q *http.Request) bool {
		if quick.got[q.URL.Path] = append(quick.got[q.URL.Path], delivery{}); len(quick.got) == many {
			all()
		}
		return true
	}
	quick.mu.Unlock()
	done := make(chan struct{})
	go func() { defer close(done); d.publish() }()
	waittest.Receive(t, served) // never, if those who answer waited for those who hang
	leave()
	waittest.Receive(t, done)
}
