package news_test

import (
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
)

func TestTwins(t *testing.T) {
	at := func(hour int) news.Moment {
		return news.Moment{At: time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC), Basis: news.Explicit}
	}
	read := func(hour int) news.Moment {
		return news.Moment{At: time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC), Basis: news.FirstSeen}
	}
	article := func(link string, published news.Moment, title, text string) news.Article {
		return news.Article{URL: link, Published: published, Title: title, ContentHTML: "<p>" + text + "</p>"}
	}
	const here, there = "https://ex.example/a", "https://ex.example/b"
	ferry, fish := "The ferry ran aground at the mole on Monday.", "Herring costs a third more than last week."
	notes := strings.Repeat("Every week two sailors talk about the sea. ", 3)
	for name, c := range map[string]struct {
		a, b news.Article
		want bool
	}{
		"another date and words":        {article(here, at(7), "", ferry), article(here, at(8), "", fish), true},
		"another link and words":        {article(here, at(7), "Ferry", ferry), article(there, at(7), "Fish", fish), true},
		"another title alone":           {article(here, at(7), "Ferry", ferry), article(here, at(7), "Fish", fish), false},
		"a correction":                  {article(here, at(7), "Ferry", ferry), article(here, at(8), "Ferry aground", ferry+" All are safe."), false},
		"a figure corrected":            {article(here, at(7), "12 saved", ""), article(here, at(8), "13 saved", ""), false},
		"episodes":                      {article(here, at(7), "Episode 12", notes), article(there, at(8), "Episode 13", notes), true},
		"episodes without dates":        {article(here, read(7), "Episode 12", notes), article(there, read(8), "Episode 13", notes), true},
		"one in two sections":           {article(here, at(7), "Ferry aground", ferry), article(there, at(7), "Aground", ferry), false},
		"another scheme and tracker":    {article(here, read(7), "Ferry", ferry), article("http://ex.example/a?utm_source=x", read(8), "Fish", fish), false},
		"without words":                 {article(here, at(7), "", ""), article(there, at(8), "Fish", fish), false},
		"Chinese, another date":         {article(here, at(7), "", "渡轮周一在防波堤附近搁浅。"), article(here, at(8), "", "上周以来鲱鱼价格上涨三分之一。"), true},
		"Chinese, a correction":         {article(here, at(7), "", "渡轮周一在防波堤附近搁浅。"), article(here, at(8), "", "渡轮周一在防波堤附近搁浅，无人受伤。"), false},
		"read at another time, undated": {article(here, read(7), "", ferry), article(here, read(8), "", fish), false},
	} {
		if got := news.Twins(&c.a, &c.b); got != c.want || news.Twins(&c.b, &c.a) != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
