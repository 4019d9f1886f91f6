package reference

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does something for each number below n, side by side on as many processors as there are, and returns when all is
// done. What panics does so where Each was called: elsewhere nobody would be there to catch it.
func Each(n int, do func(i int)) {
	var next atomic.Int64
	var broken atomic.Value
	work := func() {
		defer func() {
			if why := recover(); why != nil {
				broken.Store(&why)
			}
		}()
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	var others sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	if why := broken.Load(); why != nil {
		panic(*why.(*any))
	}
}
