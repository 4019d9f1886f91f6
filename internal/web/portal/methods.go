package portal

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
)

// method is a payment method that the customer has saved.
type method struct {
	*object.Object
	Default bool
	Pays    bool // a subscription that goes on is paid with it
}

// Expires is until when a card is good: 04 / 30; empty for what is no card.
func (m *method) Expires() string {
	c := m.Object.Object("card")
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%02d / %02d", c.Int("exp_month"), c.Int("exp_year")%100)
}

func (v *visit) defaultMethod() string {
	return v.Customer.Object("invoice_settings").Ref("default_payment_method")
}

// methods are what the customer has saved: the default first, then the newest.
func (v *visit) methods(op *resource.Op) ([]*method, error) {
	all, err := op.Lookup("payment_method", "customer", v.Customer.ID())
	if err != nil {
		return nil, err
	}
	subs, err := v.live(op)
	if err != nil {
		return nil, err
	}
	var found []*method
	for _, pm := range all {
		m := &method{Object: pm, Default: pm.ID() == v.defaultMethod()}
		m.Pays = slices.ContainsFunc(subs, func(s *object.Object) bool {
			own := s.Ref("default_payment_method")
			return s.Int("cancel_at") == 0 && (own == pm.ID() || own == "" && m.Default)
		})
		found = append(found, m)
	}
	slices.SortStableFunc(found, func(a, b *method) int {
		switch {
		case a.Default:
			return -1
		case b.Default:
			return 1
		}
		return 0
	})
	return found, nil
}

// method is the one that the address names.
func (v *visit) method(op *resource.Op) (*method, error) {
	all, err := v.methods(op)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(m *method) bool { return m.ID() == v.r.PathValue("method") })
	if i < 0 {
		return nil, errNothing
	}
	return all[i], nil
}

// payWith lets a method pay from now on: all that is billed, whatever paid for a subscription before.
func (v *visit) payWith(op *resource.Op, id string) error {
	if err := op.Update(v.Customer, object.Of("invoice_settings", object.Of("default_payment_method", id))); err != nil {
		return err
	}
	subs, err := v.live(op)
	if err != nil {
		return err
	}
	for _, s := range subs {
		if own := s.Ref("default_payment_method"); own == "" || own == id {
			continue
		}
		if err := op.Update(s, object.Of("default_payment_method", id)); err != nil {
			return err
		}
	}
	return nil
}

func makeDefault(v *visit) error {
	return v.act("default", func(op *resource.Op) error {
		m, err := v.method(op)
		if err != nil {
			return err
		}
		return v.payWith(op, m.ID())
	}, methodUpdate)
}

// showRemove asks whether the customer means it.
func showRemove(v *visit) error {
	var m *method
	if err := v.load(func(op *resource.Op) (err error) {
		m, err = v.method(op)
		return err
	}); err != nil {
		return err
	}
	return v.show("remove", "Remove the payment method", m)
}

// removeMethod forgets a method. One that pays has to be replaced first.
func removeMethod(v *visit) error {
	var m *method
	err := v.load(func(op *resource.Op) (err error) {
		m, err = v.method(op)
		return err
	})
	switch {
	case errors.Is(err, errNothing):
		v.lead(v.Base) // removed already
		return nil
	case err != nil:
		return err
	case m.Pays:
		return v.note(http.StatusConflict, "This cannot be removed yet", "It pays for a plan of yours. Let another payment method pay first.")
	}
	if _, err := v.call("POST /v1/payment_methods/" + m.ID() + "/detach"); err != nil && refusal(err) == nil {
		return err
	}
	v.lead(v.Base + "?done=removed")
	return nil
}

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
