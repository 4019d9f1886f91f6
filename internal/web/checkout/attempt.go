package checkout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

var errGone = &apierr.Error{Status: http.StatusNotFound, Type: apierr.TypeInvalid, Message: "There is no such attempt."}

// describe reads what the challenge shows.
func (p *Pages) describe(ctx context.Context, a attempt) (c challenge, err error) {
	ns, err := p.find(a)
	if err != nil {
		return c, err
	}
	_, err = p.Engine.Call(ctx, ns, func(op *resource.Op) error {
		intent, err := p.Describe(op, a.id, a.clientSecret)
		if err != nil {
			return err
		}
		method, err := methodOf(op, intent)
		if err != nil {
			return err
		}
		merchant, err := merchantOf(op)
		c = newChallenge(merchant, intent, method)
		return err
	})
	return c, err
}

// act goes on with the intent and says where the customer goes.
func (p *Pages) act(ctx context.Context, a attempt, outcome string) (d done, err error) {
	ns, err := p.find(a)
	if err != nil {
		return d, err
	}
	_, err = p.Engine.Call(ctx, ns, func(op *resource.Op) error {
		intent, err := p.Describe(op, a.id, a.clientSecret)
		if err != nil {
			return err
		}
		back, err := p.ReturnURL(op, intent)
		if err != nil {
			return err
		}
		if intent, err = p.Authenticate(op, a.id, a.clientSecret, outcome); err != nil {
			return err
		}
		merchant, err := merchantOf(op)
		d = newDone(merchant, intent, outcome)
		d.next = nextURL(back, intent, d.Status)
		return err
	})
	return d, err
}

// attempt is what an address says: the attempt, or for the redirect of a source that, the client secret, and where both
// are.
type attempt struct{ id, clientSecret, place string }

// maxParam is the length up to which parameters are looked at: ids and secrets are far shorter.
const maxParam = 255

func attemptOf(r *http.Request) attempt {
	query := r.URL.Query()
	return attempt{strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, SourcePrefix), Prefix), query.Get("client_secret"), query.Get("in")}
}

// isLive reports whether an address is one that a bank of live mode leads back to.
func (p *Pages) isLive(a attempt) bool {
	ns, err := p.Engine.At(a.place)
	return err == nil && ns.Live && p.Return != nil && max(len(a.id), len(a.clientSecret)) <= maxParam
}

// comeBack says where a customer goes who comes back from their bank.
func (p *Pages) comeBack(ctx context.Context, a attempt) (d done, err error) {
	ns, err := p.Engine.At(a.place)
	if err != nil {
		return d, err
	}
	_, err = p.Engine.Call(ctx, ns, func(op *resource.Op) error {
		intent, back, err := p.Return(op, a.id, a.clientSecret)
		if err != nil {
			return err
		}
		show := func(op *resource.Op, intent *object.Object) error {
			merchant, err := merchantOf(op)
			d = newDone(merchant, intent, "succeeded")
			d.next = nextURL(back, intent, d.Status)
			return err
		}
		kind, id := intent.String("object"), intent.ID()
		op.Then(func(op *resource.Op, _ *apierr.Error) error {
			intent, err := op.Get(kind, id, "")
			if err != nil {
				return err
			}
			return show(op, intent)
		})
		return show(op, intent)
	})
	return d, err
}

// find is the namespace that the address names. Live mode has no challenge: there, a bank shows its own page.
func (p *Pages) find(a attempt) (*access.Namespace, error) {
	if a.id == "" || a.clientSecret == "" || max(len(a.id), len(a.clientSecret), len(a.place)) > maxParam {
		return nil, errGone
	}
	ns, err := p.Engine.At(a.place)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && ns.Live:
		return nil, errGone
	case err != nil:
		return nil, fmt.Errorf("find an attempt: %w", err)
	}
	return ns, nil
}

const sourceKind = "source"

// methodOf is the payment method that the intent is to be paid with; nil if it has none. A source is its own.
func methodOf(op *resource.Op, intent *object.Object) (*object.Object, error) {
	if intent.String("object") == sourceKind {
		return intent, nil
	}
	id := intent.Ref("payment_method")
	if id == "" {
		return nil, nil
	}
	return op.Find("payment_method", id)
}

// merchantOf is the name under which customers know the account.
func merchantOf(op *resource.Op) (string, error) {
	a, err := op.Find("account", op.Account())
	if err != nil || a == nil {
		return "A shop", err
	}
	for _, name := range []string{a.Object("business_profile").String("name"), a.Object("settings").Object("dashboard").String("display_name"), a.String("email")} {
		if name != "" {
			return name, nil
		}
	}
	return "A shop", nil
}

// unsafe are the schemes that a browser would run or read instead of going to a page or an app.
var unsafe = []string{"javascript", "data", "vbscript", "file", "blob", "about"}

// nextURL is the return_url with what became of the intent, or empty if there is none to go to.
func nextURL(back string, intent *object.Object, status string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme == "" || slices.Contains(unsafe, strings.ToLower(u.Scheme)) {
		return ""
	}
	kind := intent.String("object")
	secret := kind + "_client_secret"
	if kind == sourceKind {
		secret = "livemode=false&client_secret"
	}
	more := kind + "=" + url.QueryEscape(intent.ID()) + "&" + secret + "=" + url.QueryEscape(intent.String("client_secret")) + "&redirect_status=" + status
	if u.RawQuery != "" {
		more = u.RawQuery + "&" + more
	}
	u.RawQuery = more
	return u.String()
}
