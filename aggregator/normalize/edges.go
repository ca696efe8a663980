package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// edgeBlocks are how many paragraphs at each end of a text may hold credits.
const edgeBlocks = 3

// edges are the first and last paragraphs of a text, in its order; the summary
// stands in for a text that there is not.
func edges(contentHTML, summary string) (first, last []string) {
	e := edgesOf(contentHTML, summary)
	return e.first, e.last
}

// An edging is what stands at the ends of a text.
type edging struct {
	first, last []string // its paragraphs
	captions    []string // what stands under the pictures among them, and is no paragraph
	below       []string // those paragraphs that stand right below a picture
}

// mostCaptions is how many captions are read at the ends of a text.
const mostCaptions = 12

func edgesOf(contentHTML, summary string) edging {
	if contentHTML == "" {
		if summary == "" {
			return edging{}
		}
		return edging{first: []string{summary}, last: []string{summary}}
	}
	var e edging
	rest := e.opening(contentHTML)
	if rest == "" {
		e.first = atCommas(e.first)
		e.last = e.first
		return e
	}
	e.closing(rest)
	all := atCommas(append(e.first, e.last...))
	n := max(0, len(all)-len(e.last))
	e.first, e.last = all[:n:n], all[n:]
	return e
}

// opening takes the first paragraphs, and leaves the rest.
func (e *edging) opening(html string) (rest string) {
	pictured := false
	for rest = html; len(e.first) < edgeBlocks && rest != ""; {
		block, behind := cutBlock(rest)
		if before, caption, after, ok := cutCaption(block, rest); ok {
			block, behind = before, after
			e.caption(caption)
		}
		rest = behind
		text, picture := TextOf(block), strings.LastIndex(block, pictureTag)
		if text != "" {
			e.first = append(e.first, text)
		}
		if text != "" && (pictured || picture >= 0) {
			e.below = append(e.below, text)
		}
		pictured = picture >= 0 && TextOf(block[picture:]) == ""
	}
	return rest
}

// closing takes the last.
func (e *edging) closing(rest string) {
	above := "" // the paragraph that the next block, which stands before it, may be a picture above
	for len(e.last) < edgeBlocks && rest != "" {
		i := lastBreak(strings.TrimRight(rest, " \n"))
		block := rest[i:]
		if before, caption, after, ok := cutLastCaption(rest, i); ok {
			i, block = before, after
			e.caption(caption)
		}
		rest = rest[:i]
		text, picture := TextOf(block), strings.LastIndex(block, pictureTag)
		if picture >= 0 && above != "" && TextOf(block[picture:]) == "" {
			e.below = append(e.below, above)
		}
		if above = text; text != "" {
			e.last = append(e.last, text)
		}
		if text != "" && picture >= 0 {
			e.below = append(e.below, text)
		}
	}
	slices.Reverse(e.last)
}

func (e *edging) caption(html string) {
	if len(e.captions) < mostCaptions {
		e.captions = append(e.captions, TextOf(html))
	}
}

// atCommas puts together what a comma at the end of a short line joins to the next: who
// wrote, and for whom.
func atCommas(lines []string) []string {
	for i := len(lines) - 2; i >= 0; i-- {
		if strings.HasSuffix(lines[i], ",") && len(lines[i]) < longestSignature {
			lines[i] += " " + lines[i+1]
			lines = slices.Delete(lines, i+1, i+2)
		}
	}
	return lines
}

// breaks end a line of clean HTML.
var breaks = []string{"</p>", "<br", "</div>", "</li>", "</h2>", "</h3>", "</figcaption>", "</blockquote>"}

// cutBlock cuts s behind its first line.
func cutBlock(s string) (block, rest string) {
	for end := 0; ; end++ {
		i := strings.IndexByte(s[end:], '<')
		if i < 0 {
			return s, ""
		}
		end += i
		if prefixOf(s[end:], breaks) == "" {
			continue
		}
		close := strings.IndexByte(s[end:], '>')
		if close < 0 {
			return s, ""
		}
		return s[:end+close+1], s[end+close+1:]
	}
}

