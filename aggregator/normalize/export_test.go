package normalize

import (
	"regexp"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// FactsOf fills bylines, credits, datelines and dates of articles whose bodies
// are ready, so that a benchmark can tell their cost from that of the rest.
func FactsOf(src news.Source, feed *parse.Feed, opt Options, bodies []news.Article) {
	known, when := linesOf(src, feed, nil), dating(src, feed, opt)
	for i := range bodies {
		when.Language = regional(src, feed, &bodies[i])
		dates(&bodies[i], feed.Items[i], when)
		credits(&bodies[i], src, feed, feed.Items[i], known)
	}
}

// Compile is the regular expression of a pattern, Words are those of a kind in it.
func Compile(text string) *regexp.Regexp { return pattern(text)().Regexp }

func Words(kind string) []string { return wordsOfKind(kind) }

// Unmangle is what text was before it was misread, itself where nothing tells.
func Unmangle(s string) string { return unmangle(s) }

// ArticleLink is the address of a page, Resolved an address as it stands.
func ArticleLink(raw string, base ...string) string { return articleLink(raw, base...) }

func Resolved(raw string, base ...string) string { return resolve(raw, base) }
