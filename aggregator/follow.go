package aggregator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/schedule"
)

// A Follower reads the pages of articles whose source's config wants that:
// fetch, extract, normalize, save, as Pull does with a feed. By then the article
// stands as its feed has it; the page adds to it.
//
// What it knows of a page stands in the shelf, so it may die at any moment. It
// reads a page again at the ages of an article at which corrections are likely, and
// when its feed corrects it.
type Follower struct {
	Fetch   *fetch.Client
	Shelf   Pages
	Sources map[news.Slug]Scheduled
	Outlets normalize.Outlets // of the config, which articles may be credited to
	Place   func(*news.Article) []news.Placement
	Queue   *Queue        // of those who wait for a host
	Desk    chan struct{} // a slot for each page that may be taken apart at once
	Log     *slog.Logger
	Now     func() time.Time
}

// Pages is where articles and what is known of their pages are kept. The store
// is one.
type Pages interface {
	Morgue

	// Follow is what is remembered of an article's page. The error has NotFound()
	// true when nothing is, and nothing is to be read.
	Follow(ctx context.Context, key news.Key) (news.Follow, error)

	// SaveFollow stores the result of one reading in one transaction.
	SaveFollow(ctx context.Context, r news.FollowResult) (news.Saved, error)

	// SameBody are the other articles whose page was the same bytes, the first few.
	SameBody(ctx context.Context, a news.Article, hash uint64) ([]news.Key, error)
}

// A NotYet is a page whose host has no turn for us for so long. Nothing is
// wrong, and nothing was asked.
type NotYet struct{ After time.Duration }

func (n *NotYet) Error() string {
	return fmt.Sprintf("its host has no turn for us in the next %v", n.After)
}

// turnIn is how long a page waits for a turn of its host before it makes room
// for another.
const turnIn = 45 * time.Second

// Follow reads one article's page, saves what that changes, and reports whether
// readers can see it. A page that cannot be read is no error, but a fact that is
// kept; it is tried again later where that may help. A *NotYet wants to be
// called again; any other error is a fault of ours.
func (f *Follower) Follow(ctx context.Context, key news.Key) (changed bool, err error) {
	known, err := f.Shelf.Follow(ctx, key)
	if gone := (interface{ NotFound() bool })(nil); errors.As(err, &gone) && gone.NotFound() {
		return false, nil // pruned since
	}
	if err != nil || known.NextAt.IsZero() { // a job that came twice
		return false, err
	}
	src, configured := f.Sources[known.Article.Source]
	switch result := again(known, f.Now()); {
	case !configured || !src.Follow || known.Article.Withdrawn:
		return f.save(ctx, result)
	case src.Paused:
		result.NextAt = f.Now().Add(time.Hour)
		return f.save(ctx, result)
	}
	leave, err := f.Queue.enter(news.Host(known.Article.URL), f.Now())
	if err != nil {
		return false, err
	}
	defer leave()
	result, withdrawn, err := f.read(ctx, src.Source, known)
	if err != nil {
		return false, err
	}
	f.Log.Debug("read an article's page", "source", src.Slug, "article", key, "state", result.State, "reason", result.Reason)
	changed, err = f.save(ctx, result)
	return changed || withdrawn, err
}

// disown takes back what was read for some articles from a page that turned out
// to be nobody's own: the first for which a server sent it could not know. An
// article whose title the page has keeps it.
func (f *Follower) disown(ctx context.Context, src news.Source, same *samePage) error {
	for _, key := range same.others {
		known, err := f.Shelf.Follow(ctx, key)
		if err != nil {
			return err
		}
		if known.Page == nil || strings.EqualFold(known.Page.Article.Title, known.Feed.Title) {
			continue
		}
		result := unread(known, same, f.Now())
		result.Disowned, result.Place = true, f.Place
		if _, err := f.save(ctx, result); err != nil {
			return err
		}
		f.Log.Warn("took back what a page said", "source", src.Slug, "article", key, "reason", result.Reason)
	}
	return nil
}

func (f *Follower) save(ctx context.Context, r news.FollowResult) (changed bool, err error) {
	saved, err := f.Shelf.SaveFollow(ctx, r)
	return saved.Changed > 0, err
}

// again is a result that changes nothing and asks for nothing more.
func again(known news.Follow, at time.Time) news.FollowResult {
	return news.FollowResult{
		Article: known.Article.Key, At: at, State: known.State, Reason: known.Reason,
		Tries: known.Tries, Validators: known.Validators,
	}
}

