package publisher

import (
	"context"
	"slices"
	"sync"

	"copydesk/aggregator/news"
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
	left map[string]*feed.Document // what was told and stands in the print no more, by format
}

// news is what a print tells, in a format, to who has heard all up to a revision. What
// is newer than the print is told by the one after it.
func (p *Press) news(ctx context.Context, pr *print, format string, after news.Revision) (feed.Part, error) {
	ds := pr.documents()[format].deltas
	if after >= pr.revision {
		return ds.doc.News(nil, nil, after, after), nil
	}
	m := &pr.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := p.recollect(ctx, pr); err != nil {
		return feed.Part{}, err
	}
	list, away := map[news.Key]news.Told{}, false
	for _, t := range m.told {
		if after < t.Revision && t.Revision <= pr.revision {
			list[t.Article] = t
			away = away || !ds.doc.Has(t.Article)
		}
	}
	if away {
		if err := p.printLeft(ctx, pr, format); err != nil {
			return feed.Part{}, err
		}
	}
	return p.bury(ctx, ds.shelf, ds.doc.News(list, m.left[format], after, pr.revision), nil, after)
}

// recollect looks up what was told by a print. What the ledger could not keep is told
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
	if !pr.kept {
		for _, t := range ds.doc.Told() {
			if !slices.ContainsFunc(list, func(o news.Told) bool { return o.Article == t.Article && !o.Updated.Before(t.Updated) }) {
				list = append(list, t)
			}
		}
	}
	m.told, m.full = list, true
	return nil
}

// printLeft prints what was told and stands in a print no more, once for all who were
// away. The caller holds the memory's mu.
func (p *Press) printLeft(ctx context.Context, pr *print, format string) error {
	m, ds := &pr.memory, pr.json.deltas
	if _, ok := m.left[format]; ok {
		return nil
	}
	var keys []news.Key
	for _, t := range m.told {
		if !ds.doc.Has(t.Article) {
			keys = append(keys, t.Article)
		}
	}
	doc, err := p.printThese(ctx, ds.shelf, format, keys)
	if err != nil {
		return err
	}
	if m.left == nil {
		m.left = map[string]*feed.Document{}
	}
	m.left[format] = doc
	return nil
}

// printThese prints some articles as if they were all that stands on a shelf. What
// cannot be printed is left out: it delays nobody.
func (p *Press) printThese(ctx context.Context, shelf news.Shelf, format string, keys []news.Key) (*feed.Document, error) {
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	e := p.blank(shelf, p.describe(shelf))
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
	doc, err := p.feeds.Print(format, e, nil)
	if err != nil {
		p.opt.Log.Error("articles that have made room could not be printed for those who were away", "kind", shelf.Kind, "shelf", shelf.Slug, "err", err)
		return nil, nil
	}
	return doc, nil
}
