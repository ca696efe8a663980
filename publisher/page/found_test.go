package page_test

import (
	"html"
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/publisher/page"
)

// literal finds the words of a query as they are written.
func literal(q news.Query, in news.Field, text string) (out []news.Span) {
	for _, t := range q.Terms {
		for at := 0; !t.Not && (t.In == "" || t.In == in); {
			i := strings.Index(text[at:], t.Text)
			if i < 0 {
				break
			}
			out = append(out, news.Span{Begin: at + i, End: at + i + len(t.Text)})
			at += i + len(t.Text)
		}
	}
	return out
}

// What was looked for is marked in headlines, and in the part of the text that
// has most of it.
func TestWhatWasFoundIsMarked(t *testing.T) {
	p, err := page.New(house, page.Options{Search: true, Found: literal})
	if err != nil {
		t.Fatal(err)
	}
	filler := strings.Repeat("Nothing of the kind was said that day. ", 20)
	for _, tt := range []struct{ name, query, title, summary, content, heading, text string }{
		{"in both", "ferry", "A ferry & more", "The <ferry> leaves.", "", "A <mark>ferry</mark> &amp; more", "The &lt;<mark>ferry</mark>&gt; leaves."},
		{"nowhere", "ferry", "Title", "The beginning.", "<p>Text</p>", "Title", "The beginning."},
		{"far down", "ferry", "Title", "The beginning.", "<p>" + filler + "</p><p>Then the ferry &amp; its <b>crew</b> left the old harbour.</p>", "Title",
			"…the kind was said that day. Then the <mark>ferry</mark> &amp; its crew left the old harbour."},
		{"most of it", "ferry", "Title", "", "<p>One ferry. " + filler + "ferry ferry ferry " + filler + "</p>", "Title",
			"…Nothing of the kind was said that day. <mark>ferry</mark> <mark>ferry</mark> <mark>ferry</mark> Nothing of the kind was said that day. Nothing of the kind was said that day. Nothing of the kind was said that day. Nothing of the kind was said that day."},
		{"behind a dash", "ferry", "Title", "", "<p>" + filler + "TALLGATE (A Wire) -- The old rusty and quite slow red ferry left.</p>", "Title", "…The old rusty and quite slow red <mark>ferry</mark> left."},
		{"without blanks", "渡轮", "标题", "", "<p>" + strings.Repeat("甲乙丙丁", 100) + "新渡轮启航</p>", "标题",
			"…" + strings.Repeat("甲乙丙丁", 100)[len(strings.Repeat("甲乙丙丁", 100))-39*3:] + "新<mark>渡轮</mark>启航"},
		{"in a title only", "title:ferry", "ferry", "ferry", "", "<mark>ferry</mark>", "ferry"},
		{"not what must not be there", "ferry -crew", "crew", "ferry crew", "", "crew", "<mark>ferry</mark> crew"},
	} {
		a := article()
		a.Title, a.Summary, a.ContentHTML = tt.title, tt.summary, tt.content
		e := channelOf(source, a)
		e.Query = tt.query
		b, err := p.Search(e, page.Around{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), ">"+tt.heading+"</a></h2>") || !strings.Contains(string(b), ">"+tt.text+"</p>") {
			_, got, _ := strings.Cut(string(b), "<article")
			got, _, _ = strings.Cut(got, `<p class="by">`)
			t.Errorf("%s: got %s, want %s and %s", tt.name, got, tt.heading, tt.text)
		}
	}
}

// However a text and what is found in it are, what is shown is a part of it.
func TestPassagesAreOfTheText(t *testing.T) {
	for _, text := range []string{"", "x", strings.Repeat("x", 1000), strings.Repeat("é", 300) + "x", strings.Repeat("e\u0301", 300) + "x", strings.Repeat("👩‍👩‍👧", 90) + "x" + strings.Repeat("👩‍👩‍👧", 90), "x… y", strings.Repeat("word ", 50) + "x…"} {
		p, err := page.New(house, page.Options{Search: true, Found: literal})
		if err != nil {
			t.Fatal(err)
		}
		a := article()
		a.Title, a.Summary, a.ContentHTML = "T", text, ""
		e := channelOf(source, a)
		e.Query = "x"
		b, err := p.Search(e, page.Around{})
		if err != nil {
			t.Fatal(err)
		}
		_, got, _ := strings.Cut(string(b), `<p class="summary"`)
		_, got, _ = strings.Cut(got, ">")
		got, _, _ = strings.Cut(got, "</p>")
		got = html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got))
		part := got
		for _, end := range []string{"…", ""} {
			if part = strings.TrimPrefix(got, end); strings.Contains(text, part) || strings.Contains(text, strings.TrimSuffix(part, "…")) {
				break
			}
		}
		if !strings.Contains(text, strings.TrimSuffix(part, "…")) || strings.Contains(text, "x") && !strings.Contains(string(b), "<mark>") || len([]rune(got)) > 225 {
			t.Errorf("of %.60q… %q is shown", text, got)
		}
	}
}
