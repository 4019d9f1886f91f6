package object

import "strings"

// room hands out memory for objects and their fields in large pieces.
type room struct {
	objects []Object
	fields  []field
}

// most bounds the pieces: the guess is far too high for a text that is full of colons.
const most = 512

// size makes room for what a text holds: no more objects than braces, no more fields than colons.
func (r *room) size(text string) {
	r.objects = make([]Object, min(most, strings.Count(text, "{")))
	r.fields = make([]field, min(most, strings.Count(text, ":")))
}

func (r *room) object() *Object {
	if len(r.objects) == 0 {
		return &Object{}
	}
	o := &r.objects[0]
	r.objects = r.objects[1:]
	return o
}

// list is an empty list with room for n fields.
func (r *room) list(n int) []field {
	if len(r.fields) < n {
		return make([]field, 0, n)
	}
	list := r.fields[:0:n]
	r.fields = r.fields[n:]
	return list
}

// wide is the number of fields from which on names are compared through a map.
const wide = 64

// unique copies fields into kept, which is empty, and lets the last value of a name win, in the first one's place.
func unique(kept, fields []field) []field {
	if len(fields) > wide {
		return uniqueWide(kept, fields)
	}
	var seen marks
	for _, f := range fields {
		if seen.mark(f.name) {
			if i := (&Object{fields: kept}).find(f.name); i >= 0 {
				kept[i].value = f.value
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept
}

func uniqueWide(kept, fields []field) []field {
	places := make(map[string]int, len(fields))
	for _, f := range fields {
		if i, twice := places[f.name]; twice {
			kept[i].value = f.value
			continue
		}
		places[f.name] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// marks tell which names cannot have come before. A look at three letters spares nearly all comparisons.
type marks [4]uint64

// mark reports whether a name like this was marked already.
func (m *marks) mark(name string) bool {
	h := uint(len(name))
	if h > 0 {
		h = h*37 + uint(name[0])*11 + uint(name[h/2])*5 + uint(name[h-1])
	}
	word, bit := &m[h>>6&3], uint64(1)<<(h&63)
	was := *word&bit != 0
	*word |= bit
	return was
}
