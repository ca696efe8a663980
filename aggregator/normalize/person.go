package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A nameRule reads a text that should be a name.
type nameRule = rule[func(*candidate) outcome]

// person adds a name, told from bodies, jobs and noise.
func (seg segment) person(out *Line, n name) {
	(&candidate{n, seg, out}).ask(nameRules)
}

// nameRules read what should be a name: what it is at a glance, what stands before
// and behind it, and what is left.
func nameRules(yield func(nameRule) bool) {
	each(yield, []nameRule{
		{"a name that means nothing else", "Ann Lee — Reuters", (*candidate).plainName},
		{"what stands for a name in examples", "Example Author", (*candidate).standIn},
		{"bodies of one kind that an \"and\" joins", "The Dutch and Belgian foreign ministries", (*candidate).jointBody},
		{"a given name before a word that is a family name too", "Ed Chief", (*candidate).namesake},
		{"the heading of what tells about an author", "About Ann Lee", (*candidate).headed},
		{"brackets or a place before a name", "Z Brukseli Grzegorz Bąk", (*candidate).placeBefore},
		{"a paper behind a Korean name", "김철수 중앙일보 기자", (*candidate).paperBeside},
		{"a paper behind people", "Ionuț Pop, Libertatea", (*candidate).paperBehind},
		{"a paper that we do not know behind people", "Ann Lee | The Harbour Thunderer", (*candidate).paperUnknown},
		{"the label of a date behind a name", "Роман Кулик Дата публікації:", (*candidate).dateLabel},
		{"a Vietnamese name behind the word for a source", "Theo Nguyễn Văn Nam", (*candidate).cited},
		{"a job or desk beside a name in Japanese", "フリーライター・西園寺まどか", (*candidate).labelJapanese},
		{"a place before a name in Japanese", "ワシントン西田進一郎", (*candidate).placeJapanese},
		{"a place before an agency in Japanese", "ロンドン共同", (*candidate).placedAgency},
		{"the marks of a title in Chinese", "《南方周末》", (*candidate).marked},
		{"the name of an account before a body", "Webmaster Harbour Online", (*candidate).accountBefore},
		{"an outlet", "Reuters", (*candidate).outlet},
		{"an outlet written on to a name in Chinese", "新华社王小明", (*candidate).outletGlued},
		{"a name before its school and a job in Chinese", "王文中国人民大学研究院院长", (*candidate).schoolGlued},
		{"a label and its colon", "Jane Doe: Opinion", (*candidate).labelled},
		{"an article before an outlet", "l'AFP", (*candidate).articled},
		{"a title before a name", "Dr. Jane Poe", (*candidate).titled},
		{"a preposition before an outlet", "da Reuters", (*candidate).fromOutlet},
		{"an outlet that we do not know behind its preposition", "via HarbourTalk", (*candidate).viaOutlet},
		{read: (*candidate).besideJob},
		{"an outlet behind a name", "Bradford Betz Fox News", (*candidate).outletBehind},
		{"a title behind a job", "Jane Doe PhD candidate", (*candidate).titled},
		{"a word that names nobody", "Le and Ann Lee", (*candidate).nobody},
		{"an outlet behind what tells of one", "Theo TTXVN", (*candidate).outlet},
		{"a job in place of a name", "Jonas Valle – Repórter Agência Brasil", (*candidate).job},
		{"a body", "Editorial Board", (*candidate).body},
		{"a place or a day", "Seoul", (*candidate).placeOrDay},
		{"a figure", "Ann Lee; 7sur7 sport", (*candidate).figure},
		{"an and that nothing stands before", "Text und Musik von Franz Berger", (*candidate).halved},
		{"a family name that tells where its house stood", "Urs im Hof", (*candidate).housed},
		{"a name that a sentence follows", "Ann Lee covers the harbour", (*candidate).sentence},
		{"a name", "Anaïs Oddsdóttir-Poe", (*candidate).file},
	})
}

// each asks for rule after rule.
func each[R any](yield func(R) bool, rules []R) {
	for _, r := range rules {
		if !yield(r) {
			return
		}
	}
}

// file adds the candidate as a person.
func (c *candidate) file() outcome {
	c.segment.named(c.out, c.text, c.affiliation)
	return done
}

