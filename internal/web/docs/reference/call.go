package reference

import (
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"
)

// CallOf is a call of an operation as samples are written of it. The library for Go is called by a request of its own, as
// what is compiled for it is of the recorded calls.
func CallOf(op *spec.Operation, run *sample.Run, key, url string) *sample.Call {
	name := sample.Key(op)
	return &sample.Call{Operation: op, Run: run, Node: names().Node[name], Python: names().Python[name], Key: key, URL: url}
}

// Highlight colours a text of a language.
var Highlight = highlight
