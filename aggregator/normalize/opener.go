package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// An opener is a role word inside a line, which may part it there.
type opener struct {
	*roleWord
	line, lower string // as printed, and in small letters
	at          int
}

// before and behind are what stands on the two sides of it, here as it is printed.
func (o opener) before() string  { return o.line[:o.at] }
func (o opener) printed() string { return o.line[o.at : o.at+len(o.phrase)] }
func (o opener) behind() string  { return o.line[o.at+len(o.phrase):] }

// A parted is what a role word inside a line does to it.
type parted int

const (
	goesOn    parted = iota
	opensHere        // it opens a part of its own
	asLabel          // it does, and wants the colon of a label
)

// An openerRule tells whether a role word parts a line.
type openerRule = rule[func(opener) parted]

// openerRules know role words inside a line that open a part of their own.
func openerRules(yield func(openerRule) bool) {
	each(yield, []openerRule{
		{"joined role words behind a full stop", "Von Ute Klose. Text und Fotos: Xaver Brandl", opener.joined},
		{"a label between two names", "Penulis Rina Sari Editor Budi Hartono", opener.betweenNames},
		{"the word for by in the middle of a line", "Ann Lee edited by Bob Roy", opener.ofBy},
		{"a label in the middle of a line", "作者：甲乙 责任编辑：丙丁", opener.labelled},
		{"a label of Han characters without a mark", "陈默 摄影 林晓", opener.ofHan},
		{"a role word behind a slash", "Ann Lee / foto Bob Roy", opener.behindSlash},
		{"a role word that an Arabic and is written on to", "تحرير سلمى حداد وتصوير خالد الجمل", opener.andGlued},
		{"a role word behind a mark or an and", "Anna Nowak, zdjęcia Jan Lis", opener.behindMark},
		{"the word for pictures between names", "Eeva Niemi Kuvat Olli Laine", opener.ofPictures},
		{"a second By", "By Jane Doe By John Roe", opener.again},
	})
}

// splitAtRoles parts a line before each role word in it that openerRules know.
func (l *Line) splitAtRoles(s string) []string {
	lower := lowered(s)
	var out []string
	label, start, next := "", 0, 0
	cut := func(at int) {
		if at > 0 {
			out = append(out, label+s[start:at])
			label, start = "", at
		}
	}
	for i := range lower {
		if i < next || !mayOpen(s, lower, i) || !boundary(lower, i) {
			continue
		}
		if i > 0 && translatedAt(s, i) > 0 {
			cut(i)
			continue
		}
		o, does := l.openerAt(s, lower, i)
		if does == goesOn {
			continue
		}
		cut(i)
		if next = i + o.length(); does == asLabel {
			label, start = o.printed()+":", next
		}
	}
	return append(out, label+s[start:])
}

// openerAt is the longest role word at a place of a line that parts it there. Any
// that opens a line does.
func (l *Line) openerAt(s, lower string, i int) (opener, parted) {
	for w := range openers().of(lower[i:]) {
		if w.gap != 0 || !strings.HasPrefix(lower[i:], w.phrase) {
			continue
		}
		o := opener{w, s, lower, i}
		if does := o.does(l); does != goesOn {
			return o, does
		}
	}
	return opener{}, goesOn
}

// does asks the first of openerRules that knows.
func (o opener) does(l *Line) parted {
	if o.at == 0 {
		return whether(!o.colon || colonAt(o.behind()) || o.length() > len(o.phrase))
	}
	for r := range openerRules {
		if does := r.read(o); does != goesOn {
			l.tell(r.name)
			return does
		}
	}
	return goesOn
}

func whether(opens bool) parted {
	if opens {
		return opensHere
	}
	return goesOn
}

// length is how much of the line it takes, with a role word that is joined to it.
func (o opener) length() int {
	if o.at == 0 || afterStop(o.before()) {
		if end := compoundAt(o.line[o.at:], o.lower[o.at:], o.roleWord); end > 0 {
			return end
		}
	}
	return len(o.phrase)
}

// opens is what a role word does that closes no line: "张三 文/图".
func (o opener) opens(ok bool) parted {
	return whether(ok && !closes(o.lower[o.at:]))
}

func (o opener) joined() parted {
	return o.opens(afterStop(o.before()) && o.length() > len(o.phrase))
}

// betweenNames knows a role word with a capital between two names, in a line that one
// opens.
func (o opener) betweenNames() parted {
	if o.role == news.Author || len(o.phrase) < 4 || !ascii(o.phrase) || !capitalised(o.printed()) {
		return goesOn
	}
	before, after := strings.Fields(o.before()), strings.Fields(o.behind())
	named := len(after) > 1 && opensName(after) || len(after) == 1 && o.role == news.Editor && mayOpenName(after[0])
	if len(before) < 3 || !named || !opensName(before[len(before)-2:]) || roleAlone(before[0]) == "" {
		return goesOn
	}
	return asLabel
}

