package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// pageSums shows what is bought, what it comes to, and how it can be sent.
func pageSums(op *resource.Op, s, page *object.Object) error {
	page.Set("shipping_options", []any{})
	page.Set("line_item_group", nil)
	page.Set("total_summary", nil)
	if s.String("mode") == modeSetup {
		return nil
	}
	page.Set("total_summary", newParams("due", s.Int("amount_total"), "subtotal", s.Int("amount_subtotal"), "total", s.Int("amount_total")))
	group := newParams("currency", s.String("currency"), "due", s.Int("amount_total"), "subtotal", s.Int("amount_subtotal"), "total", s.Int("amount_total"))
	items, err := pageItems(op, s)
	if err != nil {
		return err
	}
	group.Set("line_items", items)
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	whole := private.Object("total_details").Object("breakdown")
	discounts, err := pageDiscounts(op, whole.Array("discounts"))
	if err != nil {
		return err
	}
	group.Set("discount_amounts", discounts)
	group.Set("tax_amounts", pageTaxes(whole.Array("taxes")))
	options := make([]any, 0, len(s.Array("shipping_options")))
	group.Set("shipping_rate", nil)
	for _, v := range s.Array("shipping_options") {
		rate, err := pageRate(op, v.(*object.Object))
		if err != nil {
			return err
		}
		options = append(options, newParams("shipping_rate", rate))
		if rate.ID() == private.String("shipping_rate") {
			group.Set("shipping_rate", rate.Clone())
		}
	}
	page.Set("shipping_options", options)
	page.Set("line_item_group", group)
	return nil
}

func pageItems(op *resource.Op, s *object.Object) ([]any, error) {
	items, err := lineItems(op, s)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(items))
	for i, item := range items {
		product, err := op.Get("product", item.Object("price").Ref("product"), "line_items")
		if err != nil {
			return nil, err
		}
		shown := newParams("id", item.ID(), "object", "item", "name", product.String("name"), "price", item.Object("price").Clone(),
			"subtotal", item.Int("amount_subtotal"), "total", item.Int("amount_total"), "images", product.Get("images"))
		shown.Set("adjustable_quantity", nil)
		if bounds := item.Object("adjustable_quantity"); bounds != nil {
			shown.Set("adjustable_quantity", bounds.Clone())
		}
		shown.Set("description", product.Get("description"))
		shown.Set("quantity", item.Get("quantity"))
		out[i] = shown
	}
	return out, nil
}

// pageDiscounts are the discounts by the name of their coupon.
func pageDiscounts(op *resource.Op, parts []any) ([]any, error) {
	out := make([]any, 0, len(parts))
	for _, v := range parts {
		part := v.(*object.Object)
		discount := part.Object("discount")
		coupon, err := op.Find("coupon", discount.Object("source").Ref("coupon"))
		if err != nil {
			return nil, err
		}
		name := coupon.String("name")
		if name == "" {
			name = coupon.ID()
		}
		shown := newParams("amount", part.Int("amount"), "coupon", newParams("id", coupon.ID(), "name", name))
		shown.Set("promotion_code", nil)
		code, err := op.Find("promotion_code", discount.Ref("promotion_code"))
		if err != nil {
			return nil, err
		}
		if code != nil {
			shown.Set("promotion_code", newParams("code", code.String("code")))
		}
		out = append(out, shown)
	}
	return out, nil
}

func pageTaxes(parts []any) []any {
	out := make([]any, 0, len(parts))
	for _, v := range parts {
		part := v.(*object.Object)
		rate := part.Object("rate")
		out = append(out, newParams("amount", part.Int("amount"), "inclusive", rate.Bool("inclusive"), "tax_rate", rate.Clone()))
	}
	return out
}

// pageRate is one way of shipping.
func pageRate(op *resource.Op, option *object.Object) (*object.Object, error) {
	rate, err := op.Get("shipping_rate", option.Ref("shipping_rate"), "shipping_options")
	if err != nil {
		return nil, err
	}
	shown := newParams("amount", option.Int("shipping_amount"), "id", rate.ID())
	shown.Set("display_name", rate.Get("display_name"))
	shown.Set("delivery_estimate", nil)
	if estimate := rate.Object("delivery_estimate"); estimate != nil {
		shown.Set("delivery_estimate", estimate.Clone())
	}
	return shown, nil
}
