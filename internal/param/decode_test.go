package param

import (
	"strings"
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"

	"github.com/google/go-cmp/cmp"
)

func operation(t testing.TB, id string) *spec.Operation {
	t.Helper()
	op := spec.OperationByID(id)
	if op == nil {
		t.Fatalf("the spec has no operation %s", id)
	}
	return op
}

// oneLine is an object as JSON without line breaks.
func oneLine(o *object.Object) string {
	return strings.Join(strings.Fields(string(o.AppendJSON(nil, 0))), " ")
}

// TestDecode states what is made of what was sent, by operation and body (the query for a GET).
func TestDecode(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, op, sent, want string }{
		{"nothing", "PostCustomers", "", `{}`},
		{"text", "PostCustomers", "email=a%40b.c&name=Jenny+Rosen", `{ "email": "a@b.c", "name": "Jenny Rosen" }`},
		{"empty items", "PostCustomers", "&&name=x&", `{ "name": "x" }`},
		{"= in a value", "PostCustomers", "name=a=b%3D", `{ "name": "a=b=" }`},
		{"lower-case escapes", "PostCustomers", "name=%c3%A9%2b", `{ "name": "é+" }`},
		{"letters as they are", "PostCustomers", "name=é😀", `{ "name": "é😀" }`},
		{"blanks stay", "PostCustomers", "name=+x+", `{ "name": " x " }`},
		{"a name without =", "PostCustomers", "name", `{ "name": "" }`},
		{"the last scalar wins", "PostCustomers", "name=a&email=e&name=b", `{ "name": "b", "email": "e" }`},
		{"nested", "PostCustomers", "shipping[name]=x&shipping[address][city]=Bonn&shipping[address][line1]=1", `{ "shipping": { "name": "x", "address": { "city": "Bonn", "line1": "1" } } }`},
		{"escaped brackets", "PostCustomers", "address%5Bcity%5D=Bonn", `{ "address": { "city": "Bonn" } }`},
		{"metadata", "PostCustomers", "metadata[order]=6735&metadata[0]=x&metadata[gone]=", `{ "metadata": { "order": "6735", "0": "x", "gone": "" } }`},
		{"metadata away", "PostCustomers", "metadata=", `{ "metadata": "" }`},
		{"metadata away, without a word for it", "PostPaymentIntents", "amount=1&currency=usd&metadata=", `{ "amount": 1, "currency": "usd", "metadata": "" }`},
		{"a hash away", "PostCustomers", "shipping=", `{ "shipping": "" }`},
		{"text away", "PostCustomers", "description=", `{ "description": "" }`},
		{"a prototype", "PostCustomers", "metadata[__proto__]=x&metadata[constructor]=y", `{ "metadata": { "__proto__": "x", "constructor": "y" } }`},
		{"an array by index", "PostCustomers", "preferred_locales[0]=de&preferred_locales[1]=en", `{ "preferred_locales": [ "de", "en" ] }`},
		{"an array by []", "PostCustomers", "preferred_locales[]=de&preferred_locales[]=en", `{ "preferred_locales": [ "de", "en" ] }`},
		{"order and gaps", "PostCustomers", "preferred_locales[10]=c&preferred_locales[2]=b&preferred_locales[1]=a", `{ "preferred_locales": [ "a", "b", "c" ] }`},
		{"an index without end", "PostCustomers", "preferred_locales[99999999999999999999]=b&preferred_locales[5]=a", `{ "preferred_locales": [ "a", "b" ] }`},
		{"zeros before an index", "PostCustomers", "preferred_locales[01]=b&preferred_locales[0]=a&preferred_locales[1]=c", `{ "preferred_locales": [ "a", "b", "c" ] }`},
		{"an index twice", "PostCustomers", "preferred_locales[0]=b&preferred_locales[0]=a", `{ "preferred_locales": [ "a" ] }`},
		{"an empty array", "PostCustomers", "preferred_locales=", `{ "preferred_locales": [] }`},
		{"an empty expand", "GetCustomers", "expand=", `{ "expand": [] }`},
		{"expand", "GetCustomers", "expand[]=data.default_source&expand[]=total_count&limit=3", `{ "expand": [ "data.default_source", "total_count" ], "limit": 3 }`},
		{"an empty element", "PostCustomers", "preferred_locales[]=", `{ "preferred_locales": [ "" ] }`},
		{"hashes by index", "PostSubscriptions", "customer=c&items[1][price]=b&items[0][price]=a&items[0][quantity]=2", `{ "customer": "c", "items": [ { "price": "a", "quantity": 2 }, { "price": "b" } ] }`},
		{"Rack's rule", "PostSubscriptions", "customer=c&items[][price]=a&items[][quantity]=2&items[][price]=b&items[][quantity]=3", `{ "customer": "c", "items": [ { "price": "a", "quantity": 2 }, { "price": "b", "quantity": 3 } ] }`},
		{"Rack's rule, deep", "PostSubscriptions", "customer=c&items[][metadata][x]=1&items[][metadata][y]=2&items[][metadata][x]=3", `{ "customer": "c", "items": [ { "metadata": { "x": "1", "y": "2" } }, { "metadata": { "x": "3" } } ] }`},
		{"Rack's rule, [] in []", "PostSubscriptions", "customer=c&items[][tax_rates][]=a&items[][tax_rates][]=b&items[][price]=p&items[][price]=q", `{ "customer": "c", "items": [ { "tax_rates": [ "a", "b" ], "price": "p" }, { "price": "q" } ] }`},
		{"an array or nothing", "PostSubscriptions", "customer=c&default_tax_rates=&discounts[0][coupon]=x", `{ "customer": "c", "default_tax_rates": "", "discounts": [ { "coupon": "x" } ] }`},
		{"integers", "PostPaymentIntents", "amount=%2B2000&currency=usd&application_fee_amount=-5", `{ "amount": 2000, "currency": "usd", "application_fee_amount": -5 }`},
		{"the largest integer", "PostPaymentIntents", "amount=9223372036854775807&currency=usd", `{ "amount": 9223372036854775807, "currency": "usd" }`},
		{"currencies in lower case", "PostPaymentIntents", "amount=1&currency=USD", `{ "amount": 1, "currency": "usd" }`},
		{"booleans", "PostPaymentIntents", "amount=1&currency=usd&confirm=true&use_stripe_sdk=false", `{ "amount": 1, "currency": "usd", "confirm": true, "use_stripe_sdk": false }`},
		{"booleans in Python", "PostPaymentIntents", "amount=1&currency=usd&confirm=True&use_stripe_sdk=False&off_session=True", `{ "amount": 1, "currency": "usd", "confirm": true, "use_stripe_sdk": false, "off_session": true }`},
		{"a boolean or a word", "PostPaymentIntents", "amount=1&currency=usd&off_session=recurring", `{ "amount": 1, "currency": "usd", "off_session": "recurring" }`},
		{"a boolean and not the word", "PostPaymentIntents", "amount=1&currency=usd&off_session=true", `{ "amount": 1, "currency": "usd", "off_session": true }`},
		{"an enum", "PostPaymentIntents", "amount=1&currency=usd&capture_method=manual", `{ "amount": 1, "currency": "usd", "capture_method": "manual" }`},
		{"an object by its name alone", "PostPaymentIntents", "amount=1&currency=usd&payment_method_data[type]=affirm&payment_method_data[affirm]=", `{ "amount": 1, "currency": "usd", "payment_method_data": { "type": "affirm", "affirm": {} } }`},
		{"numbers", "PostCoupons", "percent_off=25.50&duration=once", `{ "percent_off": 25.5, "duration": "once" }`},
		{"a whole number", "PostCoupons", "percent_off=%2B010.00", `{ "percent_off": 10 }`},
		{"a number without a zero", "PostCoupons", "percent_off=.5", `{ "percent_off": 0.5 }`},
		{"a negative number", "PostCoupons", "percent_off=-0.50", `{ "percent_off": -0.5 }`},
		{"a number with exponent", "PostCoupons", "percent_off=2.5e1", `{ "percent_off": 25 }`},
		{"a small number", "PostCoupons", "percent_off=1e-9", `{ "percent_off": 1e-09 }`},
		{"a number beyond integers", "PostCoupons", "percent_off=99999999999999999999", `{ "percent_off": 99999999999999999999 }`},
		{"minus nought", "PostCoupons", "percent_off=-0", `{ "percent_off": 0 }`},
		{"decimals stay text", "PostPrices", "currency=EUR&unit_amount_decimal=10.50", `{ "currency": "eur", "unit_amount_decimal": "10.50" }`},
		{"inf", "PostPrices", "currency=eur&tiers[0][up_to]=5&tiers[1][up_to]=inf", `{ "currency": "eur", "tiers": [ { "up_to": 5 }, { "up_to": "inf" } ] }`},
		{"a map of hashes", "PostPrices", "currency=eur&currency_options[usd][unit_amount]=5&currency_options[gbp][tax_behavior]=inclusive", `{ "currency": "eur", "currency_options": { "usd": { "unit_amount": 5 }, "gbp": { "tax_behavior": "inclusive" } } }`},
		{"a time", "PostSubscriptions", "customer=c&trial_end=1700000000", `{ "customer": "c", "trial_end": 1700000000 }`},
		{"now", "PostSubscriptions", "customer=c&trial_end=now", `{ "customer": "c", "trial_end": "now" }`},
		{"a range", "GetCustomers", "created[gte]=5&created[lt]=9", `{ "created": { "gte": 5, "lt": 9 } }`},
		{"a time instead of a range", "GetCustomers", "created=5", `{ "created": 5 }`},
		{"an id", "PostCharges", "amount=1&currency=usd&source=tok_visa", `{ "amount": 1, "currency": "usd", "source": "tok_visa" }`},
		{"a hash or an id", "PostCharges", "amount=1&currency=usd&card[number]=4242&card[exp_month]=1&card[exp_year]=30", `{ "amount": 1, "currency": "usd", "card": { "number": "4242", "exp_month": 1, "exp_year": 30 } }`},
		{"the first of two hashes", "PostPaymentMethods", "type=card&card[number]=4242&card[exp_month]=1&card[exp_year]=30", `{ "type": "card", "card": { "number": "4242", "exp_month": 1, "exp_year": 30 } }`},
		{"the second of two hashes", "PostPaymentMethods", "type=card&card[token]=tok_visa", `{ "type": "card", "card": { "token": "tok_visa" } }`},
		{"what Stripe.js sends", "PostPaymentMethods", "type=card&key=pk_test_1&_stripe_version=x&_stripe_account=y", `{ "type": "card" }`},
	}
	for _, test := range tests {
		op := operation(t, test.op)
		query, body := "", test.sent
		if op.Method == "GET" {
			query, body = test.sent, ""
		}
		in, err := Decode(op, query, "", []byte(body))
		if err != nil {
			t.Errorf("%s: %s: %v", test.name, test.sent, err)
			continue
		}
		if diff := cmp.Diff(test.want, oneLine(in.Params)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.sent, diff)
		}
	}
}

