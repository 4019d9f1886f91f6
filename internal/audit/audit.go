// Package audit keeps who did what: entries that nobody can change or leave out without it being found.
//
// Each entry holds the hash of the one before it, and the head the hash of the last, so a change of any entry shows, and
// so does a missing one. Somebody who can write the database can make the whole chain anew; who keeps a head's hash
// elsewhere finds that as well. An entry is written in the transaction of what it tells of: neither is there without the
// other.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

const (
	kindEntry = "audit_entry"
	kindHead  = "audit_head"
	headID    = "audit_head"
)

// Unversioned are the kinds of which nobody asks for old versions (store.Options).
var Unversioned = []string{kindHead, kindMark}

// Kinds of actors.
const (
	Person = "person"
	Key    = "api_key"
	Shell  = "command_line"
	Guest  = "guest"
	System = "system" // ShareSmart by itself, at its time
)

// Actor is who does something.
type Actor struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`   // of the person or the key
	Name string `json:"name,omitempty"` // as it was then: an e-mail address, a masked key
	IP   string `json:"ip,omitempty"`
}

// Entry is one thing that was done.
type Entry struct {
	ID      string `json:"id"`
	N       int64  `json:"n"`    // 1, 2, 3 ... without gaps
	Time    int64  `json:"time"` // unix seconds
	Actor   Actor  `json:"actor"`
	Action  string `json:"action"`            // "key.rolled"
	Account string `json:"account,omitempty"` // whose it is about
	Env     string `json:"env,omitempty"`     // test, live or a sandbox, if it is about one
	Subject string `json:"subject,omitempty"` // the id of what it was done to
	// Details are what is worth knowing beside, by a word for each; never a secret.
	Details map[string]string `json:"details,omitempty"`
	Prev    string            `json:"prev"` // hash of the entry before
	Hash    string            `json:"hash,omitempty"`
}

// head is the end of the chain.
type head struct {
	N    int64  `json:"n"`
	Time int64  `json:"time"`
	Hash string `json:"hash"`
}

type actorKey struct{}

// By says who acts in a context.
func By(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// ActorOf is who acts in a context: the system, if nobody was named.
func ActorOf(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: System}
}

// Append writes an entry at the end of the chain. What it is about is in e; the rest is filled in.
func Append(ctx context.Context, tx store.Tx, c clock.Clock, e Entry) error {
	var last head
	headDoc, err := control.Load(tx, headID, &last)
	if errors.Is(err, store.ErrNotFound) {
		headDoc, err = store.Doc{ID: headID, Kind: kindHead}, nil
	}
	if err != nil {
		return err
	}
	now := c.Now()
	// The list is in order of time, so time never goes back in it, whatever the machine's clock does.
	e.ID, e.N, e.Time, e.Prev, e.Actor = clock.Long(c, "aud_", e.Account, now), last.N+1, max(now.Unix(), last.Time), last.Hash, ActorOf(ctx)
	if e.Hash, err = e.sum(); err != nil {
		return err
	}
	d := &store.Doc{ID: e.ID, Kind: kindEntry, Created: e.Time, Refs: e.refs()}
	if err := control.Put(tx, d, e, e.Time); err != nil {
		return err
	}
	return control.Put(tx, &headDoc, head{e.N, e.Time, e.Hash}, e.Time)
}

func (e *Entry) refs() []store.Ref {
	var refs []store.Ref
	for _, r := range []store.Ref{{Field: "account", Value: e.Account}, {Field: "actor", Value: e.Actor.ID}, {Field: "action", Value: e.Action}, {Field: "subject", Value: e.Subject}} {
		if r.Value != "" {
			refs = append(refs, r)
		}
	}
	return refs
}

// sum is the hash of an entry without its own hash.
func (e Entry) sum() (string, error) {
	e.Hash = ""
	data, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
