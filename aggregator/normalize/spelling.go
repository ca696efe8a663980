package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/news"
)

// houseStyle spells a person or body by the rules of the house.
func houseStyle(p news.Person) string {
	if p.Organization {
		return bodyCase(p.Name)
	}
	if strings.ContainsFunc(p.Name, func(r rune) bool { return unspaced(r) || isHangul(r) }) { // 西スポWEB: letters stand in a title
		return p.Name
	}
	return nameCase(p.Name, strings.ToLower)
}

// smallBy are the particles that names in capitals get in small letters, by language.
var smallBy = byLanguage("small")

// italianStyle is houseStyle for Italian, whose family names keep the capital of their
// particles: "Giulia De Santis".
func italianStyle(p news.Person) string {
	name := houseStyle(p)
	printed, words := strings.Fields(p.Name), strings.Fields(name)
	if p.Organization || len(printed) != len(words) {
		return name
	}
	for i := 1; i < len(words); i++ {
		if shouts(printed[i]) && in(smallBy()["it"], words[i]) {
			words[i] = capitals(printed[i], strings.ToLower)
		}
	}
	return strings.Join(words, " ")
}

// longestAcronym is how many letters a body may have that writes itself in
// capitals: AFP, ANSA, ТАСС.
const longestAcronym = 4

// bodyCase writes a body that stands in capitals as it writes itself (ruling 4).
func bodyCase(name string) string {
	o := registry()[fold(name)]
	switch {
	case o.name == "":
		return shoutedBody(name)
	case utf8.RuneCountInString(name) > longestAcronym && (isCapitals(name) || o.agency && isLowerWord(name) && !isSite(name)):
		return o.spelled
	}
	return name
}

// shoutedBody writes a desk in capitals with its words in name case, and an outlet
// before it as that writes itself: "AUCKLAND REPORTERS". A body that has a word which
// could be letters stays as printed.
func shoutedBody(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || !isCapitals(name) || !unicode.Is(unicode.Latin, firstRune(name)) || turkishLetters().in(name) {
		return name
	}
	n := len(words) - 1
	for n > 1 && in(registry(), strings.Join(words[:n], " ")).name == "" {
		n--
	}
	paper := in(registry(), strings.Join(words[:n], " "))
	if paper.name == "" {
		n = 0
	}
	for i := n; i < len(words); i++ {
		switch w := words[i]; {
		case i == 0 && in(particles(), w) && in(outletAts(), w) && in(bodyWords(), words[1]): // "DA REDAÇÃO"
			words[i] = capitals(w, strings.ToLower)
		case i > 0 && staysSmall(words, i):
			words[i] = strings.ToLower(w)
		case !spoken(w):
			return name
		case utf8.RuneCountInString(w) > 2:
			words[i] = capitals(w, strings.ToLower)
		}
	}
	if n > 0 {
		words = append([]string{bodyCase(strings.Join(words[:n], " "))}, words[n:]...)
	}
	return strings.Join(words, " ")
}

// spoken reports a word in capitals that no letters are: long, or one of ours for
// bodies and what they are about. Two letters stay so wherever they stand.
func spoken(w string) bool {
	n := utf8.RuneCountInString(w)
	known := in(bodyWords(), w) || in(beats(), w) || in(jobs(), w) || in(places(), w)
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsUpper(r) }) && in(registry(), w).name == "" && (n < 3 || n > longestAcronym || known)
}

// namePrefixes are written on to a family name, numerals stand behind one, shortNames
// are names of two letters that could be initials, shortFamilies those that open names
// in capitals, macs names that most write with a second capital, vowelless those that could be the
// letters of a station as well, and turkishLetters tell that the
// small letter of I has no dot.
var (
	namePrefixes   = wordsIn("name-prefix")
	numerals       = wordsIn("numeral")
	elisions       = wordsIn("elision")
	shortNames     = wordsIn("short-name")
	shortFamilies  = wordsIn("short-family")
	macs           = wordsIn("mac")
	vowelless      = wordsIn("vowelless")
	turkishLetters = openings("letter/tr")
)

// nameCase gives words that are all capitals name case (ruling 2), in the language
// whose small letters small gives, and takes the padding out of two-character
// Chinese names (ruling 10). All other spelling is kept.
func nameCase(name string, small func(string) string) string {
	if quiet(name) {
		return name
	}
	if short := unpad(name); short != name {
		return short
	}
	words := strings.Fields(name)
	if turkishLetters().in(name) { // only Turkish has these, and its I is ı
		small = turkish
	}
	for i, w := range words {
		words[i] = wordCase(words, i, w, small)
	}
	return strings.Join(words, " ")
}

