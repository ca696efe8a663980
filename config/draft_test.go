package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"copydesk/aggregator/txtartest"
	"copydesk/config"
)

// Each file of testdata/edits holds a config, the edits made to it one after
// the other, and the config then, or why it was refused. "~" ends the last
// line of a file that has no end, and "^M" a line that ends in CRLF.
func TestEdits(t *testing.T) {
	txtartest.Each(t, "testdata/edits/*.txtar", 1, func(t *testing.T, a *txtartest.Archive) {
		for i := 0; i+2 < len(a.Files); i += 3 {
			before, edits := a.Files[i], a.Files[i+1]
			end := ""
			if strings.HasSuffix(string(before.Data), "~\n") {
				end = "~"
			}
			a.WantAt(t, i+2, marked(edited(unmarked(string(before.Data)), string(edits.Data)), end))
		}
	})
}

func unmarked(s string) string {
	s = strings.ReplaceAll(s, "^M\n", "\r\n")
	if i := strings.Index(s, "~\n"); i >= 0 && i == len(s)-2 {
		return s[:i]
	}
	return s
}

func marked(s, end string) string {
	s = strings.ReplaceAll(s, "\r\n", "^M\n")
	if !strings.HasSuffix(s, "\n") {
		s += end + "\n"
	}
	return s
}

const house = `publisher: {title: T, url: https://news.example.org, authority: "news.example.org,2026"}
`

// edited is a config after the edits, or the error of the first that failed.
// Each config of a fixture is headed by the house, which is left out again.
func edited(text, edits string) string {
	head := house
	if strings.Contains(text, "\r\n") {
		head = strings.ReplaceAll(house, "\n", "\r\n")
	}
	if strings.HasPrefix(text, "{") {
		head = ""
	}
	d, err := config.NewDraft("copydesk.yaml", []byte(head+text), options)
	if err != nil {
		return err.Error()
	}
	for line := range strings.Lines(edits) {
		if err := apply(d, strings.Fields(line)); err != nil {
			return err.Error()
		}
	}
	return strings.TrimPrefix(string(d.Bytes()), head)
}

func apply(d *config.Draft, words []string) error {
	switch words[0] {
	case "add":
		var list []config.Addition
		for _, slug := range words[1:] {
			list = append(list, addition(slug))
		}
		return d.Add(list...)
	case "remove":
		return d.Remove(false, words[1:]...)
	case "remove-from-channels":
		return d.Remove(true, words[1:]...)
	case "pause":
		return d.Pause(true, words[1:]...)
	case "resume":
		return d.Pause(false, words[1:]...)
	}
	return fmt.Errorf("no edit %q", words)
}

func addition(slug string) config.Addition {
	a := added("The "+slug, "https://"+slug+".example/feed?a=1&b=2")
	a.Slug, a.Categories, a.Note = slug, []string{"News"}, "its own rhythm decides"
	return a
}

func added(name, url string) config.Addition {
	a := config.Addition{Source: config.NewSource()}
	a.Name, a.URL = name, url
	return a
}

// What comes from outside is read back as it was, whatever it holds.
func TestAddedTextIsReadBack(t *testing.T) {
	for _, name := range []string{
		"plain", "The Guardian", "Yes", "null", "1.5", "2026-01-02", "a: b", "a #b", "- a", "[x]", "{x}", "'quoted'", `say "no"`, `back\slash`,
		"*alias", "&anchor", "!tag", "%directive", "@at", "`tick`", "|", ">", "key:", "?", "$5 ${TOKEN} $$", "$5", "科技日报", "مشروع", "日本: 東京",
		"O’Reilly", "NYT > World News", "R&D", "a, b", "A\tB\nC", "~", "=", "<<", "0x1F", "1_000", "12:30:45", "naïve", "Ελλάδα", "\u0085x", "a\u2028b", "x:y", "é:é", ".", "...", "---",
	} {
		d := draft(t, house)
		s := addition("a")
		s.Name, s.Note = name, name
		s.Categories, s.Aliases = []string{name, "b"}, []string{name}
		if err := d.Add(s); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		got, want := d.Config().Sources[0], strings.Join(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" \t\n\u0085\u2028", r) }), " ")
		if got.Name != want || got.Categories[0] != want || got.Aliases[0] != want {
			t.Errorf("got %q %q %q, want %q", got.Name, got.Categories, got.Aliases, want)
		}
	}
}

