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
