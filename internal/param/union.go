package param

import (
	"sharesmart/internal/spec"
)

// union is a value that may have one of several types: a hash or an integer, an array or "", a string or a hash.
func (d *decoder) union(s *spec.Schema, n int32, required bool) any {
	switch d.nodes[n].shape {
	case scalar:
		return d.scalar(s, n, required)
	case hash:
		return d.choose(s, n)
	}
	if array := alternative(s, spec.Array); array != nil {
		return d.array(array, n)
	}
	d.refuseKind(s, n)
	return nil
}

// choose finds the alternative that a hash fits best. There rarely are two of them.
func (d *decoder) choose(s *spec.Schema, n int32) any {
	var room [2]*spec.Schema
	candidates := d.candidates(room[:0], s, n)
	switch len(candidates) {
	case 0:
		if alternative(s, spec.Array) != nil {
			d.refuse(n, errArray)
		} else {
			d.refuseKind(s, n)
		}
		return nil
	case 1:
		return d.value(candidates[0], n, false)
	}
	var best any
	var least report
	before := d.report
	for i, candidate := range candidates {
		d.report = report{}
		if v := d.value(candidate, n, false); i == 0 || d.badness() < least.badness() {
			best, least = v, d.report
		}
	}
	d.report = before
	d.add(&least)
	return best
}

// candidates are the schemas among those that s stands for which take a hash like this one.
func (d *decoder) candidates(found []*spec.Schema, s *spec.Schema, n int32) []*spec.Schema {
	for _, a := range s.AnyOf() {
		switch {
		case len(a.AnyOf()) > 0:
			found = d.candidates(found, a, n)
		case a.Kind == spec.Object, a.Kind == spec.Any, a.Kind == spec.Array && d.isArray(n):
			found = append(found, a)
		}
	}
	return found
}

// add joins another report to this one.
func (r *report) add(other *report) {
	for _, u := range other.unknown {
		if r.roomForUnknown() {
			r.noteUnknown(u.path, u.name, u.near)
		}
	}
	r.more += other.more
	r.noteMissing(other.missing)
	if other.wrong != nil {
		r.noteWrong(other.wrong)
	}
}

// alternative is the first schema of that kind that s stands for, or nil.
func alternative(s *spec.Schema, kind spec.Kind) *spec.Schema {
	if len(s.AnyOf()) == 0 {
		if s.Kind == kind {
			return s
		}
		return nil
	}
	for _, a := range s.AnyOf() {
		if found := alternative(a, kind); found != nil {
			return found
		}
	}
	return nil
}
