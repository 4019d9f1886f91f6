package resource

import (
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// TestTemplates holds every kind's template to the spec: what is there before any parameter must be valid already.
func TestTemplates(t *testing.T) {
	t.Parallel()
	e := &Engine{clock: clock.NewFake(time.Unix(1700000000, 0)), kinds: map[string]*kindInfo{}, options: Options{BaseURL: "https://localhost:8443"}}
	ns := &access.Namespace{NS: 1, Account: "acct_1032D82eZvKYlo2C", Env: access.Test}
	for _, kind := range spec.Resources() {
		k := e.kind(kind)
		o, err := e.instantiate(k, ns, "x_123", e.clock.Now())
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if err := object.Check(k.schema, o); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestTemplateOfCustomer(t *testing.T) {
	t.Parallel()
	e := &Engine{clock: clock.NewFake(time.Unix(1700000000, 0)), kinds: map[string]*kindInfo{}}
	ns := &access.Namespace{NS: 1, Account: "acct_1032D82eZvKYlo2C", Env: access.Live, Live: true}
	o, err := e.instantiate(e.kind("customer"), ns, "cus_1", e.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Int("created"); got != 1700000000 {
		t.Errorf("created = %d, want the operation's time", got)
	}
	if !o.Bool("livemode") || o.ID() != "cus_1" || o.Get("email") != nil || o.Get("discount") != nil || !o.Has("email") {
		t.Errorf("template of a customer:\n%s", o.AppendJSON(nil, 0))
	}
}
