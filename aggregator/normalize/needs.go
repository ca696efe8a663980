package normalize

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// mostNeeded is how many signs a set may have that tells a text which a pattern cannot
// match, and mostNeeds how many such sets are looked for in one.
const mostNeeded, mostNeeds = 40, 3

// needsOf are sets of signs of each of which a text must hold one for a pattern to
// match it, the smallest first.
func needsOf(pattern string) []*runeSet {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil // it does not compile either, which is told elsewhere
	}
	sets := needed(re)
	slices.SortStableFunc(sets, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	sets = slices.Compact(sets)
	var out []*runeSet
	for _, set := range sets[:min(len(sets), mostNeeds)] {
		out = append(out, setOf(set))
	}
	return out
}

// needed are the sets of a part of a pattern.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return telling(literal(re))
	case syntax.OpCharClass:
		return telling([]string{class(re.Rune)})
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var out []string
		for _, sub := range re.Sub {
			out = append(out, needed(sub)...)
		}
		return out
	case syntax.OpAlternate:
		return telling([]string{either(re.Sub)})
	}
	return nil
}

// literal are the signs of a literal, each with its other cases where those match too.
func literal(re *syntax.Regexp) []string {
	var out []string
	for _, r := range re.Rune {
		set := string(r)
		if re.Flags&syntax.FoldCase != 0 {
			for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
				set += string(other)
			}
		}
		out = append(out, set)
	}
	return out
}

// class are the signs of a class, which is pairs of the first and the last of a range;
// empty for a large one.
func class(ranges []rune) string {
	var set strings.Builder
	n := 0
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if n++; n > mostNeeded {
				return ""
			}
			set.WriteRune(r)
		}
	}
	return set.String()
}

// either is a set of which each of several alternatives needs a sign: of each the
// smallest. It is empty where one of them needs none.
func either(alternatives []*syntax.Regexp) string {
	all := ""
	for _, sub := range alternatives {
		sets := needed(sub)
		if len(sets) == 0 {
			return ""
		}
		all += slices.MinFunc(sets, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	}
	signs := []rune(all)
	slices.Sort(signs)
	return string(slices.Compact(signs))
}

// telling leaves out sets that most texts hold a sign of: of blanks or Latin letters,
// and large ones.
func telling(sets []string) []string {
	return slices.DeleteFunc(sets, func(set string) bool {
		return set == "" || len([]rune(set)) > mostNeeded || strings.ContainsFunc(set, func(r rune) bool { return r <= ' ' || isLatinLetter(r) })
	})
}
