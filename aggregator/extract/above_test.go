package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"copydesk/aggregator/news"
)

// above are lines between heading and text, with whom they name as who wrote it
// (and the address of that), whose copy it is, and when it appeared, as readers
// see it: "" where a line says no such thing. None may come to stand in the text.
var above = []struct {
	language, line          string
	authors, credit, posted string
}{
	{"zh", `<div class="info">2026-11-20 10:46 来源：<a href="/">科技日报</a> 作者：周纯</div>`, "周纯", "科技日报", "2026-11-20 10:46"},
	{"zh", `<div class="info">2026-11-20 10:46 来源：<a href="/">科技日报</a> 记者 周 纯</div>`, "周纯", "科技日报", "2026-11-20 10:46"},
	{"zh", `<div class="info">2026-11-20 10:46 | 来源：<a href="/">科技日报</a> | 作者：周纯</div>`, "周纯", "科技日报", "2026-11-20 10:46"},
	{"zh", `<div class="info"><span>2026-11-20 10:46</span> 来源：<a href="/">科技日报</a>作者：周纯</div>`, "周纯", "科技日报", "2026-11-20 10:46"},
	{"zh", `<div class="info">来源：<a href="/">科技日报</a> 2026-11-20 10:46 作者：周纯</div>`, "周纯", "科技日报", "2026-11-20 10:46"},
	{"zh", `<div class="info">来源：<a href="/">科技日报</a> <a href="#">分享到微信</a></div>`, "", "科技日报", ""},
	{"zh", `<div class="info">作者：周纯 来源：<a href="/">科技日报</a></div>`, "周纯", "科技日报", ""},
	{"zh", `<div class="info">作者：周纯 来源：<a href="/kjrb/index.html">科技日报</a></div>`, "周纯", "科技日报", ""},
	{"zh", `<div class="info">作者：<a href="/zhouchun">周纯</a> 来源：<a href="/">科技日报</a></div>`, "周纯 https://herald.example/zhouchun", "科技日报", ""},
	{"en", `<div class="info">Source: <a href="/">Xinhua</a> Author: Jane Doe</div>`, "Jane Doe", "Xinhua", ""},
	{"en", `<div class="info">Source: <a href="/">Xinhua</a> | By Jane Doe | 2026-11-20 10:46</div>`, "Jane Doe", "Xinhua", "2026-11-20 10:46"},
	{"en", `<div class="info">Source: <a href="/">Xinhua</a> Share this</div>`, "", "Xinhua", ""},
	{"en", `<div class="byline">By Jane Doe, <a href="/">Reuters</a></div>`, "Jane Doe", "Reuters", ""},
	{"en", `<div class="byline">By <a href="https://doe.example/">Jane Doe</a></div>`, "Jane Doe https://doe.example/", "", ""},
	{"en", `<div class="byline"><span>JANE DOE</span><span>Associated Press</span></div>`, "Jane Doe", "Associated Press", ""},
	{"en", `<div class="byline"><span>JANE DOE</span><span>AP</span></div>`, "Jane Doe", "AP", ""},
	{"en", `<div class="byline"><b>JANE DOE</b><span>Associated Press</span></div>`, "Jane Doe", "Associated Press", ""},
	{"en", `<div class="byline">JANE DOE<span>Associated Press</span></div>`, "Jane Doe", "Associated Press", ""},
	{"en", `<div class="byline"><span>J</span><span>ANE DOE</span></div>`, "Jane Doe", "", ""},
	{"en", `<div class="byline"><b>J</b>ANE <b>D</b>OE</div>`, "Jane Doe", "", ""},
	{"en", "<div class=byline><div>JANE DOE</div>\n<div>Associated Press</div></div>", "Jane Doe", "Associated Press", ""},
	{"en", `<div class="byline"><div>Jane Doe</div><div>Health Editor</div></div>`, "Jane Doe", "", ""},
	{"en", `<div class="author"><b>Jane Doe</b> <span>World News</span></div>`, "Jane Doe", "", ""},
	{"en", `<div class="author"><b>Jane Doe</b> <span>Sky News</span></div>`, "Jane Doe", "Sky News", ""},
	{"en", `<div class="byline"><b>Jane Doe</b><span>All News 09:31 November 20, 2026</span></div>`, "Jane Doe", "", "09:31 November 20, 2026"},
	{"en", `<div class="author"><a href="/jd">Jane Doe</a> <a href="/sport">Sport</a></div>`, "Jane Doe", "", ""},
	{"en", `<div class="author">By <a href="/jd">Jane Doe</a><a href="/sport">Sport</a></div>`, "Jane Doe", "", ""},
	{"en", `<div class="author"><a href="/jd">Jane</a> <a href="/jd">Doe</a></div>`, "Jane Doe", "", ""},
}

// texts are what stands below those lines.
var texts = map[string]string{
	"zh": `<p>国家航天局公布了新的探月计划，三艘飞船将在明年先后发射升空，并在月球南极着陆，采集样品。</p><p>专家表示，这项任务将为今后的科研站建设打下坚实基础，也将带动相关产业的发展，带来新的机遇。</p>`,
	"en": `<p>The harbour opened again at dawn, two days after the storm had closed it, and ships went out on the tide.</p><p>Others were to follow by noon, when the wind had gone down to a breeze.</p>`,
}

// Like TestPublishingSystems, this asks what comes out behind normalize.
func TestLinesAboveTheText(t *testing.T) {
	for _, tt := range above {
		t.Run(tt.line, func(t *testing.T) {
			got := system{
				page:    fmt.Sprintf(`<html lang=%q><head><title>T</title></head><body><article><h1>T</h1>%s<div class="article-body">%s</div></article></body></html>`, tt.language, tt.line, texts[tt.language]),
				address: "https://herald.example/news/1",
				truth:   map[string][]string{"at": {"2026-11-27T00:00:00Z"}},
			}.read(t)
			var authors []string
			for _, p := range got.Byline.People {
				if p.Role == news.Author {
					authors = append(authors, strings.TrimSpace(p.Name+" "+p.URL))
				}
			}
			posted := ""
			if !got.Published.At.IsZero() {
				posted = got.Published.Raw
			}
			for _, f := range []struct{ name, got, want string }{
				{"authors", strings.Join(authors, ", "), tt.authors},
				{"credit", got.Credit.Name, tt.credit},
				{"posted", posted, tt.posted},
				{"text", got.ContentHTML, texts[tt.language]},
			} {
				if f.got != f.want {
					t.Errorf("%s: got %q, want %q", f.name, f.got, f.want)
				}
			}
		})
	}
}
