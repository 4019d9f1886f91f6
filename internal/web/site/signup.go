package site

import (
	"net/http"

	"sharesmart/internal/apierr"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// signUpForm is what the page of the sign-up shows.
type signUpForm struct {
	Plans  []*plan
	Choice *choice
	Form   string // makes a form count once
	Email  string
	Trial  int64
}

func showSignUp(v *visit) error {
	form, err := v.signUpForm()
	switch {
	case err != nil:
		return err
	case v.Customer != nil && form.Choice.Paid():
		v.lead(v.Base + "/upgrade" + v.Carry("plan", form.Choice.Chosen.ID()))
		return nil
	case v.Customer != nil:
		v.lead(v.Base + "/after-payment" + v.Carry())
		return nil
	}
	return v.show("signup", "Sign up", form)
}

func (v *visit) signUpForm() (*signUpForm, error) {
	form := &signUpForm{}
	err := v.load(func(op *resource.Op) (err error) {
		if form.Plans, form.Choice, err = v.choose(op, v.Query("plan")); err != nil {
			return err
		}
		form.Trial = v.Extension.Int("trial_period_days")
		form.Form, err = member.NewForm(op, v.Extension, v.browserSecret(op))
		return err
	})
	return form, err
}

// signUp makes a member. Free ones are done at once; the others go on to pay.
func signUp(v *visit) error {
	var c *choice
	var pay string
	err := v.load(func(op *resource.Op) (err error) {
		if _, c, err = v.choose(op, v.Query("plan")); err != nil {
			return err
		}
		if c == nil {
			return apierr.Invalid("", "plan", "Choose a plan.")
		}
		if !v.signs.Allow(v.r) {
			return tooOften()
		}
		customer, known, err := member.SignUpOnce(op, v.Extension, v.r.PostForm.Get("form"), ui.Cookie(v.r, browserCookie), member.NewMember{Email: v.r.PostForm.Get("email"), Locale: v.Lang})
		if err != nil {
			return err
		}
		if err := v.signIn(op, customer); err != nil {
			return err
		}
		switch {
		case c.Paid() && v.Query("trial") == "":
			pay, err = v.checkout(op, c)
		case c.Paid() && !known:
			err = member.StartTrial(op, v.Extension, customer, c.Chosen.ID())
		case !known:
			err = member.StartFree(op, v.Extension, customer)
		}
		if err != nil || known {
			return err
		}
		return v.Desk.Greet(op, v.Extension, customer)
	})
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError && v.Extension != nil {
		return v.signUpAgain(api)
	}
	switch {
	case err != nil:
		return err
	case pay != "":
		v.lead(pay)
	default:
		v.lead(v.Base + "/after-payment" + v.Carry())
	}
	return nil
}

// signUpAgain shows the form once more, with what is wrong beside the field.
func (v *visit) signUpAgain(api *apierr.Error) error {
	v.session, v.Customer, v.Standing = nil, nil, nil
	form, err := v.signUpForm()
	if err != nil {
		return err
	}
	form.Email = v.r.PostForm.Get("email")
	p := &page{Title: "Sign up", Data: form, Faults: map[string]string{}}
	switch api.Param {
	case "email":
		p.Faults["email"] = "Enter an address such as jenny@example.com"
	case "plan":
		p.Faults["plan"] = "Choose a plan"
	default:
		p.Notice = api.Message
	}
	return v.render(api.Status, "signup", p)
}

// checkout begins paying for a plan, and says where that is.
func (v *visit) checkout(op *resource.Op, c *choice) (string, error) {
	data := object.New(nil)
	if days := v.Extension.Int("trial_period_days"); days > 0 {
		had, err := member.HadTrial(op, v.Extension, v.Customer)
		if err != nil {
			return "", err
		}
		if !had {
			data.Set("trial_period_days", days)
		}
	}
	base := op.BaseURL() + v.Base
	params := object.Of("mode", "subscription", "customer", v.Customer.ID(), "line_items", []any{object.Of("price", c.Chosen.ID(), "quantity", int64(1))},
		"success_url", base+"/after-payment"+v.Carry("session_id", "")+"{CHECKOUT_SESSION_ID}", "cancel_url", base+"/pricing"+v.Carry(), "allow_promotion_codes", true,
		"saved_payment_method_options", object.Of("allow_redisplay_filters", []any{"always", "limited", "unspecified"}))
	if data.Len() > 0 {
		params.Set("subscription_data", data)
	}
	session, err := op.Create("checkout.session", params)
	return session.String("url"), err
}

func tooOften() *apierr.Error {
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Message: "That was often within a short time. Try again in ten minutes."}
}
