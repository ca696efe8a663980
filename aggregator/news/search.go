package news

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Query is what a reader looks for: articles that hold every Term, and none
// of those that are negated.
type Query struct{ Terms []Term }

// A Term is a word, or several in a row.
type Term struct {
	Text string
	In   Field // empty means anywhere
	Not  bool
}

// A Field is a part of an article that may be searched by itself.
type Field string

const (
	InTitle  Field = "title"
	InPeople Field = "author"
)

const (
	mostQuery = 200 // characters
	mostTerms = 16
)

// ParseQuery reads what a reader typed: words that must all be there, "several
// in a row", -without, author:name and title:word. The error says in words
// what is wrong with it.
func ParseQuery(s string) (Query, error) {
	s = strings.ToValidUTF8(s, " ")
	if n := utf8.RuneCountInString(s); n > mostQuery {
		return Query{}, fmt.Errorf("a search has at most %d characters, not %d", mostQuery, n)
	}
	var q Query
	wanted := false
	for {
		var t Term
		if s = strings.TrimLeftFunc(s, unicode.IsSpace); s == "" {
			break
		}
		t, s = cutTerm(s)
		if strings.IndexFunc(t.Text, asks) < 0 {
			continue
		}
		q.Terms = append(q.Terms, t)
		wanted = wanted || !t.Not
	}
	switch {
	case len(q.Terms) > mostTerms:
		return Query{}, fmt.Errorf("a search has at most %d words, not %d", mostTerms, len(q.Terms))
	case !wanted && len(q.Terms) > 0:
		return Query{}, errors.New("a search needs a word that is to be there, not only ones that are not")
	case !wanted:
		return Query{}, errors.New("there is no word to search for")
	}
	return q, nil
}

// speaks reports a sign that words are made of.
func speaks(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// asks reports a sign that may be looked for: one of words, or a picture.
func asks(r rune) bool { return speaks(r) || unicode.Is(unicode.So, r) }

// quotes open and close several words in a row, each with what closes it.
var quotes = map[rune]string{'"': `"`, '“': "”", '„': "“”", '«': "»", '「': "」", '『': "』"}

// cutTerm takes the first term from s, which begins with no blank.
func cutTerm(s string) (t Term, rest string) {
	if len(s) > 1 && s[0] == '-' {
		t.Not, s = true, s[1:]
	}
	for _, in := range []Field{InTitle, InPeople} {
		if n := len(in) + 1; len(s) > n && strings.EqualFold(s[:n], string(in)+":") && strings.TrimLeftFunc(s[n:], unicode.IsSpace) == s[n:] {
			t.In, s = in, s[n:]
			break
		}
	}
	first, size := utf8.DecodeRuneInString(s)
	if closing, quoted := quotes[first]; quoted {
		s = s[size:]
		end := strings.IndexAny(s, closing)
		if end < 0 {
			t.Text = strings.Join(strings.Fields(s), " ")
			return t, ""
		}
		t.Text = strings.Join(strings.Fields(s[:end]), " ")
		_, size = utf8.DecodeRuneInString(s[end:])
		return t, s[end+size:]
	}
	end := strings.IndexFunc(s, func(r rune) bool { _, quote := quotes[r]; return quote || unicode.IsSpace(r) })
	if end < 0 {
		end = len(s)
	}
	t.Text = s[:end]
	return t, s[end:]
}

// String is the query as one could type it; equal for equal queries.
func (q Query) String() string {
	var out []string
	for _, t := range q.Terms {
		text := t.Text
		if strings.ContainsFunc(text, unicode.IsSpace) {
			text = `"` + text + `"`
		}
		if t.In != "" {
			text = string(t.In) + ":" + text
		}
		if t.Not {
			text = "-" + text
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// A Hit is an article that a search has found.
type Hit struct {
	Article Key
	Place   Place
}

// A Place is where an article stands among all that can be found: it grows with
// publication. Zero is none.
type Place int64

// A Span is a part of a text, in bytes.
type Span struct{ Begin, End int }