// quiet reports ASCII without two capitals in a row, which has its case.
func quiet(name string) bool {
	upper := false
	for i := range len(name) {
		c := name[i]
		is := c >= 'A' && c <= 'Z'
		if c > '~' || is && upper {
			return false
		}
		upper = is
	}
	return true
}

func turkish(s string) string { return strings.ToLowerSpecial(unicode.TurkishCase, s) }

func unpad(name string) string {
	runes := []rune(name)
	if len(runes) == 3 && unicode.Is(unicode.Han, runes[0]) && runes[1] == ' ' && unicode.Is(unicode.Han, runes[2]) {
		return string(runes[0]) + string(runes[2])
	}
	return name
}

// wordCase gives a word of capitals, words[i], the case that it has in a name.
func wordCase(words []string, i int, w string, small func(string) string) string {
	if !shouts(w) {
		return w
	}
	bare := strings.TrimRight(w, ".,")
	between := i > 0 && i < len(words)-1
	switch letters := utf8.RuneCountInString(strings.Map(lettersOnly, w)); {
	case between && bare == w && ascii(w) && staysSmall(words, i):
		return strings.ToLower(w)
	case letters < 2, letters == 2 && len(words) == 1, slices.Contains(numerals(), bare), strings.Contains(bare, "."):
		return w
	case strings.HasPrefix(w, "IJ") && letters > 3: // one Dutch letter
		return "IJ" + small(w[2:])
	case len(words) > 1 && letters == 2 && i < len(words)-1 && (initials(bare) || i == 0 && initialsAlone(bare, words[1])):
		return w
	case isStation(w, letters, i > 0), i == 1 && len(words) == 2 && letters == 2 && initials(w) && namelike(words[0]) && !in(givenNames(), words[0]): // "Doe AJ"
		return w
	}
	if i := slices.IndexFunc(macs(), func(name string) bool { return strings.EqualFold(name, bare) }); i >= 0 {
		return macs()[i] + w[len(bare):]
	}
	if i > 0 && isElided(words[0], bare) {
		return small(w[:1]) + capitals(w, small)[1:]
	}
	return capitals(w, small)
}

// isElided reports the family name of a Frenchman that opens with an elided particle:
// "JEAN D'ORMESSON".
func isElided(given, family string) bool {
	given, _, _ = strings.Cut(given, "-")
	elided := strings.HasPrefix(family, "D'") || strings.HasPrefix(family, "D’")
	return elided && slices.ContainsFunc(givensOfD(), func(name string) bool { return strings.EqualFold(name, given) })
}

// staysSmall reports a particle between the names of anybody but a Vietnamese.
func staysSmall(words []string, i int) bool {
	w := fold(words[i])
	tied := in(ands(), w) && isSmallParticle(words[i-1]) && isSmallParticle(words[i+1]) // "von und zu"
	if i > 1 && w == joiningFamilies() && slices.ContainsFunc(joinedFamilies(), func(given string) bool { return strings.EqualFold(given, words[0]) }) {
		return !isInitial(words[i-1]) && !isInitial(words[i+1]) // "JOSEP PUIG I CADAFALCH"
	}
	return !vietnamese()[fold(words[0])] && (smalls()[w] || familyTies()[w] && in(givenNames(), words[0]) || tied || smallsAfter()[w] && smalls()[fold(words[i-1])])
}

// isStation reports the letters of a station, which nobody can speak as a word. Two
// that open a name are initials.
func isStation(w string, letters int, behind bool) bool {
	first := strings.IndexFunc(w, vowel)
	switch {
	case first < 0 && letters > 2, ascii(w) && first >= unspeakable && !behind: // "Ann GSCHMEIDLER" has a family name
		return true
	}
	return first < 0 && letters == 2 && behind && !slices.Contains(vowelless(), w)
}

// unspeakable is how many consonants open no name: SCHWARZ has four.
const unspeakable = 5

func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

// shouts reports a word that is all capitals but for the small letters of a
// prefix: "McDONALD", "DeVRIES". An account number is none.
func shouts(w string) bool {
	if strings.ContainsFunc(w, unspaced) {
		return false
	}
	for part := range strings.SplitSeq(w, "-") {
		if prefix := prefixOf(part, namePrefixes()); len(part) > len(prefix)+1 {
			part = part[len(prefix):]
		}
		if !allUpper(part) || strings.ContainsFunc(part, unicode.IsDigit) {
			return false
		}
	}
	return !allSmall(w)
}

// initials reports two letters that no name is spelled with: AJ and JP, but not
// XU, LI, NG or ST.
func initials(w string) bool {
	if !ascii(w) || slices.Contains(shortNames(), w) { // ĐỖ
		return false
	}
	runes := []rune(w)
	return vowel(runes[0]) || !vowel(runes[len(runes)-1])
}

