package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// A printedDate is a date as it stands in its line, with what stands there before
// and behind it as far as the next date.
type printedDate struct {
	before, date, after string
	follows, leads      bool // another date of the line, or to one
	credited            bool // the line opens with a word of credits, or is named for them
}

// A mentionRule sees that a date is one that the text speaks of, and not one that
// the line is there to tell.
type mentionRule struct {
	name, example string
	sees          func(printedDate) bool
}

var mentionRules = [...]mentionRule{
	{"a label of something else", "Opening: 3 May 2027", printedDate.labelled},
	{"a span of time", "12 March 1931 – 4 May 2019", printedDate.spans},
	{"a sentence", "The vote was on 12 March 2019.", printedDate.inSentence},
	{"words that lead to it", "The vote of 12 March 2019", printedDate.ledTo},
	{"words that go on behind it", "12 March 2019 was a day of joy", printedDate.goesOn},
	{"rights", "© The Herald, 12 March 2019", printedDate.ofRights},
}

// mentionedBy is the rule that sees that the line only speaks of a date; empty where
// it tells it.
func (d printedDate) mentionedBy() string {
	for _, r := range mentionRules {
		if r.sees(d) {
			return r.name
		}
	}
	return ""
}

func (d printedDate) mentioned() bool { return d.mentionedBy() != "" }

// What parts a date from the words beside it: bars more than other marks.
const (
	bars  = "|·•‧∙/／︱│"
	marks = bars + ",:;，：；、،؛-–—()[]（）【】「」\""
)

// ends are the marks at the end of a sentence.
const ends = ".!?…。！？؟।۔"

// labelled reports a word with a colon before a date, that is none for when an
// article appeared or was changed, and none of credits.
func (d printedDate) labelled() bool {
	before := strings.TrimRight(d.before, " ")
	if day := strings.LastIndexAny(before, ":："); day >= 0 && strings.HasSuffix(before, ",") && strings.Count(strings.TrimSpace(before[day:]), " ") < 2 {
		before = strings.TrimRightFunc(before, func(r rune) bool { return r != ':' && r != '：' }) // Opening: Tuesday,
	}
	label, ok := strings.CutSuffix(before, ":")
	if !ok {
		label, ok = strings.CutSuffix(before, "：")
	}
	if !ok || d.credited {
		return false
	}
	label = strings.TrimSpace(label[strings.LastIndexAny(label, bars+",;，；")+1:])
	return label != "" && !isChange(label) && !tellsWhen(strings.ToLower(label)+":")
}

// tellsWhen reports a label, in small letters and with its colon, for a moment of
// the article.
func tellsWhen(label string) bool {
	return opensTelling(label) || slices.Contains(wordsOfKind("when"), strings.TrimRight(label, ": "))
}

// opensTelling reports a text, in small letters, that opens with a word of credits
// or for a moment of the article.
func opensTelling(text string) bool {
	for _, kind := range []string{"published", "updated", "credit", "by", "correspondent", "photo"} {
		if startsWith(text, creditWords[kind]) {
			return true
		}
	}
	return false
}

// spans reports a date that begins or ends a span of time.
func (d printedDate) spans() bool {
	before, after := strings.TrimSpace(d.before), strings.TrimSpace(d.after)
	start := strings.TrimRight(before, "-–—")
	fromDay := start != before && start != "" && unicode.IsDigit(rune(start[len(start)-1]))
	return fromDay || d.follows && start == "" && before != "" || d.leads && strings.Trim(after, "-–—") == "" && after != ""
}

// inSentence reports a line that ends as a sentence does, and has words for one.
func (d printedDate) inSentence() bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(d.after, " \"”’»)"))
	few := 0
	if d.credited {
		few = 4
	}
	n := plainWords(d.before) + plainWords(d.after)
	return strings.ContainsRune(ends, last) && n > few || n > 8+2*few && !strings.ContainsAny(d.before+d.after, bars)
}

// ledTo reports words, other than names, that lead to a date without a mark. One of
// them may be the day of the week or a preposition, and any may say what appeared.
func (d printedDate) ledTo() bool {
	text := d.before[strings.LastIndexAny(d.before, marks)+1:]
	lower := strings.ToLower(text)
	return !d.credited && plainWords(text) > 1+allowance(text) &&
		!containsAny(lower, creditWords["published"]) && !containsAny(lower, wordsOfKind("edition"))
}

