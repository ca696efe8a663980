package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

var shelfAll = news.Shelf{Kind: news.ChannelShelf, Slug: "all"}

func titles(list []news.Article) (out []string) {
	for _, a := range list {
		out = append(out, a.Title)
	}
	return out
}

// An archive grows at its end alone: what stands in it stays as it was.
func TestArchive(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		save(t, s, pull("s0", noon, article("s0", "1", "One"), article("s0", "2", "Two"), article("s0", "3", "Three")))
		save(t, s, pull("s0", noon.Add(time.Minute), article("s0", "1", "One, corrected"), article("s0", "4", "Four")))
		read := func(after, upTo int, want ...string) {
			t.Helper()
			list, err := s.Archived(t.Context(), "all", after, upTo)
			if err != nil || fmt.Sprint(titles(list)) != fmt.Sprint(want) {
				t.Errorf("places %d to %d: %q, %v; want %q", after+1, upTo, titles(list), err, want)
			}
		}
		read(0, 3, "Three", "Two", "One")
		read(3, 5, "Four", "One, corrected")
		read(0, 5, "Four", "One, corrected", "Three", "Two")

		entries, tail, err := s.ArchiveEnd(t.Context(), "all", 3)
		if err != nil || entries != 5 || len(tail) != 2 || tail[news.NewKey("s0", "4")] == 0 {
			t.Errorf("the end: %d, %v, %v", entries, tail, err)
		}
		if _, err := s.Withdraw(t.Context(), news.NewKey("s0", "1"), news.Withdrawal{At: noon.Add(time.Hour), Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		list, err := s.Archived(t.Context(), "all", 0, 3)
		if err != nil || len(list) != 3 || !list[2].Withdrawn || list[2].ContentHTML != "" || list[2].Withdrawal.Reason != "wrong" {
			t.Errorf("after the withdrawal: %+v, %v", list, err)
		}
		// A version that history keeps no longer leaves the stretch it stood in.
		save(t, s, pull("s0", noon.Add(2*time.Hour), article("s0", "2", "Two, corrected")))
		if _, err := s.Prune(t.Context(), noon.Add(-365*24*time.Hour), noon.Add(3*time.Hour)); err != nil {
			t.Fatal(err)
		}
		list, err = s.Archived(t.Context(), "all", 0, 3)
		if err != nil || len(list) != 2 || list[0].Title != "Three" {
			t.Errorf("after pruning: %q, %v", titles(list), err)
		}
	})
}

func TestWithdraw(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		saved := save(t, s, pull("s0", noon, a, article("s0", "2", "Two")))
		why := news.Withdrawal{At: noon.Add(time.Minute), Reason: "It was not so.", By: "desk"}
		revision, err := s.Withdraw(t.Context(), a.Key, why)
		if err != nil || revision <= saved.Revision {
			t.Fatalf("withdrawn at %d, %v", revision, err)
		}
		got, err := s.Article(t.Context(), a.Key)
		if err != nil || !got.Withdrawn || got.Revision != revision || got.Withdrawal != why {
			t.Errorf("the article is %+v, %v", got, err)
		}
		list, err := s.Placements(t.Context(), shelfAll, 10)
		if err != nil || len(list) != 1 || list[0].Article == a.Key {
			t.Errorf("placed %+v, %v", list, err)
		}
		// More are withdrawn in a month than an edition tells of: the archive tells all.
		if last, err := s.Archived(t.Context(), "all", 2, 3); err != nil || len(last) != 1 || last[0].Key != a.Key || !last[0].Withdrawn {
			t.Errorf("the archive ends with %+v, %v", last, err)
		}
		touched, err := s.Touched(t.Context(), saved.Revision)
		if err != nil || len(touched) != 2 {
			t.Fatalf("touched %+v, %v; want the channel and the source", touched, err)
		}
		for _, tt := range touched {
			if tt.Revision != revision || !tt.At.Equal(why.At) {
				t.Errorf("touched %+v, want revision %d", tt, revision)
			}
			gone, err := s.Withdrawn(t.Context(), tt.Shelf, 10)
			if err != nil || len(gone) != 1 || gone[0].Key != a.Key || gone[0].ID != a.ID || gone[0].Withdrawal.Reason != why.Reason || gone[0].ContentHTML != "" {
				t.Errorf("%v: withdrawn %+v, %v", tt.Shelf, gone, err)
			}
		}

		// Its source still carries it, and corrects it: it stays away.
		if again := save(t, s, pull("s0", noon.Add(time.Hour), article("s0", "1", "One, corrected"))); again.New+again.Changed != 0 {
			t.Errorf("a withdrawn article came again: %+v", again)
		}
		if second, err := s.Withdraw(t.Context(), a.Key, news.Withdrawal{At: noon.Add(2 * time.Hour)}); err != nil || second != revision {
			t.Errorf("withdrawn again: %d, %v; want %d", second, err, revision)
		}
		if later, err := s.Touched(t.Context(), revision); err != nil || len(later) != 0 {
			t.Errorf("and that touched %+v, %v", later, err)
		}
		var missing interface{ NotFound() bool }
		if _, err := s.Withdraw(t.Context(), "nope", why); !errors.As(err, &missing) {
			t.Errorf("an article that is none: %v", err)
		}
	})
}

