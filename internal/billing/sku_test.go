package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// shop is a product of type good with the attribute size.
func shop(s *servertest.Server) string {
	return s.Post("/v1/products", "name", "T-shirt", "type", "good", "attributes[]", "size", "shippable", "false").OK().ID()
}

// newSKU makes a sku of the product for 1500 cents.
func newSKU(s *servertest.Server, product, size string, more ...string) string {
	return s.Post("/v1/skus", append([]string{"product", product, "attributes[size]", size, "price", "1500", "currency", "usd", "inventory[type]", "infinite"}, more...)...).OK().ID()
}

func TestCreateSKU(t *testing.T) {
	t.Parallel()
	base := func(more ...string) []string {
		return append([]string{"attributes[size]", "M", "price", "1500", "currency", "usd"}, more...)
	}
	for _, c := range []struct {
		name   string
		form   []string
		status int
		code   string
		param  string
		want   map[string]any
	}{
		{
			name: "finite", form: base("inventory[type]", "finite", "inventory[quantity]", "5", "image", "https://example.com/m.png"), status: 200,
			want: map[string]any{
				"object": "sku", "active": true, "price": 1500, "currency": "usd", "attributes.size": "M", "inventory.type": "finite", "inventory.quantity": 5, "inventory.value": nil,
				"image": "https://example.com/m.png", "livemode": false, "package_dimensions": nil,
			},
		},
		{name: "bucket", form: base("inventory[type]", "bucket", "inventory[value]", "limited"), status: 200, want: map[string]any{"inventory.type": "bucket", "inventory.quantity": nil, "inventory.value": "limited"}},
		{name: "infinite", form: base("inventory[type]", "infinite", "inventory[quantity]", "5"), status: 200, want: map[string]any{"inventory.type": "infinite", "inventory.quantity": nil}},
		{name: "own id", form: base("inventory[type]", "infinite", "id", "shirt-m"), status: 200, want: map[string]any{"id": "shirt-m"}},
		{name: "no quantity", form: base("inventory[type]", "finite"), status: 400, code: "parameter_missing", param: "inventory[quantity]"},
		{name: "less than none", form: base("inventory[type]", "finite", "inventory[quantity]", "-1"), status: 400, code: "parameter_invalid_integer", param: "inventory[quantity]"},
		{name: "no value", form: base("inventory[type]", "bucket"), status: 400, code: "parameter_missing", param: "inventory[value]"},
		{name: "no type", form: base("inventory[quantity]", "5"), status: 400, code: "parameter_missing", param: "inventory[type]"},
		{name: "negative price", form: []string{"attributes[size]", "M", "price", "-1", "currency", "usd", "inventory[type]", "infinite"}, status: 400, code: "parameter_invalid_integer", param: "price"},
		{name: "unknown currency", form: []string{"attributes[size]", "M", "price", "1", "currency", "xxx", "inventory[type]", "infinite"}, status: 400, param: "currency"},
		{name: "attribute missing", form: []string{"price", "1", "currency", "usd", "inventory[type]", "infinite"}, status: 400, code: "parameter_missing", param: "attributes[size]"},
		{name: "attribute too many", form: base("attributes[colour]", "red", "inventory[type]", "infinite"), status: 400, param: "attributes[colour]"},
		{name: "attributes taken", form: []string{"attributes[size]", "L", "price", "1", "currency", "usd", "inventory[type]", "infinite"}, status: 400, param: "attributes"},
		{name: "no such product", form: base("inventory[type]", "infinite", "product", "prod_nobody"), status: 400, code: "resource_missing", param: "product"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			product := shop(s)
			newSKU(s, product, "L")
			var events []string
			if c.status == http.StatusOK {
				events = []string{"sku.created"}
			}
			wantEvents(t, s, events, func() {
				a := s.Post("/v1/skus", append([]string{"product", product}, c.form...)...)
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), map[string]any{"param": c.param})
					return
				}
				wantFields(t, a.OK(), c.want)
				wantFields(t, a.Object, map[string]any{"product": product})
			})
		})
	}
}

func TestSKUNeedsGoods(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sku := []string{"price", "1", "currency", "usd", "inventory[type]", "infinite", "product"}
	service := s.Post("/v1/products", "name", "Pro", "type", "service").OK().ID()
	wantFields(t, s.Post("/v1/skus", append(sku, service)...).Fails(400, ""), map[string]any{"param": "product"})
	gone := s.Post("/v1/products", "name", "Old", "type", "good", "active", "false").OK().ID()
	wantFields(t, s.Post("/v1/skus", append(sku, gone)...).Fails(400, "product_inactive"), map[string]any{"param": "product"})
}

