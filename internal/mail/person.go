package mail

import (
	"strconv"
	"time"

	"sharesmart/internal/resource"
)

// What those are told who run the business. Such a message is about nobody's purchase, so it has no customer; in live mode
// its text is concealed, as who has it can sign in.

// Invitation asks somebody to help run the business.
type Invitation struct {
	To, Role, Link string
	Valid          time.Duration
}

// Send writes the message down, as SignInCode.Send does.
func (i Invitation) Send(m *Mailer, op *resource.Op) error {
	w := wordsFor(nil)
	_, err := m.postTo(op, "", &message{kind: kindDashboard, says: textInvitation, values: map[string]string{"role": w.roles[i.Role]}, to: i.To, letter: letter{
		Words: w, Subject: w.invited, Heading: w.invited, Text: []string{put(w.invitedText, w.roles[i.Role])}, Button: link{w.invitedButton, i.Link},
		After: []string{put(w.invitedAfter, strconv.Itoa(int(i.Valid.Hours()/24)))},
	}})
	return err
}

// PasswordReset lets somebody choose a new password.
type PasswordReset struct {
	To, Link string
	Valid    time.Duration
}

// Send writes the message down, as SignInCode.Send does.
func (r PasswordReset) Send(m *Mailer, op *resource.Op) error {
	w := wordsFor(nil)
	_, err := m.postTo(op, "", &message{kind: kindDashboard, says: textReset, to: r.To, letter: letter{
		Words: w, Subject: w.reset, Heading: w.resetHeading, Text: []string{w.resetText}, Button: link{w.resetButton, r.Link},
		After: []string{put(w.resetAfter, strconv.Itoa(int(r.Valid.Minutes())))},
	}})
	return err
}

// What a SecurityNotice can be about.
const (
	PasswordChanged   = "password_changed"
	CodesOn           = "codes_on"
	CodesOff          = "codes_off"
	PasskeyAdded      = "passkey_added"
	PasskeyRemoved    = "passkey_removed"
	RecoveryCodesMade = "recovery_codes_made"
)

// SecurityNotice tells somebody that how they sign in has changed.
type SecurityNotice struct{ To, What, Link string }

// Send writes the message down, as SignInCode.Send does.
func (s SecurityNotice) Send(m *Mailer, op *resource.Op) error {
	w := wordsFor(nil)
	_, err := m.postTo(op, "", &message{kind: kindDashboard, says: textNotice, values: map[string]string{"what": w.notices[s.What]}, to: s.To, letter: letter{
		Words: w, Subject: w.notice, Heading: w.noticeHeading, Text: []string{w.notices[s.What]}, Button: link{w.noticeButton, s.Link}, After: []string{w.noticeAfter},
	}})
	return err
}
