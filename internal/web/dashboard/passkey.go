package dashboard

import (
	"encoding/json"
	"errors"
	"net/http"

	"sharesmart/internal/people"
)

// Passkeys need a script: only it can ask the browser for one. What it sends and gets is JSON.
func init() {
	register(Page{Pattern: "POST /passkeys/ask", Open: true, Handler: askPasskey})
	register(Page{Pattern: "POST /passkeys/sign-in", Open: true, Handler: signInByPasskey})
	register(Page{Pattern: "POST /passkeys/prove", Personal: true, Handler: proveByPasskey})
	register(Page{Pattern: "POST /profile/passkeys/begin", Personal: true, Fresh: true, Handler: beginPasskey})
	register(Page{Pattern: "POST /profile/passkeys", Personal: true, Fresh: true, Handler: finishPasskey})
	register(Page{Pattern: "POST /profile/passkeys/remove", Personal: true, Fresh: true, Handler: removePasskey})
}

// passkeyQuestion is what the browser is asked.
type passkeyQuestion struct {
	Options json.RawMessage `json:"options"`
	Token   string          `json:"token"`
}

// passkeyAnswer is what it answers.
type passkeyAnswer struct {
	Token  string          `json:"token"`
	Name   string          `json:"name"`
	Next   string          `json:"next"`
	Answer json.RawMessage `json:"answer"`
}

// passkeyDone is where the script leads, or what went wrong.
type passkeyDone struct {
	To    string `json:"to,omitempty"`
	Fault string `json:"fault,omitempty"`
}

func (v *Visit) json(status int, value any) error {
	v.W.Header().Set("Content-Type", "application/json")
	v.W.WriteHeader(status)
	return json.NewEncoder(v.W).Encode(value)
}

// question sends a question, or why there is none.
func (v *Visit) question(options []byte, token string, err error) error {
	if invalid := invalidOf(err); invalid != nil {
		return v.json(http.StatusUnprocessableEntity, passkeyDone{Fault: invalid.Text})
	}
	if err != nil {
		return err
	}
	return v.json(http.StatusOK, passkeyQuestion{options, token})
}

// answer reads what the browser answered.
func (v *Visit) answer() (a passkeyAnswer, err error) {
	if err := json.NewDecoder(v.R.Body).Decode(&a); err != nil {
		return a, people.ErrWrong
	}
	return a, nil
}

// done says where to go on, or that the passkey was not taken.
func (v *Visit) done(to string, err error) error {
	switch invalid := invalidOf(err); {
	case invalid != nil:
		return v.json(http.StatusUnprocessableEntity, passkeyDone{Fault: invalid.Text})
	case errors.Is(err, people.ErrWrong):
		return v.json(http.StatusUnprocessableEntity, passkeyDone{Fault: "This passkey is not known here. Sign in with your password, and add it in your profile."})
	case err != nil:
		return err
	}
	return v.json(http.StatusOK, passkeyDone{To: to})
}

func invalidOf(err error) *people.Invalid {
	var invalid *people.Invalid
	if errors.As(err, &invalid) {
		return invalid
	}
	return nil
}

func askPasskey(v *Visit) error {
	if !v.byAddr.Allow(v.R) {
		return v.json(http.StatusTooManyRequests, passkeyDone{Fault: tooMany + "."})
	}
	return v.question(v.People.AskPasskey(v.R.Host))
}

func signInByPasskey(v *Visit) error {
	a, err := v.answer()
	if err != nil {
		return v.done("", err)
	}
	session, err := v.People.SignInByPasskey(v.R.Context(), a.Token, a.Answer, v.client())
	if err != nil {
		return v.done("", err)
	}
	if err := v.endSession(); err != nil {
		return err
	}
	v.begin(session)
	return v.done(onward(a.Next), nil)
}

func proveByPasskey(v *Visit) error {
	a, err := v.answer()
	if err != nil {
		return v.done("", err)
	}
	session, err := v.People.ProveByPasskey(v.R.Context(), v.Session, a.Token, a.Answer, v.client())
	if err != nil {
		return v.done("", err)
	}
	v.begin(session)
	return v.done(onward(a.Next), nil)
}

// onward is where somebody wants to go on to, or the start.
func onward(next string) string {
	if to := local(next); to != "" {
		return to
	}
	return Path + "/"
}

func beginPasskey(v *Visit) error {
	return v.question(v.People.BeginPasskey(v.Person.ID, v.R.Host))
}

func finishPasskey(v *Visit) error {
	a, err := v.answer()
	if err == nil {
		err = v.People.FinishPasskey(v.R.Context(), v.Person.ID, a.Token, a.Name, a.Answer)
	}
	if errors.Is(err, people.ErrWrong) {
		return v.json(http.StatusUnprocessableEntity, passkeyDone{Fault: "The passkey was not made. Try again."})
	}
	return v.done(v.Path("/profile?done=passkey-added"), err)
}

func removePasskey(v *Visit) error {
	if err := v.People.RemovePasskey(v.R.Context(), v.Person.ID, v.R.PostForm.Get("id")); err != nil {
		return err
	}
	return v.toProfile("passkey-removed")
}
