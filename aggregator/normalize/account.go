package normalize

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// An Account tells by which rule each field of an article got what it says. It
// works from what is kept: the article with its Witnesses, the config of its
// source, and what its feed and its page said. What those leave open is found
// by running the rules again, which are pure; nothing is guessed.
type Account struct {
	Article news.Article
	Source  news.Source  // as the config has it; its zero value where it does no more
	Outlets Outlets      // of the config
	Follow  *news.Follow // what its feed and its page say; nil where no page is read
}

// Claims are the fields that say something, in the order in which people read
// of them, each with the witness for it and the rule.
func (c Account) Claims() []parse.Claim {
	sides := c.sides()
	var out []parse.Claim
	tell := func(field, value string, rule func(side) string) {
		if s := sides.of(field); value != "" {
			witness, _, _ := strings.Cut(s.witness(field), " “")
			out = append(out, parse.Claim{Field: field, Witness: cmp.Or(witness, "normalized"), Value: value, Won: true, Rule: s.because(rule(s))})
		}
	}
	a := &c.Article
	tell("title", a.Title, c.title)
	tell("url", a.URL, c.address)
	tell("published", inUTC(a.Published), c.published)
	tell("modified", inUTC(a.Modified), c.modified)
	for _, p := range a.Byline.People {
		tell(string(p.Role), p.Name, func(s side) string { return c.person(s, p) })
	}
	tell("byline", a.Byline.Printed, c.printed)
	tell("credit", a.Credit.Name, c.credit)
	tell("dateline", strings.TrimSpace(a.Dateline.Place+" "+a.Dateline.Date), c.dateline)
	tell("section", a.Section, func(s side) string { return s.part("section") })
	tell("breadcrumb", strings.Join(a.Breadcrumb, " > "), func(s side) string { return s.part("breadcrumb") })
	tell("tags", strings.Join(a.Categories, ", "), c.categories)
	tell("language", a.Language, c.language)
	tell("rights", a.Rights, c.rights)
	tell("summary", brief(a.Summary, longestSummary), c.summary)
	tell("content", weight(a.ContentHTML), c.content)
	tell("words", fmt.Sprint(a.Words), c.words)
	if a.Image != nil {
		tell("image", a.Image.URL, c.image)
	}
	for _, f := range a.Attachments {
		tell("attachment", f.URL, func(side) string { return "the item's enclosure: " + fileFacts(f) })
	}
	return out
}

// longestSummary is how much of a summary is told, in characters.
const longestSummary = 300

// Explain are the claims of the article, with all that the witnesses of its page
// claim besides, and over whom each won. A feed's items have no such witnesses.
func (c Account) Explain(it parse.Item) []parse.Claim {
	if len(it.Claims) == 0 {
		return c.Claims()
	}
	out := Explain(it, c.Article)
	c.readAs(out)
	won := map[string]bool{}
	for _, claim := range out {
		won[claim.Field] = won[claim.Field] || claim.Won
	}
	for _, claim := range c.Claims() {
		if !won[claim.Field] {
			out = append(out, claim)
		}
	}
	return out
}

// Key tells what an article's key is made from.
func (c Account) Key() string {
	what := fmt.Sprintf("its id %q", brief(c.Article.OriginalID, 2*longestQuote))
	if a := c.Article; a.Source != "" && a.Key != news.NewKey(a.Source, a.OriginalID) {
		what += ", which another story has, its link and its date"
	}
	switch c.sides().feed.Witnesses.Of("id") {
	case fromLink:
		what = fmt.Sprintf("its link %q, for it came without an id", brief(c.Article.OriginalID, 2*longestQuote))
	case byLinkAndTitle:
		what = "its link and title, for it came without an id and others have its link"
	case byLinkAndDate:
		what = "its link, title and date, for it came without an id and others have its link and title"
	case byLinkAndText:
		what = "its link, title, date and text, for it came without an id and others have its link, title and date"
	case byTitleAndDate:
		what = "its title and date, for it came without an id and a link"
	case byTitleAndText:
		what = "its title, date and text, for it came without an id and a link and others have its title and date"
	case fromText:
		what = "its text, for it came without an id, a link and a title"
	case byEnclosure:
		what = "its enclosure, for it came without an id, a link and a text"
	case byPlace:
		what = "its place in the document, for it came without all else"
	}
	return "from the source and " + what
}

// ID tells why an article is published under the id that it has.
func (c Account) ID() string {
	switch own := publicID(c.Article.OriginalID); {
	case c.Article.ID != "":
		return "the source's own"
	case !slices.Contains([]string{fromItem, ""}, c.sides().feed.Witnesses.Of("id")):
		return "ours: it came without an id"
	case own == "":
		return "ours: the source's is no address"
	}
	return "ours: another article has the source's"
}

// Updated tells what an article's last change of substance was.
func (c Account) Updated() string {
	switch at := c.Article.Updated; {
	case at.Equal(c.Article.Published.At):
		return "its last change of substance: none since it was published"
	case at.Equal(c.Article.Modified.At):
		return "its last change of substance, as modified states"
	}
	return "its last change of substance, when a pull or its page brought it"
}

