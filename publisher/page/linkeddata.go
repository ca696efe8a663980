package page

import (
	"encoding/json"
	"html/template"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// A thing is a node of linked data.
type thing map[string]any

// set adds what is known.
func (t thing) set(key, value string) {
	if value != "" {
		t[key] = value
	}
}

// linkedData is an article for machines (schema.org NewsArticle).
func (p *Pages) linkedData(w *speech, a *news.Article, src edition.Source) (template.JS, error) {
	ld := thing{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": w.Headline(*a),
		"datePublished": a.Published.At.Format(time.RFC3339), "dateModified": a.Updated.Format(time.RFC3339),
	}
	ld.set("url", Web(a.URL))
	ld.set("mainEntityOfPage", p.house.ArticleURL(a.Key))
	ld.set("inLanguage", a.Language)
	ld.set("description", a.Summary)
	ld.set("articleSection", a.Section)
	ld.set("dateline", a.Dateline.Place)
	ld.set("copyrightNotice", a.Rights)
	if src.Name != "" {
		ld["publisher"] = organization(src.Name, src.HomePage)
	}
	if a.Credit.Name != "" {
		ld["sourceOrganization"] = organization(a.Credit.Name, a.Credit.URL)
	}
	if len(a.Categories) > 0 {
		ld["keywords"] = a.Categories
	}
	for role, key := range map[news.Role]string{news.Author: "author", news.Editor: "editor", news.Translator: "translator", news.Contributor: "contributor"} {
		if list := a.Byline.With(role); list != nil {
			ld[key] = people(list)
		}
	}
	if a.Image != nil && Web(a.Image.URL) != "" {
		image := thing{"@type": "ImageObject", "url": a.Image.URL}
		image.set("caption", a.Image.Caption)
		image.set("creditText", a.Image.Credit)
		ld["image"] = image
	}
	b, err := json.Marshal(ld) // escapes <, > and &, so it cannot end its element
	return template.JS(b), err
}

func people(list []news.Person) []thing {
	var out []thing
	for _, who := range list {
		if who.Organization {
			out = append(out, organization(who.Name, who.URL))
			continue
		}
		person := thing{"@type": "Person", "name": who.Name}
		person.set("url", Web(who.URL))
		if who.Affiliation != "" {
			person["affiliation"] = organization(who.Affiliation, "")
		}
		out = append(out, person)
	}
	return out
}

func organization(name, address string) thing {
	t := thing{"@type": "Organization", "name": name}
	t.set("url", Web(address))
	return t
}
