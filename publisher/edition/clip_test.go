package edition_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"copydesk/publisher/edition"
)

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly10!", 10, "exactly10!"},
		{"the ferry sails again", 16, "the ferry sails…"},
		{"the ferry, sails", 12, "the ferry…"},
		{"云门科学家绘制近海海底地图", 6, "云门科学家…"},
		{"Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"},
		{"", 10, ""},
		{"a", 0, ""},
		{"On the Dark Staircase. And further up", 23, "On the Dark Staircase."},
		{"He said “no way.” Then he left", 19, "He said “no way.”"},
		{"今天天气很好。我们去公园", 8, "今天天气很好。"},
		{"aaaaaaaae\u0301bbb", 10, "aaaaaaaa…"},
	} {
		if got := edition.Clip(tt.text, tt.n); got != tt.want {
			t.Errorf("%q to %d: got %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "text"), rapid.IntRange(0, 50).Draw(t, "length")
		if got := edition.Clip(s, n); utf8.RuneCountInString(got) > n || !utf8.ValidString(got) {
			t.Fatalf("%q to %d: got %q", s, n, got)
		}
	})
}
