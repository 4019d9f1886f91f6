package object

import (
	"testing"

	"sharesmart/internal/spec"
)

func template(b *testing.B, kind string) *Object {
	b.Helper()
	o, err := Parse([]byte(spec.Fixture(kind)), spec.Component(kind))
	if err != nil {
		b.Fatal(err)
	}
	o.Prune()
	return o
}

// BenchmarkCreate is what a create does to a document: a clone, twenty values, the bytes.
func BenchmarkCreate(b *testing.B) {
	t := template(b, "customer")
	names := t.Keys()
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		o := t.Clone()
		for i := range 20 {
			o.Set(names[i%len(names)], "cus_NffrFeUfNV2Hib")
		}
		o.Sub("metadata").Set("order_id", "6735")
		buf = o.AppendJSON(buf[:0], 0)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkClone(b *testing.B) {
	for _, kind := range []string{"customer", "payment_intent", "invoice"} {
		b.Run(kind, func(b *testing.B) {
			t := template(b, kind)
			b.ReportAllocs()
			for b.Loop() {
				t.Clone()
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, kind := range []string{"customer", "payment_intent", "invoice"} {
		b.Run(kind, func(b *testing.B) {
			doc := template(b, kind).AppendJSON(nil, 0)
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(doc, spec.Component(kind)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	t := template(b, "payment_intent")
	buf := t.AppendJSON(nil, 0)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = t.AppendJSON(buf[:0], 0)
	}
}

// BenchmarkList puts ten stored documents into a list.
func BenchmarkList(b *testing.B) {
	doc := template(b, "customer").AppendJSON(nil, 0)
	buf := make([]byte, 0, 32<<10)
	b.SetBytes(int64(10 * len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		buf = buf[:0]
		for range 10 {
			buf = AppendIndented(buf, doc, 2)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, kind := range []string{"customer", "payment_intent", "invoice"} {
		b.Run(kind, func(b *testing.B) {
			t := template(b, kind)
			b.ReportAllocs()
			for b.Loop() {
				if err := Check(t.Schema(), t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckExpandable(b *testing.B) {
	place := spec.Component("charge").Prop("customer").Schema()
	b.ReportAllocs()
	for b.Loop() {
		if err := Check(place, "cus_NffrFeUfNV2Hib"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiff(b *testing.B) {
	old := template(b, "payment_intent")
	new := old.Clone()
	new.Set("status", "canceled")
	b.ReportAllocs()
	for b.Loop() {
		Diff(old, new)
	}
}
