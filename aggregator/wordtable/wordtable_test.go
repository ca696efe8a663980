package wordtable_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/wordtable"
)

func TestRows(t *testing.T) {
	got := wordtable.Rows("# why\n\nby\ten\tby |by:\r\nby\tfr\t\n#by\tde\tvon")
	if diff := cmp.Diff([][]string{{"by", "en", "by |by:"}, {"by", "fr", ""}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPattern(t *testing.T) {
	words := map[string][]string{"by": {"words by", "by"}, "end/zh": {"（完）", "."}}
	form := regexp.MustCompile(wordtable.Pattern(`^{by} \p{Lu}{1,9}{end/zh}$`, func(kind string) []string { return words[kind] }))
	for text, want := range map[string]bool{"by AB.": true, "words by A（完）": true, "by ABx": false, "BY A.": false} {
		if form.MatchString(text) != want {
			t.Errorf("%s does not do with %q what it should: %t", form, text, want)
		}
	}
}
