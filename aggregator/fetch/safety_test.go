package fetch_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

// public is an address of this machine that tests take for one of the open
// Internet; 127.0.0.1 stays private.
const public = "127.0.0.2"

// A witness is a server that notes what it is asked.
type witness struct {
	url string

	mu    sync.Mutex // guards asked
	asked []*http.Request
}

// at starts a server on an address of this machine.
func at(t *testing.T, ip string, h http.HandlerFunc) *witness {
	t.Helper()
	l, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: w.noting(h)}}
	s.Start()
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

func (w *witness) noting(h http.HandlerFunc) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, r)
		w.mu.Unlock()
		h(out, r)
	}
}

func (w *witness) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

func (w *witness) port() string { return w.url[strings.LastIndexByte(w.url, ':')+1:] }

// outside is a client for which public is the open Internet, at any port.
func outside(t *testing.T, opt fetch.Options) *fetch.Client {
	t.Helper()
	opt.AnyPort = opt.Ports == nil
	c := client(t, opt)
	c.TakeForPublic(public)
	return c
}

func body(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "body") }

func to(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, http.StatusFound) }
}

// names is a resolver that asks a test instead of the network.
func names(addresses func(name string) []string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for {
				var size [2]byte // of a message over a stream, RFC 1035 §4.2.2
				if _, err := io.ReadFull(theirs, size[:]); err != nil {
					return
				}
				question := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(theirs, question); err != nil {
					return
				}
				answer := resolve(question, addresses)
				if _, err := theirs.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}}
}

func resolve(question []byte, addresses func(string) []string) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil
	}
	m.Response, m.Additionals = true, nil
	q := m.Questions[0]
	list := addresses(strings.TrimSuffix(q.Name.String(), "."))
	if list == nil {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, a := range list {
		ip, head := netip.MustParseAddr(a), dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}})
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// wants checks for an error of a kind, with words in it.
func wants[E error](t *testing.T, err error, words string) {
	t.Helper()
	var kind E
	if !errors.As(err, &kind) || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want %T with %q", err, kind, words)
	}
}

func TestAddressesThatAreNotPublic(t *testing.T) {
	for ip, want := range map[string]string{
		"127.0.0.1": "this machine", "127.255.255.254": "this machine", "::1": "this machine",
		"10.0.0.1": "private", "172.16.0.1": "private", "192.168.1.1": "private", "fd00::1": "private", "fc00::1": "private",
		"169.254.169.254": "link-local", "fe80::1": "link-local", "fe80::1%eth0": "link-local", "fec0::1": "site-local",
		"0.0.0.0": "no single machine", "::": "no single machine", "224.0.0.1": "no single machine", "ff02::1": "no single machine",
		"0.1.2.3": "this network", "100.64.1.1": "carrier", "192.0.0.1": "reserved", "192.0.2.1": "documentation", "198.18.0.1": "benchmarks",
		"198.51.100.1": "documentation", "203.0.113.1": "documentation", "240.0.0.1": "reserved", "255.255.255.255": "reserved",
		"2001:db8::1": "documentation", "100::1": "nowhere", "2001::1": "tunnel",

		"::ffff:127.0.0.1": "this machine", "::ffff:7f00:1": "this machine", "::ffff:10.0.0.1": "private", "::ffff:169.254.169.254": "link-local",
		"64:ff9b::7f00:1": "this machine", "64:ff9b::a9fe:a9fe": "link-local", "64:ff9b:1::a00:1": "private",
		"2002:7f00:1::": "this machine", "2002:c0a8:101::1": "private", "::7f00:1": "this machine", "::10.0.0.1": "private",

		"1.1.1.1": "", "93.184.216.34": "", "2606:4700::1111": "", "::ffff:1.1.1.1": "", "64:ff9b::101:101": "", "2002:101:101::1": "",
	} {
		got := fetch.Refused(ip)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", ip, got, want)
		}
	}
}

