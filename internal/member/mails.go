package member

import (
	"net/url"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// mailCode sends the digits and the link to who has the address. Whoever has none is told how to become a member.
func mailCode(op *resource.Op, ext, customer *object.Object, email, digits, link, next string) error {
	name, pages := ext.String("name"), op.BaseURL()+PagesOf(ext)
	if customer == nil {
		_, err := mail.NoMember{To: email, For: name, SignUp: pages + "/signup"}.Send(op)
		return err
	}
	q := url.Values{"token": {link}}
	if next != "" {
		q.Set("next", next)
	}
	_, err := mail.SignInCode{
		To: email, For: name, Customer: customer.ID(), Locales: customer.Array("preferred_locales"), Code: digits, Link: pages + "/login/link?" + q.Encode(), Valid: loginCodeLife,
	}.Send(op)
	return err
}

// mailWelcome says where the extension is, for another browser or another day.
func mailWelcome(op *resource.Op, ext, customer *object.Object) error {
	_, err := mail.Welcome{
		To: customer.String("email"), For: ext.String("name"), Customer: customer.ID(), Locales: customer.Array("preferred_locales"), Download: op.BaseURL() + PagesOf(ext) + "/download",
	}.Send(op)
	return err
}
