package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"copydesk/config"
)

// BenchmarkPull is the whole pull, from the wire to the database, over local
// sources of about 60 KB and 30 items in four rounds: first sight, one new item
// in a tenth of them, all 304, and all 200 with unchanged bytes and no
// validators. The outlets run in a process of their own; cpu-ms/feed is user and
// system time of this process alone.
//
//	go test -bench Pull -benchtime 1x -run '^$' ./cmd/copydesk
func BenchmarkPull(b *testing.B) {
	const sources = 2000
	for range b.N {
		outlets := startOutlets(b)
		h := benchHouse(b, outlets, sources)
		for _, round := range []string{"first", "changed", "304", "same"} {
			outlets.set(b, round)
			if round == "same" { // bytes must have been seen once without validators
				measure(b, h, sources)
			}
			m := measure(b, h, sources)
			b.ReportMetric(m.cpu.Seconds()*1e3/sources, round+"-cpu-ms/feed")
			b.ReportMetric(sources/m.wall.Seconds(), round+"-feeds/s")
			b.ReportMetric(float64(m.peak)/(1<<20), round+"-peak-MB")
		}
		if err := h.Close(); err != nil {
			b.Fatal(err)
		}
		outlets.stop()
	}
	b.ReportMetric(0, "ns/op")
}

func benchHouse(b *testing.B, outlets *outletProcess, n int) *house {
	b.Helper()
	var text strings.Builder
	text.WriteString("fetch: {workers: 64, per_host_gap: 0s, allow_private: true}\nsources:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - {slug: s%d, name: Outlet %d, url: '%s/%d', schedule: '@every 1h'}\n", i, i, outlets.url, i)
	}
	text.WriteString("channels:\n  - {slug: all, title: All}\n  - {slug: storms, title: Storms, where: 'title contains \"storm\"'}\n")
	return houseFrom(b, text.String())
}

// houseFrom is a house with a config.
func houseFrom(b *testing.B, rest string) *house {
	b.Helper()
	cfg, err := config.Load(writeConfig(b, b.TempDir(), anyPort, rest), config.Options{Env: os.LookupEnv, CheckRule: checkRule})
	if err != nil {
		b.Fatal(err)
	}
	h, err := buildHouse(b.Context(), cfg, slog.New(slog.DiscardHandler), clock(os.LookupEnv))
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// A measurement is what one round over all sources cost.
type measurement struct {
	cpu, wall time.Duration
	peak      int64 // bytes resident at most, as the kernel counted since the round began
}

func measure(b *testing.B, h *house, n int) measurement {
	b.Helper()
	slugs, err := h.named(nil)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	resetPeak()
	cpu, wall := cpuTime(), time.Now()
	due, err := h.store.ClaimNamed(b.Context(), h.now(), time.Hour, slugs)
	if err != nil || len(due) != n {
		b.Fatalf("claimed %d of %d sources: %v", len(due), n, err)
	}
	desk := h.plan.Load().desk
	var failures atomic.Int64
	queue := make(chan int, n)
	for i := range due {
		queue <- i
	}
	close(queue)
	var workers sync.WaitGroup
	for range h.loop.Workers {
		workers.Go(func() {
			for i := range queue {
				if _, err := desk.Puller.Pull(context.Background(), desk.Sources[due[i].Slug], due[i]); err != nil {
					failures.Add(1)
				}
			}
		})
	}
	workers.Wait()
	if failures.Load() > 0 {
		b.Fatalf("%d pulls failed", failures.Load())
	}
	return measurement{cpu: cpuTime() - cpu, wall: time.Since(wall), peak: peakOf(os.Getpid())}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resetPeak makes the kernel count the peak anew (proc(5), clear_refs).
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// An outletProcess serves the benchmark's feeds.
type outletProcess struct {
	url  string
	stop func()
}

func startOutlets(b *testing.B) *outletProcess { return startPart(b, playOutlets) }

// startPart starts a process that says at which address it serves.
func startPart(b *testing.B, part string) *outletProcess {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), part+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &outletProcess{url: strings.TrimSpace(line), stop: func() { _ = in.Close(); _ = cmd.Wait() }}
}

// set tells the outlets what the next round is to meet.
func (o *outletProcess) set(b *testing.B, round string) {
	b.Helper()
	res, err := client.Post(o.url+"/round/"+round, "", nil)
	if err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
}

// serveOutlets is the other process.
func serveOutlets() {
	var round atomic.Value
	round.Store("first")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /round/{name}", func(_ http.ResponseWriter, r *http.Request) { round.Store(r.PathValue("name")) })
	mux.HandleFunc("GET /{outlet}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("outlet"))
		edition := 0
		if round.Load() != "first" && n%10 == 0 {
			edition = 1
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		if round.Load() != "same" {
			tag := fmt.Sprintf(`"%d-%d"`, n, edition)
			w.Header().Set("ETag", tag)
			w.Header().Set("Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT")
			if r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		_, _ = w.Write(outletFeed(n, edition))
	})
	servePart(mux)
}

// servePart is a process that serves, and says where, until its standard input
// ends.
func servePart(h http.Handler) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("http://%s\n", l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Fprintln(os.Stderr, http.Serve(l, h))
	os.Exit(1)
}

// outletFeed is a WordPress-shaped feed of 30 items and about 60 KB; each
// edition has one newer item on top.
func outletFeed(outlet, edition int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Outlet %d</title><link>https://outlet%d.example/</link><description>News of outlet %d</description><language>en</language>`, outlet, outlet, outlet)
	for i := 30 + edition; i > edition; i-- {
		fmt.Fprintf(&b, "\n<item>\n<title>Harbour report %d of outlet %d on the coming storm</title>\n<link>https://outlet%d.example/story/%d</link>\n<dc:creator><![CDATA[Jane Q. Reporter and Tom Roe]]></dc:creator>\n<pubDate>Mon, 23 Nov 2026 %02d:%02d:00 +0000</pubDate>\n<category><![CDATA[Harbours]]></category>\n<guid isPermaLink=\"false\">https://outlet%d.example/?p=%d</guid>\n<description><![CDATA[The harbour of outlet %d expects rain, says report %d.]]></description>\n<content:encoded><![CDATA[", i, outlet, outlet, i, i/2, i%2*30, outlet, i, outlet, i)
		for p := range 6 {
			fmt.Fprintf(&b, "<p>Paragraph %d of report %d: the crews of outlet %d moved the <a href=\"https://outlet%d.example/boats/%d?utm_source=rss\">boats</a> behind the second wall before noon, and the <em>keeper</em> counted them twice, as keepers of this coast have done since the winter when nobody did and eleven were lost.</p>\n", p, i, outlet, outlet, p)
		}
		b.WriteString("]]></content:encoded>\n</item>")
	}
	b.WriteString("\n</channel></rss>\n")
	return []byte(b.String())
}
