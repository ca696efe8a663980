package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// at makes sources of these addresses, named s0, s1 and so on.
func at(t *testing.T, s *store.Store, addresses ...string) []store.SourceConfig {
	t.Helper()
	list := sources(len(addresses))
	for i := range list {
		list[i].URL = addresses[i]
	}
	if err := s.SyncSources(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	return list
}

// claimed are the slugs of one claim.
func claimed(t *testing.T, s *store.Store, call news.Call) []news.Slug {
	t.Helper()
	due, _, err := s.Claim(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]news.Slug, len(due))
	for i, d := range due {
		out[i] = d.Slug
	}
	return out
}

// A host that cannot serve all its sources in time is asked once in a gap, and
// its sources take turns: those that answer, one that fails and one that is new.
func TestSourcesOfOneHostTakeTurns(t *testing.T) {
	for _, room := range []int{1, 10} { // for doubtful ones
		onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
			s := open(store.Options{})
			at(t, s, "https://h.example/0", "http://H.example/1", "https://h.example:8443/2", "https://h.example./3", "https://other.example/4")
			end := func(slug news.Slug, at time.Time, outcome news.Outcome) {
				save(t, s, news.Pull{Source: slug, At: at, Outcome: outcome, Fault: "it is away", NextDue: at})
			}
			for _, slug := range []news.Slug{"s0", "s1", "s4"} {
				end(slug, noon, news.OutcomeUnchanged)
			}
			turns := map[news.Slug]int{}
			for second := range 20 {
				now := noon.Add(time.Duration(second) * time.Second)
				ofHost := 0
				for _, slug := range claimed(t, s, news.Call{Now: now, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: room}) {
					if turns[slug]++; slug != "s4" {
						ofHost++
					}
					outcome := news.OutcomeUnchanged
					if slug == "s2" {
						outcome = news.OutcomeFailed
					}
					end(slug, now, outcome)
				}
				if ofHost != 1 {
					t.Fatalf("second %d: %d pulls of one host, want 1", second, ofHost)
				}
			}
			for slug, n := range turns {
				if slug == "s4" && n != 20 || slug != "s4" && (n < 4 || n > 6) {
					t.Errorf("%s had %d turns in 20, want 5 of those who share a host", slug, n)
				}
			}
			if len(turns) != 5 {
				t.Errorf("turns %v, want some for each", turns)
			}
		})
	}
}

// Where there is no room for doubtful sources, they do not hold up the others
// of their host.
func TestTurnsWithoutRoom(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		at(t, s, "https://a.example/0", "https://a.example/1", "https://b.example/2", "https://b.example/3")
		for _, slug := range []news.Slug{"s1", "s3"} { // good ones; before them a new one is due on each host
			save(t, s, news.Pull{Source: slug, At: noon, Outcome: news.OutcomeUnchanged, NextDue: noon.Add(time.Second)})
		}
		now := noon.Add(time.Minute)
		if got := claimed(t, s, news.Call{Now: now, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 1}); !slices.Equal(got, []news.Slug{"s0", "s3"}) {
			t.Errorf("with room for one: claimed %v, want the new one of the first host and the good one of the second", got)
		}
		now = now.Add(time.Second)
		if got := claimed(t, s, news.Call{Now: now, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 0}); !slices.Equal(got, []news.Slug{"s1"}) {
			t.Errorf("without room: claimed %v, want the good one of the first host", got)
		}
	})
}

// Feeds, pages and redirects share a host's slots, on two nodes as on one.
func TestOneBudgetAcrossNodes(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		nodes := []*store.Store{open(store.Options{}), open(store.Options{})}
		at(t, nodes[0], "https://h.example/0", "https://h.example/1")
		call := news.Call{Now: noon, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10}
		if a, b := claimed(t, nodes[0], call), claimed(t, nodes[1], call); len(a) != 1 || len(b) != 0 {
			t.Errorf("two nodes claimed %v and %v of one host in one moment, want one", a, b)
		}
		reserve := func(node int, gap time.Duration) time.Duration {
			t.Helper()
			slot, err := nodes[node].Reserve(t.Context(), "h.example", noon, gap)
			if err != nil {
				t.Fatal(err)
			}
			return slot.Sub(noon)
		}
		for i, want := range []time.Duration{1, 2, 3, 4} {
			if got := reserve(i%2, time.Second); got != want*time.Second {
				t.Errorf("slot %d begins after %v, want %d s", i, got, want)
			}
		}
		reserve(0, 10*time.Second) // a site that wants to be left alone for longer
		if got := reserve(1, time.Second); got != 15*time.Second {
			t.Errorf("the slot after a longer gap begins after %v, want 15 s", got)
		}
		call.Now = noon.Add(15 * time.Second)
		if got := claimed(t, nodes[0], call); len(got) != 0 {
			t.Errorf("claimed %v while the host's slots are taken", got)
		}
		call.Now = noon.Add(16 * time.Second)
		if got := claimed(t, nodes[1], call); len(got) != 1 {
			t.Errorf("claimed %v once they are free, want one", got)
		}
	})
}

