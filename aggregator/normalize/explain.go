package normalize

import (
	"slices"
	"strings"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// Explain is what the witnesses for an item say of each field, with what
// became of it in the article: a date may lose to one that can be read more
// exactly, and people and credit are what normalizing made of the lines.
func Explain(it parse.Item, a news.Article) []parse.Claim {
	out := slices.Clone(it.Claims)
	if at := slices.IndexFunc(out, func(c parse.Claim) bool { return c.Field == "published" && c.Value == a.Published.Raw }); at >= 0 && !out[at].Won {
		lose(out, "published")
		out[at].Won, out[at].Rule = true, "the first that can be read most exactly: "+string(a.Published.Basis)
	}
	for i, c := range out {
		if c.Witness == parse.InfoLine && !slices.ContainsFunc(a.Byline.People, func(p news.Person) bool { return strings.Contains(fold(c.Value), fold(p.Name)) }) {
			out[i].Won, out[i].Rule = false, ""
		}
	}
	if a.Published.Basis == news.FirstSeen {
		lose(out, "published")
	}
	if a.Modified.At.IsZero() { // it is no later than the first
		lose(out, "modified")
	}
	if a.Language != "" && !slices.ContainsFunc(out, func(c parse.Claim) bool { return c.Field == "language" && c.Won && Language(c.Value) == a.Language }) {
		lose(out, "language")
		out = append(out, parse.Claim{Field: "language", Witness: "normalized", Value: a.Language, Won: true, Rule: Account{Article: a}.language(side{Article: &a})})
	}
	for _, role := range []news.Role{news.Author, news.Editor, news.Photographer, news.Translator, news.Contributor} {
		for _, p := range a.Byline.With(role) {
			out = append(out, parse.Claim{Field: string(role), Witness: "normalized", Value: p.Name, Won: true, Rule: "from " + saying(it, a, p)})
		}
	}
	if a.Credit.Name != "" {
		out = append(out, parse.Claim{Field: "credit", Witness: "normalized", Value: a.Credit.Name, Won: true, Rule: "from " + sourceOf(it, a.Credit.Name)})
	}
	return out
}

// saying is where a person is named, and the role word there that decided what
// they did.
func saying(it parse.Item, a news.Article, p news.Person) string {
	where, text := sourceOf(it, p.Name), ""
	if p.Role != news.Author { // a field may name the same person as author
		for _, line := range it.CreditLines {
			if word := roleWordIn(line, p); word != "" {
				return "the line “" + tidy(line) + "”, by its word “" + word + "”"
			}
		}
	}
	switch {
	case where != "the text":
		_, text, _ = strings.Cut(where, "“")
	default:
		e := edgesOf(a.ContentHTML, a.Summary)
		for _, line := range slices.Concat(e.first, e.last, e.captions) {
			if text == "" && strings.Contains(fold(line), fold(p.Name)) {
				text = line
			}
		}
	}
	if word := roleWordIn(strings.TrimSuffix(text, "”"), p); word != "" {
		return where + ", by its word “" + word + "”"
	}
	return where
}

// roleWordIn is the role word in a line that stands with a person's name.
func roleWordIn(line string, p news.Person) string {
	line, _ = wash(line)
	for _, part := range atBars(hanBars(brackets(line))) {
		for _, piece := range new(Line).splitAtRoles(part) {
			piece = strings.TrimSpace(piece)
			if lower := lowered(piece); strings.Contains(fold(piece), fold(p.Name)) {
				if word := wordFor(piece, lower, p.Role); word != "" {
					return word
				}
			}
		}
	}
	return ""
}

// wordFor is the role word that opens or closes a text, of which lower is the
// small spelling, where it stands for that role.
func wordFor(s, lower string, role news.Role) string {
	if role == news.Contributor {
		role = helper
	}
	if end, next := joint(lower[:min(len(lower), longestLabel)]); end > 0 { // "Text und Fotos"
		if rest, both := compound(s, end, next); slices.Contains(roles(both), role) {
			return strings.TrimRight(s[:len(s)-len(rest)], " :：")
		}
	}
	if _, w, ok := opened(s, lower); ok && slices.Contains(roles(w.role), role) {
		return s[:len(w.phrase)]
	}
	for w := range closers().of(lower) {
		if strings.HasSuffix(lower, w.phrase) && slices.Contains(roles(w.role), role) {
			return strings.TrimSpace(s[len(s)-len(w.phrase):])
		}
	}
	return ""
}

// lose takes a field from whom extraction believed.
func lose(list []parse.Claim, field string) {
	for i := range list {
		if list[i].Field == field {
			list[i].Won, list[i].Rule = false, ""
		}
	}
}

// sourceOf names the first field or line that holds a name.
func sourceOf(it parse.Item, name string) string {
	f := fold(name)
	for _, p := range it.People {
		if strings.Contains(fold(p.Name), f) {
			return p.Field + " “" + tidy(p.Name) + "”"
		}
	}
	for _, l := range it.CreditLines {
		if strings.Contains(fold(l), f) {
			return "the line “" + tidy(l) + "”"
		}
	}
	if strings.Contains(fold(it.Origin.Name), f) {
		return "the source that the page names"
	}
	return "the text"
}

// LineOf is the line of an article that names a person: its printed byline, or
// one at either end of its text or below a picture there; empty when none does.
func LineOf(a *news.Article, p news.Person) string {
	e := edgesOf(a.ContentHTML, a.Summary)
	list := slices.Concat([]string{a.Byline.Printed}, e.first, e.last, e.captions)
	for _, line := range list {
		if p.Role != news.Author && len(line) <= leadLength && roleWordIn(line, p) != "" {
			return tidy(line)
		}
	}
	for _, line := range list {
		if strings.Contains(fold(line), fold(p.Name)) {
			return tidy(line)
		}
	}
	if authors := a.Byline.With(news.Author); p.Role == news.Author && len(authors) == 1 { // turned round, or an alias
		return tidy(a.Byline.Printed)
	}
	return ""
}
