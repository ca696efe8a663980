package extract

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/net/html"
)

// maxNodes is the most elements, attributes and texts that a page may come to.
// The longest honest pages have a tenth of it.
const maxNodes = 500_000

// ErrTooComplex is a page of more elements than any article has.
var ErrTooComplex = errors.New("the page has too many elements to be an article (check the address)")

// formatting are the elements that HTML opens again in every block for as long
// as they are not closed (HTML §13.2.4.3): a few bytes can make millions.
var formatting = map[string]bool{
	"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true,
	"s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true,
}

// mostAttributes is more than any element has, and largeTag what a tag must be
// larger than to have them, in bytes.
const mostAttributes, largeTag = 10_000, 1 << 20

// rawText are the elements in which "<" opens nothing but their own end.
var rawText = []string{"script", "style", "textarea", "title", "noscript", "iframe", "xmp", "noembed", "noframes", "plaintext"}

// crowded reports a tag with more attributes than any element has. A tokenizer
// would gather them all before it could tell.
func crowded(body []byte) bool {
	for len(body) > largeTag { // what is left of it could hold one
		start := bytes.IndexByte(body, '<')
		if start < 0 || start+1 == len(body) {
			return false
		}
		body = body[start+1:]
		switch {
		case bytes.HasPrefix(body, []byte("!--")):
			end := bytes.Index(body, []byte("-->"))
			body = body[max(end, 0)+1:]
			continue
		case !letter(body[0]):
			continue
		}
		raw := ""
		for _, name := range rawText {
			if len(body) > len(name) && !letter(body[len(name)]) && bytes.EqualFold(body[:len(name)], []byte(name)) {
				raw = name
			}
		}
		size, attributes := tagSize(body)
		if attributes > mostAttributes {
			return true
		}
		body = body[size:]
		for raw != "" { // to its end
			end := bytes.Index(body, []byte("</"))
			if end < 0 {
				return false
			}
			body = body[end+2:]
			if len(body) >= len(raw) && bytes.EqualFold(body[:len(raw)], []byte(raw)) {
				break
			}
		}
	}
	return false
}

// tagSize is the size of a tag behind its "<", and how many attributes it has,
// as far as that matters.
func tagSize(tag []byte) (size, attributes int) {
	var quote byte
	blank := false
	for i, c := range tag {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>' || attributes > mostAttributes:
			return i, attributes
		case (c == '"' || c == '\'') && i > 0 && tag[i-1] == '=':
			quote = c
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '/':
			blank = true
			continue
		case blank:
			attributes++
		}
		blank = false
	}
	return len(tag), attributes
}

// affordable counts, without building it, what a page would come to as a tree.
func affordable(body []byte) error {
	if crowded(body) {
		return ErrTooComplex
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	nodes, open := 0, 0
	for nodes <= maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) {
				return nil
			}
			return z.Err()
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			nodes += 1 + open
			if formatting[string(name)] {
				open++
			}
			for ; more; nodes++ {
				_, _, more = z.TagAttr()
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); open > 0 && formatting[string(name)] {
				open--
			}
		case html.TextToken:
			nodes += 1 + open
		default:
			nodes++
		}
	}
	return ErrTooComplex
}
