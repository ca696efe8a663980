package normalize

import (
	"cmp"
	"strings"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// Language is a BCP 47 tag with an ISO 639 primary tag, in its usual case;
// empty when tag is none.
func Language(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if tag == "" || strings.EqualFold(tag, "und") {
		return ""
	}
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, conf := t.Base()
	if conf == language.No || base.String() == "und" {
		return ""
	}
	return t.String()
}

// The least text and certainty for a guess to count.
const (
	enoughLetters = 100
	sureEnough    = 0.8
)

// languageOf is what the item, the feed and the operator say, else what the
// text shows.
func languageOf(src news.Source, feed *parse.Feed, it parse.Item, a *news.Article) string {
	said := cmp.Or(Language(it.Language), Language(it.Content.Lang), Language(it.Summary.Lang), Language(it.Title.Lang), Language(src.Language), Language(feed.Language))
	if said != "" {
		return said
	}
	if shown := detected(a.Title + " " + a.Summary); shown != "" || a.ContentHTML == "" {
		return shown
	}
	return detected(Excerpt(TextOf(a.ContentHTML), 1000))
}

// detected is the language that a text shows; empty when it is too short to.
func detected(text string) string {
	if len(text) < enoughLetters {
		return ""
	}
	if info := whatlanggo.Detect(text); info.Confidence >= sureEnough {
		return Language(info.Lang.Iso6391())
	}
	return ""
}
