package normalize_test

import (
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

func TestRolesOfMediaCredits(t *testing.T) {
	for role, want := range map[string]news.Role{
		"": news.Photographer, "photographer": news.Photographer, "Photo": news.Photographer, "author": news.Author, " Author ": news.Author,
		"illustrator": news.Illustrator, "producer": news.Contributor, "sound engineer": news.Contributor,
	} {
		item := parse.Item{ID: "1", People: []parse.Person{{Name: "Runa Holst", Field: "media:credit", Role: role}}}
		people := normalize.Articles(news.Source{Slug: "s"}, &parse.Feed{Format: "rss", Items: []parse.Item{item}}, normalize.Options{At: fetched})[0].Byline.People
		if len(people) != 1 || people[0].Name != "Runa Holst" || people[0].Role != want {
			t.Errorf("media:credit role=%q: got %v, want Runa Holst as %s", role, people, want)
		}
	}
}
