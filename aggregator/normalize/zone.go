package normalize

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"copydesk/aggregator/wordtable"
)

//go:embed data/zones.tsv
var zoneTable string

// A zoneName is what letters or a name of a zone mean.
type zoneName struct {
	word   string
	offset int      // seconds east
	place  string   // in place of an offset
	sure   bool     // has a meaning although the source's zone agrees with none
	others []int    // offsets that it also means where the source's zone has them
	places []string // zones that use it for their own time
	behind bool     // a word of many uses: a zone only right behind the time, at the end or before a mark or figures
}

var zoneNames = sync.OnceValue(func() []zoneName {
	var out []zoneName
	for _, row := range wordtable.Rows(zoneTable) {
		z := zoneName{word: row[0], sure: row[1] != "-"}
		if minutes, err := strconv.Atoi(row[1]); err == nil {
			z.offset = 60 * minutes
		} else if z.sure {
			z.place = row[1]
		}
		if len(row) > 2 {
			for other := range strings.SplitSeq(row[2], "|") {
				z.behind = z.behind || other == "behind"
				if minutes, err := strconv.Atoi(other); err == nil {
					z.others = append(z.others, 60*minutes)
				} else if strings.Contains(other, "/") {
					z.places = append(z.places, other)
				}
			}
		}
		out = append(out, z)
	}
	return out
})

// A zoneRule reads the zone of a time of day that ends before a token.
type zoneRule = rule[func(*reader, int) bool]

func zoneRules(yield func(zoneRule) bool) {
	each(yield, []zoneRule{
		{"a zone with POSIX's sign", "2026-11-10 10:46 Etc/GMT+5", (*reader).posix},
		{"an offset behind the time", "10 Nov 2026 10:46 +0800", (*reader).offsetBehind},
		{"an offset that lost its plus", "2026-11-10T10:46:16 08:00", (*reader).plusLost},
		{"the place of a zone", "2026-11-10T10:46[Asia/Shanghai]", (*reader).placeNamed},
		{"letters behind the time", "10 Nov 2026 10:46 JST", (*reader).lettersBehind},
		{"letters before the time", "GMT: 10 Nov 2026 10:46", (*reader).lettersBefore},
	})
}

// dayZoneRules read the zone of a day without a time, that ends before a token
// (XML Schema's dates).
func dayZoneRules(yield func(zoneRule) bool) {
	each(yield, []zoneRule{
		{"an offset behind the day", "2026-11-10+08:00", (*reader).offsetOfDay},
		{"a Z behind the day", "2026-11-10Z", (*reader).zuluOfDay},
	})
}

// zone reads the zone of a time of day that ends before i.
func (d *reader) zone(i int) {
	for r := range zoneRules {
		if r.read(d, i) {
			d.by.zone = r.name
			return
		}
	}
}

func (d *reader) zoneOfDay() {
	i := d.lastUsed() + 1
	if i == 0 || i >= len(d.tokens) || d.tokens[i].gap {
		return
	}
	for r := range dayZoneRules {
		if r.read(d, i) {
			d.by.zone = r.name
			return
		}
	}
}

func (d *reader) offsetOfDay(i int) bool {
	off, ok := d.offset(i)
	return ok && d.mark(i, "+") && d.w.east(off)
}

func (d *reader) zuluOfDay(i int) bool { return d.tokens[i].text == "z" && d.w.east(0) }

// etcetera is where the tz database has zones by their offsets.
const etcetera = "Etc/"

// posix reads a zone of the tz database that is named by an offset, in which plus is
// west.
func (d *reader) posix(int) bool {
	_, name, ok := strings.Cut(d.text, etcetera)
	if !ok {
		return false
	}
	end := strings.IndexFunc(name, func(r rune) bool { return !strings.ContainsRune("GMT+-0123456789", r) })
	if end >= 0 {
		name = name[:end]
	}
	place, err := time.LoadLocation(etcetera + name)
	if err != nil {
		return false
	}
	d.w.place = place
	return true
}

