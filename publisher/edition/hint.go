package edition

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// likened is a name set beside a value, rightly (==) or as other languages of
// rules and searches have it (source:wire, source = wire).
var likened = regexp.MustCompile(`(\w+)\s*(:|==?)\s*("[^"]*"|'[^']*'|[^\s"'&|()=]+)`)

// shouted is a word of the language in capitals.
var shouted = regexp.MustCompile(`Identifier\("(AND|OR|NOT|IN|CONTAINS|MATCHES)"\)`)

// hintFor says what to write where a rule that cannot be read was probably meant
// to compare; empty when it cannot be told.
func hintFor(where, problem string) string {
	if m := shouted.FindStringSubmatch(problem); m != nil {
		return "write " + strings.ToLower(m[1])
	}
	for _, m := range likened.FindAllStringSubmatch(where, -1) {
		if m[2] == "==" && strings.ContainsAny(m[3], `"'`) {
			continue
		}
		if compared := comparing(m[1], strings.Trim(m[3], `"'`)); compared != "" && compared != m[0] {
			return "write " + compared
		}
	}
	return ""
}

// comparing is a comparison of a variable with a value; empty where the name is
// none.
func comparing(name, value string) string {
	for f := range reflect.TypeFor[facts]().Fields() {
		variable := f.Tag.Get("expr")
		if !sameVariable(name, variable) {
			continue
		}
		switch {
		case variable == "title", variable == "text", variable == "url":
			return fmt.Sprintf("%s contains %q", variable, value)
		case f.Type == reflect.TypeFor[string]():
			return fmt.Sprintf("%s == %q", variable, value)
		case f.Type == reflect.TypeFor[[]string]():
			return fmt.Sprintf("%q in %s", value, variable)
		case f.Type == reflect.TypeFor[int]():
			return fmt.Sprintf("%s == %s", variable, value)
		}
	}
	return ""
}

// sameVariable reports a variable's name, or the singular of it.
func sameVariable(name, variable string) bool {
	return name == variable || name+"s" == variable || strings.HasSuffix(name, "y") && strings.TrimSuffix(name, "y")+"ies" == variable
}
