package opml_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"copydesk/aggregator/opml"
	"copydesk/aggregator/txtartest"
)

// Each file of testdata holds lists, and what is read of each: a.opml and
// a.want.
func TestRead(t *testing.T) {
	txtartest.Each(t, "testdata/*.txtar", 1, func(t *testing.T, a *txtartest.Archive) {
		for i := 0; i+1 < len(a.Files); i += 2 {
			a.WantAt(t, i+1, said(a.Files[i].Data))
		}
	})
}

func said(data []byte) string {
	list, err := opml.Read(data)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, f := range list.Feeds {
		fmt.Fprintf(&b, "%d: %s <%s> %q\n", f.Line, f.Name, f.URL, f.Categories)
	}
	for _, f := range list.Faults {
		fmt.Fprintf(&b, "%d! %s\n", f.Line, f.Problem)
	}
	return b.String()
}

func TestCharsets(t *testing.T) {
	const body = `<opml><body><outline text="Газета «Утро»" xmlUrl="https://a.example/"/></body></opml>`
	windows, err := charmap.Windows1251.NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"declared":                `<?xml version='1.0' encoding='windows-1251'?>` + windows,
		"a byte order mark":       "\ufeff" + body,
		"UTF-16":                  wide,
		"declared, and not so":    `<?xml version="1.0" encoding="windows-1251"?>` + body,
		"nothing but valid UTF-8": body,
	} {
		list, err := opml.Read([]byte(text))
		if err != nil || len(list.Feeds) != 1 || list.Feeds[0].Name != "Газета «Утро»" || len(list.Faults) > 0 {
			t.Errorf("%s: got %+v (%v)", name, list, err)
		}
	}
	list, err := opml.Read([]byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<outline text=\"Caf\xe9\" xmlUrl=\"https://a.example/\"/>"))
	if err != nil || list.Feeds[0].Name != "Café" || len(list.Faults) != 1 {
		t.Errorf("got %+v (%v), want Café and a fault", list, err)
	}
}

func TestOnce(t *testing.T) {
	list, err := opml.Read([]byte(`<opml><body>
<outline text="News"><outline text="A" xmlUrl="https://a.example/"/></outline>
<outline text="Daily"><outline text="Again" xmlUrl="http://a.example/"/><outline text="B" xmlUrl="https://b.example/"/></outline>
</body></opml>`))
	if err != nil {
		t.Fatal(err)
	}
	list.Once(func(address string) string { _, rest, _ := strings.Cut(address, "://"); return rest })
	want := &opml.List{
		Feeds: []opml.Feed{
			{Line: 2, Name: "A", URL: "https://a.example/", Categories: []string{"News", "Daily"}},
			{Line: 3, Name: "B", URL: "https://b.example/", Categories: []string{"Daily"}},
		},
		Faults: []opml.Fault{{Line: 3, Problem: "http://a.example/ is there already, on line 2; they are one"}},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever is written is read back as it was, and without a fault.
func TestWriteAndReadBack(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zé科&<>"',/]{1,6}( [A-Za-z0-9&;]{1,4})?`)
	rapid.Check(t, func(t *rapid.T) {
		var feeds []opml.Feed
		for i := range rapid.IntRange(1, 8).Draw(t, "feeds") {
			f := opml.Feed{
				Name: word.Draw(t, "name"), URL: fmt.Sprintf("https://a%d.example/?a=1&b=%d", i, i),
				Language: rapid.SampledFrom([]string{"", "en", "zh-CN"}).Draw(t, "language"),
			}
			f.Categories = append(f.Categories, rapid.SliceOfNDistinct(word, 0, 3, strings.ToLower).Draw(t, "categories")...)
			feeds = append(feeds, f)
		}
		var b strings.Builder
		if err := opml.Write(&b, "A & B", time.Unix(0, 0), feeds); err != nil {
			t.Fatal(err)
		}
		list, err := opml.Read([]byte(b.String()))
		if err != nil || list.Title != "A & B" || len(list.Faults) > 0 {
			t.Fatalf("got %+v (%v)\n%s", list, err, b.String())
		}
		got := map[string]opml.Feed{}
		for _, f := range list.Feeds {
			f.Line = 0
			got[f.URL] = f
		}
		want := map[string]opml.Feed{}
		for _, f := range feeds {
			want[f.URL] = f
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-written +read):\n%s\n%s", diff, b.String())
		}
	})
}

// Nothing takes the reader down or holds it up, and what it gives can be used.
func FuzzRead(f *testing.F) {
	for _, a := range txtartest.Open(f, "testdata/*.txtar", 1) {
		for _, file := range a.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := opml.Read(data)
		if err != nil {
			return
		}
		for _, feed := range list.Feeds {
			if feed.Name == "" || !strings.HasPrefix(strings.ToLower(feed.URL), "http") || strings.ContainsAny(feed.URL, " \n\t") {
				t.Errorf("got %+v", feed)
			}
		}
	})
}
