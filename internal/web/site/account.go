package site

import (
	"net/http"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// account is what a member sees of their membership.
type account struct {
	Code     string
	Plan     planView
	Method   *object.Object // the card that pays; nil if there is none
	Invoices []*object.Object
	Devices  devices
	Shares   int
	Coming   *object.Object // the payment that failed: the open invoice
	Awaited  *object.Object // the invoice with which a plan begins, if it is to be paid by hand
}

// planView is a member's plan in terms of what can be done about it.
type planView struct {
	Price   *object.Object
	Paid    bool
	Gift    bool
	PastDue bool
	Billed  bool  // by invoices that are paid by hand
	Trial   int64 // when the trial ends; 0 if there is none
	Ends    int64 // when the plan ends; 0 if it goes on
	Renews  int64 // when it is paid again; 0 if it is not
}

func (v *visit) planView() planView {
	s := v.Standing
	p := planView{Price: s.Price, Paid: s.Paid, Gift: v.granted()}
	if !s.Paid {
		return p
	}
	sub := s.Subscription
	p.Billed = billed(sub)
	p.PastDue = sub.String("status") == "past_due"
	if sub.String("status") == "trialing" {
		p.Trial = sub.Int("trial_end")
	}
	if p.Ends = sub.Int("cancel_at"); p.Ends == 0 {
		p.Renews = periodEnd(sub)
	}
	return p
}

// periodEnd is when what was paid for is over.
func periodEnd(sub *object.Object) int64 {
	var end int64
	for _, item := range sub.Object("items").Array("data") {
		end = max(end, item.(*object.Object).Int("current_period_end"))
	}
	return end
}

func showAccount(v *visit) error {
	a := &account{}
	err := v.load(func(op *resource.Op) (err error) {
		if v.Customer == nil {
			return nil
		}
		return v.readAccount(op, a)
	})
	if err != nil || !v.signedIn() {
		return err
	}
	p := &page{Title: "Your account", Data: a, Good: done[v.Query("done")]}
	return v.render(http.StatusOK, "account", p)
}

// done are what an action says when it has been done, by the end of the address that it leads to.
var done = map[string]string{
	"canceled": "Your plan is canceled. It stays yours until it ends.", "resumed": "Your plan goes on.", "card": "Your card was saved.", "paid": "Thank you, the payment has arrived.",
	"device": "The device was signed out.", "share": "The short link was deleted.", "changed": "Your plan was changed.",
}

func (v *visit) readAccount(op *resource.Op, a *account) (err error) {
	if err := member.Tidy(op, v.Extension, v.Customer); err != nil {
		return err
	}
	if err := v.stand(op); err != nil {
		return err
	}
	a.Plan = v.planView()
	if a.Code, err = member.PageCode(op, v.Extension, v.session); err != nil {
		return err
	}
	if a.Method, err = payingMethod(op, v.Customer, v.Standing.Subscription); err != nil {
		return err
	}
	if err := v.readInvoices(op, a); err != nil {
		return err
	}
	if a.Awaited, err = v.awaited(op); err != nil {
		return err
	}
	shares, err := member.SharesOf(op, v.Customer.ID())
	if err != nil {
		return err
	}
	a.Shares = len(shares)
	return v.readDevices(op, a)
}

func (v *visit) readDevices(op *resource.Op, a *account) (err error) {
	if a.Devices.Installs, err = member.DevicesOf(op, v.Extension, v.Customer.ID()); err != nil {
		return err
	}
	a.Devices.Here = v.session.ID()
	a.Devices.Browsers, err = member.SessionsOf(op, v.Customer.ID())
	return err
}

// readInvoices finds what was billed, newest first, and what waits to be paid.
func (v *visit) readInvoices(op *resource.Op, a *account) error {
	all, err := op.Lookup("invoice", "customer", v.Customer.ID())
	if err != nil {
		return err
	}
	for _, in := range all {
		if in.String("status") == "draft" || in.Int("total") == 0 {
			continue
		}
		a.Invoices = append(a.Invoices, in)
		if in.String("status") == "open" && a.Coming == nil {
			a.Coming = in
		}
	}
	return nil
}

// payingMethod is what a subscription is paid with.
func payingMethod(op *resource.Op, customer, sub *object.Object) (*object.Object, error) {
	id := sub.Ref("default_payment_method")
	if id == "" {
		id = customer.Object("invoice_settings").Ref("default_payment_method")
	}
	if id == "" {
		return nil, nil
	}
	return op.Find("payment_method", id)
}

// act runs what a member does in their account, and leads back there with what was done.
func (v *visit) act(what string, deed func(op *resource.Op) error) error {
	err := v.load(func(op *resource.Op) error {
		if v.Customer == nil {
			return nil
		}
		return deed(op)
	})
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError && api.Status != http.StatusNotFound {
		return v.note(api.Status, "This cannot be done", api.Message)
	}
	if err == nil && v.signedIn() {
		v.lead(v.Base + "/account?done=" + what)
	}
	return err
}

// cancelPlan ends the plan with the period that is paid for; one that nothing was paid for yet ends with its trial.
func cancelPlan(v *visit) error {
	return v.act("canceled", func(op *resource.Op) error {
		if !v.Standing.Paid || v.granted() {
			return nil
		}
		return op.Update(v.Standing.Subscription, object.Of("cancel_at_period_end", true))
	})
}

// resumePlan takes a cancellation back, whether it was made here or in the portal, which sets a date.
func resumePlan(v *visit) error {
	if err := v.load(nil); err != nil || !v.signedIn() {
		return err
	}
	if sub := v.Standing.Subscription; v.Standing.Paid && !v.granted() {
		undo := []string{"cancel_at", ""}
		if sub.Bool("cancel_at_period_end") {
			undo = []string{"cancel_at_period_end", "false"}
		}
		if _, err := v.call("POST /v1/subscriptions/"+sub.ID(), undo...); err != nil {
			return err
		}
	}
	v.lead(v.Base + "/account?done=resumed")
	return nil
}

// granted reports whether the plan is a gift, which is the seller's to change.
func (v *visit) granted() bool { return v.Standing.Subscription.Object("metadata").Has("grant") }

func revokeDevice(v *visit) error {
	return v.act("device", func(op *resource.Op) error {
		devices, err := member.DevicesOf(op, v.Extension, v.Customer.ID())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(devices, func(d *object.Object) bool { return d.ID() == v.r.PostForm.Get("device") })
		if i < 0 {
			return nil // signed out already
		}
		return member.Revoke(op, devices[i])
	})
}

func revokeSession(v *visit) error {
	return v.act("device", func(op *resource.Op) error {
		sessions, err := member.SessionsOf(op, v.Customer.ID())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sessions, func(s *object.Object) bool { return s.ID() == v.r.PostForm.Get("session") })
		if i < 0 {
			return nil
		}
		return member.SignOut(op, sessions[i])
	})
}

