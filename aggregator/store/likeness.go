package store

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

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

// A likeness is how much tells that an item and an article are one.
type likeness int

const (
	unlike    likeness = iota
	ofMoment           // they have one title, and were published in one second
	ofPlace            // they have one title and address, and dates of one day
	ofBoth             // they have one title and address, and were published in one second
	identical          // and there is no difference to be read
)

// oneDay is how far apart the dates of one article may lie: what bears the same
// title at the same address a day later is the next of a series.
const oneDay = 20 * time.Hour

// likeness compares an item with an article of its source. At an address that is
// shared by others the title alone says little.
func (c *candidate) likeness(a *news.Article, shared bool) likeness {
	if says := saying(a); says == "" || says != c.says {
		return unlike
	}
	there := *a
	there.URL = c.URL
	var (
		here      = a.URL != "" && samePage(a.URL, c.URL)
		near      = !dated(a.Published) || !dated(c.Published) || a.Published.At.Sub(c.Published.At).Abs() < oneDay
		nameless  = a.OriginalID == "" && a.URL == "" && c.URL == ""
		atOnce    = exact(a.Published) && exact(c.Published) && a.Published.At.Equal(c.Published.At)
		unaltered = there.Fingerprint() == c.stored.fingerprint
	)
	switch {
	case unaltered && (near || nameless):
		return identical
	case here && atOnce:
		return ofBoth
	case here && near && !shared:
		return ofPlace
	case atOnce && (!midnight(a.Published) || samePath(a.URL, c.URL)):
		return ofMoment
	}
	return unlike
}

// twin reports articles of one title that nothing else tells apart.
func (c *candidate) twin(other *candidate) bool {
	return bare(c.URL) == bare(other.URL) &&
		(c.Published.At.Equal(other.Published.At) || !dated(c.Published) && !dated(other.Published))
}

// before reports that of two twins the other is the one to go by: it is withdrawn,
// or came later.
func (c *candidate) before(other *candidate) bool {
	if c.stored.withdrawn != other.stored.withdrawn {
		return other.stored.withdrawn
	}
	return c.stored.firstSeen < other.stored.firstSeen
}

// addresses are what the articles at each address are called.
type addresses map[string]map[string]bool

func (all addresses) add(c *candidate) {
	at := bare(c.URL)
	if all[at] == nil {
		all[at] = map[string]bool{}
	}
	all[at][c.says] = true
}

// shared reports an address at which articles of several titles stand.
func (all addresses) shared(a *news.Article) bool { return len(all[bare(a.URL)]) > 1 }

// saying is what an article is called, as it is compared: its title, or what it
// says first where it has none.
func saying(a *news.Article) string {
	text := a.Title
	if text == "" {
		text = a.Summary
	}
	return strings.Join(strings.Fields(folded(html.UnescapeString(text))), " ")
}

// dated reports a moment whose day was printed.
func dated(m news.Moment) bool {
	return m.Basis == news.Explicit || m.Basis == news.AssumedZone || m.Basis == news.DateOnly
}

// exact reports a moment whose second was printed. How finely it was is not known
// of all that was stored.
func exact(m news.Moment) bool {
	return dated(m) && m.Basis != news.DateOnly && (m.Precision == news.Second || m.Precision == "")
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