func draft(t testing.TB, text string) *config.Draft {
	t.Helper()
	d, err := config.NewDraft("copydesk.yaml", []byte(text), options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSlugsAreMade(t *testing.T) {
	for _, tt := range []struct{ name, url, want string }{
		{"Science and Technology Daily", "https://a.example/feed", "science-and-technology-daily"},
		{"Süddeutsche Zeitung", "https://a.example/feed", "suddeutsche-zeitung"},
		{"Fußball", "https://a.example/feed", "fussball"},
		{"Reader's Digest", "https://a.example/feed", "readers-digest"},
		{"科技日报", "https://www.stdaily.example/rss", "stdaily-example"},
		{"香港 News", "https://feeds.hk.example/rss", "hk-example"},
		{"", "https://a.example/feed", "a-example"},
		{"!?", "https://例え.example/", "source"},
		{"World News Headlines, Latest International News, World Breaking News", "https://a.example/", "world-news-headlines-latest-international-news"},
		{"Taken", "https://a.example/", "taken-2"},
	} {
		d := draft(t, house+"sources: [{slug: taken, name: T, url: https://taken.example/}]\n")
		if err := d.Add(added(cmpOr(tt.name, "x"), tt.url)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := d.Config().Sources[1].Slug; got != tt.want {
			t.Errorf("%q, %s: got %q, want %q", tt.name, tt.url, got, tt.want)
		}
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// A thousand sources are one edit, and read as fast as a file that has them.
func TestAddAThousand(t *testing.T) {
	d := draft(t, house)
	var list []config.Addition
	for i := range 1000 {
		list = append(list, addition(fmt.Sprintf("s%d", i)))
	}
	start := time.Now()
	if err := d.Add(list...); err != nil {
		t.Fatal(err)
	}
	if n := len(d.Config().Sources); n != 1000 {
		t.Errorf("got %d sources, want 1000", n)
	}
	t.Logf("1000 sources added in %v", time.Since(start))
}

// Whatever the operator has written around the sources, adding some and
// removing them again leaves not a byte changed; nor do pause and resume.
func TestEditsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawConfig(t)
		d, err := config.NewDraft("copydesk.yaml", []byte(text), options)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		first := d.Config().Sources[0].Slug
		for _, edit := range [][]string{
			{"add x1 x2", "remove x1 x2"},
			{"add x1", "add x2", "remove x2", "remove x1"},
			{"pause " + first, "resume " + first},
		} {
			for _, words := range edit {
				if err := apply(d, strings.Fields(words)); err != nil {
					t.Fatalf("%s: %v\n%s", words, err, text)
				}
			}
			if diff := cmp.Diff(text, string(d.Bytes())); diff != "" {
				t.Fatalf("%v: (-before +after):\n%s", edit, diff)
			}
		}
	})
}

// drawConfig writes a config with comments and blank lines wherever YAML lets
// them stand.
func drawConfig(t *rapid.T) string {
	pick := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, "text") }
	margin := pick("", "  ", "    ")
	gap := func(indent string) string {
		return pick("", "", "", "\n", indent+"# a remark\n", "\n"+indent+"# one\n"+indent+"# two\n", "# at the margin\n", indent+"  # deeper\n", "\n\n"+indent+"# alone\n\n", indent+"# - slug: x1\n")
	}
	var b strings.Builder
	b.WriteString(pick("", "\ufeff", "# head\n", "---\n") + house + gap(""))
	b.WriteString("sources:" + pick("", " # all of them", "  ") + "\n" + gap(margin))
	for i := range rapid.IntRange(1, 4).Draw(t, "sources") {
		slug := fmt.Sprintf("s%d", i)
		if i > 0 {
			b.WriteString(gap(margin))
		}
		if rapid.IntRange(0, 4).Draw(t, "flow") == 0 {
			fmt.Fprintf(&b, "%s- {slug: %s, name: %s, url: https://%s.example/}%s\n", margin, slug, pick("A", `"A, B"`, "'C'"), slug, pick("", " # so"))
			continue
		}
		dash := pick("- ", "-   ")
		inner := margin + strings.Repeat(" ", len(dash))
		fmt.Fprintf(&b, "%s%sslug: %s%s\n%s", margin, dash, slug, pick("", "   # never change it"), pick("", inner+"# inside\n", "\n"))
		fmt.Fprintf(&b, "%sname: %s\n", inner, pick("A", `"A # b"`, "'it''s'", "Ünïcode 科技", "|\n"+inner+"  # A", ">-\n"+inner+"  A\n\n"+inner+"  # B"))
		fmt.Fprintf(&b, "%surl: %s%s\n", inner, "https://"+slug+".example/feed", pick("", " # here"))
		b.WriteString(pick("", inner+"aliases: [A, B]\n", inner+"aliases:\n"+inner+"- A\n"+inner+"- B\n", inner+"rights: \"a\n"+inner+"  b\"\n"))
	}
	b.WriteString(gap(margin))
	b.WriteString(pick("", "channels:\n  - {slug: all, title: All}\n", "# what we publish\nchannels: [{slug: all, title: All}]\n\n# end\n", "...\n"))
	text := b.String()
	if rapid.Bool().Draw(t, "no end") {
		text = strings.TrimRight(text, "\n")
	}
	if rapid.Bool().Draw(t, "CRLF") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// Removing a source takes whole lines away and changes none, and no comment
// that stands on its own or outside the list.
func TestRemoveTakesOnlyItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawConfig(t)
		d, err := config.NewDraft("copydesk.yaml", []byte(text), options)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		all := d.Config().Sources
		victim := rapid.IntRange(0, len(all)-1).Draw(t, "victim")
		if err := d.Remove(false, all[victim].Slug); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got := string(d.Bytes())
		rest := strings.Split(text, "\n")
		for _, line := range strings.Split(got, "\n") {
			line = strings.Replace(line, "sources: []", "sources:", 1)
			at := 0
			for at < len(rest) && strings.TrimRight(rest[at], "\r") != strings.TrimRight(line, "\r") {
				at++
			}
			if at == len(rest) {
				t.Fatalf("%q was not there, or not in this order:\n%s\n---\n%s", line, text, got)
			}
			rest = rest[at+1:]
		}
		for _, mark := range []string{"# head", "# alone", "# what we publish", "# end", "# all of them", "---", "..."} {
			if strings.Count(got, mark) != strings.Count(text, mark) {
				t.Fatalf("%q has gone:\n%s\n---\n%s", mark, text, got)
			}
		}
	})
}

