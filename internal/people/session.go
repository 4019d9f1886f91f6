package people

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// Session is a browser that a person is signed in with. It begins with a new secret each time that somebody proves who
// they are, so that nobody can know it beforehand.
type Session struct {
	ID      string `json:"id"`
	Person  string `json:"person"`
	Browser string `json:"browser,omitempty"` // in words, as its User-Agent says
	IP      string `json:"ip,omitempty"`
	Created int64  `json:"created"` // unix seconds, as are all times
	Seen    int64  `json:"seen"`
	Expires int64  `json:"expires"`
	Proved  int64  `json:"proved"` // when the person last proved who they are
}

type sessionDoc struct {
	*Session
	Hash string `json:"hash"`
}

const (
	// SessionIdle is how long a session lasts without a visit, SessionLife with visits.
	SessionIdle = 14 * 24 * time.Hour
	SessionLife = 90 * 24 * time.Hour
	// FreshFor is how long somebody counts as having just proved who they are.
	FreshFor = 15 * time.Minute
	// seenEvery bounds how often a visit is written down.
	seenEvery = 5 * time.Minute

	secretSize = 32
)

// Client is what a request says of who sends it.
type Client struct{ Browser, IP string }

// Fresh reports whether the person has proved who they are a short time ago.
func (s *Session) Fresh(now time.Time) bool { return now.Unix()-s.Proved < int64(FreshFor/time.Second) }

// begin writes a session. The token is what the browser keeps.
func (r *Registry) begin(tx store.Tx, p *Person, c Client) (*Session, string, error) {
	now, secret := r.now(), clock.Secret(r.clock, secretSize)
	s := &Session{
		ID: clock.Long(r.clock, "ses_", p.ID, now), Person: p.ID, Browser: clip(c.Browser, maxName), IP: c.IP,
		Created: now.Unix(), Seen: now.Unix(), Expires: now.Add(SessionIdle).Unix(), Proved: now.Unix(),
	}
	d := &store.Doc{ID: s.ID, Kind: kindSession, Refs: s.refs()}
	if err := control.Put(tx, d, sessionDoc{s, hashed(secret)}, now.Unix()); err != nil {
		return nil, "", err
	}
	return s, s.ID + "." + secret, r.see(tx, p.ID)
}

// see notes that a person is here.
func (r *Registry) see(tx store.Tx, id string) error {
	p, d, err := r.load(tx, id)
	if err != nil {
		return err
	}
	p.Seen = r.now().Unix()
	return r.save(tx, d, p)
}

func (s *Session) refs() []store.Ref { return []store.Ref{{Field: "person", Value: s.Person}} }

// Session is the session of a browser's token, and whose it is. It is ErrNotFound if there is none any more.
func (r *Registry) Session(ctx context.Context, token string) (*Session, *Person, error) {
	id, secret, _ := strings.Cut(token, ".")
	s, d, err := r.session(r.store, id)
	if err != nil {
		return nil, nil, err
	}
	if !isSecret(secret, s.Hash) || s.Expires <= r.now().Unix() {
		return nil, nil, ErrNotFound
	}
	p, err := r.Find(s.Person)
	if err != nil {
		return nil, nil, err
	}
	if r.now().Unix()-s.Seen >= int64(seenEvery/time.Second) {
		err = r.touch(ctx, s, d)
	}
	return s.Session, p, err
}

// touch notes a visit. Another that did so in the meantime is as good.
func (r *Registry) touch(ctx context.Context, s *sessionDoc, d store.Doc) error {
	now := r.now()
	s.Seen, s.Expires = now.Unix(), min(now.Add(SessionIdle).Unix(), s.Created+int64(SessionLife/time.Second))
	d.Refs = s.refs()
	err := r.update(ctx, func(tx store.Tx) error {
		if err := control.Put(tx, &d, s, s.Created); err != nil {
			return err
		}
		return r.see(tx, s.Person)
	})
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

func (r *Registry) session(from store.Reader, id string) (*sessionDoc, store.Doc, error) {
	s := &sessionDoc{}
	d, err := control.Load(from, id, s)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Kind != kindSession {
		return nil, d, ErrNotFound
	}
	return s, d, err
}

// SignOut ends a session.
func (r *Registry) SignOut(ctx context.Context, s *Session) error {
	return r.update(ctx, func(tx store.Tx) error { return r.end(tx, s.ID) })
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func isSecret(secret, hash string) bool {
	return subtle.ConstantTimeCompare([]byte(hashed(secret)), []byte(hash)) == 1
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
