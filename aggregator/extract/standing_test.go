package extract_test

import (
	"testing"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/news"
)

func TestMentionRules(t *testing.T) {
	for rule, example := range extract.MentionRules() {
		if got := extract.MentionedBy(example); got != rule {
			t.Errorf("%q: seen by %q, want %q", example, got, rule)
		}
	}
}

// toldLines are lines that are there to tell a date.
var toldLines = []string{
	"12 March 2019", "Tuesday, 12 March 2019", "Published: 12 March 2019", "Posted on March 12, 2019 by jane in News",
	"By Jane Doe and Joe Roe, our correspondents in Harbourtown, 12 March 2019, 10:12", "Jane Doe | March 12, 2019",
	"Harbourtown, 12 March 2019", "Press release, 12 March 2019", "12 March 2019 · 5 min read", "12 March 2019 | 1034 views | 3 comments",
	"March 12, 2019 Leave a comment", "vendredi 12 mars 2019", "Von Jane Doe, 12. März 2019", "Publicado el 12 de marzo de 2019",
	"12 марта 2019, 10:12", "2019年3月12日 新华网", "发布时间：2019-03-12 10:12 来源：新华网", "2019年3月12日 10時12分 公開", "등록 2019-03-12 10:12",
	"12 مارس 2019", "2019. március 12., kedd 10:12", "NEWS / 12 MARCH 2019", "For immediate release: March 12, 2019", "12th March 2019",
	"Oluşturulma Tarihi: 12 Mart 2019", "Aus der Ausgabe vom 12.03.2019", "Article paru dans l'édition du 12.03.2019", "Communiqué du 12 mars 2019",
	"Ana de la Cruz 12/03/2019", "12 mars 2019 à 10h12 - mis à jour à 11h30", "March 12, 2019 in News with No Comments", "Madrid, a 12 de marzo de 2019",
	"作成日：2019年3月12日", "기사입력 2019.03.12 10:12", "תאריך: 12/03/2019", "News | Date Posted: March 12, 2019",
}

// spokenLines are lines that only speak of one.
var spokenLines = []string{
	"On 12 March 2019 the council voted for the bridge.", "12 March 2019 was a day of joy", "The vote of 12 March 2019", "It was 12 March 2019.",
	"Opening: 3 May 2027", "When: 3 May 2019, 7 pm", "Last login: 26 November 2026, 10:12", "Date of birth: 12 March 1931", "Opening: Friday, 3 May 2027",
	"12 March 1931 – 4 May 2019", "3–5 May 2019, Town Hall", "Registered on 12 March 2019 as a newspaper", "Copyright 12.03.2019 The Herald",
	"12 March 2019: the first vote", "Am 12. März 2019 stimmte der Rat.", "Le 12 mars 2019, le conseil a voté.", "12 марта 2019 года совет проголосовал.",
	"2019年3月12日，市议会投票。", "2019年3月12日、市議会は可決した。", "2019년 3월 12일 시의회는 표결했다.", "في 12 مارس 2019 صوت المجلس.",
	"This article was amended on 12 March 2019 to correct a name.", "By the time they voted on 12 March 2019, the money was gone.",
}

func TestLinesThatTellADate(t *testing.T) {
	for _, line := range toldLines {
		if rule := extract.MentionedBy(line); rule != "" {
			t.Errorf("%q: taken for %s", line, rule)
		}
	}
	for _, line := range spokenLines {
		if rule := extract.MentionedBy(line); rule == "" {
			t.Errorf("%q: taken for a line that tells a date", line)
		}
	}
}

// What stands around a headline and a text on the pages of sites.
const (
	headline = `<h1>Council votes for the new bridge</h1>`
	running  = `<p>The council of Harbourtown voted for the new bridge after a debate of six hours, and the mayor said that the work would begin as soon as the money was found.</p>` +
		`<p>Masons have been at work on the arches of the old one since the winter, and each stone that was lost has been cut anew by hand in the yard.</p>` +
		`<p>Those who live on the far bank had asked for it for years, as the ferry does not go when the wind is high, and the next crossing is an hour away.</p>`
	article = `<article>` + headline + running + `</article>`
)

