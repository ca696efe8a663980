package normalize

import (
	"cmp"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// Options say when and where a document was fetched.
type Options struct {
	At  time.Time // relative times are counted from it
	URL string    // the final address; empty when unknown
	All bool      // items that nothing could be known by, too: to show what a document holds

	Order    Order   // of figures in dates, as earlier documents of the source showed it
	Language string  // that earlier documents of the source showed
	Outlets  Outlets // that the config adds to the registry
}

// Head is what a feed says of itself, cleaned.
func Head(feed *parse.Feed, opt Options) news.Feed {
	base := bases(feed.Base, feed.Self, opt.URL)
	return news.Feed{
		ID:       strings.TrimSpace(feed.ID),
		Title:    Text(feed.Title.Body, feed.Title.Type),
		HomePage: Link(feed.HomePage, base...),
		Language: Language(feed.Language),
		Rights:   Text(feed.Rights, parse.Unstated),
		Image:    Link(feed.Image, bases(feed.Base, feed.Self, feed.HomePage, opt.URL)...),
	}
}

// FeedText is a feed's description as plain text.
func FeedText(feed *parse.Feed) string { return Text(feed.Description.Body, feed.Description.Type) }

// FeedAuthors are the people who a feed says make it; its items name their own.
// Of a feed, even an address or a post is worth showing.
func FeedAuthors(feed *parse.Feed, opt Options) []news.Person {
	var out []news.Person
	base := bases(feed.Base, opt.URL)
	for _, p := range feed.Authors {
		if fieldRole(parse.Person{Field: p.Field}) == news.Contributor {
			continue
		}
		for _, who := range headPeople(Text(p.Name, parse.Unstated), p.Email) {
			who.Email, who.URL = cmp.Or(who.Email, p.Email), cmp.Or(Link(p.URL, base...), who.URL)
			out = merge(out, who)
		}
	}
	return out
}

func headPeople(printed, mail string) []news.Person {
	if line := Byline(printed, news.Author); len(line.People) > 0 {
		return line.People
	}
	name := originName(strings.TrimSpace(mailPattern.ReplaceAllString(printed, "")))
	if found := mailPattern.FindStringSubmatch(printed); found != nil && mail == "" {
		mail = found[1]
	}
	if name == "" && mail == "" {
		return nil
	}
	return []news.Person{{Name: name, Email: mail, Role: news.Author}}
}

// Externals are the pages elsewhere that items are about, by the items' ids.
func Externals(feed *parse.Feed, opt Options) map[string]string {
	out := map[string]string{}
	base := bases(feed.Self, feed.HomePage, opt.URL)
	for _, it := range feed.Items {
		if address := Link(it.External, base...); address != "" && it.ID != "" {
			out[it.ID] = address
		}
	}
	return out
}

// Articles turns what was parsed into articles, one for each item that has an
// identity, in document order. Of an item that stands there twice, the newest counts;
// different stories that share an id ([news.Twins]) come with one key.
func Articles(src news.Source, feed *parse.Feed, opt Options) []news.Article {
	ids := identities(feed, opt.All)
	out := make([]news.Article, 0, len(feed.Items))
	known, when := linesOf(src, feed, opt.Outlets), dating(src, feed, opt)
	at := make(map[string][]int, len(feed.Items))
	for i, item := range feed.Items {
		if ids[i].text == "" {
			continue
		}
		a := article(src, feed, item, ids[i], when, opt, known)
		a.Item = i
		same := func(have int) bool { return !ids[i].mayBeShared(feed) || !news.Twins(&out[have], &a) }
		if n := slices.IndexFunc(at[ids[i].text], same); n < 0 {
			at[ids[i].text] = append(at[ids[i].text], len(out))
			out = append(out, a)
		} else if have := at[ids[i].text][n]; !a.Torn && a.Published.Basis != news.FirstSeen && a.Published.At.After(out[have].Published.At) {
			out[have] = a
		}
	}
	inherit(out, opt.Language)
	if sameStamp(out) {
		for i := range out {
			out[i].Modified = news.Moment{}
		}
	}
	return out
}

func article(src news.Source, feed *parse.Feed, it parse.Item, id identity, when Reading, opt Options, known lines) news.Article {
	base := bases(it.Base, feed.Base, feed.Self, feed.HomePage, opt.URL)
	a := news.Article{
		Key:         news.NewKey(src.Slug, id.text),
		ID:          publicID(it.ID),
		Source:      src.Slug,
		OriginalID:  id.printed(),
		Finer:       id.finerKeys(src.Slug, it),
		Torn:        it.Torn,
		OriginalURL: resolve(it.Link, base),
		Title:       Text(it.Title.Body, it.Title.Type),
		Section:     Text(it.Section, parse.Plain),
		Breadcrumb:  texts(it.Breadcrumb),
		Rights:      cmp.Or(src.Rights, Text(it.Rights, parse.Unstated), Text(feed.Rights, parse.Unstated)),
		FirstSeen:   opt.At,
	}
	a.URL = articleLink(it.Link, base...)
	a.URL = cmp.Or(canonicalLink(it.Canonical, a.URL, bases(it.Base, a.URL, opt.URL)), a.URL)
	images := body(&a, it, bases(it.Base, feed.Base, a.URL, feed.Self, feed.HomePage, opt.URL))
	a.Language = languageOf(src, feed, it, &a)
	when.Language = regional(src, feed, &a)
	dates(&a, it, when)
	it.People = located(it.People, base)
	credits(&a, src, feed, it, known)
	a.Summary = begun(&a)
	if a.Credit.Name != "" && a.Credit.Name == originName(Text(it.Origin.Name, parse.Unstated)) { // another may have the name of one we know
		a.Credit.URL = cmp.Or(Link(it.Origin.URL, base...), a.Credit.URL)
	}
	a.Categories = categories(it.Categories, src.Categories)
	files := bases(append(slices.Clip(base), a.URL)...)
	a.Image = image(it, images, files)
	a.Attachments = attachments(it.Enclosures, files)
	a.Witnesses = witnesses(src, feed, it, &a, id, when, known.outlets)
	return a
}

// located are people whose addresses are absolute, or gone.
func located(people []parse.Person, base []string) []parse.Person {
	out := slices.Clone(people)
	for i := range out {
		out[i].URL = Link(out[i].URL, base...)
	}
	return out
}

// publicID is an item's id where it may be published as it is: an absolute
// URI, printable ASCII (RFC 4287 §4.2.6). Else it is empty and one is minted.
func publicID(id string) string {
	scheme, rest, ok := strings.Cut(id, ":")
	if !ok || rest == "" || strings.ContainsFunc(id, notInAddress) {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		if !strings.HasPrefix(rest, "//") || len(rest) < 4 {
			return ""
		}
	case "urn", "tag", "ni", "info", "doi", "at", "did":
	default:
		return ""
	}
	return id
}

// notInAddress reports what no URI has unescaped (RFC 3986 §2).
func notInAddress(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`"<>\^{|}`+"`", r)
}

