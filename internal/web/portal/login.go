package portal

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The login page of a configuration: customers type their address and are mailed digits and a link, either of which
// begins a session. What the page says is the same whether somebody has the address or not.

const loginPrefix = Prefix + "login/"

// codesPerAddress is how often one address on the network may ask for codes and type some, in ten minutes.
const (
	codesPerAddress = 40
	codesWindow     = 10 * time.Minute
)

// browserCookie holds the secret by which the browser is known that asked for a code. It lasts an hour.
const browserCookie = "__Host-portal"

// logIn is what the login pages show.
type logIn struct{ Email, Code, Token string }

// loginRoutes are the pages below the address of a login page.
func loginRoutes() map[string]route {
	return map[string]route{
		"GET ":       {"", showLogIn},
		"POST ":      {"", askForCode},
		"GET /code":  {"", showCode},
		"POST /code": {"", typeCode},
		"GET /link":  {"", showLink},
		"POST /link": {"", followLink},
	}
}

// enter runs an operation that knows whose login page it is.
func (v *visit) enter(more func(op *resource.Op) error) error {
	token := v.r.PathValue("token")
	if err := v.at(token); err != nil {
		return err
	}
	_, err := v.Engine.Call(v.r.Context(), v.ns, func(op *resource.Op) (err error) {
		if v.configuration, err = v.Login(op, token); err != nil {
			return err
		}
		if v.configuration == nil {
			return errNothing
		}
		v.Test, v.Return = !op.Live(), v.configuration.String("default_return_url")
		if v.Seller, err = v.Options.Seller(op); err != nil || more == nil {
			return err
		}
		return more(op)
	})
	return err
}

func showLogIn(v *visit) error {
	if err := v.enter(nil); err != nil {
		return err
	}
	return v.show("login", "Log in", &logIn{Email: v.r.FormValue("prefilled_email")})
}

// askForCode mails a code.
func askForCode(v *visit) error {
	var code *object.Object
	email := v.r.PostForm.Get("email")
	err := v.enter(func(op *resource.Op) (err error) {
		if !v.codes.Allow(v.r) {
			return errTooOften
		}
		code, err = v.Desk.MailPortalCode(op, v.configuration, member.CodeFor{Email: email, Browser: v.browser(op), Locale: v.Lang})
		return err
	})
	if refused := refusal(err); refused != nil {
		fault := "Enter an address such as jenny@example.com"
		if refused.Status == http.StatusTooManyRequests {
			fault = "Several codes were sent to this address. Use the last one, or try again in an hour"
		}
		return v.render(refused.Status, "login", &page{Title: "Log in", Data: &logIn{Email: email}, Faults: map[string]string{"email": fault}})
	}
	if errors.Is(err, errTooOften) {
		return v.tooOften()
	}
	if err != nil {
		return err
	}
	v.lead(v.Base + "/code?" + url.Values{"code": {code.ID()}, "email": {email}}.Encode())
	return nil
}

var errTooOften = errors.New("portal: too many codes were asked for")

func (v *visit) tooOften() error {
	return v.note(http.StatusTooManyRequests, "Too many tries", "Wait ten minutes, then try again.")
}

// browser is the secret of the browser, which is given to it.
func (v *visit) browser(op *resource.Op) string {
	if c, err := v.r.Cookie(browserCookie); err == nil && c.Value != "" {
		return c.Value
	}
	secret := op.Secret(32)
	http.SetCookie(v.w, &http.Cookie{Name: browserCookie, Value: secret, Path: "/", MaxAge: int(time.Hour / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return secret
}

func showCode(v *visit) error {
	if err := v.enter(nil); err != nil {
		return err
	}
	return v.show("login_code", "Enter the code", v.typedCode())
}

func (v *visit) typedCode() *logIn {
	return &logIn{Email: v.r.FormValue("email"), Code: v.r.FormValue("code")}
}

// typeCode lets in who types the digits of the mail.
func typeCode(v *visit) error {
	secret := ""
	if c, err := v.r.Cookie(browserCookie); err == nil {
		secret = c.Value
	}
	var to string
	err := v.enter(func(op *resource.Op) error {
		if !v.codes.Allow(v.r) {
			return errTooOften
		}
		customer, err := member.RedeemPortalDigits(op, v.configuration, v.r.PostForm.Get("code"), secret, v.r.PostForm.Get("digits"))
		if err != nil {
			return err
		}
		to, err = v.begin(op, customer)
		return err
	})
	switch api := apierr.As(err); {
	case errors.Is(err, errTooOften):
		return v.tooOften()
	case api != nil && api.Code == "login_code_incorrect":
		return v.render(http.StatusUnprocessableEntity, "login_code", &page{Title: "Enter the code", Data: v.typedCode(),
			Faults: map[string]string{"digits": "This code is not right, or it was used or is too old"}})
	case err != nil:
		return err
	}
	v.lead(to)
	return nil
}

// begin begins a session and says where it is.
func (v *visit) begin(op *resource.Op, customer *object.Object) (string, error) {
	session, err := op.Create("billing_portal.session", object.Of("customer", customer.ID(), "configuration", v.configuration.ID()))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(session.String("url"))
	if err != nil {
		return "", err
	}
	return u.Path, nil
}

// showLink asks for one more click: programs that look into mails follow links, and must not use them up.
func showLink(v *visit) error {
	if err := v.enter(nil); err != nil {
		return err
	}
	return v.show("login_link", "Log in", &logIn{Token: v.r.FormValue("token")})
}

// followLink lets in who followed the link of the mail.
func followLink(v *visit) error {
	var to string
	err := v.enter(func(op *resource.Op) error {
		customer, err := member.RedeemPortalLink(op, v.configuration, v.r.PostForm.Get("token"))
		if customer == nil || err != nil {
			return err
		}
		to, err = v.begin(op, customer)
		return err
	})
	switch {
	case err != nil:
		return err
	case to == "":
		return v.render(http.StatusGone, "login", &page{Title: "Log in", Data: &logIn{}, Notice: "This link was used, or is too old. Ask for a new one."})
	}
	v.lead(to)
	return nil
}
