package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Site is what is exported.
type Site struct {
	Handler   http.Handler
	Addresses iter.Seq2[string, error] // paths of all that is published
}

// Options are the operator's wishes.
type Options struct {
	Codings []string // in which documents are written beside the plain form: gzip, br, zstd
	Force   bool     // write into a folder, and over files, that no export made
}

// A Report is what an export did.
type Report struct {
	Documents int // addresses that a host can answer now
	Written   int // files, the manifest not counted
	Removed   int // files
}

// notFoundPage is where hosts look for what they show when they have nothing.
const notFoundPage = "/404.html"

// suffixes are the endings of precompressed files, as web servers look for them.
var suffixes = map[string]string{"gzip": ".gz", "br": ".br", "zstd": ".zst"}

// An exporter is one export.
type exporter struct {
	site   Site
	opt    Options
	tree   *tree
	before map[string]Document // by path, of the export before this one
	now    map[string]Document
	named  map[string]bool // paths by which pages name an author
	failed []error
}

// Export brings dir in line with what the site answers. All that can be written
// is, whatever else fails.
func Export(ctx context.Context, dir string, site Site, opt Options) (Report, error) {
	t, before, err := open(dir, opt.Force)
	if err != nil {
		return Report{}, fmt.Errorf("export to %s: %w", dir, err)
	}
	defer t.Close()
	e := &exporter{site: site, opt: opt, tree: t, before: before, now: map[string]Document{}, named: map[string]bool{}}
	if err := e.run(ctx); err != nil {
		return Report{}, fmt.Errorf("export to %s: %w", dir, err)
	}
	return Report{Documents: len(e.now), Written: t.written, Removed: t.removed}, errors.Join(e.failed...)
}

func (e *exporter) run(ctx context.Context) error {
	for path, err := range e.site.Addresses {
		if err == nil {
			err = e.document(ctx, path)
		}
		if err != nil {
			return err
		}
	}
	for _, more := range []iter.Seq[string]{
		maps.Keys(e.named),  // other spellings of a name lead on to its page
		maps.Keys(e.before), // no longer listed, but perhaps still answered
	} {
		for _, path := range slices.Sorted(more) {
			if _, done := e.now[path]; done {
				continue
			}
			if err := e.document(ctx, path); err != nil {
				return err
			}
		}
	}
	if err := e.notFound(ctx); err != nil {
		return err
	}
	documents := slices.SortedFunc(maps.Values(e.now), func(a, b Document) int { return strings.Compare(a.Path, b.Path) })
	if err := e.tree.putHosts(documents); err != nil {
		return err
	}
	if err := e.tree.sweep(); err != nil {
		return err
	}
	return e.tree.conclude(documents)
}

// authorLink leads from a page to an author's, below whatever path the house has.
var authorLink = regexp.MustCompile(`href="/(?:[^"]*/)?(authors/[^"/?#]+)"`)

// document writes what the site answers at one address.
func (e *exporter) document(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := e.ask(ctx, path, "")
	switch a.status {
	case http.StatusOK:
		if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			for _, link := range authorLink.FindAllSubmatch(a.body.Bytes(), -1) {
				e.named["/"+string(link[1])] = true
			}
		}
		return e.put(ctx, path, a)
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		body, err := leadOn(a.header.Get("Location"))
		if err != nil {
			return err
		}
		a.body.Reset()
		a.body.Write(body)
		return e.put(ctx, path, a)
	case http.StatusGone:
		return e.put(ctx, path, a)
	case http.StatusNotFound: // gone since it was listed, or since the last export
		return nil
	}
	e.failed = append(e.failed, fmt.Errorf("%s: answered %d; its last export stays", path, a.status))
	if d, ok := e.before[path]; ok {
		e.now[path] = d
		e.tree.keep(d)
	}
	return nil
}

// put writes an answer, in every coding that it has.
func (e *exporter) put(ctx context.Context, path string, a *answer) error {
	d := Document{
		Path: path, Status: a.status, Location: a.header.Get("Location"), ContentType: a.header.Get("Content-Type"),
		ETag: a.header.Get("Etag"), LastModified: a.header.Get("Last-Modified"), CacheControl: a.header.Get("Cache-Control"), header: a.header,
	}
	if d.Location != "" {
		d.ContentType = htmlType
	}
	var err error
	if d.File, err = fileOf(path, d.ContentType, d.Status); err != nil {
		return err
	}
	modified, _ := http.ParseTime(d.LastModified) // where there is none, the file's time is when it was written
	modified, changed, err := e.tree.put(d.File, a.body.Bytes(), modified)
	if err != nil {
		return err
	}
	switch old, ok := e.before[path]; {
	case ok && !changed: // the file keeps its time, and so says the manifest
		d.LastModified = old.LastModified
	case !modified.IsZero():
		d.LastModified = modified.Format(http.TimeFormat)
	}
	if d.Status == http.StatusOK {
		if d.Codings, err = e.coded(ctx, d, modified); err != nil {
			return err
		}
	}
	e.now[path] = d
	return nil
}

// coded writes a document in the codings that the site has of it.
func (e *exporter) coded(ctx context.Context, d Document, modified time.Time) (map[string]string, error) {
	var out map[string]string
	for _, coding := range e.opt.Codings {
		a := e.ask(ctx, d.Path, coding)
		if a.status != http.StatusOK || a.header.Get("Content-Encoding") != coding { // too small to gain by it
			continue
		}
		name := d.File + suffixes[coding]
		if _, _, err := e.tree.put(name, a.body.Bytes(), modified); err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]string{}
		}
		out[coding] = name
	}
	return out, nil
}

// notFound writes the page of an address at which there is nothing.
func (e *exporter) notFound(ctx context.Context) error {
	a := e.ask(ctx, notFoundPage, "")
	if a.status != http.StatusNotFound {
		return nil
	}
	_, _, err := e.tree.put(strings.TrimPrefix(notFoundPage, "/"), a.body.Bytes(), time.Time{})
	return err
}

// An answer is what the handler says.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *answer) WriteHeader(status int)      { a.status = status }

// ask asks for a document in a coding; "" is none.
func (e *exporter) ask(ctx context.Context, path, coding string) *answer {
	r := (&http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: path}, RequestURI: path, Host: "localhost",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody,
	}).WithContext(ctx)
	if coding != "" {
		r.Header["Accept-Encoding"] = []string{coding}
	}
	a := &answer{status: http.StatusOK, header: http.Header{}}
	e.site.Handler.ServeHTTP(a, r)
	return a
}
