package publisher

import (
	"context"
	"net/http"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// A History keeps what articles said before. The store is one.
type History interface {
	Versions(ctx context.Context, key news.Key) ([]news.Version, error)
}

// serveHistory shows how an article changed, as far as its source's rights
// allow.
func (s *Server) serveHistory(w http.ResponseWriter, r *http.Request) error {
	if s.press.opt.History == nil {
		return errNotFound
	}
	key := news.Key(r.PathValue("key"))
	kept, ok := s.histories.get(key)
	if ok && s.press.newest(kept.source).Revision <= kept.asOf {
		return s.send(w, r, kept.document, feedCache)
	}
	asOf := news.Revision(s.press.seen.Load()) // before it is read: what it misses comes later
	list, err := s.press.opt.History.Versions(r.Context(), key)
	if err != nil {
		return err
	}
	now := list[0]
	if now.Withdrawn {
		return withdrawn{now.Withdrawal, now.Language}
	}
	src, err := s.press.source(r.Context(), now.Source)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Article = edition.Cut(list[i].Article, src.Republish)
	}
	body, err := s.pages.History(list, src)
	if err != nil {
		return err
	}
	d := s.press.renew(kept.document, htmlType, body, shownSince(&now.Article))
	if shelf := (news.Shelf{Kind: news.SourceShelf, Slug: now.Source}); s.press.exists(shelf) { // else nobody tells of its changes
		s.histories.put(key, articlePage{d, shelf, asOf})
	}
	return s.send(w, r, d, feedCache)
}
