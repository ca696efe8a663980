package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// edgeBlocks are how many paragraphs at each end of a text may hold credits.
const edgeBlocks = 3

// edges are the first and last paragraphs of a text, in its order; the summary
// stands in for a text that there is not.
func edges(contentHTML, summary string) (first, last []string) {
	if contentHTML == "" {
		if summary == "" {
			return nil, nil
		}
		return []string{summary}, []string{summary}
	}
	rest := contentHTML
	for len(first) < edgeBlocks && rest != "" {
		var block string
		block, rest = cutBlock(rest)
		if text := TextOf(block); text != "" {
			first = append(first, text)
		}
	}
	if rest == "" {
		return first, first
	}
	for len(last) < edgeBlocks && rest != "" {
		i := lastBreak(strings.TrimRight(rest, " \n"))
		if text := TextOf(rest[i:]); text != "" {
			last = append(last, text)
		}
		rest = rest[:i]
	}
	slices.Reverse(last)
	return first, last
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

// lastBreak is where the last line of s begins.
func lastBreak(s string) int {
	best := 0
	for _, mark := range []string{"<p>", "<br>", "<br/>", "<div>", "<li>"} {
		if i := strings.LastIndex(s[best:], mark); i > 0 { // nothing before the best is of interest
			best += i
		}
	}
	return best
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
		if i >= len(first) && slices.Contains(first, text) {
			continue
		}
		if i == at && opening != (lead{}) {
			text = behindLead(text)
		}
		if i < at && i < len(first) && opening.agency != "" {
			if by := byBeforeLead(text); by != "" {
				text = by
			}
		}
		if text != all[len(all)-1] && opensAccented(text) && (len(last) == 0 || text != last[len(last)-1]) && len(vietnameseLine(text).People) > 0 { // a name alone signs at the end only
			continue
		}
		if utf8.RuneCountInString(text) <= longestCredit && text != "" && mayCredit(text) {
			out = append(out, text)
		}
	}
	for _, text := range all[max(0, len(all)-max(edgeBlocks, len(last))):] {
		if end := signOff(text); end != "" && end != text {
			out = append(out, end)
		}
	}
	return out
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

// creditMarks are in most lines that name anyone.
var creditMarks = setOf(":：|｜;；/（【")

// mayCredit reports a paragraph that can be a line of credits: short, with a
// mark that parts one, or opened by a role word. Most are not, which is cheap to
// see.
func mayCredit(text string) bool {
	if (len(text) < 80 || len(text) < 240 && utf8.RuneCountInString(text) < 80) && !closesSentence(text) || strings.ContainsAny(text[:1], "([") || creditMarks.in(text) {
		return true
	}
	if _, role, _ := cutRole(text); role != "" {
		return true
	}
	lower := lowered(text)
	if _, ok := originPhrase("notice", text, lower); ok {
		return true
	}
	at, _, _ := toldAt(lower)
	return at >= 0
}

// closesSentence reports four words and more of ASCII that end in a full stop,
// the last of them without a capital: "He will count them again."
func closesSentence(text string) bool {
	i := strings.LastIndexByte(text, ' ')
	return i > 0 && text[len(text)-1] == '.' && text[i+1] >= 'a' && text[i+1] <= 'z' && strings.Count(text, " ") > 2 && ascii(text)
}

// signOff is what ends a paragraph in brackets, or an agency behind a dash.
func signOff(text string) string {
	text = strings.TrimRight(text, " .")
	if i := strings.LastIndex(text, "。"); i > 0 && len(text)-i < 90 && suffixOf(text, photographed()) != "" { // …。新华社记者 刘磊 摄
		return text[i+len("。"):]
	}
	end, n := utf8.DecodeLastRuneInString(text)
	if open := strings.IndexRune(")）】]", end); open >= 0 && n > 0 {
		i := strings.LastIndexAny(text, "(（【[")
		if i >= 0 && len(text)-i < 400 {
			if before := strings.TrimRight(text[:i], " /"); len(before) < i { // "bugetul. AGERPRES/(AS - autor: …)"
				if word := lastWord(before); in(registry(), word).agency {
					return word + "/" + text[i:]
				}
			}
			return text[i:]
		}
		return ""
	}
	if i := strings.LastIndex(text, "(c)"); i > 0 && len(text)-i < 60 { // …と指摘している。(c)AFP/Ann LEE
		if agency, _, ok := strings.Cut(text[i+len("(c)"):], "/"); ok && in(registry(), strings.TrimSpace(agency)).agency {
			return strings.TrimSpace(text[i+len("(c)"):])
		}
	}
	if i := strings.LastIndex(text, "©"); i > 0 && len(text)-i < 60 && originLine(text[i:]) != "" {
		return text[i:]
	}
	end60 := text[max(0, len(text)-60):]
	if i := strings.LastIndexAny(end60, "—–"); i >= 0 {
		_, n := utf8.DecodeRuneInString(end60[i:])
		if name := strings.TrimSpace(end60[i+n:]); in(registry(), name).name != "" {
			return "(" + name + ")"
		}
	}
	return ""
}
