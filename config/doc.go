// Package config is the operator's file: one YAML document that says what is
// pulled, what is published and how.
//
// Each field's comment is its manual entry; the JSON Schema is made from the
// same comments. It promises that a file which loads will run: unknown keys,
// wrong types, bad addresses, zones, schedules and rules are all found here,
// all at once, each with its line, the line itself and what to write instead.
//
// A [Draft] edits the file as its operator would: what is not meant stays as it
// was to the byte, and an edit after which the file would say anything but what
// was asked for is refused.
//
// It refuses to guess: what it does not know is a fault. It is the door of
// goccy/go-yaml and invopop/jsonschema.
package config
