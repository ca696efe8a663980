package normalize

import (
	"slices"
	"strings"
	"unicode"

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
	if len(line) > longestPlain || !plainLetters(line) {
		return Line{}, false
	}
	if n := len(line); n > 1 && line[0] == '(' && line[n-1] == ')' {
		line = line[1 : n-1]
	}
	lower := lowered(line)
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
	listed := strings.Contains(text, ",") // where "Van Dam" could be a family name alone
	comma := false
	for more := true; more; {
		var name string
		behindComma := comma
		name, text, comma, more = cutPlain(text)
		switch {
		case plainName(name, !listed, inText):
			l.add(news.Person{Name: name, Role: role})
		case behindComma && !more && role == news.Author && plainAgency(name):
			l.Credit = name
		default:
			return false
		}
	}
	return true
}

// cutPlain cuts a text at the first comma behind a word or "and" between two.
func cutPlain(text string) (name, rest string, comma, more bool) {
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && text[end] != ' ' {
			end++
		}
		w, behind := text[i:end], text[min(end+1, len(text)):]
		switch {
		case strings.HasSuffix(w, ","):
			return text[:end-1], behind, true, true
		case plainAnd(w):
			return text[:max(i-1, 0)], behind, false, true
		}
		i = end + 1
	}
	return text, "", false, false
}

// plainAgency reports one word that is an agency for copy and nothing else.
func plainAgency(w string) bool {
	o := in(registry(), w)
	return o.agency && !o.picture && acronyms()[w].name == ""
}

// plain reports two or three words with capitals, none of which means anything to
// us: most names, which need no closer look.
func plain(text string) bool { return plainName(text, true, false) }

// plainName is plain where a particle may open a name or may not, and in a text,
// where a word of sentences is none of a name.
func plainName(text string, particle, inText bool) bool {
	start, words := 0, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' {
			continue
		}
		w := text[start:i]
		if words > 2 || !plainWord(w) && !(particle && words == 0 && plainParticle(w)) || inText && in(sentenceOnly(), w) {
			return false
		}
		start = i + 1
		words++
	}
	return words == 2 || words == 3
}

// lastLatin is behind the letters of the Latin script that European languages have;
// those of Vietnamese mean too much.
const lastLatin = 0x24f

// plainLetters reports ASCII and the letters of European languages.
func plainLetters(s string) bool {
	for _, r := range s {
		if r < ' ' || r > '~' && (r < 0xc0 || r > lastLatin || !unicode.IsLetter(r)) {
			return false
		}
	}
	return true
}

// plainAnd reports an "and" that parts names wherever it stands.
func plainAnd(w string) bool {
	return isLowerWord(w) && in(ands(), w) && !in(betweens(), w) && !slices.Contains(andsOrIns(), w)
}

// plainWord reports a word with a capital that means nothing to us.
func plainWord(w string) bool { return namelike(w) && !in(meaningful(), w) }

// plainFamily reports a family name, or two that a hyphen ties, that mean nothing to us.
func plainFamily(text string) bool {
	first, second, tied := strings.Cut(text, "-")
	return plainWord(first) && (!tied || plainWord(second))
}

// plainInitials reports capitals with full stops, as scholars write given names, that
// are no degree: "M. C.".
func plainInitials(text string) bool {
	for i := 0; i < len(text); i += len("M. ") {
		behind := text[min(i+2, len(text)):]
		if i+1 >= len(text) || text[i] < 'A' || text[i] > 'Z' || text[i+1] != '.' || behind != "" && (behind[0] != ' ' || len(behind) == 1) {
			return false
		}
	}
	return text != "" && !isDegree(text) && !in(noise(), text)
}

// plainParticle reports a particle with a capital, which a name may open with: "Al
// Kerr".
func plainParticle(w string) bool {
	return namelike(w) && in(particles(), w) && !in(articles(), w)
}

// namelike reports a capital and small letters behind it.
func namelike(w string) bool {
	for i, r := range w {
		if r > lastLatin || i == 0 && !unicode.IsUpper(r) || i > 0 && !unicode.IsLower(r) {
			return false
		}
	}
	return len(w) > 1
}
