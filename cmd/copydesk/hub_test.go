package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/waittest"
)

// A hubTown has the program that publishes, over an outlet whose stories a test
// adds.
type hubTown struct {
	t       testing.TB
	dir     string
	address string // of the program, the same in each of its lives
	program *program
	outlet  *httptest.Server

	mu      sync.Mutex // guards stories
	stories []string
}

func newHubTown(t testing.TB, more string) *hubTown {
	t.Helper()
	town := &hubTown{t: t, dir: t.TempDir(), address: freeAddress(t), stories: []string{"opening"}}
	town.outlet = httptest.NewServer(http.HandlerFunc(town.feed))
	t.Cleanup(town.outlet.Close)
	writeConfig(t, town.dir, town.address, fmt.Sprintf("%s\n"+
		"fetch: {allow_private: true, per_host_gap: 0s}\nsources: [{slug: wire, name: Wire, url: '%s/', schedule: '@every 1s'}]\nchannels: [{slug: all, title: All, limit: 500}]\n",
		more, town.outlet.URL))
	town.start()
	return town
}

func (town *hubTown) start() {
	town.t.Helper()
	town.program = startProgram(town.t, town.dir)
	town.program.awaitItem(town.t, "/channels/all/feed.json")
}

func (town *hubTown) feed(w http.ResponseWriter, _ *http.Request) {
	town.mu.Lock()
	defer town.mu.Unlock()
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><description>News</description>`)
	for i, title := range town.stories {
		fmt.Fprintf(w, `<item><title>%s</title><guid isPermaLink="false">%d</guid><link>https://wire.example/%d</link><description>What happened, in some words.</description></item>`, title, i, i)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

func (town *hubTown) publish(title string) {
	town.mu.Lock()
	defer town.mu.Unlock()
	town.stories = append(town.stories, title)
}

func (town *hubTown) topic(format string) string {
	return "http://" + town.address + "/channels/all/feed." + format
}

func (town *hubTown) subscribe(callback, format string) {
	town.t.Helper()
	res, err := client.PostForm("http://"+town.address+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {town.topic(format)}, "hub.callback": {callback}, "hub.secret": {"hush"}})
	if err != nil {
		town.t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusAccepted {
		town.t.Fatalf("the hub answered %d: %s", res.StatusCode, text)
	}
}

// readers are callbacks below one address, each path one. What is delivered to
// them is noted, but for what they did not answer.
type readers struct {
	*httptest.Server
	mu      sync.Mutex // guards all below
	agreed  map[string]bool
	denied  map[string]int            // by path
	got     map[string]map[string]int // by path and title: how often
	fuse    int                       // deliveries until the kill; 0 is none
	kill    func()
	changed *sync.Cond
}

func newReaders(t testing.TB) *readers {
	r := &readers{agreed: map[string]bool{}, denied: map[string]int{}, got: map[string]map[string]int{}}
	r.changed = sync.NewCond(&r.mu)
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *readers) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return // the hub has died
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.changed.Broadcast()
	if q.URL.Query().Get("hub.mode") == "denied" {
		r.denied[q.URL.Path]++
		return
	}
	if q.Method == http.MethodGet {
		r.agreed[q.URL.Path] = true
		_, _ = io.WriteString(w, q.URL.Query().Get("hub.challenge"))
		return
	}
	if r.fuse > 0 {
		if r.fuse--; r.fuse == 0 {
			r.kill()
		}
	}
	if r.kill != nil && r.fuse == 0 {
		panic(http.ErrAbortHandler) // the hub is dead, and hears no answer
	}
	if r.got[q.URL.Path] == nil {
		r.got[q.URL.Path] = map[string]int{}
	}
	for _, title := range titlesOf(body) {
		r.got[q.URL.Path][title]++
	}
}

