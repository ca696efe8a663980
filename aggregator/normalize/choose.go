package normalize

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// dates chooses the publication and the modification of an article among what
// the item carries.
func dates(a *news.Article, it parse.Item, r Reading) {
	var c dateChoice
	for _, date := range it.Dates {
		c.hear(date, r)
	}
	if len(it.Dates) == 0 {
		if m, ok := Date(dateBehindMore(a.ContentHTML), r); ok && m.Basis != news.DateOnly {
			c.published = m
		}
	}
	a.Published = c.first(a.URL, r)
	if !c.published.At.IsZero() && updates(c.modified, c.published) {
		a.Modified = c.modified
	}
}

// longestDateBehind is how long a date in figures is, in bytes, with the brackets around
// it.
const longestDateBehind = 40

// dateBehindMore is the date in brackets, in figures and with a time of day, that ends
// clean HTML behind the link to the whole article: "Leia mais (25/05/2010 - 17h07)".
func dateBehindMore(clean string) string {
	end := strings.LastIndex(clean, "</a>")
	if end < 0 || len(clean)-end > longestDateBehind+len("</a></p></div>") {
		return ""
	}
	raw, ok := parenthesised(TextOf(clean[end:]))
	link := strings.LastIndex(clean[:end], "<a ")
	if !ok || raw == "" || link < 0 || !isDigit(raw[0]) || !strings.ContainsAny(raw, " T") || !in(moreLinks(), strings.Trim(TextOf(clean[link:end]), moreMarks)) {
		return ""
	}
	return raw
}

// A dateChoice is what was heard of an article's dates.
type dateChoice struct {
	published, modified news.Moment
	ahead, unread       string // of the appearance: the first that lies ahead, and that nobody can read
}

func (c *dateChoice) hear(date parse.Date, r Reading) {
	m, ok := Date(date.Raw, r)
	if m.At.IsZero() && strings.HasPrefix(date.Field, "dc") { // dc:date and dcterms
		m, ok = yearAlone(date.Raw, r)
	}
	switch {
	case !ok && date.Modified(), date.Field == parse.Unlabelled && ofVisit(m, r):
	case !ok && m.At.IsZero():
		c.unread = cmp.Or(c.unread, strings.TrimSpace(date.Raw))
	case !ok:
		c.ahead = cmp.Or(c.ahead, date.Raw)
	case date.Modified() || tellsUpdate(date.Raw):
		c.modified = cmp.Or(c.modified, m)
	case better(m, c.published):
		c.published = m
	}
}

// first is when the article appeared: as it says, else as its only change or its
// link says, else when it was first seen.
func (c *dateChoice) first(address string, r Reading) news.Moment {
	switch {
	case !c.published.At.IsZero():
		return c.published
	case c.ahead != "":
		return news.Moment{At: r.At, Basis: news.FirstSeen, Raw: c.ahead}
	case !c.modified.At.IsZero():
		return c.modified
	}
	return undated(address, c.unread, r)
}

// ofVisit reports a moment on the day of the fetch, as it is somewhere on earth.
func ofVisit(m news.Moment, r Reading) bool {
	day := m.At.In(cmp.Or(r.Zone, time.UTC)).Format(time.DateOnly)
	first, last := r.At.UTC().Add(-12*time.Hour), r.At.UTC().Add(14*time.Hour)
	return day >= first.Format(time.DateOnly) && day <= last.Format(time.DateOnly)
}

// updates reports a modification after the publication, and not in the minute that
// is all that is known of it.
func updates(modified, published news.Moment) bool {
	at := published.At
	if published.Precision == news.Minute {
		at = at.Add(time.Minute - 1)
	}
	return modified.At.After(at)
}

// better prefers the first date, and one that says more to one that says less
// of the same time.
func better(m, have news.Moment) bool {
	return have.At.IsZero() || rank(m) > rank(have) && m.At.Sub(have.At).Abs() < closeBy(have)
}

// closeBy is how far apart two dates of different precision may lie that tell
// of one time.
func closeBy(m news.Moment) time.Duration {
	switch m.Precision {
	case news.Month:
		return 32 * 24 * time.Hour
	case news.Year:
		return 366 * 24 * time.Hour
	}
	return 48 * time.Hour
}

