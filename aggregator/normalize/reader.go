package normalize

import (
	"time"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A reader takes a date off its tokens piece by piece: the day, then the time
// of day in what is left, then the zone behind it.
type reader struct {
	tokens   []token
	text     string // from which they are
	reading  Reading
	language string // primary tag of the text; empty when unknown

	w  stamp       // what has been read
	m  news.Moment // what became of it; zero when there is no such moment
	by dateRules
}

// A stamp is a date taken apart, nothing resolved.
type stamp struct {
	year, month, day     int
	hour, minute, second int
	nano                 int64
	hasSecond, hasTime   bool
	longDay              bool // its hours go on past midnight: 25:30
	eitherEnd            bool // it is at midnight, and may be the one before
	yearless, dayless    bool
	guessed              bool // the year was, in another calendar or by a word
	offset               int  // seconds east
	hasOffset            bool
	place                *time.Location // in place of an offset
}

// written reads what people write: dates in a calendar, and times counted from
// the fetch.
func written(s string, r Reading) (news.Moment, dateRules) {
	list := unglossed(tokens(hanNumbers(s)))
	for _, part := range sections(list, r) {
		d := newReader(part, r)
		d.text = s
		if d.date() == done {
			return d.m, d.by
		}
	}
	return news.Moment{}, dateRules{}
}

func newReader(list []token, r Reading) *reader {
	d := &reader{tokens: list, reading: r, language: primary(r.Language)}
	d.markClocks()
	return d
}

// date asks the rules for days, and reads a time of day with its zone behind what
// they took. It is done without a moment when the date is one that does not exist.
func (d *reader) date() outcome {
	for r := range dayRules {
		o := r.read(d)
		if o == pass {
			continue
		}
		d.by.day, d.by.yearless = r.name, o == took && (d.w.yearless || d.w.guessed)
		if o == took && d.w.yearless {
			if d.saysNoYear() {
				return done
			}
			d.yearInWords()
		}
		if o == took && d.timeOfDay() {
			d.m, _ = d.w.moment(d.reading)
		}
		return done
	}
	return pass
}

// saysNoYear reports a year that there never was, which programs write for "no
// date" (ruling 14): 30/11/-0001, 30 Nov -1, Nov 30, 0000.
func (d *reader) saysNoYear() bool {
	timed := false
	for i := range d.tokens {
		t := &d.tokens[i]
		timed = timed || t.clock
		n, is := d.figure(i, 1, 4)
		if !is || n > 1 {
			continue
		}
		switch minus := d.mark(i-1, "-") && !t.gap; {
		case minus && t.digits > 2:
			is = n == 1 || !timed // +0000 and -0000 are offsets
		case minus:
			is = d.tokens[i-1].gap && i+1 == len(d.tokens) && !timed
		default:
			is = t.digits == 4 && n == 0 && !d.mark(i-1, "+") && !d.clockFigures(i)
		}
		if is {
			return true
		}
	}
	return false
}

// yearInWords reads a word for the year in place of its figures: last year, 去年.
func (d *reader) yearInWords() {
	for i := range d.tokens {
		back, is := d.means(i, senseYearWord)
		if !is {
			continue
		}
		d.w.year, d.w.yearless, d.w.guessed = d.reading.At.In(d.reading.Zone).Year()-back, false, true
		d.by.yearless = false
		return
	}
}

// timeOfDay reads the time of day and its zone. It is not ok when the time is one
// that no clock shows.
func (d *reader) timeOfDay() bool {
	behind := len(d.tokens)
	if !d.w.hasTime {
		end, ok := d.clock()
		if !ok {
			return false
		}
		behind = end
	} else if i := d.lastUsed(); i >= 0 {
		behind = i + 1
	}
	if d.w.hasTime {
		d.zone(behind)
	} else {
		d.zoneOfDay()
	}
	return true
}

// figure is the number at i where it has from min to max digits and is neither
// read already nor part of a time of day.
func (d *reader) figure(i, min, max int) (int, bool) {
	if i < 0 || i >= len(d.tokens) {
		return 0, false
	}
	t := &d.tokens[i]
	return t.number, t.digits >= min && t.digits <= max && !t.used && !t.clock
}

// mark reports one of some marks at i.
func (d *reader) mark(i int, marks string) bool {
	if i < 0 || i >= len(d.tokens) || d.tokens[i].mark == 0 {
		return false
	}
	for j := range len(marks) {
		if marks[j] == d.tokens[i].mark {
			return true
		}
	}
	return false
}

// means is the value of the word at i in a sense.
func (d *reader) means(i int, s sense) (int, bool) {
	if i < 0 || i >= len(d.tokens) || d.tokens[i].used {
		return 0, false
	}
	return d.tokens[i].means(s, d.language)
}

func (d *reader) says(i int, s sense) bool {
	_, ok := d.means(i, s)
	return ok
}

// use marks tokens as read.
func (d *reader) use(list ...int) {
	for _, i := range list {
		if i >= 0 && i < len(d.tokens) {
			d.tokens[i].used = true
		}
	}
}

// ownLanguage is the language that a word of the text belongs to and no other
// does; empty when there is no such word.
func (d *reader) ownLanguage() string {
	for i := range d.tokens {
		language, several := "", false
		for _, m := range d.tokens[i].meanings {
			several = several || language != "" && m.language != language
			language = m.language
		}
		if language != "" && !several && utf8.RuneCountInString(d.tokens[i].text) > 1 {
			return language
		}
	}
	return ""
}

func (d *reader) lastUsed() int {
	for i := len(d.tokens) - 1; i >= 0; i-- {
		if d.tokens[i].used {
			return i
		}
	}
	return -1
}
