package push_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
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
	"copydesk/aggregator/push/pushtest"
	"copydesk/aggregator/waittest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { http.DefaultClient.CloseIdleConnections() }))
}

// client gives up a callback that does not answer.
var client = &http.Client{Timeout: waittest.Longest}

const feed = "https://news.example/feed"

func TestDiscover(t *testing.T) {
	const hub, other = "https://hub.example/", "https://other.example/"
	for _, tt := range []struct {
		name   string
		header []string
		inside push.Links
		want   news.Offer
	}{
		{"nothing", nil, push.Links{}, news.Offer{}},
		{"a topic without a hub", []string{`<` + feed + `>; rel=self`}, push.Links{Self: feed}, news.Offer{}},
		{"headers", []string{`<` + hub + `>; rel="hub"`, `<` + feed + `>; rel="self"`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"one header for both", []string{`<` + hub + `>; rel=hub, <` + feed + `>; rel=self`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"the document", nil, push.Links{Self: feed, Hubs: []string{hub}}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"headers before the document", []string{`<` + hub + `>; rel=hub, <` + feed + `>; rel=self`}, push.Links{Self: "https://news.example/old", Hubs: []string{other}}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"headers without a hub are none", []string{`</style.css>; rel=preload, </head>; rel=self`}, push.Links{Self: feed, Hubs: []string{hub}}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"several hubs in their order", []string{`<` + hub + `>; rel=hub`, `<` + other + `>; rel=hub, <` + hub + `>; rel=hub`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub, other}, Vouched: true}},
		{"several relations of one link", []string{`<` + hub + `>; rel="Preconnect HUB"`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"relative addresses", []string{`</hub>; rel=hub, <feed>; rel=self`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{"https://news.example/hub"}, Vouched: true}},
		{"commas and quotes in parameters", []string{`<https://a.example/?a,b>; title="x, <y>; rel=\"hub\""; rel=alternate, <` + hub + `>; title="a"; rel=hub`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"a link of another document", []string{`<` + hub + `>; rel=hub; anchor="/other"`}, push.Links{}, news.Offer{}},
		{"no address of its own", nil, push.Links{Hubs: []string{hub}}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
		{"another address of its own", nil, push.Links{Self: "https://news.example/canonical", Hubs: []string{hub}}, news.Offer{Topic: "https://news.example/canonical", Hubs: []string{hub}}},
		{"the address that was asked for", nil, push.Links{Self: "https://news.example/asked", Hubs: []string{hub}}, news.Offer{Topic: "https://news.example/asked", Hubs: []string{hub}, Vouched: true}},
		{"a topic that is no web address", nil, push.Links{Self: "file:///etc/passwd", Hubs: []string{hub}}, news.Offer{}},
		{"a topic with a password", nil, push.Links{Self: "https://a:b@news.example/feed", Hubs: []string{hub}}, news.Offer{}},
		{"a hub that is no web address", nil, push.Links{Self: feed, Hubs: []string{"gopher://hub.example/", "javascript:x"}}, news.Offer{}},
		{"torn headers", []string{`<`, `<>`, `<x`, `rel=hub`, `<a>;;;=,=;rel`, `<` + hub + `>;rel="hub`}, push.Links{}, news.Offer{Topic: feed, Hubs: []string{hub}, Vouched: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := push.Discover(http.Header{"Link": tt.header}, tt.inside, feed, "https://news.example/asked")
			if got.Topic != tt.want.Topic || !slices.Equal(got.Hubs, tt.want.Hubs) || got.Vouched != tt.want.Vouched {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func FuzzDiscover(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", </feed>; rel=self`, "https://news.example/")
	f.Add(`<a>;rel="\`, "://")
	f.Fuzz(func(t *testing.T, header, self string) {
		o := push.Discover(http.Header{"Link": {header}}, push.Links{Self: self, Hubs: []string{self}}, feed)
		for _, address := range append(o.Hubs, o.Topic) {
			if u, err := url.Parse(address); len(o.Hubs) > 0 && (err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https") {
				t.Errorf("of %q and %q came %q", header, self, address)
			}
		}
	})
}

func TestSameSite(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"https://www.foxnews.example.com/a", "http://feeds.foxnews.example.com/b"}: true,
		{"https://news.example.co.uk/", "https://feeds.example.co.uk/"}:             true,
		{"https://one.co.uk/", "https://two.co.uk/"}:                                false,
		{"https://one.github.io/", "https://two.github.io/"}:                        false,
		{"https://news.example.org/", "https://feeds.feedburner.com/news"}:          false,
		{"http://127.0.0.1:8000/", "http://127.0.0.1:8000/feed"}:                    true,
		{"http://127.0.0.1:8000/", "http://127.0.0.1:8001/"}:                        false,
	} {
		if got := push.SameSite(pair[0], pair[1]); got != want {
			t.Errorf("%v: %v, want %v", pair, got, want)
		}
	}
}

func TestReachable(t *testing.T) {
	for base, want := range map[string]bool{
		"https://news.example.org": true, "http://93.184.216.34": true, "https://[2606:4700::1]:8443": true,
		"http://127.0.0.1:8080": false, "http://localhost": false, "http://10.1.2.3": false, "http://newsroom": false,
		"http://printer.local": false, "http://[::1]": false, "ftp://news.example.org": false, "": false,
	} {
		if why := push.Reachable(base, false); (why == "") != want {
			t.Errorf("%q: %q, want reachable %v", base, why, want)
		}
	}
	if why := push.Reachable("http://127.0.0.1:8080", true); why != "" {
		t.Errorf("this machine, which is allowed: %q", why)
	}
}

func TestSigned(t *testing.T) {
	body := []byte("<feed/>")
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		good := pushtest.Sign(method, "secret", body)
		for name, tt := range map[string]struct {
			signature, secret string
			body              string
			want              bool
		}{
			"right":             {good, "secret", "<feed/>", true},
			"capitals":          {strings.ToUpper(good), "secret", "<feed/>", true},
			"another body":      {good, "secret", "<feed />", false},
			"another secret":    {good, "Secret", "<feed/>", false},
			"cut":               {good[:len(good)-2], "secret", "<feed/>", false},
			"an odd digit":      {good[:len(good)-1], "secret", "<feed/>", false},
			"no digits":         {method + "=", "secret", "<feed/>", false},
			"no secret of ours": {pushtest.Sign(method, "", body), "", "<feed/>", false},
			"of another method": {"sha" + strings.TrimPrefix(good, method), "secret", "<feed/>", false},
		} {
			if got := push.Signed(tt.signature, tt.secret, []byte(tt.body)); got != tt.want {
				t.Errorf("%s, %s: %v, want %v", method, name, got, tt.want)
			}
		}
	}
	for _, none := range []string{"", "=", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha256"} {
		if push.Signed(none, "secret", body) {
			t.Errorf("%q counts as a signature", none)
		}
	}
}

// A token and a secret hold at least 128 bits, are never the same twice, and a
// secret is short enough (§5.1).
func TestTokensAndSecrets(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token, secret := push.NewToken(), push.NewSecret()
		if len(token) < 26 || len(secret) < 26 || len(secret) >= 200 { // base32: 5 bits a letter
			t.Fatalf("token %q, secret %q", token, secret)
		}
		if seen[token] || seen[secret] {
			t.Fatal("one came twice")
		}
		seen[token], seen[secret] = true, true
	}
}

func TestRequest(t *testing.T) {
	sub := news.Subscription{Token: "t0ken", Topic: "https://news.example/feed?a=1&b=ü", Secret: "s3cret", State: news.SubscriptionAsked, Callback: "https://ours.example"}
	want := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {sub.Topic}, "hub.callback": {"https://ours.example/websub/t0ken"},
		"hub.secret": {"s3cret"}, "hub.lease_seconds": {"864000"},
	}
	if got := push.Request(sub); got.Encode() != want.Encode() {
		t.Errorf("got %v, want %v", got, want)
	}
	sub.State = news.SubscriptionLeaving
	want.Set("hub.mode", "unsubscribe")
	want.Del("hub.secret")
	want.Del("hub.lease_seconds")
	if got := push.Request(sub); got.Encode() != want.Encode() {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWays(t *testing.T) {
	for _, tt := range []struct {
		hubs  string
		tries int
		want  string
	}{
		{"", 3, ""},
		{"https://hub.example/", 7, "https://hub.example/"},
		{"http://hub.example/?a=b", 0, "https://hub.example/?a=b http://hub.example/?a=b"},
		{"http://hub.example/?a=b", 1, "http://hub.example/?a=b https://hub.example/?a=b"},
		{"http://hub.example:8080/", 0, "http://hub.example:8080/"},
		{"http://a.example/ https://b.example/", 2, "https://b.example/ https://a.example/ http://a.example/"},
	} {
		if got := strings.Join(push.Ways(strings.Fields(tt.hubs), tt.tries), " "); got != tt.want {
			t.Errorf("%s after %d tries: %s, want %s", tt.hubs, tt.tries, got, tt.want)
		}
	}
}

func TestRenewAndRetry(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for lease, want := range map[time.Duration]time.Duration{
		10 * 24 * time.Hour: 8 * 24 * time.Hour,
		24 * time.Hour:      24 * time.Hour * 4 / 5,
		time.Minute:         time.Hour, // it is not worth asking more often
	} {
		if got := push.RenewAt(at, at.Add(lease)).Sub(at); got != want {
			t.Errorf("a lease of %v is renewed after %v, want %v", lease, got, want)
		}
	}
	last := time.Duration(0)
	for tries := 1; tries < 40; tries++ {
		wait := push.RetryAt(at, tries).Sub(at)
		if wait < last || wait < 5*time.Minute || wait > 7*24*time.Hour {
			t.Errorf("after %d tries: %v, before %v", tries, wait, last)
		}
		last = wait
	}
}

// A book keeps one subscription.
type book struct {
	mu        sync.Mutex // guards all below
	sub       news.Subscription
	confirmed time.Time // until when; zero before
	denied    string
	ignored   int
	parted    bool
	broken    bool
}

type missing struct{}

func (missing) Error() string  { return "missing" }
func (missing) NotFound() bool { return true }

func (b *book) Subscription(_ context.Context, token string) (news.Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if token != b.sub.Token {
		return news.Subscription{}, missing{}
	}
	return b.sub, nil
}

func (b *book) Confirm(_ context.Context, _ news.Subscription, _, until, _ time.Time) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sub.State != news.SubscriptionAsked {
		return false, nil
	}
	b.sub.State, b.confirmed = news.SubscriptionActive, until
	return true, nil
}

func (b *book) Part(context.Context, news.Subscription) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parted = true
	return nil
}

func (b *book) Deny(_ context.Context, _ news.Subscription, _ time.Time, reason string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.denied = "denied: " + reason
	return nil
}

func (b *book) Ignore(context.Context, news.Subscription) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ignored++
	if b.broken {
		return errors.New("the disk is full")
	}
	return nil
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// serve answers hubs by a book; what is delivered comes out of the channel.
func serve(t *testing.T, b *book, most int64) (callback string, taken chan push.Delivery) {
	t.Helper()
	taken = make(chan push.Delivery, 10)
	c := push.NewCallback(push.Options{
		Book: b, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, MostBody: func() int64 { return most },
		Take: func(_ context.Context, d push.Delivery) (func(context.Context), error) {
			return func(context.Context) { taken <- d }, nil
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/websub/{token}", c)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/websub/" + b.sub.Token, taken
}

func subscription(state news.SubscriptionState) news.Subscription {
	return news.Subscription{Token: "t0ken", Source: "wire", Topic: feed, Hub: "https://hub.example/", Secret: "s3cret", State: state}
}

// A challenge is answered only for a request that waits for it, with the same
// topic (§5.3.1).
func TestIntent(t *testing.T) {
	ask := func(mode, topic, challenge, lease string) url.Values {
		return url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {lease}}
	}
	asked, active, leaving := news.SubscriptionAsked, news.SubscriptionActive, news.SubscriptionLeaving
	for _, tt := range []struct {
		name  string
		state news.SubscriptionState
		query url.Values
		want  int
	}{
		{"a subscription that waits", asked, ask("subscribe", feed, "abc", "3600"), 200},
		{"another topic", asked, ask("subscribe", feed+"2", "abc", "3600"), 404},
		{"another mode", asked, ask("unsubscribe", feed, "abc", "3600"), 404},
		{"no mode", asked, ask("", feed, "abc", "3600"), 404},
		{"no challenge", asked, ask("subscribe", feed, "", "3600"), 404},
		{"a challenge of binary data", asked, ask("subscribe", feed, "a\x00b", "3600"), 404},
		{"a challenge that is a book", asked, ask("subscribe", feed, strings.Repeat("a", 2000), "3600"), 404},
		{"unsolicited", active, ask("subscribe", feed, "abc", "3600"), 404},
		{"an end that nobody asked for", active, ask("unsubscribe", feed, "abc", ""), 404},
		{"an end that was asked for", leaving, ask("unsubscribe", feed, "abc", ""), 200},
		{"a subscription that is left", leaving, ask("subscribe", feed, "abc", "3600"), 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &book{sub: subscription(tt.state)}
			callback, _ := serve(t, b, 1000)
			status, body, err := pushtest.Ask(t.Context(), callback, tt.query)
			if err != nil || status != tt.want {
				t.Fatalf("answered %d (%v), want %d", status, err, tt.want)
			}
			if (body == tt.query.Get("hub.challenge")) != (tt.want == 200) {
				t.Errorf("answered with %q", body)
			}
			if tt.want == 200 && tt.state == asked && !b.confirmed.Equal(noon.Add(time.Hour)) {
				t.Errorf("lasts until %v, want an hour", b.confirmed)
			}
			if tt.want != 200 && (!b.confirmed.IsZero() || b.parted) {
				t.Error("something was noted all the same")
			}
		})
	}
}

func TestAnUnknownTokenIsNotFound(t *testing.T) {
	b := &book{sub: subscription(news.SubscriptionAsked)}
	callback, taken := serve(t, b, 1000)
	callback += "x"
	if status, _, err := pushtest.Ask(t.Context(), callback, url.Values{"hub.mode": {"subscribe"}, "hub.topic": {feed}, "hub.challenge": {"abc"}}); err != nil || status != 404 {
		t.Errorf("a question: %d (%v), want 404", status, err)
	}
	if status := post(t, callback, []byte("x"), nil); status != 404 || len(taken) > 0 {
		t.Errorf("content: %d, want 404", status)
	}
}

// The hub decides on the lease, within reason.
func TestLease(t *testing.T) {
	for said, want := range map[string]time.Duration{
		"3600": time.Hour, "": 10 * 24 * time.Hour, "-5": 10 * 24 * time.Hour, "soon": 10 * 24 * time.Hour,
		"31536000": 30 * 24 * time.Hour, "9223372036854775807": 30 * 24 * time.Hour,
	} {
		b := &book{sub: subscription(news.SubscriptionAsked)}
		callback, _ := serve(t, b, 1000)
		_, _, err := pushtest.Ask(t.Context(), callback, url.Values{"hub.mode": {"subscribe"}, "hub.topic": {feed}, "hub.challenge": {"a"}, "hub.lease_seconds": {said}})
		if err != nil || b.confirmed.Sub(noon) != want {
			t.Errorf("%q: %v (%v), want %v", said, b.confirmed.Sub(noon), err, want)
		}
	}
}

// What is echoed cannot run anywhere (§8.2).
func TestAnEchoIsHarmless(t *testing.T) {
	callback, _ := serve(t, &book{sub: subscription(news.SubscriptionAsked)}, 1000)
	res, err := client.Get(callback + "?" + url.Values{"hub.mode": {"subscribe"}, "hub.topic": {feed}, "hub.challenge": {"<script>alert(1)</script>"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if kind, sniff := res.Header.Get("Content-Type"), res.Header.Get("X-Content-Type-Options"); kind != "application/octet-stream" || sniff != "nosniff" {
		t.Errorf("answered as %q, %q", kind, sniff)
	}
}

func TestDenied(t *testing.T) {
	for _, state := range []news.SubscriptionState{news.SubscriptionAsked, news.SubscriptionActive} {
		b := &book{sub: subscription(state)}
		callback, _ := serve(t, b, 1000)
		status, _, err := pushtest.Ask(t.Context(), callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {feed}, "hub.reason": {"not\nfor you"}})
		if err != nil || status != 200 || b.denied != "denied: not for you" {
			t.Errorf("%s: %d (%v), %q", state, status, err, b.denied)
		}
	}
}

func post(t *testing.T, callback string, body []byte, header http.Header) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, callback, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

func TestContent(t *testing.T) {
	body := []byte("<feed/>")
	good := pushtest.Sign("sha256", "s3cret", body)
	link := func(self string) []string {
		return []string{`<https://hub.example/>; rel="hub", <` + self + `>; rel="self"`}
	}
	for _, tt := range []struct {
		name      string
		state     news.SubscriptionState
		signature string
		link      []string
		status    int
		taken     bool // with its content
	}{
		{"signed", news.SubscriptionActive, good, link(feed), 202, true},
		{"signed by the weakest method", news.SubscriptionActive, pushtest.Sign("sha1", "s3cret", body), link(feed), 202, true},
		{"without a topic", news.SubscriptionActive, good, nil, 202, true},
		{"of another topic", news.SubscriptionActive, good, link(feed + "/other"), 202, false},
		{"not signed", news.SubscriptionActive, "", link(feed), 202, false},
		{"signed by somebody else", news.SubscriptionActive, pushtest.Sign("sha256", "guess", body), link(feed), 202, false},
		{"signed by a method of no name", news.SubscriptionActive, "md5=00", link(feed), 202, false},
		{"of a subscription that is left", news.SubscriptionLeaving, good, link(feed), 410, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &book{sub: subscription(tt.state)}
			callback, taken := serve(t, b, 1000)
			status := post(t, callback, body, http.Header{"X-Hub-Signature": {tt.signature}, "Link": tt.link, "Content-Type": {"application/atom+xml"}})
			if status != tt.status {
				t.Errorf("answered %d, want %d", status, tt.status)
			}
			if tt.taken {
				if d := waittest.Receive(t, taken); string(d.Body) != "<feed/>" || d.ContentType != "application/atom+xml" || d.OffTopic || !d.At.Equal(noon) {
					t.Errorf("took %+v", d)
				}
				return
			}
			if want := status == 202; (b.ignored == 1) != want {
				t.Errorf("ignored %d, want %v", b.ignored, want)
			}
			for len(taken) > 0 { // a signed word that there is news
				if d := waittest.Receive(t, taken); !d.OffTopic {
					t.Errorf("took %+v", d)
				}
			}
		})
	}
}

func TestContentIsCapped(t *testing.T) {
	b := &book{sub: subscription(news.SubscriptionActive)}
	callback, taken := serve(t, b, 10)
	for size, want := range map[int]int{10: 202, 11: 413, 100_000: 413} {
		body := []byte(strings.Repeat("x", size))
		if status := post(t, callback, body, http.Header{"X-Hub-Signature": {pushtest.Sign("", "s3cret", body)}}); status != want {
			t.Errorf("%d bytes: %d, want %d", size, status, want)
		}
	}
	if d := waittest.Receive(t, taken); len(d.Body) != 10 || len(taken) > 0 {
		t.Error("took more than one content")
	}
}

// A hub is to come again when we could not even note that it was here.
func TestAFaultOfOursIsTold(t *testing.T) {
	callback, _ := serve(t, &book{sub: subscription(news.SubscriptionActive), broken: true}, 10)
	if status := post(t, callback, []byte("x"), nil); status != 503 {
		t.Errorf("answered %d, want 503", status)
	}
}

// A hub is answered before the work on what it delivered is done (§7).
func TestAHubIsAnsweredAtOnce(t *testing.T) {
	working, release := make(chan struct{}), make(chan struct{})
	c := push.NewCallback(push.Options{
		Book: &book{sub: subscription(news.SubscriptionActive)}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, MostBody: func() int64 { return 10 },
		Take: func(context.Context, push.Delivery) (func(context.Context), error) {
			return func(context.Context) { close(working); <-release }, nil
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/websub/{token}", c)
	server := httptest.NewServer(mux)
	defer server.Close()
	defer close(release)
	status := post(t, server.URL+"/websub/t0ken", []byte("x"), http.Header{"X-Hub-Signature": {pushtest.Sign("", "s3cret", []byte("x"))}})
	waittest.Receive(t, working) // it has begun, and cannot have ended
	if status != 202 {
		t.Errorf("answered %d, want 202", status)
	}
}

// A ledger has a subscription for every token, and tells when one is asked for.
type ledger struct {
	*book
	asked chan string
}

func (l ledger) Subscription(_ context.Context, token string) (news.Subscription, error) {
	l.asked <- token
	return l.sub, nil
}

// However many bodies a hub sends drop by drop, the others are heard.
func TestAHubThatDrips(t *testing.T) {
	l := ledger{&book{sub: subscription(news.SubscriptionActive)}, make(chan string, 100)}
	c := push.NewCallback(push.Options{
		Book: l, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, MostBody: func() int64 { return 1000 },
		Take: func(context.Context, push.Delivery) (func(context.Context), error) {
			return func(context.Context) {}, nil
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/websub/{token}", c)
	server := httptest.NewServer(mux)
	defer server.Close()
	var drips sync.WaitGroup
	drop, dripping := io.Pipe()
	defer drips.Wait()
	defer dripping.Close()
	for range 40 {
		drips.Go(func() {
			res, err := client.Post(server.URL+"/websub/slow", "application/atom+xml", drop)
			if err == nil {
				_ = res.Body.Close() // its status is not what is tested
			}
		})
	}
	for range 40 {
		waittest.Receive(t, l.asked)
	}
	if status := post(t, server.URL+"/websub/quick", []byte("x"), http.Header{"X-Hub-Signature": {pushtest.Sign("", "s3cret", []byte("x"))}}); status != 202 {
		t.Errorf("answered %d, want 202", status)
	}
}
