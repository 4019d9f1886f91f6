package dashboard

import (
	"encoding/base32"
	"encoding/base64"
	"html/template"
	"net/http"

	"rsc.io/qr"

	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /profile", Personal: true, Handler: showProfile})
	register(Page{Pattern: "POST /profile", Personal: true, Handler: rename})
	register(Page{Pattern: "POST /profile/password", Personal: true, Fresh: true, Handler: changePassword})
	register(Page{Pattern: "GET /profile/totp", Personal: true, Fresh: true, Handler: showTOTP})
	register(Page{Pattern: "POST /profile/totp", Personal: true, Fresh: true, Handler: startTOTP})
	register(Page{Pattern: "POST /profile/totp/stop", Personal: true, Fresh: true, Handler: stopTOTP})
	register(Page{Pattern: "POST /profile/recovery", Personal: true, Fresh: true, Handler: newRecovery})
	register(Page{Pattern: "POST /profile/sessions/end", Personal: true, Handler: endSession})
	register(Page{Pattern: "POST /profile/sessions/end-others", Personal: true, Handler: endOthers})
}

// profile is what somebody sees of themselves.
type profile struct {
	*people.Security
	Sessions []*people.Session
	This     string // the id of the session of this browser
	Can      bool   // passkeys can be made at this address
	Name     string
}

func showProfile(v *Visit) error {
	return v.renderProfile(http.StatusOK, &View{Good: said[v.Query("done")]})
}

func (v *Visit) renderProfile(status int, view *View) error {
	how, err := v.People.SecurityOf(v.Person.ID)
	if err != nil {
		return err
	}
	sessions, err := v.People.SessionsOf(v.Person.ID)
	if err != nil {
		return err
	}
	view.Title, view.Data = "Your profile", &profile{how, sessions, v.Session.ID, people.CanPasskey(v.R.Host), v.Person.Name}
	return v.Render(status, "profile", view)
}

// toProfile leads back to the profile, which says what was done.
func (v *Visit) toProfile(done string) error { return v.Lead(v.Path("/profile?done=" + done)) }

// profileFault shows the profile again with what was wrong.
func (v *Visit) profileFault(err error) error {
	if invalid := invalidOf(err); invalid != nil {
		return v.renderProfile(http.StatusUnprocessableEntity, &View{Faults: map[string]string{invalid.Field: invalid.Text}})
	}
	return err
}

func rename(v *Visit) error {
	if err := v.People.Rename(v.R.Context(), v.Person.ID, v.R.PostForm.Get("name")); err != nil {
		return v.profileFault(err)
	}
	return v.toProfile("renamed")
}

func changePassword(v *Visit) error {
	if err := v.People.ChangePassword(v.R.Context(), v.Session, v.R.PostForm.Get("password")); err != nil {
		return v.profileFault(err)
	}
	return v.toProfile("password-changed")
}

// totpPage shows the secret that an app is to have.
type totpPage struct {
	Secret  string
	Picture template.URL
}

func showTOTP(v *Visit) error {
	secret, address, err := v.People.TOTPSecret(v.Person)
	if err != nil {
		return err
	}
	picture, err := pictureOf(address)
	if err != nil {
		return err
	}
	return v.Show("totp", "Add an authenticator app", &totpPage{secret, picture})
}

// pictureOf is an address as a picture that a phone reads.
func pictureOf(address string) (template.URL, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())), nil //nolint:gosec // a picture of our own
}

func startTOTP(v *Visit) error {
	secret := v.R.PostForm.Get("secret")
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil || len(raw) != 20 {
		return v.Lead(v.Path("/profile/totp"))
	}
	codes, err := v.People.StartTOTP(v.R.Context(), v.Person.ID, secret, v.R.PostForm.Get("code"))
	if err != nil {
		return v.faulty(err, "totp", "Add an authenticator app", &totpPage{Secret: secret})
	}
	return v.Show("recovery", "Your recovery codes", codes)
}

func stopTOTP(v *Visit) error {
	if err := v.People.StopTOTP(v.R.Context(), v.Person.ID); err != nil {
		return err
	}
	return v.toProfile("totp-stopped")
}

func newRecovery(v *Visit) error {
	codes, err := v.People.NewRecoveryCodes(v.R.Context(), v.Person.ID)
	if err != nil {
		return v.profileFault(err)
	}
	return v.Show("recovery", "Your recovery codes", codes)
}

func endSession(v *Visit) error {
	if err := v.People.EndSession(v.R.Context(), v.Person.ID, v.R.PostForm.Get("id")); err != nil {
		return err
	}
	return v.toProfile("session-ended")
}

func endOthers(v *Visit) error {
	if err := v.People.EndOtherSessions(v.R.Context(), v.Session); err != nil {
		return err
	}
	return v.toProfile("sessions-ended")
}
