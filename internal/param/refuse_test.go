package param

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDecodeRefuses states code, param and message for every rule.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	const intent = "amount=1&currency=usd&"
	long := strings.Repeat("x", 60)
	tests := []struct{ name, op, sent, code, param, message string }{
		// what cannot be read
		{"half an escape", "PostCustomers", "name=%4", "", "", "Invalid request: the POST body holds an invalid percent-encoding."},
		{"no hexadecimal", "PostCustomers", "name=%zz", "", "", "Invalid request: the POST body holds an invalid percent-encoding."},
		{"an escape in a name", "GetCustomers", "%=1", "", "", "Invalid request: the query string holds an invalid percent-encoding."},
		{"broken UTF-8", "PostCustomers", "name=%ff", "", "", "Invalid UTF-8 characters found in POST body."},
		{"broken UTF-8, raw", "GetCustomers", "email=\xc3(", "", "", "Invalid UTF-8 characters found in query string."},
		{"UTF-8 over two parameters", "PostCustomers", "name=%c3&%a9=x", "", "", "Invalid UTF-8 characters found in POST body."},
		{"half a surrogate", "PostCustomers", "name=%ed%a0%80", "", "", "Invalid UTF-8 characters found in POST body."},
		{"NUL", "PostCustomers", "name=a%00b", "", "", "Invalid request: the POST body holds a NUL character."},
		{"NUL, raw", "PostCustomers", "name=a\x00b", "", "", "Invalid request: the POST body holds a NUL character."},
		{"no name", "PostCustomers", "=x", "", "", "Invalid request: a parameter has no name."},
		{"no name before a bracket", "PostCustomers", "[a]=x", "", "[a]", "Invalid parameter name: [a]"},
		{"an open bracket", "PostCustomers", "address[city=x", "", "address[city", "Invalid parameter name: address[city"},
		{"a bracket in brackets", "PostCustomers", "metadata[a[b]]=x", "", "metadata[a[b]]", "Invalid parameter name: metadata[a[b]]"},
		{"a closing bracket", "PostCustomers", "name]=x", "", "name]", "Invalid parameter name: name]"},
		{"text after a bracket", "PostCustomers", "address[city]x=y", "", "address[city]x", "Invalid parameter name: address[city]x"},
		{"an open bracket after []", "PostSubscriptions", "items[][price=x", "", "items[][price", "Invalid parameter name: items[][price"},
		{"101 levels", "PostCustomers", "a" + strings.Repeat("[b]", 101) + "=x", "", "a", "Invalid request: a is nested deeper than 100 levels."},
		{"10,001 parameters", "PostCustomers", strings.Repeat("a&", 10_001), "", "", "Invalid request: more than 10000 parameters."},
		{"text, then a hash", "PostCustomers", "address=x&address[city]=y", "", "address", "Invalid object"},
		{"a hash, then text", "PostCustomers", "address[city]=y&address=x", "", "address", "Invalid object"},
		{"text, then a list", "PostCustomers", "preferred_locales=x&preferred_locales[]=y", "", "preferred_locales", "Invalid array"},
		{"text, then an index", "PostCustomers", "preferred_locales=x&preferred_locales[0]=y", "", "preferred_locales", "Invalid array"},
		{"a list, then text", "PostCustomers", "preferred_locales[]=x&preferred_locales=y", "", "preferred_locales", "Invalid array"},
		{"a list, then an index", "PostCustomers", "preferred_locales[]=x&preferred_locales[0]=y", "", "preferred_locales", "Invalid array"},
		{"an index, then a list", "PostCustomers", "preferred_locales[0]=x&preferred_locales[]=y", "", "preferred_locales", "Invalid array"},
		{"a list, then a hash", "PostCustomers", "metadata[]=x&metadata[a]=y", "", "metadata", "Invalid array"},
		{"an index, then text", "PostCustomers", "preferred_locales[0]=x&preferred_locales=y", "", "preferred_locales", "Invalid array"},
		{"two forms, deep", "PostSubscriptions", "items[0][price]=x&items[0][price][id]=y", "", "items[0][price]", "Invalid object"},
		{"two forms in an element", "PostSubscriptions", "items[][price]=x&items[][price][id]=y", "", "items[0][price]", "Invalid object"},
		// unknown parameters
		{"unknown", "PostCustomers", "foo=1", "parameter_unknown", "foo", "Received unknown parameter: foo"},
		{"two unknown", "PostCustomers", "foo=1&name=x&bar[a]=2", "parameter_unknown", "foo", "Received unknown parameters: foo, bar"},
		{"unknown below", "PostCustomers", "address[x]=1", "parameter_unknown", "address[x]", "Received unknown parameter: address[x]"},
		{"unknown in an array", "PostSubscriptions", "customer=c&items[2][x]=1&items[2][y]=1", "parameter_unknown", "items[2][x]", "Received unknown parameters: items[2][x], items[2][y]"},
		{"unknown in a list", "PostSubscriptions", "customer=c&items[][price]=p&items[][price]=q&items[][x]=1", "parameter_unknown", "items[1][x]", "Received unknown parameter: items[1][x]"},
		{"unknown in a map of hashes", "PostPrices", "currency=eur&currency_options[usd][x]=1", "parameter_unknown", "currency_options[usd][x]", "Received unknown parameter: currency_options[usd][x]"},
		{"unknown in a hash or an id", "PostCharges", intent + "card[colour]=blue", "parameter_unknown", "card[colour]", "Received unknown parameter: card[colour]"},
		{"unknown in a range", "GetCustomers", "created[after]=1", "parameter_unknown", "created[after]", "Received unknown parameter: created[after]"},
		{"a prototype", "PostCustomers", "__proto__[x]=1", "parameter_unknown", "__proto__", "Received unknown parameter: __proto__"},
		{"misspelt", "PostCustomers", "invoice_setting=x", "parameter_unknown", "invoice_setting", "Received unknown parameter: invoice_setting. Did you mean invoice_settings?"},
		{"a quote too much", "PostPrices", "currency=eur&%22recurring[interval]=month", "parameter_unknown", `"recurring`, `Received unknown parameter: "recurring. Did you mean recurring?`},
		{"misspelt below", "PostCustomers", "address[sity]=x", "parameter_unknown", "address[sity]", "Received unknown parameter: address[sity]. Did you mean city?"},
		{"a deep name", "PostSubscriptions", "items[0][price_data][" + long + "]" + strings.Repeat("["+long+"]", 9) + "=x", "parameter_unknown", "items[0][price_data][" + long + "]", "Received unknown parameter: items[0][price_data][" + long + "]"},
		{"a response's field", "PostCustomers", "livemode=true", "parameter_unknown", "livemode", "Received unknown parameter: livemode"},
		{"JSON in a form", "PostCustomers", `{"name":"x"}`, "parameter_unknown", `{"name":"x"}`, `Received unknown parameter: {"name":"x"}`},
		{"a long name", "PostCustomers", strings.Repeat("n", 500) + "=x", "parameter_unknown", "nnnnnnnnnn...nnnnnnnnnn", "Received unknown parameter: nnnnnnnnnn...nnnnnnnnnn"},
		{"unknown goes before missing", "PostPaymentIntents", "foo=1", "parameter_unknown", "foo", "Received unknown parameter: foo"},
		{"unknown goes before wrong", "PostPaymentIntents", "amount=x&currency=usd&foo=1", "parameter_unknown", "foo", "Received unknown parameter: foo"},
		// missing parameters
		{"missing", "PostPaymentIntents", "currency=usd", "parameter_missing", "amount", "Missing required param: amount."},
		{"the first missing", "PostPaymentIntents", "", "parameter_missing", "amount", "Missing required param: amount."},
		{"missing below", "PostPrices", "currency=eur&recurring[interval_count]=1", "parameter_missing", "recurring[interval]", "Missing required param: recurring[interval]."},
		{"missing in an element", "PostPrices", "currency=eur&tiers[0][up_to]=1&tiers[1][unit_amount]=1", "parameter_missing", "tiers[1][up_to]", "Missing required param: tiers[1][up_to]."},
		{"missing in a list's element", "PostPrices", "currency=eur&tiers[][up_to]=1&tiers[][unit_amount]=1&tiers[][unit_amount]=2", "parameter_missing", "tiers[1][up_to]", "Missing required param: tiers[1][up_to]."},
		{"the outer one first", "PostPrices", "recurring[interval_count]=1", "parameter_missing", "currency", "Missing required param: currency."},
		{"missing in a query", "GetSubscriptionItems", "limit=1", "parameter_missing", "subscription", "Missing required param: subscription."},
		{"missing in one of two hashes", "PostPaymentMethods", "type=card&card[exp_month]=1&card[exp_year]=2", "parameter_missing", "card[number]", "Missing required param: card[number]."},
		{"missing in a hash or an id", "PostCharges", intent + "card[exp_month]=1&card[exp_year]=2", "parameter_missing", "card[number]", "Missing required param: card[number]."},
		{"missing goes before wrong", "PostPaymentIntents", "amount=x", "parameter_missing", "currency", "Missing required param: currency."},
		// integers out of bounds
		{"a negative quantity", "PostSubscriptions", "customer=c&items[1][quantity]=-1", "parameter_invalid_integer", "items[1][quantity]", "This value must be greater than or equal to 0."},
		{"no days", "PostSubscriptions", "customer=c&billing_cycle_anchor_config[day_of_month]=0", "parameter_invalid_integer", "billing_cycle_anchor_config[day_of_month]", "This value must be greater than or equal to 1."},
		{"a 25th hour", "PostSubscriptions", "customer=c&billing_cycle_anchor_config[day_of_month]=1&billing_cycle_anchor_config[hour]=24", "parameter_invalid_integer", "billing_cycle_anchor_config[hour]", "This value must be less than or equal to 23."},
		{"a trial of three years", "PostSubscriptions", "customer=c&trial_period_days=1095", "parameter_invalid_integer", "trial_period_days", "This value must be less than or equal to 730."},
		{"a page of none", "GetCustomers", "limit=0", "parameter_invalid_integer", "limit", "This value must be greater than or equal to 1."},
		{"a page of too many", "GetV2CoreEvents", "limit=101", "parameter_invalid_integer", "limit", "This value must be less than or equal to 100."},
		// empty values
		{"an empty integer", "PostPaymentIntents", "amount=&currency=usd", "parameter_invalid_empty", "amount", "You passed an empty string for 'amount'. We assume empty values are an attempt to unset a parameter; however 'amount' cannot be unset. You should remove 'amount' from your request or supply a non-empty value."},
		{"an empty currency", "PostPaymentIntents", "amount=1&currency=", "parameter_invalid_empty", "currency", ""},
		{"an empty boolean", "PostPaymentIntents", intent + "confirm=", "parameter_invalid_empty", "confirm", ""},
		{"an empty enum", "PostPaymentIntents", intent + "capture_method=", "parameter_invalid_empty", "capture_method", ""},
		{"an empty hash", "PostPaymentIntents", intent + "transfer_data=", "parameter_invalid_empty", "transfer_data", ""},
		{"an empty required text", "PostProducts", "name=", "parameter_invalid_empty", "name", ""},
		{"an empty number", "PostCoupons", "percent_off=", "parameter_invalid_empty", "percent_off", ""},
		{"an empty range", "GetCustomers", "created=", "parameter_invalid_empty", "created", ""},
		{"an empty hash in an array", "PostSubscriptions", "customer=c&items[0]=", "parameter_invalid_empty", "items[0]", ""},
		// wrong values
		{"a fraction", "PostPaymentIntents", "amount=10.0&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: 10.0"},
		{"a word for an integer", "PostPaymentIntents", "amount=ten&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: ten"},
		{"an integer too large", "PostPaymentIntents", "amount=9223372036854775808&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: 9223372036854775808"},
		{"an exponent", "PostPaymentIntents", "amount=1e3&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: 1e3"},
		{"an underscore", "PostPaymentIntents", "amount=1_000&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: 1_000"},
		{"a blank", "PostPaymentIntents", "amount=+1&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer:  1"},
		{"an integer below", "PostSubscriptions", "customer=c&items[0][quantity]=x", "parameter_invalid_integer", "items[0][quantity]", "Invalid integer: x"},
		{"a hash for an integer", "PostPaymentIntents", "amount[a]=1&currency=usd", "parameter_invalid_integer", "amount", `Invalid integer: {"a"=>"1"}`},
		{"inf or an integer", "PostPrices", "currency=eur&tiers[0][up_to]=infinite", "parameter_invalid_integer", "tiers[0][up_to]", "Invalid integer: infinite"},
		{"a long integer", "PostPaymentIntents", "amount=" + strings.Repeat("1", 101) + "&currency=usd", "parameter_invalid_integer", "amount", "Invalid integer: 1111111111...1111111111"},
		{"a range or an integer", "GetCustomers", "created=yesterday", "parameter_invalid_integer", "created", "Invalid integer: yesterday"},
		{"a time", "PostCoupons", "redeem_by=soon", "", "redeem_by", "Invalid timestamp: must be an integer"},
		{"now or a time", "PostSubscriptions", "customer=c&trial_end=gazebo", "", "trial_end", "Invalid timestamp: must be an integer"},
		{"a boolean in capitals", "PostPaymentIntents", intent + "confirm=TRUE", "", "confirm", "Invalid boolean: TRUE"},
		{"a boolean in PHP", "PostPaymentIntents", intent + "automatic_payment_methods[enabled]=1", "", "automatic_payment_methods[enabled]", "Invalid boolean: 1"},
		{"a list for a boolean", "PostPaymentIntents", intent + "confirm[]=true", "", "confirm", `Invalid boolean: ["true"]`},
		{"a boolean or a word", "PostPaymentIntents", intent + "off_session=perhaps", "", "off_session", "Invalid boolean: perhaps"},
		{"a number", "PostCoupons", "percent_off=half", "", "percent_off", "Invalid decimal: half"},
		{"infinity", "PostCoupons", "percent_off=inf", "", "percent_off", "Invalid decimal: inf"},
		{"no number", "PostCoupons", "percent_off=NaN", "", "percent_off", "Invalid decimal: NaN"},
		{"a hexadecimal number", "PostCoupons", "percent_off=0x1p4", "", "percent_off", "Invalid decimal: 0x1p4"},
		{"a comma", "PostCoupons", "percent_off=0,6", "", "percent_off", "Invalid decimal: 0,6"},
		{"two signs", "PostCoupons", "percent_off=--1", "", "percent_off", "Invalid decimal: --1"},
		{"a dot alone", "PostCoupons", "percent_off=.", "", "percent_off", "Invalid decimal: ."},
		{"a number too large", "PostCoupons", "percent_off=1e999", "", "percent_off", "Invalid decimal: 1e999"},
		{"a decimal", "PostPrices", "currency=eur&unit_amount_decimal=free", "", "unit_amount_decimal", "Invalid decimal: free"},
		{"an enum of three", "PostPaymentIntents", intent + "capture_method=later", "", "capture_method", "Invalid capture_method: must be one of automatic, automatic_async, or manual"},
		{"an enum of two", "PostPrices", "currency=eur&recurring[interval]=day&recurring[usage_type]=x", "", "recurring[usage_type]", "Invalid recurring[usage_type]: must be one of licensed or metered"},
		{"an enum of one", "PostBillingMeterEventAdjustments", "event_name=e&type=x", "", "type", "Invalid type: must be one of cancel"},
		{"an enum that SDKs do not check", "PostCreditNotes", "invoice=i&amount=1&reason=whim", "", "reason", "Invalid reason: must be one of duplicate, fraudulent, order_change, or product_unsatisfactory"},
		{"an enum with nothing", "PostCustomers", "tax_exempt=maybe", "", "tax_exempt", "Invalid tax_exempt: must be one of exempt, none, or reverse"},
		{"an enum in an array", "PostSetupIntents", "flow_directions[]=inbound&flow_directions[]=up", "", "flow_directions[1]", "Invalid flow_directions[1]: must be one of inbound or outbound"},
		{"text for a hash", "PostPaymentIntents", intent + "transfer_data=x", "", "transfer_data", "Invalid object"},
		{"text for metadata", "PostCustomers", "metadata=x", "", "metadata", "Invalid object"},
		{"a list for a hash", "PostCustomers", "address[]=x", "", "address", "Invalid object"},
		{"text for an array", "PostCustomers", "preferred_locales=de", "", "preferred_locales", "Invalid array"},
		{"a hash for an array", "PostSubscriptions", "customer=c&items[price]=p", "", "items", "Invalid array"},
		{"a negative index", "PostCustomers", "preferred_locales[-1]=de", "", "preferred_locales", "Invalid array"},
		{"a hash for an array or nothing", "PostSubscriptions", "customer=c&default_tax_rates[a]=x", "", "default_tax_rates", "Invalid array"},
		{"text for an expand", "GetCustomers", "expand=data.x", "", "expand", "Invalid array"},
		{"a hash for a text", "PostCustomers", "name[first]=x&name[last]=y", "", "name", `Invalid string: {"first"=>"x", "last"=>"y"}`},
		{"a list for a text", "PostCustomers", "name[]=x&name[]=y", "", "name", `Invalid string: ["x", "y"]`},
		{"a text too long", "PostPaymentIntents", intent + "statement_descriptor=Lottery+Results+of+the+year%2C+the+exciting+line", "", "statement_descriptor", "Invalid string: Lottery Re...iting line; must be at most 22 characters"},
		{"a text just too long", "PostPaymentIntents", intent + "statement_descriptor=" + strings.Repeat("é", 23), "", "statement_descriptor", "Invalid string: " + strings.Repeat("é", 23) + "; must be at most 22 characters"},
		{"a file in a form", "PostFiles", "purpose=business_logo&file=x", "", "file", "Invalid file: file must be uploaded as multipart/form-data, with a file name"},
		{"the first wrong value", "PostPaymentIntents", "amount=x&currency=usd&confirm=1", "parameter_invalid_integer", "amount", "Invalid integer: x"},
		// metadata
		{"51 keys", "PostCustomers", manyKeys(51), "", "metadata", "Metadata can have up to 50 keys, but you've set 51."},
		{"a key too long", "PostCustomers", "metadata[" + long[:41] + "]=x", "", "metadata", "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: " + long[:41]},
		{"a value too long", "PostCustomers", "metadata[a]=" + strings.Repeat("y", 501), "", "metadata", "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: yyyyyyyyyy...yyyyyyyyyy"},
		{"a hash in metadata", "PostCustomers", "metadata[a][b]=x", "", "metadata", `Invalid value type: {"b"=>"x"} must be a string`},
		{"an array in metadata", "PostCustomers", "metadata[a][0]=608066357640020d17efc2ac", "", "metadata", `Invalid value type: {"0"=>"608066357640020d17efc2ac"} must be a string`},
		{"metadata below", "PostSubscriptions", "customer=c&items[0][metadata][" + long[:41] + "]=x", "", "items[0][metadata]", "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: " + long[:41]},
	}
	for _, test := range tests {
		op := operation(t, test.op)
		query, body := "", test.sent
		if op.Method == "GET" {
			query, body = test.sent, ""
		}
		got := refused(t, op, query, "", body)
		want := [3]string{test.code, test.param, test.message}
		if test.message == "" {
			want[2] = got.Message
		}
		if diff := cmp.Diff(want, [3]string{got.Code, got.Param, got.Message}); diff != "" {
			t.Errorf("%s: %.100s (-want +got):\n%s", test.name, test.sent, diff)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "metadata[k%d]=v&", i)
	}
	return b.String()
}

