// Package member holds the rules of those who use an extension: who they are, on which plan, in which browsers, and what
// they share. Money is not its business: a member is a customer, a plan is a price, Pro is a subscription and what Pro
// unlocks is an entitlement, all of which package billing keeps.
//
//	extension   what a seller sells, with its plans and the keys that sign for its members
//	install     one copy of it in one browser, paired with a member
//	session     one browser in which a member is signed in to the pages
//	login code  six digits on their way to a member's address
//	share       a short link of a member
//	grant       a paid plan for nothing
//
// An install calls the API with the publishable key, which everybody can read, and proves itself with its client secret.
package member

import (
	"slices"
	"strings"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

var all []resource.Rules

// register adds the rules of a kind.
func register(r resource.Rules) { all = append(all, r) }

// Desk is where members sign in: it writes to them.
type Desk struct {
	Mail *mail.Mailer // nil writes nothing
}

// Rules are all rules, for the engine.
func (d *Desk) Rules() []resource.Rules { return append(slices.Clone(all), d.loginCodes()) }

// Of tells who uses an install and on which plan. customer is nil if nobody is logged in.
func Of(op *resource.Op, ext, ins, customer *object.Object) (*object.Object, error) {
	m := object.Of("object", "member", "install", ins.ID(), "livemode", op.Live(), "past_due", false, "paid", false, "devices", int64(0), "features", []any{})
	for _, name := range []string{"cancel_at", "customer", "email", "paid_at", "plan", "status", "tokens", "trial_end", "trial_start"} {
		m.Set(name, nil)
	}
	m.Set("urls", urlsOf(op, ext))
	if customer == nil {
		return m, nil
	}
	m.Set("customer", customer.ID())
	m.Set("email", customer.Get("email"))
	s, err := StandingOf(op, ext, customer)
	if err != nil {
		return nil, err
	}
	s.describe(m)
	devices, err := DevicesOf(op, ext, customer.ID())
	if err != nil {
		return nil, err
	}
	m.Set("devices", int64(len(devices)))
	tokens, err := signMember(op, ext, m, s.validFor(op, ext))
	m.Set("tokens", tokens)
	return m, err
}

// urlsOf are the pages of an extension's members.
func urlsOf(op *resource.Op, ext *object.Object) *object.Object {
	base := op.BaseURL() + PagesOf(ext)
	return object.Of("account", base+"/account", "pricing", base+"/pricing", "upgrade", base+"/upgrade")
}

// PagesOf is what the paths of an extension's pages begin with: nothing for the one whose pages are the server's own.
func PagesOf(ext *object.Object) string {
	if ext.Object("metadata").String(houseKey) == "true" {
		return ""
	}
	return "/e/" + ext.ID()
}

// houseKey marks the extension that the server's own pages sell.
const houseKey = "sharesmart_house"

// normalEmail is an address as it is kept and compared: what stands before and after the @ in small letters.
func normalEmail(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }
