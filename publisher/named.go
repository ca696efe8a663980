package publisher

import (
	"context"

	"copydesk/aggregator/news"
)

// A Finder finds what no config names: authors, sections, and whatever a reader
// looks for. The store is one. An error of Standing with a NotFound() method
// that is true means that there is no such shelf; a shelf in its answer with
// another slug, that the slug which was asked for is not the one that stands.
type Finder interface {
	Standing(ctx context.Context, shelf news.Shelf) (name string, t news.Touched, err error)
	// Search lists at most n of what a query finds, newest first: all of it, or
	// what comes after a place.
	Search(ctx context.Context, q news.Query, after news.Place, n int) ([]news.Hit, error)
}

// A standing is what is known of a shelf of an author or a section.
type standing struct {
	name string
	news.Touched
}

// mostStandings is how many of them are remembered: more than are kept printed,
// and no more than memory takes whoever walks through all of them.
const mostStandings = 1024

// named reports that a shelf comes of names in articles, not of the config.
func named(shelf news.Shelf) bool {
	return shelf.Kind == news.AuthorShelf || shelf.Kind == news.SectionShelf
}

// A moved shelf stands at another address.
type moved struct{ to news.Shelf }

func (m moved) Error() string { return "stands at " + m.to.String() }

// stand notes what is known of a shelf of an author or a section.
func (p *Press) stand(ctx context.Context, shelf news.Shelf) error {
	if p.opt.Finder == nil {
		return errNotFound
	}
	name, t, err := p.opt.Finder.Standing(ctx, shelf)
	if err != nil {
		return err
	}
	if t.Shelf != shelf {
		return moved{t.Shelf}
	}
	p.standings.put(shelf, standing{name, t})
	return nil
}

// lookAtNamed notes which of the authors and sections that are kept printed have
// changed. There are few of them, and each costs one row.
func (p *Press) lookAtNamed(ctx context.Context) error {
	for kind, prints := range p.onDemand {
		if kind == news.SourceShelf {
			continue
		}
		for shelf := range prints.all() {
			err := p.stand(ctx, shelf)
			if missing(err) {
				prints.drop(shelf)
				continue
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// describeNamed is the shelf of an author or a section as a channel.
func (p *Press) describeNamed(shelf news.Shelf) news.Channel {
	st, _ := p.standings.get(shelf)
	ch := news.Channel{Slug: shelf.Slug, Title: st.name, Limit: shelfLimit, Description: "Articles by " + st.name + ", from all sources"}
	if shelf.Kind == news.SectionShelf {
		ch.Description = "Articles of the section " + st.name + ", from all sources"
	}
	return ch
}
