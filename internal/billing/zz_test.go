package billing_test

import (
	"strconv"
	"strings"

	"sharesmart/internal/object"
)

func valueAt(o *object.Object, path string) (string, bool) {
	var v any = o
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '[' || r == ']' }) {
		switch at := v.(type) {
		case *object.Object:
			v = at.Get(name)
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				return "", false
			}
			v = at[i]
		default:
			return "", false
		}
	}
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	case object.Number:
		return string(v), true
	case *object.Object:
		return v.ID(), true
	}
	return "", false
}
