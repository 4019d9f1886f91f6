package store

import "slices"

// Matches says whether a document answers to all of a query but its positions.
func (q *Query) Matches(d *Doc) bool {
	if d.Deleted || d.Kind != q.Kind || q.Parent != "" && d.Parent != q.Parent {
		return false
	}
	for i := range q.Where {
		if !q.Where[i].holds(d) {
			return false
		}
	}
	return true
}

func (c *Cond) holds(d *Doc) bool {
	for i := range d.Refs {
		r := &d.Refs[i]
		switch {
		case r.Field != c.Field:
		case c.Values == nil:
			if (c.Min == "" || r.Value >= c.Min) && (c.Max == "" || r.Value <= c.Max) {
				return true
			}
		case slices.Contains(c.Values, r.Value):
			return true
		}
	}
	return false
}

// DistinctRefs gives refs without repetitions. The given slice is not changed.
func DistinctRefs(refs []Ref) []Ref {
	for i := range refs {
		if slices.Contains(refs[:i], refs[i]) {
			out := slices.Clone(refs[:i])
			for _, r := range refs[i:] {
				if !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
			return out
		}
	}
	return refs
}
