package billing

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// checkSessionParams refuses parameters that do not fit each other.
func checkSessionParams(op *resource.Op, _ *object.Object) error {
	p := op.Params
	for _, pair := range [][2]string{{"customer", "customer_email"}, {"allow_promotion_codes", "discounts"}, {"payment_method_types", "excluded_payment_method_types"}, {"payment_method_types", "payment_method_configuration"}} {
		if p.Has(pair[0]) && p.Has(pair[1]) && p.Get(pair[0]) != false {
			return exclusiveParams(pair[0], pair[1])
		}
	}
	switch email := p.String("customer_email"); {
	case p.Has("customer_email") && (!isEmail(email) || len(email) > maxEmail):
		return apierr.Invalid("email_invalid", "customer_email", "Invalid email address: %s", email)
	case p.Has("customer_update") && p.String("customer") == "":
		return apierr.Invalid("", "customer_update", "`customer_update` can only be used with `customer`.")
	case p.Has("customer_creation") && p.String("customer") != "":
		return apierr.Invalid("", "customer_creation", "`customer_creation` cannot be used with `customer`.")
	case p.Object("tax_id_collection").Bool("enabled") && p.String("customer") != "" && p.Object("customer_update").String("name") != "auto":
		return apierr.Invalid("", "customer_update[name]", "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.")
	}
	if err := checkExpiresAt(op); err != nil {
		return err
	}
	if err := checkSubscriptionData(op); err != nil {
		return err
	}
	if err := checkInvoiceData(op); err != nil {
		return err
	}
	return checkCustomFields(p.Array("custom_fields"))
}

