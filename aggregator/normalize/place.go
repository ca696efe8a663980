package normalize

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"copydesk/aggregator/wordtable"
)

//go:embed data/cities.tsv
var cityTable string

// cities open datelines, and countries stand behind them. Elsewhere some of them are
// people's names.
var cities, countries = placesOf("city"), placesOf("country")

func placesOf(kind string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, row := range wordtable.Rows(cityTable) {
			if row[0] != kind {
				continue
			}
			for name := range strings.SplitSeq(row[2], "|") {
				out[fold(name)] = true
			}
		}
		return out
	})
}

// opensDateline reports a place that we know where a dateline may stand, or one that
// opens as no other name does: "Bad Ems".
func opensDateline(name string) bool {
	front, _, ok := strings.Cut(name, " ")
	return in(places(), name) || in(cities(), name) || ok && in(townFronts(), front)
}

// holdsCity reports what may stand behind a city to tell where it is.
func holdsCity(name string) bool { return in(countries(), name) || opensDateline(name) }

// placeFirst reports a place with its preposition where a name belongs.
func placeFirst(s string) bool {
	word, rest, ok := strings.Cut(s, " ")
	switch {
	case !ok || !isAt(word):
		return false
	case unicode.IsUpper(firstRune(word)) && isCapitals(s): // "JOÃO VILELA, DE SÃO PAULO"
		return in(places(), rest)
	case !allSmall(word) || !isTitled(rest):
		return false
	}
	return len(strings.Fields(rest)) < 3 && !in(particles(), word) || in(places(), rest)
}

// isAt reports a word that may stand before a place.
func isAt(w string) bool { return in(ats(), w) || in(perhapsAts(), w) }

// A placeRule is where in words what stands behind a name begins; 0 where nothing
// does.
type placeRule = rule[func(words []string) int]

// placeRules know a place behind a name, and what else stands there in Korean.
func placeRules(yield func(placeRule) bool) {
	each(yield, []placeRule{
		{"the letters of an outlet behind a Korean name", "진 매켄지 BBC 서울", koreanLetters},
		{"a body with figures behind a Korean name", "구자룡 화정평화재단 21세기평화연구소", koreanFigures},
		{"a beat behind a Korean name", "양은경 법조", koreanBeat},
		{"a place, a desk, a body or a job behind a Korean name", "김철수 베이징 특파원", koreanTold},
		{"several words behind a Korean name", "조귀동 정치컨설팅 민 전략", koreanUntold},
		{"a Thai place behind a name", "บุญเลิศ คำมา จ.เชียงราย", thaiPlaceAt},
		{"a place behind a name", "Ann Lee in Lisbon", placeAt},
	})
}

// withoutPlace takes from behind a name the place, and in Korean what its bearer is.
func (l lister) withoutPlace(s string) name {
	if i := strings.LastIndexByte(s, '='); i >= 0 && isHangul(firstRune(s[i+1:])) { // "세종=김철수"
		s = s[i+1:]
	}
	words := strings.Fields(s)
	for r := range placeRules {
		n := r.read(words)
		if n == 0 {
			continue
		}
		l.out.tell(r.name)
		out := name{text: strings.Join(words[:n], " "), placed: true}
		if isHangul(firstRune(words[0])) {
			out.affiliation = strings.Join(words[n:], " ")
		}
		return out
	}
	return name{text: s}
}

func thaiPlaceAt(words []string) int {
	for i := 2; i < len(words) && words[i][0] == 0xe0; i++ { // the first byte of every Thai letter
		if prefixOf(words[i], thaiPlaces()) != "" {
			return i
		}
	}
	return 0
}

func placeAt(words []string) int {
	for i := 1; i < len(words)-1; i++ {
		if (i > 1 || outletOf(words[0]).name != "") && !employedAt(words, i) && at(words[:i], words[i], words[i+1:]) {
			return i
		}
	}
	return 0
}

// employedAt reports a job before words[i] where a name follows the place of it:
// "notre correspondante à Bruxelles Virginie Ney".
func employedAt(words []string, i int) bool {
	if !isJobWord(words[i-1]) {
		return false
	}
	name, _, _ := employed(strings.Join(words, " "))
	return name != ""
}

