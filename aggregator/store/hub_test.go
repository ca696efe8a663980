package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

const ours = "https://news.example/channels/all/feed.atom"

func wanting(callback string, at time.Time) news.Intent {
	return news.Intent{Topic: ours, Callback: callback, Secret: "hush", Lease: time.Hour, Asked: at}
}

// taken claims what waits for verification.
func taken(t *testing.T, s *store.Store, now time.Time) []news.Intent {
	t.Helper()
	list, err := s.Intents(t.Context(), now, now.Add(time.Minute), 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func settle(t *testing.T, s *store.Store, list ...news.Verdict) {
	t.Helper()
	if err := s.SettleIntents(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// join makes a subscriber.
func join(t *testing.T, s *store.Store, callback string, at time.Time) {
	t.Helper()
	if err := s.AskHub(t.Context(), wanting(callback, at)); err != nil {
		t.Fatal(err)
	}
	settle(t, s, news.Verdict{Intent: wanting(callback, at), Meant: true, At: at})
}

func behind(t *testing.T, s *store.Store, mark news.Revision, now time.Time) []news.Subscriber {
	t.Helper()
	list, err := s.Behind(t.Context(), ours, mark, now, now.Add(time.Minute), 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Who asks while something new is stored, and printed for nobody yet, is behind it.
func TestWhoAsksBeforeAPrint(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		seen := newestRevision(t, s)
		save(t, s, pull("s0", noon, article("s0", "1", "First")))
		in := wanting("https://a.example/", noon)
		in.Revision = seen
		if err := s.AskHub(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		settle(t, s, news.Verdict{Intent: in, Meant: true, At: noon})
		if list := behind(t, s, newestRevision(t, s), noon); len(list) != 1 || list[0].Delivered != seen {
			t.Errorf("behind are %+v, want one who has %d", list, seen)
		}
	})
}

// What is asked of the hub waits with a job until it is settled, each topic and
// callback once: a later request takes the place of an earlier one.
func TestIntents(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return nil
		}})
		for _, at := range []time.Time{noon, noon.Add(time.Second)} {
			if err := s.AskHub(t.Context(), wanting("https://a.example/", at)); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Contains(queued, store.Job{Kind: "verify"}) {
			t.Errorf("queued %v", queued)
		}
		list := taken(t, s, noon)
		want := wanting("https://a.example/", noon.Add(time.Second))
		if len(list) != 1 || list[0] != want {
			t.Fatalf("took %+v, want %+v", list, want)
		}
		if again := taken(t, s, noon); len(again) != 0 {
			t.Errorf("claimed twice: %v", again)
		}
		settle(t, s, news.Verdict{Intent: wanting("https://a.example/", noon), Meant: true, At: noon}) // of the one that was replaced
		if got := behind(t, s, 99, noon); len(got) != 0 {
			t.Errorf("a request that was replaced has made %v a subscriber", got)
		}
		list[0].Tries = 2
		settle(t, s, news.Verdict{Intent: list[0], AgainAt: noon.Add(time.Hour)})
		if early := taken(t, s, noon.Add(time.Minute)); len(early) != 0 {
			t.Errorf("taken before its time: %v", early)
		}
		if late := taken(t, s, noon.Add(time.Hour)); len(late) != 1 || late[0].Tries != 2 {
			t.Errorf("later: %+v", late)
		}
		settle(t, s, news.Verdict{Intent: list[0]})
		if rest := taken(t, s, noon.Add(24*time.Hour)); len(rest) != 0 {
			t.Errorf("settled, and still waits: %v", rest)
		}
	})
}

// Subscribers are claimed by what they have acknowledged, the healthy first, and
// none by two at once.
func TestSubscribers(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		for i := range 3 {
			join(t, s, fmt.Sprintf("https://%c.example/", 'a'+i), noon)
		}
		if got := behind(t, s, 0, noon); len(got) != 0 {
			t.Errorf("nobody lags behind, and got %v", got)
		}
		got := behind(t, s, 7, noon)
		if len(got) != 3 || got[0].Secret != "hush" || !got[0].Until.Equal(noon.Add(time.Hour)) || got[0].Topic != ours {
			t.Fatalf("got %+v", got)
		}
		if again := behind(t, s, 7, noon); len(again) != 0 {
			t.Errorf("claimed twice: %v", again)
		}
		a, b, c := got[0], got[1], got[2]
		a.Delivered = 7
		b.Tries, b.Failing = 3, noon
		if err := s.Acknowledge(t.Context(), []news.Receipt{{Subscriber: a}, {Subscriber: b, AgainAt: noon.Add(time.Minute)}, {Subscriber: c, Ended: true}}); err != nil {
			t.Fatal(err)
		}
		if got := behind(t, s, 7, noon); len(got) != 0 {
			t.Errorf("before its time: %v", got)
		}
		status, err := s.HubStatus(t.Context())
		if err != nil || len(status) != 1 || status[0] != (store.HubTopic{Topic: ours, Subscribers: 2, Failing: 1}) {
			t.Errorf("status %+v (%v)", status, err)
		}
		got = behind(t, s, 8, noon.Add(time.Minute))
		if len(got) != 2 {
			t.Fatalf("later: %+v", got)
		}
		for _, sub := range got {
			if sub.ID == b.ID && (sub.Tries != 3 || !sub.Failing.Equal(noon)) || sub.ID == a.ID && sub.Delivered != 7 {
				t.Errorf("later: %+v", sub)
			}
		}
		if err := s.ReleaseHub(t.Context()); err != nil {
			t.Fatal(err)
		}
		one, err := s.Behind(t.Context(), ours, 8, noon.Add(time.Minute), noon.Add(time.Hour), 1)
		if err != nil || len(one) != 1 || one[0].ID != a.ID {
			t.Errorf("the healthy one should come first, got %+v (%v)", one, err)
		}
	})
}

// A sweep ends what is over, and queues what is to be tried again.
func TestSweepHub(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return nil
		}})
		join(t, s, "https://a.example/", noon)
		join(t, s, "https://b.example/", noon.Add(time.Hour))
		sub := behind(t, s, 7, noon)[0] // whoever has claimed the other one dies
		sub.Tries = 1
		if err := s.Acknowledge(t.Context(), []news.Receipt{{Subscriber: sub, AgainAt: noon.Add(30 * time.Minute)}}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			wait   time.Duration
			jobs   []store.Job
			topics int
		}{{0, nil, 1}, {time.Minute, []store.Job{{Kind: "deliver", Subject: ours}}, 1}, {30 * time.Minute, []store.Job{{Kind: "deliver", Subject: ours}}, 1}, {3 * time.Hour, nil, 0}} {
			queued = nil
			if err := s.SweepHub(t.Context(), noon.Add(c.wait)); err != nil {
				t.Fatal(err)
			}
			topics, err := s.HubTopics(t.Context())
			if err != nil || len(topics) != c.topics || !slices.Equal(queued, c.jobs) {
				t.Errorf("after %v: topics %v (%v), queued %v", c.wait, topics, err, queued)
			}
		}
	})
}

// A request and its verification are stored together or not at all.
func TestIntentNeedsItsJob(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		failing := errors.New("the engine is away")
		s := open(store.Options{Enqueue: func(context.Context, *sql.Tx, []store.Job) error { return failing }})
		if err := s.AskHub(t.Context(), wanting("https://a.example/", noon)); !errors.Is(err, failing) {
			t.Errorf("got %v", err)
		}
		if list := taken(t, s, noon); len(list) != 0 {
			t.Errorf("a request without its job is stored: %v", list)
		}
	})
}