func (d *reader) offsetBehind(i int) bool {
	for j := i; j < len(d.tokens); j++ {
		behind := j == i || d.says(j-1, senseZone) || d.mark(j-1, "([") || d.says(j-1, senseSmall) && j == i+1
		if off, ok := d.offset(j); ok && behind {
			return d.w.east(off)
		}
	}
	return false
}

// plusLost reads the offset that ends a text behind seconds, whose plus became a
// blank on its way through an address.
func (d *reader) plusLost(i int) bool {
	if !d.w.hasSecond || i >= len(d.tokens) || !d.tokens[i].gap {
		return false
	}
	hours, minutes := d.tokens[i].number, 0
	switch colon := d.mark(i+1, ":"); {
	case d.tokens[i].digits == 2 && colon && i+3 == len(d.tokens) && d.tokens[i+2].digits == 2:
		minutes = d.tokens[i+2].number
	case d.tokens[i].digits == 4 && !d.tokens[i].used && i+1 == len(d.tokens):
		hours, minutes = hours/100, hours%100
	default:
		return false
	}
	return isOffset(hours, minutes) && minutes%15 == 0 && d.w.east(3600*hours+60*minutes)
}

func (d *reader) placeNamed(int) bool {
	d.w.place = placeIn(d.text)
	return d.w.place != nil
}

func (d *reader) lettersBehind(i int) bool {
	if d.mark(i, ".(") { // of a.m. (Eastern)
		i++
	}
	for j := i; j < len(d.tokens); j++ {
		if d.letters(j, j == i) {
			return true
		}
	}
	return false
}

func (d *reader) lettersBefore(i int) bool {
	for j := range i {
		if len(d.tokens[j].text) > 1 && d.letters(j, false) {
			return true
		}
	}
	return false
}

// east takes an offset, and is true.
func (w *stamp) east(seconds int) bool {
	w.offset, w.hasOffset = seconds, true
	return true
}

