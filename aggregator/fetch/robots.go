package fetch

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// ourToken is what robots.txt files call us by (RFC 9309 §2.2.1).
const ourToken = "copydesk"

// mostDelay bounds what a Crawl-delay may ask for.
const mostDelay = time.Minute

// rules are what a site's robots.txt says to us. The matcher is our own: the
// usual library for it is older than RFC 9309, matches otherwise, and is no
// longer kept.
type rules struct {
	list  []rule
	delay time.Duration // between two requests (Crawl-delay, which is in no RFC and in many files)
	away  bool          // the file could not be had; nothing is allowed meanwhile (§2.3.1.4)
}

type rule struct {
	pattern string // in canonical form
	allow   bool
}

// parseRobots reads the groups that name us, else those for all (§2.2.1).
func parseRobots(text []byte) *rules {
	var ours, all rules
	named := false // a group of ours was met
	var group []*rules
	open := false // the group's user-agent lines may go on
	for line := range bytes.FieldsFuncSeq(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := record(string(line))
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !open {
				group, open = nil, true
			}
			switch token := product(value); {
			case token == ourToken:
				named = true
				group = append(group, &ours)
			case token == "*":
				group = append(group, &all)
			}
		case "allow", "disallow":
			open = false
			for _, r := range group {
				r.add(value, key == "allow")
			}
		case "crawl-delay":
			for _, r := range group {
				r.slow(value)
			}
		}
	}
	if named {
		return &ours
	}
	return &all
}

// record cuts a line into its key, in lower case, and its value.
func record(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// product is the product token that a user-agent line begins with, in lower
// case: letters, hyphens and underscores.
func product(value string) string {
	if value == "*" || strings.HasPrefix(value, "* ") {
		return "*"
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(value)
	}
	return strings.ToLower(value[:end])
}

func (r *rules) add(pattern string, allow bool) {
	if pattern != "" { // an empty one says nothing
		r.list = append(r.list, rule{canonical(pattern, true), allow})
	}
}

func (r *rules) slow(value string) {
	if n, err := strconv.ParseFloat(value, 64); err == nil && n > 0 {
		r.delay = max(r.delay, min(time.Duration(min(n, 1e6)*float64(time.Second)), mostDelay))
	}
}

// allows reports whether a path with its query may be read, and the rule that
// decides: the longest that matches, and of two as long the one that allows
// (§2.2.2).
func (r *rules) allows(path string) (bool, string) {
	if r.away {
		return false, ""
	}
	path = canonical(path, false)
	best := rule{allow: true}
	for _, one := range r.list {
		longer := len(one.pattern) > len(best.pattern) || len(one.pattern) == len(best.pattern) && one.allow
		if longer && matches(one.pattern, path) {
			best = one
		}
	}
	return best.allow, best.pattern
}

// matches holds a canonical pattern against a canonical path: from the
// beginning, * being anything and $ the end.
func matches(pattern, path string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	pieces := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, pieces[0])
	if !ok {
		return false
	}
	pieces = pieces[1:]
	if len(pieces) == 0 {
		return !whole || rest == ""
	}
	for _, piece := range pieces[:len(pieces)-1] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	last := pieces[len(pieces)-1]
	if whole {
		return strings.HasSuffix(rest, last)
	}
	return strings.Contains(rest, last)
}

// canonical writes paths so that equal ones are equal bytes (§2.2.2): what need
// not be escaped is not, all else is, in capitals. A path's own * and $ are
// escaped, and a pattern's $ that stands before its end.
func canonical(s string, pattern bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				i += 2
				if isUnreserved(byte(n)) {
					b.WriteByte(byte(n))
				} else {
					escape(&b, byte(n))
				}
				continue
			}
		}
		wild := pattern && (c == '*' || c == '$' && i == len(s)-1)
		if c <= ' ' || c >= 0x7f || (c == '*' || c == '$') && !wild {
			escape(&b, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func escape(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.Write([]byte{'%', digits[c>>4], digits[c&15]})
}

// isUnreserved is RFC 3986 §2.3.
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
