package billing

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A forwarding request sends a card to somebody else's API: the seller writes the request and leaves the card's fields
// empty, and they are filled in on the way.
//
//	(new), recorded --answered--> with response_details
//	                --not reached--> without; the caller is told why
//
// Stripe knows by agreement with each destination where the card belongs. Here the names of the fields tell it: see
// cardFields in forwarding_body.go. What is stored never has the card's number or security code. In test mode the
// card is the test card behind the payment method, and its security code is made up; in live mode this server holds no
// card that it could send.
func init() {
	register(resource.Rules{
		Object:  "forwarding.request",
		Errands: map[string]resource.Errand{"POST /v1/forwarding/requests": forward},
	})
}

// invalidForward is the error for what cannot be forwarded.
func invalidForward(param, format string, args ...any) error {
	return apierr.Invalid("forwarding_api_invalid_parameter", param, format, args...)
}

// forward checks and records a request, and returns the sending of it.
func forward(op *resource.Op) (resource.Asking, error) {
	if op.Live() {
		return nil, apierr.Invalid("forwarding_api_inactive", "", "Cards are forwarded in test mode only: in live mode they stay with the payment processor.")
	}
	params := op.Params
	to, err := destination(params.String("url"))
	if err != nil {
		return nil, err
	}
	pm, err := getMethod(op, params.String("payment_method"), "payment_method")
	if err != nil {
		return nil, err
	}
	if pm.String("type") != "card" {
		return nil, invalidForward("payment_method", "PaymentMethod %s is of type %s. Only cards can be forwarded.", pm.ID(), pm.String("type"))
	}
	headers, err := forwardedHeaders(params.Object("request").Array("headers"))
	if err != nil {
		return nil, err
	}
	card := forwardedCard(op, pm)
	body, err := card.fill(params.Object("request").String("body"), params.Array("replacements"))
	if err != nil {
		return nil, err
	}
	made, err := op.Make("forwarding.request", "", newParams("payment_method", pm.ID(), "url", to.String(), "metadata", params.Get("metadata")), func(op *resource.Op) error {
		r := op.Object
		r.Set("replacements", params.Array("replacements"))
		r.Set("request_context", nil)
		details := newParams("headers", shownHeaders(headers), "http_method", "POST")
		details.Set("body", body.shown)
		r.Set("request_details", details)
		r.Set("response_details", nil)
		return nil
	})
	if err != nil {
		return nil, err
	}
	op.Object = made
	return errand{to: to, headers: headers, body: body.sent, card: card}.ask, nil
}

// destination is where a request goes: an https address, or in tests a plain one on this machine.
func destination(address string) (*url.URL, error) {
	to, err := url.Parse(address)
	switch {
	case err != nil || to.Host == "" || to.User != nil || to.Opaque != "":
		return nil, apierr.Invalid("url_invalid", "url", "Not a valid URL")
	case to.Scheme == "http" && isThisMachine(to.Hostname()):
	case to.Scheme != "https":
		return nil, apierr.Invalid("url_invalid", "url", "Invalid URL: An HTTPS URL must be used.")
	}
	to.Fragment = ""
	return to, nil
}

func isThisMachine(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// forwardedCard is what is known of the card behind a payment method.
func forwardedCard(op *resource.Op, pm *object.Object) cardData {
	card := keptMethod(op, pm).Card
	code := "123"
	if card.Brand == processor.Amex {
		code = "1234"
	}
	return cardData{
		number: card.Number, code: code, holder: pm.Object("billing_details").String("name"),
		month: fmt.Sprintf("%02d", card.ExpMonth), year: fmt.Sprintf("%04d", card.ExpYear),
	}
}

// header is one line of a request or an answer.
type header struct{ name, value string }

// ownHeaders are those that the connection itself decides about.
var ownHeaders = []string{"connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}

// forwardedHeaders reads the headers of a request.
func forwardedHeaders(sent []any) ([]header, error) {
	var out []header
	for i, item := range sent {
		h := header{item.(*object.Object).String("name"), item.(*object.Object).String("value")}
		param := fmt.Sprintf("request[headers][%d]", i)
		switch {
		case h.name == "" || strings.Trim(h.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "":
			return nil, invalidForward(param+"[name]", "Invalid header name: %s", h.name)
		case slices.Contains(ownHeaders, strings.ToLower(h.name)):
			return nil, invalidForward(param+"[name]", "The header %s cannot be set.", h.name)
		case strings.ContainsAny(h.value, "\r\n\x00"):
			return nil, invalidForward(param+"[value]", "The value of the header %s must be on one line.", h.name)
		}
		out = append(out, h)
	}
	if !slices.ContainsFunc(out, func(h header) bool { return strings.EqualFold(h.name, "Content-Type") }) {
		out = append(out, header{"Content-Type", "application/json"})
	}
	return out, nil
}

// secretHeaders are those whose values are not stored.
var secretHeaders = []string{"api-key", "apikey", "authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "x-auth-token"}

// shownHeaders are headers as they are stored.
func shownHeaders(all []header) []any {
	out := make([]any, 0, len(all))
	for _, h := range all {
		if slices.Contains(secretHeaders, strings.ToLower(h.name)) {
			h.value = "[REDACTED]"
		}
		shown := object.New(nil)
		shown.Set("name", h.name)
		shown.Set("value", h.value)
		out = append(out, shown)
	}
	return out
}
