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
		for i := range out {
			if out[i].Field == "published" {
				out[i].Won, out[i].Rule = false, ""
			}
		}
		out[at].Won, out[at].Rule = true, "the first that can be read most exactly: "+string(a.Published.Basis)
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
