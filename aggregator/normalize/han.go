package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hanJob reports a job in Han characters: 系中国人民大学教授.
func hanJob(p string) bool {
	if n := utf8.RuneCountInString(p); n < 4 || n == 4 && surnames()[firstRune(p)] || !allHan(p) { // 李明教授 is a person
		return false
	}
	for i := range p {
		if i > 0 && jobs()[p[i:]] {
			return true
		}
	}
	return false
}

// withoutGaps takes out what stands inside names in Han characters.
var withoutGaps = strings.NewReplacer(" ", "", "·", "")

// spacedHan parts Chinese and Japanese names that only blanks part.
func spacedHan(n name) []name {
	first := firstRune(n.text)
	switch {
	case isHangul(first):
		return spacedHangul(n)
	case !unicode.Is(unicode.Han, first) || !allHan(withoutGaps.Replace(n.text)):
		return []name{n}
	}
	words := slices.DeleteFunc(padded(strings.Fields(n.text)), func(w string) bool { return noise()[w] })
	job, words := besideHan(words)
	n.affiliation = cmp.Or(job, n.affiliation)
	switch {
	case len(words) < 2:
		n.text = strings.Join(words, " ")
		return gluedHan(n)
	case slices.ContainsFunc(words, tooShortOrLong), len(words) == 2 && oneHan(words[0], words[1]):
		return []name{n}
	}
	out := make([]name, len(words))
	for i, w := range words {
		out[i].text = w
	}
	return out
}

// besideHan takes a job or a desk from before names, or a job from behind them:
// 清华大学教授 阎学之, 社会部 佐藤健一, 沈国麟 复旦大学教授.
func besideHan(words []string) (job string, names []string) {
	if len(words) > 1 && (hanJob(words[0]) || jobs()[words[0]] || isDeskJapanese(words[0])) {
		job, words = words[0], words[1:]
	}
	if last := len(words) - 1; last > 0 && hanJob(words[last]) {
		job, words = words[last], words[:last]
	}
	return job, words
}

// tooShortOrLong reports a word in Han characters that is no name among others.
func tooShortOrLong(w string) bool {
	n := utf8.RuneCountInString(w)
	return n < 2 || n > 6 && registry()[w].name == ""
}

// oneHan reports the family and the given name of one person: 山田 太郎.
func oneHan(a, b string) bool {
	if japaneseName(a) && japaneseName(b) || hanFull(a) && hanFull(b) {
		return false
	}
	return !opensChinese(a) || !opensChinese(b) || families()[a] || givenJapanese(b)
}

// hanFull reports as many signs as family and given name have together, 根岸涼子.
func hanFull(w string) bool { return utf8.RuneCountInString(w) > 3 }

// padded joins names of two signs that a blank pads among others: 丁雅婷 贺 涌.
func padded(words []string) []string {
	out := words[:0:0]
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) && utf8.RuneCountInString(words[i]) == 1 && utf8.RuneCountInString(words[i+1]) == 1 {
			out = append(out, words[i]+words[i+1])
			i++
			continue
		}
		out = append(out, words[i])
	}
	return out
}

// givenJapanese reports a given name by its end, 壮太郎, that opens with no Chinese
// family name.
func givenJapanese(w string) bool {
	first := firstRune(w)
	return !surnames()[first] && japaneseEnds().has(lastRune(w))
}

// opensChinese reports a word of Han characters that begins with a Chinese
// family name, or has three and more.
func opensChinese(w string) bool {
	first := firstRune(w)
	return surnames()[first] || utf8.RuneCountInString(w) > 2
}

// gluedHan parts "张三和李四", but not 李和平.
func gluedHan(n name) []name {
	for _, and := range andsChinese() {
		before, after, ok := strings.Cut(n.text, and)
		b, a := utf8.RuneCountInString(before), utf8.RuneCountInString(after)
		if ok && b >= 2 && b <= 4 && a >= 2 && a <= 4 && allHan(before) && allHan(after) {
			return []name{{text: before}, {text: after}}
		}
	}
	return []name{n}
}

func allHan(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}
