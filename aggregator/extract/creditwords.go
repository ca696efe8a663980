package extract

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

//go:embed data/credits.tsv
var creditTable string

// creditWords are what opens a line of credits, by kind, in small letters.
var creditWords = wordsByKind(creditTable)

// datedCredit is a line that opens with a moment and then says whose copy it
// is: "2020-06-06 10:08 来源：…".
var datedCredit = regexp.MustCompile(`(?i)^\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?[\d\s:：|]*(?:source|author|editor|by|来源|來源|作者|编辑|記者|记者|出典)\b?\s?[:：]`)

// photoCredit is the end of a caption that says whose picture it is:
// "(PHOTO:XINHUA)".
var photoCredit = regexp.MustCompile(`(?i)[(（]\s?(?:photos?|pictures?|images?|foto|图片来源|图片|图|摄影|摄)\s?(?:by|credit|courtesy of)?\s?[:：/]?\s?[^()（）]{2,80}[)）]$`)

// wordsOfCredit reads the words that open a line, or end it.
func wordsOfCredit(text string) line {
	text = withoutGenre(text)
	lower := strings.TrimLeft(strings.ToLower(text), " ([（【〔「-–—•*~_·|:：▲△■◆")
	l := line{text: text, by: startsWith(lower, creditWords["by"]) || startsWith(lower, creditWords["correspondent"])}
	if !l.by && len(text) < 150 && containsAny(text, "记者", "記者", "通讯员", "특파원", "기자", "特派员") { // patterns cost more than words
		l.by = len(text) < 100 && outletReporter.MatchString(text)
		l.credit = signed.MatchString(text)
	}
	l.credit = l.credit || l.by || startsWith(lower, creditWords["credit"]) || startsWith(lower, creditWords["photo"]) || text != "" && isDigit(text[0]) && datedCredit.MatchString(text)
	return l
}

// withoutGenre is a line without what its writer wrote, where the word for who
// that is follows: "An analysis by Ann Lee".
func withoutGenre(text string) string {
	lower := strings.ToLower(text)
	for _, genre := range creditWords["genre"] {
		if rest, ok := strings.CutPrefix(lower, genre); ok && strings.HasPrefix(rest, " ") && len(lower) == len(text) && startsWith(rest[1:], creditWords["by"]) {
			return text[len(genre)+1:]
		}
	}
	return text
}

// opensWithDate reports a line that begins with a date, whatever follows it.
func opensWithDate(text string) bool {
	loc := datePattern.FindStringIndex(text)
	return loc != nil && loc[0] == 0
}

// outletReporter is a line that opens with an outlet's reporter:
// "澎湃新闻记者 贺梨萍".
var outletReporter = regexp.MustCompile(`^[（(]?\p{Han}{2,10}(?:记者|記者|通讯员|特派员)[\s　:：]*\p{Han}{2,4}(?:[\s　、]+\p{Han}{2,4})*[）)]?$`)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// signed is a line that ends with what its writer is: "류영상 기자".
var signed = regexp.MustCompile(`(?:기자|특파원|記者)(?:\s?[\w.+-]+@[\w.-]+)?\s?[\])）】]?$`)

// creditInside reports a line that goes on to other credits than its first.
func creditInside(text string) bool {
	lower := strings.ToLower(text)
	for _, w := range slices.Concat(creditWords["credit"], creditWords["photo"]) {
		if len(w) > 2 && strings.LastIndex(lower, w) > 3 {
			return true
		}
	}
	return false
}

// datePattern finds a written date, with a time of day where one follows it.
var datePattern = regexp.MustCompile(`(?i)(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?,?\s+)?(?:\d{1,2}-\p{L}{3,9}-\d{4}|\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}\s?[日일]?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\p{L}[\p{L}\p{M}]{2,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,2}(?:\.|er)?\s+(?:de\s+)?[\p{L}\p{M}/]{3,20}\.?,?\s+(?:de\s+)?\d{4})(?:[T,.\s|·•@–-]*(?:\p{L}{1,4}\.?\s+|a las )?\d{1,2}(?:[:：.h]|\s?[時时点]\s?|\s?시\s?)\d{2}(?:[:：]\d{2}|[分분])?(?:\s?[ap]\.?m\.?|\s?(?:[صم]|صباحاً?|مساءً?|[πμ]\.?μ\.?)(?:\s|$))?(?:\s?(?:Z|[A-Z]{2,4}|[(]?(?:GMT|UTC)?[+-]\d{1,2}:?\d{0,2}[)]?)\b)?)?`)