// A placement's mark says since when it stands there: readers of a delta are
// told of what was filed late.
func TestPlacementsKnowSinceWhen(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		p := pull("s0", noon, article("s0", "1", "One"))
		p.Place = nil
		saved := save(t, s, p)
		for range 2 { // the second time changes nothing
			if _, err := s.Refile(t.Context(), "all", noon, everything); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.Placements(t.Context(), shelfAll, 10)
		if err != nil || len(list) != 1 || list[0].Revision != saved.Revision+1 {
			t.Errorf("placed %+v, %v; want revision %d", list, err, saved.Revision+1)
		}
		nobody := func(*news.Article) []news.Placement { return nil }
		if _, err := s.Refile(t.Context(), "all", noon, nobody); err != nil {
			t.Fatal(err)
		}
		touched, err := s.Touched(t.Context(), saved.Revision+1)
		if err != nil || len(touched) != 1 || touched[0].Revision != saved.Revision+2 {
			t.Errorf("touched %+v, %v; want revision %d", touched, err, saved.Revision+2)
		}
	})
}

func TestVersions(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		for i, title := range []string{"One", "Two", "Three"} {
			save(t, s, pull("s0", noon.Add(time.Duration(i)*time.Minute), article("s0", "1", title)))
		}
		list, err := s.Versions(t.Context(), news.NewKey("s0", "1"))
		if err != nil || len(list) != 3 {
			t.Fatalf("%d versions, %v", len(list), err)
		}
		for i, want := range []string{"Three", "Two", "One"} {
			v := list[i]
			if v.Title != want || v.ContentHTML != "<p>"+want+"</p>" || v.ID == "" || v.Replaced.IsZero() != (i == 0) {
				t.Errorf("version %d: %+v, want %s", i, v, want)
			}
		}
		if !list[2].Replaced.Equal(noon.Add(time.Minute)) || !list[0].Published.At.Equal(list[2].Published.At) {
			t.Errorf("the first was replaced at %v", list[2].Replaced)
		}
	})
}

// An address alone is shown anew, but moves no date.
func TestNewAddressIsNoUpdate(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		version := func() news.Article {
			list, err := s.Versions(t.Context(), news.NewKey("s0", "1"))
			if err != nil || len(list) == 0 {
				t.Fatalf("%d versions, %v", len(list), err)
			}
			return list[0].Article
		}
		a := article("s0", "1", "Ferries stay in port")
		a.URL = "https://redirect.example/1"
		save(t, s, pull("s0", noon, a))
		first := version()
		a.URL = "https://tide.example/ferries"
		a.Modified.At = noon.Add(time.Minute)
		save(t, s, pull("s0", noon.Add(time.Hour), a))
		moved := version()
		if moved.URL != a.URL || !moved.Updated.Equal(first.Updated) || moved.Revision <= first.Revision {
			t.Errorf("a new address: %q, updated %v, revision %d; it was %v, %d", moved.URL, moved.Updated, moved.Revision, first.Updated, first.Revision)
		}
		if !first.Changed.Equal(noon) || !moved.Changed.Equal(noon.Add(time.Hour)) { // what shows it is dated by this
			t.Errorf("shown since %v, and anew since %v", first.Changed, moved.Changed)
		}
		a.URL, a.Title, a.Modified.At = "https://tide.example/ferries-2", "Ferries sail again", time.Time{}
		save(t, s, pull("s0", noon.Add(2*time.Hour), a))
		if again := version(); !again.Updated.Equal(noon.Add(2 * time.Hour)) {
			t.Errorf("a new title and address: updated %v", again.Updated)
		}
	})
}

