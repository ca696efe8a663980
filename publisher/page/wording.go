package page

import (
	"cmp"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// wordings say each phrase of the pages in each language: phrase, language,
// wording.
//
//go:embed data/wording.tsv
var wordings string

// mother is the language whose words stand in where others are missing.
const mother = "en"

// A piece of a phrase is words, or a hole in which a page puts a name, a time or
// whatever else it speaks of.
type piece struct{ Text, Hole string }

// A wording is how pages speak one language.
type wording struct {
	phrases map[string][]piece
	dir     string   // ltr or rtl
	month   []string // January first
	short   []string
	weekday []string // Sunday first
	digit   []string
}

// A wordbook has the wordings of all languages.
type wordbook struct {
	wordings map[string]*wording
	tags     []string // of the languages, in the order of matcher's
	matcher  language.Matcher
}

// readWordbook reads a table of wordings.
func readWordbook(table string) (*wordbook, error) {
	b := &wordbook{wordings: map[string]*wording{}}
	var tags []language.Tag
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("wording.tsv:%d: %d cells, want phrase, language and wording", i+1, len(cells))
		}
		key, lang, text := cells[0], cells[1], cells[2]
		w := b.wordings[lang]
		if w == nil {
			tag, err := language.Parse(lang)
			if err != nil {
				return nil, fmt.Errorf("wording.tsv:%d: language %q: %w", i+1, lang, err)
			}
			w = &wording{phrases: map[string][]piece{}, dir: "ltr"}
			if direction(lang) == "rtl" {
				w.dir = "rtl"
			}
			b.wordings[lang], b.tags, tags = w, append(b.tags, lang), append(tags, tag)
		}
		if w.phrases[key] != nil {
			return nil, fmt.Errorf("wording.tsv:%d: %q is said in %s a second time", i+1, key, lang)
		}
		w.phrases[key] = piecesOf(text)
	}
	if b.wordings[mother] == nil {
		return nil, fmt.Errorf("wording.tsv: nothing is said in %s", mother)
	}
	for tag, w := range b.wordings {
		if err := w.complete(b.wordings[mother]); err != nil {
			return nil, fmt.Errorf("wording.tsv: %s: %w", tag, err)
		}
	}
	b.matcher = language.NewMatcher(tags)
	return b, nil
}

// piecesOf tells the words of a phrase from its {holes}.
func piecesOf(text string) []piece {
	var out []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			out = append(out, piece{Text: before})
		}
		if !found {
			break
		}
		hole, after, _ := strings.Cut(rest, "}")
		out = append(out, piece{Hole: hole})
		text = after
	}
	return out
}

// complete takes what is missing from another wording, and the lists apart.
func (w *wording) complete(other *wording) error {
	for key, pieces := range other.phrases {
		if w.phrases[key] == nil {
			w.phrases[key] = pieces
		}
	}
	for _, list := range []struct {
		key   string
		into  *[]string
		count int
	}{{"months", &w.month, 12}, {"short months", &w.short, 12}, {"weekdays", &w.weekday, 7}, {"digits", &w.digit, 10}} {
		if *list.into = strings.Split(w.Say(list.key), ", "); len(*list.into) != list.count {
			return fmt.Errorf("%d %s, want %d", len(*list.into), list.key, list.count)
		}
	}
	return nil
}

// speaks is the wording for a language, and its tag; nil where there is none. A
// language has its own or none: who reads Catalan need not read Spanish.
func (b *wordbook) speaks(lang string) (*wording, string) {
	if w := b.wordings[lang]; w != nil {
		return w, lang
	}
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, ""
	}
	_, i, confidence := b.matcher.Match(tag)
	ours := language.Make(b.tags[i])
	if confidence < language.High || confidence < language.Exact && base(ours) != base(tag) {
		return nil, ""
	}
	return b.wordings[b.tags[i]], lang
}

func base(tag language.Tag) string {
	b, _ := tag.Base()
	return b.String()
}

// speech is how one page speaks: in the wording of a language, with the house's
// time.
type speech struct {
	*wording
	Lang string // of what the page itself says
	Dir  string // how that runs: ltr or rtl
	zone *time.Location
}

// in is the speech of a page about something in a language: that, else the
// house's, else English.
func (p *Pages) in(lang string) *speech {
	for _, tag := range []string{lang, p.house.Language} {
		if w, tag := p.words.speaks(tag); w != nil {
			return &speech{w, tag, w.dir, p.house.TimeZone}
		}
	}
	w := p.words.wordings[mother]
	return &speech{w, mother, w.dir, p.house.TimeZone}
}

// Pieces are a phrase's, for a page that fills its holes with elements. What is
// not in the table speaks for itself; a test sees that nothing does.
func (w *wording) Pieces(key string) []piece {
	if pieces := w.phrases[key]; pieces != nil {
		return pieces
	}
	return []piece{{Text: key}}
}

// Say is a phrase with its holes filled: each name of one comes before what
// fills it.
func (w *wording) Say(key string, fill ...string) string {
	var b strings.Builder
	for _, piece := range w.Pieces(key) {
		b.WriteString(piece.Text)
		for i := 0; i+1 < len(fill); i += 2 {
			if fill[i] == piece.Hole {
				b.WriteString(fill[i+1])
			}
		}
	}
	return b.String()
}

// Human is a moment in full, with the name of its zone.
func (s *speech) Human(t time.Time) string {
	t = t.In(s.zone)
	return s.written("date", t, s.month) + t.Format(" MST")
}

// Short is a moment in a list.
func (s *speech) Short(t time.Time) string { return s.written("short date", t.In(s.zone), s.short) }

// FullDay is a day with its name.
func (s *speech) FullDay(t time.Time) string { return s.written("full day", t.In(s.zone), s.month) }

// written fills a pattern with the parts of a moment.
func (w *wording) written(pattern string, t time.Time, months []string) string {
	out := make([]byte, 0, 64)
	for _, piece := range w.Pieces(pattern) {
		switch piece.Hole {
		case "weekday":
			out = append(out, w.weekday[t.Weekday()]...)
		case "day":
			out = w.number(out, t.Day(), 1)
		case "month":
			out = append(out, months[t.Month()-1]...)
		case "year":
			out = w.number(out, t.Year(), 4)
		case "buddhist":
			out = w.number(out, t.Year()+543, 4)
		case "hour":
			out = w.number(out, t.Hour(), 2)
		case "minute":
			out = w.number(out, t.Minute(), 2)
		}
		out = append(out, piece.Text...)
	}
	return string(out)
}

// number writes n in the digits of the language, with at least so many.
func (w *wording) number(out []byte, n, width int) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], int64(n), 10)
	for range width - len(text) {
		out = append(out, w.digit[0]...)
	}
	for _, c := range text {
		out = append(out, w.digit[c-'0']...)
	}
	return out
}

// comma stands between names.
func (w *wording) comma() string { return w.Pieces("names")[1].Text }

// Picture is what stands in the place of a picture.
func (w *wording) Picture(alt string) string {
	if alt = strings.TrimSpace(alt); alt != "" {
		return w.Say("picture of", "words", alt)
	}
	return w.Say("picture")
}

// Headline is a title, else the start of the text.
func (w *wording) Headline(a news.Article) string {
	return cmp.Or(a.Title, edition.Clip(a.Summary, headlineSize), w.Say("untitled"))
}
