package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An issuing transaction is money that a merchant took by an issued card, or gave back.
//
//	test_helpers: create_force_capture --> capture, its amount negative
//	              create_unlinked_refund --> refund, its amount positive
//
// Emits issuing_transaction.created, .updated, .purchase_details_receipt_updated.
func init() {
	register(resource.Rules{
		Object: "issuing.transaction",
		Actions: resource.Actions{
			"POST /v1/test_helpers/issuing/transactions/create_force_capture":   captureByForce,
			"POST /v1/test_helpers/issuing/transactions/create_unlinked_refund": refundUnlinked,
		},
	})
}

func captureByForce(op *resource.Op) error { return bookIssued(op, "capture", -1) }

func refundUnlinked(op *resource.Op) error { return bookIssued(op, "refund", 1) }

// bookIssued makes the transaction that the parameters tell of.
func bookIssued(op *resource.Op, kind string, sign int64) error {
	p := op.Params
	card, err := op.Get("issuing.card", p.String("card"), "card")
	if err != nil {
		return err
	}
	currency := p.String("currency")
	if currency == "" {
		currency = card.String("currency")
	}
	op.Result, err = op.Make("issuing.transaction", "", object.New(nil), func(op *resource.Op) error {
		t := op.Object
		t.Set("type", kind)
		t.Set("card", card.ID())
		t.Set("cardholder", textOrNull(card.Ref("cardholder")))
		for _, name := range []string{"amount", "merchant_amount"} {
			t.Set(name, sign*p.Int("amount"))
		}
		for _, name := range []string{"currency", "merchant_currency"} {
			t.Set(name, currency)
		}
		for _, name := range []string{"authorization", "token", "wallet"} {
			t.Set(name, nil)
		}
		merchant := t.Sub("merchant_data")
		for name, v := range p.Object("merchant_data").All() {
			merchant.Set(name, v)
		}
		t.Set("purchase_details", purchaseOf(p))
		return nil
	})
	if err != nil {
		return err
	}
	if len(p.Object("purchase_details").Array("receipt")) == 0 {
		return nil
	}
	return op.Emit("issuing_transaction.purchase_details_receipt_updated", op.Result)
}

// purchaseOf is what the merchant says was bought; nil if they do not.
func purchaseOf(p *object.Object) any {
	sent := p.Object("purchase_details")
	if sent == nil {
		return nil
	}
	out := object.New(nil)
	for _, name := range []string{"fleet", "flight", "fuel", "lodging", "receipt", "reference"} {
		out.Set(name, sent.Get(name))
	}
	for _, v := range out.Array("receipt") {
		line := v.(*object.Object)
		for _, name := range []string{"description", "quantity", "total", "unit_cost"} {
			if !line.Has(name) {
				line.Set(name, nil)
			}
		}
		if quantity := line.String("quantity"); quantity != "" { // a decimal is sent as text, and answered as a number
			line.Set("quantity", object.Number(quantity))
		}
	}
	return out
}