func checkExpiresAt(op *resource.Op) error {
	if !op.Params.Has("expires_at") {
		return nil
	}
	switch left := unix(op.Params.Int("expires_at")).Sub(op.Now()); {
	case left < shortestCheckout:
		return apierr.Invalid("", "expires_at", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.")
	case left > checkoutLife:
		return apierr.Invalid("", "expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.")
	}
	return nil
}

// shortestTrial is how long a trial that a customer begins on a page lasts at least.
const shortestTrial = 48 * 3600

// checkSubscriptionData checks what is asked of a subscription before there is one.
func checkSubscriptionData(op *resource.Op) error {
	const name = "subscription_data"
	data := op.Params.Object(name)
	switch {
	case data == nil:
		return nil
	case data.Has("trial_end") && data.Has("trial_period_days"):
		return onlyOne(inside(name, "trial_end"), inside(name, "trial_period_days"))
	case data.Has("trial_period_days") && data.Int("trial_period_days") < 1:
		return apierr.Invalid("parameter_invalid_integer", inside(name, "trial_period_days"), "This value must be greater than or equal to 1.")
	case data.Has("trial_end") && data.Int("trial_end") < op.Now().Unix()+shortestTrial:
		return apierr.Invalid("", inside(name, "trial_end"), "The `trial_end` date has to be at least 2 days in the future.")
	case data.Has("billing_cycle_anchor") && data.Has("billing_cycle_anchor_config"):
		return onlyOne(inside(name, "billing_cycle_anchor"), inside(name, "billing_cycle_anchor_config"))
	case data.Has("billing_cycle_anchor") && data.Int("billing_cycle_anchor") <= op.Now().Unix():
		return apierr.Invalid("", inside(name, "billing_cycle_anchor"), "`billing_cycle_anchor` must be in the future.")
	case data.Has("proration_behavior") && !data.Has("billing_cycle_anchor") && !data.Has("billing_cycle_anchor_config"):
		return apierr.Invalid("", inside(name, "proration_behavior"), "You can only set `proration_behavior` together with `billing_cycle_anchor`.")
	}
	if err := checkIssuer(op, data.Object("invoice_settings").Object("issuer"), inside(inside(name, "invoice_settings"), "issuer")); err != nil {
		return err
	}
	_, err := taxRates(op, data.Array("default_tax_rates"), inside(name, "default_tax_rates"))
	return err
}

// checkInvoiceData checks what the invoice of a payment is to show, before there is one.
func checkInvoiceData(op *resource.Op) error {
	const name = "invoice_creation[invoice_data]"
	data := op.Params.Object("invoice_creation").Object("invoice_data")
	if err := checkIssuer(op, data.Object("issuer"), inside(name, "issuer")); err != nil {
		return err
	}
	param := inside(inside(name, "rendering_options"), "template")
	id := data.Object("rendering_options").String("template")
	if id == "" {
		return nil
	}
	template, err := op.Get("invoice_rendering_template", id, param)
	if err == nil && template.String("status") != "active" {
		return apierr.Invalid("", param, "The invoice rendering template %s is archived.", id)
	}
	return err
}

// checkIssuer wants an invoice to be issued by the account itself, or by a connected account that is named.
func checkIssuer(op *resource.Op, issuer *object.Object, param string) error {
	id := issuer.String("account")
	switch {
	case issuer == nil || issuer.String("type") == "self" && id == "":
		return nil
	case issuer.String("type") == "self":
		return apierr.Invalid("", inside(param, "account"), "You can only set `account` if `type` is `account`.")
	case id == "":
		return missingParam(inside(param, "account"))
	}
	_, err := op.Get("account", id, inside(param, "account"))
	return err
}

const (
	maxPageFields      = 3
	maxDropdownOptions = 200
	maxTyped           = 255
)

// checkCustomFields checks the fields that the seller adds to the page.
func checkCustomFields(fields []any) error {
	if len(fields) > maxPageFields {
		return apierr.Invalid("", "custom_fields", "You can specify up to %d custom fields.", maxPageFields)
	}
	seen := map[string]bool{}
	for i, v := range fields {
		f, param := v.(*object.Object), "custom_fields["+strconv.Itoa(i)+"]"
		key := f.String("key")
		switch {
		case key == "" || strings.TrimLeft(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz0123456789_-") != "":
			return apierr.Invalid("", inside(param, "key"), "The key of a custom field may have letters, digits, hyphens and underscores only.")
		case seen[key]:
			return apierr.Invalid("", inside(param, "key"), "The keys of custom fields must differ: %s.", key)
		}
		seen[key] = true
		if err := checkCustomField(f, param); err != nil {
			return err
		}
	}
	return nil
}

func checkCustomField(f *object.Object, param string) error {
	kind := f.String("type")
	for _, other := range []string{"dropdown", "numeric", "text"} {
		if other != kind && f.Object(other) != nil {
			return apierr.Invalid("", inside(param, other), "You can only set `%s` for a custom field of type `%s`.", other, other)
		}
	}
	part, param := f.Object(kind), inside(param, kind)
	if kind == "dropdown" {
		return checkDropdown(part, param)
	}
	lo, hi := part.Int("minimum_length"), part.Int("maximum_length")
	if lo < 0 || hi < 0 || lo > maxTyped || hi > maxTyped || part.Has("maximum_length") && (hi == 0 || lo > hi) {
		return apierr.Invalid("", inside(param, "maximum_length"), "The lengths of a custom field must be between 1 and %d, and the minimum must not be above the maximum.", maxTyped)
	}
	if preset := part.String("default_value"); preset != "" {
		return checkFieldValue(part, kind, preset, inside(param, "default_value"))
	}
	return nil
}

func checkDropdown(part *object.Object, param string) error {
	options := part.Array("options")
	if len(options) == 0 || len(options) > maxDropdownOptions {
		return apierr.Invalid("", inside(param, "options"), "A dropdown must have between 1 and %d options.", maxDropdownOptions)
	}
	if preset := part.String("default_value"); preset != "" && !slices.ContainsFunc(options, func(v any) bool { return v.(*object.Object).String("value") == preset }) {
		return apierr.Invalid("", inside(param, "default_value"), "The default value must be the value of one of the options.")
	}
	return nil
}

// checkFieldValue checks what was typed into a field.
func checkFieldValue(part *object.Object, kind, value, param string) error {
	n := int64(len([]rune(value)))
	lo, hi := part.Int("minimum_length"), part.Int("maximum_length")
	switch {
	case kind == "numeric" && strings.Trim(value, "0123456789") != "":
		return apierr.Invalid("", param, "The value of a numeric field may have digits only.")
	case kind == "dropdown" && !slices.ContainsFunc(part.Array("options"), func(v any) bool { return v.(*object.Object).String("value") == value }):
		return apierr.Invalid("", param, "The value must be one of the options of the field.")
	case n > maxTyped || hi > 0 && n > hi:
		return apierr.Invalid("", param, "The value is too long.")
	case n < lo:
		return apierr.Invalid("", param, "The value must have at least %d characters.", lo)
	}
	return nil
}
