package dashboard

import (
	"net/http"
	"net/url"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
)

func init() {
	register(Page{Pattern: "POST /logs/{id}/replay", Role: people.Developer, Handler: replayLog})
}

// replayLife is how long a sandbox is kept that was made to send a request again.
const replayLife = 24 * time.Hour

// Where a request is sent again, beside the sandboxes that there are.
const (
	inNew  = "new"
	inCopy = "copy"
)

// addReplay offers to send a request again, in a sandbox.
func (v *Visit) addReplay(l *logView, op *spec.Operation) error {
	if !v.may(people.Developer) || op.Multipart || op.Kind == "sandbox" {
		return nil
	}
	l.Again = v.Path("/logs/" + url.PathEscape(l.ID) + "/replay")
	all, err := v.Registry.ListSandboxes(v.R.Context(), v.Namespace.Account)
	if len(all) > mostChoices {
		all = all[:mostChoices]
	}
	l.Sandboxes = all
	return err
}

// mostChoices is how many sandboxes there are to choose from.
const mostChoices = 50

// replayLog sends a request again in a sandbox, and shows what came of it in the log there.
func replayLog(v *Visit) error {
	e, err := v.logEntry(v.Namespace.NS, v.R.PathValue("id"))
	if err != nil {
		return err
	}
	op := spec.OperationByID(e.Operation)
	if op == nil || op.Multipart || op.Kind == "sandbox" {
		return v.Note(http.StatusUnprocessableEntity, "This request cannot be sent again", "It was of no operation that works in a sandbox, or carried a file, which is not kept.")
	}
	ns, err := v.playground(v.trimmed("to"))
	if err != nil {
		return err
	}
	answer, err := v.send(ns, &call{Method: e.Method, Path: e.Path, Query: e.Query, Body: e.Params, Version: e.Version})
	if err != nil {
		return err
	}
	return v.Lead(v.placeIn(ns).prefix() + "/logs/" + answer.Request)
}

// placeIn is where pages of a namespace are.
func (v *Visit) placeIn(ns *access.Namespace) place {
	p := place{env: ns.Env}
	if ns.Account != v.homeOf(v.Person) {
		p.account = ns.Account
	}
	return p
}

// playground is the sandbox that somebody chose, or a new one.
func (v *Visit) playground(to string) (*access.Namespace, error) {
	made := access.SandboxSpec{Account: v.Namespace.Account, Name: "Replay", TTL: replayLife}
	switch {
	case to == inCopy && v.Sandbox != nil:
		s, err := v.Registry.CloneSandbox(v.R.Context(), v.Sandbox.ID, made)
		if err != nil {
			return nil, err
		}
		to = s.ID
	case to == inNew || to == "":
		s, err := v.Registry.CreateSandbox(v.R.Context(), made)
		if err != nil {
			return nil, err
		}
		to = s.ID
	case to == access.Test || to == access.Live:
		return nil, &people.Invalid{Field: "to", Text: "Choose a sandbox"}
	}
	return v.Registry.Known(v.Namespace.Account, to)
}
