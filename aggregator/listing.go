package aggregator

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// A document is what a source's answer was opened as: its items, known by
// hashes, of which only those are read that are new.
type document interface {
	Hashes() []uint64
	Feed(known func(uint64) bool) (*parse.Feed, error)
	IDs(known func(uint64) bool) []string
}

const (
	// furtherPages of a listing are read when nothing is known of it, so that it
	// does not begin with a handful of articles; later its first has what is new.
	furtherPages = 5

	// furtherSitemaps of an index are read at each pull, the newest of it.
	furtherSitemaps = 3

	// furtherTime bounds what asking for them adds to a pull: its claim lasts ten
	// seconds longer than two requests may take.
	furtherTime = 10 * time.Second
)

// document opens an answer as what its source's kind says that it is.
func (p *Puller) document(ctx context.Context, src news.Source, res *fetch.Response, pull *news.Pull) (document, error) {
	opt := parse.Options{ContentType: res.ContentType, Language: src.Language}
	switch src.Kind {
	case news.KindPage:
		return p.listing(ctx, src, res, len(pull.ItemHashes) == 0 && !res.Partial)
	case news.KindJSON:
		return parse.OpenJSON(res.Body, opt, parse.Paths(src.JSON))
	case news.KindSitemap:
		return p.sitemap(ctx, src, res, pull)
	}
	return parse.Open(res.Body, opt)
}

// listing reads a listing page, and the ones on which it goes on where all of it
// is new.
func (p *Puller) listing(ctx context.Context, src news.Source, res *fetch.Response, whole bool) (document, error) {
	page, err := listed(src, res)
	if err != nil {
		return nil, err
	}
	list := parse.NewList(page.Feed)
	ctx, cancel := context.WithTimeout(ctx, furtherTime)
	defer cancel()
	asked := map[string]bool{res.URL: true}
	for n := 0; whole && n < furtherPages && page.Next != "" && !asked[page.Next]; n++ {
		asked[page.Next] = true
		more, err := p.further(ctx, src, page.Next)
		if err == nil {
			page, err = listed(src, more)
		}
		if err != nil {
			list.Warn(fmt.Sprintf("the list was read up to page %d: %v", n+1, err))
			break
		}
		list.Join(parse.NewList(page.Feed))
	}
	return list, nil
}

func listed(src news.Source, res *fetch.Response) (*extract.Listing, error) {
	return extract.List(res.Body, extract.Options{ContentType: res.ContentType, URL: res.URL}, extract.ListHints(src.List))
}

// sitemap reads a sitemap, or the newest of an index. An index does not tell
// when its sitemaps change, so it is read anew each time.
func (p *Puller) sitemap(ctx context.Context, src news.Source, res *fetch.Response, pull *news.Pull) (document, error) {
	opened, err := parse.OpenSitemap(res.Body, parse.Options{ContentType: res.ContentType, Language: src.Language})
	switch {
	case err != nil:
		return nil, err
	case len(opened.Sitemaps) == 0:
		return opened.List, nil
	}
	pull.Validators = news.Validators{}
	ctx, cancel := context.WithTimeout(ctx, furtherTime)
	defer cancel()
	var failed error
	read := 0
	for _, address := range opened.Sitemaps[:min(len(opened.Sitemaps), furtherSitemaps)] {
		more, err := p.furtherSitemap(ctx, src, within(res.URL, address))
		if err != nil {
			failed = fmt.Errorf("read %s of the index: %w", news.Bare(address), err)
			opened.List.Warn(failed.Error())
			continue
		}
		opened.List.Join(more)
		read++
	}
	if read == 0 {
		return nil, failed
	}
	return opened.List, nil
}

func (p *Puller) furtherSitemap(ctx context.Context, src news.Source, address string) (*parse.List, error) {
	res, err := p.further(ctx, src, address)
	if err != nil {
		return nil, err
	}
	opened, err := parse.OpenSitemap(res.Body, parse.Options{ContentType: res.ContentType, Language: src.Language})
	if err != nil {
		return nil, err
	}
	return opened.List, nil
}

// within makes an address absolute.
func within(base, address string) string {
	b, err := url.Parse(base)
	if err != nil {
		return address
	}
	u, err := b.Parse(address)
	if err != nil {
		return address
	}
	return u.String()
}

// further asks for another page of a source as one does for articles: where the
// site's robots.txt allows it, and in a slot that no feed waits for. The place at
// the desk is free meanwhile.
func (p *Puller) further(ctx context.Context, src news.Source, address string) (*fetch.Response, error) {
	<-p.desk
	defer func() { p.desk <- struct{}{} }()
	return p.fetch.Page(ctx, fetch.Request{URL: address, For: "feed-id=" + string(src.Slug)})
}