// fileBody adds the candidate as an organization.
func (c *candidate) fileBody() outcome {
	c.segment.organization(c.out, c.text)
	return done
}

func (c *candidate) plainName() outcome {
	if !c.plain {
		return pass
	}
	return c.file()
}

func (c *candidate) standIn() outcome {
	if !isStandIn(c.text) {
		return pass
	}
	c.affiliation = ""
	return c.file()
}

func (c *candidate) jointBody() outcome {
	if !isJoint(c.text) {
		return pass
	}
	return c.fileBody()
}

// isJoint reports several bodies of one kind, which their first word says, or the last:
// "The Departments of State and Defense".
func isJoint(text string) bool {
	if strings.Count(text, " ") < 2 || strings.ContainsAny(text, ",;/|:") {
		return false
	}
	if word, rest, ok := strings.Cut(text, " "); ok && in(articles(), word) {
		text = rest
	}
	if !in(jointBodies(), firstWord(text)) && !in(jointBodies(), lastWord(text)) {
		return false
	}
	words := strings.Fields(text)
	return len(words) > 2 && slices.ContainsFunc(words[1:len(words)-1], isAnd)
}

// headed takes what heads a box about an author from before the name.
func (c *candidate) headed() outcome {
	for _, about := range abouts() {
		if len(c.text) <= len(about) || c.text[len(about)] != ' ' || !strings.EqualFold(c.text[:len(about)], about) {
			continue
		}
		if name := c.text[len(about)+1:]; strings.Contains(name, " ") && unicode.IsUpper(firstRune(name)) && isTitled(name) && !isBody(c.text) {
			return c.becomes(name)
		}
	}
	return pass
}

func (c *candidate) namesake() outcome {
	if c.affiliation != "" || !isNamesake(c.text) {
		return pass
	}
	return c.file()
}

func (c *candidate) placeBefore() outcome {
	return c.becomes(withoutOpeningPlace(strings.Trim(c.text, " 　()（）[]【】")))
}

func (c *candidate) paperBeside() outcome {
	if c.affiliation == "" || !isHangul(firstRune(c.text)) || strings.Count(c.text, " ") > 1 {
		return pass
	}
	paper := firstWord(c.affiliation)
	if !isOutlet(paper) {
		return pass
	}
	c.segment.body(c.out, paper)
	return took
}

func (c *candidate) paperBehind() outcome {
	if !c.paper || len(c.out.People) == 0 {
		return pass
	}
	c.segment.body(c.out, c.text)
	return done
}

// jobOfBeat reports a job and what it is about, and nothing beside: "City Reporter".
func jobOfBeat(words []string) bool {
	n := len(words) - 1
	return isJobWord(words[n]) && !slices.ContainsFunc(words[:n], func(w string) bool { return !isBeatWord(w) && !isJobWord(w) })
}

// paperUnknown credits what has the article of a paper's name behind people, or the
// last word of one where it stands by itself.
func (c *candidate) paperUnknown() outcome {
	words := strings.Fields(c.text)
	n := len(words)
	fronted := n > 2 && slices.Contains(paperFronts(), words[0])
	alone := n > 1 && c.text == c.segment.text && in(papers(), words[n-1]) && !in(givenNames(), words[0])
	if !fronted && (!alone || jobOfBeat(words)) || !c.out.names(c.segment.role) || !isTitled(c.text) {
		return pass
	}
	c.segment.body(c.out, c.text)
	return done
}

func (c *candidate) dateLabel() outcome { return c.becomes(withoutDateLabel(c.text)) }

func (c *candidate) cited() outcome {
	name, ok := citedName(c.text)
	if !ok {
		return pass
	}
	return c.becomes(name)
}

// labelJapanese takes a job, a desk or an outlet from before a name in Japanese,
// and a job from behind its colon.
func (c *candidate) labelJapanese() outcome {
	if !strings.ContainsFunc(c.text, unspaced) {
		return pass
	}
	for _, mark := range []string{"・", " ", "："} {
		label, name, ok := strings.Cut(c.text, mark)
		switch {
		case !ok:
		case isDeskJapanese(label) || noise()[label] || mark == "：" && isBody(label):
			c.text, c.affiliation = name, label
			c.labelJapanese()
			return took
		case mark == "・" && in(registry(), label).name != "":
			c.segment.body(c.out, label)
			c.text = name
			return took
		}
	}
	if name, beside, ok := besideJapanese(c.text); ok {
		c.text, c.affiliation = name, beside
		return took
	}
	return c.becomes(strings.TrimSuffix(c.text, suffixOf(c.text, others())))
}

