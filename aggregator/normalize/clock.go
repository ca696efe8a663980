package normalize

import (
	"slices"
	"unicode/utf8"
)

// markClocks marks what can only be a time of day, so that no figure of it is
// taken for one of the date: 10:46, 10h46, 10時46分.
func (d *reader) markClocks() {
	seen := false
	for i := 0; i < len(d.tokens); i++ {
		if n := d.clockLength(i); n > 0 && !d.offsetBefore(i, seen) {
			for j := i; j < i+n; j++ {
				d.tokens[j].clock = true
			}
			seen = true
			i += n - 1
		}
	}
}

// offsetBefore reports a sign that makes the figures at i an offset: any plus,
// and a minus behind a time of day.
func (d *reader) offsetBefore(i int, seen bool) bool {
	return d.mark(i-1, "+") && !d.tokens[i].gap || seen && d.mark(i-1, "-") && !d.tokens[i].gap
}

// clockLength is how many tokens the time of day at i has; 0 for none.
func (d *reader) clockLength(i int) int {
	t := &d.tokens[i]
	if t.digits == 0 || t.digits > 2 || t.number > 24 && !d.longHour(i) || i > 1 && d.mark(i-1, ":") && d.isFigure(i-2, 2) { // of 25:46:16, 46:16 is no time
		return 0
	}
	switch {
	case !d.isFigure(i+2, 2):
		return 0
	case d.mark(i+1, ":"):
		return d.secondsLength(i, i+3)
	case d.says(i+1, senseHour) && d.tokens[i+2].number <= 59:
		return d.wordedLength(i)
	}
	return 0
}

// wordedLength is clockLength where a word or sign for the hour stands behind it.
func (d *reader) wordedLength(i int) int {
	end := i + 3
	if d.says(end, senseMinute) {
		end++
	}
	if d.mark(end, ":") && d.isFigure(end+1, 2) || d.isFigure(end, 2) && d.says(end+1, senseSecond) {
		end += 2
	}
	if d.tokens[i].gap && d.tokens[i+2].gap && d.says(i+3, senseMonth) { // um 10 Uhr 10 November
		return 0
	}
	return end - i
}

// longHour reports an hour of Japan's day of thirty hours, which ends when people
// go to bed: 25時.
func (d *reader) longHour(i int) bool {
	return d.language == "ja" && d.tokens[i].number < 30 && d.says(i+1, senseHour)
}

// secondsLength is the length of a time of day from i, whose minutes end
// before end, with seconds and a fraction where they follow.
func (d *reader) secondsLength(i, end int) int {
	if d.mark(end, ":") && d.isFigure(end+1, 2) {
		end += 2
		if d.mark(end, ".,:") && end+1 < len(d.tokens) && d.tokens[end+1].digits > 0 && !d.tokens[end+1].gap && !d.tokens[end].gap {
			end += 2
		}
	}
	return end - i
}

// signed reports a figure right behind a plus or a minus.
func (d *reader) signed(i int) bool { return d.mark(i-1, "+-") && !d.tokens[i].gap }

// isFigure reports a number of one or two figures at i.
func (d *reader) isFigure(i, most int) bool {
	return i < len(d.tokens) && d.tokens[i].digits > 0 && d.tokens[i].digits <= most
}

// A clockRule finds a time of day, and gives where it begins and ends: 0 for none.
type clockRule = rule[func(*reader, *stamp) (at, end int)]

func clockRules(yield func(clockRule) bool) {
	each(yield, []clockRule{
		{"a time of day with colons or signs", "10 Nov 2026 10:46", (*reader).marked},
		{"a time of day with full stops", "10 Nov 2026 kl. 10.46", (*reader).pointed},
		{"a time of day in four figures", "10 Nov 2026 at 1046", (*reader).fourFigures},
		{"an hour alone", "10 Nov 2026, 3 PM", (*reader).hourAlone},
		{"an hour behind a word for at", "10 Nov 2026 kl. 18", (*reader).hourAt},
		{"a word for noon or midnight", "10 Nov 2026, noon", (*reader).namedHour},
	})
}

