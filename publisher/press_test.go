package publisher_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/waittest"
	"copydesk/publisher"
)

// The same articles give the same bytes, whoever prints them and whatever has
// happened before.
func TestSameBytesAfterARestart(t *testing.T) {
	s, press, server := printed(t)
	for i := range 5 {
		s.put(news.Key(fmt.Sprintf("b%d", i)), "wire", "News", noon.Add(time.Duration(i+1)*time.Minute))
		mustPrint(t, press)
	}
	s.withdraw("b1", noon.Add(time.Hour))
	mustPrint(t, press)
	again, other := open(t, s)
	mustPrint(t, again)
	for _, path := range append([]string{"/", "/channels/few", "/sources/wire/feed.rss", "/articles/a1", "/opml"}, feedPaths...) {
		a, b := ask(t, server, "GET", path), ask(t, other, "GET", path)
		if body(t, a) != body(t, b) || a.Header.Get("ETag") != b.Header.Get("ETag") || a.Header.Get("Last-Modified") != b.Header.Get("Last-Modified") {
			t.Errorf("%s differs after a restart", path)
		}
	}
}

// Even a reader who comes before the press gets the bytes that it will print.
func TestSameBytesBeforeThePress(t *testing.T) {
	s, _, server := printed(t)
	_, early := open(t, s)
	for _, path := range append([]string{"/sources/wire/feed.atom"}, feedPaths...) {
		a, b := ask(t, server, "GET", path), ask(t, early, "GET", path)
		if body(t, a) != body(t, b) || a.Header.Get("Last-Modified") != b.Header.Get("Last-Modified") {
			t.Errorf("%s: an early reader got other bytes, or another date (%s, want %s)", path, b.Header.Get("Last-Modified"), a.Header.Get("Last-Modified"))
		}
	}
}

// A change is printed once, however often the press looks and readers ask;
// what did not change is not printed at all.
func TestPrintsOnce(t *testing.T) {
	s, press, server := printed(t)
	before := map[news.Shelf]int{all: s.prints(all), few: s.prints(few)}
	tags := map[string]string{}
	for _, path := range []string{"/channels/few/feed.atom", "/channels/all/feed.atom"} {
		tags[path] = ask(t, server, "GET", path).Header.Get("ETag")
	}
	s.put("a3", "shy", "Third story", noon.Add(time.Hour))
	for range 5 {
		mustPrint(t, press)
		for _, path := range feedPaths {
			get(t, server, path)
		}
	}
	if got := s.prints(all) - before[all]; got != 1 {
		t.Errorf("the channel that changed: got %d prints, want 1", got)
	}
	if got := s.prints(few) - before[few]; got != 0 {
		t.Errorf("the channel that did not change: got %d prints, want 0", got)
	}
	if got := ask(t, server, "GET", "/channels/few/feed.atom").Header.Get("ETag"); got != tags["/channels/few/feed.atom"] {
		t.Error("a channel that did not change has another ETag")
	}
	if got := ask(t, server, "GET", "/channels/all/feed.atom").Header.Get("ETag"); got == tags["/channels/all/feed.atom"] {
		t.Error("a channel that changed has the same ETag")
	}
	asked := s.questions()
	mustPrint(t, press)
	if got := s.questions() - asked; got != 1 {
		t.Errorf("nothing changed: got %d questions, want the one for what changed", got)
	}
}

// A printed shelf is served from memory, even while the press is behind.
func TestServingAsksNobody(t *testing.T) {
	s, _, server := printed(t)
	paths := append([]string{"/", "/channels/all", "/opml", "/static/icon.svg", "/healthz", "/sources/wire", "/sources/wire/feed.json", "/articles/a1"}, feedPaths...)
	for _, path := range paths {
		get(t, server, path)
	}
	s.put("a9", "wire", "Not yet printed", noon.Add(time.Hour))
	before := s.questions()
	for range 3 {
		for _, path := range paths {
			for _, header := range []string{"Accept-Encoding: br", "If-None-Match: *", "Sec-Fetch-Dest: document"} {
				ask(t, server, "GET", path, header)
			}
		}
	}
	if n := s.questions() - before; n != 0 {
		t.Errorf("serving asked the shelf %d times, want never", n)
	}
}