// A title is whatever a stranger's feed says. It never breaks the file: an edit
// succeeds only when all is read back as it was written.
func TestAnyTextCanBeAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching("[ -~]{0,12}"), rapid.StringMatching(`[\-?:,\[\]{}#&*!|>'"%@$a \n\\]{0,8}`))
		for _, list := range []string{"sources: []\n", "sources: [{slug: z, name: Z, url: https://z.example/}]\n", "sources:\n- slug: z\n  name: Z\n  url: https://z.example/\n"} {
			d, err := config.NewDraft("copydesk.yaml", []byte(house+list), options)
			if err != nil {
				t.Fatal(err)
			}
			s := added("A"+text.Draw(t, "name"), "https://a.example/?"+rapid.StringMatching(`[!"$&-~]{0,8}`).Draw(t, "query"))
			s.Categories, s.Aliases = []string{text.Draw(t, "category")}, []string{text.Draw(t, "alias")}
			s.Rights, s.Note = text.Draw(t, "rights"), text.Draw(t, "note")
			before := d.Bytes()
			if err := d.Add(s); err != nil {
				t.Fatalf("%+v: %v", s, err)
			}
			if err := d.Remove(false, d.Config().Sources[len(d.Config().Sources)-1].Slug); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(before), string(d.Bytes())); diff != "" {
				t.Fatalf("(-before +after):\n%s", diff)
			}
		}
	})
}