// clock finds the time of day and gives the index behind it. It is not ok when
// no clock shows that time.
func (d *reader) clock() (end int, ok bool) {
	w := &d.w
	for r := range clockRules {
		at, end := r.read(d, w)
		if end == 0 {
			continue
		}
		d.by.clock = r.name
		w.hasTime, w.longDay = true, w.hour >= 24 && d.longHour(at)
		at, end = d.halfHour(w, at, end)
		end, ok = d.half(w, at, end)
		return end, ok && w.isClock()
	}
	return len(d.tokens), !d.broken()
}

// broken reports figures with a colon that are no time of day: 25:46.
func (d *reader) broken() bool {
	for i := range d.tokens {
		_, hour := d.figure(i, 1, 2)
		_, minute := d.figure(i+2, 2, 2)
		if hour && minute && d.mark(i+1, ":") && !d.mark(i-1, "+-") {
			return true
		}
	}
	return false
}

func (w *stamp) isClock() bool {
	return (w.hour < 24 || w.longDay && w.hour < 30) && w.minute < 60 && w.second <= 60 || w.hour == 24 && w.minute == 0 && w.second == 0
}

// marked reads what markClocks has found.
func (d *reader) marked(w *stamp) (at, end int) {
	for i := range d.tokens {
		if !d.tokens[i].clock {
			continue
		}
		parts := []*int{&w.hour, &w.minute, &w.second}
		for end = i; end < len(d.tokens) && d.tokens[end].clock; end++ {
			t := &d.tokens[end]
			if t.digits == 0 {
				continue
			}
			if end > i && t.gap && d.tokens[end-1].digits > 0 { // an offset, or another time
				break
			}
			if len(parts) == 0 {
				w.nano = nanos(t.text)
				continue
			}
			*parts[0], parts = t.number, parts[1:]
		}
		w.hasSecond = len(parts) == 0
		return i, end
	}
	return 0, 0
}

// pointed reads 10.46, and 10.46.16; "ore 10,46" behind a word for at.
func (d *reader) pointed(w *stamp) (at, end int) {
	for i := range d.tokens {
		hour, is := d.figure(i, 1, 2)
		point := d.mark(i+1, ".") || d.mark(i+1, ",") && d.says(i-1, senseAt)
		if !is || hour > 24 || !point || d.signed(i) {
			continue
		}
		minute, is := d.figure(i+2, 2, 2)
		if !is || minute > 59 || d.tokens[i+2].gap {
			continue
		}
		w.hour, w.minute, end = hour, minute, i+3
		if second, is := d.figure(i+4, 2, 2); is && d.mark(i+3, ".") && !d.tokens[i+4].gap && second < 60 {
			w.second, w.hasSecond, end = second, true, i+5
		}
		return i, end
	}
	return 0, 0
}

// fourFigures reads T1046, T104616, "1046 GMT", "1046 hrs" and "at 1046".
func (d *reader) fourFigures(w *stamp) (at, end int) {
	for i := range d.tokens {
		t := &d.tokens[i]
		if !d.clockFigures(i) || twoAt(t.text, 0) > 24 || twoAt(t.text, 2) > 59 {
			continue
		}
		w.compactTime(t.text)
		end = i + 1
		if t.digits == 6 && d.mark(end, ".,") && end+1 < len(d.tokens) && d.tokens[end+1].digits > 0 && !d.tokens[end+1].gap {
			w.nano = nanos(d.tokens[end+1].text)
			end += 2
		}
		if d.says(end, senseHour) {
			end++
		}
		return i, end
	}
	return 0, 0
}

