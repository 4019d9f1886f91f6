package billing

import (
	"net/url"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What may be asked for in which mode of a checkout session, and in which form of its page.

// The modes of a session, the forms of its page, and its payment statuses.
const (
	modePayment      = "payment"
	modeSubscription = "subscription"
	modeSetup        = "setup"

	hosted   = "hosted_page"
	embeds   = "embedded_page"
	elements = "elements"

	nothingToPay = "no_payment_required"
)

// notInMode are the parameters that cannot be sent in a mode.
var notInMode = map[string][]string{
	modePayment:      {"setup_intent_data", "subscription_data"},
	modeSubscription: {"payment_intent_data", "setup_intent_data", "shipping_options"},
	modeSetup: {"allow_promotion_codes", "discounts", "line_items", "optional_items", "payment_intent_data", "saved_payment_method_options", "shipping_options",
		"submit_type", "subscription_data"},
}

func checkSessionMode(op *resource.Op, s *object.Object) error {
	p, mode := op.Params, op.Params.String("mode")
	if mode == "" {
		return missingParam("mode")
	}
	for _, name := range notInMode[mode] {
		if p.Has(name) {
			return apierr.Invalid("", name, "You can not pass `%s` in `%s` mode.", name, mode)
		}
	}
	switch {
	case p.Has("customer_creation") && mode == modeSubscription:
		return apierr.Invalid("", "customer_creation", "`customer_creation` can only be used in `payment` mode.")
	case p.Object("invoice_creation").Bool("enabled") && mode != modePayment:
		return apierr.Invalid("", "invoice_creation", "You can only enable invoice creation when `mode` is set to `payment`. Invoices are created automatically when `mode` is set to `subscription`, and are unsupported when set to `setup`. To learn more visit https://stripe.com/docs/payments/checkout/post-payment-invoices.")
	case p.Has("payment_method_collection") && mode != modeSubscription:
		return apierr.Invalid("", "payment_method_collection", "You can only set `payment_method_collection` in `subscription` mode.")
	case p.Object("automatic_tax").Bool("enabled") && mode == modeSetup:
		return apierr.Invalid("", "automatic_tax", "You can not enable `automatic_tax` in `setup` mode.")
	case mode == modeSetup && !p.Has("currency") && !p.Has("payment_method_types"):
		return apierr.Invalid("parameter_missing", "currency", "Missing required param: currency. In `setup` mode, `currency` is required when `payment_method_types` is not set.")
	case mode != modeSetup && len(p.Array("line_items")) == 0:
		return missingParam("line_items")
	}
	if mode != modePayment {
		s.Set("invoice_creation", nil)
	}
	return nil
}

// notInUI are the parameters that cannot be sent for a form of the page.
var notInUI = map[string][]string{
	hosted:   {"permissions", "redirect_on_completion", "return_url"},
	embeds:   {"cancel_url", "success_url"},
	elements: {"after_expiration", "branding_settings", "cancel_url", "consent_collection", "custom_fields", "custom_text", "origin_context", "redirect_on_completion", "submit_type", "success_url"},
}

func checkSessionUI(op *resource.Op, s *object.Object) error {
	p, ui := op.Params, op.Params.String("ui_mode")
	if ui == "" {
		ui = hosted
		s.Set("ui_mode", hosted)
	}
	for _, name := range notInUI[ui] {
		if p.Has(name) {
			return apierr.Invalid("", name, "You can not pass `%s` when `ui_mode` is `%s`.", name, ui)
		}
	}
	stays := p.String("redirect_on_completion") == "never"
	switch {
	case ui == hosted && p.String("success_url") == "":
		return missingParam("success_url")
	case ui != hosted && stays && p.Has("return_url"):
		return apierr.Invalid("", "return_url", "You can not pass `return_url` when `redirect_on_completion` is `never`.")
	case ui != hosted && !stays && p.String("return_url") == "":
		return missingParam("return_url")
	}
	if ui == embeds && !p.Has("redirect_on_completion") {
		s.Set("redirect_on_completion", "always")
	}
	for _, name := range []string{"cancel_url", "return_url", "success_url"} {
		if sent := p.String(name); p.Has(name) && !isPlace(sent) {
			return apierr.Invalid("url_invalid", name, "Not a valid URL")
		}
	}
	return nil
}

// isPlace reports whether a browser or an app can be sent to an address. {CHECKOUT_SESSION_ID} may be in it.
func isPlace(text string) bool {
	const longest = 5000
	u, err := url.Parse(text)
	return err == nil && len(text) <= longest && u.Scheme != "" && (u.Host != "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "javascript" && u.Scheme != "data")
}