// offset reads +8, +08, +0800, +08:00 and the like at i, in seconds east.
func (d *reader) offset(i int) (int, bool) {
	if !d.mark(i, "+-") || i+1 >= len(d.tokens) {
		return 0, false
	}
	t := &d.tokens[i+1]
	if t.digits == 0 || t.gap && (t.digits != 4 || !d.mark(i, "+")) || t.used || t.clock {
		return 0, false
	}
	hours, minutes := d.offsetFigures(i + 1)
	if !isOffset(hours, minutes) {
		return 0, false
	}
	seconds := 3600*hours + 60*minutes
	if d.tokens[i].mark == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// isOffset reports hours and minutes that a zone may differ by.
func isOffset(hours, minutes int) bool { return hours <= 14 && minutes < 60 }

// offsetFigures are the hours and minutes of an offset without its sign: with too
// many hours where it is none.
func (d *reader) offsetFigures(i int) (hours, minutes int) {
	t := &d.tokens[i]
	switch t.digits {
	case 1, 2:
		if d.mark(i+1, ":.") && i+2 < len(d.tokens) && d.tokens[i+2].digits == 2 && !d.tokens[i+2].used {
			minutes = d.tokens[i+2].number
		}
		return t.number, minutes
	case 3, 4:
		return t.number / 100, t.number % 100
	case 6: // with seconds
		return t.number / 10000, t.number / 100 % 100
	}
	return 24, 0
}

// letters reads the zone that the word at i names, where it names one. It is next
// when it stands right behind the time.
func (d *reader) letters(i int, next bool) bool {
	t := &d.tokens[i]
	if t.used || t.clock || t.digits > 0 || t.mark != 0 {
		return false
	}
	if n, ok := d.means(i, senseZone); ok {
		z := zoneNames()[n]
		return d.mayName(i, next, z) && d.called(z)
	}
	if t.text == "z" && next && !t.gap {
		return d.w.east(0)
	}
	if n, ok := t.anyMeaning(senseZone); ok && next && i == len(d.tokens)-1 && len(t.text) > 2 { // 10:46 est
		return d.called(zoneNames()[n])
	}
	if !t.capitals || len(t.text) < 3 {
		return false
	}
	off, ok := d.w.abbreviated(strings.ToUpper(t.text), d.reading.Zone)
	if !ok {
		return false
	}
	d.by.agreed = true
	return d.w.east(off)
}

// mayName reports a word that may name a zone where it stands: RFC 822's single
// letters do so right behind the time alone, and words of many uses there where no
// other word follows: Central, but not Central Park.
func (d *reader) mayName(i int, next bool, z zoneName) bool {
	text := d.tokens[i].text
	if z.behind {
		end := i+1 == len(d.tokens) || d.tokens[i+1].mark != 0 || d.tokens[i+1].digits > 0
		return next && end
	}
	return len(text) > 1 || next && (text == "z" || i == len(d.tokens)-1)
}

// called takes what a zone's name means: what agrees with the source's zone,
// else its one meaning (ruling 11).
func (d *reader) called(z zoneName) bool {
	w, source := &d.w, d.reading.Zone
	if off, ok := w.abbreviated(z.word, source); ok {
		d.by.agreed = !w.means(z, off)
		return w.east(off)
	}
	_, here := w.seasons()[0].In(source).Zone()
	if slices.Contains(z.others, here) || slices.Contains(z.places, source.String()) {
		d.by.agreed = true
		return w.east(here)
	}
	if z.place != "" {
		place, err := time.LoadLocation(z.place)
		w.place = place
		return err == nil
	}
	w.offset, w.hasOffset = z.offset, z.sure
	return z.sure
}

// means reports an offset that a zone's name has whatever the source's zone is.
func (w *stamp) means(z zoneName, offset int) bool {
	if z.place == "" {
		return z.sure && z.offset == offset
	}
	place, err := time.LoadLocation(z.place)
	return err == nil && w.keeps(offset, place)
}

// seasons are noons of the day, of a winter's and of a summer's day.
func (w *stamp) seasons() [3]time.Time {
	noon := func(month time.Month, day int) time.Time { return time.Date(w.year, month, day, 12, 0, 0, 0, time.UTC) }
	return [3]time.Time{noon(time.Month(w.month), max(w.day, 1)), noon(time.January, 1), noon(time.July, 1)}
}

// abbreviated is the offset for which a zone itself uses some letters.
func (w *stamp) abbreviated(letters string, zone *time.Location) (int, bool) {
	for _, day := range w.seasons() {
		if name, off := day.In(zone).Zone(); name == letters {
			return off, true
		}
	}
	return 0, false
}

// keeps reports an offset that a zone has in some season.
func (w *stamp) keeps(offset int, zone *time.Location) bool {
	for _, day := range w.seasons() {
		if _, off := day.In(zone).Zone(); off == offset {
			return true
		}
	}
	return false
}

// placeIn is the zone of the tz database that a text names:
// 2022-11-10T10:46+08:00[Asia/Shanghai]; nil when it names none.
func placeIn(s string) *time.Location {
	isPart := func(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || r == '_' || r == '/') }
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '/')
		if i < 1 {
			return nil
		}
		i += from
		start := strings.LastIndexFunc(s[:i], func(r rune) bool { return !isPart(r) }) + 1
		end := len(s)
		if n := strings.IndexFunc(s[i:], func(r rune) bool { return !isPart(r) }); n >= 0 {
			end = i + n
		}
		if i-start > 1 && end-i > 2 && s[start] >= 'A' && s[start] <= 'Z' {
			if place, err := time.LoadLocation(s[start:end]); err == nil {
				return place
			}
		}
		from = i + 1
	}
}
