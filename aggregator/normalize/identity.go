package normalize

import (
	"cmp"
	"strconv"
	"strings"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// An identity is what an item is known by within its source, and what that was
// taken from. Only what the document has as an id or as a link is shown to
// readers; the rest serves to make a key of.
type identity struct {
	text string // empty where there is nothing to know an item by
	by   string
}

// What an identity is made of, besides fromItem, fromLink and fromText.
const (
	byLinkAndTitle = "link and title"
	byLinkAndDate  = "link, title and date"
	byLinkAndText  = "link, title, date and text"
	byTitleAndDate = "title and date"
	byTitleAndText = "title, date and text"
	byEnclosure    = "enclosure"
	byPlace        = "place"
)

// printed is the identity as the document has it; empty where it has none.
func (id identity) printed() string {
	switch id.by {
	case fromItem, fromLink:
		return id.text
	}
	return ""
}

// mayBeShared reports an id that more than one story of a document may have by mistake.
// Entries of Atom with one id are versions of one entry (RFC 4287 §4.1.1).
func (id identity) mayBeShared(feed *parse.Feed) bool {
	return id.by == fromItem && (feed.Format == "rss" || feed.Format == "json")
}

// identities name each item within its source: by its own id, else by its link
// where no other id-less item shares it, else by link and title, else by title
// and date. An item that has none of these is nobody's, unless all are wanted.
//
// A text that is corrected changes none of these. It counts only where items
// have their title in common and nothing else could part them.
func identities(feed *parse.Feed, all bool) []identity {
	sharing := map[string]int{}
	for _, it := range feed.Items {
		if it.ID == "" {
			sharing[address(it)]++
		}
	}
	alone := func(link string) bool { return sharing[link] == 1 && link != strings.TrimSpace(feed.HomePage) }
	out := make([]identity, len(feed.Items))
	for i, it := range feed.Items {
		out[i] = identify(it, alone)
		if it.ID != "" && it.ID == it.Link && !hasIDs(feed) {
			out[i].by = fromLink
		}
		if out[i].text == "" && all {
			out[i] = identity{"item " + strconv.Itoa(i+1), byPlace}
		}
	}
	partNamesakes(out, feed.Items)
	return out
}

func identify(it parse.Item, alone func(link string) bool) identity {
	link, title := address(it), title(it)
	switch {
	case it.ID != "":
		return identity{it.ID, fromItem}
	case link != "" && alone(link):
		return identity{link, fromLink}
	case link != "" && title != "":
		return identity{link + "\n" + title, byLinkAndTitle}
	case title != "":
		return identity{title + "\n" + rawDate(it), byTitleAndDate}
	case it.Summary.Body != "" || it.Content.Body != "":
		return identity{cmp.Or(it.Summary.Body, it.Content.Body), fromText}
	case len(it.Enclosures) > 0:
		return identity{it.Enclosures[0].URL, byEnclosure}
	}
	return identity{}
}

// address is where an item says that it is read.
func address(it parse.Item) string { return strings.TrimSpace(cmp.Or(it.Reader, it.Link)) }

func rawDate(it parse.Item) string {
	if len(it.Dates) == 0 {
		return ""
	}
	return it.Dates[0].Raw
}

// finer is how items are told apart that are known by the same and say different
// things: what else counts, and what they are known by then.
var finer = map[string]struct {
	by       string
	property func(parse.Item) string
}{
	fromLink:       {byLinkAndTitle, title},
	byLinkAndTitle: {byLinkAndDate, rawDate},
	byLinkAndDate:  {byLinkAndText, substance},
	byTitleAndDate: {byTitleAndText, substance},
}

// partNamesakes tells items apart that are known by the same and say different
// things: those of one link and title by their dates, and what has even its date in
// common by what it says.
func partNamesakes(ids []identity, items []parse.Item) {
	for _, kind := range [...]string{byLinkAndTitle, byLinkAndDate, byTitleAndDate} {
		part(ids, items, kind)
	}
}

// part adds a property to the identities of a kind that stand for items which say
// different things.
func part(ids []identity, items []parse.Item, kind string) {
	says := map[string]string{}
	differ := map[string]bool{}
	for i, id := range ids {
		if id.by != kind {
			continue
		}
		text := substance(items[i])
		if first, seen := says[id.text]; seen && first != text {
			differ[id.text] = true
		}
		says[id.text] = text
	}
	for i, id := range ids {
		if id.by == kind && differ[id.text] {
			ids[i] = identity{id.text + "\n" + finer[kind].property(items[i]), finer[kind].by}
		}
	}
}

// finerKeys are those that an item without an id has where it is told apart from
// more of its neighbours.
func (id identity) finerKeys(source news.Slug, it parse.Item) []news.Key {
	if it.ID != "" || id.by == fromLink && title(it) == "" {
		return nil
	}
	var out []news.Key
	for next, ok := finer[id.by]; ok; next, ok = finer[next.by] {
		id.text += "\n" + next.property(it)
		out = append(out, news.NewKey(source, id.text))
	}
	return out
}

func title(it parse.Item) string { return strings.TrimSpace(it.Title.Body) }

// substance is what an item says and shows, blanks apart.
func substance(it parse.Item) string {
	text := it.Summary.Body + "\n" + it.Content.Body
	for _, e := range it.Enclosures {
		text += "\n" + e.URL
	}
	return strings.Join(strings.Fields(text), " ")
}
