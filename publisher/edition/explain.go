package edition

import (
	"fmt"
	"slices"
	"strings"

	"copydesk/aggregator/news"
)

// Deepest is how many candidates an edition is picked from at most: where a
// few sources fill a channel and each is capped, more would not help.
const Deepest = 10_000

// A Verdict is why an article is in a channel's edition, or why not.
type Verdict struct {
	In  bool
	Why string
}

// Explain says why an article is in a channel's edition of now, or not. filed
// is its placement there, nil when it has none; candidates are the channel's
// placements in its order.
func Explain(ch news.Channel, a *news.Article, filed *news.Placement, candidates []news.Placement) (Verdict, error) {
	switch {
	case a.Withdrawn:
		return Verdict{Why: "it was withdrawn"}, nil
	case filed == nil:
		return unfiled(ch, a)
	}
	rule := "rule: " + filed.Rule
	keys, _ := Select(ch, candidates)
	if i := slices.Index(keys, a.Key); i >= 0 {
		why := fmt.Sprintf("place %d of %d; %s", i+1, len(keys), rule)
		if filed.Pinned {
			why += "; pinned"
		}
		return Verdict{In: true, Why: why}, nil
	}
	at := slices.IndexFunc(candidates, func(p news.Placement) bool { return p.Article == a.Key })
	switch {
	case at < 0 && ch.Order == news.Top:
		return Verdict{Why: "filed (" + rule + "), but without a rank: too old to be ranked, or not ranked yet"}, nil
	case at < 0:
		return Verdict{Why: fmt.Sprintf("filed (%s), but %d articles or more come before it", rule, len(candidates))}, nil
	}
	before := 0
	for _, p := range candidates[:at] {
		if p.Source == a.Source {
			before++
		}
	}
	if ch.PerSource > 0 && before >= ch.PerSource {
		return Verdict{Why: fmt.Sprintf("filed (%s), but %d articles of %s come before it, and per_source is %d", rule, before, a.Source, ch.PerSource)}, nil
	}
	return Verdict{Why: fmt.Sprintf("filed (%s), but %d articles come before it, and limit is %d", rule, at, ch.Limit)}, nil
}

// unfiled says why a channel has not taken an article.
func unfiled(ch news.Channel, a *news.Article) (Verdict, error) {
	if ch.Sources != nil && !slices.Contains(ch.Sources, a.Source) {
		names := make([]string, len(ch.Sources))
		for i, s := range ch.Sources {
			names[i] = string(s)
		}
		return Verdict{Why: fmt.Sprintf("its source %s is not among the channel's (%s)", a.Source, strings.Join(names, ", "))}, nil
	}
	rule, err := CompileRule(ch.Where)
	if err != nil {
		return Verdict{}, err
	}
	takes, err := rule.Match(a)
	switch {
	case err != nil:
		return Verdict{Why: "the rule failed: " + err.Error()}, nil
	case !takes:
		return Verdict{Why: "the rule does not take it: " + ch.Where}, nil
	}
	return Verdict{Why: "the rule would take it, but it is not filed yet: it is filed when it changes, or when the channel is refiled"}, nil
}
