package normalize

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

//go:embed data/months.tsv
var monthTable string

//go:embed data/zones.tsv
var zoneTable string

// months are month names in many languages, lower case.
var months = func() map[string]time.Month {
	out := map[string]time.Month{}
	for _, row := range table(monthTable) {
		n, err := strconv.Atoi(row[0])
		if err != nil || len(row) < 3 {
			continue
		}
		for name := range strings.FieldsSeq(row[2]) {
			out[strings.ReplaceAll(name, "_", " ")] = time.Month(n)
		}
	}
	return out
}()

// zones are the zone letters with one meaning everywhere, in seconds east.
var zones = func() map[string]int {
	out := map[string]int{}
	for _, row := range table(zoneTable) {
		if minutes, err := strconv.Atoi(row[1]); err == nil {
			out[row[0]] = 60 * minutes
		}
	}
	return out
}()

// A Reading is what a date is read with.
type Reading struct {
	Zone     *time.Location // of dates that carry none
	Language string         // decides 11/10/2022; with a region where known
	At       time.Time      // of the fetch
}

// written is a date taken apart, nothing resolved.
type written struct {
	year, month, day     int
	hour, minute, second int
	nano                 int
	hasTime, yearless    bool
	offset               int
	hasOffset            bool
}

// Date reads a written date. It is not ok when there is none, when it is
// ambiguous, impossible or a marker, and when it lies more than 48 hours after
// the fetch (rulings 11 to 15).
func Date(raw string, r Reading) (news.Moment, bool) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	s := strings.TrimSpace(latinDigits(raw))
	if s == "" || len(s) > 200 {
		return news.Moment{}, false
	}
	m, ok := machine(s)
	if !ok {
		m, ok = epoch(s)
	}
	switch {
	case ok:
	default:
		if m, ok = relative(s, r); !ok {
			m, ok = calendar(s, r)
		}
	}
	if !ok || marker(m.At) || m.At.After(r.At.Add(48*time.Hour)) {
		return news.Moment{}, false
	}
	m.At, m.Raw = m.At.UTC(), raw
	return m, true
}

// machineForms are what programs write as the formats ask: RFC 822 with four
// digits of the year, and RFC 3339. Their offsets are numbers, so nothing is
// left to read into them.
var machineForms = []string{"Mon, 02 Jan 2006 15:04:05 -0700", time.RFC3339}

func machine(s string) (news.Moment, bool) {
	for _, form := range machineForms {
		if len(s) < 20 || len(s) > 35 {
			break
		}
		if t, err := time.Parse(form, s); err == nil {
			return news.Moment{At: t, Basis: news.Explicit}, true
		}
	}
	return news.Moment{}, false
}

// marker reports the moments that programs write for "no date".
func marker(t time.Time) bool { return t.Year() < 1900 || t.Unix() == 0 }

// latinDigits writes the digits of every script as 0 to 9, and full-width
// letters and signs as ASCII.
func latinDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0xa0, r == 0x3000, r == 0x202f, r == 0x2009:
			return ' '
		case unicode.IsDigit(r):
			zero := r
			for unicode.IsDigit(zero-1) && r-zero < 9 {
				zero--
			}
			return '0' + r - zero
		case r == '−', r == '–', r == '‐', r == '‑':
			return '-'
		}
		return r
	}, s)
}

// epoch reads seconds and milliseconds since 1970.
func epoch(s string) (news.Moment, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return news.Moment{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return news.Moment{}, false
	}
	switch len(s) {
	case 9, 10:
		return news.Moment{At: time.Unix(n, 0), Basis: news.Explicit}, true
	case 13:
		return news.Moment{At: time.UnixMilli(n), Basis: news.Explicit}, true
	}
	return news.Moment{}, false
}

