package publisher

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

var errNotFound = errors.New("not found")

// missing reports an error of what is not there.
func missing(err error) bool {
	var e interface{ NotFound() bool }
	return errors.Is(err, errNotFound) || errors.As(err, &e) && e.NotFound()
}

// articlePages is how many articles' pages are kept printed.
const articlePages = 256

// A Server answers requests from what the Press has printed.
type Server struct {
	press     *Press
	pages     *page.Pages
	shelf     Shelf
	house     edition.House
	log       *slog.Logger
	now       func() time.Time
	mux       *http.ServeMux
	polled    map[string]http.Handler // by path: the feeds of channels, which are asked for most
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	static    map[string]file
	opml      *document
	articles  *recent[news.Key, articlePage]
	archives  *recent[string, archived] // by their path
	histories *recent[news.Key, articlePage]
	listening atomic.Int64                 // who hears events
	sitemaps  *recent[string, sitemapKept] // by their path
	mapping   chan struct{}                // holds one for each sitemap that is being made
	stocks    sync.Map                     // of sources: news.Slug → stock

	searches   *recent[string, found] // by their path
	searching  chan struct{}          // holds one for each search that is being made
	searchForm *document
}

// A file is one static file; version is what its address carries when a page
// names it.
type file struct {
	*document
	version string
}

// An articlePage is an article as it was printed once. It holds until its
// source changes again after asOf.
type articlePage struct {
	*document
	source news.Shelf
	asOf   news.Revision
}

// NewServer joins a press to its routes. Its metrics go to registry.
func NewServer(press *Press, pages *page.Pages, shelf Shelf, registry *prometheus.Registry) (*Server, error) {
	s := &Server{
		press: press, pages: pages.With(press.opt.Channels), shelf: shelf, house: press.opt.House, log: press.opt.Log, now: press.opt.Now, mux: http.NewServeMux(), registry: registry,
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "copydesk_http_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		static:    map[string]file{},
		articles:  newRecent[news.Key, articlePage](articlePages),
		archives:  newRecent[string, archived](archivePages),
		histories: newRecent[news.Key, articlePage](articlePages),
		sitemaps:  newRecent[string, sitemapKept](sitemapsKept),
		mapping:   make(chan struct{}, sitemapsAtOnce),
		searches:  newRecent[string, found](searchesKept),
		searching: make(chan struct{}, searchesAtOnce),
	}
	if err := s.count(registry); err != nil {
		return nil, err
	}
	files, err := page.Static()
	if err != nil {
		return nil, err
	}
	for name, f := range files {
		s.static[name] = file{newDocument(f.ContentType, f.Body, time.Time{}), f.Version}
	}
	form, err := s.pages.SearchForm("", "")
	if err != nil {
		return nil, err
	}
	s.searchForm = newDocument(htmlType, form, time.Time{})
	if s.opml, err = opmlOf(s.house, press.opt.Channels); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

// count registers what is counted. A server that takes another's place counts
// on where that one was, and speaks for its own press.
func (s *Server) count(registry *prometheus.Registry) error {
	unprintable := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "copydesk_shelves_unprintable", Help: "Channels and sources whose last edition stays because the next one could not be printed."},
		func() float64 { return float64(s.press.Unprintable()) })
	listeners := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "copydesk_listeners", Help: "Readers who hear of new articles as they come."},
		func() float64 { return float64(s.listening.Load()) })
	for _, gauge := range []prometheus.Collector{unprintable, listeners} {
		registry.Unregister(gauge) // known by its name, whoever spoke for it
		if err := registry.Register(gauge); err != nil {
			return err
		}
	}
	err := registry.Register(s.requests)
	var there prometheus.AlreadyRegisteredError
	if !errors.As(err, &there) {
		return err
	}
	before, ok := there.ExistingCollector.(*prometheus.CounterVec)
	if !ok {
		return err
	}
	s.requests = before
	return nil
}