// besideJapanese parts a name from a job behind its colon, 三浦瑠美：国際政治学者, or
// from a short word behind its blank that is no name, 奥山晶子 終活.
func besideJapanese(text string) (name, beside string, ok bool) {
	if name, job, ok := strings.Cut(text, "："); ok && (isDeskJapanese(job) || hanJob(job)) {
		return name, job, true
	}
	name, field, ok := strings.Cut(text, " ")
	return name, field, ok && hanFull(name) && japaneseName(name) && !hanFull(field) && !strings.Contains(field, " ") && !japaneseName(field)
}

// katakanaPlace is a place before the name of a Japanese correspondent.
var katakanaPlace = pattern(`^\p{Katakana}[\p{Katakana}ー]{2,8}(\p{Han}{3,6})$`)

func (c *candidate) placeJapanese() outcome {
	if !unspaced(lastRune(c.text)) {
		return pass
	}
	m := katakanaPlace.FindStringSubmatch(c.text)
	if m == nil || isHanDesk(m[1]) || familyKana(c.text) {
		return pass
	}
	return c.becomes(m[1])
}

// placedAgency files an agency that its place is written on to.
func (c *candidate) placedAgency() outcome {
	if !unspaced(firstRune(c.text)) || in(registry(), c.text).name != "" {
		return pass
	}
	for i := range c.text {
		if i > 0 && in(places(), c.text[:i]) && in(registry(), c.text[i:]).agency {
			c.text = c.text[i:]
			return c.fileBody()
		}
	}
	return pass
}

func (c *candidate) marked() outcome {
	inner, opens := strings.CutPrefix(c.text, "《")
	inner, shuts := strings.CutSuffix(inner, "》")
	if !opens || !shuts {
		return pass
	}
	c.text = inner
	return c.fileBody()
}

// accountBefore takes what names nobody from before a body.
func (c *candidate) accountBefore() outcome {
	word, rest, ok := strings.Cut(c.text, " ")
	if !ok || !endsNoise(word) || !isBody(rest) {
		return pass
	}
	return c.becomes(rest)
}

func (c *candidate) outlet() outcome {
	if in(registry(), c.text).name == "" && withoutStaff(c.text) == c.text {
		return pass
	}
	return c.fileBody()
}

// shortestSchool is how long a text is, in bytes, in which a school and a job are written
// on to a name in Chinese: ten signs. An outlet and a name have half of that.
const shortestSchool = 30

// outletGlued parts an outlet of three signs and more from a name that can be nothing
// else: 青网校园王小明.
func (c *candidate) outletGlued() outcome {
	if len(c.text) < shortestSchool/2 || !unspaced(firstRune(c.text)) {
		return pass
	}
	paper := agencyIn(c.text)
	name := c.text[len(paper):]
	if n := utf8.RuneCountInString(name); n < 2 || n > 3 || utf8.RuneCountInString(paper) < 3 || !surnames()[firstRune(name)] || !allHan(name) {
		return pass
	}
	if isBody(c.text) || isHanDesk(c.text) || isBody(name) || hanJob(name) || isJobWord(name) || isBeatWord(name) || isHanLabel(name) || in(places(), name) {
		return pass
	}
	c.segment.body(c.out, paper)
	return c.becomes(name)
}

// schoolFronts open the names of schools and institutes, as places do.
var schoolFronts = ends("school-front")

// schoolGlued parts a name from what is written on to it: a school or an institute,
// and a job there.
func (c *candidate) schoolGlued() outcome {
	if len(c.text) < shortestSchool {
		return pass
	}
	runes := []rune(c.text)
	if len(runes) < 10 || !surnames()[runes[0]] || !allHan(c.text) || isOutlet(c.text) {
		return pass
	}
	for n := 2; n < 4; n++ {
		if rest := string(runes[n:]); (in(places(), string(runes[n:n+2])) || prefixOf(rest, schoolFronts()) != "") && ofSchool(rest) && hanJob(rest) {
			c.affiliation = rest
			return c.becomes(string(runes[:n]))
		}
	}
	return pass
}

