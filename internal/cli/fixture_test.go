package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/cli"
	"sharesmart/internal/servertest"
)

const shop = `{
  "_meta": {"template_version": 0},
  "fixtures": [
    {"name": "product", "path": "/v1/products", "method": "post", "params": {"name": "${.env:PRODUCT|Pro}", "metadata": {"id": "${generate-uuid}"}}},
    {"name": "price", "path": "/v1/prices", "method": "post", "params": {"product": "${product:id}", "unit_amount": 1500, "currency": "usd", "recurring": {"interval": "month"}}},
    {"name": "customer", "path": "/v1/customers", "method": "post", "params": {"email": "jenny@example.com", "payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}},
    {"name": "refused", "path": "/v1/customers", "method": "post", "params": {"email": "none"}, "expected_error_type": "invalid_request_error"},
    {"name": "subscription", "path": "/v1/subscriptions", "method": "post", "params": {"customer": "${customer:id}", "items": [{"price": "${price:id}"}], "description": "For ${customer:email}: ${price:nickname|no name}"}},
    {"name": "again", "path": "/v1/subscriptions/${subscription:id}", "method": "get"},
    {"name": "item", "path": "/v1/subscription_items/${again:items.data.0.id}", "method": "get"}
  ],
  "env": {"PRICE": "${price:id}", "NEW": "${item:id}"}
}`

// A file of Stripe's format runs, each request with what those before it were answered, and writes what it is to .env.
func TestFixtures(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	sh.write("shop.json", shop)
	sh.write(".env", "# keys\nPRODUCT='Team plan'\nPRICE=old\n")
	out := sh.must("fixtures", "shop.json", "--override", "price:recurring.interval=year", "--add", "customer:name=Jenny", "--add", "customer:email=other@example.com",
		"--remove", "product:metadata", "--override", "subscription:items.0.quantity=3")
	if !strings.Contains(out, "invalid_request_error as expected") || strings.Count(out, "\n") != 7 {
		t.Errorf("it prints\n%s", out)
	}
	env := sh.read(".env")
	price := strings.Split(strings.Split(env, "PRICE=\"")[1], "\"")[0]
	if !strings.HasPrefix(env, "# keys\nPRODUCT='Team plan'\nPRICE=\"price_") || !strings.Contains(env, "\nNEW=\"si_") {
		t.Errorf(".env is %s", env)
	}
	for path, want := range map[string][]string{
		"prices/" + price: {`"interval": "year"`},
		"products":        {`"name": "Team plan"`, `"metadata": {}`},
		"customers":       {`"name": "Jenny"`, `"email": "jenny@example.com"`},
		"subscriptions":   {`"description": "For jenny@example.com: no name"`, `"quantity": 3`},
	} {
		got := sh.must("get", path)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s has no %s: %s", path, w, got)
			}
		}
	}
	if out := sh.must("fixtures", "shop.json", "--skip", "refused"); !strings.Contains(out, "refused POST  skipped") {
		t.Errorf("it prints\n%s", out)
	}
}

func (s *shell) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shell) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func TestBadFixtures(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	step := func(text string) string { return `{"_meta": {"template_version": 0}, "fixtures": [` + text + `]}` }
	one := step(`{"name": "customer", "path": "/v1/customers", "method": "post"}`)
	for name, test := range map[string]struct {
		text string
		args []string
		code int
		why  string
	}{
		"no requests":                 {text: `{"a": 1}`, code: cli.ExitFailed, why: "this is no fixture: it has no requests"},
		"no JSON":                     {text: "{", code: cli.ExitFailed, why: "this is no fixture"},
		"of a newer format":           {text: `{"_meta": {"template_version": 1}}`, code: cli.ExitFailed, why: "template_version 1"},
		"without a path":              {text: step(`{"method": "get"}`), code: cli.ExitFailed, why: "has no path"},
		"a path elsewhere":            {text: step(`{"method": "get", "path": "/admin"}`), code: cli.ExitFailed, why: "begins neither"},
		"what is refused":             {text: step(`{"name": "c", "path": "/v1/customers", "method": "post", "params": {"email": "x"}}`), code: cli.ExitFailed, why: "c: Invalid email address"},
		"a step that is not there":    {text: step(`{"name": "c", "path": "/v1/customers/${x:id}", "method": "get"}`), code: cli.ExitFailed, why: `no step before it is called "x"`},
		"a field that is not there":   {text: step(`{"name": "b", "path": "/v1/balance", "method": "get"}, {"name": "c", "path": "/v1/customers/${b:id}", "method": "get"}`), code: cli.ExitFailed, why: "the answer to b has no id"},
		"a variable that is not set":  {text: step(`{"name": "c", "path": "/v1/customers/${.env:NONE}", "method": "get"}`), code: cli.ExitFailed, why: "there is no variable NONE"},
		"a change of no step":         {text: one, args: []string{"--override", "x:email=a"}, code: cli.ExitUsage, why: `no step "x"; there are customer`},
		"a change without a value":    {text: one, args: []string{"--add", "customer:email"}, code: cli.ExitUsage, why: "write customer:email=VALUE"},
		"a change without its step":   {text: one, args: []string{"--remove", "email"}, code: cli.ExitUsage, why: "write STEP:path.to.param"},
		"leaving out what is not one": {text: one, args: []string{"--skip", "x"}, code: cli.ExitUsage, why: `no step "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := &shell{t, sh.env, t.TempDir()}
			sh.write("bad.json", test.text)
			sh.fails(test.code, test.why, append([]string{"fixtures", "bad.json"}, test.args...)...)
		})
	}
	sh.fails(cli.ExitFailed, "no such file", "fixtures", "none.json")
}

// A trigger is a fixture: it can be changed, printed, and run as a file.
func TestTriggerChanges(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	sh.must("trigger", "customer.created", "--override", "customer:email=jenny@example.com", "--remove", "customer:name")
	if got := s.Get("/v1/customers").OK().Array("data"); len(got) != 1 || !strings.Contains(sh.must("get", "customers"), `"email": "jenny@example.com"`) {
		t.Errorf("made %v", got)
	}
	var told struct{ ID, Type string }
	if err := json.Unmarshal([]byte(sh.must("trigger", "product.created", "--json")), &told); err != nil || told.Type != "product.created" || !strings.HasPrefix(told.ID, "evt_") {
		t.Errorf("told %+v, %v", told, err)
	}
	sh.write("invoice.json", sh.must("trigger", "invoice.finalized", "--print"))
	sh.must("fixtures", "invoice.json", "--override", "invoiceitem:amount=700")
	if got := sh.must("get", "invoices"); !strings.Contains(got, `"total": 700`) || !strings.Contains(got, `"status": "open"`) {
		t.Errorf("made %s", got)
	}
	sh.fails(cli.ExitUsage, "but customer.created", "trigger", "customer.make")
	sh.fails(cli.ExitUsage, "can be caused", "trigger", "_customer")
}
