package param

import (
	"slices"
	"strconv"
)

// path is a node's name as it was sent: items[0][price]. An element of a[] is named by its place.
func (d *decoder) path(n int32) string {
	var chain []int32
	for ; n != 0; n = d.nodes[n].parent {
		chain = append(chain, n)
	}
	if len(chain) == 0 {
		return ""
	}
	slices.Reverse(chain)
	path := []byte(elide(d.nodes[chain[0]].name, longName))
	for _, n := range chain[1:] {
		path = append(path, '[')
		path = append(path, d.segment(n)...)
		path = append(path, ']')
	}
	return elide(string(path), longPath)
}

func (d *decoder) segment(n int32) string {
	if name := d.nodes[n].name; name != "" {
		return elide(name, longName)
	}
	return strconv.Itoa(int(d.nodes[n].at))
}

// inspect shows what was sent at a node in the form that Stripe's messages use: {"a"=>"b"}. It stops when the text is
// long enough to be cut anyway.
func (d *decoder) inspect(n int32) string {
	return string(d.appendInspected(nil, n))
}

func (d *decoder) appendInspected(text []byte, n int32) []byte {
	at := &d.nodes[n]
	if at.shape == scalar || len(text) > 4*longValue {
		return strconv.AppendQuote(text, at.value)
	}
	brackets := "{}"
	if at.shape == list {
		brackets = "[]"
	}
	text = append(text, brackets[0])
	for child := at.first; child != 0 && len(text) <= 4*longValue; child = d.nodes[child].next {
		if child != at.first {
			text = append(text, ", "...)
		}
		if at.shape == hash {
			text = strconv.AppendQuote(text, d.nodes[child].name)
			text = append(text, "=>"...)
		}
		text = d.appendInspected(text, child)
	}
	return append(text, brackets[1])
}
