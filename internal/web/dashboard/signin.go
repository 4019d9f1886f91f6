package dashboard

import (
	"errors"
	"net/http"

	"sharesmart/internal/people"
	"sharesmart/internal/web/ui"
)

func init() {
	register(Page{Pattern: "GET /sign-in", Open: true, Handler: showSignIn})
	register(Page{Pattern: "POST /sign-in", Open: true, Handler: signIn})
	register(Page{Pattern: "GET /sign-in/code", Open: true, Handler: showSecond})
	register(Page{Pattern: "POST /sign-in/code", Open: true, Handler: second})
	register(Page{Pattern: "POST /sign-out", Open: true, Handler: signOut})
	register(Page{Pattern: "GET /prove", Personal: true, Handler: showProve})
	register(Page{Pattern: "POST /prove", Personal: true, Handler: prove})
}

// stepCookie is what a browser is known by between the password and the code.
const (
	stepCookie = "__Host-dashboard-step"
	stepAge    = 10 * 60
)

// typed is what the forms on the way in show again after a mistake.
type typed struct {
	Email, Name, Token, Next string
	Code                     bool // a code is asked for as well
	Passkeys                 bool // may be used at this address
	Role, By                 string
}

func (v *Visit) typed() *typed {
	return &typed{Email: v.trimmed("email"), Next: v.Next(""), Passkeys: people.CanPasskey(v.R.Host)}
}

const (
	tooMany  = "There were too many tries. Wait a quarter of an hour, or choose a new password"
	notRight = "The address or the password is not right"
	noCode   = "This code is not right, or it was used already"

	tooManyCodes = "Too many codes were wrong. Wait an hour, or sign in with a passkey"
)

// slowed reports whether somebody has tried too often to be this person: by where they are and by whom they try.
func (v *Visit) slowed(name string) bool {
	return !v.byAddr.Allow(v.R) || !v.byName.AllowKey(name)
}

func showSignIn(v *Visit) error {
	if v.Person != nil {
		return v.Lead(v.Next(Path + "/"))
	}
	return v.Render(http.StatusOK, "signin", &View{Title: "Sign in", Data: v.typed(), Bare: true, Good: said[v.Query("done")]})
}

func signIn(v *Visit) error {
	again := func(status int, text string) error {
		return v.Render(status, "signin", &View{Title: "Sign in", Data: v.typed(), Bare: true, Faults: map[string]string{"password": text}})
	}
	email := v.trimmed("email")
	if v.slowed(email) {
		return again(http.StatusTooManyRequests, tooMany)
	}
	session, step, err := v.People.SignIn(v.R.Context(), email, v.R.PostForm.Get("password"), v.client())
	switch {
	case errors.Is(err, people.ErrWrong):
		return again(http.StatusUnprocessableEntity, notRight)
	case err != nil:
		return err
	case step != "":
		ui.SetCookie(v.W, stepCookie, step, stepAge)
		return v.Lead(withNext(Path+"/sign-in/code", v.Next("")))
	}
	return v.enter(session, v.Next(Path+"/"))
}

// enter gives the browser a session in place of the one that it had, and leads on.
func (v *Visit) enter(session, to string) error {
	if err := v.endSession(); err != nil {
		return err
	}
	v.begin(session)
	return v.Lead(to)
}

// endSession ends the session that the browser had before.
func (v *Visit) endSession() error {
	if v.Session == nil {
		return nil
	}
	return v.People.SignOut(v.R.Context(), v.Session)
}

func showSecond(v *Visit) error {
	if ui.Cookie(v.R, stepCookie) == "" {
		return v.Lead(Path + "/sign-in")
	}
	return v.Render(http.StatusOK, "signin_code", &View{Title: "Enter the code", Data: v.typed(), Bare: true})
}

func second(v *Visit) error {
	again := func(status int, text string) error {
		return v.Render(status, "signin_code", &View{Title: "Enter the code", Data: v.typed(), Bare: true, Faults: map[string]string{"code": text}})
	}
	if !v.byAddr.Allow(v.R) {
		return again(http.StatusTooManyRequests, tooMany)
	}
	session, err := v.People.SecondFactor(v.R.Context(), ui.Cookie(v.R, stepCookie), v.R.PostForm.Get("code"), v.client())
	switch {
	case errors.Is(err, people.ErrTooManyCodes):
		return again(http.StatusTooManyRequests, tooManyCodes)
	case errors.Is(err, people.ErrWrongCode):
		return again(http.StatusUnprocessableEntity, noCode)
	case errors.Is(err, people.ErrNotFound):
		return v.Lead(withNext(Path+"/sign-in", v.Next("")))
	case err != nil:
		return err
	}
	ui.SetCookie(v.W, stepCookie, "", -1)
	return v.enter(session, v.Next(Path+"/"))
}

func signOut(v *Visit) error {
	if err := v.endSession(); err != nil {
		return err
	}
	ui.SetCookie(v.W, sessionCookie, "", -1)
	v.W.Header().Set("Clear-Site-Data", `"cache"`)
	return v.Lead(Path + "/sign-in")
}

func showProve(v *Visit) error { return v.renderProve(http.StatusOK, nil) }

func (v *Visit) renderProve(status int, faults map[string]string) error {
	how, err := v.People.SecurityOf(v.Person.ID)
	if err != nil {
		return err
	}
	data := v.typed()
	data.Code, data.Passkeys = how.TOTP != 0, data.Passkeys && len(how.Passkeys) > 0
	return v.Render(status, "prove", &View{Title: "It is you?", Data: data, Faults: faults})
}

// prove takes the password again, for what must be done by nobody else.
func prove(v *Visit) error {
	if v.slowed(v.Person.Email) {
		return v.renderProve(http.StatusTooManyRequests, map[string]string{"password": tooMany})
	}
	session, err := v.People.Prove(v.R.Context(), v.Session, v.R.PostForm.Get("password"), v.R.PostForm.Get("code"), v.client())
	switch {
	case errors.Is(err, people.ErrTooManyCodes):
		return v.renderProve(http.StatusTooManyRequests, map[string]string{"code": tooManyCodes})
	case errors.Is(err, people.ErrWrongCode):
		return v.renderProve(http.StatusUnprocessableEntity, map[string]string{"code": noCode})
	case errors.Is(err, people.ErrWrong):
		return v.renderProve(http.StatusUnprocessableEntity, map[string]string{"password": "The password is not right"})
	case err != nil:
		return err
	}
	v.begin(session)
	return v.Lead(v.Next(Path + "/"))
}
