package publisher_test

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func TestCodings(t *testing.T) {
	_, _, server := printed(t)
	decode := map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) },
	}
	for _, path := range append([]string{"/", "/channels/all", "/articles/a1", "/static/house.css"}, feedPaths...) {
		plain := get(t, server, path)
		tags := map[string]string{}
		for accept, want := range map[string]string{
			"": "", "gzip": "gzip", "GZIP": "gzip", "x-gzip": "gzip", "zstd": "zstd", "identity": "", "compress": "",
			"gzip, deflate, br": "br", "gzip, deflate, br, zstd": "br", "gzip;q=1.0, br;q=0.5": "gzip", "gzip ; q=0.2 , zstd ; q=0.3": "zstd",
			"*": "br", "*;q=0.1": "br", "br;q=0, *": "zstd", "*;q=0, gzip": "gzip", "gzip;q=0, *;q=0": "",
			"gzip;q=0.5, identity": "", "gzip, identity": "gzip", "gzip;q=0.001": "gzip", "gzip;q=0.001, identity;q=0": "gzip",
			"br;q=0, gzip;q=0": "", "br;q=0.000": "", "br; q=nonsense": "", "br;q=7": "", "br;q=NaN": "", "br;q=-1": "", ",,;,": "",
		} {
			res := ask(t, server, "GET", path, "Accept-Encoding: "+accept)
			got := res.Header.Get("Content-Encoding")
			if got != want {
				t.Errorf("%s: accepting %q got %q, want %q", path, accept, got, want)
				continue
			}
			r, err := decode[got](res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(r); err != nil || string(text) != plain {
				t.Errorf("%s as %q is another text (%v)", path, got, err)
			}
			if old := tags[got]; old != "" && old != res.Header.Get("ETag") {
				t.Errorf("%s as %q has two ETags", path, got)
			}
			tags[got] = res.Header.Get("ETag")
			if !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: Vary is %q", path, res.Header.Get("Vary"))
			}
		}
		seen := map[string]bool{}
		for coding, tag := range tags {
			if seen[tag] || !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) {
				t.Errorf("%s as %q has the ETag %s, want a strong one of its own", path, coding, tag)
			}
			seen[tag] = true
		}
	}
}

// So little gains nothing from compression.
func TestSmallDocumentsStayAsTheyAre(t *testing.T) {
	_, _, server := printed(t)
	if got := ask(t, server, "GET", "/static/icon.svg", "Accept-Encoding: br").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("got %q for 200 bytes, want none", got)
	}
}

