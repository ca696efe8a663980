package srcset_test

import (
	"strings"
	"testing"

	"copydesk/aggregator/srcset"
)

func read(set string) string { return srcset.Format(srcset.OneKind(srcset.Parse(set))) }

func TestSets(t *testing.T) {
	for name, pair := range map[string][2]string{
		"nothing":                    {" , ,", ""},
		"one without a word":         {"a", "a"},
		"commas within addresses":    {"a,1 300w, b,2 600w", "a,1 300w, b,2 600w"},
		"commas at their ends":       {"a,, b 2x,", "a, b 2x"},
		"a blank that is a break":    {"a\n300w,\n\tb 600w", "a 300w, b 600w"},
		"widths with heights":        {"a 300w 200h, b 100h, c 600w", "a 300w, c 600w"},
		"what is yet to be invented": {"a 300w (x, y), b 600w", "b 600w"},
		"most are densities":         {"a 1x, b 640w, c 2x", "a 1x, c 2x"},
		"most are widths":            {"a 1x, b 640w, c 320w", "b 640w, c 320w"},
		"as many of either":          {"a, b 640w", "b 640w"},
		"no density is the first":    {"a, b 1x, c 1.0x, d 2x", "a, d 2x"},
		"a width twice":              {"a 300w, b 0300w", "a 300w"},
		"more than we like":          {"a 100001w, b 1000x, c 0.001x, d NaNx, e Infx, f 100000w", "f 100000w"},
		"numbers of Go's":            {"a 0x1p4x, b 1_0x, c 3x", "c 3x"},
		"units alone":                {"a w, b x, c h, d 2x", "d 2x"},
	} {
		got := read(pair[0])
		if got != pair[1] {
			t.Errorf("%s: %q is %q, not %q", name, pair[0], got, pair[1])
		}
		if again := read(got); again != got {
			t.Errorf("%s: %q, written, reads %q", name, got, again)
		}
	}
	if got := srcset.Format([]srcset.Candidate{{Address: "a,,", Width: 3}}); got != "a%2C%2C 3w" {
		t.Errorf("an address that ends in commas is written %q", got)
	}
	if n := len(srcset.Parse(strings.Repeat("a 2x,", 1000))); n > 32 {
		t.Errorf("%d candidates are read", n)
	}
}

func TestSizes(t *testing.T) {
	for list, want := range map[string]string{
		"":                                "",
		"auto":                            "",
		"auto, 30em":                      "30em",
		"100VW":                           "100vw",
		"100":                             "",
		"0":                               "0",
		"50%":                             "",
		"-3px":                            "",
		"3furlong":                        "",
		"(min-width:1px":                  "",
		"(min-width:1px, 50vw":            "",
		"min-width:1px) 50vw, 3px":        "3px",
		"(min-width: 1px) 50vw":           "(min-width: 1px) 50vw, 100vw",
		"(min-width: 1px)50vw, 3px":       "3px",
		"(min-width: 600) 50vw, 3px":      "3px",
		"(device-width: 3px) 50vw, 3px":   "3px",
		"not (max-width: 0) 50vw, 3px":    "not (max-width: 0) 50vw, 3px",
		"print 50vw, 3px":                 "3px",
		"() 50vw, 3px":                    "3px",
		"3px, 50vw":                       "3px",
		" .5em ,":                         ".5em",
		"calc(100vw - 2em)":               "calc(100vw - 2em)",
		"calc(100vw-2em)":                 "",
		"calc(100% - 2em)":                "",
		"calc(2em +)":                     "",
		"(calc(2em))":                     "",
		"clamp(3px,20vw, max(1em, 2em))":  "clamp(3px,20vw, max(1em, 2em))",
		"calc((100vw - (1em + 2px)) / 2)": "calc((100vw - (1em + 2px)) / 2)",
		"(3px) 2px":                       "",
		"(width >= 600px) 3px, 4px":       "(width >= 600px) 3px, 4px",
		"(1em<width<=2em) 3px, 4px":       "(1em<width<=2em) 3px, 4px",
		`3px" onload="x`:                  "",
		strings.Repeat("(", 900):          "",
		strings.Repeat("3px,", 900):       "",
	} {
		got := srcset.Sizes(list)
		if got != want {
			t.Errorf("%q is %q, not %q", list, got, want)
		}
		if again := srcset.Sizes(got); again != got {
			t.Errorf("%q, written, reads %q", got, again)
		}
	}
}
