package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

const topic = "https://h0.example/feed"

func offering(p news.Pull) news.Pull {
	p.Offer = &news.Offer{Topic: topic, Hubs: []string{"https://hub.example/", "https://other.example/"}, Vouched: true}
	return p
}

func asked(token string, at time.Time) news.Subscription {
	return news.Subscription{Token: token, Source: "s0", Topic: topic, Hub: "https://hub.example/", Secret: "of " + token, State: news.SubscriptionAsked, Asked: at}
}

// offered is a store with a source that offers to be pushed.
func offered(t *testing.T, open func(store.Options) *store.Store, opt store.Options) *store.Store {
	t.Helper()
	s := open(opt)
	prepared(t, s, 2)
	save(t, s, offering(pull("s0", noon, article("s0", "1", "First"))))
	return s
}

// subscribed is one whose hub has granted ten days.
func subscribed(t *testing.T, open func(store.Options) *store.Store, opt store.Options) *store.Store {
	t.Helper()
	s := offered(t, open, opt)
	grant(t, s, "one", noon)
	return s
}

func grant(t *testing.T, s *store.Store, token string, at time.Time) {
	t.Helper()
	if err := s.Ask(t.Context(), asked(token, at), at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Confirm(t.Context(), asked(token, at), at, at.Add(240*time.Hour), at.Add(192*time.Hour)); err != nil || !ok {
		t.Fatalf("confirmed %v, %v", ok, err)
	}
}

func pushOf(t *testing.T, s *store.Store) (news.Push, []news.Subscription) {
	t.Helper()
	p, subs, err := s.Push(t.Context(), "s0")
	if err != nil {
		t.Fatal(err)
	}
	return p, subs
}

func states(subs []news.Subscription) map[string]news.SubscriptionState {
	out := map[string]news.SubscriptionState{}
	for _, sub := range subs {
		out[sub.Token] = sub.State
	}
	return out
}

// An offer is stored with the pull that met it, and queues the job that acts on
// it in the same transaction.
func TestAnOfferIsActedOn(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		s := offered(t, open, store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return nil
		}})
		if !slices.Contains(queued, store.Job{Kind: "renew", Subject: "s0"}) {
			t.Errorf("queued %v", queued)
		}
		p, _ := pushOf(t, s)
		if p.Offer.Topic != topic || len(p.Offer.Hubs) != 2 || !p.Offer.Vouched || !p.Seen.Equal(noon) || !p.AttendAt.Equal(noon) {
			t.Errorf("stored %+v", p)
		}
		queued = nil
		if err := s.QueueRenewals(t.Context(), noon.Add(-time.Second)); err != nil || len(queued) != 0 {
			t.Errorf("before its time %v is queued (%v)", queued, err)
		}
		if err := s.QueueRenewals(t.Context(), noon); err != nil || !slices.Equal(queued, []store.Job{{Kind: "renew", Subject: "s0"}}) {
			t.Errorf("queued %v (%v)", queued, err)
		}
		due, err := s.ClaimNamed(t.Context(), noon, time.Minute, []news.Slug{"s0", "s1"})
		if err != nil || len(due) != 2 || due[0].Push.Offer.Topic != topic || due[1].Push.Offer.Topic != "" {
			t.Errorf("claimed %+v (%v), want the offer with its source", due, err)
		}
	})
}

