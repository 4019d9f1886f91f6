package version

import (
	"bytes"

	"sharesmart/internal/object"
)

// renderEvent renders an event: the object that it announces, and what that was before, as far as the older shape shows it.
func renderEvent(version string, e *object.Object, fetch Fetch) error {
	if version == "" {
		version = e.String("api_version")
	}
	e.Set("api_version", version)
	return (&rendering{gates: pending(version), fetch: fetch}).event(e)
}

func (r *rendering) event(e *object.Object) error {
	for _, g := range r.gates {
		if older, renamed := g.events[e.String("type")]; renamed {
			e.Set("type", older)
		}
	}
	data := e.Object("data")
	now := data.Object("object")
	if now == nil {
		return nil
	}
	before := data.Object("previous_attributes")
	if before == nil {
		return r.all(now)
	}
	was := now.Clone()
	revert(was, before)
	if err := r.all(now); err != nil {
		return err
	}
	if err := r.all(was); err != nil {
		return err
	}
	if previous := object.Diff(was, now); previous != nil {
		data.Set("previous_attributes", previous)
	} else {
		data.Set("previous_attributes", object.New(nil))
	}
	return nil
}

// revert makes an object what it was before a change.
func revert(o, previous *object.Object) {
	for name, v := range previous.All() {
		inner, now := previous.Object(name), o.Object(name)
		if inner != nil && now != nil && inner.String("object") != "list" {
			revert(now, inner)
			continue
		}
		o.Set(name, cloned(v))
	}
}

func cloned(v any) any {
	switch v := v.(type) {
	case *object.Object:
		return v.Clone()
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = cloned(v[i])
		}
		return out
	}
	return v
}

// How an event begins, and how it says in which version it is: before anything that is not its own.
var (
	eventHead = []byte("\n  \"object\": \"event\"")
	eventIn   = []byte("\n  \"api_version\": \"")
)

// headRoom is where an event has said that it is one.
const headRoom = 200

// label is the version that an event says it is in, and where it says so: nowhere (-1) for what is no event.
func label(document []byte) (version string, at int) {
	if !bytes.Contains(document[:min(headRoom, len(document))], eventHead) {
		return "", -1
	}
	at = bytes.Index(document, eventIn)
	if at < 0 {
		return "", -1
	}
	at += len(eventIn)
	end := bytes.IndexByte(document[at:], '"')
	return string(document[at : at+max(end, 0)]), at
}

// relabel lets an event say that it is in another version of the same shape.
func relabel(document []byte, version string) []byte {
	own, at := label(document)
	if at < 0 || own == version {
		return document
	}
	out := append(make([]byte, 0, len(document)+len(version)), document[:at]...)
	return append(append(out, version...), document[at+len(own):]...)
}
