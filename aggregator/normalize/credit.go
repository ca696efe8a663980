package normalize

import (
	_ "embed"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/wordtable"
)

//go:embed data/outlets.tsv
var outletTable string

// An outlet is an agency or publisher that copy is credited to.
type outlet struct {
	name    string
	agency  bool
	picture bool // an agency for pictures, which makes no copy
	home    string
	spelled string // the name by which it was found, as the outlet writes it
}

// outlets reads the table for registry and acronyms.
var outlets = sync.OnceValues(func() (names, short map[string]outlet) {
	rows := wordtable.Rows(outletTable)
	names, short = make(map[string]outlet, 3*len(rows)), map[string]outlet{}
	for _, row := range rows {
		row = append(row, "", "", "")
		o := outlet{agency: row[0] != "outlet", picture: row[0] == "pictures", name: row[1], home: row[3], spelled: row[1]}
		names[fold(o.name)] = o
		for alias := range strings.SplitSeq(row[2], "|") {
			if o.spelled = alias; alias != "" {
				names[fold(alias)] = o
			}
		}
		for alias := range strings.SplitSeq(row[4], "|") {
			if o.spelled = alias; alias != "" {
				short[alias] = o
			}
		}
	}
	return names, short
})

// registry finds outlets by any of their names, folded.
func registry() map[string]outlet {
	names, _ := outlets()
	return names
}

// acronyms finds outlets by short names that are words or people's names
// elsewhere, ATA and MIA, as printed: those count only where an agency must
// stand, in a lead, in brackets at the end, or behind a word for an origin.
func acronyms() map[string]outlet {
	_, short := outlets()
	return short
}

// sites finds outlets by the host of their home page; of several at one, the
// first that the table names. One that is a part of a site is not the site.
var sites = func() map[string]outlet {
	out := map[string]outlet{}
	for _, row := range wordtable.Rows(outletTable) {
		row = append(row, "", "")
		u, err := url.Parse(row[3])
		if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			continue
		}
		if _, taken := out[siteOf(row[3])]; !taken {
			out[siteOf(row[3])] = outlet{name: row[1], home: row[3]}
		}
	}
	return out
}()

// Site is the name of the outlet whose site an address is on; empty when we know
// none.
func Site(address string) string { return sites[siteOf(address)].name }

// wire is the outlet that a name means where an agency must stand; zero when we
// know none.
func wire(name string) outlet {
	if name = strings.TrimSpace(name); len(name) > longestName {
		return outlet{}
	}
	if o := in(registry(), name); o.name != "" {
		return o
	}
	return acronyms()[name]
}

// siteEnd is the end of a site's name.
var siteEnd = regexp.MustCompile(`(?i)\.(?:com|org|net|fr|de|cn|es|co|tv|ru|it|uk|info)\b`)

// outletEnds and bodyEnds end the names of bodies in scripts without blanks,
// bodyFronts open them, and familyEnds end family names in those with blanks.
var outletEnds, bodyEnds, bodyFronts, familyEnds = ends("outletish"), ends("bodyish"), ends("body-front"), ends("family-end")

func ends(kind string) func() []string {
	return func() []string { return noiseWords()[kind] }
}