// read does everything but saving; a page that is gone for good may have its
// article withdrawn.
func (f *Follower) read(ctx context.Context, src news.Source, known news.Follow) (result news.FollowResult, withdrawn bool, err error) {
	page, res, err := f.page(ctx, src, known)
	at := f.Now()
	if later := (*NotYet)(nil); errors.As(err, &later) || ctx.Err() != nil {
		return result, false, cmp.Or(ctx.Err(), err)
	}
	if err != nil {
		tellBreakdown(f.Log, src.Slug, err)
		if same := (*samePage)(nil); errors.As(err, &same) {
			if err := f.disown(ctx, src, same); err != nil {
				return result, false, err
			}
		}
		withdrawn, unsaved := WithdrawGone(ctx, f.Shelf, src, known.Article.Key, err, at)
		return unread(known, err, at), withdrawn, unsaved
	}
	result = again(known, at)
	result.Validators = res.Validators
	result.NextAt = schedule.Reread(known.Article.Published.At, at)
	result.Tries, result.Reason = 0, ""
	if page != nil && closed(known.Page, page) {
		result.Reason = "its text is no longer shown; what was read before stays"
		return result, false, nil
	}
	if page != nil {
		result.Page, result.State = page, news.FollowRead
		result.Merge, result.Place = merging(src, at), f.Place
		if page.Paid {
			result.State = news.FollowPaid
		}
	}
	if result.State == news.FollowPaid {
		result.Reason = "its text is not free to read"
	}
	return result, false, nil
}

// closed reports a page that showed a text and does so no more: it is to be paid
// for by now, or the site has lost it. That is no correction.
func closed(before, now *news.Page) bool {
	return before != nil && !before.Paid && before.Article.ContentHTML != "" && (now.Paid || now.Article.ContentHTML == "")
}

// merging is normalize.Merge at a time after which nothing may be dated. A page that was
// read before does not know what the operator has taught since.
func merging(src news.Source, at time.Time) func(news.Article, news.Page) news.Article {
	return func(feed news.Article, page news.Page) news.Article {
		a, _ := normalize.Merge(feed, page)
		a.Byline = normalize.Taught(src.Byline, a.Byline)
		one := []news.Article{a}
		normalize.Hold(one, at)
		return one[0]
	}
}

// unread is the result of a reading that failed. What was read before stands.
func unread(known news.Follow, err error, at time.Time) news.FollowResult {
	result := again(known, at)
	result.Reason = reason(err)
	state, notBefore := verdict(err)
	final := news.FollowFailed
	if same := (*samePage)(nil); errors.As(err, &same) { // the next to get it is to know
		known.Page, final = nil, news.FollowMissing
		result.Validators = news.Validators{BodyHash: same.hash}
	}
	switch {
	case known.Page != nil && state == "":
		result.NextAt = schedule.Reread(known.Article.Published.At, later(at, notBefore))
	case known.Page != nil: // it has gone since, but what it said was said
	case state != "":
		result.State = state
	default:
		result.Tries++
		result.State = news.FollowWaiting
		if result.NextAt = schedule.Retry(result.Tries, at, notBefore); result.NextAt.IsZero() {
			result.State = final
		}
	}
	return result
}

// reason tells an error in words. Those for feeds would mislead here.
func reason(err error) string {
	if status := (*fetch.StatusError)(nil); errors.As(err, &status) {
		return fmt.Sprintf("the server answered %d %s", status.Code, http.StatusText(status.Code))
	}
	return err.Error()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// A noArticle is an answer that shows no article, whatever its status says.
type noArticle struct {
	state  news.FollowState
	reason string
}

func (n *noArticle) Error() string { return n.reason }

// A samePage is one that a server sent for several articles. It may do so for a
// while only, so it is asked again.
type samePage struct {
	hash   uint64
	others []news.Key // those known to have got it, the first few
}

func (s *samePage) Error() string { return "another article has the very same page" }

// verdict tells whether an error is the last word on a page, and in which state
// that leaves it; empty where trying again may help, not before a moment that
// the server named.
func verdict(err error) (state news.FollowState, notBefore time.Time) {
	var (
		none    *noArticle
		status  *fetch.StatusError
		robots  *fetch.RobotsError
		large   *fetch.TooLargeError
		guarded *fetch.GuardError
	)
	switch {
	case errors.As(err, &none):
		return none.state, notBefore
	case errors.As(err, &robots) && robots.Rule != "":
		return news.FollowRefused, notBefore
	case errors.As(err, &large), errors.As(err, &guarded):
		return news.FollowRefused, notBefore
	case !errors.As(err, &status):
		return "", notBefore
	}
	switch status.Code {
	case http.StatusNotFound, http.StatusGone:
		return news.FollowMissing, notBefore
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusUnavailableForLegalReasons:
		return news.FollowRefused, notBefore
	}
	return "", status.RetryAt
}

// page asks for an article's page and reads it; nil where it is as it was.
func (f *Follower) page(ctx context.Context, src news.Source, known news.Follow) (page *news.Page, res *fetch.Response, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &breakdown{cause, debug.Stack()}
		}
	}()
	if res, err = f.ask(ctx, src, known.Article.URL, known.Validators); err != nil {
		return nil, res, err
	}
	if res.Unchanged && known.Page == nil { // it was not taken then
		return nil, res, &samePage{hash: known.Validators.BodyHash}
	}
	if res.Unchanged {
		return nil, res, nil
	}
	if err := f.standIn(ctx, known, res); err != nil {
		return nil, res, err
	}
	read, err := f.joined(ctx, src, res)
	if err != nil {
		return nil, res, err
	}
	if err := barred(read.Items[0]); err != nil {
		return nil, res, err
	}
	said, ok := normalize.Page(src, read, normalize.Options{At: res.At, URL: res.URL, Outlets: f.Outlets})
	if !ok {
		return nil, res, &noArticle{news.FollowMissing, "nothing on the page says what it is"}
	}
	return &said, res, nil
}

