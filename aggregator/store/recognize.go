package store

import (
	"maps"
	"slices"

	"copydesk/aggregator/news"
)

// Sources change what they know their articles by: http becomes https, a host
// gets its www., a new program writes other ids, or the same program new ones at
// each build. An item whose key is unknown may so be an article that stands; it
// is then joined to that, which keeps its key, its id and its date, and the item's
// key is noted as an alias of it, so that it is known the next time.
//
// An item is joined only where one article alone is like it, and it alone is like
// that one (see [candidate.is]). Two items of one document are never one
// article. A withdrawn article is joined like any other: it does not come again.

// A recognition finds out which articles the items of a pull are.
type recognition struct {
	*writer
	pull    news.Pull
	known   map[news.Key]storedArticle
	aliases map[news.Key]news.Key
	claimed map[news.Key]bool   // articles that are an item of the document
	shared  map[string]news.Key // ids that several stories have, with the keys that they give
	stands  bool                // what stands in the document without being read has claimed its own
}

// recognized are the articles of a pull under the keys by which they stand, with what
// is known of those that do, and how many have come under another key than before.
func (w *writer) recognized(p news.Pull) (list []news.Article, joined int, r *recognition, err error) {
	r = &recognition{writer: w, pull: p, claimed: map[news.Key]bool{}, shared: map[string]news.Key{}}
	if r.known, err = w.known(p.Articles); err != nil {
		return nil, 0, nil, err
	}
	if list, err = r.parted(p.Articles); err != nil {
		return nil, 0, nil, err
	}
	var doubtful []int
	for i := range list {
		if a := &list[i]; r.sure(a) {
			r.claimed[a.Key] = true
		} else {
			doubtful = append(doubtful, i)
		}
	}
	if len(doubtful) == 0 {
		return list, 0, r, nil
	}
	if before, err := w.hasArticles(p.Source); err != nil || !before {
		return list, 0, r, err
	}
	list = slices.Clone(list)
	joined, err = r.recognize(list, doubtful)
	return slices.DeleteFunc(list, func(a news.Article) bool { return a.Key == "" }), joined, r, err
}

// sure reports an item that is the article which stands under its key. One without
// an id is sure to be that only if it says the same.
func (r *recognition) sure(a *news.Article) bool {
	stored, ok := r.known[a.Key]
	return ok && (len(a.Finer) == 0 || a.Fingerprint() == stored.fingerprint)
}

// withoutStumps are items without those that a document breaks off in and that stand.
func (r *recognition) withoutStumps(list []news.Article) []news.Article {
	stump := func(a news.Article) bool {
		_, stands := r.known[a.Key]
		return a.Torn && stands
	}
	if !slices.ContainsFunc(list, stump) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), stump)
}

const hasArticles = `
	SELECT EXISTS (
		SELECT 1
		FROM article
		WHERE source = $1)`

func (w *writer) hasArticles(source news.Slug) (has bool, err error) {
	err = w.queryRow(hasArticles, string(source)).Scan(&has)
	return has, err
}

// recognize gives items of a list, which it is not sure of, the keys of the
// articles that they are. Those that come twice lose theirs.
func (r *recognition) recognize(list []news.Article, doubtful []int) (joined int, err error) {
	if err := r.gather(list, doubtful); err != nil {
		return 0, err
	}
	var open, called []*news.Article // those that nothing is known of, and that are known by an alias
	for _, i := range doubtful {
		a := &list[i]
		key, found, err := r.named(a)
		switch {
		case err != nil:
			return 0, err
		case !found:
			a.Key = key
			open = append(open, a)
		case key == a.Key:
			r.claimed[key] = true
		default:
			a.Key = key
			called = append(called, a)
		}
	}
	if len(called) > 0 {
		if err := r.claimStanding(); err != nil {
			return 0, err
		}
	}
	for _, a := range called {
		if r.claimed[a.Key] {
			a.Key = ""
		}
		r.claimed[a.Key] = true
	}
	return r.join(open)
}

// gather learns what stands under the keys that doubtful items may have: theirs,
// finer ones, and what these are aliases of.
func (r *recognition) gather(list []news.Article, doubtful []int) (err error) {
	var keys []news.Key
	for _, i := range doubtful {
		keys = append(append(keys, list[i].Key), list[i].Finer...)
	}
	if r.aliases, err = r.aliasesOf(keys); err != nil {
		return err
	}
	return r.learn(slices.AppendSeq(keys, maps.Values(r.aliases)))
}

// learn adds the articles of keys to what is known.
func (r *recognition) learn(keys []news.Key) error {
	keys = slices.DeleteFunc(slices.Clone(keys), func(key news.Key) bool { _, ok := r.known[key]; return ok })
	more, err := r.writer.known(under(keys))
	maps.Copy(r.known, more)
	return err
}

// under are articles of which only the keys are known.
func under(keys []news.Key) []news.Article {
	list := make([]news.Article, len(keys))
	for i, key := range keys {
		list[i].Key = key
	}
	return list
}

// named is the key of the article that an item has been known to be; else the key
// that it is to have. The finest counts: an item that is known by its link is
// another article than the one that has stood there where there is one of its link
// and title.
func (r *recognition) named(a *news.Article) (key news.Key, found bool, err error) {
	for _, finer := range slices.Backward(a.Finer) {
		if key, found = r.at(finer); found {
			return key, true, nil
		}
	}
	if key, found = r.at(a.Key); !found {
		return a.Key, false, nil
	}
	if len(a.Finer) > 0 {
		other, err := r.replaces(a, key)
		if err != nil || other {
			return a.Finer[0], false, err
		}
	}
	return key, true, nil
}

// at is the article that stands under a key, or of which that is an alias.
func (r *recognition) at(key news.Key) (news.Key, bool) {
	if to, ok := r.aliases[key]; ok {
		key = to
	}
	_, ok := r.known[key]
	return key, ok
}

// replaces reports an item that has come to where an article stood and is another
// one: its title differs, and so do its date and its text. (A headline that is edited
// keeps one of them.) Without dates, the title counts where several have had that address.
func (r *recognition) replaces(a *news.Article, key news.Key) (bool, error) {
	stored := r.known[key]
	c, err := stored.candidate(key)
	switch {
	case err != nil || saying(a) == c.says:
		return false, err
	case a.Published.Printed() && c.Published.Printed():
		if a.Published.At.Equal(c.Published.At) || a.Published.Raw == c.Published.Raw {
			return false, nil
		}
		fed, err := r.fed(&c)
		text := told(a)
		return err == nil && (len(text) < muchSaid || text != told(fed)), err
	}
	keys, err := r.similar(a)
	return len(keys) > 1, err
}

var aliasesOf = `
	SELECT key, article
	FROM alias
	WHERE key IN (` + marks(1, knownMany) + `)`

func (w *writer) aliasesOf(keys []news.Key) (map[news.Key]news.Key, error) {
	return lookUp(w, aliasesOf, under(keys), func(scan scanFunc) (key, article news.Key, err error) {
		err = scan(&key, &article)
		return key, article, err
	})
}

// claimStanding keeps articles from being joined to that stand in the document
// and were not read.
func (r *recognition) claimStanding() error {
	if r.stands || r.pull.Standing == nil {
		return nil
	}
	r.stands = true
	keys := r.pull.Standing()
	aliases, err := r.aliasesOf(keys)
	for _, key := range keys {
		r.claimed[key] = true
	}
	for _, key := range aliases {
		r.claimed[key] = true
	}
	return err
}
