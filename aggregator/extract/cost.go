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

// affordable counts, without building it, what a page would come to as a tree.
func affordable(body []byte) error {
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