// clockFigures reports four or six figures at i that what stands beside them makes
// a time of day.
func (d *reader) clockFigures(i int) bool {
	t := &d.tokens[i]
	switch {
	case t.used || t.digits != 4 && t.digits != 6 || d.signed(i):
		return false
	case i > 0 && d.tokens[i-1].text == "t" && !t.gap:
		return true
	}
	lastBehindDay := i == len(d.tokens)-1 && i > 0 && t.gap && d.tokens[i-1].used && d.tokens[i-1].digits > 0 && !d.w.yearless
	return t.digits == 4 && (lastBehindDay || d.says(i+1, senseZone) || d.says(i+1, senseHour) || d.says(i-1, senseSmall))
}

// hourAlone reads "3 PM", "下午3点", "15h", "T15", "halb 8", "10 вечера".
func (d *reader) hourAlone(w *stamp) (at, end int) {
	for i := range d.tokens {
		hour, is := d.figure(i, 1, 2)
		if !is || hour > 24 && !d.longHour(i) || d.signed(i) {
			continue
		}
		switch {
		case d.says(i+1, senseHour):
			w.hour = hour
			return i, i + 2
		case d.own(i-1, senseHalfTo), d.own(i+1, senseHalf) && d.tokens[i+1].gap, d.partOfDay(i + 1):
			w.hour = hour
			return i, i + 1
		case d.says(i+1, senseAM), d.says(i+1, sensePM), i > 0 && d.tokens[i-1].text == "t" && !d.tokens[i].gap:
			w.hour = hour
			return i, i + 1
		}
	}
	return 0, 0
}

// hourAt reads "kl. 18" and "yesterday at 10", behind a whole day.
func (d *reader) hourAt(w *stamp) (at, end int) {
	for i := range d.tokens {
		if !w.dayless && d.atHour(i) {
			w.hour = d.tokens[i].number
			return i, i + 1
		}
	}
	return 0, 0
}

// atHour reports an hour behind a word for at that no other figure follows. Single
// letters are such words in their own language alone.
func (d *reader) atHour(i int) bool {
	hour, is := d.figure(i, 1, 2)
	word := i - 1
	if d.mark(word, ".") {
		word--
	}
	if !is || hour > 24 || !d.says(word, senseAt) || utf8.RuneCountInString(d.tokens[word].text) == 1 && !d.own(word, senseAt) {
		return false
	}
	for j := i + 1; j < len(d.tokens); j++ {
		t := &d.tokens[j]
		unknown := t.mark == 0 && len(t.meanings) == 0
		if t.digits > 0 && !t.used || unknown && j == i+1 || t.says(senseHalf) && !d.own(j, senseHalf) {
			return false
		}
	}
	return true
}

// namedHour reads noon and midnight, which is the first moment of its day.
func (d *reader) namedHour(w *stamp) (at, end int) {
	for i := range d.tokens {
		switch {
		case d.says(i, senseMidday):
			w.hour = 12
			return i, i + 1
		case d.says(i, senseMidnight):
			return i, i + 1
		}
	}
	return 0, 0
}

// halfHour applies what makes a half hour of an hour, and gives where the time of
// day begins and ends with it: 8点半, "halb 8".
func (d *reader) halfHour(w *stamp, at, end int) (int, int) {
	switch {
	case w.minute > 0 || w.hasSecond:
	case d.own(end, senseHalf):
		w.minute = 30
		return at, end + 1
	case d.own(at-1, senseHalfPast):
		w.minute = 30
		return at - 1, end
	case d.own(at-1, senseHalfTo) && w.hour > 0:
		w.hour, w.minute = w.hour-1, 30
		return at - 1, end
	}
	return at, end
}

// partOfDay reports a word for a part of the day at i, in the language of the text.
func (d *reader) partOfDay(i int) bool {
	for s := senseDawn; s <= senseAfterSix; s++ {
		if d.own(i, s) {
			return true
		}
	}
	return false
}

// own reports a sense of the word at i in the language of the text: the half of
// one language goes before the hour and the half of the next behind it.
func (d *reader) own(i int, s sense) bool {
	return i >= 0 && i < len(d.tokens) && d.tokens[i].has(s, d.language)
}

