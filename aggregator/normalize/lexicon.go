package normalize

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"copydesk/aggregator/wordtable"
)

//go:embed data/months.tsv
var monthTable string

//go:embed data/weekdays.tsv
var weekdayTable string

//go:embed data/clock.tsv
var clockTable string

//go:embed data/relative.tsv
var relativeTable string

//go:embed data/eras.tsv
var eraTable string

// A sense is what kind of thing a word of a date says.
type sense uint8

const (
	senseMonth   sense = iota + 1 // value: 1 to 12, more in other calendars
	senseWeekday                  // value: a time.Weekday
	senseAM
	sensePM
	senseDawn
	senseForenoon
	senseNoon
	senseAfternoon
	senseEvening
	senseNight
	senseLate
	senseAfterSix
	senseMidday
	senseMidnight
	senseHalf
	senseHalfPast
	senseHalfTo
	senseHour // stands behind figures, as the next five do
	senseMinute
	senseSecond
	senseYear
	senseMonthSign
	senseDate
	senseSmall // says nothing
	senseAt    // stands before an hour
	sensePublished
	senseUpdated
	senseEra  // value: the year before its first
	senseZone // value: index into zoneNames
	senseAgo
	senseSpan // value: unit and count, as spanOf tells
	senseNow
	senseDay      // value: days before today
	senseYearWord // value: years before this one
	senseNumber   // value: what it counts
)

// clockSenses are the kinds of data/clock.tsv.
var clockSenses = map[string]sense{
	"am": senseAM, "pm": sensePM, "dawn": senseDawn, "forenoon": senseForenoon, "noon": senseNoon, "afternoon": senseAfternoon,
	"evening": senseEvening, "night": senseNight, "late": senseLate, "after-six": senseAfterSix, "half": senseHalf, "half-past": senseHalfPast, "half-to": senseHalfTo, "midday": senseMidday, "midnight": senseMidnight, "hour": senseHour, "minute": senseMinute,
	"second": senseSecond, "year": senseYear, "month": senseMonthSign, "date": senseDate, "small": senseSmall, "at": senseAt, "published": sensePublished, "updated": senseUpdated,
}

// A meaning is one of those that a word has.
type meaning struct {
	sense    sense
	value    int
	language string
	capitals bool // only where the word is in capitals
	dotted   bool // only before a full stop
}

// A lexicon knows the words of dates in all languages.
type lexicon struct {
	words   map[string][]meaning // by the form that wordsOf gives, joined by blanks
	longest map[string]int       // how many words the longest phrase has that begins with this one
}

// dateWords is made when the first date is read that needs it.
var dateWords = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	l := &lexicon{words: map[string][]meaning{}, longest: map[string]int{}}
	for _, row := range wordtable.Rows(monthTable) {
		l.addMonths(row)
	}
	for _, row := range wordtable.Rows(weekdayTable) {
		for i, names := range row[1:] {
			l.addAll(names, meaning{sense: senseWeekday, value: (i + 1) % 7, language: row[0]})
		}
	}
	for _, row := range wordtable.Rows(clockTable) {
		l.addAll(row[2], meaning{sense: clockSenses[row[0]], language: row[1]})
	}
	for _, row := range wordtable.Rows(relativeTable) {
		l.addRelative(row[0], row[1], row[2])
	}
	for _, row := range wordtable.Rows(eraTable) {
		before, _ := strconv.Atoi(row[1])
		l.add(row[0], meaning{sense: senseEra, value: before, language: row[2], capitals: row[0] < "a"})
	}
	for i, name := range zoneNames() {
		l.add(name.word, meaning{sense: senseZone, value: i, capitals: isCapitals(name.word)})
	}
	return l
}

// Months of other calendars have values beyond December.
const (
	solarMonth = 100
	romanMonth = 200
)

func (l *lexicon) addMonths(row []string) {
	language, offset := row[0], 0
	switch language {
	case "solar":
		language, offset = "fa", solarMonth
	case "roman":
		language, offset = "", romanMonth
	}
	for i, names := range row[1:] {
		l.addAll(names, meaning{sense: senseMonth, value: offset + i + 1, language: language, capitals: offset == romanMonth})
	}
}

// The units of time that a span may be of; their values are spanOf's.
var spanUnits = []string{"second", "minute", "hour", "day", "week", "month", "year"}

// dayKinds are words for days, with how many lie between them and today.
var dayKinds = map[string]int{"today": 0, "yesterday": 1, "daybefore": 2}

// yearKinds are words for years, with how many lie between them and this one.
var yearKinds = map[string]int{"thisyear": 0, "lastyear": 1, "yearbefore": 2}

func (l *lexicon) addRelative(kind, language, words string) {
	unit := strings.Trim(kind, "0123456789!")
	if back, ok := dayKinds[kind]; ok {
		l.addAll(words, meaning{sense: senseDay, value: back, language: language})
		return
	}
	if back, ok := yearKinds[kind]; ok {
		l.addAll(words, meaning{sense: senseYearWord, value: back, language: language})
		return
	}
	switch kind {
	case "ago":
		l.addAll(words, meaning{sense: senseAgo, language: language})
	case "now":
		l.addAll(words, meaning{sense: senseNow, language: language})
	case "numbers":
		for i, forms := range strings.Split(words, "|") {
			l.addAll(strings.ReplaceAll(forms, "/", "|"), meaning{sense: senseNumber, value: i + 1, language: language})
		}
	default:
		count, _ := strconv.Atoi(strings.TrimRight(kind, "!abcdefghijklmnopqrstuvwxyz")) // 0 where a figure says so
		for i, name := range spanUnits {
			if name == unit {
				l.addAll(words, meaning{sense: senseSpan, value: 10*count + i, language: language})
			}
		}
		if strings.HasSuffix(kind, "!") {
			l.addAll(words, meaning{sense: senseAgo, language: language})
		}
	}
}

// addAll adds forms that are parted by bars.
func (l *lexicon) addAll(forms string, m meaning) {
	for form := range strings.SplitSeq(forms, "|") {
		l.add(form, m)
	}
}

func (l *lexicon) add(form string, m meaning) {
	m.dotted = strings.HasSuffix(form, ".") && strings.Count(form, ".") == 1
	if m.sense == senseAM || m.sense == sensePM {
		m.capitals = m.capitals || isCapitals(form)
	}
	words := wordsOf(form)
	if len(words) == 0 {
		return
	}
	key := strings.Join(words, " ")
	for _, have := range l.words[key] {
		if have == m {
			return
		}
	}
	l.words[key] = append(l.words[key], m)
	l.longest[words[0]] = max(l.longest[words[0]], len(words))
	for _, w := range words { // so that scripts without blanks are cut there
		if _, known := l.words[w]; !known {
			l.words[w] = nil
		}
	}
}

// wordsOf is a form taken apart as the text of a date is.
func wordsOf(form string) []string {
	return strings.FieldsFunc(strings.ToLower(foldDate(form)), func(r rune) bool { return strings.ContainsRune(` .-"`, r) })
}

// isCapitals reports a word that has capitals and no small letters.
func isCapitals(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower)
}

// spanOf takes a span's value apart: a length of time or a number of months,
// and how many of it the word itself means.
func spanOf(value int) (unit time.Duration, months, count int) {
	count = value / 10
	switch value % 10 {
	case 0:
		unit = time.Second
	case 1:
		unit = time.Minute
	case 2:
		unit = time.Hour
	case 3:
		unit = 24 * time.Hour
	case 4:
		unit = 7 * 24 * time.Hour
	case 5:
		months = 1
	case 6:
		months = 12
	}
	return unit, months, count
}
