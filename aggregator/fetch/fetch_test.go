package fetch_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func hash(b []byte) uint64 { h := fnv.New64a(); _, _ = h.Write(b); return h.Sum64() }

func client(t *testing.T, opt fetch.Options) *fetch.Client {
	t.Helper()
	return clientAt(t, opt, func() time.Time { return time.Unix(1_800_000_000, 0) })
}

func clientAt(t *testing.T, opt fetch.Options, now func() time.Time) *fetch.Client {
	t.Helper()
	opt.Hash, opt.UserAgent, opt.Now = hash, "copydesk/test", now
	c := fetch.New(opt)
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func get(t *testing.T, c *fetch.Client, url string, v news.Validators) *fetch.Response {
	t.Helper()
	res, err := c.Get(t.Context(), fetch.Request{URL: url, Validators: v})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// Validators go back to the server exactly as they came, even malformed ones,
// and are refreshed by every answer.
func TestValidatorsAreOpaque(t *testing.T) {
	var asked http.Header
	answer := func(w http.ResponseWriter) {
		w.Header()["Etag"] = []string{`W/"odd one", no quotes`}
		w.Header().Set("Last-Modified", "yesterday")
	}
	status := http.StatusOK
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Clone()
		answer(w)
		w.WriteHeader(status)
		if status == http.StatusOK {
			_, _ = io.WriteString(w, "body")
		}
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	first := get(t, c, url, news.Validators{})
	if asked.Get("If-None-Match") != "" || asked.Get("If-Modified-Since") != "" || first.Unchanged {
		t.Errorf("the first request sent validators: %v", asked)
	}
	status = http.StatusNotModified
	answer = func(w http.ResponseWriter) { w.Header().Set("ETag", `"new"`) }
	second := get(t, c, url, first.Validators)
	if got := asked.Get("If-None-Match"); got != `W/"odd one", no quotes` {
		t.Errorf("If-None-Match = %q", got)
	}
	if got := asked.Get("If-Modified-Since"); got != "yesterday" {
		t.Errorf("If-Modified-Since = %q", got)
	}
	want := news.Validators{ETag: `"new"`, LastModified: "yesterday", BodyHash: hash([]byte("body"))}
	if !second.Unchanged || second.Validators != want {
		t.Errorf("after a 304: %+v, want %+v", second.Validators, want)
	}
	status, answer = http.StatusOK, func(http.ResponseWriter) {}
	third := get(t, c, url, second.Validators)
	if !third.Unchanged || third.Validators != (news.Validators{BodyHash: want.BodyHash}) {
		t.Errorf("the same bytes without validators: %+v", third)
	}
}

func TestEncodings(t *testing.T) {
	text := strings.Repeat("tide ", 1000)
	write := func(open func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		z := open(&b)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		return b.Bytes()
	}
	for encoding, body := range map[string][]byte{
		"gzip":     write(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"br":       write(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }),
		"zstd":     write(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }),
		"deflate":  write(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }),
		"Deflate":  write(func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z }),
		"identity": []byte(text),
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(body)
		})
		if got := get(t, client(t, fetch.Options{AllowPrivate: true}), url, news.Validators{}); string(got.Body) != text {
			t.Errorf("%s: %d bytes, want %d", encoding, len(got.Body), len(text))
		}
	}
}

// zeros is a body without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestBodiesAreCapped(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = io.CopyN(z, zeros{}, 64<<20)
	_ = z.Close()
	for name, h := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, 5<<30) },
		"a bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		},
	} {
		_, err := client(t, fetch.Options{AllowPrivate: true, MaxBody: 1 << 20}).Get(t.Context(), fetch.Request{URL: serve(t, h)})
		var large *fetch.TooLargeError
		if !errors.As(err, &large) {
			t.Errorf("%s: %v, want a TooLargeError", name, err)
		}
	}
}

func TestTimeoutsCoverTheBody(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // drips nothing more
	})
	_, err := client(t, fetch.Options{AllowPrivate: true, Timeout: 50 * time.Millisecond}).Get(t.Context(), fetch.Request{URL: url})
	if err == nil || !strings.Contains(err.Error(), "no complete answer within 50ms") {
		t.Errorf("err = %v", err)
	}
}

func TestRefusals(t *testing.T) {
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	gone := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	empty := serve(t, func(http.ResponseWriter, *http.Request) {})
	private := client(t, fetch.Options{AllowPrivate: true})
	for name, c := range map[string]struct {
		client    *fetch.Client
		url, want string
	}{
		"a circle":       {private, loop, "redirects"},
		"410":            {private, gone, "410 Gone"},
		"an empty body":  {private, empty, "empty"},
		"another scheme": {private, "file:///etc/passwd", "no http or https address"},
		"this machine":   {client(t, fetch.Options{}), gone, "this machine"},
		"metadata":       {client(t, fetch.Options{}), "http://169.254.169.254/latest", "link-local"},
		"mapped IPv4":    {client(t, fetch.Options{}), "http://[::ffff:10.0.0.1]/", "private"},
		"NAT64":          {client(t, fetch.Options{}), "http://[64:ff9b::7f00:1]/", "this machine"},
		"6to4":           {client(t, fetch.Options{}), "http://[2002:c0a8:0101::]/", "private"},
		"carrier":        {client(t, fetch.Options{}), "http://100.64.1.1/", "private"},
		"nobody":         {client(t, fetch.Options{}), "http://0.0.0.0/", "no single machine"},
	} {
		_, err := c.client.Get(t.Context(), fetch.Request{URL: c.url})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestCancelIsNoTimeout(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client(t, fetch.Options{AllowPrivate: true}).Get(ctx, fetch.Request{URL: "http://127.0.0.1:1/"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func BenchmarkGet(b *testing.B) {
	for name, body := range map[string]string{"304": "", "200-60KB": strings.Repeat("x", 60_000)} {
		b.Run(name, func(b *testing.B) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if body == "" {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				_, _ = io.WriteString(w, body)
			}))
			defer s.Close()
			c := fetch.New(fetch.Options{AllowPrivate: true, Hash: hash, Now: time.Now})
			defer c.Close()
			for b.Loop() {
				if _, err := c.Get(b.Context(), fetch.Request{URL: s.URL, Validators: news.Validators{ETag: `"1"`}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
