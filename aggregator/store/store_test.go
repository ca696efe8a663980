package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// onEach runs a test on SQLite and, where a server is named, on PostgreSQL in
// a schema of its own.
func onEach(t *testing.T, f func(t *testing.T, open func(store.Options) *store.Store)) {
	databases := map[string]string{"sqlite": storetest.Database(t)}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		databases["postgres"] = storetest.Schema(t, dsn)
	}
	for name, dsn := range databases {
		t.Run(name, func(t *testing.T) {
			f(t, func(opt store.Options) *store.Store {
				s, err := store.Open(t.Context(), dsn, opt)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return s
			})
		})
	}
}

func sources(n int) []store.SourceConfig {
	var out []store.SourceConfig
	for i := range n {
		out = append(out, store.SourceConfig{FirstDue: noon, Source: news.Source{
			Slug: news.Slug(fmt.Sprintf("s%d", i)), Name: fmt.Sprintf("Source %d", i), URL: fmt.Sprintf("https://h%d.example/feed", i%3),
		}})
	}
	return out
}

func article(source news.Slug, id, title string) news.Article {
	return news.Article{
		Key: news.NewKey(source, id), ID: "https://example.org/" + id, Source: source, OriginalID: id, URL: "https://example.org/" + id,
		Title: title, ContentHTML: "<p>" + title + "</p>", Published: news.Moment{At: noon.Add(-time.Hour), Basis: news.Explicit, Raw: "then"},
	}
}

func everything(a *news.Article) []news.Placement {
	return []news.Placement{{Channel: "all", Rule: "everything"}}
}

func pull(source news.Slug, at time.Time, list ...news.Article) news.Pull {
	return news.Pull{
		Source: source, At: at, Outcome: news.OutcomeChanged, NextDue: at.Add(time.Hour), Feed: &news.Feed{Title: "F"}, Articles: list, Place: everything,
		Validators: news.Validators{ETag: `"1"`, BodyHash: 1 << 63}, ItemHashes: []uint64{1, 1 << 63},
	}
}

// prepared is a store with sources and one channel.
func prepared(t *testing.T, s *store.Store, n int) {
	t.Helper()
	if err := s.SyncSources(t.Context(), sources(n)); err != nil {
		t.Fatal(err)
	}
	if err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Limit: 50}}); err != nil {
		t.Fatal(err)
	}
}

func save(t *testing.T, s *store.Store, p news.Pull) news.Saved {
	t.Helper()
	saved, err := s.SavePull(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestAnArticleKeepsItsIdentity(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 2)
		a := article("s0", "1", "First")
		if got := save(t, s, pull("s0", noon, a)); got.New != 1 || got.Revision == 0 {
			t.Fatalf("saved %+v", got)
		}
		first, err := s.Article(t.Context(), a.Key)
		if err != nil {
			t.Fatal(err)
		}

		moved := a
		moved.Published.At = noon.Add(-time.Minute)
		if got := save(t, s, pull("s0", noon.Add(time.Minute), moved)); got != (news.Saved{}) {
			t.Errorf("a moved date alone: %+v, want nothing changed", got)
		}

		moved.Title = "Second"
		got := save(t, s, pull("s0", noon.Add(2*time.Minute), moved))
		if got.Changed != 1 || got.Revision <= first.Revision {
			t.Errorf("a new title: %+v", got)
		}
		second, err := s.Article(t.Context(), a.Key)
		if err != nil {
			t.Fatal(err)
		}
		if second.ID != first.ID || !second.Published.At.Equal(first.Published.At) || second.Published.Raw != "then" || !second.Updated.Equal(noon.Add(2*time.Minute)) || second.Title != "Second" {
			t.Errorf("changed to %+v", second)
		}

		// Another source with the same ids gets an article of its own, and an id
		// that we mint.
		twin := article("s1", "1", "Another")
		save(t, s, pull("s1", noon, twin))
		other, err := s.Article(t.Context(), twin.Key)
		if err != nil || other.ID != "" {
			t.Errorf("twin = %+v, %v; want an id of its own", other, err)
		}
		if again, _ := s.Article(t.Context(), a.Key); again.Title != "Second" {
			t.Error("a source has overwritten another's article")
		}
	})
}

func TestMissingArticle(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		_, err := s.Article(t.Context(), "nope")
		var missing interface{ NotFound() bool }
		if !errors.As(err, &missing) || !missing.NotFound() {
			t.Errorf("err = %v", err)
		}
		if _, err := s.SavePull(t.Context(), pull("nobody", noon)); !errors.Is(err, store.ErrNoSource) {
			t.Errorf("pull of an unknown source: %v", err)
		}
	})
}