// standings are pages with the date that is the article's, in small: "" where it has
// none. All are fetched on 27 November 2026.
var standings = []struct{ name, page, want string }{
	{"no date", article, ""},
	{"the text opens with a date", `<article>` + headline + `<p>On 12 March 2019 the council voted.</p>` + running + `</article>`, ""},
	{"a short paragraph speaks of a date", `<div>` + headline + `<div class="c1">` + running + `<p>The bridge was closed on 12 March 2019.</p></div></div>`, ""},
	{"a link in the text", `<article>` + headline + `<p>The council <a href="/x">voted on 12 March 2019</a> for it, said the mayor at the end of the night.</p>` + running + `</article>`, ""},
	{"a time element in the text", `<article>` + headline + `<p>The council voted on <time datetime="2019-03-12">12 March 2019</time>.</p>` + running + `</article>`, ""},
	{"a heading in the text", `<article>` + headline + running + `<h3>12 March 2019: the first vote</h3>` + running + `</article>`, ""},
	{"a line of time", `<article>` + headline + running + `<ul><li>12 March 2019</li><li>4 May 2020</li></ul></article>`, ""},
	{"a row of facts", `<article>` + headline + `<table><tr><th>Vote</th><td>12 March 2019</td></tr></table>` + running + `</article>`, ""},
	{"the date of an event", `<article>` + headline + `<p>When: 3 May 2019, 7 pm</p>` + running + `</article>`, ""},
	{"a post that the text shows", `<article>` + headline + running + `<blockquote><p>We won!</p>— Jane Doe <a href="https://s.example/1">March 12, 2019</a></blockquote></article>`, ""},
	{"the headline speaks of a date", `<article><h1>What happened on 12 March 2019</h1>` + running + `</article>`, ""},
	{"a caption", `<article>` + headline + `<figure><img src="/b.jpg"><figcaption>The bridge on 3 May 1931</figcaption></figure>` + running + `</article>`, ""},

	{"the day of the visit in a header", `<header><a href="/">The Herald</a> <span>Friday, 27 November 2026</span></header>` + article, ""},
	{"another day in a header", `<header><a href="/">The Herald</a> <span>Monday, 12 March 2019</span></header>` + article, ""},
	{"the day of the visit beside the name", `<div class="h"><a href="/">The Herald</a> Friday, 27 November 2026</div>` + article, ""},
	{"the day of the visit in a bar", `<div class="topbar"><span>27. November 2026</span></div>` + article, ""},
	{"the day of the visit above a menu", `<div>2026年11月27日</div><div><a href="/">Home and hearth</a> <a href="/n">News of the day</a> <a href="/s">Sport and games</a> <a href="/w">Weather and tides</a></div>` + article, ""},
	{"the day of the visit alone", `<div>Friday, 27 November 2026</div>` + article, ""},
	{"the day of the visit alone, as a time", `<div><time datetime="2026-11-27">27 November</time></div>` + article, ""},
	{"the day of the visit in the wrapper of the article", `<div id="page"><div>Skip to the text</div><div>27 novembre 2026</div>` + headline + running + `</div>`, ""},
	{"when the page was changed", `<div>Updated: Friday, November 27, 2026 05:12 AM</div>` + article, ""},
	{"the day of the visit below", article + `<div>27 November 2026</div>`, ""},
	{"the last visit", `<div>Last login: 26 November 2026, 10:12</div>` + article, ""},

	{"rights", article + `<div>© 2019-2026 The Herald, 12 March 2019</div>`, ""},
	{"comments", article + `<h3>2 comments</h3><div><b>Joe</b> <span>Posted 12 March 2019 10:12</span><p>I like it.</p></div><div><b>Ann</b> <span>Posted 13 March 2019 10:12</span><p>Me too.</p></div>`, ""},
	{"one comment", article + `<div><b>Joe</b> <span>Posted 12 March 2019 10:12</span><p>I like it very much, and so do my friends.</p></div>`, ""},
	{"others below", article + `<ul><li><a href="/1">A fire in the night burnt the mill</a> <span>12 March 2019</span></li><li><a href="/2">A storm closes the harbour</a> <span>11 March 2019</span></li></ul>`, ""},
	{"others above", `<div><ul><li><a href="/1">A fire in the night</a> <time datetime="2019-03-12">12 March</time></li><li><a href="/2">A storm at sea</a> <time datetime="2019-03-11">11 March</time></li></ul></div>` + article, ""},
	{"others between headline and text", `<article>` + headline + `<div><div><a href="/1">A fire in the night</a><div>Posted on 12 March 2019</div></div><div><a href="/2">A storm at sea</a><div>Posted on 11 March 2019</div></div></div>` + running + `</article>`, ""},

	{"below the headline", `<article>` + headline + `<p>12 March 2019</p>` + running + `</article>`, "12 March 2019"},
	{"today below the headline", `<article>` + headline + `<p>27 November 2026</p>` + running + `</article>`, "27 November 2026"},
	{"below the headline, beside a text that speaks of another", `<article>` + headline + `<p>12 March 2019</p><p>On 3 May 1931 the bridge was opened.</p>` + running + `</article>`, "12 March 2019"},
	{"beside the byline, below the day of the visit", `<div>Friday, 27 November 2026, 05:10</div><article>` + headline + `<p>By Jane Doe, 12 March 2019</p>` + running + `</article>`, "12 March 2019"},
	{"a time element by the byline", `<article>` + headline + `<p>By Jane Doe <time datetime="2019-03-12T10:12:00Z">12 March</time></p>` + running + `</article>`, "2019-03-12T10:12:00Z"},
	{"behind the standfirst", `<article>` + headline + `<p>Six hours of debate ended in joy for the people of the far bank, who had waited long.</p><p>12 March 2019, 10:12</p>` + running + `</article>`, "12 March 2019, 10:12"},
	{"above the headline", `<div class="k"><p>12 March 2019</p></div>` + article, "12 March 2019"},
	{"above the headline, in a header of the article", `<article><header><span>March 12, 2019</span></header>` + headline + running + `</article>`, "March 12, 2019"},
	{"above the headline, beside a portrait", `<main><div><img src="/jane.jpg"><div><a href="/jane">Jane Doe</a></div><div>March 12, 2019</div></div>` + headline + running + `</main>`, "March 12, 2019"},
	{"the first of several posts", `<div>` + headline + `<div class="post"><div>Jane</div><div>12 March 2019, 10:12</div><div>` + running + `</div></div><div class="post"><div>Joe</div><div>13 March 2019, 10:12</div><div><p>I like it very much, and so do all of my friends.</p></div></div></div>`, "12 March 2019, 10:12"},
	{"below a headline that is no heading", `<div class="t">Council votes for the new bridge</div><div>27 November 2026</div><div>` + running + `</div>`, "27 November 2026"},
	{"two moments in a list", `<article>` + headline + `<ul><li>12 March 2019</li><li>Updated 13 March 2019</li></ul>` + running + `</article>`, "12 March 2019"},
	{"in a line of the text's block", `<div>` + headline + `By Jane Doe<br>12 March 2019<br><br>The council of Harbourtown voted for the new bridge after a debate of six hours.<br><br>Masons have been at work on the arches of the old one since the winter, and each stone has been cut anew.</div>`, "12 March 2019"},
	{"in a line of the text's block that speaks of it", `<div>` + headline + `On 12 March 2019 the council voted.<br><br>The council of Harbourtown voted for the new bridge after a debate of six hours.<br><br>Masons have been at work on the arches of the old one since the winter, and each stone has been cut anew.</div>`, ""},
	{"at the foot, with a word", article + `<p>Published 12 March 2019</p>`, "12 March 2019"},
	{"at the foot, alone", `<article>` + headline + running + `<p><em>March 12, 2019</em></p></article>`, "March 12, 2019"},
	{"at the foot, with a place", `<article>` + headline + running + `<p>Harbourtown, 12 March 2019</p></article>`, "12 March 2019"},
	{"at the foot, in a footer of the article", `<article>` + headline + running + `<footer><time datetime="2019-03-12">12 March</time></footer></article>`, "2019-03-12"},
	{"at the foot, under a heading of its own", article + `<div><h3>Harbour fair</h3><time datetime="2026-10-24T20:00:00Z">24 October</time></div>`, ""},
	{"a dateline", `<article>` + headline + `<p>LONDON, March 12, 2019 — The council voted for the bridge after a debate of six hours.</p>` + running + `</article>`, "March 12, 2019"},
	{"a dateline with an agency", `<article>` + headline + `<p>HARBOURTOWN, Maine, March 12, 2019 /WIRE/ -- The council voted for the bridge after a debate of six hours.</p>` + running + `</article>`, "March 12, 2019"},
	{"a text that opens with a day and no dash", `<article>` + headline + `<p>March 12, 2019 will be remembered for long. The council voted for the bridge after a debate of six hours.</p>` + running + `</article>`, ""},
	{"stated for machines", `<header>Friday, 27 November 2026</header><script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Council votes for the new bridge","datePublished":"2018-07-12T10:00:00Z"}</script><article>` + headline + `<p>It was 12 March 2019.</p>` + running + `</article>`, "2018-07-12T10:00:00Z"},
}

func TestWhereADateStands(t *testing.T) {
	for _, tt := range standings {
		t.Run(tt.name, func(t *testing.T) {
			got := system{
				page:    `<html lang="en"><head><title>` + "Council votes for the new bridge" + `</title></head><body>` + tt.page + `</body></html>`,
				address: "https://herald.example/news/bridge",
				truth:   map[string][]string{"at": {"2026-11-27T05:12:00Z"}},
			}.read(t)
			raw := got.Published.Raw
			if got.Published.Basis == news.FirstSeen {
				raw = ""
			}
			if raw != tt.want {
				t.Errorf("got %q (%s), want %q", raw, got.Published.Basis, tt.want)
			}
		})
	}
}
