package news

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Channel is a curated feed that we publish.
type Channel struct {
	Slug        Slug
	Title       string
	Description string
	Language    string
	Sources     []Slug // whose articles it may take; nil means all
	Where       string // the rule; empty takes everything
	Order       Order
	Limit       int // articles in an edition
	PerSource   int // articles of one source in an edition; 0 means no cap
}

// An Order says how a channel's articles are arranged.
type Order string

const (
	Newest Order = "newest" // by publication time
	Top    Order = "top"    // by weight and freshness, as the rank job stored it
)

// A Placement is an article's membership in a channel, with the rule that put
// it there. Lists of them are light: they carry what ordering needs, no text.
type Placement struct {
	Channel   Slug
	Article   Key
	Source    Slug
	Rule      string // the text of the rule that took it, for operators
	Published time.Time
	Updated   time.Time
	Rank      int      // place in a ranked channel, from 1; 0 when not yet ranked
	Pinned    bool     // an operator's edit put it on top
	Revision  Revision // since which it stands there as it does
	Ordered   Revision // of a channel with an order of its own, when this is the order; 0 of an order of time
}

// A Shelf is a set of articles that is printed as one edition: a channel, or
// everything of one source, author or section.
type Shelf struct {
	Kind ShelfKind
	Slug Slug
}

// String is a shelf as our addresses and ids name it, "channels/all".
func (s Shelf) String() string { return string(s.Kind) + "/" + string(s.Slug) }

// ParseShelf reads what String writes.
func ParseShelf(s string) (Shelf, error) {
	kind, slug, _ := strings.Cut(s, "/")
	if !slices.Contains([]ShelfKind{ChannelShelf, SourceShelf, AuthorShelf, SectionShelf}, ShelfKind(kind)) {
		return Shelf{}, fmt.Errorf("%q is no shelf", s)
	}
	named, err := ParseSlug(slug)
	return Shelf{ShelfKind(kind), named}, err
}

// A ShelfKind says what a shelf gathers; it is also the first part of its URL.
type ShelfKind string

const (
	ChannelShelf ShelfKind = "channels"
	SourceShelf  ShelfKind = "sources"
	AuthorShelf  ShelfKind = "authors"
	SectionShelf ShelfKind = "sections"
)

// A Touched shelf has changed visibly.
type Touched struct {
	Shelf    Shelf
	Revision Revision  // of the newest change on it
	At       time.Time // when that was stored; never goes backwards
}
