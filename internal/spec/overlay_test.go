package spec

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seedOrder is the order that our documentation has always shown, which leaves out some fields.
const seedOrder = `{
  "id": "or_1Ce6vg2eZvKYlo2CcQtHtXdu",
  "object": "order",
  "amount": 1500,
  "amount_returned": 1500,
  "application": null,
  "application_fee": null,
  "charge": "ch_1Ce6vm2eZvKYlo2CHPf2Ho6S",
  "created": 1529265172,
  "currency": "usd",
  "customer": null,
  "email": "jenny.rosen@example.com",
  "items": [
    {
      "type": "sku",
      "parent": "sku_G3qQngkSaByvzT"
    }
  ],
  "livemode": false,
  "metadata": {
    "order_id": "6735"
  }
}`

func TestSeedOrderCanBeExpressed(t *testing.T) {
	t.Parallel()
	var doc map[string]any
	if err := json.Unmarshal([]byte(seedOrder), &doc); err != nil {
		t.Fatal(err)
	}
	order, item := Component("order"), Component("order_item")
	for name, v := range doc {
		p := order.Prop(name)
		if p == nil {
			t.Errorf("an order has no %s", name)
		} else if name != "items" {
			if err := fits(p.Schema(), v, "order."+name); err != nil {
				t.Error(err)
			}
		}
	}
	if order.Prop("items").Schema().Items() != item {
		t.Error("an order's items are not order_items")
	}
	for name, v := range doc["items"].([]any)[0].(map[string]any) {
		if err := fits(item.Prop(name).Schema(), v, "order_item."+name); err != nil {
			t.Error(err)
		}
	}
}

// The names are those of API version 2019-10-08.
func TestLegacyParameters(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]string{
		"GetOrders":           {"created", "customer", "ending_before", "expand", "ids", "limit", "starting_after", "status", "status_transitions", "upstream_ids"},
		"PostOrders":          {"coupon", "currency", "customer", "email", "expand", "items", "metadata", "shipping"},
		"GetOrdersId":         {"expand"},
		"PostOrdersId":        {"coupon", "expand", "metadata", "selected_shipping_method", "shipping", "status"},
		"PostOrdersIdPay":     {"application_fee", "customer", "email", "expand", "metadata", "source"},
		"PostOrdersIdReturns": {"expand", "items"},
		"GetOrderReturns":     {"created", "ending_before", "expand", "limit", "order", "starting_after"},
		"GetOrderReturnsId":   {"expand"},
		"GetSkus":             {"active", "attributes", "ending_before", "expand", "ids", "in_stock", "limit", "product", "starting_after"},
		"PostSkus":            {"active", "attributes", "currency", "expand", "id", "image", "inventory", "metadata", "package_dimensions", "price", "product"},
		"GetSkusId":           {"expand"},
		"PostSkusId":          {"active", "attributes", "currency", "expand", "image", "inventory", "metadata", "package_dimensions", "price", "product"},
		"DeleteSkusId":        nil,
		"PostAvaEndpointIds":  {"expand", "id", "ids", "metadata"},
		"PostSandboxes":       {"expand", "expires_in", "metadata", "name"},
	} {
		var got []string
		for _, p := range OperationByID(id).Params().Props {
			got = append(got, p.Name)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("parameters of %s (-want +got):\n%s", id, d)
		}
	}
	for id, want := range map[string][]string{
		"PostOrders": {"currency"}, "PostSkus": {"currency", "inventory", "price", "product"}, "PostSkusId": nil, "PostSandboxes": nil,
	} {
		var got []string
		for _, p := range OperationByID(id).Params().Props {
			if p.Required {
				got = append(got, p.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s requires %v, want %v", id, got, want)
		}
	}
}

func TestExtensions(t *testing.T) {
	t.Parallel()
	order := Component("charge").Prop("order")
	if order == nil || order.Required || !order.Schema().Nullable || len(order.Schema().Expansion()) != 1 ||
		order.Schema().Expansion()[0] != Component("order") || !Component("charge").CanExpandField("order") {
		t.Errorf("charge.order is %+v, want an optional, nullable id that expands to an order", order)
	}
	for _, name := range []string{"attributes", "caption", "deactivate_on", "type"} {
		p := Component("product").Prop(name)
		if p == nil || p.Required || p.Schema().Nullable {
			t.Errorf("product.%s is %+v, want it optional and never null", name, p)
		}
		if OperationByID("PostProducts").Params().Prop(name) == nil {
			t.Errorf("a product cannot be created with %s", name)
		}
		if changeable := OperationByID("PostProductsId").Params().Prop(name) != nil; changeable != (name != "type") {
			t.Errorf("update of a product takes %s: %t", name, changeable)
		}
	}
	if OperationByID("GetProducts").Params().Prop("type") == nil {
		t.Error("products cannot be listed by type")
	}
}
