// Package newsroom is the demo's world: invented outlets on loopback that
// publish, correct and withdraw invented articles in every form that copydesk
// reads: RSS 2.0, RDF, Atom, JSON Feed, a feed in GB2312, a damaged one and one
// of teasers, with article pages behind them; one of them has a WebSub hub.
//
// All of it is made from a small stock of texts and a counter, so it never
// runs out and never needs a network. Nothing happens by itself: the caller
// says when something is published, and what time it is.
package newsroom

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are what the world is made with.
type Options struct {
	Now func() time.Time
}

// A Newsroom is all outlets and what they have published.
type Newsroom struct {
	now func() time.Time
	mux *http.ServeMux

	mu      sync.Mutex // guards what follows
	outlets []*outlet
	told    int // stories told so far
	stock   []story
	readers []*reader // of the hub
}

// An outlet is one invented publisher.
type outlet struct {
	slug, name, format string
	zone               *time.Location
	language           string
	rights             string
	teaser             bool     // its feed carries neither names nor text: those are on its pages
	pieces             []*piece // newest first
	version            int      // grows with each change, for the ETag
}

// A piece is an article as its outlet has it.
type piece struct {
	id        int
	story     story
	byline    string
	credit    string
	published time.Time
	updated   time.Time
}

// onShow is how many pieces a feed carries.
const onShow = 20

// New makes the world as it stands when the doors open: each outlet has
// published for two days.
func New(opt Options) *Newsroom {
	n := &Newsroom{now: opt.Now, mux: http.NewServeMux(), stock: stories(), outlets: outlets()}
	start := n.now()
	for i := range 9 {
		for k, o := range n.outlets {
			age := time.Duration((9-i)*311+k*37) * time.Minute
			n.publish(o, start.Add(-age))
		}
	}
	// A story carried by three outlets, and the founding page.
	for k, slug := range []string{"meridian", "coastwire", "harbour"} {
		n.carry(n.outlet(slug), shared, start.Add(-time.Duration(40+7*k)*time.Minute))
	}
	n.carry(n.outlet("stdaily"), founding, start.Add(-25*time.Minute))
	n.routes()
	return n
}

func (n *Newsroom) outlet(slug string) *outlet {
	for _, o := range n.outlets {
		if o.slug == slug {
			return o
		}
	}
	panic("newsroom: no outlet " + slug)
}

// publish tells the next story in an outlet's language.
func (n *Newsroom) publish(o *outlet, at time.Time) {
	for range n.stock {
		s := n.stock[n.told%len(n.stock)]
		n.told++
		if s.language == o.language {
			n.carry(o, s.telling(n.told), at)
			return
		}
	}
}

func (n *Newsroom) carry(o *outlet, s story, at time.Time) {
	o.version++
	p := &piece{id: 1000 + len(o.pieces) + o.version, story: s, byline: s.byline, credit: s.credit, published: at, updated: at}
	o.pieces = append([]*piece{p}, o.pieces...)
	o.pieces = o.pieces[:min(len(o.pieces), 200)]
}

// Advance lets something happen: mostly a new article, at times a correction,
// at times an article that vanishes from its feed.
func (n *Newsroom) Advance() {
	n.mu.Lock()
	defer n.mu.Unlock()
	o := n.outlets[n.told%len(n.outlets)]
	switch {
	case n.told%7 == 3 && len(o.pieces) > 2:
		p := o.pieces[1]
		p.story.body = append([]string{"CORRECTED: an earlier version gave a wrong figure in the second paragraph."}, p.story.body...)
		p.story.title += " (corrected)"
		p.updated = n.now()
		o.version++
		n.told++
	case n.told%11 == 5 && len(o.pieces) > 3:
		o.pieces = append(o.pieces[:2:2], o.pieces[3:]...)
		o.version++
		n.told++
	default:
		n.publish(o, n.now())
	}
}

// ServeHTTP serves every outlet under a folder of its own.
func (n *Newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) { n.mux.ServeHTTP(w, r) }

func (n *Newsroom) routes() {
	n.mux.HandleFunc("GET /{outlet}/feed", n.serveFeed)
	n.mux.HandleFunc("POST /hub", n.serveHub)
	n.mux.HandleFunc("GET /{outlet}/story/{id}", n.servePage)
	n.mux.HandleFunc("GET /{outlet}/photo/{name}", servePhoto)
}

// serveFeed answers with an outlet's feed, or 304 as a good server does.
func (n *Newsroom) serveFeed(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, o := range n.outlets {
		if o.slug != r.PathValue("outlet") {
			continue
		}
		tag := fmt.Sprintf(`"%s-%d"`, o.slug, o.version)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		body, contentType := o.feed("http://" + r.Host + "/" + o.slug)
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // a reader that has gone is no fault of ours
		return
	}
	http.NotFound(w, r)
}

func (n *Newsroom) servePage(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, o := range n.outlets {
		for _, p := range o.pieces {
			if o.slug == r.PathValue("outlet") && fmt.Sprint(p.id) == r.PathValue("id") {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write([]byte(o.page(p, "http://"+r.Host+"/"+o.slug)))
				return
			}
		}
	}
	http.NotFound(w, r)
}

// Config is the operator's file for this world.
func (n *Newsroom) Config(base, listen, database string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `# The demo's newsroom: invented outlets on this machine.
publisher:
  title: The Copydesk Demo
  url: http://%s
  authority: demo.copydesk.example,2026
  language: en
listen: "%s"
admin_listen: ""
database: %s
fetch: {workers: 8, per_host_gap: 0s, timeout: 5s, allow_private: true}
sources:
`, listen, listen, database)
	for _, o := range n.outlets {
		fmt.Fprintf(&b, "  - slug: %s\n    name: %s\n    url: %s/%s/feed\n    schedule: \"@every 3s\"\n    time_zone: %s\n", o.slug, o.name, base, o.slug, o.zone)
		if o.rights != "" {
			fmt.Fprintf(&b, "    rights: %q\n", o.rights)
		}
		if o.teaser {
			b.WriteString("    follow: true # for names and text\n")
		}
	}
	b.WriteString(`channels:
  - slug: top-news
    title: Top News
    description: What matters now, by weight and freshness
    order: top
    limit: 30
    per_source: 8
  - slug: cooperation
    title: Cooperation
    description: International cooperation in science, trade and culture
    where: '"Cooperation" in categories or title matches "(?i)cooperat|joint|together"'
  - slug: science
    title: Science
    description: Research, space and the sea
    where: '"Science" in categories'
  - slug: world
    title: World in many scripts
    description: Chinese, Arabic and French as they were written
    where: 'language startsWith "zh" or language startsWith "ar" or language startsWith "fr"'
`)
	return []byte(b.String())
}
