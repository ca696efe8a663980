package normalize

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

//go:embed data/roles.tsv
var roleTable string

//go:embed data/noise.tsv
var noiseTable string

// A roleWord is a phrase that opens or closes a name and says what it did.
type roleWord struct {
	phrase string
	role   news.Role
	colon  bool // only with a colon behind it
	after  bool // stands behind the name
}

var roleWords = func() []roleWord {
	var out []roleWord
	for _, row := range table(roleTable) {
		w := roleWord{role: news.Role(row[0]), phrase: row[2]}
		w.colon = strings.HasSuffix(w.phrase, ":")
		w.phrase = strings.TrimSuffix(w.phrase, ":")
		if rest, ok := strings.CutPrefix(w.phrase, "…"); ok {
			w.phrase, w.after = rest, true
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b roleWord) int { return len(b.phrase) - len(a.phrase) })
	return out
}()

// noise is what sites write where a name belongs; titles and degrees go from
// beside a name (ruling 3); jobs and beats are what a name may carry behind it.
var noise, titles, degrees, jobs, beats = func() (n, t, d, j, b map[string]bool) {
	n, t, d, j, b = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	kinds := map[string]map[string]bool{"noise": n, "title": t, "degree": d, "job": j, "beat": b}
	for _, row := range table(noiseTable) {
		if set := kinds[row[0]]; set != nil {
			for _, word := range strings.Split(row[1], "|") {
				set[word] = true
			}
		}
	}
	return n, t, d, j, b
}()

// A Line is a printed byline taken apart.
type Line struct {
	People []news.Person
	Credit string // the agency or outlet named beside the people
}

// Byline takes a printed line apart. role is what its people did where the
// line does not say.
func Byline(line string, role news.Role) Line {
	var out Line
	line = strings.ReplaceAll(tidy(line), "\u200b", "")
	for _, part := range segments(line) {
		part.read(&out, role)
	}
	return out
}

// A segment is a part of a line with one role.
type segment struct {
	text string
	role news.Role // empty where the line does not say
}

var segmentBreak = regexp.MustCompile(`\s*[|¦•]\s*|\s+·\s+|\s*;\s*|\s+[—–]\s+|\s{2,}`)

// segments parts a line where bars, semicolons or role words part it.
func segments(line string) []segment {
	line = strings.TrimSpace(line)
	if inner, ok := parenthesised(line); ok && strings.ContainsAny(inner, "; ") {
		if _, role, _ := cutRole(inner); role != "" {
			line = inner
		}
	}
	var out []segment
	for _, text := range segmentBreak.Split(line, -1) {
		for _, piece := range splitAtRoles(text) {
			if text, role, _ := cutRole(strings.TrimSpace(piece)); text != "" {
				out = append(out, segment{text: text, role: role})
			}
		}
	}
	return out
}

func parenthesised(s string) (string, bool) {
	for _, pair := range []string{"()", "（）", "【】", "[]"} {
		open, end := []rune(pair)[0], []rune(pair)[1]
		r, n := utf8.DecodeRuneInString(s)
		last, m := utf8.DecodeLastRuneInString(s)
		if r == open && last == end && !strings.ContainsRune(s[n:len(s)-m], open) {
			return s[n : len(s)-m], true
		}
	}
	return s, false
}

// splitAtRoles parts "作者：甲 责任编辑：乙" before each role word that ends in a
// colon, and "Ann Lee edited by Bob Roy" before those that end in "by". Of role
// words that overlap the longest counts.
func splitAtRoles(s string) []string {
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		return []string{s}
	}
	var found [][2]int
	for _, w := range roleWords { // longest first
		if w.after || len(w.phrase) < 2 {
			continue
		}
		for from := 0; ; {
			i := strings.Index(lower[from:], w.phrase)
			if i < 0 {
				break
			}
			i += from
			from = i + len(w.phrase)
			overlaps := slices.ContainsFunc(found, func(f [2]int) bool { return i < f[1] && from > f[0] })
			if !overlaps && boundary(s, i) && (opens(w.phrase) || colonAt(lower[from:])) {
				found = append(found, [2]int{i, from})
			}
		}
	}
	slices.SortFunc(found, func(a, b [2]int) int { return a[0] - b[0] })
	var out []string
	start := 0
	for _, f := range found {
		if f[0] > start {
			out = append(out, s[start:f[0]])
			start = f[0]
		}
	}
	return append(out, s[start:])
}

