package page

import (
	"html"
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
	Name    string
	Changes []Change
}

// History is the page of an article's versions, the newest first, each with
// what it changed.
func (p *Pages) History(list []news.Version, src edition.Source) ([]byte, error) {
	now := list[0].Article
	v := view{Title: "History: " + headline(now), Article: &now, Source: src, Meta: meta{Canonical: p.house.ArticleURL(now.Key) + "/history", Published: now.Published.At, Updated: now.Updated}}
	for i, version := range list {
		if i == len(list)-1 {
			v.Revisions = append(v.Revisions, revision{At: version.Updated, First: true})
			break
		}
		v.Revisions = append(v.Revisions, revision{At: version.Updated, Fields: compared(list[i+1].Article, version.Article)})
	}
	return p.render("history", v)
}

// Withdrawn is the page of an article that was taken back.
func (p *Pages) Withdrawn(why news.Withdrawal) ([]byte, error) {
	return p.render("error", view{Title: "Withdrawn", Status: 410, Problem: problems[410], Reason: why.Reason, Day: why.At})
}

// compared are the parts of an article that differ between two versions of it.
func compared(before, after news.Article) []field {
	var out []field
	for _, part := range []struct{ name, before, after string }{
		{"Headline", before.Title, after.Title},
		{"Byline", peopleOf(before), peopleOf(after)},
		{"Summary", before.Summary, after.Summary},
		{"Text", lines(before.ContentHTML), lines(after.ContentHTML)},
		{"Credit", before.Credit.Name, after.Credit.Name},
		{"Section", before.Section, after.Section},
		{"Categories", strings.Join(before.Categories, ", "), strings.Join(after.Categories, ", ")},
		{"Rights", before.Rights, after.Rights},
		{"Address", before.URL, after.URL},
		{"Picture", pictureOf(before), pictureOf(after)},
	} {
		if part.before != part.after {
			out = append(out, field{part.name, Diff(part.before, part.after)})
		}
	}
	return out
}

func peopleOf(a news.Article) string {
	var names []string
	for _, p := range a.Byline.People {
		name := p.Name
		if p.Role != news.Author {
			name += " (" + string(p.Role) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
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
