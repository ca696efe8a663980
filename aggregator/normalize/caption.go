package normalize

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// pictureTag opens a picture in clean HTML, captionTag what stands under one, and
// captionEnd closes that.
const pictureTag, captionTag, captionEnd = "<img", "<figcaption>", "</figcaption>"

// cutCaption cuts the first caption out of what a block of html begins with, html
// being the block and all behind it: before is the block up to the caption.
func cutCaption(block, html string) (before, caption, after string, ok bool) {
	i := strings.Index(block, captionTag)
	if i < 0 {
		return block, "", "", false
	}
	caption, after, ok = strings.Cut(html[i+len(captionTag):], captionEnd)
	return block[:i], caption, after, ok
}

// cutLastCaption cuts the caption out of html that ends in its last block, which begins
// at i: from is where it begins, with its tag, and after what stands behind it.
func cutLastCaption(html string, i int) (from int, caption, after string, ok bool) {
	if !strings.Contains(html[i:], captionEnd) {
		return i, "", "", false
	}
	from = strings.LastIndex(html, captionTag)
	if from < 0 {
		return i, "", "", false
	}
	caption, after, ok = strings.Cut(html[from+len(captionTag):], captionEnd)
	return from, caption, after, ok
}

// captionLine is whose picture a caption stands under, and nobody else: what it tells
// of people is what the picture shows, and it is no credit of the copy (ruling 7). read
// is what a line of credits would say.
func captionLine(text string, read Line) Line {
	text = tidy(text)
	if line := withinCredit(onlyPictures(read), text); len(line.People) > 0 && !slices.ContainsFunc(line.People, oneLetter) { // "Foto N – Tomáš Novák"
		return line
	}
	for end := range captionEnds(text) {
		if line, ok := pictureCredit(end); ok {
			return line
		}
	}
	return Line{}
}

// withinCredit leaves out whom a caption names before the brackets that say whose picture
// it is.
func withinCredit(line Line, text string) Line {
	i := endOpens.lastIndex(text)
	if i < 1 || !strings.ContainsRune(")）】]", lastRune(text)) {
		return line
	}
	inner, _ := parenthesised(text[i:])
	word, _, _ := strings.Cut(inner, "/")
	if _, role, _ := cutRole(inner); role == news.Photographer || roleAlone(word) == news.Photographer {
		line.People = slices.DeleteFunc(line.People, func(p news.Person) bool { return !strings.Contains(fold(inner), fold(p.Name)) })
	}
	return line
}

// madePicture reports who made a picture.
func madePicture(p news.Person) bool {
	return p.Role == news.Photographer || p.Role == news.Illustrator
}

func oneLetter(p news.Person) bool { return utf8.RuneCountInString(p.Name) < 2 }

func onlyPictures(line Line) Line {
	line.Credit = ""
	line.People = slices.DeleteFunc(line.People, func(p news.Person) bool { return !madePicture(p) })
	return line
}

// longestCaptionEnd is the longest end of a caption, in bytes, that says whose picture
// it is.
const longestCaptionEnd = 120

// captionEnds are what may say so: a short caption itself, what stands in the last
// brackets, and behind the last of each mark.
func captionEnds(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		bare := strings.TrimRight(text, " .")
		marks := captionMarks
		switch i := endOpens.lastIndex(bare); {
		case i >= 0 && len(bare)-i < longestCaptionEnd && strings.ContainsRune(")）】]", lastRune(bare)):
			_, n := utf8.DecodeRuneInString(bare[i:])
			_, m := utf8.DecodeLastRuneInString(bare)
			if bare = bare[i+n : len(bare)-m]; !yield(bare) {
				return
			}
			marks = captionMarks[:2]
		case len(bare) < longestCaptionEnd && !yield(bare):
			return
		}
		for _, mark := range marks {
			i := lastWithin(bare, mark, longestCaptionEnd)
			if i >= 0 && mark != owner {
				i += len(mark)
			}
			if i >= 0 && !yield(bare[i:]) {
				return
			}
		}
	}
}

// owner is the sign before whose a picture is, which stays with the name.
const owner = "©"

