package find

import (
	"cmp"
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/wordtable"
)

// A Feed is a feed that was found.
type Feed struct {
	URL      string
	Title    string
	Format   string // "RSS 2.0", "Atom 1.0", "JSON Feed 1.1"
	HomePage string
	Language string // of the feed, else of most of its articles
	Items    int
	Newest   time.Time // zero when no item says
	PerDay   float64   // articles a day, by its newest ones; 0 when unknown
	Text     Extent
	Comments bool // of readers, not articles
	Way      Way
	Zoneless bool // most of its dates carry no zone

	Kind     news.Kind      // what a source is told that it is; empty for a feed
	Selector string         // of a listing page: what holds one article each; empty where none leads there
	Paths    parse.Paths    // of a JSON listing: where its articles are
	Sample   []news.Article // of a listing page, a sitemap or a JSON listing: what would be read

	self  string // its link to itself, by Key
	ids   []string
	links []string
}

// An Extent is how much of each article a feed carries.
type Extent string

const (
	Full     Extent = "full text"
	Teaser   Extent = "teaser"
	Headline Extent = "headline"
	Nothing  Extent = "-" // no items
)

// Rhythm is how many articles come, as the end of a sentence; empty when
// unknown.
func (f Feed) Rhythm() string {
	switch {
	case f.PerDay <= 0:
		return ""
	case f.PerDay >= 1.5:
		return fmt.Sprintf(", about %.0f articles a day", f.PerDay)
	case f.PerDay*7 >= 1.5:
		return fmt.Sprintf(", about %.0f articles a week", f.PerDay*7)
	}
	return fmt.Sprintf(", about %.0f articles a year", max(f.PerDay*365, 1))
}

// A Way is how a feed was found.
type Way string

const (
	Given    Way = "given"    // the address itself
	Declared Way = "declared" // by the page's head
	Linked   Way = "linked"   // from the page
	Guessed  Way = "guessed"  // in a usual place
)

// read makes a Feed of a page that is one.
func read(p Page, at time.Time) (Feed, error) {
	doc, err := parse.Open(p.Body, parse.Options{ContentType: p.ContentType})
	if err != nil {
		return Feed{}, err
	}
	parsed, err := doc.Feed(nil)
	if err != nil {
		return Feed{}, err
	}
	return told(parsed, p, at)
}

// told makes a Feed of what was parsed.
func told(parsed *parse.Feed, p Page, at time.Time) (Feed, error) {
	opt := normalize.Options{At: at, URL: p.URL}
	head := normalize.Head(parsed, opt)
	list := normalize.Articles(news.Source{Language: head.Language}, parsed, opt)
	if len(list) == 0 && head.Title == "" {
		return Feed{}, errEmpty
	}
	f := Feed{
		Title: head.Title, Format: format(parsed), HomePage: head.HomePage, Items: len(list),
		Text: extent(list), Comments: isComments(p.URL, head.Title), self: Key(normalize.Link(parsed.Self, p.URL)),
	}
	f.Language = cmp.Or(head.Language, language(list))
	f.dates(list, at)
	if parsed.Format == "listing" || parsed.Format == "sitemap" {
		f.Sample = list
	}
	for _, a := range list {
		f.ids = append(f.ids, cmp.Or(a.OriginalID, string(a.Key)))
		f.links = append(f.links, a.URL)
	}
	return f, nil
}

func format(f *parse.Feed) string {
	name := map[string]string{"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "listing": "listing page", "sitemap": "sitemap"}[f.Format]
	return strings.TrimSpace(name + " " + f.Version)
}

// unlinked reports a feed with articles of which none has an address.
func (f Feed) unlinked() bool {
	return len(f.links) > 0 && !slices.ContainsFunc(f.links, func(link string) bool { return link != "" })
}

// dates tells how new the articles are, how many come a day, and whether what
// they say of time needs a zone.
func (f *Feed) dates(list []news.Article, at time.Time) {
	var times []time.Time
	zoneless := 0
	for _, a := range list {
		if a.Published.Basis == news.FirstSeen || a.Published.At.IsZero() {
			continue
		}
		times = append(times, a.Published.At)
		if a.Published.Basis == news.AssumedZone {
			zoneless++
		}
	}
	if len(times) == 0 {
		return
	}
	f.Newest = slices.MaxFunc(times, time.Time.Compare)
	f.Zoneless = 2*zoneless > len(times)
	oldest := slices.MinFunc(times, time.Time.Compare)
	if span := max(f.Newest.Sub(oldest), at.Sub(oldest)); len(times) > 2 && span > time.Hour {
		f.PerDay = float64(len(times)) / (span.Hours() / 24)
	}
}

// A text of so many words is an article rather than a teaser.
const (
	wholeText   = 200 // whatever it says
	shortText   = 60  // where it is apart from the summary
	mostOfThose = 2   // more than one half of the items
)

// extent judges by most of the articles, since some are short in full.
func extent(list []news.Article) Extent {
	whole, some := 0, 0
	for _, a := range list {
		apart := a.ContentHTML != "" && a.Summary != "" && a.Words >= shortText && len(normalize.TextOf(a.ContentHTML)) > 2*len(a.Summary)
		if a.Words >= wholeText || apart {
			whole++
		}
		if a.ContentHTML != "" || a.Summary != "" {
			some++
		}
	}
	switch {
	case len(list) == 0:
		return Nothing
	case mostOfThose*whole > len(list):
		return Full
	case mostOfThose*some > len(list):
		return Teaser
	}
	return Headline
}

// language is that of most articles.
func language(list []news.Article) string {
	count, best := map[string]int{}, ""
	for _, a := range list {
		count[a.Language]++
		if count[a.Language] > count[best] || best == "" {
			best = a.Language
		}
	}
	return best
}

//go:embed data/comments.tsv
var commentsTable string

// commentTitle are the words by which blogs call what readers write, at the
// beginning or the end of a title.
var commentTitle = regexp.MustCompile(wordtable.Pattern(`(?i)^{comments}(?:\PL|$)|(?:^|\PL){comments}(?:\s*\p{P}*\s*(?:feed|rss|atom|flux)?)?$`, func(string) []string {
	var out []string
	for _, row := range wordtable.Rows(commentsTable) {
		out = append(out, row[0])
	}
	return out
}))

// commentPath is where blogs serve them.
var commentPath = regexp.MustCompile(`(?i)/comments?(?:/|\.|$)|/comments?[-_]?(?:feed|rss)|[?&](?:feed=comments|withcomments=)`)

func isComments(address, title string) bool {
	return commentPath.MatchString(pathOf(address)) || commentTitle.MatchString(strings.TrimSpace(title))
}

// pathOf is an address without its scheme and host.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.RequestURI()
}
