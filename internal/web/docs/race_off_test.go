//go:build !race

package docs_test

const thorough = true