func TestDecodeQueryAndBody(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := []struct{ name, op, query, contentType, body, want string }{
		{"both", "PostCustomers", "name=q", form, "email=b", `{ "name": "q", "email": "b" }`},
		{"the body wins", "PostCustomers", "name=q&metadata[a]=1&email=x", form, "name=b&metadata[b]=2", `{ "email": "x", "name": "b", "metadata": { "b": "2" } }`},
		{"whatever its form", "PostCustomers", "name[0]=q&metadata=", form, "name=b&metadata[b]=2", `{ "name": "b", "metadata": { "b": "2" } }`},
		{"a GET has no body", "GetCustomers", "limit=1", "text/plain", "limit=2&x=y", `{ "limit": 1 }`},
		{"a DELETE has both", "DeleteSubscriptionsSubscriptionExposedId", "prorate=true", form, "invoice_now=true", `{ "prorate": true, "invoice_now": true }`},
		{"a charset", "PostCustomers", "", form + "; charset=utf-8", "name=x", `{ "name": "x" }`},
		{"upper case", "PostCustomers", "", "Application/X-WWW-Form-Urlencoded", "name=x", `{ "name": "x" }`},
		{"an empty body of any type", "PostCustomers", "name=x", "application/json", "", `{ "name": "x" }`},
	}
	for _, test := range tests {
		in, err := Decode(operation(t, test.op), test.query, test.contentType, []byte(test.body))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, oneLine(in.Params)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// refused decodes what must be refused, and returns the error after a look at what all of them share.
func refused(t *testing.T, op *spec.Operation, query, contentType, body string) *apierr.Error {
	t.Helper()
	in, err := Decode(op, query, contentType, []byte(body))
	problem := apierr.As(err)
	if problem == nil {
		t.Errorf("%.80q %.80q: error %v, want an API error", query, body, err)
		return &apierr.Error{}
	}
	if in != nil || problem.Status != 400 || problem.Type != apierr.TypeInvalid || !problem.Early {
		t.Errorf("%.80q %.80q: %v, input %v", query, body, problem, in)
	}
	return problem
}

func TestLookup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		form, want string
		found      bool
	}{
		{"key=pk_1", "pk_1", true},
		{"a=b&key=pk%5F1&c=d", "pk_1", true},
		{"key=a&key=b", "b", true},
		{"key=a=b", "a=b", true},
		{"monkey=x&key[a]=y&keys=z&key", "", false},
		{"key=%zz", "", false},
		{"key=", "", true},
		{"", "", false},
	}
	for _, test := range tests {
		if got, found := Lookup(test.form, "key"); got != test.want || found != test.found {
			t.Errorf("%q: got %q, %v", test.form, got, found)
		}
	}
}
