package site

import (
	"net/http"
	"net/url"

	"sharesmart/internal/apierr"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// logIn is what the pages of the login show.
type logIn struct {
	Email, Code, Next, Token string
}

func showLogIn(v *visit) error {
	if err := v.load(nil); err != nil {
		return err
	}
	if v.Customer != nil {
		v.lead(v.next(v.Base + "/account"))
		return nil
	}
	return v.show("login", "Log in", &logIn{Next: v.next("")})
}

// askForCode mails a code. What follows is the same whether somebody has the address or not.
func askForCode(v *visit) error {
	var code *object.Object
	email := v.r.PostForm.Get("email")
	err := v.load(func(op *resource.Op) (err error) {
		if !v.codes.Allow(v.r) {
			return tooOften()
		}
		code, err = v.Desk.MailCode(op, v.Extension, member.CodeFor{Email: email, Browser: v.browserSecret(op), Next: v.next(""), Locale: v.Lang})
		return err
	})
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError && v.Extension != nil {
		p := &page{Title: "Log in", Data: &logIn{Email: email, Next: v.next("")}, Faults: map[string]string{}}
		switch {
		case api.Status == http.StatusTooManyRequests && api.Param == "email":
			p.Faults["email"] = "Several codes were sent to this address. Use the last one, or try again in an hour"
		case api.Status == http.StatusTooManyRequests:
			p.Notice = api.Message
		default:
			p.Faults["email"] = "Enter an address such as jenny@example.com"
		}
		return v.render(api.Status, "login", p)
	}
	if err != nil {
		return err
	}
	q := url.Values{"code": {code.ID()}, "email": {email}}
	if next := v.next(""); next != "" {
		q.Set("next", next)
	}
	v.lead(v.Base + "/login/code?" + q.Encode())
	return nil
}

func showCode(v *visit) error {
	if err := v.load(nil); err != nil {
		return err
	}
	return v.show("login_code", "Enter the code", v.typedCode())
}

func (v *visit) typedCode() *logIn {
	return &logIn{Email: v.r.FormValue("email"), Code: v.r.FormValue("code"), Next: v.next("")}
}

// typeCode logs in with the digits of the mail.
func typeCode(v *visit) error {
	err := v.load(func(op *resource.Op) error {
		if !v.tries.Allow(v.r) {
			return tooOften()
		}
		customer, err := member.RedeemDigits(op, v.Extension, v.r.PostForm.Get("code"), ui.Cookie(v.r, browserCookie), v.r.PostForm.Get("digits"), v.keeps())
		if err != nil {
			return err
		}
		return v.signIn(op, customer)
	})
	again := &page{Title: "Enter the code", Data: v.typedCode()}
	switch api := apierr.As(err); {
	case api != nil && api.Code == "login_code_incorrect":
		v.Log.Info("a code of a member was refused", "code", v.r.PostForm.Get("code"), "from", v.r.RemoteAddr)
		again.Faults = map[string]string{"digits": "This code is not right, or it was used or is too old"}
		return v.render(http.StatusUnprocessableEntity, "login_code", again)
	case api != nil && api.Status == http.StatusTooManyRequests:
		again.Notice = api.Message
		return v.render(api.Status, "login_code", again)
	}
	if err != nil {
		return err
	}
	v.noteLogIn("code")
	ui.SetCookie(v.w, browserCookie, "", -1)
	v.lead(v.next(v.Base + "/account"))
	return nil
}

// keeps is what stays signed in when a member verifies their address in this browser.
func (v *visit) keeps() member.Keeps {
	if v.session == nil {
		return member.Keeps{}
	}
	return member.Keeps{Session: v.session.ID()}
}

// showLink asks for one more click: programs that look into mails follow links, and must not use them up.
func showLink(v *visit) error {
	if err := v.load(nil); err != nil {
		return err
	}
	return v.show("login_link", "Log in", &logIn{Token: v.Query("token"), Next: v.next("")})
}

// followLink logs in by the link of the mail.
func followLink(v *visit) error {
	found := false
	if err := v.load(func(op *resource.Op) error {
		customer, err := member.RedeemLink(op, v.Extension, v.r.PostForm.Get("token"), v.keeps())
		if customer == nil || err != nil {
			return err
		}
		found = true
		return v.signIn(op, customer)
	}); err != nil {
		return err
	}
	if !found {
		v.Log.Info("a link of a member was refused", "from", v.r.RemoteAddr)
		return v.render(http.StatusGone, "login", &page{Title: "Log in", Data: &logIn{}, Notice: "This link was used, or is too old. Ask for a new one."})
	}
	v.noteLogIn("link")
	v.lead(v.next(v.Base + "/account"))
	return nil
}

// noteLogIn tells the log who came in, and by what.
func (v *visit) noteLogIn(by string) {
	v.Log.Info("a member logged in", "customer", v.Customer.ID(), "by", by, "from", v.r.RemoteAddr)
}

func logOut(v *visit) error {
	if err := v.load(func(op *resource.Op) error {
		if v.session == nil {
			return nil
		}
		return member.SignOut(op, v.session)
	}); err != nil {
		return err
	}
	ui.SetCookie(v.w, ui.SessionCookie, "", -1)
	v.lead(v.Base + "/")
	return nil
}