// What differs because the config has us read it otherwise is shown, and is no update
// unless its source says so; and an old copy from a cache takes no correction back.
func TestOursIsNoUpdate(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		stands := func() news.Article {
			a, err := s.Article(t.Context(), news.NewKey("s0", "1"))
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		a := article("s0", "1", "Ferries stay in port")
		save(t, s, pull("s0", noon, a))
		first := stands()
		a.Byline.People = []news.Person{{Name: "Ann Lee", Role: news.Author}}
		a.Modified = news.Moment{At: noon.Add(30 * time.Minute), Basis: news.Explicit} // which we could not read before
		reread := pull("s0", noon.Add(time.Hour), a)
		reread.Reread = true
		save(t, s, reread)
		if now := stands(); len(now.Byline.People) != 1 || !now.Updated.Equal(first.Updated) || now.Revision <= first.Revision {
			t.Errorf("read anew: %+v, updated %v; it was %v", now.Byline, now.Updated, first.Updated)
		}

		corrected := a
		corrected.Title, corrected.Modified = "Ferries sail", news.Moment{At: noon.Add(2 * time.Hour), Basis: news.Explicit}
		reread = pull("s0", noon.Add(3*time.Hour), corrected)
		reread.Reread = true
		save(t, s, reread)
		if now := stands(); now.Title != "Ferries sail" || !now.Updated.Equal(noon.Add(2*time.Hour)) {
			t.Errorf("corrected as it was read anew: %s, updated %v", now.Title, now.Updated)
		}

		a.Modified = news.Moment{At: noon.Add(time.Hour), Basis: news.Explicit}
		save(t, s, pull("s0", noon.Add(4*time.Hour), a))
		if now := stands(); now.Title != "Ferries sail" || !now.Updated.Equal(noon.Add(2*time.Hour)) {
			t.Errorf("after an old copy: %s, updated %v", now.Title, now.Updated)
		}

		ahead := corrected
		ahead.Title, ahead.Modified.At = "Ferries sail again", noon.Add(40*time.Hour)
		save(t, s, pull("s0", noon.Add(5*time.Hour), ahead))
		ahead.Title, ahead.Modified.At = "Ferries sail again at last", noon.Add(6*time.Hour)
		save(t, s, pull("s0", noon.Add(7*time.Hour), ahead))
		if now := stands(); now.Title != "Ferries sail again at last" || !now.Updated.Equal(noon.Add(6*time.Hour)) {
			t.Errorf("after a date that was ahead of the clock: %s, updated %v", now.Title, now.Updated)
		}

		near := ahead
		near.Title, near.Modified.At = "Ferries sail for good", noon.Add(8*time.Hour+time.Minute) // its clock is ahead
		save(t, s, pull("s0", noon.Add(8*time.Hour), near))
		save(t, s, pull("s0", noon.Add(8*time.Hour+time.Second), ahead))
		if now := stands(); now.Title != "Ferries sail for good" {
			t.Errorf("after an old copy of a source whose clock is ahead: %s", now.Title)
		}

		far, farther := near, near
		far.Title, far.Modified.At = "Ferries sail early", noon.Add(60*time.Hour) // its clock is days ahead
		farther.Title, farther.Modified.At = "Ferries sail late", noon.Add(61*time.Hour)
		save(t, s, pull("s0", noon.Add(9*time.Hour), far))
		save(t, s, pull("s0", noon.Add(10*time.Hour), farther))
		save(t, s, pull("s0", noon.Add(11*time.Hour), far))
		if now := stands(); now.Title != "Ferries sail late" {
			t.Errorf("after an old copy of a source whose clock is days ahead: %s", now.Title)
		}
		far.Title, far.Modified.At = "Ferries sail in time", noon.Add(12*time.Hour) // its clock is put right
		save(t, s, pull("s0", noon.Add(90*time.Hour), far))
		if now := stands(); now.Title != "Ferries sail in time" {
			t.Errorf("after its clock was put right: %s", now.Title)
		}

		a.Title, a.Modified = "Ferries stop", news.Moment{}
		save(t, s, pull("s0", noon.Add(4*time.Hour), a)) // our clock was ahead
		if now := stands(); now.Title != "Ferries stop" || !now.Updated.Equal(noon.Add(12*time.Hour+time.Second)) {
			t.Errorf("after the clock was set back: %s, updated %v", now.Title, now.Updated)
		}
	})
}

