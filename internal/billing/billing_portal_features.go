package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What customers can do in the billing portal.

// portalFeatures are what a portal can do, as long as nothing is said of it.
func portalFeatures() *object.Object {
	reasons := newParams("enabled", false, "options", []any{"too_expensive", "missing_features", "switched_service", "unused", "other"})
	reasons.Set("feedback_options", nil)
	methods := newParams("enabled", false)
	methods.Set("payment_method_configuration", nil)
	changes := newParams("default_allowed_updates", []any{}, "enabled", false, "products", []any{}, "proration_behavior", "none",
		"schedule_at_period_end", newParams("conditions", []any{}), "trial_update_behavior", "end_trial")
	changes.Set("billing_cycle_anchor", nil)
	return newParams("customer_update", newParams("allowed_updates", []any{}, "enabled", false), "invoice_history", newParams("enabled", false),
		"payment_method_update", methods, "subscription_cancel", newParams("cancellation_reason", reasons, "enabled", false, "mode", "at_period_end", "proration_behavior", "none"),
		"subscription_update", changes)
}

// layFeatures puts what was sent over what is there; an empty value takes a list or a choice away.
func layFeatures(features, sent *object.Object) {
	for name, v := range sent.All() {
		part, isObject := v.(*object.Object)
		_, isList := features.Get(name).([]any)
		switch {
		case isObject && features.Object(name) != nil:
			layFeatures(features.Object(name), part)
		case v == "" && isList:
			features.Set(name, []any{})
		case v == "":
			features.Set(name, nil)
		case name == "products":
			features.Set(name, portalProducts(v.([]any)))
		default:
			features.Set(name, v)
		}
	}
}

// portalProducts are the products that customers can choose among, with every field.
func portalProducts(sent []any) []any {
	out := make([]any, len(sent))
	for i, v := range sent {
		product := v.(*object.Object)
		quantity := newParams("enabled", product.Object("adjustable_quantity").Bool("enabled"), "minimum", max(product.Object("adjustable_quantity").Int("minimum"), 1))
		quantity.Set("maximum", product.Object("adjustable_quantity").Get("maximum"))
		out[i] = newParams("adjustable_quantity", quantity, "prices", product.Get("prices"), "product", product.String("product"))
	}
	return out
}

// maxPortalProducts is how many products customers can choose among.
const maxPortalProducts = 10

// checkFeatures refuses features that are on without what they need.
func checkFeatures(op *resource.Op, features *object.Object) error {
	update, change := features.Object("customer_update"), features.Object("subscription_update")
	const name = "features[subscription_update]"
	switch products := change.Array("products"); {
	case update.Bool("enabled") && len(update.Array("allowed_updates")) == 0:
		return missingParam("features[customer_update][allowed_updates]")
	case change.Bool("enabled") && len(change.Array("default_allowed_updates")) == 0:
		return missingParam(inside(name, "default_allowed_updates"))
	case change.Bool("enabled") && len(products) == 0:
		return missingParam(inside(name, "products"))
	case len(products) > maxPortalProducts:
		return apierr.Invalid("", inside(name, "products"), "You can specify up to %d products.", maxPortalProducts)
	default:
		for i, v := range products {
			if err := checkPortalProduct(op, v.(*object.Object), inside(name, "products")+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	}
	if id := features.Object("payment_method_update").String("payment_method_configuration"); id != "" {
		_, err := op.Get("payment_method_configuration", id, "features[payment_method_update][payment_method_configuration]")
		return err
	}
	return nil
}

// checkPortalProduct wants a product's own recurring prices.
func checkPortalProduct(op *resource.Op, sent *object.Object, param string) error {
	product, err := op.Get("product", sent.String("product"), inside(param, "product"))
	if err != nil {
		return err
	}
	if len(sent.Array("prices")) == 0 {
		return missingParam(inside(param, "prices"))
	}
	seen := map[money.Interval]bool{}
	for i, v := range sent.Array("prices") {
		id, _ := v.(string)
		at := inside(param, "prices") + "[" + strconv.Itoa(i) + "]"
		price, err := op.Get("price", id, at)
		switch {
		case err != nil:
			return err
		case price.Ref("product") != product.ID():
			return apierr.Invalid("", at, "The price `%s` does not belong to the product `%s`.", id, product.ID())
		case price.Object("recurring") == nil:
			return apierr.Invalid("", at, "The price `%s` is not recurring.", id)
		case seen[intervalOf(price)]:
			return apierr.Invalid("", at, "The prices of a product must have different billing intervals.")
		}
		seen[intervalOf(price)] = true
	}
	return nil
}
