package normalize

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"unicode"

	"copydesk/aggregator/news"
)

// A piece is what stands between two marks at the head of a text.
type piece struct {
	text       string
	start, end int    // of it, in the text
	mark       string // the marks behind it, with their blanks
}

const (
	quotes      = "\"“”«»„"
	leadMarks   = ",،.।:：/()[]|-–—―−"
	dashMarks   = "-–—―−"
	longestBit  = 48  // bytes of a piece; more is a sentence
	leadReaches = 130 // bytes of a text that its pieces are looked for in
	mostPieces  = 8

	longestAgency   = 3 // words of an agency that a blank alone parts from what is before it
	longestLeadDate = 6 // words of a date
)

// leadMarkSet are leadMarks.
var leadMarkSet = setOf(leadMarks)

// wireLead reads a lead that has its agency outside of brackets, whatever the
// order of place, date and agency and the marks between them: "Damascus, SANA-",
// "SYDNEY, Nov 10 AAP -", "Баку. 10 ноября. REPORT.AZ/", "TEMPO.CO, Jakarta -".
func wireLead(text string) lead {
	var r wireReader
	for p := range leadPieces(text) {
		if !r.take(text, p) {
			break
		}
	}
	return r.lead(text)
}

// leadPieces parts the head of a text at its marks.
func leadPieces(text string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		start, pieces := 0, 0
		for i, c := range text {
			if i < start {
				continue
			}
			if i-start > longestBit || i > leadReaches || pieces == mostPieces {
				return
			}
			n := leadMark(text, start, i, c)
			if n == 0 {
				continue
			}
			if !yield(pieceOf(text, start, i, n)) {
				return
			}
			start, pieces = i+n, pieces+1
		}
		if len(text)-start <= longestBit && start < len(text) { // what ends the text
			yield(piece{text: strings.TrimSpace(text[start:]), start: start, end: len(text), mark: "$"})
		}
	}
}

// pieceOf is what stands between two marks, of which the second is n bytes at i.
func pieceOf(text string, start, i, n int) piece {
	from := start + len(text[start:i]) - len(strings.TrimLeft(text[start:i], " "))
	bit := strings.TrimSpace(text[start:i])
	if bare := strings.TrimLeft(bit, quotes); bare != bit { // "القدس العربي"
		from, bit = from+len(bit)-len(bare), strings.TrimRight(bare, quotes)
	}
	return piece{text: bit, start: from, end: from + len(bit), mark: text[from+len(bit) : i+n]}
}

// leadMark is the length of the marks and blanks at i that end the piece begun
// at start; 0 where none do. A full stop ends one before a blank, a dash beside
// one, or behind a place or an agency that we know.
func leadMark(text string, start, i int, c rune) int {
	if !leadMarkSet.has(c) {
		return 0
	}
	rest := text[i:]
	n := len(rest) - len(strings.TrimLeft(rest, leadMarks+" "))
	next := firstRune(rest[n:])
	marks := rest[:n]
	switch {
	case c == '.' && marks == "." && n < len(rest):
		return 0
	case strings.ContainsRune(":-–—/", c) && unicode.IsDigit(next) && !strings.Contains(marks, " ") && !strings.HasSuffix(text[:i], " "): // 10-11-2022
		return 0
	case strings.ContainsRune(dashMarks, c) && !strings.Contains(marks, " ") && !strings.HasSuffix(text[:i], " ") && n < len(rest):
		word := firstWord(rest[n:])
		if before := strings.TrimSpace(text[start:i]); !in(places(), before) && !wire(before).agency || wire(before+marks+strings.TrimRight(word, leadMarks)).name != "" {
			return 0
		}
	}
	return n
}

// A wireReader fills a lead piece by piece.
type wireReader struct {
	place, date [2]int // where they stand; the end is 0 where they do not
	agency      piece
	known       outlet // zero for an agency that we do not know
	first       bool   // the agency opens the lead
	dated       bool   // a figure stands in the date
	next        piece  // the first that is none of them
}

