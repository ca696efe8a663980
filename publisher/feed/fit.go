package feed

import (
	"slices"

	"copydesk/publisher/edition"
)

const (
	// longestBodies is how many bytes of HTML the articles of a document may have
	// together, so that it stays below maxDocument in each format: JSON Feed has a
	// body twice, as HTML and as text, and XML escapes it.
	longestBodies = 1_600_000

	// longestBody is how many one article may have, lest it leave no room to others.
	longestBody = longestBodies / 4

	// excerptLength is the length, in characters, of what stands in for a body.
	excerptLength = 300
)

// fitting is e with excerpts in the place of bodies that do not fit into a document:
// of those that are too long for any, and of all behind the article with which it is
// full. So an entry that is shown whole stays so until newer ones take its room: its
// readers have had it whole by then. A channel without the bodies of its last articles
// is worth more to its readers than none, and an archive without its pages loses
// articles.
func fitting(e *edition.Edition) *edition.Edition {
	out, total := e, 0
	for i := range e.Articles {
		long := len(e.Articles[i].ContentHTML)
		if long <= longestBody {
			total += long
		}
		if long == 0 || long <= longestBody && total <= longestBodies {
			continue
		}
		if out == e {
			shortened := *e
			shortened.Articles = slices.Clone(e.Articles)
			out = &shortened
		}
		a := &out.Articles[i]
		a.Summary, a.ContentHTML = edition.Clip(a.Summary, a.Excerpt(excerptLength)), ""
	}
	return out
}