// However an address is written, and whatever resolves it, this machine is not
// asked.
func TestSpellingsOfThisMachine(t *testing.T) {
	secret := at(t, "127.0.0.1", body)
	loopback := func(string) []string { return []string{"127.0.0.1"} } // as inet_aton(3) would read them
	c := client(t, fetch.Options{AnyPort: true, Resolver: names(loopback)})
	for _, host := range []string{
		"127.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "127.000.000.001",
		"[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]",
		"localhost", "localhost.", "LOCALHOST", "anything.localhost", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "0", "[::]", "0.0.0.0",
	} {
		_, err := c.Get(t.Context(), fetch.Request{URL: "http://" + host + ":" + secret.port() + "/"})
		if err == nil || secret.times() > 0 {
			t.Fatalf("%s was asked (%v)", host, err)
		}
		if !strings.Contains(err.Error(), "refused") && !strings.Contains(err.Error(), "no such host") {
			t.Errorf("%s: got %v, want a refusal or no such host", host, err)
		}
	}
}

// A name that answers with a public address at first and with a private one
// later gains nothing.
func TestRebinding(t *testing.T) {
	site := at(t, public, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // so that the name is asked for again
		body(w, r)
	})
	secret := &witness{}
	l, err := net.Listen("tcp", "127.0.0.1:"+site.port())
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: secret.noting(body)}}
	s.Start()
	t.Cleanup(s.Close)
	answers := []string{public}
	c := outside(t, fetch.Options{Resolver: names(func(string) []string { return answers })})
	address := "http://rebinding.example:" + site.port() + "/"
	get(t, c, address, news.Validators{})
	answers = []string{"127.0.0.1"}
	_, err = c.Get(t.Context(), fetch.Request{URL: address})
	wants[*fetch.GuardError](t, err, "this machine")
	answers = []string{"127.0.0.1", "::1", "::ffff:127.0.0.1"}
	_, err = c.Get(t.Context(), fetch.Request{URL: address})
	wants[*fetch.GuardError](t, err, "this machine")
	if site.times() != 1 || secret.times() != 0 {
		t.Errorf("the public server was asked %d times and the private one %d times, want 1 and 0", site.times(), secret.times())
	}
}

func TestRedirectsAreGuarded(t *testing.T) {
	secret := at(t, "127.0.0.1", body)
	for target, words := range map[string]string{
		secret.url:                        "this machine",
		"http://169.254.169.254/meta":     "link-local",
		"//[::ffff:10.0.0.1]/":            "private",
		"file:///etc/passwd":              "no http or https address",
		"gopher://" + public + ":70/1":    "no http or https address",
		"http://user:pw@127.0.0.1:1/feed": "this machine",
	} {
		site := at(t, public, to(target))
		_, err := outside(t, fetch.Options{}).Get(t.Context(), fetch.Request{URL: site.url})
		wants[*fetch.GuardError](t, err, words)
		if strings.Contains(err.Error(), "pw") || secret.times() != 0 {
			t.Errorf("%s: %v; the private server was asked %d times", target, err, secret.times())
		}
	}
}

func TestRedirectsThatNeverEnd(t *testing.T) {
	n := 0
	longer := at(t, public, func(w http.ResponseWriter, r *http.Request) { n++; to(fmt.Sprintf("/%d", n))(w, r) })
	circle := at(t, public, func(w http.ResponseWriter, r *http.Request) {
		to(map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path])(w, r)
	})
	self := at(t, public, func(w http.ResponseWriter, r *http.Request) { to(r.URL.Path)(w, r) })
	for _, tt := range []struct {
		name  string
		site  *witness
		asked int
		words string
	}{
		{"ever on", longer, 11, "more than 10"},
		{"in a circle", circle, 2, "in a circle"},
		{"to itself", self, 1, "in a circle"},
	} {
		_, err := outside(t, fetch.Options{}).Get(t.Context(), fetch.Request{URL: tt.site.url + "/a"})
		if err == nil || !strings.Contains(err.Error(), tt.words) || tt.site.times() != tt.asked {
			t.Errorf("%s: %v after %d requests, want %q after %d", tt.name, err, tt.site.times(), tt.words, tt.asked)
		}
	}
}