// take reads one piece; false when the lead ends before or with it.
func (r *wireReader) take(text string, p piece) bool {
	switch {
	case p.text == "":
		return r.agency.text == "" || r.first
	case r.agency.text != "" && !r.first:
		return false
	case r.agency.text == "" && r.isAgency(p):
		r.agency, r.known = p, wire(p.text)
		r.first = !r.placed() && !r.dated
		return r.first
	case isLeadDate(p.text):
		return r.addDate(p)
	case r.agency.text == "" && r.agencyBehind(p):
		return false
	case !r.placed() && r.placeBefore(p):
		return !r.first
	case r.agency.text == "" && r.isRegion(text, p):
		r.place[1] = p.end
		return true
	}
	r.next = p
	return false
}

// isAgency reports an agency, an outlet or a site, which is no place where none was
// read yet.
func (r *wireReader) isAgency(p piece) bool {
	return (wire(p.text).name != "" || strings.Contains(p.text, ".") && isSite(lowered(p.text))) && (r.placed() || !in(places(), p.text))
}

// isRegion reports the region of the place before it: "COLUMBUS, Ohio".
func (r *wireReader) isRegion(text string, p piece) bool {
	return r.placed() && !r.dated && isPlaceName(p.text) && len(p.text) < 20 && text[r.place[1]] == ','
}

// addDate adds a piece to the date.
func (r *wireReader) addDate(p piece) bool {
	if r.date[1] == 0 {
		r.date[0] = p.start
	}
	r.date[1] = p.end
	r.dated = r.dated || strings.ContainsFunc(p.text, unicode.IsDigit)
	return true
}

// agencyBehind takes an agency that only a blank parts from the date before it,
// "10 Nov AAP", or from the text behind it: "Baku, November 10, AZERTAC The …".
func (r *wireReader) agencyBehind(p piece) bool {
	words := strings.Fields(p.text)
	for n := max(1, len(words)-longestAgency); n < len(words); n++ {
		name := strings.Join(words[n:], " ")
		o := wire(name)
		if o.name == "" {
			continue
		}
		before := strings.Join(words[:n], " ")
		if isLeadDate(before) {
			r.signedBy(p, name)
			return r.addDate(piece{start: p.start, end: p.start + strings.LastIndex(p.text, name), text: before})
		}
		if !r.placed() && n == len(words)-1 && o.agency && r.placeBefore(piece{text: before, start: p.start, end: p.start + len(before)}) { // رام الله 10-11-2022 وفا
			if r.dated {
				r.signedBy(p, name)
			}
			return r.dated
		}
	}
	return r.placed() && r.dated && len(words) > 1 && r.agencyOpens(p, words)
}

// agencyOpens takes the agency that is the first word of the text.
func (r *wireReader) agencyOpens(p piece, words []string) bool {
	o := wire(words[0])
	if !o.agency || isLowerWord(words[1]) {
		return false
	}
	r.agency, r.known = piece{text: words[0], start: p.start, end: p.start + len(words[0]), mark: "-"}, o
	return true
}

// signedBy takes the agency that ends a piece.
func (r *wireReader) signedBy(p piece, name string) {
	r.agency, r.known = p, wire(name)
	r.agency.text, r.agency.start = name, p.end-len(name)
}

// placeBefore takes a place, and a date behind it that no mark parts from it:
// أبوظبي في 10 نوفمبر.
func (r *wireReader) placeBefore(p piece) bool {
	words := strings.Fields(p.text)
	for n := 1; n < len(words); n++ {
		if !strings.ContainsFunc(words[n], isFigure) {
			continue
		}
		if rest := strings.Join(words[n:], " "); isLeadDate(rest) {
			place := words[:n]
			if n > 1 && (in(ats(), words[n-1]) || in(whens(), words[n-1])) {
				place = words[:n-1]
			}
			name := strings.Join(place, " ")
			if !isPlaceName(name) || !strings.HasPrefix(p.text, name) {
				return false
			}
			r.place = [2]int{p.start, p.start + len(name)}
			return r.addDate(piece{start: p.end - len(rest), end: p.end, text: rest})
		}
	}
	if !isPlaceName(p.text) {
		return false
	}
	r.place = [2]int{p.start, p.end}
	return true
}