func TestNotModified(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range append([]string{"/", "/channels/all", "/articles/a1", "/opml", "/sources/wire/feed.rss", "/static/house.css"}, feedPaths...) {
		first := ask(t, server, "GET", path)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		bare := strings.Trim(tag, `"`)
		for _, tt := range []struct {
			name   string
			header []string
			want   int
		}{
			{"the tag", []string{"If-None-Match: " + tag}, 304},
			{"the tag, weak", []string{"If-None-Match: W/" + tag}, 304},
			{"a list", []string{`If-None-Match: "x", ` + tag}, 304},
			{"a list without blanks", []string{`If-None-Match: "x",W/` + tag + `,"y"`}, 304},
			{"two lines", []string{`If-None-Match: "x"`, "If-None-Match: " + tag}, 304},
			{"any", []string{"If-None-Match: *"}, 304},
			{"a comma and a star within a tag", []string{`If-None-Match: "x,*,y"`}, 200},
			{"the tag within another", []string{`If-None-Match: "x,` + tag[1:len(tag)-1] + `,y"`}, 200},
			{"the tag behind one with a comma", []string{`If-None-Match: "x,*,y", ` + tag}, 304},
			{"the tag behind one with a backslash", []string{`If-None-Match: "x\", ` + tag}, 304},
			{"the tag behind one that is not closed", []string{`If-None-Match: "x, ` + bare}, 200},
			{"a star beside a tag", []string{`If-None-Match: "x", *`}, 200},
			{"a proxy's -gzip", []string{`If-None-Match: "` + bare + `-gzip"`}, 304},
			{"a proxy's -gzip, weak", []string{`If-None-Match: W/"` + bare + `-gzip"`}, 304},
			{"another tag", []string{`If-None-Match: "x"`}, 200},
			{"no tag", []string{"If-None-Match: "}, 200},
			{"a tag that merely begins so", []string{`If-None-Match: "` + bare + `0"`}, 200},
			{"a tag that merely ends so", []string{`If-None-Match: "x,` + bare + `"`}, 200},
			{"the tag of another coding", []string{`If-None-Match: "` + bare + `+br"`}, 200},
			{"the tag of another coding, as it was", []string{`If-None-Match: "` + bare + `-br"`}, 200},
			{"the tag of gzip", []string{`If-None-Match: "` + bare + `+gzip"`}, 200},
			{"the tag wins over an older date", []string{"If-None-Match: " + tag, "If-Modified-Since: Tue, 24 Nov 2020 12:00:00 GMT"}, 304},
			{"another tag wins over the date", []string{`If-None-Match: "x"`, "If-Modified-Since: " + modified}, 200},
			{"a star within a tag", []string{`If-None-Match: "x,*,y"`}, 200},
			{"a tag behind one with a comma", []string{`If-None-Match: "x,y", ` + tag}, 304},
			{"two dates", []string{"If-Modified-Since: " + modified, "If-Modified-Since: " + modified}, 200},
			{"the date", []string{"If-Modified-Since: " + modified}, 304},
			{"a later date", []string{"If-Modified-Since: Thu, 24 Nov 2033 12:00:00 GMT"}, 304},
			{"an older date", []string{"If-Modified-Since: Tue, 24 Nov 2020 12:00:00 GMT"}, 200},
			{"a date that is none", []string{"If-Modified-Since: yesterday"}, 200},
			{"two dates", []string{"If-Modified-Since: " + modified, "If-Modified-Since: " + modified}, 200},
			{"two dates on a line", []string{"If-Modified-Since: " + modified + ", " + modified}, 200},
		} {
			if modified == "" && strings.Contains(tt.name, "date") {
				continue // a document without a date, such as the list of channels
			}
			for _, method := range []string{"GET", "HEAD"} {
				res := ask(t, server, method, path, tt.header...)
				text := body(t, res)
				if res.StatusCode != tt.want {
					t.Errorf("%s %s with %s: got %d, want %d", method, path, tt.name, res.StatusCode, tt.want)
				}
				if (res.StatusCode == 304 || method == "HEAD") && text != "" {
					t.Errorf("%s %s with %s: a body of %d bytes", method, path, tt.name, len(text))
				}
				for _, name := range []string{"Cache-Control", "ETag", "Vary", "Last-Modified"} {
					if got, want := res.Header.Get(name), first.Header.Get(name); got != want {
						t.Errorf("%s %s with %s: %s is %q, want %q", method, path, tt.name, name, got, want)
					}
				}
				if got := res.Header.Get("Content-Encoding") + res.Header.Get("Content-Length"); res.StatusCode == 304 && got != "" {
					t.Errorf("%s %s with %s: a 304 that describes a body: %q", method, path, tt.name, got)
				}
			}
		}
	}
}