var (
	ymdPattern   = regexp.MustCompile(`(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})`)
	basicPattern = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?(?:\D|$)`)
	dmyPattern   = regexp.MustCompile(`(?:^|[^\d:])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?:[^\d:]|$)`)
	mdPattern    = regexp.MustCompile(`(\d{1,2})[月월]\s?(\d{1,2})[日일]`)
	timePattern  = regexp.MustCompile(`(\d{1,2})\s?(?::|h|H|時|时|点|시|\.|u)\s?(\d{2})(?:\s?(?::|分|분|\.)\s?(\d{2})(?:[.,](\d{1,9}))?)?`)
	bareTime     = regexp.MustCompile(`\b([01]\d|2[0-3])([0-5]\d)\s?(?:GMT|UTC|Z|HKT|JST|EST|EDT|CET)\b`)
	cjkHour      = regexp.MustCompile(`(\d{1,2})\s?[点時时點시](?:\s?(\d{1,2})\s?[分분])?`)
	hourPattern  = regexp.MustCompile(`(?i)\b(\d{1,2})\s?([ap])\.?\s?m\b`)
	meridiem     = regexp.MustCompile(`(?i)(?:^|[\d\s])([ap])\.?\s?m\.?(?:[^\p{L}]|$)`)
	offsetAfter  = regexp.MustCompile(`(?:^|[\s\dA-Za-z(])([+-])(\d{1,2})(?::?(\d{2}))?(?:\D|$)`)
)

// calendar reads a date in a calendar, with a time of day where one stands.
func calendar(s string, r Reading) (news.Moment, bool) {
	w, rest, ok := dayOf(s, r)
	if !ok {
		return news.Moment{}, false
	}
	if !w.hasTime {
		if ok := w.readTime(rest); !ok {
			return news.Moment{}, false
		}
	}
	if w.hasTime {
		w.readZone(rest, r)
	}
	return w.moment(r)
}

// dayOf finds the day and gives what else the text holds.
func dayOf(s string, r Reading) (written, string, bool) {
	if w, rest, ok := eraDay(s); ok {
		return w, rest, true
	}
	if m := ymdPattern.FindStringSubmatchIndex(s); m != nil {
		w := written{year: num(s, m, 1), month: num(s, m, 2), day: num(s, m, 3)}
		w.era(s[:m[0]])
		return w, s[m[1]:], true
	}
	if m := basicPattern.FindStringSubmatchIndex(s); m != nil {
		w := written{year: num(s, m, 1), month: num(s, m, 2), day: num(s, m, 3)}
		rest := s[m[6+1]:]
		if m[8] >= 0 {
			w.hour, w.minute, w.second, w.hasTime = num(s, m, 4), num(s, m, 5), num(s, m, 6), true
			rest = s[max(m[11], m[13]):]
		}
		return w, rest, true
	}
	if m := vietnamese.FindStringSubmatchIndex(s); m != nil {
		w := written{day: num(s, m, 1), month: num(s, m, 2), year: num(s, m, 3)}
		return w, s[:m[0]] + " " + s[m[1]:], true
	}
	if w, rest, ok := solarDay(s); ok {
		return w, rest, true
	}
	if w, rest, ok := named(joined(s)); ok {
		return w, rest, true
	}
	if m := dmyPattern.FindStringSubmatchIndex(s); m != nil {
		w := written{year: num(s, m, 3)}
		a, b := num(s, m, 1), num(s, m, 2)
		var ok bool
		if w.day, w.month, ok = dayMonth(a, b, r); !ok {
			return w, "", false
		}
		w.year = fullYear(w.year, m[7]-m[6])
		return w, s[:m[2]] + " " + s[m[7]:], true
	}
	if m := mdPattern.FindStringSubmatchIndex(s); m != nil {
		return written{month: num(s, m, 1), day: num(s, m, 2), yearless: true}, s[m[1]:], true
	}
	return written{}, "", false
}

// vietnamese is "ngày 10 tháng 11 năm 2026".
var vietnamese = regexp.MustCompile(`(?i)(\d{1,2}) tháng (\d{1,2})(?:,? năm|,)? (\d{4})`)

// joined makes one word of month names that have two.
func joined(s string) string {
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		return s
	}
	for _, name := range longMonths {
		if i := strings.Index(lower, name); i >= 0 {
			return s[:i] + joinedName(name) + s[i+len(name):]
		}
	}
	return s
}

// joinedName has a letter that no month has in place of its blank, so that it
// stays one word.
func joinedName(name string) string { return strings.ReplaceAll(name, " ", "ʹ") }

var longMonths = func() []string {
	var out []string
	for name, m := range months {
		if strings.Contains(name, " ") {
			out = append(out, name)
			months[joinedName(name)] = m
		}
	}
	return out
}()

func num(s string, m []int, group int) int {
	if m[2*group] < 0 {
		return 0
	}
	n, err := strconv.Atoi(s[m[2*group]:m[2*group+1]])
	if err != nil {
		return 0
	}
	return n
}

// era turns years of other countings into ours: Buddhist and Minguo years,
// Japanese eras are told by what stands before the figure.
func (w *written) era(string) {
	if w.year >= 2400 && w.year < 2700 {
		w.year -= 543
	}
}

// eraPattern are years counted from an emperor or a republic.
var eraPattern = regexp.MustCompile(`(令和|平成|昭和|大正|民國|民国)\s?(\d{1,3}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日?`)

// eras are the years before the first of each.
var eras = map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}

func eraDay(s string) (written, string, bool) {
	m := eraPattern.FindStringSubmatchIndex(s)
	if m == nil {
		return written{}, "", false
	}
	year := 1
	if text := s[m[4]:m[5]]; text != "元" {
		year = num(s, m, 2)
	}
	return written{year: eras[s[m[2]:m[3]]] + year, month: num(s, m, 3), day: num(s, m, 4)}, s[m[1]:], true
}

// fullYear reads two figures as 1970 to 2069.
func fullYear(y, digits int) int {
	switch {
	case digits > 2:
		if y >= 2400 && y < 2700 {
			return y - 543
		}
		return y
	case y < 70:
		return 2000 + y
	}
	return 1900 + y
}

// dayMonth tells day from month in 11/10/2022 by the language and country of
// the source; where that leaves two readings there is none.
func dayMonth(a, b int, r Reading) (day, month int, ok bool) {
	switch {
	case a > 12 && b <= 12:
		return a, b, true
	case b > 12 && a <= 12:
		return b, a, true
	case a == b:
		return a, b, true
	}
	switch monthFirst(r) {
	case 1:
		return b, a, true
	case -1:
		return a, b, true
	}
	return 0, 0, false
}

// monthFirst is 1 for the month first, -1 for the day, 0 when nobody knows.
func monthFirst(r Reading) int {
	lang, region, _ := strings.Cut(strings.ToLower(r.Language), "-")
	if i := strings.LastIndexByte(region, '-'); i >= 0 {
		region = region[i+1:]
	}
	zone := r.Zone.String()
	switch {
	case region == "us" || region == "ph" && lang == "en":
		return 1
	case lang != "" && lang != "en" && lang != "zh" && lang != "ja" && lang != "ko":
		return -1
	case len(region) == 2:
		return -1
	case americanZones[zone]:
		return 1
	case zone == "UTC" || zone == "" || zone == "Local":
		return 0
	case strings.HasPrefix(zone, "Europe/"), strings.HasPrefix(zone, "Australia/"), strings.HasPrefix(zone, "Africa/"), strings.HasPrefix(zone, "Pacific/Auckland"), zone == "Asia/Kolkata", zone == "Asia/Singapore", zone == "Asia/Hong_Kong":
		return -1
	}
	return 0
}

var americanZones = map[string]bool{
	"America/New_York": true, "America/Chicago": true, "America/Denver": true, "America/Los_Angeles": true, "America/Phoenix": true,
	"America/Anchorage": true, "America/Detroit": true, "Pacific/Honolulu": true, "US/Eastern": true, "US/Central": true, "US/Mountain": true, "US/Pacific": true,
}

// named reads dates with a month's name: 10 Nov 2022, November 10, 2022,
// 10 de noviembre de 2022, Thu, 10 Nov 22 10:46.
func named(s string) (written, string, bool) {
	words := tokens(s)
	for i, t := range words {
		month, ok := monthOf(t)
		if !ok || weekday(words, i) {
			continue
		}
		w := written{month: int(month)}
		used := map[int]bool{i: true}
		day := nearNumber(words, i, -1, used)
		if day < 0 {
			day = nearNumber(words, i, +1, used)
		}
		if day >= 0 {
			used[day] = true
			w.day = words[day].number
		}
		year := yearNear(s, words, i, day, used)
		if day < 0 || words[day].number > 31 {
			return w, "", false
		}
		if year < 0 {
			w.yearless = true
		} else {
			used[year] = true
			w.year = fullYear(words[year].number, words[year].end-words[year].start)
		}
		return w, without(s, words, used), true
	}
	return written{}, "", false
}

func monthOf(t token) (time.Month, bool) {
	if m, ok := months[t.text]; ok {
		return m, true
	}
	m, ok := months[strings.TrimRight(t.text, ".")]
	return m, ok
}

// weekday reports "mar.", which is Tuesday in four languages and March in many
// more: it is the day where another month follows close behind.
func weekday(words []token, i int) bool {
	if strings.TrimRight(words[i].text, ".") != "mar" {
		return false
	}
	for _, t := range words[i+1 : min(len(words), i+4)] {
		if _, ok := monthOf(t); ok {
			return true
		}
	}
	return false
}

// A token is a word or a number in a date.
type token struct {
	text       string
	start, end int
	number     int // -1 for words
}

func tokens(s string) []token {
	var out []token
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		lower = s
	}
	start, kind := -1, 0
	flush := func(end int) {
		if start < 0 {
			return
		}
		t := token{text: lower[start:end], start: start, end: end, number: -1}
		if kind == 2 {
			if n, err := strconv.Atoi(t.text); err == nil {
				t.number = n
			}
		}
		out = append(out, t)
		start = -1
	}
	for i, r := range lower {
		k := 0
		switch {
		case r >= '0' && r <= '9':
			k = 2
		case unicode.IsLetter(r) || unicode.IsMark(r) || r == '.' && kind == 1 && start >= 0:
			k = 1
		}
		if k != kind || k == 0 {
			flush(i)
			kind = k
		}
		if k != 0 && start < 0 {
			start = i
		}
	}
	flush(len(lower))
	return out
}

// small words stand between a day and its month in some languages.
var small = map[string]bool{"de": true, "del": true, "of": true, "th": true, "st": true, "nd": true, "rd": true, "er": true, "the": true, "a": true, "da": true, "ta": true, "na": true}

// nearNumber is the index of a day beside word i in a direction, past small
// words.
func nearNumber(words []token, i, step int, used map[int]bool) int {
	for j := i + step; j >= 0 && j < len(words) && (j-i)*step <= 3; j += step {
		t := words[j]
		if t.number > 0 && t.number <= 31 && t.end-t.start <= 2 && !used[j] {
			return j
		}
		if !small[t.text] {
			return -1
		}
	}
	return -1
}

// yearNear is the index of the year: four figures anywhere, else two right
// behind a month that has its day before it.
func yearNear(s string, words []token, month, day int, used map[int]bool) int {
	for j, t := range words {
		if !used[j] && t.end-t.start == 4 && t.number >= 1000 && t.number < 2700 && !clocked(words, j) {
			return j
		}
	}
	if day >= 0 && day < month && month+1 < len(words) {
		if t := words[month+1]; t.number >= 0 && t.end-t.start == 2 && !strings.HasPrefix(s[t.end:], ":") {
			return month + 1
		}
	}
	return -1
}

// clocked reports a four-figure time such as the 2014 of "2014 GMT".
func clocked(words []token, j int) bool {
	if j+1 >= len(words) {
		return false
	}
	next := strings.ToUpper(words[j+1].text)
	_, zone := zones[next]
	return zone && next != "AST" && words[j].number%100 < 60 && words[j].number < 2400
}

// without is s with the used tokens blanked.
func without(s string, words []token, used map[int]bool) string {
	b := []byte(s)
	for i := range used {
		for k := words[i].start; k < words[i].end; k++ {
			b[k] = ' '
		}
	}
	return string(b)
}

// readTime finds the time of day. It is not ok when the time is impossible.
func (w *written) readTime(rest string) bool {
	rest = latinNoon(rest)
	m := timePattern.FindStringSubmatchIndex(rest)
	if m == nil {
		if h := bareTime.FindStringSubmatchIndex(rest); h != nil {
			w.hour, w.minute, w.hasTime = num(rest, h, 1), num(rest, h, 2), true
			return true
		}
		if h := cjkHour.FindStringSubmatchIndex(rest); h != nil {
			w.hour, w.minute, w.hasTime = num(rest, h, 1), num(rest, h, 2), true
			if afternoon(rest[:h[0]]) {
				return w.clock12("p")
			}
			return w.hour < 24
		}
		h := hourPattern.FindStringSubmatchIndex(rest)
		if h == nil {
			return true
		}
		w.hour, w.hasTime = num(rest, h, 1), true
		return w.clock12(rest[h[4]:h[5]])
	}
	w.hour, w.minute, w.second, w.hasTime = num(rest, m, 1), num(rest, m, 2), num(rest, m, 3), true
	if m[8] >= 0 {
		frac := (rest[m[8]:m[9]] + "000000000")[:9]
		w.nano, _ = strconv.Atoi(frac)
	}
	after := rest[m[1]:]
	if p := meridiem.FindStringSubmatch(after[:min(len(after), 8)]); p != nil {
		return w.clock12(p[1])
	}
	if before := rest[:m[0]]; afternoon(before) || afternoon(after[:min(len(after), 12)]) {
		return w.clock12("p")
	} else if forenoon(before) {
		return w.clock12("a")
	}
	return w.hour < 24 || w.hour == 24 && w.minute == 0
}

// latinNoon sets words for the halves of the day apart from the figures.
func latinNoon(s string) string { return strings.ReplaceAll(s, "T", " ") }

func afternoon(s string) bool {
	return slices.ContainsFunc([]string{"下午", "晚上", "傍晚", "午後", "夜", "오후", "مساء", " م", "μμ", "μ.μ", "ب.ظ", "بعدازظهر", "אחה", "chiều", "tối", "ช่วงบ่าย", "शाम", "अपराह्न", "бө", "вечера", "дня", "öğleden sonra", "ö.s", "μετά το μεσημέρι", "du soir", "de la tarde", "de la noche", "da tarde", "da noite", "del pomeriggio", "di sera", "popołudniu", "odpoledne", "délután", "du."}, func(word string) bool { return strings.Contains(s, word) })
}

func forenoon(s string) bool {
	return slices.ContainsFunc([]string{"上午", "凌晨", "早上", "清晨", "午前", "오전", "صباح", " ص", "π.μ", "πμ", "sáng", "सुबह", "পূর্বাহ্ন", "утра", "öğleden önce", "du matin", "de la mañana", "da manhã", "del mattino", "délelőtt", "de."}, func(word string) bool { return strings.Contains(s, word) })
}

// clock12 turns a twelve-hour time into one of twenty-four. An hour that no
// twelve-hour clock shows makes the date impossible.
func (w *written) clock12(half string) bool {
	pm := strings.EqualFold(half, "p")
	if w.hour > 12 {
		return false
	}
	switch {
	case pm && w.hour < 12:
		w.hour += 12
	case !pm && w.hour == 12:
		w.hour = 0
	}
	return true
}

// readZone finds an offset or zone letters behind the time.
func (w *written) readZone(rest string, r Reading) {
	at := timePattern.FindStringIndex(latinNoon(rest))
	after := rest
	if at != nil {
		after = rest[at[1]:]
	}
	if trimmed := strings.TrimSpace(after); strings.HasPrefix(trimmed, "Z") && (len(trimmed) == 1 || !unicode.IsLetter(rune(trimmed[1]))) {
		w.hasOffset = true
		return
	}
	if m := offsetAfter.FindStringSubmatch(after); m != nil {
		h, _ := strconv.Atoi(m[2])
		min, _ := strconv.Atoi(m[3])
		if h <= 14 && min < 60 {
			w.offset, w.hasOffset = 3600*h+60*min, true
			if m[1] == "-" {
				w.offset = -w.offset
			}
			return
		}
	}
	for word := range strings.FieldsFuncSeq(rest, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if _, known := zones[word]; !known && (len(word) > 5 || strings.ToUpper(word) != word) {
			continue
		}
		if off, ok := w.letters(word, r); ok {
			w.offset, w.hasOffset = off, true
			return
		}
	}
}

// letters is what zone letters mean: what agrees with the source's zone, else
// their one meaning (ruling 11).
func (w *written) letters(abbr string, r Reading) (int, bool) {
	for _, month := range []time.Month{time.Month(w.month), time.January, time.July} {
		name, off := time.Date(w.year, month, max(w.day, 1), 12, 0, 0, 0, r.Zone).Zone()
		if name == abbr && abbr != "" {
			return off, true
		}
	}
	if abbr == "ET" || abbr == "CT" || abbr == "MT" || abbr == "PT" {
		loc, err := time.LoadLocation(map[string]string{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}[abbr])
		if err == nil {
			_, off := time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, 0, 0, loc).Zone()
			return off, true
		}
	}
	off, ok := zones[abbr]
	return off, ok
}

// moment resolves what was written.
func (w *written) moment(r Reading) (news.Moment, bool) {
	basis := news.AssumedZone
	if w.yearless {
		w.year = r.At.In(r.Zone).Year()
		if w.exists() && w.in(r.Zone).After(r.At.Add(48*time.Hour)) {
			w.year--
		}
		basis = news.Inferred
	}
	if !w.exists() || w.year < 1000 {
		return news.Moment{}, false
	}
	switch {
	case !w.hasTime:
		if basis != news.Inferred {
			basis = news.DateOnly
		}
	case w.hasOffset:
		at := time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, w.nano, time.FixedZone("", w.offset))
		if basis != news.Inferred {
			basis = news.Explicit
		}
		return news.Moment{At: at, Basis: basis}, true
	}
	return news.Moment{At: w.in(r.Zone), Basis: basis}, true
}

// exists reports a day and a time that there are (ruling 14).
func (w *written) exists() bool {
	if w.month < 1 || w.month > 12 || w.day < 1 || w.minute > 59 || w.second > 60 || w.hour > 24 {
		return false
	}
	return time.Date(w.year, time.Month(w.month), w.day, 0, 0, 0, 0, time.UTC).Day() == w.day
}

// in reads local time in a zone. A time that came twice is the earlier one;
// one that never came is read with the offset before the gap (ruling 13).
func (w *written) in(zone *time.Location) time.Time {
	wall := time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, w.nano, time.UTC)
	_, before := wall.Add(-26 * time.Hour).In(zone).Zone()
	_, after := wall.Add(26 * time.Hour).In(zone).Zone()
	for _, off := range []int{before, after} {
		at := wall.Add(-time.Duration(off) * time.Second)
		if _, real := at.In(zone).Zone(); real == off {
			return at
		}
	}
	return wall.Add(-time.Duration(before) * time.Second)
}

// dates chooses the publication and the modification of an article among what
// the item carries.
func dates(a *news.Article, src news.Source, feed *parse.Feed, it parse.Item, opt Options) {
	r := Reading{Zone: src.Zone(), Language: regional(src, feed, a), At: opt.At}
	var modified news.Moment
	for _, d := range it.Dates {
		m, ok := Date(d.Raw, r)
		if !ok {
			continue
		}
		if d.Modified() {
			if modified.At.IsZero() {
				modified = m
			}
		} else if better(m, a.Published) {
			a.Published = m
		}
	}
	switch {
	case a.Published.At.IsZero() && !modified.At.IsZero():
		a.Published = modified
	case a.Published.At.IsZero():
		a.Published = undated(a, opt.At)
	case modified.At.After(a.Published.At) && !modified.At.After(opt.At):
		a.Modified = modified
	}
	if a.Published.At.After(opt.At) { // a clock that runs ahead: order by the fetch, keep the text
		a.Published.At = opt.At
	}
}

// better prefers the first date, and one with a time of day to one without.
func better(m, have news.Moment) bool {
	return have.At.IsZero() || rank(m.Basis) > rank(have.Basis) && m.At.Sub(have.At).Abs() < 48*time.Hour
}

func rank(b news.Basis) int {
	switch b {
	case news.Explicit:
		return 3
	case news.AssumedZone:
		return 2
	case news.DateOnly:
		return 1
	}
	return 0
}

// regional is the language that decides how figures are read.
func regional(src news.Source, feed *parse.Feed, a *news.Article) string {
	for _, tag := range []string{src.Language, feed.Language, a.Language} {
		if tag = strings.ReplaceAll(tag, "_", "-"); tag != "" {
			return tag
		}
	}
	return ""
}

var datedPath = regexp.MustCompile(`/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:\D|$)`)

// undated infers the day from the link, else takes the time first seen.
func undated(a *news.Article, at time.Time) news.Moment {
	if m := datedPath.FindStringSubmatch(a.URL); m != nil {
		if t, err := time.Parse("20060102", m[1]+m[2]+m[3]); err == nil && !t.After(at) {
			return news.Moment{At: t, Basis: news.Inferred, Raw: strings.Trim(m[0], "/")}
		}
	}
	return news.Moment{At: at, Basis: news.FirstSeen}
}
