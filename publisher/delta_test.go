package publisher_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
	"copydesk/publisher/feed"
)

var formatOf = map[string]string{feedPaths[0]: "rss", feedPaths[1]: "atom", feedPaths[2]: "json"}

// wide is a channel that holds n articles.
func wide(n int) publisher.Options {
	return publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: n}, channels[1]}}
}

// A client that asks so gets what is new to it since any edition it may have,
// a hundred and more of them back, from this process and from the next.
func TestDeltas(t *testing.T) {
	const editions = 120
	s := newShelf()
	s.put("a000", "wire", "News 000", noon)
	press, server := openWith(t, s, wide(200))
	tags := map[string][]string{}
	for i := range editions {
		mustPrint(t, press)
		for _, path := range feedPaths {
			tags[path] = append(tags[path], ask(t, server, "GET", path).Header.Get("ETag"))
		}
		s.put(news.Key(fmt.Sprintf("a%03d", i+1)), "wire", fmt.Sprintf("News %03d", i+1), noon.Add(time.Duration(i)*time.Minute))
	}
	s.edit("a005", func(a *news.Article) { a.Title = "News 005, corrected" }, noon.Add(3*time.Hour))
	mustPrint(t, press)
	again, restarted := openWith(t, s, wide(200))
	mustPrint(t, again)
	for name, h := range map[string]http.Handler{"the same process": server, "after a restart": restarted} {
		for _, path := range feedPaths {
			now := ask(t, h, "GET", path).Header.Get("ETag")
			for i, tag := range tags[path] {
				if i > 2 && i%10 > 0 {
					continue // some of them stand for all
				}
				res := ask(t, h, "GET", path, "A-IM: feed, gzip;q=0.5", "If-None-Match: "+tag)
				text := body(t, res)
				if res.StatusCode != http.StatusIMUsed || res.Header.Get("IM") != "feed" || res.Header.Get("ETag") != now {
					t.Fatalf("%s, %s, %d editions back: got %d with IM %q and ETag %s, want 226 with %s", name, path, editions-i, res.StatusCode, res.Header.Get("IM"), res.Header.Get("ETag"), now)
				}
				if i%30 > 0 {
					continue // reading all of them closely takes long
				}
				if err := feed.Check(formatOf[path], []byte(text)); err != nil {
					t.Fatalf("%s, %s: %v", name, path, err)
				}
				for _, k := range []int{0, 5, i, i + 1, editions} {
					title, want := fmt.Sprintf("News %03d", k), k > i || k == 5
					if got := strings.Contains(text, title); got != want {
						t.Errorf("%s, %s, %d editions back: %s is there: %v, want %v", name, path, editions-i, title, got, want)
					}
				}
			}
		}
	}
}

