package extract_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"copydesk/aggregator/extract"
)

// Each file of testdata/listings holds a listing page, its address, and the
// articles that it lists, as a reader would: link, title, date. A page that
// lists none wants nothing. What the operator's selector would lead to must be
// the same.
func TestListings(t *testing.T) {
	files, err := filepath.Glob("testdata/listings/*.txtar")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d fixtures (%v), want 25", len(files), err)
	}
	var right, found, wanted int
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			part := parts(t, file)
			opt := extract.Options{URL: strings.TrimSpace(part["address"])}
			got, list := toldListing(t, part["page.html"], opt, extract.ListHints{})
			if diff := cmp.Diff(part["want"], got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
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
				t.Error("no selector leads to the list")
				return
			}
			again, _ := toldListing(t, part["page.html"], opt, extract.ListHints{Items: list.Items})
			for link := range links(again) {
				if !links(got)[link] {
					t.Errorf("%s leads to %s", list.Items, link)
				}
			}
		})
	}
	t.Logf("%d of %d links are right, %d were wanted: precision %.3f, recall %.3f", right, found, wanted, float64(right)/float64(found), float64(right)/float64(wanted))
}

func parts(t *testing.T, file string) map[string]string {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := map[string]string{}
	for _, f := range ar.Files {
		part[f.Name] = string(f.Data)
	}
	return part
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
