package normalize

import (
	"iter"
	"strings"
	"testing"
)

// The example of each rule that answers a question is answered by it, at one of its
// words.
func TestAnswersReadTheirExamples(t *testing.T) {
	checkAnswers(t, atRules, func(before []string, w string, next []string) (atWord, bool) {
		p := atWord{before: before, next: next, word: fold(w)}
		p.place, _, _ = strings.Cut(strings.Join(next, " "), ",")
		return p, ats()[p.word] || perhapsAts()[p.word]
	})
	checkAnswers(t, conjunctionRules, func(before []string, w string, next []string) (conjunction, bool) {
		return conjunction{before: before, next: next, written: w, word: fold(w)}, true
	})
}

func checkAnswers[q any](t *testing.T, rules iter.Seq[rule[func(q) answer]], question func(before []string, w string, next []string) (q, bool)) {
	t.Helper()
	for want := range rules {
		words, seen := strings.Fields(want.example), []string(nil)
		for i := 1; i < len(words)-1; i++ {
			of, ok := question(words[:i], words[i], words[i+1:])
			for r := range rules {
				if ok && r.read(of) != unsaid {
					seen = append(seen, r.name)
					break
				}
			}
		}
		if !strings.Contains(strings.Join(seen, "\n")+"\n", want.name+"\n") {
			t.Errorf("%s: %q is answered by %q", want.name, want.example, seen)
		}
	}
}
