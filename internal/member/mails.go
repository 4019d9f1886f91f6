package member

import (
	"net/url"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// writeCode sends the digits and the link to who has the address. Whoever has none is told how to become a member.
func (d *Desk) writeCode(op *resource.Op, ext, customer *object.Object, email, digits, link string, who CodeFor) error {
	if d.Mail == nil {
		return nil
	}
	base := op.BaseURL() + PagesOf(ext)
	if customer == nil {
		locales := []any{who.Locale}
		_, err := mail.Stranger{To: email, For: ext.String("name"), Locales: locales, SignUp: base + "/pricing"}.Send(d.Mail, op)
		return err
	}
	q := url.Values{"token": {link}}
	if who.Next != "" {
		q.Set("next", who.Next)
	}
	_, err := mail.SignInCode{To: email, For: ext.String("name"), Customer: customer.ID(), Locales: customer.Array("preferred_locales"), Code: digits, Link: base + "/login/link?" + q.Encode(), Valid: loginCodeLife}.Send(d.Mail, op)
	return err
}

// Greet welcomes a new member, and says where the extension is.
func (d *Desk) Greet(op *resource.Op, ext, customer *object.Object) error {
	if d.Mail == nil {
		return nil
	}
	_, err := mail.Welcome{To: customer.String("email"), For: ext.String("name"), Customer: customer.ID(), Locales: customer.Array("preferred_locales"), Download: op.BaseURL() + PagesOf(ext) + "/download"}.Send(d.Mail, op)
	return err
}
