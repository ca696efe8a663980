package parse

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
)

// errNoJSONList is JSON that lists no articles as far as can be told.
var errNoJSONList = errors.New("the JSON has no list whose members have a title and an address")

// A jsonName says what members are called in which a field stands, the likeliest
// first, and which values can be meant.
type jsonName struct {
	names []string
	fits  func(s string) bool
}

// Names of members as JSON listings have them, without case, "_" and "-".
var (
	jsonTitle = jsonName{[]string{"title", "headline", "name", "subject", "caption", "newstitle", "articletitle", "rendered"}, wordy}
	jsonURL   = jsonName{[]string{"url", "link", "href", "permalink", "weburl", "canonicalurl", "shareurl", "articleurl", "linkurl", "docurl", "pageurl", "uri", "path", "slug"}, addressed}
	jsonDate  = jsonName{[]string{"datepublished", "publishedat", "published", "pubdate", "publishdate", "publishtime", "publisheddate", "pubtime", "publicationdate", "webpublicationdate", "date", "createdat", "created", "ctime", "time", "timestamp", "showtime"}, hasDigit}
	jsonLead  = jsonName{[]string{"summary", "description", "abstract", "excerpt", "teaser", "lead", "intro", "digest", "brief"}, wordy}
)

func wordy(s string) bool { return len(s) > 3 && !strings.Contains(s, "://") }

// addressed reports what may be an address on its own: absolute, or from the
// root of the site.
func addressed(s string) bool {
	return !strings.ContainsAny(s, " \t\n") && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "/"))
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// FindPaths tells by its structure where a JSON listing keeps its articles: the
// longest list of objects of which most have a title and an address.
func FindPaths(body []byte, opt Options) (Paths, error) {
	data, err := inflate(body)
	if err != nil {
		return Paths{}, err
	}
	data, _ = toUTF8(data, opt)
	root, err := jsonTree(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		return Paths{}, err
	}
	best, most := Paths{}, 0
	for path, list := range jsonLists(root, "", map[string][]any{}) {
		p := Paths{Items: path, Title: jsonTitle.in(list), Link: jsonURL.in(list)}
		if p.Title == "" || p.Link == "" || len(list) < most || len(list) == most && path > best.Items {
			continue
		}
		p.Date, p.Summary = jsonDate.in(list), jsonLead.in(list)
		best, most = p, len(list)
	}
	if most == 0 {
		return Paths{}, errNoJSONList
	}
	return best, nil
}

// jsonLists are the lists of objects in v by their paths; those within a list
// are parts of its items.
func jsonLists(v any, path string, out map[string][]any) map[string][]any {
	switch v := v.(type) {
	case []any:
		if len(v) > 0 {
			out[path] = v
		}
	case map[string]any:
		for name, member := range v {
			if name != "" && !strings.ContainsAny(name, ".[]{}*$ ") { // what a path can name
				jsonLists(member, within(path, name), out)
			}
		}
	}
	return out
}

func within(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

// in is the path of the first name under which most of the items have a fitting
// value, themselves or in an object of theirs; empty when none has.
func (n jsonName) in(items []any) string {
	counts := map[string]int{}
	for _, it := range items {
		for _, path := range jsonLeaves(it) {
			if n.fits(jsonText(it, path)) {
				counts[path]++
			}
		}
	}
	for _, name := range n.names {
		for _, path := range slices.SortedFunc(maps.Keys(counts), shallowFirst) {
			if 2*counts[path] > len(items) && plainName(path[strings.LastIndexByte(path, '.')+1:]) == name {
				return path
			}
		}
	}
	return ""
}

// shallowFirst puts an item's own members before those of its objects.
func shallowFirst(a, b string) int {
	if d := strings.Count(a, ".") - strings.Count(b, "."); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

// jsonLeaves are the paths of an item's members and of those of its objects.
func jsonLeaves(item any) []string {
	object, _ := item.(map[string]any)
	var out []string
	for name, member := range object {
		if name == "" || strings.ContainsAny(name, ".[]{}*$ ") {
			continue
		}
		out = append(out, name)
		inner, _ := member.(map[string]any)
		for deeper := range inner {
			if deeper != "" && !strings.ContainsAny(deeper, ".[]{}*$ ") {
				out = append(out, name+"."+deeper)
			}
		}
	}
	return out
}
