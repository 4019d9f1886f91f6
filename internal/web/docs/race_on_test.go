//go:build race

package docs_test

// thorough says that what only one goroutine does is tested whole. The race detector makes it ten times as slow and finds
// nothing there.
const thorough = false