func TestPorts(t *testing.T) {
	site, ours := at(t, public, body), at(t, "127.0.0.1", body)
	p, err := net.LookupPort("tcp", site.port())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		opt    fetch.Options
		url    string
		refuse string
	}{
		{"an unusual port", fetch.Options{}, site.url, "port " + site.port() + " is not asked"},
		{"the operator's port", fetch.Options{Ports: []int{443, p}}, site.url, ""},
		{"not the operator's port", fetch.Options{Ports: []int{443}}, site.url, "add it to fetch.ports"},
		{"private networks may use any", fetch.Options{AllowPrivate: true}, ours.url, ""},
		{"which opens no public one", fetch.Options{AllowPrivate: true}, site.url, "fetch.ports"},
		{"and the port opens no private network", fetch.Options{Ports: []int{p}}, "http://127.0.0.1:" + site.port(), "allow_private"},
		{"any", fetch.Options{AnyPort: true}, site.url, ""},
	} {
		c := client(t, tt.opt)
		c.TakeForPublic(public)
		before := site.times()
		_, err := c.Get(t.Context(), fetch.Request{URL: tt.url})
		if tt.refuse == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		wants[*fetch.GuardError](t, err, tt.refuse)
		if site.times() != before {
			t.Errorf("%s: the server was asked", tt.name)
		}
	}
}

// A password goes to the server that it was written for, and is told to nobody
// else: no other host, no later address, no error.
func TestCredentials(t *testing.T) {
	other := at(t, "127.0.0.3", body)
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", body)
	mux.Handle("/here", http.RedirectHandler("/feed", http.StatusMovedPermanently))
	mux.Handle("/away", http.RedirectHandler(other.url+"/feed", http.StatusMovedPermanently))
	mux.Handle("/planted", http.RedirectHandler(strings.Replace(other.url, "://", "://eve:planted@", 1)+"/feed", http.StatusMovedPermanently))
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	mux.HandleFunc("/cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	host := at(t, "127.0.0.2", mux.ServeHTTP)
	c := client(t, fetch.Options{AllowPrivate: true})
	with := func(path string) string { return strings.Replace(host.url, "://", "://ann:s3cret@", 1) + path }
	last := func(w *witness) *http.Request { return w.asked[len(w.asked)-1] }
	for _, path := range []string{"/feed", "/here"} {
		res, err := c.Get(t.Context(), fetch.Request{URL: with(path)})
		if err != nil {
			t.Fatal(err)
		}
		if user, password, _ := last(host).BasicAuth(); user != "ann" || password != "s3cret" {
			t.Errorf("%s: the server was sent %q and %q", path, user, password)
		}
		if strings.Contains(res.URL+res.MovedTo, "@") {
			t.Errorf("%s: read at %s, moved to %s; want addresses without credentials", path, res.URL, res.MovedTo)
		}
	}
	for _, path := range []string{"/away", "/planted"} {
		res, err := c.Get(t.Context(), fetch.Request{URL: with(path)})
		if err != nil {
			t.Fatal(err)
		}
		if r := last(other); r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" || strings.Contains(res.MovedTo, "@") {
			t.Errorf("%s: the other host was sent %v; moved to %s", path, r.Header, res.MovedTo)
		}
	}
	for _, address := range []string{with("/gone"), with("/cut"), "http://ann:s3cret@127.0.0.1:1/", "http://ann:s3cret@bad host/", "ftp://ann:s3cret@" + public + "/", "http://ann:s3cret@[::1/"} {
		_, err := c.Get(t.Context(), fetch.Request{URL: address})
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "s3cret") {
			t.Errorf("%s: error %v, want one that keeps the password to itself", address, err)
		}
		var status *fetch.StatusError
		if errors.As(err, &status) && strings.Contains(status.URL, "s3cret") {
			t.Errorf("the refusal holds %s", status.URL)
		}
	}
}

