package aggregator

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
)

const (
	keptDays = 28 // of daily counts

	// keptCounts is how many articles the counts of dates, domains and languages
	// tell of; older ones fade.
	keptCounts = 200

	// brokenAfter is how many failures in a row are worth an alert.
	brokenAfter = 3

	rhythmFrom = 5 // articles, before a source is said to have a rhythm

	// A source is known by its domain or language when this many articles have
	// shown it and this share of them agrees; then so many strangers that come
	// together are worth an alert.
	knownBy     = 10
	knownShare  = 0.8
	strangeFrom = 3
)

// examine is how a source is after a pull. fresh are the articles that were new
// to the shelf, renamed how many others it had under another id.
func examine(src news.Source, due news.Due, pull news.Pull, fresh []*news.Article, renamed int) news.Health {
	h := due.Health
	if pull.Outcome == news.OutcomeChanged {
		h = counted(h, src, pull, fresh, renamed)
	}
	h.Alerts = standing(due, pull, h, fresh)
	return h
}

// examiner is what the shelf asks for a source's health; nil where a pull that
// brought nothing leaves it as it was.
func examiner(src news.Source, due news.Due, pull news.Pull) func([]*news.Article, int) news.Health {
	if pull.Outcome != news.OutcomeChanged {
		h := examine(src, due, pull, nil, 0)
		if slices.Equal(h.Alerts, due.Health.Alerts) {
			return nil
		}
		return func([]*news.Article, int) news.Health { return h }
	}
	return func(fresh []*news.Article, renamed int) news.Health { return examine(src, due, pull, fresh, renamed) }
}

// counted adds what was new.
func counted(h news.Health, src news.Source, pull news.Pull, fresh []*news.Article, renamed int) news.Health {
	h.Doubled, h.Renamed = pull.Doubled, renamed
	if len(fresh) == 0 {
		return h
	}
	h.Newest = pull.At
	h.Daily = slices.Clone(h.Daily)
	today := news.DayOf(pull.At)
	if len(h.Daily) == 0 {
		h.Daily, h.Day = []int{0}, today
	}
	for ; h.Day < today; h.Day++ {
		h.Daily = append(h.Daily[max(0, len(h.Daily)-keptDays+1):], 0)
	}
	h.Daily[len(h.Daily)-1] += len(fresh)
	h.Dates, h.Hosts, h.Languages = maps.Clone(h.Dates), maps.Clone(h.Hosts), maps.Clone(h.Languages)
	for _, a := range fresh {
		count(&h.Dates, a.Published.Basis)
		if _, ahead := normalize.DatedAhead(src, a); ahead {
			h.Ahead++
			if a.Published.Basis == news.FirstSeen {
				h.Far++
			}
		}
		count(&h.Hosts, domain(a.OriginalURL))
		count(&h.Languages, primary(a.Language))
	}
	if fade(h.Dates) {
		h.Ahead, h.Far = h.Ahead/2, h.Far/2
	}
	fade(h.Hosts)
	fade(h.Languages)
	return h
}

// count adds one; what is unknown is not counted.
func count[K ~string](m *map[K]int, k K) {
	if k == "" {
		return
	}
	if *m == nil {
		*m = map[K]int{}
	}
	(*m)[k]++
}

// fade halves counts that tell of too much, and reports that it did.
func fade[K ~string](m map[K]int) bool {
	if total(m) <= keptCounts {
		return false
	}
	for k, n := range m {
		if m[k] = n / 2; n < 2 {
			delete(m, k)
		}
	}
	return true
}

func total[K ~string](m map[K]int) int {
	sum := 0
	for _, n := range m {
		sum += n
	}
	return sum
}

// most is the key that is counted most, and its share.
func most[K ~string](m map[K]int) (K, float64) {
	var best K
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if m[k] > m[best] {
			best = k
		}
	}
	if best == "" {
		return best, 0
	}
	return best, float64(m[best]) / float64(total(m))
}

// domain is the part of an address's host that somebody has registered.
func domain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

func primary(language string) string {
	tag, _, _ := strings.Cut(language, "-")
	return strings.ToLower(tag)
}

