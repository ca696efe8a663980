package news

import (
	"fmt"
	"strings"
	"time"
)

// An Outlook is what is known of a source when someone asks how it stands.
type Outlook struct {
	Now         time.Time
	State       string // active, failing, paused or gone, as the store names them
	URL         string // where the config has it
	LastSuccess time.Time
	NextDue     time.Time
	Failures    int    // in a row
	Fault       string // of the last pull
	Pushed      bool   // what is new comes by a hub, and pulls only see to it that all came
	Manners     Manners
}

// noticed is from how many answers in a row a fault of a server's validators is
// told.
const noticed = 3

// String says in words how the source stands, what happens next and when.
func (o Outlook) String() string {
	parts := []string{o.past(), o.next()}
	return strings.Join(append(parts, o.notes()...), "; ")
}

func (o Outlook) past() string {
	switch {
	case o.State == "paused":
		return "paused in the config"
	case o.State == "gone":
		return "gone for good, its server says (410)"
	case o.Failures == 0 && o.LastSuccess.IsZero() && o.Fault != "":
		return "new, and could not be asked: " + o.Fault
	case o.Failures == 0 && o.LastSuccess.IsZero():
		return "new"
	case o.Failures == 0 && o.Fault != "":
		return "answered " + span(o.Now.Sub(o.LastSuccess)) + " ago, and could not be asked since: " + o.Fault
	case o.Failures == 0:
		return "answered " + span(o.Now.Sub(o.LastSuccess)) + " ago"
	case o.LastSuccess.IsZero():
		return fmt.Sprintf("failed %s and has never answered: %s", times(o.Failures), o.Fault)
	}
	return fmt.Sprintf("failed %s since it answered %s ago: %s", times(o.Failures), span(o.Now.Sub(o.LastSuccess)), o.Fault)
}

func (o Outlook) next() string {
	switch o.State {
	case "paused":
		return "not asked until that changes"
	case "gone":
		return "not asked again until its address in the config changes, or someone pulls it by name"
	}
	again := "asked again"
	if o.Failures == 0 && o.LastSuccess.IsZero() {
		again = "asked"
	}
	wait := o.NextDue.Sub(o.Now)
	if wait <= 0 {
		return again + " as soon as its turn comes"
	}
	if o.Pushed && o.Failures == 0 {
		return again + " in " + span(wait) + ", to see that its hub has pushed all"
	}
	return again + " in " + span(wait) + because[o.Manners.Because]
}

var because = map[Cause]string{
	CauseFeed:    ", as the feed wishes",
	CauseServer:  ", when its server expects a change",
	CauseAsleep:  ", when the feed is awake",
	CauseFailure: ", for each failure doubles the wait, up to a day",
	CauseRefusal: ", when its server wants to be",
	CauseOurs:    ", for the fault was not its own",
}

// notes are what else an operator should know.
func (o Outlook) notes() (out []string) {
	m := o.Manners
	if n := len(m.Moves); n > 0 && m.Address != "" && m.Address != o.URL {
		out = append(out, fmt.Sprintf("moved for good to %s, asked there since %s", m.Address, m.Moves[n-1].Done.UTC().Format(time.DateOnly)))
	}
	if m.Moving.Pulls > 0 {
		out = append(out, fmt.Sprintf("seems to move to %s, said %s since %s", m.Moving.To, times(m.Moving.Pulls), m.Moving.Since.UTC().Format(time.DateOnly)))
	}
	switch {
	case m.Drifts >= noticed:
		out = append(out, "its ETag changes with every answer though the document does not, so each pull costs a whole download")
	case m.Misses >= noticed:
		out = append(out, "its server sends the whole document though nothing has changed since the validators that it gave us")
	}
	return out
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// span is a length of time in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(d/time.Second, 1))
	case d < time.Hour:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d.Round(time.Hour)/time.Hour)
	}
	return fmt.Sprintf("%d days", d.Round(24*time.Hour)/(24*time.Hour))
}
