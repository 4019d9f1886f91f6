package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A configuration of the billing portal says what customers can see and change there by themselves.
//
//	active <--active--> not active
//
// The first one of an account is its default, which sessions use that name no other, and stays active. Stripe makes it
// when the settings of the portal are saved on its own pages.
//
// Emits billing_portal.configuration.created, billing_portal.configuration.updated.
func init() {
	register(resource.Rules{
		Object: "billing_portal.configuration", Unmerged: []string{"features", "login_page"},
		Create: createPortalConfiguration, Update: updatePortalConfiguration,
		Index: map[string]func(*object.Object) []string{"default": func(c *object.Object) []string { return []string{strconv.FormatBool(c.Bool("is_default"))} }},
	})
}

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

func createPortalConfiguration(op *resource.Op) error {
	c := op.Object
	known, err := defaultPortal(op)
	if err != nil {
		return err
	}
	c.Set("active", true)
	c.Set("application", actingApplication(op))
	c.Set("is_default", known == nil)
	c.Set("features", portalFeatures())
	c.Set("login_page", nulls("enabled", "url"))
	c.Object("login_page").Set("enabled", false)
	c.Set("updated", op.Now().Unix())
	if !op.Params.Has("metadata") {
		c.Set("metadata", object.New(nil))
	}
	return settlePortal(op, c)
}

// defaultPortal is the configuration that sessions use by themselves; nil if there is none yet.
func defaultPortal(op *resource.Op) (*object.Object, error) {
	found, err := op.Lookup("billing_portal.configuration", "default", "true")
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func updatePortalConfiguration(op *resource.Op) error {
	c := op.Object
	if c.Bool("is_default") && !c.Bool("active") {
		return apierr.Invalid("", "active", "You can't deactivate your default configuration.")
	}
	return settlePortal(op, c)
}

// settlePortal takes what was sent of the features, and checks what they are then.
func settlePortal(op *resource.Op, c *object.Object) error {
	profile := op.Params.Object("business_profile")
	for _, sent := range []struct{ param, url string }{
		{"default_return_url", op.Params.String("default_return_url")}, {"business_profile[privacy_policy_url]", profile.String("privacy_policy_url")},
		{"business_profile[terms_of_service_url]", profile.String("terms_of_service_url")},
	} {
		if sent.url != "" && !isPlace(sent.url) {
			return apierr.Invalid("url_invalid", sent.param, "Not a valid URL")
		}
	}
	layFeatures(c.Object("features"), op.Params.Object("features"))
	if login := op.Params.Object("login_page"); login != nil {
		page := c.Object("login_page")
		page.Set("enabled", login.Bool("enabled"))
		page.Set("url", nil)
		if login.Bool("enabled") {
			page.Set("url", op.BaseURL()+"/p/login/"+placedSecret(op, linkLetters))
		}
	}
	return checkFeatures(op, c.Object("features"))
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