// ofBy knows role words that need no colon in the middle of a line: "photos by",
// "fot."
func (o opener) ofBy() parted {
	by := strings.Contains(o.phrase, " ") && slices.ContainsFunc(openerEnds(), func(end string) bool { return strings.HasSuffix(o.phrase, " "+end) })
	if by && slices.Contains(toldOfs(), lastWord(strings.TrimRight(o.before(), " "))) { // "The book is published by …"
		return goesOn
	}
	return o.opens(by || strings.HasSuffix(o.phrase, ".") || strings.HasSuffix(o.phrase, "="))
}

func (o opener) labelled() parted { return o.opens(colonAt(o.behind())) }

// ofHan knows a role word of a script without blanks that parts a line without a
// colon: it stands behind a blank or a mark, and before a name.
func (o opener) ofHan() parted {
	if o.colon || !unspaced(firstRune(o.phrase)) || utf8.RuneCountInString(o.phrase) < 2 || unicode.IsLetter(lastRune(o.before())) {
		return goesOn
	}
	return o.opens(unspaced(firstRune(strings.TrimLeft(o.behind(), " 　"))) && !opensBody(o.phrase, o.behind()))
}

// beforeName reports a blank and what has no small letter behind a role word that
// needs no colon.
func (o opener) beforeName() bool {
	name := behindBlanks(o.behind())
	apart := strings.HasPrefix(o.behind(), " ") || strings.ContainsRune("'’", lastRune(o.phrase))
	return !o.colon && apart && unicode.IsLetter(name) && !unicode.IsLower(name)
}

// behindSlashed reports a slash before it.
func (o opener) behindSlashed() bool {
	return strings.HasSuffix(strings.TrimRight(o.before(), " "), "/")
}

// behindMarked reports a mark or an "and" before it.
func (o opener) behindMarked() bool {
	before := strings.TrimRight(o.before(), " ")
	return strings.ContainsRune(",.;/،-–—", lastRune(before)) || isAnd(lastWord(before))
}

func (o opener) behindSlash() parted {
	return o.opens(len(o.phrase) > 3 && o.beforeName() && o.behindSlashed())
}

func (o opener) andGlued() parted {
	return o.opens(andsArabic().has(firstRune(o.phrase)) && o.beforeName() && !o.behindSlashed())
}

// behindMark knows words in small letters, what is several, "foto di", and a
// photographer with a capital behind an "and", "und Fotograf Jan Lis".
func (o opener) behindMark() parted {
	if !o.beforeName() || !o.behindMarked() || o.behindSlashed() {
		return goesOn
	}
	long := len(o.phrase) > 5 || o.role == news.Photographer && len(o.phrase) > 3
	small := o.printed() == o.phrase || o.role == news.Photographer && isAnd(lastWord(strings.TrimRight(o.before(), " ")))
	return o.opens(strings.Contains(o.phrase, " ") || long && small)
}

func (o opener) ofPictures() parted {
	one := o.role == news.Photographer && len(o.phrase) > 3 && !strings.Contains(o.phrase, " ")
	return o.opens(one && o.beforeName() && !o.behindMarked())
}

// again knows the word for an author that opened the line, with a capital between
// two names.
func (o opener) again() parted {
	o.line = quietened(o.line)
	if o.role != news.Author || !capitalised(o.printed()) || !strings.HasPrefix(o.line, o.printed()+" ") || o.at <= len(o.phrase) {
		return goesOn
	}
	before, after := strings.Fields(o.line[len(o.phrase):o.at]), strings.Fields(o.behind())
	if last := len(before) - 1; last > 1 && in(ands(), before[last]) {
		before = before[:last]
	}
	if particles()[o.phrase] && !(len(before) > 1 && in(givenNames(), before[0]) && len(after) > 1 && in(givenNames(), after[0])) { // not "Von Karl Ritter Von Trapp"
		return goesOn
	}
	return o.opens(len(before) > 1 && len(after) > 1 && opensName(before[len(before)-2:]) && opensName(after))
}

// quietened is a text in capitals with small letters behind the first of each word,
// of the same length in bytes; any other is as it was.
func quietened(s string) string {
	if !allUpper(s) {
		return s
	}
	out := []byte(lowered(s))
	for i := range out {
		if i == 0 || out[i-1] == ' ' {
			_, n := utf8.DecodeRuneInString(s[i:])
			copy(out[i:], s[i:i+n])
		}
	}
	return string(out)
}

