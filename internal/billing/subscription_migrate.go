package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// migrateAction lets a subscription be billed the flexible way from now on. There is no way back, and none from itemized
// discounts to included ones. What waits already is billed as it was made.
//
// Emits customer.subscription.updated.
func migrateAction(op *resource.Op) error {
	s := op.Object
	itemized := s.Object("billing_mode").Object("flexible").String("proration_discounts") == "itemized"
	sent, _ := op.Params.At("billing_mode", "flexible", "proration_discounts").(string)
	switch {
	case op.Params.Object("billing_mode") == nil:
		return missingParam("billing_mode")
	case hasEnded(s):
		return apierr.Invalid("", "", "The subscription `%s` is %s and cannot be migrated.", s.ID(), s.String("status"))
	case isFlexible(s) && (sent == "" || itemized && sent == "itemized" || !itemized && sent == "included"):
		return apierr.Invalid("", "billing_mode[type]", "The subscription `%s` has the billing mode `flexible` already.", s.ID())
	case itemized && sent == "included":
		return apierr.Invalid("", "billing_mode[flexible][proration_discounts]", "`proration_discounts` cannot go back from `itemized` to `included`.")
	case sent == "":
		sent = "included"
	}
	mode := object.New(nil)
	mode.Set("flexible", newParams("proration_discounts", sent))
	mode.Set("type", "flexible")
	mode.Set("updated_at", op.Now().Unix())
	s.Set("billing_mode", mode)
	return op.EmitUpdated(s)
}
