package parse

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Some publishers escape a text once more than its format asks for: a reader sees
// "<p>" and "&rsquo;". One text alone cannot tell that from one that writes about
// markup. All texts that a feed has in one field come from the same program, so they
// decide together, those of items that are known already among them.

// settleEscaping takes one level of escapes from the fields that have one too many.
// The rest are items that are not f's but were in its document; they are asked for
// only where there is a doubt.
func (f *Feed) settleEscaping(rest func() []Item) {
	var others []Item
	asked := false
	for i, field := range []func(*Item) *Text{
		func(it *Item) *Text { return &it.Title },
		func(it *Item) *Text { return &it.Summary },
		func(it *Item) *Text { return &it.Content },
	} {
		if !f.doubtful(field) {
			continue
		}
		if !asked {
			others, asked = rest(), true
		}
		e := evidence{ofTitles: i == 0}
		for _, items := range [][]Item{f.Items, others} {
			for i := range items {
				e.add(*field(&items[i]))
			}
		}
		for i := range f.Items {
			e.settle(field(&f.Items[i]))
		}
	}
}

func (f *Feed) doubtful(field func(*Item) *Text) bool {
	for i := range f.Items {
		t := field(&f.Items[i])
		if t.Type != Plain && (escapedTags(t.Body) > bareTags || refersTwice(t.Body)) {
			return true
		}
	}
	return false
}

// An evidence is what the texts of one field tell of their escapes.
type evidence struct {
	ofTitles   bool
	texts      int  // that are not empty
	tags       int  // texts whose tags are all escaped
	whole      int  // of them, those that begin and end with one
	plainTags  bool // some text has tags that are not
	references int  // texts in which an ampersand before a reference is escaped
	plainRefs  bool // some text has references without that
}

func (e *evidence) add(t Text) {
	if t.Type == Plain || t.Body == "" {
		return
	}
	e.texts++
	switch escapedTags(t.Body) {
	case wholeTags:
		e.whole++
		e.tags++
	case someTags:
		e.tags++
	case bareTags:
		e.plainTags = true
	}
	twice, once := referencesIn(t.Body)
	if twice && !once {
		e.references++
	}
	e.plainRefs = e.plainRefs || once
}

// manyTexts are too many to write about markup all by chance: they are escaped
// twice though others of the field are not, as before and after a program was mended.
const manyTexts = 3

// settle reads one text of the field as all of them say. Where they do not agree,
// it is what its format makes of it, and nothing is guessed later.
func (e *evidence) settle(t *Text) {
	if t.Type == Plain {
		return
	}
	tags := escapedTags(t.Body)
	twice, once := referencesIn(t.Body)
	switch {
	case e.allTwice(), tags == wholeTags && e.whole >= manyTexts:
		if tags != noTags || strings.IndexByte(t.Body, '&') >= 0 {
			t.Body, t.Type = decoded(t.Body), HTML
		}
	case twice && !once && (e.references >= manyTexts || !e.plainRefs && e.references > 1):
		t.Body = twiceReferred.ReplaceAllString(t.Body, "&$1")
	case tags == someTags, tags == wholeTags, twice && e.plainRefs:
		t.Type = HTML
	}
}

// allTwice reports a field in which all tags are escaped: those of every text, or of
// some that are nothing but markup. Of titles one is not enough, since few have tags
// and some are about them.
func (e *evidence) allTwice() bool {
	switch {
	case e.plainTags:
		return false
	case e.ofTitles:
		return e.whole > 1
	}
	return e.whole > 0 || e.tags > 1 && e.tags == e.texts
}

// twiceReferred is what refersTwice reports.
var twiceReferred = regexp.MustCompile(`&amp;(#?\w{1,31};)`)

// How the tags of a text are written.
type tagging int

const (
	noTags    tagging = iota
	bareTags          // some as tags
	someTags          // all escaped
	wholeTags         // all escaped, and the text begins and ends with one
)

func escapedTags(s string) tagging {
	if hasTag(s) {
		return bareTags
	}
	if !strings.Contains(s, "&lt;") {
		return noTags
	}
	text := strings.TrimSpace(decoded(s))
	switch {
	case !looksTagged(text):
		return noTags
	case strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">"):
		return wholeTags
	}
	return someTags
}

// hasTag reports what an HTML parser takes for a tag.
func hasTag(s string) bool {
	for i := strings.IndexByte(s, '<'); i >= 0 && i+1 < len(s); i = strings.IndexByte(s, '<') {
		s = s[i+1:]
		if nameStart(s[0]) || s[0] == '/' && len(s) > 1 && nameStart(s[1]) {
			return true
		}
	}
	return false
}

// refersTwice reports a reference whose ampersand is escaped.
func refersTwice(s string) bool {
	for {
		_, rest, ok := strings.Cut(s, "&amp;")
		if !ok {
			return false
		}
		if referred(rest) != "" {
			return true
		}
		s = rest
	}
}

// referencesIn reports references outside of tags whose ampersand is escaped, and
// others. Those of the signs of a tag do not count: who writes of tags escapes them.
func referencesIn(s string) (twice, once bool) {
	for {
		i := strings.IndexAny(s, "&<")
		if i < 0 {
			return twice, once
		}
		s = s[i:]
		if s[0] == '<' {
			if end := strings.IndexByte(s, '>'); end > 0 && len(s) > 1 && (s[1] == '/' || nameStart(s[1])) {
				s = s[end:]
			}
			s = s[1:]
			continue
		}
		s = s[1:]
		name := referred(s)
		switch {
		case name == "", name == "lt", name == "gt":
		case name != "amp":
			once = true
		default:
			s = s[len("amp;"):]
			switch referred(s) {
			case "lt", "gt":
			case "":
				once = true
			default:
				twice = true
			}
		}
	}
}

const longestReference = 33 // bytes; HTML's longest name has 31

// referred is the name in what would be a reference behind an ampersand.
func referred(after string) string {
	n := 0
	for n < min(len(after), longestReference) && (after[n] == '#' && n == 0 || after[n] != ':' && after[n] < utf8.RuneSelf && nameByte(after[n])) {
		n++
	}
	if n == 0 || n == len(after) || after[n] != ';' {
		return ""
	}
	if name := after[:n]; xmlEntities[name] || html.UnescapeString("&"+after[:n+1]) != "&"+after[:n+1] {
		return name
	}
	return ""
}