// Who wants a document only as it was gets no other one (RFC 9110 §13.1.1,
// §13.1.4), and hears so before he hears that he has it (§13.2.2).
func TestPreconditions(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range append([]string{"/", "/channels/all", "/articles/a1", "/opml", "/sources/wire/feed.rss", "/static/house.css"}, feedPaths...) {
		first := ask(t, server, "GET", path)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		older, later := "Tue, 24 Nov 2020 12:00:00 GMT", "Thu, 24 Nov 2033 12:00:00 GMT"
		for _, tt := range []struct {
			name   string
			header []string
			want   int
		}{
			{"the tag", []string{"If-Match: " + tag}, 200},
			{"the tag in a list", []string{`If-Match: "x,y", ` + tag}, 200},
			{"the tag as a proxy marks it", []string{"If-Match: " + strings.TrimSuffix(tag, `"`) + `-gzip"`}, 200},
			{"any", []string{"If-Match: *"}, 200},
			{"another tag", []string{`If-Match: "nope"`}, 412},
			{"a star within a tag", []string{`If-Match: "x,*,y"`}, 412},
			{"a weak tag", []string{"If-Match: W/" + tag}, 412},
			{"the tag of another coding", []string{"If-Match: " + strings.TrimSuffix(tag, `"`) + `+br"`}, 412},
			{"no tag", []string{"If-Match: "}, 412},
			{"another tag, and one that it has", []string{`If-Match: "nope"`, "If-None-Match: " + tag}, 412},
			{"the tag twice", []string{"If-Match: " + tag, "If-None-Match: " + tag}, 304},
			{"the date", []string{"If-Unmodified-Since: " + modified}, 200},
			{"a later date", []string{"If-Unmodified-Since: " + later}, 200},
			{"an older date", []string{"If-Unmodified-Since: " + older}, 412},
			{"an older date, and a tag that it has", []string{"If-Unmodified-Since: " + older, "If-None-Match: " + tag}, 412},
			{"an older date that the tag wins over", []string{"If-Match: " + tag, "If-Unmodified-Since: " + older}, 200},
			{"two older dates", []string{"If-Unmodified-Since: " + older, "If-Unmodified-Since: " + older}, 200},
			{"a date that is none", []string{"If-Unmodified-Since: yesterday"}, 200},
		} {
			if modified == "" && strings.Contains(tt.name, "date") {
				continue // a document without a date, such as the list of channels
			}
			for _, method := range []string{"GET", "HEAD"} {
				res := ask(t, server, method, path, tt.header...)
				if res.StatusCode != tt.want {
					t.Errorf("%s %s with %s: got %d, want %d", method, path, tt.name, res.StatusCode, tt.want)
				}
				if res.StatusCode == 412 && (res.Header.Get("ETag") != "" || res.Header.Get("Cache-Control") != "no-store") {
					t.Errorf("%s %s with %s: a 412 with ETag %q and Cache-Control %q", method, path, tt.name, res.Header.Get("ETag"), res.Header.Get("Cache-Control"))
				}
			}
		}
	}
	if got := ask(t, server, "GET", "/articles/none", `If-Match: "nope"`).StatusCode; got != 404 {
		t.Errorf("where there is nothing: got %d, want 404", got)
	}
}

// Each coding is asked for again with its own tag, and no other's: a shared
// cache would hand out bytes that its reader cannot decode.
func TestNotModifiedByCoding(t *testing.T) {
	_, _, server := printed(t)
	for _, coding := range []string{"br", "zstd", "gzip"} {
		accept := "Accept-Encoding: " + coding
		tag := ask(t, server, "GET", feedPaths[0], accept).Header.Get("ETag")
		again := ask(t, server, "GET", feedPaths[0], accept, "If-None-Match: "+tag)
		if again.StatusCode != 304 || again.Header.Get("ETag") != tag {
			t.Errorf("%s: got %d with %s, want 304 with %s", coding, again.StatusCode, again.Header.Get("ETag"), tag)
		}
		for name, marked := range map[string]string{
			"as it was": strings.Replace(tag, "+", "-", 1), "with a proxy's mark": strings.TrimSuffix(tag, `"`) + `-gzip"`, "weak": "W/" + tag,
		} {
			if res := ask(t, server, "GET", feedPaths[0], accept, "If-None-Match: "+marked); res.StatusCode != 304 {
				t.Errorf("%s: its tag %s got %d, want 304", coding, name, res.StatusCode)
			}
		}
		for _, other := range []string{"br", "zstd", "gzip"} {
			if res := ask(t, server, "GET", feedPaths[0], "Accept-Encoding: "+other, "If-None-Match: "+tag); (res.StatusCode == 304) != (other == coding) {
				t.Errorf("%s: its tag got %d for a reader who takes %s", coding, res.StatusCode, other)
			}
		}
		if res := ask(t, server, "GET", feedPaths[0], "If-None-Match: "+tag); res.StatusCode != 200 {
			t.Errorf("%s: its tag got %d for a reader who does not take it, want 200", coding, res.StatusCode)
		}
	}
}

