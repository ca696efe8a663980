package parse

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What an item may hold. No honest feed comes near these; they keep what a
// hostile one costs in proportion to its size, since names, addresses and lists
// are looked at more than once after this.
const (
	maxDepth     = 512 // of elements outside CDATA
	maxItems     = 10_000
	maxKids      = 4000    // elements of an item that are looked at
	maxLine      = 4 << 10 // bytes of a title, a name, a date
	maxSummary   = 1 << 20 // bytes of a summary
	maxAddress   = 8 << 10 // bytes; a longer one is left out, since a cut one leads elsewhere
	maxPeople    = 200
	maxList      = 200 // categories, enclosures, dates, credit lines
	tooMany      = "the document has more than 10,000 items; the rest were left out"
	tooLong      = "an item has an overlong field or list; the rest of it was left out"
	addressLimit = "an item has an overlong address, which was left out"
)

// Bound cuts what is out of all proportion, and says so in the warnings.
func (f *Feed) Bound() {
	var b bounder
	if len(f.Items) > maxItems {
		f.Items = f.Items[:maxItems]
		f.Warnings = append(f.Warnings, tooMany)
	}
	b.lines(&f.Title.Body, &f.Description.Body, &f.Language, &f.Rights)
	b.addresses(&f.ID, &f.HomePage, &f.Self, &f.Image, &f.Base)
	f.Hubs = shortened(&b, f.Hubs)
	for i := range f.Hubs {
		b.addresses(&f.Hubs[i])
	}
	b.people(&f.Authors)
	for i := range f.Items {
		b.item(&f.Items[i])
	}
	f.Warnings = append(f.Warnings, b.warnings...)
}

// A bounder notes once what it had to cut.
type bounder struct{ warnings []string }

func (b *bounder) item(it *Item) {
	b.lines(&it.Title.Body, &it.Language, &it.Rights, &it.ImageCaption, &it.ImageCredit, &it.Origin.Name, &it.Section)
	b.cut(&it.Summary.Body, maxSummary)
	b.addresses(&it.ID, &it.Link, &it.External, &it.Base, &it.Image, &it.Canonical, &it.Origin.URL, &it.Origin.ID, &it.Title.Base, &it.Summary.Base, &it.Content.Base)
	b.people(&it.People)
	it.Categories = shortened(b, it.Categories)
	it.CreditLines = shortened(b, it.CreditLines)
	it.Breadcrumb = shortened(b, it.Breadcrumb)
	it.Dates = shortened(b, it.Dates)
	it.Enclosures = shortened(b, it.Enclosures)
	for i := range it.Categories {
		b.lines(&it.Categories[i])
	}
	for i := range it.CreditLines {
		b.lines(&it.CreditLines[i])
	}
	for i := range it.Dates {
		b.lines(&it.Dates[i].Raw)
	}
	for i := range it.Enclosures {
		b.addresses(&it.Enclosures[i].URL)
		b.lines(&it.Enclosures[i].Title, &it.Enclosures[i].Credit, &it.Enclosures[i].Type)
	}
}

func (b *bounder) people(list *[]Person) {
	if len(*list) > maxPeople {
		*list = (*list)[:maxPeople]
		b.warn(tooLong)
	}
	for i := range *list {
		p := &(*list)[i]
		b.lines(&p.Name, &p.Email, &p.Role)
		b.addresses(&p.URL)
	}
}

func shortened[T any](b *bounder, list []T) []T {
	if len(list) > maxList {
		b.warn(tooLong)
		return list[:maxList]
	}
	return list
}

func (b *bounder) lines(fields ...*string) {
	for _, f := range fields {
		b.cut(f, maxLine)
	}
}

// cut shortens a field to at most n bytes, at the end of a rune.
func (b *bounder) cut(field *string, n int) {
	if len(*field) <= n {
		return
	}
	for n > 0 && !utf8.RuneStart((*field)[n]) {
		n--
	}
	*field = strings.Clone((*field)[:n])
	b.warn(tooLong)
}

func (b *bounder) addresses(fields ...*string) {
	for _, f := range fields {
		if len(*f) > maxAddress {
			*f = ""
			b.warn(addressLimit)
		}
	}
}

func (b *bounder) warn(text string) {
	if !slices.Contains(b.warnings, text) {
		b.warnings = append(b.warnings, text)
	}
}
