package normalize

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/parse"
)

// Text is plain text: entities decoded as often as they were escaped, tags taken
// out, white space folded, and no character that a feed may not hold. Of HTML that is
// once; where nobody said what it is, the text itself may say twice.
func Text(s string, kind parse.TextType) string {
	if s == "" {
		return ""
	}
	if kind != parse.Plain && strings.ContainsAny(s, "<&") {
		s = stripTags(s)
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
		if kind == parse.Unstated && looksEscaped(s) {
			s = html.UnescapeString(stripTags(s))
		}
	}
	return tidy(s)
}

// looksEscaped reports an entity that survived one decoding. Signs that begin a
// tag do not count: who writes of tags escapes them.
func looksEscaped(s string) bool {
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return false
		}
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 12)], ';')
		if end > 1 && s[:end] != "&lt" && s[:end] != "&gt" && html.UnescapeString(s[:end+1]) != s[:end+1] {
			return true
		}
		s = s[1:]
	}
}

// tidy folds white space, repairs text that was decoded wrongly and drops what
// is no text.
func tidy(s string) string {
	if sevenBit(s) {
		return tidyASCII(s)
	}
	if inner := strings.Trim(s, " \n"); inner != "" {
		if l := lookAt(inner); l.sound && (l.foreign || unmangled(inner) == inner) {
			if l.folded {
				return inner
			}
			return foldBlanks(s)
		}
	}
	return tidyAny(s)
}

// tidyAny is tidy for text of all letters that there are.
func tidyAny(s string) string {
	s = strings.TrimFunc(unmangle(s), edgeBlank)
	if !clean(s) {
		s = foldBlanks(s)
	}
	if !strings.ContainsFunc(s, shows) {
		return ""
	}
	return norm.NFC.String(s)
}

// foldBlanks makes one blank of each run of white space, and drops what is no text.
func foldBlanks(s string) string {
	out := make([]byte, 0, len(s))
	space, broken := false, false // white space, and the end of a line in it
	last := rune(0)
	from, to := 0, 0 // what is kept and not written yet
	for i, r := range s {
		if r <= ' ' || r > '~' && !isHan(r) && !soundSign(r) { // most signs are kept
			switch {
			case isSpace(r) && (!forbidden(r) || r == '\t' || r == '\n' || r == '\r'):
				space, broken = true, broken || r == '\n'
				continue
			case forbidden(r):
				continue
			}
		}
		if i > to {
			out = append(out, s[from:to]...)
			from = i
		}
		if space && len(out) > 0 && !(broken && wide(last) && wide(r)) {
			out = append(out, ' ')
		}
		space, broken, last = false, false, r
		to = i + utf8.RuneLen(r)
	}
	return string(append(out, s[from:to]...))
}

// soundSign reports a sign that is kept as it is and is no blank.
func soundSign(r rune) bool {
	return r < knownLetters && letterOf(r).sound && !letterOf(r).blank
}

// isSpace is unicode.IsSpace.
func isSpace(r rune) bool { return r < knownLetters && letterOf(r).blank }

// shows reports what a reader sees of a text: no blank, no control, and none of what
// Unicode gives no sign of its own.
func shows(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// edgeBlank reports what has no place at the ends of a text: white space, and the blanks
// of no width that part words or keep them together.
func edgeBlank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' }

// wide reports letters and marks of scripts that put no blank between words, so
// that the end of a line within them is none either.
func wide(r rune) bool {
	return unspaced(r) || r >= 0x3001 && r <= 0x303f || r >= 0xff01 && r <= 0xff60
}

// tidyASCII is tidy for text of ASCII only, which most text is.
func tidyASCII(s string) string {
	s = strings.Trim(s, " \n") // which markup leaves around a text
	if tidied(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	space := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			space = true
		case c < ' ' || c == 0x7f:
		default:
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			b = append(b, c)
		}
	}
	return string(b)
}

// tidied reports ASCII that tidyASCII leaves as it is.
func tidied(s string) bool {
	space := true // none opens the text
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f || c == ' ' && space {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// clean reports text that needs no tidying.
func clean(s string) bool {
	if s == "" {
		return true
	}
	if s[0] <= ' ' || s[len(s)-1] <= ' ' || s != strings.TrimSpace(s) || !utf8.ValidString(s) {
		return false
	}
	space := false
	for _, r := range s {
		if forbidden(r) || unicode.IsSpace(r) && (r != ' ' || space) {
			return false
		}
		space = r == ' '
	}
	return true
}

// forbidden are characters that never belong in published text
// (output-rules §4).
func forbidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == utf8.RuneError, r == 0xfeff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	}
	return false
}

// sevenBit reports text of ASCII only, which most text is: it needs no repair.
func sevenBit(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stripTags takes markup out and leaves entities. Blocks are kept apart by a
// space; a '<' that begins no tag is text.
func stripTags(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if strings.HasPrefix(s, "<!--") {
			_, rest, ok := strings.Cut(s, "-->")
			if !ok {
				return b.String()
			}
			s = rest
			continue
		}
		end := tagEnd(s)
		if end < 0 || !beginsTag(s) {
			b.WriteByte('<')
			s = s[1:]
			continue
		}
		name := tagWord(s)
		if !inline[name] {
			b.WriteByte(' ')
		}
		opens := s[1] != '/'
		s = s[end+1:]
		if opens && unread[name] {
			if j := strings.Index(strings.ToLower(s), "</"+name); j >= 0 {
				s = s[j:]
			}
		}
	}
}

// unread elements hold no text to read: scripts, and what readers would fill in or
// press, which clean HTML has not either.
var unread = map[string]bool{"script": true, "style": true, "form": true, "select": true, "textarea": true, "button": true}

// tagEnd is where a tag ends; a '>' within quotes does not end it.
func tagEnd(s string) int {
	s = s[:min(len(s), 8<<10)]
	if bogus(s) {
		return strings.IndexByte(s, '>')
	}
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if i > 0 && s[i-1] == '=' {
				quote = c
			}
		case c == '>':
			return i
		case c == '<' && i > 0:
			return -1
		}
	}
	return strings.IndexByte(s, '>')
}

// bogus reports what HTML takes for a comment that ends as a tag does (HTML §13.2.5.41):
// an instruction, a declaration.
func bogus(s string) bool { return len(s) > 1 && (s[1] == '?' || s[1] == '!') }

func beginsTag(s string) bool {
	return len(s) > 1 && (s[1] == '/' || bogus(s) || s[1] >= 'a' && s[1] <= 'z' || s[1] >= 'A' && s[1] <= 'Z')
}

func tagWord(s string) string {
	s = strings.TrimPrefix(s[1:], "/")
	i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if i < 0 {
		return ""
	}
	return strings.ToLower(s[:i])
}

// inline elements do not part words.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "em": true, "font": true, "i": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "u": true, "wbr": true, "nobr": true,
}

// firstRune is the sign that opens a text, lastRune the one that ends it;
// utf8.RuneError in an empty one.
func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// firstWord is what stands before the first blank of a text, lastWord what stands
// behind the last: all of it where it has none.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }
