package member_test

import (
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/member"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// TestMakeHouse makes the house's extension once, however often the pages are opened.
func TestMakeHouse(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
			_, err := member.MakeHouse(op)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	all := s.Get("/v1/extensions").OK().Array("data")
	if len(all) != 1 {
		t.Fatalf("there are %d extensions", len(all))
	}
	prices := s.Get("/v1/extensions/" + s.Get("/v1/extensions").IDs()[0] + "/prices").IDs()
	if len(prices) != 3 {
		t.Errorf("the prices are %v", prices)
	}
	if n := len(s.Get("/v1/products/sharesmart_pro/features").IDs()); n != 3 {
		t.Errorf("Pro has %d features", n)
	}
}