// titlesOf are the titles in a JSON Feed, and the reasons of what was withdrawn.
func titlesOf(body []byte) []string {
	var feed struct {
		Items    []struct{ Title string }
		Copydesk struct{ Deleted []struct{ Reason string } } `json:"_copydesk"`
	}
	if err := json.Unmarshal(body, &feed); err != nil {
		return []string{"unreadable: " + err.Error()}
	}
	var out []string
	for _, it := range feed.Items {
		out = append(out, it.Title)
	}
	for _, gone := range feed.Copydesk.Deleted {
		out = append(out, "withdrawn: "+gone.Reason)
	}
	return out
}

// await waits until ok, which is asked after each request.
func (r *readers) await(t testing.TB, p *program, what string, ok func() bool) {
	t.Helper()
	end := time.Now().Add(longest)
	defer time.AfterFunc(longest, r.changed.Broadcast).Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for !ok() {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for: %s\n%s", what, p.log)
		}
		r.changed.Wait()
	}
}

// Killed in the middle of a fan-out, again and again, the hub loses no delivery,
// and repeats none but those that were under way.
func TestHubCrash(t *testing.T) {
	t.Parallel()
	const subscribers, lives = 150, 6
	town := newHubTown(t, "")
	r := newReaders(t)
	for i := range subscribers {
		town.subscribe(fmt.Sprintf("%s/%d", r.URL, i), "json")
	}
	r.await(t, town.program, "every subscriber asked", func() bool { return len(r.agreed) == subscribers })
	repeated := 0
	for life := range lives {
		title := fmt.Sprintf("story %d", life)
		killed := make(chan struct{})
		r.mu.Lock()
		r.fuse, r.kill = 20+15*life, func() { town.program.kill(); close(killed) }
		r.mu.Unlock()
		town.publish(title)
		waittest.Receive(t, killed, town.program.log)
		town.program.wait(t)
		r.mu.Lock()
		before := 0
		for _, titles := range r.got {
			before += titles[title]
		}
		r.kill = nil
		r.mu.Unlock()
		if before == 0 || before >= subscribers {
			t.Errorf("life %d: %d were served before the kill, want some", life, before)
		}
		town.start()
		r.await(t, town.program, "every subscriber served", func() bool {
			n := 0
			for _, titles := range r.got {
				n += min(titles[title], 1)
			}
			return n == subscribers
		})
		again := 0
		r.mu.Lock()
		for _, titles := range r.got {
			again += titles[title] - 1
			if titles["opening"] > 0 {
				t.Error("what was there before the subscription was delivered")
			}
		}
		r.mu.Unlock()
		if repeated += again; again > 8 {
			t.Errorf("life %d: %d answered deliveries were repeated, more than were under way", life, again)
		}
	}
	t.Logf("%d of %d deliveries were answered twice", repeated, subscribers*lives)
	town.program.terminate(t)
	for path, titles := range r.got {
		if len(titles) != lives {
			t.Errorf("%s got %v, want %d stories", path, titles, lives)
		}
	}
}

// One program subscribes to another: what the first publishes is in the
// second's feed a moment later, though it polls once an hour.
func TestHubToHub(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"sha1", "sha512"} {
		town := newHubTown(t, "hub: {signature: "+method+"}")
		dir := t.TempDir()
		writeConfig(t, dir, freeAddress(t), fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\nsources: [{slug: first, name: First, url: '%s', schedule: '@every 1h'}]\nchannels: [{slug: all, title: All}]\n",
			town.topic("atom")))
		second := startProgram(t, dir)
		if !second.log.says("a hub will push", 1) {
			t.Fatalf("no subscription\n%s\n%s", second.log, town.program.log)
		}
		town.publish("storm")
		var items []publishedItem
		if !eventually(func() bool {
			items, _ = second.items("/channels/all/feed.json")
			return len(items) == 2 && (items[0].Title == "storm" || items[1].Title == "storm")
		}) {
			t.Fatalf("%s: the second program has %v\n%s\n%s", method, items, second.log, town.program.log)
		}
		second.terminate(t)
		town.program.terminate(t)
	}
}

