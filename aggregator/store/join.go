package store

import (
	"copydesk/aggregator/news"
)

// mostSimilar bounds how many articles are looked at that an item may be: an
// address, or a moment, that more have in common says little of each.
const mostSimilar = "LIMIT 50"

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
	if exact(a.Published) {
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

// A match is an article that an item may be.
type match struct {
	*candidate
	likeness
}

// join finds the articles that items are of which nothing is known, and notes their
// keys as aliases. What tells most goes first.
func (r *recognition) join(open []*news.Article) (joined int, err error) {
	matches, err := r.matches(open)
	if err != nil || len(matches) == 0 {
		return 0, err
	}
	if err := r.claimStanding(); err != nil {
		return 0, err
	}
	for least := identical; least > unlike; least-- {
		takers := map[news.Key][]*news.Article{}
		for _, a := range open {
			if key, ok := r.only(matches[a], least); ok {
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
			delete(matches, list[0])
			joined++
		}
	}
	return joined, nil
}

// matches are the articles that each item may be.
func (r *recognition) matches(open []*news.Article) (map[*news.Article][]match, error) {
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
	candidates, shared := map[news.Key]*candidate{}, addresses{}
	for _, key := range all {
		c, err := r.known[key].candidate(key)
		if err != nil {
			return nil, err
		}
		candidates[key] = &c
		shared.add(&c)
	}
	out := map[*news.Article][]match{}
	for i, a := range open {
		for _, key := range found[i] {
			if l := candidates[key].likeness(a, shared.shared(a)); l > unlike {
				out[a] = append(out[a], match{candidates[key], l})
			}
		}
	}
	return out, nil
}

// only is the one article that an item may be with no less than a likeness. Several
// that nothing tells apart are one, which came more than once.
func (r *recognition) only(matches []match, least likeness) (news.Key, bool) {
	var one *candidate
	for _, m := range matches {
		switch {
		case m.likeness < least || r.claimed[m.Key]:
		case one == nil:
			one = m.candidate
		case !one.twin(m.candidate):
			return "", false
		case one.before(m.candidate):
			one = m.candidate
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
