package member

import (
	"net/mail"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Whoever signs up is a member at once, as nobody wants to wait for a mail. So an address counts as claimed until its
// mail was read: signing up with somebody else's gives a membership of one's own and nothing of theirs, and tells
// nothing of whether they have one. The first code that arrives verifies the address, and signs out whoever used the
// membership before, unless it is the browser that types the code.

// verifiedKey notes in a customer's private part when its address was verified.
const verifiedKey = "email_verified_at"

// NewMember is what signing up needs.
type NewMember struct {
	Email  string
	Locale string
}

// SignUp makes a member.
func SignUp(op *resource.Op, ext *object.Object, who NewMember) (*object.Object, error) {
	email := normalEmail(who.Email)
	if !isEmail(email) {
		return nil, apierr.Invalid("email_invalid", "email", "Invalid email address: %s", who.Email)
	}
	params := object.Of("email", email, "metadata", object.Of("extension", ext.ID()))
	if who.Locale != "" {
		params.Set("preferred_locales", []any{who.Locale})
	}
	if clock := ext.Ref("test_clock"); clock != "" {
		params.Set("test_clock", clock)
	}
	customer, err := op.Create("customer", params)
	if err != nil {
		return nil, err
	}
	return customer, op.KeepTimeOf(customer)
}

// isEmail reports whether something can be an address: one that mail can be sent to, and nothing around it.
func isEmail(email string) bool {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 {
		return false
	}
	_, domain, _ := strings.Cut(email, "@")
	return strings.Contains(domain, ".") && !strings.ContainsAny(email, " \t\r\n<>\"")
}

// StartFree puts a new member on the free plan.
func StartFree(op *resource.Op, ext, customer *object.Object) error {
	free := ext.Ref("free_price")
	if free == "" {
		return nil
	}
	_, err := op.Create("subscription", object.Of("customer", customer.ID(), "items", []any{object.Of("price", free)}))
	return err
}

// StartTrial puts a new member on a paid plan for the extension's trial, without a card. Without one at its end, the
// subscription is canceled, and the member is back on the free plan. An address has one trial: the next time it begins
// with the free plan.
func StartTrial(op *resource.Op, ext, customer *object.Object, price string) error {
	days := ext.Int("trial_period_days")
	had, err := HadTrial(op, ext, customer)
	if err != nil {
		return err
	}
	if days == 0 || had {
		return StartFree(op, ext, customer)
	}
	_, err = op.Create("subscription", object.Of("customer", customer.ID(), "items", []any{object.Of("price", price)}, "trial_period_days", days,
		"trial_settings", object.Of("end_behavior", object.Of("missing_payment_method", "cancel"))))
	return err
}

// HadTrial reports whether somebody with the member's address has had a trial of a paid plan of the extension.
func HadTrial(op *resource.Op, ext, customer *object.Object) (bool, error) {
	plans, err := plansOf(op, ext)
	if err != nil {
		return false, err
	}
	customers, err := op.Lookup("customer", "email", customer.String("email"))
	if err != nil {
		return false, err
	}
	for _, c := range customers {
		subscriptions, err := op.Lookup("subscription", "customer", c.ID())
		if err != nil {
			return false, err
		}
		for _, s := range subscriptions {
			if _, paid := plans.priceIn(s); paid && s.Get("trial_start") != nil {
				return true, nil
			}
		}
	}
	return false, nil
}

// memberByEmail is the customer who logs in with an address: one whose address was verified, else one who pays, else the
// one who came first; nil if nobody has the address.
func memberByEmail(op *resource.Op, ext *object.Object, email string) (*object.Object, error) {
	customers, err := op.Lookup("customer", "email", email)
	if err != nil {
		return nil, err
	}
	var best *object.Object
	most := -1
	for _, c := range customers { // newest first
		rank := 0
		private, err := op.Private(c)
		if err != nil {
			return nil, err
		}
		if private.Has(verifiedKey) {
			rank += 2
		}
		s, err := StandingOf(op, ext, c)
		if err != nil {
			return nil, err
		}
		if s.Paid {
			rank++
		}
		if rank >= most {
			best, most = c, rank
		}
	}
	return best, nil
}

// Keeps is what a member who verifies their address is using at that moment.
type Keeps struct {
	Install string
	Session string
}

// verify notes that a member has read mail at their address. If that is the first time, it may not have been them who
// signed up, so all that was signed in elsewhere is signed out.
func verify(op *resource.Op, ext, customer *object.Object, keeps Keeps) error {
	private, err := op.Private(customer)
	if err != nil || private.Has(verifiedKey) {
		return err
	}
	private.Set(verifiedKey, op.WallNow().Unix())
	if err := op.SetPrivate(customer, private); err != nil {
		return err
	}
	sessions, err := SessionsOf(op, customer.ID())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if s.ID() == keeps.Session {
			return nil // the browser that signed up reads the mail
		}
	}
	for _, s := range sessions {
		if err := SignOut(op, s); err != nil {
			return err
		}
	}
	devices, err := DevicesOf(op, ext, customer.ID())
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.ID() == keeps.Install {
			continue
		}
		if err := Revoke(op, d); err != nil {
			return err
		}
	}
	return nil
}

// Tidy ends the free subscription of a member who pays by now: it gave the plan its place, and would go on for
// ever.
func Tidy(op *resource.Op, ext, customer *object.Object) error {
	s, err := StandingOf(op, ext, customer)
	if err != nil || !s.Paid {
		return err
	}
	plans, err := plansOf(op, ext)
	if err != nil {
		return err
	}
	subscriptions, err := op.Lookup("subscription", "customer", customer.ID())
	if err != nil {
		return err
	}
	for _, sub := range subscriptions {
		if price, paid := plans.priceIn(sub); price != nil && !paid && givesAccess(sub) {
			if err := billing.CancelSubscription(op, sub); err != nil {
				return err
			}
		}
	}
	return nil
}

// formLife is how long a form can be sent.
const formLife = 2 * time.Hour

// NewForm makes what a form of the sign-up carries, so that it makes one member however often it is sent: the id that
// the member will have. It counts only in the browser that it was made for.
func NewForm(op *resource.Op, ext *object.Object, browser string) (string, error) {
	return sealed(op, ext, "form", object.Of("c", op.NewID("customer"), "b", hashed(browser), "e", op.WallNow().Add(formLife).Unix()))
}

// SignUpOnce is SignUp for a form. known says that it was sent before.
func SignUpOnce(op *resource.Op, ext *object.Object, form, browser string, who NewMember) (customer *object.Object, known bool, err error) {
	o, err := unsealed(op, ext, "form", form)
	if err != nil {
		return nil, false, err
	}
	if !isSecret(browser, o.String("b")) {
		return nil, false, apierr.Invalid("", "form", "This form is too old. Send it once more.")
	}
	customer, err = op.Find("customer", o.String("c"))
	if err != nil {
		return nil, false, err
	}
	if customer != nil {
		if customer.String("email") != normalEmail(who.Email) {
			return nil, false, apierr.Invalid("", "form", "This form was sent already. Send it once more.")
		}
		return customer, true, op.KeepTimeOf(customer)
	}
	op.Choose("customer", o.String("c"))
	customer, err = SignUp(op, ext, who)
	return customer, false, err
}
