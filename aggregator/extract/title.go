package extract

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// longestTitle is the longest headline, in bytes.
const longestTitle = 500

// firstHeading is the text of the page's first heading.
func (p *page) firstHeading() string {
	for _, h := range p.headings("h1") {
		return h.text
	}
	return ""
}

// A heading is one that the page shows.
type heading struct {
	at   int
	text string
}

// headings are the visible ones of a rank, in page order.
func (p *page) headings(rank string) []heading {
	var out []heading
	for i := range p.outline.elements {
		n := p.outline.elements[i].node
		if n.Data != rank || len(out) == maxValues {
			continue
		}
		if text, ok := briefParted(n, longestTitle); ok && text != "" && !p.elsewhere(i) {
			out = append(out, heading{i, text})
		}
	}
	return out
}

// elsewhere reports an element among other articles, or one that is hidden.
func (p *page) elsewhere(i int) bool {
	for ; i >= 0; i = p.outline.elements[i].parent {
		if t := p.outline.elements[i].traits; t.has(others) || t.has(sharp) {
			return true
		}
	}
	return false
}

// title is the headline as readers see it. A heading wins where the head of
// the page confirms it, in whole or in part; else the head's own word, less the
// name of the site; else the page's only heading.
func (p *page) title() string {
	if t := p.hinted("title"); t != "" {
		if i, ok := p.outline.at[p.pointed("title").Nodes[0]]; ok {
			p.heading = i
		}
		return p.first("title", "the source's hint", candidate{"hint", t})
	}
	head := p.headTitles()
	shown := p.headings("h1")
	best, agreed := heading{at: -1}, 0.0
	for _, rank := range []string{"h1", "h2"} {
		for _, h := range p.headings(rank) {
			for _, c := range head {
				if a := agreement(h.text, c.value); a > agreed {
					best, agreed = h, a
				}
			}
		}
		if agreed >= 0.5 {
			break
		}
	}
	all := append([]candidate{{"heading", best.text}}, head...)
	switch {
	case agreed >= 0.5:
		p.heading = best.at
		all[0].value = p.withoutKicker(best, head)
		return p.first("title", "the heading that the page's head confirms", all...)
	case len(shown) == 1 && (len(head) == 0 || p.telling(shown[0])):
		p.heading = shown[0].at
		all[0].value = shown[0].text
		return p.first("title", "the page's only heading", all...)
	}
	if h, ok := p.strange(shown, head); ok {
		p.heading = h.at
		all[0].value = h.text
		return p.first("title", "the heading of the article: the title element, which shares no word with it, is that of the site", all...)
	}
	all = append(all[1:], candidate{"title element, whole", briefOf(p.doc.Find("head title").First(), longestTitle)})
	return p.first("title", "the first of JSON-LD, meta tags and title element; no heading confirms one", all...)
}

// strange is the only heading of an article element, where the head of the page has
// a title element alone, and that shares no word with it.
func (p *page) strange(shown []heading, head []candidate) (heading, bool) {
	own := slices.DeleteFunc(slices.Clone(shown), func(h heading) bool { return !p.inArticle(h.at) || p.isSite(h.text) })
	if len(own) != 1 || len(head) != 1 || head[0].witness != "title element" {
		return heading{}, false
	}
	said := terms(head[0].value)
	for t := range terms(own[0].text) {
		if said[t] {
			return heading{}, false
		}
	}
	return own[0], true
}

// inArticle reports an element that stands in one for articles.
func (p *page) inArticle(i int) bool {
	for ; i >= 0; i = p.outline.elements[i].parent {
		if p.outline.elements[i].node.Data == "article" {
			return true
		}
	}
	return false
}

// telling reports a heading that is long enough to be a headline and stands
// near the text.
func (p *page) telling(h heading) bool {
	weight, _ := weigh(h.text)
	return weight >= 30 && !p.isSite(h.text)
}

// headTitles are the headlines that the page's head states, less the name of
// the site.
func (p *page) headTitles() []candidate {
	list := []candidate{{"json-ld", p.ld.text("headline")}, {"json-ld name", p.ld.text("name")}}
	list = append(list, p.metas("og:title", "twitter:title", "sailthru.title", "parsely-title", "cxenseparse:title", "dc.title", "dcterms.title", "citation_title", "title", "headline")...)
	whole := briefOf(p.doc.Find("head title").First(), longestTitle)
	list = append(list, candidate{"title element", whole})
	shown := p.headings("h1")
	if bare := p.withoutSite(whole, shown); bare != whole && strings.HasPrefix(whole, bare) {
		p.tail = letters(whole[len(bare):])
	}
	var out []candidate
	for _, c := range list {
		if c.value = p.withoutSite(tidy(c.value), shown); c.value != "" && len(c.value) <= longestTitle && !p.isSite(c.value) {
			out = append(out, c)
		}
	}
	return out
}

