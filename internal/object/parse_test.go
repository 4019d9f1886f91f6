package object

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"sharesmart/internal/spec"

	"github.com/google/go-cmp/cmp"
)

func TestParseValue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want any
	}{
		{`null`, nil},
		{` true `, true},
		{"\t\r\nfalse", false},
		{`0`, int64(0)},
		{`-12`, int64(-12)},
		{`9223372036854775807`, int64(9223372036854775807)},
		{`9223372036854775808`, Number("9223372036854775808")},
		{`-9223372036854775808`, int64(-9223372036854775808)},
		{`-0`, Number("-0")},
		{`1.50`, Number("1.50")},
		{`1E+2`, Number("1E+2")},
		{`""`, ""},
		{`"é😀"`, "é😀"},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"\u00e9\ud83d\uDE00x"`, "é😀x"},
		{`"a\u0000b"`, "a\x00b"},
		{`[]`, []any{}},
		{`[ 1 , "a" , [ ] ]`, []any{int64(1), "a", []any{}}},
	}
	for _, test := range tests {
		got, err := ParseValue([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{``, "unexpected end"},
		{` `, "unexpected end"},
		{`nul`, "unexpected end"},
		{`nulx`, "unexpected"},
		{`1 2`, "text after the value"},
		{`{} x`, "text after the value"},
		{`01`, "text after the value"},
		{`-`, "unexpected end"},
		{`+1`, "unexpected"},
		{`.5`, "unexpected"},
		{`1.`, "unexpected end"},
		{`1e`, "unexpected end"},
		{`1e+`, "unexpected end"},
		{`"abc`, "unexpected end"},
		{`"a` + "\n" + `"`, "control character"},
		{`"\x"`, "invalid escape"},
		{`"\`, "unexpected end"},
		{`"\u12"`, "unexpected end"},
		{`"\u12g4"`, "invalid escape"},
		{`"\u+123"`, "invalid escape"},
		{`"\ud800"`, "invalid escape"},
		{`"\ud800\u0041"`, "invalid escape"},
		{`"\udc00\ud800"`, "invalid escape"},
		{"\"\xff\"", "invalid UTF-8"},
		{"\"\\n\xff\"", "invalid UTF-8"},
		{"\"\\n\x01\"", "control character"},
		{`{`, "unexpected end"},
		{`{a:1}`, "unexpected"},
		{`{"a"}`, "unexpected"},
		{`{"a":}`, "unexpected"},
		{`{"a":1,}`, "unexpected"},
		{`{"a":1 "b":2}`, "unexpected"},
		{`{"a\q":1}`, "invalid escape"},
		{`[1,]`, "unexpected"},
		{`[1 2]`, "unexpected"},
		{`[1`, "unexpected end"},
		{strings.Repeat("[", maxDepth+1), "nested deeper"},
		{strings.Repeat(`{"a":`, maxDepth+1), "nested deeper"},
	}
	for _, test := range tests {
		_, err := ParseValue([]byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: error %v, want one with %q", test.text, err, test.want)
		}
	}
	if _, err := Parse([]byte(`[]`), nil); err == nil {
		t.Error("an array passed for a document")
	}
}

func TestParseKeepsOrderAndLastValue(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"b":1,"a":2,"b":3}`)
	if got, want := show(o), "{\n  \"b\": 3,\n  \"a\": 2\n}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var wideText strings.Builder
	for i := range 3 * wide {
		wideText.WriteString(string(rune('A'+i/26)) + string(rune('a'+i%26)))
		wideText.WriteByte(' ')
	}
	names := strings.Fields(wideText.String())
	text := `{"` + strings.Join(names, `":0,"`) + `":0,"` + strings.Join(names, `":1,"`) + `":1}`
	o = mustParse(t, text)
	if diff := cmp.Diff(names, o.Keys()); diff != "" {
		t.Errorf("names of a wide object (-want +got):\n%s", diff)
	}
	if got := o.Int(names[5]); got != 1 {
		t.Errorf("value of a name that came twice = %d, want 1", got)
	}
}

// TestParseLarge goes beyond the memory that a parser makes at once.
func TestParseLarge(t *testing.T) {
	t.Parallel()
	text := `[` + strings.Repeat(`{"a":{"b":[1,2]},"c":"d"},`, 3*most) + `{}]`
	v, err := ParseValue([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, AppendValue(nil, v, 0)); err != nil {
		t.Fatal(err)
	}
	if compact.String() != text {
		t.Error("a large document came back changed")
	}
}

// TestFixtures holds that each of the spec's examples is read, printed as encoding/json would, and valid once the names
// are gone that only the example has.
func TestFixtures(t *testing.T) {
	t.Parallel()
	if len(spec.Resources()) < 100 {
		t.Fatalf("only %d resources", len(spec.Resources()))
	}
	for _, kind := range spec.Resources() {
		text := spec.Fixture(kind)
		if text == "" {
			continue
		}
		schema := spec.Component(kind)
		o, err := Parse([]byte(text), schema)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(text), "", "  "); err != nil {
			t.Fatal(err)
		}
		for name, doc := range map[string]*Object{"parsed": o, "cloned": o.Clone()} {
			if diff := cmp.Diff(want.String(), string(doc.AppendJSON(nil, 0))); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", kind, name, diff)
			}
		}
		if !Equal(o, o.Clone()) || Diff(o, o.Clone()) != nil {
			t.Errorf("%s: a clone differs", kind)
		}
		o.Prune()
		if err := Check(schema, o); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestParseGivesNestedSchemas(t *testing.T) {
	t.Parallel()
	doc := `{"id":"sub_1","object":"subscription","items":{"object":"list","data":[{"id":"si_1","object":"subscription_item","price":{}}]},
		"customer":{"id":"cus_1","object":"customer","deleted":true},"metadata":{"a":"b"}}`
	o, err := Parse([]byte(doc), spec.Component("subscription"))
	if err != nil {
		t.Fatal(err)
	}
	item := o.Object("items").Array("data")[0].(*Object)
	got := []string{o.Schema().Name, item.Schema().Name, item.Object("price").Schema().Name, o.Object("customer").Schema().Name}
	want := []string{"subscription", "subscription_item", "price", "deleted_customer"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemas (-want +got):\n%s", diff)
	}
	if o.Object("metadata").Schema().Additional() == nil {
		t.Error("metadata is no map")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,"x\u00e9",null,true,{}]}`, `{"id":"cus_1","id":2}`, `"\ud83d\ude00"`, "[\"\xff\"]", `{"":{"":[]}}`} {
		f.Add([]byte(seed))
	}
	customer := spec.Component("customer")
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ParseValue(data)
		if err == nil && !json.Valid(data) {
			t.Fatalf("%q was taken, but is no JSON", data)
		}
		if err != nil && json.Valid(data) && !mayRefuse(data) {
			t.Fatalf("%q was refused: %v", data, err)
		}
		if _, failed := Parse(data, customer); failed == nil && err != nil {
			t.Fatalf("%q: taken with a schema, refused without: %v", data, err)
		}
		if err != nil {
			return
		}
		printed := AppendValue(nil, v, 0)
		again, err := ParseValue(printed)
		if err != nil || !Equal(v, again) {
			t.Fatalf("%q was printed as %q, which reads as another value (%v)", data, printed, err)
		}
		if doc, ok := v.(*Object); ok && (!Equal(doc, doc.Clone()) || Diff(doc, doc.Clone()) != nil) {
			t.Fatalf("%q: a clone differs", data)
		}
	})
}

// mayRefuse says where we are stricter than encoding/json: broken UTF-8, half surrogates, deep nesting.
func mayRefuse(data []byte) bool {
	deep := bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > maxDepth
	return deep || !utf8.Valid(data) || bytes.Contains(bytes.ToLower(data), []byte(`\ud`))
}
