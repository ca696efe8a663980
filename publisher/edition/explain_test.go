package edition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

func TestExplain(t *testing.T) {
	var list []news.Placement
	for i := range 5 {
		list = append(list, news.Placement{Article: news.Key(fmt.Sprint("k", i)), Source: "wire", Rule: "everything"})
	}
	filed := func(i int) *news.Placement { return &list[i] }
	for _, tt := range []struct {
		name    string
		channel news.Channel
		article news.Article
		filed   *news.Placement
		in      bool
		want    string
	}{
		{"in", news.Channel{Limit: 3}, news.Article{Key: "k1"}, filed(1), true, "place 2 of 3; rule: everything"},
		{"pinned", news.Channel{Limit: 3}, news.Article{Key: "k0"}, &news.Placement{Pinned: true}, true, "pinned"},
		{"below the limit", news.Channel{Limit: 3}, news.Article{Key: "k4", Source: "wire"}, filed(4), false, "4 articles come before it, and limit is 3"},
		{"capped", news.Channel{Limit: 3, PerSource: 2}, news.Article{Key: "k3", Source: "wire"}, filed(3), false, "3 articles of wire come before it, and per_source is 2"},
		{"too deep", news.Channel{Limit: 3}, news.Article{Key: "k9"}, filed(0), false, "5 articles or more come before it"},
		{"unranked", news.Channel{Limit: 3, Order: news.Top}, news.Article{Key: "k9"}, filed(0), false, "without a rank"},
		{"withdrawn", news.Channel{Limit: 3}, news.Article{Key: "k1", Withdrawn: true}, nil, false, "withdrawn"},
		{"another source", news.Channel{Sources: []news.Slug{"a", "b"}}, news.Article{Source: "wire"}, nil, false, "its source wire is not among the channel's (a, b)"},
		{"not by the rule", news.Channel{Where: `"x" in categories`}, news.Article{}, nil, false, `does not take it: "x" in categories`},
		{"the rule fails", news.Channel{Where: `authors[3] == "x"`}, news.Article{}, nil, false, "the rule failed"},
		{"not yet", news.Channel{Where: "words < 5"}, news.Article{}, nil, false, "not filed yet"},
	} {
		got, err := edition.Explain(tt.channel, &tt.article, tt.filed, list)
		if err != nil || got.In != tt.in || !strings.Contains(got.Why, tt.want) {
			t.Errorf("%s: got %+v, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

// The usual time between changes tells how long an edition stays fresh; one
// burst or one pause does not.
func TestFresh(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		gaps []time.Duration
		want time.Duration
	}{
		{"nothing", nil, time.Minute},
		{"all at once", []time.Duration{0, 0, 0}, time.Minute},
		{"every half an hour", []time.Duration{30 * time.Minute, 30 * time.Minute, 30 * time.Minute}, 3 * time.Minute},
		{"a pause among them", []time.Duration{30 * time.Minute, 300 * time.Hour, 30 * time.Minute}, 3 * time.Minute},
		{"once a week", []time.Duration{168 * time.Hour, 168 * time.Hour}, time.Hour},
	} {
		list := []news.Article{{Updated: at}}
		for _, gap := range tt.gaps {
			list = append([]news.Article{{Updated: list[0].Updated.Add(gap)}}, list...)
		}
		if got := edition.Fresh(list); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
