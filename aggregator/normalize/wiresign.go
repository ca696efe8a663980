package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// signOffLine writes the sign-off of a wire, which has a sentence for each role and
// no word for its authors, with a label before each: "Ann Lee, Bob Roy. Editor Al
// Kerr" is "by: Ann Lee, Bob Roy | Editor: Al Kerr". Empty where inner is none.
func signOffLine(inner string) string {
	if !strings.Contains(inner, ". ") && (ascii(inner) || !strings.Contains(inner, "; ")) { // others have a word for each
		return ""
	}
	var out []string
	worded, authors := false, false
	for _, sentence := range sentences(inner) {
		label, names := labelOpens(sentence)
		switch {
		case label != "":
			worded = true
		case authors:
			return ""
		default:
			label, authors = labelEnglish(), true
		}
		names, helpers := helpedBy(names)
		if !namesAlone(names) {
			return ""
		}
		out = append(out, label+": "+names)
		if helpers != "" {
			out = append(out, helpers)
		}
	}
	if !worded || len(out) < 2 {
		return ""
	}
	return strings.Join(out, bar)
}

// sentences parts at full stops and semicolons, but not behind an initial.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := range len(text) - 1 {
		if text[i+1] != ' ' || text[i] != '.' && text[i] != ';' || i < start {
			continue
		}
		word := text[start:i]
		if word = word[strings.LastIndexAny(word, " .")+1:]; text[i] == '.' && utf8.RuneCountInString(word) < 2 {
			continue
		}
		out = append(out, strings.TrimSpace(text[start:i]))
		start = i + 1
	}
	return append(out, strings.Trim(text[start:], " ."))
}

// labelOpens parts a role word from before names, where a capital says that they
// are some.
func labelOpens(sentence string) (label, names string) {
	words := strings.Fields(sentence)
	for n := min(3, len(words)-1); n > 0; n-- {
		label = strings.TrimRight(strings.Join(words[:n], " "), ":")
		if role := roleAlone(label); role != "" && role != source && role != nobody && !in(givenNames(), words[0]) {
			return label, strings.Join(words[n:], " ")
		}
	}
	return "", sentence
}

// helpedBy parts helpers or translators, with their word, from behind the names of a
// sentence: "Анна Ковалёва, при участии Петра Жданова".
func helpedBy(names string) (rest, helpers string) {
	before, after, ok := strings.Cut(names, ", ")
	for ok {
		if _, role, _ := cutRole(after); role == helper || role == news.Translator {
			return before, after
		}
		var part string
		part, after, ok = strings.Cut(after, ", ")
		before += ", " + part
	}
	return names, ""
}

// namesAlone reports names of two words to four, each with a capital, and nothing
// beside them but the place of each.
func namesAlone(text string) bool {
	if !likelyNames(segment{text: text, role: news.Author}) {
		return false
	}
	for part := range strings.SplitSeq(text, ",") {
		for _, name := range atAnds(part) {
			words := strings.Fields((lister{out: new(Line)}).withoutPlace(name).text)
			if len(words) < 2 || len(words) > 4 || !shapedName(strings.Join(words, " "), words) || isBody(name) || !in(givenNames(), words[0]) && slices.ContainsFunc(words, topical) {
				return false
			}
		}
	}
	return text != ""
}
