package aggregator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/schedule"
)

// A Puller takes one source through fetch, parse, normalize and save.
type Puller struct {
	// Subscribers is how many people read us for a source, told to its publisher
	// in our User-Agent; nil, or 0, when that is not known.
	Subscribers func(news.Slug) int

	// Uplink knows whether our own network works; nil when nobody watches that.
	Uplink *Uplink

	// Outlets are those of the config, which articles may be credited to.
	Outlets normalize.Outlets

	fetch *fetch.Client
	shelf Shelf
	place func(*news.Article) []news.Placement
	now   func() time.Time
	desk  chan struct{} // a slot for each document that may be in parsing at once
}

// NewPuller makes a Puller whose articles go to the channels that place names.
// At most desks documents are parsed at the same time, so that memory is
// bounded by what is fetched and not by what parsing makes of it.
func NewPuller(client *fetch.Client, shelf Shelf, place func(*news.Article) []news.Placement, now func() time.Time, desks int) *Puller {
	return &Puller{
		fetch: client,
		shelf: shelf,
		place: place,
		now:   now,
		desk:  make(chan struct{}, max(desks, 1)),
	}
}

// A Result is what one pull found and what of it was new to the shelf.
type Result struct {
	Pull  news.Pull
	Saved news.Saved
}

// Pull fetches src once and saves what changed. An unchanged source saves only
// its state; a failure is saved too, so that backing off survives a restart,
// and is returned. A pull that was cancelled saves nothing: its lease runs out
// and the source is due again.
func (p *Puller) Pull(ctx context.Context, src Scheduled, due news.Due) (Result, error) {
	started := p.now()
	pull, w, err := p.read(ctx, src.Source, due)
	if ctx.Err() != nil {
		return Result{}, fmt.Errorf("pull %s: %w", src.Slug, ctx.Err())
	}
	ended := p.now()
	spared := p.spare(ctx, src.Source, due, pull.At, ended, err)
	if err != nil {
		pull = failed(src.Slug, due, err)
		pull.Spared = spared
		pull.Gone, w = refusal(err)
		if m, back := astray(src.Source, due.Manners, err); back {
			pull.Manners, pull.Gone = m, false
		}
	}
	if pull.At.IsZero() {
		pull.At = ended
	}
	pull.Took = ended.Sub(started)
	pull.Place = p.place
	pull.Reading = due.Reading
	pull.NextDue, pull.Manners.Because = src.nextDue(due, pull, w)
	pull.Examine = examiner(src.Source, due, pull)
	pull.Rest = src.rest(due, pull)

	saved, unsaved := p.shelf.SavePull(ctx, pull)
	switch {
	case err == nil:
		err = unsaved
	case unsaved != nil:
		err = fmt.Errorf("%w; and this could not be saved: %w", err, unsaved)
	}
	if err != nil {
		err = fmt.Errorf("pull %s: %w", src.Slug, err)
	}
	return Result{Pull: pull, Saved: saved}, err
}

// A breakdown is a panic met in reading a document: a fault of ours, or of a
// library's, that the document brought out. It costs one source a pull, and
// not the program its life.
type breakdown struct {
	cause any
	stack []byte
}

func (b *breakdown) Error() string {
	return fmt.Sprintf("reading it broke down: %v (a fault of this program; please report it with the document)", b.cause)
}

// tellBreakdown logs where a breakdown happened, if err is one.
func tellBreakdown(log *slog.Logger, slug news.Slug, err error) {
	if broken := (*breakdown)(nil); errors.As(err, &broken) {
		log.Error("reading a document broke down", "source", slug, "stack", string(broken.stack))
	}
}

// read does everything but saving. What is already known costs least: an
// unchanged document is not parsed, and of a changed one only the new items.
func (p *Puller) read(ctx context.Context, src news.Source, due news.Due) (pull news.Pull, w wish, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &breakdown{cause, debug.Stack()}
		}
	}()
	ask := fetch.Request{
		URL:        Address(src, due.Manners),
		Validators: due.Validators,
		For:        "feed-id=" + string(src.Slug),
	}
	if p.Subscribers != nil {
		ask.Subscribers = p.Subscribers(src.Slug)
	}
	res, err := p.fetch.Get(ctx, ask)
	if err != nil {
		return news.Pull{}, w, err
	}
	w.fresh = res.Fresh
	pull = news.Pull{
		Source:     src.Slug,
		At:         res.At,
		Outcome:    news.OutcomeUnchanged,
		Validators: res.Validators,
		ItemHashes: due.ItemHashes,
		Manners:    answered(src, due, res),
	}
	if res.Unchanged {
		return pull, w, nil
	}
	feed, err := p.open(ctx, src, res, due, &pull)
	if err != nil {
		return pull, w, err
	}
	if offer := offered(res, feed, news.Bare(ask.URL)); src.Push && !res.Partial && len(offer.Hubs) > 0 && !due.Push.Knows(offer) {
		pull.Offer = &offer
	}
	return pull, w, nil
}

