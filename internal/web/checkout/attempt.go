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
func (p *Pages) describe(ctx context.Context, attempt, clientSecret string) (c challenge, err error) {
	ns, err := p.find(attempt, clientSecret)
	if err != nil {
		return c, err
	}
	_, err = p.Engine.Call(ctx, ns, func(op *resource.Op) error {
		intent, err := p.Describe(op, attempt, clientSecret)
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
func (p *Pages) act(ctx context.Context, attempt, clientSecret, outcome string) (d done, err error) {
	ns, err := p.find(attempt, clientSecret)
	if err != nil {
		return d, err
	}
	_, err = p.Engine.Call(ctx, ns, func(op *resource.Op) error {
		intent, err := p.Describe(op, attempt, clientSecret)
		if err != nil {
			return err
		}
		back, err := p.ReturnURL(op, intent)
		if err != nil {
			return err
		}
		if intent, err = p.Authenticate(op, attempt, clientSecret, outcome); err != nil {
			return err
		}
		merchant, err := merchantOf(op)
		d = newDone(merchant, intent, outcome)
		d.next = nextURL(back, intent, d.Status)
		return err
	})
	return d, err
}

// find finds the namespace of an intent by its client secret, which begins with the intent's id (that of a source does
// not), which holds the end of the account's. The test mode of an account and its sandboxes are looked through, one read for each; live mode is
// not: there, a bank shows its own page.
func (p *Pages) find(attempt, clientSecret string) (*access.Namespace, error) {
	id, _, ok := strings.Cut(clientSecret, "_secret_")
	if strings.HasPrefix(attempt, "src_") {
		id = attempt
	}
	if !ok || attempt == "" || len(attempt) > maxParam || len(clientSecret) > maxParam {
		return nil, errGone
	}
	all, err := p.Registry.Namespaces()
	if err != nil {
		return nil, fmt.Errorf("find an intent: %w", err)
	}
	for _, ns := range all {
		if ns.Live || len(ns.Account) < accountTail || !strings.Contains(id, ns.Account[len(ns.Account)-accountTail:]) {
			continue
		}
		d, err := p.Store.Get(ns.NS, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("find an intent: %w", err)
		case !d.Deleted:
			return ns, nil
		}
	}
	return nil, errGone
}

const sourceKind = "source"

// accountTail is how many of an account's last characters are in the ids of its objects.
const accountTail = 10

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