// labelled parts a name from a work that we have no word for, a beat or an outlet.
func (c *candidate) labelled() outcome {
	label, name, ok := strings.Cut(c.text, ": ")
	switch {
	case !ok || len(strings.Fields(label)) > 3:
		return pass
	case isBeatWord(name), uncased(name) && writesAs(name):
		return c.becomes(label)
	case uncased(label) && strings.Contains(label, " ") && isOutlet(name) && !isBody(label) && !in(places(), label): // "ทศพล หงษ์ทอง : สำนักข่าวอิศรา"
		c.segment.body(c.out, name)
		return c.becomes(strings.TrimSpace(label))
	}
	return c.becomes(name)
}

func (c *candidate) articled() outcome {
	if article, rest, ok := strings.Cut(c.text, " "); ok && in(articles(), article) && acronym(rest) && in(registry(), rest).name != "" { // "Jane Doe and the AP"
		return c.becomes(rest)
	}
	article := prefixOf(lowered(c.text), elided())
	if article == "" || !isOutlet(c.text[len(article):]) {
		return pass
	}
	return c.becomes(c.text[len(article):])
}

// titled takes titles and degrees from around a name, but for one that was turned
// round: what opens it is no title.
func (c *candidate) titled() outcome {
	if c.turned {
		return pass
	}
	name := trimTitles(c.text)
	if !strings.Contains(name, " ") && in(bodyWords(), name) { // "Mac Blog"
		return pass
	}
	return c.becomes(name)
}

func (c *candidate) fromOutlet() outcome {
	word, rest, ok := strings.Cut(c.text, " ")
	if !ok || allUpper(word) || !in(outletAts(), word) || !isBody(rest) {
		return pass
	}
	return c.becomes(rest)
}

// viaOutlet credits what stands behind a word for a channel, unless a given name says
// that it is a person.
func (c *candidate) viaOutlet() outcome {
	word, rest, ok := strings.Cut(c.text, " ")
	switch {
	case !ok || !isLowerWord(word) || !in(vias(), word) || !isTitled(rest) || len(strings.Fields(rest)) > 3:
		return pass
	case in(givenNames(), firstWord(rest)) && strings.Contains(rest, " "):
		return c.becomes(rest)
	}
	c.segment.body(c.out, rest)
	return done
}

// longestPerson is the longest name, in runes, that a person has.
const longestPerson = 80

func (c *candidate) nobody() outcome {
	folded := fold(c.text)
	beat := beats()[folded] && !strings.Contains(c.text, " ") && len(c.text) > 3
	if c.text == "" || beat || endsNoise(c.text) || noise()[folded] || articles()[folded] || nameless(c.text) || !strings.ContainsFunc(c.text, unicode.IsLetter) || utf8.RuneCountInString(c.text) > longestPerson {
		return done
	}
	return pass
}

// endsNoise reports one word that ends as the names of accounts do: "siteadmin".
func endsNoise(w string) bool {
	return ascii(w) && !strings.Contains(w, " ") && slices.ContainsFunc(noiseEnds(), func(end string) bool {
		return len(w) >= len(end) && strings.EqualFold(w[len(w)-len(end):], end)
	})
}

// job tells the people before it their job, and the outlet that it is at.
func (c *candidate) job() outcome {
	if !jobAlone(c.text) {
		return pass
	}
	c.segment.affiliate(c.out, c.text)
	if body := outletAtEnd(c.text); body != "" && c.out.names(news.Author) {
		c.segment.body(c.out, body)
	}
	return done
}

// jobAlone reports a job where a name should be.
func jobAlone(text string) bool {
	switch {
	case in(jobs(), text):
		return true
	case hanJob(text):
		return prefixOf(text, are()) != "" || (utf8.RuneCountInString(text) > 6 || ofSchool(text)) && !isOutlet(text)
	}
	return isJob(text) && !in(bodyWords(), lastWord(text))
}

func (c *candidate) body() outcome {
	letters := acronym(c.text) && (c.segment.role == news.Author || c.segment.role == news.Photographer)
	if !letters && !isBody(c.text) && !isHanDesk(c.text) && !koreanDesks()[c.text] {
		return pass
	}
	return c.fileBody()
}