// captionMarks part a caption from whose picture it is.
var captionMarks = []string{": ", owner, " | ", " • ", " ∙ ", ". ", "! ", "? ", "” ", "» ", "。", "\" ", " / ", " – ", " — ", " - ", "、", "＝", "/"}

// pictureCredit reads an end of a caption that can be nothing but whose picture it is:
// what a word tells, "Autor: Ola Nord", an outlet, and a name beside one, "Ola
// Nord/Coast", "Ola Nord for The Herald".
func pictureCredit(text string) (Line, bool) {
	owned := strings.HasPrefix(strings.TrimLeft(text, " "), "©")
	text = withoutStock(strings.Trim(text, " ©()[]/"))
	if text == "" || strings.ContainsAny(text, "?!") {
		return Line{}, false
	}
	lower := lowered(text)
	rest, w, worded := opened(text, lower)
	switch {
	case signsBehind(text, lower):
	case worded && (w.role == source || w.role == news.Author && w.colon):
		text = rest
		for _, mark := range []string{" - ", ", "} { // "Zdroj: TASR - Jaroslav Novák"
			if paper, name, ok := strings.Cut(text, mark); ok && wire(paper).name != "" {
				text = name + "/" + paper
			}
		}
	case worded && w.role != news.Photographer:
		return Line{}, false
	case worded:
	case !signsBeside(text) && !(owned && nameSigned(text)):
		return Line{}, false
	}
	line := readLine(text, news.Photographer)
	if line = onlyPictures(line); len(line.People) == 0 { // "김철수 기자"
		line.People = asPhotographers(readLine(text, news.Author).People)
	}
	return line, len(line.People) > 0
}

// longestTaken is how many signs a name has with the word for a picture behind it.
const longestTaken = 20

// signsBehind reports a name with the word for a picture, or for a reporter in Korean,
// behind it: "刘磊 摄", "뉴스1 김철수 기자".
func signsBehind(text, lower string) bool {
	if utf8.RuneCountInString(text) > longestTaken || strings.ContainsAny(text, ".。、＝/") {
		return false
	}
	_, role, _ := closed(text, lower)
	return role == news.Photographer || strings.HasSuffix(text, labelKorean()) && strings.Contains(text, " ")
}

// signsBeside reports an outlet alone, and a name beside one or before another body
// behind a slash.
func signsBeside(text string) bool {
	if agenciesOnly(text) || opensAgency(text) {
		return true
	}
	name, body, ok := cutLastSlash(text)
	if lower := lowered(text); !ok {
		for _, word := range pictureFors() {
			if i := strings.Index(lower, " "+word+" "); i > 0 {
				name, body, ok = text[:i], text[i+len(word)+2:], true
				break
			}
		}
	}
	if !ok {
		name, body, ok = cutLastComma(text)
		ok = ok && wire(strings.TrimSpace(body)).name != ""
	}
	return ok && captionName(name) && captionName(body)
}

// withoutStock is a text without the word for an archive that ends it: "EFE | Archivo".
func withoutStock(text string) string {
	for _, mark := range []string{" | ", ", ", "/", " - "} {
		if i := strings.LastIndex(text, mark); i > 0 && in(stockPictures(), text[i+len(mark):]) {
			return text[:i]
		}
	}
	return text
}

func cutLastComma(text string) (before, behind string, ok bool) {
	i := strings.LastIndexByte(text, ',')
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

// captionName reports what can be a person or a body that lends pictures: up to five
// words, each with a capital where its script has those.
func captionName(text string) bool {
	text = strings.Trim(text, " «»“”\"")
	if i := strings.Index(text, ". "); i > 2 && !endsShort(text[:i]) { // a sentence
		return false
	}
	words := strings.Fields(strings.NewReplacer("/", " ", ",", " ").Replace(text))
	return len(words) > 0 && len(words) < 6 && isTitled(text) && unicode.IsLetter(firstRune(text)) && !strings.ContainsFunc(text, unicode.IsDigit) && !in(places(), text) && !isWeekday(text)
}
