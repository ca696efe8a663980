package page

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const (
	briefly  = 220      // characters of a text beside a headline
	leadIn   = 40       // of them before what was found
	searched = 64 << 10 // bytes of a text in which what was found is looked for
)

// told is an article's headline in an edition: that of a search shows what was
// found in it.
func (p *Pages) told(w *speech, r room, e *edition.Edition, a news.Article) template.HTML {
	title := r.clip(w.Headline(a))
	return mark(title, p.found(e, news.InTitle, title))
}

// glimpse is what a list shows of an article's text, which may be nothing: how it
// begins, or where it has what was looked for.
func (p *Pages) glimpse(r room, e *edition.Edition, i int, a news.Article) template.HTML {
	if i >= r.briefs || e.Query == "" && i >= withSummary {
		return ""
	}
	if e.Query != "" {
		for _, text := range []string{abstract(a), readable(a.ContentHTML)} {
			if spans := p.found(e, "", text); len(spans) > 0 {
				return passage(text, spans)
			}
		}
	}
	return mark(edition.Clip(abstract(a), briefly), nil)
}

// readable is the text of clean HTML on one line, as much as is looked through.
func readable(clean string) string {
	if len(clean) > searched {
		clean = strings.ToValidUTF8(clean[:searched], "")
	}
	return strings.Join(strings.Fields(plain(clean)), " ")
}

// found is where a text of a field has what an edition's search looked for.
func (p *Pages) found(e *edition.Edition, in news.Field, text string) []news.Span {
	if e.Query == "" || p.opt.Found == nil {
		return nil
	}
	q, err := news.ParseQuery(e.Query)
	if err != nil { // it was understood once
		return nil
	}
	return p.opt.Found(q, in, text)
}

// passage is the part of a text that has most of what was found, with some words
// before it.
func passage(text string, spans []news.Span) template.HTML {
	first := densest(text, spans)
	begin := before(text, spans[first].Begin)
	clipped := edition.Clip(text[begin:], briefly)
	body := clipped
	if !strings.HasPrefix(text[begin:], body) {
		body = strings.TrimSuffix(body, "…")
	}
	var shown []news.Span
	for _, s := range spans {
		if s.Begin >= begin && s.Begin-begin < len(body) {
			shown = append(shown, news.Span{Begin: s.Begin - begin, End: min(s.End-begin, len(body))})
		}
	}
	out := mark(body, shown) + template.HTML(clipped[len(body):])
	if begin > 0 {
		out = "…" + out
	}
	return out
}

// densest is the first of the spans from which on most of them are near.
func densest(text string, spans []news.Span) int {
	best, most := 0, 0
	for i := range spans {
		n, runes := 0, 0
		for j := i; j < len(spans) && runes < briefly-leadIn; j++ {
			n++
			if j+1 < len(spans) {
				runes += utf8.RuneCountInString(text[spans[j].Begin:spans[j+1].Begin])
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// before is a place some characters before another, where a word begins.
func before(text string, at int) int {
	begin := at
	for range leadIn {
		_, size := utf8.DecodeLastRuneInString(text[:begin])
		begin -= size
	}
	if begin == 0 {
		return 0
	}
	if i := strings.IndexByte(text[begin:at], ' '); i >= 0 {
		begin += i + 1
	}
	for begin < at { // no letter goes without its accents, and no dash leads
		r, size := utf8.DecodeRuneInString(text[begin:])
		if !unicode.IsMark(r) && r != '\u200d' && !unicode.Is(unicode.Pd, r) && !unicode.Is(unicode.Pe, r) && r != ' ' {
			break
		}
		begin += size
	}
	return begin
}

// mark writes a text as HTML, with spans of it marked.
func mark(text string, spans []news.Span) template.HTML {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(template.HTMLEscapeString(text[at:s.Begin]) + "<mark>" + template.HTMLEscapeString(text[s.Begin:s.End]) + "</mark>")
		at = s.End
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String())
}
