// Package requestlog says what entries of the request log can be found by.
package requestlog

import (
	"iter"
	"net/http"
	"strconv"
	"strings"

	"sharesmart/internal/store"
)

// Fields of terms, which are those of filters.
const (
	Method      = "method"
	Status      = "status" // "402", or "4xx" for its class
	Path        = "path"   // all of it, or its beginning up to a slash: "/v1/customers"
	Operation   = "operation"
	Key         = "key" // public id of the key, or of the person for what was done in the Dashboard
	IP          = "ip"
	Version     = "version"
	Source      = "source" // see SourceOf
	Code        = "code"   // of the error
	Idempotency = "idempotency"
	Object      = "object" // an id in the path, the parameters or the answer
)

// Terms are what an entry can be found by. A term may come twice.
func Terms(e *store.LogEntry) iter.Seq[store.Ref] {
	return func(yield func(store.Ref) bool) {
		for _, term := range [...]store.Ref{
			{Field: Method, Value: e.Method}, {Field: Status, Value: strconv.Itoa(e.Status)}, {Field: Status, Value: Class(e.Status)},
			{Field: Operation, Value: e.Operation}, {Field: Key, Value: e.KeyID}, {Field: IP, Value: e.IP}, {Field: Version, Value: e.Version},
			{Field: Source, Value: SourceOf(e.UserAgent)}, {Field: Code, Value: e.ErrorCode}, {Field: Idempotency, Value: e.Idempotency},
			{Field: Object, Value: e.ObjectID},
		} {
			if term.Value != "" && !yield(term) {
				return
			}
		}
		if !eachPath(e.Path, yield) || !eachObject(e, yield) {
			return
		}
	}
}

// Failed is the field by which calls of an operation that failed are counted.
const Failed = "failed"

// Counts are what an entry is counted by: its operation, whether that failed, its error's code, and what its key did. The field
// of what a key did is the key's id, and the value the operation; calls that were refused for want of a key or a right do not
// count there.
func Counts(e *store.LogEntry) iter.Seq[store.Ref] {
	return func(yield func(store.Ref) bool) {
		for _, c := range [...]struct {
			store.Ref
			counts bool
		}{
			{store.Ref{Field: Operation, Value: e.Operation}, true},
			{store.Ref{Field: Failed, Value: e.Operation}, e.Status >= http.StatusBadRequest},
			{store.Ref{Field: Code, Value: e.ErrorCode}, true},
			{store.Ref{Field: e.KeyID, Value: e.Operation}, e.KeyID != "" && e.Status != http.StatusUnauthorized && e.Status != http.StatusForbidden},
		} {
			if c.counts && c.Value != "" && !yield(c.Ref) {
				return
			}
		}
	}
}

// eachPath yields the beginnings of a path, and as objects what follows the second slash, whatever an id looks like.
func eachPath(path string, yield func(store.Ref) bool) bool {
	for i, parts := 1, 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		begin := strings.LastIndexByte(path[:i], '/') + 1
		if !yield(store.Ref{Field: Path, Value: path[:i]}) || parts >= 2 && !yield(store.Ref{Field: Object, Value: path[begin:i]}) {
			return false
		}
		parts++
	}
	return true
}

// eachObject yields what looks like an id in the parameters, and the events.
func eachObject(e *store.LogEntry, yield func(store.Ref) bool) bool {
	for _, text := range [...]string{e.Query, e.Params} {
		for id := range ids(text) {
			if !yield(store.Ref{Field: Object, Value: id}) {
				return false
			}
		}
	}
	for _, id := range e.Events {
		if !yield(store.Ref{Field: Object, Value: id}) {
			return false
		}
	}
	return true
}

// shortestID is how long what follows the underscore of an id is at least.
const shortestID = 8

// ids finds what looks like an id made here, such as cus_NffrFeUfNV2Hib.
func ids(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); {
			begin := i
			for i < len(text) && isWord(text[i]) {
				i++
			}
			word := text[begin:i]
			last := strings.LastIndexByte(word, '_')
			if last > 0 && len(word)-last > shortestID && strings.ContainsAny(word[last:], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !yield(word) {
				return
			}
			i++
		}
	}
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Class is the class of a status: "4xx".
func Class(status int) string { return strconv.Itoa(status/100) + "xx" }

// sources are what user agents begin with, by the names that people know.
var sources = [...]struct{ agent, name string }{
	{"Stripe/v1 NodeBindings", "stripe-node"}, {"Stripe/v1 PythonBindings", "stripe-python"}, {"Stripe/v1 RubyBindings", "stripe-ruby"},
	{"Stripe/v1 GoBindings", "stripe-go"}, {"Stripe/v1 PhpBindings", "stripe-php"}, {"Stripe/v1 JavaBindings", "stripe-java"},
	{"Stripe/v1 .NetBindings", "stripe-dotnet"}, {"curl/", "curl"}, {DashboardAgent, "dashboard"}, {"Mozilla/", "browser"},
}

// DashboardAgent is the user agent of what people do in the Dashboard.
const DashboardAgent = "ShareSmart Dashboard"

// Sources are all that SourceOf may say.
func Sources() []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.name)
	}
	return append(names, "other")
}

// SourceOf names the kind of client that a user agent is of.
func SourceOf(agent string) string {
	for _, s := range sources {
		if strings.HasPrefix(agent, s.agent) {
			return s.name
		}
	}
	return "other"
}
