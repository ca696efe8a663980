package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"copydesk/aggregator/parse"
)

// A stamp is a date as a witness writes it, with what its form gives away.
type stamp struct {
	raw     string
	field   string // as parse.Date has it
	witness string
	weak    bool // of a witness that often means another moment
	far     int  // how far from where readers look for it; see page.far
	visit   bool // stands where the day of the visit may, without a word for what it is of
	clock   bool // has a time of day
	wall    time.Time
	zone    *int // seconds east, of machine-readable ones that have one
}

// machineTime is ISO 8601 and its near relations.
var machineTime = regexp.MustCompile(`^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?)?$`)

var clockTime = pattern(`(?i)\d{1,2}[:：h]\d{2}|\d\s?[ap]\.?m\b|\d{1,2}\s?(?:{hour}|{point})|\d{4}\D+\d{1,2}\.\d{2}(?:\s|$)|\d[\s,]+(?:{figures-at}\.?\s?)?\d{1,2}\.\d{2}(?:\s|$)`)

// newStamp reads the form of a date.
func newStamp(field, witness, raw string, weak bool) stamp {
	s := stamp{raw: raw, field: field, witness: witness, weak: weak, clock: clockTime.MatchString(raw)}
	if at, ok := epoch(raw); ok {
		s.clock, s.wall, s.zone = true, at, new(int)
		return s
	}
	m := machineTime.FindStringSubmatch(raw)
	if m == nil {
		return s
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // the pattern lets only figures through; none is 0
	s.clock = m[4] != ""
	s.wall = time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), n(6), 0, time.UTC)
	if m[7] != "" {
		east := offset(m[7])
		s.zone = &east
	}
	return s
}

