package store

import (
	"slices"

	"copydesk/aggregator/news"
)

// Some sources give an id to more than one story. That is seen only where a document
// has both ([news.Twins]): what comes under the id of another alone is a new version of
// that. Once it was seen, the id is remembered as shared, with the articles that have
// it, and no longer says which of them an item is: what it says does, by the same rule.
// So none is overwritten by its twin when that leaves, comes back, or takes its place.
//
// The story that stands under the id's key, or that was published first where none
// does, has that key. Those that come to it have one that is made of the id with their
// link and date, in which they differ from each other.

// newestTwins bounds how many articles of one id are looked at: the older are known by
// their own keys alone.
const newestTwins = 50

var sharedKeys = `
	SELECT shared, article
	FROM twin
	WHERE shared IN (` + marks(1, knownMany) + `)`

const twinsOf = `
	SELECT article
	FROM twin
	WHERE shared = $1
	ORDER BY made DESC, article
	LIMIT $2`

const addTwin = `
	INSERT INTO twin (shared, article, made)
	VALUES ($1, $2, $3)
	ON CONFLICT (shared, article) DO NOTHING`

// parted are the items of a document, of which those that share their id have keys of
// their own.
func (r *recognition) parted(list []news.Article) ([]news.Article, error) {
	shared, err := lookUp(r.writer, sharedKeys, list, func(scan scanFunc) (shared, one news.Key, err error) {
		err = scan(&shared, &one)
		return shared, one, err
	})
	if err != nil {
		return nil, err
	}
	places := make(map[news.Key][]int, len(list))
	for i, a := range list {
		places[a.Key] = append(places[a.Key], i)
	}
	if len(places) == len(list) && len(shared) == 0 {
		return list, nil
	}
	out := slices.Clone(list)
	for _, a := range list {
		here := places[a.Key]
		delete(places, a.Key)
		if _, known := shared[a.Key]; len(here) == 0 || len(here) == 1 && !known {
			continue
		}
		group := make([]*news.Article, len(here))
		for k, i := range here {
			group[k] = &out[i]
		}
		if err := r.part(a.Key, group); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A sharer is an article that has an id which others have, too.
type sharer struct {
	*candidate
	fed   *news.Article
	taken bool // by an item of the document
}

// likenesses are how an item tells that it is a sharer, the surest first.
var likenesses = [...]func(s *sharer, a *news.Article) bool{
	func(s *sharer, a *news.Article) bool { return a.Fingerprint() == s.stored.fingerprint },
	func(s *sharer, a *news.Article) bool { return ownKey(a, s.OriginalID) == ownKey(s.fed, s.OriginalID) },
	func(s *sharer, a *news.Article) bool { return !news.Twins(a, s.fed) },
}

// part gives each of the items that have one id the key of the article that it is, or
// one of its own.
func (r *recognition) part(shared news.Key, group []*news.Article) error {
	id := group[0].OriginalID
	r.shared[id] = shared
	sharers, err := r.sharers(shared)
	if err != nil {
		return err
	}
	free := slices.Clone(group)
	for _, is := range likenesses {
		free = slices.DeleteFunc(free, func(a *news.Article) bool {
			i := slices.IndexFunc(sharers, func(s *sharer) bool { return !s.taken && is(s, a) })
			if i >= 0 {
				a.Key, sharers[i].taken = sharers[i].Key, true
			}
			return i >= 0
		})
	}
	first := slices.MinFunc(group, func(a, b *news.Article) int { return a.Published.At.Compare(b.Published.At) })
	for _, a := range free {
		if a.Finer = nil; len(sharers) > 0 || a != first {
			a.Key = ownKey(a, id)
		}
		if slices.ContainsFunc(sharers, func(s *sharer) bool { return s.Key == a.Key }) { // it was this one's before its date was changed
			a.Key = ownKey(a, id+"\n"+told(a))
		}
	}
	return nil
}

// ownKey is that of a story which shares its id.
func ownKey(a *news.Article, id string) news.Key {
	return news.NewKey(a.Source, id+"\n"+bare(a.URL)+"\n"+a.Published.Raw)
}

// sharers are the articles that have an id: the one that stands under its key, and
// those that were seen beside that.
func (r *recognition) sharers(shared news.Key) ([]*sharer, error) {
	keys, err := texts[news.Key](r.query(twinsOf, string(shared), newestTwins))
	if err != nil {
		return nil, err
	}
	aliases, err := r.aliasesOf([]news.Key{shared})
	if err != nil {
		return nil, err
	}
	for _, key := range []news.Key{shared, aliases[shared]} {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if err := r.learn(keys); err != nil {
		return nil, err
	}
	var out []*sharer
	for _, key := range keys {
		stored, stands := r.known[key]
		if !stands {
			continue
		}
		c, err := stored.candidate(key)
		if err != nil {
			return nil, err
		}
		fed, err := r.fed(&c)
		if err != nil {
			return nil, err
		}
		out = append(out, &sharer{candidate: &c, fed: fed})
	}
	return out, nil
}

// noteTwins remembers the articles that a document has with ids of others.
func (r *recognition) noteTwins(list []news.Article) error {
	for _, a := range list {
		shared, ok := r.shared[a.OriginalID]
		if !ok {
			continue
		}
		if _, err := r.exec(addTwin, string(shared), string(a.Key), micros(r.pull.At)); err != nil {
			return err
		}
	}
	return nil
}
