package sqlite

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

// FuzzKeys proves that keys keep the order of what they are made of, and can be taken apart.
func FuzzKeys(f *testing.F) {
	f.Add("a", "b", int64(0), int64(1), int64(5), int64(5))
	f.Add("a", "a\x00", int64(3), int64(3), int64(maxCreated), int64(maxSeq))
	f.Add("a\x01", "a\x02", int64(1), int64(1), int64(1), int64(1))
	f.Add("", "\x00", int64(1), int64(2), int64(7), int64(1))
	f.Add("x", "x", int64(64), int64(63), int64(64*64), int64(64*64-1))
	f.Fuzz(func(t *testing.T, v1, v2 string, c1, c2, s1, s2 int64) {
		at := func(c, s int64) position { return position{c & maxCreated, s & maxSeq} }
		e1 := entry{string(appendRefPrefix(nil, 12, "customer", "email", v1)), at(c1, s1)}
		e2 := entry{string(appendRefPrefix(nil, 12, "customer", "email", v2)), at(c2, s2)}
		k1, k2 := appendKey(nil, e1), appendKey(nil, e2)
		want := cmp.Or(strings.Compare(v1, v2), e1.at.compare(e2.at))
		if got := bytes.Compare(k1, k2); got != want {
			t.Errorf("%q and %q compare as %d, want %d", k1, k2, got, want)
		}
		if got := e1.compare(e2); got != want {
			t.Errorf("the entries compare as %d, want %d", got, want)
		}
		space, field, value, p, err := splitKey(k1)
		if err != nil || space != 12 || field != "customer:email" || value != v1 || p != e1.at {
			t.Errorf("%q is taken apart as %d %q %q %v, %v", k1, space, field, value, p, err)
		}
	})
}

// FuzzRefs proves that refs survive being packed, and that damage is noticed or harmless.
func FuzzRefs(f *testing.F) {
	f.Add("email", "a@b", "", "\xff", []byte{1, 'a', 0})
	f.Fuzz(func(t *testing.T, f1, v1, f2, v2 string, damaged []byte) {
		want := []store.Ref{{Field: f1, Value: v1}, {Field: f2, Value: v2}}
		got, err := decodeRefs(encodeRefs(want))
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if refs, err := decodeRefs(damaged); err == nil && len(damaged) > 0 && len(refs) == 0 {
			t.Errorf("%x holds nothing and is no error", damaged)
		}
	})
}

func TestSpanBounds(t *testing.T) {
	t.Parallel()
	p := func(c, s int64) *store.Position { return &store.Position{Created: c, Seq: s} }
	for _, c := range []struct {
		name string
		q    store.Query
		want span
	}{
		{"all", store.Query{}, span{position{}, lastPosition, true}},
		{"after", store.Query{After: p(5, 7)}, span{position{}, position{5, 6}, true}},
		{"after the first of a second", store.Query{After: p(5, 0)}, span{position{}, position{4, maxSeq}, true}},
		{"after, oldest first", store.Query{After: p(5, 7), Ascending: true}, span{position{5, 8}, lastPosition, false}},
		{"before", store.Query{Before: p(5, 7)}, span{position{5, 8}, lastPosition, false}},
		{"before, oldest first", store.Query{Before: p(5, 7), Ascending: true}, span{position{}, position{5, 6}, true}},
		{"after a place beyond the bounds", store.Query{After: p(50, 7), CreatedMax: 9}, span{position{}, position{9, maxSeq}, true}},
		{"bounds", store.Query{CreatedMin: 3, CreatedMax: 9}, span{position{3, 0}, position{9, maxSeq}, true}},
		{"after the last possible", store.Query{After: p(5, maxSeq), Ascending: true}, span{position{6, 0}, lastPosition, false}},
	} {
		if got, _ := spanOf(&c.q); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}
