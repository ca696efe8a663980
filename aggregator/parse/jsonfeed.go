package parse

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	gofeedjson "github.com/mmcdole/gofeed/json"
)

// parseJSON reads JSON Feed 1 and 1.1.
func parseJSON(data []byte) (*Feed, error) {
	var probe struct {
		Version string           `json:"version"`
		Items   *json.RawMessage `json:"items"`
		Hubs    json.RawMessage  `json:"hubs"`
	}
	if err := json.Unmarshal(data, &probe); err == nil && !strings.Contains(probe.Version, "jsonfeed") && probe.Items == nil {
		if doc := rssInJSON(data); doc != nil {
			d, err := Open(doc, Options{})
			if err != nil {
				return nil, err
			}
			return d.Feed(nil)
		}
		return nil, &NotFeedError{What: "JSON of another kind", Hint: "a JSON Feed names its version and its items; kind: json reads other JSON, by paths"}
	}
	f, err := (&gofeedjson.Parser{}).Parse(bytes.NewReader(data))
	var warnings []string
	var end torn
	if err != nil {
		warnings = append(warnings, "the document was damaged and mended")
		if f, probe.Hubs, end, err = mendedJSON(data, err); err != nil {
			return nil, err
		}
	}
	out := &Feed{
		Warnings:    warnings,
		Torn:        end.hash,
		Format:      "json",
		Version:     f.Version[strings.LastIndexByte(f.Version, '/')+1:],
		Title:       Text{Body: f.Title, Type: Plain},
		Description: Text{Body: f.Description, Type: Plain},
		HomePage:    f.HomePageURL,
		Self:        f.FeedURL,
		Hubs:        webSubHubs(probe.Hubs),
		Language:    f.Language,
		Image:       cmp.Or(f.Icon, f.Favicon),
		Authors:     jsonPeople(f.Authors, f.Author),
	}
	for _, it := range f.Items {
		if it != nil {
			out.Items = append(out.Items, jsonItem(it))
		}
	}
	if n := len(out.Items); n > 0 && end.kept {
		out.Items[n-1].Torn = true
	}
	return out, nil
}

// webSubHubs are where to subscribe, which the library does not hand on, by the
// one protocol that is spoken here; rssCloud is another.
func webSubHubs(raw json.RawMessage) []string {
	var list []struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	}
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var out []string
	for _, h := range list {
		if strings.EqualFold(h.Type, "WebSub") {
			out = append(out, h.URL)
		}
	}
	return out
}

func jsonPeople(list []*gofeedjson.Author, old *gofeedjson.Author) []Person {
	if len(list) == 0 && old != nil {
		list = []*gofeedjson.Author{old}
	}
	var out []Person
	for _, a := range list {
		if a != nil && (a.Name != "" || a.URL != "") {
			out = append(out, Person{Name: a.Name, URL: a.URL, Field: "author"})
		}
	}
	return out
}

func jsonItem(it *gofeedjson.Item) Item {
	out := Item{
		ID:         it.ID,
		Link:       cmp.Or(it.URL, it.ExternalURL),
		External:   it.ExternalURL,
		Title:      Text{Body: it.Title, Type: Plain, Field: "title"},
		Summary:    Text{Body: it.Summary, Type: Plain, Field: "summary"},
		Content:    Text{Body: it.ContentHTML, Type: HTML, Field: "content_html"},
		People:     jsonPeople(it.Authors, it.Author),
		Categories: it.Tags,
		Language:   it.Language,
		Image:      cmp.Or(it.Image, it.BannerImage),
	}
	if it.ContentHTML == "" {
		out.Content = Text{Body: it.ContentText, Type: Plain, Field: "content_text"}
	}
	if out.Link == "" && strings.HasPrefix(out.ID, "http") {
		out.Link = out.ID
	}
	out.Dates = dated(nil, "json:date_published", it.DatePublished)
	out.Dates = dated(out.Dates, "json:date_modified", it.DateModified)
	if it.Attachments != nil {
		for _, a := range *it.Attachments {
			out.Enclosures = append(out.Enclosures, Enclosure{
				URL: a.URL, Type: a.MimeType, Title: a.Title,
				Length: positive(a.SizeInBytes), Duration: positive(a.DurationInSeconds),
			})
		}
	}
	return out
}

func positive(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
