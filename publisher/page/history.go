package page

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// A revision is one version of an article beside the one before it.
type revision struct {
	At     time.Time // when it took its place
	First  bool
	Fields []field
}

// A field is a part of an article that changed.
type field struct {
	Phrase  string // its name
	Changes []Change
}

// History is the page of an article's versions, the newest first, each with
// what it changed.
func (p *Pages) History(list []news.Version, src edition.Source) ([]byte, error) {
	now := list[0].Article
	words := p.in(now.Language)
	v := view{Words: words, Title: words.Say("history", "title", words.Headline(now)), Article: &now, Source: src, Meta: meta{Canonical: p.house.ArticleURL(now.Key) + "/history", Published: now.Published.At, Updated: now.Updated}}
	for i, version := range list {
		if i == len(list)-1 {
			v.Revisions = append(v.Revisions, revision{At: version.Updated, First: true})
			break
		}
		v.Revisions = append(v.Revisions, revision{At: version.Updated, Fields: compared(words, list[i+1].Article, version.Article)})
	}
	return p.render("history", v)
}

// Withdrawn is the page of an article in a language, which was taken back.
func (p *Pages) Withdrawn(why news.Withdrawal, lang string) ([]byte, error) {
	v := p.problem(lang, http.StatusGone)
	v.Reason, v.Day = why.Reason, why.At
	return p.render("error", v)
}

// compared are the parts of an article that differ between two versions of it.
func compared(words *speech, before, after news.Article) []field {
	var out []field
	for _, part := range []struct{ phrase, before, after string }{
		{"headline", before.Title, after.Title},
		{"byline", peopleOf(words, before), peopleOf(words, after)},
		{"summary", before.Summary, after.Summary},
		{"text", lines(before.ContentHTML), lines(after.ContentHTML)},
		{"credit", before.Credit.Name, after.Credit.Name},
		{"section", before.Section, after.Section},
		{"categories", strings.Join(before.Categories, ", "), strings.Join(after.Categories, ", ")},
		{"rights", before.Rights, after.Rights},
		{"address", before.URL, after.URL},
		{"picture", pictureOf(before), pictureOf(after)},
	} {
		if part.before != part.after {
			out = append(out, field{part.phrase, Diff(part.before, part.after)})
		}
	}
	return out
}

// peopleOf is the authors on a line, and on others who did what besides.
func peopleOf(words *speech, a news.Article) string {
	lines := []string{namesOf(words, a.Byline.With(news.Author))}
	for _, other := range others(a) {
		lines = append(lines, words.Say(other.Phrase, "names", namesOf(words, other.People)))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func namesOf(words *speech, list []news.Person) string {
	var names []string
	for _, who := range list {
		names = append(names, who.Name)
	}
	return strings.Join(names, words.comma())
}

func pictureOf(a news.Article) string {
	if a.Image == nil {
		return ""
	}
	return strings.TrimSpace(a.Image.URL + " " + a.Image.Caption)
}

var blockEnd = regexp.MustCompile(`</(?:p|h[2-6]|li|blockquote|div|tr|figure|figcaption|pre|dd|dt)>|<br>`)

// lines is the text of clean HTML, a line for each block.
func lines(clean string) string {
	var out []string
	for s := range strings.SplitSeq(blockEnd.ReplaceAllString(clean, "\n"), "\n") {
		text := html.UnescapeString(tag.ReplaceAllString(s, ""))
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n")
}

var tag = regexp.MustCompile(`<[^>]*>`)