func TestClaims(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 7) // on three hosts
		ctx := t.Context()
		due, next, err := s.Claim(ctx, news.Call{Now: noon, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10})
		if err != nil || len(due) != 3 {
			t.Fatalf("claimed %d, %v; want one for each host", len(due), err)
		}
		if !next.Equal(noon.Add(time.Second)) {
			t.Errorf("next = %v, want when the hosts are free", next)
		}
		if again, _, _ := s.Claim(ctx, news.Call{Now: noon, Lease: time.Minute, Gap: time.Second, Most: 10, Doubtful: 10}); len(again) != 0 {
			t.Errorf("busy hosts were asked again: %d", len(again))
		}
		rest, _, err := s.Claim(ctx, news.Call{Now: noon, Lease: time.Minute, Most: 10, Doubtful: 10})
		if err != nil || len(rest) != 4 {
			t.Fatalf("without a gap %d, %v", len(rest), err)
		}
		p := pull(due[0].Slug, noon)
		save(t, s, p)
		later, _, err := s.Claim(ctx, news.Call{Now: noon.Add(2 * time.Minute), Lease: time.Minute, Most: 10, Doubtful: 10})
		if err != nil || len(later) != 6 {
			t.Errorf("after the lease %d are due, %v; want all but the one that was pulled", len(later), err)
		}
		after, _, err := s.Claim(ctx, news.Call{Now: noon.Add(2 * time.Hour), Lease: time.Minute, Most: 10, Doubtful: 10})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(after, func(d news.Due) bool { return d.Slug == due[0].Slug })
		if i < 0 || after[i].Validators != p.Validators || !slices.Equal(after[i].ItemHashes, p.ItemHashes) || after[i].Failures != 0 {
			t.Errorf("remembered %+v, want %+v", after, p.Validators)
		}
	})
}

func TestFailuresAreRemembered(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		for range 2 {
			save(t, s, news.Pull{Source: "s0", At: noon, Outcome: news.OutcomeFailed, Fault: "it is away", NextDue: noon})
		}
		list, err := s.Statuses(t.Context())
		if err != nil || len(list) != 1 || list[0].Failures != 2 || list[0].State != "failing" || list[0].Fault != "it is away" {
			t.Fatalf("status %+v, %v", list, err)
		}
		save(t, s, pull("s0", noon))
		if list, _ = s.Statuses(t.Context()); list[0].Failures != 0 || list[0].Fault != "" || list[0].State != "active" {
			t.Errorf("after a success %+v", list)
		}
	})
}

func TestSyncKeepsDueTimes(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 3)
		for _, slug := range []news.Slug{"s0", "s1", "s2"} {
			save(t, s, pull(slug, noon))
		}
		list := sources(2)
		list[0].FirstDue, list[1].FirstDue = noon.Add(time.Minute), noon.Add(time.Minute)
		list[1].URL = "https://moved.example/feed"
		if err := s.SyncSources(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		status, err := s.Statuses(t.Context())
		if err != nil || len(status) != 2 {
			t.Fatalf("%+v, %v; want the third retired", status, err)
		}
		if !status[0].NextDue.Equal(noon.Add(time.Hour)) || !status[1].NextDue.Equal(noon.Add(time.Minute)) {
			t.Errorf("next %v and %v; want the first kept, the changed one at once", status[0].NextDue, status[1].NextDue)
		}
	})
}

// What the config said of a source last outlives its line there, for the articles
// that stay.
func TestOrigins(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		sync := func(list ...store.SourceConfig) {
			t.Helper()
			if err := s.SyncSources(t.Context(), list); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(when string, want news.Source) {
			t.Helper()
			list, err := s.Origins(t.Context())
			if got := list["s0"]; err != nil || !reflect.DeepEqual(got, news.Origin{Source: want, Feed: news.Feed{Title: "F"}}) {
				t.Errorf("%s: %+v, %v; want %+v", when, got, err, want)
			}
		}
		wire, other := sources(2)[0], sources(2)[1]
		wire.URL, wire.HomePage, wire.Language, wire.Rights, wire.Republish = "https://u:secret@wire.example/feed", "https://wire.example/", "en", "© Wire", news.RepublishFull
		sync(wire)
		save(t, s, pull("s0", noon, article("s0", "1", "One")))
		want := news.Source{Slug: "s0", Name: "Source 0", URL: "https://wire.example/feed", HomePage: "https://wire.example/", Language: "en", Rights: "© Wire", Republish: news.RepublishFull}
		expect("of the config", want)
		sync(other)
		expect("gone", want)
		wire.Name, wire.URL, wire.HomePage, wire.Language, wire.Rights, wire.Republish = "Wire", "https://wire.example/2", "", "", "", news.RepublishHeadline
		want = news.Source{Slug: "s0", Name: "Wire", URL: "https://wire.example/2", Republish: news.RepublishHeadline}
		sync(wire, other)
		expect("back, with other words", want)
		sync(other)
		expect("gone again", want)
	})
}

