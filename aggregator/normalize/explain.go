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
	if a.Published.Basis == news.FirstSeen {
		lose(out, "published")
	}
	if a.Modified.At.IsZero() { // it is no later than the first
		lose(out, "modified")
	}
	if a.Language != "" && !slices.ContainsFunc(out, func(c parse.Claim) bool { return c.Field == "language" && c.Won && Language(c.Value) == a.Language }) {
		lose(out, "language")
		out = append(out, parse.Claim{Field: "language", Witness: "normalized", Value: a.Language, Won: true, Rule: "from the config of its source, or the letters and words of the text"})
	}
	for _, role := range []news.Role{news.Author, news.Editor, news.Photographer, news.Translator, news.Contributor} {
		for _, p := range a.Byline.With(role) {
			out = append(out, parse.Claim{Field: string(role), Witness: "normalized", Value: p.Name, Won: true, Rule: "from " + sourceOf(it, p.Name)})
		}
	}
	if a.Credit.Name != "" {
		out = append(out, parse.Claim{Field: "credit", Witness: "normalized", Value: a.Credit.Name, Won: true, Rule: "from " + sourceOf(it, a.Credit.Name)})
	}
	return out
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
