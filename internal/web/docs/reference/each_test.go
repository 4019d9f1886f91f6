package reference_test

import (
	"testing"

	"sharesmart/internal/web/docs/reference"
)

func TestEach(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 100} {
		done := make([]int, n)
		reference.Each(n, func(i int) { done[i]++ })
		for i, times := range done {
			if times != 1 {
				t.Errorf("of %d, number %d is done %d times", n, i, times)
			}
		}
	}
	defer func() {
		if why := recover(); why != "broken" {
			t.Errorf("what panics ends with %v", why)
		}
	}()
	reference.Each(3, func(i int) {
		if i == 1 {
			panic("broken")
		}
	})
	t.Error("nothing panicked")
}