func TestChannelsAreRefiled(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var asked []store.Job
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error { asked = append(asked, list...); return nil }})
		prepared(t, s, 2)
		if !slices.Contains(asked, store.Job{Kind: "refile", Subject: "all"}) {
			t.Errorf("a new channel asks for %v", asked)
		}
		save(t, s, pull("s0", noon, article("s0", "1", "Storm"), article("s0", "2", "Calm")))
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
		asked = nil
		err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Limit: 50, Where: "storms"}})
		if err != nil || len(asked) != 1 {
			t.Fatalf("asked %v, %v", asked, err)
		}
		storms := func(a *news.Article) []news.Placement {
			if strings.Contains(a.Title, "Storm") {
				return everything(a)
			}
			return nil
		}
		for i, want := range []bool{true, false} {
			changed, err := s.Refile(t.Context(), "all", noon, storms)
			if err != nil || changed != want {
				t.Errorf("refile %d: changed %v, %v", i, changed, err)
			}
		}
		list, err := s.Placements(t.Context(), shelf, 10)
		if err != nil || len(list) != 1 {
			t.Errorf("placed %v, %v", list, err)
		}
		touched, err := s.Touched(t.Context(), 0)
		if err != nil || len(touched) < 2 {
			t.Errorf("touched %v, %v", touched, err)
		}
	})
}

func TestRanking(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		if err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Limit: 50, Order: news.Top}}); err != nil {
			t.Fatal(err)
		}
		save(t, s, pull("s0", noon, article("s0", "1", "One"), article("s0", "2", "Two")))
		want := []news.Key{news.NewKey("s0", "2"), news.NewKey("s0", "1")}
		order := func([]news.Placement) []news.Key { return want }
		for i, changes := range []bool{true, false} {
			if changed, err := s.Rank(t.Context(), "all", noon, order); err != nil || changed != changes {
				t.Errorf("rank %d: changed %v, %v", i, changed, err)
			}
		}
		list, err := s.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 10)
		if err != nil || len(list) != 2 || list[0].Article != want[0] || list[1].Article != want[1] || list[0].Ordered != newestRevision(t, s) {
			t.Errorf("order %v, %v", list, err)
		}
	})
}

// What has had a place and is too old for another one, or has too many before it, stands
// behind all that have one.
func TestRankingOfTheOld(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		if err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Limit: 50, Order: news.Top}}); err != nil {
			t.Fatal(err)
		}
		var want []news.Key
		come := func(id string, at time.Time, more ...news.Article) {
			t.Helper()
			more = append(more, article("s0", id, id))
			for i := range more {
				more[i].Published.At = at.Add(time.Duration(i) * time.Second)
				want = slices.Insert(want, 0, more[i].Key)
			}
			save(t, s, pull("s0", at, more...))
			for _, changes := range []bool{true, false} {
				changed, err := s.Rank(t.Context(), "all", at.Add(time.Hour), func(list []news.Placement) []news.Key {
					var keys []news.Key
					for _, p := range list {
						keys = append(keys, p.Article)
					}
					return keys
				})
				if err != nil || changed != changes {
					t.Errorf("%s: changed %v, %v", id, changed, err)
				}
			}
			list, err := s.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 2000)
			var got []news.Key
			for _, p := range list {
				got = append(got, p.Article)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s comes: %d stand, %v first (%v), want %d, %v first", id, len(got), got[:min(4, len(got))], err, len(want), want[:min(4, len(want))])
			}
		}
		for i := range 4 {
			come(fmt.Sprint("day ", 8*i), noon.Add(time.Duration(i)*8*24*time.Hour))
		}
		var many []news.Article
		for i := range 999 {
			many = append(many, article("s0", fmt.Sprint(i), fmt.Sprint(i)))
		}
		come("the last of many", noon.Add(30*24*time.Hour), many...)
	})
}