// Nodes that ask in the same moment do not ask one host twice.
func TestNodesAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		nodes := []*store.Store{open(store.Options{}), open(store.Options{}), open(store.Options{})}
		var addresses []string
		for i := range 40 {
			addresses = append(addresses, fmt.Sprintf("https://h%d.example/%d", i%4, i))
		}
		at(t, nodes[0], addresses...)
		for round := range 10 {
			now := noon.Add(time.Duration(round) * time.Second)
			var (
				asking sync.WaitGroup
				mu     sync.Mutex // guards asked
				asked  = map[string]int{}
			)
			note := func(host string) {
				mu.Lock()
				defer mu.Unlock()
				asked[host]++
			}
			for _, node := range nodes {
				asking.Go(func() {
					due, _, err := node.Claim(t.Context(), news.Call{Now: now, Lease: time.Hour, Gap: time.Second, Most: 3, Doubtful: 3})
					if err != nil {
						t.Error(err)
					}
					for _, d := range due {
						var i int
						_, _ = fmt.Sscanf(string(d.Slug), "s%d", &i)
						note(fmt.Sprintf("h%d.example", i%4))
					}
				})
				asking.Go(func() {
					for i := range 4 {
						host := fmt.Sprintf("h%d.example", i)
						if _, ok, err := node.Spare(t.Context(), host, now, time.Second); err != nil {
							t.Error(err)
						} else if ok {
							note(host)
						}
					}
				})
			}
			asking.Wait()
			for host, n := range asked {
				if n > 1 {
					t.Errorf("round %d: %s was asked %d times within a gap", round, host, n)
				}
			}
		}
	})
}

// Pages take the slots that no source waits for, so that a thousand of them do
// not keep a feed from its turn.
func TestPagesGiveWayToFeeds(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		list := sources(1)
		list[0].FirstDue = noon.Add(3 * time.Second)
		if err := s.SyncSources(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		call := news.Call{Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10}
		var order []string
		for second := range 7 {
			now := noon.Add(time.Duration(second) * time.Second)
			again, ok, err := s.Spare(t.Context(), "h0.example", now, time.Second) // the pages ask first
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				order = append(order, "page")
				if again, ok, err = s.Spare(t.Context(), "h0.example", now, time.Second); err != nil || ok {
					t.Errorf("two pages in one moment (%v)", err)
				}
			}
			if !again.Equal(now.Add(time.Second)) {
				t.Errorf("second %d: asked again at %v, want in a second", second, again)
			}
			call.Now = now
			for _, slug := range claimed(t, s, call) {
				order = append(order, "feed")
				save(t, s, news.Pull{Source: slug, At: now, Outcome: news.OutcomeUnchanged, NextDue: now.Add(time.Hour)})
			}
		}
		if want := []string{"page", "page", "page", "feed", "page", "page", "page"}; !slices.Equal(order, want) {
			t.Errorf("asked in the order %v, want %v", order, want)
		}
	})
}

// Hosts that were asked long ago are not kept.
func TestHostsAreForgotten(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		for i := range 3 {
			if _, err := s.Reserve(t.Context(), fmt.Sprintf("h%d.example", i), noon.Add(time.Duration(i)*time.Hour), time.Second); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Prune(t.Context(), noon, noon.Add(90*time.Minute)); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := s.Writer().QueryRow("SELECT count(*) FROM host").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d hosts are kept (%v), want the one that was asked last", n, err)
		}
	})
}

// A source that has long been due and is not pulled keeps no page waiting.
func TestPagesDoNotWaitForEver(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		if _, ok, err := s.Spare(t.Context(), "h0.example", noon.Add(2*time.Minute), time.Second); err != nil || !ok {
			t.Errorf("got %v, %v; want a slot", ok, err)
		}
		if _, ok, err := s.Spare(t.Context(), "h0.example", noon, 0); err != nil || !ok {
			t.Errorf("without a gap: got %v, %v; want a slot at once", ok, err)
		}
	})
}

// What a clock has put off that went a year ahead is due when it is set back; a node
// whose clock is a little ahead, and a host that asked for an hour, are heeded.
func TestAClockThatWasSetBack(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 3)
		year := noon.AddDate(1, 0, 0)
		save(t, s, pull("s0", year))
		if due := claimed(t, s, news.Call{Now: year, Lease: time.Minute, Most: 1, Doubtful: 1, Gap: time.Second}); len(due) != 1 {
			t.Fatalf("claimed %v", due)
		}
		save(t, s, pull("s2", noon.Add(time.Minute)))
		for host, until := range map[string]time.Time{"h0.example": year, "h2.example": noon.Add(time.Hour)} {
			if err := s.LeaveAlone(t.Context(), host, until); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.ForgetFuture(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		if due := claimed(t, s, news.Call{Now: noon, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10}); !slices.Equal(slices.Sorted(slices.Values(due)), []news.Slug{"s0", "s1"}) {
			t.Errorf("claimed %v, want s0 and s1", due)
		}
		if free, err := s.Reserve(t.Context(), "h2.example", noon, time.Second); err != nil || !free.Equal(noon.Add(time.Hour)) {
			t.Errorf("a host that asked for an hour is free at %v (%v)", free, err)
		}
	})
}

