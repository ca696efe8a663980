package parse

import (
	"encoding/json"
	"fmt"

	"github.com/cespare/xxhash/v2"
)

// A List is what a source that is no feed comes to: a listing page, a JSON
// listing or a sitemap. It is read whole, and then, as of a feed, only the items
// that are new are handed on.
type List struct {
	feed   Feed
	hashes []uint64 // of feed.Items
}

// NewList makes a List of what was read. An item is known by all that it says,
// and each address counts once.
func NewList(f *Feed) *List {
	l := &List{feed: *f}
	l.feed.Items = nil
	l.add(f.Items)
	l.feed.Bound()
	return l
}

// Join adds what further pages of the same list hold.
func (l *List) Join(more *List) {
	l.add(more.feed.Items)
	l.feed.Warnings = append(l.feed.Warnings, more.feed.Warnings...)
}

// Warn notes what an operator should know of the list.
func (l *List) Warn(warning string) { l.feed.Warnings = append(l.feed.Warnings, warning) }

// Len is the number of items.
func (l *List) Len() int { return len(l.feed.Items) }

func (l *List) add(items []Item) {
	seen := make(map[string]bool, len(l.feed.Items)+len(items))
	for _, it := range l.feed.Items {
		seen[it.ID] = true
	}
	for _, it := range items {
		if it.ID != "" && seen[it.ID] || len(l.feed.Items) == maxItems {
			continue
		}
		seen[it.ID] = true
		l.feed.Items = append(l.feed.Items, it)
		l.hashes = append(l.hashes, hashOf(it))
	}
}

// hashOf names an item by all its fields.
func hashOf(it Item) uint64 {
	b, err := json.Marshal(it)
	if err != nil { // only values that cannot be written as JSON could fail
		panic(fmt.Sprintf("hash of an item: %v", err))
	}
	return xxhash.Sum64(b) | 1 // never 0, which means unknown
}

// Hashes name the items in document order; nil when there are none.
func (l *List) Hashes() []uint64 { return l.hashes }

// IDs are the ids of those items that known names.
func (l *List) IDs(known func(uint64) bool) []string {
	var out []string
	for i, it := range l.feed.Items {
		if known(l.hashes[i]) {
			out = append(out, it.ID)
		}
	}
	return out
}

// Feed is the list with those items that known does not name; a nil known
// hands on all.
func (l *List) Feed(known func(uint64) bool) (*Feed, error) {
	f := l.feed
	f.Items = nil
	for i, it := range l.feed.Items {
		if known == nil || !known(l.hashes[i]) {
			f.Items = append(f.Items, it)
		}
	}
	return &f, nil
}
