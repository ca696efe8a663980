package publisher_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// A stream takes what a listener is sent. While it is stuck, writing waits for
// its deadline.
type stream struct {
	header http.Header
	cancel context.CancelFunc
	done   chan struct{} // closed when the server has ended it

	mu     sync.Mutex // guards all below
	status int
	text   string
	last   string // id
	stuck  bool
	late   chan struct{} // closed when the deadline is past; nil when there is none
}

// listenTo opens a stream; it ends with the test.
func listenTo(t *testing.T, h http.Handler, path string, header ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &stream{header: http.Header{}, cancel: cancel, done: make(chan struct{}), late: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, "GET", path, nil)
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	go func() { defer close(s.done); h.ServeHTTP(s, r) }()
	return s
}

func (s *stream) Header() http.Header { return s.header }

func (s *stream) WriteHeader(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	stuck, late := s.stuck, s.late
	s.text += string(b)
	s.mu.Unlock()
	if stuck {
		<-late
		return 0, os.ErrDeadlineExceeded
	}
	return len(b), nil
}

func (s *stream) SetWriteDeadline(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at.IsZero() {
		s.late = make(chan struct{})
	} else {
		close(s.late)
	}
	return nil
}

func (s *stream) Flush() {}

// hears gives what has come since it was asked last, as "kind mark title".
func (s *stream) hears() []string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for block := range strings.SplitSeq(s.text, "\n\n") {
		var kind, id string
		var item struct{ ID, Title, URL string }
		for line := range strings.SplitSeq(block, "\n") {
			name, value, _ := strings.Cut(line, ": ")
			switch name {
			case "event":
				kind = value
			case "id":
				id, s.last = value, value
			case "data":
				if err := json.Unmarshal([]byte(value), &item); err != nil || item.ID == "" {
					out = append(out, fmt.Sprint("unreadable: ", value, err))
				}
			}
		}
		if kind != "" {
			out = append(out, kind+" "+id+" "+item.Title)
		}
	}
	s.text = ""
	return out
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// Who listens hears of each article once, as it is printed, in order. Who comes
// back hears what he missed, whichever process answers.
func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t) // revisions 1 and 2
		l := listenTo(t, server, "/channels/all/events")
		same(t, "at first", l.hears())
		if l.last != "2" { // who is cut off before he hears anything comes back with that
			t.Errorf("the id is %q, want 2", l.last)
		}
		if got := l.header.Get("Content-Type"); got != "text/event-stream" {
			t.Errorf("Content-Type is %q", got)
		}
		s.put("a3", "wire", "Third", noon)
		s.put("a4", "wire", "Fourth", noon)
		mustPrint(t, press)
		same(t, "two more", l.hears(), "new 3 Third", "new 4 Fourth")
		s.edit("a3", func(a *news.Article) { a.Title, a.Updated = "Third, corrected", noon.Add(time.Hour) }, noon.Add(time.Hour))
		mustPrint(t, press)
		same(t, "a correction", l.hears(), "changed 5 Third, corrected")
		mustPrint(t, press)
		same(t, "nothing", l.hears())

		_, other := openAt(t, s)
		for name, h := range map[string]http.Handler{"the same server": server, "another": other} {
			back := listenTo(t, h, "/channels/all/events", "Last-Event-ID: 3")
			same(t, name+", from 3", back.hears(), "new 4 Fourth", "changed 5 Third, corrected")
			back.cancel()
			fromPage := listenTo(t, h, "/channels/all/events?after=4")
			same(t, name+", from a page", fromPage.hears(), "changed 5 Third, corrected")
			fromPage.cancel()
		}
		few := listenTo(t, server, "/channels/few/events?after=nonsense")
		same(t, "words for a number", few.hears())
		few.cancel()
		l.cancel()
		<-l.done
	})
}

