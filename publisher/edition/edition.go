package edition

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"copydesk/aggregator/news"
)

// An Edition is a shelf's ordered articles at one revision: all that a
// renderer needs, and nothing that changes by itself. The same edition always
// renders to the same bytes.
type Edition struct {
	House       House
	Shelf       news.Shelf
	Title       string
	Description string
	Language    string         // BCP 47; empty when unknown
	Articles    []news.Article // in order, cut to what each source's rights allow
	Sources     map[news.Slug]Source
	Updated     time.Time // newest Updated of the articles; zero when there are none
	Changed     time.Time // when the shelf last changed: Last-Modified
	Revision    news.Revision

	// Marks say since which revision an article stands on the shelf as it was updated
	// last; where they do not know, that is the article's own.
	Marks map[news.Key]news.Revision
	// Ordered is the revision of an order that is none of time: what it brings up is as
	// new as that. 0 of an order of time.
	Ordered news.Revision
	// Gone are the articles that were withdrawn from the shelf, newest first.
	Gone []news.Article
	// Query is what was searched for to gather the articles; empty of a shelf.
	Query string
	// Page is an archive document's name; empty in the edition of now.
	Page string
	// Older is the name of the archive document before this one; empty when
	// there is none.
	Older string
}

// Told is what the edition tells of an article, as if it had never been told before.
func (e *Edition) Told(a *news.Article) news.Told {
	stood := cmp.Or(e.Marks[a.Key], a.Revision)
	mark := max(stood, e.Ordered)
	return news.Told{Article: a.Key, Updated: a.Updated, Revision: mark, Stood: stood, First: mark}
}

// Newest is the greatest mark of all that the edition tells.
func (e *Edition) Newest() news.Revision {
	newest := e.Ordered
	for i := range e.Articles {
		a := &e.Articles[i]
		newest = max(newest, a.Revision, e.Marks[a.Key])
	}
	for i := range e.Gone {
		newest = max(newest, e.Gone[i].Revision)
	}
	return newest
}

// Address is where an edition is read in a format.
func (e *Edition) Address(format string) string {
	if e.Page != "" {
		return e.House.ArchiveURL(e.Shelf, e.Page, format)
	}
	if e.Query != "" {
		return e.House.URL + SearchPath("feed."+format, e.Query)
	}
	return e.House.FeedURL(e.Shelf, format)
}

// Home is where an edition is read as a page.
func (e *Edition) Home() string {
	if e.Query != "" {
		return e.House.URL + SearchPath("", e.Query)
	}
	return e.House.PageURL(e.Shelf)
}

// ID is the edition's own id, which never changes.
func (e *Edition) ID() string {
	if e.Query != "" {
		return e.House.ID("search/" + url.QueryEscape(e.Query))
	}
	return e.House.ID(e.Shelf.String())
}

// SearchPath is the path of a search's page, or of a feed of it.
func SearchPath(feed, query string) string {
	path := "/search"
	if feed != "" {
		path += "/" + feed
	}
	return path + "?q=" + url.QueryEscape(query)
}

// SearchPathAfter is the path of the page of what a search finds after a place.
func SearchPathAfter(query string, after news.Place) string {
	return SearchPath("", query) + "&before=" + strconv.FormatInt(int64(after), 10)
}

// A Source is what an edition knows of a source that it quotes: the operator's
// words, and what the feed says of itself.
type Source struct {
	news.Source
	Feed   news.Feed
	Former bool // the config names it no more, so it has no shelf
}

// A House is the publisher of every edition.
type House struct {
	Title     string
	URL       string // public base of every link, without a slash at its end
	Authority string // RFC 4151 tagging entity, "news.example.org,2026"
	Language  string
	TimeZone  *time.Location // of pages for people; feeds are in UTC
	Hub       string         // address of the WebSub hub that feeds name; empty: none
}

// ID mints an id that never changes (RFC 4151) for a name under the house.
func (h House) ID(name string) string { return "tag:" + h.Authority + ":" + name }

// PageURL is the address of a shelf's page.
func (h House) PageURL(s news.Shelf) string { return h.URL + "/" + s.String() }

// FeedURL is the address of a shelf's feed in a format: "rss", "atom" or "json".
func (h House) FeedURL(s news.Shelf, format string) string {
	return h.PageURL(s) + "/feed." + format
}

// ArchiveURL is the address of an archive document (RFC 5005 §4).
func (h House) ArchiveURL(s news.Shelf, page, format string) string {
	return h.PageURL(s) + "/archive/" + page + "." + format
}

// ArticleURL is the address of an article's page in our house.
func (h House) ArticleURL(key news.Key) string { return h.URL + "/articles/" + string(key) }
