package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

// What robots.txt files say to us, by the examples of RFC 9309 and the habits of
// the web.
func TestRobots(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		yes, no    string // paths, parted by blanks
	}{
		{"an empty file", "", "/ /a", ""},
		{"all is forbidden", "User-agent: *\nDisallow: /", "", "/ /a /a?b"},
		{"nothing is forbidden", "User-agent: *\nDisallow:", "/ /a", ""},
		{"we are named", "User-agent: *\nDisallow: /\n\nUser-agent: copydesk\nDisallow: /private", "/ /a", "/private /private/a /privateer"},
		{"we are named and let in", "User-agent: copydesk\nDisallow:\n\nUser-agent: *\nDisallow: /", "/ /a", ""},
		{"in capitals and with a version", "USER-AGENT: CopyDesk/1.0\nDISALLOW: /a", "/b", "/a"},
		{"another of a longer name", "User-agent: copydesk-news\nDisallow: /\n", "/a", ""},
		{"another of a shorter name", "User-agent: copy\nDisallow: /\n", "/a", ""},
		{"groups of one name are one", "User-agent: copydesk\nDisallow: /a\n\nUser-agent: other\nDisallow: /c\n\nUser-agent: copydesk\nDisallow: /b", "/c", "/a /b"},
		{"one group for several", "User-agent: other\nUser-agent: copydesk\nDisallow: /a", "/b", "/a"},
		{"blank lines do not end a group", "User-agent: *\n\n\nDisallow: /a\n\nDisallow: /b", "/c", "/a /b"},
		{"other records do not end a group", "User-agent: copydesk\nSitemap: https://a.example/map.xml\nCrawl-delay: 1\nUser-agent: other\nDisallow: /a", "/b", "/a"},
		{"rules before any group", "Disallow: /\nUser-agent: *\nDisallow: /a", "/b", "/a"},
		{"comments and odd blanks", "# hello\n  user-agent :  *  # all\n\tdisallow\t:\t/a # this", "/b", "/a"},
		{"ends of lines of old", "User-agent: *\rDisallow: /a\r\nDisallow: /b", "/c", "/a /b"},
		{"a byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/b", "/a"},
		{"a page of HTML", "<!DOCTYPE html><html><head><title>Not: found</title></head></html>", "/ /a", ""},
		{"a line that is none", "User-agent: *\nDisallow /a\nDisallow: /b", "/a", "/b"},

		{"the longest wins", "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /example", "/example/page/ /example/page/b", "/example /example/page/disallowed.gif"},
		{"the longest wins in any order", "User-agent: *\nDisallow: /\nAllow: /p", "/page /p", "/ /a"},
		{"of two as long the kinder", "User-agent: *\nDisallow: /page\nAllow: /page", "/page", ""},
		{"the end", "User-agent: *\nDisallow: /*.gif$\nDisallow: /exact$", "/a.gif?b /a.gif/b /exact/ /exactly", "/a.gif /a/b.gif /exact"},
		{"anything between", "User-agent: *\nDisallow: /a*/private*/x", "/a/private/y /b/private/x", "/a/b/private/c/x /a/private/x/y"},
		{"a star at the end says nothing more", "User-agent: *\nDisallow: /fish*", "/", "/fish /fish/salmon /fishheads"},
		{"a star at the beginning", "User-agent: *\nDisallow: *.php", "/a.html", "/a.php /b/a.php?c"},
		{"stars that overlap", "User-agent: *\nDisallow: /a*ab$", "/ab /a", "/aab /abab"},
		{"queries count", "User-agent: *\nDisallow: /*?*print=", "/a /print=1", "/a?print=1 /a?b&print=1"},
		{"small letters are others", "User-agent: *\nDisallow: /Fish", "/fish", "/Fish"},
		{"escapes of one meaning", "User-agent: *\nDisallow: /~ann\nDisallow: /%7Ebob\nDisallow: /a%3cd", "/a%3Ce", "/%7Eann /~bob /%7ebob /a%3Cd /a%3cd"},
		{"letters of all scripts", "User-agent: *\nDisallow: /ツ\nDisallow: /%e3%83%84/2", "/%E3%83%85", "/%E3%83%84 /%e3%83%84/2"},
		{"an escaped slash is no slash", "User-agent: *\nDisallow: /a/b", "/a%2Fb", "/a/b"},
		{"an escaped star is a star", "User-agent: *\nDisallow: /a%2A\nDisallow: /b%24", "/ab /b", "/a*b /a%2a /b$"},
		{"a dollar within is a dollar", "User-agent: *\nDisallow: /a$b", "/a", "/a$b /a%24b"},
		{"a rule that never begins a path", "User-agent: *\nDisallow: a", "/a", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for path, want := range paths(tt.yes, tt.no) {
				if got := fetch.RobotsAllow(tt.file, path); got != want {
					t.Errorf("%s: got %v, want %v", path, got, want)
				}
			}
		})
	}
}

