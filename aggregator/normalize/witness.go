package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// What stands in place of an element's name where a field comes from none.
const (
	fromConfig = "config" // what the operator wrote of the source
	fromItem   = "item"   // the item, in one of several elements
	fromFeed   = "feed"   // what the feed says of all its items
	fromText   = "text"   // the text itself
	fromOthers = "others" // other articles of the source
	fromLink   = "link"
)

// witnesses notes of each field of an article, while its item is at hand, what
// cannot be told from the article afterwards: which part of the document it was
// taken from. Account tells the rest.
func witnesses(src news.Source, feed *parse.Feed, it parse.Item, a *news.Article, id identity, when Reading, outlets Outlets) news.Witnesses {
	var w news.Witnesses
	for _, n := range [...]struct{ field, witness string }{
		{"id", id.by},
		{"url", linkWitness(feed, it)},
		{"title", titleWitness(it.Title, a.Title)},
		{"summary", summaryWitness(it, a)},
		{"content", contentWitness(it, a)},
		{"language", languageWitness(src, feed, it, a)},
		{"rights", rightsWitness(src, it, a)},
		{"section", it.Fields.Section},
		{"image", imageWitness(it, a)},
		{"published", dateWitness(src, it, a.Published, when)},
		{"modified", dateWitness(src, it, a.Modified, when)},
		{"credit", creditWitness(it, a, outlets)},
	} {
		w = w.With(n.field, n.witness)
	}
	seen := [...]news.Role{news.Author, news.Editor, news.Photographer, news.Illustrator, news.Translator, news.Contributor}
	for _, role := range seen {
		if i := slices.IndexFunc(a.Byline.People, func(p news.Person) bool { return p.Role == role }); i >= 0 {
			w = w.With(string(role), personWitness(feed, it, a.Byline.People[i]))
		}
	}
	if s := bylineWitness(it, a); s != w.Of(string(news.Author)) {
		w = w.With("byline", s)
	}
	return w
}

// hasIDs reports a format whose items have ids; elsewhere their link is one.
func hasIDs(feed *parse.Feed) bool { return feed.Format == "rss" || feed.Format == "atom" }

func linkWitness(feed *parse.Feed, it parse.Item) string {
	switch {
	case it.Link == "":
		return ""
	case it.Reader != "":
		return "reader"
	case it.Link == it.ID && it.IDIsLink && hasIDs(feed):
		return "guid"
	}
	return fromLink
}

// titleWitness is the element of a title, and what was mended in it.
func titleWitness(t parse.Text, title string) string {
	switch {
	case title == "":
		return ""
	case t.Body == title:
	case !sevenBit(t.Body) && unmangle(t.Body) != t.Body:
		return cmp.Or(t.Field, fromItem) + " mangled"
	case t.Type != parse.Plain && strings.ContainsAny(t.Body, "<&"):
		return cmp.Or(t.Field, fromItem) + " escaped"
	}
	return cmp.Or(t.Field, fromItem)
}

// summaryWitness tells what body made the summary of.
func summaryWitness(it parse.Item, a *news.Article) string {
	given := cmp.Or(it.Summary.Field, fromItem)
	switch {
	case a.Summary == "":
		return ""
	case it.Summary.Body == a.Summary:
		return given
	case it.Summary.Body == "":
		return fromText
	case len(it.Summary.Body) <= 600 && !strings.Contains(it.Summary.Body, "<"):
		return given
	}
	switch own := Text(it.Summary.Body, it.Summary.Type); {
	case own == "":
		return fromText
	case utf8.RuneCountInString(own) > 600:
		return given + " cut"
	}
	return given
}

// contentWitness is the element of the text; that of the summary where body took
// that for one.
func contentWitness(it parse.Item, a *news.Article) string {
	switch {
	case a.ContentHTML == "":
		return ""
	case it.Content.Body != "":
		return cmp.Or(it.Content.Field, fromItem)
	}
	return cmp.Or(it.Summary.Field, fromItem) + " whole"
}

