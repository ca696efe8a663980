package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

func by(a news.Article, names ...string) news.Article {
	a.Byline.People = nil
	for _, name := range names {
		name, body := strings.CutPrefix(name, "*")
		a.Byline.People = append(a.Byline.People, news.Person{Name: name, Role: news.Author, Organization: body})
	}
	return a
}

// told spells out the authors who have articles, and these.
func told(t *testing.T, s *store.Store) string {
	t.Helper()
	slugs, err := s.Slugs(t.Context(), news.AuthorShelf, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, slug := range slugs {
		shelf := news.Shelf{Kind: news.AuthorShelf, Slug: slug}
		name, _, err := s.Standing(t.Context(), shelf)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Placements(t.Context(), shelf, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			continue
		}
		b.WriteString(string(slug) + " (" + name + "):")
		for _, p := range list {
			a, err := s.Article(t.Context(), p.Article)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(" " + string(a.Source) + "/" + a.OriginalID)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestAuthorsAcrossSources(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 2)
		first, second := article("s0", "1", "First"), article("s1", "2", "Second")
		second.Published.At = noon.Add(-time.Minute)
		save(t, s, pull("s0", noon, by(first, "Lin Yuchen", "José Pérez", "*Day Desk"), by(article("s0", "3", "Third"), "王晓夏")))
		save(t, s, pull("s1", noon, by(second, "Yuchen LIN", "Jose Perez", "Søren O'Bräy-Łuk")))
		want := strings.Join([]string{
			"jose-perez (José Pérez): s1/2 s0/1",
			"lin-yuchen (Lin Yuchen): s1/2 s0/1",
			"person-dnn7j26ytnziumu3 (王晓夏): s0/3",
			"soren-obray-luk (Søren O'Bräy-Łuk): s1/2\n",
		}, "\n")
		if got := told(t, s); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}

		// An article that is somebody else's now is theirs alone.
		second.Title = "Second, again"
		save(t, s, pull("s1", noon.Add(time.Minute), by(second, "Ann Lee")))
		got := told(t, s)
		if !strings.Contains(got, "ann-lee (Ann Lee): s1/2\n") || !strings.Contains(got, "jose-perez (José Pérez): s0/1\n") || strings.Contains(got, "soren") {
			t.Errorf("after the change:\n%s", got)
		}
	})
}

func TestNoSuchAuthor(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		_, _, err := open(store.Options{}).Standing(t.Context(), news.Shelf{Kind: news.AuthorShelf, Slug: "nobody"})
		var missing interface{ NotFound() bool }
		if !errors.As(err, &missing) || !missing.NotFound() {
			t.Errorf("got %v, want an error that says so", err)
		}
	})
}