func paths(yes, no string) map[string]bool {
	out := map[string]bool{}
	for _, p := range strings.Fields(yes) {
		out[p] = true
	}
	for _, p := range strings.Fields(no) {
		out[p] = false
	}
	return out
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$", "/xaxb")
	f.Add("User-agent: copydesk\nCrawl-delay: 1e9\nAllow: %2", "%")
	f.Fuzz(func(t *testing.T, file, path string) {
		fetch.RobotsAllow(file, path) // must end, and not panic
		if !fetch.RobotsAllow("User-agent: other\nDisallow: /\n", path) {
			t.Errorf("%q is forbidden by what is said to another", path)
		}
	})
}

// A newsSite has a robots.txt and pages, and notes what is asked.
type newsSite struct {
	url    string
	robots http.HandlerFunc
	asked  []string
}

func newNewsSite(t *testing.T, robots http.HandlerFunc) *newsSite {
	t.Helper()
	s := &newsSite{robots: robots}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked = append(s.asked, r.URL.Path)
		switch r.URL.Path {
		case "/robots.txt":
			s.robots(w, r)
		case "/moved":
			http.Redirect(w, r, "/private/a", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "<p>body</p>")
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func page(c *fetch.Client, address string) error {
	_, err := c.Page(context.Background(), fetch.Request{URL: address})
	return err
}

// Pages heed robots.txt, also where a redirect leads; feeds do not, for they
// are made to be read by programs.
func TestRobotsAreForPages(t *testing.T) {
	site := newNewsSite(t, text("User-agent: *\nDisallow: /private"))
	c := client(t, fetch.Options{AllowPrivate: true})
	if err := page(c, site.url+"/open"); err != nil {
		t.Error(err)
	}
	wants[*fetch.RobotsError](t, page(c, site.url+"/private/a"), "forbids it (/private)")
	wants[*fetch.RobotsError](t, page(c, site.url+"/moved"), "forbids it (/private)")
	get(t, c, site.url+"/private/feed", news.Validators{})
	if got := strings.Join(site.asked, " "); got != "/robots.txt /open /moved /private/feed" {
		t.Errorf("the site was asked for %s; want robots.txt once and no forbidden page", got)
	}
}

// What an answer to the question for robots.txt means (RFC 9309 §2.3.1).
func TestRobotsAnswers(t *testing.T) {
	closed := "User-agent: *\nDisallow: /"
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == strings.Repeat("x", n) {
				_, _ = io.WriteString(w, closed)
				return
			}
			http.Redirect(w, r, "/robots.txt?"+r.URL.RawQuery+"x", http.StatusFound)
		}
	}
	for _, tt := range []struct {
		name   string
		robots http.HandlerFunc
		words  string // of the refusal; empty where the page may be read
	}{
		{"there is none", status(404), ""},
		{"it is forbidden", status(403), ""},
		{"it is gone", status(410), ""},
		{"the server is ill", status(500), "could not be had"},
		{"the server is busy", status(503), "could not be had"},
		{"we ask too often", status(429), "could not be had"},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "could not be had"},
		{"it is empty", text(""), ""},
		{"it is elsewhere", hops(5), "forbids"},
		{"it is nowhere", hops(6), ""},
		{"it is endless", text(closed + "\n" + strings.Repeat("# filler\n", 1<<17)), "forbids"},
		{"what stands after 500 KiB does not count", text(strings.Repeat("# filler\n", 1<<16) + closed), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site := newNewsSite(t, tt.robots)
			err := page(client(t, fetch.Options{AllowPrivate: true}), site.url+"/a")
			if tt.words == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wants[*fetch.RobotsError](t, err, tt.words)
		})
	}
}