// opens reports role words that need no colon in the middle of a line.
func opens(phrase string) bool {
	return strings.Contains(phrase, " ") && (strings.HasSuffix(phrase, " by") || strings.HasSuffix(phrase, " from"))
}

func colonAt(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：")
}

// boundary reports a place where a word may begin.
func boundary(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	here, _ := utf8.DecodeRuneInString(s[i:])
	return !unicode.IsLetter(before) || unspaced(here)
}

// cutRole takes a role word from the front or the back of a name.
func cutRole(s string) (rest string, role news.Role, worded bool) {
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		lower = s
	}
	for _, w := range roleWords {
		if w.after {
			if body, ok := strings.CutSuffix(lower, w.phrase); ok && body != "" {
				return strings.TrimSpace(s[:len(body)]), w.role, true
			}
			continue
		}
		body, ok := strings.CutPrefix(lower, w.phrase)
		if !ok || body == "" {
			continue
		}
		trimmed := strings.TrimLeft(body, " ")
		colon := strings.HasPrefix(trimmed, ":") || strings.HasPrefix(trimmed, "：")
		r, _ := utf8.DecodeRuneInString(body)
		if w.colon && !colon || !colon && unicode.IsLetter(r) && !unspaced(r) {
			continue
		}
		text := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(s[len(s)-len(trimmed):]), ":："))
		if _, more, ok := cutRole(text); ok && more != "" && w.role == news.Author {
			return cutRoleText(text), more, true
		}
		return text, w.role, true
	}
	return s, "", false
}

func cutRoleText(s string) string { rest, _, _ := cutRole(s); return rest }

var (
	mailPattern  = regexp.MustCompile(`<?\(?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\)?>?`)
	urlPattern   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	handle       = regexp.MustCompile(`(?:^|\s|\()@\w+\)?`)
	parenthesis  = regexp.MustCompile(`\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*`)
	clockPattern = regexp.MustCompile(`\b\d{1,2}:\d{2}\b.*$`)
	dashCredit   = regexp.MustCompile(`^(.*\S)\s+[-—–]+\s+(\S.*)$`)
	forOutlet    = regexp.MustCompile(`(?i)^(.*\S),?\s+(?:for|via|of)\s+(?:the\s+)?(\S.*)$`)
	inPlace      = regexp.MustCompile(`^(.*?\S)\s+(?:in|à|em|aus|från|at)\s+(\p{Lu}[\p{L}.' -]+(?:,\s\p{Lu}[\p{L}. ]+)?)$`)
	enPlace      = regexp.MustCompile(`^(.*?\S)\s+en\s+(\p{Lu}[\p{L}.'-]+)$`)
	whenDated    = regexp.MustCompile(`(?i)[\s,|–—-]*\b(?:\d{1,2}\.?\s+(?:de\s+)?)?(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?,?\s+\d{1,4}\b.*$`)
	figures      = regexp.MustCompile(`[\s,|–—-]*\b\d{4}\s?[-/年.]\s?\d{1,2}.*$`)
	posted       = regexp.MustCompile(`(?i)[\s,|–—-]*\b(?:published|updated|posted|last modified|\d+ (?:min|minutes|hours|days) ago)\b.*$`)
	spoken       = regexp.MustCompile(`电\s?[（(]\s?(?:本报|本网)?(?:记者|通讯员)\s?([^（()）]{2,40})[)）]`)
	startsDigit  = regexp.MustCompile(`^\d`)
)

