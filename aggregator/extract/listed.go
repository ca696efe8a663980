package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

// listed is what a listing page shows of one article.
type listed struct {
	at      int // of its link, in page order
	address string
	title   string
	headed  bool // in a heading
	dates   []string
	summary string
	image   string
	byline  string
}

// items are those of all groups in page order, each once.
func (l *lister) items(groups []group) []parse.Item {
	var all []listed
	for _, g := range groups {
		all = append(all, g.items...)
	}
	slices.SortStableFunc(all, func(a, b listed) int { return cmp.Compare(a.at, b.at) })
	seen := map[string]bool{}
	var out []parse.Item
	for _, it := range all {
		if seen[it.address] || len(out) == maxListed {
			continue
		}
		seen[it.address] = true
		out = append(out, it.item())
	}
	return out
}

func (it listed) item() parse.Item {
	out := parse.Item{
		ID:       it.address,
		IDIsLink: true,
		Link:     it.address,
		Title:    parse.Text{Body: it.title, Type: parse.Plain},
		Summary:  parse.Text{Body: it.summary, Type: parse.Plain},
		Image:    it.image,
	}
	for _, raw := range it.dates {
		out.Dates = append(out.Dates, parse.Date{Raw: raw, Field: "published"})
	}
	if it.byline != "" {
		out.People = []parse.Person{{Name: it.byline, Field: "byline"}}
	}
	return out
}

// read takes a block apart.
func (l *lister) read(b block) listed {
	it := listed{at: b.link.at, address: b.link.address, title: b.link.title}
	if it.address == "" {
		return it
	}
	it.headed = l.inHeading(b.link.at)
	if other := l.blockTitle(b); other != "" && (l.hints.Title != "" || it.title == "") {
		it.title, it.headed = other, true
	}
	it.dates = l.datesOf(b)
	it.title = withoutDates(it.title, it.dates)
	r := reader{title: it.title, dates: it.dates}
	for _, n := range b.nodes {
		r.walk(n, false)
	}
	it.summary, it.byline = r.teaser(), r.byline
	if s := l.hintedText(b, l.hints.Summary); s != "" {
		it.summary = s
	}
	it.image = l.address(l.pictureOf(b))
	return it
}

// withoutDates is a title less the dates that stand in the same link.
func withoutDates(title string, dates []string) string {
	for _, d := range dates {
		if rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(title, " "+d), d+" ")); rest != "" {
			title = rest
		}
	}
	return title
}

// hintedText is the text that a selector leads to in a block.
func (l *lister) hintedText(b block, css string) string {
	n := hintedNode(b, css)
	if n == nil {
		return ""
	}
	text, _ := briefParted(n, 4*longestTitle)
	return firstOf(text, attrOf(n, "content"), attrOf(n, "title"))
}

func hintedNode(b block, css string) *html.Node {
	if css == "" {
		return nil
	}
	sel, err := cascadia.Compile(css)
	if err != nil { // the config was checked; a hint that is none leads nowhere
		return nil
	}
	for _, n := range b.nodes {
		if n.Type == html.ElementNode && sel.Match(n) {
			return n
		}
		if found := sel.MatchFirst(n); found != nil {
			return found
		}
	}
	return nil
}

// shownTitle is the headline that a link shows: the heading in it, or what is
// named for a title, or its text; and its title attribute where that goes on
// where the text is cut short.
func (l *lister) shownTitle(i int) string {
	n := l.outline.elements[i].node
	from := first(n, func(n *html.Node) bool { return headingTag[n.Data] })
	if from == nil {
		from = first(n, func(c *html.Node) bool { return c != n && roleOf(c).has(roleTitle) && c.FirstChild != nil })
	}
	if from == nil {
		from = n
		if block := firstTextBlock(n); block != nil {
			from = block
		}
	}
	text, ok := briefParted(from, longestTitle)
	if !ok {
		return ""
	}
	whole := tidy(attrOf(n, "title"))
	short := strings.TrimRight(text, ". …")
	if short != text && short != "" && len(whole) > len(short) && strings.HasPrefix(whole, short) {
		return whole
	}
	return text
}

// firstTextBlock is the first block with text of its own in a link that holds
// several, as cards do.
func firstTextBlock(n *html.Node) *html.Node {
	found := first(n, func(c *html.Node) bool {
		if c == n || inline[c.Data] || roleOf(c).has(roleDate|roleByline) {
			return false
		}
		text, ok := ownText(c, longestTitle)
		w, _ := weigh(text)
		return ok && w >= shortTitle
	})
	return found
}

