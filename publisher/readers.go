package publisher

import (
	"hash/maphash"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
)

// Readers counts who reads our feeds, so that publishers, who see one client
// where there are many readers, can be told. An aggregator that says for how
// many it asks counts as so many; of the others, each address and program is one
// reader. The figure is that of the last whole day (UTC), or today's where that
// is larger already.
//
// Nothing of a reader is kept: addresses are hashed with a seed that no other
// process has, and forgotten the next day. Behind a proxy all readers have its
// address, and the count is too low rather than too high.
type Readers struct {
	now  func() time.Time
	seed maphash.Seed

	mu      sync.Mutex // guards shelves and what it holds
	shelves map[news.Shelf]*audience
}

// An audience is who has read a shelf today.
type audience struct {
	day     int64
	clients map[uint64]int // readers behind each
	today   int            // sum of them
	before  int            // the day before
}

const (
	mostClients   = 100_000   // of a shelf in a day; who comes later is not counted
	mostAnnounced = 1_000_000 // readers that one client may speak for
)

// NewReaders makes a count of nobody.
func NewReaders(now func() time.Time) *Readers {
	return &Readers{now: now, seed: maphash.MakeSeed(), shelves: map[news.Shelf]*audience{}}
}

// Saw counts the sender of a request for a shelf's feed.
func (r *Readers) Saw(shelf news.Shelf, req *http.Request) {
	name, readers, told := announced(req.UserAgent())
	var client maphash.Hash
	client.SetSeed(r.seed)
	if !told {
		host, _, err := net.SplitHostPort(req.RemoteAddr)
		if err != nil {
			host = req.RemoteAddr
		}
		readers = 1
		_, _ = client.WriteString(host) // a hash takes everything
		_ = client.WriteByte(' ')
	}
	_, _ = client.WriteString(name)
	r.count(shelf, client.Sum64(), readers)
}

// count notes that a client, with as many readers behind it, has read a shelf
// today.
func (r *Readers) count(shelf news.Shelf, client uint64, readers int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.shelves[shelf]
	if a == nil {
		a = &audience{clients: map[uint64]int{}}
		r.shelves[shelf] = a
	}
	a.turn(news.DayOf(r.now()))
	known, again := a.clients[client]
	if readers > known && (again || len(a.clients) < mostClients) {
		a.clients[client] = readers
		a.today += readers - known
	}
}

// turn begins a new day.
func (a *audience) turn(day int64) {
	if day == a.day {
		return
	}
	if a.before = a.today; day != a.day+1 {
		a.before = 0
	}
	a.day, a.today = day, 0
	clear(a.clients)
}

// Of is how many read a shelf.
func (r *Readers) Of(shelf news.Shelf) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.shelves[shelf]
	if a == nil {
		return 0
	}
	a.turn(news.DayOf(r.now()))
	return max(a.before, a.today)
}

// OfSource is how many read what a source's articles are in: its own feed, or
// the channel of those that may take them that has the most readers. One reader
// may have several feeds, so they are not added.
func (r *Readers) OfSource(slug news.Slug, channels []news.Channel) int {
	n := r.Of(news.Shelf{Kind: news.SourceShelf, Slug: slug})
	for _, ch := range channels {
		if ch.Sources == nil || slices.Contains(ch.Sources, slug) {
			n = max(n, r.Of(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}))
		}
	}
	return n
}

var countOfReaders = regexp.MustCompile(`(?i)(?:^|[^\d.])(\d{1,9})\s+(?:subscriber|reader)s?\b`)

// announced reads how many readers an aggregator says that it has, as in
// "Feedfetcher (+https://…; 12 subscribers)". name is what it calls itself
// besides, which stays the same when the number does not.
func announced(agent string) (name string, readers int, told bool) {
	if len(agent) > 1000 || !speaksOfReaders(agent) {
		return agent, 0, false
	}
	at := countOfReaders.FindStringSubmatchIndex(agent)
	if at == nil {
		return agent, 0, false
	}
	n, err := strconv.Atoi(agent[at[2]:at[3]])
	if err != nil {
		return agent, 0, false
	}
	return agent[:at[2]] + agent[at[3]:], min(n, mostAnnounced), true
}

// speaksOfReaders spares most agents the regular expression, which would cost
// more than all the rest of a request: no number is followed by a word that
// begins as "subscriber" or "reader" does.
func speaksOfReaders(agent string) bool {
	for i := 1; i < len(agent); i++ {
		if agent[i] > ' ' || agent[i-1] < '0' || agent[i-1] > '9' {
			continue
		}
		word := strings.TrimLeft(agent[i:], whiteSpace)
		if word != "" && (word[0]|0x20 == 's' || word[0]|0x20 == 'r') {
			return true
		}
	}
	return false
}

const whiteSpace = "\t\n\f\r " // as a regular expression counts it