// epoch reads seconds or milliseconds since 1970, of this century.
func epoch(raw string) (time.Time, bool) {
	n, err := strconv.ParseInt(raw, 10, 64)
	switch {
	case err != nil:
	case len(raw) == 10 && n > 1_000_000_000:
		return time.Unix(n, 0).UTC(), true
	case len(raw) == 13 && n > 1_000_000_000_000:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
}

// offset is a zone as machines write it, in seconds east: "Z", "+08:00", "-05".
func offset(zone string) int {
	digits := strings.ReplaceAll(zone, ":", "")
	if len(digits) < 3 {
		return 0
	}
	hours, _ := strconv.Atoi(digits[1:3]) // figures, as the pattern has it
	minutes, _ := strconv.Atoi(digits[3:])
	if digits[0] == '-' {
		return -hours*3600 - minutes*60
	}
	return hours*3600 + minutes*60
}

// midnight reports a time of day that more often stands for none.
func (s stamp) midnight() bool {
	return s.clock && !s.wall.IsZero() && s.wall.Hour() == 0 && s.wall.Minute() == 0 && s.wall.Second() == 0
}

// timed reports a stamp that says the time of day, and means it.
func (s stamp) timed() bool { return s.clock && !s.midnight() }

var (
	publishedMetas = []string{"article:published_time", "og:published_time", "article:published", "article:publish_time", "article:publish_date", "article:published_date", "og:article:published_time", "article:post_date",
		"article:pubdate", "rnews:datepublished", "datepublished", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "published_time", "published-date", "published_at", "publisheddate", "content_publisheddate", "publication-date", "article-published-date", "dd:published_time", "release_date", "pubtime", "publish_time", "publishtime",
		"sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "weibo:article:create_at", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dcterms.available",
		"citation_publication_date", "citation_date", "citation_online_date", "bt:pubdate", "ptime", "_pubtime", "apub:time", "article.published", "article_date_original", "originalpublicationdate", "displaydate", "timestamp", "iso-8601-publish-date", "vr:published_time"}
	weakMetas     = []string{"article:created", "article:created_time", "datecreated", "created", "pub_date", "dc.date", "date", "eomportal-lastupdate", "utime"}
	modifiedMetas = []string{"article:modified_time", "article:modified_date", "article:modified", "article:updated_time", "article:updated", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "last_modified", "modified", "revised", "updated_time", "updatetime", "weibo:article:update_at"}
)

// dates are the moments that the page states, in the order in which they are
// believed: when it appeared, then when it was changed.
func (p *page) dates() []parse.Date {
	v := p.verdict(p.stamps())
	var out []parse.Date
	for i, s := range v.published {
		p.claim("published", s.witness, s.raw, i == 0, v.rule)
		if v.admits(i) {
			out = appendDate(out, s)
		}
	}
	changes := p.modifiedStamps()
	for _, c := range p.refused {
		p.claim(c.Field, c.Witness, c.Value, false, "")
	}
	if raw, ok := onlyTime(v.published, changes); ok {
		p.claim("published", "visible", raw.raw, false, "")
		raw.field = "published"
		out = appendDate(out, raw)
	}
	for i, s := range changes {
		p.claim("modified", s.witness, s.raw, i == 0, "the first that is stated")
		out = appendDate(out, s)
	}
	return out
}

// stamps are those of the appearance. Where there is none that tells of it for
// certain, the dateline may do so, and what else stands at the edges of the article.
func (p *page) stamps() []stamp {
	list := append(p.statedStamps(), p.seenStamps()...)
	if slices.ContainsFunc(list, func(s stamp) bool { return !s.visit }) {
		return slices.DeleteFunc(list, func(s stamp) bool { return s.visit })
	}
	if s, ok := p.dateline(); ok {
		return []stamp{s}
	}
	return slices.Concat(p.openingStamps(), list, p.closingStamps())
}

// A verdict is the order in which stamps of the appearance are believed.
type verdict struct {
	published []stamp
	rule      string    // by which the first is
	told      bool      // it stands in a line that tells it from a change
	untrue    time.Time // that some call UTC
}

func (p *page) verdict(list []stamp) verdict {
	if raw := p.hinted("date"); raw != "" {
		return verdict{published: append([]stamp{newStamp("published", "hint", raw, false)}, list...), rule: "the source's hint"}
	}
	var v verdict
	v.published, v.rule = believed(list, "JSON-LD, then meta tags, markup and what is visible")
	if paired := p.paired(); paired.raw != "" && len(v.published) > 0 && v.published[0].ofMachine() {
		v.published = append([]stamp{paired}, v.published...)
		v.rule, v.told = "the line that tells appearance from change", true
	}
	if at := p.localised(v.published); at > 0 {
		v.untrue = v.published[0].wall
		v.published[0], v.published[at] = v.published[at], v.published[0]
		v.rule = "readers are shown the same hour, so that is of the place and its Z is false"
	}
	return v
}

// admits reports that the stamp at i may be kept: another moment must not stand in
// for the first.
func (v verdict) admits(i int) bool {
	s, first := v.published[i], v.published[0]
	if s.zone != nil && !v.untrue.IsZero() && s.wall.Equal(v.untrue) {
		return false
	}
	return i == 0 || !s.clock || !first.timed() || !v.told && first.wall.IsZero()
}

// ofMachine reports a weak stamp with a zone that no reader sees.
func (s stamp) ofMachine() bool {
	return s.weak && s.zone != nil && s.witness != "visible" && s.witness != "time element"
}

// figuresOfTime is a moment in figures, as East Asian sites show it.
var figuresOfTime = pattern(`^(\d{4})\s?(?:[./-]|{year})\s?(\d{1,2})\s?(?:[./-]|{month})\s?(\d{1,2})\s?{day}?[^\d]{1,4}(\d{1,2})(?:[:：]|{hour/zh})(\d{2}){minute/zh}?$`)

// ofOneZone are languages of countries that have one zone, far from UTC. What
// sites in them show is of that; only what they write for machines goes wrong.
var ofOneZone = map[string]bool{"ja": true, "ko": true, "zh": true, "th": true, "vi": true}

// localised is the visible stamp that shows the hour of the first of a list where
// that claims to be in UTC; 0 when there is none.
func (p *page) localised(list []stamp) int {
	primary, _, _ := strings.Cut(strings.ToLower(firstOf(attr(p.doc, "html", "lang"), p.ld.text("inLanguage"), p.meta.first("og:locale"))), "-")
	if primary, _, _ = strings.Cut(primary, "_"); len(list) == 0 || !ofOneZone[primary] || list[0].zone == nil || *list[0].zone != 0 || !strings.HasSuffix(list[0].raw, "Z") {
		return 0
	}
	for i, s := range list[1:] {
		m := figuresOfTime.FindStringSubmatch(s.raw)
		if m == nil || s.witness != "visible" {
			continue
		}
		n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // the pattern lets only figures through
		if time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), 0, 0, time.UTC).Equal(list[0].wall.Truncate(time.Minute)) {
			return i + 1
		}
	}
	return 0
}

// onlyTime is the visible moment of a change where no witness tells the time of
// day of the first appearance: some sites call every moment updated.
func onlyTime(published, changes []stamp) (stamp, bool) {
	if len(published) == 0 || slices.ContainsFunc(published, stamp.timed) {
		return stamp{}, false
	}
	for _, s := range changes {
		if s.witness == "visible" && s.timed() && (s.wall.IsZero() || published[0].wall.IsZero() || s.wall.Sub(published[0].wall).Abs() < 24*time.Hour) {
			return s, true
		}
	}
	return stamp{}, false
}

