package parse

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxInflated bounds what a gzip body in disguise may grow to, in bytes.
const maxInflated = 64 << 20

// inflate undoes gzip that no header announced.
func inflate(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, &NotFeedError{What: "bytes that begin like gzip and are not"}
	}
	out, err := io.ReadAll(io.LimitReader(z, maxInflated+1))
	if len(out) > maxInflated {
		return nil, &NotFeedError{What: fmt.Sprintf("a gzip body that grows over %d bytes", maxInflated)}
	}
	if len(out) == 0 && err != nil {
		return nil, &NotFeedError{What: "a damaged gzip body"}
	}
	return out, nil
}

// toUTF8 decodes a document by what it claims of itself, and then by what the server
// claims.
func toUTF8(data []byte, opt Options) ([]byte, string) {
	if bytes.HasPrefix(data, ebcdic) {
		for _, page := range []string{"cp037", "cp1026"} { // they differ in the quotes
			plain := pages[page].decode(data[:min(len(data), 1024)])
			if out, ok := decode(data, declaredCharset(plain)); ok {
				return out, ""
			}
		}
	}
	return UTF8(data, opt.Language, declaredCharset(data), headerCharset(opt.ContentType))
}

// UTF8 decodes data, and says what is wrong with it. A byte order mark tells; bytes
// that are valid UTF-8 are that whatever is claimed; else the first of the claims in
// which the text is plausible; and at last what the bytes look like. The language is
// that of a text which names none.
func UTF8(data []byte, language string, claims ...string) (text []byte, warning string) {
	if out, ok := wide(data); ok {
		return out, ""
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) && !slices.ContainsFunc(claims[:min(len(claims), 1)], stateful) {
		return designated(data)
	}
	if pairs := joinedPairs(data); pairs != nil {
		return pairs, ""
	}
	guess := newGuess(data, language)
	for _, label := range claims {
		if folded := foldedLabel(label); folded == "" || isUTF8(label) || strings.HasPrefix(folded, "utf16") || strings.HasPrefix(folded, "utf32") {
			continue // wide documents were told by their bytes
		}
		if out, ok := decode(data, label); ok && guess.fits(label, out) {
			return out, ""
		}
	}
	return unclaimed(data, guess, slices.ContainsFunc(claims, isUTF8))
}

// unclaimed decodes what fits no claim, unless that is UTF-8.
func unclaimed(data []byte, guess *guess, utf8Claimed bool) ([]byte, string) {
	label := "utf-8"
	if !mostlyUTF8(data, utf8Claimed) {
		label, _, _ = guess.last(utf8Claimed)
	}
	if label == "utf-8" {
		return patchUTF8(data).text, "some bytes are not UTF-8; they were read as windows-1252 or left out"
	}
	out, ok := decode(data, label)
	if !ok {
		return bytes.ToValidUTF8(data, nil), "bytes of an unknown charset were left out"
	}
	return out, assumed(label)
}

// designated decodes what changes its charset by escape sequences and does not say
// so (RFC 1468, RFC 1557): valid UTF-8, but an escape is no character of XML.
func designated(data []byte) ([]byte, string) {
	if bytes.IndexByte(data, 0x1b) < 0 || slices.ContainsFunc(data, high) {
		return data, ""
	}
	for _, d := range [][2]string{{"\x1b$B", "iso-2022-jp"}, {"\x1b$@", "iso-2022-jp"}, {"\x1b(J", "iso-2022-jp"}, {designator, "iso-2022-kr"}} {
		if !bytes.Contains(data, []byte(d[0])) {
			continue
		}
		if out, ok := decode(data, d[1]); ok && !bytes.ContainsRune(out, utf8.RuneError) {
			return out, assumed(d[1])
		}
	}
	return data, ""
}

func assumed(label string) string {
	return "no charset is declared that fits; " + label + " was assumed"
}

// joinedPairs is what would be UTF-8 but for characters as CESU-8 has them, each
// half of a pair in UTF-16 by three bytes (Unicode Technical Report 26), as Java
// and old databases write them; nil when it is not. Half a pair is no character.
func joinedPairs(data []byte) []byte {
	if bytes.IndexByte(data, 0xed) < 0 {
		return nil
	}
	out := make([]byte, 0, len(data))
	high := rune(0)
	for i := 0; i < len(data); {
		half, ok := surrogate(data[i:])
		if !ok {
			out, high = append(out, data[i]), 0
			i++
			continue
		}
		if r := utf16.DecodeRune(high, half); r != utf8.RuneError {
			out, half = utf8.AppendRune(out, r), 0
		}
		high = half
		i += 3
	}
	if !utf8.Valid(out) {
		return nil
	}
	return out
}

// surrogate reads half a pair as if it were a character.
func surrogate(data []byte) (half rune, ok bool) {
	if len(data) < 3 || data[0] != 0xed || data[1] < 0xa0 || data[1] > 0xbf || data[2] < 0x80 || data[2] > 0xbf {
		return 0, false
	}
	return 0xd000 | rune(data[1]&0x3f)<<6 | rune(data[2]&0x3f), true
}

// joinedReferences is a document with the character in the place of references to the
// two halves of its pair in UTF-16, escaped as often as may be. XML 1.0 §4.1 has no such
// references; programs that count in UTF-16 write them.
func joinedReferences(data []byte) []byte {
	if !refersToHalf(data) {
		return data
	}
	return halves.ReplaceAllFunc(data, func(pair []byte) []byte {
		m := halves.FindSubmatch(pair)
		if r := utf16.DecodeRune(number(string(m[1])), number(string(m[2]))); r != utf8.RuneError {
			return utf8.AppendRune(nil, r)
		}
		return pair
	})
}