// A renewal is another agreement; the one before is left when it is confirmed.
func TestRenewal(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		p, subs := pushOf(t, s)
		if p.Hub != "https://hub.example/" || !p.Since.Equal(noon) || !p.Until.Equal(noon.Add(240*time.Hour)) || !p.AttendAt.Equal(noon.Add(192*time.Hour)) {
			t.Errorf("after the first: %+v", p)
		}
		if got := states(subs); got["one"] != news.SubscriptionActive {
			t.Errorf("agreements %v", got)
		}
		later := noon.Add(192 * time.Hour)
		if err := s.Ask(t.Context(), asked("lost", later), later); err != nil {
			t.Fatal(err)
		}
		if err := s.Ask(t.Context(), asked("two", later), later); err != nil {
			t.Fatal(err)
		}
		_, subs = pushOf(t, s)
		if got := states(subs); len(got) != 2 || got["one"] != news.SubscriptionActive || got["two"] != news.SubscriptionAsked {
			t.Errorf("while the hub is asked: %v", got)
		}
		if ok, err := s.Confirm(t.Context(), asked("two", later), later, later.Add(240*time.Hour), later.Add(192*time.Hour)); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if again, err := s.Confirm(t.Context(), asked("two", later), later, later.Add(999*time.Hour), later); err != nil || again {
			t.Errorf("confirmed twice: %v, %v", again, err)
		}
		p, subs = pushOf(t, s)
		if got := states(subs); got["one"] != news.SubscriptionLeaving || got["two"] != news.SubscriptionActive {
			t.Errorf("after it: %v", got)
		}
		if !p.Since.Equal(noon) || !p.Until.Equal(later.Add(240*time.Hour)) {
			t.Errorf("push %+v, want it in force all the time", p)
		}
		if err := s.Part(t.Context(), asked("one", noon)); err != nil {
			t.Fatal(err)
		}
		var missing interface{ NotFound() bool }
		if _, err := s.Subscription(t.Context(), "one"); !errors.As(err, &missing) || !missing.NotFound() {
			t.Errorf("an agreement that has ended: %v", err)
		}
		if sub, err := s.Subscription(t.Context(), "two"); err != nil || sub.Secret != "of two" || sub.Topic != topic {
			t.Errorf("got %+v (%v)", sub, err)
		}
	})
}

func dueAt(t *testing.T, s *store.Store) time.Time {
	t.Helper()
	list, err := s.Statuses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list[0].NextDue
}

// What is pushed is stored as what is pulled, but moves neither lease,
// validators nor the numbers of pulls.
func TestSavePushed(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		at := noon.Add(10 * time.Minute)
		due, marked, err := s.TakePush(t.Context(), "s0", at)
		if err != nil || !due.DueAt.Equal(noon.Add(time.Hour)) || !marked.Equal(at.Add(30*time.Second)) || !dueAt(t, s).Equal(marked) {
			t.Fatalf("due at %v, marked %v (%v), stands at %v", due.DueAt, marked, err, dueAt(t, s))
		}
		p := pull("s0", at, article("s0", "2", "Second"))
		p.Pushed, p.Marked, p.NextDue = true, marked, noon.Add(24*time.Hour)
		if saved := save(t, s, p); saved.New != 1 || saved.Revision == 0 {
			t.Errorf("saved %+v", saved)
		}
		list, err := s.Statuses(t.Context())
		if err != nil || list[0].Pulls != 1 || !list[0].LastPull.Equal(noon) || list[0].Articles != 2 || !list[0].NextDue.Equal(noon.Add(24*time.Hour)) {
			t.Errorf("status %+v (%v)", list[0], err)
		}
		if known, _ := pushOf(t, s); known.Pushes != 1 || !known.LastPush.Equal(at) {
			t.Errorf("push %+v", known)
		}
	})
}

// A source that was pulled while content was on its way keeps the due time of
// that pull, and one whose settings have changed takes nothing.
func TestPushedMeanwhile(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		at := noon.Add(10 * time.Minute)
		_, marked, err := s.TakePush(t.Context(), "s0", at)
		if err != nil {
			t.Fatal(err)
		}
		save(t, s, pull("s0", at))
		p := pull("s0", at, article("s0", "2", "Second"))
		p.Pushed, p.Marked, p.NextDue = true, marked, noon.Add(24*time.Hour)
		if save(t, s, p); !dueAt(t, s).Equal(at.Add(time.Hour)) {
			t.Errorf("due at %v, want as the pull has it", dueAt(t, s))
		}
		p.Reading = "of yesterday"
		if _, err := s.SavePull(t.Context(), p); !errors.Is(err, store.ErrNoSource) {
			t.Errorf("by other settings: %v", err)
		}
	})
}

