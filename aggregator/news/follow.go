package news

import (
	"fmt"
	"strings"
	"time"
)

// A Follow is what is remembered of reading an article's page.
type Follow struct {
	Article Article // as it stands
	Feed    Article // as its feed says it; the Article where no page was read
	Page    *Page   // as its page says it; nil before that was read

	State      FollowState
	NextAt     time.Time // when it is to be read again; zero for never
	Tries      int       // in vain, since it was last read
	Reason     string    // why not, or why no more, in words; empty when all is well
	Validators Validators
}

// A FollowState says how the reading of an article's page has gone.
type FollowState string

const (
	FollowWaiting FollowState = "waiting" // it has not been read yet
	FollowRead    FollowState = "read"
	FollowPaid    FollowState = "paid"    // read, but its text is not free: the feed's stays
	FollowMissing FollowState = "missing" // there is no such page
	FollowRefused FollowState = "refused" // it is not ours to read: robots.txt, a wall, no HTML
	FollowFailed  FollowState = "failed"  // given up
)

// A Page is an article as its own page says it, with how that was known.
type Page struct {
	Article   Article
	Paid      bool              // its text is not free to read, and may be only the beginning
	Witnesses map[string]string // of each field, the part of the page that was believed
}

// A FollowResult is how one reading of an article's page ended, as the store
// keeps it.
type FollowResult struct {
	Article    Key
	At         time.Time
	State      FollowState
	NextAt     time.Time
	Tries      int
	Reason     string
	Validators Validators
	Page       *Page // nil where nothing new was read: what the page said before holds
	Disowned   bool  // what the page said before does not hold: the article is as its feed has it

	// Merge makes an article of what its feed and its page say. It and Place are
	// called inside the transaction.
	Merge func(feed Article, page Page) Article
	Place func(*Article) []Placement
}

// Followed counts a source's articles by how reading their pages has gone.
type Followed map[FollowState]int

// String tells the counts in words; empty when no page is followed.
func (f Followed) String() string {
	var parts []string
	for _, p := range []struct {
		state FollowState
		words string
	}{
		{FollowRead, "read"}, {FollowPaid, "not free to read"}, {FollowMissing, "missing"},
		{FollowRefused, "refused"}, {FollowFailed, "given up"}, {FollowWaiting, "to be read"},
	} {
		if n := f[p.state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p.words))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "article pages: " + strings.Join(parts, ", ")
}