// Where credentials for one address may follow a redirect.
func TestCredentialsStayWithTheirServer(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"https://a.example/", "https://A.example:443/b", true},
		{"http://a.example/", "https://a.example/", true},
		{"https://a.example/", "http://a.example/", false},
		{"https://a.example/", "https://a.example:8443/", false},
		{"https://a.example/", "https://b.a.example/", false},
		{"https://b.a.example/", "https://a.example/", false},
		{"http://a.example:8080/", "https://a.example/", false},
	} {
		from, to := mustParse(t, tt.from), mustParse(t, tt.to)
		if got := fetch.Trusts(from, to); got != tt.want {
			t.Errorf("from %s to %s: got %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// secure serves by TLS with a certificate of a test's making. mistake may spoil
// the certificate or the server.
func secure(t *testing.T, h http.HandlerFunc, mistake func(*x509.Certificate, *tls.Config)) (address string, authority *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	cfg := &tls.Config{}
	mistake(template, cfg)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if authority, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	cfg.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
	s := httptest.NewUnstartedServer(h)
	s.TLS, s.Config.ErrorLog = cfg, log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL, authority
}

func TestCertificates(t *testing.T) {
	for _, tt := range []struct {
		name    string
		known   bool // its signer is
		mistake func(*x509.Certificate, *tls.Config)
		words   string
	}{
		{"a good one", true, func(*x509.Certificate, *tls.Config) {}, ""},
		{"signed by itself", false, func(*x509.Certificate, *tls.Config) {}, "signed by nobody we know"},
		{"out of date", true, func(c *x509.Certificate, _ *tls.Config) { c.NotAfter = time.Now().Add(-24 * time.Hour) }, "out of date"},
		{"of another", true, func(c *x509.Certificate, _ *tls.Config) {
			c.IPAddresses, c.DNSNames = nil, []string{"other.example"}
		}, "not valid for its name"},
		{"an old version", true, func(_ *x509.Certificate, s *tls.Config) {
			s.MinVersion, s.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		}, "no longer safe"},
	} {
		address, authority := secure(t, body, tt.mistake)
		c := client(t, fetch.Options{AllowPrivate: true})
		if tt.known {
			c.TakeForAuthority(authority)
		}
		_, err := c.Get(t.Context(), fetch.Request{URL: address})
		if tt.words == "" && err != nil || tt.words != "" && (err == nil || !strings.Contains(err.Error(), tt.words)) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.words)
		}
	}
	plain := serve(t, body)
	_, err := client(t, fetch.Options{AllowPrivate: true}).Get(t.Context(), fetch.Request{URL: strings.Replace(plain, "http:", "https:", 1)})
	if err == nil || !strings.Contains(err.Error(), "does not speak https") {
		t.Errorf("https to an http server: %v", err)
	}
}

// A step down from https to http is told, and never remembered as a move.
func TestDowngradeIsNoted(t *testing.T) {
	plain := serve(t, body)
	address, authority := secure(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain+"/feed", http.StatusMovedPermanently)
	}, func(*x509.Certificate, *tls.Config) {})
	c := client(t, fetch.Options{AllowPrivate: true})
	c.TakeForAuthority(authority)
	res := get(t, c, address, news.Validators{})
	if !res.Downgraded || res.MovedTo != "" {
		t.Errorf("downgraded %v, moved to %q; want it noted and no move", res.Downgraded, res.MovedTo)
	}
	if get(t, c, plain, news.Validators{}).Downgraded {
		t.Error("http all the way is no downgrade")
	}
}

// raw serves what a test writes, not what net/http would.
func raw(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() {
				defer conn.Close()
				talk(conn)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); talks.Wait() })
	return "http://" + l.Addr().String()
}