// However often a hub delivers what is of no use, the source is not pulled more
// than every five minutes for it.
func TestAMarkIsNoHammer(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		for range 3 {
			if _, marked, err := s.TakePush(t.Context(), "s0", noon.Add(time.Second)); err != nil || !marked.Equal(noon.Add(5*time.Minute)) {
				t.Errorf("marked %v (%v)", marked, err)
			}
		}
	})
}

// A pull that finds what push had not brought is due again at its own pace, and
// is remembered; one that finds nothing lets it rest.
func TestCheckedPush(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		check := pull("s0", noon.Add(time.Hour), article("s0", "1", "First"))
		check.Rest = noon.Add(25 * time.Hour)
		if save(t, s, check); !dueAt(t, s).Equal(check.Rest) {
			t.Errorf("nothing new: due at %v, want %v", dueAt(t, s), check.Rest)
		}
		check = pull("s0", noon.Add(25*time.Hour), article("s0", "3", "Third"))
		check.Rest = noon.Add(49 * time.Hour)
		if save(t, s, check); !dueAt(t, s).Equal(check.NextDue) {
			t.Errorf("something new: due at %v, want %v", dueAt(t, s), check.NextDue)
		}
		if p, _ := pushOf(t, s); p.Misses != 1 || !p.MissedAt.Equal(check.At) {
			t.Errorf("remembered %+v", p)
		}
		check = pull("s0", noon.Add(26*time.Hour))
		check.Outcome, check.Rest = news.OutcomeUnchanged, noon.Add(50*time.Hour)
		save(t, s, check)
		if p, _ := pushOf(t, s); p.Misses != 0 || !dueAt(t, s).Equal(check.Rest) {
			t.Errorf("after a good check: %+v, due at %v", p, dueAt(t, s))
		}
	})
}

// A hub that refuses ends what it refuses; pulls resume at once where it was in
// force.
func TestDeny(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		at := noon.Add(10 * time.Minute)
		if err := s.Ask(t.Context(), asked("two", at), at); err != nil {
			t.Fatal(err)
		}
		if err := s.Deny(t.Context(), asked("two", at), at, "later perhaps"); err != nil {
			t.Fatal(err)
		}
		if p, _ := pushOf(t, s); !p.InForce(at) || p.Fault != "the hub refuses to push: later perhaps" || !p.AttendAt.IsZero() || dueAt(t, s).Equal(at) {
			t.Errorf("a renewal that is refused: %+v; want what was granted to last", p)
		}
		one, err := s.Subscription(t.Context(), "one")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Deny(t.Context(), one, at, ""); err != nil {
			t.Fatal(err)
		}
		if p, subs := pushOf(t, s); p.InForce(at) || len(subs) != 0 || !dueAt(t, s).Equal(at) {
			t.Errorf("refused: %+v, %v, due at %v", p, subs, dueAt(t, s))
		}
	})
}

func TestFailAndEndPush(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := subscribed(t, open, store.Options{})
		at := noon.Add(10 * time.Minute)
		if err := s.Ask(t.Context(), asked("two", at), at); err != nil {
			t.Fatal(err)
		}
		if err := s.FailPush(t.Context(), "s0", at.Add(time.Hour), "no such host"); err != nil {
			t.Fatal(err)
		}
		if p, subs := pushOf(t, s); p.Tries != 1 || p.Fault != "no such host" || !p.AttendAt.Equal(at.Add(time.Hour)) || len(subs) != 1 || !p.InForce(at) {
			t.Errorf("failed: %+v, %v", p, subs)
		}
		if err := s.EndPush(t.Context(), "s0", at, "no hub any more"); err != nil {
			t.Fatal(err)
		}
		p, subs := pushOf(t, s)
		if p.InForce(at) || p.Fault != "no hub any more" || !p.AttendAt.IsZero() || states(subs)["one"] != news.SubscriptionLeaving || !dueAt(t, s).Equal(at) {
			t.Errorf("ended: %+v, %v, due at %v", p, subs, dueAt(t, s))
		}
		if err := s.Ignore(t.Context(), subs[0]); err != nil {
			t.Fatal(err)
		}
		if p, _ := pushOf(t, s); p.Ignored != 1 {
			t.Errorf("ignored %d", p.Ignored)
		}
	})
}

