package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The hosted page of a checkout session. Who has its address may read it and act as the customer. What it shows is what
// the page of a session shows to every script (checkout_page.go), and more (checkout_hosted_shown.go).
//
// What comes of an act is in `outcome` of the visit, for none of it is an error:
//
//	done      the customer has done what they could: they go on, or wait
//	changed   what the session comes to is not what they saw, as by what they typed just now: nothing was paid
//	old       something else has happened since they saw the page: nothing was done
//	declined  `error` says why

// What comes of a visit.
const (
	visitDone     = "done"
	visitChanged  = "changed"
	visitOld      = "old"
	visitDeclined = "declined"
)

// VisitCheckout reads what the page shows. kept is the id of a card that was typed into it before; empty for none.
func VisitCheckout(op *resource.Op, id, kept string) (*object.Object, error) {
	s, err := visitedSession(op, id)
	if err != nil {
		return nil, err
	}
	pm, err := cardAtCheckout(op, s, newParams("payment_method", kept), nil)
	if err != nil {
		return nil, err
	}
	return hostedOf(op, s, pm)
}

// ChooseAtCheckout takes what the customer chose so far. card are the parameters of the card that they have typed
// already, or nil: it is made, so that it need not be typed again, and can be named by its id from then on.
func ChooseAtCheckout(op *resource.Op, id string, typed, card *object.Object) (*object.Object, error) {
	s, err := visitedSession(op, id)
	if err != nil {
		return nil, err
	}
	if err := checkActive(s); err != nil {
		return nil, err
	}
	if id := typed.String("payment_method_to_detach"); id != "" {
		if err := forgetMethod(op, s, id); err != nil {
			return nil, err
		}
	}
	pm, err := cardAtCheckout(op, s, typed, card)
	if err != nil {
		return nil, err
	}
	if err := takeTyped(op, s, typed, nil); err != nil {
		return nil, err
	}
	op.Save(s)
	return hostedOf(op, s, pm)
}

// PayAtCheckout takes what the customer typed and lets them pay, if the page that they saw is still true: seen is its
// mark. A form that is sent twice does nothing the second time.
func PayAtCheckout(op *resource.Op, id, seen string, typed, card *object.Object) (*object.Object, error) {
	s, err := visitedSession(op, id)
	if err != nil {
		return nil, err
	}
	before, err := hostedOf(op, s, nil)
	if err != nil {
		return nil, err
	}
	if before.String("seen") != seen || s.String("status") != "open" {
		before.Set("outcome", visitOld)
		return before, nil
	}
	kept, err := cardAtCheckout(op, s, typed, card)
	if err != nil {
		return nil, err
	}
	pays := kept
	if id := typed.String("payment_method"); kept == nil && id != "" {
		if pays, err = getMethod(op, id, "payment_method"); err != nil {
			return nil, err
		}
	}
	if err := takeTyped(op, s, typed, pays); err != nil {
		return nil, err
	}
	op.Save(s)
	after, err := hostedOf(op, s, kept)
	if err != nil {
		return nil, err
	}
	if after.String("seen") != seen {
		after.Set("outcome", visitChanged)
		return after, nil
	}
	return confirmVisit(op, s, pays, typed)
}

// confirmVisit pays what was typed, with a payment method, or nil.
func confirmVisit(op *resource.Op, s, pm, typed *object.Object) (*object.Object, error) {
	if typed.Has("save_payment_method") {
		if err := saveForLater(op, s, typed.Bool("save_payment_method")); err != nil {
			return nil, err
		}
	}
	final := typed.Clone()
	final.Set("expected_amount", s.Int("amount_total"))
	if pm != nil {
		final.Set("payment_method", pm.ID())
	}
	confirm := confirmSession
	if final.Has(manualParam) {
		confirm = confirmManually
	}
	failed := confirm(op, s, final)
	var kept resource.ErrKept
	if failed != nil && !errors.As(failed, &kept) {
		return nil, failed
	}
	id := s.ID()
	op.Then(func(op *resource.Op, failed *apierr.Error) error {
		s, err := visitedSession(op, id)
		if err == nil {
			op.Result, err = visitOutcome(op, s, failed)
		}
		return err
	})
	return visitOutcome(op, s, kept.Err)
}

// visitOutcome is the page after the customer has paid, or was declined.
func visitOutcome(op *resource.Op, s *object.Object, declined *apierr.Error) (*object.Object, error) {
	after, err := hostedOf(op, s, nil)
	if err != nil {
		return nil, err
	}
	after.Set("outcome", visitDone)
	if declined != nil {
		after.Set("outcome", visitDeclined)
		after.Set("error", newParams("code", declined.Code, "decline_code", declined.DeclineCode, "message", declined.Message))
	}
	return after, nil
}

// visitedSession is the session of a page, at the customer's time.
func visitedSession(op *resource.Op, id string) (*object.Object, error) {
	s, err := op.Find("checkout.session", id)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, apierr.Missing("checkout.session", id, "session")
	}
	return s, op.KeepTimeOf(s)
}

// cardAtCheckout makes the card that was typed, or finds the one that was typed into this page before; nil for neither.
func cardAtCheckout(op *resource.Op, s, typed, card *object.Object) (*object.Object, error) {
	const name = "typed_methods"
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	if card == nil {
		id := typed.String("payment_method")
		if !slices.Contains(private.Array(name), any(id)) {
			return nil, nil
		}
		return op.Find("payment_method", id)
	}
	pm, err := op.Create("payment_method", card)
	if err != nil {
		return nil, err
	}
	private.Set(name, append(slices.Clone(private.Array(name)), pm.ID()))
	return pm, op.SetPrivate(s, private)
}

// markVisit marks what a customer sees before they pay: what is bought, what it comes to now and later, a hyphen, and how
// the last try ended.
func markVisit(s, shown *object.Object) string {
	intent := shown.Object("intent")
	action, _ := intent.At("next_action", "redirect_to_url", "url").(string)
	failed := intent.Object("last_payment_error")
	if failed == nil {
		failed = intent.Object("last_setup_error")
	}
	order := []any{shown.Object("page").Get("line_item_group"), shown.Get("recurring"), s.Get("discounts")}
	return markOf(object.AppendValue(nil, order, 0)) + "-" +
		markOf([]byte(strings.Join([]string{intent.String("status"), intent.Ref("latest_charge"), intent.Ref("latest_attempt"), action, failed.Object("payment_method").ID()}, " ")))
}

func markOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// CustomerTaxID is the type of a tax id by the country that its owner is in; empty if there is none of that form. Numbers
// of the European Union say themselves where they are from.
func CustomerTaxID(country, value string) string {
	country = strings.ToLower(country)
	var kinds []string
	for kind := range taxIDForms {
		if strings.HasPrefix(kind, country+"_") {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	for _, kind := range append([]string{"eu_vat"}, kinds...) {
		if country != "" && validTaxID(kind, value) {
			return kind
		}
	}
	return ""
}
