package dashboard

import (
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/ui"
)

// What a person does to objects is a request like any other: it goes through the server's own handler, with a grant in the
// place of a key, so that it is checked, limited and logged, and its events name it.

// call is a request of the API.
type call struct {
	Method, Path, Query, Body string
	Type                      string // of the body; empty for a form, or JSON if it looks so
	Version                   string // empty for the newest
	IdempotencyKey            string
}

// answer is what came of it.
type answer struct {
	Status  int
	Body    []byte
	Request string // its id
}

// longestAnswer bounds what is held of an answer.
const longestAnswer = 4 << 20

// send makes a request in a namespace, with what the person's role there allows.
func (v *Visit) send(ns *access.Namespace, c *call) (*answer, error) {
	target := "https://localhost" + c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	grant, err := v.grant(ns)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(access.WithGrant(v.R.Context(), grant), c.Method, target, strings.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	r.RemoteAddr = v.R.RemoteAddr
	for name, value := range map[string]string{"Stripe-Version": c.Version, "Idempotency-Key": c.IdempotencyKey, "User-Agent": requestlog.DashboardAgent} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if ns.Platform != "" {
		r.Header.Set("Stripe-Account", ns.Account)
	}
	switch {
	case c.Type != "":
		r.Header.Set("Content-Type", c.Type)
	case c.Body != "":
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if strings.HasPrefix(strings.TrimSpace(c.Body), "{") {
			r.Header.Set("Content-Type", "application/json")
		}
	}
	w := ui.NewRecorder(longestAnswer)
	v.API.ServeHTTP(w, r)
	return &answer{w.Status, w.Body(), w.Header().Get("Request-Id")}, nil
}

// grant is what the person may do in a namespace, as a key would say it.
func (v *Visit) grant(ns *access.Namespace) (*access.Grant, error) {
	home := ns
	if ns.Platform != "" {
		var err error
		if home, err = v.Registry.Known(ns.Platform, ns.Env); err != nil {
			return nil, err
		}
	}
	key := &access.Key{ID: "dashboard", Kind: access.RestrictedKey, Masked: v.Role.String(), Account: home.Account, Env: home.Env, Rights: rightsOf(v.Role)}
	if v.Person != nil {
		key.ID = v.Person.ID
	}
	if v.Role >= people.Developer {
		key.Kind = access.SecretKey
	}
	return &access.Grant{Key: key, Namespace: home}, nil
}

// helped are the kinds that those change who help customers.
var helped = map[string]bool{}

func init() {
	for kind := range strings.FieldsSeq("charge refund payment_intent setup_intent customer payment_method subscription subscription_item invoice invoiceitem credit_note " +
		"customer_balance_transaction payment_record file tax_id discount order order_return install login_code grant mail dispute quote billing_portal.session checkout.session promotion_code") {
		helped[kind] = true
	}
}

// rightsOf is what a role allows, by kind; nil for everything.
func rightsOf(r people.Role) access.Rights {
	if r >= people.Developer {
		return nil
	}
	rights := access.Rights{}
	for _, op := range spec.Operations() {
		kind := op.RightKind()
		rights[kind] = access.Read
		if r == people.Support && helped[kind] {
			rights[kind] = access.Write
		}
	}
	return rights
}

// mayCall reports whether the person's role allows an operation.
func (v *Visit) mayCall(op *spec.Operation) bool {
	switch {
	case op.Method == http.MethodGet || v.Role >= people.Developer:
		return true
	case v.Role == people.Support:
		return helped[op.RightKind()] && op.Class != spec.TestHelper
	}
	return false
}
