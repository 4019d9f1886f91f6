package billing

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// The cards of live mode. A customer types one into the processor's own field, which gives the page the id of a payment
// method. It has the same id here, and shows what the processor tells: never the number.

// elsewhereMethod asks the processor for a payment method that is not known here yet; nil if it cannot be there.
func elsewhereMethod(op *resource.Op, id, param string) error {
	remote := op.Processor()
	if remote == nil || !strings.HasPrefix(id, "pm_") {
		return nil
	}
	known, err := op.Find("payment_method", id)
	if known != nil || err != nil {
		return err
	}
	return resource.Elsewhere{Ask: func(ctx context.Context) (resource.Hook, error) {
		m, err := remote.Method(ctx, id)
		switch {
		case errors.Is(err, processor.ErrNotThere):
			return nil, apierr.MissingRef("payment_method", id, param)
		case err != nil:
			return nil, &apierr.Error{Status: http.StatusBadGateway, Type: apierr.TypeAPI, Message: "The PaymentMethod could not be looked up: " + err.Error() + "."}
		case m.Type != "card":
			return nil, apierr.Invalid("payment_method_invalid_parameter", param, "The PaymentMethod %s is a %s. Live mode takes cards.", id, m.Type)
		case m.Owned:
			return nil, apierr.Invalid("resource_missing", param, "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id)
		}
		return func(op *resource.Op) error { return adoptMethod(op, m) }, nil
	}}
}

// adoptMethod makes the payment method that the processor has told of.
func adoptMethod(op *resource.Op, m processor.RemoteMethod) error {
	known, err := op.Find("payment_method", m.ID)
	if known != nil || err != nil {
		return err
	}
	op.Choose("payment_method", m.ID)
	_, err = op.Make("payment_method", "", newParams("type", m.Type, "billing_details", remoteHolder(m)), func(op *resource.Op) error {
		if err := fillMethod(op, processor.Method{Type: m.Type, Card: m.Card}); err != nil || m.Wallet == "" {
			return err
		}
		op.Object.Object("card").Set("wallet", newParams("type", m.Wallet, "dynamic_last4", nil))
		return nil
	})
	return err
}

func remoteHolder(m processor.RemoteMethod) *object.Object {
	return newParams("name", m.Name, "email", m.Email, "phone", m.Phone, "address", newParams("postal_code", m.PostalCode, "country", m.Country))
}

// detachRemote is the job that lets the processor let go of a payment method.
const detachRemote = "payment_method.detach"

func askToDetach(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	remote := e.Processor(ns)
	if remote == nil {
		return nil
	}
	return remote.Detach(ctx, id)
}

// remoteCard is a card that was kept, as far as it shows.
func remoteCard(part *object.Object) processor.Card {
	return processor.Card{
		Number: part.String("last4"), Brand: processor.Brand(part.String("brand")), Funding: part.String("funding"), Country: part.String("country"),
		Fingerprint: part.String("fingerprint"), CVCCheck: part.Object("checks").String("cvc_check"),
	}
}
