package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Which payment method a payment or setup intent uses, and which it may use.

// methodCurrencies are the types that an intent accepts by itself, and the currencies that each takes; none means all.
// Order is that of payment_method_types in answers.
var methodCurrencies = []struct {
	kind       string
	currencies string
	offered    bool // by itself, without being asked for
}{
	{"acss_debit", "cad usd", false}, {"affirm", "cad usd", false}, {"afterpay_clearpay", "aud cad eur gbp nzd usd", false}, {"alipay", "", false},
	{"amazon_pay", "usd eur gbp", true}, {"au_becs_debit", "aud", false}, {"bacs_debit", "gbp", false}, {"bancontact", "eur", true},
	{"blik", "pln", true}, {"boleto", "brl", false}, {"card", "", true}, {"cashapp", "usd", true}, {"customer_balance", "eur gbp jpy mxn usd", false},
	{"eps", "eur", true}, {"fpx", "myr", false}, {"giropay", "eur", false}, {"grabpay", "myr sgd", false}, {"ideal", "eur", true},
	{"klarna", "aud cad chf czk dkk eur gbp nok nzd pln ron sek usd", true}, {"konbini", "jpy", false}, {"link", "", true}, {"mobilepay", "dkk eur nok sek", false},
	{"multibanco", "eur", false}, {"oxxo", "mxn", false}, {"p24", "eur pln", false}, {"paynow", "sgd", false}, {"paypal", "", false}, {"pix", "brl", false},
	{"promptpay", "thb", false}, {"revolut_pay", "eur gbp ron huf pln dkk", false}, {"sepa_debit", "eur", false}, {"sofort", "eur", false}, {"swish", "sek", false},
	{"twint", "chf", false}, {"us_bank_account", "usd", false}, {"wechat_pay", "", false}, {"zip", "aud usd", false},
}

// takesCurrency reports whether a type of payment method can be used for a currency. What is not listed takes any.
func takesCurrency(kind, currency string) bool {
	for _, m := range methodCurrencies {
		if m.kind == kind {
			return m.currencies == "" || currency == "" || slices.Contains(strings.Fields(m.currencies), currency)
		}
	}
	return true
}

