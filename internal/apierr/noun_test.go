package apierr

import "testing"

// A kind is named by what it is, without its family, in version 2 too.
func TestNoun(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"customer": "customer", "payment_method": "PaymentMethod", "checkout.session": "checkout.session", "radar.value_list": "value_list",
		"v2.core.event_destination": "event_destination", "": "",
	} {
		if got := Noun(kind); got != want {
			t.Errorf("%q is called %q, want %q", kind, got, want)
		}
	}
}
