package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a checkout session may be paid, and how what was bought may be sent.

// maxShippingOptions is how many ways of shipping a session can offer.
const maxShippingOptions = 5

// sessionMethods settles which payment methods the page offers: those that were asked for, or what fits the currency.
func sessionMethods(op *resource.Op, s *object.Object) error {
	currency, asked := s.String("currency"), op.Params.Array("payment_method_types")
	for i, v := range asked {
		if kind, _ := v.(string); !takesCurrency(kind, currency) {
			return apierr.Invalid("", "payment_method_types["+strconv.Itoa(i)+"]", "The payment method type `%s` cannot be used with the currency `%s`.", kind, currency)
		}
	}
	if len(asked) > 0 {
		private, err := op.Private(s)
		if err != nil {
			return err
		}
		private.Set("payment_method_types", asked)
		if err := op.SetPrivate(s, private); err != nil {
			return err
		}
	} else {
		for _, kind := range offeredTypes(s, currency, true) {
			if name, _ := kind.(string); s.String("mode") == modePayment || savable[name] {
				asked = append(asked, kind)
			}
		}
	}
	s.Set("payment_method_types", asked)
	if id := op.Params.String("payment_method_configuration"); id != "" {
		c, err := op.Get("payment_method_configuration", id, "payment_method_configuration")
		if err != nil {
			return err
		}
		details := newParams("id", c.ID())
		details.Set("parent", textOrNull(c.String("parent")))
		s.Set("payment_method_configuration_details", details)
	}
	if slices.Contains(asked, any("card")) {
		card := s.Sub("payment_method_options").Sub("card")
		if card.String("request_three_d_secure") == "" {
			card.Set("request_three_d_secure", "automatic")
		}
	}
	return checkShares(op, s)
}

// checkShares checks what a connected account gets of the payment, before anybody pays.
func checkShares(op *resource.Op, s *object.Object) error {
	data := op.Params.Object("payment_intent_data")
	if data == nil || op.Mocks() {
		return nil
	}
	asked := newParams("currency", s.String("currency"), "on_behalf_of", data.String("on_behalf_of"))
	if transfer := data.Object("transfer_data"); transfer != nil {
		asked.Set("transfer_data", newParams("destination", transfer.String("destination")))
	}
	return within(checkConnect(op, asked), "payment_intent_data")
}

// sessionShipping takes the ways of shipping that are offered. The first is what the customer begins with.
func sessionShipping(op *resource.Op, s *object.Object) error {
	if !op.Params.Has("shipping_options") {
		return nil
	}
	sent := op.Params.Array("shipping_options")
	if len(sent) > maxShippingOptions {
		return apierr.Invalid("", "shipping_options", "You can specify up to %d shipping options.", maxShippingOptions)
	}
	options, err := offeredShipping(op, sent, s.String("currency"))
	if err != nil {
		return err
	}
	s.Set("shipping_options", options)
	return chooseShipping(op, s, "")
}

// offeredShipping are the ways of shipping that are offered, as they are shown.
func offeredShipping(op *resource.Op, sent []any, currency string) ([]any, error) {
	options := make([]any, len(sent))
	for i, v := range sent {
		param := "shipping_options[" + strconv.Itoa(i) + "]"
		rate, err := sentShippingRate(op, v.(*object.Object))
		if err != nil {
			return nil, within(err, param)
		}
		amount, _, ok := shippingTerms(rate, currency)
		if !ok {
			return nil, apierr.Invalid("", inside(param, "shipping_rate"), "The shipping rate %s has no amount in %s.", rate.ID(), currency)
		}
		options[i] = newParams("shipping_amount", amount, "shipping_rate", rate.ID())
	}
	return options, nil
}

// chooseShipping notes the way of shipping that the customer chose, or the first one.
func chooseShipping(op *resource.Op, s *object.Object, id string) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	private.Delete("shipping_rate")
	options := s.Array("shipping_options")
	if id != "" && !slices.ContainsFunc(options, func(v any) bool { return v.(*object.Object).Ref("shipping_rate") == id }) {
		return apierr.Invalid("", "shipping_rate", "The shipping rate %s is not offered by this Checkout Session.", id)
	}
	if id == "" && len(options) > 0 {
		id = options[0].(*object.Object).Ref("shipping_rate")
	}
	if id != "" {
		private.Set("shipping_rate", id)
	}
	return op.SetPrivate(s, private)
}
