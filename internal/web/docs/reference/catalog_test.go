package reference

import (
	"testing"

	"sharesmart/internal/spec"
)

// TestCatalog: every operation is on exactly one page, under an anchor of its own, and each page has a title and is in a
// family.
func TestCatalog(t *testing.T) {
	t.Parallel()
	c := NewCatalog(func(*spec.Operation) bool { return true })
	seen := map[string]bool{}
	for _, r := range c.Resources() {
		anchors, titles := map[string]bool{}, map[string]bool{}
		if r.Title == "" || r.Family == nil {
			t.Errorf("%s has no title or family", r.Slug)
		}
		for _, op := range r.Operations {
			if seen[op.ID] {
				t.Errorf("%s is on two pages", op.ID)
			}
			if anchors[op.Slug] || op.Title == "" {
				t.Errorf("%s: %s has no title, or an anchor that another has: %q", r.Slug, op.ID, op.Slug)
			}
			if titles[op.Title] {
				t.Errorf("%s: two operations are called %s", r.Slug, op.Title)
			}
			seen[op.ID], anchors[op.Slug], titles[op.Title] = true, true, true
		}
	}
	for _, op := range spec.Operations() {
		if !seen[op.ID] && !op.JSON() {
			t.Errorf("%s is on no page", op.ID)
		}
	}
	served := NewCatalog(func(op *spec.Operation) bool { return op.ID != "PostCustomers" })
	if served.Operation("PostCustomers") != nil || served.Operation("GetCustomers") == nil {
		t.Error("what is not served has a place, or what is served has none")
	}
}

// TestDocument reads all that is in the document and in the overlay.
func TestDocument(t *testing.T) {
	t.Parallel()
	for _, op := range spec.Operations() {
		if doc := operation(op.ID); doc.String("operationId") != op.ID {
			t.Errorf("%s: the document has %v in its place", op.ID, doc.Get("operationId"))
		}
	}
	read := newReader()
	for _, kind := range spec.Resources() {
		if shape := read.component(kind); shape.Len() == 0 {
			t.Errorf("the document has no %s", kind)
		}
	}
}
