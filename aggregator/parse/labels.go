package parse

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/wordtable"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

//go:embed data/charsets.tsv
var charsetTable string

// A page is the characters of a charset of one byte, from 00 or from 80 on.
type page []rune

// pages and labels are what the table knows, by folded name.
var pages, labels = func() (map[string]page, map[string]string) {
	pages, labels := map[string]page{}, map[string]string{}
	for _, row := range wordtable.Rows(charsetTable) {
		for name := range strings.FieldsSeq(row[1]) {
			if row[0] == "alias" {
				labels[name] = row[2]
			} else {
				pages[name] = page(row[2])
			}
		}
	}
	return pages, labels
}()

// foldedLabel is a charset's name by its letters and figures.
func foldedLabel(label string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, label)
}

// knownLabel is the name by which the tables know a charset.
func knownLabel(label string) string {
	name := foldedLabel(label)
	if _, ours := pages[name]; ours {
		return name
	}
	if meant, ok := labels[name]; ok {
		return meant
	}
	_, name = charset.Lookup(label)
	return name
}

// decode reads data in the charset of a label; ok is false when nobody knows
// the label.
func decode(data []byte, label string) (out []byte, ok bool) {
	name := foldedLabel(label)
	if p, ok := pages[name]; ok {
		return p.decode(data), true
	}
	if meant, ok := labels[name]; ok {
		label = meant
	}
	var e encoding.Encoding
	switch label {
	case "utf-7":
		return utf7(data), true
	case "johab":
		return johab(data), true
	case "iso-2022-kr":
		data, e = shiftedKorean(data), korean.EUCKR
	case "hz":
		return hz(data), true
	default:
		e, _ = charset.Lookup(label)
	}
	if e == nil || e == encoding.Replacement {
		return nil, false
	}
	out, err := e.NewDecoder().Bytes(data)
	return out, err == nil
}

func (p page) decode(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/4)
	first := 256 - len(p)
	for _, b := range data {
		if int(b) < first {
			out = append(out, b)
			continue
		}
		r := p[int(b)-first]
		if r >= 0x2400 && r < 0x2420 { // the picture of a control character
			r -= 0x2400
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// designator says at the start of a document that it is in ISO 2022-KR.
const designator = "\x1b$)C"

// shiftedKorean is RFC 1557 as EUC-KR: the bytes between a shift out and a shift
// in have their high bits set.
func shiftedKorean(data []byte) []byte {
	out := make([]byte, 0, len(data))
	high := byte(0)
	for _, b := range bytes.ReplaceAll(data, []byte(designator), nil) {
		switch {
		case b == 0x0e:
			high = 0x80
		case b == 0x0f:
			high = 0
		case b == '\n':
			high = 0 // a line begins in ASCII
			out = append(out, b)
		default:
			out = append(out, b|high)
		}
	}
	return out
}

// hzMark is what RFC 1843 writes with a tilde: pairs of GB 2312 without their high bits,
// a tilde, and the end of a line that goes on.
var hzMark = regexp.MustCompile(`~\{((?:[!-}][!-~])+)~\}|~~|~\r?\n`)

// hz decodes RFC 1843. What is opened and not closed in its line is ASCII, as all is
// where there are no pairs.
func hz(data []byte) []byte {
	pairs := 0
	out := hzMark.ReplaceAllFunc(data, func(mark []byte) []byte {
		switch {
		case mark[1] == '~':
			return mark[:1]
		case mark[1] != '{':
			return nil
		}
		raw := slices.Clone(mark[2 : len(mark)-2])
		for i := range raw {
			raw[i] |= 0x80
		}
		text, err := simplifiedchinese.GBK.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return mark
		}
		pairs++
		return text
	})
	if pairs == 0 {
		out = data
	}
	return bytes.ToValidUTF8(out, []byte("\ufffd"))
}

// utf7 decodes RFC 2152: base64 of UTF-16 between + and -.
func utf7(data []byte) []byte {
	var out []byte
	for len(data) > 0 {
		if data[0] != '+' {
			out = append(out, data[0])
			data = data[1:]
			continue
		}
		n := 1
		for n < len(data) && (data[n] == '+' || data[n] == '/' || data[n] >= '0' && data[n] <= '9' || data[n] >= 'A' && data[n] <= 'Z' || data[n] >= 'a' && data[n] <= 'z') {
			n++
		}
		raw, err := base64.RawStdEncoding.DecodeString(string(data[1:n]))
		switch {
		case n == 1 || err != nil && len(raw) == 0:
			out = append(out, data[:n]...)
		default:
			out = append(out, utf16Bytes(raw, 1)...)
		}
		if n < len(data) && data[n] == '-' { // "+-" is a plus, which stands already
			n++
		}
		data = data[n:]
	}
	return out
}