func rank(m news.Moment) int {
	switch m.Basis {
	case news.Explicit:
		return 4
	case news.AssumedZone:
		return 3
	case news.DateOnly:
		if m.Precision == news.Month || m.Precision == news.Year {
			return 0
		}
		return 2
	case news.Inferred:
		return 1
	}
	return 0
}

// OrderOf is the order of figures that a document's dates show.
func OrderOf(feed *parse.Feed) Order {
	raws := make([]string, 0, len(feed.Items))
	for _, it := range feed.Items {
		for _, d := range it.Dates {
			raws = append(raws, d.Raw)
		}
	}
	return orderIn(raws)
}

// dating is what the dates of one document are read with.
func dating(src news.Source, feed *parse.Feed, opt Options) Reading {
	r := Reading{
		Zone:    src.Zone(),
		At:      opt.At,
		Order:   cmp.Or(OrderOf(feed), opt.Order),
		Country: countryOf(append([]string{src.HomePage, feed.HomePage, src.URL, opt.URL}, firstAddresses(feed)...)...),
	}
	if feed.Format == "page" && len(feed.Items) == 1 {
		r.Zone = shownZone(feed.Items[0].Dates, r)
	}
	return r
}

// offsetEnd is the offset that ends a date in ISO 8601.
var offsetEnd = regexp.MustCompile(`T\d{2}:\d{2}\S*([+-])(\d{2}):?(\d{2})$`)

// shownZone is the zone that a page shows by the offset of one of its dates,
// which goes before the source's for the dates without one. UTC tells nothing,
// since publishing systems stamp it anywhere.
func shownZone(list []parse.Date, r Reading) *time.Location {
	for _, d := range list {
		m := offsetEnd.FindStringSubmatch(strings.TrimSpace(d.Raw))
		if m == nil || m[2] == "00" && m[3] == "00" {
			continue
		}
		day, _ := Date(d.Raw, r)
		if day.At.IsZero() {
			continue
		}
		seconds := 3600*twoAt(m[2], 0) + 60*twoAt(m[3], 0)
		if m[1] == "-" {
			seconds = -seconds
		}
		if _, have := day.At.In(r.Zone).Zone(); have != seconds {
			return time.FixedZone("", seconds)
		}
	}
	return r.Zone
}

// firstAddresses are those of a document's first item, which tell where it is
// from when nothing else does.
func firstAddresses(feed *parse.Feed) []string {
	if len(feed.Items) == 0 {
		return nil
	}
	return []string{feed.Items[0].Canonical, feed.Items[0].Link}
}

// regional is the language that decides how figures are read.
func regional(src news.Source, feed *parse.Feed, a *news.Article) string {
	for _, tag := range []string{src.Language, feed.Language, a.Language} {
		if tag = strings.ReplaceAll(tag, "_", "-"); tag != "" {
			return tag
		}
	}
	return ""
}

// countryOf is the country whose domain the first address has that is known.
func countryOf(addresses ...string) string {
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" {
			continue
		}
		host := strings.ToLower(u.Hostname())
		if tld := host[strings.LastIndexByte(host, '.')+1:]; len(tld) == 2 && strings.Trim(tld, "abcdefghijklmnopqrstuvwxyz") == "" {
			return tld
		}
		return ""
	}
	return ""
}

// undated infers the day from the link, else takes the time first seen. What
// stood in place of a date is kept.
func undated(address, unread string, r Reading) news.Moment {
	if w, raw, _, ok := dayInPath(address); ok {
		if at := w.in(r.Zone).UTC(); !at.After(r.At) {
			return news.Moment{At: at, Basis: news.Inferred, Precision: news.Day, Raw: raw}
		}
	}
	return news.Moment{At: r.At, Basis: news.FirstSeen, Raw: unread}
}

