package parse

import (
	"cmp"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

// construct reads a text construct of Atom (RFC 4287 §3.1, §4.1.3) and of Atom
// 0.3, which had a mode beside the type: what stands in it as markup is HTML,
// what is escaped is what its type says, and base64 is decoded first.
func construct(e element) Text {
	t := Text{Lang: e.attr("xml:lang"), Base: e.attr("xml:base"), Field: e.name}
	kind := strings.ToLower(strings.TrimSpace(e.attr("type")))
	mode := strings.ToLower(strings.TrimSpace(e.attr("mode")))
	t.Type = contentType(kind)
	switch {
	case mode == "base64" || binary(kind):
		t.Body, t.Type = fromBase64(e.text(), t.Type, kind)
	case bareMarkup(e.inner):
		t.Body, t.Type = withoutWrapper(markup(e.inner)), HTML
		t.Lang = cmp.Or(wrapperLang(e.inner), t.Lang)
		if strings.IndexByte(t.Body, '<') < 0 && strings.Contains(t.Body, "&lt;") && !looksMarkedUp(decoded(t.Body)) {
			t.Body, t.Type = e.text(), Plain // XHTML that has a sign in it, and not markup escaped once more
		}
	case strings.Contains(kind, "xhtml"):
		t.Body = markup(e.inner)
		if text := e.text(); looksMarkedUp(text) { // escaped all the same
			t.Body = text
		}
	default:
		t.Body = e.body()
	}
	return t
}

// title is a text construct of a line. Escaped markup is what many write into
// one without saying that it is HTML. By RFC 4287 §3.1.1 it would be text;
// readers have learnt better.
func title(e element) Text {
	t := construct(e)
	if t.Type == Unstated && !escapedMarkup.MatchString(t.Body) {
		t.Type = Plain
	}
	return t
}

var escapedMarkup = regexp.MustCompile(`</|&(?:[a-zA-Z]+|#\w+);`)

// binary reports a media type whose content RFC 4287 §4.1.3.3 wants in base64.
func binary(kind string) bool {
	return file(kind) || strings.HasPrefix(kind, "application/") && !strings.HasSuffix(kind, "xml")
}

// file reports a media type that has nothing to read in it.
func file(kind string) bool {
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}

// fromBase64 decodes what is base64, in either alphabet and padded or not (RFC 4648
// §4, §5), and leaves what only claims to be. A file is no content.
func fromBase64(s string, typ TextType, kind string) (string, TextType) {
	plain := strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(strings.Join(strings.Fields(s), ""))
	raw, err := base64.RawStdEncoding.DecodeString(plain)
	if err == nil && !utf8.Valid(raw) {
		raw = inCharset(raw, kind)
	}
	switch {
	case file(kind):
		return "", Plain
	case err != nil || raw == nil:
		return s, typ
	}
	body := strings.TrimSpace(string(raw))
	if kind == "" || typ == HTML && binary(kind) {
		typ = Unstated
		if strings.IndexByte(body, '<') >= 0 && !looksMarkedUp(body) {
			typ = Plain
		}
	}
	return body, typ
}

// inCharset decodes bytes that are no UTF-8; nil when they seem to be no text at all.
func inCharset(raw []byte, kind string) []byte {
	ascii := 0
	for _, c := range raw {
		switch {
		case notXML(rune(c)):
			return nil
		case c < utf8.RuneSelf:
			ascii++
		}
	}
	if 4*ascii < 3*len(raw) {
		return nil
	}
	out, _ := toUTF8(raw, Options{ContentType: kind})
	return out
}

// withoutWrapper takes away the one div around XHTML, which is no part of it
// (RFC 4287 §3.1.1.3).
func withoutWrapper(s string) string {
	if !strings.HasPrefix(s, "<div") || !strings.HasSuffix(s, "</div>") {
		return s
	}
	data := []byte(s)
	n, t := tagAt(data)
	if t.name != "div" || t.empty {
		return s
	}
	if size, end := extent(data[n:], "div"); n+end == len(data) {
		return strings.TrimSpace(s[n : n+size])
	}
	return s
}

// wrapperLang is the language of the one div around XHTML, which goes with it.
func wrapperLang(inner []byte) string {
	for e := range children(inner, nil) {
		if strings.HasSuffix(e.name, "div") {
			return e.attr("lang") // XHTML has it with a prefix and without
		}
		break
	}
	return ""
}

// contentType is what a type says of a text.
func contentType(t string) TextType {
	switch {
	case t == "":
		return Unstated
	case t == "text", t == "text/plain":
		return Plain
	case t == "html", t == "xhtml", strings.Contains(t, "html"):
		return HTML
	case strings.HasSuffix(t, "xml"), strings.HasPrefix(t, "multipart/"), binary(t):
		return Unstated
	case strings.HasPrefix(t, "text/"):
		return Plain
	}
	return HTML
}
