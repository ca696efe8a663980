package normalize

import (
	"strings"

	"copydesk/aggregator/news"
)

// longestPlain is the longest line, in bytes, that plainLine reads.
const longestPlain = 200

// plainLine reads a line of which no word needs a closer look, as most are: people
// whose names mean nothing else to us, each list of them behind a role word, and
// an agency behind the authors, "By Ann Lee and Jo Roy, Reuters", "(Reporting by
// Ann Lee; Editing by Al Kerr)". It says what the other rules would, at a tenth of
// their cost. role is what people did where no word says so; where it is empty, a
// word must.
func plainLine(line string, role news.Role) (out Line, ok bool) {
	if len(line) > longestPlain || !ascii(line) {
		return Line{}, false
	}
	if n := len(line); n > 1 && line[0] == '(' && line[n-1] == ')' {
		line = line[1 : n-1]
	}
	lower := strings.ToLower(line)
	more := strings.Contains(line, ";")
	for start := 0; start <= len(line); {
		end := len(line)
		if i := strings.IndexByte(line[start:], ';'); i >= 0 {
			end = start + i
		}
		for start < end && line[start] == ' ' {
			start++
		}
		text, did := line[start:end], role
		if rest, w, worded := opened(text, lower[start:end]); worded {
			if text, did = rest, w.role; w.gap != 0 || !plainRoles[did] {
				return Line{}, false
			}
		} else if more || role == "" {
			return Line{}, false
		}
		if !out.plainList(text, did, role == "") {
			return Line{}, false
		}
		start = end + 1
	}
	out.settle()
	out.rules = plainly
	return out, true
}

// plainly is what plainLine says of how it read a line.
var plainly = []reading{{rule: "names that mean nothing else"}}

// plainRoles are the roles that a word may give people in a plain line.
var plainRoles = map[news.Role]bool{news.Author: true, news.Editor: true, news.Photographer: true, news.Illustrator: true, news.Translator: true}

// plainList adds people who are parted by commas or by "and", and the agency behind
// them. In a text, a word that sentences are made of shows that it goes on.
func (l *Line) plainList(text string, role news.Role, inText bool) bool {
	words, start := 0, 0
	listed := strings.Contains(text, ",") // where "Van Dam" could be a family name alone
	for i := 0; i <= len(text); {
		end := i
		for end < len(text) && text[end] != ' ' {
			end++
		}
		w := text[i:end]
		bare := strings.TrimSuffix(w, ",")
		last := end == len(text)
		switch {
		case w == andEnglish() && !last && (words == 2 || words == 3):
			l.add(news.Person{Name: text[start : i-1], Role: role})
			start, words = end+1, 0
		case last && words == 0 && start > 0 && bare == w && text[start-2] == ',' && role == news.Author && plainAgency(w):
			l.Credit = w
			return true
		case !plainWord(bare) && !(words == 0 && !listed && plainParticle(bare)), inText && in(sentenceOnly(), bare):
			return false
		default:
			if words++; words > 3 || words < 2 && (last || bare != w) {
				return false
			}
			if bare != w && !last {
				l.add(news.Person{Name: text[start : end-1], Role: role})
				start, words = end+1, 0
			} else if bare != w {
				return false
			}
		}
		i = end + 1
	}
	if words != 2 && words != 3 {
		return false
	}
	l.add(news.Person{Name: text[start:], Role: role})
	return true
}

// plainAgency reports one word that is an agency for copy and nothing else.
func plainAgency(w string) bool {
	o := in(registry(), w)
	return o.agency && !o.picture && acronyms()[w].name == ""
}

// plain reports two or three words of ASCII with capitals, none of which means
// anything to us: most names, which need no closer look.
func plain(text string) bool {
	start, words := 0, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' {
			continue
		}
		if w := text[start:i]; !plainWord(w) && !(words == 0 && plainParticle(w)) {
			return false
		}
		start = i + 1
		words++
	}
	return words == 2 || words == 3
}

// plainWord reports a word of ASCII with a capital that means nothing to us.
func plainWord(w string) bool {
	return len(w) > 1 && w[0] >= 'A' && w[0] <= 'Z' && isLowerASCII(w[1:]) && !in(meaningful(), w)
}

// plainParticle reports a particle with a capital, which a name may open with: "Al
// Kerr".
func plainParticle(w string) bool {
	return len(w) > 1 && w[0] >= 'A' && w[0] <= 'Z' && isLowerASCII(w[1:]) && in(particles(), w) && !in(articles(), w)
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}
