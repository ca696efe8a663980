package normalize

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

//go:embed data/zones.tsv
var zoneTable string

// A zoneName is what letters or a name of a zone mean.
type zoneName struct {
	word   string
	offset int    // seconds east
	place  string // in place of an offset
	sure   bool   // has a meaning although the source's zone agrees with none
	others []int  // what it also means where the source's zone agrees
}

var zoneNames = sync.OnceValue(func() []zoneName {
	var out []zoneName
	for _, row := range table(zoneTable) {
		z := zoneName{word: row[0], sure: row[1] != "-"}
		if minutes, err := strconv.Atoi(row[1]); err == nil {
			z.offset = 60 * minutes
		} else if z.sure {
			z.place = row[1]
		}
		if len(row) > 2 {
			for other := range strings.SplitSeq(row[2], "|") {
				if minutes, err := strconv.Atoi(other); err == nil {
					z.others = append(z.others, 60*minutes)
				}
			}
		}
		out = append(out, z)
	}
	return out
})

// zone reads the zone of a time of day that ends before i: an offset or letters
// behind it, else the name of a place, else letters anywhere.
func (d *reader) zone(w *stamp, i int, s string) {
	for j := i; j < len(d.tokens); j++ {
		behind := j == i || d.says(j-1, senseZone) || d.mark(j-1, "([") || d.says(j-1, senseSmall) && j == i+1
		if off, ok := d.offset(j); ok && behind {
			w.offset, w.hasOffset = off, true
			return
		}
	}
	if w.place = placeIn(s); w.place != nil {
		return
	}
	for j := i; j < len(d.tokens); j++ {
		if d.letters(w, j, j == i) {
			return
		}
	}
	for j := range i {
		if len(d.tokens[j].text) > 1 && d.letters(w, j, false) {
			return
		}
	}
}

// zoneOfDay reads the offset right behind a day without a time: 2022-11-10Z,
// 2022-11-10+08:00 (XML Schema's dates).
func (d *reader) zoneOfDay(w *stamp) {
	i := d.lastUsed() + 1
	if i == 0 || i >= len(d.tokens) || d.tokens[i].gap {
		return
	}
	if off, ok := d.offset(i); ok && d.mark(i, "+") {
		w.offset, w.hasOffset = off, true
	} else if d.tokens[i].text == "z" {
		w.hasOffset = true
	}
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
	hours, minutes := t.number, 0
	switch {
	case t.digits == 6:
		hours, minutes = t.number/10000, t.number/100%100
	case t.digits == 3 || t.digits == 4:
		hours, minutes = t.number/100, t.number%100
	case t.digits > 4:
		return 0, false
	case d.mark(i+2, ":.") && i+3 < len(d.tokens) && d.tokens[i+3].digits == 2 && !d.tokens[i+3].used:
		minutes = d.tokens[i+3].number
	}
	if hours > 14 || minutes > 59 {
		return 0, false
	}
	seconds := 3600*hours + 60*minutes
	if d.tokens[i].mark == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// letters reads the zone that the word at i names, where it names one.
func (d *reader) letters(w *stamp, i int, next bool) bool {
	t := &d.tokens[i]
	if t.used || t.clock || t.digits > 0 || t.mark != 0 {
		return false
	}
	if n, ok := d.means(i, senseZone); ok {
		if len(t.text) == 1 && (!next || t.text != "z" && i != len(d.tokens)-1) { // RFC 822's letters stand behind the time
			return false
		}
		return w.called(zoneNames()[n], d.reading.Zone)
	}
	if t.text == "z" && next && !t.gap {
		w.hasOffset = true
		return true
	}
	if next && i == len(d.tokens)-1 && len(t.text) > 2 { // 10:46 est
		for _, m := range t.meanings {
			if m.sense == senseZone {
				return w.called(zoneNames()[m.value], d.reading.Zone)
			}
		}
	}
	if off, ok := w.abbreviated(strings.ToUpper(t.text), d.reading.Zone); ok && t.capitals && len(t.text) > 2 {
		w.offset, w.hasOffset = off, true
		return true
	}
	return false
}

// called takes what a zone's name means: what agrees with the source's zone,
// else its one meaning (ruling 11).
func (w *stamp) called(z zoneName, source *time.Location) bool {
	if off, ok := w.abbreviated(z.word, source); ok {
		w.offset, w.hasOffset = off, true
		return true
	}
	if z.place != "" {
		place, err := time.LoadLocation(z.place)
		w.place = place
		return err == nil
	}
	for _, off := range z.others {
		if w.keeps(off, source) {
			w.offset, w.hasOffset = off, true
			return true
		}
	}
	w.offset, w.hasOffset = z.offset, z.sure
	return z.sure
}

// seasons are noons of the day, of a winter's and of a summer's day.
func (w *stamp) seasons() []time.Time {
	noon := func(month time.Month, day int) time.Time { return time.Date(w.year, month, day, 12, 0, 0, 0, time.UTC) }
	return []time.Time{noon(time.Month(w.month), max(w.day, 1)), noon(time.January, 1), noon(time.July, 1)}
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
		if i-start > 2 && end-i > 2 && s[start] >= 'A' && s[start] <= 'Z' {
			if place, err := time.LoadLocation(s[start:end]); err == nil {
				return place
			}
		}
		from = i + 1
	}
}
