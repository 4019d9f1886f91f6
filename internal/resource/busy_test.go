package resource

import "testing"

// The most requests at once count until they were looked at often enough, and what is at work counts always.
func TestBusyness(t *testing.T) {
	t.Parallel()
	var b busyness
	for range 40 {
		b.begin()
	}
	if n := b.look(); n != 40 {
		t.Errorf("with 40 at work it says %d", n)
	}
	for range 38 {
		b.end()
	}
	if n := b.look(); n < 30 || n >= 40 {
		t.Errorf("just after 38 of 40 ended it says %d", n)
	}
	looks := 0
	for b.look() > 2 {
		looks++
	}
	if looks < 10 || looks > 60 {
		t.Errorf("it took %d looks to forget them", looks)
	}
	for range 100 {
		if n := b.look(); n != 2 {
			t.Fatalf("with 2 at work it says %d", n)
		}
	}
}
