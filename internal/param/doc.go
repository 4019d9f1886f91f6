// Package param owns what a request says: it reads the form encoding of the v1 API (query, body, multipart) and the JSON
// of v2, checks it against the operation's parameters in one walk, and gives every value its type. It also writes
// parameters back as a form.
//
// It knows the wire format and the spec. Whether an id exists, or an amount makes sense, is for the engine and its rules.
package param