// blockTitle is the headline of a block whose link shows none: its heading, or
// what is named for a title.
func (l *lister) blockTitle(b block) string {
	if l.hints.Title != "" {
		return l.hintedText(b, l.hints.Title)
	}
	for _, wanted := range []func(*html.Node) bool{
		func(n *html.Node) bool { return headingTag[n.Data] },
		func(n *html.Node) bool { return roleOf(n).has(roleTitle) },
	} {
		for _, n := range b.nodes {
			if h := first(n, wanted); h != nil {
				if text, ok := briefParted(h, longestTitle); ok && text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// mostDates of one item are kept: a machine's and a person's.
const mostDates = 2

// datesOf are the dates that a block shows, the most exact witness first.
func (l *lister) datesOf(b block) []string {
	if n := hintedNode(b, l.hints.Date); n != nil {
		text, _ := briefParted(n, maxCreditLine)
		return distinct(attrOf(n, "datetime"), attrOf(n, "content"), text)
	}
	var r dateReader
	for _, n := range b.nodes {
		r.walk(n)
	}
	list := distinct(slices.Concat(r.stated, r.named, r.written, r.bare)...)
	if day := dayOver(b.node); day != "" && (len(list) == 0 || len(list) == 1 && timeOnly.MatchString(list[0])) {
		return []string{strings.TrimSpace(day + " " + strings.Join(list, ""))}
	}
	return list
}

// A dateReader gathers the dates that a block shows, by how they are told.
type dateReader struct {
	stated  []string // in markup for machines
	named   []string // in an element that is named for dates
	written []string // in any text, whole
	bare    []string // in any text, of a form that counts only where it stands alone
}

func (r *dateReader) walk(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		r.text(tidy(n.Data))
		return
	case n.Type == html.ElementNode && unseen[n.Data] || r.element(n):
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
}

// text reads a text that may be a date, or hold one where it is short.
func (r *dateReader) text(text string) {
	if len(text) > 120 || !strings.ContainsAny(text, "0123456789") {
		return
	}
	if m := datePattern.FindString(text); m != "" && (len(m) > len(text)/2 || len(text) < 80) {
		r.written = append(r.written, strings.Trim(m, marksOfDate))
	} else if m := bareDate.FindStringSubmatch(text); m != nil {
		r.bare = append(r.bare, m[1])
	}
}

// element reads an element that tells a date as a whole; it reports false for one
// that must be looked into.
func (r *dateReader) element(n *html.Node) bool {
	if isTime(n) || attrOf(n, "itemprop") == "datePublished" {
		text, _ := briefParted(n, 80)
		r.stated = append(r.stated, firstOf(attrOf(n, "datetime"), attrOf(n, "content")), text)
		return true
	}
	if !roleOf(n).has(roleDate) || first(n, isTime) != nil {
		return false
	}
	text, ok := briefParted(n, 60)
	if !ok || !strings.ContainsAny(text, "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹") {
		return false
	}
	r.named = append(r.named, strings.Trim(lessWords(text), marksOfDate+"[]()（）【】"))
	return true
}

// lessWords is the date in a text without what stands around it, but for words
// that say that it is of a change.
func lessWords(text string) string {
	if m := dayApart.FindStringSubmatch(text); m != nil {
		return m[2] + "-" + m[3] + "-" + m[1]
	}
	at := datePattern.FindStringIndex(text)
	switch {
	case at == nil:
		return text
	case isChange(text[:at[0]]):
		return text[:at[1]]
	}
	return text[at[0]:at[1]]
}

// dayApart is a day written large, with its year and month below it: in another
// order it is the date that readers see.
var dayApart = pattern(`^(\d{1,2})\s+(\d{4})\s?(?:[-/.]|{year/zh})\s?(\d{1,2}){month/zh}?$`)

// timeOnly is a time of day that waits for its day.
var timeOnly = regexp.MustCompile(`^\d{1,2}[:：]\d{2}(?:\s?[AaPp]\.?[Mm]\.?)?$`)

// dayOver is the day that a list is headed with, for all that stands below it.
func dayOver(n *html.Node) string {
	text := headingOver(n)
	if day := datePattern.FindString(text); day != "" && len(text) < len(day)+15 {
		return strings.Trim(day, marksOfDate)
	}
	return ""
}

func isTime(n *html.Node) bool { return n.Data == "time" || attrOf(n, "datetime") != "" }

// bareDate finds a date that stands alone, or in brackets, and says too little
// for running text: a day without a year, a time ago.
var bareDate = pattern(`(?i)^[\[(（【|·•\s-]*(\d{1,2}(?:[-/.]|{month/zh})\s?\d{1,2}{day/zh}?(?:\s+\d{1,2}[:：]\d{2})?|\d{1,2}[:：]\d{2}(?:\s?[ap]m)?|\d{2,4}(?:[-/.]|{year/zh})\s?\d{1,2}(?:[-/.]|{month/zh})\s?\d{1,2}{day/zh}?(?:\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?|\d{1,3}\s?\p{L}{1,8}\s{ago}|{ago-front}\s\d{1,3}\s\p{L}{1,10}(?:\s{ago-behind})?|\d{1,3}\s?{ago-joined})[\])）】|·•\s-]*$`)

func distinct(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" && len(out) < mostDates && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// A reader gathers what a block says beside its title and dates.
type reader struct {
	title  string
	dates  []string
	named  string // the first text that is named for a teaser
	longer string // the longest other
	byline string
}

// shortTeaser is the weight of the shortest text that is a teaser.
const shortTeaser = 30

func (r *reader) walk(n *html.Node, teaser bool) {
	if n.Type == html.TextNode && n.Parent != nil {
		r.take(n.Data, teaser)
		return
	}
	if n.Type != html.ElementNode || unseen[n.Data] || n.Data == "time" || n.Data == "button" {
		return
	}
	role := roleOf(n)
	if role.has(roleByline) && r.byline == "" {
		if text, ok := brief(n, 120); ok {
			r.byline = text
			return
		}
	}
	if role.has(roleTeaser) || n.Data == "p" || blockOfText(n) {
		if text, ok := brief(n, 4*longestTitle); ok {
			r.take(text, role.has(roleTeaser))
			if role.has(roleTeaser) {
				return
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, teaser || role.has(roleTeaser))
	}
}

// blockOfText reports an element with nothing but a line of text in it.
func blockOfText(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !inline[c.Data] {
			return false
		}
	}
	return n.FirstChild != nil && n.Data != "a" && n.Data != "li"
}

// take keeps a text that may be the teaser.
func (r *reader) take(text string, named bool) {
	text = tidy(text)
	w, _ := weigh(text)
	if w < shortTeaser || strings.HasPrefix(r.title, text) || text == r.title || datePattern.FindString(text) == text {
		return
	}
	if rest, ok := strings.CutPrefix(text, r.title); ok && r.title != "" {
		if text = strings.TrimLeft(rest, " -–—:|"); len(text) < shortTeaser {
			return
		}
	}
	if named && r.named == "" {
		r.named = text
	}
	if len(text) > len(r.longer) {
		r.longer = text
	}
}

func (r *reader) teaser() string { return cmp.Or(r.named, r.longer) }

// pictureOf is the address of a block's picture, where lazy pages keep it.
func (l *lister) pictureOf(b block) string {
	if n := hintedNode(b, l.hints.Image); n != nil {
		if n.Data != "img" {
			if img := first(n, func(c *html.Node) bool { return c.Data == "img" }); img != nil {
				n = img
			}
		}
		return pictureAddress(n)
	}
	for _, n := range b.nodes {
		found := ""
		first(n, func(c *html.Node) bool {
			if c.Data == "img" || c.Data == "source" || strings.Contains(attrOf(c, "style"), "background") {
				found = pictureAddress(c)
			}
			return found != ""
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// backdrop is a picture that a style shows.
var backdrop = regexp.MustCompile(`(?i)background(?:-image)?\s*:[^;]*url\(\s*['"]?([^'")]+)`)

func pictureAddress(n *html.Node) string {
	for _, key := range []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "src", "srcset"} {
		v := attrOf(n, key)
		if strings.HasSuffix(key, "srcset") {
			if fields := strings.Fields(v); len(fields) > 0 {
				v = strings.TrimSuffix(fields[0], ",")
			}
		}
		if v != "" && !hasPrefixFold(v, "data:") && !icon.MatchString(v) && attrOf(n, "width") != "1" {
			return v
		}
	}
	if m := backdrop.FindStringSubmatch(attrOf(n, "style")); m != nil && !hasPrefixFold(m[1], "data:") {
		return m[1]
	}
	return ""
}

// icon is a picture of the page, not of an article.
var icon = regexp.MustCompile(`(?i)(?:^|[/_-])(?:icons?|spacer|blank|pixel|arrow|dot|bullet|loading|placeholder|transparent|grey|avatar|logo)s?[._\d/-]`)
