package card

import (
	"net/url"

	"sharesmart/internal/object"
)

// NextPage is where a customer has to go before their bank pays or lets a card be set up: a path of this server, or in live
// mode the bank's own page; empty for nowhere.
func NextPage(intent *object.Object) string {
	if intent.String("status") != "requires_action" {
		return ""
	}
	action := intent.Object("next_action")
	address, _ := action.At(action.String("type"), "url").(string)
	u, err := url.Parse(address)
	switch {
	case err != nil || address == "":
		return ""
	case intent.Bool("livemode"):
		return address
	}
	return u.RequestURI()
}

// DeclineOf is why an intent waits for another method; nil if nothing was declined.
func DeclineOf(intent *object.Object) *object.Object {
	if intent.String("status") != "requires_payment_method" {
		return nil
	}
	if failed := intent.Object("last_payment_error"); failed != nil {
		return failed
	}
	return intent.Object("last_setup_error")
}
