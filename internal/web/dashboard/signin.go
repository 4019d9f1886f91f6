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
	register(Page{Pattern: "POST /sign-out", Open: true, Handler: signOut})
	register(Page{Pattern: "GET /set-up", Open: true, Handler: showSetUp})
	register(Page{Pattern: "POST /set-up", Open: true, Handler: setUp})
}

// typed is what the forms on the way in show again after a mistake.
type typed struct{ Email, Name, Token, Next string }

func showSignIn(v *Visit) error {
	if v.Person != nil {
		return v.Lead(v.Next(Path + "/"))
	}
	return v.Show("signin", "Sign in", &typed{Next: v.Next("")})
}

// signIn takes an address and a password. Whoever tries many is slowed down, by where they are and whom they try.
func signIn(v *Visit) error {
	email := v.trimmed("email")
	again := func(status int, text string) error {
		return v.Render(status, "signin", &View{Title: "Sign in", Data: &typed{Email: email, Next: v.Next("")}, Faults: map[string]string{"password": text}})
	}
	if !v.byAddr.Allow(v.R) || !v.byName.AllowKey(email) {
		return again(http.StatusTooManyRequests, "There were too many tries. Wait a quarter of an hour, or choose a new password")
	}
	_, token, err := v.People.SignIn(v.R.Context(), email, v.R.PostForm.Get("password"), v.client())
	if errors.Is(err, people.ErrWrong) {
		return again(http.StatusUnprocessableEntity, "The address or the password is not right")
	}
	if err != nil {
		return err
	}
	if err := v.endSession(); err != nil {
		return err
	}
	v.begin(token)
	return v.Lead(v.Next(Path + "/"))
}

// endSession ends the session that the browser had before.
func (v *Visit) endSession() error {
	if v.Session == nil {
		return nil
	}
	return v.People.SignOut(v.R.Context(), v.Session)
}

func signOut(v *Visit) error {
	if err := v.endSession(); err != nil {
		return err
	}
	ui.SetCookie(v.W, sessionCookie, "", -1)
	v.W.Header().Set("Clear-Site-Data", `"cache"`)
	return v.Lead(Path + "/sign-in")
}

func showSetUp(v *Visit) error {
	token := v.Query("token")
	good, err := v.People.CanSetUp(token)
	if err != nil {
		return err
	}
	if !good {
		return v.Note(http.StatusGone, "This link is of no use any more", "It sets up a server once, and for a day. Start the server again and it prints a new one, as long as nobody has set it up.")
	}
	return v.Show("setup", "Set up your Dashboard", &typed{Token: token})
}

func setUp(v *Visit) error {
	data := &typed{Email: v.trimmed("email"), Name: v.trimmed("name"), Token: v.R.PostForm.Get("token")}
	n := people.NewPerson{Email: data.Email, Name: data.Name, Password: v.R.PostForm.Get("password")}
	_, session, err := v.People.SetUp(v.R.Context(), data.Token, n, v.client())
	var invalid *people.Invalid
	switch {
	case errors.As(err, &invalid):
		return v.Render(http.StatusUnprocessableEntity, "setup", &View{Title: "Set up your Dashboard", Data: data, Faults: map[string]string{invalid.Field: invalid.Text}})
	case errors.Is(err, people.ErrNotFound):
		return v.Note(http.StatusGone, "This link is of no use any more", "Somebody has set up the server already. Ask an owner to invite you.")
	case err != nil:
		return err
	}
	if err := v.endSession(); err != nil {
		return err
	}
	v.begin(session)
	return v.Lead(Path + "/test/")
}