func TestFind(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		a.ID = "urn:one"
		save(t, s, pull("s0", noon, a))
		for _, word := range []string{string(a.Key), "urn:one", a.URL} {
			if got, err := s.Find(t.Context(), word); err != nil || got.Key != a.Key {
				t.Errorf("%s is %q, %v", word, got.Key, err)
			}
		}
		var missing interface{ NotFound() bool }
		if _, err := s.Find(t.Context(), "urn:two"); !errors.As(err, &missing) {
			t.Errorf("nothing is %v", err)
		}
		filed, err := s.Filed(t.Context(), a.Key)
		if err != nil || len(filed) != 1 || filed[0].Channel != "all" || filed[0].Rule != "everything" {
			t.Errorf("filed %+v, %v", filed, err)
		}
	})
}

// A database of the first schema is brought up to date: what stood in a channel
// stands in its archive, in order.
func TestFirstSchemaGetsAnArchive(t *testing.T) {
	first, err := os.ReadFile("migrations/sqlite/00001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`,
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1)`,
		strings.Replace(string(first), "-- +goose Up", "", 1),
		`INSERT INTO source (slug, settings, host, url, schedule, state, next_due) VALUES ('s0', '', '', '', '', 'active', 0)`,
		`INSERT INTO channel (slug, filing, settings, ranked, sources) VALUES ('all', '', '', 0, '[]'), ('empty', '', '', 0, '[]')`,
		`INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
			VALUES ('b', 's0', 'b', '', '', 2, 2, 2, 7, '{"Title":"Newer"}', ''), ('a', 's0', 'a', '', '', 1, 1, 1, 5, '{"Title":"Older"}', '')`,
		`INSERT INTO placement (channel, article, source, rule, published, updated) VALUES ('all', 'b', 's0', '', 2, 2), ('all', 'a', 's0', '', 1, 1)`,
	} {
		if _, err := db.Exec(query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for ch, want := range map[news.Slug]int{"all": 2, "empty": 0} {
		if n, _, err := s.ArchiveEnd(t.Context(), ch, 50); err != nil || n != want {
			t.Errorf("the archive of %s has %d entries, %v; want %d", ch, n, err, want)
		}
	}
	list, err := s.Archived(t.Context(), "all", 0, 2)
	if err != nil || fmt.Sprint(titles(list)) != "[Newer Older]" {
		t.Errorf("it holds %q, %v", titles(list), err)
	}
}

func archiveAddress(page int) news.ArchiveAddress {
	return news.ArchiveAddress{Channel: "all", Page: page, Format: "atom", Base: "https://news.example.org"}
}

// keepPage keeps a page of the archive, whatever stood there.
func keepPage(t *testing.T, s *store.Store, page int, body string, at time.Time) {
	t.Helper()
	list, err := s.Archived(t.Context(), "all", (page-1)*news.ArchivePage, page*news.ArchivePage)
	if err != nil {
		t.Fatal(err)
	}
	doc := news.ArchiveDocument{ArchiveAddress: archiveAddress(page), Body: []byte(body), Modified: at, Shown: map[news.Slug]news.Republish{"s0": news.RepublishFull}}
	if err := s.KeepArchiveDocument(t.Context(), doc, list, keptPage(t, s, page)); err != nil {
		t.Fatal(err)
	}
}

func keptPage(t *testing.T, s *store.Store, page int) news.ArchiveDocument {
	t.Helper()
	doc, err := s.ArchiveDocument(t.Context(), archiveAddress(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Who keeps a document first has it kept; it gives way to one that was printed to
// replace it, of a later second, and to none that another one was read for.
func TestArchiveDocumentsAreKept(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		save(t, s, pull("s0", noon, article("s0", "1", "One")))
		nothing := keptPage(t, s, 1)
		if nothing.Body != nil || !nothing.Modified.IsZero() {
			t.Errorf("kept before: %+v", nothing)
		}
		keepPage(t, s, 1, "first", noon)
		first := keptPage(t, s, 1)
		if string(first.Body) != "first" || !first.Modified.Equal(noon) || first.Shown["s0"] != news.RepublishFull {
			t.Errorf("kept %+v", first)
		}
		second := first
		second.Body = []byte("second")
		if err := s.KeepArchiveDocument(t.Context(), second, nil, nothing); err != nil || string(keptPage(t, s, 1).Body) != "first" {
			t.Errorf("a second one took its place: %v", err)
		}
		if err := s.KeepArchiveDocument(t.Context(), second, nil, first); err != nil {
			t.Fatal(err)
		}
		if got := keptPage(t, s, 1); string(got.Body) != "second" || !got.Modified.Equal(noon.Add(time.Second)) {
			t.Errorf("replaced by %q of %v", got.Body, got.Modified)
		}
		if err := s.SyncChannels(t.Context(), noon, nil); err != nil {
			t.Fatal(err)
		}
		if got := keptPage(t, s, 1); string(got.Body) != "second" {
			t.Errorf("kept of a channel that has left the config: %q", got.Body)
		}
	})
}

// A channel that leaves the config takes nothing in. When it comes back, its log
// goes on where it ended, with what came or changed meanwhile and nothing twice;
// what was withdrawn meanwhile is told.
func TestAChannelComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var asked []store.Job
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error { asked = append(asked, list...); return nil }})
		prepared(t, s, 1)
		save(t, s, pull("s0", noon, article("s0", "1", "One"), article("s0", "2", "Two"), article("s0", "3", "Three"), article("s0", "4", "Four")))
		withdraw := func(id string) {
			t.Helper()
			if _, err := s.Withdraw(t.Context(), news.NewKey("s0", id), news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
				t.Fatal(err)
			}
		}
		sync := func(list ...news.Channel) {
			t.Helper()
			asked = nil
			if err := s.SyncChannels(t.Context(), noon, list); err != nil {
				t.Fatal(err)
			}
		}
		placed := func() []news.Placement {
			t.Helper()
			list, err := s.Placements(t.Context(), shelfAll, 10)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		withdraw("1")
		keepPage(t, s, 1, "first", noon)
		before := placed()

		for range 2 { // the second time it is away already
			sync()
		}
		save(t, s, pull("s0", noon.Add(time.Minute), article("s0", "2", "Two, corrected"), article("s0", "5", "Five")))
		withdraw("3")
		if changed, err := s.Refile(t.Context(), "all", noon, everything); changed || err != nil {
			t.Errorf("refiled while it is away: %t, %v", changed, err)
		}
		touched, err := s.Touched(t.Context(), 0)
		if err != nil || len(touched) != 1 || touched[0].Shelf.Kind != news.SourceShelf {
			t.Errorf("touched %+v, %v; want the source alone", touched, err)
		}
		if filed, err := s.Filed(t.Context(), news.NewKey("s0", "4")); err != nil || len(filed) != 0 {
			t.Errorf("filed %+v, %v", filed, err)
		}
		if entries, _, err := s.ArchiveEnd(t.Context(), "all", news.ArchivePage); err != nil || entries != 5 { // four articles and a withdrawal
			t.Errorf("%d entries, %v", entries, err)
		}

		sync(news.Channel{Slug: "all", Title: "All", Limit: 50})
		if fmt.Sprint(asked) != "[{refile all}]" {
			t.Errorf("it asks for %v", asked)
		}
		if list := placed(); len(list) != 1 || list[0].Article != news.NewKey("s0", "4") || !slices.Contains(before, list[0]) {
			t.Errorf("there stand %+v, want what did not change", list)
		}
		for i, want := range []bool{true, false} {
			if changed, err := s.Refile(t.Context(), "all", noon, everything); changed != want || err != nil {
				t.Errorf("refile %d: %t, %v", i, changed, err)
			}
		}
		if list := placed(); len(list) != 3 {
			t.Errorf("there stand %+v", list)
		}
		entries, _, err := s.ArchiveEnd(t.Context(), "all", news.ArchivePage)
		if err != nil || entries != 7 {
			t.Errorf("%d entries, %v; want 7", entries, err)
		}
		list, err := s.Archived(t.Context(), "all", 5, 7)
		if got := titles(list); err != nil || len(got) != 2 || !slices.Contains(got, "Five") || !slices.Contains(got, "Two, corrected") {
			t.Errorf("new entries are %q, %v", got, err)
		}
		if gone, err := s.Withdrawn(t.Context(), shelfAll, 10); err != nil || fmt.Sprint(titles(gone)) != "[Three One]" {
			t.Errorf("withdrawn %q, %v", titles(gone), err)
		}
		if got := keptPage(t, s, 1); got.Body != nil || !got.Modified.Equal(noon) {
			t.Errorf("a page that shows what was withdrawn is kept: %q of %v", got.Body, got.Modified)
		}
	})
}

// What was read before a withdrawal is not kept after it.
func TestWithdrawnIsNotKept(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		save(t, s, pull("s0", noon, article("s0", "1", "One"), article("s0", "2", "Two")))
		before, err := s.Archived(t.Context(), "all", 0, news.ArchivePage)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Withdraw(t.Context(), news.NewKey("s0", "1"), news.Withdrawal{At: noon}); err != nil {
			t.Fatal(err)
		}
		doc := news.ArchiveDocument{ArchiveAddress: archiveAddress(1), Body: []byte("before"), Modified: noon}
		if err := s.KeepArchiveDocument(t.Context(), doc, before, news.ArchiveDocument{}); err != nil || keptPage(t, s, 1).Body != nil {
			t.Errorf("it is kept: %v", err)
		}
		keepPage(t, s, 1, "after", noon)
		if got := keptPage(t, s, 1); string(got.Body) != "after" {
			t.Errorf("kept %q", got.Body)
		}
	})
}

// Of what is too old to be kept, the pages that show it are printed anew; what
// history forgets stays printed.
func TestPruneReachesTheArchive(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		var list []news.Article
		for i := range 1103 {
			a := article("s0", fmt.Sprint(i), "T")
			a.Published.At = noon.Add(time.Duration(i-2000) * time.Minute)
			list = append(list, a)
		}
		save(t, s, pull("s0", noon, list...))
		list[700].Title = "T, corrected"
		save(t, s, pull("s0", noon.Add(time.Minute), list[700]))
		for page := 1; page <= 22; page++ {
			keepPage(t, s, page, "first", noon)
		}
		if n, err := s.Prune(t.Context(), noon.Add(time.Hour), noon.Add(time.Hour)); err != nil || n != 103 {
			t.Fatalf("pruned %d, %v; want 103", n, err)
		}
		for page := 1; page <= 22; page++ {
			left, doc := page*news.ArchivePage > 103+news.ArchivePage, keptPage(t, s, page)
			if (doc.Body != nil) != left || !doc.Modified.Equal(noon) {
				t.Errorf("page %d is kept: %t, want %t; of %v", page, doc.Body != nil, left, doc.Modified)
			}
		}
		keepPage(t, s, 1, "after", noon)
		if got := keptPage(t, s, 1); string(got.Body) != "after" || !got.Modified.Equal(noon.Add(time.Second)) {
			t.Errorf("kept %q of %v", got.Body, got.Modified)
		}
	})
}
