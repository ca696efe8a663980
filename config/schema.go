package config

import (
	_ "embed"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

//go:embed types.go
var typesSource string

// Schema is a JSON Schema of the file, for editors. Its descriptions are the
// comments of the types.
func Schema() ([]byte, error) {
	comments, err := fieldComments()
	if err != nil {
		return nil, err
	}
	reflector := &jsonschema.Reflector{
		FieldNameTag:               "yaml",
		DoNotReference:             true,
		RequiredFromJSONSchemaTags: true,
		Mapper:                     mapValues,
	}
	root := reflector.Reflect(&Config{})
	root.Title = "copydesk config"
	describe(root, reflect.TypeFor[Config](), comments)
	return json.MarshalIndent(root, "", "  ")
}

// mapValues describes the values that have a form of their own.
func mapValues(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^[0-9.]+(ns|us|ms|s|m|h|d|w)([0-9.]+(ms|s|m))*$`}
	case reflect.TypeFor[Size]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string", Pattern: `^[0-9.]+ ?([KMG]i?B|B)?$`}, {Type: "integer"}}}
	case reflect.TypeFor[Zone]():
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}

// describe adds comments and enums to each property.
func describe(s *jsonschema.Schema, t reflect.Type, comments map[string]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" || s.Properties == nil {
			continue
		}
		p, ok := s.Properties.Get(name)
		if !ok {
			continue
		}
		p.Description = comments[t.Name()+"."+f.Name]
		if strings.Contains(p.Description, "Required") {
			s.Required = append(s.Required, name)
		}
		for _, word := range enumsOf(f) {
			p.Enum = append(p.Enum, word)
		}
		switch {
		case f.Type.Kind() == reflect.Struct && p.Properties != nil:
			describe(p, f.Type, comments)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			describe(p.Items, f.Type.Elem(), comments)
		}
	}
}

// fieldComments reads the comments of types.go by Type.Field.
func fieldComments() (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", typesSource, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		st, ok := spec.Type.(*ast.StructType)
		if !ok {
			return false
		}
		for _, f := range st.Fields.List {
			for _, name := range f.Names {
				out[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
			}
		}
		return false
	})
	return out, nil
}
