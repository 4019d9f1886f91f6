package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An order is a customer's purchase of skus, in one piece from the basket to the return (2015 to 2022).
//
//	created --pay--> paid --status=fulfilled--> fulfilled --status=returned, all returned--> returned
//	created --status=canceled--> canceled
//	                 paid --status=canceled, all returned--> canceled
//
// Canceling what was paid, and returning, give the money back. Paying counts down the stock; nothing counts it up
// again, as only the seller knows what came back fit for sale.
//
// Items are in order_items.go, coupons in order_coupon.go, tax and shipping in order_shipping.go, payment in
// order_pay.go, returns in order_return.go.
//
// Emits order.created; order.updated, after the events of what the update caused (refund.created, charge.refunded).
func init() {
	register(resource.Rules{
		Object: "order",
		States: resource.States{
			"created":   {"paid", "canceled"},
			"paid":      {"fulfilled", "canceled"},
			"fulfilled": {"returned"},
		},
		StateCode: "order_status_invalid",
		Unmerged:  []string{"items"},
		Create:    createOrder, Update: updateOrder,
		Actions: resource.Actions{"POST /v1/orders/{id}/pay": payOrder},
		Filters: filters{"status_transitions.fulfilled": func(o *object.Object) []string {
			return timeValue(o.Object("status_transitions").Int(fulfilledMoment))
		}},
		Index: filters{"sku": orderedSKUs},
	})
}

// fulfilledMoment is the time of fulfilment in status_transitions.
const fulfilledMoment = "fulfiled" //nolint:misspell // spelled so since 2015, and clients read it so

// orderedSKUs are the ids of the skus that an order has.
func orderedSKUs(order *object.Object) []string {
	var ids []string
	for _, v := range order.Array("items") {
		if item := v.(*object.Object); item.String("type") == "sku" {
			ids = append(ids, item.Ref("parent"))
		}
	}
	return ids
}

func createOrder(op *resource.Op) error {
	order := op.Object
	if err := checkCurrency(order.String("currency")); err != nil {
		return err
	}
	if err := takeFromCustomer(op, order); err != nil {
		return err
	}
	if email := op.Params.String("email"); email != "" && !isEmail(email) {
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", email)
	}
	items, err := readItems(op, order)
	if err != nil {
		return err
	}
	order.Set("items", items)
	if id := op.Params.String("coupon"); id != "" {
		if err := applyCoupon(op, order, id); err != nil {
			return err
		}
	}
	addTax(order)
	addShipping(order)
	totalOrder(order)
	if order.Int("amount") < 0 {
		return apierr.Invalid("order_creation_failed", "items", "The discounts are greater than what the order costs.")
	}
	order.Set("returns", returnList(order, nil))
	for _, moment := range []string{"canceled", fulfilledMoment, "paid", "returned"} {
		order.Sub("status_transitions").Set(moment, nil)
	}
	order.Set("updated", order.Int("created"))
	return nil
}

// takeFromCustomer fills in what the customer is known for and the request did not say.
func takeFromCustomer(op *resource.Op, order *object.Object) error {
	id := order.Ref("customer")
	if id == "" {
		return nil
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return err
	}
	if order.Get("email") == nil {
		order.Set("email", customer.Get("email"))
	}
	if known := customer.Object("shipping"); known != nil && order.Object("shipping") == nil {
		return op.Merge(order, newParams("shipping", known.Clone()))
	}
	return nil
}

// updateOrder changes what may still be changed in the order's status, and moves it on if that was asked for.
func updateOrder(op *resource.Op) error {
	order, was := op.Object, op.Before.String("status")
	wanted := order.String("status")
	order.Set("status", was)
	for _, name := range []string{"coupon", "selected_shipping_method"} {
		if op.Params.Has(name) && was != "created" {
			return apierr.Invalid("order_status_invalid", name, "This order is %s: %s can only be changed while an order is created.", was, name)
		}
	}
	if op.Params.Has("shipping") && op.Before.Object("shipping") == nil {
		return apierr.Invalid("", "shipping", "This order has no shipping address, so it cannot be tracked.")
	}
	if op.Params.Has("selected_shipping_method") {
		if err := selectShipping(order); err != nil {
			return err
		}
	}
	if id := op.Params.String("coupon"); id != "" {
		if err := applyCoupon(op, order, id); err != nil {
			return err
		}
		totalOrder(order)
	}
	if wanted == was {
		return nil
	}
	return moveOrder(op, order, wanted)
}

// moveOrder changes the status by hand. Payment has an operation of its own.
func moveOrder(op *resource.Op, order *object.Object, to string) error {
	if to == "paid" {
		return apierr.Invalid("order_status_invalid", "status", "An order becomes paid by POST /v1/orders/%s/pay.", order.ID())
	}
	if to == "returned" && order.String("status") == "fulfilled" {
		_, err := op.Create("order_return", newParams("order", order.ID()))
		return err
	}
	if err := advanceOrder(op, order, to); err != nil {
		return err
	}
	if to == "canceled" {
		return refundOrder(op, order, order.Int("amount")-order.Int("amount_returned"))
	}
	return nil
}

// advanceOrder moves an order along its states and writes down when.
func advanceOrder(op *resource.Op, order *object.Object, to string) error {
	if err := op.Move(order, to); err != nil {
		return err
	}
	moment := to
	if to == "fulfilled" {
		moment = fulfilledMoment
	}
	order.Sub("status_transitions").Set(moment, op.Now().Unix())
	return nil
}

// refundOrder gives money back, if the order was paid with any.
func refundOrder(op *resource.Op, order *object.Object, amount int64) error {
	charge := order.Ref("charge")
	if charge == "" || amount == 0 {
		return nil
	}
	_, err := op.Create("refund", newParams("charge", charge, "amount", amount))
	return err
}