// dayInPath finds the day that an address carries: /2022/11/10/, /20221110/,
// /2022-11/10/, /2022/1110/c1, /2022/nov/10/, /t20221110_1. It names the rule that
// read it.
func dayInPath(address string) (w stamp, raw, rule string, ok bool) {
	_, path, _ := strings.Cut(address, "://")
	path, _, _ = strings.Cut(path, "?")
	_, path, _ = strings.Cut(path, "/")
	for i := 0; i < len(path); i++ {
		if !isDigit(path[i]) || i > 0 && isDigit(path[i-1]) {
			continue
		}
		for r := range pathRules {
			w, n := r.read(path[i:])
			if n == 0 {
				continue
			}
			if w.exists() && w.year >= 1990 {
				return w, path[i : i+n], r.name, true
			}
			break
		}
	}
	return w, "", "", false
}

// A pathRule reads a day at the beginning of a path that begins with a figure, and
// gives its length: 0 for none.
type pathRule = rule[func(string) (stamp, int)]

func pathRules(yield func(pathRule) bool) {
	each(yield, []pathRule{
		{"eight figures", "https://wire.example/t20261110_1.html", figuresInPath},
		{"a year before four figures", "https://wire.example/2026/1110/c1.html", halvesInPath},
		{"six figures before a day", "https://wire.example/202611/10/boats", monthsInPath},
		{"a year before month and day", "https://wire.example/2026/nov/10/boats", partsInPath},
	})
}

func figuresInPath(s string) (stamp, int) {
	if n := digitsAt(s); n != 8 && n != 12 && n != 14 {
		return stamp{}, 0
	}
	return stamp{year: 100*twoAt(s, 0) + twoAt(s, 2), month: twoAt(s, 4), day: twoAt(s, 6)}, 8
}

func halvesInPath(s string) (stamp, int) {
	if len(s) < 11 || digitsAt(s) != 4 || s[4] != '/' || digitsAt(s[5:]) != 4 || s[9] != '/' {
		return stamp{}, 0
	}
	return stamp{year: 100*twoAt(s, 0) + twoAt(s, 2), month: twoAt(s, 5), day: twoAt(s, 7)}, 9
}

func monthsInPath(s string) (stamp, int) {
	if digitsAt(s) != 6 || len(s) < 9 || digitsAt(s[7:]) != 2 {
		return stamp{}, 0
	}
	return stamp{year: 100*twoAt(s, 0) + twoAt(s, 2), month: twoAt(s, 4), day: twoAt(s, 7)}, 9
}

func partsInPath(s string) (stamp, int) {
	if digitsAt(s) != 4 {
		return stamp{}, 0
	}
	month, i := monthInPath(s, 4)
	if month == 0 || i+1 >= len(s) || !strings.ContainsRune("/-_", rune(s[i])) {
		return stamp{}, 0
	}
	w := stamp{year: 100*twoAt(s, 0) + twoAt(s, 2), month: month}
	switch n := digitsAt(s[i+1:]); {
	case n == 2:
		w.day = twoAt(s, i+1)
		return w, i + 3
	case n == 1 && s[i] == '/':
		w.day = int(s[i+1] - '0')
		return w, i + 2
	}
	return stamp{}, 0
}

// monthInPath reads a month behind a mark, in figures or by its English name.
func monthInPath(s string, i int) (month, end int) {
	if i+1 >= len(s) || s[i] != '/' && s[i] != '-' && s[i] != '_' {
		return 0, 0
	}
	i++
	switch n := digitsAt(s[i:]); {
	case n == 2:
		return twoAt(s, i), i + 2
	case n == 1 && s[i-1] == '/':
		return int(s[i] - '0'), i + 1
	}
	end = i + wordAt(s[i:])
	for _, m := range dateWords().words[strings.ToLower(s[i:end])] {
		if m.sense == senseMonth && m.language == "en" {
			return m.value, end
		}
	}
	return 0, 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// stamping is how long a program takes at most to write a feed of several items
// with the time on each.
const stamping = time.Minute

// sameStamp reports that every item of several says that it was modified at one
// time, or of more while the feed was written, which tells nothing of the items.
func sameStamp(list []news.Article) bool {
	if len(list) < 2 {
		return false
	}
	first, last := list[0].Modified.At, list[0].Modified.At
	for _, a := range list {
		at := a.Modified.At
		if at.IsZero() {
			return false
		}
		if at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first.Equal(last) || len(list) > 2 && last.Sub(first) < stamping
}
