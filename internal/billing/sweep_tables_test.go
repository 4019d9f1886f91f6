package billing_test

// What a sweep cannot read from the spec.

// namedReferences are parameters that hold an id of a kind, where the answer does not say so.
var namedReferences = map[string]string{
	"customer": "customer", "account": "account", "price": "price", "product": "product", "coupon": "coupon",
	"tax_rates": "tax_rate", "default_tax_rates": "tax_rate", "entitlement_feature": "entitlements.feature", "file": "file",
	"subscription": "subscription", "invoice": "invoice", "tax_code": "tax_code", "cardholder": "issuing.cardholder",
	"payment_method": "payment_method", "value_list": "radar.value_list", "location": "terminal.location",
	"financial_account": "treasury.financial_account", "payment_intent": "payment_intent", "charge": "charge",
	"report_type": "reporting.report_type", "setup_intent": "setup_intent", "credit_grant": "billing.credit_grant",
	"meter": "billing.meter", "promotion_code": "promotion_code", "test_clock": "test_helpers.test_clock",
	"shipping_rate": "shipping_rate", "calculation": "tax.calculation", "payment_record": "payment_record",
}

// plausible are values by name, where the first that comes to mind would be refused.
var plausible = map[string]string{
	"email": "jenny.rosen@example.com", "country": "US", "url": "https://example.com/x", "return_url": "https://example.com/x",
	"success_url": "https://example.com/x", "cancel_url": "https://example.com/x", "refresh_url": "https://example.com/x",
	"domain_name": "example.com", "exp_month": "12", "exp_year": "2030", "number": "4242424242424242", "cvc": "314",
	"phone": "+15555550100", "postal_code": "94103", "amount": "1000", "unit_amount": "1000", "day": "1", "month": "1",
	"year": "1990", "percentage": "20", "percent_off": "25", "currency": "usd", "day_of_month": "1", "hour": "1", "minute": "1",
	"second": "1", "ip": "203.0.113.7", "ip_address": "203.0.113.7", "latitude": "37.7", "longitude": "-122.4", "state": "CA",
	"timezone": "Etc/UTC", "lookup_key": "a_key", "default_currency": "usd",
}

// exclusive are parameters that must not be sent together with others of the same operation.
var exclusive = map[string][]string{}

// needed are values of parameters by "operation parameter"; {kind} stands for the id of an object.
var needed = map[string]string{
	"PostFiles file": "the bytes of a picture",
}

// extra are parameters that an operation needs although the spec does not require them.
var extra = map[string]map[string]string{}
