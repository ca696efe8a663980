package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// A JSON Feed that breaks off or was written by hand keeps every item that is whole,
// its own facts, and of a first item that breaks off what is whole of it.
func TestLooseJSON(t *testing.T) {
	const (
		head = `{"version":"https://jsonfeed.org/version/1.1","title":"Tide","hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[`
		one  = `{"id":"1","url":"http://tide.example/1","title":"One","content_text":"first"}`
		two  = `{"id":"2","url":"http://tide.example/2","title":"Two","content_text":"second"}`
		both = "1 http://tide.example/1 One first|2 http://tide.example/2 Two second"
	)
	first, _, _ := strings.Cut(both, "|")
	for name, tc := range map[string]struct{ doc, want string }{
		"sound":                           {head + one + "," + two + "]}", both},
		"cut in the first item":           {head + `{"id":"1","url":"http://tide.example/1","title":"One","content_te`, "1 http://tide.example/1 One "},
		"cut in a text of it":             {head + `{"id":"1","url":"http://tide.example/1","title":"One","content_text":"firs`, "1 http://tide.example/1 One "},
		"cut in a number of it":           {head + `{"id":12`, ""},
		"cut in its author":               {head + `{"id":"1","title":"One","authors":[{"name":"Ann Lee"},{"name":"Bo`, "1  One  Ann Lee"},
		"cut before its id":               {head + `{"title":"One","id":"`, ""},
		"cut in the second":               {head + one + "," + two[:len(two)-1], both},
		"cut behind a comma":              {head + one + ",", first},
		"cut behind the list":             {head + one + "," + two + "]", both},
		"a comma too many":                {head + one + "," + two + ",]}", both},
		"commas too many in items":        {head + strings.ReplaceAll(one+","+two, "}", ",}") + ",],}", both},
		"two commas":                      {head + one + ",," + two + "]}", both},
		"no comma":                        {head + one + "\n" + two + "]}", both},
		"no comma between members":        {head + one + "," + strings.Replace(two, `","title`, `" "title`, 1) + "]}", both},
		"no end of an item":               {head + strings.TrimSuffix(one, "}") + "],\"title\":\"x\"}", first},
		"a byte order mark":               {"\ufeff" + head + one + "," + two + "]}", both},
		"two byte order marks":            {"\ufeff\ufeff" + head + one + "," + two + "]}", both},
		"a comment behind":                {head + one + "," + two + "]}\n<!-- made in 0.2 seconds -->", both},
		"comments within":                 {head + "// one\n" + one + ", /* two */" + two + "]}", both},
		"warnings before":                 {"<br />\n<b>Warning</b>: {x} in <b>feed.php</b><br />\n" + head + one + "," + two + "]}", both},
		"words before":                    {"Notice: x\n" + head + one + "," + two + "]}", both},
		"a guard against scripts":         {")]}',\n" + head + one + "," + two + "]}", both},
		"a call of a function":            {"show(" + head + one + "," + two + "]});", both},
		"bare quotes":                     {head + strings.Replace(one, "first", `the "first" one`, 1) + "]}", `1 http://tide.example/1 One the "first" one`},
		"bare line ends":                  {head + strings.Replace(one, "first", "a\n\tb", 1) + "]}", "1 http://tide.example/1 One a\n\tb"},
		"escapes that JSON has not":       {head + strings.Replace(one, "first", `it\'s \d \u00e9 \ud83d\ude00 \"x\" \\`, 1) + "]}", `1 http://tide.example/1 One it's d é 😀 "x" \`},
		"words that JSON has not":         {head + strings.Replace(one, `"id"`, `"n":NaN,"u":undefined,"id"`, 1) + "," + two + "]}", both},
		"numbers and one that is no list": {head + one + "," + `{"id":2,"url":"http://tide.example/2","title":"Two","content_text":"second","tags":"Sea","x":,}]}`, both},
	} {
		d, err := parse.Open([]byte(tc.doc), parse.Options{ContentType: "application/feed+json"})
		var f *parse.Feed
		if err == nil {
			f, err = d.Feed(nil)
		}
		if tc.want == "" {
			if err == nil {
				t.Errorf("%s: got %+v, want an error", name, f.Items)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, it := range f.Items {
			line := fmt.Sprintf("%s %s %s %s", it.ID, it.Link, it.Title.Body, it.Content.Body)
			for _, p := range it.People {
				line += " " + p.Name
			}
			got = append(got, line)
		}
		if strings.Join(got, "|") != tc.want {
			t.Errorf("%s: got %q, want %q", name, strings.Join(got, "|"), tc.want)
		}
		if name != "no end of an item" && f.Title.Body != "Tide" || len(f.Hubs) != 1 {
			t.Errorf("%s: title %q and hubs %q, want those of the feed", name, f.Title.Body, f.Hubs)
		}
	}
}