// inUTC is a moment as people read it; empty when there is none.
func inUTC(m news.Moment) string {
	if m.At.IsZero() {
		return ""
	}
	return m.At.UTC().Format("2006-01-02 15:04:05 MST")
}

// weight tells how much text there is.
func weight(contentHTML string) string {
	if contentHTML == "" {
		return ""
	}
	return fmt.Sprintf("%d characters", utf8.RuneCountInString(TextOf(contentHTML)))
}

func fileFacts(f news.Attachment) string {
	out := f.MIMEType
	if f.Size > 0 {
		out += fmt.Sprintf(", %d bytes", f.Size)
	}
	if f.Duration > 0 {
		out += ", " + f.Duration.String()
	}
	return out
}

// unnoted is said of a field of an article that was stored before its witness
// was noted.
const unnoted = "the item's (in which part of it was not noted when it was stored)"

// A side is one of the two witnesses for an article: its feed, or its page.
type side struct {
	*news.Article
	page *news.Page // nil of the feed
	why  string     // it is believed, and not the other
}

// witness is what a side noted of a field.
func (s side) witness(field string) string {
	if s.page == nil || s.page.Witnesses[field] == "" {
		return s.Witnesses.Of(field)
	}
	return s.page.Witnesses[field]
}

// part names the part of the item, or of the page, that a field stood in.
func (s side) part(field string) string {
	part, _, _ := strings.Cut(s.witness(field), " “")
	switch {
	case s.page != nil && part == "":
		return "from the page"
	case s.page != nil:
		return "from the page (" + part + ")"
	case part == "" && s.Witnesses == "":
		return unnoted
	case part == "" || part == fromItem:
		return "the item's own"
	}
	return "the item's " + part
}

// because adds to a rule of the page why that is believed.
func (s side) because(rule string) string {
	if s.page == nil {
		return rule
	}
	if !strings.Contains(rule, "the page") {
		rule = "from the page: " + rule
	}
	if s.why != "" {
		rule += "; " + s.why
	}
	return rule
}

// sides are both witnesses, and which of them each field is taken from.
type sides struct {
	feed, page side
	chosen     map[string]Choice
}

func (c Account) sides() sides {
	out := sides{feed: side{Article: &c.Article}}
	if c.Follow == nil || c.Follow.Page == nil {
		return out
	}
	out.feed.Article = &c.Follow.Feed
	out.page = side{Article: &c.Follow.Page.Article, page: c.Follow.Page}
	_, choices := Merge(c.Follow.Feed, *c.Follow.Page)
	out.chosen = make(map[string]Choice, len(choices))
	for _, choice := range choices {
		out.chosen[choice.Field] = choice
	}
	out.chosen["tags"], out.chosen["words"] = out.chosen["categories"], out.chosen["content"]
	return out
}

// of is the side that a field is taken from.
func (s sides) of(field string) side {
	if s.page.Article == nil {
		return s.feed
	}
	page := s.page
	choice, told := s.chosen[field]
	if page.why = choice.Why; told && choice.Page {
		return page
	}
	feed, text := s.feed.Article, s.chosen["content"].Page
	switch { // what Merge fills without a word
	case told && choice.Field != "":
	case field == "language" && page.Language != "" && !statesLanguage(feed) || field == "rights" && feed.Rights == "" || field == "summary" && feed.Summary == "":
		page.why = "the feed has none"
		return page
	case field == "dateline" && text && page.Dateline.Place != "":
		page.why = "its text is the page's"
		return page
	case field == "breadcrumb" && len(page.Breadcrumb) > 0:
		page.why = ""
		return page
	case field == "byline" && (s.chosen[string(news.Author)].Page && page.Byline.Printed != "" || feed.Byline.Printed == ""):
		page.why = ""
		return page
	}
	return s.feed
}

func (c Account) title(s side) string {
	rule := strings.TrimSuffix(strings.TrimSuffix(s.part("title"), " mangled"), " escaped")
	switch {
	case strings.HasSuffix(s.witness("title"), " mangled"):
		rule += ", repaired: its UTF-8 had been read as another charset"
	case strings.HasSuffix(s.witness("title"), " escaped"):
		rule += ", with its markup and entities read"
	}
	return rule
}

// address tells where an address was found, and what was taken off it.
func (c Account) address(s side) string {
	rule := "the item's link"
	switch s.witness("url") {
	case "reader":
		rule = "the item's link from before a service that counts readers (feedburner:origlink)"
	case "guid":
		rule = "the item's link, which is its guid"
	}
	if c.Article.OriginalURL == "" || c.Article.OriginalURL == c.Article.URL {
		return rule
	}
	return rule + ", made canonical from " + fmt.Sprintf("%q", c.Article.OriginalURL) + takenOff(c.Article.OriginalURL, c.Article.URL)
}

