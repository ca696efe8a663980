package normalize_test

import (
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
)

func TestZoneHealth(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	lags := func(gap int, stated bool, list ...int) (out []news.Sighting) {
		for _, lag := range list {
			out = append(out, news.Sighting{Lag: lag, Gap: gap, Stated: stated})
		}
		return out
	}
	for name, c := range map[string]struct {
		src  news.Source
		seen []news.Sighting
		want string // part of the reason; empty: nothing is wrong
	}{
		"too few":                          {news.Source{}, lags(15, false, -480, -475), ""},
		"a zone that is right":             {news.Source{}, lags(15, false, 3, 8, 12, 1, 14, 9, 200, 5), ""},
		"local time of China read as UTC":  {news.Source{Language: "zh"}, lags(15, false, -478, -470, -467, -479, -472, -465), "its dates run 8h ahead of when its articles are first seen (6 of 6); time_zone: Asia/Shanghai would fit"},
		"of Korea, by its domain":          {news.Source{URL: "https://a.kr/rss"}, lags(15, false, -538, -530, -527, -539, -532, -525), "time_zone: Asia/Seoul would fit"},
		"of India":                         {news.Source{Language: "en"}, lags(15, false, -328, -320, -317, -329, -322, -320), "5h30m ahead of"},
		"of Nepal":                         {news.Source{Language: "ne"}, lags(15, false, -344, -332, -338, -335, -341, -331), "5h45m ahead of when its articles are first seen (6 of 6); time_zone: Asia/Kathmandu would fit"},
		"UTC read as local time":           {news.Source{TimeZone: shanghai, Language: "en"}, lags(15, false, 482, 490, 493, 481, 488, 495), "its dates run 8h behind when its articles are first seen (6 of 6); time_zone: "},
		"edits do not hide it":             {news.Source{Language: "zh"}, lags(15, false, -478, -470, -467, -479, -472, -465, -471, 100), "8h ahead of"},
		"an offset that lies":              {news.Source{}, lags(15, true, -478, -470, -467, -479, -472, -465), "the offset that it writes is wrong"},
		"local time of Tokyo labelled GMT": {news.Source{Language: "ja"}, lags(15, true, -538, -530, -527, -539, -532, -525), "is wrong: its times are those of Asia/Tokyo"},
		"local time of Chile labelled GMT": {news.Source{URL: "https://a.cl/rss"}, lags(15, true, 182, 190, 193, 181, 188, 195), "its dates run 3h behind when its articles are first seen (6 of 6); the offset that it writes is wrong: its times are those of America/Santiago"},
		"pulls too far apart":              {news.Source{}, lags(1000, false, 478, 470, 467, 479, 472, 465), ""},
		"pulls far apart, dates ahead":     {news.Source{Language: "zh"}, lags(1000, false, -478, -370, -267, -179, -172, -165), "its dates run 8h ahead of when its articles are first seen (6 of 6); time_zone: Asia/Shanghai would fit"},
		"of Germany":                       {news.Source{Language: "de"}, lags(15, false, -58, -50, -47, -59, -52, -45), "time_zone: Europe/Berlin would fit"},
		"an hour ahead, in no language":    {news.Source{}, lags(15, false, -58, -50, -47, -59, -52, -45), "time_zone: Europe/Berlin would fit"},
		"as far ahead as no zone is":       {news.Source{}, lags(15, false, -1198, -1190, -1187, -1199, -1192, -1185), "6 of 6 articles are dated later"},
		"ahead at random":                  {news.Source{}, lags(15, false, -100, -300, -500, -700, -900, 3), "5 of 6 articles are dated later"},
		"old articles that arrive late":    {news.Source{}, lags(15, false, 5000, 3000, 9000, 4000, 8000, 7000), ""},
	} {
		v, ok := normalize.ZoneHealth(c.src, c.seen, fetched)
		if ok != (c.want != "") || !strings.Contains(v.Reason, c.want) {
			t.Errorf("%s: got %q (%v), want %q", name, v.Reason, ok, c.want)
		}
	}
}