// initialsAlone reports two letters in capitals before a name that is not, "DA
// Pennebaker", where no family of two letters opens it: "LI Wenjun".
func initialsAlone(w, next string) bool {
	return ascii(w) && !shouts(next) && !slices.Contains(shortNames(), w) && !slices.Contains(shortFamilies(), w) && !in(givenNames(), w)
}

func vowel(r rune) bool {
	return !unicode.Is(unicode.Latin, r) || strings.ContainsRune("AEIOUY", []rune(fold(string(r)))[0]-'a'+'A') || r > unicode.MaxASCII
}

// capitals writes each part of a word with a capital: hyphens, apostrophes and
// Mc begin a part.
func capitals(w string, small func(string) string) string {
	var b strings.Builder
	runes, lower := []rune(w), []rune(small(w))
	if len(runes) != len(lower) {
		return w
	}
	start := 0
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			b.WriteRune(r)
			if r == '-' || r == '‐' || (r == '\'' || r == '’') && (i == start+1 || slices.Contains(elisions(), string(lower[start:i]))) {
				start = i + 1
			}
		case r == 'ß': // has no capital of its own in names
			b.WriteRune(r)
		case i == start, i == start+2 && lower[start] == 'm' && lower[i-1] == 'c' && len(runes) > start+3:
			b.WriteRune(r)
		case unicode.IsLower(r): // of a prefix
			b.WriteRune(r)
			if i+1 < len(runes) && unicode.IsUpper(runes[i+1]) {
				start = i + 1
			}
		case lower[i] == 'σ' && (i == len(runes)-1 || !unicode.IsLetter(runes[i+1])):
			b.WriteRune('ς')
		default:
			b.WriteRune(lower[i])
		}
	}
	return b.String()
}

// ascii reports printable ASCII.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// folded reports ASCII that fold leaves as it is.
func folded(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c >= 'A' && c <= 'Z' || c == '.' || c == '\'' || c == '"' || c == ' ' && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

// foldASCII adds the folded form of ASCII to out.
func foldASCII(out []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '.' || c == '\'' || c == '"', c == ' ' && s[i-1] == ' ':
		case c >= 'A' && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	return out
}

// longestName is longer than any phrase of a table, in bytes and folded.
const longestName = 128

// in is what a table of folded phrases says of a text. Most texts are short, which
// needs no copy, and long ones are in no table.
func in[V any](table map[string]V, text string) (v V) {
	var buf [longestName]byte
	switch {
	case len(text) > 2*longestName: // even if it loses an accent with each letter
		return v
	case !ascii(text):
		if folded, ok := appendFolded(buf[:0], strings.TrimSpace(text)); ok {
			return table[string(folded)]
		}
		return table[foldAny(text)]
	case len(text) > longestName:
		return v
	}
	return table[string(foldASCII(buf[:0], strings.TrimSpace(text)))]
}

// mayDecompose reports all but the letters, digits and marks of common scripts
// that no accent is a part of.
func mayDecompose(r rune) bool {
	return !(r < 0x80 || r >= 'а' && r <= 'я' && r != 'й' || r >= 0x4e00 && r <= 0x9fff || r >= 0x2010 && r <= 0x2027 || r >= 'ا' && r <= 'ي' || r >= 'א' && r <= 'ת')
}

// fold is a name for comparing: small letters, no accents, full stops or quotes.
func fold(s string) string {
	s = strings.TrimSpace(s)
	if folded(s) {
		return s
	}
	var buf [longestName]byte
	if ascii(s) { // most names are, and need no table
		return string(foldASCII(buf[:0], s))
	}
	if folded, ok := appendFolded(buf[:0], s); ok {
		return string(folded)
	}
	return foldAny(s)
}

// foldAny is fold for text of all letters that there are.
func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	s = strings.ToLower(s)
	if strings.ContainsFunc(s, mayDecompose) {
		s = norm.NFD.String(s)
	}
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf && r != '.' && r != '\'' && r != '"', r >= 0x2e80 && r < 0xf900 && r != 0x3099 && r != 0x309a: // most letters by far
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || strings.ContainsRune(".’'\"«»“”„", r):
		case r == 'ς':
			b.WriteRune('σ')
		case strings.ContainsRune("łøđðħı", r):
			b.WriteRune([]rune("loddhi")[slices.Index([]rune("łøđðħı"), r)])
		case r == utf8.RuneError:
		default:
			b.WriteRune(r)
		}
	}
	if out := b.String(); strings.IndexByte(out, ' ') < 0 && !strings.ContainsFunc(out, unicode.IsSpace) {
		return out
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