// languageWitness tells who stated a language, in the order of languageOf. One
// that was stated and not believed leaves a sign.
func languageWitness(src news.Source, feed *parse.Feed, it parse.Item, a *news.Article) string {
	if a.Language == "" {
		return ""
	}
	for _, said := range [...]struct{ witness, tag string }{
		{fromItem, it.Language}, {"content", it.Content.Lang}, {"summary", it.Summary.Lang}, {"title", it.Title.Lang}, {fromConfig, src.Language}, {fromFeed, feed.Language},
	} {
		switch {
		case said.tag == "", said.witness == fromFeed && it.Language == "und":
		case said.tag == a.Language, Language(said.tag) == a.Language:
			if said.witness == fromItem {
				return strings.TrimSpace(fromItem + " " + it.Fields.Language)
			}
			return said.witness
		case Language(said.tag) != "":
			return fromText + " against " + said.witness
		}
	}
	return fromText
}

func rightsWitness(src news.Source, it parse.Item, a *news.Article) string {
	switch {
	case a.Rights == "":
		return ""
	case src.Rights != "":
		return fromConfig
	case strings.TrimSpace(it.Rights) != "" && Text(it.Rights, parse.Unstated) != "":
		return strings.TrimSpace(fromItem + " " + it.Fields.Rights)
	}
	return fromFeed
}

// imageWitness tells where image found the picture.
func imageWitness(it parse.Item, a *news.Article) string {
	switch {
	case a.Image == nil:
		return ""
	case slices.ContainsFunc(a.Attachments, func(f news.Attachment) bool { return f.URL == a.Image.URL }) && it.Image == "":
		return "enclosure"
	case it.Image == a.Image.URL, it.Image != "" && Link(it.Image, a.URL, a.Image.URL) != "":
		return cmp.Or(it.Fields.Image, fromItem)
	}
	return fromText
}

func fieldOfDate(it parse.Item, m news.Moment) string {
	i := slices.IndexFunc(it.Dates, func(d parse.Date) bool { return m.Raw != "" && d.Raw == m.Raw })
	if i < 0 {
		return ""
	}
	return cmp.Or(it.Dates[i].Field, fromItem)
}

// dateWitness is the element of a date, with what decided how it was read where
// neither the date nor the config did.
func dateWitness(src news.Source, it parse.Item, m news.Moment, when Reading) string {
	field := fieldOfDate(it, m)
	switch {
	case field == "" && m.Basis == news.Inferred:
		return fromLink
	case field == "" && len(it.Dates) == 0 && m.Raw != "":
		return fromText
	case field == "":
		return ""
	}
	if when.Order != OrderUnknown {
		field += " order"
	}
	if when.Zone.String() != src.Zone().String() {
		field += " shown"
	}
	return field
}

// creditWitness is the element in which the origin of the copy is named; empty
// where the text names it.
func creditWitness(it parse.Item, a *news.Article, outlets Outlets) string {
	if a.Credit.Name == "" {
		return ""
	}
	for _, p := range it.People {
		if fieldRole(p) != "" && strings.Contains(fold(p.Name), fold(a.Credit.Name)) {
			return p.Field
		}
	}
	if slices.ContainsFunc(it.CreditLines, func(l string) bool { return strings.Contains(fold(l), fold(a.Credit.Name)) }) {
		return "line"
	}
	if originName(Text(it.Origin.Name, parse.Unstated)) == a.Credit.Name && outlets.creditIn(a) == (creditText{}) {
		return cmp.Or(it.Origin.Field, "source")
	}
	return ""
}

// bylineWitness is the element that is printed as the byline; empty where a line
// of the text is.
func bylineWitness(it parse.Item, a *news.Article) string {
	i := slices.IndexFunc(it.People, func(p parse.Person) bool {
		return a.Byline.Printed != "" && Text(p.Name, parse.Unstated) == a.Byline.Printed
	})
	if i < 0 {
		return ""
	}
	return it.People[i].Field
}

// personWitness is the element in which somebody is named; empty where only the
// text does.
func personWitness(feed *parse.Feed, it parse.Item, who news.Person) string {
	name := fold(who.Name)
	var own []string // elements for such people, under whatever name
	for _, p := range it.People {
		switch {
		case fieldRole(p) == "":
		case strings.Contains(fold(Text(p.Name, parse.Unstated)), name):
			return p.Field
		case fieldRole(p) == who.Role && p.Name != "":
			own = append(own, p.Field)
		}
	}
	if slices.ContainsFunc(it.CreditLines, func(l string) bool { return strings.Contains(fold(l), name) }) {
		return "line"
	}
	if len(it.People) == 0 && slices.ContainsFunc(feedAuthors(feed), func(p parse.Person) bool { return strings.Contains(fold(p.Name), name) }) {
		return fromFeed
	}
	if len(own) == 1 { // turned round, or an alias
		return own[0]
	}
	return ""
}
