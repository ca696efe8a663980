package extract_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/txtartest"
)

// Each file of testdata/listings holds a listing page, its address, and the
// articles that it lists, as a reader would: link, title, date. A page that
// lists none wants nothing. What the operator's selector would lead to must be
// the same, but for a lead that is built otherwise.
func TestListings(t *testing.T) {
	var right, found, wanted int
	txtartest.Each(t, "testdata/listings/*.txtar", 25, func(t *testing.T, a *txtartest.Archive) {
		part := a.Parts()
		opt := extract.Options{URL: strings.TrimSpace(part["address"])}
		got, list := toldListing(t, part["page.html"], opt, extract.ListHints{})
		a.Want(t, got)
		want := links(part["want"])
		for link := range links(got) {
			found++
			if want[link] {
				right++
			}
		}
		wanted += len(want)
		if list == nil {
			return
		}
		if list.Items == "" {
			if a.Name != "clusters" { // two articles in each block
				t.Error("no selector leads to the list")
			}
			return
		}
		again, _ := toldListing(t, part["page.html"], opt, extract.ListHints{Items: list.Items})
		for link := range links(again) {
			if !links(got)[link] {
				t.Errorf("%s leads to %s", list.Items, link)
			}
		}
		if lost := len(links(got)) - len(links(again)); lost > 1 {
			t.Errorf("%s loses %d of the links", list.Items, lost)
		}
	})
	t.Logf("%d of %d links are right, %d were wanted: precision %.3f, recall %.3f", right, found, wanted, float64(right)/float64(found), float64(right)/float64(wanted))
}

func links(told string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(told) {
		if strings.HasPrefix(line, "http") {
			out[strings.TrimSpace(line)] = true
		}
	}
	return out
}

func toldListing(t *testing.T, page string, opt extract.Options, hints extract.ListHints) (string, *extract.Listing) {
	t.Helper()
	list, err := extract.List([]byte(page), opt, hints)
	if errors.Is(err, extract.ErrNoList) {
		return "", nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, it := range list.Feed.Items {
		fmt.Fprintf(&b, "%s\n  %s\n", it.Link, it.Title.Body)
		var dates []string
		for _, d := range it.Dates {
			dates = append(dates, d.Raw)
		}
		if len(dates) > 0 {
			fmt.Fprintf(&b, "  [%s]\n", strings.Join(dates, " | "))
		}
	}
	if list.Next != "" {
		fmt.Fprintf(&b, "next: %s\n", list.Next)
	}
	return b.String(), list
}

// The same page gives the same list each time.
func TestListingIsSteady(t *testing.T) {
	for _, a := range txtartest.Open(t, "testdata/listings/*.txtar", 25) {
		page := a.Parts()["page.html"]
		first, _ := toldListing(t, page, extract.Options{}, extract.ListHints{})
		for range 3 {
			if again, _ := toldListing(t, page, extract.Options{}, extract.ListHints{}); again != first {
				t.Errorf("%s: %s", a.Name, cmp.Diff(first, again))
			}
		}
	}
}

func TestListingBySelectors(t *testing.T) {
	page := `<html><body>
<div class="n"><p class="k">Lead</p><a class="pic" href="/pic/1"><img src="/x.jpg"><b>Big words in the picture of the lead</b></a><a class="t" href="/1">One</a><q>Short.</q><u data-x>1 Nov 2026</u></div>
<div class="n"><a class="t" href="/2">Two</a><q>Shorter.</q><u>2 Nov 2026</u></div>
<div class="n">An advertisement</div>
<a class="more" href="?p=2">2</a></body></html>`
	hints := extract.ListHints{Items: "div.n", Link: "a.t", Date: "u", Summary: "q", Image: "a.pic", Next: "a.more"}
	list, err := extract.List([]byte(page), extract.Options{URL: "https://a.example/news"}, hints)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range list.Feed.Items {
		got = append(got, it.Link, it.Title.Body, it.Dates[0].Raw, it.Summary.Body, it.Image)
	}
	want := []string{"https://a.example/1", "One", "1 Nov 2026", "Short.", "https://a.example/x.jpg", "https://a.example/2", "Two", "2 Nov 2026", "Shorter.", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list.Next != "https://a.example/news?p=2" {
		t.Errorf("goes on at %q", list.Next)
	}
	for css, want := range map[string]string{"div.gone": "leads to nothing", "p.k": "none of what it leads to holds a link", "[": "list.items"} {
		if _, err := extract.List([]byte(page), extract.Options{}, extract.ListHints{Items: css}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", css, err, want)
		}
	}
}

// What is made to cost much is refused, or read within bounds.
func TestHostileListings(t *testing.T) {
	var flat, deep, ways strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&flat, "<li><a href=/story/%d>A headline of the story with number %d</a>", i, i)
		fmt.Fprintf(&ways, "<p class=c%c%c%c><a href=/story/%d>A headline of the story with number %d</a> 1 November 2026", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, i, i)
	}
	for i := range 500 {
		fmt.Fprintf(&deep, "<div><a href=/story/%d>A headline of the story with number %d</a>", i, i)
	}
	for name, page := range map[string]string{"flat": flat.String(), "deep": deep.String(), "of many ways": ways.String()} {
		list, err := extract.List([]byte(page), extract.Options{URL: "https://a.example/"}, extract.ListHints{})
		if err == nil && len(list.Feed.Items) > 500 {
			t.Errorf("%s: got %d items, want 500 at most", name, len(list.Feed.Items))
		}
	}
	for name, c := range map[string]struct {
		page string
		want error
	}{
		"too large":   {strings.Repeat(" ", 11<<20), extract.ErrTooLarge},
		"too complex": {strings.Repeat("<a href=/x>", 10_000), extract.ErrTooComplex},
	} {
		if _, err := extract.List([]byte(c.page), extract.Options{}, extract.ListHints{}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
