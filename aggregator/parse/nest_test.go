package parse

import (
	"fmt"
	"testing"
)

// What is open and never ends is not looked through for an end tag that ends none
// of it: a megabyte of such took minutes. Beyond the innermost, names are counted;
// these lie, so that whoever looks there instead finds what there is not.
func TestEndsWithoutStartsLookAtFew(t *testing.T) {
	const levels = maxDepth
	var n nest[tag]
	for i := range levels {
		n.begin(tag{name: fmt.Sprintf("a%d", i)})
	}
	if closed, ok := n.end("b"); ok {
		t.Fatalf("an end without a start closed %d elements", len(closed))
	}
	for i := range n.open[:levels-innermost] {
		n.open[i].name = "b"
	}
	for range levels {
		if closed, ok := n.end("b"); ok {
			t.Fatalf("an end without a start was looked for %d levels up", len(closed))
		}
	}
	if closed, _ := n.end(fmt.Sprintf("a%d", levels-innermost)); len(closed) != innermost {
		t.Errorf("an end among the innermost closed %d elements, want %d", len(closed), innermost)
	}
}
