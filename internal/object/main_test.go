package object

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	Strict = true
	os.Exit(m.Run())
}

// mustParse is for documents that a test writes itself.
func mustParse(t testing.TB, text string) *Object {
	t.Helper()
	o, err := Parse([]byte(text), nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

// show is an object on one line's worth of text, or "nil".
func show(v any) string {
	if o, ok := v.(*Object); ok && o == nil {
		return "nil"
	}
	return string(AppendValue(nil, v, 0))
}
