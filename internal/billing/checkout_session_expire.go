package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// expireAction ends a session that nobody is to use any more.
func expireAction(op *resource.Op) error {
	if status := op.Object.String("status"); status != "open" {
		return apierr.Invalid("", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.", status)
	}
	return expireSession(op, op.Object)
}

func expireDue(op *resource.Op) error {
	if op.Object.String("status") != "open" {
		return nil
	}
	return expireSession(op, op.Object)
}

// expireSession ends an open session. What was begun to be paid is ended with it.
//
// Emits payment_intent.canceled or setup_intent.canceled; in subscription mode what an unpaid subscription ends with;
// checkout.session.expired.
func expireSession(op *resource.Op, s *object.Object) error {
	if err := op.Move(s, "expired"); err != nil {
		return err
	}
	s.Set("url", nil)
	if err := op.SetTimer(sessionExpiry, s, time.Time{}); err != nil {
		return err
	}
	if err := dropIntents(op, s); err != nil {
		return err
	}
	if recovery := s.Object("after_expiration").Object("recovery"); recovery.Bool("enabled") {
		recovery.Set("url", op.BaseURL()+"/r/"+placedSecret(op, recoveryLetters))
		recovery.Set("expires_at", op.Now().Add(recoveryLife).Unix())
	}
	return op.Emit("checkout.session.expired", s)
}

// dropIntents ends what a customer has begun at a session and not finished.
func dropIntents(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	sub, err := op.Find("subscription", private.String("subscription"))
	if err != nil {
		return err
	}
	if sub != nil {
		return expireSubscription(op, sub)
	}
	pi, err := op.Find("payment_intent", s.Ref("payment_intent"))
	if err != nil {
		return err
	}
	if pi != nil && isOpen(pi.String("status")) {
		if err := endIntent(op, pi, "expired", op.Now()); err != nil {
			return err
		}
	}
	for _, id := range []string{s.Ref("setup_intent"), private.String("setup_intent")} {
		si, err := op.Find("setup_intent", id)
		if err != nil {
			return err
		}
		if si != nil && isOpen(si.String("status")) {
			if err := endSetup(op, si, ""); err != nil {
				return err
			}
		}
	}
	return nil
}