// withoutKicker is a heading without the short line in an element of its own
// that some sites put inside it, where the head of the page has it without,
// or has a kicker of its own or no word of what the class calls one.
func (p *page) withoutKicker(h heading, head []candidate) string {
	n := p.outline.elements[h.at].node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		part, ok := brief(c, longestTitle)
		if !ok || part == "" {
			continue
		}
		called := classTraits(attrOf(c, "class")).has(kickers)
		for _, rest := range []string{strings.TrimPrefix(h.text, part), strings.TrimSuffix(h.text, part)} {
			if rest = strings.Trim(rest, " :|·-–—"); rest != h.text && rest != "" && (saidBy(head, rest) || !saidIn(head, part) && (called || closes(head, rest))) {
				return rest
			}
		}
	}
	return h.text
}

// saidBy reports a text that is a candidate, letter by letter.
func saidBy(list []candidate, text string) bool {
	want := letters(text)
	return want != "" && slices.ContainsFunc(list, func(c candidate) bool { return letters(c.value) == want })
}

// saidIn reports a text that stands in a candidate.
func saidIn(list []candidate, text string) bool {
	part := letters(text)
	return slices.ContainsFunc(list, func(c candidate) bool { return strings.Contains(letters(c.value), part) })
}

// closes reports a text that a candidate ends with, behind a kicker of its own.
func closes(list []candidate, text string) bool {
	end := letters(text)
	return len(end) > sample/2 && slices.ContainsFunc(list, func(c candidate) bool {
		_, rest, ok := strings.Cut(c.value, ": ")
		return ok && letters(rest) == end
	})
}

// siteMarks part the name of a site from a title.
const siteMarks = "-|_–—·•»«:/｜›>～~‧―"

// withoutSite takes names of the site and of its parts off the ends of a
// title: "Title - World - Site", "Site: Title". What is left must still be one:
// either the rest is the name of the site, or the title stands in a heading.
func (p *page) withoutSite(title string, shown []heading) string {
	for range 4 {
		cut := p.lessLast(title, shown)
		if cut == title {
			cut = p.lessFirst(title, shown)
		}
		if cut == title {
			return title
		}
		title = cut
	}
	return title
}

// mostParts is how many names a title may have behind it.
const mostParts = 5

func (p *page) lessLast(title string, shown []heading) string {
	last, tries := true, 0
	for i := strings.LastIndexAny(title, siteMarks); i > 0; i = strings.LastIndexAny(title[:i], siteMarks) {
		rest, name := strings.TrimRight(title[:i], siteMarks+" "), strings.Trim(title[i:], siteMarks+" ")
		if rest == "" || name == "" || !p.parts(title, i) || p.isSite(rest) {
			continue
		}
		if tries++; tries > mostParts {
			return title
		}
		if last && p.isSite(name) || headed(rest, shown) && 2*len(rest) > len(name) || p.shownAlone(rest) || last && p.isSource(name) {
			return rest
		}
		last = false
	}
	return title
}

func (p *page) lessFirst(title string, shown []heading) string {
	i := strings.IndexAny(title, siteMarks)
	if i <= 0 || !p.parts(title, i) {
		return title
	}
	name, rest := strings.Trim(title[:i], siteMarks+" "), strings.TrimLeft(title[i:], siteMarks+" ")
	if rest != "" && (p.isSite(name) || headed(rest, shown) && len(rest) > len(name)) {
		return rest
	}
	return title
}

// parts reports a mark at i that parts a title rather than joining a word:
// with a blank beside it, or a mark that joins none.
func (p *page) parts(title string, i int) bool {
	if title[i] != '-' && title[i] != ':' && title[i] != '/' && title[i] != '\'' {
		return true
	}
	return title[i-1] == ' ' || title[i-1] == '-' || i+1 < len(title) && (title[i+1] == ' ' || title[i+1] == '-') || title[i-1] >= 0x80
}

