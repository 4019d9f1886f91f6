package member

import (
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The login page of a customer portal lets customers in by the codes that members log in with. page is the configuration
// that it belongs to. Whoever asks is told the same whether a customer has the address or not, but only customers are
// written to: a seller's customers have not asked this server for anything.

// MailPortalCode sends a code to an address.
func (d *Desk) MailPortalCode(op *resource.Op, page *object.Object, who CodeFor) (*object.Object, error) {
	email := normalEmail(who.Email)
	if err := checkCodes(op, email, who); err != nil {
		return nil, err
	}
	customer, err := portalCustomer(op, strings.TrimSpace(who.Email))
	if err != nil {
		return nil, err
	}
	c, err := issueCode(op, page.ID(), email, customer, who)
	if customer == nil || err != nil || d.Mail == nil {
		return c.Object, err
	}
	_, err = mail.SignInCode{
		To: customer.String("email"), Customer: customer.ID(), Locales: customer.Array("preferred_locales"), Code: c.digits, Valid: loginCodeLife,
		Link: page.Object("login_page").String("url") + "/link?" + url.Values{"token": {c.link}}.Encode(),
	}.Send(d.Mail, op)
	return c.Object, err
}

// portalCustomer is who has an address: the newest customer with a subscription that has not ended, else the newest.
func portalCustomer(op *resource.Op, email string) (*object.Object, error) {
	all, err := op.Lookup("customer", "email", email)
	if lower := normalEmail(email); err == nil && lower != email {
		var more []*object.Object
		more, err = op.Lookup("customer", "email", lower)
		all = append(all, more...)
	}
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, c := range all {
		subs, err := op.Lookup("subscription", "customer", c.ID())
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(subs, func(s *object.Object) bool {
			return s.String("status") != "canceled" && s.String("status") != "incomplete_expired"
		}) {
			return c, nil
		}
	}
	return all[0], nil
}

// RedeemPortalDigits is the customer who typed the digits in the browser that asked for them.
func RedeemPortalDigits(op *resource.Op, page *object.Object, id, browser, digits string) (*object.Object, error) {
	return redeemIn(op, page.ID(), id, browser, digits)
}

// RedeemPortalLink is the customer who followed the link of the mail; nil if it was used or is too old.
func RedeemPortalLink(op *resource.Op, page *object.Object, token string) (*object.Object, error) {
	return redeemLink(op, page.ID(), token)
}