// A source that is no longer what it was, or is not to be pushed, leaves its
// hubs; the agreements stay until they have ended there.
func TestAConfigEndsPush(t *testing.T) {
	for name, change := range map[string]func(*store.SourceConfig){
		"paused":          func(src *store.SourceConfig) { src.Paused = true },
		"another address": func(src *store.SourceConfig) { src.URL = "https://h9.example/feed" },
		"no push":         func(src *store.SourceConfig) { src.Push = false },
		"retired":         func(src *store.SourceConfig) { src.Slug = "s9" },
		"the same":        nil,
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
				s := subscribed(t, open, store.Options{})
				list := sources(2)
				for i := range list {
					list[i].Push = true
				}
				if change != nil {
					change(&list[0])
				}
				if err := s.SyncSources(t.Context(), list); err != nil {
					t.Fatal(err)
				}
				p, subs := pushOf(t, s)
				want := news.SubscriptionLeaving
				if change == nil {
					want = news.SubscriptionActive
				}
				if states(subs)["one"] != want || p.InForce(noon) != (change == nil) {
					t.Errorf("%v, %+v", subs, p)
				}
			})
		})
	}
	t.Run("gone", func(t *testing.T) {
		onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
			s := subscribed(t, open, store.Options{})
			p := pull("s0", noon)
			p.Outcome, p.Gone = news.OutcomeFailed, true
			save(t, s, p)
			if p, subs := pushOf(t, s); states(subs)["one"] != news.SubscriptionLeaving || p.InForce(noon) {
				t.Errorf("%v, %+v", subs, p)
			}
			if _, _, err := s.TakePush(t.Context(), "s0", noon); !errors.Is(err, store.ErrNoSource) {
				t.Errorf("it still takes: %v", err)
			}
		})
	})
}

// What stands with hubs survives the process.
func TestSubscriptionsSurvive(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		before, _ := pushOf(t, subscribed(t, open, store.Options{}))
		after, subs := pushOf(t, open(store.Options{}))
		if after.Hub == "" || after.Hub != before.Hub || !after.Until.Equal(before.Until) || states(subs)["one"] != news.SubscriptionActive {
			t.Errorf("before %+v, after %+v with %v", before, after, subs)
		}
	})
}

// An agreement whose lease is over, or that is to end, is attended to even where
// nothing else is due.
func TestWhatHasEndedIsAttendedTo(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		s := subscribed(t, open, store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return nil
		}})
		if err := s.Deny(t.Context(), asked("two", noon), noon, ""); err != nil { // a renewal: nothing is due any more
			t.Fatal(err)
		}
		want := []store.Job{{Kind: "renew", Subject: "s0"}}
		for at, n := range map[time.Time]int{noon.Add(239 * time.Hour): 0, noon.Add(240 * time.Hour): 1} {
			queued = nil
			if err := s.QueueRenewals(t.Context(), at); err != nil || len(queued) != n || n == 1 && !slices.Equal(queued, want) {
				t.Errorf("at %v %v is queued (%v), want %d", at, queued, err, n)
			}
		}
		queued = nil
		if err := s.EndPush(t.Context(), "s0", noon, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.QueueRenewals(t.Context(), noon); err != nil || !slices.Equal(queued, want) {
			t.Errorf("what is to end: %v (%v)", queued, err)
		}
	})
}
