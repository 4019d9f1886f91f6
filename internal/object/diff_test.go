package object

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, old, new, want string }{
		{"nothing", `{"a":1,"b":{"c":[1]}}`, `{"b":{"c":[1]},"a":1}`, ``},
		{"a value", `{"a":1,"b":2}`, `{"a":3,"b":2}`, `{"a":1}`},
		{"from null", `{"a":null}`, `{"a":3}`, `{"a":null}`},
		{"to null", `{"a":3}`, `{"a":null}`, `{"a":3}`},
		{"a type", `{"a":1}`, `{"a":"1"}`, `{"a":1}`},
		{"a nested name only", `{"a":{"x":1,"y":{"p":1,"q":2}}}`, `{"a":{"x":1,"y":{"p":1,"q":3}}}`, `{"a":{"y":{"q":2}}}`},
		{"a new name", `{"metadata":{}}`, `{"metadata":{"k":"v"}}`, `{"metadata":{"k":null}}`},
		{"a name that went", `{"metadata":{"k":"v","l":"w"}}`, `{"metadata":{"l":"w"}}`, `{"metadata":{"k":"v"}}`},
		{"a new name at the top", `{}`, `{"a":1}`, `{"a":null}`},
		{"an object from null", `{"a":null}`, `{"a":{"x":1}}`, `{"a":null}`},
		{"an object to null", `{"a":{"x":1,"y":2}}`, `{"a":null}`, `{"a":{"x":1,"y":2}}`},
		{"an object to an id", `{"a":{"id":"x"}}`, `{"a":"x"}`, `{"a":{"id":"x"}}`},
		{"an array is whole", `{"a":[1,{"x":2}]}`, `{"a":[1,{"x":3}]}`, `{"a":[1,{"x":2}]}`},
		{"an array's order", `{"a":[1,2]}`, `{"a":[2,1]}`, `{"a":[1,2]}`},
		{"a list is whole", `{"items":{"object":"list","data":[{"id":"a"}],"url":"/x"}}`,
			`{"items":{"object":"list","data":[{"id":"b"}],"url":"/x"}}`, `{"items":{"object":"list","data":[{"id":"a"}],"url":"/x"}}`},
		{"order of the old", `{"a":1,"b":1,"c":1}`, `{"d":1,"c":2,"b":2,"a":2}`, `{"a":1,"b":1,"c":1,"d":null}`},
	}
	for _, test := range tests {
		old, new := mustParse(t, test.old), mustParse(t, test.new)
		got, want := Diff(old, new), "nil"
		if test.want != "" {
			want = show(mustParse(t, test.want))
		}
		if diff := cmp.Diff(want, show(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if (got == nil) != Equal(old, new) {
			t.Errorf("%s: Diff and Equal disagree", test.name)
		}
		if diff := cmp.Diff(show(mustParse(t, test.old)), show(old)); diff != "" {
			t.Errorf("%s changed what it compared (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestDiffIsACopy(t *testing.T) {
	t.Parallel()
	old := mustParse(t, `{"a":[{"x":1}]}`)
	Diff(old, mustParse(t, `{"a":[]}`)).Array("a")[0].(*Object).Set("x", 2)
	if got := old.Array("a")[0].(*Object).Int("x"); got != 1 {
		t.Errorf("a change of the difference reached the object: x = %d", got)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{`1`, `1`, true}, {`1`, `1.0`, false}, {`1.0`, `1.0`, true}, {`"1"`, `1`, false}, {`null`, `null`, true}, {`null`, `{}`, false},
		{`{}`, `{}`, true}, {`{}`, `[]`, false}, {`[]`, `null`, false}, {`true`, `false`, false},
		{`{"a":1,"b":[null]}`, `{"b":[null],"a":1}`, true}, {`{"a":1}`, `{"a":1,"b":1}`, false}, {`{"a":1}`, `{"b":1}`, false},
		{`[1,2]`, `[2,1]`, false}, {`[1]`, `[1,2]`, false},
	}
	for _, test := range tests {
		a, errA := ParseValue([]byte(test.a))
		b, errB := ParseValue([]byte(test.b))
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if Equal(a, b) != test.want || Equal(b, a) != test.want {
			t.Errorf("%s and %s: equal is not %v", test.a, test.b, test.want)
		}
	}
}
