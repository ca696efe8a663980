package normalize

import (
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
	if isHangul(firstRune(n.text)) {
		return spacedHangul(n)
	}
	if first := firstRune(n.text); !unicode.Is(unicode.Han, first) || !allHan(withoutGaps.Replace(n.text)) {
		return []name{n}
	}
	words := slices.DeleteFunc(padded(strings.Fields(n.text)), func(w string) bool { return noise()[w] })
	if len(words) > 1 && (hanJob(words[0]) || jobs()[words[0]] || isDeskJapanese(words[0])) { // 清华大学教授 阎学之, 教授 黄志远, 社会部 佐藤健一
		n.affiliation, words = words[0], words[1:]
	}
	if last := len(words) - 1; last > 0 && hanJob(words[last]) { // 沈国麟 复旦大学教授
		n.affiliation, words = words[last], words[:last]
	}
	if len(words) < 2 {
		n.text = strings.Join(words, " ")
		return gluedHan(n)
	}
	var out []name
	for _, w := range words {
		if count := utf8.RuneCountInString(w); count < 2 || count > 6 && registry()[w].name == "" {
			return []name{n}
		}
		out = append(out, name{text: w})
	}
	if len(out) == 2 && !(japaneseName(words[0]) && japaneseName(words[1])) && !(hanFull(words[0]) && hanFull(words[1])) && (!(opensChinese(words[0]) && opensChinese(words[1])) || families()[words[0]] || givenJapanese(words[1])) { // 山田 太郎
		return []name{n}
	}
	return out
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