func hasEnd(name string, ends []string) bool {
	return utf8.RuneCountInString(name) > 2 && slices.ContainsFunc(ends, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

// nameEnds end the names of outlets and given names, paperFronts open those of papers.
var nameEnds, paperFronts = openings("given-end/zh"), wordsIn("paper-front")

// longestBody is the longest name of a body, in bytes.
const longestBody = 240

// isBody reports a name that no person bears.
func isBody(name string) bool {
	return len(name) <= longestBody && (isOutlet(name) || isInstitution(name))
}

// isOutlet reports the name of an agency, outlet or newsroom.
func isOutlet(name string) bool {
	if outletOf(name).name != "" {
		return true
	}
	if r := lastRune(name); r > 0x2e00 && hasEnd(name, outletEnds()) && !(nameEnds().has(r) && utf8.RuneCountInString(name) == 3 && surnames()[firstRune(name)]) { // but 陶若云
		return true
	}
	if isInstitution(name) {
		return false
	}
	return isFirm(name) || strings.ContainsAny(name[:min(len(name), 1)], "WK") && callSign.MatchString(name) || isSection(name) || isPaper(name) || hasWord(name, bodyWords()) || strings.Contains(name, ".") && siteEnd.MatchString(name)
}

// isPaper reports a paper by its article and its last word: "The Sacramento Bee".
func isPaper(name string) bool {
	front, rest, ok := strings.Cut(name, " ")
	return ok && slices.Contains(paperFronts(), front) && strings.Contains(rest, " ") && in(papers(), lastWord(rest))
}

// callSign is the name of an American station: "WBFF Fox 45".
var callSign = regexp.MustCompile(`^[WK][B-DF-HJ-NP-TV-XZ]{2,3}(?:\b|-)`)

// isSection reports a section of an outlet: "Guardian sport".
func isSection(name string) bool {
	if han := agencyIn(name); han != "" && (in(jobs(), name[len(han):]) || in(beats(), name[len(han):])) { // 人民日报评论员
		return true
	}
	words := strings.Fields(name)
	if len(words) == 2 && strings.ContainsAny(words[0], "0123456789") && isEdition(name) { // "G1 SP"
		return true
	}
	if n := len(words) - 1; n > 0 && !ascii(name) && in(editions(), words[n]) && in(registry(), strings.Join(words[:n], " ")).name != "" { // "دویچه وله فارسی"
		return true
	}
	return len(words) > 1 && in(registry(), words[0]).name != "" && !slices.ContainsFunc(words[1:], func(w string) bool { return !isBeatWord(w) })
}

// isInitials reports letters with full stops: "T.V." is no television.
func isInitials(w string) bool {
	return strings.HasSuffix(w, ".") && strings.Count(w, ".") > 1 && len(w) < 9
}

// isInstitution reports a university, a ministry, an association: a body that
// is neither agency nor outlet (ruling 5).
func isInstitution(name string) bool {
	if r := firstRune(name); r > 0x1100 && prefixOf(name, bodyFronts()) != "" {
		return true
	}
	if r := lastRune(name); r > 0x2e00 && hasEnd(name, bodyEnds()) && !strings.Contains(name, " ") && utf8.RuneCountInString(name) > 3 {
		return true
	}
	return hasWord(name, institutions())
}

func hasWord(name string, set map[string]bool) bool {
	for word := range strings.FieldsSeq(name) {
		word = withoutPossessive(strings.Trim(word, ",:;()\"'’"))
		if isInitials(word) {
			continue
		}
		if end := word[strings.LastIndexByte(word, '-')+1:]; (in(set, end) || len(end) < len(word) && in(set, word)) && spelt(end) {
			return true
		}
	}
	return false
}

// withoutPossessive is the owner in "CNN's" and "The Associated Press’".
func withoutPossessive(word string) string {
	if owner := ofItsOwner(word); len(owner) < len(word) {
		return owner
	}
	return strings.TrimSuffix(word, suffixOf(word, possessives()))
}

// ofItsOwner is a name without the apostrophe behind the s that it ends in.
func ofItsOwner(name string) string {
	if owner := strings.TrimRight(name, "'’"); strings.HasSuffix(owner, "s") {
		return owner
	}
	return name
}

// outletOf is the agency or outlet that a body belongs to, by its whole name or
// by the letters that open it ("BBC Urdu"); zero when we know none.
func outletOf(name string) outlet {
	if o := in(registry(), name); o.name != "" {
		return o
	}
	if word, _, ok := strings.Cut(name, " "); ok && len(word) > 2 && acronym(word) && !strings.Contains(name, " - ") {
		return in(registry(), word)
	}
	if parts := strings.FieldsFunc(name, outletJoints.has); len(parts) > 1 && len(parts) < 4 { // "STT–Reuters"
		first := in(registry(), parts[0])
		for _, part := range parts {
			if in(registry(), part).name == "" {
				return outlet{}
			}
		}
		return first
	}
	return outlet{}
}

// outletJoints part two outlets that signed together.
var outletJoints = setOf("-–=+")

// originTails say behind an origin what kind of copy it made: " 原创稿".
var originTails = ends("origin-tail")

// originName is an origin as printed, empty where it names nobody.
func originName(s string) string {
	printed := tidy(s)
	s = strings.Trim(printed, " :：|-–—,;.()（）【】[]«»„")
	for tail := suffixOf(s, originTails()); tail != ""; tail = suffixOf(s, originTails()) {
		s = strings.TrimSpace(strings.TrimSuffix(s, tail))
	}
	if i := strings.LastIndexByte(s, '.'); i > 0 && utf8.RuneCountInString(s[i+1:]) == 1 && strings.Contains(printed, s+".") { // "Bloomberg L.P.", "F.A.Z."
		s += "."
	}
	if acronyms()[s].name != "" { // NAN is nobody elsewhere
		return s
	}
	if s == "" || in(unnamed(), s) || in(noise(), s) || utf8.RuneCountInString(s) > 60 || strings.HasPrefix(s, "http") {
		return ""
	}
	return s
}

// credits fills byline, credit and dateline. What a line names goes before the
// lead of the text, and that before what a field says of the origin.
func credits(a *news.Article, src news.Source, feed *parse.Feed, it parse.Item, known lines) {
	e := edgesOf(a.ContentHTML, a.Summary)
	first, last := e.first, e.last
	opening, at := lead{}, 0
	for i, text := range first {
		if opening, at = known.outlets.leadOf(text), i; opening != (lead{}) {
			break
		}
	}
	a.Dateline = opening.Dateline
	var named string
	a.Byline, named = bylineOf(src, feed, it, creditTexts(first, last, opening, at), e, known)
	if opening.people != "" && a.Byline.Printed == tidy(opening.people) {
		a.Byline.Printed = asPrinted(opening.people, first[at])
	}
	origin := originName(Text(it.Origin.Name, parse.Unstated))
	if outletOf(origin).name == "" && known.outlets.find(origin).name == "" && ofTheHouse(it.Origin, feed) {
		origin = ""
	}
	for _, name := range []string{named, opening.agency, origin} {
		if known.ignores(name) {
			continue
		}
		if name = originName(name); name != "" && !known.ignores(name) && !ours(name, src, feed) {
			a.Credit = news.Credit{Name: name, URL: known.outlets.find(name).home}
			break
		}
	}
	sign(a, src, first, last, known)
}

// asPrinted is the line of who is named in a lead without the word for what they did
// that its rule put there.
func asPrinted(people, lead string) string {
	label, behind, _ := strings.Cut(people, " ")
	before, last := strings.CutSuffix(people, " "+labelKorean())
	switch {
	case strings.Contains(lead, people):
	case (label == labelEnglish() || label == labelChinese() || label == labelJapanese()) && strings.Contains(lead, behind):
		return tidy(behind)
	case last && strings.Contains(lead, before):
		return tidy(before)
	}
	return tidy(people)
}

// ofTheHouse reports an origin without an address that every item of a feed
// has: its own publisher (dc:publisher), which made no copy.
func ofTheHouse(o parse.Origin, feed *parse.Feed) bool {
	n := len(feed.Items)
	return o.URL == "" && o.ID == "" && n > 1 && feed.Items[0].Origin.Name == o.Name && feed.Items[n-1].Origin.Name == o.Name
}

// ours reports a name of the source itself, which needs no credit.
func ours(name string, src news.Source, feed *parse.Feed) bool {
	f, o := fold(name), outletOf(name)
	for _, own := range append([]string{src.Name, Text(feed.Title.Body, feed.Title.Type)}, src.Aliases...) {
		if own != "" && (fold(own) == f || strings.HasPrefix(fold(own), f+" ") || o.name != "" && opensWith(own).name == o.name) {
			return true
		}
	}
	return o.home != "" && (sameHost(o.home, feed.HomePage) || sameHost(o.home, src.URL))
}

// opensWith is the outlet whose name opens a title: "The Straits Times Singapore
// News", 纽约时报中文网.
func opensWith(title string) outlet {
	if han := agencyIn(title); han != "" {
		return in(registry(), han)
	}
	words := strings.Fields(title)
	for n := min(len(words), 5); n > 0; n-- {
		if o := in(registry(), strings.Trim(strings.Join(words[:n], " "), "-–—|>:,")); o.name != "" {
			return o
		}
	}
	return outlet{}
}

// sameHost reports two addresses of one site.
func sameHost(a, b string) bool { return siteOf(a) != "" && siteOf(a) == siteOf(b) }

func siteOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(strings.ToLower(host), "www.")
}
