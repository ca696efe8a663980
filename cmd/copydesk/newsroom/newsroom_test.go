package newsroom_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/parse"
	"copydesk/aggregator/push"
	"copydesk/aggregator/waittest"
	"copydesk/cmd/copydesk/newsroom"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// read is an outlet's feed as the aggregator parses it.
func read(t *testing.T, room http.Handler, path string) *parse.Feed {
	t.Helper()
	w := httptest.NewRecorder()
	room.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d (%v)", path, w.Code, err)
	}
	doc, err := parse.Open(body, parse.Options{ContentType: w.Header().Get("Content-Type")})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	feed, err := doc.Feed(nil)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return feed
}

func feeds(t *testing.T, room *newsroom.Newsroom) map[string]*parse.Feed {
	t.Helper()
	out := map[string]*parse.Feed{}
	for _, m := range regexp.MustCompile(`url: http://outlets(/\S+)`).FindAllStringSubmatch(string(room.Config("http://outlets", "127.0.0.1:1", "x.db")), -1) {
		out[m[1]] = read(t, room, m[1])
	}
	return out
}

// The outlets speak every form that copydesk reads.
func TestForms(t *testing.T) {
	all := feeds(t, newsroom.New(newsroom.Options{Now: func() time.Time { return noon }}))
	if len(all) < 6 {
		t.Fatalf("%d outlets, want at least six", len(all))
	}
	formats, damaged, chinese := map[string]bool{}, false, false
	titles := map[string]int{}
	for path, f := range all {
		formats[f.Format+" "+f.Version] = true
		damaged = damaged || len(f.Warnings) > 0
		for _, it := range f.Items {
			titles[it.Title.Body]++
			chinese = chinese || strings.Contains(it.Title.Body, "的") || regexp.MustCompile(`\p{Han}`).MatchString(it.Title.Body)
			if strings.Contains(it.Title.Body, "\ufffd") {
				t.Errorf("%s: %q was decoded wrongly", path, it.Title.Body)
			}
		}
		if len(f.Items) < 5 {
			t.Errorf("%s: %d items", path, len(f.Items))
		}
	}
	for _, want := range []string{"rss 2.0", "rss 1.0", "atom 1.0", "json 1.1"} {
		if !formats[want] {
			t.Errorf("nobody speaks %s, only %v", want, formats)
		}
	}
	carried := 0
	for _, n := range titles {
		carried = max(carried, n)
	}
	if !damaged || !chinese || carried < 3 {
		t.Errorf("damaged %v, Chinese %v, a story in %d outlets; want all, and three", damaged, chinese, carried)
	}
}

// As time goes on there are new articles, corrections, and articles that
// vanish.
func TestAdvance(t *testing.T) {
	now := noon
	room := newsroom.New(newsroom.Options{Now: func() time.Time { return now }})
	before := feeds(t, room)
	added, corrected, vanished := 0, 0, 0
	for range 60 {
		now = now.Add(4 * time.Second)
		room.Advance()
		after := feeds(t, room)
		for path, f := range after {
			was := map[string]string{}
			for _, it := range before[path].Items {
				was[it.ID+it.Link] = it.Title.Body
			}
			for i, it := range f.Items {
				title, known := was[it.ID+it.Link]
				switch {
				case !known && i == 0:
					added++
				case known && title != it.Title.Body:
					corrected++
				}
				delete(was, it.ID+it.Link)
			}
			if len(was) > 0 && len(f.Items) == len(before[path].Items)-1 || len(was) > 0 && before[path].Items[0].ID == f.Items[0].ID {
				vanished++
			}
		}
		before = after
	}
	if added == 0 || corrected == 0 || vanished == 0 {
		t.Errorf("in four minutes %d articles came, %d were corrected, %d vanished; want some of each", added, corrected, vanished)
	}
}

// The hub asks whether a reader means it, and then delivers each change of its
// outlet, signed.
func TestHub(t *testing.T) {
	now := noon
	room := newsroom.New(newsroom.Options{Now: func() time.Time { return now }})
	outlets := httptest.NewServer(room)
	t.Cleanup(outlets.Close)
	delivered, agreed := [][]byte{}, 0
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method == http.MethodGet {
			agreed++
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		if !push.Signed(r.Header.Get("X-Hub-Signature"), "s3cret", body) {
			t.Errorf("signed with %q", r.Header.Get("X-Hub-Signature"))
		}
		delivered = append(delivered, body)
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(reader.Close)
	topic := outlets.URL + "/meridian/feed"
	feed := read(t, room, "/meridian/feed")
	if offer := push.Discover(nil, push.Links{Self: "/meridian/feed", Hubs: feed.Hubs}, topic); len(offer.Hubs) != 1 || !offer.Vouched {
		t.Fatalf("the outlet offers %+v", offer)
	}
	client, callback := &http.Client{Timeout: waittest.Longest}, reader.URL
	ask := func(mode, topic string) int {
		res, err := client.PostForm(outlets.URL+"/hub", url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.callback": {callback}, "hub.secret": {"s3cret"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if status := ask("subscribe", outlets.URL+"/harbour/feed"); status != http.StatusNotFound {
		t.Errorf("an outlet without a hub: %d", status)
	}
	for _, callback = range []string{"http://10.1.2.3/", "https://news.example/", "http://localhost.example/", "x"} {
		if status := ask("subscribe", topic); status != http.StatusForbidden {
			t.Errorf("a callback at %s: %d", callback, status)
		}
	}
	callback = reader.URL
	if status := ask("subscribe", topic); status != http.StatusAccepted {
		t.Fatalf("asked with %d", status)
	}
	turn := func() {
		room.Advance()
		if err := room.Push(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range 30 {
		turn()
	}
	if agreed != 1 || len(delivered) == 0 || !strings.Contains(string(delivered[0]), "<feed") {
		t.Fatalf("agreed %d times, %d deliveries", agreed, len(delivered))
	}
	n := len(delivered)
	ask("unsubscribe", topic)
	for range 30 {
		turn()
	}
	if agreed != 2 || len(delivered) > n+1 {
		t.Errorf("after it has left: asked %d times, %d deliveries more", agreed, len(delivered)-n)
	}
}

// The founding page has the shape of the document that copydesk was made for.
func TestFoundingPage(t *testing.T) {
	room := newsroom.New(newsroom.Options{Now: func() time.Time { return noon }})
	link := ""
	for _, it := range read(t, room, "/stdaily/feed").Items {
		w := httptest.NewRecorder()
		path := it.Link[strings.Index(it.Link, "/stdaily/"):]
		room.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if strings.Contains(w.Body.String(), "LIN Yuchen") {
			link = w.Body.String()
		}
	}
	for _, want := range []string{"position:", "EnglishChannel", "Cooperation", "(PHOTO:XINHUA)", "Edited by", "Editor: 王晓夏", "Top News"} {
		if !strings.Contains(link, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if line := regexp.MustCompile(`Source: [^|<]+ \| \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| Author: LIN Yuchen<`); !line.MatchString(link) {
		t.Errorf("no line like %s", line)
	}
}