// While a channel is being printed, readers get its last edition at once.
func TestReadersNeverWait(t *testing.T) {
	s, press, server := printed(t)
	paths := []string{feedPaths[0], "/", "/channels/few", "/sources/wire/feed.rss", "/opml"}
	want := map[string]string{}
	for _, path := range paths {
		want[path] = get(t, server, path)
	}
	s.put("a8", "wire", "Being printed", noon.Add(time.Hour))
	entered, release := make(chan struct{}), make(chan struct{})
	goOn := sync.OnceFunc(func() { close(release) })
	defer goOn()
	s.before = sync.OnceFunc(func() { close(entered); <-release })
	done := make(chan error, 1)
	go func() { done <- press.Print(context.Background()) }()
	waittest.Receive(t, entered) // the press stands before the shelf
	served := make(chan struct{})
	go func() {
		defer close(served)
		for _, path := range paths {
			if body(t, ask(t, server, "GET", path)) != want[path] {
				t.Errorf("%s: during printing, a reader got something else than the last edition", path)
			}
		}
	}()
	waittest.Receive(t, served) // never, if a reader waited for the press
	goOn()
	if err := waittest.Receive(t, done); err != nil {
		t.Error(err)
	}
	if got := get(t, server, feedPaths[0]); !strings.Contains(got, "Being printed") {
		t.Error("after printing, the change is not served")
	}
}

