package publisher

import (
	"context"
	"slices"
	"sync"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// Subscribers and listeners are told news: what has come to a shelf, or has changed
// there, since the revision up to which they have heard. The ledger notes of each
// article that was printed on a shelf which tells, how it was when it was told and
// since which revision it stood there so. That stays noted when the article makes
// room for others, whose source has another name, or that comes back as it was: none
// of this is news. Nor is what had stood below an edition for long and has moved up
// where another one was withdrawn, or where the config asks for more.
//
// What came while somebody was away, and was pushed out by newer articles before he
// could hear of it, is told too, behind what the edition has, as long as it stands on
// the shelf and is among the mostTold that were told last; the archive leads on from
// there.

// mostTold is how many of the articles told last somebody can be told who was away.
const mostTold = 500

// A memory is what a shelf had told by a print, looked up when somebody asks.
type memory struct {
	mu   sync.Mutex // guards the rest
	told []news.Told
	full bool                      // told is looked up
	wide map[string]*feed.Document // the print with all that was told and has no place in it, by format
}

// news is what a print tells, in a format, to who has heard all up to a revision. What
// is newer than the print is told by the one after it.
func (p *Press) news(ctx context.Context, pr *print, format string, after news.Revision) (feed.Part, error) {
	ds := pr.documents()[format].deltas
	if after >= pr.revision {
		return ds.doc.News(nil, after, after), nil
	}
	m := &pr.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := p.recollect(ctx, pr); err != nil {
		return feed.Part{}, err
	}
	doc, list, away := ds.doc, map[news.Key]news.Told{}, false
	for _, t := range m.told {
		if after < t.Revision && t.Revision <= pr.revision {
			list[t.Article] = t
			away = away || !doc.Has(t.Article)
		}
	}
	if away {
		var err error
		if doc, err = p.widen(ctx, pr, format); err != nil {
			return feed.Part{}, err
		}
	}
	return p.bury(ctx, ds.shelf, doc.News(list, after, pr.revision), nil, after)
}

// recollect looks up what was told by a print. What the ledger could not note is told
// all the same. The caller holds the memory's mu.
func (p *Press) recollect(ctx context.Context, pr *print) error {
	m, ds := &pr.memory, pr.json.deltas
	if m.full {
		return nil
	}
	var list []news.Told
	if p.opt.Ledger != nil {
		var err error
		if list, err = p.opt.Ledger.Told(ctx, ds.shelf, mostTold); err != nil {
			return err
		}
	}
	for _, t := range pr.untold {
		if !slices.ContainsFunc(list, func(o news.Told) bool { return o.Article == t.Article && !o.Updated.Before(t.Updated) }) {
			list = append(list, t)
		}
	}
	m.told, m.full = list, true
	return nil
}

// widen prints, once for all who were away, what a print would be with all that was told
// and has no place in it, behind the rest; with less of it where that is too much for a
// document. The caller holds the memory's mu.
func (p *Press) widen(ctx context.Context, pr *print, format string) (*feed.Document, error) {
	m, ds := &pr.memory, pr.documents()[format].deltas
	if doc, ok := m.wide[format]; ok {
		return doc, nil
	}
	e, err := p.edition(ctx, ds.shelf)
	if err != nil {
		return nil, err
	}
	list, err := p.shelf.Articles(ctx, m.missing(e))
	if err != nil {
		return nil, err
	}
	first := len(e.Articles)
	for _, a := range list {
		if a.Withdrawn {
			continue
		}
		if err := p.add(ctx, e, a); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	doc, err := p.feeds.Print(format, e, ds.doc)
	for err != nil && len(e.Articles) > first {
		p.opt.Log.Warn("not all that was pushed out can be printed for those who were away", "kind", ds.shelf.Kind, "shelf", ds.shelf.Slug, "articles", len(e.Articles)-first, "err", err)
		e.Articles = e.Articles[:first+(len(e.Articles)-first)/2]
		doc, err = p.feeds.Print(format, e, ds.doc)
	}
	if err != nil { // nobody waits for it
		doc = ds.doc
	}
	if m.wide == nil {
		m.wide = map[string]*feed.Document{}
	}
	m.wide[format] = doc
	return doc, nil
}

// missing are the articles told that are not in an edition.
func (m *memory) missing(e *edition.Edition) []news.Key {
	var keys []news.Key
	for _, t := range m.told {
		if !slices.ContainsFunc(e.Articles, func(a news.Article) bool { return a.Key == t.Article }) {
			keys = append(keys, t.Article)
		}
	}
	return keys
}