func TestPruneKeepsTheNewest(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		var list []news.Article
		for i := range 1003 {
			a := article("s0", fmt.Sprint(i), "T")
			a.Published.At = noon.Add(-time.Duration(i) * time.Minute)
			list = append(list, a)
		}
		save(t, s, pull("s0", noon, list...))
		n, err := s.Prune(t.Context(), noon.Add(time.Hour), noon)
		if err != nil || n != 3 {
			t.Errorf("pruned %d, %v; want 3", n, err)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Writer().Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := store.Open(t.Context(), path, store.Options{}); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("err = %v, want ErrNewerSchema", err)
	}
}

// Pulls, claims, reads and a second process on the same file never meet a
// locked database, and nothing is lost.
func TestNothingIsLocked(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s, second := open(store.Options{}), open(store.Options{})
		const n = 20
		prepared(t, s, n)
		var group sync.WaitGroup
		report := func(err error) {
			if err != nil {
				t.Error(err)
			}
		}
		for i := range n {
			group.Go(func() {
				slug := news.Slug(fmt.Sprintf("s%d", i))
				for k := range 20 {
					db := s
					if i%5 == 0 {
						db = second
					}
					_, err := db.SavePull(t.Context(), pull(slug, noon.Add(time.Duration(k)*time.Second), article(slug, fmt.Sprint(k), fmt.Sprintf("T %d", k))))
					report(err)
				}
			})
			group.Go(func() {
				for range 20 {
					_, _, err := s.Claim(t.Context(), news.Call{Now: noon, Lease: time.Millisecond, Most: 5, Doubtful: 5})
					report(err)
					_, err = s.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 50)
					report(err)
					_, err = second.Touched(t.Context(), 0)
					report(err)
				}
			})
		}
		group.Wait()
		list, err := s.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 1000)
		if err != nil || len(list) != n*20 {
			t.Errorf("%d placements, %v; want %d", len(list), err, n*20)
		}
		report(s.Check(t.Context()))
	})
}

// An article is filed only where the store has a channel, and a pull that began
// before its source was changed stores nothing: both happen while a config
// changes.
func TestAConfigChangesBetweenPullAndSave(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		p := pull("s0", noon, article("s0", "1", "First"))
		p.Place = func(*news.Article) []news.Placement {
			return []news.Placement{{Channel: "coming", Rule: "early"}, {Channel: "all", Rule: "everything"}}
		}
		save(t, s, p)
		for ch, want := range map[news.Slug]int{"all": 1, "coming": 0} {
			list, err := s.Placements(t.Context(), news.Shelf{Kind: news.ChannelShelf, Slug: ch}, 10)
			if err != nil || len(list) != want {
				t.Errorf("%s holds %d (%v), want %d", ch, len(list), err, want)
			}
		}
		late := pull("s0", noon.Add(time.Minute), article("s0", "2", "Second"))
		late.Reading = "of yesterday"
		_, err := s.SavePull(t.Context(), late)
		var overtaken interface{ Superseded() bool }
		if !errors.Is(err, store.ErrNoSource) || !errors.As(err, &overtaken) || !overtaken.Superseded() {
			t.Errorf("a pull by other settings: %v, want %v, which is no failure of the source", err, store.ErrNoSource)
		}
	})
}

// A listing that is read by other selectors or paths is read anew.
func TestReadingOfListings(t *testing.T) {
	feed := news.Source{Slug: "a", URL: "https://a.example/", Kind: news.KindFeed}
	seen := map[string]news.Source{store.Reading(feed): feed}
	for _, src := range []news.Source{
		{Slug: "a", URL: "https://a.example/", Kind: news.KindPage},
		{Slug: "a", URL: "https://a.example/", Kind: news.KindPage, List: news.ListHints{Items: "li"}},
		{Slug: "a", URL: "https://a.example/", Kind: news.KindPage, List: news.ListHints{Items: "li", Next: "a"}},
		{Slug: "a", URL: "https://a.example/", Kind: news.KindJSON, JSON: news.JSONPaths{Link: "url"}},
		{Slug: "a", URL: "https://a.example/", Kind: news.KindJSON, JSON: news.JSONPaths{Link: "href"}},
		{Slug: "a", URL: "https://a.example/", Kind: news.KindSitemap},
	} {
		if other, same := seen[store.Reading(src)]; same {
			t.Errorf("%+v reads as %+v", src, other)
		}
		seen[store.Reading(src)] = src
	}
}
