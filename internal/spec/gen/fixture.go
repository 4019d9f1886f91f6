package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func fixturesFile(fixtures tree) (string, error) {
	var b strings.Builder
	b.WriteString("var fixtures = [...]fixture{\n")
	for _, name := range slices.Sorted(maps.Keys(fixtures)) {
		var doc bytes.Buffer
		if err := writeDocument(&doc, fixtures[name]); err != nil {
			return "", fmt.Errorf("fixture %s: %w", name, err)
		}
		text := strconv.Quote(doc.String())
		if strconv.CanBackquote(doc.String()) {
			text = "`" + doc.String() + "`"
		}
		fmt.Fprintf(&b, "{%q, %s},\n", name, text)
	}
	b.WriteString("}\n")
	return b.String(), nil
}

// writeDocument writes compact JSON in the order in which Stripe answers: id, object, then by name. What is made from
// a fixture keeps that order.
func writeDocument(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case tree:
		names := slices.SortedFunc(maps.Keys(v), func(x, y string) int {
			if r := rank(x) - rank(y); r != 0 {
				return r
			}
			return strings.Compare(x, y)
		})
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(name) + ":")
			if err := writeDocument(b, v[name]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeDocument(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder ends with a newline
	return nil
}

func rank(name string) int {
	switch name {
	case "id":
		return 0
	case "object":
		return 1
	}
	return 2
}