// ask fetches a page when its host has a turn for us.
func (f *Follower) ask(ctx context.Context, src news.Source, address string, known news.Validators) (*fetch.Response, error) {
	turn, cancel := context.WithTimeout(ctx, turnIn)
	defer cancel()
	res, err := f.Fetch.Page(turn, fetch.Request{URL: address, Validators: known, For: "feed-id=" + string(src.Slug)})
	var busy *fetch.BusyError
	switch {
	case errors.As(err, &busy):
		return nil, &NotYet{max(busy.Until.Sub(f.Now()), time.Second)}
	case err != nil && turn.Err() != nil && ctx.Err() == nil:
		return nil, &NotYet{turnIn}
	}
	return res, err
}

// standIn tells what was sent in an article's place: another kind of document,
// the front page, or the same page as for another article.
func (f *Follower) standIn(ctx context.Context, known news.Follow, res *fetch.Response) error {
	switch kind := parse.Sniff(res.Body, res.ContentType); {
	case kind != "html":
		return &noArticle{news.FollowRefused, fmt.Sprintf("it is no HTML page, but %s", cmp.Or(res.ContentType, "of no known type"))}
	case atFront(res.URL) && !atFront(known.Article.URL):
		return &noArticle{news.FollowMissing, "it leads to the front page"}
	case known.Page != nil:
		return nil
	}
	others, err := f.Shelf.SameBody(ctx, known.Article, res.Validators.BodyHash)
	if err == nil && len(others) > 0 {
		err = &samePage{res.Validators.BodyHash, others}
	}
	return err
}

func atFront(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// barred tells what keeps a page from showing its article. A page that must be
// paid for says at least who wrote it.
func barred(it parse.Item) error {
	switch it.Barrier {
	case parse.ConsentWall:
		return &noArticle{news.FollowRefused, "readers must agree to be watched first: " + it.BarrierSign}
	case parse.NotFound:
		return &noArticle{news.FollowMissing, "it shows no article: " + it.BarrierSign}
	case parse.Listing:
		return &noArticle{news.FollowMissing, "it lists articles and is none itself"}
	}
	return nil
}

// mostParts are the pages over which one article may go on.
const mostParts = 10

// joined reads a page and those on which its article goes on, as one.
func (f *Follower) joined(ctx context.Context, src news.Source, res *fetch.Response) (*parse.Feed, error) {
	var parts []*parse.Feed
	read := map[string]bool{}
	for {
		part, err := f.part(src, res)
		switch {
		case err != nil && len(parts) == 0:
			return nil, &noArticle{news.FollowRefused, err.Error()}
		case err != nil:
			return extract.Join(parts...), nil
		}
		parts = append(parts, part)
		read[res.URL] = true
		next := normalize.Link(part.Items[0].Next, part.Items[0].Base, res.URL)
		if next == "" || read[next] || len(parts) == mostParts || part.Items[0].Barrier != "" {
			return extract.Join(parts...), nil
		}
		if res, err = f.ask(ctx, src, next, news.Validators{}); err != nil {
			if state, _ := verdict(err); state != "" { // it goes on nowhere
				return extract.Join(parts...), nil
			}
			return nil, err
		}
	}
}

// part takes one page apart.
func (f *Follower) part(src news.Source, res *fetch.Response) (*parse.Feed, error) {
	f.Desk <- struct{}{}
	defer func() { <-f.Desk }()
	return extract.Page(res.Body, extract.Options{ContentType: res.ContentType, URL: res.URL, Hints: extract.Hints(src.Page)})
}