// goesOn reports words, other than names and those of credits, behind a date: a
// mark may be before them.
func (d printedDate) goesOn() bool {
	behind := strings.TrimLeft(d.after, " ")
	first, size := utf8.DecodeRuneInString(behind)
	joined := behind == d.after
	if strings.ContainsRune(marks, first) {
		behind, joined = strings.TrimLeft(behind[size:], " "), strings.ContainsRune("，、", first)
	}
	next, _ := utf8.DecodeRuneInString(behind)
	switch {
	case d.credited, behind == "", strings.ContainsRune(bars, first), opensTelling(strings.ToLower(behind)):
		return false
	case wide(next) && unicode.IsLetter(next) && joined:
		return letterRun(behind) > 2
	}
	if end := strings.IndexAny(behind, marks+"0123456789"); end >= 0 {
		behind = behind[:end]
	}
	return plainWords(behind) > 2+allowance(behind)
}

// ofRights reports a date beside the sign of copyright.
func (d printedDate) ofRights() bool {
	lower := strings.ToLower(d.before + " " + d.after)
	return strings.Contains(lower, "©") || containsAny(lower, wordsOfKind("rights"))
}

// allowance is how many more words may stand beside a date in a script that shows
// by no capital which of them are names.
func allowance(text string) int {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(text))
	if unicode.IsUpper(first) || unicode.IsLower(first) {
		return 0
	}
	return 2
}

// letterRun is how many letters open a text.
func letterRun(text string) (n int) {
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return n
		}
		n++
	}
	return n
}

// plainWords is how many words of a text are not written as names are, nor particles
// of those, nor in figures or behind them: "1034 views". East Asian letters count by
// what one has of them between its marks.
func plainWords(text string) (n int) {
	counted := false
	for word := range strings.FieldsSeq(text) {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, marks+"'“‘«"))
		switch {
		case unicode.IsDigit(r):
			counted = true
			continue
		case wide(r):
			n += utf8.RuneCountInString(word) / 4
		case unicode.IsLetter(r) && !unicode.IsUpper(r) && !counted && !slices.Contains(wordsOfKind("particle"), word):
			n++
		}
		counted = false
	}
	return n
}

// longestBeside is how much text beside a date tells what it is of, in bytes.
const longestBeside = 300

// beside is the text before and behind an element in the line that it is a part of,
// as far as another element that stands for itself.
func beside(n *html.Node) (before, behind string) {
	before = gathered(n, func(n *html.Node) *html.Node { return n.PrevSibling }, func(have, text string) string { return text + have })
	behind = gathered(n, func(n *html.Node) *html.Node { return n.NextSibling }, func(have, text string) string { return have + text })
	return before, behind
}

// gathered is the text of the line to one side of an element.
func gathered(n *html.Node, next func(*html.Node) *html.Node, join func(have, text string) string) (text string) {
	for up := n; up != nil && inline[up.Data]; up = up.Parent {
		for at := next(up); at != nil; at = next(at) {
			switch {
			case at.Type == html.TextNode:
				text = join(text, at.Data)
			case at.Type != html.ElementNode || unseen[at.Data]:
			case styles[at.Data] || at.Data == "a":
				part, _ := brief(at, longestBeside)
				text = join(text, part)
			default:
				return text
			}
			if len(text) > longestBeside {
				return text
			}
		}
	}
	return text
}

// printedIn is a date at loc of a line, between its neighbours there, with what
// stands beside the line where that is only a part of one to the eye.
func (p *page) printedIn(l line, from int, loc []int) printedDate {
	e := &p.outline.elements[l.at]
	before, behind := "", ""
	if inline[e.node.Data] {
		before, behind = beside(e.node)
	}
	if label := cellBefore(e.node); label != "" {
		before = label + ": "
	}
	if from > 0 {
		before = ""
	}
	d := printedDate{before: tidy(before+" ") + " " + l.text[from:loc[0]], date: l.text[loc[0]:loc[1]], after: l.text[loc[1]:] + behind, follows: from > 0}
	if next := datePattern.FindStringIndex(d.after); next != nil {
		d.after, d.leads = d.after[:next[0]], true
	}
	d.credited = e.traits.has(credits) && e.node.Data != "time" || l.byline || l.credit && !l.by || l.moment || l.by && namesFirst(wordless(l.text))
	return d
}

// cellBefore is the heading of a row, or the term of a definition, right before the
// cell that an element is or stands in.
func cellBefore(n *html.Node) string {
	for n != nil && inline[n.Data] {
		n = n.Parent
	}
	if n == nil || n.Data != "td" && n.Data != "dd" {
		return ""
	}
	for _, other := range neighbours(n) {
		if other.Data == "th" || other.Data == "dt" {
			label, _ := brief(other, longestBeside)
			return strings.TrimRight(label, ": ")
		}
	}
	return ""
}

// namesFirst reports a text that opens as a name does.
func namesFirst(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \"“[@"))
	return unicode.IsLetter(first) && !unicode.IsLower(first)
}
