package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/news"
)

// waits is how often the healthy source is pulled in each round.
const waits = 20

// BenchmarkWait is how long a source that answers well waits for a worker
// beyond the moment at which it is due: alone, and among 500 that drip a byte a
// second until they are cut off, all due at once. 64 workers.
//
//	go test -run '^$' -bench Wait -benchtime 1x ./cmd/copydesk
func BenchmarkWait(b *testing.B) {
	for range b.N {
		for name, drips := range map[string]int{"alone": 0, "among-500": 500} {
			all := waitsAmong(b, drips)
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds())/1e3, name+"-median-ms")
			b.ReportMetric(float64(all[len(all)-1].Microseconds())/1e3, name+"-longest-ms")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func waitsAmong(b *testing.B, drips int) []time.Duration {
	b.Helper()
	var (
		mu   sync.Mutex // guards those below
		due  time.Time
		out  []time.Duration
		done = make(chan struct{})
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/drip") {
			drip(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if !due.IsZero() && len(out) < waits {
			if out = append(out, time.Since(due)); len(out) == waits {
				close(done)
			}
		}
		due = time.Time{}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Good</title><item><guid>1</guid><title>One</title></item></channel></rss>`)
	}))
	defer server.Close()
	h := slowHouse(b, server.URL, drips)
	defer h.Close()
	first, err := h.store.ClaimNamed(b.Context(), h.now(), time.Minute, []news.Slug{"good"})
	if err != nil || len(first) != 1 {
		b.Fatalf("claimed %v (%v)", first, err)
	}
	desk := h.plan.Load().desk
	if _, err := desk.Puller.Pull(b.Context(), desk.Sources["good"], first[0]); err != nil {
		b.Fatal(err)
	}
	h.loop.Grace = 0
	h.loop.Done = func(res aggregator.Result, _ error) {
		if res.Pull.Source == "good" {
			mu.Lock()
			due = res.Pull.NextDue
			mu.Unlock()
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	stopped := make(chan struct{})
	go func() { h.loop.Run(ctx); close(stopped) }()
	<-done
	cancel()
	<-stopped
	return out
}

// drip sends a byte a second and never ends.
func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func slowHouse(b *testing.B, address string, drips int) *house {
	b.Helper()
	var text strings.Builder
	text.WriteString("fetch: {workers: 64, per_host_gap: 0s, timeout: 5s, allow_private: true}\nsources:\n")
	fmt.Fprintf(&text, "  - {slug: good, name: Good, url: '%s/good', schedule: '@every 2s'}\n", address)
	for i := range drips {
		fmt.Fprintf(&text, "  - {slug: d%d, name: Drip %d, url: '%s/drip/%d', schedule: '@every 1s'}\n", i, i, address, i)
	}
	return houseFrom(b, text.String())
}
