package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// A reader walks the tree of a file into a Config and notes where each value
// stands.
type reader struct {
	file   string
	lines  []string
	opt    Options
	faults Faults
	places map[string]place // by key

	unreadable map[string]bool // keys whose value could not be read as what it should be
}

func (r *reader) config(body ast.Node, cfg *Config) {
	r.places[""] = place{1, 1}
	r.decode(body, reflect.ValueOf(cfg).Elem(), "")
}

// decode reads a node into a value of ours.
func (r *reader) decode(n ast.Node, v reflect.Value, key string) {
	switch node := n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		r.unreadableAt(n, key, "anchors and aliases are not used here", "write the value out")
		return
	case *ast.TagNode:
		r.decode(node.Value, v, key)
		return
	}
	r.places[key] = placeOf(n)
	if v.CanAddr() {
		if p, ok := v.Addr().Interface().(interface{ parse(string) error }); ok {
			r.special(n, p, key)
			return
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		r.mapping(n, v, key)
	case reflect.Slice:
		r.sequence(n, v, key)
	case reflect.Map:
		r.dictionary(n, v, key)
	default:
		r.scalar(n, v, key)
	}
}

func (r *reader) unreadableAt(n ast.Node, key, problem, hint string) {
	r.unreadable[key] = true
	r.faultAt(n, key, problem, hint)
}

func (r *reader) special(n ast.Node, p interface{ parse(string) error }, key string) {
	text, ok := r.text(n, key)
	if !ok {
		return
	}
	err := p.parse(text)
	if err == nil {
		return
	}
	hint := ""
	switch p.(type) {
	case *Duration:
		hint = durationHint
	case *Size:
		hint = sizeHint
	case *Zone:
		hint = "write an IANA name such as Asia/Shanghai"
		if z := near(text, commonZones); z != "" {
			hint = fmt.Sprintf("did you mean %q?", z)
		}
	}
	r.faultAt(n, key, err.Error(), hint)
}

func (r *reader) mapping(n ast.Node, v reflect.Value, key string) {
	if isNull(n) {
		return
	}
	pairs, ok := pairsOf(n)
	if !ok {
		r.unreadableAt(n, key, "wants keys and values, got "+kindOf(n), "write each as `key: value` on a line of its own")
		return
	}
	fields := fieldsOf(v.Type())
	seen := map[string]int{}
	for _, pair := range pairs {
		name := pair.Key.String()
		if s, ok := pair.Key.(*ast.StringNode); ok {
			name = s.Value
		}
		at := placeOf(pair.Key)
		if line, twice := seen[name]; twice {
			r.fault(at, joinKey(key, name), "this key stands twice", fmt.Sprintf("the first is on line %d", line))
			continue
		}
		seen[name] = at.line
		i, known := fields[name]
		if !known {
			r.fault(at, joinKey(key, name), "unknown key", hintFor(name, keysOf(v.Type())))
			continue
		}
		r.decode(pair.Value, v.Field(i), joinKey(key, name))
	}
}

// dictionary reads a mapping of text to text whose keys are free.
func (r *reader) dictionary(n ast.Node, v reflect.Value, key string) {
	if isNull(n) {
		return
	}
	pairs, ok := pairsOf(n)
	if !ok {
		r.unreadableAt(n, key, "wants keys and values, got "+kindOf(n), "write each as `key: value` on a line of its own")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	seen := map[string]int{}
	for _, pair := range pairs {
		at := placeOf(pair.Key)
		name := pair.Key.String()
		if s, ok := pair.Key.(*ast.StringNode); ok {
			name = s.Value
		}
		if line, twice := seen[name]; twice {
			r.fault(at, joinKey(key, name), "this key stands twice", fmt.Sprintf("the first is on line %d", line))
			continue
		}
		seen[name] = at.line
		if text, ok := r.text(pair.Value, joinKey(key, name)); ok {
			r.places[joinKey(key, name)] = placeOf(pair.Value)
			v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(text))
		}
	}
}

func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func fieldsOf(t reflect.Type) map[string]int {
	out := map[string]int{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			out[name] = i
		}
	}
	return out
}

func keysOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func joinKey(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

func (r *reader) sequence(n ast.Node, v reflect.Value, key string) {
	if isNull(n) {
		return
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.unreadableAt(n, key, "wants a list, got "+kindOf(n), "write [a, b], or each on a line of its own behind a hyphen")
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(seq.Values))
	for i, item := range seq.Values {
		e := reflect.New(v.Type().Elem()).Elem()
		switch v.Type().Elem() {
		case reflect.TypeFor[Source]():
			e.Set(reflect.ValueOf(NewSource()))
		case reflect.TypeFor[Channel]():
			e.Set(reflect.ValueOf(newChannel()))
		}
		r.decode(item, e, fmt.Sprintf("%s[%d]", key, i))
		out = reflect.Append(out, e)
	}
	v.Set(out)
}

func (r *reader) scalar(n ast.Node, v reflect.Value, key string) {
	if isNull(n) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			r.unreadableAt(n, key, "wants true or false, got "+kindOf(n), "write true or false, without quotes")
			return
		}
		v.SetBool(b.Value)
	case reflect.String:
		if text, ok := r.text(n, key); ok {
			v.SetString(text)
		}
	default:
		r.number(n, v, key)
	}
}

func (r *reader) number(n ast.Node, v reflect.Value, key string) {
	text, ok := r.text(n, key)
	if !ok {
		return
	}
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		r.faultAt(n, key, "wants a number, got "+kindOf(n), "write digits, without quotes")
	case v.Kind() == reflect.Float64:
		v.SetFloat(f)
	case f != float64(int64(f)):
		r.faultAt(n, key, "wants a whole number", fmt.Sprintf("write %.0f", f))
	default:
		v.SetInt(int64(f))
	}
}

// text is a scalar as written, with ${NAME} put in.
func (r *reader) text(n ast.Node, key string) (string, bool) {
	var s string
	switch node := n.(type) {
	case *ast.StringNode:
		s = node.Value
	case *ast.LiteralNode:
		s = strings.TrimRight(node.Value.Value, "\n")
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	default:
		r.faultAt(n, key, "wants text, got "+kindOf(n), "")
		return "", false
	}
	if c := strings.IndexFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }); c >= 0 {
		r.faultAt(n, key, fmt.Sprintf("holds the control character %U", []rune(s[c:])[0]), "leave it out")
		return "", false
	}
	var missing []string
	s, closed := expand(s, func(name string) (string, bool) {
		name, fallback, hasFallback := strings.Cut(name, ":-")
		if r.opt.Env != nil {
			if value, ok := r.opt.Env(name); ok && (value != "" || !hasFallback) {
				return value, true
			}
		}
		if !hasFallback {
			missing = append(missing, name)
		}
		return fallback, true
	})
	if !closed {
		r.faultAt(n, key, "has a ${ that is not closed", "write ${NAME}, or $${ for the signs themselves")
		return "", false
	}
	for _, name := range missing {
		r.faultAt(n, key, fmt.Sprintf("the environment has no %s", name), fmt.Sprintf("set it, or write ${%s:-a default}", name))
	}
	return s, len(missing) == 0
}

// expand puts values in for ${NAME}; $$ is a dollar, and a lone dollar is itself. Not
// closed is a ${ without an end.
func expand(s string, lookup func(string) (string, bool)) (out string, closed bool) {
	if !strings.Contains(s, "$") {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "$$"):
			b.WriteByte('$')
			i++
		case strings.HasPrefix(s[i:], "${"):
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return s, false
			}
			value, _ := lookup(s[i+2 : i+end])
			b.WriteString(value)
			i += end
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}

func isNull(n ast.Node) bool {
	_, ok := n.(*ast.NullNode)
	return ok || n == nil
}

// kindOf is what a node is, in words.
func kindOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.IntegerNode, *ast.FloatNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.NullNode:
		return "nothing"
	default:
		return n.Type().String()
	}
}

// enumsOf are the words that a field with an enum tag may hold.
func enumsOf(f reflect.StructField) []string {
	if tag := f.Tag.Get("enum"); tag != "" {
		return strings.Split(tag, ",")
	}
	return nil
}
