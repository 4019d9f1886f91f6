package resource

import (
	"strconv"
	"strings"
	"unicode"

	"sharesmart/internal/object"
)

// matches decides whether an object fits a query.
func (q searchQuery) matches(o *object.Object) bool {
	for i := range q.clauses {
		if q.clauses[i].matches(o, q.read) == q.any {
			return q.any
		}
	}
	return !q.any
}

func (c *clause) matches(o *object.Object, read searchValues) bool {
	return c.holds(searchValue(o, c.field, c.key, read)) != c.negated
}

// searchValues read the fields that are not where their name says.
type searchValues map[string]func(o *object.Object) any

// searchValue reads a field; a missing one is nil. The field of a reference is its id.
func searchValue(o *object.Object, field, key string, read searchValues) any {
	if f := read[field]; f != nil {
		return f(o)
	}
	var v any = o
	for rest, more := field, true; more; {
		field, rest, more = strings.Cut(rest, ".")
		v = inside(v, field)
	}
	if key != "" {
		v = inside(v, key)
	}
	if child, ok := v.(*object.Object); ok {
		return child.ID()
	}
	return v
}

// inside is a field of an object; nil if there is neither.
func inside(v any, name string) any {
	if o, ok := v.(*object.Object); ok {
		return o.Get(name)
	}
	return nil
}

func (c *clause) holds(v any) bool {
	if v == nil || v == "" {
		return c.null
	}
	if c.null {
		return false
	}
	if c.kind == SearchNumber {
		n, ok := searchNumber(v)
		return ok && c.compares(n)
	}
	text := searchText(v)
	switch {
	case c.kind == SearchString && c.op == "~":
		return strings.Contains(strings.ToLower(text), strings.ToLower(c.value))
	case c.kind == SearchString:
		return containsWords(words(text), words(c.value))
	default:
		return strings.EqualFold(text, c.value)
	}
}

func searchNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case object.Number:
		n, err := strconv.ParseFloat(string(v), 64)
		return n, err == nil
	}
	return 0, false
}

func searchText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

func (c *clause) compares(n float64) bool {
	switch c.op {
	case ">":
		return n > c.number
	case "<":
		return n < c.number
	case ">=":
		return n >= c.number
	case "<=":
		return n <= c.number
	default:
		return n == c.number
	}
}

// words splits a text as string fields are compared: by what is neither letter nor digit, without case.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// containsWords reports whether the text has all words of the query, in its order.
func containsWords(text, query []string) bool {
	if len(query) == 0 {
		return false
	}
	for _, w := range text {
		if w == query[0] {
			if query = query[1:]; len(query) == 0 {
				return true
			}
		}
	}
	return false
}