// changePaymentMethod leads to where a card is saved; it becomes the one that pays.
func changePaymentMethod(v *visit) error {
	var to string
	err := v.load(func(op *resource.Op) error {
		if v.Customer == nil {
			return nil
		}
		base := op.BaseURL() + v.Base
		params := object.Of("mode", "setup", "customer", v.Customer.ID(), "currency", v.currency(),
			"success_url", base+"/account/card?session_id={CHECKOUT_SESSION_ID}", "cancel_url", base+"/account")
		session, err := op.Create("checkout.session", params)
		to = session.String("url")
		return err
	})
	if err == nil && v.signedIn() {
		v.lead(to)
	}
	return err
}

// takeCard lets the card that was just saved pay from now on. It is read from the session that saved it, so the address
// does nothing for anybody else, and the same when it is opened again.
func takeCard(v *visit) error {
	return v.act("card", func(op *resource.Op) error {
		session, err := op.Find("checkout.session", v.Query("session_id"))
		if err != nil || session == nil || session.Ref("customer") != v.Customer.ID() || session.String("status") != "complete" {
			return err
		}
		intent, err := op.Find("setup_intent", session.Ref("setup_intent"))
		if err != nil || intent.Ref("payment_method") == "" {
			return err
		}
		card := intent.Ref("payment_method")
		if err := op.Update(v.Customer, object.Of("invoice_settings", object.Of("default_payment_method", card))); err != nil || v.Standing.Subscription == nil {
			return err
		}
		return op.Update(v.Standing.Subscription, object.Of("default_payment_method", card))
	})
}

// payNow tries the payment again that failed, with the card that pays now.
func payNow(v *visit) error {
	a := &account{}
	if err := v.load(func(op *resource.Op) error {
		if v.Customer == nil {
			return nil
		}
		return v.readInvoices(op, a)
	}); err != nil || !v.signedIn() {
		return err
	}
	if a.Coming == nil {
		v.lead(v.Base + "/account")
		return nil
	}
	if _, err := v.call("POST /v1/invoices/" + a.Coming.ID() + "/pay"); err != nil {
		if apierr.As(err) == nil {
			return err
		}
		v.lead(a.Coming.String("hosted_invoice_url")) // where another card can be typed, and the bank be asked
		return nil
	}
	v.lead(v.Base + "/account?done=paid")
	return nil
}

// currency is what a member pays in.
func (v *visit) currency() string {
	if currency := v.Standing.Price.String("currency"); currency != "" {
		return currency
	}
	return "usd"
}
