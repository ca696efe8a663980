package store

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"copydesk/aggregator/news"
)

// A candidate is an article that an unknown item may be.
type candidate struct {
	news.Article
	stored storedArticle
	says   string
}

func (st storedArticle) candidate(key news.Key) (candidate, error) {
	c := candidate{stored: st}
	err := json.Unmarshal([]byte(st.data), &c.Article)
	c.Key, c.says = key, saying(&c.Article)
	return c, err
}

// may reports that an item may be the article: they have one title, and neither what
// is printed of their dates nor their addresses tells them apart.
func (c *candidate) may(a *news.Article) bool {
	if says := saying(a); says == "" || says != c.says {
		return false
	}
	switch {
	case !a.Published.Printed() || !c.Published.Printed():
		return c.here(a)
	case !a.Published.At.Equal(c.Published.At):
		return c.nowhere(a)
	}
	return exact(a.Published) && exact(c.Published) || c.here(a)
}

// here reports that nothing in their addresses tells an item and the article apart.
func (c *candidate) here(a *news.Article) bool {
	return c.nowhere(a) || samePage(a.URL, c.URL) || samePath(a.URL, c.URL)
}

// nowhere reports that neither the item nor the article has an address or an id.
func (c *candidate) nowhere(a *news.Article) bool {
	return a.OriginalID == "" && a.URL == "" && c.URL == ""
}

// muchSaid is how long a text is, in bytes, that nobody writes twice.
const muchSaid = 80

// is reports that an item which may be an article says what that says in its feed.
// Where only the text can tell, much of it is wanted.
func (c *candidate) is(a, fed *news.Article) bool {
	text := told(a)
	if len(a.Title)+len(text) < muchSaid && (!c.here(a) && midnight(a.Published) || a.Published.Printed() && c.Published.Printed() && !a.Published.At.Equal(c.Published.At)) {
		return false
	}
	return text == told(fed)
}

// told is all that an article tells below its title, in words and in files, wherever
// these stand.
func told(a *news.Article) string {
	text := a.Summary + " " + textOf(a.ContentHTML)
	for _, at := range a.Attachments {
		_, path, _ := strings.Cut(bare(at.URL), "/")
		text += " /" + path
	}
	return strings.Join(strings.Fields(text), " ")
}

// twin reports articles of one title that nothing else tells apart.
func (c *candidate) twin(other *candidate) bool {
	return bare(c.URL) == bare(other.URL) &&
		(c.Published.At.Equal(other.Published.At) || !c.Published.Printed() && !other.Published.Printed())
}

// before reports that of two twins the other is the one to go by: it is withdrawn,
// or came later.
func (c *candidate) before(other *candidate) bool {
	if c.stored.withdrawn != other.stored.withdrawn {
		return other.stored.withdrawn
	}
	return c.stored.firstSeen < other.stored.firstSeen
}

// saying is what an article is called, as it is compared: its title, or what it
// says first where it has none.
func saying(a *news.Article) string {
	text := a.Title
	if text == "" {
		text = a.Summary
	}
	return strings.Join(strings.Fields(folded(html.UnescapeString(text))), " ")
}

// exact reports a moment whose second was printed. How finely it was is not known
// of all that was stored.
func exact(m news.Moment) bool {
	return m.Printed() && m.Basis != news.DateOnly && (m.Precision == news.Second || m.Precision == "")
}

// midnight reports a time of day that most write where they know none.
func midnight(m news.Moment) bool { return strings.Contains(m.Raw, "00:00:00") }

// bare is an address without what may change while the page is the same: its
// scheme, "www.", the slash at its end, and how its letters are escaped.
func bare(address string) string {
	_, rest, _ := strings.Cut(escaping(plain).escape(address), "://")
	page, query := parted(strings.TrimPrefix(rest, "www."))
	return strings.TrimSuffix(page, "/") + query
}

// samePage reports addresses that are bare the same, or of which one has a query
// besides (?from=home).
func samePage(a, b string) bool {
	a, b = bare(a), bare(b)
	page, query := parted(a)
	other, more := parted(b)
	return a == b || strings.TrimSuffix(page, "/") == strings.TrimSuffix(other, "/") && (query == "" || more == "")
}

// samePath reports addresses that differ in their hosts alone.
func samePath(a, b string) bool {
	_, a, _ = strings.Cut(bare(a), "/")
	_, b, _ = strings.Cut(bare(b), "/")
	return a != "" && a == b
}

// parted is an address up to its query or fragment, and from there on.
func parted(address string) (page, query string) {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i], address[i:]
	}
	return address, ""
}

// An escaping writes one percent-encoded byte (%C3) in its way.
type escaping func(escaped string) string

func asWritten(escaped string) string { return escaped }

// plain escapes only what must be, and in capitals (RFC 3986 §6.2.2).
func plain(escaped string) string {
	if c, err := url.PathUnescape(escaped); err == nil && strings.Trim(c, unreserved) == "" {
		return c
	}
	return strings.ToUpper(escaped)
}

const unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

// escape writes the escapes of an address in a way.
func (write escaping) escape(address string) string {
	if !strings.Contains(address, "%") {
		return address
	}
	var b strings.Builder
	for i := 0; i < len(address); i++ {
		if address[i] != '%' || i+2 >= len(address) {
			b.WriteByte(address[i])
			continue
		}
		b.WriteString(write(address[i : i+3]))
		i += 2
	}
	return b.String()
}

// mostSpellings is how many spellings of an address are looked for at most.
const mostSpellings = 24

// spellings are the addresses that are bare the same, as far as they can be told,
// and those without its query.
func spellings(address string) []string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return nil
	}
	page, query := parted(strings.TrimPrefix(rest, "www."))
	page = strings.TrimSuffix(page, "/")
	var out []string
	for _, write := range [...]escaping{asWritten, plain, strings.ToLower} {
		for _, page := range [...]string{page + query, page + "/" + query, page, page + "/"} {
			for _, start := range [...]string{"https://", "http://", "https://www.", "http://www."} {
				if one := start + write.escape(page); !slices.Contains(out, one) {
					out = append(out, one)
				}
			}
		}
	}
	return out[:min(len(out), mostSpellings)]
}