// open parses and normalizes a document that is news into pull.
func (p *Puller) open(ctx context.Context, src news.Source, res *fetch.Response, due news.Due, pull *news.Pull) (*parse.Feed, error) {
	select {
	case p.desk <- struct{}{}:
		defer func() { <-p.desk }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	doc, err := p.document(ctx, src, res, pull)
	if err != nil {
		return nil, err
	}
	known := among(pull.ItemHashes)
	feed, err := doc.Feed(known)
	if err != nil {
		return nil, err
	}
	pull.Reread = reread(due)
	left := leaveTorn(feed, due, pull)
	if known != nil || left != nil {
		pull.Standing = func() []news.Key { return keys(src.Slug, append(doc.IDs(known), left...)) }
	}
	pull.Manners = ordered(pull.Manners, normalize.OrderOf(feed))
	opt := normalize.Options{At: res.At, URL: res.URL, Order: orderOf(pull.Manners), Language: spoken(due.Health), Outlets: p.Outlets}
	head := normalize.Head(feed, opt)
	pull.Outcome = news.OutcomeChanged
	pull.Warnings = feed.Warnings
	if res.Downgraded {
		pull.Warnings = append(pull.Warnings, "a redirect leads from https to http, where anyone on the way can change what is read")
	}
	if res.Partial {
		pull.ItemHashes = merged(doc.Hashes(), pull.ItemHashes)
	} else {
		pull.ItemHashes = doc.Hashes()
	}
	pull.Manners = asked(pull.Manners, feed.Pace)
	pull.Feed = &head
	pull.Articles = normalize.Articles(src, feed, opt)
	pull.Doubled = doubled(feed.Items, pull.Articles)
	pull.Manners = sighted(pull.Manners, src, due, res.At, pull.Articles)
	normalize.Hold(pull.Articles, res.At)
	if src.Follow {
		pull.Merge = merging(src, res.At)
		pull.Again = func(published, read time.Time) time.Time { return schedule.Corrected(published, read, res.At) }
	}
	return feed, nil
}

// leaveTorn takes out of a feed that breaks off the item that it breaks off in, and
// gives what that is known by. Of such a document nothing stands for the whole: the
// next pull asks for all of it again, and brings the item.
//
// Where two documents in a row break off alike, their source writes them so (it forgets
// the end tags), or its server has lost the rest. The item is left in then, and so never
// lost; but it changes no article that stands ([news.Article.Torn]), which a stump could
// only harm.
func leaveTorn(feed *parse.Feed, due news.Due, pull *news.Pull) (left []string) {
	pull.Manners.Torn = feed.Torn
	if feed.Torn == 0 || feed.Torn == due.Manners.Torn {
		return nil
	}
	pull.Validators = news.Validators{BodyHash: feed.Torn}
	feed.Items = slices.DeleteFunc(feed.Items, func(it parse.Item) bool {
		if it.Torn {
			left = append(left, cmp.Or(it.ID, it.Link))
		}
		return it.Torn
	})
	if left != nil {
		feed.Warnings = append(feed.Warnings, "the item that it breaks off in was left until it comes whole")
	}
	return left
}

// reread reports that what was read of a source is forgotten, as it is when the config
// changes how its items are read.
func reread(due news.Due) bool { return !due.LastPull.IsZero() && due.Validators.BodyHash == 0 }

// keys are those of items by their ids.
func keys(slug news.Slug, ids []string) []news.Key {
	out := make([]news.Key, len(ids))
	for i, id := range ids {
		out[i] = news.NewKey(slug, id)
	}
	return out
}

// doubled is how many items have the id of another and gave no article of their own.
func doubled(items []parse.Item, articles []news.Article) (n int) {
	left := make(map[string]int, len(items))
	for _, it := range items {
		if it.ID != "" {
			left[it.ID]++
		}
	}
	for _, a := range articles {
		left[a.OriginalID]--
	}
	for _, more := range left {
		n += max(more, 0)
	}
	return n
}

// keptHashes bounds what is remembered of a source that answers with parts.
const keptHashes = 2000

// merged are the hashes of a part and those of what went before: a part does
// not say what has left the feed.
func merged(part, before []uint64) []uint64 {
	all := slices.Concat(part, before)
	return all[:min(len(all), keptHashes)]
}

// failed is the result of a pull that ended in err: what was known is kept.
func failed(slug news.Slug, due news.Due, err error) news.Pull {
	return news.Pull{
		Source:     slug,
		Outcome:    news.OutcomeFailed,
		Fault:      err.Error(),
		Validators: stillGood(due.Validators, err),
		ItemHashes: due.ItemHashes,
		Manners:    due.Manners,
	}
}

// stillGood are validators after a failure. Where the server may have choked on them
// it is asked without the next time.
func stillGood(v news.Validators, err error) news.Validators {
	var status *fetch.StatusError
	if !errors.As(err, &status) {
		return v
	}
	switch status.Code {
	case http.StatusBadRequest, http.StatusPreconditionFailed, http.StatusRequestHeaderFieldsTooLarge:
		return news.Validators{BodyHash: v.BodyHash}
	}
	return v
}

// among reports membership in hashes; nil when there are none, which parses
// every item.
func among(hashes []uint64) func(uint64) bool {
	if len(hashes) == 0 {
		return nil
	}
	set := make(map[uint64]struct{}, len(hashes))
	for _, h := range hashes {
		set[h] = struct{}{}
	}
	return func(h uint64) bool { _, ok := set[h]; return ok }
}
