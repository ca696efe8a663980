package normalize

import (
	_ "embed"
	"strings"

	"copydesk/aggregator/wordtable"
)

//go:embed data/order.tsv
var orderTable string

// An Order says which of two figures of a date comes first.
type Order int8

const (
	OrderUnknown Order = iota
	DayFirst
	MonthFirst
)

// orders are what regions, languages and zones say of 11/10/2022; yearsFirst
// are the languages that begin with the year, monthsFirst those that begin with
// the month where no year is written, generic the country domains that stand
// for no country.
var orders, yearsFirst, monthsFirst, generic = func() (map[string]Order, map[string]bool, map[string]bool, map[string]bool) {
	out, years, months, tlds := map[string]Order{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, row := range wordtable.Rows(orderTable) {
		for name := range strings.FieldsSeq(row[2]) {
			switch {
			case row[0] == "first" && row[1] == "year":
				years[name] = true
			case row[0] == "first":
				months[name] = true
			case row[0] == "generic":
				tlds[name] = true
			default:
				out[row[0]+" "+strings.ToLower(name)] = map[string]Order{"month": MonthFirst, "day": DayFirst, "unsure": OrderUnknown}[row[1]]
			}
		}
	}
	return out, years, months, tlds
}()

func yearComesFirst(language string) bool { return yearsFirst[language] }

// dayMonth tells day from month in 11/10/2022 by what the feed's other dates
// show, else by the language and country of the source; where that leaves two
// readings there is none (ruling 12).
func (r Reading) dayMonth(a, b int) (day, month int, ok bool) {
	switch {
	case a > 12 && b <= 12:
		return a, b, true
	case b > 12 && a <= 12:
		return b, a, true
	case a == b:
		return a, b, true
	}
	switch r.order() {
	case MonthFirst:
		return b, a, true
	case DayFirst:
		return a, b, true
	}
	return 0, 0, false
}

// dayMonth is that of a reading, and keeps what decided between two.
func (d *reader) dayMonth(r Reading, a, b int) (day, month int, ok bool) {
	if max(a, b) <= 12 && a != b {
		d.by.order = r.order()
	}
	return r.dayMonth(a, b)
}

func (r Reading) order() Order {
	if r.Order != OrderUnknown {
		return r.Order
	}
	language, region := primary(r.Language), regionOf(r.Language)
	_, several := orders["language "+language]
	switch {
	case region != "" && (several || language == ""):
		return orderOr("region "+region, DayFirst)
	case language != "":
		if !several {
			return DayFirst
		}
		if o := orders["language "+language]; o != OrderUnknown {
			return o
		}
	}
	if r.Country != "" && !generic[r.Country] {
		return orderOr("region "+r.Country, DayFirst)
	}
	return zoneOrder(r.Zone.String())
}

func orderOr(name string, otherwise Order) Order {
	if o, ok := orders[name]; ok {
		return o
	}
	return otherwise
}

// zoneOrder is what a zone says, or one of those that it is below.
func zoneOrder(zone string) Order {
	zone = "zone " + strings.ToLower(zone)
	if o, ok := orders[zone]; ok {
		return o
	}
	for i := strings.LastIndexByte(zone, '/'); i > 0; i = strings.LastIndexByte(zone[:i], '/') {
		if o, ok := orders[zone[:i+1]]; ok {
			return o
		}
	}
	return OrderUnknown
}

// primary is the language of a tag, in small letters.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch language {
	case "nb", "nn":
		return "no"
	case "iw":
		return "he"
	case "in":
		return "id"
	case "fil":
		return "tl"
	}
	return language
}

// regionOf is the country of a tag, in small letters; empty where it has none.
func regionOf(tag string) string {
	_, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	for part := range strings.SplitSeq(rest, "-") {
		if len(part) == 2 {
			return part
		}
	}
	return ""
}

// orderIn is the order that some dates of one feed show, where one of them can
// be read in one way only and none contradicts it.
func orderIn(raws []string) Order {
	seen := OrderUnknown
	for _, raw := range raws {
		o := shownOrder(raw)
		if o == OrderUnknown {
			continue
		}
		if seen != OrderUnknown && seen != o {
			return OrderUnknown
		}
		seen = o
	}
	return seen
}

// shownOrder is the order that a date shows by a figure above 12.
func shownOrder(raw string) Order {
	if len(raw) > longestDate || !strings.ContainsAny(raw, "/.-") {
		return OrderUnknown
	}
	if _, format := machine(raw); format != "" {
		return OrderUnknown
	}
	d := newReader(tokens(foldDate(raw)), Reading{})
	for i := range d.tokens {
		if o := d.orderAt(i); o != OrderUnknown {
			return o
		}
	}
	return OrderUnknown
}

// orderAt is the order that three figures with marks between them show.
func (d *reader) orderAt(i int) Order {
	a, isA := d.figure(i, 1, 2)
	b, isB := d.figure(i+2, 1, 2)
	c, isC := d.figure(i+4, 2, 4)
	marked := d.mark(i+1, "-/.") && d.mark(i+3, "-/.") && !d.mark(i-1, "-/.")
	switch {
	case !isA || !isB || !isC || !marked:
		return OrderUnknown
	case a > 12 && a <= 31 && b <= 12 && (c > 31 || c <= 12):
		return DayFirst
	case b > 12 && b <= 31 && a <= 12 && c > 31:
		return MonthFirst
	}
	return OrderUnknown
}
