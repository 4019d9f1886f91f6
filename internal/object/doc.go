// Package object owns the stored document: ordered JSON with typed access, whose names are checked against a schema.
//
// A value is one of: nil, bool, int64, Number (any other number, as its text), string, *Object, []any.
package object