// After a pause, what came due meanwhile begins one after another, the longest
// overdue first; the rest keeps its moments.
func TestCatchingUpIsSpread(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		const n = 200
		list := sources(n + 2)
		for i := range n {
			list[i].FirstDue = noon.Add(-time.Duration(n-i) * time.Hour)
		}
		list[n].FirstDue, list[n+1].FirstDue = noon.Add(-time.Second), noon.Add(time.Hour)
		if err := s.SyncSources(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		if err := s.SpreadOverdue(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		status, err := s.Statuses(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		next, perSecond := map[news.Slug]time.Time{}, map[int64]int{}
		for _, st := range status {
			next[st.Slug] = st.NextDue
			perSecond[st.NextDue.Unix()]++
		}
		for i := range n {
			slug := news.Slug(fmt.Sprintf("s%d", i))
			if got, want := next[slug], noon.Add(time.Duration(i)*20*time.Millisecond); !got.Equal(want) {
				t.Errorf("%s, overdue by %d h, begins at %v, want %v", slug, n-i, got, want)
			}
		}
		if !next["s200"].Equal(list[n].FirstDue) || !next["s201"].Equal(list[n+1].FirstDue) {
			t.Errorf("hardly overdue and not due: now at %v and %v, want them left alone", next["s200"], next["s201"])
		}
		for second, count := range perSecond {
			if count > 51 {
				t.Errorf("%d sources begin in second %d", count, second-noon.Unix())
			}
		}
	})
}

// Where a source has moved to and that it is gone hold until its address in the
// config changes, whatever else does.
func TestOnlyAnAddressForgetsAMove(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		list := at(t, s, "https://a.example/feed", "https://b.example/feed")
		moved := news.Manners{Address: "https://new.example/feed", Moves: []news.Move{{To: "https://new.example/feed"}}}
		save(t, s, news.Pull{Source: "s0", At: noon, Outcome: news.OutcomeUnchanged, NextDue: noon, Manners: moved})
		save(t, s, news.Pull{Source: "s1", At: noon, Outcome: news.OutcomeFailed, NextDue: noon, Gone: true})
		sync := func() (a, b store.SourceStatus) {
			t.Helper()
			if err := s.SyncSources(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			status, err := s.Statuses(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return status[0], status[1]
		}
		for i := range list {
			list[i].Categories, list[i].Schedule = []string{"News"}, "@every 1h"
		}
		if a, b := sync(); a.Manners.Address != moved.Address || len(a.Manners.Moves) != 1 || b.State != "gone" {
			t.Errorf("after other changes: manners %+v, state %s; want the move and that it is gone", a.Manners, b.State)
		}
		if _, err := s.Reserve(t.Context(), "new.example", noon, time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := claimed(t, s, news.Call{Now: noon.Add(time.Second), Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10}); len(got) != 0 {
			t.Errorf("claimed %v though the host that it moved to is busy", got)
		}
		for i := range list {
			list[i].URL += "?2"
		}
		if a, b := sync(); a.Manners.Address != "" || a.Manners.Moves != nil || b.State != "failing" {
			t.Errorf("after a new address: manners %+v, state %s; want both asked anew", a.Manners, b.State)
		}
	})
}

// A pace that changes takes effect at once, like a schedule.
func TestPaceReschedules(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		list := at(t, s, "https://a.example/feed")
		save(t, s, news.Pull{Source: "s0", At: noon, Outcome: news.OutcomeUnchanged, NextDue: noon.Add(24 * time.Hour)})
		list[0].Pace, list[0].FirstDue = news.PaceSchedule, noon.Add(time.Minute)
		for range 2 { // the second time it has not changed
			if err := s.SyncSources(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			if status, err := s.Statuses(t.Context()); err != nil || !status[0].NextDue.Equal(noon.Add(time.Minute)) {
				t.Errorf("due at %v (%v), want at once", status[0].NextDue, err)
			}
			list[0].FirstDue = noon.Add(time.Hour)
		}
	})
}

// A host that asks to be left alone is, for as long as it asked for, however
// often it says so; a slot that was taken before is not given up.
func TestAHostIsLeftAlone(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		leave := func(d time.Duration) {
			if err := s.LeaveAlone(t.Context(), "h.example", now.Add(d)); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			leave(time.Hour)
		}
		leave(time.Minute)
		got, err := s.Reserve(t.Context(), "h.example", now, time.Second)
		if err != nil || !got.Equal(now.Add(time.Hour)) {
			t.Errorf("asked again at %v (%v), want after an hour", got, err)
		}
	})
}
