package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkHub is the fan-out of one new article to 10,000 subscribers of one
// channel, all on one host, while somebody polls that channel a thousand times a
// second: deliveries a second, CPU of the program for each, how long after its
// publication the first and the last had it, and how much slower polls are than
// before. The program and the subscribers run in processes of their own.
//
//	go test -bench Hub -benchtime 1x -run '^$' ./cmd/copydesk
func BenchmarkHub(b *testing.B) {
	const subscribers = 10_000
	for range b.N {
		town := newHubTown(b, "")
		for i := range 50 {
			town.publish(fmt.Sprintf("report %d: %s", i, strings.Repeat("what has happened at the harbour ", 20)))
		}
		for n := 0; n < 51; { // all that is there before anybody subscribes
			items, _ := town.program.items("/channels/all/feed.json")
			n = len(items)
		}
		there := startPart(b, playSubscribers)
		began := time.Now()
		subscribeAll(b, town, there.url, subscribers)
		awaitCount(b, there.url, "verified", subscribers)
		b.ReportMetric(subscribers/time.Since(began).Seconds(), "subscriptions/s")

		end := time.Now().Add(4 * time.Second)
		quiet := poll(b, town, func() bool { return time.Now().After(end) })
		costOfPoll := quiet.cpu.Seconds() / float64(len(quiet.took))
		published := time.Now()
		town.publish("storm")
		var first time.Time
		busy := poll(b, town, func() bool {
			n := count(b, there.url, "delivered")
			if n > 0 && first.IsZero() {
				first = time.Now()
			}
			return n >= subscribers
		})
		last := time.Now()
		b.ReportMetric(subscribers/last.Sub(first).Seconds(), "deliveries/s")
		b.ReportMetric((busy.cpu.Seconds()-costOfPoll*float64(len(busy.took)))/subscribers*1e6, "cpu-us/delivery")
		b.ReportMetric(first.Sub(published).Seconds(), "first-s")
		b.ReportMetric(last.Sub(published).Seconds(), "last-s")
		b.ReportMetric(quiet.at(0.5).Seconds()*1e3, "quiet-median-ms")
		b.ReportMetric(busy.at(0.5).Seconds()/quiet.at(0.5).Seconds(), "median-ratio")
		b.ReportMetric(quiet.at(0.99).Seconds()*1e3, "quiet-p99-ms")
		b.ReportMetric(busy.at(0.99).Seconds()/quiet.at(0.99).Seconds(), "p99-ratio")
		if n := count(b, there.url, "delivered"); n != subscribers {
			b.Errorf("%d deliveries, want %d", n, subscribers)
		}
		there.stop()
		town.program.kill()
		town.program.wait(b)
	}
	b.ReportMetric(0, "ns/op")
}

func subscribeAll(b *testing.B, town *hubTown, base string, n int) {
	b.Helper()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				res, err := client.PostForm("http://"+town.address+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {town.topic("json")}, "hub.callback": {fmt.Sprintf("%s/%d", base, i)}, "hub.secret": {"hush"}})
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusAccepted {
					b.Errorf("the hub answered %d", res.StatusCode)
					return
				}
			}
		})
	}
	workers.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

// count asks the subscribers how much of something has come.
func count(b *testing.B, base, what string) int {
	b.Helper()
	res, err := client.Get(base + "/count/" + what)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func awaitCount(b *testing.B, base, what string, n int) {
	b.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); count(b, base, what) < n; <-tick.C {
		if time.Now().After(end) {
			b.Fatalf("%d are %s after two minutes, want %d", count(b, base, what), what, n)
		}
	}
}

// polls are how long each took, and what the program did meanwhile.
type polls struct {
	took []time.Duration
	cpu  time.Duration
}

func (p polls) at(part float64) time.Duration {
	return p.took[int(part*float64(len(p.took)-1))]
}

// poll asks for a channel a thousand times a second until done, which is asked
// now and then.
func poll(b *testing.B, town *hubTown, done func() bool) polls {
	b.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var out polls
	began, pid := cpuOf(b, town.program.cmd.Process.Pid), town.program.cmd.Process.Pid
	for start, last := time.Now(), time.Now(); ; <-tick.C {
		asked := time.Now()
		res, err := client.Get("http://" + town.address + "/channels/all/feed.atom")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		out.took = append(out.took, time.Since(asked))
		if time.Since(last) < 50*time.Millisecond {
			continue
		}
		last = time.Now()
		if done() {
			break
		}
		if time.Since(start) > 2*time.Minute {
			b.Fatal("the fan-out does not end")
		}
	}
	out.cpu = cpuOf(b, pid) - began
	slices.Sort(out.took)
	return out
}

// cpuOf is what a process has used so far (proc(5), stat: 14 and 15, in
// hundredths of a second).
func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var ticks int
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// serveSubscribers is the other process: each path is a callback that means it.
func serveSubscribers() {
	var verified, delivered atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /count/verified", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, verified.Load()) })
	mux.HandleFunc("GET /count/delivered", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, delivered.Load()) })
	mux.HandleFunc("GET /{callback}", func(w http.ResponseWriter, r *http.Request) {
		verified.Add(1)
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	})
	mux.HandleFunc("POST /{callback}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		delivered.Add(1)
	})
	servePart(mux)
}