// The file is asked for once a day; a server that was ill, after an hour, and
// what it said before holds meanwhile.
func TestRobotsAreRemembered(t *testing.T) {
	site := newNewsSite(t, status(500))
	now := clock
	c := clientAt(t, fetch.Options{AllowPrivate: true}, func() time.Time { return now })
	for _, step := range []struct {
		after   time.Duration
		robots  http.HandlerFunc
		asked   bool
		allowed bool
	}{
		{0, status(500), true, false},
		{59 * time.Minute, text(""), false, false},
		{2 * time.Minute, text(""), true, true},
		{23 * time.Hour, text("User-agent: *\nDisallow: /"), false, true},
		{2 * time.Hour, text("User-agent: *\nDisallow: /"), true, false},
		{25 * time.Hour, status(500), true, false},
		{30 * time.Minute, status(404), false, false},
		{31 * time.Minute, status(404), true, true},
	} {
		now, site.robots, site.asked = now.Add(step.after), step.robots, nil
		err := page(c, site.url+"/a")
		if asked := len(site.asked) > 0 && site.asked[0] == "/robots.txt"; asked != step.asked || (err == nil) != step.allowed {
			t.Errorf("after %v: asked %v, allowed %v (%v); want %v and %v", step.after, asked, err == nil, err, step.asked, step.allowed)
		}
	}
}

// Each question about pages takes a slot of the host, with the gap that the
// site asks for; a minute at most.
func TestPagesTakeSlots(t *testing.T) {
	for file, want := range map[string]time.Duration{
		"": 0, "User-agent: *\nCrawl-delay: 2.5": 2500 * time.Millisecond, "User-agent: *\nCrawl-delay: 86400": time.Minute,
		"User-agent: *\nCrawl-delay: soon": 0, "User-agent: other\nCrawl-delay: 5": 0, "User-agent: *\nCrawl-delay: 9\n\nUser-agent: copydesk\nCrawl-delay: 3": 3 * time.Second,
	} {
		site := newNewsSite(t, text(file))
		var taken []string
		again := true
		c := client(t, fetch.Options{AllowPrivate: true, Spare: func(_ context.Context, host string, gap time.Duration) (time.Time, bool, error) {
			if again = !again; !again { // each slot is had at the second attempt
				return clock, false, nil
			}
			taken = append(taken, fmt.Sprint(host, " ", gap))
			return clock, true, nil
		}})
		for range 2 {
			if err := page(c, site.url+"/a"); err != nil {
				t.Fatal(err)
			}
		}
		wanted := fmt.Sprintf("[127.0.0.1 0s 127.0.0.1 %v 127.0.0.1 %v]", want, want)
		if got := fmt.Sprint(taken); got != wanted {
			t.Errorf("%q: slots %s, want %s", file, got, wanted)
		}
	}
}

// Who waits for a slot waits no longer than its context lasts, and lets the next
// one in.
func TestPagesWaitAsLongAsTheyMay(t *testing.T) {
	site := newNewsSite(t, text(""))
	free := false
	c := client(t, fetch.Options{AllowPrivate: true, Spare: func(context.Context, string, time.Duration) (time.Time, bool, error) {
		return clock.Add(time.Hour), free, nil
	}})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Page(ctx, fetch.Request{URL: site.url + "/a"}); !errors.Is(err, context.DeadlineExceeded) || len(site.asked) != 0 {
		t.Errorf("got %v, and the site was asked for %v", err, site.asked)
	}
	free = true
	if err := page(c, site.url+"/a"); err != nil {
		t.Error(err)
	}
}

// Many sites do not fill the memory.
func TestRobotsOfManySites(t *testing.T) {
	c := client(t, fetch.Options{AllowPrivate: true})
	for i := range 10_000 {
		c.RememberSite(fmt.Sprintf("https://site-%d.example", i))
	}
	if n := c.RememberedSites(); n != 4096 {
		t.Errorf("%d sites are remembered, want 4096", n)
	}
}

// An address in our own network is refused for what it is, not for its
// robots.txt.
func TestPagesAreGuarded(t *testing.T) {
	site := newNewsSite(t, text(""))
	wants[*fetch.GuardError](t, page(client(t, fetch.Options{}), site.url+"/a"), "this machine")
	if len(site.asked) != 0 {
		t.Errorf("the site was asked for %v", site.asked)
	}
}