// lineStarts open a line of clean HTML.
var lineStarts = []string{"<p>", "<br>", "<br/>", "<div>", "<li>"}

// lastBreak is where the last line of s begins.
func lastBreak(s string) int {
	for at := len(s); ; {
		at = strings.LastIndexByte(s[:at], '<')
		if at <= 0 {
			return 0
		}
		if prefixOf(s[at:], lineStarts) != "" {
			return at
		}
	}
}

// longestCredit is the longest paragraph, in runes, that may be credits alone.
const longestCredit = 220

// creditTexts are the lines of credits at the edges of a text: the people of
// the lead, which stands in first[at], paragraphs short enough, and what ends a longer one in brackets or
// behind a dash.
func creditTexts(first, last []string, opening lead, at int) []string {
	var out []string
	if opening.people != "" {
		out = append(out, opening.people)
	}
	all := append(first[:len(first):len(first)], last...)
	for i, text := range all {
		switch {
		case i >= len(first) && slices.Contains(first, text):
			continue
		case i == at && opening != (lead{}):
			text = behindLead(text)
		case i < at && i < len(first) && opening.agency != "":
			text = cmp.Or(byBeforeLead(text), text)
		}
		text = withoutEnquiry(text)
		if !signsAtEnd(text, all[len(all)-1]) && text != "" && utf8.RuneCountInString(text) <= longestCredit && mayCredit(text) {
			out = append(out, text)
		}
	}
	for _, text := range all[max(0, len(all)-max(edgeBlocks, len(last))):] {
		if end := signOff(text); end != "" && end != text && !signsPicture(text, end) {
			out = append(out, end)
		}
	}
	return out
}

// enquiries open a sentence of whom readers may ask.
var enquiries = ends("enquiry")

// withoutEnquiry takes such a sentence, with addresses, from behind who wrote: "(Bericht
// von Ute Bahr. Bei Rückfragen wenden Sie sich an …)".
func withoutEnquiry(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	for _, opening := range enquiries() {
		if before, _, ok := strings.Cut(text, ". "+opening); ok {
			if strings.HasPrefix(before, "(") {
				before += ")"
			}
			return before
		}
	}
	return text
}

// signsPicture reports an agency in brackets behind who took a picture, which made no copy:
// "Foto: Jane Doe (EFE)".
func signsPicture(text, end string) bool {
	agency, ok := withinBrackets(end)
	_, w, opens := opened(text, lowered(text))
	return ok && opens && w.role == news.Photographer && agenciesOnly(agency) && !outletOf(agency).picture
}

// signsAtEnd reports names of Vietnam alone, which sign a text at its end only.
func signsAtEnd(text, end string) bool {
	return text != end && opensAccented(text) && len(vietnameseLine(text).People) > 0
}

// behindLead is the byline that follows the lead of agency copy in a line of
// their own: "LONDON (Reuters) - By Ann Lee".
func behindLead(text string) string {
	if len(text) > longestCredit {
		return ""
	}
	for _, dash := range []string{" - ", " -- ", " — ", " – "} {
		if _, rest, ok := strings.Cut(text, dash); ok {
			if _, role, _ := cutRole(rest); role == news.Author {
				return rest
			}
		}
	}
	return ""
}

// bracketMarks open or close what credits somebody at an end of a text.
var bracketMarks = setOf("（【([）】)]")

// creditMarks are in most lines that name anyone.
var creditMarks = setOf(":：|｜;；/（【")