// holdsRole reports a role word that may open, part or close a line.
func holdsRole(line string) bool {
	lower := lowered(line)
	for i := range lower {
		if !mayOpen(line, lower, i) || !boundary(lower, i) {
			continue
		}
		if i > 0 && translatedAt(line, i) > 0 {
			return true
		}
		for w := range openers().of(lower[i:]) {
			if !strings.HasPrefix(lower[i:], w.phrase) {
				continue
			}
			if o := (opener{w, line, lower, i}); i == 0 || unspaced(firstRune(w.phrase)) || afterStop(o.before()) || o.does(new(Line)) != goesOn {
				return true
			}
		}
	}
	_, _, worded := closed(line, lower)
	return worded
}

// mayTellRole reports a line of which a part may tell what somebody did: a role word
// opens or ends what could be a part, or a word says that a work follows.
func mayTellRole(line string) bool {
	lower := lowered(line)
	_, behind, _ := strings.Cut(line, pause)
	if opensInterview(line) || opensInterview(behind) || holdsWord(lower, helped()) {
		return true
	}
	var before byte
	for i := range lower {
		within := smallASCII(lower[i]) && smallASCII(before) // where nothing begins or ends
		before = lower[i]
		if !within && (i > 0 && endsPart(lower, i) || mayOpen(line, lower, i) && boundary(lower, i) && beginsPart(line, lower, i)) {
			return true
		}
	}
	return endsPart(lower, len(lower)) || namesWork(lower)
}

// opensInterview reports the word for with before what may tell whom an interviewer
// talked with.
func opensInterview(text string) bool {
	return in(withs(), firstWord(strings.TrimLeft(text, " ([（")))
}

// smallASCII reports a small letter of ASCII.
func smallASCII(c byte) bool { return 'a' <= c && c <= 'z' }

// beginsPart reports a role word at a place of a line where a part of it may begin: behind
// a mark or an "and", or anywhere in scripts without capitals.
func beginsPart(line, lower string, i int) bool {
	if translatedAt(line, i) > 0 {
		return true
	}
	for w := range openers().of(lower[i:]) {
		behind, ok := strings.CutPrefix(lower[i:], w.phrase)
		if !ok || !w.mayCut(behind) {
			continue
		}
		if uncased(w.phrase) && !w.written(line, i) || partsBefore(line[:i]) || (opener{w, line, lower, i}).does(new(Line)) != goesOn {
			return true
		}
	}
	return false
}

// written reports one sign at a place of a line that letters stand around, as it does
// in many words: 文 in 中文版.
func (w *roleWord) written(line string, i int) bool {
	return !reporterSigns().in(w.phrase) && !postedSigns().in(line) && isLetter(lastRune(line[:i])) && isLetter(firstRune(line[i+len(w.phrase):]))
}

// partsBefore reports a mark or an "and" that ends what stands before a place of a line,
// or nothing there. An apostrophe ties two words: "Reuters’s".
func partsBefore(before string) bool {
	before = strings.TrimRight(before, " ")
	last := lastRune(before)
	return before == "" || !inWord(last) && last != '\'' && last != '’' || isAnd(lastWord(before))
}

// endsPart reports a role word that ends at lower[:i] where a part of a line may end:
// at its end, or before a mark.
func endsPart(lower string, i int) bool {
	if inWord(behindBlanks(lower[i:])) || !closers().opens(lower[:i]) {
		return false
	}
	for w := range closers().of(lower[:i]) {
		if strings.HasSuffix(lower[:i], w.phrase) {
			return true
		}
	}
	return false
}

// inWord reports a letter or a figure.
func inWord(r rune) bool { return isLetter(r) || isFigure(r) }

// namesWork reports a word for a kind of text, or one for who reports.
func namesWork(lower string) bool {
	for run := range runsOf(lower) {
		if in(genres(), run) || in(reportVerbs(), run) {
			return true
		}
	}
	return false
}

// afterStop reports what ends a sentence.
func afterStop(before string) bool { return strings.HasSuffix(strings.TrimRight(before, " "), ".") }

// closes reports a role word that ends a line: "张三 文/图".
func closes(rest string) bool {
	for w := range closers().of(rest) {
		if w.phrase == rest {
			return true
		}
	}
	return false
}

// behindBlanks is the first sign behind blanks.
func behindBlanks(s string) rune { return firstRune(strings.TrimLeft(s, " ")) }

// mayOpen reports a place of a line at which two signs open a role word, or one a
// translator's line, as at few they do.
func mayOpen(line, lower string, i int) bool {
	return openers().opens(lower[i:]) || translations().has(firstRune(line[i:]))
}

// boundary reports a place where a word may begin.
func boundary(s string, i int) bool {
	if i > 0 && s[i] < utf8.RuneSelf && 'a' <= s[i-1] && s[i-1] <= 'z' { // most places
		return false
	}
	before := lastRune(s[:i])
	here := firstRune(s[i:])
	return !unicode.IsLetter(before) || unspaced(here)
}
