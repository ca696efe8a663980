package edition

import (
	"errors"
	"testing"
)

// Who writes a rule as other languages have it is told how ours says it; and
// what is told can be compiled.
func TestRuleHints(t *testing.T) {
	for _, tt := range []struct{ where, want string }{
		{`source:s-he`, `source == "s-he"`},
		{`source = "wire"`, `source == "wire"`},
		{`source == s-he`, `source == "s-he"`},
		{`section: 'World' && words > 3`, `section == "World"`},
		{`source == "a" && language:de`, `language == "de"`},
		{`author:ann`, `"ann" in authors`},
		{`category == sport`, `"sport" in categories`},
		{`title: ferry`, `title contains "ferry"`},
		{`words = 300`, `words == 300`},
		{`source == "a" AND words > 3`, `and`},
		{`titel contains "x"`, ``},
		{`title`, ``},
		{`source == "a" ? title`, ``},
	} {
		_, err := CompileRule(tt.where)
		var fault *RuleError
		if !errors.As(err, &fault) {
			t.Errorf("%s: got %v, want a RuleError", tt.where, err)
			continue
		}
		want := tt.want
		if want != "" {
			want = "write " + want
		}
		if fault.Hint() != want {
			t.Errorf("%s: got hint %q, want %q", tt.where, fault.Hint(), want)
		}
		if tt.want != "" && tt.want != "and" {
			if _, err := CompileRule(tt.want); err != nil {
				t.Errorf("%s: the hint is no rule: %v", tt.where, err)
			}
		}
	}
}
