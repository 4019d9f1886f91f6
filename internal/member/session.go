package member

import (
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A session is a browser in which a member is signed in to the pages. It begins with a new secret each time, so that
// nobody can know it beforehand.
//
//	(new) --sign out, thirty days without a visit, a year--> gone
func init() {
	register(resource.Rules{
		Object: "member_session",
		Index:  map[string]func(*object.Object) []string{"customer": func(s *object.Object) []string { return []string{s.String("customer")} }},
		Timers: map[string]resource.Hook{sessionGone: endOldSession},
	})
}

const (
	sessionGone = "member_session.gone"
	// SessionLife is how long a session lasts without a visit.
	SessionLife = 30 * 24 * time.Hour
	// SessionEnd is how long it lasts with visits.
	SessionEnd = 365 * 24 * time.Hour
)

// SignIn begins a session. The token is what the browser keeps.
func SignIn(op *resource.Op, customer *object.Object, browser string) (session *object.Object, token string, err error) {
	secret := op.Secret(secretSize)
	session, err = op.Make("member_session", "", object.New(nil), func(op *resource.Op) error {
		now, s := op.WallNow(), op.Object
		s.Set("browser", nil)
		if browser != "" {
			s.Set("browser", browser)
		}
		s.Set("created", now.Unix())
		s.Set("customer", customer.ID())
		s.Set("expires_at", now.Add(SessionLife).Unix())
		s.Set("last_seen_at", now.Unix())
		return op.SetPrivate(s, object.Of("secret", hashed(secret)))
	})
	if err != nil {
		return nil, "", err
	}
	return session, session.ID() + "." + secret, op.SetTimer(sessionGone, session, op.Now().Add(SessionLife))
}

// Session is the session of a browser's token, and its member; nil if there is none any more.
func Session(op *resource.Op, token string) (session, customer *object.Object, err error) {
	id, secret, _ := strings.Cut(token, ".")
	if session, err = op.Find("member_session", id); session == nil || err != nil {
		return nil, nil, err
	}
	private, err := op.Private(session)
	if err != nil || !isSecret(secret, private.String("secret")) {
		return nil, nil, err
	}
	now := op.WallNow().Unix()
	if session.Int("expires_at") <= now {
		return nil, nil, nil
	}
	customer, err = op.Find("customer", session.String("customer"))
	if customer == nil || err != nil {
		return nil, nil, err
	}
	if now-session.Int("last_seen_at") >= int64(seenEvery/time.Second) {
		session.Set("last_seen_at", now)
		session.Set("expires_at", min(now+int64(SessionLife/time.Second), session.Int("created")+int64(SessionEnd/time.Second)))
		op.Save(session)
	}
	return session, customer, nil
}

// SignOut ends a session.
func SignOut(op *resource.Op, session *object.Object) error { return op.Delete(session) }

// SessionsOf are the browsers in which a member is signed in, newest first.
func SessionsOf(op *resource.Op, customer string) ([]*object.Object, error) {
	return op.Lookup("member_session", "customer", customer)
}

// endOldSession ends a session that nobody has used for long.
func endOldSession(op *resource.Op) error {
	s := op.Object
	if ends := time.Unix(s.Int("expires_at"), 0); ends.After(op.WallNow()) {
		return op.SetTimer(sessionGone, s, op.Now().Add(ends.Sub(op.WallNow())))
	}
	return op.Delete(s)
}