func (c *candidate) placeOrDay() outcome {
	if in(places(), c.text) || isWeekday(c.text) || hebrewYear(c.text) {
		return done
	}
	return pass
}

func (c *candidate) figure() outcome {
	if unicode.IsDigit(firstRune(c.text)) || isHangul(firstRune(c.text)) && strings.ContainsAny(c.text, "0123456789") {
		return done
	}
	return pass
}

// halved knows the second half of what an "and" joins, which no person is: "und Musik von
// Franz Berger".
func (c *candidate) halved() outcome {
	if word, _, more := strings.Cut(c.text, " "); more && isLowerWord(word) && isAnd(word) && !strings.HasSuffix(word, ".") { // not "a. Zhang"
		return done
	}
	return pass
}

// housed files a name whose family was called after where it lived.
func (c *candidate) housed() outcome {
	if !housed(strings.Fields(c.text)) {
		return pass
	}
	return c.file()
}

// housed reports given names, a small word that ties, and one word behind it that is
// neither a place, a day nor what people are at: "Urs im Hof", but not "Urs im Gespräch".
func housed(words []string) bool {
	n := len(words)
	if n < 3 {
		return false
	}
	tie := n - 2
	if n > 3 && in(familyTies(), words[tie-1]+" "+words[tie]) { // "auf der"
		tie--
	}
	last := words[n-1]
	if tie > 2 || !in(familyTies(), strings.Join(words[tie:n-1], " ")) || !allGiven(words[:tie]) {
		return false
	}
	return capitalised(last) && !in(tiedNouns(), last) && !in(places(), last) && !isWeekday(last) && !isMonth(last) && !isBody(last)
}

func (c *candidate) sentence() outcome {
	name := nameIn(c.text)
	if name == "" {
		return done
	}
	return c.becomes(name)
}

// nameless reports marks that no name holds, and the end of a dispatch.
func nameless(text string) bool {
	last := lastRune(text)
	return strings.ContainsAny(text, ":：《》") || unspaced(last) && hanEnd.MatchString(text)
}

var hanEnd = pattern(`(?:\d{1,2}{date/zh}(?:{dispatch}|{bulletin})|{report})$`)

// nameIn is the name that opens a text which may go on as a sentence; empty
// where none does.
func nameIn(text string) string {
	words := strings.Fields(text)
	cased := strings.ContainsFunc(text, unicode.IsUpper)
	switch i := smallAt(words); {
	case i == 0 || !cased: // a pen name in small letters, or a script without capitals
	case i == 1:
		return ""
	case !isPenName(words[i:]):
		words = words[:i]
	}
	last := words[len(words)-1]
	cut := cased && len(words) > 1 && isLowerWord(last) && in(particles(), last) && !isInitial(last) // "Mit Material der"
	if cut || len(words) > 6 && countNames(words) > 5 || len(words) > 2 && isSentence(text) {
		return ""
	}
	return strings.Join(words, " ")
}

// smallAt is the first word, behind one, in small letters that belongs to no name; 0
// where none does.
func smallAt(words []string) int {
	for i, w := range words {
		if i == 0 || !isLowerWord(w) || in(particles(), w) || isInitial(w) || isSuffix(w) || i+1 < len(words) && in(particles(), w+" "+words[i+1]) {
			continue
		}
		return i
	}
	return 0
}

// countNames counts the words of a name that are no particles, in capitals as well:
// "María de los Ángeles Peña y Lillo" has four.
func countNames(words []string) int {
	n := 0
	shouted := !slices.ContainsFunc(words, func(w string) bool { return !isCapitals(w) })
	for _, w := range words {
		if !isLowerWord(w) && !(shouted && in(particles(), w)) {
			n++
		}
	}
	return n
}

// isPenName reports words that end a title rather than a sentence: "First Dog
// on the Moon".
func isPenName(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return isLowerWord(w) && !in(links(), w) }) && !isLowerWord(words[len(words)-1])
}

// isSentence reports words of a script with capitals that have none.
func isSentence(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLower) && !strings.ContainsFunc(s, unicode.IsUpper)
}

// hebrewYear reports a date of the Hebrew calendar by its year: תשפ"ד.
func hebrewYear(s string) bool {
	year := lastWord(s)
	return prefixOf(year, hebrewYears()) != "" && acronym(year)
}