// thaiPlaces open the name of a place in Thai.
var thaiPlaces = ends("place-front")

// opensFrom reports a place with its preposition that opens a line: "À Dakar, Coumba
// Kane".
func opensFrom(part string) bool {
	at, place, ok := strings.Cut(part, " ")
	return ok && isAt(at) && len(strings.Fields(place)) < 3 && isTitled(place)
}

// withoutOpeningPlace takes a place with its preposition from before a name: "Z
// Brukseli Grzegorz Bąk", "Aus Rom, Nadine Wirtz".
func withoutOpeningPlace(text string) string {
	at, rest, ok := strings.Cut(text, " ")
	if !ok || len(at) > 6 || !isAt(at) || in(particles(), at) {
		return text
	}
	words := strings.Fields(rest)
	for n := 1; n < min(len(words)-1, 4); n++ {
		if isLowerWord(words[n-1]) {
			return text
		}
		if name := words[n:]; len(name) < 4 && opensGiven(name) && in(givenNames(), name[0]) && isTitled(strings.Join(name, " ")) {
			return strings.Join(name, " ")
		}
	}
	return text
}

// behindPost takes a place with its preposition, which may be a particle, from behind a
// label that ends in a job: "dal nostro corrispondente da Parigi Carla Ferri". text is
// what stands behind the label of a piece; a place alone leaves nobody.
func behindPost(piece, text string) string {
	label, ok := strings.CutSuffix(strings.TrimSpace(piece), text)
	words := strings.Fields(text)
	if !ok || len(words) < 2 || !isAt(words[0]) || !isJobWord(lastWord(strings.TrimSpace(label))) || !isTitled(strings.Join(words[1:], " ")) {
		return text
	}
	for n := min(len(words), 1+longestOutlet); n > 1; n-- {
		if in(places(), strings.Join(words[1:n], " ")) {
			return strings.Join(words[n:], " ")
		}
	}
	if !isLowerWord(words[0]) {
		return text
	}
	for n := 2; n < len(words)-1; n++ {
		if in(givenNames(), words[n]) && !isLowerWord(words[n-1]) {
			return strings.Join(words[n:], " ")
		}
	}
	switch len(words) {
	case 2:
		return ""
	case 4:
		return strings.Join(words[2:], " ")
	}
	return text
}

// behindPlace takes the place, and the word behind it that says so, from before a
// name: "पटना से सुरेंद्र किशोर".
func behindPlace(text string) string {
	if ascii(text) {
		return text
	}
	words := strings.Fields(text)
	for i := 1; i < len(words)-1 && i < 5; i++ {
		if fromsBehind()[words[i]] || genitives()[words[i]] && isJobWord(words[i+1]) { // "بی بی سی اردو کے نامہ نگار"
			return strings.Join(words[i+1:], " ")
		}
	}
	return text
}

// endsFrom reports a place with the word behind it that says so: "নিউইয়র্ক থেকে".
func endsFrom(words []string) bool {
	return len(words) > 1 && len(words) < 4 && fromsBehind()[words[len(words)-1]]
}

// allPlaces reports places that we know, parted by commas.
func allPlaces(text string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '،' }) {
		if !in(places(), part) {
			return false
		}
	}
	return text != ""
}

// isPlaceAlone reports one Latin word that is no body: behind a bar and a name
// it is a place, "Beatriz Nunes — Recife".
func isPlaceAlone(text string) bool {
	first := firstRune(text)
	return unicode.Is(unicode.Latin, first) && !strings.Contains(text, " ") && !isBody(text) && !acronym(text)
}

// withoutTown takes a town that we know from behind an origin: "خبرگزاری فارس از
// شیراز".
func withoutTown(text string) string {
	words := strings.Fields(text)
	for i := 1; i < len(words)-1; i++ {
		if in(ats(), words[i]) && in(places(), strings.Join(words[i+1:], " ")) {
			return strings.Join(words[:i], " ")
		}
	}
	return text
}
