package normalize

import (
	"strings"
	"testing"
)

// A pattern tells what a text must hold for it to match, and no more than that.
func TestNeeds(t *testing.T) {
	for pattern, texts := range map[string]struct{ runs, doesNot []string }{
		`^\d+/x`:            {[]string{"1/x", "/1"}, []string{"1x", "/x", ""}},
		`(?:–|—)?a`:         {[]string{"a", ""}, nil},
		`(?:–|—){2,3}a`:     {[]string{"—a"}, []string{"a"}},
		`(?:–|«\d)a`:        {[]string{"–", "«1"}, []string{"a"}},
		`(?i)é\x{212A}`:     {[]string{"É", "é"}, []string{"e", "k"}},
		`[–—]+|a`:           {[]string{"a", ""}, nil},
		`\p{Han}{2}(?:=|＝)`: {[]string{"=", "＝"}, []string{"", "二"}},
	} {
		holds := func(text string) bool {
			for _, set := range needsOf(pattern) {
				if !set.in(text) {
					return false
				}
			}
			return true
		}
		for _, text := range texts.runs {
			if !holds(text) {
				t.Errorf("%s is not run over %q", pattern, text)
			}
		}
		for _, text := range texts.doesNot {
			if holds(text) {
				t.Errorf("%s is run over %q", pattern, text)
			}
		}
	}
}

// Every name of an outlet is seen in a line, and a line without any is told.
func TestMayNameOutlet(t *testing.T) {
	names, short := outlets()
	for name := range short {
		if !mayNameOutlet("Ann Lee, " + name) {
			t.Errorf("%q is not seen", name)
		}
	}
	for name, o := range names {
		if !mayNameOutlet("Ann Lee ("+o.spelled+")") || !mayNameOutlet(strings.ToUpper(name)+"/Ann Lee") {
			t.Errorf("%q is not seen", name)
		}
		if !mayOpenOutlet(o.spelled) {
			t.Errorf("%q does not open a text", o.spelled)
		}
	}
	for line, want := range map[string]bool{"by Ann Lee.Reuters": true, "Анна Лис, Укрінформу": true, "The keeper counted the boats": false, "渡轮昨天停航": false} {
		if got := mayNameOutlet(line); got != want {
			t.Errorf("%q may name an outlet: got %v", line, got)
		}
	}
}

// Every role word is seen where a part of a line may begin, and those behind a name
// where one ends; a sentence is told.
func TestMayTellRole(t *testing.T) {
	for _, list := range openers().list {
		for _, w := range list {
			gap := ""
			if w.gap != 0 {
				gap = " Lisbon " + w.behind
			}
			if line := "Ann Lee | " + w.phrase + gap + ": Bob Roy"; len(w.phrase) > 1 && !mayTellRole(line) {
				t.Errorf("%q tells of no role", line)
			}
		}
	}
	for _, list := range closers().list {
		for _, w := range list {
			if line := "Ann Lee" + w.phrase + ", Bob Roy"; !mayTellRole(line) {
				t.Errorf("%q tells of no role", line)
			}
		}
	}
	if line := "The keeper counted the boats again before noon"; mayTellRole(line) {
		t.Errorf("%q tells of a role", line)
	}
}

// A text of sentences in Chinese credits nobody but at its ends; one that a label or a
// reporter opens may.
func TestSentencesHan(t *testing.T) {
	for text, want := range map[string]bool{
		"渡轮昨天停航，居民安全，技术人员制作了新的模型。":                     true,
		"渡轮昨天停航。技术人员制作了新的模型：他们在岸边数了两遍，又在堤上数了两遍，到傍晚才回家": true,
		"编辑：张三。渡轮昨天停航，技术人员在岸边数了两遍，又在堤上数了两遍，到傍晚才回家。":    false,
		"新华社北京11月10日电（记者张三）渡轮昨天停航，居民安全。":               false,
		"责任编辑：张三": false,
		"渡轮停航。":   false,
	} {
		if got := sentencesHan(text); got != want {
			t.Errorf("%q is of sentences: got %v", text, got)
		}
	}
}
