package portal

import (
	"errors"
	"net/http"
	"net/url"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
)

// newMethod is the form of a card.
type newMethod struct {
	Once  string // names the form, so that it is taken once
	Typed card.Typed
	Words *card.Words
}

// setUp is the note of a session about the card that was typed last: the form that it came from, and its setup intent.
const setUp = "set_up"

func showNewMethod(v *visit) error {
	form := &newMethod{}
	if err := v.load(func(op *resource.Op) error {
		form.Once = op.Secret(16)
		return nil
	}); err != nil {
		return err
	}
	return v.showCard(http.StatusOK, form, nil)
}

func (v *visit) showCard(status int, form *newMethod, faults map[string]string) error {
	form.Words = card.WordsFor(v.Lang)
	return v.render(status, "method", &page{Title: "Add a payment method", Data: form, Faults: faults})
}

// addMethod saves the card that was typed. The bank may want to see the customer first.
func addMethod(v *visit) error {
	form := &newMethod{Once: v.r.PostForm.Get("once"), Typed: card.Read(v.r.PostForm)}
	if err := v.load(nil); err != nil {
		return err
	}
	if !v.Test {
		return v.showCard(http.StatusForbidden, form, nil)
	}
	if faults := form.Typed.Missing(card.WordsFor(v.Lang)); len(faults) > 0 {
		return v.showCard(http.StatusUnprocessableEntity, form, faults)
	}
	var intent *object.Object
	err := v.load(func(op *resource.Op) (err error) {
		intent, err = v.setUp(op, form)
		if err != nil || intent.String("status") != "succeeded" {
			return err
		}
		return v.take(op, intent)
	})
	if refused := refusal(err); refused != nil {
		return v.declined(form, refused.Code, refused.DeclineCode, refused.Message)
	}
	if err != nil {
		return err
	}
	return v.follow(form, intent)
}

// setUp makes a payment method of a card and asks the bank. A form that was taken before is answered with what came of it.
func (v *visit) setUp(op *resource.Op, form *newMethod) (*object.Object, error) {
	if last := v.notes.Object(setUp); form.Once != "" && last.String("once") == form.Once {
		return op.Find("setup_intent", last.String("intent"))
	}
	pm, err := op.Create("payment_method", form.Typed.Params())
	if err != nil {
		return nil, err
	}
	intent, err := op.Create("setup_intent", object.Of("customer", v.Customer.ID(), "payment_method", pm.ID(), "payment_method_types", []any{"card"}, "usage", "off_session",
		"confirm", true, "return_url", op.BaseURL()+v.Base+"/payment-methods/back"))
	if kept := (resource.ErrKept{}); err != nil && !errors.As(err, &kept) {
		return nil, err // a decline is no error: the intent tells of it
	}
	v.notes.Set(setUp, object.Of("once", form.Once, "intent", intent.ID()))
	return intent, op.SetPrivate(v.session, v.notes)
}

// take lets the method of a setup that has come to its end pay from now on.
func (v *visit) take(op *resource.Op, intent *object.Object) error {
	if err := v.payWith(op, intent.Ref("payment_method")); err != nil {
		return err
	}
	return v.finish(op, methodUpdate)
}

// follow leads on to where a setup goes on.
func (v *visit) follow(form *newMethod, intent *object.Object) error {
	switch failed := intent.Object("last_setup_error"); {
	case intent.String("status") == "succeeded":
		v.onward("added")
	case intent.String("status") == "requires_action":
		v.lead(bankPage(intent))
	case failed != nil:
		return v.declined(form, failed.String("code"), failed.String("decline_code"), failed.String("message"))
	default:
		v.lead(v.Base + "/payment-methods/new")
	}
	return nil
}

// declined shows the form once more, with why the card was declined beside the field that it is about.
func (v *visit) declined(form *newMethod, code, declineCode, message string) error {
	if text := card.WordsFor(v.Lang).Refusal(code, declineCode); text != "" {
		message = text
	}
	if err := v.load(func(op *resource.Op) error {
		form.Once = op.Secret(16)
		return nil
	}); err != nil {
		return err
	}
	return v.showCard(http.StatusPaymentRequired, form, map[string]string{card.FieldOf(code): message})
}

// bankPage is where the customer has to go before a setup goes on, as a path of this server.
func bankPage(intent *object.Object) string {
	address, _ := intent.At("next_action", "redirect_to_url", "url").(string)
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}

// backFromBank goes on with the card that was typed last. What the address says of it is not relied on.
func backFromBank(v *visit) error {
	var intent *object.Object
	err := v.load(func(op *resource.Op) (err error) {
		last := v.notes.Object(setUp)
		if intent, err = op.Find("setup_intent", last.String("intent")); err != nil || intent.String("status") != "succeeded" || last.Bool("taken") {
			return err
		}
		last.Set("taken", true)
		if err := op.SetPrivate(v.session, v.notes); err != nil {
			return err
		}
		return v.take(op, intent)
	})
	if err != nil {
		return err
	}
	if intent == nil || intent.String("status") == "requires_action" {
		v.lead(v.Base + "/payment-methods/new")
		return nil
	}
	return v.follow(&newMethod{}, intent)
}
