package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The keys of JSON Feed 1.1; one of our own begins with an underscore.
var (
	jsonFeedKeys = []string{"version", "title", "home_page_url", "feed_url", "description", "next_url", "authors", "language", "hubs", "items", "_copydesk"}
	jsonItemKeys = []string{
		"id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "date_published", "date_modified", "authors",
		"tags", "language", "attachments", "_copydesk",
	}
)

// checkJSON holds a document to JSON Feed 1.1.
func checkJSON(doc []byte) error {
	var f faults
	if !utf8.Valid(doc) {
		f.add("the document is not UTF-8")
	}
	var head map[string]json.RawMessage
	if err := json.Unmarshal(doc, &head); err != nil {
		return fmt.Errorf("the document is not JSON: %w", err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(head["items"], &items); err != nil {
		f.add("the feed has no list of items")
	}
	var list []facts
	for _, it := range items {
		list = append(list, checkJSONItem(&f, it))
	}
	checkJSONHead(&f, head)
	checkApart(&f, list)
	checkSize(&f, len(doc))
	return f.err()
}

func checkJSONHead(f *faults, head map[string]json.RawMessage) {
	knownKeys(f, "the feed", head, jsonFeedKeys)
	text := func(key string) string {
		var s string
		if raw, ok := head[key]; ok && json.Unmarshal(raw, &s) != nil {
			f.add("%s is no text", key)
		}
		return s
	}
	if got := text("version"); got != jsonVersion {
		f.add("the version is %q", got)
	}
	if strings.TrimSpace(text("title")) == "" {
		f.add("the feed has no title")
	}
	for _, key := range []string{"home_page_url", "feed_url"} {
		if !soundAddress(text(key)) {
			f.add("%s %q is not absolute ASCII", key, text(key))
		}
	}
	if next := text("next_url"); next != "" && (!soundAddress(next) || next == text("feed_url")) {
		f.add("next_url %q leads nowhere", next)
	}
	if lang := text("language"); lang != "" && languageTag(lang) == "" {
		f.add("the feed has the language %q", lang)
	}
	var hubs []struct{ Type, URL string }
	if raw, ok := head["hubs"]; ok && (json.Unmarshal(raw, &hubs) != nil || len(hubs) != 1 || hubs[0].Type == "" || !soundAddress(hubs[0].URL)) {
		f.add("the feed has hubs %s", raw)
	}
}

// knownKeys allows no key that is not of the format, and no empty value.
func knownKeys(f *faults, where string, obj map[string]json.RawMessage, known []string) {
	for _, key := range slices.Sorted(maps.Keys(obj)) {
		if !slices.Contains(known, key) {
			f.add("%s has the key %s", where, key)
		}
		if value := string(obj[key]); value == `""` || value == "null" || value == "[]" && key != "items" {
			f.add("%s has an empty %s", where, key)
		}
	}
}

// A readItem is an item as a reader has it.
type readItem struct {
	ID, URL, Title, Summary, Image, Language string
	ExternalURL                              string `json:"external_url"`
	HTML                                     string `json:"content_html"`
	Text                                     string `json:"content_text"`
	Published                                string `json:"date_published"`
	Modified                                 string `json:"date_modified"`
	Authors                                  []struct{ Name, URL string }
	Tags                                     []string
	Attachments                              []struct {
		URL      string
		MIMEType string `json:"mime_type"`
	}
}

func checkJSONItem(f *faults, raw []byte) facts {
	var keys map[string]json.RawMessage
	var it readItem
	if err := json.Unmarshal(raw, &keys); err != nil {
		f.add("an item is not JSON: %v", err)
		return facts{}
	}
	if err := json.Unmarshal(raw, &it); err != nil {
		f.add("the item %s: %v", it.ID, err)
	}
	knownKeys(f, "the item "+it.ID, keys, jsonItemKeys)
	it.checkNeeded(f)
	it.checkAddresses(f)
	if it.Language != "" && languageTag(it.Language) == "" {
		f.add("the item has the language %q", it.Language)
	}
	checkHTML(f, "content_html", it.HTML)
	it.checkLists(f)
	if bytes.ContainsFunc(raw, forbidden) {
		f.add("the item %s has characters that may not leave the house", it.ID)
	}
	return facts{id: it.ID}
}

// checkNeeded holds an item to what none may lack: an id, content and dates.
func (it *readItem) checkNeeded(f *faults) {
	if it.ID == "" || it.HTML+it.Text == "" || it.Published == "" {
		f.add("the item %q has no id, no date, or no content", it.ID)
	}
	published := checkRFC3339(f, "date_published", it.Published)
	if it.Modified != "" && checkRFC3339(f, "date_modified", it.Modified).Before(published) {
		f.add("the item %s was changed before it was published", it.ID)
	}
}

func (it *readItem) checkAddresses(f *faults) {
	for _, address := range []string{it.URL, it.ExternalURL, it.Image} {
		if address != "" && !soundAddress(address) {
			f.add("the item's address %q is not absolute ASCII", address)
		}
	}
}

func (it *readItem) checkLists(f *faults) {
	for _, a := range it.Authors {
		if a.Name == "" || a.URL != "" && !soundAddress(a.URL) && !strings.HasPrefix(a.URL, "mailto:") {
			f.add("the item %s has the author %q at %q", it.ID, a.Name, a.URL)
		}
	}
	for _, at := range it.Attachments {
		if !soundAddress(at.URL) || mimeType(at.MIMEType) == "" {
			f.add("the item %s has the attachment %q of type %q", it.ID, at.URL, at.MIMEType)
		}
	}
	if tags := slices.Sorted(slices.Values(it.Tags)); len(slices.Compact(tags)) != len(it.Tags) || slices.Contains(tags, "") {
		f.add("the item %s has a tag twice, or a blank one", it.ID)
	}
}
