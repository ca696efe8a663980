package publisher

import (
	"context"
	"time"

	"copydesk/aggregator/news"
)

// The Last-Modified of a document is when it last changed. Feeds and pages of shelves
// and the index are dated by the ledger: who first prints one as it is by now notes the
// second, and each node tells that, after every restart too. Where one changes twice in
// a second it is of the next second, and has no Last-Modified before a look for changes
// has come that far (see [document.dated]). So who asks by one hears of every change,
// and by the one that he was given that the document is so still.
//
// Of documents that are printed for whoever asks and kept by no ledger, such as pages
// of articles, searches and sitemaps, it is counted from the last change of what they
// show.

// documents are those of a print, by format.
type documents map[string]*document

// take is the old document where its bytes still hold, else one to be dated. old may
// be nil.
func take(old *document, contentType string, body []byte) *document {
	d := newDocument(contentType, body, time.Time{})
	if old == nil {
		return d
	}
	if old.sum == d.sum {
		return old
	}
	d.prepare(old)
	return d
}

// date dates what was printed of a shelf that last changed at a time. Where the ledger
// fails, that is as if there was none.
func (p *Press) date(ctx context.Context, shelf news.Shelf, revision news.Revision, changed time.Time, next, old documents) documents {
	noted, err := p.noted(ctx, shelf, revision, changed, next)
	if err != nil {
		p.opt.Log.Error("when a shelf last changed could not be noted; other nodes may tell another time", "kind", shelf.Kind, "shelf", shelf.Slug, "err", err)
	}
	out := documents{}
	for format, d := range next {
		switch {
		case noted != nil:
			out[format] = d.asOf(noted[format])
		case d == old[format]:
			out[format] = d
		default:
			out[format] = d.asOf(p.modifiedAfter(old[format], d.sum, changed))
		}
	}
	return out
}

// noted is what the ledger says of documents; nil where there is no ledger.
func (p *Press) noted(ctx context.Context, shelf news.Shelf, revision news.Revision, changed time.Time, docs documents) (map[string]time.Time, error) {
	if p.opt.Ledger == nil {
		return nil, nil //nolint:nilnil // that is no error
	}
	sums := make(map[string]string, len(docs))
	for format, d := range docs {
		sums[format] = d.sum
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	now, first := p.opt.Now(), later(changed, p.since)
	if first.After(now) {
		first = now
	}
	return p.opt.Ledger.Date(ctx, shelf, revision, sums, first, now)
}

// settling is how long after a change a document that shows it is with readers,
// on whatever node: the pull has to be read, stored and printed.
const settling = 3 * time.Second

// modified is the Last-Modified of a document that no ledger dates and whose articles
// changed at t: the first second in which nobody can have read the document before
// it. Last-Modified counts seconds, so an earlier one could be that of the document
// before too, and who asks by it would miss the change. Being counted from the change
// alone, it is the same on any node and after any restart.
func (p *Press) modified(t time.Time) time.Time {
	if t = later(t, p.since); t.IsZero() {
		return t
	}
	return t.Add(settling).Truncate(time.Second).Add(time.Second)
}

// modifiedAfter is that of a document in the place of an old one, which may be nil: of
// the change, or of now where the old one may have been told to be as new, since the
// change took longer than it settles, or is none of an article.
func (p *Press) modifiedAfter(old *document, sum string, changed time.Time) time.Time {
	modified := p.modified(changed)
	switch {
	case old == nil:
	case old.sum == sum:
		return old.modified
	case !modified.After(old.told(p.lookedAt())):
		now := p.opt.Now()
		p.late.Store(now.UnixMicro())
		return p.modified(now)
	}
	return modified
}

// lookedAt is when the last look began of which all is printed; zero before. What is
// printed to be read later has settled by then.
func (p *Press) lookedAt() time.Time {
	if p.opt.Snapshot {
		return p.opt.Now().Add(2 * settling)
	}
	if at := p.looked.Load(); at != 0 {
		return time.UnixMicro(at)
	}
	return time.Time{}
}

// renew keeps the old document, which may be nil, where its bytes still hold, and
// dates another one by itself.
func (p *Press) renew(old *document, contentType string, body []byte, changed time.Time) *document {
	d := take(old, contentType, body)
	if d == old {
		return d
	}
	return d.asOf(p.modifiedAfter(old, d.sum, changed))
}