// mayCredit reports a paragraph that can be a line of credits: short, with a
// mark that parts one, or opened by a role word. Most are not, which is cheap to
// see.
func mayCredit(text string) bool {
	switch {
	case sentencesHan(text):
		if bracketMarks.has(firstRune(text)) || bracketMarks.has(lastRune(text)) {
			return true
		}
	case (len(text) < 80 || len(text) < 240 && utf8.RuneCountInString(text) < 80) && !closesSentence(text) || strings.ContainsAny(text[:1], "([") || creditMarks.in(text):
		return true
	}
	lower := lowered(text)
	if _, role, _ := roleOf(text, lower); role != "" {
		return true
	}
	if _, ok := originPhrase("notice", text, lower); ok {
		return true
	}
	at, _, _ := toldAt(lower)
	return at >= 0
}

// shortestSentences is how long a text of Chinese or Japanese is, in bytes, that is told
// to be one of sentences by a full stop within, and shortestSentence one by that at its
// end: twenty signs and sixteen.
const shortestSentences, shortestSentence = 120, 48

// colonMarks part a label from a name.
var colonMarks = setOf(":：|｜/／;；")

// sentencesHan reports such a text, which credits somebody at its ends at most: of
// sentences, the first without the mark of a label, or of one with none.
func sentencesHan(text string) bool {
	if len(text) < shortestSentence || !unspaced(firstRune(text)) && !strings.ContainsFunc(text[:min(len(text), shortestSentences)], unspaced) {
		return false
	}
	if i := strings.Index(text, "。"); i >= 0 && len(text) >= shortestSentences && (i > shortestSentences/2 || !colonMarks.in(text[:i])) {
		return true
	}
	ends := strings.ContainsRune("。？！…", lastRune(text)) || len(text) >= shortestSentences && strings.Count(text, "，") > 2
	return ends && !colonMarks.in(text) && !reporterSigns().in(text)
}

// closesSentence reports four words and more of ASCII that end in a full stop, or six
// of others, the last of them without a capital: "He will count them again."
func closesSentence(text string) bool {
	i := strings.LastIndexByte(text, ' ')
	if i < 1 || text[len(text)-1] != '.' || !unicode.IsLower(firstRune(text[i+1:])) {
		return false
	}
	blanks := strings.Count(text, " ")
	return blanks > 4 || blanks > 2 && ascii(text)
}

// A signOffRule is what ends a paragraph and may credit somebody. ok says that no
// other need be asked.
type signOffRule = rule[func(text string) (end string, ok bool)]

// signOffRules know the ends of paragraphs.
func signOffRules(yield func(signOffRule) bool) {
	each(yield, []signOffRule{
		{"who took the pictures behind a sentence", "船队绕过了第二道堤。新华社记者 刘磊 摄", photographedEnd},
		{"brackets at the end", "The keeper counted them twice. (Reporting by Ann Lee)", bracketsEnd},
		{"a sign of copyright in ASCII and an agency", "港の船を動かした。(c)AFP/Ann LEE", copyrightEnd},
		{"a sign of copyright", "The keeper counted them twice. © 2022 AFP", noticeEnd},
		{"the word for by and a name behind a sentence", "Les bateaux ont quitté le port hier matin. Par Anne Dupont.", byEnd},
		{"an agency behind a dash", "The keeper counted them twice — Reuters", dashEnd},
	})
}

// signOff is what ends a paragraph in brackets, or an agency behind a mark.
func signOff(text string) string {
	text = withoutStamp(strings.TrimRight(text, " ."))
	for r := range signOffRules {
		if end, ok := r.read(text); ok {
			return end
		}
	}
	return ""
}

// withoutStamp takes the day from behind brackets that agencies stamp their copy with:
// "（編輯：李四）1131105".
func withoutStamp(text string) string {
	bare := strings.TrimRightFunc(text, isFigure)
	if n := len(text) - len(bare); n > 5 && n < 9 && strings.ContainsRune(")）", lastRune(bare)) {
		return bare
	}
	return text
}

// The longest ends of paragraphs that credit somebody, in bytes: in brackets, behind
// a sentence in Chinese, and behind a mark.
const longestBrackets, longestPhotographed, longestOutletEnd = 400, 90, 60