// shownAlone reports a text that an element of the page shows, and nothing else
// with it.
func (p *page) shownAlone(text string) bool {
	weight, _ := weigh(text)
	if weight < 15 {
		return false
	}
	for i := range p.outline.elements {
		if e := &p.outline.elements[i]; e.own >= weight-1 && e.own <= weight+2 && e.text == e.own && e.linked == 0 && e.node.Data != "title" {
			if t, ok := brief(e.node, longestTitle); ok && t == text {
				return true
			}
		}
	}
	return false
}

// namedSource is the outlet in a line of credits.
var namedSource = pattern(`(?i){source}\s?[:：]\s*(\S.*)$`)

// isSource reports the outlet that a line of credits names.
func (p *page) isSource(name string) bool {
	if p.outlets == nil {
		p.outlets = map[string]bool{}
		for i := range p.outline.elements {
			e := &p.outline.elements[i]
			if e.text == 0 || e.text > 100 || e.own == 0 || len(p.outlets) == maxValues {
				continue
			}
			if text, ok := brief(e.node, maxCreditLine); ok && strings.ContainsAny(text, ":：") {
				if m := namedSource.FindStringSubmatch(text); m != nil {
					p.outlets[letters(m[1])] = true
				}
			}
		}
	}
	return p.outlets[letters(name)]
}

func headed(rest string, shown []heading) bool {
	want := letters(rest)
	for _, h := range shown {
		if want != "" && letters(h.text) == want {
			return true
		}
	}
	return false
}

// isSite reports a name of the site: what it calls itself, what it is credited
// as, or the name of its host.
func (p *page) isSite(name string) bool {
	n := letters(name)
	if n == "" || len(n) > 60 {
		return false
	}
	if len(n) > 5 && strings.Contains(p.tail, n) {
		return true
	}
	for _, own := range []string{p.site, p.ld.publisher(), p.meta.first("apple-mobile-web-app-title", "twitter:site", "og:site_name", "publisher", "dc.publisher")} {
		own = letters(own)
		if own != "" && (own == n || len(own) > 5 && strings.Contains(n, own) || len(n) > 5 && strings.Contains(own, n)) {
			return true
		}
	}
	return len(p.host) > 2 && (strings.Contains(n, p.host) && 2*len(p.host) >= len(n) || len(n) > 3 && strings.Contains(p.host, n))
}

// hostName is the word of the first address's host that its owner chose.
func hostName(addresses ...string) string {
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			continue
		}
		labels := strings.Split(u.Hostname(), ".")
		for i := len(labels) - 2; i >= 0; i-- {
			if len(labels[i]) > 3 || i == 0 {
				return letters(labels[i])
			}
		}
	}
	return ""
}

// letters are the letters and figures of a text in small letters, without
// accents of Latin letters: what two spellings of one title share.
func letters(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) {
			b.WriteRune(plain(unicode.ToLower(r)))
		}
	}
	return b.String()
}

// plain is a Latin letter without its accent.
func plain(r rune) rune {
	if r < 0xc0 || r > 0x17f {
		return r
	}
	if p, ok := unaccented[r]; ok {
		return p
	}
	return r
}

var unaccented = func() map[rune]rune {
	const from, to = "àáâãäåāăąçćčďèéêëēęěìíîïīłñńňòóôõöøōőřśšşťùúûüūůűýÿźžżğ", "aaaaaaaaacccdeeeeeeeiiiiilnnnooooooooorssstuuuuuuuyyzzzg"
	out := map[rune]rune{}
	for i, r := range []rune(from) {
		out[r] = rune(to[i])
	}
	return out
}()

// agreement says how far a heading a says the title b, from 0 to 1: by words, or by
// letters in scripts that part none.
func agreement(a, b string) float64 {
	if la, lb := letters(a), letters(b); la == "" || lb == "" {
		return 0
	} else if la == lb {
		return 1
	}
	wa, wb := terms(a), terms(b)
	shared := 0
	for t := range wa {
		if wb[t] {
			shared++
		}
	}
	fewer := min(len(wa), len(wb))
	if fewer < 3 {
		return 0
	}
	share := 0.99 * float64(shared) / float64(fewer)
	if 2*len(wa) < len(wb) { // a heading of less than half is that of the site or section
		share *= 0.45
	}
	return share
}

// terms are the words of a title, and each letter of scripts that part none.
func terms(s string) map[string]bool {
	out := map[string]bool{}
	start := -1
	for i, r := range s + " " {
		inWord := (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)) && !wide(r)
		if start >= 0 && !inWord {
			out[strings.ToLower(s[start:i])] = true
			start = -1
		}
		if inWord && start < 0 {
			start = i
		}
		if wide(r) {
			out[string(r)] = true
		}
	}
	return out
}
