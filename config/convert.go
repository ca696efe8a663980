package config

import (
	"path/filepath"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// DatabasePath is the database with a relative file resolved against the
// config's folder.
func (c *Config) DatabasePath() string {
	if strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://") || filepath.IsAbs(c.Database) {
		return c.Database
	}
	return filepath.Join(c.dir, c.Database)
}

// Location is the zone of pages for people.
func (p Publisher) Location() *time.Location { return p.TimeZone.Location() }

// NewsSources are the sources in the words of the two halves.
func (c *Config) NewsSources() []news.Source {
	out := make([]news.Source, len(c.Sources))
	for i, s := range c.Sources {
		out[i] = news.Source{
			Slug: news.Slug(s.Slug), Name: s.Name, URL: s.URL, Kind: news.Kind(s.Kind), TimeZone: s.TimeZone.Location(), Language: s.Language,
			Schedule: s.Schedule, Pace: news.Pace(s.Pace), Paused: s.Paused, Aliases: s.Aliases, Categories: s.Categories, Follow: s.Follow, WithdrawGone: s.WithdrawGone,
			Republish: news.Republish(s.Republish), Rights: s.Rights, Weight: s.Weight, Push: s.Push,
			Byline: news.BylineRules{AsPrinted: s.Names == "as_printed", Ignore: s.Byline.Ignore, Alias: s.Byline.Alias},
			Page:   news.PageHints(s.Page), List: news.ListHints(s.List), JSON: news.JSONPaths(s.JSON),
		}
	}
	return out
}

// NewsChannels are the channels in the words of the two halves.
func (c *Config) NewsChannels() []news.Channel {
	out := make([]news.Channel, len(c.Channels))
	for i, ch := range c.Channels {
		out[i] = news.Channel{
			Slug: news.Slug(ch.Slug), Title: ch.Title, Description: ch.Description, Language: ch.Language,
			Where: ch.Where, Order: news.Order(ch.Order), Limit: ch.Limit, PerSource: ch.PerSource,
		}
		for _, s := range ch.Sources {
			out[i].Sources = append(out[i].Sources, news.Slug(s))
		}
	}
	return out
}
