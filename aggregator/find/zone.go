package find

import (
	_ "embed"
	"net/url"
	"strings"

	"copydesk/aggregator/wordtable"
)

//go:embed data/countries.tsv
var countriesTable string

//go:embed data/languages.tsv
var languagesTable string

// Zone suggests the time zone of a feed's dates, by its IANA name: that of the
// country in its host's name, else of the one in its language, else of the one
// where that language is at home. It is empty when the dates carry a zone, and
// where the country is not known or has several.
func (f Feed) Zone() string {
	if !f.Zoneless {
		return ""
	}
	zones, homes := column(countriesTable), column(languagesTable)
	primary, region, _ := strings.Cut(strings.ToLower(f.Language), "-")
	if i := strings.LastIndexByte(region, '-'); i >= 0 {
		region = region[i+1:] // zh-hant-tw
	}
	for _, country := range []string{topLevel(f.URL), topLevel(f.HomePage), region, homes[f.Language], homes[primary]} {
		if zone, known := zones[country]; known {
			return zone // empty for a country with several
		}
	}
	return ""
}

// topLevel is the last label of an address's host.
func topLevel(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	return host[strings.LastIndexByte(host, '.')+1:]
}

// column maps a table's first column to its second.
func column(text string) map[string]string {
	out := map[string]string{}
	for _, row := range wordtable.Rows(text) {
		if len(row) > 1 {
			out[row[0]] = row[1]
		} else {
			out[row[0]] = ""
		}
	}
	return out
}