// isPlaceName reports what may be a place: up to four words with capitals.
func isPlaceName(s string) bool {
	first := firstRune(s)
	return len(strings.Fields(s)) < 5 && unicode.IsLetter(first) && !unicode.IsLower(first) && isTitled(s) && !strings.ContainsAny(s, "?!\"“”«»0123456789") && !isMonth(s) && roleAlone(s) == ""
}

// isLeadDate reports words of a date: figures with the words of dates beside
// them, or a month alone, which a full stop may part from its day.
func isLeadDate(s string) bool {
	figures, words := false, strings.Fields(s)
	if len(words) > 1 && (len(words) > longestLeadDate || !strings.ContainsFunc(s, isFigure)) { // most texts
		return false
	}
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case strings.ContainsFunc(w, isFigure) && len(w) < 14 && !strings.ContainsFunc(w, unicode.IsUpper):
			figures = true
		case hyphenedDay(w):
			figures = true
		case i+1 < len(words) && opensPhrase(strings.TrimLeft(w, ",")) && saysDay(w+" "+words[i+1]): // تشرين الثاني
			i++
		case !saysDay(w) && !in(whens(), w):
			return false
		}
	}
	return figures || len(words) == 1 && isMonth(s)
}

// hyphenedDay reports "05-JUL-2026".
func hyphenedDay(w string) bool {
	parts := strings.Split(w, "-")
	return len(parts) == 3 && isMonth(parts[1]) && !strings.ContainsFunc(parts[0]+parts[2], func(r rune) bool { return !isFigure(r) })
}

// opensPhrase reports a word that opens one of several words in dates, or that is
// several itself.
func opensPhrase(w string) bool {
	var buf [longestName]byte
	dated, ok := appendDated(buf[:0], w)
	return !ok || bytes.ContainsAny(dated, partDates) || dateWords().longest[string(dated)] > 1
}

// saysDay reports a word of a date that names no zone.
func saysDay(w string) bool {
	return slices.ContainsFunc(meaningsIn(strings.Trim(w, ",")), func(m meaning) bool { return m.sense != senseZone })
}

// meaningsIn are what a phrase means in dates.
func meaningsIn(phrase string) []meaning {
	var buf [longestName]byte
	if dated, ok := appendDated(buf[:0], phrase); ok && !bytes.ContainsAny(dated, partDates) {
		return dateWords().words[string(dated)]
	}
	return dateWords().words[strings.Join(wordsOf(phrase), " ")]
}

// partDates are the marks at which wordsOf parts a phrase.
const partDates = ` .-"`

// lead is what was read, if it is one: zero where the marks and words could be
// those of a sentence.
func (r *wireReader) lead(text string) lead {
	certain := r.certain(text)
	if r.agency.text == "" && certain && r.dated && r.names(text) { // "RIYADH, 20 Nov — Ann Lee — "
		return lead{Dateline: r.dateline(text), people: labelEnglish() + " " + r.next.text}
	}
	if r.agency.text == "" && !(certain && r.signed(text)) {
		return lead{}
	}
	switch {
	case r.first && !r.placed():
		if !r.alone(text) {
			return lead{}
		}
		return lead{agency: r.agency.text}
	case r.first && !(certain && r.closed(text[r.place[1]:])), !r.parted(text, certain), r.first && r.unclosed(text):
		return lead{}
	}
	out := lead{agency: r.agency.text, Dateline: r.dateline(text)}
	if name := r.reporter(text); name != "" {
		out.people = labelEnglish() + " " + name
	}
	return out
}

// dateline is the place and the date that were read.
func (r *wireReader) dateline(text string) news.Dateline {
	return news.Dateline{
		Place: strings.Trim(text[r.place[0]:r.place[1]], " ,،"),
		Date:  strings.TrimRight(text[r.date[0]:r.date[1]], " .,،"),
	}
}

