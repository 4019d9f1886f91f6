package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// updateSession changes a session for the seller. When it is over, only its metadata can be changed.
func updateSession(op *resource.Op) error {
	s, p := op.Object, op.Params
	if s.String("status") != "open" {
		for _, name := range p.Keys() {
			if name != "metadata" && name != "expand" {
				return apierr.Invalid("checkout_not_active_session", name, "This Checkout Session is no longer active: only its metadata can be updated.")
			}
		}
		return nil
	}
	if shipping := p.Object("collected_information").Object("shipping_details"); shipping != nil {
		if err := takeShipping(op, s, newParams("shipping_details", shipping)); err != nil {
			return within(err, "collected_information")
		}
	}
	if p.Has("shipping_options") {
		if err := sessionShipping(op, s); err != nil {
			return err
		}
	}
	if p.Has("line_items") {
		if err := replaceItems(op, s, p.Array("line_items")); err != nil {
			return err
		}
	}
	if len(p.Keys()) == 1 && p.Has("metadata") {
		return nil
	}
	if err := sumSession(op, s); err != nil {
		return err
	}
	return checkSessionAmount(op, s)
}

// replaceItems puts line items in the place of those that a session has. Those with an id are kept, in the order in which
// they were sent, and changed as they say; those without are new; the others go.
func replaceItems(op *resource.Op, s *object.Object, sent []any) error {
	if s.String("mode") == modeSetup || len(sent) == 0 {
		return apierr.Invalid("", "line_items", "A Checkout Session in `%s` mode cannot have these line items.", s.String("mode"))
	}
	old, err := lineItems(op, s)
	if err != nil {
		return err
	}
	if err := orderItems(op, s, func([]any) []any { return nil }); err != nil {
		return err
	}
	var kept []*object.Object
	var prices []*object.Object
	for i, v := range sent {
		item, err := replaceItem(op, s, old, v.(*object.Object), itemParam(i))
		if err != nil {
			return err
		}
		kept, prices = append(kept, item), append(prices, item.Object("price"))
	}
	for _, item := range old {
		if !slices.Contains(kept, item) {
			if err := op.Delete(item); err != nil {
				return err
			}
		}
	}
	return checkPrices(s, prices, nil)
}

func replaceItem(op *resource.Op, s *object.Object, old []*object.Object, sent *object.Object, param string) (*object.Object, error) {
	id := sent.String("id")
	if id == "" {
		price, err := soldPrice(op, sent, param)
		if err != nil {
			return nil, err
		}
		return addItem(op, s, price, sent, s.String("currency"), param)
	}
	at := slices.IndexFunc(old, func(item *object.Object) bool { return item.ID() == id })
	if at < 0 {
		return nil, apierr.MissingRef("item", id, inside(param, "id"))
	}
	item := old[at]
	if sent.Has("price") || sent.Has("price_data") {
		price, err := soldPrice(op, sent, param)
		if err != nil {
			return nil, err
		}
		if err := priceSold(op, item, price, s.String("currency"), param); err != nil {
			return nil, err
		}
	}
	if err := reviseItemQuantity(item, sent, param); err != nil {
		return nil, err
	}
	if err := keepItemTerms(op, item, sent, param); err != nil {
		return nil, err
	}
	op.Save(item)
	return item, orderItems(op, s, func(ids []any) []any { return append(ids, id) })
}
