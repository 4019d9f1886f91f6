package site

import (
	"net/http"

	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// arrival is what the page after the payment shows: what is left to do until the extension works.
type arrival struct {
	Code    string          // the extension takes it from the page
	Pairing *member.Pairing // an install that waits to be connected
	Devices int
	Packs   []pack
	Browser string
	Paid    bool           // the visitor comes from paying
	Unpaid  bool           // the visitor comes from a payment that has not arrived
	Awaited *object.Object // the invoice that is to be paid by hand; nil if none waits
}

// showAfterPayment congratulates, and connects the extension. What somebody has is read from their membership and not from
// the address, so coming here without having paid gives nothing.
func showAfterPayment(v *visit) error {
	a := &arrival{Packs: v.packs(), Browser: browserFamily(v.r.UserAgent())}
	foreign := false
	err := v.load(func(op *resource.Op) (err error) {
		if v.Customer == nil {
			return nil
		}
		if foreign, err = v.arrive(op, a); err != nil || foreign {
			return err
		}
		return v.prepare(op, a)
	})
	switch {
	case err != nil:
		return err
	case foreign:
		return v.note(http.StatusForbidden, "This payment is not of this browser", "Log in with the e-mail that you paid with. Your membership is where you left it.")
	case !v.signedIn():
		return nil
	}
	return v.show("after_payment", "After payment", a)
}

// arrive looks at the checkout session that the visitor comes from.
func (v *visit) arrive(op *resource.Op, a *arrival) (foreign bool, err error) {
	id := v.Query("session_id")
	if id == "" {
		return false, nil
	}
	session, err := op.Find("checkout.session", id)
	if err != nil {
		return false, err
	}
	if session == nil || session.Ref("customer") != v.Customer.ID() {
		return true, nil
	}
	a.Paid = session.String("status") == "complete" && session.String("payment_status") != "unpaid"
	a.Unpaid = session.String("status") != "complete"
	return false, nil
}

// prepare finds what connects the extension.
func (v *visit) prepare(op *resource.Op, a *arrival) (err error) {
	if err := member.Tidy(op, v.Extension, v.Customer); err != nil {
		return err
	}
	if err := v.stand(op); err != nil {
		return err
	}
	devices, err := member.DevicesOf(op, v.Extension, v.Customer.ID())
	if err != nil {
		return err
	}
	a.Devices = len(devices)
	if a.Pairing, err = member.PairingOf(op, v.Extension, v.Query("pair")); err != nil {
		return err
	}
	if a.Awaited, err = v.awaited(op); err != nil {
		return err
	}
	a.Code, err = member.PageCode(op, v.Extension, v.session)
	return err
}

// connect pairs the install that the visitor comes from.
func connect(v *visit) error {
	var p *member.Pairing
	if err := v.load(func(op *resource.Op) (err error) {
		if v.Customer == nil {
			return nil
		}
		if p, err = member.PairingOf(op, v.Extension, v.r.PostForm.Get("pair")); p == nil || err != nil {
			return err
		}
		return p.Pair(op, v.Extension, v.Customer)
	}); err != nil {
		return err
	}
	if v.signedIn() {
		v.lead(v.Base + "/after-payment")
	}
	return nil
}

// devices are the installs and the browsers of a member.
type devices struct {
	Installs []*object.Object
	Browsers []*object.Object
	Here     string // the id of this browser's session
}
