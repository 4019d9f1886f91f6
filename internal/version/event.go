package version

import "sharesmart/internal/object"

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
