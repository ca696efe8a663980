package normalize

import (
	"strconv"
	"strings"
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
var hanFigures = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10,
}

// hanNumbers writes Chinese figures before a unit of a date as ours:
// 二〇二二年十一月十日 is 2022年11月10日.
func hanNumbers(s string) string {
	if !strings.ContainsAny(s, "年月") || !strings.ContainsAny(s, "一二三四五六七八九十元") {
		return s
	}
	var b strings.Builder
	var run []rune
	for _, r := range s {
		if _, ok := hanFigures[r]; ok || r == '元' {
			run = append(run, r)
			continue
		}
		if strings.ContainsRune("年月日号號时時点點分秒", r) {
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
	if text == "元" { // the first year of an era
		return "1"
	}
	before, after, tens := strings.Cut(text, "十")
	if !tens {
		return hanDigits(text)
	}
	ten, one := 1, 0
	if before != "" {
		ten, _ = strconv.Atoi(hanDigits(before))
	}
	if after != "" {
		one, _ = strconv.Atoi(hanDigits(after))
	}
	if ten > 9 || one > 9 {
		return text
	}
	return strconv.Itoa(10*ten + one)
}

func hanDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if n, ok := hanFigures[r]; ok && n < 10 {
			return '0' + rune(n)
		}
		return r
	}, text)
}
