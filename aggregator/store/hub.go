package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"copydesk/aggregator/news"
)

// mostIntents bounds what waits for verification: more would wait for longer
// than anybody cares.
const mostIntents = 50_000

// errFull tells a hub's callers to come back later.
type errFull struct{}

func (errFull) Error() string   { return "too many requests wait for verification" }
func (errFull) Temporary() bool { return true }

// AskHub notes what our hub was asked for, in place of an earlier request for
// the same topic and callback, and queues its verification. What has come since
// the first of them is delivered.
func (s *Store) AskHub(ctx context.Context, in news.Intent) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var waiting int
		if err := tx.QueryRowContext(ctx, `
			SELECT count(*)
			FROM hub_intent`).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= mostIntents {
			return errFull{}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO hub_intent (topic, callback, secret, leaving, lease, asked, revision)
			SELECT $1, $2, $3, CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
				CASE WHEN CAST($7 AS BIGINT) = 0 THEN value ELSE CAST($7 AS BIGINT) END
			FROM revision
			WHERE true
			ON CONFLICT (topic, callback) DO UPDATE
			SET secret = excluded.secret, leaving = excluded.leaving, lease = excluded.lease, asked = excluded.asked,
				tries = 0, again_at = 0, claimed = 0`,
			in.Topic, in.Callback, in.Secret, flag(in.Leaving), in.Lease.Microseconds(), micros(in.Asked), int64(in.Revision))
		if err != nil {
			return err
		}
		return s.queue(ctx, tx, Job{Kind: JobVerify})
	})
	if err != nil {
		return fmt.Errorf("note a request to the hub: %w", err)
	}
	return nil
}

const claimIntents = `
	UPDATE hub_intent
	SET claimed = $2
	WHERE (topic, callback) IN (
		SELECT topic, callback
		FROM hub_intent
		WHERE again_at <= $1 AND claimed <= $1
		ORDER BY again_at, asked
		LIMIT $3
		%s)
	RETURNING topic, callback, secret, leaving, lease, asked, tries`

// Intents claims requests that wait for verification, until a moment.
func (s *Store) Intents(ctx context.Context, now, until time.Time, n int) ([]news.Intent, error) {
	rows, err := s.write.QueryContext(ctx, s.skipLocked(claimIntents), micros(now), micros(until), n)
	out, err := collect(rows, err, func(scan scanFunc) (in news.Intent, err error) {
		var leaving int
		var lease, asked int64
		err = scan(&in.Topic, &in.Callback, &in.Secret, &leaving, &lease, &asked, &in.Tries)
		in.Leaving, in.Lease, in.Asked = leaving == 1, time.Duration(lease)*time.Microsecond, moment(asked)
		return in, err
	})
	if err != nil {
		return nil, fmt.Errorf("claim requests to the hub: %w", err)
	}
	return out, nil
}

// SettleIntents stores how verifications ended. A request that another one has
// replaced meanwhile is left: it is verified by itself.
func (s *Store) SettleIntents(ctx context.Context, list []news.Verdict) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, v := range list {
			if err := settleIntent(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store verifications: %w", err)
	}
	return nil
}

// subscribe takes a request over into a subscription. A renewal keeps what was
// delivered; what is new to a subscriber is what came after it asked.
const subscribe = `
	INSERT INTO hub_subscriber (topic, callback, secret, until, delivered)
	SELECT topic, callback, secret, CAST($4 AS BIGINT), revision
	FROM hub_intent
	WHERE topic = $1 AND callback = $2 AND asked = $3
	ON CONFLICT (topic, callback) DO UPDATE
	SET secret = excluded.secret, until = excluded.until`

func settleIntent(ctx context.Context, tx *sql.Tx, v news.Verdict) error {
	in := v.Intent
	which := []any{in.Topic, in.Callback, micros(in.Asked)}
	var err error
	switch {
	case v.Meant && in.Leaving:
		_, err = tx.ExecContext(ctx, `
			DELETE FROM hub_subscriber
			WHERE topic = $1 AND callback = $2 AND EXISTS (
				SELECT 1
				FROM hub_intent
				WHERE topic = $1 AND callback = $2 AND asked = $3)`, which...)
	case v.Meant:
		_, err = tx.ExecContext(ctx, subscribe, append(which, micros(v.At.Add(in.Lease)))...)
	case !v.AgainAt.IsZero():
		_, err = tx.ExecContext(ctx, `
			UPDATE hub_intent
			SET tries = $4, again_at = $5, claimed = 0
			WHERE topic = $1 AND callback = $2 AND asked = $3`, append(which, in.Tries, micros(v.AgainAt))...)
		return err
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		DELETE FROM hub_intent
		WHERE topic = $1 AND callback = $2 AND asked = $3`, which...)
	return err
}

