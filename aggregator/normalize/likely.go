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
	first, _ := utf8.DecodeRuneInString(seg.text)
	switch {
	case blanks > 13, sentenceMarks.in(seg.text), strings.Contains(seg.text, `"`) && !strings.ContainsFunc(seg.text, hebrew), isHangul(first) && koreanSentence(seg.text): // but לע"מ
		return false
	case unicode.Is(unicode.Han, first) && seg.role == news.Author && !(seg.colon && utf8.RuneCountInString(seg.text) < 5) && !(surnames()[first] && allHan(seg.text) && utf8.RuneCountInString(seg.text) < 4 && !slices.Contains(hanVerbs(), seg.text)) && slices.ContainsFunc(hanVerbs(), func(v string) bool { return strings.HasPrefix(seg.text, v) }) && agencyIn(seg.text) == "":
		return false
	case blanks == 0 && seg.role == news.Editor && !unicode.Is(unicode.Han, first): // "Editor: huaxia"
		return true
	case seg.role == news.Author && !seg.colon && unicode.Is(unicode.Han, first) && utf8.RuneCountInString(seg.text) == 2 && !surnames()[first]: // 记者来鸿
		return false
	}
	for part := range strings.FieldsFuncSeq(seg.text, listMarks.has) {
		part = strings.TrimSpace(part)
		if in(registry(), part).name == "" && !likelyName(part, seg.role) {
			return false
		}
	}
	return true
}

// Marks that part the names of a list, and that no list of names holds.
var listMarks, sentenceMarks = setOf("、，,/;；"), setOf("?!؟。।“”")

func hebrew(r rune) bool { return unicode.Is(unicode.Hebrew, r) }

// givenKana is a Japanese name whose given name is in kana: 宮城島ひかり.
var givenKana = regexp.MustCompile(`^\p{Han}{2,4}(?:\p{Hiragana}{2,4}|\p{Katakana}[\p{Katakana}ー]{1,5})$`)

// kanaName is givenKana but for the end of a sentence.
func kanaName(w string) bool {
	return givenKana.MatchString(w) && !strings.HasSuffix(w, "する") && !strings.HasSuffix(w, "した") && !strings.HasSuffix(w, "ます") && !strings.HasSuffix(w, "です")
}

// kanaThing is a thing with a word from abroad before it, ホテル外観, which captions
// have where a photographer could be named.
var kanaThing = regexp.MustCompile(`^\p{Katakana}[\p{Katakana}ー]+\p{Han}{2,}$`)

// likelyName is likelyNames for what stands between two commas.
func likelyName(part string, role news.Role) bool {
	words := strings.Fields(part)
	if role != source && uncased(part) && !likelyUncased(words) {
		return false
	}
	for i, w := range words {
		if role == news.Photographer && kanaThing.MatchString(w) && !familyKana(w) {
			return false
		}
		r, _ := utf8.DecodeRuneInString(w)
		if i > 0 && role != source && in(sentenceOnly(), w) && !in(ands(), w) && !(in(givenNames(), w) && in(givenNames(), words[i-1])) || i == 0 && len(words) > 2 && in(betweens(), w) && isLowerWord(w) {
			return false
		}
		if role != source && !strings.Contains(w, "·") && utf8.RuneCountInString(w) > 5 && strings.ContainsFunc(w, unspaced) &&
			!hanJob(w) && !kanaName(w) && !katakanaName(w) && !(role != "" && (kanaAlone(w) || familyKana(w))) && !isOutlet(w) && len(gluedHan(name{text: w})) < 2 {
			return false
		}
		if !unicode.IsLower(r) {
			continue
		}
		f := fold(w)
		if !(particles()[f] || ands()[f] || ats()[f] || outletAts()[f] || registry()[f].name != "" || bodyWords()[f] || isJobWord(w) || isBeatWord(w) && hasJob(words)) {
			return false
		}
	}
	return true
}

// likelyUncased is likelyName for scripts without capitals: no sentence, and no
// nouns with their article, where no given name stands there.
func likelyUncased(words []string) bool {
	first := words[0]
	r, _ := utf8.DecodeRuneInString(first)
	last := words[len(words)-1]
	text := strings.Join(words, " ")
	switch {
	case unspaced(r), isHangul(r), unicode.Is(unicode.Thai, r), strings.ContainsAny(text, "-–—"):
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
	return strings.HasPrefix(w, "ال") || strings.HasPrefix(w, "ה") && utf8.RuneCountInString(w) > 3
}
