package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"copydesk/aggregator/news"
)

// Versions are all that is kept of an article, the one that stands first. The
// error has NotFound() true when there is none.
func (s *Store) Versions(ctx context.Context, key news.Key) ([]news.Version, error) {
	now, err := s.Article(ctx, key)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT revision, replaced, data, content
		FROM history
		WHERE article = $1
		ORDER BY revision DESC`, string(key))
	before, err := collect(rows, err, func(scan scanFunc) (v news.Version, err error) {
		var revision, replaced int64
		var data, content string
		if err = scan(&revision, &replaced, &data, &content); err == nil {
			err = json.Unmarshal([]byte(data), &v.Article)
		}
		v.Key, v.ID, v.Revision, v.Replaced, v.ContentHTML = now.Key, now.ID, news.Revision(revision), moment(replaced), content
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", key, err)
	}
	return append([]news.Version{{Article: now}}, before...), nil
}

// Find is the article that an operator means by its key, its id or its
// address. Of several at one address, the newest. The error has NotFound()
// true when there is none.
func (s *Store) Find(ctx context.Context, word string) (news.Article, error) {
	for _, column := range []string{"key", "public_id", "url"} {
		a, err := scanArticle(s.read.QueryRowContext(ctx, `
			SELECT `+articleColumns+`
			FROM article
			WHERE `+column+` = $1
			ORDER BY revision DESC
			LIMIT 1`, word).Scan)
		if !errors.Is(err, sql.ErrNoRows) {
			return a, err
		}
	}
	return news.Article{}, notFound{news.Key(word)}
}

// Filed are the channels that an article stands in, with the rules that took it.
func (s *Store) Filed(ctx context.Context, key news.Key) ([]news.Placement, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT channel, source, rule, published, updated, rank, pinned, revision
		FROM placement
		WHERE article = $1 AND channel IN (SELECT slug FROM channel WHERE retired = 0)
		ORDER BY channel`, string(key))
	out, err := collect(rows, err, func(scan scanFunc) (news.Placement, error) {
		p := news.Placement{Article: key}
		var published, updated int64
		var pinned int
		err := scan(&p.Channel, &p.Source, &p.Rule, &published, &updated, &p.Rank, &pinned, &p.Revision)
		p.Published, p.Updated, p.Pinned = moment(published), moment(updated), pinned != 0
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("channels of %s: %w", key, err)
	}
	return out, nil
}