// half applies the half or the part of the day that stands behind a time of
// day or before it, and gives the index behind what was read.
func (d *reader) half(w *stamp, at, end int) (int, bool) {
	for j := end; j < len(d.tokens) && j < end+3; j++ {
		if s, word, is := d.halfAt(j); is && !(len(word) == 1 && d.tokens[j].gap && word < "{") {
			return j + 1, w.inHalf(s, word)
		}
		if !d.mark(j, ".,") && !d.says(j, senseHour) && !d.says(j, senseSmall) {
			break
		}
	}
	for j := at - 1; j >= 0 && j >= at-3; j-- {
		if s, word, is := d.halfAt(j); is && d.leads(j, word) {
			return end, w.inHalf(s, word)
		}
		if !d.mark(j, ".,(") && !d.says(j, senseSmall) {
			break
		}
	}
	return end, true
}

// leads reports a word for a half or a part of the day, at i, that may stand before
// its hour: short ones of Latin letters mean other things there.
func (d *reader) leads(i int, word string) bool {
	first := firstRune(word)
	switch {
	case glues(first), first >= 0x370 && utf8.RuneCountInString(word) > 1, len(word) > 4:
		return true
	}
	return d.tokens[i].capitals || d.partOfDay(i) || d.mark(i+1, ".")
}

// What means a.m. and p.m. only where it is written on to a figure: 10:46a.
var gluedAM, gluedPM = wordsIn("glued-am"), wordsIn("glued-pm")

// halfAt is the part of the day that the word at i names.
func (d *reader) halfAt(i int) (s sense, word string, ok bool) {
	if i < 0 || i >= len(d.tokens) {
		return 0, "", false
	}
	t := &d.tokens[i]
	for _, own := range []bool{true, false} {
		for _, m := range t.meanings {
			if m.sense < senseAM || m.sense > senseMidnight || m.capitals && !t.capitals || m.dotted && !d.mark(i+1, ".") {
				continue
			}
			if !own || m.language == d.language {
				return m.sense, t.text, true
			}
		}
	}
	switch {
	case t.gap:
	case slices.Contains(gluedAM(), t.text):
		return senseAM, t.text, true
	case slices.Contains(gluedPM(), t.text):
		return sensePM, t.text, true
	}
	return 0, "", false
}

// inHalf turns a time within a part of the day into one of twenty-four hours.
// It is false for an afternoon's time with a.m.; p.m. and looser words are idle
// beside 15:30, to which programs add them.
func (w *stamp) inHalf(s sense, word string) bool {
	if w.hour > 12 {
		return word >= "\u0080" || s != senseAM
	}
	switch s {
	case senseAM, senseDawn, senseForenoon:
		if w.hour == 12 {
			w.hour = 0
		}
	case sensePM, senseAfternoon:
		if w.hour < 12 {
			w.hour += 12
		}
	case senseEvening, senseLate:
		w.inEvening(s == senseLate)
	case senseAfterSix:
		if w.hour < 6 {
			w.hour += 18
		}
	case senseMidnight:
		if w.hour == 12 {
			w.hour = 0
		}
	case senseNoon, senseMidday:
		if w.hour < 6 {
			w.hour += 12
		}
	case senseNight:
		switch {
		case w.hour == 12:
			w.hour = 0
		case w.hour > 4:
			w.hour += 12
		}
	}
	return true
}

// inEvening is inHalf for an evening, and for a night named after the day on which
// it begins. Twelve o'clock is its midnight, the end of the day, unless that has
// not come yet; a small hour of a night is one of the day as printed.
func (w *stamp) inEvening(late bool) {
	switch {
	case w.hour == 12:
		w.hour, w.longDay, w.eitherEnd = 24, true, true
	case w.hour > 4, w.hour > 0 && !late:
		w.hour += 12
	}
}
