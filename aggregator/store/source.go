package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"copydesk/aggregator/news"
)

// A SourceConfig is a source as the config has it, and when it would be due if
// it were new.
type SourceConfig struct {
	news.Source
	FirstDue time.Time
}

// Reading is a fingerprint of what decides how a source's items are read: when
// it changes, all of them are read again.
func Reading(src news.Source) string {
	parts := []any{src.URL, src.Kind, src.Name, src.Zone().String(), src.Language, src.Aliases, src.Categories, src.Rights, src.Byline}
	if src.List != (news.ListHints{}) || src.JSON != (news.JSONPaths{}) { // a feed's is what it was before these were known
		parts = append(parts, src.List, src.JSON)
	}
	return fingerprint(parts...)
}

func fingerprint(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil { // only values that cannot be written as JSON could fail
		panic(fmt.Sprintf("fingerprint: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

const knownSources = `
	SELECT slug, settings, schedule, state, republish
	FROM source`

const addSource = `
	INSERT INTO source (slug, settings, host, url, schedule, state, next_due)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`

// refused is true of a source whose server has named the moment at which it
// wants to be asked again: no edit of the config brings that forward.
const refused = `manners LIKE '%"Because":"refusal"%'`

// changeSource forgets what was known of the documents when they are to be
// read anew, and never puts a due time off. Where a source has moved to, and
// that it is gone, is forgotten only with the address that this was found at.
const changeSource = `
	UPDATE source
	SET settings = $2, schedule = $5,
		host = CASE WHEN url = $4 THEN host ELSE $3 END,
		manners = CASE WHEN url = $4 THEN manners ELSE '' END,
		state = CASE WHEN url = $4 AND state = 'gone' AND $6 = 'active' THEN 'gone' ELSE $6 END,
		url = $4,
		next_due = CASE WHEN url = $4 AND ` + refused + ` THEN next_due WHEN $7 < next_due OR state <> 'active' THEN $7 ELSE next_due END,
		etag = '', last_modified = '', body_hash = 0, item_hashes = NULL, lease_until = 0,
		health = CASE WHEN url = $4 THEN health ELSE '' END
	WHERE slug = $1`

const rescheduleSource = `
	UPDATE source
	SET schedule = $2, state = $3, next_due = CASE WHEN ` + refused + ` THEN next_due ELSE $4 END
	WHERE slug = $1`

const describeSource = `
	UPDATE source
	SET name = $2, home_page = $3, language = $4, rights = $5
	WHERE slug = $1 AND (name <> $2 OR home_page <> $3 OR language <> $4 OR rights <> $5)`

const retireSource = `
	UPDATE source
	SET state = 'retired', lease_until = 0
	WHERE slug = $1`

type knownSource struct {
	settings, schedule, state string
	republish                 news.Republish
}

// SyncSources brings the stored sources in line with the config: new ones are
// scheduled, changed ones read anew, those that are gone retired. Their
// articles stay, and with them what was said of them last. What did not change keeps
// its due time. Documents of archives that show more of a source than may leave the
// house from now on are printed anew, also where the source leaves the config before
// anybody asks for them.
func (s *Store) SyncSources(ctx context.Context, list []SourceConfig) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		known, err := sourcesIn(ctx, tx)
		if err != nil {
			return err
		}
		for _, src := range list {
			k, exists := known[src.Slug]
			if err := w.syncSource(src, k, exists); err != nil {
				return fmt.Errorf("source %s: %w", src.Slug, err)
			}
			delete(known, src.Slug)
		}
		for slug, k := range known {
			if k.state == "retired" {
				continue
			}
			if _, err := tx.ExecContext(ctx, retireSource, string(slug)); err != nil {
				return err
			}
			if err := forgetPush(ctx, tx, slug); err != nil {
				return err
			}
		}
		return w.finish()
	})
	if err != nil {
		return fmt.Errorf("bring sources in line with the config: %w", err)
	}
	return nil
}

func sourcesIn(ctx context.Context, tx *sql.Tx) (map[news.Slug]knownSource, error) {
	rows, err := tx.QueryContext(ctx, knownSources)
	return keyed(rows, err, func(scan scanFunc) (slug news.Slug, k knownSource, err error) {
		err = scan(&slug, &k.settings, &k.schedule, &k.state, &k.republish)
		return slug, k, err
	})
}

// syncSource brings one source in line, of which k is known where it exists.
func (w *writer) syncSource(src SourceConfig, k knownSource, exists bool) error {
	if err := w.scheduleSource(src, k, exists); err != nil {
		return err
	}
	if err := w.describe(src.Source); err != nil {
		return err
	}
	if !exists {
		return nil
	}
	if k.settings != Reading(src.Source) && src.Byline.Teaches() {
		w.job(JobSign, src.Slug)
	}
	if k.republish != src.Republish || k.state == "retired" {
		return w.withhold(src.Slug, src.Republish)
	}
	return nil
}

// scheduleSource has it pulled when it is due by now, and read anew where it is to be.
func (w *writer) scheduleSource(src SourceConfig, k knownSource, exists bool) error {
	state := "active"
	if src.Paused {
		state = "paused"
	}
	settings := Reading(src.Source)
	var err error
	switch {
	case !exists:
		_, err = w.tx.ExecContext(w.ctx, addSource, string(src.Slug), settings, news.Host(src.URL), src.URL, cadence(src.Source), state, micros(src.FirstDue))
	case k.settings != settings:
		_, err = w.tx.ExecContext(w.ctx, changeSource, string(src.Slug), settings, news.Host(src.URL), src.URL, cadence(src.Source), state, micros(src.FirstDue))
	case k.state == "gone" && state == "active": // asked again only at another address
	case k.schedule != cadence(src.Source) || k.state != state:
		_, err = w.tx.ExecContext(w.ctx, rescheduleSource, string(src.Slug), cadence(src.Source), state, micros(src.FirstDue))
	}
	if err != nil || !exists || k.settings == settings && src.Push && !src.Paused {
		return err
	}
	return forgetPush(w.ctx, w.tx, src.Slug)
}

// describe keeps what readers see of a source.
func (w *writer) describe(src news.Source) error {
	if _, err := w.tx.ExecContext(w.ctx, describeSource, string(src.Slug), src.Name, src.HomePage, src.Language, src.Rights); err != nil {
		return err
	}
	return w.show(src.Slug, src.Republish)
}

// cadence is what decides when a source is due: when it changes, so does that.
func cadence(src news.Source) string {
	if src.Pace == news.PaceSchedule {
		return src.Schedule + " at its own pace"
	}
	return src.Schedule
}

// ReleaseLeases voids all claims. Call it only where no other process pulls:
// on SQLite, when the daemon starts, what is claimed belongs to one that died.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, `
		UPDATE source
		SET lease_until = 0
		WHERE lease_until > 0`)
	return err
}

// Origins are all sources that there are or were, but for what is secret in their
// addresses.
func (s *Store) Origins(ctx context.Context) (map[news.Slug]news.Origin, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT slug, name, url, home_page, language, rights, republish, feed
		FROM source`)
	return keyed(rows, err, func(scan scanFunc) (slug news.Slug, o news.Origin, err error) {
		var feed string
		if err := scan(&o.Slug, &o.Name, &o.URL, &o.HomePage, &o.Language, &o.Rights, &o.Republish, &feed); err != nil {
			return slug, o, err
		}
		if feed != "" {
			if err := json.Unmarshal([]byte(feed), &o.Feed); err != nil {
				return slug, o, fmt.Errorf("feed of %s: %w", o.Slug, err)
			}
		}
		o.URL = news.Public(o.URL)
		return o.Slug, o, nil
	})
}
