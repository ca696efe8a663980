package normalize

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

//go:embed data/outlets.tsv
var outletTable string

// An outlet is an agency or publisher that copy is credited to.
type outlet struct {
	name   string
	agency bool
	home   string
}

// registry finds outlets by any of their names, folded.
var registry = func() map[string]outlet {
	out := map[string]outlet{}
	for _, row := range table(outletTable) {
		o := outlet{agency: row[0] == "agency", name: row[1]}
		if len(row) > 3 {
			o.home = row[3]
		}
		out[fold(o.name)] = o
		if len(row) > 2 {
			for _, alias := range strings.Split(row[2], "|") {
				if alias != "" {
					out[fold(alias)] = o
				}
			}
		}
	}
	return out
}()

// bodyWords mark a desk, agency or company in place of a person.
var bodyWords = func() map[string]bool {
	out := map[string]bool{}
	for _, row := range table(noiseTable) {
		if row[0] == "body" {
			for _, word := range strings.Split(row[1], "|") {
				out[word] = true
			}
		}
	}
	return out
}()

// siteEnd is the end of a site's name.
var siteEnd = regexp.MustCompile(`(?i)\.(?:com|org|net|fr|de|cn|es|co|tv|ru|it|uk|info)\b`)

var cjkBody = regexp.MustCompile(`(?:社|网|網|报|報|新闻|新聞|日报|电视台|中心|编辑部|編集部|记者团|通讯社|客户端|公司|大学|研究院|委员会|뉴스|일보|신문|방송|통신)$`)

// isBody reports a name that no person bears.
func isBody(name string) bool {
	if outletOf(name).name != "" {
		return true
	}
	if r, _ := utf8.DecodeLastRuneInString(name); r > 0x2e00 && cjkBody.MatchString(name) && utf8.RuneCountInString(name) > 2 {
		return true
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if bodyWords[word] {
			return true
		}
	}
	return strings.Contains(name, ".") && siteEnd.MatchString(name)
}

// unnamed are origins that name nobody (ruling 8).
var unnamed = map[string]bool{
	"网络": true, "网络综合": true, "综合": true, "互联网": true, "本站": true, "本站原创": true, "原创": true, "internet": true, "agencies": true, "agencias": true,
	"agences": true, "web": true, "various": true, "own": true, "self": true, "other": true, "网页": true, "转载": true, "整理": true, "online": true,
}

// Outlet is an origin as printed, empty where it names nobody.
func Outlet(s string) string {
	s = strings.Trim(tidy(s), " :：|-–—,;.()（）【】[]")
	if s == "" || unnamed[fold(s)] || noise[fold(s)] || utf8.RuneCountInString(s) > 60 || strings.HasPrefix(s, "http") {
		return ""
	}
	return s
}

// credits fills byline, credit and dateline.
func credits(a *news.Article, src news.Source, feed *parse.Feed, it parse.Item, known lines) {
	var named string
	a.Byline, named = bylineOf(src, feed, it, a.ContentHTML, known)
	var fromLine string
	a.Dateline, fromLine = dateline(firstText(TextOf(firstBlock(a.ContentHTML)), a.Summary))
	origin := Outlet(Text(it.Origin.Name, parse.Unstated))
	for _, name := range []string{named, fromLine, origin} {
		if name = Outlet(name); name != "" && !ours(name, src, feed) {
			a.Credit = news.Credit{Name: name, URL: registry[fold(name)].home}
			break
		}
	}
	if a.Credit.Name == "" {
		for _, p := range a.Byline.With(news.Author) {
			if o := registry[fold(p.Name)]; p.Organization && o.agency && Outlet(p.Name) != "" && !ours(p.Name, src, feed) {
				a.Credit = news.Credit{Name: p.Name, URL: o.home}
			}
		}
	}
}

// ours reports a name of the source itself, which needs no credit.
func ours(name string, src news.Source, feed *parse.Feed) bool {
	f := fold(name)
	for _, own := range append([]string{src.Name, Text(feed.Title.Body, feed.Title.Type)}, src.Aliases...) {
		if own != "" && fold(own) == f {
			return true
		}
	}
	return false
}

var (
	latinDateline = regexp.MustCompile(`^(\p{Lu}[\p{Lu}\p{Ll}.' -]{1,40}(?:, \p{Lu}[\p{L}. ]{1,25})?)(?:, ((?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}))?(?: \(([^()]{2,40})\))\s?(?:--|—|–|-)\s`)
	bareDateline  = regexp.MustCompile(`^(\p{Lu}{3}[\p{Lu}.' -]{0,30}(?:, \p{Lu}[\p{L}. ]{1,25})?)(?:, ((?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.? \d{1,2}))?\s?(?:--|—|–)\s`)
	anyDateline   = regexp.MustCompile(`^(\p{L}{2,20}), ([^()]{3,12}) [(（]([^()（）]{2,40})[)）]\s?(?:--|—|–|-)`)
	hanDateline   = regexp.MustCompile(`^\s*[(（]?((?:新华社|中新社|中新网|央视网|人民网)(?:客户端)?(?:记者)?)?(\p{Han}{2,8}?)(\d{1,2}月\d{1,2}日)电`)
)

// dateline reads the place, the date and the agency that open agency copy. The
// text itself stays as printed.
func dateline(text string) (news.Dateline, string) {
	start := text[:min(len(text), 200)]
	if m := latinDateline.FindStringSubmatch(start); m != nil {
		if o := registry[fold(m[3])]; o.name != "" {
			return news.Dateline{Place: tidy(m[1]), Date: m[2]}, m[3]
		}
	}
	if m := hanDateline.FindStringSubmatch(start); m != nil {
		return news.Dateline{Place: m[2], Date: m[3]}, strings.TrimSuffix(m[1], "记者")
	}
	if m := anyDateline.FindStringSubmatch(start); m != nil && registry[fold(m[3])].name != "" {
		return news.Dateline{Place: m[1], Date: m[2]}, m[3]
	}
	if m := bareDateline.FindStringSubmatch(start); m != nil {
		return news.Dateline{Place: tidy(m[1]), Date: m[2]}, ""
	}
	return news.Dateline{}, ""
}
