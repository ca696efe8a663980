package publisher

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
	"copydesk/publisher/page"
)

const (
	searchLimit    = 50              // articles in the page and the feeds of a search
	searchesKept   = 256             // documents of searches that are kept printed
	searchesAtOnce = 4               // others wait
	searchTime     = 5 * time.Second // for one, with waiting
)

// errSearch is a search that cannot be made, in words for who asked.
type errSearch struct{ typed, why string }

func (e errSearch) Error() string { return e.why }

// A found document holds until anything changes after asOf; what it was of is
// found again then.
type found struct {
	*document
	asOf news.Revision
}

func (s *Server) searchable() bool { return s.press.opt.Finder != nil && !s.press.opt.NoSearch }

// serveSearch shows what a reader looked for; who comes without a question gets
// the form to ask one.
func (s *Server) serveSearch(w http.ResponseWriter, r *http.Request) error {
	if !s.searchable() {
		return errNotFound
	}
	if !r.URL.Query().Has("q") {
		return s.send(w, r, s.searchForm, staticCache)
	}
	return s.sendSearch(w, r, "")
}

func (s *Server) serveSearchFeed(w http.ResponseWriter, r *http.Request) error {
	format, ok := strings.CutPrefix(r.PathValue("feed"), "feed.")
	if _, known := contentTypes[format]; !ok || !known || !s.searchable() {
		return errNotFound
	}
	return s.sendSearch(w, r, format)
}

// A search is what a reader asked for.
type search struct {
	news.Query
	after  news.Place // where the reader goes on; zero at the beginning
	format string     // of a feed; empty is the page
}

// path is the one address of a search.
func (q search) path() string {
	switch {
	case q.format != "":
		return edition.SearchPath("feed."+q.format, q.String())
	case q.after != 0:
		return edition.SearchPathAfter(q.String(), q.after)
	}
	return edition.SearchPath("", q.String())
}

// sendSearch answers with a search as a feed in a format, or as a page (empty).
// Each has one address: who spells it otherwise is sent there.
func (s *Server) sendSearch(w http.ResponseWriter, r *http.Request, format string) error {
	typed := r.URL.Query().Get("q")
	query, err := news.ParseQuery(typed)
	if err != nil {
		return errSearch{typed, err.Error()}
	}
	q := search{Query: query, format: format}
	if after, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64); err == nil && format == "" {
		q.after = news.Place(after)
	}
	path := q.path()
	if _, asked, _ := strings.Cut(path, "?"); asked != r.URL.RawQuery {
		w.Header().Set("Location", s.pages.Path(path))
		w.WriteHeader(http.StatusMovedPermanently)
		return nil
	}
	d, err := s.search(r.Context(), q)
	if err != nil {
		return err
	}
	return s.send(w, r, d, feedCache)
}

// search is a search's document, as it is now.
func (s *Server) search(ctx context.Context, q search) (*document, error) {
	path := q.path()
	asOf := news.Revision(s.press.seen.Load()) // before it is read: what it misses comes later
	kept, ok := s.searches.get(path)
	if ok && kept.asOf >= asOf {
		return kept.document, nil
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	select {
	case s.searching <- struct{}{}:
		defer func() { <-s.searching }()
	case <-ctx.Done():
		return nil, errBusy
	}
	e, next, err := s.press.find(ctx, q)
	if err != nil {
		return nil, err
	}
	body, contentType, err := s.printSearch(e, q, next)
	if err != nil {
		return nil, err
	}
	d := s.press.renew(kept.document, contentType, body, e.Changed)
	if q.format != "" {
		d.link = linkHeader(e, q.format)
	}
	s.searches.put(path, found{d, asOf})
	return d, nil
}

func (s *Server) printSearch(e *edition.Edition, q search, next news.Place) (body []byte, contentType string, err error) {
	if q.format == "" {
		var around page.Around
		if q.after != 0 {
			around.First = s.pages.Path(edition.SearchPath("", e.Query))
		}
		if next != 0 {
			around.Next = s.pages.Path(edition.SearchPathAfter(e.Query, next))
		}
		body, err = s.pages.Search(e, around)
		return body, htmlType, err
	}
	doc, err := feed.Print(q.format, e, nil)
	if err != nil {
		return nil, "", fmt.Errorf("print a search for %s as %s: %w", e.Query, q.format, err)
	}
	return doc.Body, contentTypes[q.format], nil
}

// find gathers what a query finds, and tells after which place there is more;
// zero where there is not.
func (p *Press) find(ctx context.Context, q search) (e *edition.Edition, next news.Place, err error) {
	if err := p.look(ctx); err != nil { // else it might find what is newer than its date
		return nil, 0, err
	}
	hits, err := p.opt.Finder.Search(ctx, q.Query, q.after, searchLimit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(hits) > searchLimit {
		hits = hits[:searchLimit]
		next = hits[searchLimit-1].Place
	}
	keys := make([]news.Key, len(hits))
	for i, h := range hits {
		keys[i] = h.Article
	}
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, 0, err
	}
	if err := p.learn(ctx); err != nil {
		return nil, 0, err
	}
	e = p.blank(news.Shelf{Kind: "search"}, news.Channel{Title: q.String(), Description: "Articles found by " + q.String() + ", newest first"})
	e.Query = q.String()
	e.House.Hub = "" // a search is not pushed
	for _, a := range list {
		if a.Withdrawn { // since it was found
			continue
		}
		if err := p.add(ctx, e, a); err != nil {
			return nil, 0, err
		}
	}
	e.Changed = p.latest()
	return e, next, nil
}
