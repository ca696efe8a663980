package config_test

import "testing"

func TestEntryIsWhatStandsThere(t *testing.T) {
	const list = `sources:
  # about a
  - slug: a
    name: A
    url: https://a.example/   # here
    # schedule: "@every 5m"
  # about b
  - {slug: b, name: B, url: https://b.example/}
`
	for _, tt := range []struct {
		text, slug string
		line       int
		want       string
	}{
		{house + list, "a", 4, "  - slug: a\n    name: A\n    url: https://a.example/   # here\n    # schedule: \"@every 5m\""},
		{house + list, "b", 9, "  - {slug: b, name: B, url: https://b.example/}"},
		{house + list, "c", 0, ""},
		{oneSource, "a", 2, "{slug: a, name: A, url: https://a.example/}"},
	} {
		line, got := draft(t, tt.text).Entry(tt.slug)
		if line != tt.line || got != tt.want {
			t.Errorf("%s: got line %d and\n%s\nwant line %d and\n%s", tt.slug, line, got, tt.line, tt.want)
		}
	}
}