// takenOff tells what makes one address of another.
func takenOff(from, to string) string {
	u := parseLink(from, nil)
	if u == nil || articleLink(from) != to {
		return " by what its page says"
	}
	out := ""
	before := canonical(u)
	for _, cover := range []struct {
		words string
		off   func(*url.URL) *url.URL
	}{
		{"a redirector", unwrapped},
		{"a copy for mobile readers", withoutAMP},
		{"what watches the reader", plainLink},
	} {
		u = cover.off(u)
		if now := canonical(u); now != before {
			out, before = out+" and "+cover.words, now
		}
	}
	if out == "" {
		return ""
	}
	return " without" + strings.TrimPrefix(out, " and")
}

// categories tells those of the config from the item's.
func (c Account) categories(s side) string {
	var ours, theirs []string
	for _, name := range c.Article.Categories {
		if slices.ContainsFunc(c.Source.Categories, func(own string) bool { return strings.EqualFold(Text(own, parse.Unstated), name) }) {
			ours = append(ours, name)
		} else {
			theirs = append(theirs, name)
		}
	}
	rule := "the item's categories"
	if s.page != nil {
		rule = s.part("tags")
	}
	switch {
	case len(ours) == 0:
		return rule
	case len(theirs) == 0:
		return "from categories in the config of its source"
	}
	return rule + ", and " + strings.Join(ours, ", ") + " from categories in the config of its source"
}

func (c Account) language(s side) string {
	stated, doubted, _ := strings.Cut(s.Witnesses.Of("language"), " against ")
	stated, element, _ := strings.Cut(stated, " ")
	rule := ""
	switch {
	case stated == fromConfig:
		return "from language in the config of its source"
	case stated == fromFeed && s.page == nil:
		return "stated by the feed"
	case stated == fromText && letterTold(s.Article):
		rule = "told by the letters of the text"
	case stated == fromText:
		rule = "detected from the words of the text"
	case stated == fromOthers:
		return "shown by other articles of its source"
	case s.page != nil:
		return "stated by the page (" + cmp.Or(s.page.Witnesses["language"], "its head") + ")"
	case stated == fromItem:
		return "stated by the item" + inBrackets(element)
	case stated == "":
		return unnoted
	default:
		return "stated by the xml:lang of the item's " + stated
	}
	switch doubted {
	case "":
		return rule
	case fromConfig:
		return rule + ", against language in the config of its source"
	case fromItem:
		if s.page != nil {
			doubted = "page"
		}
	}
	return rule + ", against the " + doubted + ", which states another"
}

// letterTold reports a language that the letters alone tell, of the text where
// title and summary do not, as languageOf looks.
func letterTold(a *news.Article) bool {
	if shown := scriptLanguage(a.Title + " " + a.Summary); shown != "" {
		return shown == a.Language
	}
	return detected(a.Title+" "+a.Summary) == "" && scriptLanguage(Excerpt(TextOf(a.ContentHTML), 1000)) == a.Language
}

func (c Account) rights(s side) string {
	stated, element, _ := strings.Cut(s.Witnesses.Of("rights"), " ")
	switch stated {
	case fromConfig:
		return "from rights in the config of its source"
	case fromFeed:
		return "stated by the feed, of all its items"
	case fromItem:
		if s.page == nil {
			return "stated by the item" + inBrackets(element)
		}
	}
	return s.part("rights")
}

func inBrackets(element string) string {
	if element == "" {
		return ""
	}
	return " (" + element + ")"
}

func (c Account) summary(s side) string {
	switch witness := s.witness("summary"); {
	case s.Witnesses.Of("summary") == fromText:
		return "the beginning of the text, cut at the end of a sentence or a word: it comes without a summary"
	case s.page == nil && strings.HasSuffix(witness, " cut"):
		return strings.TrimSuffix(s.part("summary"), " cut") + ", cut at the end of a sentence or a word: it is longer than 600 characters"
	}
	return s.part("summary")
}

func (c Account) content(s side) string {
	rule := s.part("content")
	if part, whole := strings.CutSuffix(rule, " whole"); whole {
		return part + ": it has no content, and this has markup or is long"
	}
	return rule
}

// words tells what was counted, and how.
func (c Account) words(s side) string {
	text, rule := TextOf(s.ContentHTML), "counted in the text"
	switch {
	case s.ContentHTML == "" && s.Summary == "":
		return "it came without a text and a summary"
	case s.ContentHTML == "":
		text, rule = s.Summary, "counted in the summary, for there is no text"
	case strings.Contains(s.ContentHTML, "<figcaption>"):
		rule += " without its captions"
	}
	if strings.ContainsFunc(text, unspaced) {
		rule += ", each Han or Kana character as one"
	}
	return rule
}

func (c Account) image(s side) string {
	switch {
	case s.Witnesses.Of("image") == "enclosure":
		return "the item's enclosure that is a picture"
	case s.Witnesses.Of("image") == fromText:
		return "the first picture in the text, for none is named beside it"
	case s.page == nil && s.Witnesses.Of("image") == fromItem:
		return "the item's own picture"
	}
	return s.part("image")
}
