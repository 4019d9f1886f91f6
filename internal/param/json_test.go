package param

import (
	"strings"
	"testing"

	"sharesmart/internal/spec"

	"github.com/google/go-cmp/cmp"
)

// v2 is an operation as it would be below /v2, where bodies are JSON.
func v2(t *testing.T, id string) *spec.Operation {
	t.Helper()
	op := *operation(t, id)
	op.Path = "/v2" + strings.TrimPrefix(op.Path, "/v1")
	return &op
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ op, body, want string }{
		{"PostCustomers", `{}`, `{}`},
		{"PostCustomers", `{"name":"x","address":{"city":"Bonn"},"metadata":{"a":"b","gone":null}}`, `{ "name": "x", "address": { "city": "Bonn" }, "metadata": { "a": "b", "gone": null } }`},
		{"PostCustomers", `{"name":null,"preferred_locales":["de"],"balance":5}`, `{ "name": null, "preferred_locales": [ "de" ], "balance": 5 }`},
		{"PostPaymentIntents", `{"amount":5,"currency":"USD","off_session":true}`, `{ "amount": 5, "currency": "usd", "off_session": true }`},
		{"PostPaymentIntents", `{"amount":5,"currency":"usd","off_session":"one_off"}`, `{ "amount": 5, "currency": "usd", "off_session": "one_off" }`},
		{"PostCoupons", `{"percent_off":25.5,"redeem_by":1700000000}`, `{ "percent_off": 25.5, "redeem_by": 1700000000 }`},
	}
	for _, test := range tests {
		in, err := Decode(v2(t, test.op), "", "application/json", []byte(test.body))
		if err != nil {
			t.Errorf("%s: %v", test.body, err)
			continue
		}
		if diff := cmp.Diff(test.want, oneLine(in.Params)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.body, diff)
		}
	}
}

func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ op, query, body, code, param, message string }{
		{"PostCustomers", "", `{"name":}`, "", "", `Invalid request: the body is not valid JSON: offset 8: unexpected '}'.`},
		{"PostCustomers", "", `[]`, "", "", "Invalid request: the body is not a JSON object."},
		{"PostCustomers", "", "{\"name\":\"\xff\"}", "", "", "Invalid request: the body is not valid JSON: offset 10: invalid UTF-8 in a string."},
		{"PostCustomers", "", strings.Repeat(`{"a":`, 1000), "", "", "Invalid request: the body is not valid JSON: offset 1281: nested deeper than 256 levels."},
		{"PostCustomers", "a=%", `{}`, "", "", "Invalid request: the query string holds an invalid percent-encoding."},
		{"PostCustomers", "name=x", `{}`, "parameter_unknown", "name", "Received unknown parameter: name"},
		{"PostCustomers", "", `{"nick":"x","address":{"town":"y"}}`, "parameter_unknown", "nick", "Received unknown parameters: nick, address[town]"},
		{"PostPaymentIntents", "", `{"amount":"5"}`, "parameter_missing", "currency", "Missing required param: currency."},
		{"PostPaymentIntents", "", `{"amount":null,"currency":"usd"}`, "parameter_missing", "amount", "Missing required param: amount."},
		{"PostPaymentIntents", "", `{"amount":"5","currency":"usd"}`, "parameter_invalid_integer", "amount", `Invalid integer: "5"`},
		{"PostPaymentIntents", "", `{"amount":5.0,"currency":"usd"}`, "parameter_invalid_integer", "amount", "Invalid integer: 5.0"},
		{"PostPaymentIntents", "", `{"amount":5,"currency":"usd","confirm":"true"}`, "", "confirm", `Invalid boolean: "true"`},
		{"PostPaymentIntents", "", `{"amount":5,"currency":"usd","off_session":"x"}`, "", "off_session", "Invalid off_session: must be one of one_off or recurring"},
		{"PostPaymentIntents", "", `{"amount":5,"currency":"usd","capture_method":"x"}`, "", "capture_method", "Invalid capture_method: must be one of automatic, automatic_async, or manual"},
		{"PostCustomers", "", `{"name":{"a":[1]}}`, "", "name", `Invalid string: { "a": [ 1 ] }`},
		{"PostCustomers", "", `{"preferred_locales":["de",1]}`, "", "preferred_locales[1]", "Invalid string: 1"},
		{"PostCustomers", "", `{"preferred_locales":"de"}`, "", "preferred_locales", "Invalid array"},
		{"PostCustomers", "", `{"metadata":{"a":1}}`, "", "metadata", "Invalid value type: 1 must be a string"},
		{"PostCustomers", "", `{"metadata":{"` + strings.Repeat("k", 41) + `":"x"}}`, "", "metadata", "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: " + strings.Repeat("k", 41)},
		{"PostSubscriptions", "", `{"customer":"c","items":[{"metadata":{"a":true}}]}`, "", "items[0][metadata]", "Invalid value type: true must be a string"},
	}
	for _, test := range tests {
		got := refused(t, v2(t, test.op), test.query, "application/json", test.body)
		want := [3]string{test.code, test.param, test.message}
		if diff := cmp.Diff(want, [3]string{got.Code, got.Param, got.Message}); diff != "" {
			t.Errorf("%.100s (-want +got):\n%s", test.body, diff)
		}
	}
	if got := refused(t, v2(t, "PostCustomers"), "", "", "name=x"); got.Message != "Invalid request: unsupported Content-Type ." {
		t.Errorf("a form: %s", got.Message)
	}
}