// body fills text and HTML, and returns the pictures met in it.
func body(a *news.Article, it parse.Item, base []string) []string {
	content, summary := it.Content, it.Summary
	if content.Body == "" && (hasMarkup(summary) || utf8.RuneCountInString(summary.Body) > 500) {
		content = summary
	}
	if content.Base != "" && a.URL != "" && content.Type != parse.Plain { // a footnote is in the article, whatever its base is
		content.Body = strings.ReplaceAll(content.Body, `href="#`, `href="`+html.EscapeString(a.URL)+`#`)
	}
	var images []string
	a.ContentHTML, images = HTML(content.Body, content.Type, bases(append([]string{content.Base}, base...)...)...)
	a.Summary = Text(withoutMore(summary), summary.Type)
	whole := ""
	if a.ContentHTML != "" {
		whole = TextOf(withoutPlayers(withoutCaptions(a.ContentHTML)))
		a.Words = words(whole)
	} else {
		a.Words = words(a.Summary)
	}
	if a.Summary == "" || utf8.RuneCountInString(a.Summary) > 600 {
		a.Summary = Excerpt(cmp.Or(a.Summary, whole), 300)
	}
	return images
}

// fewestTitled is how many words, or how many bytes of a script without blanks, a title
// has at the least that is told from the first words of a sentence.
const fewestTitled, shortestTitled = 4, 24

// titleMarks stand between a title and a text.
const titleMarks = "-–—|"

// begun is a summary that begins where the article does: not with its byline in a
// paragraph of its own, nor with its title and a dash. One that is nothing else stays.
func begun(a *news.Article) string {
	summary := a.Summary
	if by := a.Byline.Printed; by != "" && strings.HasPrefix(summary, by) && namesOnly(by, a.Byline.People) && opensAlone(a.ContentHTML, by) {
		summary = cmp.Or(strings.TrimSpace(summary[len(by):]), summary)
	}
	rest, ok := strings.CutPrefix(summary, a.Title)
	if !ok || strings.Count(a.Title, " ") < fewestTitled-1 && (len(a.Title) < shortestTitled || !unspaced(firstRune(a.Title))) {
		return summary
	}
	text := strings.TrimSpace(strings.TrimLeft(strings.TrimLeft(rest, " "), titleMarks))
	marks := len(rest) - len(text)
	if text == "" || marks == 0 || !strings.ContainsAny(rest[:marks], titleMarks) || !strings.HasPrefix(rest, " ") || unicode.IsLower(firstRune(text)) {
		return summary
	}
	return text
}

// mostBesideNames is how many words a byline has beside its names that tells nothing
// else: "By", "and", "in Lisbon".
const mostBesideNames = 4

// namesOnly reports a line that has hardly a word besides names.
func namesOnly(line string, people []news.Person) bool {
	beside := len(strings.Fields(line))
	for _, p := range people {
		beside -= len(strings.Fields(p.Name))
	}
	return beside <= mostBesideNames
}

