package extract

import (
	"fmt"
	"slices"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
)

// Hints say where a stubborn site keeps what is read from its pages, as CSS
// selectors; empty ones leave it to the page's witnesses.
type Hints struct {
	Body   string
	Remove []string // from the body
	Byline string
	Date   string
	Title  string
}

// CheckSelector reports what is wrong with a CSS selector.
func CheckSelector(css string) error {
	if _, err := cascadia.Compile(css); err != nil {
		return fmt.Errorf("%q is no CSS selector: %w", css, err)
	}
	return nil
}

// hinted is the text that a hint leads to; empty where there is no hint, or it
// leads nowhere.
func (p *page) hinted(field string) string {
	s := p.pointed(field)
	switch {
	case s == nil:
		return ""
	case field == "date":
		return firstOf(s.AttrOr("datetime", ""), s.AttrOr("content", ""), briefOf(s, maxCreditLine))
	}
	return firstOf(briefOf(s, longestTitle), s.AttrOr("content", ""))
}

// pointed is the element that a hint leads to; nil where there is none.
func (p *page) pointed(field string) *goquery.Selection {
	css := p.opt.Hints.of(field)
	if css == "" {
		return nil
	}
	s := p.find(css)
	if s.Length() == 0 {
		warning := fmt.Sprintf("the source's hint page.%s: %q leads to nothing on this page", field, css)
		if !slices.Contains(p.warnings, warning) {
			p.warnings = append(p.warnings, warning)
		}
		return nil
	}
	return s
}

// find is the first element that a selector of a hint leads to.
func (p *page) find(css string) *goquery.Selection {
	sel, err := cascadia.Compile(css)
	if err != nil { // the config was checked; a hint that is none leads nowhere
		return &goquery.Selection{}
	}
	return p.doc.FindMatcher(goquery.SingleMatcher(sel))
}

func (h Hints) of(field string) string {
	switch field {
	case "body":
		return h.Body
	case "byline":
		return h.Byline
	case "date":
		return h.Date
	case "title":
		return h.Title
	}
	return ""
}

// unwanted marks the elements that hints take out of the body.
func (p *page) unwanted() map[int]bool {
	out := map[int]bool{}
	for _, css := range p.opt.Hints.Remove {
		sel, err := cascadia.Compile(css)
		if err != nil {
			continue
		}
		for _, s := range p.doc.FindMatcher(sel).EachIter() {
			if i, ok := p.outline.at[s.Nodes[0]]; ok {
				out[i] = true
			}
		}
	}
	return out
}
