package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// errNoSubscription is a token that names none. Its NotFound tells callers that
// do not know us.
type errNoSubscription struct{}

func (errNoSubscription) Error() string  { return "no such subscription" }
func (errNoSubscription) NotFound() bool { return true }

const pushColumns = `source, topic, hubs, vouched, seen, hub, since, until, last_push, pushes, ignored, missed_at, misses, attend_at, tries, fault`

const subscriptionColumns = `token, source, topic, hub, callback, secret, state, asked, until`

// offerPush notes what a document offers, which wants attention at once. What
// is in force stays in force until a hub has confirmed something else.
const offerPush = `
	INSERT INTO push (source, topic, hubs, vouched, seen, attend_at)
	VALUES ($1, $2, $3, $4, $5, $5)
	ON CONFLICT (source) DO UPDATE
	SET topic = excluded.topic, hubs = excluded.hubs, vouched = excluded.vouched, seen = excluded.seen,
		attend_at = excluded.attend_at, tries = 0, fault = ''`

// missPush notes that a pull found what push should have brought.
const missPush = `
	UPDATE push
	SET missed_at = $2, misses = misses + 1
	WHERE source = $1`

// checkPush notes that a pull found nothing that push had not brought.
const checkPush = `
	UPDATE push
	SET misses = misses - 1
	WHERE source = $1 AND misses > 0`

const resumePulls = `
	UPDATE source
	SET next_due = $2
	WHERE slug = $1 AND state = 'active' AND next_due > $2`

// endPush is what content that was pushed changes of its source. Its due time
// is ours to move only while it stands as TakePush has left it.
const endPush = `
	UPDATE source
	SET next_due = CASE WHEN next_due = $2 THEN $3 ELSE next_due END
	WHERE slug = $1 AND state = 'active' AND ($4 = '' OR settings = $4)`

const readPush = `
	UPDATE source
	SET item_hashes = $2, recent = $3, articles = articles + $4,
		revision = CASE WHEN $5 > 0 THEN $5 ELSE revision END,
		changed_at = CASE WHEN $5 > 0 AND $6 > changed_at THEN $6 ELSE changed_at END
	WHERE slug = $1`

const countPush = `
	UPDATE push
	SET last_push = $2, pushes = pushes + 1
	WHERE source = $1`

// offer stores what a document offered, when that is news.
func (w *writer) offer(p news.Pull) error {
	if p.Offer == nil {
		return nil
	}
	w.job(JobRenew, p.Source)
	_, err := w.exec(offerPush, string(p.Source), p.Offer.Topic, asJSON(p.Offer.Hubs), flag(p.Offer.Vouched), micros(p.At))
	return err
}

// checked settles when a source that is pushed is pulled again: after its rest,
// unless this pull found news that push should have brought.
func (w *writer) checked(p news.Pull, saved news.Saved) error {
	switch {
	case p.Rest.IsZero():
		return nil
	case saved.New == 0:
		_, err := w.exec(checkPush, string(p.Source))
		return err
	}
	if _, err := w.exec(resumePulls, string(p.Source), micros(p.NextDue)); err != nil {
		return err
	}
	_, err := w.exec(missPush, string(p.Source), micros(p.At))
	return err
}

// pushed stores content that was pushed: it says nothing of what has left the
// feed, and touches neither the source's lease nor what its server said.
func (w *writer) pushed(p news.Pull) (news.Saved, error) {
	res, err := w.exec(endPush, string(p.Source), micros(p.Marked), micros(p.NextDue), p.Reading)
	if err != nil {
		return news.Saved{}, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return news.Saved{}, errors.Join(err, ErrNoSource)
	}
	saved, fresh, renamed, err := w.articles(p)
	if err == nil {
		err = w.examine(p, fresh, renamed)
	}
	if err != nil {
		return saved, err
	}
	recent, err := w.recent(p, saved)
	if err != nil {
		return saved, err
	}
	if _, err := w.exec(readPush, string(p.Source), packHashes(p.ItemHashes), recent, saved.New, int64(saved.Revision), micros(p.At)); err != nil {
		return saved, err
	}
	_, err = w.exec(countPush, string(p.Source), micros(p.At))
	return saved, err
}

// batch bounds the arguments of one statement.
const batch = 500

