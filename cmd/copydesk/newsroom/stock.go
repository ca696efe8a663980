package newsroom

import (
	_ "embed"
	"fmt"
	"strings"
	"time"
)

//go:embed stories.txt
var stockText string

// A story is one invented report.
type story struct {
	language string
	title    string
	category string
	byline   string
	credit   string
	dateline string
	photo    string
	body     []string
}

// stories reads the stock: records parted by a line of dashes, with head lines
// "key: value", a blank line and paragraphs.
func stories() []story {
	var out []story
	for record := range strings.SplitSeq(stockText, "\n----\n") {
		head, body, ok := strings.Cut(strings.TrimSpace(record), "\n\n")
		if !ok {
			continue
		}
		s := story{language: "en"}
		for line := range strings.Lines(head) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "title":
				s.title = value
			case "category":
				s.category = value
			case "language":
				s.language = value
			case "byline":
				s.byline = value
			case "credit":
				s.credit = value
			case "dateline":
				s.dateline = value
			case "photo":
				s.photo = value
			}
		}
		s.body = strings.Split(body, "\n\n")
		out = append(out, s)
	}
	return out
}

var places = []string{"Port Allard", "Lindenau", "Kestrel Bay", "São Bento", "Marrow Hill", "Tallgate", "Ostrava Nova", "Qasr Nour", "Lake Hale", "Yunmen"}

// telling is a story as it is told the nth time: other places, other figures.
func (s story) telling(n int) story {
	fill := strings.NewReplacer(
		"{place}", places[n%len(places)],
		"{other}", places[(n*3+4)%len(places)],
		"{n}", fmt.Sprint(3+n%17),
		"{big}", fmt.Sprint(120+37*(n%29)),
		"{year}", fmt.Sprint(2027+n%9),
	)
	s.title, s.dateline = fill.Replace(s.title), fill.Replace(s.dateline)
	body := make([]string, len(s.body))
	for i, p := range s.body {
		body[i] = fill.Replace(p)
	}
	s.body = body
	return s
}

// shared is the story that three outlets carry.
var shared = story{
	language: "en", title: "Two coasts agree on a joint tide observatory", category: "Cooperation", byline: "By JANE McDONALD and TOMÁS ORTEGA Y GASSET",
	credit: "Xinhua", dateline: "KESTREL BAY", photo: "PHOTO: ALLARD PICTURES",
	body: []string{
		"Fishing towns on both shores of the Kestrel strait will run one tide observatory from next spring, their councils said after a vote that took eleven minutes and no speeches.",
		"The station will share its readings with every harbour that asks, and its logbook will be kept in both languages.",
		"\"We have measured the same water for two hundred years and never compared notes,\" said Ines Faro, who keeps the gauge at Port Allard.",
	},
}

// founding has the shape of the page that this product began with.
var founding = story{
	language: "en", title: "Silk Road e-commerce pilot opens in Yunmen", category: "Cooperation", byline: "LIN Yuchen", photo: "(PHOTO:XINHUA)",
	body: []string{
		"Silk Road e-commerce has found a new home in Yunmen, where a pilot zone for cross-border trade opened its gates to forty small workshops on Thursday.",
		"Visitors from nine countries tried the new customs counter, which clears a parcel in the time it takes to boil tea.",
		"The plan is part of a longer programme of cooperation that was approved this year by the State Council.",
	},
}

func outlets() []*outlet {
	shanghai := zone("Asia/Shanghai")
	return []*outlet{
		{slug: "stdaily", name: "Science and Technology Daily", format: "rss-local", zone: shanghai, language: "en", rights: "© Science and Technology Daily", teaser: true},
		{slug: "meridian", name: "The Meridian", format: "atom", zone: time.UTC, language: "en"},
		{slug: "coastwire", name: "Coast Wire", format: "json", zone: zone("America/Halifax"), language: "en"},
		{slug: "harbour", name: "Harbour Gazette", format: "rdf", zone: zone("Europe/London"), language: "en"},
		{slug: "lantern", name: "灯塔晚报", format: "gb2312", zone: shanghai, language: "zh"},
		{slug: "relay", name: "Night Relay", format: "damaged", zone: time.UTC, language: "en"},
		{slug: "estuaire", name: "L’Estuaire", format: "rss", zone: zone("Europe/Paris"), language: "fr"},
		{slug: "manara", name: "المنارة", format: "rss", zone: zone("Africa/Cairo"), language: "ar"},
	}
}

// zone is a time zone that every copydesk carries.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