// read adds the people of one segment.
func (seg segment) read(out *Line, fallback news.Role) {
	role := seg.role
	if role == "" {
		role = fallback
	}
	text := seg.text
	mail := ""
	if m := mailPattern.FindStringSubmatch(text); m != nil {
		mail = m[1]
		text = strings.TrimSpace(strings.Replace(text, m[0], " ", 1))
		if inner, ok := parenthesised(text); ok {
			text = inner
		}
	}
	text = urlPattern.ReplaceAllString(text, "")
	text = handle.ReplaceAllString(text, "")
	text = clockPattern.ReplaceAllString(text, "")
	text = posted.ReplaceAllString(figures.ReplaceAllString(whenDated.ReplaceAllString(text, ""), ""), "")
	text = strings.Trim(seg.outletsOut(text, out, role), " ,;:|/-–—。，、.")
	if role == "source" {
		if name := Outlet(text); name != "" {
			out.Credit = name
		}
		return
	}
	if role == "helper" {
		role = news.Contributor
	}
	before := len(out.People)
	for _, name := range names(text) {
		seg.person(out, name, role)
	}
	if mail != "" && len(out.People) == before+1 {
		out.People[before].Email = mail
	}
}

// outletsOut takes agencies in parentheses, behind a slash or after "for" out
// of a segment, to be the credit.
func (seg segment) outletsOut(text string, out *Line, role news.Role) string {
	for _, m := range parenthesis.FindAllStringSubmatch(text, -1) {
		if role == news.Author || role == "source" || role == news.Photographer {
			if o := registry[fold(m[1])]; o.name != "" {
				seg.body(out, m[1], role)
			}
		}
		text = strings.Replace(text, m[0], " ", 1)
	}
	if m := forOutlet.FindStringSubmatch(text); m != nil && isBody(m[2]) {
		seg.body(out, m[2], role)
		text = m[1]
	}
	if m := dashCredit.FindStringSubmatch(text); m != nil && registry[fold(m[2])].name != "" {
		seg.body(out, m[2], role)
		text = m[1]
	}
	if m := inPlace.FindStringSubmatch(text); m != nil && !strings.ContainsAny(m[1], ",") && len(conjunctions.Split(m[2], -1)) == 1 && len(conjunctions.Split(m[1], -1)) == 1 {
		text = m[1]
	}
	return strings.TrimSpace(text)
}

// body files an outlet named beside people: the credit of copy, never that of
// a picture (ruling 7).
func (seg segment) body(out *Line, name string, role news.Role) {
	if role != news.Photographer && out.Credit == "" {
		out.Credit = tidy(name)
	}
}

// person adds a name, told from bodies and noise.
func (seg segment) person(out *Line, name string, role news.Role) {
	if m := inPlace.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	name = withoutJob(trimTitles(strings.Trim(name, " 　()（）[]【】")))
	folded := fold(name)
	switch {
	case name == "" || noise[folded] || !strings.ContainsFunc(name, unicode.IsLetter) || startsDigit.MatchString(name) || utf8.RuneCountInString(name) > 80:
		return
	case isBody(name):
		seg.organization(out, name, role)
		return
	case isJob(folded):
		return
	case len(strings.Fields(name)) > 6:
		return
	}
	p := news.Person{Name: NameCase(name), Role: role}
	for _, have := range out.People {
		if fold(have.Name) == fold(p.Name) && have.Role == role {
			return
		}
	}
	out.People = append(out.People, p)
}

func (seg segment) organization(out *Line, name string, role news.Role) {
	known := registry[fold(name)]
	hasPerson := slices.ContainsFunc(out.People, func(p news.Person) bool { return p.Role == role && !p.Organization })
	if known.name != "" && role == news.Author && out.Credit == "" && (known.agency || hasPerson) {
		out.Credit = name
	}
	if hasPerson && role == news.Author {
		return
	}
	out.People = append(out.People, news.Person{Name: name, Role: role, Organization: true})
}