// Who subscribes to a channel that leaves the config is told so, once.
func TestHubTellsOfTheEnd(t *testing.T) {
	t.Parallel()
	town := newHubTown(t, "")
	r := newReaders(t)
	town.subscribe(r.URL+"/a", "rss")
	r.await(t, town.program, "the subscriber asked", func() bool { return r.agreed["/a"] })
	file := filepath.Join(town.dir, "copydesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("slug: all"), []byte("slug: other")), 0o600); err != nil {
		t.Fatal(err)
	}
	r.await(t, town.program, "the denial", func() bool { return r.denied["/a"] > 0 })
	town.program.terminate(t)
	if n := r.denied["/a"]; n != 1 {
		t.Errorf("told %d times, want once", n)
	}
}

// What is withdrawn is gone from all that is published but for its tombstone, which
// each subscriber hears of once; nothing else comes again, by this program or the
// next, though the source still carries it.
func TestHubTellsOfAWithdrawal(t *testing.T) {
	t.Parallel()
	town := newHubTown(t, "")
	town.publish("mistake")
	town.publish("third")
	town.program.await(t, "/channels/all/feed.json", "third")
	r := newReaders(t)
	for _, path := range []string{"/a", "/b"} {
		town.subscribe(r.URL+path, "json")
	}
	r.await(t, town.program, "the subscribers asked", func() bool { return len(r.agreed) == 2 })
	file := filepath.Join(town.dir, "copydesk.yaml")
	_, text, err := town.program.text("/search?q=mistake")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, `<h2 dir="auto"><a href="/articles/`)
	key := []byte("/articles/" + rest[:min(len(rest), 16)])
	if err := run(t.Context(), []string{"withdraw", "-c", file, "https://wire.example/1", "--reason", "not so"}, os.LookupEnv, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	r.await(t, town.program, "the tombstone", func() bool { return r.got["/a"]["withdrawn: not so"] > 0 && r.got["/b"]["withdrawn: not so"] > 0 })
	town.program.terminate(t)
	town.start()
	town.publish("fourth")
	r.await(t, town.program, "the next story", func() bool { return r.got["/a"]["fourth"] > 0 && r.got["/b"]["fourth"] > 0 })
	for _, path := range []string{"/", "/channels/all", "/channels/all/feed.rss", "/sources/wire", "/sources/wire/feed.rss", "/search?q=mistake", "/search/feed.json?q=mistake", "/sitemaps/source-wire.1.xml", "/news-sitemap.xml"} {
		res, err := town.program.get(path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || res.StatusCode != http.StatusOK || bytes.Contains(body, []byte("https://wire.example/1<")) || bytes.Contains(body, []byte(`"https://wire.example/1"`)) || bytes.Contains(body, []byte(">mistake</a>")) || bytes.Contains(body, []byte(">mistake</title>")) || bytes.Contains(body, key) {
			t.Errorf("%s still has it: %d, %v", path, res.StatusCode, err)
		}
	}
	if res, text, err := town.program.text(string(key)); err != nil || res.StatusCode != http.StatusGone || !strings.Contains(text, "not so") {
		t.Errorf("%s: %v, %v; want 410 with the reason", key, res, err)
	}
	town.program.terminate(t)
	for path, titles := range r.got {
		if len(titles) != 2 || titles["withdrawn: not so"] != 1 || titles["fourth"] != 1 {
			t.Errorf("%s got %v, want the tombstone and the next story, once each", path, titles)
		}
	}
}

var hubLinks = regexp.MustCompile(`rel="hub"`)

// Feeds name one hub and one address of their own, in the document and outside
// of it; where the operator names another hub, that one, which is told of each
// change.
func TestHubIsNamed(t *testing.T) {
	t.Parallel()
	told := make(chan url.Values, 100)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		told <- r.PostForm
		w.WriteHeader(http.StatusNoContent)
	}))
	defer other.Close()
	for config, want := range map[string]string{"": "/hub", "hub: {url: '" + other.URL + "/elsewhere'}": other.URL + "/elsewhere", "hub: {enabled: false}": ""} {
		town := newHubTown(t, config)
		if want == "/hub" {
			want = "http://" + town.address + "/hub"
		}
		for _, format := range []string{"rss", "atom", "json"} {
			res, err := town.program.get("/channels/all/feed." + format)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			link := res.Header.Get("Link")
			named := 0
			if want != "" {
				named = 1
			}
			if n := strings.Count(link, `<`+want+`>; rel="hub"`); n != named && want != "" || len(hubLinks.FindAllString(link, -1)) != named || strings.Count(link, `rel="self"`) != 1 {
				t.Errorf("%s, %s: Link is %s", config, format, link)
			}
			if n := bytes.Count(body, []byte(`"`+want+`"`)); want != "" && n != 1 {
				t.Errorf("%s, %s: the document names its hub %d times, want once", config, format, n)
			}
		}
		res, err := client.PostForm(town.program.url+"/hub", url.Values{})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if ours := strings.HasSuffix(want, town.address+"/hub"); (res.StatusCode == http.StatusBadRequest) != ours {
			t.Errorf("%s: our hub answered %d", config, res.StatusCode)
		}
		town.program.terminate(t)
	}
	if form := waittest.Receive(t, told); form.Get("hub.mode") != "publish" || len(form["hub.url"]) != 3 {
		t.Errorf("the other hub was told %v", form)
	}
}

