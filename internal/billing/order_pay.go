package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// payOrder charges what the request brings, or else the customer. An order that costs nothing becomes paid without a
// charge.
//
// Emits charge.succeeded, order.payment_succeeded, order.updated and sku.updated for each stock that is counted down.
// A decline emits charge.failed and order.payment_failed; the failed charge stays, the order does not change.
func payOrder(op *resource.Op) error {
	order := op.Object
	if status := order.String("status"); status != "created" {
		return apierr.Invalid("order_status_invalid", "", "This order is %s: only an order that is created can be paid.", status)
	}
	if err := op.Merge(order, op.Params); err != nil {
		return err
	}
	if err := payer(op, order); err != nil {
		return err
	}
	skus, err := orderStock(op, order)
	if err != nil {
		return err
	}
	if order.Int("amount") > 0 {
		charge, err := chargeOrder(op, order)
		if declined := declinedCharge(err); declined != nil {
			if err := op.Emit("order.payment_failed", order); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		order.Set("charge", charge.ID())
	}
	if err := advanceOrder(op, order, "paid"); err != nil {
		return err
	}
	previous, err := op.Changes(order)
	if err != nil {
		return err
	}
	if err := op.Emit("order.payment_succeeded", order); err != nil {
		return err
	}
	if err := op.EmitChanged("order.updated", order, previous); err != nil {
		return err
	}
	for _, s := range skus {
		if err := takeStock(op, s.sku, s.quantity); err != nil {
			return err
		}
	}
	return nil
}

// payer makes sure that there is somebody to write to and something to charge.
func payer(op *resource.Op, order *object.Object) error {
	if id := order.Ref("customer"); id != "" && order.Get("email") == nil {
		customer, err := op.Get("customer", id, "customer")
		if err != nil {
			return err
		}
		order.Set("email", customer.Get("email"))
	}
	email := order.String("email")
	switch {
	case email == "":
		return missingParam("email")
	case !isEmail(email):
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", email)
	case order.Int("amount") > 0 && op.Params.String("source") == "" && order.Ref("customer") == "":
		return apierr.Invalid("parameter_missing", "source", "Missing required param: source. The order has no customer that could be charged.")
	}
	return nil
}

// chargeOrder takes the order's amount: from the source if there is one, else from the customer.
func chargeOrder(op *resource.Op, order *object.Object) (*object.Object, error) {
	params := newParams("amount", order.Int("amount"), "currency", order.String("currency"), "order", order.ID(),
		"receipt_email", order.String("email"), "source", op.Params.String("source"))
	if params.String("source") == "" {
		params.Set("customer", order.Ref("customer"))
	}
	if shipping := order.Object("shipping"); shipping != nil {
		params.Set("shipping", shipping.Clone())
	}
	if fee := op.Params.Get("application_fee"); fee != nil {
		params.Set("application_fee_amount", fee)
	}
	return op.Create("charge", params)
}

// sale is how many of a sku an order takes.
type sale struct {
	sku      *object.Object
	quantity int64
}

// orderStock finds the order's skus and checks once more that there are enough of them.
func orderStock(op *resource.Op, order *object.Object) ([]sale, error) {
	var sales []sale
	place := map[string]int{}
	for _, v := range order.Array("items") {
		item := v.(*object.Object)
		if item.String("type") != "sku" {
			continue
		}
		id := item.Ref("parent")
		i, known := place[id]
		if !known {
			sku, err := op.Get("sku", id, "")
			if err != nil {
				return nil, err
			}
			i = len(sales)
			place[id], sales = i, append(sales, sale{sku: sku})
		}
		sales[i].quantity += item.Int("quantity")
		if err := checkStock(sales[i].sku, sales[i].quantity, ""); err != nil {
			return nil, err
		}
	}
	return sales, nil
}
