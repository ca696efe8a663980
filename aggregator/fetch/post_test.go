package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"copydesk/aggregator/fetch"
)

// A form is sent again only where a hub asks for the same request at another
// address: 307 and 308 (WebSub §5.1.2).
func TestPostAndRedirects(t *testing.T) {
	for code, want := range map[int]struct {
		status int
		got    string
	}{
		200: {202, "POST a=1"}, 307: {202, "POST a=1"}, 308: {202, "POST a=1"},
		301: {301, ""}, 302: {302, ""}, 303: {303, ""},
	} {
		got := ""
		target := serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = r.Method + " " + string(body)
			w.WriteHeader(http.StatusAccepted)
		})
		url := target
		if code != 200 {
			url = serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, code) })
		}
		reply, err := client(t, fetch.Options{AllowPrivate: true}).Post(t.Context(), fetch.Form(url, map[string][]string{"a": {"1"}}))
		if err != nil || reply.Status != want.status || got != want.got {
			t.Errorf("%d: %+v (%v), and the target got %q; want %d and %q", code, reply, err, got, want.status, want.got)
		}
	}
}

func TestPostSaysWhatItIs(t *testing.T) {
	var got http.Header
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		http.Error(w, strings.Repeat("no ", 10_000), http.StatusForbidden)
	})
	reply, err := client(t, fetch.Options{AllowPrivate: true}).Post(t.Context(), fetch.Form(address, url.Values{"hub.topic": {"ü"}}))
	if err != nil || reply.Status != 403 || len(reply.Text) > 4<<10 {
		t.Fatalf("got %d with %d bytes (%v)", reply.Status, len(reply.Text), err)
	}
	if got.Get("Content-Type") != "application/x-www-form-urlencoded" || got.Get("User-Agent") != "copydesk/test" {
		t.Errorf("sent %v", got)
	}
}

// What is posted passes the same guard as what is fetched, after redirects too.
func TestPostIsGuarded(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a private server was reached") })
	var guarded *fetch.GuardError
	if _, err := client(t, fetch.Options{}).Post(t.Context(), fetch.Message{URL: address}); !errors.As(err, &guarded) {
		t.Errorf("got %v, want a refusal of ours", err)
	}
	for _, bad := range []string{"", "gopher://hub.example/", "http://"} {
		if _, err := client(t, fetch.Options{}).Post(t.Context(), fetch.Message{URL: bad}); err == nil {
			t.Errorf("%q was asked", bad)
		}
	}
}

// What answers somewhere else, or not well, is told as it is.
func TestAsk(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, r.Method+" "+r.URL.RawQuery+strings.Repeat(" ", 10_000))
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	reply, err := c.Ask(t.Context(), address+"/?a=1")
	if err != nil || reply.Status != 200 || !strings.HasPrefix(reply.Text, "GET a=1 ") || len(reply.Text) != 4<<10 {
		t.Errorf("got %+v (%v)", reply, err)
	}
	if reply, err := c.Ask(t.Context(), address+"/moved"); err != nil || reply.Status != 307 {
		t.Errorf("a redirect: got %+v (%v)", reply, err)
	}
}

func TestPermit(t *testing.T) {
	for address, want := range map[string]bool{
		"https://reader.example/push": true, "http://1.1.1.1/": true, "http://reader.example:8080/": true,
		"http://127.0.0.1/": false, "http://[::1]/": false, "http://localhost/": false, "http://a.localhost./": false, "http://169.254.169.254/latest": false,
		"http://reader.example:25/": false, "http://1.1.1.1:25/": false, "ftp://reader.example/": false, "http://10.0.0.1/": false, "": false,
	} {
		if err := client(t, fetch.Options{}).Permit(address); (err == nil) != want {
			t.Errorf("%q: got %v, want allowed: %v", address, err, want)
		}
	}
	if err := client(t, fetch.Options{AllowPrivate: true}).Permit("http://127.0.0.1:4711/"); err != nil {
		t.Errorf("where private addresses are meant: %v", err)
	}
}
