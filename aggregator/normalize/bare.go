package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// longestBare is the longest line, in runes, that may be a byline without a
// word of ours for one.
const longestBare = 70

// bareLine reads a line that names somebody without a role word, in scripts that
// have no capitals to tell a name by: the people in it must each open with a
// given name that we know. It may be opened by a kind of text, "حوار خالد الجمل",
// or a place, "بيروت: سوسن الأبطح", and go on to what its people write as, or
// where: "صادق زیباکلام، استاد دانشگاه". In Vietnam a name alone signs a text.
func bareLine(line string) (Line, bool) {
	out := bareOf(line)
	return out, len(out.People) > 0
}

// A bare line, and the two sides of the first mark in it; all of it stands before
// where there is none.
type bare struct{ line, before, mark, after string }

// A bareRule reads a bare line.
type bareRule = rule[func(bare) (out Line, ok bool)]

// bareRules know the shapes of bare lines: what stands before the first mark in
// them, and what behind.
func bareRules(yield func(bareRule) bool) {
	each(yield, []bareRule{
		{"names of Vietnam alone", "Mai Phương - Quốc Huy", bareVietnamese},
		{"a word that opens bylines before people", "خاص سلمى حداد", bareBehind},
		{"a place before people", "بيروت: سوسن الأبطح", bareTown},
		{"a kind of text, a job or a desk before people", "خاص: سلمى حداد", bareOpened},
		{"an outlet before people", "«القدس العربي»: روعة قاسم", bareOutlet},
		{"people before a job of those who write", "আনু মুহাম্মদ: লেখক ও গবেষক", bareWriter},
		{"people before what they write as, or where", "صادق زیباکلام، استاد دانشگاه", bareAs},
	})
}

func bareOf(line string) Line {
	if ascii(line) || unspaced(firstRune(line)) && !strings.Contains(line, " ") || utf8.RuneCountInString(line) > longestBare || strings.ContainsAny(line, "?!؟“”") || strings.ContainsRune(".۔।…", lastRune(line)) {
		return Line{}
	}
	before, mark, after := cutMark(line)
	b := bare{line: line, before: before, mark: mark, after: after}
	for r := range bareRules {
		if out, ok := r.read(b); ok {
			out.tell(r.name)
			return out
		}
	}
	return Line{}
}

func bareVietnamese(b bare) (Line, bool) {
	if uncased(strings.TrimLeft(b.line, "«\"")) {
		return Line{}, false
	}
	return vietnameseLine(b.line), true
}

func bareBehind(b bare) (Line, bool) {
	word, rest, _ := strings.Cut(b.line, " ")
	if !strings.Contains(rest, " ") || !in(givenOpeners(), word) {
		return Line{}, false
	}
	return givenLine(rest), true
}

func bareTown(b bare) (Line, bool) {
	if !in(places(), b.before) {
		return Line{}, false
	}
	return behindTown(b.after), true
}

func bareOpened(b bare) (Line, bool) {
	if !in(givenOpeners(), b.before) && !(isJob(b.before) && reports(firstWord(b.before))) && !isDesk(b.before) {
		return Line{}, false
	}
	return givenLine(b.after), true
}

func bareOutlet(b bare) (Line, bool) {
	outlet := trimQuotes(b.before)
	if outlet == b.before && in(registry(), b.before).name == "" {
		return Line{}, false
	}
	return behindTown(outlet + ": " + b.after), true
}

func bareWriter(b bare) (Line, bool) {
	if !jobsOnly(b.after) || !couldName(b.before) {
		return Line{}, false
	}
	return readLine(b.before, news.Author), true
}

func bareAs(b bare) (Line, bool) {
	if !writesAs(b.after) && !(strings.ContainsAny(b.mark, ",،") && allPlaces(b.after)) {
		return Line{}, false
	}
	return givenLine(b.before), true
}

// behindTown reads what follows the place of a line: the people, or their outlet
// and then they, "تونس ـ «القدس العربي»: روعة قاسم".
func behindTown(text string) Line {
	outlet, name, ok := strings.Cut(text, ": ")
	if !ok {
		return givenLine(text)
	}
	outlet = trimQuotes(outlet)
	out := givenLine(name)
	if len(out.People) > 0 {
		out.Credit = outlet
	}
	return out
}

// cutMark parts a line at the first mark that may stand between a name and what
// goes with it.
func cutMark(line string) (before, mark, after string) {
	at := -1
	for _, m := range []string{",", "،", ":", "|", " - ", " – ", " — ", " ـ ", "/"} {
		if i := strings.Index(line, m); i > 0 && (at < 0 || i < at) {
			at, mark = i, m
		}
	}
	if at < 0 {
		return line, "", ""
	}
	return strings.TrimSpace(line[:at]), mark, strings.TrimSpace(line[at+len(mark):])
}

// givenLine is a line of people each of whom has a given name that we know;
// empty where anything else stands in it.
func givenLine(text string) Line {
	if word, rest, ok := strings.Cut(text, " "); ok && in(givenOpeners(), word) { // "من عبد الحفيظ سجال"
		text = rest
	}
	out := readLine(text, news.Author)
	for _, p := range out.People {
		words := strings.Fields(p.Name)
		if p.Organization || !opensGiven(words) && !nisbaName(words) || !nameLength(words) || slices.ContainsFunc(words[1:], func(w string) bool { return in(sentenceOnly(), w) || in(bodyWords(), w) }) || len(words) > 2 && arabicVerb(words[2]) {
			return Line{}
		}
	}
	return out
}