// chooseMethodTypes sets payment_method_types: those that were asked for, or those that the server chooses.
// currency is empty for a setup intent.
func chooseMethodTypes(op *resource.Op, intent *object.Object, currency string) error {
	asked := op.Params.Array("payment_method_types")
	automatic := op.Params.Object("automatic_payment_methods")
	if op.Before != nil && len(asked) == 0 { // an update keeps what was chosen, if the currency allows it
		if automatic = intent.Object("automatic_payment_methods"); automatic == nil {
			asked = intent.Array("payment_method_types")
		}
	}
	switch {
	case len(asked) > 0 && automatic.Bool("enabled"):
		return apierr.Invalid("parameters_exclusive", "payment_method_types", "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
	case len(asked) > 0:
		for _, v := range asked {
			if kind, _ := v.(string); !takesCurrency(kind, currency) {
				return apierr.Invalid("payment_intent_invalid_parameter", "payment_method_types", "The currency provided (%s) is invalid for the payment method type %s.", currency, kind)
			}
		}
		intent.Set("payment_method_types", asked)
		intent.Set("automatic_payment_methods", nil)
	case automatic != nil && !automatic.Bool("enabled"):
		intent.Set("payment_method_types", []any{"card"})
		intent.Set("automatic_payment_methods", nil)
	default:
		redirects := automatic.String("allow_redirects")
		if redirects == "" {
			redirects = "always"
		}
		intent.Set("automatic_payment_methods", newParams("allow_redirects", redirects, "enabled", true))
		intent.Set("payment_method_types", offeredTypes(intent, currency, redirects == "always"))
	}
	return fillMethodOptions(op, intent)
}

// offeredTypes are the types that an intent offers by itself.
func offeredTypes(intent *object.Object, currency string, redirects bool) []any {
	if currency == "" {
		return []any{"card", "link"}
	}
	excluded := intent.Array("excluded_payment_method_types")
	var out []any
	for _, m := range methodCurrencies {
		inside := m.kind == "card" || m.kind == "link"
		if m.offered && takesCurrency(m.kind, currency) && (redirects || inside) && !slices.Contains(excluded, any(m.kind)) {
			out = append(out, m.kind)
		}
	}
	return out
}

// fillMethodOptions shows the defaults of the options of cards.
func fillMethodOptions(op *resource.Op, intent *object.Object) error {
	if !slices.Contains(intent.Array("payment_method_types"), any("card")) {
		return nil
	}
	options := intent.Sub("payment_method_options")
	card := options.Sub("card")
	defaults := []string{"installments", "mandate_options", "network"}
	if intent.String("object") == "setup_intent" {
		defaults = []string{"mandate_options", "network"}
	}
	for _, name := range defaults {
		if !card.Has(name) {
			card.Set(name, nil)
		}
	}
	if card.Get("request_three_d_secure") == nil {
		card.Set("request_three_d_secure", "automatic")
	}
	return nil
}

// chooseMethod takes the method that a request names or brings along, and moves the intent on when it has one.
func chooseMethod(op *resource.Op, intent *object.Object) error {
	pm, err := givenMethod(op, intent, op.Params)
	if pm == nil || err != nil {
		return err
	}
	if err := checkMethod(op, intent, pm); err != nil {
		return err
	}
	intent.Set("payment_method", pm.ID())
	return moveTo(op, intent, requiresConfirmation)
}

// givenMethod is the method that a request names in payment_method, brings along in payment_method_data or has in a
// confirmation token; nil if it does none of that.
func givenMethod(op *resource.Op, intent, params *object.Object) (*object.Object, error) {
	data, named, token := params.Object("payment_method_data"), params.String("payment_method"), params.String("confirmation_token")
	switch {
	case data != nil && named != "":
		return nil, exclusiveParams("payment_method", "payment_method_data")
	case token != "" && (data != nil || named != ""):
		return nil, exclusiveParams("confirmation_token", "payment_method")
	case data != nil:
		return newMethod(op, data, "payment_method_data")
	case named != "":
		return getMethod(op, named, "payment_method")
	case token != "":
		return tokenMethod(op, intent, token)
	}
	return nil, nil
}

func exclusiveParams(a, b string) *apierr.Error {
	return apierr.Invalid("parameters_exclusive", a, "You may only specify one of these parameters: %s, %s.", a, b)
}

// tokenMethod uses a confirmation token: besides the method it has what the customer chose in the form.
func tokenMethod(op *resource.Op, intent *object.Object, id string) (*object.Object, error) {
	pm, token, err := useConfirmationToken(op, id, intent.String("object"), intent.ID())
	if err != nil {
		return nil, err
	}
	more := newParams("setup_future_usage", token.Get("setup_future_usage"))
	if shipping := token.Object("shipping"); shipping != nil {
		more.Set("shipping", shipping.Clone())
	}
	if intent.String("object") == "setup_intent" {
		return pm, nil
	}
	return pm, op.Merge(intent, more)
}

// confirmedMethod is the method that an intent is confirmed with.
func confirmedMethod(op *resource.Op, intent *object.Object) (*object.Object, error) {
	if id := intent.Ref("payment_method"); id != "" {
		return op.Get("payment_method", id, "payment_method")
	}
	noun := intentNoun(intent)
	return nil, unexpectedState(intent, "You cannot confirm this %s because it's missing a payment method. You can either update the %s with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.", noun, noun)
}

// visitOf is how the customer is sent away if that is needed. It wants to know where they come back to, if a method may
// do that; a confirmation token may say so.
func visitOf(op *resource.Op, intent, params *object.Object) (visit, error) {
	v := visit{returnURL: params.String("return_url"), sdk: params.Bool("use_stripe_sdk")}
	if token := params.String("confirmation_token"); token != "" && v.returnURL == "" {
		o, err := op.Get("confirmation_token", token, "confirmation_token")
		if err != nil {
			return v, err
		}
		v.returnURL = o.String("return_url")
	}
	if v.returnURL == "" && !v.sdk && intent.Object("automatic_payment_methods").String("allow_redirects") == "always" {
		return v, apierr.Invalid("", "return_url", "This %s is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.", intentNoun(intent))
	}
	return v, nil
}

// checkMethod refuses a payment method that the intent cannot use.
func checkMethod(op *resource.Op, intent, pm *object.Object) error {
	owner, customer := pm.Ref("customer"), intent.Ref("customer")
	switch {
	case owner != "" && customer == "":
		return apierr.Invalid("", "payment_method", "The PaymentMethod %s belongs to the Customer %s. Please include the Customer in the `customer` parameter on the %s.", pm.ID(), owner, intentNoun(intent))
	case owner != "" && owner != customer:
		return apierr.Invalid("resource_missing", "payment_method", "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", pm.ID())
	}
	kind := pm.String("type")
	types := intent.Array("payment_method_types")
	allowed := slices.Contains(types, any(kind)) || intent.Object("automatic_payment_methods").Bool("enabled") && takesCurrency(kind, intent.String("currency"))
	if !allowed || slices.Contains(intent.Array("excluded_payment_method_types"), any(kind)) {
		return apierr.Invalid(incompatible[intent.String("object")], "payment_method", "The PaymentMethod provided (%s) is not allowed for this %s. Please attach a PaymentMethod of one of the following types: %s.", kind, intentNoun(intent), joinTexts(types))
	}
	if owner != "" {
		return nil
	}
	private, err := op.Private(pm)
	if err != nil {
		return err
	}
	if private.String("spent") != "" {
		return apierr.Invalid("payment_method_unexpected_state", "payment_method", "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.")
	}
	return nil
}

// incompatible is the code for a method whose type the intent does not take.
var incompatible = map[string]string{"payment_intent": "payment_intent_incompatible_payment_method", "setup_intent": "setup_intent_invalid_parameter"}

func joinTexts(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i], _ = v.(string)
	}
	return strings.Join(texts, ", ")
}