func (s *Server) routes() {
	s.handle("GET /{$}", s.serveIndex)
	s.handle("GET /channels/{slug}", s.servePage(news.ChannelShelf))
	s.handle("GET /channels/{slug}/events", s.serveEvents)
	s.handle(channelFeed, s.serveFeed(news.ChannelShelf))
	s.polled = s.polls()
	s.handle("GET /channels/{slug}/archive/{page}", s.serveArchive)
	s.handle("GET /sources/{slug}", s.servePage(news.SourceShelf))
	s.handle("GET /sources/{slug}/{feed}", s.serveFeed(news.SourceShelf))
	for _, kind := range []news.ShelfKind{news.AuthorShelf, news.SectionShelf} {
		s.handle("GET /"+string(kind)+"/{slug}", s.servePage(kind))
		s.handle("GET /"+string(kind)+"/{slug}/{feed}", s.serveFeed(kind))
	}
	s.handle("GET /search", s.serveSearch)
	s.handle("GET /search/{feed}", s.serveSearchFeed)
	s.handle("GET /sitemap.xml", s.serveSitemap)
	s.handle("GET /news-sitemap.xml", s.serveSitemap)
	s.handle("GET /sitemaps/{name}", s.serveSitemap)
	s.handle("GET /articles/{key}", s.serveArticle)
	s.handle("GET /articles/{key}/history", s.serveHistory)
	s.handle("GET /opml", func(w http.ResponseWriter, r *http.Request) error { return s.send(w, r, s.opml, feedCache) })
	s.handle("GET /static/{name}", s.serveStatic)
	s.handle("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) error {
		return s.send(w, r, s.static["icon.svg"].document, staticCache)
	})
	s.handle("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) error { return text(w, s.robots()) })
	s.lend("/websub/{token}", s.press.opt.Callback, "hubs ask here, with GET or POST", "GET", "POST")
	s.lend("/hub", s.press.opt.Hub, "a WebSub hub answers here, and takes POST alone", "POST")
	s.handle("GET /healthz", func(w http.ResponseWriter, _ *http.Request) error { return text(w, "ok\n") })
	s.handle("GET /readyz", s.serveReady)
	s.handle("/", func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return errMethod
		}
		if trimmed := strings.TrimRight(r.URL.Path, "/"); trimmed != r.URL.Path && trimmed != "" && !strings.HasPrefix(trimmed, "//") {
			lead(w, s.pages.Path((&url.URL{Path: trimmed, RawQuery: r.URL.RawQuery}).String()), http.StatusMovedPermanently)
			return nil
		}
		return errNotFound
	})
}

// lend has another handler, where there is one, answer at a path. A method that
// is not its own is refused with a word of what is.
func (s *Server) lend(path string, handler http.Handler, refusal string, methods ...string) {
	if handler == nil {
		return
	}
	for _, method := range methods {
		s.handle(method+" "+path, func(w http.ResponseWriter, r *http.Request) error {
			handler.ServeHTTP(w, r)
			return nil
		})
	}
	allow := strings.ReplaceAll(strings.Join(methods, ", "), "GET", "GET, HEAD") // which a pattern with GET takes too
	s.handle(path, func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allow)
		http.Error(w, refusal, http.StatusMethodNotAllowed)
		return nil
	})
}

const channelFeed = "GET /channels/{slug}/{feed}"

// polls are the feeds of channels, each under its whole path: to look that up
// takes a tenth of the time of matching it against patterns.
func (s *Server) polls() map[string]http.Handler {
	out := map[string]http.Handler{}
	counted := s.counters(channelFeed)
	for _, ch := range s.press.opt.Channels {
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
		for name, feed := range feedNames {
			out["/channels/"+string(ch.Slug)+"/"+name] = s.try(counted, func(w http.ResponseWriter, r *http.Request) error {
				return s.serve(w, r, shelf, feed)
			})
		}
	}
	return out
}

var errMethod = errors.New("only GET and HEAD are answered here")

// handle registers a route behind the one error adapter.
func (s *Server) handle(pattern string, f func(http.ResponseWriter, *http.Request) error) {
	s.mux.Handle(pattern, s.try(s.counters(pattern), f))
}

// counters are those of a route's answers, by status.
func (s *Server) counters(pattern string) map[int]prometheus.Counter {
	out := map[int]prometheus.Counter{}
	for _, status := range []int{200, 202, 226, 301, 302, 304, 400, 403, 404, 405, 410, 412, 413, 500, 503} {
		out[status] = s.requests.WithLabelValues(pattern, fmt.Sprint(status))
	}
	return out
}

// try maps kinds of error to a status and a page, counts, and survives panics.
func (s *Server) try(counted map[int]prometheus.Counter, f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := w.(*recorder) // ServeHTTP's
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.Error("a request panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				s.fail(rec, r, http.StatusInternalServerError)
			}
			if c := counted[rec.status]; c != nil {
				c.Inc()
			}
			if s.log.Enabled(r.Context(), slog.LevelDebug) {
				s.log.LogAttrs(r.Context(), slog.LevelDebug, "answered a request", slog.String("method", r.Method),
					slog.String("path", r.URL.Path), slog.Int("status", rec.status), slog.Int("bytes", rec.bytes), slog.String("agent", r.UserAgent()))
			}
		}()
		if err := f(rec, r); err != nil {
			s.failWith(rec, r, err)
		}
	})
}