// writeUntilRefused writes until the other side has had enough, at most 1 GB.
func writeUntilRefused(conn net.Conn, text string) (sent int) {
	block := bytes.Repeat([]byte(text), 100)
	for sent < 1<<30 {
		n, err := conn.Write(block)
		if sent += n; err != nil {
			return sent
		}
	}
	return sent
}

// Headers without end, of one answer or of many before it, are cut off early.
func TestHeadersWithoutEnd(t *testing.T) {
	for name, talk := range map[string]struct{ begin, more string }{
		"one answer's":        {"HTTP/1.1 200 OK\r\n", "X-Filler: " + strings.Repeat("x", 1000) + "\r\n"},
		"one line":            {"HTTP/1.1 200 OK\r\nX-Filler: ", strings.Repeat("x", 1000)},
		"a status line":       {"HTTP/1.1 200 ", strings.Repeat("x", 1000)},
		"interim answers":     {"", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"},
		"many interim 100's":  {"", "HTTP/1.1 100 Continue\r\n\r\n"},
		"trailers of a chunk": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", "X-Filler: " + strings.Repeat("x", 1000) + "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan int, 1)
			address := raw(t, func(conn net.Conn) {
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, talk.begin)
				select {
				case sent <- writeUntilRefused(conn, talk.more):
				default:
				}
			})
			_, err := client(t, fetch.Options{AllowPrivate: true, Timeout: 20 * time.Second}).Get(t.Context(), fetch.Request{URL: address})
			var late *fetch.TimeoutError
			if err == nil || errors.As(err, &late) {
				t.Errorf("got %v, want it cut off before the timeout", err)
			}
			if n := <-sent; n > 16<<20 {
				t.Errorf("%d bytes were taken", n)
			}
		})
	}
}

// A server that drips keeps nobody longer than the timeout, wherever it drips.
func TestSlowLoris(t *testing.T) {
	for name, begin := range map[string]string{
		"the status line": "HTTP/1.1 20",
		"the headers":     "HTTP/1.1 200 OK\r\nX-Filler: ",
		"the body":        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
		"chunks":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n",
		"an error's body": "HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := raw(t, func(conn net.Conn) {
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, begin)
				for drip := time.NewTicker(10 * time.Millisecond); ; <-drip.C {
					if _, err := io.WriteString(conn, "x"); err != nil {
						drip.Stop()
						return
					}
				}
			})
			_, err := client(t, fetch.Options{AllowPrivate: true, Timeout: 100 * time.Millisecond}).Get(t.Context(), fetch.Request{URL: address})
			if err == nil { // it drips for ever, so that nothing but the timeout ends it
				t.Error("a server that drips was read")
			}
			if name == "the body" || name == "chunks" {
				wants[*fetch.TimeoutError](t, err, "within 100ms")
			}
		})
	}
}

// The guard could not see behind a proxy, so none of the environment is used.
func TestProxiesOfTheEnvironment(t *testing.T) {
	proxy, site := at(t, public, body), at(t, public, body)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy.url)
	}
	c := outside(t, fetch.Options{Resolver: names(func(string) []string { return []string{public} })})
	get(t, c, "http://feeds.example:"+site.port()+"/", news.Validators{})
	if proxy.times() != 0 || site.times() != 1 {
		t.Errorf("the proxy was asked %d times and the site %d times, want 0 and 1", proxy.times(), site.times())
	}
}

// What goes wrong on the way is told in words.
func TestFaultsInWords(t *testing.T) {
	cut := raw(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) })
	short := raw(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
	})
	closed := at(t, "127.0.0.1", body)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	_ = l.Close()
	c := client(t, fetch.Options{AllowPrivate: true, Resolver: names(func(string) []string { return nil })})
	for address, words := range map[string]string{
		cut:                        "hung up",
		short:                      "hung up",
		nobody:                     "takes no connections",
		"http://missing.example./": "no such host: missing.example",
		strings.Replace(closed.url, "http", "ftp", 1): "no http or https address",
	} {
		_, err := c.Get(t.Context(), fetch.Request{URL: address})
		if err == nil || !strings.Contains(err.Error(), words) || strings.Count(err.Error(), address) > 1 {
			t.Errorf("%s: got %v, want %q", address, err, words)
		}
	}
}