// Who was away hears of what came and was pushed out meanwhile, and of nothing that
// stood below for long and has moved up; the revision of an id never goes back.
func TestEventsOfWhatHasMadeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		for _, key := range []news.Key{"a7", "a8", "a9"} {
			s.put(key, "wire", string(key), noon)
		}
		opt := publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 2}}}
		press, server := openWith(t, s, opt)
		mustPrint(t, press)
		l := listenTo(t, server, "/channels/all/events")
		l.hears()
		s.edit("a8", func(a *news.Article) { a.Title, a.Updated = "a8, corrected", noon.Add(time.Minute) }, noon)
		mustPrint(t, press)
		same(t, "a correction", l.hears(), "changed 4 a8, corrected")
		s.withdraw("a7", noon.Add(time.Hour))
		mustPrint(t, press)
		same(t, "a9 moves up", l.hears())
		if id := l.last; id != "4" {
			t.Errorf("the id is %s, want that of what was heard last", id)
		}
		l.cancel()
		<-l.done
		for _, key := range []news.Key{"a6", "a5", "a4"} {
			s.put(key, "wire", string(key), noon)
			mustPrint(t, press)
		}
		for name, h := range map[string]http.Handler{"the same server": server, "another": func() http.Handler {
			other, server := openWith(t, s, opt)
			mustPrint(t, other)
			return server
		}()} {
			for id, want := range map[string][]string{
				"4": {"new 6 a6", "new 7 a5", "new 8 a4"}, "6": {"new 7 a5", "new 8 a4"}, "8": nil, "3": {"changed 4 a8, corrected", "new 6 a6", "new 7 a5", "new 8 a4"},
			} {
				back := listenTo(t, h, "/channels/all/events", "Last-Event-ID: "+id)
				same(t, name+", who comes back with "+id, back.hears(), want...)
				back.cancel()
				<-back.done
			}
		}
	})
}

// What has one revision with another is heard of again by who was cut off between
// them.
func TestEventsOfOneRevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.put("a3", "wire", "a3", noon)
		opt := publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 9, Order: news.Top}}}
		s.rank("a3")
		press, server := openWith(t, s, opt)
		mustPrint(t, press)
		l := listenTo(t, server, "/channels/all/events")
		l.hears()
		s.put("a2", "wire", "a2", noon)
		s.put("a1", "wire", "a1", noon)
		mustPrint(t, press)
		same(t, "two of a new order", l.hears(), "new 2 a1", "new 4 a2")
		l.cancel()
		<-l.done
	})
}

// What rises by another node, after this one has looked for changes, is told to all who
// have heard of what this one has seen.
func TestEventsOfAnOrderAmidAPrint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.put("a1", "wire", "a1", noon)
		s.put("a2", "wire", "a2", noon)
		s.rank("a1")
		opt := publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 1, Order: news.Top}}}
		press, server := openWith(t, s, opt)
		s.before = func() { s.before = nil; s.rank("a2") }
		mustPrint(t, press)
		l := listenTo(t, server, "/channels/all/events", "Last-Event-ID: 3")
		same(t, "before it is seen", l.hears())
		mustPrint(t, press)
		same(t, "when it is seen", l.hears(), "new 4 a2")
		l.cancel()
		<-l.done
	})
}

// What has made room and comes back as it was is no event, nor is what stands around
// an article: not to who listens, nor to who comes back.
func TestNoEventsOfWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		for _, key := range []news.Key{"a1", "a2", "a3"} {
			s.put(key, "wire", string(key), noon)
		}
		opt := publisher.Options{Sources: slices.Clone(sources), Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 3}}}
		press, server := openWith(t, s, opt)
		mustPrint(t, press)
		l := listenTo(t, server, "/channels/all/events")
		l.hears()
		s.put("a0", "wire", "a0", noon)
		mustPrint(t, press)
		same(t, "one came, for which another made room", l.hears(), "new 4 a0")
		id := l.last
		s.withdraw("a0", noon.Add(time.Hour))
		mustPrint(t, press)
		same(t, "it was withdrawn, and the other came back", l.hears())
		if text := get(t, server, "/channels/all/feed.json"); !strings.Contains(text, `"a3"`) {
			t.Errorf("a3 did not come back: %s", text)
		}
		l.cancel()
		<-l.done
		opt.Sources[0].Name = "The Wires"
		press, server = openWith(t, s, opt)
		mustPrint(t, press)
		back := listenTo(t, server, "/channels/all/events", "Last-Event-ID: "+id)
		same(t, "who comes back", back.hears())
		s.put("a00", "wire", "a00", noon)
		mustPrint(t, press)
		same(t, "another one came", back.hears(), "new 6 a00")
		back.cancel()
		<-back.done
	})
}

