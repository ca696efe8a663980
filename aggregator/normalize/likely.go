package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// likelyNames reports a segment that can hold nothing but names: short, each
// word with a capital, and in Han characters no part longer than a name.
func likelyNames(seg segment) bool {
	blanks := strings.Count(seg.text, " ")
	first := firstRune(seg.text)
	han := unicode.Is(unicode.Han, first)
	switch {
	case blanks > mostBlanks && (seg.role != helper || blanks > mostHelpers), sentenceMarks.in(seg.text), quoted(seg.text), isHangul(first) && koreanSentence(seg.text), han && seg.role == news.Author && !likelyHan(seg):
		return false
	case blanks == 0 && seg.role == news.Editor && !han: // "Editor: huaxia"
		return true
	}
	for part := range strings.FieldsFuncSeq(withoutParentage(seg.text), listMarks.has) {
		part = strings.TrimSpace(part)
		if in(registry(), part).name == "" && !likelyName(part, seg.role) {
			return false
		}
	}
	return true
}

// mostBlanks is how many blanks a list of names has, and mostHelpers one of helpers, each
// of whom has a place: "Ann Lee in Lisbon, Bob Roy in New York and …".
const mostBlanks, mostHelpers = 13, 36

// quoted reports a quotation mark, which in Hebrew stands inside abbreviations: לע"מ.
func quoted(text string) bool {
	return strings.Contains(text, `"`) && !strings.ContainsFunc(text, hebrew)
}

// likelyHan reports authors in Han characters: behind a mark, or with a family name
// of Chinese, and no verb that opens a sentence, "记者来到现场".
func likelyHan(seg segment) bool {
	n := utf8.RuneCountInString(seg.text)
	family := surnames()[firstRune(seg.text)]
	if n == 2 && !seg.colon && !family { // 记者来鸿
		return false
	}
	short := seg.colon && n < 5 || family && n < 4 && allHan(seg.text) && !slices.Contains(hanVerbs(), seg.text)
	return short || prefixOf(seg.text, hanVerbs()) == "" || agencyIn(seg.text) != ""
}

// Marks that part the names of a list, and that no list of names holds.
var listMarks, sentenceMarks = setOf("、，,/;；"), setOf("?!؟。।“”")

// dashes part names from what stands beside them.
var dashes = setOf("-–—")

func hebrew(r rune) bool { return unicode.Is(unicode.Hebrew, r) }

// givenKana is a Japanese name whose given name is in kana: 宮城島ひかり.
var givenKana = pattern(`^\p{Han}{2,4}(?:\p{Hiragana}{2,4}|\p{Katakana}[\p{Katakana}ー]{1,5})$`)

// kanaName is givenKana but for the end of a sentence.
func kanaName(w string) bool {
	return givenKana.MatchString(w) && suffixOf(w, verbEndsJapanese()) == ""
}

// kanaThing is a thing with a word from abroad before it, ホテル外観, which captions
// have where a photographer could be named.
var kanaThing = regexp.MustCompile(`^\p{Katakana}[\p{Katakana}ー]+\p{Han}{2,}$`)

// likelyName is likelyNames for what stands between two commas.
func likelyName(part string, role news.Role) bool {
	words := strings.Fields(part)
	if role == source {
		if len(words) > 1 && in(articles(), words[0]) { // "Special to the Pioneer Press"
			words = words[1:]
		}
		return !slices.ContainsFunc(words, func(w string) bool { return isSmall(w) && !smallInName(w, words) })
	}
	if uncased(part) && !likelyUncased(words) || len(words) > 2 && role != helper && in(betweens(), words[0]) && isLowerWord(words[0]) {
		return false
	}
	for i, w := range words {
		if role == helper && in(articles(), w) && outletAt(strings.Join(words[i:], " ")) > 0 { // "Ann Lee of the Associated Press"
			continue
		}
		if isSmall(w) && !smallInName(w, words) && !(len(words) == 1 && isSite(w)) || i > 0 && ofSentence(words[i-1], w) || longUnspaced(w, role) || role == news.Photographer && kanaThing.MatchString(w) && !familyKana(w) {
			return false
		}
	}
	return true
}

// isSmall reports a word that begins with a small letter.
func isSmall(w string) bool { return isLower(firstRune(w)) }

// smallInName reports a word in small letters that stands among names.
func smallInName(w string, words []string) bool {
	f := fold(w)
	return particles()[f] || familyTies()[f] || ands()[f] || ats()[f] || outletAts()[f] || registry()[f].name != "" || bodyWords()[f] || isJobWord(w) || isBeatWord(w) && hasJob(words)
}

// ofSentence reports a word that sentences are made of, behind another, that is no
// family name.
func ofSentence(before, w string) bool {
	return in(sentenceOnly(), w) && !in(ands(), w) && !(in(givenNames(), w) && in(givenNames(), before))
}

// longUnspaced reports a word of a script without blanks that is longer than a name
// and nothing else that we know.
func longUnspaced(w string, role news.Role) bool {
	if utf8.RuneCountInString(w) < 6 || strings.Contains(w, "·") || !strings.ContainsFunc(w, unspaced) {
		return false
	}
	kana := kanaName(w) || katakanaName(w) || role != "" && (kanaAlone(w) || familyKana(w))
	return !kana && !hanJob(w) && !isOutlet(w) && len(gluedHan(name{text: w})) < 2
}

// likelyUncased is likelyName for scripts without capitals: no sentence, and no
// nouns with their article, where no given name stands there.
func likelyUncased(words []string) bool {
	first := words[0]
	r := firstRune(first)
	last := words[len(words)-1]
	text := strings.Join(words, " ")
	switch {
	case unspaced(r), isHangul(r), unicode.Is(unicode.Thai, r), dashes.in(text):
		return true
	case len(words) > 1 && strings.HasSuffix(first, ":"), len(words) > 4 && strings.ContainsRune(".۔।", lastRune(last)):
		return false
	case len(words) == 1, in(givenNames(), first), isTitle(first), hasJob(words), isBody(text):
		return true
	case len(words) > 4:
		return holdsGiven(text) || slices.ContainsFunc(words[1:4], func(w string) bool { return in(ands(), w) || andGlued(w) && !definite(first) })
	}
	return !definite(first) || len(words) == 2 && !definite(last)
}

// definite reports an Arabic or Hebrew word with its article.
func definite(w string) bool {
	return prefixOf(w, articlesArabic()) != "" || prefixOf(w, articlesHebrew()) != "" && utf8.RuneCountInString(w) > 3
}