// lastWithin is where a mark last stands in a text, less than n bytes before its end; -1
// where it does not.
func lastWithin(text, mark string, n int) int {
	from := max(0, len(text)-n+1)
	if i := strings.LastIndex(text[from:], mark); i >= 0 {
		return from + i
	}
	return -1
}

func photographedEnd(text string) (string, bool) {
	i := lastWithin(text, "。", longestPhotographed)
	if i < 1 || suffixOf(text, photographed()) == "" {
		return "", false
	}
	return text[i+len("。"):], true
}

// endOpens open the brackets that end a paragraph.
var endOpens = setOf("(（【[")

// bracketsEnd takes the agency from before the brackets with them: "bugetul.
// AGERPRES/(AS - autor: …)".
func bracketsEnd(text string) (string, bool) {
	if !strings.ContainsRune(")）】]", lastRune(text)) || text == "" {
		return "", false
	}
	i := endOpens.lastIndex(text)
	if i < 0 || len(text)-i >= longestBrackets {
		return "", true
	}
	if before := strings.TrimRight(text[:i], " /"); len(before) < i && in(registry(), lastWord(before)).agency {
		return lastWord(before) + "/" + text[i:], true
	}
	return text[i:], true
}

func copyrightEnd(text string) (string, bool) {
	i := lastWithin(text, "(c)", longestOutletEnd)
	if i < 1 {
		return "", false
	}
	end := strings.TrimSpace(text[i+len("(c)"):])
	agency, _, ok := strings.Cut(end, "/")
	return end, ok && in(registry(), strings.TrimSpace(agency)).agency
}

func noticeEnd(text string) (string, bool) {
	i := lastWithin(text, "©", longestOutletEnd)
	if i < 1 || originLine(text[i:]) == "" {
		return "", false
	}
	return text[i:], true
}

// closingBys are words for "by" that end a standfirst.
var closingBys = wordsIn("closing-by")

// fewestStandfirst is how many words stand before the byline of a standfirst at the
// least: a title has fewer before its author.
const fewestStandfirst = 6

// byEnd reads the byline of a standfirst, of one whose given name we know.
func byEnd(text string) (string, bool) {
	i := max(lastWithin(text, ". ", longestOutletEnd), lastWithin(text, "? ", longestOutletEnd), lastWithin(text, "! ", longestOutletEnd))
	if i < 1 {
		return "", false
	}
	end := text[i+2:]
	by, name, _ := strings.Cut(end, " ")
	if !capitalised(by) || !slices.Contains(closingBys(), lowered(by)) {
		return "", false
	}
	words := strings.Fields(name)
	named := len(words) > 1 && len(words) < 4 && in(givenNames(), words[0]) && isTitled(name) && nameSigned(name)
	return end, named && strings.Count(text[:i], " ") >= fewestStandfirst
}

// longDashes stand between a text and the agency that signs it.
var longDashes = setOf("—–")

func dashEnd(text string) (string, bool) {
	end := text[max(0, len(text)-longestOutletEnd):]
	i := longDashes.lastIndex(end)
	if i < 0 {
		return hyphenEnd(end)
	}
	_, n := utf8.DecodeRuneInString(end[i:])
	name := strings.TrimSpace(end[i+n:])
	if letters, outlet, ok := strings.Cut(name, ", "); ok && len(letters) < longestLetters && allUpper(letters) { // "—FRJ, GMA Integrated News"
		name = outlet
	}
	return "(" + name + ")", in(registry(), name).name != ""
}

// longestLetters is more letters than those of who edited have.
const longestLetters = 5

// hyphenEnd reads an agency that a hyphen is written on to: "… -สำนักข่าวไทย".
func hyphenEnd(end string) (string, bool) {
	i := strings.LastIndex(end, " -")
	if i < 0 {
		return "", false
	}
	name := end[i+2:]
	return "(" + name + ")", uncased(name) && in(registry(), name).agency
}