// HEAD says what GET would.
func TestHead(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range append([]string{"/", "/channels/all", "/articles/a1", "/articles/none", "/nothing", "/healthz"}, feedPaths...) {
		for _, accept := range []string{"", "gzip"} {
			g, h := ask(t, server, "GET", path, "Accept-Encoding: "+accept), ask(t, server, "HEAD", path, "Accept-Encoding: "+accept)
			if g.StatusCode != h.StatusCode {
				t.Errorf("%s: HEAD got %d, GET %d", path, h.StatusCode, g.StatusCode)
			}
			for name := range g.Header {
				if !slices.Equal(g.Header[name], h.Header[name]) {
					t.Errorf("%s: %s is %q for HEAD, %q for GET", path, name, h.Header[name], g.Header[name])
				}
			}
		}
	}
}

// A browser that opens a feed sees a page; everything else sees the feed. A
// cache can tell the two apart.
func TestBrowsersSeeAStyledFeed(t *testing.T) {
	_, _, server := printed(t)
	for i, path := range feedPaths {
		feed := ask(t, server, "GET", path)
		person := ask(t, server, "GET", path, "Sec-Fetch-Dest: document")
		if i == 2 { // JSON has no style
			if got := person.Header.Get("Content-Type"); got != "application/feed+json; charset=utf-8" {
				t.Errorf("%s for a browser: got %s", path, got)
			}
			continue
		}
		if !strings.HasPrefix(person.Header.Get("Content-Type"), "text/xml") || !strings.Contains(body(t, person), "<?xml-stylesheet") {
			t.Errorf("%s for a browser: got %s", path, person.Header.Get("Content-Type"))
		}
		if person.Header.Get("ETag") == feed.Header.Get("ETag") {
			t.Errorf("%s: a browser's ETag is the feed's", path)
		}
		for _, res := range []*http.Response{feed, person} {
			if got := res.Header.Get("Vary"); got != "Accept-Encoding, Sec-Fetch-Dest" {
				t.Errorf("%s: got Vary %q", path, got)
			}
		}
		for _, dest := range []string{"empty", "iframe", "image"} {
			if got := ask(t, server, "GET", path, "Sec-Fetch-Dest: "+dest).Header.Get("Content-Type"); got != feed.Header.Get("Content-Type") {
				t.Errorf("%s for %s: got %s", path, dest, got)
			}
		}
		again := ask(t, server, "GET", path, "Sec-Fetch-Dest: document", "If-None-Match: "+person.Header.Get("ETag"))
		if again.StatusCode != 304 {
			t.Errorf("%s for a browser that has it: got %d, want 304", path, again.StatusCode)
		}
	}
}

// A 304 has what guides caches, and nothing that the client has already (RFC
// 9110 §15.4.5).
func TestNotModifiedIsShort(t *testing.T) {
	_, _, server := printed(t)
	tag := ask(t, server, "GET", feedPaths[0]).Header.Get("ETag")
	res := ask(t, server, "GET", feedPaths[0], "If-None-Match: "+tag)
	got := slices.Sorted(maps.Keys(res.Header))
	if want := []string{"Cache-Control", "Etag", "Last-Modified", "Vary"}; res.StatusCode != http.StatusNotModified || !slices.Equal(got, want) {
		t.Errorf("got %d with %v, want 304 with %v", res.StatusCode, got, want)
	}
}