// Last-Modified never goes backwards, so a client that asks by date learns of a
// withdrawal.
func TestLastModifiedOnlyGrows(t *testing.T) {
	s, now := newShelf(), noon
	s.put("a1", "wire", "First", noon)
	press, server := openWith(t, s, publisher.Options{Sources: sources, Now: func() time.Time { return now }})
	mustPrint(t, press)
	stamp := func() time.Time {
		at, err := http.ParseTime(ask(t, server, "GET", feedPaths[0]).Header.Get("Last-Modified"))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	last := stamp()
	for i, change := range []func(){
		func() { s.put("a4", "wire", "Fourth", noon.Add(time.Hour)) },
		func() { s.withdraw("a4", noon.Add(time.Hour)) },    // in the same second
		func() { s.put("a5", "wire", "Fifth", noon) },       // stamped by a clock that was put back
		func() { s.withdraw("a5", noon.Add(-time.Minute)) }, // likewise
	} {
		now = now.Add(2 * time.Hour)
		change()
		mustPrint(t, press)
		if now := stamp(); !now.After(last) {
			t.Errorf("change %d: Last-Modified went from %v to %v", i, last, now)
		} else {
			last = now
		}
	}
}

// A database that fails costs readers nothing.
func TestLastEditionStays(t *testing.T) {
	s, press, server := printed(t)
	want := get(t, server, feedPaths[1])
	source := get(t, server, "/sources/wire/feed.json")
	s.put("a6", "wire", "Sixth", noon.Add(time.Hour))
	s.fail(errors.New("disk full"))
	if err := press.Print(t.Context()); err == nil {
		t.Error("the press hides that it cannot look for changes")
	}
	if got := get(t, server, feedPaths[1]); got != want {
		t.Error("the last edition is not served")
	}
	if got := get(t, server, "/sources/wire/feed.json"); got != source {
		t.Error("the last edition of a source is not served")
	}
	if res := ask(t, server, "GET", "/articles/a1"); res.StatusCode != 500 || strings.Contains(body(t, res), "disk full") {
		t.Errorf("an article that cannot be read: got %d", res.StatusCode)
	}
	s.fail(nil)
	mustPrint(t, press)
	for _, path := range []string{feedPaths[1], "/sources/wire/feed.json", "/"} {
		if !strings.Contains(get(t, server, path), "Sixth") {
			t.Errorf("%s: once the database is back, the change is not printed", path)
		}
	}
}

// A channel whose articles cannot be read keeps its last edition, and the
// others go on; the fault is told once.
func TestOneChannelFails(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	var log bytes.Buffer
	press, server := openWith(t, s, publisher.Options{Sources: sources, Log: slog.New(slog.NewTextHandler(&log, nil))})
	mustPrint(t, press)
	want := get(t, server, "/channels/few/feed.json")
	s.failOne(few, errors.New("a page of the disk is damaged"))
	s.put("a2", "wire", "Second", noon.Add(time.Hour))
	for range 3 {
		mustPrint(t, press)
	}
	if got := get(t, server, "/channels/few/feed.json"); got != want {
		t.Error("the channel that fails does not keep its last edition")
	}
	if got := get(t, server, "/channels/all/feed.json"); !strings.Contains(got, "Second") {
		t.Error("one channel's fault keeps another from being printed")
	}
	if got := strings.Count(log.String(), "could not be printed"); got != 1 || !strings.Contains(log.String(), "shelf=few") {
		t.Errorf("the fault was told %d times, want once with its channel:\n%s", got, log.String())
	}
	s.failOne(few, nil)
	mustPrint(t, press)
	if got := get(t, server, "/channels/few/feed.json"); !strings.Contains(got, "Second") {
		t.Error("once the channel can be read again, it is not printed")
	}
}

// What breaks a printer keeps the last edition of that shelf, and is told.
func TestBrokenPrinter(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	var stuck []news.Shelf
	press, server := openWith(t, s, publisher.Options{Sources: sources, Stuck: func(_ context.Context, shelf news.Shelf) error { stuck = append(stuck, shelf); return nil }})
	mustPrint(t, press)
	want := get(t, server, "/channels/few/feed.rss")
	s.put("a2", "wire", "Second", noon.Add(time.Minute))
	s.between = func() { panic("slice bounds out of range") }
	mustPrint(t, press)
	if got := get(t, server, "/channels/few/feed.rss"); got != want {
		t.Errorf("the last edition is gone: %s", got)
	}
	if text, _ := press.Fault(few); !strings.Contains(text, "slice bounds") || !slices.Contains(stuck, few) {
		t.Errorf("got fault %q, alerts of %v", text, stuck)
	}
	s.between = nil
	s.put("a3", "wire", "Third", noon.Add(time.Hour))
	mustPrint(t, press)
	if got := get(t, server, "/channels/few/feed.rss"); !strings.Contains(got, "Third") {
		t.Errorf("the next edition: %s", got)
	}
}

// An edition that no format can hold is not tried again until its articles
// change, and keeps nobody else from being served.
func TestUnprintable(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "Huge", noon)
	s.edit("a1", func(a *news.Article) { a.Title = strings.Repeat("x", 6_000_000) }, noon)
	s.put("a2", "shy", "Small", noon)
	var stuck []news.Shelf
	opt := publisher.Options{Sources: sources, Stuck: func(_ context.Context, shelf news.Shelf) error { stuck = append(stuck, shelf); return nil }}
	press, server := openWith(t, s, opt)
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 {
		t.Errorf("before the press: got %d, want 503", res.StatusCode)
	}
	for range 5 {
		mustPrint(t, press)
	}
	all := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
	if len(stuck) != 2 || !slices.Contains(stuck, all) || !slices.Contains(stuck, few) {
		t.Errorf("got alerts of %v, want one of each channel", stuck)
	}
	if text, since := press.Fault(few); !strings.Contains(text, "5000000") || since.IsZero() {
		t.Errorf("got fault %q since %v", text, since)
	}
	if got := s.prints(few); got != 1 {
		t.Errorf("got %d prints of what cannot be printed, want 1", got)
	}
	if res := ask(t, server, "GET", "/channels/few/feed.rss"); res.StatusCode != 500 {
		t.Errorf("a channel that cannot be printed: got %d, want 500", res.StatusCode)
	}
	for _, path := range []string{"/readyz", "/", "/sources/shy/feed.rss"} {
		get(t, server, path)
	}
	if got := get(t, server.Admin(), "/metrics"); !strings.Contains(got, "copydesk_shelves_unprintable 2\n") { // all and few
		t.Error("the metrics do not tell that two channels are stuck")
	}
	s.edit("a1", func(a *news.Article) { a.Title = "Cut" }, noon.Add(time.Minute))
	mustPrint(t, press)
	want := get(t, server, "/channels/few/feed.rss")
	if text, _ := press.Fault(few); text != "" {
		t.Errorf("a channel that is printed again has fault %q", text)
	}
	if got := get(t, server.Admin(), "/metrics"); !strings.Contains(got, "copydesk_shelves_unprintable 0\n") {
		t.Error("the metrics do not tell that the channels are printed again")
	}
	s.edit("a1", func(a *news.Article) { a.Title = strings.Repeat("x", 6_000_000) }, noon.Add(time.Hour))
	mustPrint(t, press)
	if got := get(t, server, "/channels/few/feed.rss"); got != want {
		t.Error("a document that fails its checks has taken the place of the last good one")
	}
}

// An article that is withdrawn while an edition is gathered is not in it.
func TestWithdrawnMeanwhile(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "Stays", noon)
	s.put("a2", "wire", "Goes", noon)
	press, server := open(t, s)
	s.between = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		a := s.articles["a2"]
		a.Withdrawn = true
		s.articles["a2"] = a
	}
	mustPrint(t, press)
	if got := get(t, server, feedPaths[2]); strings.Contains(got, "Goes") || !strings.Contains(got, "Stays") {
		t.Errorf("got %s", got)
	}
}

