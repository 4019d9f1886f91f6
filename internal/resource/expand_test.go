package resource_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	product := s.Post("/v1/products", "name", "Pro").OK().ID()
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "900", "product", product, "expand[]", "product").OK()
	if price.At("product", "id") != product || price.At("product", "name") != "Pro" {
		t.Errorf("expand on create: product is %v", price.Get("product"))
	}
	if got := s.Get("/v1/prices/" + price.ID()).OK().Get("product"); got != product {
		t.Errorf("expansion was stored: product is %v", got)
	}
	s.Post("/v1/products/"+product, "default_price", price.ID()).OK()
	deep := s.Get("/v1/products/"+product, "expand[]", "default_price.product.default_price").OK()
	if deep.At("default_price", "product", "default_price", "id") != price.ID() {
		t.Errorf("three levels: %s", deep.AppendJSON(nil, 0))
	}
	list := s.Get("/v1/prices", "expand[]", "data.product", "expand[]", "data.product.default_price").OK()
	item, _ := list.Array("data")[0].(*object.Object)
	if item.At("product", "default_price", "id") != price.ID() {
		t.Errorf("expand in a list: %s", list.AppendJSON(nil, 0))
	}
}

func TestExpandErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	product := s.Post("/v1/products", "name", "Pro").OK().ID()
	for path, want := range map[string]string{
		"name":      "This property cannot be expanded (name).",
		"nope":      "This property cannot be expanded (nope).",
		"data.name": "This property cannot be expanded (data.name).",
		"default_price.product.default_price.product.default_price": "You cannot expand more than 4 levels of a property. Property: default_price.product.default_price.product.default_price",
	} {
		e := s.Get("/v1/products/"+product, "expand[]", path).Fails(400, "")
		if e.String("message") != want || e.String("param") != "expand" {
			t.Errorf("%s: %q (param %q), want %q", path, e.String("message"), e.String("param"), want)
		}
	}
	s.Get("/v1/products", "expand[]", "default_price").Fails(400, "")
}

func TestExpandDeletedCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	credit := s.Post("/v1/customers/"+customer+"/balance_transactions", "amount", "-500", "currency", "usd").OK().ID()
	got := s.Get("/v1/customers/"+customer+"/balance_transactions/"+credit, "expand[]", "customer").OK()
	if got.At("customer", "id") != customer {
		t.Errorf("customer is %v", got.Get("customer"))
	}
}