func TestDecodeTakesUpToTheLimits(t *testing.T) {
	t.Parallel()
	customers := operation(t, "PostCustomers")
	tests := []struct{ name, body string }{
		{"50 keys, and more to take away", manyKeys(50) + "metadata[a]=&metadata[b]="},
		{"a key of 40 letters", "metadata[" + strings.Repeat("é", 40) + "]=x"},
		{"a value of 500 letters", "metadata[a]=" + strings.Repeat("é", 500)},
		{"a text of 5000 letters", "description=" + strings.Repeat("é", 5000)},
	}
	for _, test := range tests {
		if _, err := Decode(customers, "", "", []byte(test.body)); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestDecodeManyUnknown(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&b, "unknown%d=1&", i)
	}
	got := refused(t, operation(t, "PostCustomers"), "", "", b.String())
	if got.Param != "unknown0" || !strings.HasSuffix(got.Message, "unknown19, and 8980 more") || len(got.Message) > 400 {
		t.Errorf("param %s, message %s", got.Param, got.Message)
	}
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	tests := []struct{ contentType, body, message string }{
		{"application/json", `{"name":"x"}`, "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."},
		{"Application/JSON; charset=utf-8", `{}`, "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."},
		{"text/plain; charset=utf-8", "name=x", "Invalid request: unsupported Content-Type text/plain; charset=utf-8."},
		{"multipart/mixed; boundary=x", "name=x", "Invalid request: unsupported Content-Type multipart/mixed; boundary=x."},
		{"\xff" + strings.Repeat("x", 200), "name=x", "Invalid request: unsupported Content-Type ?xxxxxxxxx...xxxxxxxxxx."},
		{"multipart/form-data", "name=x", "Invalid request: the multipart body cannot be read: the Content-Type has no boundary."},
		{"multipart/form-data; boundary=b", "name=x", "Invalid request: the multipart body cannot be read: the body is broken or cut off."},
	}
	for _, test := range tests {
		if got := refused(t, operation(t, "PostCustomers"), "", test.contentType, test.body); got.Message != test.message || got.Code != "" {
			t.Errorf("%q: %s %q, want %q", test.contentType, got.Code, got.Message, test.message)
		}
	}
}