// withoutJob takes a job and its beat from behind a name: "Jason Burke Africa
// correspondent" is Jason Burke.
func withoutJob(name string) string {
	words := strings.Fields(name)
	if len(words) < 3 || isBody(name) && registry[fold(name)].name != "" {
		return name
	}
	n := len(words)
	for n > 0 && jobs[fold(words[n-1])] || n > 2 && beats[fold(words[n-1])] {
		n--
	}
	if n >= 2 {
		return strings.Join(words[:n], " ")
	}
	return name
}

// isJob reports a beat or a job title in place of a name.
func isJob(folded string) bool {
	if jobs[folded] {
		return true
	}
	words := strings.Fields(folded)
	return len(words) > 1 && len(words) < 6 && jobs[words[len(words)-1]]
}

var single = map[string]bool{"johnson & johnson": true, "marks & spencer": true, "procter & gamble": true, "at&t": true}

// conjunctions part two names.
var conjunctions = regexp.MustCompile(`(?i)\s+(?:and|und|et|og|och|ja|ve|dan|và|и|та|&|\+|with|avec|mit|con)\s+|\s+و\s*|\s+और\s+|\s+및\s+|、|;|\s*/\s*|，`)

// letterAnds part names only between whole names: "Ortega y Gasset" is one.
var letterAnds = regexp.MustCompile(`\s+(?:y|e|i|a|és|kai|και)\s+`)

