package normalize

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldDate writes the digits of every script as 0 to 9, full-width letters and
// signs as ASCII, and leaves out what does not tell words of dates apart:
// accents, vowel points, marks of direction.
func foldDate(s string) string {
	if sevenBit(s) {
		return s
	}
	return norm.NFC.String(strings.Map(foldRune, norm.NFD.String(s)))
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

// hanFigures are Chinese figures; ten has a value of its own.
var hanFigures = sync.OnceValue(func() map[rune]int {
	out := map[rune]int{}
	for _, zero := range wordsOfKind("zero/zh") {
		out[firstRune(zero)] = 0
	}
	for _, row := range table(relativeTable) {
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

// hanNumber reads figures one by one, or with tens: 十一, 二十, 三十一.
func hanNumber(run []rune) string {
	text := string(run)
	if len(run) == 1 && firstYears().has(run[0]) {
		return "1"
	}
	at := slices.IndexFunc(run, func(r rune) bool { return hanFigures()[r] == ten })
	if at < 0 {
		return hanDigits(run)
	}
	tens, ones := 1, 0
	if at > 0 {
		tens, _ = strconv.Atoi(hanDigits(run[:at]))
	}
	if at+1 < len(run) {
		ones, _ = strconv.Atoi(hanDigits(run[at+1:]))
	}
	if tens > 9 || ones > 9 {
		return text
	}
	return strconv.Itoa(ten*tens + ones)
}

func hanDigits(run []rune) string {
	return strings.Map(func(r rune) rune {
		if n, ok := hanFigures()[r]; ok && n < ten {
			return '0' + rune(n)
		}
		return r
	}, string(run))
}