// withPushes adds to what is due what is remembered of its being pushed. Most
// sources are not, and cost nothing here.
func withPushes(ctx context.Context, tx *sql.Tx, due []news.Due) error {
	place := map[news.Slug]int{}
	var pushed []any
	for i, d := range due {
		if d.Push.Offer.Topic != "" {
			place[d.Slug] = i
			pushed = append(pushed, string(d.Slug))
		}
	}
	for args := range slices.Chunk(pushed, batch) {
		list, err := scanPushes(tx.QueryContext(ctx, `
			SELECT `+pushColumns+`
			FROM push
			WHERE source IN (`+marks(1, len(args))+`)`, args...))
		if err != nil {
			return err
		}
		for _, p := range list {
			due[place[p.Source]].Push = p
		}
	}
	return nil
}

func scanPushes(rows *sql.Rows, err error) ([]news.Push, error) {
	return collect(rows, err, func(scan scanFunc) (p news.Push, err error) {
		var hubs string
		var vouched int
		var seen, since, until, last, missed, attend int64
		err = scan(&p.Source, &p.Offer.Topic, &hubs, &vouched, &seen, &p.Hub, &since, &until, &last, &p.Pushes, &p.Ignored, &missed, &p.Misses, &attend, &p.Tries, &p.Fault)
		if err != nil {
			return p, err
		}
		if err := json.Unmarshal([]byte(hubs), &p.Offer.Hubs); err != nil {
			return p, fmt.Errorf("hubs of %s: %w", p.Source, err)
		}
		p.Offer.Vouched = vouched == 1
		p.Seen, p.Since, p.Until, p.LastPush = moment(seen), moment(since), moment(until), moment(last)
		p.MissedAt, p.AttendAt = moment(missed), moment(attend)
		return p, nil
	})
}

func scanSubscriptions(rows *sql.Rows, err error) ([]news.Subscription, error) {
	return collect(rows, err, func(scan scanFunc) (s news.Subscription, err error) {
		var asked, until int64
		err = scan(&s.Token, &s.Source, &s.Topic, &s.Hub, &s.Callback, &s.Secret, &s.State, &asked, &until)
		s.Asked, s.Until = moment(asked), moment(until)
		return s, err
	})
}

const (
	// grace is how long pushed content may take to be stored before its source
	// is pulled in its stead,
	grace = 30 * time.Second

	// but not so soon after its last pull, whatever its hub sends.
	breath = 5 * time.Minute
)

const dueOne = `
	SELECT ` + dueColumns + `
	FROM source
	WHERE slug = $1 AND state = 'active'`

// TakePush makes sure that content which has come for a source leads to
// something, whatever becomes of this process: the source is due soon, until
// the content is stored. It returns what is remembered of the source, with its
// earlier due time, and the due time that stands now.
func (s *Store) TakePush(ctx context.Context, slug news.Slug, at time.Time) (due news.Due, marked time.Time, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		list, err := scanDue(s.statement(tx, dueOne).QueryContext(ctx, string(slug)))
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return ErrNoSource
		}
		if err := withPushes(ctx, tx, list); err != nil {
			return err
		}
		due, marked = list[0], at.Add(grace)
		if rested := due.LastPull.Add(breath); rested.After(marked) {
			marked = rested
		}
		if due.DueAt.Before(marked) {
			marked = due.DueAt
		}
		_, err = s.statement(tx, resumePulls).ExecContext(ctx, string(slug), micros(marked))
		return err
	})
	if err != nil {
		return due, marked, fmt.Errorf("take what is pushed to %s: %w", slug, err)
	}
	return due, marked, nil
}

// Push is what a source's hubs want attention for: what is remembered of its
// being pushed, and every agreement there is. A source that was never offered
// any has neither.
func (s *Store) Push(ctx context.Context, slug news.Slug) (news.Push, []news.Subscription, error) {
	pushes, err := scanPushes(s.read.QueryContext(ctx, `
		SELECT `+pushColumns+`
		FROM push
		WHERE source = $1`, string(slug)))
	if err != nil {
		return news.Push{}, nil, fmt.Errorf("push of %s: %w", slug, err)
	}
	subs, err := scanSubscriptions(s.read.QueryContext(ctx, `
		SELECT `+subscriptionColumns+`
		FROM subscription
		WHERE source = $1
		ORDER BY asked, token`, string(slug)))
	if err != nil {
		return news.Push{}, nil, fmt.Errorf("subscriptions of %s: %w", slug, err)
	}
	if len(pushes) == 0 {
		return news.Push{Source: slug}, subs, nil
	}
	return pushes[0], subs, nil
}

