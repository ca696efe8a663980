package store

import (
	"encoding/json"
	"slices"

	"copydesk/aggregator/news"
)

// mostSimilar bounds how many articles are looked at that an item may be: an
// address, or a moment, that more have in common says little of each.
const mostSimilar = "LIMIT 200"

// similar finds articles of a source by one of the spellings of their address, by
// the moment of their publication, and those without an address by what they say.
// The source is compared in a way that keeps SQLite from reading all of it.
var similar = `
	SELECT key
	FROM (SELECT key FROM article WHERE url IN (` + marks(4, mostSpellings) + `) AND source || '' = $1 ` + mostSimilar + `) AS here
	UNION ALL
	SELECT key
	FROM (SELECT key FROM article WHERE source = $1 AND withdrawn IN (0, 1) AND published = CAST($2 AS BIGINT) ` + mostSimilar + `) AS moment
	UNION ALL
	SELECT key
	FROM (SELECT key FROM article WHERE source = $1 AND url = '' AND fingerprint = $3 ` + mostSimilar + `) AS nowhere`

// similar are the articles that an item may be.
func (w *writer) similar(a *news.Article) ([]news.Key, error) {
	args := make([]any, 3+mostSpellings) // those left over stay NULL and find nothing
	args[0] = string(a.Source)
	if a.Published.Printed() {
		args[1] = micros(a.Published.At)
	}
	if a.URL == "" {
		print := a.Fingerprint()
		args[2] = print[:]
	}
	for i, spelling := range spellings(a.URL) {
		args[3+i] = spelling
	}
	return texts[news.Key](w.query(similar, args...))
}

// join finds the articles that items are of which nothing is known, and notes their
// keys as aliases.
func (r *recognition) join(open []*news.Article) (joined int, err error) {
	if joined, err = r.joinAlike(open); err != nil {
		return joined, err
	}
	moved, err := r.joinMoved(open)
	return joined + moved, err
}

// joinAlike joins each item that one article alone is like.
func (r *recognition) joinAlike(open []*news.Article) (joined int, err error) {
	matches, err := r.matches(open)
	if err != nil || len(matches) == 0 {
		return 0, err
	}
	if err := r.claimStanding(); err != nil {
		return 0, err
	}
	takers := map[news.Key][]*news.Article{}
	for _, a := range open {
		if key, ok := r.only(matches[a]); ok {
			takers[key] = append(takers[key], a)
		}
	}
	for key, list := range takers {
		if len(list) > 1 {
			continue
		}
		if err := r.alias(list[0], key); err != nil {
			return joined, err
		}
		joined++
	}
	return joined, nil
}

// matches are the articles that each item may be.
func (r *recognition) matches(open []*news.Article) (map[*news.Article][]*candidate, error) {
	found := make([][]news.Key, len(open))
	var all []news.Key
	for i, a := range open {
		var err error
		if found[i], err = r.similar(a); err != nil {
			return nil, err
		}
		all = append(all, found[i]...)
	}
	if err := r.learn(all); err != nil {
		return nil, err
	}
	candidates := map[news.Key]*candidate{}
	out := map[*news.Article][]*candidate{}
	for i, a := range open {
		for _, key := range found[i] {
			c := candidates[key]
			if c == nil {
				one, err := r.known[key].candidate(key)
				if err != nil {
					return nil, err
				}
				c, candidates[key] = &one, &one
			}
			if slices.Contains(out[a], c) || !c.may(a) {
				continue
			}
			fed, err := r.fed(c)
			if err != nil {
				return nil, err
			}
			if c.is(a, fed) {
				out[a] = append(out[a], c)
			}
		}
	}
	return out, nil
}

const fedArticle = `
	SELECT article.content, coalesce(follow.feed, '')
	FROM article
	LEFT JOIN follow ON follow.article = article.key
	WHERE article.key = $1`

// fed is an article as its feed says it, whatever its page says besides.
func (r *recognition) fed(c *candidate) (*news.Article, error) {
	var content, feed string
	if err := r.queryRow(fedArticle, string(c.Key)).Scan(&content, &feed); err != nil {
		return nil, err
	}
	a := c.Article
	a.ContentHTML = content
	if feed == "" {
		return &a, nil
	}
	err := json.Unmarshal([]byte(feed), &a)
	return &a, err
}

// only is the one article that an item may be. Several that nothing tells apart are
// one, which came more than once.
func (r *recognition) only(matches []*candidate) (news.Key, bool) {
	var one *candidate
	for _, c := range matches {
		switch {
		case r.claimed[c.Key]:
		case one == nil:
			one = c
		case !one.twin(c):
			return "", false
		case one.before(c):
			one = c
		}
	}
	if one == nil {
		return "", false
	}
	return one.Key, true
}

// keptAliases is how many spellings of one article's key are kept: a source that
// writes new ids at each build never comes back to them.
const keptAliases = 20

const addAlias = `
	INSERT INTO alias (key, article, made)
	VALUES ($1, $2, $3)
	ON CONFLICT (key) DO NOTHING`

const dropAliases = `
	DELETE FROM alias
	WHERE article = $1 AND key NOT IN (
		SELECT key
		FROM alias
		WHERE article = $1
		ORDER BY made DESC, key
		LIMIT $2)`

// alias notes that an item is an article from now on.
func (r *recognition) alias(a *news.Article, key news.Key) error {
	if _, err := r.exec(addAlias, string(a.Key), string(key), micros(r.pull.At)); err != nil {
		return err
	}
	if _, err := r.exec(dropAliases, string(key), keptAliases); err != nil {
		return err
	}
	a.Key = key
	r.claimed[key] = true
	return nil
}
