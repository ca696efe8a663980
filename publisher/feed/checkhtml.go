package feed

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// htmlFault says why a strict parser would complain about a piece of HTML, or
// a validator about what is in it; empty when neither would. The measure of
// strictness is that nothing had to be repaired: what the parser built is,
// token by token, what was written (output-rules §5).
func htmlFault(s string) string {
	if !strings.ContainsAny(s, "<&\r") {
		return ""
	}
	if fault := lexicalFault(s); fault != "" {
		return fault
	}
	written := tokensOf(s)
	for _, t := range written {
		if fault := tokenFault(t); fault != "" {
			return fault
		}
	}
	var built []html.Token
	for _, n := range fragment(s) {
		built = appendTree(built, n)
	}
	if len(written) != len(built) {
		return "a parser has to repair its nesting"
	}
	for i := range written {
		if !sameToken(written[i], built[i]) {
			return fmt.Sprintf("a parser reads %q where %q is written", built[i].String(), written[i].String())
		}
	}
	return ""
}

// lexicalFault finds what the tokenizer quietly takes for something else.
func lexicalFault(s string) string {
	if strings.Contains(s, "\r") {
		return "it has a carriage return"
	}
	for rest := s; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		if rest = after; rest == "" || !strings.Contains(rest, ">") || rest[0] != '/' && rest[0]|0x20 < 'a' || rest[0]|0x20 > 'z' {
			return "it has a < that begins no tag"
		}
	}
	for rest := s; ; {
		_, after, ok := strings.Cut(rest, "&")
		if !ok {
			return ""
		}
		if rest = after; !entity(rest) {
			return "it has a bare ampersand"
		}
	}
}

// entity reports that what follows an ampersand is a character reference with
// its semicolon, and to a character that may stand in a document.
func entity(s string) bool {
	i := strings.IndexByte(s, ';')
	if i < 1 || i > 32 {
		return false
	}
	meant := html.UnescapeString("&" + s[:i+1])
	return meant != "&"+s[:i+1] && !strings.ContainsFunc(meant, forbidden)
}

// tokensOf are the tokens as they are written; text in one piece.
func tokensOf(s string) []html.Token {
	var out []html.Token
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		t := z.Token()
		if n := len(out); t.Type == html.TextToken && n > 0 && out[n-1].Type == html.TextToken {
			out[n-1].Data += t.Data
			continue
		}
		out = append(out, t)
	}
	return out
}

func tokenFault(t html.Token) string {
	switch t.Type {
	case html.CommentToken, html.DoctypeToken:
		return "it has a comment or a declaration"
	case html.SelfClosingTagToken:
		return "it closes <" + t.Data + "> in XML's way"
	case html.StartTagToken:
		return tagFault(t)
	}
	return ""
}

func tagFault(t html.Token) string {
	if unfitElements[t.DataAtom] {
		return "it has <" + t.Data + ">"
	}
	for i, a := range t.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", strings.ContainsAny(a.Key, "<>\"'=`/"):
			return "it has the attribute " + a.Key
		case addresses[a.Key] && !soundAddress(a.Val):
			return fmt.Sprintf("its address %q is not absolute ASCII", a.Val)
		case slices.ContainsFunc(t.Attr[:i], func(b html.Attribute) bool { return b.Key == a.Key }):
			return "it has the attribute " + a.Key + " twice"
		}
	}
	return setFault(t.Attr)
}

// setFault is what a validator would say of a srcset and its sizes.
func setFault(attrs []html.Attribute) string {
	if !slices.ContainsFunc(attrs, func(a html.Attribute) bool { return a.Key == "srcset" || a.Key == "sizes" }) {
		return ""
	}
	set, sizes := offered(attrs)
	for _, want := range []html.Attribute{{Key: "srcset", Val: set}, {Key: "sizes", Val: sizes}} {
		i := slices.IndexFunc(attrs, func(a html.Attribute) bool { return a.Key == want.Key })
		switch {
		case i < 0 && want.Val != "":
			return "its set of addresses wants " + want.Key
		case i >= 0 && (want.Val == "" || attrs[i].Val != want.Val):
			return fmt.Sprintf("its set of addresses has %s %q where %q may stand", want.Key, attrs[i].Val, want.Val)
		}
	}
	return ""
}

// appendTree writes a tree as the tokens that it stands for.
func appendTree(out []html.Token, n *html.Node) []html.Token {
	switch n.Type {
	case html.TextNode:
		if k := len(out); k > 0 && out[k-1].Type == html.TextToken {
			out[k-1].Data += n.Data
			return out
		}
		return append(out, html.Token{Type: html.TextToken, Data: n.Data})
	case html.ElementNode:
		out = append(out, html.Token{Type: html.StartTagToken, Data: n.Data, Attr: n.Attr})
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			out = appendTree(out, c)
		}
		if !void[n.Data] {
			out = append(out, html.Token{Type: html.EndTagToken, Data: n.Data})
		}
	}
	return out
}

// void elements have no end tag.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true,
	"param": true, "source": true, "track": true, "wbr": true,
}

func sameToken(a, b html.Token) bool {
	if a.Type != b.Type || a.Data != b.Data || len(a.Attr) != len(b.Attr) {
		return a.Type == html.TextToken && b.Type == html.TextToken && strings.TrimPrefix(a.Data, "\n") == strings.TrimPrefix(b.Data, "\n")
	}
	return slices.Equal(a.Attr, b.Attr)
}
