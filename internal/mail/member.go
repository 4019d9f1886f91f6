package mail

import (
	"cmp"
	"errors"
	"strconv"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What the site asks for by itself. These are written in the caller's transaction, and leave in test mode as well.

// SignInCode lets somebody sign in who can read the mail of an address.
type SignInCode struct {
	To       string
	For      string // what they sign in to; the seller if empty
	Customer string // id; empty if there is none yet
	Locales  []any  // preferred_locales
	Code     string // six digits
	Link     string // the page that signs in without typing
	Valid    time.Duration
}

// Send writes the message down. An address that is none is ErrNoAddress.
func (s SignInCode) Send(m *Mailer, op *resource.Op) (*object.Object, error) {
	w := wordsFor(s.Locales)
	return m.postTo(op, s.For, &message{kind: kindSignIn, says: kindSignIn, to: s.To, customer: s.Customer, values: map[string]string{"minutes": strconv.Itoa(int(s.Valid.Minutes()))}, letter: letter{
		Words: w, Subject: w.signIn, Heading: w.signInHeading, Text: []string{put(w.signInText, strconv.Itoa(int(s.Valid.Minutes())))}, Code: s.Code,
		Button: link{w.signInLink, s.Link}, After: []string{w.signInIgnore},
	}})
}

// Stranger tells somebody who wants to sign in that no member has their address.
type Stranger struct {
	To      string
	For     string // as in SignInCode
	Locales []any
	SignUp  string // the page to become a member on
}

// Send writes the message down, as SignInCode.Send does.
func (s Stranger) Send(m *Mailer, op *resource.Op) (*object.Object, error) {
	w := wordsFor(s.Locales)
	return m.postTo(op, s.For, &message{kind: kindSignIn, says: textStranger, to: s.To, values: map[string]string{"email": s.To}, letter: letter{
		Words: w, Subject: w.signIn, Heading: w.strangerHeading, Text: []string{put(w.strangerText, s.To)}, Button: link{w.strangerLink, s.SignUp}, After: []string{w.strangerIgnore},
	}})
}

// Welcome greets who has signed up, and says where the extension is.
type Welcome struct {
	To       string
	For      string // as in SignInCode
	Customer string
	Locales  []any
	Download string // the page with the download
}

// Send writes the message down, as SignInCode.Send does.
func (s Welcome) Send(m *Mailer, op *resource.Op) (*object.Object, error) {
	w := wordsFor(s.Locales)
	return m.postTo(op, s.For, &message{kind: kindWelcome, says: kindWelcome, to: s.To, customer: s.Customer, values: map[string]string{"email": s.To}, letter: letter{
		Words: w, Subject: w.welcome, Heading: w.welcome, Text: []string{put(w.welcomeText, s.To)}, Button: link{w.welcomeButton, s.Download}, After: []string{w.welcomeAfter},
	}})
}

// ErrNoAddress says that a message has nobody to go to.
var ErrNoAddress = errors.New("mail: this is no e-mail address")

// postTo refuses an address that is none, where post only notes it: whoever typed it is still there. Subject and heading
// name the product.
func (m *Mailer) postTo(op *resource.Op, product string, msg *message) (_ *object.Object, err error) {
	if !IsAddress(msg.to) {
		return nil, ErrNoAddress
	}
	l := &msg.letter
	l.Base = op.BaseURL()
	if l.Seller, err = sellerIn(op); err != nil {
		return nil, err
	}
	name := oneLine(cmp.Or(product, l.Seller.Name))
	msg.with("product", name)
	l.Subject, l.Heading = put(l.Subject, name), put(l.Heading, name)
	if err := msg.write(); err != nil {
		return nil, err
	}
	return m.post(op, msg)
}