// Feeds, pages, and what is posted to hubs and subscribers go the same guarded
// way, at their first address and after a redirect.
func TestOneGuardForAll(t *testing.T) {
	secret := at(t, "127.0.0.1", body)
	site := at(t, public, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		http.Redirect(w, r, secret.url, http.StatusTemporaryRedirect)
	})
	strange, _ := secure(t, body, func(*x509.Certificate, *tls.Config) {})
	for name, send := range map[string]func(*fetch.Client, string) error{
		"a feed": func(c *fetch.Client, u string) error {
			_, err := c.Get(t.Context(), fetch.Request{URL: u})
			return err
		},
		"a page": func(c *fetch.Client, u string) error {
			_, err := c.Page(t.Context(), fetch.Request{URL: u})
			return err
		},
		"a post": func(c *fetch.Client, u string) error {
			_, err := c.Post(t.Context(), fetch.Form(u, url.Values{"hub.mode": {"subscribe"}}))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			open := outside(t, fetch.Options{})
			wants[*fetch.GuardError](t, send(open, secret.url), "this machine")
			wants[*fetch.GuardError](t, send(open, site.url+"/feed"), "this machine")
			wants[*fetch.GuardError](t, send(open, "http://[64:ff9b::a9fe:a9fe]/latest/meta-data"), "link-local")
			wants[*fetch.GuardError](t, send(outside(t, fetch.Options{Ports: []int{443}}), site.url), "fetch.ports")
			if secret.times() != 0 {
				t.Errorf("the private server was asked %d times", secret.times())
			}
			if name == "a page" { // its robots.txt cannot be had, and so it may not be read
				wants[*fetch.RobotsError](t, send(client(t, fetch.Options{AllowPrivate: true}), strange), "could not be had")
				return
			}
			if err := send(client(t, fetch.Options{AllowPrivate: true}), strange); err == nil || !strings.Contains(err.Error(), "signed by nobody we know") {
				t.Errorf("a certificate of nobody's: %v", err)
			}
		})
	}
}

// Each step of a way takes its host's slot, and the wait for it is not the
// server's.
func TestRedirectsTakeSlots(t *testing.T) {
	other := at(t, "127.0.0.3", body)
	site := at(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			to("/b")(w, r)
			return
		}
		to(other.url+"/feed")(w, r)
	})
	var slots []string
	wait := time.Duration(0)
	now := time.Now()
	opt := fetch.Options{AllowPrivate: true, Timeout: 300 * time.Millisecond, Reserve: func(_ context.Context, host string, _ time.Duration) (time.Time, error) {
		slots = append(slots, host)
		return time.Unix(1_800_000_000, 0).Add(wait), nil
	}}
	get(t, client(t, opt), site.url+"/a", news.Validators{})
	if want := []string{"127.0.0.2", "127.0.0.3"}; !slices.Equal(slots, want) {
		t.Errorf("slots of %v were taken, want %v: each step one, the first having been taken by the caller", slots, want)
	}
	wait = 200 * time.Millisecond
	if _, err := client(t, opt).Get(t.Context(), fetch.Request{URL: site.url + "/a"}); err != nil || time.Since(now) < 400*time.Millisecond {
		t.Errorf("after two waits of 200 ms with a timeout of 300 ms: %v, want the waits not counted", err)
	}
	wait = time.Hour
	_, err := client(t, opt).Get(t.Context(), fetch.Request{URL: site.url + "/a"})
	wants[*fetch.BusyError](t, err, "did not get its turn")
}
