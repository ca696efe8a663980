package edition

import (
	"fmt"
	"log/slog"

	"copydesk/aggregator/news"
)

// A Placer knows every channel's rule and says which channels take an article.
type Placer struct {
	any      []filed               // channels that take every source
	bySource map[news.Slug][]filed // the others
	log      *slog.Logger
}

type filed struct {
	channel news.Slug
	rule    *Rule
	why     string
}

// NewPlacer compiles the rules. Those that fail while running are logged, and
// do not take the article.
func NewPlacer(channels []news.Channel, log *slog.Logger) (*Placer, error) {
	p := &Placer{bySource: map[news.Slug][]filed{}, log: log}
	for _, ch := range channels {
		rule, err := CompileRule(ch.Where)
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", ch.Slug, err)
		}
		f := filed{channel: ch.Slug, rule: rule, why: ch.Where}
		if ch.Sources == nil {
			p.any = append(p.any, f)
		}
		for _, src := range ch.Sources {
			p.bySource[src] = append(p.bySource[src], f)
		}
	}
	return p, nil
}

// Place names the channels that take an article, and why.
func (p *Placer) Place(a *news.Article) []news.Placement {
	var out []news.Placement
	for _, list := range [][]filed{p.any, p.bySource[a.Source]} {
		for _, f := range list {
			ok, err := f.rule.Match(a)
			if err != nil {
				p.log.Error("a channel's rule failed", "channel", f.channel, "article", a.Key, "err", err)
			}
			if !ok {
				continue
			}
			why := f.why
			if why == "" {
				why = "every article of " + string(a.Source)
			}
			out = append(out, news.Placement{Channel: f.channel, Article: a.Key, Source: a.Source, Rule: why, Published: a.Published.At, Updated: a.Updated})
		}
	}
	return out
}
