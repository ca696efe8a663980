package normalize

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"copydesk/aggregator/wordtable"

	"golang.org/x/text/unicode/norm"
)

// foldDate writes the digits of every script as 0 to 9, full-width letters and
// signs as ASCII, and leaves out what does not tell words of dates apart:
// accents, vowel points, marks of direction.
func foldDate(s string) string {
	if sevenBit(s) {
		return s
	}
	if strings.ContainsFunc(s, squared) {
		s = unsquared(s)
	}
	return norm.NFC.String(strings.Map(foldRune, norm.NFD.String(s)))
}

// squared reports signs that are whole words of a date: the telegraph's months,
// hours and days, and the eras of Japan (Unicode, CJK Compatibility).
func squared(r rune) bool {
	return r >= 0x32c0 && r <= 0x32cb || r == 0x32ff || r >= 0x3358 && r <= 0x3370 || r >= 0x337b && r <= 0x337e || r >= 0x33e0 && r <= 0x33fe
}

func unsquared(s string) string {
	var b strings.Builder
	for _, r := range s {
		if squared(r) {
			b.WriteString(norm.NFKC.String(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// dateSigns are signs that stand for another in dates.
var dateSigns = map[rune]rune{
	'−': '-', '–': '-', '—': '-', '‐': '-', '‑': '-', '―': '-', '־': '-', '∶': ':', '։': ':', '’': '\'', '‘': '\'', 'ʼ': '\'', '´': '\'', '׳': '\'', '״': '"',
	'،': ',', '٫': '.', '、': ',', '。': '.', '○': '〇', 'ı': 'i', 'ł': 'l', 'đ': 'd', 'ي': 'ی', 'ى': 'ی', 'ك': 'ک', 'ة': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ە': 'ه',
}

func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsDigit(r):
		return latinDigit(r)
	case ignorable(r):
		return -1
	}
	if sign, ok := dateSigns[r]; ok {
		return sign
	}
	return r
}

// latinDigit finds the zero of a script's digits, which are ten in a row.
func latinDigit(r rune) rune {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return '0' + r - zero
}

// ignorable are accents and vowel points, nuktas, and marks that do not show.
func ignorable(r rune) bool {
	switch {
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5bd, r >= 0x64b && r <= 0x655, r == 0x670, r == 0x640,
		r == 0x93c, r == 0x9bc, r == 0xa3c, r == 0xad, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff:
		return true
	}
	return false
}

// hanFigures are Chinese figures, with the signs for ten and a hundred.
var hanFigures = sync.OnceValue(func() map[rune]int {
	out := map[rune]int{}
	for _, zero := range wordsOfKind("zero/zh") {
		out[firstRune(zero)] = 0
	}
	for _, hundred := range wordsOfKind("hundred/zh") {
		out[firstRune(hundred)] = ten * ten
	}
	for _, row := range wordtable.Rows(relativeTable) {
		if row[0] != "numbers" || row[1] != "zh" {
			continue
		}
		for i, forms := range strings.Split(row[2], "|") {
			for form := range strings.SplitSeq(forms, "/") {
				if i < ten {
					out[firstRune(form)] = i + 1
				}
			}
		}
	}
	return out
})

const ten = 10

// hanUnits stand behind a figure of a date or a time; without hanYears no date is in
// Chinese figures. firstYears are the first year of an era.
var (
	hanUnits   = openings("year/zh", "month/zh", "date/zh", "hour/zh", "minute/zh", "second/zh")
	hanYears   = openings("year/zh", "month/zh")
	firstYears = openings("first-year/zh")
)

// hanFigure reports a figure, or what stands for the first year of an era.
func hanFigure(r rune) bool {
	_, ok := hanFigures()[r]
	return ok || firstYears().has(r)
}

// hanNumbers writes Chinese figures before a unit of a date as ours:
// 二〇二二年十一月十日 is 2022年11月10日.
func hanNumbers(s string) string {
	if !hanYears().in(s) || !strings.ContainsFunc(s, hanFigure) {
		return s
	}
	var b strings.Builder
	var run []rune
	for _, r := range s {
		if hanFigure(r) {
			run = append(run, r)
			continue
		}
		if hanUnits().has(r) {
			b.WriteString(hanNumber(run))
		} else {
			b.WriteString(string(run))
		}
		run = run[:0]
		b.WriteRune(r)
	}
	b.WriteString(string(run))
	return b.String()
}

// hanNumber reads figures one by one, or with tens and hundreds: 十一, 二十,
// 一百一十一, 一百零一.
func hanNumber(run []rune) string {
	text := string(run)
	if len(run) == 1 && firstYears().has(run[0]) {
		return "1"
	}
	if !slices.ContainsFunc(run, func(r rune) bool { return hanFigures()[r] >= ten }) {
		return hanDigits(run)
	}
	total, figure := 0, -1 // figure is one that no unit stands behind yet
	for _, r := range run {
		n, known := hanFigures()[r]
		switch {
		case !known, n < ten && figure > 0:
			return text
		case n < ten:
			figure = n
		case figure == 0, total > 0 && total%(ten*n) != 0:
			return text
		default:
			total += n * max(figure, 1)
			figure = -1
		}
	}
	return strconv.Itoa(total + max(figure, 0))
}

func hanDigits(run []rune) string {
	return strings.Map(func(r rune) rune {
		if n, ok := hanFigures()[r]; ok && n < ten {
			return '0' + rune(n)
		}
		return r
	}, string(run))
}
