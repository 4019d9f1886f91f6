package dashboard

import (
	"errors"
	"net/http"
	"net/url"

	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /set-up", Open: true, Handler: showSetUp})
	register(Page{Pattern: "POST /set-up", Open: true, Handler: setUp})
	register(Page{Pattern: "GET /join", Open: true, Handler: showJoin})
	register(Page{Pattern: "POST /join", Open: true, Handler: join})
	register(Page{Pattern: "POST /join/accept", Personal: true, Handler: acceptInvitation})
	register(Page{Pattern: "GET /reset", Open: true, Handler: showReset})
	register(Page{Pattern: "POST /reset", Open: true, Handler: askReset})
	register(Page{Pattern: "GET /reset/new", Open: true, Handler: showNewPassword})
	register(Page{Pattern: "POST /reset/new", Open: true, Handler: takeNewPassword})
}

// withNext adds where to go on to, if there is anywhere.
func withNext(to, next string) string {
	if next == "" {
		return to
	}
	return to + "?" + url.Values{"next": {next}}.Encode()
}

// faulty renders a form again whose field was wrong; any other error is as it was.
func (v *Visit) faulty(err error, name, title string, data any) error {
	var invalid *people.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	return v.Render(http.StatusUnprocessableEntity, name, &View{Title: title, Data: data, Faults: map[string]string{invalid.Field: invalid.Text}})
}

const ofNoUse = "This link is of no use any more"

func showSetUp(v *Visit) error {
	token := v.Query("token")
	good, err := v.People.CanSetUp(token)
	if err != nil {
		return err
	}
	if !good {
		return v.Note(http.StatusGone, ofNoUse, "It sets up a server once, and for a day. Start the server again and it prints a new one, as long as nobody has set it up.")
	}
	return v.Render(http.StatusOK, "setup", &View{Title: "Set up your Dashboard", Data: &typed{Token: token}, Bare: true})
}

func setUp(v *Visit) error {
	data := &typed{Email: v.trimmed("email"), Name: v.trimmed("name"), Token: v.R.PostForm.Get("token")}
	n := people.NewPerson{Email: data.Email, Name: data.Name, Password: v.R.PostForm.Get("password")}
	session, err := v.People.SetUp(v.R.Context(), data.Token, n, v.client())
	if errors.Is(err, people.ErrNotFound) {
		return v.Note(http.StatusGone, ofNoUse, "Somebody has set up the server already. Ask an owner to invite you.")
	}
	if err != nil {
		return v.faulty(err, "setup", "Set up your Dashboard", data)
	}
	return v.enter(session, Path+"/test/")
}

// invited finds the invitation of the page, or says that there is none.
func (v *Visit) invited() (*people.Invitation, *people.Person, error) {
	inv, who, err := v.People.Invitation(v.Query("token"))
	if errors.Is(err, people.ErrNotFound) {
		return nil, nil, v.Note(http.StatusGone, ofNoUse, "An invitation is good for a week, and for one person. Ask for another.")
	}
	return inv, who, err
}

func showJoin(v *Visit) error {
	inv, who, err := v.invited()
	if inv == nil || err != nil {
		return err
	}
	data := &typed{Token: v.Query("token"), Email: inv.Email, Role: article(inv.Role)}
	if who == nil {
		return v.Render(http.StatusOK, "join", &View{Title: "Join", Data: data, Bare: true})
	}
	if v.Person == nil || v.Person.ID != who.ID {
		data.Next = v.R.URL.RequestURI()
		return v.Render(http.StatusOK, "join_sign_in", &View{Title: "Join", Data: data, Bare: true})
	}
	return v.Render(http.StatusOK, "join_accept", &View{Title: "Join", Data: data, Bare: true})
}

func join(v *Visit) error {
	inv, who, err := v.invited()
	if inv == nil || err != nil {
		return err
	}
	if who != nil {
		return v.Lead(Path + "/join?" + url.Values{"token": {v.Query("token")}}.Encode())
	}
	data := &typed{Token: v.Query("token"), Email: inv.Email, Name: v.trimmed("name"), Role: article(inv.Role)}
	session, err := v.People.Join(v.R.Context(), data.Token, data.Name, v.R.PostForm.Get("password"), v.client())
	if err != nil {
		return v.faulty(err, "join", "Join", data)
	}
	return v.enter(session, Path+"/test/")
}

func acceptInvitation(v *Visit) error {
	account, err := v.People.Accept(v.R.Context(), v.Query("token"), v.Person)
	if err != nil {
		return err
	}
	return v.Lead(Path + "/" + account + "/test/")
}

func showReset(v *Visit) error {
	return v.Render(http.StatusOK, "reset", &View{Title: "Choose a new password", Data: v.typed(), Bare: true})
}

// askReset writes to who has the address. The page says the same, and is there as soon, whether somebody has it.
func askReset(v *Visit) error {
	if v.slowed("reset " + v.trimmed("email")) {
		return v.Render(http.StatusTooManyRequests, "reset", &View{Title: "Choose a new password", Data: v.typed(), Bare: true, Faults: map[string]string{"email": "There were too many tries. Wait a quarter of an hour"}})
	}
	if err := v.People.AskReset(v.R.Context(), v.trimmed("email")); err != nil {
		return err
	}
	return v.Render(http.StatusOK, "reset_sent", &View{Title: "Look into your mail", Data: v.typed(), Bare: true})
}

func showNewPassword(v *Visit) error {
	p, err := v.People.CanReset(v.Query("token"))
	if errors.Is(err, people.ErrNotFound) {
		return v.Note(http.StatusGone, ofNoUse, "A link to a new password works once, within an hour. Ask for another.")
	}
	if err != nil {
		return err
	}
	return v.Render(http.StatusOK, "reset_new", &View{Title: "Choose a new password", Data: &typed{Token: v.Query("token"), Email: p.Email}, Bare: true})
}

func takeNewPassword(v *Visit) error {
	err := v.People.Reset(v.R.Context(), v.Query("token"), v.R.PostForm.Get("password"), v.client())
	if errors.Is(err, people.ErrNotFound) {
		return v.Note(http.StatusGone, ofNoUse, "A link to a new password works once, within an hour. Ask for another.")
	}
	if err != nil {
		return v.faulty(err, "reset_new", "Choose a new password", &typed{Token: v.Query("token")})
	}
	return v.Lead(Path + "/sign-in?done=password-reset")
}
