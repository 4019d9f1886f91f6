package object

import (
	"math"
	"strings"
	"testing"

	"sharesmart/internal/spec"

	"github.com/google/go-cmp/cmp"
)

func TestGetters(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"id":"sub_1","n":7,"f":1.5,"yes":true,"none":null,"customer":"cus_1","plan":{"id":"plan_1","deep":{"x":"y"}},"list":[1]}`)
	tests := []struct {
		name      string
		got, want any
	}{
		{"ID", o.ID(), "sub_1"},
		{"Int", o.Int("n"), int64(7)},
		{"Int of a fraction", o.Int("f"), int64(0)},
		{"Get of a fraction", o.Get("f"), Number("1.5")},
		{"Bool", o.Bool("yes"), true},
		{"Bool of null", o.Bool("none"), false},
		{"String of a number", o.String("n"), ""},
		{"Ref of an id", o.Ref("customer"), "cus_1"},
		{"Ref of an object", o.Ref("plan"), "plan_1"},
		{"Ref of null", o.Ref("none"), ""},
		{"Has null", o.Has("none"), true},
		{"Has", o.Has("nothing"), false},
		{"Get of nothing", o.Get("nothing"), nil},
		{"At", o.At("plan", "deep", "x"), "y"},
		{"At past the end", o.At("plan", "deep", "x", "y"), nil},
		{"At of nothing", o.At("nothing", "x"), nil},
		{"Array", len(o.Array("list")), 1},
		{"Array of an object", len(o.Array("plan")), 0},
		{"through a nil object", o.Object("none").Object("x").String("y"), ""},
		{"length of a nil object", o.Object("none").Len(), 0},
		{"schema of a nil object", o.Object("none").Schema() == nil, true},
		{"Keys", strings.Join(o.Keys(), " "), "id n f yes none customer plan list"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	var names []string
	for name := range o.All() {
		if names = append(names, name); len(names) == 2 {
			break
		}
	}
	if diff := cmp.Diff([]string{"id", "n"}, names); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
}

func TestSetTakesGoValues(t *testing.T) {
	t.Parallel()
	o := New(nil)
	o.Set("a", 1)
	o.Set("b", int32(2))
	o.Set("c", int64(math.MinInt64))
	o.Set("d", []string{"x", "y"})
	o.Set("e", map[string]string{"z": "1", "k": "2"})
	o.Set("f", []any{1, nil})
	o.Set("g", (*Object)(nil))
	o.Set("h", []*Object{New(nil), nil})
	o.Set("a", Number("1.0"))
	o.Set("i", uint32(9))
	want := `{"a":1.0,"b":2,"c":-9223372036854775808,"d":["x","y"],"e":{"k":"2","z":"1"},"f":[1,null],"g":null,"h":[{},null],"i":9}`
	if diff := cmp.Diff(show(mustParse(t, want)), show(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	defer func() {
		if recover() == nil {
			t.Error("a float was taken")
		}
	}()
	o.Set("x", 1.5)
}

func TestSetKeepsPlaces(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"a":1,"b":2,"c":3}`)
	o.Set("b", "new")
	o.Delete("a")
	o.Delete("nothing")
	o.Set("a", true)
	if diff := cmp.Diff(show(mustParse(t, `{"b":"new","c":3,"a":true}`)), show(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSetKnowsNames(t *testing.T) {
	t.Parallel()
	customer := spec.Component("customer")
	free, err := Parse([]byte(`{"city":"Bonn","town":"Bonn"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		set  func(o *Object)
		ok   bool
	}{
		{"a known name", func(o *Object) { o.Set("email", "a@b.c") }, true},
		{"an unknown name", func(o *Object) { o.Set("e_mail", "a@b.c") }, false},
		{"a map's name", func(o *Object) { o.Sub("metadata").Set("anything", "x") }, true},
		{"a nested name", func(o *Object) { o.Sub("address").Set("city", "Bonn") }, true},
		{"an unknown nested name", func(o *Object) { o.Sub("address").Set("town", "Bonn") }, false},
		{"deeper", func(o *Object) { o.Sub("shipping").Sub("address").Set("town", "Bonn") }, false},
		{"an unknown name in a free object", func(o *Object) { o.Set("address", free.Clone()) }, false},
		{"an unknown name in a list", func(o *Object) {
			o.Sub("subscriptions").Set("data", []any{free.Clone()})
		}, false},
		{"a union's name", func(o *Object) { o.Set("default_source", free.Clone()) }, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if problem := recover(); (problem == nil) != test.ok {
					t.Errorf("panic: %v, want none: %v", problem, test.ok)
				}
			}()
			test.set(New(customer))
		})
	}
}

// TestUnknownNamesAreCounted changes Strict, so it runs alone.
func TestUnknownNamesAreCounted(t *testing.T) {
	Strict = false
	defer func() { Strict = true }()
	before := Unknown()
	o := New(spec.Component("customer"))
	o.Set("e_mail", "x")
	o.Set("address", mustParse(t, `{"town":"Bonn","city":"Bonn"}`))
	o.Sub("no_such_part").Set("x", "y")
	if diff := cmp.Diff(show(mustParse(t, `{"address":{"city":"Bonn"}}`)), show(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Unknown() - before; got != 3 {
		t.Errorf("%d refused names were counted, want 3", got)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	o := New(spec.Component("customer"))
	o.Grow(2)
	o.Add("anything", "x")
	o.Add("at all", nil)
	if diff := cmp.Diff(show(mustParse(t, `{"anything":"x","at all":null}`)), show(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSub(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"a":{"x":1},"b":null}`)
	o.Sub("a").Set("y", 2)
	o.Sub("b").Set("z", 3)
	o.Sub("c")
	if diff := cmp.Diff(show(mustParse(t, `{"a":{"x":1,"y":2},"b":{"z":3},"c":{}}`)), show(o)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	const text = `{"a":{"x":[1,{"y":2},["z"]]},"b":"c","d":{},"e":[],"f":[{},{"g":{"h":1}}]}`
	original := mustParse(t, text)
	clone := original.Clone()
	clone.Object("a").Array("x")[1].(*Object).Set("y", 3)
	clone.Object("a").Array("x")[2].([]any)[0] = "changed"
	clone.Object("d").Set("new", 1)
	clone.Array("f")[1].(*Object).Object("g").Set("i", 2)
	clone.Set("b", "changed")
	for i := range 2 * spare {
		clone.Set(strings.Repeat("n", i+1), i)
	}
	if diff := cmp.Diff(show(mustParse(t, text)), show(original)); diff != "" {
		t.Errorf("the original changed (-want +got):\n%s", diff)
	}
	const want = `{"x":[1,{"y":3},["changed"]]}`
	if diff := cmp.Diff(show(mustParse(t, want)), show(clone.Object("a"))); diff != "" {
		t.Errorf("neighbours in the clone (-want +got):\n%s", diff)
	}
	if (*Object)(nil).Clone() != nil {
		t.Error("the clone of nil is not nil")
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	doc := `{"id":"cus_1","object":"customer","nick":"x","address":{"town":1,"city":"y"},"metadata":{"free":"z"},
		"subscriptions":{"data":[{"id":"sub_1","what":1}]}}`
	o, err := Parse([]byte(doc), spec.Component("customer"))
	if err != nil {
		t.Fatal(err)
	}
	gone := o.Prune()
	if diff := cmp.Diff([]string{"nick", "address.town", "subscriptions.data[0].what"}, gone); diff != "" {
		t.Errorf("what went (-want +got):\n%s", diff)
	}
	if o.Has("nick") || o.At("metadata", "free") != "z" || o.At("address", "city") != "y" {
		t.Errorf("what stayed: %s", show(o))
	}
}