// names parts a text that holds names only.
func names(text string) []string {
	if single[strings.ToLower(text)] {
		return []string{text}
	}
	if strings.Contains(text, "·") && strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
		text = strings.ReplaceAll(text, "·", "、") // a Western name in Chinese has one inside
	}
	if m := enPlace.FindStringSubmatch(text); m != nil {
		text = m[1]
	} else {
		text = strings.ReplaceAll(text, " en ", " & ") // Dutch
	}
	var out []string
	for _, part := range conjunctions.Split(text, -1) {
		for _, piece := range splitLetterAnd(part) {
			out = append(out, commas(piece)...)
		}
	}
	for i := range out {
		out[i] = strings.Trim(out[i], " ,;:|-–—。.*\"“”")
		if strings.HasSuffix(strings.TrimSpace(text), "Jr.") && i == len(out)-1 || initialEnd(text, out[i]) {
			out[i] += "."
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// initialEnd reports a name whose last initial or suffix lost its full stop.
func initialEnd(text, name string) bool {
	if name == "" || !strings.Contains(text, name+".") {
		return false
	}
	words := strings.Fields(name)
	last := words[len(words)-1]
	return len(words) > 1 && (utf8.RuneCountInString(last) == 1 || last == "Sr" || last == "Jr" || strings.Contains(last, "."))
}

func splitLetterAnd(s string) []string {
	parts := letterAnds.Split(s, -1)
	for _, p := range parts {
		if len(strings.Fields(p)) < 2 {
			return []string{s}
		}
	}
	return parts
}

// commas parts at commas, turns "Doe, Jane" round and leaves out what stands
// behind a comma and is no name.
func commas(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if pairs, ok := turned(parts); ok {
		return pairs
	}
	var out []string
	for i, p := range parts {
		if i > 0 && degrees[strings.ToLower(strings.ReplaceAll(p, ".", ""))] {
			continue
		}
		if i > 0 && (suffix(p) && len(out) > 0) {
			out[len(out)-1] += " " + p
			continue
		}
		out = append(out, p)
	}
	return out
}

// turned turns "Doe, Jane" round, and "Doe, Jane, Roe, Richard" where every
// part is one half of such a name.
func turned(parts []string) ([]string, bool) {
	if len(parts)%2 != 0 {
		return nil, false
	}
	var out []string
	for i := 0; i < len(parts); i += 2 {
		if !inverted(parts[i], parts[i+1]) {
			return nil, false
		}
		out = append(out, parts[i+1]+" "+parts[i])
	}
	return out, true
}

func suffix(s string) bool {
	switch strings.ToLower(strings.TrimRight(s, ".")) {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

// inverted reports "Doe" and "Jane" of "Doe, Jane".
func inverted(family, given string) bool {
	f, g := strings.Fields(family), strings.Fields(given)
	if len(f) == 0 || len(g) == 0 || len(g) > 2 || suffix(given) || isBody(given) || isBody(family) || degrees[strings.ToLower(strings.ReplaceAll(given, ".", ""))] || isJob(fold(given)) {
		return false
	}
	if len(f) > 1 && !particles[strings.ToLower(f[0])] {
		return false
	}
	return len(f) <= 3 && unicode.IsUpper([]rune(given)[0])
}

// trimTitles takes titles and degrees from a name (ruling 3). Those that are
// names as well count only as they are written for it: "M." and "MA", not "Ma".
func trimTitles(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 {
		bare := strings.TrimRight(words[0], ".")
		if !titles[strings.ToLower(bare)] && !(bare != words[0] && titles[strings.ToLower(words[0])]) || len(words) > 2 && isInitial(words[0]) && isInitial(words[1]) {
			break
		}
		words = words[1:]
	}
	for len(words) > 1 {
		last := words[len(words)-1]
		bare := strings.ReplaceAll(last, ".", "")
		if !degrees[strings.ToLower(bare)] || bare == last && bare != strings.ToUpper(bare) && bare != "PhD" && bare != "MSc" && bare != "BSc" {
			break
		}
		if strings.ToUpper(name) == name && bare == last { // all capitals tell nothing
			break
		}
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func isInitial(w string) bool { return len([]rune(strings.TrimRight(w, "."))) == 1 }

// bylineOf gathers the people of an item: its fields, its lines of credits,
// and the byline in its text; the same person told several times is one.
func bylineOf(src news.Source, feed *parse.Feed, it parse.Item, text string) (news.Byline, string) {
	var b news.Byline
	credit := ""
	add := func(line Line) {
		for _, p := range line.People {
			b.People = merge(b.People, p)
		}
		if credit == "" {
			credit = line.Credit
		}
	}
	persons := it.People
	if !slices.ContainsFunc(persons, authored) {
		persons = append(persons[:len(persons):len(persons)], feedAuthors(feed, src)...)
	}
	for _, p := range persons {
		role := fieldRole(p)
		if role == "" {
			continue
		}
		line := Byline(Text(p.Name, parse.Unstated), role)
		if len(line.People) == 1 {
			line.People[0].Email = firstText(line.People[0].Email, p.Email)
			line.People[0].URL = Link(p.URL)
		}
		if b.Printed == "" && role == news.Author {
			b.Printed = Text(p.Name, parse.Unstated)
		}
		add(line)
	}
	for _, printed := range append(it.CreditLines, textLines(text)...) {
		if line, ok := creditLine(printed); ok {
			if b.Printed == "" && len(line.People) > 0 {
				b.Printed = tidy(printed)
			}
			add(line)
		}
	}
	b.People = settle(b.People, src)
	return b, credit
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func authored(p parse.Person) bool {
	return fieldRole(p) == news.Author && strings.TrimSpace(p.Name) != ""
}

// feedAuthors stand in for an item's own, but not those who keep the feed.
func feedAuthors(feed *parse.Feed, _ news.Source) []parse.Person {
	var out []parse.Person
	for _, p := range feed.Authors {
		if p.Field == "author" && feed.Format != "rss" {
			out = append(out, p)
		}
	}
	return out
}

// fieldRole is what a field says of who stands in it.
func fieldRole(p parse.Person) news.Role {
	switch p.Role {
	case "photographer", "photo", "photography":
		return news.Photographer
	case "author", "editor", "translator", "illustrator":
		return news.Role(p.Role)
	}
	switch p.Field {
	case "media:credit":
		return news.Photographer
	case "contributor":
		return news.Contributor
	case "managingEditor", "webMaster":
		return ""
	}
	return news.Author
}

// merge adds a person whom the list does not have in that role.
func merge(list []news.Person, p news.Person) []news.Person {
	for i, have := range list {
		if have.Role == p.Role && samePerson(have.Name, p.Name) {
			if utf8.RuneCountInString(p.Name) > utf8.RuneCountInString(have.Name) && !p.Organization {
				list[i].Name = p.Name
			}
			list[i].Email = firstText(have.Email, p.Email)
			list[i].URL = firstText(have.URL, p.URL)
			return list
		}
	}
	return append(list, p)
}

// samePerson reports two spellings of a name: equal but for case and accents,
// or one the other with an initial more.
func samePerson(a, b string) bool {
	fa, fb := fold(a), fold(b)
	if fa == fb {
		return true
	}
	wa, wb := strings.Fields(fa), strings.Fields(fb)
	return len(wa) > 1 && len(wb) > 1 && wa[0] == wb[0] && wa[len(wa)-1] == wb[len(wb)-1] && (len(wa) == 2 || len(wb) == 2)
}

// settle leaves bodies out where persons are named for the same role, and the
// source's own name where anybody else is.
func settle(list []news.Person, src news.Source) []news.Person {
	named := map[news.Role]bool{}
	for _, p := range list {
		if !p.Organization {
			named[p.Role] = true
		}
	}
	return slices.DeleteFunc(list, func(p news.Person) bool {
		return p.Organization && named[p.Role]
	})
}

// textLines are the first and last paragraphs where they are short enough to
// be lines of credits.
func textLines(contentHTML string) []string {
	if contentHTML == "" {
		return nil
	}
	var out []string
	if m := spoken.FindStringSubmatch(firstBlock(contentHTML)); m != nil {
		out = append(out, "记者："+m[1])
	}
	for _, p := range []string{firstBlock(contentHTML), lastBlock(contentHTML)} {
		if line := TextOf(p); line != "" && utf8.RuneCountInString(line) <= 120 {
			out = append(out, line)
		}
	}
	return out
}

// firstBlock is the first paragraph; pictures and their captions come before
// it at times.
func firstBlock(s string) string {
	i := strings.Index(s, "<p>")
	if i < 0 {
		return ""
	}
	s = s[i:]
	if i = strings.Index(s, "</p>"); i < 0 {
		return ""
	}
	return s[:i]
}

func lastBlock(s string) string {
	i := strings.LastIndex(s, "<p>")
	if i < 0 || !strings.HasSuffix(s, "</p>") {
		return ""
	}
	return s[i:]
}

// creditLine reads a visible line where it opens with a role word; text that
// merely begins with By is no byline (ruling 9).
func creditLine(line string) (Line, bool) {
	line = tidy(line)
	if inner, ok := parenthesised(line); ok {
		if o := registry[fold(inner)]; o.name != "" {
			return Line{Credit: inner}, true
		}
	}
	found := false
	for _, seg := range segments(line) {
		found = found || seg.role != ""
	}
	if !found {
		return Line{}, false
	}
	var out Line
	for _, seg := range segments(line) {
		if seg.role != "" && likelyNames(seg) {
			seg.read(&out, seg.role)
		}
	}
	return out, len(out.People) > 0 || out.Credit != ""
}

// likelyNames reports a segment that can hold nothing but names: short, each
// word with a capital, and in Han characters no part longer than a name.
func likelyNames(seg segment) bool {
	words := strings.Fields(seg.text)
	if len(words) > 14 || strings.ContainsAny(seg.text, "?!。“”\"") {
		return false
	}
	for part := range strings.FieldsFuncSeq(seg.text, func(r rune) bool { return strings.ContainsRune(" 、，,/;；", r) }) {
		if seg.role != "source" && !strings.Contains(part, "·") && utf8.RuneCountInString(part) > 5 && strings.ContainsFunc(part, unspaced) {
			return false
		}
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(r) && !particles[w] && !connects[w] {
			return false
		}
	}
	return true
}

// connects are the small words that may stand between names.
var connects = map[string]bool{"and": true, "for": true, "in": true, "und": true, "et": true, "y": true, "with": true, "en": true, "og": true, "och": true, "и": true, "via": true}
