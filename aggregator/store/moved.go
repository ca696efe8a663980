package store

import (
	"slices"
	"strings"

	"copydesk/aggregator/news"
)

// Where no date is printed, a story that comes at another address may be the same one,
// or the next bulletin in the same words; of one alone nobody can tell. But when a site
// moves, or writes another parameter into all of its links, most of a document comes at
// other addresses at once, and nothing stands at the old ones any more. So these are
// joined together or not at all: where most of what is new in a document, three items at
// least, has its like in title and words among the undated articles of its source.
//
// Addresses that differ in figures alone are those of a series. Where they differ in
// more, the words must be enough to be told by; where only a parameter differs that
// all links of the document have, or that is gone, the address tells.

const (
	fewestMoved = 3
	movedSaid   = 40          // bytes: a headline that is none of a series, mostly; they vouch for each other
	movedFrom   = "LIMIT 500" // of a source's newest articles
)

const newestArticles = `
	SELECT key
	FROM (SELECT key FROM article WHERE source = $1 AND withdrawn = 0 ORDER BY published DESC, key DESC ` + movedFrom + `) AS standing
	UNION ALL
	SELECT key
	FROM (SELECT key FROM article WHERE source = $1 AND withdrawn = 1 ORDER BY published DESC, key DESC ` + movedFrom + `) AS gone`

// joinMoved joins the undated items that have moved together.
func (r *recognition) joinMoved(open []*news.Article) (joined int, err error) {
	items := slices.DeleteFunc(slices.Clone(open), func(a *news.Article) bool {
		return r.claimed[a.Key] || a.Published.Printed() || a.URL == "" || saying(a) == ""
	})
	if len(items) < fewestMoved {
		return 0, nil
	}
	if err := r.claimStanding(); err != nil || len(r.claimed) >= len(items) {
		return 0, err
	}
	likes, err := r.likes(items)
	if err != nil {
		return 0, err
	}
	common := r.commonParameters()
	taken := map[news.Key][]*news.Article{}
	at := map[string]int{} // how many items are at an address
	for _, a := range items {
		at[without(a.URL, common)]++
	}
	for _, a := range items {
		if key, ok := moved(a, likes[a], common, at[without(a.URL, common)] == 1); ok {
			taken[key] = append(taken[key], a)
		}
	}
	for key, list := range taken {
		if len(list) > 1 {
			delete(taken, key)
		}
	}
	if len(taken) < fewestMoved || 2*len(taken) <= len(items) {
		return 0, nil
	}
	for key, list := range taken {
		if err := r.alias(list[0], key); err != nil {
			return joined, err
		}
		joined++
	}
	return joined, nil
}

// likes are the undated articles that say what an item does and are none of the document.
func (r *recognition) likes(items []*news.Article) (map[*news.Article][]*candidate, error) {
	keys, err := texts[news.Key](r.query(newestArticles, string(r.pull.Source)))
	if err != nil {
		return nil, err
	}
	if err := r.learn(keys); err != nil {
		return nil, err
	}
	called := map[string][]*news.Article{}
	for _, a := range items {
		called[saying(a)] = append(called[saying(a)], a)
	}
	out := map[*news.Article][]*candidate{}
	for _, key := range keys {
		c, err := r.known[key].candidate(key)
		if err != nil {
			return nil, err
		}
		if r.claimed[key] || c.Published.Printed() || len(called[c.says]) == 0 {
			continue
		}
		fed, err := r.fed(&c)
		if err != nil {
			return nil, err
		}
		for _, a := range called[c.says] {
			if told(a) == told(fed) {
				out[a] = append(out[a], &c)
			}
		}
	}
	return out, nil
}

// moved is the article that an item is, of those that say the same. An item that is
// alone at its address is known by that.
func moved(a *news.Article, likes []*candidate, common map[string]bool, alone bool) (news.Key, bool) {
	var here, there []*candidate
	for _, c := range likes {
		switch {
		case alone && sameBut(common, a.URL, c.URL):
			here = append(here, c)
		case figureless(a.URL) != figureless(c.URL):
			there = append(there, c)
		}
	}
	switch {
	case len(here) > 0: // of several, each came of it once
		one := here[0]
		for _, c := range here {
			if one.before(c) {
				one = c
			}
		}
		return one.Key, true
	case len(there) == 1 && len(likes) == 1 && len(a.Title)+len(told(a)) >= movedSaid:
		return there[0].Key, true
	}
	return "", false
}

// commonParameters are the names of those that the links of all items of a document
// have with one value.
func (r *recognition) commonParameters() map[string]bool {
	shared, linked := map[string]int{}, 0
	for _, a := range r.pull.Articles {
		if a.URL != "" {
			linked++
		}
		for _, one := range slices.Compact(slices.Sorted(slices.Values(parameters(a.URL)))) {
			shared[one]++
		}
	}
	out := map[string]bool{}
	for one, n := range shared {
		if name, _, _ := strings.Cut(one, "="); n == linked {
			out[name] = true
		}
	}
	return out
}

func parameters(address string) []string {
	_, query, asked := strings.Cut(address, "?")
	if !asked {
		return nil
	}
	query, _, _ = strings.Cut(query, "#")
	return strings.Split(query, "&")
}

// without is an address without parameters of these names.
func without(address string, names map[string]bool) string {
	page, _ := parted(bare(address))
	kept := slices.DeleteFunc(parameters(address), func(one string) bool {
		name, _, _ := strings.Cut(one, "=")
		return names[name]
	})
	return page + "?" + strings.Join(kept, "&")
}

// sameBut reports addresses that differ only in parameters of these names and in such
// as only one of them has.
func sameBut(names map[string]bool, a, b string) bool {
	page, query, _ := strings.Cut(without(a, names), "?")
	other, more, _ := strings.Cut(without(b, names), "?")
	few, many := strings.Split(query, "&"), strings.Split(more, "&")
	if len(few) > len(many) {
		few, many = many, few
	}
	return page == other && !slices.ContainsFunc(few, func(one string) bool { return one != "" && !slices.Contains(many, one) })
}

// figureless is an address without its figures.
func figureless(address string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return -1
		}
		return c
	}, bare(address))
}
