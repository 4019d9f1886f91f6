package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A session of the billing portal lets one customer see and change, on our pages, what the configuration allows.
//
//	(new) --page opened within five minutes--> open --an hour--> over --a month--> gone
//	      --five minutes--> over
//
// One that is over does nothing but lead its customer back to the seller.
//
// Emits billing_portal.session.created.
func init() {
	register(resource.Rules{
		Object: "billing_portal.session", Unmerged: []string{"flow"}, Create: createPortalSession,
		Index:  map[string]func(*object.Object) []string{"token": func(s *object.Object) []string { return []string{lastPart(s.String("url"))} }},
		Timers: map[string]resource.Hook{portalExpiry: endPortal, portalGone: func(op *resource.Op) error { return op.Delete(op.Object) }},
	})
}

const (
	portalExpiry = "billing_portal.session.expires"
	portalGone   = "billing_portal.session.gone"
	// portalOpening is how long the address of a session can be opened, and portalLife how long it can be used then.
	portalOpening = 5 * time.Minute
	portalLife    = time.Hour
	// portalLetters is how much of the address cannot be guessed.
	portalLetters = 48
)

func createPortalSession(op *resource.Op) error {
	s := op.Object
	id := op.Params.String("customer")
	if id == "" {
		return missingParam("customer")
	}
	if _, err := op.Get("customer", id, "customer"); err != nil {
		return err
	}
	if err := checkConnect(op, newParams("on_behalf_of", op.Params.String("on_behalf_of"))); err != nil {
		return err
	}
	c, err := portalFor(op)
	if err != nil {
		return err
	}
	s.Set("configuration", c.ID())
	s.Set("customer", id)
	url := op.Params.String("return_url")
	if url != "" && !isPlace(url) {
		return apierr.Invalid("url_invalid", "return_url", "Not a valid URL")
	}
	if url == "" {
		s.Set("return_url", c.Get("default_return_url"))
	}
	s.Set("url", op.BaseURL()+"/p/session/"+placedSecret(op, portalLetters))
	s.Set("flow", nil)
	if sent := op.Params.Object("flow_data"); sent != nil {
		flow, err := portalFlow(op, s, c.Object("features"), sent)
		if err != nil {
			return within(err, "flow_data")
		}
		s.Set("flow", flow)
	}
	return op.SetTimer(portalExpiry, s, op.Now().Add(portalOpening))
}

// portalFor is the configuration that was named, or the account's default.
func portalFor(op *resource.Op) (*object.Object, error) {
	if id := op.Params.String("configuration"); id != "" {
		c, err := op.Get("billing_portal.configuration", id, "configuration")
		if err == nil && !c.Bool("active") {
			err = apierr.Invalid("", "configuration", "The configuration `%s` is not active.", id)
		}
		return c, err
	}
	c, err := defaultPortal(op)
	if c != nil || err != nil {
		return c, err
	}
	mode := "test mode"
	if op.Live() {
		mode = "live mode"
	}
	return nil, apierr.Invalid("", "", "No configuration provided and your %s default configuration has not been created. Provide a configuration or create your default with POST /v1/billing_portal/configurations.", mode)
}

// endPortal ends the time of a session.
func endPortal(op *resource.Op) error {
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	private.Set("over", true)
	if err := op.SetPrivate(op.Object, private); err != nil {
		return err
	}
	return op.SetTimer(portalGone, op.Object, op.Now().Add(resource.Retention))
}

// OpenPortal is the session whose page is opened, by the token of its address; nil if there is none, or its time is over.
// From now on it can be used for an hour.
func OpenPortal(op *resource.Op, token string) (*object.Object, error) {
	s, private, err := portalBy(op, token)
	if s == nil || err != nil || private.Bool("opened") && !private.Bool("over") {
		return s, err
	}
	if private.Bool("over") {
		return nil, nil
	}
	private.Set("opened", true)
	if err := op.SetPrivate(s, private); err != nil {
		return nil, err
	}
	return s, op.SetTimer(portalExpiry, s, op.Now().Add(portalLife))
}

func portalBy(op *resource.Op, token string) (s, private *object.Object, err error) {
	found, err := op.Lookup("billing_portal.session", "token", token)
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	private, err = op.Private(found[0])
	return found[0], private, err
}

// PortalReturn is where the customer of a session goes whose time is over; empty if nobody knows.
func PortalReturn(op *resource.Op, token string) (string, error) {
	s, _, err := portalBy(op, token)
	return s.String("return_url"), err
}
