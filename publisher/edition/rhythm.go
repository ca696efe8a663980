package edition

import (
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// How long readers may take an edition for fresh: not so short that they all
// ask at once, not so long that a partner misses a morning.
const (
	shortestFresh = time.Minute
	longestFresh  = time.Hour
	rhythmOf      = 20 // newest changes that tell a rhythm
)

// Fresh is how long an edition may be taken for fresh: a tenth of the usual
// time between two changes of it, so that what readers miss is little beside
// what they wait for anyway. It depends on the articles alone, and so is the
// same on every node.
func Fresh(list []news.Article) time.Duration {
	times := make([]time.Time, len(list))
	for i := range list {
		times[i] = list[i].Updated
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	times = times[:min(len(times), rhythmOf+1)]
	if len(times) < 2 {
		return shortestFresh
	}
	gaps := make([]time.Duration, len(times)-1)
	for i := range gaps {
		gaps[i] = times[i].Sub(times[i+1])
	}
	slices.Sort(gaps)
	usual := (gaps[len(gaps)/2] / 10).Truncate(10 * time.Second)
	return min(max(usual, shortestFresh), longestFresh)
}