// nisbaName reports what Arabic names are built of where no given name of ours
// tells: a word that ties them, "خولة آل بوسنان", or at the end a family name made of
// a tribe or a town, "عريب الرنتاوي", which behind a noun would have no article.
func nisbaName(words []string) bool {
	if len(words) < 2 || definite(words[0]) || isJobWord(words[0]) || slices.ContainsFunc(words, topical) {
		return false
	}
	last, inner := words[len(words)-1], words[1:len(words)-1]
	if slices.ContainsFunc(inner, func(w string) bool { return in(nameTies(), w) }) {
		return true
	}
	nisba := prefixOf(last, articlesArabic()) != "" && suffixOf(last, nisbas()) != "" && utf8.RuneCountInString(last) > 4
	return nisba && len(inner) < 2 && !slices.ContainsFunc(inner, definite)
}

// nameLength reports as many words as a name has without what ties them: three,
// or four of which all but the last are given names.
func nameLength(words []string) bool {
	n, given := 0, 0
	for _, w := range words {
		if in(nameTies(), w) {
			continue
		}
		n++
		if in(givenNames(), w) {
			given++
		}
	}
	return n < 4 || n == 4 && given > 2
}

// arabicVerb reports a word with the prefix of the present tense that is no given
// name: "يلتقي".
func arabicVerb(w string) bool {
	r := firstRune(w)
	return presents().has(r) && utf8.RuneCountInString(w) > 3 && !in(givenNames(), w)
}

// opensAccented reports a short line with letters of the Latin script that have
// marks, as nearly every line of Vietnamese does.
func opensAccented(text string) bool { return len(text) < 2*longestBare && accented(text) }

// writesAs reports what somebody is who writes for a paper, and nothing more:
// "کارشناس ارشد اقتصاد", "লেখক ও গবেষক".
func writesAs(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 7 || slices.ContainsFunc(words, func(w string) bool { return in(sentenceOnly(), w) }) {
		return false
	}
	if last := words[len(words)-1]; isJobWord(last) && uncased(last) {
		return true
	}
	return slices.ContainsFunc(words[:min(2, len(words))], func(w string) bool { return reports(w) || in(writers(), strings.Trim(w, ",،")) })
}

// jobsOnly reports jobs of those who write and nothing else: "লেখক ও গবেষক".
func jobsOnly(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && writesAs(text) && !slices.ContainsFunc(words, func(w string) bool {
		return !isJobWord(w) && !in(writers(), w) && !in(ands(), w) && !isBeatWord(w)
	})
}

// couldName reports as many words as a name has, none of which means anything
// else.
func couldName(text string) bool {
	words := strings.Fields(text)
	n := fullWords(words)
	return n > 1 && n < 5 && !isBody(text) && !isJob(text) && !slices.ContainsFunc(words, func(w string) bool { return in(sentenceOnly(), w) || topical(w) })
}

// fullWords counts the words of a name that are no initials, "এ কে এম", of which
// Bengali writes the names of the letters.
func fullWords(words []string) int {
	n := 0
	for _, w := range words {
		if utf8.RuneCountInString(w) > 2 || !uncased(w) {
			n++
		}
	}
	return n
}

// byBeforeLead is the byline that stands as a line of its own before the lead of
// agency copy: "من سليمان الخالدي".
func byBeforeLead(text string) string {
	word, rest, ok := strings.Cut(text, " ")
	if n := len(strings.Fields(rest)); !ok || !leadOpeners()[word] || n < 2 || n > 7 || !likelyNames(segment{text: rest, role: news.Author}) {
		return ""
	}
	return labelEnglish() + " " + rest
}

// vietnameseLine reads names of Vietnam that stand alone: "Mai Phương - Quốc Huy".
func vietnameseLine(line string) Line {
	if !accented(line) || strings.ContainsAny(line, ":|/()0123456789") || in(places(), line) {
		return Line{}
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(line, " - ", ","), func(r rune) bool { return r == ',' })
	known, credit := false, ""
	for i, part := range parts {
		words := strings.Fields(part)
		if i > 0 && len(words) > 1 && in(outletAts(), words[0]) { // "Nguyễn Trọng - Theo báo Tin tức"
			credit, parts = strings.Join(words[1:], " "), parts[:i]
			break
		}
		if len(words) < 2 || len(words) > 4 || vietnameseNouns()[strings.ToLower(words[0])] || in(places(), part) || isBody(part) || slices.ContainsFunc(words, func(w string) bool { return !unicode.IsUpper(firstRune(w)) || isJobWord(w) }) {
			return Line{}
		}
		known = known || in(vietnamese(), words[0]) || vietnameseGiven()[strings.ToLower(words[len(words)-1])]
	}
	if !known {
		return Line{}
	}
	out := readLine(strings.Join(parts, ","), news.Author)
	out.Credit = credit
	return out
}