func TestDeltaHeaders(t *testing.T) {
	s := newShelf()
	for i := range 9 {
		s.put(news.Key(fmt.Sprint("a", i)), "wire", "News", noon)
	}
	press, server := open(t, s)
	mustPrint(t, press)
	tag := ask(t, server, "GET", feedPaths[1]).Header.Get("ETag")
	s.put("b", "wire", "Newer", noon.Add(time.Hour))
	mustPrint(t, press)
	want := ask(t, server, "GET", feedPaths[1], "Accept-Encoding: br")
	res := ask(t, server, "GET", feedPaths[1], "A-IM: feed", "If-None-Match: "+tag, "Accept-Encoding: br")
	for name, value := range map[string]string{
		"Cache-Control": "no-store, im, max-age=60", "Vary": want.Header.Get("Vary"), "ETag": want.Header.Get("ETag"), "Content-Encoding": "br",
		"Content-Type": want.Header.Get("Content-Type"), "Last-Modified": want.Header.Get("Last-Modified"), "Link": want.Header.Get("Link"),
	} {
		if got := res.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	next := ask(t, server, "GET", feedPaths[1], "A-IM: feed", "If-None-Match: "+res.Header.Get("ETag"), "Accept-Encoding: br")
	if next.StatusCode != 304 {
		t.Errorf("with the tag of the delta: got %d, want 304", next.StatusCode)
	}
	for _, tt := range []struct {
		name, method string
		header       []string
		want         int
	}{
		{"no A-IM", "GET", []string{"If-None-Match: " + tag}, 200},
		{"another manipulation", "GET", []string{"A-IM: diffe", "If-None-Match: " + tag}, 200},
		{"refused", "GET", []string{"A-IM: feed;q=0", "If-None-Match: " + tag}, 200},
		{"no tag", "GET", []string{"A-IM: feed"}, 200},
		{"a tag of something else", "GET", []string{"A-IM: feed", `If-None-Match: "abc.zz.0000"`}, 200},
		{"a tag of an edition that nobody knows", "GET", []string{"A-IM: feed", "If-None-Match: " + strings.TrimSuffix(tag, `"`) + `0"`}, 200},
		{"a tag as they were", "GET", []string{"A-IM: feed", `If-None-Match: "0123456789abcdef01234567.9.0a1b2c3d"`}, 200},
		{"a tag without a sum", "GET", []string{"A-IM: feed", "If-None-Match: " + tag[:1] + tag[strings.Index(tag, "."):]}, 200},
		{"HEAD", "HEAD", []string{"A-IM: feed", "If-None-Match: " + tag}, 200},
		{"weak, in a list, of another coding", "GET", []string{"A-IM: feed", `If-None-Match: "x", W/` + strings.TrimSuffix(tag, `"`) + `+zstd"`}, 226},
		{"of gzip", "GET", []string{"A-IM: feed", "If-None-Match: " + strings.TrimSuffix(tag, `"`) + `+gzip"`}, 226},
		{"of gzip, as it was", "GET", []string{"A-IM: feed", "If-None-Match: " + strings.TrimSuffix(tag, `"`) + `-gzip"`}, 226},
		{"of gzip, for a browser", "GET", []string{"A-IM: feed", "If-None-Match: " + strings.TrimSuffix(tag, `"`) + `-shown+gzip"`}, 226},
		{"any", "GET", []string{"A-IM: feed", "If-None-Match: *"}, 304},
		{"behind a tag with a comma", "GET", []string{"A-IM: feed", `If-None-Match: "x,*,y", ` + tag}, 226},
		{"within another tag", "GET", []string{"A-IM: feed", `If-None-Match: "x,` + strings.Trim(tag, `"`) + `"`}, 200},
		{"only as it was", "GET", []string{"A-IM: feed", "If-None-Match: " + tag, "If-Match: " + tag}, 412},
	} {
		if got := ask(t, server, tt.method, feedPaths[1], tt.header...).StatusCode; got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	for _, path := range []string{"/channels/all", "/"} { // pages know no parts
		if got := ask(t, server, "GET", path, "A-IM: feed", "If-None-Match: "+tag).StatusCode; got != 200 {
			t.Errorf("%s: got %d, want 200", path, got)
		}
	}
}

// Whatever happened to a channel, who comes with an edition that is known is told
// what it lacks of the one of now, and nothing else.
func TestDeltasAcrossACut(t *testing.T) {
	s := newShelf()
	opt := publisher.Options{Sources: slices.Clone(sources), Channels: slices.Clone(channels)}
	opt.Channels[0].Limit = 5
	for i := range 9 {
		s.put(news.Key(fmt.Sprint("a", i)), "wire", fmt.Sprint("News ", i), noon.Add(time.Duration(i)*time.Minute))
	}
	press, server := openWith(t, s, opt)
	mustPrint(t, press)
	tags := map[string]string{}
	for _, path := range feedPaths {
		tags[path] = ask(t, server, "GET", path).Header.Get("ETag")
	}
	for _, step := range []struct {
		name   string
		change func()
		want   []string // of the entries, by what their titles end in
	}{
		{"one left, another moved up", func() { s.withdraw("a1", noon.Add(time.Hour)) }, []string{"5"}},
		{"one came", func() { s.put("A", "wire", "News b", noon.Add(2*time.Hour)) }, []string{"b"}},
		{"one was corrected", func() {
			s.edit("a3", func(a *news.Article) { a.Title = "News c" }, noon.Add(3*time.Hour))
		}, []string{"c"}},
		{"the channel has another title", func() { opt.Channels[0].Title = "All of it" }, nil},
		{"there is more of it", func() { opt.Channels[0].Limit = 7 }, []string{"5", "6"}},
		{"there is less of it", func() { opt.Channels[0].Limit = 3 }, nil},
		{"the source has another name", func() { opt.Sources[0].Name = "The Wires" }, []string{"b", "0", "2"}},
	} {
		step.change()
		press, server = openWith(t, s, opt)
		mustPrint(t, press)
		for _, path := range feedPaths {
			res := ask(t, server, "GET", path, "A-IM: feed", "If-None-Match: "+tags[path])
			text := body(t, res)
			if res.StatusCode != 226 || res.Header.Get("Delta-Base") != tags[path] {
				t.Errorf("%s, %s: got %d on %s, want 226 on %s", step.name, path, res.StatusCode, res.Header.Get("Delta-Base"), tags[path])
			}
			if err := feed.Check(formatOf[path], []byte(text)); err != nil {
				t.Errorf("%s, %s: %v", step.name, path, err)
			}
			for _, end := range "0123456789bc" {
				title := "News " + string(end)
				if got, want := strings.Contains(text, title), slices.Contains(step.want, string(end)); got != want {
					t.Errorf("%s, %s: %s is there: %v, want %v", step.name, path, title, got, want)
				}
			}
			tags[path] = res.Header.Get("ETag")
			if again := ask(t, server, "GET", path, "A-IM: feed", "If-None-Match: "+tags[path]); again.StatusCode != 304 {
				t.Errorf("%s, %s: again: got %d, want 304", step.name, path, again.StatusCode)
			}
		}
	}
}

// Of several editions that a client has the newest is taken, and named as we named
// it (RFC 3229 §10.5.1).
func TestDeltaBase(t *testing.T) {
	s := newShelf()
	press, server := open(t, s)
	var tags []string
	for i := range 4 {
		s.put(news.Key(fmt.Sprint("a", i)), "wire", fmt.Sprint("News ", i), noon.Add(time.Duration(i)*time.Minute))
		mustPrint(t, press)
		tags = append(tags, ask(t, server, "GET", feedPaths[1]).Header.Get("ETag"))
	}
	res := ask(t, server, "GET", feedPaths[1], "A-IM: feed", `If-None-Match: "x", `+tags[0]+", W/"+tags[2], "If-None-Match: "+tags[1])
	if text := body(t, res); res.StatusCode != 226 || res.Header.Get("Delta-Base") != tags[2] || strings.Count(text, "<entry>") != 1 {
		t.Errorf("got %d on %s with %d entries, want 226 on %s with one", res.StatusCode, res.Header.Get("Delta-Base"), strings.Count(text, "<entry>"), tags[2])
	}
	coded := strings.TrimSuffix(tags[2], `"`) + `+gzip"`
	for _, marked := range []string{coded, "W/" + coded, "W/" + strings.TrimSuffix(coded, `"`) + `-gzip"`} {
		if got := ask(t, server, "GET", feedPaths[1], "A-IM: feed", "If-None-Match: "+marked).Header.Get("Delta-Base"); got != coded {
			t.Errorf("who has %s got a delta on %s, want on %s", marked, got, coded)
		}
	}
}

// Who has been told what is new has all, however short that was, and in whatever
// coding he takes: with the tag that came with it he hears that nothing is new.
func TestDeltaEndsInNotModified(t *testing.T) {
	for _, accept := range []string{"", "identity", "gzip", "br", "zstd", "gzip, deflate, br, zstd"} {
		for _, path := range feedPaths {
			s := newShelf()
			for i := range 3 {
				s.put(news.Key(fmt.Sprint("a", i)), "wire", fmt.Sprint("News ", i), noon.Add(time.Duration(i)*time.Minute))
			}
			press, server := open(t, s)
			mustPrint(t, press)
			tag := ask(t, server, "GET", path, "Accept-Encoding: "+accept).Header.Get("ETag")
			s.withdraw("a1", noon.Add(time.Hour)) // of a shelf that keeps no archive nothing is told but a head
			mustPrint(t, press)
			now := ask(t, server, "GET", path, "Accept-Encoding: "+accept).Header.Get("ETag")
			delta := ask(t, server, "GET", path, "Accept-Encoding: "+accept, "A-IM: feed", "If-None-Match: "+tag)
			if got := delta.Header.Get("ETag"); delta.StatusCode != 226 || got != now {
				t.Errorf("%s, accepting %q: got %d with %s, want 226 with %s", path, accept, delta.StatusCode, got, now)
			}
			for _, header := range [][]string{{"A-IM: feed"}, nil} {
				again := ask(t, server, "GET", path, append(header, "Accept-Encoding: "+accept, "If-None-Match: "+delta.Header.Get("ETag"))...)
				if again.StatusCode != 304 || again.Header.Get("ETag") != now {
					t.Errorf("%s, accepting %q: then got %d with %s, want 304 with %s", path, accept, again.StatusCode, again.Header.Get("ETag"), now)
				}
			}
		}
	}
}

// Tags that nobody knows make no work for the database, and one that is known is
// looked up once; an edition that cannot be noted is served all the same, and is
// known as long as this process is.
func TestLedger(t *testing.T) {
	s := newShelf()
	s.put("a", "wire", "News", noon)
	press, server := open(t, s)
	mustPrint(t, press)
	first := ask(t, server, "GET", feedPaths[0]).Header.Get("ETag")
	s.unkept = errors.New("the disk is full")
	s.put("b", "wire", "News", noon.Add(time.Hour))
	mustPrint(t, press)
	second := ask(t, server, "GET", feedPaths[0]).Header.Get("ETag")
	s.put("c", "wire", "News", noon.Add(2*time.Hour))
	mustPrint(t, press)
	status := func(server http.Handler, tag string) int {
		return ask(t, server, "GET", feedPaths[0], "A-IM: feed", "If-None-Match: "+tag).StatusCode
	}
	if a, b := status(server, first), status(server, second); a != 226 || b != 226 || s.recalled != 0 {
		t.Errorf("while the log fails: got %d and %d after %d look-ups, want 226 without any", a, b, s.recalled)
	}
	s.unkept = nil
	press, server = open(t, s)
	mustPrint(t, press)
	for range 3 {
		if a, b := status(server, first), status(server, second); a != 226 || b != 200 || s.recalled != 1 {
			t.Errorf("after a restart: got %d and %d after %d look-ups, want 226 and 200 after one", a, b, s.recalled)
		}
	}
	for i := range 100 {
		if got := status(server, fmt.Sprintf(`"0123456789abcdef01234567.%d"`, i)); got != 200 || s.recalled != 1 {
			t.Fatalf("tag %d that nobody knows: got %d after %d look-ups", i, got, s.recalled)
		}
	}
	clear(s.editions)
	press, server = open(t, s)
	mustPrint(t, press)
	if got := status(server, first); got != 200 {
		t.Errorf("an edition that is gone from the log: got %d, want 200", got)
	}
}

// A busy channel is asked for again soon, a quiet one late; on every node
// alike.
func TestFreshness(t *testing.T) {
	for gap, want := range map[time.Duration]string{
		time.Second: "max-age=60, stale-while-revalidate=600", 30 * time.Minute: "max-age=180, ", 5 * time.Hour: "max-age=1800, ", 48 * time.Hour: "max-age=3600, ",
	} {
		s := newShelf()
		for i := range 10 {
			s.put(news.Key(fmt.Sprint("a", i)), "wire", "News", noon.Add(time.Duration(i)*gap))
		}
		press, server := open(t, s)
		mustPrint(t, press)
		if got := ask(t, server, "GET", feedPaths[0]).Header.Get("Cache-Control"); !strings.HasPrefix(got, "public, "+want) {
			t.Errorf("an article every %v: got %q, want %q", gap, got, want)
		}
	}
}

// Of a thousand channels only those are printed that take an article.
func TestPrintsOnlyWhatChanged(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	var list []news.Channel
	for i := range 1000 {
		list = append(list, news.Channel{Slug: news.Slug(fmt.Sprint("c", i)), Title: "C", Limit: 50})
	}
	press, server := openWith(t, s, publisher.Options{Sources: sources, Channels: list})
	mustPrint(t, press)
	get(t, server, "/channels/c999/feed.rss")
	before := map[int]int{}
	for i := range list {
		before[i] = s.prints(news.Shelf{Kind: news.ChannelShelf, Slug: list[i].Slug})
	}
	s.mu.Lock()
	s.revision++
	for i := range 10 {
		sh := news.Shelf{Kind: news.ChannelShelf, Slug: list[i*100].Slug}
		s.touched[sh] = news.Touched{Shelf: sh, Revision: s.revision, At: noon.Add(time.Hour)}
	}
	s.mu.Unlock()
	mustPrint(t, press)
	for i := range list {
		want := 0
		if i%100 == 0 {
			want = 1
		}
		if got := s.prints(news.Shelf{Kind: news.ChannelShelf, Slug: list[i].Slug}) - before[i]; got != want {
			t.Errorf("channel %d: got %d prints, want %d", i, got, want)
		}
	}
}