// The index is printed anew when what it shows of a channel changes, and only
// then.
func TestIndexFollowsWhatItShows(t *testing.T) {
	s := newShelf()
	for i := range 10 {
		s.put(news.Key(fmt.Sprintf("n%d", i)), "wire", fmt.Sprintf("News %d", i), noon)
	}
	press, server := open(t, s)
	mustPrint(t, press)
	index := func() string { return ask(t, server, "GET", "/").Header.Get("ETag") }
	first, channel := index(), get(t, server, "/channels/all")
	s.edit("n9", func(a *news.Article) { a.Title = "Changed, far down" }, noon.Add(time.Hour))
	mustPrint(t, press)
	if get(t, server, "/channels/all") == channel {
		t.Fatal("the channel did not change")
	}
	if index() != first {
		t.Error("the index changed, although what it shows did not")
	}
	s.edit("n0", func(a *news.Article) { a.Title = "Changed, on top" }, noon.Add(2*time.Hour))
	mustPrint(t, press)
	if index() == first || !strings.Contains(get(t, server, "/"), "Changed, on top") {
		t.Error("the index did not follow its first headline")
	}
}

// The feeds of sources are printed when they are asked for, kept while they
// are read, and let go.
func TestPrintsOfSources(t *testing.T) {
	s, press, server := printed(t)
	path := "/sources/wire/feed.rss"
	if got := s.prints(wire); got != 0 {
		t.Errorf("got %d prints of a source that nobody asked for, want 0", got)
	}
	for range 3 {
		get(t, server, path)
	}
	if got := s.prints(wire); got != 1 {
		t.Errorf("three readers: got %d prints, want 1", got)
	}
	s.put("b1", "wire", "Fresh", noon.Add(time.Hour))
	mustPrint(t, press)
	if got := s.prints(wire); got != 2 {
		t.Errorf("a source that is read has changed: got %d prints, want 2", got)
	}
	asked := s.questions()
	if !strings.Contains(get(t, server, path), "Fresh") || s.questions() != asked {
		t.Error("its next reader did not find it printed")
	}
	for i := range 3 { // the first is printed for the reader just now, the others for nobody
		s.put("b2", "wire", fmt.Sprint("Unread ", i), noon.Add(2*time.Hour))
		mustPrint(t, press)
	}
	if got := s.prints(wire); got != 3 {
		t.Errorf("a source that nobody reads any more: got %d prints, want 3", got)
	}
	if !strings.Contains(get(t, server, path), "Unread 2") {
		t.Error("who comes back to a source does not find its news")
	}
}

// However many sources are walked through, few stay in memory; those that left
// it come back with the same bytes and no earlier date.
func TestSourcePrintsAreBounded(t *testing.T) {
	s := newShelf()
	list := sources[:1:1]
	for i := range 70 {
		slug := news.Slug(fmt.Sprintf("s%02d", i))
		list = append(list, news.Source{Slug: slug, Name: string(slug), Republish: news.RepublishFull})
		s.put(news.Key("k"+slug), slug, "News", noon)
	}
	s.put("a1", "wire", "First", noon)
	press, server := openWith(t, s, publisher.Options{Sources: list})
	mustPrint(t, press)
	path := "/sources/wire/feed.atom"
	get(t, server, path)
	s.put("a2", "wire", "Second", noon) // in the same second, so its date is moved on
	mustPrint(t, press)
	first := ask(t, server, "GET", path)
	for _, src := range list[1:] {
		get(t, server, "/sources/"+string(src.Slug)+"/feed.rss")
	}
	before := s.prints(wire)
	again := ask(t, server, "GET", path)
	if got := s.prints(wire) - before; got != 1 {
		t.Errorf("after seventy others, the first source was printed %d times again, want once", got)
	}
	for _, name := range []string{"ETag", "Last-Modified"} {
		if a, b := first.Header.Get(name), again.Header.Get(name); a != b {
			t.Errorf("printed again, %s went from %s to %s", name, a, b)
		}
	}
	last := news.Shelf{Kind: news.SourceShelf, Slug: "s69"}
	before = s.prints(last)
	get(t, server, "/sources/s69/feed.rss")
	if got := s.prints(last) - before; got != 0 {
		t.Errorf("the source read last was printed %d times again, want never", got)
	}
}