// claimBehind leaves again_at where the claim ends: should its holder die, the
// rest comes up again by itself.
const claimBehind = `
	UPDATE hub_subscriber
	SET claimed = $4, again_at = $4
	WHERE id IN (
		SELECT id
		FROM hub_subscriber
		WHERE topic = $1 AND delivered < $2 AND until > $3 AND again_at <= $3
		ORDER BY tries, again_at, id
		LIMIT $5
		%s)
	RETURNING id, callback, secret, until, delivered, tries, failing`

// Behind claims subscribers of a topic, until a moment, who have not
// acknowledged what the mark stands for. Those whose last delivery went well
// come first.
func (s *Store) Behind(ctx context.Context, topic string, mark news.Revision, now, until time.Time, n int) ([]news.Subscriber, error) {
	rows, err := s.write.QueryContext(ctx, s.skipLocked(claimBehind), topic, int64(mark), micros(now), micros(until), n)
	out, err := collect(rows, err, func(scan scanFunc) (news.Subscriber, error) {
		sub := news.Subscriber{Topic: topic}
		var lease, failing int64
		err := scan(&sub.ID, &sub.Callback, &sub.Secret, &lease, &sub.Delivered, &sub.Tries, &failing)
		sub.Until, sub.Failing = moment(lease), moment(failing)
		return sub, err
	})
	if err != nil {
		return nil, fmt.Errorf("claim subscribers of %s: %w", topic, err)
	}
	return out, nil
}

// Acknowledge stores how deliveries ended.
func (s *Store) Acknowledge(ctx context.Context, list []news.Receipt) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, r := range list {
			sub := r.Subscriber
			var err error
			if r.Ended {
				_, err = tx.ExecContext(ctx, `
					DELETE FROM hub_subscriber
					WHERE id = $1`, sub.ID)
			} else {
				_, err = tx.ExecContext(ctx, `
					UPDATE hub_subscriber
					SET delivered = $2, tries = $3, failing = $4, again_at = $5, claimed = 0
					WHERE id = $1`, sub.ID, int64(sub.Delivered), sub.Tries, micros(sub.Failing), micros(r.AgainAt))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store deliveries: %w", err)
	}
	return nil
}

// hubTopics walks from topic to topic, however many subscribers each has.
const hubTopics = `
	WITH RECURSIVE walk (topic) AS (
		SELECT min(topic)
		FROM hub_subscriber
		UNION ALL
		SELECT (SELECT min(topic) FROM hub_subscriber WHERE topic > walk.topic)
		FROM walk
		WHERE walk.topic IS NOT NULL)
	SELECT topic
	FROM walk
	WHERE topic IS NOT NULL`

// HubTopics are those that have subscribers.
func (s *Store) HubTopics(ctx context.Context) ([]string, error) {
	return texts[string](s.read.QueryContext(ctx, hubTopics))
}

// SweepHub ends subscriptions whose lease is over, and queues what is to be
// tried again.
func (s *Store) SweepHub(ctx context.Context, now time.Time) error {
	_, err := s.write.ExecContext(ctx, `
		DELETE FROM hub_subscriber
		WHERE until <= $1`, micros(now))
	if err != nil {
		return fmt.Errorf("end subscriptions: %w", err)
	}
	again, err := texts[string](s.read.QueryContext(ctx, `
		SELECT DISTINCT topic
		FROM hub_subscriber
		WHERE again_at > 0 AND again_at <= $1`, micros(now)))
	if err != nil {
		return fmt.Errorf("subscribers to try again: %w", err)
	}
	list := jobsOf(JobDeliver, again)
	var waits bool
	if err := s.read.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1
			FROM hub_intent
			WHERE again_at <= $1 AND claimed <= $1)`, micros(now)).Scan(&waits); err != nil {
		return err
	}
	if waits {
		list = append(list, Job{Kind: JobVerify})
	}
	return s.Queue(ctx, list...)
}

// ReleaseHub voids all claims of the hub. Like [Store.ReleaseLeases], it is for
// a daemon that is alone.
func (s *Store) ReleaseHub(ctx context.Context) error {
	for _, query := range []string{
		`UPDATE hub_subscriber SET claimed = 0, again_at = 0 WHERE again_at > 0 AND again_at = claimed`,
		`UPDATE hub_intent SET claimed = 0 WHERE claimed > 0`,
	} {
		if _, err := s.write.ExecContext(ctx, query); err != nil {
			return fmt.Errorf("release the hub's claims: %w", err)
		}
	}
	return nil
}

// A HubTopic is how the subscribers of a topic stand.
type HubTopic struct {
	Topic       string
	Subscribers int
	Failing     int // of them
}

// HubStatus tells of each topic that has subscribers.
func (s *Store) HubStatus(ctx context.Context) ([]HubTopic, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT topic, count(*), sum(CASE WHEN tries > 0 THEN 1 ELSE 0 END)
		FROM hub_subscriber
		GROUP BY topic
		ORDER BY topic`)
	out, err := collect(rows, err, func(scan scanFunc) (t HubTopic, err error) {
		err = scan(&t.Topic, &t.Subscribers, &t.Failing)
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("subscribers of the hub: %w", err)
	}
	return out, nil
}