// While the config is read again and again, each story reaches each subscriber
// once, and every search is answered with what was there.
func TestReloadsLoseNothing(t *testing.T) {
	t.Parallel()
	const subscribers, stories = 20, 12
	town := newHubTown(t, "")
	file := filepath.Join(town.dir, "copydesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := newReaders(t)
	for i := range subscribers {
		town.subscribe(fmt.Sprintf("%s/%d", r.URL, i), "json")
	}
	r.await(t, town.program, "every subscriber asked", func() bool { return len(r.agreed) == subscribers })

	ctx, stop := context.WithCancel(t.Context())
	var hands sync.WaitGroup
	t.Cleanup(hands.Wait) // of a test that has failed
	every := func(do func(n int)) {
		hands.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				do(n)
			}
		})
	}
	every(func(n int) {
		next := strings.Replace(string(text), "title: All", fmt.Sprintf("title: All %d", n), 1)
		before, _ := town.program.log.count("a new config is in force")
		if err := os.WriteFile(file+".next", []byte(next), 0o600); err != nil {
			t.Error(err)
		}
		if err := os.Rename(file+".next", file); err != nil {
			t.Error(err)
		}
		_ = town.program.log.says("a new config is in force", before+1) // or fewer than three in the end
	})
	searches := 0
	every(func(int) {
		searches++
		for _, path := range []string{"/search?q=opening", "/search/feed.json?q=opening"} {
			res, err := town.program.get(path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return
			}
			body, err := io.ReadAll(res.Body)
			if res.Body.Close(); err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("opening")) {
				t.Errorf("%s: %d, %v, %.300s", path, res.StatusCode, err, body)
			}
		}
	})
	for n := range stories {
		title := fmt.Sprintf("story %d", n)
		town.publish(title)
		r.await(t, town.program, "every subscriber told of "+title, func() bool {
			for _, titles := range r.got {
				if titles[title] == 0 {
					return false
				}
			}
			return len(r.got) == subscribers
		})
	}
	stop()
	hands.Wait()
	reloads := strings.Count(town.program.log.String(), "a new config is in force")
	town.program.terminate(t)
	for path, titles := range r.got {
		for title, n := range titles {
			if n != 1 || !strings.HasPrefix(title, "story ") {
				t.Errorf("%s got %q %d times", path, title, n)
			}
		}
	}
	if reloads < 3 || searches < 10 {
		t.Errorf("only %d reloads and %d searches meanwhile", reloads, searches)
	}
	t.Logf("%d stories, %d reloads, %d searches", stories, reloads, 2*searches)
}
