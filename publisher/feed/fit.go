package feed

import (
	"cmp"
	"slices"

	"copydesk/publisher/edition"
)

// longestBodies is how many bytes of HTML the articles of a document may have
// together, so that it stays below maxDocument in each format: JSON Feed has a
// body twice, as HTML and as text, and XML escapes it.
const longestBodies = 1_600_000

// excerptLength is the length, in characters, of what stands in for a body.
const excerptLength = 300

// fitting is e with excerpts in the place of its longest bodies, as many as do
// not fit into a document. A channel without them is worth more to its readers
// than none, and an archive without its pages loses articles.
func fitting(e *edition.Edition) *edition.Edition {
	total := 0
	for i := range e.Articles {
		total += len(e.Articles[i].ContentHTML)
	}
	if total <= longestBodies {
		return e
	}
	out := *e
	out.Articles = slices.Clone(e.Articles)
	longest := make([]int, len(out.Articles))
	for i := range longest {
		longest[i] = i
	}
	slices.SortFunc(longest, func(a, b int) int { // of equals the last, which is the oldest
		return cmp.Or(len(out.Articles[b].ContentHTML)-len(out.Articles[a].ContentHTML), b-a)
	})
	for _, i := range longest {
		a := &out.Articles[i]
		if total -= len(a.ContentHTML); a.ContentHTML != "" {
			a.Summary, a.ContentHTML = edition.Clip(a.Summary, a.Excerpt(excerptLength)), ""
		}
		if total <= longestBodies {
			break
		}
	}
	return &out
}