func TestUpdateSKU(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		form   []string
		status int
		code   string
		param  string
		want   map[string]any
	}{
		{"price", []string{"price", "1700"}, 200, "", "", map[string]any{"price": 1700}},
		{"quantity alone", []string{"inventory[quantity]", "9"}, 200, "", "", map[string]any{"inventory.type": "finite", "inventory.quantity": 9}},
		{"other stock", []string{"inventory[type]", "bucket", "inventory[value]", "in_stock"}, 200, "", "", map[string]any{"inventory.type": "bucket", "inventory.quantity": nil, "inventory.value": "in_stock"}},
		{"inactive", []string{"active", "false"}, 200, "", "", map[string]any{"active": false}},
		{"same attributes", []string{"attributes[size]", "M", "metadata[k]", "v"}, 200, "", "", map[string]any{"attributes.size": "M", "metadata.k": "v"}},
		{"other attributes", []string{"attributes[size]", "XL"}, 400, "", "attributes", nil},
		{"negative price", []string{"price", "-1"}, 400, "parameter_invalid_integer", "price", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			id := newSKU(s, shop(s), "M", "inventory[type]", "finite", "inventory[quantity]", "3")
			var events []string
			if c.status == http.StatusOK {
				events = []string{"sku.updated"}
			}
			s.Clock.Advance(60e9)
			wantEvents(t, s, events, func() {
				a := s.Post("/v1/skus/"+id, c.form...)
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), map[string]any{"param": c.param})
					return
				}
				wantFields(t, a.OK(), c.want)
				if a.Object.Int("updated") != s.Clock.Now().Unix() {
					t.Errorf("updated is %d", a.Object.Int("updated"))
				}
			})
		})
	}
}

func TestMoveSKUToOtherProduct(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	first, second := shop(s), shop(s)
	other := s.Post("/v1/products", "name", "Mug", "type", "good", "attributes[]", "colour").OK().ID()
	id := newSKU(s, first, "M")
	wantFields(t, s.Post("/v1/skus/"+id, "product", other).Fails(400, "parameter_missing"), map[string]any{"param": "attributes[colour]"})
	wantFields(t, s.Post("/v1/skus/"+id, "product", second).OK(), map[string]any{"product": second})
	newSKU(s, first, "M")
}

func TestDeleteSKU(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	product := shop(s)
	unused, ordered := newSKU(s, product, "M"), newSKU(s, product, "L")
	s.Post("/v1/orders", "currency", "usd", "items[0][parent]", ordered).OK()
	wantFields(t, s.Delete("/v1/skus/"+ordered).Fails(400, ""), map[string]any{"param": "id"})
	wantEvents(t, s, []string{"sku.deleted"}, func() {
		wantFields(t, s.Delete("/v1/skus/"+unused).OK(), map[string]any{"id": unused, "object": "sku", "deleted": true})
	})
	wantFields(t, s.Get("/v1/skus/"+unused).OK(), map[string]any{"deleted": true})
	if diff := cmp.Diff([]string{ordered}, s.Get("/v1/skus").IDs()); diff != "" {
		t.Error(diff)
	}
	newSKU(s, product, "M") // the attributes are free again
}

func TestListSKUs(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	shirts, others := shop(s), shop(s)
	m := newSKU(s, shirts, "M")
	sold := newSKU(s, shirts, "L", "inventory[type]", "finite", "inventory[quantity]", "0")
	few := newSKU(s, shirts, "XL", "inventory[type]", "bucket", "inventory[value]", "limited")
	none := newSKU(s, others, "L", "inventory[type]", "bucket", "inventory[value]", "out_of_stock", "active", "false")
	for _, c := range []struct {
		name string
		form []string
		want []string
	}{
		{"all", nil, []string{none, few, sold, m}},
		{"in stock", []string{"in_stock", "true"}, []string{few, m}},
		{"out of stock", []string{"in_stock", "false"}, []string{none, sold}},
		{"active", []string{"active", "true"}, []string{few, sold, m}},
		{"product", []string{"product", others}, []string{none}},
		{"attributes", []string{"product", shirts, "attributes[size]", "L"}, []string{sold}},
		{"ids", []string{"ids[]", m, "ids[]", few}, []string{few, m}},
	} {
		if diff := cmp.Diff(c.want, s.Get("/v1/skus", c.form...).IDs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
