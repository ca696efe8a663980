package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// A change is what shelves are told of an article that came, changed or left.
type change struct {
	revision news.Revision
	at       time.Time
}

const addSection = `
	INSERT INTO section (slug, name, revision, changed_at)
	VALUES ($1, $2, $3, $4)
	ON CONFLICT (slug) DO UPDATE
	SET revision = excluded.revision,
		changed_at = CASE WHEN excluded.changed_at > section.changed_at THEN excluded.changed_at ELSE section.changed_at END`

// shelve files an article under its authors and its section.
func (w *writer) shelve(a *news.Article, c change) error {
	if err := w.sign(a, c); err != nil {
		return err
	}
	return w.touchSection(a, c)
}

// reshelve files an article that has changed.
func (w *writer) reshelve(before, a *news.Article, c change) error {
	if err := w.resign(before, a, c); err != nil {
		return err
	}
	if SectionSlug(before.Section) != SectionSlug(a.Section) {
		if err := w.touchSection(before, c); err != nil {
			return err
		}
	}
	return w.touchSection(a, c)
}

// unshelve notes that an article is no longer shown.
func (w *writer) unshelve(a *news.Article, c change) error {
	if err := w.leaveAuthors(a, c); err != nil {
		return err
	}
	return w.touchSection(a, c)
}

func (w *writer) touchSection(a *news.Article, c change) error {
	slug := SectionSlug(a.Section)
	if slug == "" {
		return nil
	}
	return w.stand(standing{news.SectionShelf, string(slug)}, a.Section, c)
}

// A standing is an author, by the normal form of the name, or a section, by its
// slug.
type standing struct {
	kind news.ShelfKind
	id   string
}

// A telling is what a transaction has to tell a standing.
type telling struct {
	name   string
	newest change
	owing  bool // the newest is not written yet
}

// stand tells an author or a section of a change. The first one is written at
// once, for other rows to refer to; of those that follow it only the newest,
// when the transaction ends: a new source has hundreds of articles by a few
// people.
func (w *writer) stand(on standing, name string, c change) error {
	if known, ok := w.standings[on]; ok {
		known.newest, known.owing = known.newest.then(c), true
		return nil
	}
	if w.standings == nil {
		w.standings = map[standing]*telling{}
	}
	w.standings[on] = &telling{name: name, newest: c}
	return w.putStanding(on, name, c)
}

// then is what one change after another leaves.
func (c change) then(next change) change {
	if next.at.Before(c.at) {
		next.at = c.at
	}
	return next
}

func (w *writer) putStanding(on standing, name string, c change) error {
	if on.kind == news.SectionShelf {
		_, err := w.exec(addSection, on.id, name, int64(c.revision), micros(c.at))
		return err
	}
	_, err := w.exec(addPerson, on.id, string(AuthorSlug(name)), name, int64(c.revision), micros(c.at))
	return err
}

// settleStandings writes what standings are still owed.
func (w *writer) settleStandings() error {
	for on, t := range w.standings {
		if !t.owing {
			continue
		}
		if err := w.putStanding(on, t.name, t.newest); err != nil {
			return err
		}
	}
	return nil
}

// SectionSlug names a section in URLs: the words of its name, whatever their
// case and accents, where they are Latin, else a hash of them. Empty for a name
// without words.
func SectionSlug(name string) news.Slug {
	words := nameWords(name)
	if len(words) == 0 {
		return ""
	}
	return slugOf("section-", words, strings.Join(words, " "))
}

// sectionOf is a section as the article's row has it.
func sectionOf(a *news.Article) any { return nullable(string(SectionSlug(a.Section))) }

// notAShelf is a shelf on which nothing ever stood.
type notAShelf struct{ shelf news.Shelf }

func (e notAShelf) Error() string  { return fmt.Sprintf("nothing at %s", e.shelf) }
func (e notAShelf) NotFound() bool { return true }

// Standing is the name of an author or a section as first met, and the newest
// change of its articles. An author is also found by a slug with the words of
// the name in another order, or as it was before names were told apart as they
// are now; the shelf of the answer is the one that stands. The error has
// NotFound() true when there is none.
func (s *Store) Standing(ctx context.Context, shelf news.Shelf) (name string, t news.Touched, err error) {
	name, t, err = s.standing(ctx, shelf, "slug", string(shelf.Slug))
	if shelf.Kind == news.AuthorShelf {
		normal := ""
		switch {
		case errors.Is(err, sql.ErrNoRows):
			normal = normalOf(gathered(strings.Split(string(shelf.Slug), "-")))
		case err == nil && AuthorSlug(name) != shelf.Slug:
			normal = normalName(name)
		}
		if normal != "" {
			if now, touched, missing := s.standing(ctx, shelf, "normal", normal); missing == nil || err != nil {
				name, t, err = now, touched, missing
			}
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", t, notAShelf{shelf}
	}
	if err != nil {
		return "", t, fmt.Errorf("standing of %s: %w", shelf, err)
	}
	return name, t, nil
}

func (s *Store) standing(ctx context.Context, shelf news.Shelf, column, value string) (name string, t news.Touched, err error) {
	table, known := map[news.ShelfKind]string{news.AuthorShelf: "person", news.SectionShelf: "section"}[shelf.Kind]
	if !known {
		return "", t, sql.ErrNoRows
	}
	t.Shelf = shelf
	var changed int64
	err = s.read.QueryRowContext(ctx, `
		SELECT slug, name, revision, changed_at
		FROM `+table+`
		WHERE `+column+` = $1`, value).Scan(&t.Shelf.Slug, &name, &t.Revision, &changed)
	t.At = moment(changed)
	return name, t, err
}

const ofAuthor = `
	SELECT a.key, a.source, '', a.published, a.updated, 0, 0, a.revision, 0
	FROM person AS p
	JOIN authorship AS w ON w.person = p.normal
	JOIN article AS a ON a.key = w.article AND a.withdrawn = 0
	WHERE p.slug = $1
	ORDER BY w.published DESC, w.article DESC
	LIMIT $2`

const ofSection = `
	SELECT key, source, '', published, updated, 0, 0, revision, 0
	FROM article
	WHERE section = $1 AND withdrawn = 0
	ORDER BY published DESC, key DESC
	LIMIT $2`

const goneFromAuthor = `
	SELECT a.key, coalesce(a.public_id, ''), a.updated, a.revision, a.withdrawn, a.data, ''
	FROM person AS p
	JOIN authorship AS w ON w.person = p.normal
	JOIN article AS a ON a.key = w.article AND a.withdrawn = 1
	WHERE p.slug = $1
	ORDER BY a.revision DESC
	LIMIT $2`

const goneFromSection = `
	SELECT key, coalesce(public_id, ''), updated, revision, withdrawn, data, ''
	FROM article
	WHERE section = $1 AND withdrawn = 1
	ORDER BY revision DESC
	LIMIT $2`
