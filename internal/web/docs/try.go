package docs

import (
	"errors"
	"net/http"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	programs "sharesmart/internal/web/docs/reference/sample"
	"sharesmart/internal/web/docs/try"
)

// What readers may call in a sandbox of their own, from a form on a page. The calls go through the server's own handler,
// so that answers, log and idempotency are those of any other request. Everything is in the form: a page can be sent to
// somebody, and works without scripts.

// tryPath is what the addresses of forms begin with; the operation's id follows.
const tryPath = Prefix + "/try"

// trial is a form for a call, and what came of it.
type trial struct {
	*reference.Operation
	Sandbox *try.Sandbox // nil for none yet
	May     bool
	Path    []*tryField
	Fields  []*tryField
	Names   []string // of parameters that are not in the form yet
	Retry   string   // the idempotency key
	Faults  []string
	Answer  *tryAnswer
	Code    []reference.Sample
	Chosen  string // the language that is open
}

// tried finds the operation of a form; nil if it cannot be called from one.
func (v *visit) tried() *reference.Operation {
	op := v.catalog().Operation(v.r.PathValue("operation"))
	if op == nil || !canTry(op.Operation) {
		return nil
	}
	return op
}

// canTry reports whether an operation can be called from a form: no file is sent or answered, and it is about objects in a
// sandbox and not about sandboxes.
func canTry(op *spec.Operation) bool {
	return !op.Multipart && op.Class != spec.Download && op.Kind != "sandbox"
}

// CanTry reports whether there is a form for an operation.
func (v *visit) CanTry(op *reference.Operation) bool { return canTry(op.Operation) }

// showTry shows the form of an operation, with what the address says in its fields.
func showTry(v *visit) error {
	op := v.tried()
	if op == nil {
		return notFound(v)
	}
	t, err := v.trial(op, v.r.URL.Query())
	if err != nil {
		return err
	}
	return v.showTrial(http.StatusOK, t)
}

// runTry makes the call of a form.
func runTry(v *visit) error {
	op := v.tried()
	if op == nil {
		return notFound(v)
	}
	sandbox, err := v.Sandboxes.Use(v.w, v.r)
	if err != nil {
		return v.refuse(op, err)
	}
	v.reader = sandbox
	t, err := v.trial(op, v.r.PostForm)
	if err != nil {
		return err
	}
	call, missing := t.call(v.r.PostForm)
	if len(missing) > 0 {
		t.Faults = missing
		return v.showTrial(http.StatusBadRequest, t)
	}
	answer, err := v.Sandboxes.Send(v.r.Context(), v.API, sandbox, call, v.r.RemoteAddr)
	if err != nil {
		return err
	}
	if t.Answer, err = v.shown(answer, sandbox); err != nil {
		return err
	}
	return v.showTrial(http.StatusOK, t)
}

// refuse says why a call is not made.
func (v *visit) refuse(op *reference.Operation, why error) error {
	status, fault := http.StatusForbidden, ""
	switch {
	case errors.Is(why, try.ErrNotAllowed):
		fault = faultNotAllowed
	case errors.Is(why, try.ErrTooMany):
		status, fault = http.StatusTooManyRequests, faultTooMany
	case errors.Is(why, try.ErrFull):
		status, fault = http.StatusServiceUnavailable, faultFull
	default:
		return why
	}
	t, err := v.trial(op, v.r.PostForm)
	if err != nil {
		return err
	}
	t.Faults = []string{fault}
	return v.showTrial(status, t)
}

// What is said when a call is not made.
const (
	faultNotAllowed = "You are not signed in, so nothing was sent. Run one of the programs below with a key of your own."
	faultTooMany    = "That were many calls within a minute. Nothing was sent: wait a moment, then send it again."
	faultFull       = "Too many people try this server at the moment. Nothing was sent: try again later."
)

// startOver empties the reader's sandbox.
func startOver(v *visit) error {
	err := v.Sandboxes.StartOver(v.w, v.r)
	switch {
	case errors.Is(err, try.ErrTooMany), errors.Is(err, try.ErrFull):
		return v.note(http.StatusTooManyRequests, "That was a lot at once", "Wait some minutes, then say it again.")
	case errors.Is(err, try.ErrNotAllowed):
		return notFound(v)
	case err != nil:
		return err
	}
	back := v.catalog().Operation(v.r.PostForm.Get("operation"))
	to := Prefix
	if back != nil {
		to = tryPath + "/" + back.ID
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// trial makes the form of an operation with what was typed.
func (v *visit) trial(op *reference.Operation, typed map[string][]string) (*trial, error) {
	t := &trial{Operation: op, May: v.Sandboxes.May(v.r), Retry: clock.Secret(v.Clock, 24)}
	var err error
	if t.Sandbox, err = v.sandbox(); err != nil {
		return nil, err
	}
	if len(typed) == 0 {
		typed = v.proposal(op)
	}
	t.fill(typed)
	if err := v.suggest(t); err != nil {
		return nil, err
	}
	t.write(v)
	return t, nil
}

// write writes the call as a program in each language.
func (t *trial) write(v *visit) {
	run := &programs.Run{Form: t.form()}
	for _, f := range t.Path {
		value := strings.TrimSpace(f.Value)
		if value == "" {
			value = "{" + f.Name + "}"
		}
		run.Path = append(run.Path, value)
	}
	call := reference.CallOf(t.Operation.Operation, run, reference.SampleKey, v.BaseURL)
	for _, l := range programs.Languages {
		text := l.Write(call)
		t.Code = append(t.Code, reference.Sample{Lang: l.Lang, Name: l.Name, Text: text, HTML: reference.Highlight(l.Lang, text)})
	}
	t.Chosen = (&page{visit: v}).Language()
}

func (v *visit) showTrial(status int, t *trial) error {
	return v.render(status, "try", &page{Title: t.Title, Data: t})
}