var halves = regexp.MustCompile(`&(?:amp;)*#(5[56]\d{3}|[xX][dD][89abAB][\da-fA-F]{2});&(?:amp;)*#(5[67]\d{3}|[xX][dD][c-fC-F][\da-fA-F]{2});`)

// refersToHalf reports what may be a reference to the first half of a pair.
func refersToHalf(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '#')
		if i < 0 || len(data) < i+3 {
			return false
		}
		switch data = data[i+1:]; data[0] {
		case '5':
			if data[1] == '5' || data[1] == '6' {
				return true
			}
		case 'x', 'X':
			if data[1] == 'd' || data[1] == 'D' {
				return true
			}
		}
	}
}

// number is that of a reference to a character.
func number(ref string) rune {
	base := 10
	if ref[0] == 'x' || ref[0] == 'X' {
		ref, base = ref[1:], 16
	}
	n, err := strconv.ParseInt(ref, base, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// ebcdic is "<?xm" in every charset of that family (XML 1.0 appendix F).
var ebcdic = []byte{0x4c, 0x6f, 0xa7, 0x94}

// headLanguage is the primary language that the head of a document names, with
// the region where Chinese has two charsets.
func headLanguage(data []byte) string {
	m := languageMark.FindSubmatch(data[:min(len(data), 8<<10)])
	if m == nil {
		return ""
	}
	return legacyTag(string(m[1]))
}

// legacyTag is what the table of charsets knows of a language tag.
func legacyTag(tag string) string {
	tag = strings.ToLower(tag)
	if tag == "zh-tw" || tag == "zh-hk" || tag == "zh-mo" || tag == "zh-hant" {
		return tag
	}
	primary, _, _ := strings.Cut(tag, "-")
	return primary
}

var languageMark = regexp.MustCompile(`(?i)(?:<(?:dc:)?language>|xml:lang=["']|<html\s[^>]*\blang=["']?)\s*([a-z]{2,3}(?:-[a-z]{2,4})?)`)

// stateful reports charsets whose bytes are all ASCII, so that valid UTF-8
// proves nothing.
func stateful(label string) bool {
	label = strings.ToLower(label)
	return strings.HasPrefix(label, "iso-2022") || labels[foldedLabel(label)] == "hz" || labels[foldedLabel(label)] == "utf-7"
}

func isUTF8(label string) bool {
	return labels[foldedLabel(label)] == "utf-8"
}

// mostlyUTF8 reports text in which sound multi-byte sequences are many to each fault,
// more than any other charset would have by chance; where it is claimed to be UTF-8, as
// many as tell more than the faults do.
func mostlyUTF8(data []byte, claimed bool) bool {
	sound, further, bad := sequences(data)
	return sound > 8*bad || claimed && further >= 2*bad
}

// sequences counts the multi-byte sequences of UTF-8, their bytes beyond the first, and
// the sequences that are not ended or none.
func sequences(data []byte) (sound, further, bad int) {
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
			n = faulty(data)
		case n > 1:
			sound++
			further += n - 1
		}
		data = data[n:]
	}
	return sound, further, bad
}

// wide decodes UTF-16 and UTF-32, known by a byte order mark or by the zero
// bytes around the first character (XML 1.0 appendix F).
func wide(data []byte) ([]byte, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe, 0, 0}):
		return utf32(data[4:], 0), true
	case bytes.HasPrefix(data, []byte{0, 0, 0xfe, 0xff}):
		return utf32(data[4:], 3), true
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return utf16Bytes(data[2:], 0), true
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return utf16Bytes(data[2:], 1), true
	case len(data) < 4:
		return nil, false
	case opens(data[0]) && bytes.Equal(data[1:4], []byte{0, 0, 0}):
		return utf32(data, 0), true
	case opens(data[3]) && bytes.Equal(data[:3], []byte{0, 0, 0}):
		return utf32(data, 3), true
	case opens(data[0]) && data[1] == 0 && data[3] == 0:
		return utf16Bytes(data, 0), true
	case opens(data[1]) && data[0] == 0 && data[2] == 0:
		return utf16Bytes(data, 1), true
	}
	return nil, false
}

// opens reports what a document may begin with.
func opens(c byte) bool {
	return c == '<' || c == '{' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}

// utf16Bytes decodes pairs whose low byte stands at index low.
func utf16Bytes(data []byte, low int) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+low]) | uint16(data[2*i+1-low])<<8
	}
	return []byte(string(utf16.Decode(units)))
}

// utf32 decodes groups of four whose lowest byte stands at index low.
func utf32(data []byte, low int) []byte {
	out := make([]byte, 0, len(data)/4)
	for ; len(data) >= 4; data = data[4:] {
		var r rune
		for k := range 4 {
			at := k
			if low == 3 {
				at = 3 - k
			}
			r |= rune(data[at]) << (8 * k)
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// declaredCharset is the encoding named by the XML declaration.
func declaredCharset(data []byte) string {
	data = bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte(designator)), " \t\r\n")
	if !bytes.HasPrefix(data, []byte("<?xml")) {
		return ""
	}
	_, rest, ok := strings.Cut(string(data[:instructionLength(data)]), "encoding")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || (rest[0] != '"' && rest[0] != '\'') {
		return ""
	}
	value, _, _ := strings.Cut(rest[1:], rest[:1])
	return strings.TrimSpace(value)
}

func headerCharset(contentType string) string {
	_, rest, ok := strings.Cut(strings.ToLower(contentType), "charset=")
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(rest, ";")
	return strings.Trim(strings.TrimSpace(value), `"'`)
}
