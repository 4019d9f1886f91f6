package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What was kept in the older way can be used as a payment method too, under its own id: each customer's card at once, a
// bank account or a source when it is first used so. The two are kept alike.

// legacyPrefixes are what the ids of such objects begin with, by their kind.
var legacyPrefixes = map[string]string{"card": "card_", "bank_account": "ba_", "source": "src_"}

// usualID lets the engine make the ids of payment methods; that there is a rule says that they may also be others.
func usualID(*resource.Op) string { return "" }

// legacyMethod is the payment method that a card, bank account or source stands for, or nil if the id is of none.
func legacyMethod(op *resource.Op, id string) (*object.Object, error) {
	for kind, prefix := range legacyPrefixes {
		if !strings.HasPrefix(id, prefix) {
			continue
		}
		pm, err := op.Find("payment_method", id)
		if pm != nil || err != nil {
			return pm, err
		}
		kept, err := op.Find(kind, id)
		if kept == nil || err != nil {
			return nil, err
		}
		return makeLegacyMethod(op, kept)
	}
	return nil, nil
}

func makeLegacyMethod(op *resource.Op, kept *object.Object) (*object.Object, error) {
	m, billing := legacyContent(op, kept)
	if m.Type == "" {
		return nil, nil
	}
	op.Choose("payment_method", kept.ID())
	return op.Make("payment_method", "", newParams("type", m.Type), func(op *resource.Op) error {
		if err := fillMethod(op, m); err != nil {
			return err
		}
		op.Object.Set("billing_details", billing)
		op.Object.Set("customer", textOrNull(kept.Ref("customer")))
		return nil
	})
}

// legacyContent is what something kept in the older way is as a payment method, and whose. The type is empty if it cannot
// be one.
func legacyContent(op *resource.Op, kept *object.Object) (processor.Method, *object.Object) {
	switch kind := kept.String("type"); {
	case kept.String("object") == "card":
		with := keptCard(op, kept).instrument()
		return with.method, with.billing
	case kept.String("object") == "bank_account":
		if kept.String("status") != "verified" {
			return processor.Method{}, nil
		}
		b := keptBank(op, kept)
		b.Verified = true
		return processor.Method{Type: "us_bank_account", Bank: b}, fullBillingDetails(newParams("name", kept.String("account_holder_name")))
	case kept.String("status") != "chargeable" || kept.String("usage") != "reusable":
		return processor.Method{}, nil
	case kind == "card":
		return processor.Method{Type: "card", Card: keptCard(op, kept.Object("card")).card}, fullBillingDetails(kept.Object("owner"))
	case bankForms[kind].number != nil:
		return processor.Method{Type: kind, Bank: sourceBank(op, kept)}, fullBillingDetails(kept.Object("owner"))
	}
	return processor.Method{}, nil
}

// keepLegacyAlike changes the payment method as the card was changed.
func keepLegacyAlike(op *resource.Op, card *object.Object) error {
	pm, err := op.Find("payment_method", card.ID())
	if pm == nil || err != nil {
		return err
	}
	m, billing := legacyContent(op, card)
	showMethod(pm, m, pm.Object("card"))
	pm.Set("billing_details", billing)
	op.Save(pm)
	return nil
}

// updateLegacyCard changes the card as the payment method was changed.
func updateLegacyCard(op *resource.Op, pm *object.Object) error {
	if !strings.HasPrefix(pm.ID(), legacyPrefixes["card"]) {
		return nil
	}
	card, err := op.Find("card", pm.ID())
	if card == nil || err != nil {
		return err
	}
	card.Set("exp_month", pm.Object("card").Int("exp_month"))
	card.Set("exp_year", pm.Object("card").Int("exp_year"))
	return op.EmitUpdated(card)
}

// forgetLegacyMethod takes the payment method from the customer, for good, as what it stands for was.
func forgetLegacyMethod(op *resource.Op, id string) error {
	pm, err := op.Find("payment_method", id)
	if pm == nil || err != nil {
		return err
	}
	pm.Set("customer", nil)
	if err := spendMethod(op, pm, "detached from a Customer"); err != nil {
		return err
	}
	op.Save(pm)
	return nil
}

// deleteLegacySource deletes what the payment method stands for, as that was detached from its customer.
func deleteLegacySource(op *resource.Op, pm *object.Object, customer string) error {
	for kind, prefix := range legacyPrefixes {
		if !strings.HasPrefix(pm.ID(), prefix) || kind == "source" {
			continue
		}
		kept, err := op.Find(kind, pm.ID())
		if kept == nil || err != nil {
			return err
		}
		if err := op.Delete(kept); err != nil {
			return err
		}
		return replaceDefault(op, customer, kept.ID())
	}
	return nil
}