func (s *Server) failWith(w *recorder, r *http.Request, err error) {
	var gone withdrawn
	var elsewhere moved
	var unasked errSearch
	switch {
	case missing(err):
		s.fail(w, r, http.StatusNotFound)
	case errors.As(err, &elsewhere):
		s.redirect(w, r, elsewhere)
	case errors.As(err, &unasked):
		s.failAs(w, r, http.StatusBadRequest, func() ([]byte, error) { return s.pages.SearchForm(unasked.typed, unasked.why) })
	case errors.As(err, &gone):
		s.failAs(w, r, http.StatusGone, func() ([]byte, error) { return s.pages.Withdrawn(gone.Withdrawal, gone.language) })
	case errors.Is(err, errMethod):
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, r, http.StatusMethodNotAllowed)
	case errors.Is(err, errPrecondition):
		s.fail(w, r, http.StatusPreconditionFailed)
	case errors.Is(err, errNotReady), errors.Is(err, errBusy), errors.Is(err, errFull):
		w.Header().Set("Retry-After", "1")
		s.fail(w, r, http.StatusServiceUnavailable)
	case r.Context().Err() != nil: // the client has gone
	default:
		s.log.Error("a request failed", "path", r.URL.Path, "err", err)
		s.fail(w, r, http.StatusInternalServerError)
	}
}

// redirect leads to the address at which a shelf stands, and to the same
// document of it.
func (s *Server) redirect(w *recorder, r *http.Request, to moved) {
	path := "/" + to.to.String()
	if name := r.PathValue("feed"); name != "" {
		path += "/" + name
	}
	lead(w, s.pages.Path(path), http.StatusMovedPermanently)
}

// lead sends a reader elsewhere. A move for good may be undone all the same, so
// it is not kept longer than anything else.
func lead(w http.ResponseWriter, location string, status int) {
	w.Header().Set("Location", location)
	w.Header()["Cache-Control"] = feedCache
	w.WriteHeader(status)
}

func (s *Server) fail(w *recorder, r *http.Request, status int) {
	s.failAs(w, r, status, func() ([]byte, error) { return s.pages.Error(status) })
}

