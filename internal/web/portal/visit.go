package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

// visit is one request of a customer.
type visit struct {
	*Pages
	w http.ResponseWriter
	r *http.Request

	Lang     string
	Base     string // what the paths of the pages begin with
	Seller   string
	Brand    *brand.Brand // nil as long as nobody knows
	Test     bool
	Return   string         // where the customer goes back to; empty for nowhere
	Customer *object.Object // nil as long as nobody knows
	Flow     *object.Object // the one thing that the customer came for, as long as they have not done it

	feature       string // what the page needs
	ns            *access.Namespace
	session       *object.Object
	configuration *object.Object
	notes         *object.Object // the private part of the session
	now           int64          // for the customer
}

// What a visit can come to, beside pages.
var (
	errNothing = errors.New("portal: nothing is there")
	errOver    = errors.New("portal: the time of the session is over")
	errOff     = errors.New("portal: the configuration does not allow it")
)

const (
	// maxForm is more than a form can hold.
	maxForm = 32 << 10
	// maxToken is the length up to which tokens are looked at: real ones are shorter.
	maxToken = 255
)

func (p *Pages) visit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{Pages: p, w: w, r: r, Lang: book().Accepted(r)}
}

// page makes a handler of a route.
func (p *Pages) page(prefix string, rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := p.visit(w, r)
		v.Base, v.feature = prefix+url.PathEscape(r.PathValue("token")), rt.feature
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := p.guard.Check(r); err != nil || r.ParseForm() != nil {
				v.fail(v.note(http.StatusForbidden, "This form did not come from here", "Open the page again and send it once more."))
				return
			}
		}
		v.fail(rt.serve(v))
	})
}

// fail says why there is no page. It tells the log of faults of ours.
func (v *visit) fail(err error) {
	api := apierr.As(err)
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return
	case errors.Is(err, errOver):
		err = v.note(http.StatusGone, "This page has expired", "It works for an hour, so that nobody else can use it. Open it again from where you came from.")
	case errors.Is(err, errOff):
		err = v.note(http.StatusForbidden, "This cannot be done here", "The seller does not offer it on this page. Ask them for help.")
	case errors.Is(err, errNothing), api != nil && api.Status == http.StatusNotFound:
		err = v.note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
	default:
		v.Log.Error("a page of the portal failed", "error", err)
		err = v.note(http.StatusInternalServerError, "This did not work", "The fault is ours and nothing was changed. Try again in a moment.")
	}
	if err != nil {
		v.Log.Error("a page of the portal failed", "error", err)
		http.Error(v.w, "This did not work.", http.StatusInternalServerError)
	}
}

// at finds where what a token stands for is.
func (v *visit) at(token string) (err error) {
	if len(token) > maxToken {
		return errNothing
	}
	if v.ns, err = v.Engine.At(v.Place(token)); errors.Is(err, store.ErrNotFound) {
		return errNothing
	}
	return err
}

// load runs an operation that knows the visit: whose session it is, and that the page is allowed.
func (v *visit) load(more func(op *resource.Op) error) error {
	if err := v.at(v.r.PathValue("token")); err != nil {
		return err
	}
	_, err := v.Engine.Call(v.r.Context(), v.ns, func(op *resource.Op) error {
		if err := v.identify(op); err != nil || more == nil {
			return err
		}
		return more(op)
	})
	return err
}

func (v *visit) identify(op *resource.Op) (err error) {
	token := v.r.PathValue("token")
	v.Test = !op.Live()
	if v.Seller, err = v.Options.Seller(op); err != nil {
		return err
	}
	if v.Brand, err = brand.For(op); err != nil {
		return err
	}
	if v.Return, err = v.Options.Return(op, token); err != nil {
		return err
	}
	if v.session, err = v.Open(op, token); err != nil {
		return err
	}
	if v.session == nil {
		return errOver
	}
	if v.configuration, err = op.Find("billing_portal.configuration", v.session.Ref("configuration")); err != nil {
		return err
	}
	if v.Customer, err = op.Find("customer", v.session.Ref("customer")); err != nil {
		return err
	}
	if v.configuration == nil || v.Customer == nil {
		return errOver // they were deleted since
	}
	return v.settle(op)
}

// settle reads what the session says of how the page is.
func (v *visit) settle(op *resource.Op) (err error) {
	v.Lang = v.tongue()
	if v.notes, err = op.Private(v.session); err != nil {
		return err
	}
	v.Flow = nil
	if !v.notes.Bool(flowDone) {
		v.Flow = v.session.Object("flow")
	}
	if err := op.KeepTimeOf(v.Customer); err != nil {
		return err
	}
	v.now = op.Now().Unix()
	if v.feature != "" && !v.Can(v.feature) {
		return errOff
	}
	return nil
}

// Can reports whether the configuration allows something.
func (v *visit) Can(feature string) bool { return v.features(feature).Bool("enabled") }

func (v *visit) features(name string) *object.Object {
	return v.configuration.Object("features").Object(name)
}

// own is an object of the customer's.
func (v *visit) own(op *resource.Op, kind, id string) (*object.Object, error) {
	o, err := op.Find(kind, id)
	if err == nil && (o == nil || o.Ref("customer") != v.Customer.ID()) {
		err = errNothing
	}
	return o, err
}

// lead sends the browser on with a GET.
func (v *visit) lead(to string) {
	v.w.Header().Set("Location", to)
	v.w.WriteHeader(http.StatusSeeOther)
}

// refusal is what a rule says to the customer; nil if it is none but a fault of ours, or nothing.
func refusal(err error) *apierr.Error {
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError && api.Status != http.StatusNotFound {
		return api
	}
	return nil
}

// call calls an operation of the API; form are names and values in turn.
func (v *visit) call(operation string, form ...string) (*object.Object, error) {
	sent := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		sent.Set(form[i], form[i+1])
	}
	return v.Engine.Do(v.r.Context(), v.ns, operation, sent)
}

// missing reports whether what was asked for is not there.
func missing(err error) bool {
	api := apierr.As(err)
	return api != nil && api.Status == http.StatusNotFound
}
