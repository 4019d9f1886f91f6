package resource

import (
	"net/http"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// An ephemeral key is for one object, its subject, and for what belongs to that. The edge says which operations such a
// key may call at all; here it is kept to its subject.

// IssueKey makes an ephemeral key for an object and returns its id and secret.
func (op *Op) IssueKey(subject string, expires time.Time) (id, secret string, err error) {
	if outside(op.tx) {
		return "", "", errAttached
	}
	k, err := op.engine.registry.IssueIn(op.tx, op.ns, subject, expires)
	if err != nil {
		return "", "", err
	}
	return k.ID, k.Secret, nil
}

// IssueAccountKey makes an API key of the account, without an end. A restricted one has rights.
func (op *Op) IssueAccountKey(kind string, rights access.Rights) (*access.Issued, error) {
	if outside(op.tx) {
		return nil, errAttached
	}
	return op.engine.registry.IssueAccountIn(op.tx, op.ns, kind, rights)
}

// RevokeKey ends a key that was issued so.
func (op *Op) RevokeKey(id string) error { return op.engine.registry.RevokeIn(op.tx, id) }

// VersionSent reports whether the request named its API version.
func (op *Op) VersionSent() bool { return op.request == nil || op.request.VersionSent }

// subject is the id of the one object that the caller's key is for; empty if it is not bound to one.
func (r *Request) subject() string {
	if r.Grant == nil || r.Grant.Key == nil {
		return ""
	}
	return r.Grant.Key.Subject
}

// checkSubject refuses what a key's subject has no part in. A path names the subject itself or something that is its
// own; a customer in the parameters must be the subject, and where no path binds the operation there must be one.
func (e *Engine) checkSubject(c *call) error {
	subject := c.subject()
	if kind := e.bearers[c.Op]; kind != "" {
		if e.KindOf(subject) != kind {
			return notYours(subject)
		}
		return nil
	}
	sent := c.in.Params.Has("customer")
	if sent && c.in.Params.String("customer") != subject {
		return notYours(subject)
	}
	if len(c.Path) == 0 {
		if !sent {
			return notYours(subject)
		}
		return nil
	}
	if c.Path[0] == subject {
		return nil
	}
	if c.Op.Parent != "" {
		return notYours(subject)
	}
	d, err := e.liveDoc(c, e.kind(c.Op.Target), len(c.Path)-1)
	if err != nil {
		return err
	}
	o, err := object.Parse(d.Data, e.kind(d.Kind).schema)
	if err != nil {
		return err
	}
	// What nobody has yet can be taken, by an operation that says for whom.
	if owner := o.Ref("customer"); owner != subject && (owner != "" || !sent) {
		return e.missingInPath(c)
	}
	return nil
}

func notYours(subject string) error {
	return &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid, Early: true,
		Message: "The provided ephemeral key can only be used for " + subject + "."}
}
