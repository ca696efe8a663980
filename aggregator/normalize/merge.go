package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// A Choice is which of an article's two witnesses, its feed or its page, one
// field was taken from.
type Choice struct {
	Field string
	Page  bool   // from the page; else from the feed
	Why   string // in words
	Other string // what the other said; empty where that was nothing, or the same
}

// Merge makes one article of what its feed and its page say. The feed has the
// say over what the article is: its id, link, title and date; the page over who
// made it and where it comes from, and over the text where it shows more of it.
// What one of them does not know is taken from the other, so nothing is lost.
//
// It depends on nothing else, so it does not matter which of the two was read
// first, or how often.
func Merge(feed news.Article, page news.Page) (news.Article, []Choice) {
	m := merger{out: feed, feed: feed, page: page.Article, paid: page.Paid}
	m.title()
	m.published()
	m.byline()
	m.credit()
	m.text()
	m.picture()
	m.rest()
	return m.out, m.choices
}

// A merger is one merge under way.
type merger struct {
	out, feed, page news.Article
	paid            bool
	choices         []Choice
}

// language is the one that the feed states, else the page, else that which the text of
// the feed shows.
func (m *merger) language() {
	if m.page.Language == "" || statesLanguage(&m.feed) {
		return
	}
	m.out.Language = m.page.Language
	m.choose("language", true, "the feed has none", m.feed.Language, m.page.Language)
}

// statesLanguage reports a language that somebody has written down.
func statesLanguage(a *news.Article) bool {
	by, _, _ := strings.Cut(a.Witnesses.Of("language"), " ")
	return a.Language != "" && by != fromText && by != fromOthers
}

// choose notes which witness a field is taken from. Where both say the same,
// there is nothing to tell.
func (m *merger) choose(field string, fromPage bool, why, feed, page string) {
	if feed == page {
		return
	}
	other := page
	if fromPage {
		other = feed
	}
	m.choices = append(m.choices, Choice{Field: field, Page: fromPage, Why: why, Other: other})
}

func (m *merger) title() {
	if m.feed.Title == "" {
		m.out.Title = m.page.Title
		m.choose("title", true, "the feed has none", "", m.page.Title)
		return
	}
	if m.page.Title != "" {
		m.choose("title", false, "the feed names its articles", m.feed.Title, m.page.Title)
	}
}

// published stays the feed's: it places the article in channels from the moment
// it is pulled, before its page is read, and never changes afterwards.
func (m *merger) published() {
	feed, page := m.feed.Published, m.page.Published
	if page.Basis == news.FirstSeen || page.At.Equal(feed.At) {
		return
	}
	why := "the feed dates its articles"
	if feed.Basis == news.FirstSeen {
		why = "the feed dates nothing, and it was published before its page was read"
	}
	m.choose("published", false, why, feed.Raw, page.Raw)
}

// byline takes the people of each role from the page where it names any, except
// authors that are only part of those whom the feed names, and bodies where the
// feed names persons.
func (m *merger) byline() {
	m.out.Byline.People = nil
	for _, role := range []news.Role{news.Author, news.Contributor, news.Editor, news.Photographer, news.Illustrator, news.Translator} {
		feed, page := m.feed.Byline.With(role), m.page.Byline.With(role)
		why, fromPage := whose(feed, page)
		if fromPage {
			m.out.Byline.People = append(m.out.Byline.People, detailed(page, feed)...)
		} else {
			m.out.Byline.People = append(m.out.Byline.People, detailed(feed, page)...)
		}
		if role == news.Author && fromPage {
			m.out.Byline.Printed = cmp.Or(m.page.Byline.Printed, m.feed.Byline.Printed)
		}
		m.choose(string(role), fromPage, why, namesOf(feed), namesOf(page))
	}
	m.out.Byline.Printed = cmp.Or(m.out.Byline.Printed, m.page.Byline.Printed)
}

// whose tells which of two lists of people to believe, the feed's or the
// page's, and why.
func whose(feed, page []news.Person) (why string, fromPage bool) {
	switch {
	case len(page) == 0:
		return "the page names nobody", false
	case len(feed) == 0:
		return "the feed names nobody", true
	case slices.ContainsFunc(feed, isPerson) && !slices.ContainsFunc(page, isPerson):
		return "the page names only a body", false
	case len(feed) > len(page) && among(page, feed):
		return "the feed names those whom the page names, and more", false
	}
	return "the page has the say over who made it", true
}

func isPerson(p news.Person) bool { return !p.Organization }

// among reports that everybody in few is in many.
func among(few, many []news.Person) bool {
	return !slices.ContainsFunc(few, func(p news.Person) bool { return find(many, p) == nil })
}

