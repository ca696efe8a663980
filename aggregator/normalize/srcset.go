package normalize

import (
	"cmp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"copydesk/aggregator/srcset"
)

// widest is the width, in pixels, beyond which a picture is no better.
const widest = 2048

// best is the address of the largest picture of a set that is not larger than
// anyone needs.
func best(set []srcset.Candidate) string {
	address, largest := "", -1.0
	for _, c := range set {
		if size := c.Size(); size > largest && size <= widest || address == "" {
			address, largest = c.Address, size
		}
	}
	return address
}

// A pictureSet is what a srcset offers, with the sizes that tell which of its
// widths to take.
type pictureSet struct {
	list  []srcset.Candidate
	sizes string
	lazy  bool // it takes the place of what is shown first
}

// setOf is the first set of an element that holds pictures; those with an
// address that may not be published are not among them.
func (c *cleaner) setOf(attr map[string]string) pictureSet {
	for _, key := range pictureWords("lazy-set") {
		set := pictureSet{lazy: key != "srcset", sizes: cmp.Or(srcset.Sizes(attr["sizes"]), srcset.Sizes(attr["data-sizes"]))}
		for _, one := range srcset.Parse(attr[key]) {
			one.Address = c.source(one.Address)
			if one.Address != "" && !counts(one.Address) && !placeholder(one.Address) {
				set.list = append(set.list, one)
			}
		}
		set.list = srcset.OneKind(set.list)
		if len(set.list) > 0 {
			return set
		}
	}
	return pictureSet{}
}

// around is what the <picture> around an image offers: of its sources the first
// of a type that readers can show and that is not for small screens only, else
// the first of all. Whether every reader may have it in place of what the image
// shows itself is told, too.
func (c *cleaner) around(n *xhtml.Node) (set pictureSet, forAll bool) {
	if n.Parent == nil || n.Parent.DataAtom != atom.Picture {
		return pictureSet{}, false
	}
	lowest := 4
	for source := range n.Parent.ChildNodes() {
		if source.DataAtom != atom.Source {
			continue
		}
		attr, rank := attributesOf(source), 0
		if slices.Contains(pictureWords("rare"), strings.ToLower(strings.TrimSpace(attr["type"]))) {
			rank = 2
		}
		if strings.Contains(attr["media"], "max-width") {
			rank++
		}
		if found := c.setOf(attr); len(found.list) > 0 && rank < lowest {
			set, forAll, lowest = found, rank == 0 && strings.TrimSpace(attr["media"]) == "", rank
		}
	}
	return set, forAll
}

// write is a set as attributes.
func (s pictureSet) write(b *strings.Builder, escape func(string) string) {
	b.WriteString(` srcset="` + escape(srcset.Format(s.list)) + `"`)
	if srcset.ByWidth(s.list) {
		b.WriteString(` sizes="` + escape(cmp.Or(s.sizes, srcset.Everywhere)) + `"`)
	}
}