// duePushes are the sources whose hubs are to be asked something by now.
const duePushes = `
	SELECT source
	FROM push
	WHERE attend_at > 0 AND attend_at <= $1
	UNION
	SELECT source
	FROM subscription
	WHERE (state = 'leaving' AND asked = 0) OR (state <> 'asked' AND until <= $1)`

// QueueRenewals queues a job for each source whose hubs are to be asked
// something by now.
func (s *Store) QueueRenewals(ctx context.Context, now time.Time) error {
	sources, err := texts[string](s.read.QueryContext(ctx, duePushes, micros(now)))
	if err != nil {
		return fmt.Errorf("queue renewals: %w", err)
	}
	return s.Queue(ctx, jobsOf(JobRenew, sources)...)
}

// MoveCallbacks has every hub asked anew that knows us by another address.
func (s *Store) MoveCallbacks(ctx context.Context, callback string, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `
		UPDATE push
		SET attend_at = $2
		WHERE source IN (
			SELECT source
			FROM subscription
			WHERE state <> 'leaving' AND callback <> $1)`, callback, micros(at))
	if err != nil {
		return fmt.Errorf("tell hubs our new address: %w", err)
	}
	return nil
}

// Ask notes a subscription that a hub is about to be asked for, in place of one
// that waits, and when to look again if the hub keeps silent. It comes before
// the question: a hub may verify before it answers.
func (s *Store) Ask(ctx context.Context, sub news.Subscription, lookAt time.Time) error {
	return s.pushTx(ctx, "ask for a subscription of", sub.Source, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM subscription
			WHERE source = $1 AND state = 'asked'`, string(sub.Source)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO subscription (token, source, topic, hub, callback, secret, state, asked)
			VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7)`,
			sub.Token, string(sub.Source), sub.Topic, sub.Hub, sub.Callback, sub.Secret, micros(sub.Asked)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE push
			SET attend_at = $2
			WHERE source = $1`, string(sub.Source), micros(lookAt))
		return err
	})
}

// Leave notes that a hub is about to be asked to end a subscription.
func (s *Store) Leave(ctx context.Context, sub news.Subscription, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `
		UPDATE subscription
		SET asked = $2
		WHERE token = $1`, sub.Token, micros(at))
	return err
}

// FailPush notes that a source's hubs were asked in vain, and when to ask again.
// What was asked for them is forgotten.
func (s *Store) FailPush(ctx context.Context, slug news.Slug, againAt time.Time, fault string) error {
	return s.pushTx(ctx, "note the failure of", slug, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE push
			SET tries = tries + 1, fault = $2, attend_at = $3
			WHERE source = $1`, string(slug), fault, micros(againAt)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM subscription
			WHERE source = $1 AND state = 'asked'`, string(slug))
		return err
	})
}

// EndPush leaves every hub of a source, which is pulled from now on at its own
// pace. The fault says why; nothing is asked again before it offers something
// else.
func (s *Store) EndPush(ctx context.Context, slug news.Slug, at time.Time, fault string) error {
	return s.pushTx(ctx, "end the push of", slug, func(tx *sql.Tx) error {
		if err := leaveHubs(ctx, tx, slug); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE push
			SET hub = '', until = 0, attend_at = 0, fault = $2
			WHERE source = $1`, string(slug), fault); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, resumePulls, string(slug), micros(at))
		return err
	})
}

// ForgetPush leaves every hub of a source, and what it has offered: whatever it
// offers next is news.
func (s *Store) ForgetPush(ctx context.Context, slug news.Slug, at time.Time) error {
	return s.pushTx(ctx, "forget the push of", slug, func(tx *sql.Tx) error {
		if err := forgetPush(ctx, tx, slug); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, resumePulls, string(slug), micros(at))
		return err
	})
}

