package config

import (
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// An entryStyle is how the entries of a block list are written.
type entryStyle struct {
	indent, key int  // columns of the hyphen and of the keys, from 0
	flow        bool // {slug: …} behind the hyphen
	spaced      bool // a blank line above each
	eol         string
}

// entries writes sources as whole lines.
func (s entryStyle) entries(list []Addition) string {
	var b strings.Builder
	for _, a := range list {
		if s.spaced {
			b.WriteString(s.eol)
		}
		b.WriteString(strings.Repeat(" ", s.indent) + "-")
		if s.flow {
			b.WriteString(" " + flowEntry(a) + s.eol)
			continue
		}
		margin := strings.Repeat(" ", s.key-s.indent-1)
		for _, kv := range pairsToWrite(a.Source) {
			b.WriteString(margin + kv + s.eol)
			margin = strings.Repeat(" ", s.key)
		}
		if note := oneLine(a.Note); note != "" {
			b.WriteString(margin + "# " + note + s.eol)
		}
	}
	return b.String()
}

// flowEntry is a source on one line; a comment has no place in it.
func flowEntry(a Addition) string { return "{" + strings.Join(pairsToWrite(a.Source), ", ") + "}" }

// pairsToWrite are the keys of a source whose values are not the default, in
// the order of the manual.
func pairsToWrite(s Source) []string {
	var out []string
	v, usual := reflect.ValueOf(s), reflect.ValueOf(NewSource())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key := f.Tag.Get("yaml")
		required := key == "slug" || key == "name" || key == "url"
		if required || !reflect.DeepEqual(v.Field(i).Interface(), usual.Field(i).Interface()) {
			out = append(out, key+": "+written(v.Field(i).Interface()))
		}
	}
	return out
}

// written is a value as YAML that stands on one line.
func written(v any) string {
	switch v := v.(type) {
	case string:
		return scalar(v)
	case Zone:
		return scalar(v.Location().String())
	case []string:
		words := make([]string, len(v))
		for i, s := range v {
			words[i] = scalar(s)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	if group := reflect.ValueOf(v); group.Kind() == reflect.Struct {
		return "{" + strings.Join(membersToWrite(group), ", ") + "}"
	}
	return fmt.Sprint(v)
}

// membersToWrite are the keys of a group of settings that say anything.
func membersToWrite(group reflect.Value) []string {
	var out []string
	for i := range group.NumField() {
		if f := group.Field(i); !f.IsZero() {
			out = append(out, group.Type().Field(i).Tag.Get("yaml")+": "+written(f.Interface()))
		}
	}
	return out
}

// plain is text that means itself without quotes, in brackets too: a web address,
// or what begins with a letter and holds nothing that YAML gives a meaning.
var plain = regexp.MustCompile(`^(?:https?://[\w./?&=~+;()%-]+|\pL[\pL\pM\pN ._/+=&?~;()·–-]*)$`)

// reserved are the words that some reader of YAML takes for something else.
var reserved = regexp.MustCompile(`(?i)^(?:true|false|yes|no|on|off|y|n|null|inf|nan)$`)

// scalar writes text so that it is read back as it is.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "$$") || strings.Contains(s, "${") {
		s = strings.ReplaceAll(s, "$", "$$") // the environment is not meant
	}
	if plain.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// maxLine is how much of a name or a category is kept, in characters.
const maxLine = 200

// oneLine brings text from outside onto one line that any editor shows.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029', unicode.IsControl(r):
			return ' '
		case r == unicode.ReplacementChar, r == '\ufeff', unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return -1 // a joiner is spelling in Persian and Hindi; the rest can only mislead
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
	if runes := []rune(s); len(runes) > maxLine {
		s = strings.TrimSpace(string(runes[:maxLine]))
	}
	return s
}

// oneLines cleans a list; what is then blank is left out, and an empty list is
// none.
func oneLines(list []string) []string {
	var out []string
	for _, s := range list {
		if s = oneLine(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// longestSlug leaves a slug room for a number.
const longestSlug = 48

// freeSlug makes a slug of a name, or of the host of its address where the name
// has too few Latin letters, and numbers it where it is taken. Taken is the last
// number that a slug was given: 1 for itself, so that a thousand of one name are
// not counted through for each.
func freeSlug(name, address string, taken map[string]int) string {
	slug := slugOf(name)
	if len(slug) < 3 {
		slug = slugOf(hostName(address))
	}
	if slug == "" {
		slug = "source"
	}
	for first := slug; taken[slug] > 0; {
		taken[first]++
		slug = fmt.Sprintf("%s-%d", first, taken[first])
	}
	return slug
}

// slugOf keeps the Latin letters of s, without their accents, and its digits. It
// is empty where letters of another script would be lost.
func slugOf(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(spelled.Replace(strings.ToLower(s))) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case r > unicode.MaxASCII && unicode.IsLetter(r):
			return ""
		default:
			b.WriteRune(r)
		}
	}
	slug := slugged(b.String())
	if len(slug) > longestSlug {
		slug = slug[:longestSlug]
		if cut := strings.LastIndexByte(slug, '-'); cut > longestSlug/2 {
			slug = slug[:cut]
		}
	}
	return strings.Trim(slug, "-")
}

// spelled are Latin letters that are more than a letter with an accent.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// hostName is the host of an address without what most hosts have in common.
func hostName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "feeds.", "feed.", "rss."} {
		host = strings.TrimPrefix(host, prefix)
	}
	return host
}
