package portal

import (
	"html/template"
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// A flow takes the customer to one thing that they are to do. When it is done, the session is like any other one, unless
// the flow says that something else comes next.

// flowDone is the note of a session whose flow was done.
const flowDone = "flow_done"

// flowPage is where a flow begins.
func (v *visit) flowPage() string {
	switch kind := v.Flow.String("type"); kind {
	case methodUpdate:
		return v.Base + "/payment-methods/new"
	case customerUpdate:
		return v.Base + "/customer"
	case subscriptionCancel:
		return v.Base + "/subscriptions/" + v.Flow.Object(kind).String("subscription") + "/cancel"
	case subscriptionUpdate:
		return v.Base + "/subscriptions/" + v.Flow.Object(kind).String("subscription") + "/update"
	default:
		return v.Base + "/subscriptions/" + v.Flow.Object(kind).String("subscription") + "/confirm"
	}
}

// flowOf are the data of the flow if it is of a kind, and about an object that has an id there; nil if it is not.
func (v *visit) flowOf(kind, id string) *object.Object {
	if v.Flow.String("type") != kind || v.Flow.Object(kind).String("subscription") != id {
		return nil
	}
	return v.Flow.Object(kind)
}

// finish notes that what the flow was for is done, if it was for that.
func (v *visit) finish(op *resource.Op, kinds ...string) error {
	for _, kind := range kinds {
		if v.Flow.String("type") == kind {
			v.notes.Set(flowDone, true)
			return op.SetPrivate(v.session, v.notes)
		}
	}
	return nil
}

// onward leads on when something was done; deed names it.
func (v *visit) onward(deed string) {
	after := v.session.Object("flow").Object("after_completion")
	switch {
	case v.Flow == nil || !v.notes.Bool(flowDone) || after.String("type") == "portal_homepage":
		v.lead(v.Base + "?done=" + deed)
	case after.String("type") == "redirect":
		v.lead(string(ui.Link(after.Object("redirect").String("return_url"))))
	default:
		v.lead(v.Base + "/done")
	}
}

// act does what a customer asked for and leads on. The flow is done with it, if it is of one of the kinds.
func (v *visit) act(deed string, do func(op *resource.Op) error, kinds ...string) error {
	err := v.load(func(op *resource.Op) error {
		if err := do(op); err != nil {
			return err
		}
		return v.finish(op, kinds...)
	})
	if refused := refusal(err); refused != nil {
		return v.note(refused.Status, "This cannot be done", refused.Message)
	}
	if err == nil {
		v.onward(deed)
	}
	return err
}

// showDone says that the flow is done.
func showDone(v *visit) error {
	if err := v.load(nil); err != nil {
		return err
	}
	after := v.session.Object("flow").Object("after_completion").Object("hosted_confirmation")
	if v.Flow != nil || after == nil {
		v.lead(v.Base)
		return nil
	}
	return v.show("done", "Your changes are saved", after.String("custom_message"))
}

// away is where the home of a session is elsewhere: at what the flow is for, or at what comes after it; empty if not.
func (v *visit) away() template.URL {
	after := v.session.Object("flow").Object("after_completion")
	switch {
	case v.Flow != nil:
		return template.URL(v.flowPage()) //nolint:gosec // a path of ours
	case after.Object("redirect") != nil:
		return ui.Link(after.Object("redirect").String("return_url"))
	case after.Object("hosted_confirmation") != nil:
		return template.URL(v.Base + "/done") //nolint:gosec // a path of ours
	}
	return ""
}

// settled says that there is nothing left to do on a page.
func (v *visit) settled() error {
	return v.note(http.StatusConflict, "There is nothing left to do here", "It was done already, or is not possible any more.")
}
