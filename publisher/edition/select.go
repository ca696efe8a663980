package edition

import (
	"cmp"
	"math"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// Select picks an edition's articles from candidates, which stand in the
// channel's order: at most limit, and of each source at most its cap. enough
// is false when more candidates could still fill it.
func Select(ch news.Channel, candidates []news.Placement) (keys []news.Key, enough bool) {
	of := map[news.Slug]int{}
	for _, p := range candidates {
		if len(keys) == ch.Limit {
			return keys, true
		}
		if ch.PerSource > 0 && of[p.Source] == ch.PerSource && !p.Pinned {
			continue
		}
		of[p.Source]++
		keys = append(keys, p.Article)
	}
	return keys, len(keys) >= ch.Limit
}

// Rank orders articles by the weight of their source and their freshness: a
// source of weight 2 stays on top about half as long again. Equal scores go by
// time, then key, so the same list always gives the same order.
func Rank(list []news.Placement, weight func(news.Slug) float64, at time.Time) []news.Key {
	type scored struct {
		news.Placement
		score float64
	}
	all := make([]scored, len(list))
	for i, p := range list {
		hours := max(at.Sub(p.Published).Hours(), 0)
		all[i] = scored{p, weight(p.Source) / math.Pow(hours+2, 1.5)}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.Published.Compare(a.Published), cmp.Compare(a.Article, b.Article))
	})
	keys := make([]news.Key, len(all))
	for i, s := range all {
		keys[i] = s.Article
	}
	return keys
}

// excerptLength is how many characters of an article may leave the house at most
// as an excerpt.
const excerptLength = 300

// Cut takes from an article what its source's rights keep in the house.
func Cut(a news.Article, r news.Republish) news.Article {
	switch r {
	case news.RepublishHeadline:
		a.Summary, a.ContentHTML, a.Image, a.Attachments = "", "", nil, nil
	case news.RepublishExcerpt:
		a.Summary = Clip(a.Summary, a.Excerpt(excerptLength))
		a.ContentHTML, a.Attachments = "", nil
	}
	return a
}