func (s *Server) failAs(w *recorder, r *http.Request, status int, page func() ([]byte, error)) {
	if w.written {
		return // half an answer cannot become another one
	}
	for _, name := range []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Link", "Vary"} {
		w.Header().Del(name)
	}
	body, err := page()
	if err != nil {
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", htmlType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// A recorder notes what is answered, and gives the answer the headers that stand
// on every one. They are set last, since a 304 goes without them.
type recorder struct {
	http.ResponseWriter
	status  int
	bytes   int // of the body
	written bool
}

func (r *recorder) WriteHeader(status int) {
	if status != http.StatusNotModified { // the client has them already
		secure(r.Header())
	}
	r.status, r.written = status, true
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if !r.written {
		r.WriteHeader(http.StatusOK)
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// securityHeaders stand on every answer: nothing from an article can run, no
// page tells the next one where a reader came from.
var securityHeaders = [...]struct {
	name  string
	value []string
}{
	{"Content-Security-Policy", []string{"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' https: http: data:; media-src https: http:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
}

func secure(h http.Header) {
	for i := range securityHeaders {
		h[securityHeaders[i].name] = securityHeaders[i].value
	}
}

// SecurityHeaders are a copy of them, for those who serve the same documents.
func SecurityHeaders() http.Header {
	h := http.Header{}
	secure(h)
	return h.Clone()
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	r = s.within(r)
	s.route(r).ServeHTTP(rec, r)
	if !rec.written { // an empty answer is one, too
		rec.WriteHeader(rec.status)
	}
}

// cleaned is a path without what leads nowhere: "//", "/./" and "/../".
func cleaned(p string) string {
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// within is r as it is asked below the path of the public address: a proxy in front of
// us may leave that path in the request, or take it away.
func (s *Server) within(r *http.Request) *http.Request {
	base := s.pages.Path("")
	if base == "" {
		return r
	}
	path, ok := strings.CutPrefix(r.URL.Path, base)
	if !ok || path != "" && path[0] != '/' {
		return r
	}
	inner, u := *r, *r.URL
	u.Path, u.RawPath = cmp.Or(path, "/"), strings.TrimPrefix(u.RawPath, base)
	inner.URL = &u
	return &inner
}

// route is who answers.
func (s *Server) route(r *http.Request) http.Handler {
	if base, clean := s.pages.Path(""), cleaned(r.URL.Path); base != "" && clean != r.URL.Path { // the mux would lead out of the house
		u := *r.URL
		u.Path, u.RawPath = base+clean, ""
		return http.RedirectHandler(u.String(), http.StatusMovedPermanently)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if h := s.polled[r.URL.Path]; h != nil && r.URL.RawPath == "" { // as it was written
			return h
		}
	}
	return s.mux
}

func (s *Server) serveIndex(w http.ResponseWriter, r *http.Request) error {
	d := s.press.index.Load()
	if d == nil {
		return errNotReady
	}
	return s.send(w, r, d, feedCache)
}

var (
	errNotReady = errors.New("the first edition is being printed")
	errBusy     = errors.New("too much is asked for at once")
)

// withdrawn is an article that was taken back.
type withdrawn struct {
	news.Withdrawal
	language string
}

func (w withdrawn) Error() string { return "withdrawn: " + w.Reason }

func (s *Server) servePage(kind news.ShelfKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := s.press.get(r.Context(), news.Shelf{Kind: kind, Slug: news.Slug(r.PathValue("slug"))})
		if err != nil {
			return err
		}
		return s.send(w, r, p.html, feedCache)
	}
}

func (s *Server) serveFeed(kind news.ShelfKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		return s.serve(w, r, news.Shelf{Kind: kind, Slug: news.Slug(r.PathValue("slug"))}, feedNames[r.PathValue("feed")])
	}
}

// feedNames are the documents of a print by their names.
var feedNames = map[string]func(*print) *document{
	"feed.rss":  func(p *print) *document { return p.rss },
	"feed.atom": func(p *print) *document { return p.atom },
	"feed.json": func(p *print) *document { return p.json },
}

// serve answers with a feed of a shelf; nil is one that there is not.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, shelf news.Shelf, feed func(*print) *document) error {
	p, err := s.press.get(r.Context(), shelf)
	if err != nil {
		return err
	}
	if feed == nil {
		return errNotFound
	}
	if readers := s.press.opt.Readers; readers != nil && !named(shelf) {
		readers.Saw(shelf, r)
	}
	return s.sendFeed(w, r, feed(p), p)
}

// serveArticle shows an article as far as its source's rights allow; of a
// headline there is nothing to show, so the reader is sent on.
func (s *Server) serveArticle(w http.ResponseWriter, r *http.Request) error {
	key := news.Key(r.PathValue("key"))
	kept, ok := s.articles.get(key)
	if ok && s.press.newest(kept.source).Revision <= kept.asOf {
		return s.send(w, r, kept.document, feedCache)
	}
	asOf := news.Revision(s.press.seen.Load()) // before the article is read: what it misses comes later
	a, err := s.shelf.Article(r.Context(), key)
	if err != nil {
		return err
	}
	if a.Withdrawn {
		return withdrawn{a.Withdrawal, a.Language}
	}
	src, err := s.press.source(r.Context(), a.Source)
	if err != nil {
		return err
	}
	if src.Republish == news.RepublishHeadline && page.Web(a.URL) != "" {
		lead(w, a.URL, http.StatusFound)
		return nil
	}
	body, err := s.pages.Article(edition.Cut(a, src.Republish), src)
	if err != nil {
		return err
	}
	d := s.press.renew(kept.document, htmlType, body, shownSince(&a))
	if shelf := (news.Shelf{Kind: news.SourceShelf, Slug: a.Source}); s.press.exists(shelf) { // else nobody tells of its changes
		s.articles.put(key, articlePage{d, shelf, asOf})
	}
	return s.send(w, r, d, feedCache)
}

// shownSince is when an article last changed in whatever is shown of it.
func shownSince(a *news.Article) time.Time { return later(a.Updated, a.Changed) }

// serveStatic sends a file: for ever where its address names its content.
func (s *Server) serveStatic(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.static[r.PathValue("name")]
	switch {
	case !ok:
		return errNotFound
	case r.URL.RawQuery == "v="+f.version:
		return s.send(w, r, f.document, immutableCache)
	}
	return s.send(w, r, f.document, staticCache)
}

func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) error {
	if !s.press.Ready() {
		return errNotReady
	}
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if _, err := s.shelf.Touched(ctx, 1<<62); err != nil {
		return errors.Join(errNotReady, err)
	}
	return text(w, "ready\n")
}

func text(w http.ResponseWriter, body string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(body))
	return nil
}

// Admin is for operators only: metrics and profiles.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /healthz", s)
	mux.Handle("GET /readyz", s)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// opmlOf lists all channels as OPML 2.0.
func opmlOf(h edition.House, channels []news.Channel) (*document, error) {
	type outline struct {
		Type    string `xml:"type,attr"`
		Text    string `xml:"text,attr"`
		Title   string `xml:"title,attr"`
		XMLURL  string `xml:"xmlUrl,attr"`
		HTMLURL string `xml:"htmlUrl,attr"`
	}
	var doc struct {
		XMLName  xml.Name  `xml:"opml"`
		Version  string    `xml:"version,attr"`
		Title    string    `xml:"head>title"`
		Outlines []outline `xml:"body>outline"`
	}
	doc.Version, doc.Title = "2.0", h.Title
	for _, ch := range channels {
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
		doc.Outlines = append(doc.Outlines, outline{"rss", ch.Title, ch.Title, h.FeedURL(shelf, "rss"), h.PageURL(shelf)})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("print OPML: %w", err)
	}
	return newDocument("text/x-opml; charset=utf-8", b.Bytes(), time.Time{}), nil
}
