package page_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/news"
	"copydesk/publisher/page"
)

// shown writes a diff on one line.
func shown(list []page.Change) string {
	var b strings.Builder
	for _, c := range list {
		switch c.Kind {
		case page.Went:
			b.WriteString("[-" + c.Text + "-]")
		case page.Came:
			b.WriteString("{+" + c.Text + "+}")
		default:
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ before, after, want string }{
		{"", "", ""},
		{"One two three", "One two three", "One two three"},
		{"One two three", "One four three", "One [-two-]{+four+} three"},
		{"One two three", "One two", "One two[- three-]"},
		{"Two three", "One two three", "[-Two-]{+One two+} three"},
		{"The ferry sank at nine.", "The old ferry ran aground at ten.", "The {+old +}ferry [-sank -]{+ran aground +}at [-nine-]{+ten+}."},
		{"渡輪今日沉沒", "渡輪昨日擱淺", "渡輪[-今-]{+昨+}日[-沉沒-]{+擱淺+}"},
		{"غرقت العبّارة", "جنحت العبّارة", "[-غرقت-]{+جنحت+} العبّارة"},
		{"First.\nSecond.", "First.\nAdded.\nSecond.", "First.\n{+Added.\n+}Second."},
		{"a b c d", "w x y z", "[-a b c d-]{+w x y z+}"},
		{"it's", "its", "[-it's-]{+its+}"},
	} {
		if got := shown(page.Diff(tt.before, tt.after)); got != tt.want {
			t.Errorf("%q to %q:\n got %s\nwant %s", tt.before, tt.after, got, tt.want)
		}
	}
}

// What stayed and went is the old text, what stayed and came the new one.
func TestDiffLosesNothing(t *testing.T) {
	words := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", " ", "  ", "\n", "字", "。", "ا", "1", "🛳️", "-"}), 0, 30).Draw(t, "tokens"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		var old, now strings.Builder
		for _, c := range page.Diff(before, after) {
			if c.Kind != page.Came {
				old.WriteString(c.Text)
			}
			if c.Kind != page.Went {
				now.WriteString(c.Text)
			}
			if c.Text == "" {
				t.Fatal("an empty change")
			}
		}
		if old.String() != before || now.String() != after {
			t.Fatalf("%q to %q gives back %q and %q", before, after, old.String(), now.String())
		}
	})
}

// Texts that have nothing in common cost no more than a bounded search.
func TestDiffIsBounded(t *testing.T) {
	var a, b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&a, "a%d ", i)
		fmt.Fprintf(&b, "b%d ", i)
	}
	got := page.Diff(a.String(), b.String())
	if len(got) < 2 || got[0].Kind != page.Went {
		t.Errorf("%d changes, want one text for another", len(got))
	}
}

func TestHistory(t *testing.T) {
	p, err := page.New(house, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	old, now := article(), article()
	old.Title = "Ferry line sinks <b>"
	old.Updated = noon
	now.ContentHTML = "<p>The <em>ferry</em> left at ten.</p><script>x</script>"
	doc, err := p.History([]news.Version{{Article: now}, {Article: old, Replaced: noon.Add(time.Hour)}}, source)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ferry line <del>sinks &lt;b&gt;</del><ins>opens</ins>", "The ferry left at <del>nine</del><ins>ten</ins>.", `href="/articles/k1"`, "24 November 2026, 13:00 UTC", "First published here."} {
		if !strings.Contains(string(doc), want) {
			t.Errorf("no %s in\n%s", want, doc)
		}
	}
	if strings.Contains(string(doc), "<script") && !strings.Contains(string(doc), "ld+json") {
		t.Error("a script in the history")
	}
}

func TestWithdrawnPage(t *testing.T) {
	p, err := page.New(house, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := p.Withdrawn(news.Withdrawal{At: noon, Reason: "It was <not> so."}, "en")
	if err != nil || !strings.Contains(string(doc), "It was &lt;not&gt; so.") || !strings.Contains(string(doc), "24 November 2026, 12:00 UTC") {
		t.Errorf("%v in\n%s", err, doc)
	}
}