// strangers says in words what of the new articles does not fit a source that
// was known by its domain or language; empty when all does. They are familiar
// when they show both that it is known by.
func strangers(h news.Health, fresh []*news.Article) (strange string, familiar bool) {
	if len(fresh) == 0 { // as in most pulls
		return "", false
	}
	hosts, languages := map[string]int{}, map[string]int{}
	for _, a := range fresh {
		count(&hosts, domain(a.OriginalURL))
		count(&languages, primary(a.Language))
	}
	var found []string
	if was, is, ok := stranger(h.Hosts, hosts); ok {
		found = append(found, fmt.Sprintf("its articles lead to %s instead of %s", is, was))
	}
	if was, is, ok := stranger(h.Languages, languages); ok {
		found = append(found, fmt.Sprintf("they are in %q instead of %q", is, was))
	}
	return strings.Join(found, ", and "), shows(hosts, h.Hosts) && shows(languages, h.Languages)
}

// shows reports that fresh has what is most known.
func shows(fresh, known map[string]int) bool {
	k, _ := most(known)
	return k == "" || fresh[k] > 0
}

// spoken is the language that nearly all newest articles are in; empty where there is
// none.
func spoken(h news.Health) string {
	if language, share := most(h.Languages); share >= knownShare {
		return language
	}
	return ""
}

func stranger(known, fresh map[string]int) (was, is string, ok bool) {
	was, share := most(known)
	is, _ = most(fresh)
	if total(known) < knownBy || share < knownShare || total(fresh) < strangeFrom {
		return was, is, false
	}
	for k := range fresh {
		if known[k] > 0 {
			return was, is, false
		}
	}
	return was, is, true
}

// standing are the alerts that stand after a pull: those that stood and are not
// over, and new ones.
func standing(due news.Due, pull news.Pull, h news.Health, fresh []*news.Article) []news.Alert {
	var out []news.Alert
	for _, found := range []news.Alert{
		{Kind: news.AlertBroken, Text: broken(due, pull)},
		{Kind: news.AlertSilent, Text: silent(due, pull, h)},
		{Kind: news.AlertHijacked, Text: hijacked(due, fresh)},
	} {
		if found.Text == "" {
			continue
		}
		found.Since = pull.At
		if stood, ok := due.Health.Alert(found.Kind); ok {
			found = stood // told already, in the words of that time
		}
		out = append(out, found)
	}
	return out
}

func broken(due news.Due, pull news.Pull) string {
	switch {
	case pull.Pushed, pull.Spared: // which say nothing of pulling it
		return kept(due, news.AlertBroken)
	case pull.Gone:
		return pull.Fault
	case pull.Outcome == news.OutcomeFailed && due.Failures+1 >= brokenAfter:
		return fmt.Sprintf("%d pulls in a row have failed: %s", due.Failures+1, pull.Fault)
	}
	return ""
}

// silent speaks of a source that has a rhythm and brings nothing any more. What
// it cannot be blamed for, as while it fails, keeps an alert that stands and
// raises none.
func silent(due news.Due, pull news.Pull, h news.Health) string {
	if pull.Outcome == news.OutcomeFailed || total(h.Dates) < rhythmFrom {
		return kept(due, news.AlertSilent)
	}
	quiet := pull.At.Sub(h.Newest)
	if quiet <= patience(due.Recent, h) {
		return ""
	}
	return fmt.Sprintf("nothing new for %d hours, against its rhythm", quiet/time.Hour)
}

// patience is how long a source may be quiet: twice its longest recent gap,
// and twice the longest run of days on which nothing came; three days at least,
// or one where no day of two weeks was empty.
func patience(recent []time.Time, h news.Health) time.Duration {
	const day = 24 * time.Hour
	longest, run, empty := time.Duration(0), 0, 0
	for i := 1; i < len(recent); i++ {
		longest = max(longest, recent[i-1].Sub(recent[i]))
	}
	for _, n := range h.Daily {
		if run++; n > 0 {
			run = 0
		}
		empty = max(empty, run)
	}
	least := 3 * day
	if len(h.Daily) >= 14 && empty == 0 {
		least = day
	}
	return max(least, 2*longest, time.Duration(2*empty)*day)
}

// hijacked speaks of strangers, until what the source was known by is back or
// the strangers have become it.
func hijacked(due news.Due, fresh []*news.Article) string {
	strange, familiar := strangers(due.Health, fresh)
	switch {
	case strange != "":
		return "it may have been taken over, or have moved: " + strange
	case familiar:
		return ""
	}
	return kept(due, news.AlertHijacked)
}

// kept are the words of an alert that stands; empty when none does.
func kept(due news.Due, kind news.AlertKind) string {
	a, _ := due.Health.Alert(kind)
	return a.Text
}
