package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// Language is a BCP 47 tag with an ISO 639 primary tag, in its usual case; empty when
// tag is none. One of three letters that the language it belongs to stands for is that
// one, zh-Hans of cmn-Hans: rules and readers know no other.
func Language(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if tag == "" || strings.EqualFold(tag, "und") {
		return ""
	}
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, conf := t.Base()
	if conf == language.No || base.String() == "und" {
		return ""
	}
	if len(base.String()) == 3 {
		t, err = language.Macro.Canonicalize(t)
	}
	if err != nil {
		return ""
	}
	return t.String()
}

// The least text and certainty for a guess to count.
const (
	enoughLetters = 50
	sureEnough    = 0.8

	fewestLetters = 5 // where the script alone tells

	signSize = 3 // letters that a sign of Chinese or Japanese stands for, beside names in Latin ones
)

// languageOf is what the item, the feed and the operator say, else what the
// text shows.
func languageOf(src news.Source, feed *parse.Feed, it parse.Item, a *news.Article) string {
	said := cmp.Or(Language(it.Language), Language(it.Content.Lang), Language(it.Summary.Lang), Language(it.Title.Lang), Language(src.Language))
	if said == "" && it.Language != "und" { // which says that the feed's does not hold
		said = Language(feed.Language)
	}
	if said != "" && !otherScript(said, a.Title+" "+a.Summary) {
		return said
	}
	if shown := detected(a.Title + " " + a.Summary); shown != "" || a.ContentHTML == "" {
		return shown
	}
	return detected(Excerpt(TextOf(a.ContentHTML), 1000))
}

// enoughTexts is how many bytes of articles together show a language, and
// fewStrangers one in how many of them may be in another.
const (
	enoughTexts  = 4000
	fewStrangers = 10
)

// inherit gives articles whose language nobody states, and that are too short to show
// it, the one that earlier documents showed, else the one that all of theirs show
// together, where nothing in them speaks against it.
func inherit(list []news.Article, earlier string) {
	shared := cmp.Or(earlier, languageOfAll(list))
	for i := range list {
		a := &list[i]
		if a.Language == "" && shared != "" && maySpeak(shared, a.Title+" "+a.Summary) {
			a.Language = shared
			a.Witnesses = a.Witnesses.With("language", fromOthers)
		}
	}
}

// languageOfAll is the language that articles show together; empty where they are not
// of one.
func languageOfAll(list []news.Article) string {
	if !slices.ContainsFunc(list, func(a news.Article) bool { return a.Language == "" }) {
		return ""
	}
	var texts strings.Builder
	for i := range list {
		if texts.Len() < enoughTexts {
			texts.WriteString(list[i].Title + " " + list[i].Summary + "\n")
		}
	}
	shown, strangers := detected(texts.String()), 0
	for i := range list {
		if have := list[i].Language; have != "" && primary(have) != primary(shown) {
			strangers++
		}
	}
	if strangers*fewStrangers > len(list) {
		return ""
	}
	return shown
}

// otherScript reports a text in a script that one language alone is written in,
// said to be in a language of Latin letters: the template's.
func otherScript(said, text string) bool {
	t, err := language.Parse(said)
	if err != nil || scriptLanguage(text) == "" {
		return false
	}
	script, _ := t.Script()
	return script.String() == "Latn"
}

// detected is the language that a text shows; empty when it is too short to.
func detected(text string) string {
	if own := scriptLanguage(text); own != "" {
		return own
	}
	if len(text) < enoughLetters {
		return ""
	}
	return guessed(text)
}

// ownScripts are scripts that one language writes nearly all news in; kinOf tells
// the others. Japanese is told by its Kana before Chinese by its Han.
var ownScripts = []struct {
	script   *unicode.RangeTable
	language string
}{
	{unicode.Hangul, "ko"}, {unicode.Thai, "th"}, {unicode.Greek, "el"}, {unicode.Hebrew, "he"}, {unicode.Armenian, "hy"}, {unicode.Georgian, "ka"},
	{unicode.Bengali, "bn"}, {unicode.Tamil, "ta"}, {unicode.Telugu, "te"}, {unicode.Gujarati, "gu"}, {unicode.Gurmukhi, "pa"}, {unicode.Kannada, "kn"},
	{unicode.Malayalam, "ml"}, {unicode.Sinhala, "si"}, {unicode.Khmer, "km"}, {unicode.Lao, "lo"}, {unicode.Myanmar, "my"},
	{unicode.Ethiopic, "am"},
}

// scriptLanguage is the language that a text's letters alone tell, which needs
// fewer of them than its words do; empty when they tell none.
func scriptLanguage(text string) string {
	letters, kana, han, counts := letterScripts(text)
	if letters < fewestLetters {
		return ""
	}
	for i, n := range counts {
		if 2*n > letters {
			return kinOf(ownScripts[i].language, text)
		}
	}
	signs := kana + han
	switch {
	case signs*signSize <= letters-signs:
		return ""
	case 10*kana >= kana+han:
		return "ja"
	case kana == 0:
		return "zh"
	}
	return ""
}

// letterScripts counts letters: all of them, Kana, Han, and those of each of
// ownScripts.
func letterScripts(text string) (letters, kana, han int, own []int) {
	own = make([]int, len(ownScripts))
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		switch {
		case r < 0x370: // Latin, which tells nothing
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		default:
			for i, o := range ownScripts {
				if unicode.Is(o.script, r) {
					own[i]++
					break
				}
			}
		}
	}
	return letters, kana, han, own
}