// names reports a person, by a given name that we know, between two dashes where an
// agency could stand, and not who he is behind the second.
func (r *wireReader) names(text string) bool {
	return dashed(r.next.mark) && givenFirst(r.next.text) && !unicode.IsLower(firstRune(text[r.next.end+len(r.next.mark):]))
}

// closed reports that a dash parts the place of a lead that its agency opens from
// the text behind it, or, where a slash ties the two, a full stop: "dpa/Berlin. Die
// Fähren …".
func (r *wireReader) closed(rest string) bool {
	if dashed(rest[:min(len(rest), 5)]) {
		return true
	}
	text, stop := strings.CutPrefix(rest, ". ")
	return stop && r.known.agency && strings.TrimSpace(r.agency.mark) == "/" && !unicode.IsLower(firstRune(text))
}

// unclosed reports brackets that an agency opens and its place does not end: who wrote
// and edited the copy stand in them, "AGERPRES/(AV - autor: …".
func (r *wireReader) unclosed(text string) bool {
	return strings.HasSuffix(r.agency.mark, "(") && !strings.HasPrefix(strings.TrimLeft(text[r.place[1]:], " "), ")")
}

// placed reports that the lead has a place.
func (r *wireReader) placed() bool { return r.place[1] != 0 }

// certain reports a place that can be nothing else.
func (r *wireReader) certain(text string) bool {
	if !r.placed() {
		return false
	}
	place := text[r.place[0]:r.place[1]]
	return isCapitals(place) || r.dated || in(places(), place)
}

// alone reports an agency that opens a text without a place: before a slash in
// Arabic letters, or by its initials before a dash.
func (r *wireReader) alone(text string) bool {
	mark := r.agency.mark
	switch {
	case !r.known.agency:
		return false
	case strings.Contains(mark, "/") && firstRune(r.agency.text) >= 0x600: // ایسنا/خراسان رضوی
		return true
	case r.known.picture || !acronym(r.agency.text) || len(r.agency.text) < 3:
		return false
	}
	return dashed(mark) && !unicode.IsLower(behindBlanks(text[r.agency.end+len(mark):]))
}

// parted reports that a place, a date and the marks behind the agency part it from
// the text.
func (r *wireReader) parted(text string, certain bool) bool {
	mark := r.agency.mark
	switch {
	case !r.known.agency && !certain, !r.placed() && !r.dated, mark == "$" && !(r.known.agency && certain):
		return false
	case r.first:
		return true
	case strings.Trim(mark, ", ،") == "":
		return r.reporter(text) != ""
	}
	return r.dated || !strings.ContainsAny(mark, "()[]")
}

// reporter is the name of two words or three between the comma behind an agency
// that we know, in a dated lead, and a full stop: "КАЗАНЬ, 5 мар - РИА Новости,
// Тимур Галеев."
func (r *wireReader) reporter(text string) string {
	if r.first || !r.dated || !r.placed() || !r.known.agency || strings.Trim(r.agency.mark, " ") != "," {
		return ""
	}
	name, _, ok := strings.Cut(text[r.agency.end+len(r.agency.mark):], ". ")
	if n := len(strings.Fields(name)); !ok || n < 2 || n > 3 || !isTitled(name) || isBody(name) || strings.ContainsAny(name, ",:;\"«(") {
		return ""
	}
	return name
}

// signed takes an agency that we do not know from where one must stand, behind
// place and date: words with capitals before a dash, or letters.
func (r *wireReader) signed(text string) bool {
	p := r.next
	if p.text == "" || len(strings.Fields(p.text)) > 2 || p.mark == "$" {
		return false
	}
	named := r.dated && (isTitled(p.text) && strings.ContainsAny(p.mark, dashMarks) || acronym(p.text))
	if !named || givenFirst(p.text) || in(places(), p.text) || strings.ContainsAny(p.text, "0123456789") {
		return false
	}
	r.agency = p
	return true
}

// dashed reports a dash in marks, with a blank before it or doubled.
func dashed(marks string) bool {
	return strings.ContainsAny(marks, "–—―") || strings.Contains(marks, " -") || strings.Contains(marks, "--")
}
