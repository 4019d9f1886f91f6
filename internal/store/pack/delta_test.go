package pack

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// lines is a document of n fields.
func lines(n int) []string {
	out := []string{"{"}
	for i := range n {
		out = append(out, fmt.Sprintf(`  "field_%02d": %d,`, i, i*i))
	}
	return append(out, `  "last": null`, "}")
}

// TestDeltaIsSmall changes a document of a hundred lines, and expects that a delta costs no more than what changed.
func TestDeltaIsSmall(t *testing.T) {
	t.Parallel()
	old := lines(100)
	text := []byte(strings.Join(old, "\n"))
	for _, c := range []struct {
		name   string
		change func(l []string) []string
		most   int
	}{
		{"nothing", func(l []string) []string { return l }, 12},
		{"a value", func(l []string) []string { l[10] = `  "field_09": "now it is a text",`; return l }, 24},
		{"three values", func(l []string) []string { l[10], l[50], l[90] = "a", "b", "c"; return l }, 100},
		{"a field less", func(l []string) []string { return append(l[:40], l[41:]...) }, 50},
		{"ten fields more", func(l []string) []string {
			return append(l[:40:40], append(strings.Split(strings.Repeat("  \"new\": 1,\n", 10), "\n")[:10], l[40:]...)...)
		}, 16},
		{"one at each end", func(l []string) []string { l[1], l[100] = `  "field_00": 7,`, `  "field_99": 7,`; return l }, 40},
	} {
		other := []byte(strings.Join(c.change(lines(100)), "\n"))
		delta := AppendDelta(nil, text, other)
		if len(delta) > c.most {
			t.Errorf("%s: %d bytes, at most %d are expected: %q", c.name, len(delta), c.most, delta)
		}
		back, err := ApplyDelta(delta, other)
		if err != nil || !bytes.Equal(back, text) {
			t.Errorf("%s: it came back as %s, %v", c.name, back, err)
		}
	}
}

// TestDeltaOfRandomChanges shuffles lines.
func TestDeltaOfRandomChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		old, other := lines(r.IntN(60)), lines(r.IntN(60))
		for range r.IntN(20) {
			i, j := r.IntN(len(other)), r.IntN(len(other))
			other[i], other[j] = other[j], strings.Repeat("x", r.IntN(9))
		}
		a, b := []byte(strings.Join(old, "\n")), []byte(strings.Join(other, "\n"))
		if back, err := ApplyDelta(AppendDelta(nil, a, b), b); err != nil || !bytes.Equal(back, a) {
			t.Fatalf("seed %d: it came back as %s, %v", seed, back, err)
		}
	}
}

func FuzzDelta(f *testing.F) {
	f.Add([]byte("a\nb\nc"), []byte("a\nx\nc"))
	f.Add([]byte(""), []byte("\n\n"))
	f.Add([]byte("\n\n\n"), []byte("a"))
	f.Fuzz(func(t *testing.T, doc, other []byte) {
		back, err := ApplyDelta(AppendDelta(nil, doc, other), other)
		if err != nil || !bytes.Equal(back, doc) {
			t.Fatalf("%q against %q came back as %q, %v", doc, other, back, err)
		}
	})
}

// FuzzDamagedDelta expects an error or a document, and no more memory than the delta says.
func FuzzDamagedDelta(f *testing.F) {
	f.Add(AppendDelta(nil, []byte("a\nb\nc"), []byte("a\nx\nc")), []byte("a\nx\nc"))
	f.Add([]byte{3, 0, 9, 0}, []byte("abc"))
	f.Fuzz(func(t *testing.T, delta, other []byte) {
		if len(delta) > 0 && delta[0] < 128 { // else the length alone may ask for much
			_, _ = ApplyDelta(delta, other)
		}
	})
}
