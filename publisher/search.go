package publisher

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
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

// sendSearch answers with a search as a feed in a format, or as a page (empty).
// Each has one address: who spells it otherwise is sent there.
func (s *Server) sendSearch(w http.ResponseWriter, r *http.Request, format string) error {
	typed := r.URL.Query().Get("q")
	q, err := news.ParseQuery(typed)
	if err != nil {
		return errSearch{typed, err.Error()}
	}
	name := ""
	if format != "" {
		name = "feed." + format
	}
	path := edition.SearchPath(name, q.String())
	if _, asked, _ := strings.Cut(path, "?"); asked != r.URL.RawQuery {
		w.Header().Set("Location", s.pages.Path(path))
		w.WriteHeader(http.StatusMovedPermanently)
		return nil
	}
	d, err := s.search(r.Context(), q, format, path)
	if err != nil {
		return err
	}
	return s.send(w, r, d, feedCache)
}

// search is a search's document, as it is now.
func (s *Server) search(ctx context.Context, q news.Query, format, path string) (*document, error) {
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
	e, err := s.press.find(ctx, q)
	if err != nil {
		return nil, err
	}
	body, contentType, err := s.printSearch(e, format)
	if err != nil {
		return nil, err
	}
	d := renew(kept.document, contentType, body, s.press.modified(e.Changed))
	if format != "" {
		d.link = linkHeader(e, format)
	}
	s.searches.put(path, found{d, asOf})
	return d, nil
}

func (s *Server) printSearch(e *edition.Edition, format string) (body []byte, contentType string, err error) {
	if format == "" {
		body, err = s.pages.Search(e)
		return body, htmlType, err
	}
	doc, err := feed.Print(format, e, nil)
	if err != nil {
		return nil, "", fmt.Errorf("print a search for %s as %s: %w", e.Query, format, err)
	}
	return doc.Body, contentTypes[format], nil
}

// find gathers what a query finds.
func (p *Press) find(ctx context.Context, q news.Query) (*edition.Edition, error) {
	if err := p.look(ctx); err != nil { // else it might find what is newer than its date
		return nil, err
	}
	keys, err := p.opt.Finder.Search(ctx, q, searchLimit)
	if err != nil {
		return nil, err
	}
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return nil, err
	}
	e := p.blank(news.Shelf{Kind: "search"}, news.Channel{Title: q.String(), Description: "Articles found by " + q.String() + ", newest first"})
	e.Query = q.String()
	e.House.Hub = "" // a search is not pushed
	for _, a := range list {
		if a.Withdrawn { // since it was found
			continue
		}
		p.add(e, a, feeds)
	}
	e.Changed = p.latest()
	return e, nil
}
