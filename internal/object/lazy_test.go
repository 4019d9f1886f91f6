package object

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/spec"
)

// opened is a document as it was printed, opened and parsed.
func opened(t *testing.T, kind string) (lazily, wholly *Object) {
	t.Helper()
	o, err := Parse([]byte(spec.Fixture(kind)), spec.Component(kind))
	if err != nil {
		t.Fatal(err)
	}
	doc := o.JSON()
	if lazily, err = Open(doc, spec.Component(kind)); err != nil {
		t.Fatal(err)
	}
	if wholly, err = Parse(doc, spec.Component(kind)); err != nil {
		t.Fatal(err)
	}
	return lazily, wholly
}

// touch looks at some fields, and returns which.
func touch(o *Object, r *rand.Rand) (names []string) {
	for _, name := range o.Keys() {
		if r.IntN(3) == 0 {
			o.Get(name)
			names = append(names, name)
		}
	}
	return names
}

// TestOpenIsParse does to objects that were opened what it does to others, whatever was looked at before.
func TestOpenIsParse(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"customer", "invoice", "subscription", "payment_intent", "charge", "checkout.session", "event"} {
		for seed := range uint64(20) {
			r := rand.New(rand.NewPCG(seed, 1))
			lazily, wholly := opened(t, kind)
			names := touch(lazily, r)
			same := func(what string, want, got any) {
				t.Helper()
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s, %s after a look at %v (-parsed +opened):\n%s", kind, what, names, diff)
				}
			}
			same("printed", string(wholly.JSON()), string(lazily.JSON()))
			same("printed inside", string(wholly.AppendJSON(nil, 3)), string(lazily.AppendJSON(nil, 3)))
			clone := lazily.Clone()
			touch(clone, r)
			same("cloned", string(wholly.JSON()), string(clone.JSON()))
			same("equal", true, Equal(wholly, lazily.Clone()) && Equal(lazily.Clone(), wholly) && Equal(lazily.Clone(), lazily.Clone()))
			changed, alike := wholly.Clone(), lazily.Clone()
			for _, name := range wholly.Keys() {
				if r.IntN(4) == 0 {
					changed.Set(name, nil)
					alike.Set(name, nil)
				}
			}
			same("what differs", string(Diff(wholly, changed).JSON()), string(Diff(lazily.Clone(), alike).JSON()))
			same("what differs, backwards", string(Diff(changed, wholly).JSON()), string(Diff(alike, lazily.Clone()).JSON()))
			same("checked", Check(wholly.Schema(), wholly) == nil, Check(lazily.Schema(), lazily.Clone()) == nil)
			outer := New(nil)
			outer.Set("inner", lazily.Clone())
			same("as a part", string(wholly.AppendJSON([]byte("{\n  \"inner\": "), 1))+"\n}", string(outer.JSON()))
			for name, v := range wholly.All() {
				same(name, true, Equal(v, lazily.Get(name)))
				if inner, ok := v.(*Object); ok {
					same("the schema of "+name, true, inner.Schema() == lazily.Object(name).Schema())
				}
			}
		}
	}
}

// TestChangesIsDiff changes, deletes and adds fields anywhere, in one document or both, and expects what Diff tells of the parsed
// ones.
func TestChangesIsDiff(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"customer", "invoice", "subscription", "event"} {
		_, whole := opened(t, kind)
		for seed := range uint64(400) {
			r := rand.New(rand.NewPCG(seed, 2))
			old, new := whole.Clone(), whole.Clone()
			for range r.IntN(4) {
				meddle(old, whole.Keys(), r)
			}
			for range r.IntN(4) {
				meddle(new, whole.Keys(), r)
			}
			got, err := Changes(old.JSON(), new.JSON(), whole.Schema())
			if err != nil {
				t.Fatal(err)
			}
			if want := Diff(old, new); (want == nil) != (got == nil) || string(want.JSON()) != string(got.JSON()) {
				t.Fatalf("%s, seed %d: it is\n%s\nwant\n%s", kind, seed, got.JSON(), want.JSON())
			}
		}
	}
}

// meddle sets a field or one inside it, deletes one, or puts one at the end.
func meddle(o *Object, names []string, r *rand.Rand) {
	name := names[r.IntN(len(names))]
	switch r.IntN(4) {
	case 0:
		o.Set(name, nil)
	case 1:
		o.Delete(name)
	case 2:
		o.Delete(name)
		o.Set(name, int64(7))
	case 3:
		if inner := o.Object(name); inner.Len() > 0 {
			inner.fields[r.IntN(inner.Len())].value = "\n  \"id\": 1,\n"
		}
	}
}

// TestChangesOther asks for what differs between documents that others printed, or that are none.
func TestChangesOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"{}", "{\n  \"a\": 1\n}", "{\n  \"a\": null\n}"},
		{"{\n  \"a\": 1\n}", "{}", "{\n  \"a\": 1\n}"},
		{`{"a":1,"b":2}`, `{"a":1,"b":3}`, "{\n  \"b\": 2\n}"},
		{"{\n  \"a\": 1,\n  \"c\": 3\n}", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "{\n  \"b\": null\n}"},
		{"{\n  \"a\": 1\n}", "{\n  \"a\": 1,\n  \"b\": 1\n}", "{\n  \"b\": null\n}"},
		{"{}", "{}", "null"},
		{"", "{}", "error"}, {"{", "{", "error"}, {"{}", "nothing", "error"},
	} {
		got, err := Changes([]byte(c.old), []byte(c.new), nil)
		if text := string(got.JSON()); (err != nil) != (c.want == "error") || err == nil && text != c.want {
			t.Errorf("from %s to %s: %s, %v; want %s", c.old, c.new, text, err, c.want)
		}
	}
}

// TestOpenLeavesTheRest changes a value deep inside, and expects that clones and unread neighbours are as they were.
func TestOpenLeavesTheRest(t *testing.T) {
	t.Parallel()
	lazily, wholly := opened(t, "invoice")
	clone := lazily.Clone()
	lazily.Sub("status_transitions").Set("paid_at", 5)
	if diff := cmp.Diff(string(wholly.JSON()), string(clone.JSON())); diff != "" {
		t.Errorf("the clone changed (-want +got):\n%s", diff)
	}
	wholly.Sub("status_transitions").Set("paid_at", 5)
	if diff := cmp.Diff(string(wholly.JSON()), string(lazily.JSON())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOpenOther opens what was printed by others, which is read at once.
func TestOpenOther(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a":{"b":[1,2]},"c":[],"d":{}}`, "{\n\"a\": {\n\"b\": 1\n}\n}", "{\n  \"a\": {},\n  \"b\": []\n}", "{ }",
		"{\n  \"a\": [\n    {\n      \"b\": \"\\n  }\"\n    }\n  ],\n  \"c\": {\n    \"d\": \"  }\"\n  }\n}",
	} {
		want := mustParse(t, text)
		got, err := Open([]byte(text), nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(string(want.JSON()), string(got.JSON())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{``, `[]`, `{`, `{"a":}`, "{\n  \"a\": {\n    \"b\": 1\n  }", "{} {}"} {
		if _, err := Open([]byte(text), nil); err == nil {
			t.Errorf("%s is no document", text)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, kind := range []string{"customer", "payment_intent", "invoice"} {
		b.Run(kind, func(b *testing.B) {
			doc := template(b, kind).JSON()
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(doc, spec.Component(kind)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
