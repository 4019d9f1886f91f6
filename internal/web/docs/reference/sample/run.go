package sample

import (
	"encoding/json"
	"strings"

	"sharesmart/internal/spec"
)

// Run is one call of an operation, and what was answered.
type Run struct {
	Path   []string        `json:"path,omitempty"` // what is in the place of its path's parameters
	Form   []string        `json:"form,omitempty"` // names and values in turn
	Status string          `json:"status,omitempty"`
	Answer json.RawMessage `json:"answer,omitempty"`
	Key    string          `json:"key,omitempty"`  // which key it was called with, if not the account's secret one
	Note   string          `json:"note,omitempty"` // what else has to happen for it
}

// Call is what a sample is written of.
type Call struct {
	Operation *spec.Operation
	Run       *Run
	Node      string // what the library for Node calls it: customers.create; empty if it does not
	Python    string // what that for Python does: Customer.create
	Go        string // the body of the function, which the generator compiled
	Key, URL  string
}

// Path is the path with what the run had in it.
func (c *Call) Path() string {
	path := c.Operation.Path
	for i, name := range c.Operation.PathParams {
		path = strings.Replace(path, "{"+name+"}", c.Run.Path[i], 1)
	}
	return path
}

func (c *Call) values() *Value { return Values(c.Operation.Params(), c.Run.Form) }

func (c *Call) list() bool {
	form := c.Operation.Form
	return form == spec.List || form == spec.SubList || form == spec.Search
}

// Versioned reports whether an operation wants to be told the version of the API.
func Versioned(op *spec.Operation) bool { return op.ID == "PostEphemeralKeys" }

// Key is the operation's key in tables of names.
func Key(op *spec.Operation) string {
	path := op.Path
	for _, name := range op.PathParams {
		path = strings.Replace(path, "{"+name+"}", "{}", 1)
	}
	return op.Method + " " + path
}

// Languages are the languages of samples, in order, and what writes them.
var Languages = []struct {
	Lang, Name string
	Write      func(*Call) string
}{{"curl", "curl", Curl}, {"cli", "CLI", CLI}, {"node", "Node", Node}, {"go", "Go", Go}, {"python", "Python", Python}, {"ruby", "Ruby", Ruby}}