func appendDate(list []parse.Date, s stamp) []parse.Date {
	for _, have := range list {
		if have.Raw == s.raw && have.Field == s.field {
			return list
		}
	}
	if len(list) == maxValues {
		return list
	}
	return append(list, parse.Date{Raw: s.raw, Field: s.field})
}

// statedStamps are those that the page's head and markup state.
func (p *page) statedStamps() []stamp {
	var out []stamp
	add := func(witness string, weak bool, raws ...string) {
		for _, raw := range raws {
			if raw = tidy(raw); raw != "" && len(raw) < 100 && len(out) < maxValues {
				out = append(out, newStamp("published", witness, raw, weak))
			}
		}
	}
	add("json-ld datePublished", false, p.ld.texts("datePublished")...)
	for _, c := range p.metas(publishedMetas...) {
		add(c.witness, false, c.value)
	}
	p.moments(`[itemprop~="datePublished"], [property~="datePublished"], [property~="schema:datePublished"], [property~="dc:date"], time[pubdate], .hentry .published, .entry-date.published, .dt-published`, false, func(_ int, raw string) { add("markup", false, raw) })
	p.moments("[data-timestamp], [data-datetime], [data-date-time], [data-published], [data-pubdate]", false, func(at int, _ string) {
		n := p.outline.elements[at].node
		raw := firstOf(attrOf(n, "data-timestamp"), attrOf(n, "data-datetime"), attrOf(n, "data-date-time"), attrOf(n, "data-published"), attrOf(n, "data-pubdate"))
		if newStamp("", "", raw, true).clock {
			add("data attribute", true, raw)
		}
	})
	add("json-ld dateCreated", true, p.ld.texts("dateCreated")...)
	for _, c := range p.metas(weakMetas...) {
		add(c.witness, true, c.value)
	}
	return out
}

// moments tells those of some elements of the article, in page order: of its
// appearance, or of its changes.
func (p *page) moments(selector string, change bool, tell func(at int, raw string)) {
	for i, s := range p.doc.Find(selector).EachIter() {
		if i == maxValues {
			return
		}
		at, ok := p.outline.at[s.Nodes[0]]
		if ok && (p.elsewhere(at) || p.beyond(at)) || !ok && s.Nodes[0].Data != "meta" { // nobody sees what is not in the outline
			continue
		}
		raw := firstOf(s.AttrOr("datetime", ""), s.AttrOr("content", ""), titleOfAbbr(s), briefOf(s, maxCreditLine))
		if changed := leadsToChange(s); changed == change {
			tell(at, raw)
		}
	}
}

// titleOfAbbr is where hAtom keeps a moment: <abbr class="published" title="…">.
func titleOfAbbr(s *goquery.Selection) string {
	if s.Nodes[0].Data != "abbr" {
		return ""
	}
	return s.AttrOr("title", "")
}

// leadsToChange reports an element whose class, or the words before it in its
// line, say that it tells of a change.
func leadsToChange(s *goquery.Selection) bool {
	class := " " + strings.ToLower(s.AttrOr("class", "")) + " "
	if strings.Contains(class, "published") || strings.Contains(s.AttrOr("itemprop", "")+s.AttrOr("property", ""), "Published") {
		return false
	}
	if strings.Contains(class, "updated") || strings.Contains(class, "modified") || strings.Contains(s.AttrOr("itemprop", "")+s.AttrOr("property", ""), "Modified") {
		return true
	}
	own := briefOf(s, maxCreditLine)
	line, ok := briefParted(s.Nodes[0].Parent, maxCreditLine)
	if i := strings.Index(line, own); ok && own != "" && i > 0 {
		if dates := datePattern.FindAllStringIndex(line[:i], -1); len(dates) > 0 {
			return isChange(line[dates[len(dates)-1][1]:i])
		}
		return isChange(line[:i])
	}
	return false
}

// beyond reports an element too far from the article to tell of it.
func (p *page) beyond(i int) bool {
	near, e := p.zone(), &p.outline.elements[i]
	return e.start < near.from || e.start > near.to || e.start >= near.ends && e.node.Data == "time" ||
		p.outline.inside(i, p.body) && e.start > near.first && e.start < near.last
}