func find(list []news.Person, who news.Person) *news.Person {
	i := slices.IndexFunc(list, func(p news.Person) bool { return fold(p.Name) == fold(who.Name) })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// detailed are people with what another list knows of the same ones.
func detailed(list, other []news.Person) []news.Person {
	out := slices.Clone(list)
	for i := range out {
		if more := find(other, out[i]); more != nil {
			out[i].Affiliation = cmp.Or(out[i].Affiliation, more.Affiliation)
			out[i].Email = cmp.Or(out[i].Email, more.Email)
			out[i].URL = cmp.Or(out[i].URL, more.URL)
		}
	}
	return out
}

func namesOf(list []news.Person) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func (m *merger) credit() {
	switch {
	case m.page.Credit.Name == "":
		m.choose("credit", false, "the page names none", m.feed.Credit.Name, "")
	case fold(m.page.Credit.Name) == fold(m.feed.Credit.Name):
		m.out.Credit.URL = cmp.Or(m.feed.Credit.URL, m.page.Credit.URL)
	default:
		m.out.Credit = m.page.Credit
		m.choose("credit", true, "the page has the say over where it comes from", m.feed.Credit.Name, m.page.Credit.Name)
	}
}

// text takes the page's text where it shows more than the feed's.
func (m *merger) text() {
	m.out.Summary = cmp.Or(m.feed.Summary, m.page.Summary)
	why, fromPage := m.fuller()
	m.choose("content", fromPage, why, m.feed.ContentHTML, m.page.ContentHTML)
	if i := len(m.choices) - 1; i >= 0 && m.choices[i].Field == "content" {
		m.choices[i].Other = "" // as long as an article
	}
	if !fromPage {
		return
	}
	m.out.ContentHTML, m.out.Words = m.page.ContentHTML, m.page.Words
	if m.page.Dateline.Place != "" {
		m.out.Dateline = m.page.Dateline
	}
}

// aTeaser is the number of words up to which the text of a feed may be a teaser
// written for it, which need not stand in the article.
const aTeaser = 120

// fuller tells whether the page's text is the feed's and more.
func (m *merger) fuller() (why string, fromPage bool) {
	feed, page := m.feed.Words, m.page.Words
	switch {
	case m.page.ContentHTML == "":
		return "no text was found on the page", false
	case m.paid:
		return "the page's text is not free to read", false
	case m.feed.ContentHTML == "" && page >= feed:
		return "the feed has only a summary", true
	case page <= feed:
		return "the page shows no more of it", false
	case feed <= aTeaser && page >= 2*feed:
		return "the feed has only a teaser", true
	case holds(TextOf(m.page.ContentHTML), TextOf(m.feed.ContentHTML)):
		return "the page holds the feed's text and more", true
	}
	return "the page's text is another", false
}

// holds reports that nearly all runs of letters of part stand in whole.
func holds(whole, part string) bool {
	const run, most = 12, 64 // letters of a run; runs that are looked up
	whole, part = letters(whole), letters(part)
	found, n := 0, 0
	step := max(utf8.RuneCountInString(part)/most, run)
	runes := []rune(part)
	for i := 0; i+run <= len(runes); i += step {
		n++
		if strings.Contains(whole, string(runes[i:i+run])) {
			found++
		}
	}
	return n > 0 && 10*found >= 9*n
}

// letters is text without what is set differently from place to place.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"'’‘“”„«».,;:!?()[]-–—…", r) || r <= ' ' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// picture takes the page's where the feed has none, or none with a caption or a
// credit.
func (m *merger) picture() {
	feed, page := m.feed.Image, m.page.Image
	switch {
	case page == nil:
	case feed == nil:
		m.out.Image = page
		m.choose("image", true, "the feed has none", "", page.URL)
	case feed.Caption == "" && feed.Credit == "" && (page.Caption != "" || page.Credit != ""):
		m.out.Image = page
		m.choose("image", true, "the page says whose it is, or what it shows", feed.URL, page.URL)
	}
}

func (m *merger) rest() {
	m.out.Section = cmp.Or(m.page.Section, m.feed.Section)
	m.choose("section", m.page.Section != "", "the page's comes first", m.feed.Section, m.page.Section)
	if len(m.page.Breadcrumb) > 0 {
		m.out.Breadcrumb = m.page.Breadcrumb
	}
	if !slices.ContainsFunc(m.feed.Categories, func(c string) bool { return !slices.Contains(m.page.Categories, c) }) {
		m.out.Categories = m.page.Categories // those of the source are in both
		m.choose("categories", true, "the page names the feed's and more", strings.Join(m.feed.Categories, ", "), strings.Join(m.page.Categories, ", "))
	}
	m.language()
	m.out.Rights = cmp.Or(m.feed.Rights, m.page.Rights)
	if m.page.Modified.At.After(m.feed.Modified.At) && m.page.Modified.At.After(m.out.Published.At) {
		m.out.Modified = m.page.Modified
		m.choose("modified", true, "the later of both", m.feed.Modified.Raw, m.page.Modified.Raw)
	}
}

// Page is what an article's page, as it was read, says of the article; ok is
// false for one that says nothing.
func Page(src news.Source, read *parse.Feed, opt Options) (page news.Page, ok bool) {
	list := Articles(src, read, opt)
	if len(list) == 0 {
		return page, false
	}
	it := read.Items[0]
	page = news.Page{Article: list[0], Paid: it.Barrier == parse.Paywall, Witnesses: map[string]string{}}
	for _, c := range Explain(it, asNamed(src, it, list[0])) {
		if c.Witness == "normalized" {
			page.Witnesses[c.Field+" "+c.Value] = strings.TrimPrefix(c.Rule, "from ")
		}
		if _, told := page.Witnesses[c.Field]; c.Won && !told {
			page.Witnesses[c.Field] = c.Witness
			if c.Witness == "normalized" {
				page.Witnesses[c.Field] = strings.TrimPrefix(c.Rule, "from ")
			}
		}
	}
	return page, true
}
