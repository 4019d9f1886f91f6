package portal

import (
	"errors"
	"net/http"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
)

// newMethod is the form of a card.
type newMethod struct {
	Once  string // names the form, so that it is taken once
	Typed card.Typed
	Words *card.Words
	// Remote is the processor's field for a card; nil in test mode, and where there is none.
	Remote *card.Remote
	remote string // the payment method that was typed into it
}

// Takes reports whether a card can be typed at all.
func (f *newMethod) Takes(test bool) bool { return test || f.Remote != nil }

// missing are the fields that nothing usable was typed into.
func (f *newMethod) missing() map[string]string {
	if f.Remote == nil {
		return f.Typed.Missing(f.Words)
	}
	if f.remote == "" {
		return map[string]string{card.RemoteMethod: f.Words.NeedsScript}
	}
	return nil
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
	v.field(form)
	return v.showCard(http.StatusOK, form, nil)
}

func (v *visit) showCard(status int, form *newMethod, faults map[string]string) error {
	form.Words = card.WordsFor(v.Lang)
	v.frame(form.Remote)
	return v.render(status, "method", &page{Title: "Add a payment method", Data: form, Faults: faults})
}

// addMethod saves the card that was typed. The bank may want to see the customer first.
func addMethod(v *visit) error {
	form := &newMethod{Once: v.r.PostForm.Get("once"), Typed: card.Read(v.r.PostForm), remote: v.r.PostForm.Get(card.RemoteMethod)}
	if err := v.load(nil); err != nil {
		return err
	}
	v.field(form)
	if !form.Takes(v.Test) {
		return v.showCard(http.StatusForbidden, form, nil)
	}
	if faults := form.missing(); len(faults) > 0 {
		return v.showCard(http.StatusUnprocessableEntity, form, faults)
	}
	err := v.load(func(op *resource.Op) error {
		op.Then(func(*resource.Op, *apierr.Error) error { return nil }) // a decline is no error: the intent tells of it
		return v.setUp(op, form)
	})
	var intent *object.Object
	if err == nil {
		intent, err = v.takeLast()
	}
	if refused := refusal(err); refused != nil {
		return v.declined(form, refused.Code, refused.DeclineCode, refused.Message)
	}
	if err != nil {
		return err
	}
	return v.follow(form, intent)
}

// field shows the processor's field where money is real.
func (v *visit) field(form *newMethod) {
	form.Words = card.WordsFor(v.Lang)
	form.Remote = card.NewRemote(v.Engine.Processor(v.ns), remoteAsset.Path, "setup", 0, "", v.Lang)
}

// frame lets the page load what the processor's field needs.
func (v *visit) frame(f *card.Remote) {
	if f != nil {
		v.w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data: https:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"+f.Policy())
	}
}

// setUp makes a payment method of a card and asks the bank. A form that was taken before does nothing.
func (v *visit) setUp(op *resource.Op, form *newMethod) error {
	if last := v.notes.Object(setUp); form.Once != "" && last.String("once") == form.Once {
		return nil
	}
	id := form.remote
	if form.Remote == nil {
		pm, err := op.Create("payment_method", form.Typed.Params())
		if err != nil {
			return err
		}
		id = pm.ID()
	}
	intent, err := op.Create("setup_intent", object.Of("customer", v.Customer.ID(), "payment_method", id, "payment_method_types", []any{"card"}, "usage", "off_session",
		"confirm", true, "return_url", op.BaseURL()+v.Base+"/payment-methods/back"))
	if kept := (resource.ErrKept{}); err != nil && !errors.As(err, &kept) {
		return err // a decline is no error: the intent tells of it
	}
	v.notes.Set(setUp, object.Of("once", form.Once, "intent", intent.ID()))
	return op.SetPrivate(v.session, v.notes)
}

// takeLast is how the setup of the card that was typed last stands. The first time that it has come to its end, its method
// pays from then on.
func (v *visit) takeLast() (intent *object.Object, err error) {
	err = v.load(func(op *resource.Op) (err error) {
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
	return intent, err
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
		return v.toBank(card.NextPage(intent))
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
	v.field(form)
	field := card.FieldOf(code)
	if form.Remote != nil {
		field = card.RemoteMethod
	}
	return v.showCard(http.StatusPaymentRequired, form, map[string]string{field: message})
}

// toBank leads the browser to the page of a bank, which in live mode is another server's.
func (v *visit) toBank(to string) error {
	if !v.Test {
		if away := card.NewAway(v.w.Header(), to, v.Lang); away != nil {
			return v.show("away", "One moment", away)
		}
	}
	v.lead(to)
	return nil
}

// backFromBank goes on with the card that was typed last. What the address says of it is not relied on.
func backFromBank(v *visit) error {
	intent, err := v.takeLast()
	if err != nil {
		return err
	}
	if intent == nil || intent.String("status") == "requires_action" {
		v.lead(v.Base + "/payment-methods/new")
		return nil
	}
	return v.follow(&newMethod{}, intent)
}
