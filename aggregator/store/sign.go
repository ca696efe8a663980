package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"time"

	"copydesk/aggregator/news"
)

// someOfSource are those to be signed anew.
const someOfSource = `
	SELECT ` + articleColumns + `
	FROM article
	WHERE source = $1 AND key > $2 AND withdrawn = 0
	ORDER BY key
	LIMIT $3`

// Sign credits the stored articles of a source anew: what its feed has no longer is
// not read again when the operator teaches something. What becomes of a byline is no
// update. It reports whether any changed; done again, it changes nothing.
func (s *Store) Sign(ctx context.Context, source news.Slug, at time.Time, sign func(news.Byline) news.Byline, place func(*news.Article) []news.Placement) (changed bool, err error) {
	as := news.Pull{Source: source, At: at, Place: place, Reread: true}
	for after := news.Key(""); ; {
		var list []news.Article
		err := s.inTx(ctx, func(tx *sql.Tx) (err error) {
			w := writer{ctx: ctx, tx: tx, store: s}
			if _, err = w.exec(lockSource, string(source)); err != nil {
				return err
			}
			if list, err = scanArticles(tx.QueryContext(ctx, someOfSource, string(source), string(after), refileChunk)); err != nil {
				return err
			}
			signed, err := w.signAnew(list, sign, as)
			changed = changed || signed
			return err
		})
		if err != nil {
			return changed, fmt.Errorf("sign the articles of source %s: %w", source, err)
		}
		if len(list) < refileChunk {
			return changed, nil
		}
		after = list[len(list)-1].Key
	}
}

func (w *writer) signAnew(list []news.Article, sign func(news.Byline) news.Byline, as news.Pull) (changed bool, err error) {
	var others []news.Article
	for _, a := range list {
		if by := sign(a.Byline); !reflect.DeepEqual(by.People, a.Byline.People) {
			a.Byline = by
			others = append(others, a)
		}
	}
	if len(others) == 0 {
		return false, nil
	}
	known, err := w.known(others)
	if err != nil {
		return false, err
	}
	for i := range others {
		a := &others[i]
		if err := w.change(a, a.Fingerprint(), known[a.Key], as); err != nil {
			return false, fmt.Errorf("article %s: %w", a.Key, err)
		}
		if err := w.place(a, as, false); err != nil {
			return false, fmt.Errorf("article %s: %w", a.Key, err)
		}
	}
	if _, err := w.tx.ExecContext(w.ctx, touchSource, string(as.Source), int64(w.revision), micros(as.At)); err != nil {
		return false, err
	}
	return true, w.finish()
}
