package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What is bought at a checkout session, and by whom as far as that is known before.

const (
	maxLineItems     = 100
	maxOptionalItems = 10
	// maxOfKind is how many recurring items, and how many others, a session for a subscription may have.
	maxOfKind = 20
)

// sessionCustomer notes who is expected to pay.
func sessionCustomer(op *resource.Op, s *object.Object) error {
	mode := s.String("mode")
	if mode == modePayment {
		s.Set("payment_method_collection", "if_required")
	} else if !op.Params.Has("payment_method_collection") {
		s.Set("payment_method_collection", "always")
	}
	id := s.Ref("customer")
	switch {
	case id == "" && mode == modeSubscription:
		s.Set("customer_creation", "always")
	case id == "" && mode == modePayment && !op.Params.Has("customer_creation"):
		s.Set("customer_creation", "if_required")
	}
	if id == "" {
		if email := s.String("customer_email"); email != "" {
			s.Set("customer_details", emptyDetails(email))
		}
		return nil
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return err
	}
	s.Set("customer_details", emptyDetails(customer.String("email")))
	if mode != modeSetup {
		saved := newParams("allow_redisplay_filters", []any{"always"}, "payment_method_remove", "disabled")
		saved.Set("payment_method_save", nil)
		for name, v := range op.Params.Object("saved_payment_method_options").All() {
			saved.Set(name, v)
		}
		s.Set("saved_payment_method_options", saved)
	}
	return checkTaxedCustomer(op, s, customer)
}

// checkTaxedCustomer wants to know where a customer is taxed, unless the page will ask and keep it.
func checkTaxedCustomer(op *resource.Op, s, customer *object.Object) error {
	if !s.Object("automatic_tax").Bool("enabled") {
		return nil
	}
	update := op.Params.Object("customer_update")
	address, _ := taxAddress(customer)
	if _, known := locate(address); known || update.String("address") == "auto" || update.String("shipping") == "auto" {
		return nil
	}
	return apierr.Invalid(taxLocationInvalid, "", "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.")
}

// emptyDetails is what is known of a customer who typed nothing but an e-mail address.
func emptyDetails(email string) *object.Object {
	d := nulls("address", "business_name", "email", "individual_name", "name", "phone", "tax_exempt", "tax_ids")
	d.Set("email", textOrNull(email))
	d.Set("tax_exempt", "none")
	return d
}

// sessionItems makes the line items. All prices must have the session's currency.
func sessionItems(op *resource.Op, s *object.Object) error {
	sent := op.Params.Array("line_items")
	prices := make([]*object.Object, len(sent))
	for i, v := range sent {
		price, err := soldPrice(op, v.(*object.Object), itemParam(i))
		if err != nil {
			return err
		}
		prices[i] = price
	}
	optional, err := optionalPrices(op)
	if err != nil {
		return err
	}
	if err := checkPrices(s, prices, optional); err != nil {
		return err
	}
	if len(prices) == 0 {
		return nil
	}
	if err := sessionCurrency(op, s, prices); err != nil {
		return err
	}
	for i, v := range sent {
		if _, err := addItem(op, s, prices[i], v.(*object.Object), s.String("currency"), itemParam(i)); err != nil {
			return err
		}
	}
	return nil
}

func itemParam(i int) string { return "line_items[" + strconv.Itoa(i) + "]" }

// optionalPrices are the prices that the customer may add.
func optionalPrices(op *resource.Op) ([]*object.Object, error) {
	sent := op.Params.Array("optional_items")
	if len(sent) > maxOptionalItems {
		return nil, apierr.Invalid("", "optional_items", "You can specify up to %d optional items.", maxOptionalItems)
	}
	prices := make([]*object.Object, len(sent))
	for i, v := range sent {
		item, param := v.(*object.Object), "optional_items["+strconv.Itoa(i)+"]"
		price, err := soldPrice(op, item, param)
		if err != nil {
			return nil, err
		}
		quantity, err := itemQuantity(price, item, param)
		if err != nil {
			return nil, err
		}
		n, _ := quantity.(int64)
		if _, err := adjustableQuantity(item.Object("adjustable_quantity"), n, inside(param, "adjustable_quantity")); err != nil {
			return nil, err
		}
		prices[i] = price
	}
	return prices, nil
}

// checkPrices checks how many prices of each kind there are.
func checkPrices(s *object.Object, prices, optional []*object.Object) error {
	recurring, once := 0, 0
	for i, price := range slices.Concat(prices, optional) {
		param := itemParam(i)
		if i >= len(prices) {
			param = "optional_items[" + strconv.Itoa(i-len(prices)) + "]"
		}
		switch {
		case price.Object("recurring") == nil:
			once++
		case s.String("mode") == modePayment:
			return apierr.Invalid("", param, "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.")
		default:
			recurring++
		}
		if price.Object("custom_unit_amount") != nil && len(prices)+len(optional) > 1 {
			return apierr.Invalid("", param, "A price with `custom_unit_amount` must be the only line item.")
		}
	}
	switch mode := s.String("mode"); {
	case mode == modeSubscription && !slices.ContainsFunc(prices, func(p *object.Object) bool { return p.Object("recurring") != nil }):
		return apierr.Invalid("", "line_items", "You must provide at least one recurring price in `subscription` mode when using prices.")
	case mode == modeSubscription && (recurring > maxOfKind || once > maxOfKind):
		return apierr.Invalid("", "line_items", "You can specify up to %d line items with recurring prices and %d line items with one-time prices in `subscription` mode.", maxOfKind, maxOfKind)
	case recurring+once > maxLineItems:
		return apierr.Invalid("", "line_items", "You can specify up to %d line items.", maxLineItems)
	}
	return nil
}