// leaveHubs marks every agreement of a source as one to end. One that was never
// confirmed has nothing to end.
func leaveHubs(ctx context.Context, tx *sql.Tx, slug news.Slug) error {
	if _, err := tx.ExecContext(ctx, `
		DELETE FROM subscription
		WHERE source = $1 AND state = 'asked'`, string(slug)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE subscription
		SET state = 'leaving', asked = 0
		WHERE source = $1 AND state = 'active'`, string(slug))
	return err
}

// forgetPush leaves the hubs of a source that is not what it was, or is not to
// be pushed any more.
func forgetPush(ctx context.Context, tx *sql.Tx, slug news.Slug) error {
	if err := leaveHubs(ctx, tx, slug); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM push
		WHERE source = $1`, string(slug))
	return err
}

// Subscription is the one that a token names, or an error
// whose NotFound() is true.
func (s *Store) Subscription(ctx context.Context, token string) (news.Subscription, error) {
	list, err := scanSubscriptions(s.read.QueryContext(ctx, `
		SELECT `+subscriptionColumns+`
		FROM subscription
		WHERE token = $1`, token))
	switch {
	case err != nil:
		return news.Subscription{}, err
	case len(list) == 0:
		return news.Subscription{}, errNoSubscription{}
	}
	return list[0], nil
}

// Confirm notes that a hub has verified a subscription that waits for it, and
// leaves those before it. It reports false when it waits no more.
func (s *Store) Confirm(ctx context.Context, sub news.Subscription, at, until, renewAt time.Time) (confirmed bool, err error) {
	err = s.pushTx(ctx, "confirm a subscription of", sub.Source, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
			UPDATE subscription
			SET state = 'active', until = $2
			WHERE token = $1 AND state = 'asked'`, sub.Token, micros(until))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		confirmed = true
		if _, err := tx.ExecContext(ctx, `
			UPDATE push
			SET hub = $2, since = CASE WHEN until > $3 THEN since ELSE $3 END, until = $4, attend_at = $5, tries = 0, fault = ''
			WHERE source = $1`, string(sub.Source), sub.Hub, micros(at), micros(until), micros(renewAt)); err != nil {
			return err
		}
		res, err = tx.ExecContext(ctx, `
			UPDATE subscription
			SET state = 'leaving', asked = 0
			WHERE source = $1 AND state = 'active' AND token <> $2`, string(sub.Source), sub.Token)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.queue(ctx, tx, Job{Kind: JobRenew, Subject: string(sub.Source)})
	})
	return confirmed, err
}

// Part forgets a subscription that has ended.
func (s *Store) Part(ctx context.Context, sub news.Subscription) error {
	_, err := s.write.ExecContext(ctx, `
		DELETE FROM subscription
		WHERE token = $1`, sub.Token)
	return err
}

// Deny notes that a hub will not push a source: not again if it was asked, and
// not any longer if it did. One that it has granted before lasts to its end.
func (s *Store) Deny(ctx context.Context, sub news.Subscription, at time.Time, reason string) error {
	return s.pushTx(ctx, "note the refusal of", sub.Source, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM subscription
			WHERE token = $1`, sub.Token); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE push
			SET attend_at = 0, fault = $2
			WHERE source = $1`, string(sub.Source), refusal(reason)); err != nil {
			return err
		}
		if sub.State != news.SubscriptionActive {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE push
			SET hub = '', until = 0
			WHERE source = $1`, string(sub.Source)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, resumePulls, string(sub.Source), micros(at))
		return err
	})
}

func refusal(reason string) string {
	if reason == "" {
		return "the hub refuses to push, and does not say why"
	}
	return "the hub refuses to push: " + reason
}

// Ignore counts content that was not what was subscribed to.
func (s *Store) Ignore(ctx context.Context, sub news.Subscription) error {
	_, err := s.write.ExecContext(ctx, `
		UPDATE push
		SET ignored = ignored + 1
		WHERE source = $1`, string(sub.Source))
	return err
}

func (s *Store) pushTx(ctx context.Context, doing string, slug news.Slug, f func(tx *sql.Tx) error) error {
	if err := s.inTx(ctx, f); err != nil {
		return fmt.Errorf("%s %s: %w", doing, slug, err)
	}
	return nil
}
