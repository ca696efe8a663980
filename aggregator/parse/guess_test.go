package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/parse"
)

// in is text in a charset; windows-1258 has some marks apart from their letters.
func in(t *testing.T, label, text string) []byte {
	t.Helper()
	e, _ := charset.Lookup(label)
	var out strings.Builder
	for _, r := range text {
		raw, err := e.NewEncoder().String(string(r))
		if label == "windows-1258" && err != nil {
			raw, err = vietnamese(r)
		}
		if err != nil {
			t.Fatalf("%s has no %q of %q", label, r, text)
		}
		out.WriteString(raw)
	}
	if strings.HasPrefix(label, "iso-2022") { // shifts go on over characters
		raw, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(raw)
	}
	return []byte(out.String())
}

// vietnamese takes the tone of a letter apart.
func vietnamese(r rune) (string, error) {
	marks := []rune(norm.NFD.String(string(r)))
	for n := len(marks) - 1; n > 0; n-- {
		for _, order := range [][]rune{marks, {marks[0], marks[len(marks)-1], marks[len(marks)/2]}} {
			raw, err := charmap.Windows1258.NewEncoder().String(norm.NFC.String(string(order[:n])) + string(order[n:]))
			if err == nil {
				return raw, nil
			}
		}
	}
	return "", fmt.Errorf("no such letter")
}

// An undeclared text is read in the charset that it was written in, be it long or
// one title, whether the feed names its language or not.
func TestUndeclared(t *testing.T) {
	table, err := os.ReadFile("testdata/charsets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		row := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		titles := strings.Split(row[2], " | ")
		for label := range strings.FieldsSeq(row[1]) {
			t.Run(row[0]+"/"+label, func(t *testing.T) {
				for _, title := range titles {
					undeclared(t, label, row[0], title, "")
				}
				undeclared(t, label, row[0], titles[0], row[3])
			})
		}
	}
}

func undeclared(t *testing.T, label, language, title, text string) {
	t.Helper()
	for _, stated := range []string{"", "<language>" + language + "</language>"} {
		for _, declared := range []string{"", `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-8"?>`} {
			body := in(t, label, declared+`<rss version="2.0"><channel><title>Tide</title>`+stated+`<item><guid>1</guid><title>`+title+`</title><description>`+text+`</description></item></channel></rss>`)
			doc, err := parse.Open(body, parse.Options{})
			if err != nil {
				t.Fatalf("%s: %v", title, err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("%s: got %+v (%v), want one item", title, feed, err)
			}
			got := norm.NFC.String(feed.Items[0].Title.Body + "|" + feed.Items[0].Summary.Body)
			if want := title + "|" + text; got != want {
				t.Errorf("after %q and %q: got %q, want %q (%v)", declared, stated, got, want, feed.Warnings)
			}
		}
	}
}
