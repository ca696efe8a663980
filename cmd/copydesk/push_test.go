package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"copydesk/aggregator/push/pushtest"
)

// A pushTown has an outlet with a hub, and the program that is subscribed there.
type pushTown struct {
	t       testing.TB
	hub     *pushtest.Hub
	asked   atomic.Int32 // requests for the feed
	topic   string
	dir     string
	program *program
}

// newPushTown starts all of it and returns when the hub has verified that the
// program wants to be pushed.
func newPushTown(t testing.TB) *pushTown {
	t.Helper()
	town := &pushTown{t: t, hub: &pushtest.Hub{Eager: true}, dir: t.TempDir()}
	mux := http.NewServeMux()
	mux.Handle("POST /hub", town.hub)
	mux.HandleFunc("GET /feed", func(w http.ResponseWriter, _ *http.Request) {
		town.asked.Add(1)
		w.Header().Set("Link", `</hub>; rel="hub", </feed>; rel="self"`)
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(town.feed("opening"))
	})
	outlet := httptest.NewServer(mux)
	t.Cleanup(outlet.Close)
	t.Cleanup(town.hub.Close)
	town.topic, town.hub.URL = outlet.URL+"/feed", outlet.URL+"/hub"
	town.configure()
	town.start()
	if !eventually(func() bool { return len(town.hub.Callbacks(town.topic)) > 0 }) {
		t.Fatalf("no subscription\n%s", town.program.log)
	}
	return town
}

func (town *pushTown) configure() {
	town.t.Helper()
	writeConfig(town.t, town.dir, freeAddress(town.t), fmt.Sprintf("fetch: {allow_private: true}\nsources: [{slug: wire, name: Wire, url: '%s', schedule: '@every 1h'}]\nchannels: [{slug: all, title: All, limit: 500}]\n", town.topic))
}

func (town *pushTown) start() {
	town.t.Helper()
	town.program = startProgram(town.t, town.dir)
	town.program.awaitItem(town.t, "/channels/all/feed.json")
}

// status is what the status command prints meanwhile.
func (town *pushTown) status() string {
	town.t.Helper()
	return play(town.t, town.dir, "status", "-c", "copydesk.yaml", "wire")
}

func (town *pushTown) feed(titles ...string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><description>News</description>`)
	for _, title := range titles {
		fmt.Fprintf(&b, "\n<item><title>%s</title><link>https://wire.example/%s</link><guid>https://wire.example/%s</guid><description>What happened at the %s, in some words.</description></item>", title, title, title, title)
	}
	b.WriteString("\n</channel></rss>")
	return []byte(b.String())
}

// publish lets the hub deliver an item, and returns how long it took from the
// hub's request to the item's being in the channel's feed.
func (town *pushTown) publish(title string) time.Duration {
	town.t.Helper()
	began := time.Now()
	statuses, err := town.hub.Deliver(town.t.Context(), town.topic, "application/rss+xml", town.feed(title), nil)
	if err != nil || !slices.Equal(statuses, []int{202}) {
		town.t.Fatalf("delivered with %v (%v), want one 202\n%s", statuses, err, town.program.log)
	}
	wanted := []byte(`"` + title + `"`)
	for time.Since(began) < longest {
		res, err := town.program.get("/channels/all/feed.json")
		if err != nil {
			town.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err == nil && bytes.Contains(body, wanted) {
			return time.Since(began)
		}
	}
	town.t.Fatalf("%s was delivered, and is in no feed\n%s", title, town.program.log)
	return 0
}

// What a hub pushes is in the channel without the source being asked again, and
// subscriptions outlive kill -9: the hub need not be asked again either.
func TestPush(t *testing.T) {
	t.Parallel()
	town := newPushTown(t)
	town.publish("storm") // the benchmark measures how long it takes
	town.program.kill()
	town.program.wait(t)
	town.start()
	town.publish("calm")
	if n := len(town.hub.Requests()); n != 1 {
		t.Errorf("the hub was asked %d times, want once", n)
	}
	if n := town.asked.Load(); n != 1 {
		t.Errorf("the feed was asked for %d times, want once", n)
	}
	if status := town.status(); !strings.Contains(status, "pushed by 127.0.0.1:") {
		t.Errorf("status does not tell of it:\n%s", status)
	}
	town.program.terminate(t)
}

// BenchmarkPush is the time from a hub's request to the article's being in the
// published feed of a channel, over loopback, the program in a process of its
// own.
//
//	go test -bench Push -benchtime 20x -run '^$' ./cmd/copydesk
func BenchmarkPush(b *testing.B) {
	town := newPushTown(b)
	var took []time.Duration
	b.ResetTimer()
	for i := range b.N {
		took = append(took, town.publish(fmt.Sprintf("storm-%d-%d", b.N, i)))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1e3, "median-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1e3, "slowest-ms")
	b.ReportMetric(0, "ns/op")
	town.program.kill()
	town.program.wait(b)
}
