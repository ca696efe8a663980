package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store/storetest"
)

// Whoever asks with the tag of an old edition gets what is new to him, and no
// more, in whatever coding: by the same program, after its config has changed
// elsewhere, by the next program, and by the one after a kill.
func TestDeltasOutliveTheProgram(t *testing.T) {
	t.Parallel()
	town := newHubTown(t, "")
	path := "/channels/all/feed.json"
	told := func(header ...string) (status int, titles []string, tag string) {
		t.Helper()
		res, err := town.program.get(path, header...)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusIMUsed {
			titles = titlesOf(body)
		}
		return res.StatusCode, titles, res.Header.Get("ETag")
	}
	publish := func(title string) {
		t.Helper()
		town.publish(title)
		if !eventually(func() bool { _, titles, _ := told(); return slices.Contains(titles, title) }) {
			t.Fatalf("%s was not published\n%s", title, town.program.log)
		}
	}
	_, _, first := told()
	publish("second")
	_, _, second := told()
	publish("third")
	check := func(when string) {
		t.Helper()
		for tag, want := range map[string][]string{first: {"third", "second"}, second: {"third"}, "W/" + second: {"third"}} {
			status, titles, now := told("A-IM: feed", "If-None-Match: "+tag, "Accept-Encoding: identity")
			if status != http.StatusIMUsed || !slices.Equal(titles, want) {
				t.Errorf("%s: got %d with %v, want 226 with %v", when, status, titles, want)
			}
			if status, _, _ := told("A-IM: feed", "If-None-Match: "+now, "Accept-Encoding: identity"); status != http.StatusNotModified {
				t.Errorf("%s: who has all is answered %d, want 304", when, status)
			}
		}
	}
	check("by the same program")

	file := filepath.Join(town.dir, "copydesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	next := strings.Replace(string(text), "channels: [", "channels: [{slug: more, title: More}, ", 1)
	if err := os.WriteFile(file, []byte(next), 0o600); err != nil {
		t.Fatal(err)
	}
	town.program.log.await(t, "a new config is in force")
	check("after its config has changed elsewhere")
	town.program.terminate(t)
	town.start()
	check("by the next program")
	if err := town.program.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	town.program.wait(t)
	town.start()
	check("after a kill")
	town.program.terminate(t)
}

// A channel that is ordered anew all the time tells who asks what he lacks, and is
// sent whole to nobody twice: whatever edition he has, by this program and the next.
func TestDeltasOfATopChannel(t *testing.T) {
	t.Parallel()
	town := newHubTown(t, "")
	file := filepath.Join(town.dir, "copydesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	next := strings.Replace(string(text), "channels: [", "channels: [{slug: top, title: Top, order: top, limit: 4}, ", 1)
	if err := os.WriteFile(file, []byte(next), 0o600); err != nil {
		t.Fatal(err)
	}
	town.program.log.await(t, "a new config is in force")
	ask := func(header ...string) (status int, items map[string]string, tag string) {
		t.Helper()
		res, err := town.program.get("/channels/top/feed.json", append(header, "Accept-Encoding: identity")...)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusIMUsed {
			items, _ = entriesOf(t, "json", string(body))
		}
		return res.StatusCode, items, res.Header.Get("ETag")
	}
	had := map[string]map[string]string{} // by tag
	for i := range 7 {
		title := fmt.Sprint("story ", i)
		town.publish(title)
		if !eventually(func() bool {
			_, items, tag := ask()
			had[tag] = items
			return strings.Contains(fmt.Sprint(items), title)
		}) {
			t.Fatalf("%s was not published\n%s", title, town.program.log)
		}
	}
	for _, when := range []string{"by the same program", "by the next program"} {
		_, all, now := ask()
		for tag, held := range had {
			if tag == now {
				continue
			}
			status, told, _ := ask("A-IM: feed", "If-None-Match: "+tag)
			want := maps.Clone(all)
			maps.DeleteFunc(want, func(id, item string) bool { return held[id] == item })
			if status != http.StatusIMUsed || !maps.Equal(told, want) {
				t.Errorf("%s: got %d with %v, want 226 with %v", when, status, told, want)
			}
		}
		town.program.terminate(t)
		town.start()
	}
	if len(had) < 7 {
		t.Errorf("there were only %d editions", len(had))
	}
	town.program.terminate(t)
}

// Who asks for what is new, or has it delivered, is told of all that was
// withdrawn since, however much: also of what the feed of now tells no more.
func TestDeltasTellOfAllWithdrawals(t *testing.T) {
	t.Parallel()
	shop := newDeltaShop(t, "sqlite", storetest.Database(t))
	shop.channels[0].Limit, shop.channels[0].PerSource = 200, 0
	shop.configure(t)
	for i := range 140 {
		shop.bring(t, i, fmt.Sprint("News ", i), shop.at)
	}
	withdraw := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			src := shop.sources[i%2].Slug
			key := news.NewKey(src, fmt.Sprintf("https://%s.example/%d", src, i))
			if _, err := shop.store.Withdraw(t.Context(), key, news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
				t.Fatal(err)
			}
		}
		if err := shop.press.Print(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	withdraw(0, 5) // these are known
	m := newMailroom(t, shop)
	m.subscribe()
	paths := []string{"/channels/all/feed.", "/sources/wire/feed.", "/authors/ann-lee/feed."}
	tags := map[string][]string{}
	for _, step := range []struct{ from, to int }{{5, 60}, {60, 115}, {115, 115}} {
		for _, path := range paths {
			for _, format := range []string{"rss", "atom", "json"} {
				res, _ := shop.get(t, path+format)
				tags[path+format] = append(tags[path+format], res.Header.Get("ETag"))
			}
		}
		withdraw(step.from, step.to)
	}
	for _, path := range paths {
		for _, format := range []string{"rss", "atom", "json"} {
			for i, want := range []int{110, 55} {
				if path == "/sources/wire/feed." {
					want = []int{55, 28}[i] // every other
				}
				if format == "rss" { // it has no words for it
					want = 0
				}
				res, text := shop.get(t, path+format, "A-IM", "feed", "If-None-Match", tags[path+format][i])
				entries, gone := entriesOf(t, format, text)
				slices.Sort(gone)
				if gone = slices.Compact(gone); res.StatusCode != 226 || len(gone) != want {
					t.Errorf("%s%s, edition %d: got %d with %d entries and %d withdrawals, want 226 with %d", path, format, i, res.StatusCode, len(entries), len(gone), want)
				}
			}
			if res, _ := shop.get(t, path+format, "A-IM", "feed", "If-None-Match", tags[path+format][2]); res.StatusCode != 304 {
				t.Errorf("%s%s: who has all is answered %d, want 304", path, format, res.StatusCode)
			}
		}
	}
	for _, format := range []string{"atom", "json"} {
		if err := m.hub.Deliver(t.Context(), mailTopic+format); err != nil {
			t.Fatal(err)
		}
		if got := m.got[format]; len(got) != 1 || strings.Count(got[0], "not ") != 110 {
			t.Errorf("%s: got %q, want one delivery with 110 withdrawals", format, got)
		}
	}
}