// seenStamps are those that readers see near the article and that are not said
// to be of a change.
func (p *page) seenStamps() []stamp {
	var out []stamp
	p.moments("time", false, func(at int, raw string) {
		if len(raw) < 100 && len(out) < maxValues {
			s := newStamp("published", "time element", raw, true)
			if p.stands(&s, at) && !p.spokenOf(at) {
				out = append(out, s)
			}
		}
	})
	out = append(out, p.lineStamps(false)...)
	slices.SortStableFunc(out, func(a, b stamp) int { return a.far - b.far })
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(s stamp) bool {
		key := s.witness + s.raw
		again := seen[key]
		seen[key] = true
		return again
	})
}

// stands reports a stamp that may be the article's where it stands.
func (p *page) stands(s *stamp, i int) bool {
	where := p.standing(i)
	if where.elsewhere() {
		p.refuse(s.raw, where.String())
	}
	if s.far, s.visit = p.far(i), where == atTop; s.visit {
		s.field = parse.Unlabelled
	}
	return !where.elsewhere()
}

// refuse remembers a date that readers see and that is not the article's, and why.
func (p *page) refuse(raw, why string) {
	c := parse.Claim{Field: "published", Witness: "visible: " + why, Value: raw}
	if len(p.refused) < maxCreditLines && !slices.Contains(p.refused, c) {
		p.refused = append(p.refused, c)
	}
}

// spokenOf reports a time element in a text that speaks of that time.
func (p *page) spokenOf(i int) bool {
	n := p.outline.elements[i].node
	before, behind := beside(n)
	text, _ := brief(n, maxCreditLine)
	return printedDate{before: tidy(before), date: text, after: behind}.mentioned()
}

// far is how far an element is from where readers look for the date of an
// article: between heading and text, then above the heading, then below the
// text. What stands around articles, the day of the visit at the top of a page,
// is farthest.
func (p *page) far(i int) int {
	o := p.outline
	for at := i; at >= 0; at = o.elements[at].parent {
		if e := &o.elements[at]; e.traits.has(around) || e.node.Data == "header" && !o.inside(max(p.heading, 0), at) && !o.inside(at, p.body) {
			return 3
		}
	}
	switch start := o.elements[i].start; {
	case p.heading < 0 && !o.inside(i, max(o.elements[p.body].parent, 0)):
		return 1
	case o.elements[p.body].own >= sentence && o.inside(i, p.body) && start < o.elements[p.body].start+creditsInside:
		return 0 // the text is the body's own: what stands before it cannot be told
	case start > p.zone().begins:
		return 2
	case p.heading >= 0 && start < o.elements[p.heading].start:
		return 1
	}
	return 0
}

// lineStamps are the dates in lines of credits: of change, or others.
func (p *page) lineStamps(changed bool) []stamp {
	var out []stamp
	whole := map[int]bool{}
	for _, l := range p.lines {
		if p.captioned(l.at) || p.partOf(l.at, whole) {
			continue
		}
		whole[l.at] = true
		for _, raw := range p.datesIn(l, changed) {
			s := newStamp("published", "visible", raw, true)
			if !p.stands(&s, l.at) {
				continue
			}
			if l.credit || l.byline || l.moment && !changed || len(datePattern.FindAllStringIndex(l.text, 2)) > 1 {
				s.visit, s.field = false, "published"
			}
			if !(changed && s.visit) { // that of the page
				out = append(out, s)
			}
		}
	}
	return out
}

// datesIn are the dates in a line, of change or others, and the line itself where
// it is named for such and may have a form that the pattern does not know.
func (p *page) datesIn(l line, changed bool) []string {
	var out []string
	if p.outline.elements[l.at].node.Data == "time" && p.spokenOf(l.at) {
		return nil
	}
	from := 0
	for _, loc := range datePattern.FindAllStringIndex(l.text, 3) {
		if raw := strings.Trim(l.text[loc[0]:loc[1]], marksOfDate); isChange(l.text[from:loc[0]]) == changed {
			if rule := p.printedIn(l, from, loc).mentionedBy(); rule != "" {
				p.refuse(raw, rule)
			} else {
				out = append(out, raw)
			}
		}
		from = loc[1]
	}
	if changed || l.by || !p.outline.elements[l.at].traits.has(credits) {
		return out
	}
	if from > 0 {
		if len(l.text) <= 60 && !l.credit && !isChange(l.text) {
			out = append(out, l.text)
		}
		return out
	}
	if text := beforeChange(l.text); len(l.text) <= 80 && strings.ContainsAny(text, figuresOfAll) {
		out = append(out, text)
	}
	return out
}

