package news_test

import (
	"strings"
	"testing"

	"copydesk/aggregator/news"
)

func TestParseQuery(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"ferry", "ferry"},
		{"  ferry \t harbour　港 ", "ferry harbour 港"},
		{`"new   york" -taxi`, `"new york" -taxi`},
		{`AUTHOR:"Lin Yuchen" title:ferry -author:doe`, `author:"Lin Yuchen" title:ferry -author:doe`},
		{`“a phrase” «une autre» 「港の町」`, `"a phrase" "une autre" 港の町`},
		{`never "closed here`, `never "closed here"`},
		{`a - -- ! "" author: b`, "a author: b"},
		{`NEAR(a b) OR x* {title}:y`, "NEAR(a b) OR x* {title}:y"}, // words, not commands
		{"bad \xff\xfe bytes", "bad bytes"},
		{"⛴️", "⛴️"}, {"👩‍🚒 -ferry", "👩‍🚒 -ferry"}, // it is asked for, though no article is found by it
	} {
		q, err := news.ParseQuery(tt.typed)
		if err != nil || q.String() != tt.want {
			t.Errorf("%q: got %q, %v; want %q", tt.typed, q.String(), err, tt.want)
		}
		again, err := news.ParseQuery(q.String())
		if err != nil || again.String() != q.String() {
			t.Errorf("%q becomes %q when it is read again (%v)", q.String(), again.String(), err)
		}
	}
	for typed, want := range map[string]string{
		"": "no word", " \t ": "no word", `"" - !?`: "no word", "-ferry": "is to be there",
		strings.Repeat("x", 201): "at most 200 characters", strings.Repeat("x ", 17): "at most 16 words",
	} {
		if _, err := news.ParseQuery(typed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: got %v, want an error with %q", typed, err, want)
		}
	}
}
