package extract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/txtartest"
)

// Each fixture is a page as one publishing system or one country's sites build
// them, with what a reader would say of it, a fact a line:
//
//	title: T || U          one of these
//	author, editor, photographer: A || -     "-" marks one that may be missing
//	credit: the outlet
//	published: to the minute, or a day where no more can be known
//	body: how a paragraph of the text opens; may: of one that belongs or does not
//	zone, language, at: what is known of the source, and when it was fetched
//
// Unlike the fixtures of TestPages these say what comes out at the end of the
// house, after normalize.
func TestPublishingSystems(t *testing.T) {
	right := map[string]int{}
	list := txtartest.Each(t, "testdata/systems/*.txtar", 150, func(t *testing.T, a *txtartest.Archive) {
		s := readSystem(t, a)
		got := s.read(t)
		for field, fault := range map[string]string{"title": s.titleFault(got), "people": s.peopleFault(got), "published": s.dateFault(got), "body": s.bodyFault(t, got)} {
			if fault != "" {
				t.Errorf("%s: %s", field, fault)
				continue
			}
			right[field]++
		}
	})
	t.Logf("of %d pages right: %v", len(list), right)
}

// A system is one such fixture.
type system struct {
	page, address string
	truth         map[string][]string
	lines         [][2]string // of the body: "body" or "may", and the opening
}

func readSystem(t *testing.T, a *txtartest.Archive) system {
	t.Helper()
	part := a.Parts()
	s := system{page: part["page.html"], address: strings.TrimSpace(part["address"]), truth: map[string][]string{}}
	for line := range strings.Lines(part["truth"]) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("%s: what is %q?", a.Name, line)
		}
		if key == "body" || key == "may" {
			s.lines = append(s.lines, [2]string{key, value})
		}
		s.truth[key] = append(s.truth[key], value)
	}
	return s
}

func (s system) first(key, otherwise string) string {
	if v := s.truth[key]; len(v) > 0 {
		return v[0]
	}
	return otherwise
}

func (s system) read(t *testing.T) news.Article {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s.first("at", "2024-06-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(s.first("zone", "UTC"))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := extract.Page([]byte(s.page), extract.Options{URL: s.address})
	if err != nil {
		t.Fatal(err)
	}
	page, ok := normalize.Page(news.Source{Slug: "s", TimeZone: zone, Language: s.first("language", "")}, feed, normalize.Options{At: at, URL: s.address})
	if !ok {
		t.Fatal("nothing on the page says what it is")
	}
	return page.Article
}

func (s system) titleFault(got news.Article) string {
	if want := s.first("title", ""); !slices.Contains(strings.Split(want, " || "), got.Title) {
		return fmt.Sprintf("got %q, want %q", got.Title, want)
	}
	return ""
}

func (s system) peopleFault(got news.Article) string {
	for _, role := range []news.Role{news.Author, news.Editor, news.Photographer} {
		want := s.truth[string(role)]
		if want == nil && role != news.Author {
			continue
		}
		var names []string
		for _, p := range got.Byline.People {
			if p.Role == role && p.Name != "" {
				names = append(names, p.Name)
			}
		}
		var must, may []string
		for _, name := range want {
			if name, may = optional(name, may); name != "" {
				must = append(must, name)
			}
		}
		left := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(may, n) })
		if !slices.Equal(left, must) {
			return fmt.Sprintf("%s: got %q, want %q", role, names, want)
		}
	}
	if want := s.first("credit", got.Credit.Name); got.Credit.Name != want {
		return fmt.Sprintf("credit: got %q, want %q", got.Credit.Name, want)
	}
	return ""
}

// optional parts a value that may be missing from one that must stand there.
func optional(value string, may []string) (string, []string) {
	if name, ok := strings.CutSuffix(value, " || -"); ok {
		return "", append(may, name)
	}
	return value, may
}

func (s system) dateFault(got news.Article) string {
	want, may := optional(s.first("published", ""), nil)
	if want == "" {
		if got.Published.At.IsZero() {
			return ""
		}
		want = may[0]
	}
	layout := "2006-01-02"
	if strings.Contains(want, "T") {
		layout = "2006-01-02T15:04Z"
	}
	if is := got.Published.At.Format(layout); is != want {
		return fmt.Sprintf("got %s (%q), want %s", is, got.Published.Raw, want)
	}
	return ""
}

func (s system) bodyFault(t *testing.T, got news.Article) string {
	have := textLines(t, got.ContentHTML)
	next := 0
	for _, want := range s.lines {
		ok := next < len(have) && slices.ContainsFunc(strings.Split(want[1], " || "), func(opening string) bool { return strings.HasPrefix(have[next], opening) })
		if ok {
			next++
		} else if want[0] == "body" && !strings.HasSuffix(want[1], " || -") {
			return fmt.Sprintf("no paragraph %q in\n\t%s", want[1], strings.Join(have, "\n\t"))
		}
	}
	if next < len(have) {
		return fmt.Sprintf("%q is no part of\n\t%s", have[next], strings.Join(have, "\n\t"))
	}
	return ""
}