// partOf reports an element in the line of another that was read as a whole,
// with the words before its date.
func (p *page) partOf(i int, whole map[int]bool) bool {
	for ; i > 0 && inline[p.outline.elements[i].node.Data]; i = p.outline.elements[i].parent {
		if whole[p.outline.elements[i].parent] {
			return true
		}
	}
	return false
}

// figuresOfAll are the figures in which sites write dates.
const figuresOfAll = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙"

// beforeChange is a line up to the first word of a change.
func beforeChange(text string) string {
	lower := strings.ToLower(text)
	for _, w := range creditWords["updated"] {
		if i := strings.Index(lower, w); i >= 0 && len(lower) == len(text) {
			text, lower = text[:i], lower[:i]
		}
	}
	return strings.Trim(text, " ,|·•-–")
}

// paired is the date of appearance in a line that goes on to one of change.
func (p *page) paired() stamp {
	for _, l := range p.lines {
		dates := datePattern.FindAllStringIndex(l.text, 2)
		if len(dates) == 0 || p.captioned(l.at) {
			continue
		}
		s := newStamp("published", "visible", strings.Trim(l.text[dates[0][0]:dates[0][1]], marksOfDate), true)
		if s.clock && !isChange(l.text[:dates[0][0]]) && isChange(l.text[dates[0][1]:]) && p.standing(l.at) < atTop {
			return s
		}
	}
	return stamp{}
}

// isChange reports words before a date that say that it is of a change.
func isChange(before string) bool {
	before = strings.ToLower(before)
	at := -1
	for _, w := range creditWords["updated"] {
		at = max(at, strings.LastIndex(before, w))
	}
	if at < 0 {
		return false
	}
	for _, w := range creditWords["published"] {
		if strings.LastIndex(before, w) > at+1 {
			return false
		}
	}
	return true
}

// modifiedStamps say when the article was changed.
func (p *page) modifiedStamps() []stamp {
	var out []stamp
	for _, raw := range p.ld.texts("dateModified") {
		out = append(out, newStamp("dateModified", "json-ld dateModified", raw, false))
	}
	for _, c := range p.metas(modifiedMetas...) {
		out = append(out, newStamp("article:modified_time", c.witness, c.value, false))
	}
	p.moments(`[itemprop~="dateModified"], [property~="dateModified"], .hentry .updated, .dt-updated, time`, true, func(_ int, raw string) {
		if len(raw) < 100 && len(out) < maxValues {
			out = append(out, newStamp("dateModified", "markup", raw, true))
		}
	})
	for _, s := range p.lineStamps(true) {
		s.field = "dateModified"
		out = append(out, s)
	}
	return out
}

// believed puts first the stamp that says most exactly when the article
// appeared: the first strong one with a time of day, and in place of one
// without a zone its like that has one.
func believed(list []stamp, rule string) ([]stamp, string) {
	best := -1
	for i, s := range list {
		if s.timed() && !s.weak {
			best = i
			break
		}
	}
	if best < 0 {
		day := time.Time{}
		for _, s := range list {
			if !s.weak && !s.wall.IsZero() {
				day = s.wall
				break
			}
		}
		for i, s := range list {
			if s.timed() && (day.IsZero() || s.wall.IsZero() || s.wall.Sub(day).Abs() < 36*time.Hour) {
				best, rule = i, "the first with a time of day; no stronger witness has one"
				break
			}
		}
	}
	if best < 0 {
		return list, rule
	}
	if zoned := zonedLike(list, list[best]); zoned >= 0 {
		best, rule = zoned, "the same moment as "+list[best].witness+", with its zone"
	}
	out := append([]stamp{list[best]}, list[:best]...)
	return append(out, list[best+1:]...), rule
}

// zonedLike is the stamp that says the same moment as s with a zone: the same
// time on the clock, or the same minute and second a whole zone apart. A zone
// other than UTC was written on purpose; Z often was not.
func zonedLike(list []stamp, s stamp) int {
	if s.wall.IsZero() || s.zone != nil && *s.zone != 0 {
		return -1
	}
	for i, other := range list {
		if other.zone == nil || !other.clock || s.zone != nil && *other.zone == 0 {
			continue
		}
		if other.wall.Truncate(time.Minute).Equal(s.wall.Truncate(time.Minute)) {
			return i
		}
	}
	if s.zone != nil || s.wall.Second() == 0 {
		return -1
	}
	for i, other := range list {
		apart := other.wall.Sub(s.wall)
		if other.zone != nil && other.clock && apart.Abs() <= 14*time.Hour && apart%(15*time.Minute) == 0 {
			return i
		}
	}
	return -1
}