// A channel capped by source is read as deep as it takes to fill it.
func TestReadsDeeperWhereASourceIsCapped(t *testing.T) {
	s := newShelf()
	for i := range 30 {
		s.put(news.Key(fmt.Sprintf("a%02d", i)), "wire", "Of the wire", noon)
	}
	s.put("z1", "shy", "Far down", noon)
	press, server := open(t, s)
	press2, capped := openWith(t, s, publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 5, PerSource: 2}}})
	mustPrint(t, press)
	mustPrint(t, press2)
	if !strings.Contains(get(t, server, feedPaths[2]), "Far down") {
		t.Error("an uncapped channel lost an article")
	}
	if got := get(t, capped, feedPaths[2]); strings.Count(got, "Of the wire") != 2 || !strings.Contains(got, "Far down") {
		t.Errorf("got %d of the capped source, want 2 and the one below", strings.Count(got, "Of the wire"))
	}
}

// A running press prints at once when it is woken, looks by itself four times
// a second, prints bursts together, and ends with its context.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- press.Run(ctx) }()
		time.Sleep(100 * time.Millisecond)
		serves := func(title string) bool { return strings.Contains(get(t, server, feedPaths[2]), title) }

		s.put("b1", "wire", "Woken", noon.Add(time.Hour))
		press.Wake()
		synctest.Wait()
		if !serves("Woken") {
			t.Error("a press that was woken did not print at once")
		}
		s.put("b2", "wire", "Found", noon.Add(2*time.Hour))
		time.Sleep(300 * time.Millisecond)
		if !serves("Found") {
			t.Error("a press that nobody woke did not find a change within its poll")
		}
		before := s.prints(all)
		for i := range 100 { // one every millisecond
			s.put(news.Key(fmt.Sprintf("c%d", i)), "wire", fmt.Sprint("Burst ", i), noon.Add(3*time.Hour))
			press.Wake()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		if got := s.prints(all) - before; got > 5 {
			t.Errorf("a burst of a tenth of a second: got %d prints, want a few", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got %v at the end, want nil", err)
		}
	})
}

// A database that is away is told of once, and again when it has been back.
func TestRunTellsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		var log bytes.Buffer
		press, _ := openWith(t, s, publisher.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- press.Run(ctx) }()
		for _, err := range []error{errors.New("away"), nil, errors.New("away")} {
			s.fail(err)
			time.Sleep(10 * time.Second)
		}
		cancel()
		<-done
		if got := strings.Count(log.String(), "cannot look for changes"); got != 2 {
			t.Errorf("got %d messages, want 2:\n%s", got, log.String())
		}
	})
}

// Readers and the press do not disturb each other.
func TestReadersDuringPrinting(t *testing.T) {
	s, press, server := printed(t)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for i, path := range []string{feedPaths[2], "/sources/wire/feed.json"} {
		readers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				r := httptest.NewRequest("GET", path, nil)
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if !json.Valid(w.Body.Bytes()) {
					t.Error("a reader got half a document")
					return
				}
				if n%8 == 4*i { // now and then, other doors
					for _, other := range []string{"/", "/articles/a1", "/readyz"} {
						server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", other, nil))
					}
				}
			}
		})
	}
	for i := range 12 {
		s.put(news.Key(fmt.Sprintf("n%d", i)), "wire", "News", noon.Add(time.Duration(i)*time.Second))
		if err := press.Print(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
	if got := strings.Count(get(t, server, feedPaths[2]), `"title":"News"`); got != 12 {
		t.Errorf("in the end %d articles are served, want 12", got)
	}
}

// The address of a source is published beside its articles, but not the password
// or key that an operator put into it.
func TestNoPasswordIsPrinted(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "Ferry line opens", noon)
	secret := []news.Source{{Slug: "wire", Name: "The Wire", URL: "https://ann:s3cret@wire.example/feed?lang=en&access_token=s3cret", Republish: news.RepublishFull}}
	press, server := openWith(t, s, publisher.Options{Sources: secret})
	mustPrint(t, press)
	for _, path := range []string{"/", "/opml", "/channels/all", "/channels/all/feed.rss", "/channels/all/feed.atom", "/channels/all/feed.json", "/sources/wire", "/sources/wire/feed.rss", "/sources/wire/feed.atom", "/sources/wire/feed.json", "/articles/a1"} {
		text := get(t, server, path)
		if strings.Contains(text, "s3cret") || strings.Contains(text, "ann:") {
			t.Errorf("%s shows the password", path)
		}
		if strings.HasSuffix(path, ".rss") && !strings.Contains(text, "https://wire.example/feed?lang=en\"") {
			t.Errorf("%s does not name the source", path)
		}
	}
	if secret[0].URL != "https://ann:s3cret@wire.example/feed?lang=en&access_token=s3cret" {
		t.Errorf("the caller's source was changed: %s", secret[0].URL)
	}
}