// An edition may come back. Who knew it before hears of what came meanwhile, and
// stands there again.
func TestEventsOfAnEditionThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t)
		l := listenTo(t, server, "/channels/few/events")
		same(t, "at first", l.hears())
		known := l.last
		l.cancel()
		<-l.done
		s.put("a3", "wire", "Third", noon)
		mustPrint(t, press)
		for _, source := range []news.Slug{"shy", "wire"} {
			s.edit("a3", func(a *news.Article) { a.Source = source }, noon)
			s.touch("wire", noon)
			mustPrint(t, press)
		}
		back := listenTo(t, server, "/channels/few/events", "Last-Event-ID: "+known)
		if got := back.hears(); len(got) != 1 || !strings.HasPrefix(got[0], "new ") || !strings.HasSuffix(got[0], " Third") {
			t.Errorf("who comes back hears %q, want that the third is new", got)
		}
		back.cancel()
		<-back.done
	})
}

// A mark that is still to come is of another database: who names it hears all from
// now on, as who names none.
func TestEventsAfterAMarkToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t)
		var list []*stream
		for _, id := range []string{"", "abc", "-5", "99999999", "99999999.zz", "3"} {
			list = append(list, listenTo(t, server, "/channels/all/events", "Last-Event-ID: "+id))
		}
		for _, l := range list {
			same(t, "at first", l.hears())
		}
		s.put("a3", "wire", "Third", noon)
		mustPrint(t, press)
		for i, l := range list {
			same(t, fmt.Sprint("listener ", i), l.hears(), "new 3 Third")
			l.cancel()
			<-l.done
		}
	})
}

// openAt is another server on the same shelf, printed.
func openAt(t *testing.T, s *shelf) (*publisher.Press, http.Handler) {
	t.Helper()
	press, server := open(t, s)
	mustPrint(t, press)
	return press, server
}

// A silent stream is kept alive; one that ends because the press does ends in
// peace; and listeners make no work for the shelf.
func TestListenersCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.put("a1", "wire", "First", noon)
		press, server := open(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = press.Run(ctx) }()
		press.Await(ctx)
		asked := s.questions()
		var list []*stream
		for range 100 {
			list = append(list, listenTo(t, server, "/channels/all/events"))
		}
		synctest.Wait()
		if n := s.questions() - asked; n != 0 {
			t.Errorf("listening asked the shelf %d times", n)
		}
		time.Sleep(time.Minute) // of the bubble
		for _, l := range list {
			l.mu.Lock()
			if n := strings.Count(l.text, ":\n\n"); n != 2 {
				t.Errorf("a minute of silence has %d heartbeats, want 2", n)
			}
			l.mu.Unlock()
		}
		cancel()
		<-ended
		for _, l := range list {
			<-l.done
		}
	})
}

// Who does not take what is sent is let go; the others do not notice.
func TestSlowListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t)
		slow, quick := listenTo(t, server, "/channels/all/events"), listenTo(t, server, "/channels/all/events")
		synctest.Wait()
		slow.mu.Lock()
		slow.stuck = true
		slow.mu.Unlock()
		s.put("a3", "wire", "Third", noon)
		mustPrint(t, press)
		same(t, "the quick one", quick.hears(), "new 3 Third")
		select {
		case <-slow.done:
			t.Error("the slow one is let go at once")
		default:
		}
		time.Sleep(11 * time.Second)
		<-slow.done
		s.put("a4", "wire", "Fourth", noon)
		mustPrint(t, press)
		same(t, "the quick one, later", quick.hears(), "new 4 Fourth")
		quick.cancel()
		<-quick.done
	})
}

func TestListenersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, server := printed(t)
		const most = 5000
		var list []*stream
		for range most {
			list = append(list, listenTo(t, server, "/channels/all/events"))
		}
		synctest.Wait()
		if res := ask(t, server, "GET", "/channels/all/events"); res.StatusCode != 503 || res.Header.Get("Retry-After") == "" || res.Header.Get("Content-Type") == "text/event-stream" {
			t.Errorf("one too many: got %d %v", res.StatusCode, res.Header)
		}
		for _, l := range list {
			l.cancel()
			<-l.done
		}
		l := listenTo(t, server, "/channels/all/events")
		synctest.Wait()
		if l.status != 200 {
			t.Errorf("when others have gone: got %d", l.status)
		}
		l.cancel()
		<-l.done
	})
	_, _, server := printed(t)
	if res := ask(t, server, "GET", "/channels/none/events"); res.StatusCode != 404 {
		t.Errorf("no channel: got %d", res.StatusCode)
	}
	if res := ask(t, server, "HEAD", "/channels/all/events"); res.StatusCode != 200 {
		t.Errorf("HEAD: got %d", res.StatusCode)
	}
}

// pipes is a listener whose connections live in memory, with clocks that a
// bubble turns.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	ended chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.ended) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A stream outlives the times that a server gives to requests.
func TestStreamOutlivesTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, press, server := printed(t)
		l := &pipes{conns: make(chan net.Conn), ended: make(chan struct{})}
		web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute}
		served := make(chan struct{})
		go func() { defer close(served); _ = web.Serve(l) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		go func() { _, _ = io.WriteString(ours, "GET /channels/all/events HTTP/1.1\r\nHost: x\r\n\r\n") }()
		var mu sync.Mutex
		var text strings.Builder
		go func() {
			lines := bufio.NewScanner(ours)
			for lines.Scan() {
				mu.Lock()
				fmt.Fprintln(&text, lines.Text())
				mu.Unlock()
			}
		}()
		time.Sleep(10 * time.Minute) // of the bubble
		s.put("a3", "wire", "Third", noon)
		mustPrint(t, press)
		synctest.Wait()
		mu.Lock()
		if got := text.String(); !strings.Contains(got, "event: new\nid: 3\n") {
			t.Errorf("after ten minutes of silence, an event is not heard:\n%s", got)
		}
		mu.Unlock()
		ours.Close()
		_ = web.Close()
		<-served
	})
}

// Who comes while the first edition is being printed hears when it is: browsers do
// not ask again where they were refused (HTML Standard §9.2.3).
func TestListenersAwaitTheFirstEdition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		press, server := open(t, newShelf())
		l := listenTo(t, server, "/channels/all/events")
		synctest.Wait()
		if l.status != 0 {
			t.Errorf("before it is printed: got %d", l.status)
		}
		mustPrint(t, press)
		synctest.Wait()
		if l.status != http.StatusOK {
			t.Errorf("got %d, want 200", l.status)
		}
	})
}

// Nobody waits for a press that has ended: he comes back, and finds its successor.
func TestListenersAwaitNoPressThatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.fail(errors.New("disk full"))
		press, server := open(t, s)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		go func() { _ = press.Run(ctx) }()
		l := listenTo(t, server, "/channels/all/events")
		synctest.Wait()
		end()
		synctest.Wait()
		if l.status != http.StatusOK || l.text != "retry: 2000\n\n" {
			t.Errorf("got %d and %q, want to be told to come back", l.status, l.text)
		}
	})
}
