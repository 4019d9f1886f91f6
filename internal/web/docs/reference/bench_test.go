package reference

import (
	"net/url"
	"testing"

	"sharesmart/internal/spec"
)

// BenchmarkPage makes the page of the resource that has most.
func BenchmarkPage(b *testing.B) {
	c := NewCatalog(func(*spec.Operation) bool { return true })
	r, here := c.Resource("payment_intents"), &url.URL{Scheme: "https", Host: "localhost:8443"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Page(r, here); err != nil {
			b.Fatal(err)
		}
	}
}
