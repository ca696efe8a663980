package extract

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed data/credits.tsv
var creditTable string

// creditWords are what opens a line of credits, by kind, in small letters.
var creditWords = wordsByKind(creditTable)

// datedCredit is a line that opens with a moment and then says whose copy it
// is: "2020-06-06 10:08 来源：…".
var datedCredit = pattern(`(?i)^\d{4}\s?(?:[-/.]|{year/zh})\s?\d{1,2}\s?(?:[-/.]|{month/zh})\s?\d{1,2}{day/zh}?[\d\s:：|]*{dated-credit}\b?\s?[:：]`)

// photoCredit is the end of a caption that says whose picture it is:
// "(PHOTO:XINHUA)".
var photoCredit = pattern(`(?i)[(（]\s?{picture}\s?{picture-by}?\s?[:：/]?\s?[^()（）]{2,80}[)）]$`)

// wordsOfCredit reads the words that open a line, or end it.
func wordsOfCredit(text string) line {
	text = withoutGenre(text)
	lower := strings.TrimLeft(strings.ToLower(text), " ([（【〔「-–—•*~_·|:：▲△■◆")
	l := line{text: text, by: startsWith(lower, creditWords["by"]) || startsWith(lower, creditWords["correspondent"])}
	if !l.by && len(text) < 150 && containsAny(text, wordsOfKind("reporter")) { // patterns cost more than words
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
var outletReporter = pattern(`^[（(]?\p{Han}{2,10}{reporter/zh}[\s　:：]*\p{Han}{2,4}(?:[\s　、]+\p{Han}{2,4})*[）)]?$`)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// signed is a line that ends with what its writer is: "류영상 기자".
var signed = pattern(`{reporter-end}(?:\s?[\w.+-]+@[\w.-]+)?\s?[\])）】]?$`)

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
var datePattern = pattern(`(?i)(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?(?:\s(?:[A-Z]{1,3}T|UTC))?,?\s+)?(?:\d{1,2}-\p{L}{3,9}-\d{4}|\d{4}\s?(?:[-/.]|{year})\s?\d{1,2}\s?(?:[-/.]|{month})\s?\d{1,2}\s?{day}?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\p{L}[\p{L}\p{M}]{2,12}\.?\s+\d{1,2}{ordinal/en}?,?\s+\d{4}|\d{4}\.\s(?-i:\p{Ll})\p{L}{2,12}\.?\s\d{1,2}\b|\d{1,2}(?:\.|{ordinal/fr}|{ordinal/en})?\s+(?:{of}\s+)?[\p{L}\p{M}/]{3,20}\.?,?\s+(?:{of}\s+)?\d{4})(?:[T,.\s|·•@–-]*(?:\p{L}{1,4}\.?\s+|{at} )?\d{1,2}(?:[:：.h]|\s?{hour/zh}\s?|\s?{point}\s?|\s?{hour/ko}\s?)\d{2}(?:[:：]\d{2}|{minute})?(?:\s?[ap]\.?m\.?|\s?{half}(?:\s|$))?(?:\s?(?:[(]?(?:GMT|UTC)?\s?[+-]\d{1,2}:?\d{0,2}[)]?|Z|[A-Z]{2,4})\b)?)?`)

// marksOfDate are what may stand around a date in a line.
const marksOfDate = " ,|·-–"
