package normalize

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

//go:embed data/relative.tsv
var relativeTable string

// A span is a unit of time in a word, or several of it in one.
type span struct {
	word string
	unit time.Duration
	n    int // 0 when a figure says how many
}

var spanUnits = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
	"month": 30 * 24 * time.Hour, "year": 365 * 24 * time.Hour,
}

// spans are words for units by their first rune, the longest first; marks are
// the words that make a text one of these; days are words for days, with how
// many lie between them and today; instants mean the fetch itself.
var spans, marks, days, instants = func() (map[rune][]span, []string, map[string]int, map[string]bool) {
	units, now := map[rune][]span{}, map[string]bool{}
	var markers []string
	back := map[string]int{}
	for _, row := range table(relativeTable) {
		for _, word := range strings.Split(row[1], "|") {
			switch row[0] {
			case "ago":
				markers = append(markers, word)
			case "now":
				now[word] = true
			case "today":
				back[word] = 0
			case "yesterday":
				back[word] = 1
			case "daybefore":
				back[word] = 2
			case "self": // a mark and a unit in one word
				markers = append(markers, word)
			default:
				s := span{word: word}
				kind := row[0]
				if rest, ok := strings.CutPrefix(kind, "2"); ok {
					kind, s.n = rest, 2
				}
				s.unit = spanUnits[kind]
				first, _ := utf8.DecodeRuneInString(word)
				units[first] = append(units[first], s)
			}
		}
	}
	for _, list := range units {
		slices.SortStableFunc(list, func(a, b span) int { return len(b.word) - len(a.word) })
	}
	return units, markers, back, now
}()

// relative reads times counted from the fetch: "2 hours ago", "昨天 10:46".
func relative(s string, r Reading) (news.Moment, bool) {
	lower := strings.ToLower(strings.TrimSpace(s))
	if len(lower) > 80 || calendarYear.MatchString(lower) {
		return news.Moment{}, false
	}
	if instants[strings.Trim(lower, " .!")] {
		return news.Moment{At: r.At, Basis: news.Inferred}, true
	}
	if m, ok := ago(lower, r); ok {
		return m, true
	}
	return dayWord(lower, r)
}

// calendarYear is what only a calendar's date holds.
var calendarYear = regexp.MustCompile(`\b(?:19|20)\d\d\b|\d[年月]|년|월`)

// ago counts the spans of a text that a mark makes one of these.
func ago(lower string, r Reading) (news.Moment, bool) {
	lower = strings.NewReplacer("午前", " ", "오전", " ").Replace(lower)
	if !slices.ContainsFunc(marks, func(word string) bool { return holds(lower, word) }) {
		return news.Moment{}, false
	}
	var total time.Duration
	for i := 0; i < len(lower); {
		s, ok := spanAt(lower, i)
		if !ok {
			_, n := utf8.DecodeRuneInString(lower[i:])
			i += n
			continue
		}
		total += time.Duration(s.count(lower[:i])) * s.unit
		i += len(s.word)
	}
	if total <= 0 || total > 100*365*24*time.Hour {
		return news.Moment{}, false
	}
	return news.Moment{At: r.At.Add(-total), Basis: news.Inferred}, true
}

// spanAt is the unit that begins at i, as a word of its own.
func spanAt(s string, i int) (span, bool) {
	first, _ := utf8.DecodeRuneInString(s[i:])
	for _, sp := range spans[first] {
		if !strings.HasPrefix(s[i:], sp.word) || !wordAt(s, i, len(sp.word)) {
			continue
		}
		if len(sp.word) <= 2 && !lastNumber.MatchString(s[:i]) { // "il y a" holds no year
			continue
		}
		return sp, true
	}
	return span{}, false
}

var lastNumber = regexp.MustCompile(`(\d{1,4})\s*$`)

// count is how many units are meant, one where no figure says so.
func (s span) count(before string) int {
	if s.n > 0 {
		return s.n
	}
	if m := lastNumber.FindStringSubmatch(before); m != nil {
		n, _ := strconv.Atoi(m[1]) // four digits at most
		return n
	}
	return 1
}

// dayWord reads "yesterday at 10:46".
func dayWord(lower string, r Reading) (news.Moment, bool) {
	word := ""
	for w := range days {
		if len(w) > len(word) && holds(lower, w) {
			word = w
		}
	}
	if word == "" {
		return news.Moment{}, false
	}
	rest := strings.Replace(lower, word, " ", 1)
	if _, _, dated := dayOf(rest, r); dated {
		return news.Moment{}, false
	}
	day := r.At.In(r.Zone).AddDate(0, 0, -days[word])
	w := written{year: day.Year(), month: int(day.Month()), day: day.Day()}
	if !w.readTime(rest) {
		return news.Moment{}, false
	}
	if w.hasTime {
		w.readZone(rest, r)
	}
	m, ok := w.moment(r)
	m.Basis = news.Inferred
	return m, ok
}

// holds reports a word in a text.
func holds(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		if i += from; wordAt(text, i, len(word)) {
			return true
		}
		from = i + len(word)
	}
}

// wordAt reports that no letter stands right before or behind a word, which in
// scripts without spaces may be.
func wordAt(s string, i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	first, _ := utf8.DecodeRuneInString(s[i:])
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	return glues(first) || !(unicode.IsLetter(before) || unicode.IsMark(before)) && !(unicode.IsLetter(after) || unicode.IsMark(after))
}

// glues reports letters of scripts that put words together.
func glues(r rune) bool {
	return unspaced(r) || unicode.In(r, unicode.Hangul, unicode.Thai)
}