// opensAlone reports a line that is the first of clean HTML.
func opensAlone(clean, line string) bool {
	for clean != "" {
		var block string
		block, clean = cutBlock(clean)
		if text := TextOf(block); text != "" {
			return text == line
		}
	}
	return false
}

// moreMarks stand around the text of a link to the whole article.
const moreMarks = " .…»›>→[]()"

// withoutMore is a summary without the link to the whole article behind it, "Continue
// reading…", which leads nowhere in plain text.
func withoutMore(summary parse.Text) string {
	body := summary.Body
	if summary.Type == parse.Plain {
		return body
	}
	i := strings.LastIndex(body, "<a ")
	if i < 0 || !strings.Contains(body[i:], "</a>") || !in(moreLinks(), strings.Trim(Text(body[i:], parse.HTML), moreMarks)) {
		return body
	}
	return body[:i]
}

// withoutCaptions is a text without what stands under its pictures.
func withoutCaptions(contentHTML string) string {
	var kept strings.Builder
	for {
		before, rest, ok := strings.Cut(contentHTML, "<figcaption>")
		_, after, ends := strings.Cut(rest, "</figcaption>")
		if !ok || !ends {
			return kept.String() + contentHTML
		}
		kept.WriteString(before)
		contentHTML = after
	}
}

// hasMarkup reports a tag: what only looks like one, the parser has told apart.
func hasMarkup(t parse.Text) bool {
	return t.Type != parse.Plain && strings.IndexByte(t.Body, '<') >= 0 && stripTags(t.Body) != t.Body
}

// words counts words; a letter of a script without spaces counts as one.
func words(text string) int {
	n, in := 0, false
	for _, r := range text {
		switch {
		case unspaced(r):
			n++
			in = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !in {
				n++
			}
			in = true
		case r != '\'' && r != '’' && r != '-':
			in = false
		}
	}
	return n
}

func unspaced(r rune) bool {
	return r >= 0x2e80 && (isHan(r) || !isSyllable(r) && !isWideMark(r) && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}

// categories are the item's and the source's, each once whatever its case.
func categories(lists ...[]string) []string {
	var out []string
	for _, list := range lists {
		for _, c := range list {
			c = Text(c, parse.Unstated)
			if c == "" || utf8.RuneCountInString(c) > 100 || strings.HasPrefix(c, "http://") || strings.HasPrefix(c, "https://") ||
				slices.ContainsFunc(out, func(have string) bool { return strings.EqualFold(have, c) }) {
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

func texts(list []string) []string {
	var out []string
	for _, s := range list {
		if s = Text(s, parse.Plain); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// image is the item's own picture, else the first in its text.
func image(it parse.Item, inText, base []string) *news.Image {
	address := fileLink(it.Image, base...)
	for _, e := range it.Enclosures {
		if address == "" && strings.HasPrefix(e.Type, "image/") {
			address = fileLink(e.URL, base...)
		}
	}
	if address == "" && len(inText) > 0 {
		address = inText[0]
	}
	if address == "" {
		return nil
	}
	return &news.Image{URL: address, Caption: Text(it.ImageCaption, parse.Unstated), Credit: Text(it.ImageCredit, parse.Unstated)}
}

func attachments(list []parse.Enclosure, base []string) []news.Attachment {
	var out []news.Attachment
	for _, e := range list {
		address := fileLink(e.URL, base...)
		if address == "" || slices.ContainsFunc(out, func(have news.Attachment) bool { return have.URL == address }) {
			continue
		}
		size, _ := strconv.ParseInt(strings.TrimSpace(e.Length), 10, 64) // unknown is 0
		out = append(out, news.Attachment{
			URL: address, MIMEType: mimeType(e.Type, address), Title: Text(e.Title, parse.Unstated),
			Size: max(size, 0), Duration: duration(e.Duration),
		})
	}
	return out
}

// mimeType is the type as given, else told by the ending.
func mimeType(given, address string) string {
	if given = strings.ToLower(strings.TrimSpace(given)); strings.Count(given, "/") == 1 && !strings.ContainsAny(given, " \t") {
		return given
	}
	path, _, _ := strings.Cut(address, "?")
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "mp3":
		return "audio/mpeg"
	case "m4a":
		return "audio/mp4"
	case "mp4", "m4v":
		return "video/mp4"
	case "jpg", "jpeg":
		return "image/jpeg"
	case "png":
		return "image/png"
	case "gif":
		return "image/gif"
	case "webp":
		return "image/webp"
	case "pdf":
		return "application/pdf"
	}
	return "application/octet-stream"
}

// duration reads seconds, m:ss and h:mm:ss, without parts of a second.
func duration(s string) time.Duration {
	total := 0
	s, _, _ = strings.Cut(strings.TrimSpace(s), ".")
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || total > 1e6 {
			return 0
		}
		total = 60*total + n
	}
	return time.Duration(total) * time.Second
}
