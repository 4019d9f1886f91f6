package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/cli"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// Each operation has a command of its own.
func TestCommands(t *testing.T) {
	t.Parallel()
	commands := map[string]string{}
	for _, op := range spec.Operations() {
		command := cli.Command(op)
		if other := commands[command]; other != "" {
			t.Errorf("%s is the command of %s and of %s", command, other, op.ID)
		}
		commands[command] = op.ID
	}
	for command, id := range map[string]string{
		"customers create": "PostCustomers", "customers list": "GetCustomers", "customers search": "GetCustomersSearch", "invoices pay": "PostInvoicesInvoicePay",
		"customers tax_ids list": "GetCustomersCustomerTaxIds", "balance retrieve": "GetBalance", "checkout sessions expire": "PostCheckoutSessionsSessionExpire",
		"customers discount delete": "DeleteCustomersCustomerDiscount", "test_helpers test_clocks create": "PostTestHelpersTestClocks",
		"test_helpers test_clocks advance": "PostTestHelpersTestClocksTestClockAdvance", "files create": "PostFiles",
	} {
		if commands["sharesmart "+command] != id {
			t.Errorf("sharesmart %s is %q, want %s", command, commands["sharesmart "+command], id)
		}
	}
}

// Parameters come from flags, nested ones too, and from -d, in the order of the command line.
func TestOperations(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	made := sh.must("customers", "create", "--email", "jenny@example.com", "--address.city", "Bonn", "--metadata", "a=b=c", "--preferred_locales", "de", "--preferred-locales", "en",
		"-d", "shipping[name]=Jenny", "-d", "shipping[address][line1]=Hauptstraße 1", "--invoice-settings.footer", "Danke & tschüß")
	var customer struct {
		ID, Email string
		Locales   []string `json:"preferred_locales"`
		Metadata  map[string]string
		Address   struct{ City string }
		Shipping  struct{ Address struct{ Line1 string } }
		Invoices  struct{ Footer string } `json:"invoice_settings"`
	}
	if err := json.Unmarshal([]byte(made), &customer); err != nil {
		t.Fatal(err)
	}
	if customer.Email != "jenny@example.com" || !slices.Equal(customer.Locales, []string{"de", "en"}) || customer.Metadata["a"] != "b=c" || customer.Address.City != "Bonn" ||
		customer.Shipping.Address.Line1 != "Hauptstraße 1" || customer.Invoices.Footer != "Danke & tschüß" {
		t.Errorf("made %s", made)
	}
	event := s.Get("/v1/events", "limit", "1").OK().Array("data")[0].(*object.Object).ID()
	for _, name := range []string{"retry", "resend"} {
		if again := sh.must("events", name, event); !strings.Contains(again, event) {
			t.Errorf("%s answers %s", name, again)
		}
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"customers", "retrieve", customer.ID}, `"email": "jenny@example.com"`},
		{[]string{"customers", "update", customer.ID, "--name", "Jenny"}, `"name": "Jenny"`},
		{[]string{"customers", "list", "--limit", "1", "--email", "jenny@example.com"}, customer.ID},
		{[]string{"customers", "search", "--query", "email:'jenny@example.com'"}, customer.ID},
		{[]string{"get", "/v1/customers/" + customer.ID}, `"name": "Jenny"`},
		{[]string{"get", "customers", "-d", "limit=1"}, `"has_more": true`},
		{[]string{"post", "customers/" + customer.ID, "-d", "name=Jane"}, `"name": "Jane"`},
		{[]string{"payment_intents", "create", "--amount", "2000", "--currency", "usd", "--confirm", "--payment-method", "pm_card_visa", "--payment-method-types", "card"}, `"status": "succeeded"`},
		{[]string{"balance", "retrieve", "--show-headers"}, "Request-Id: req_"},
		{[]string{"customers", "delete", customer.ID}, `"deleted": true`},
		{[]string{"delete", "customers/" + sh.id("customers", "create")}, `"deleted": true`},
	} {
		if out := sh.must(test.args...); !strings.Contains(out, test.want) {
			t.Errorf("sharesmart %s prints %s, want %s in it", strings.Join(test.args, " "), out, test.want)
		}
	}
	if first, again := sh.id("customers", "create", "-i", "once"), sh.id("customers", "create", "-i", "once"); first != again {
		t.Errorf("with one key two objects were made: %s, %s", first, again)
	}
}

// id is the id of what a command made.
func (s *shell) id(args ...string) string {
	s.t.Helper()
	var o struct{ ID string }
	if err := json.Unmarshal([]byte(s.must(args...)), &o); err != nil {
		s.t.Fatal(err)
	}
	return o.ID
}

func TestUpload(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	if err := os.WriteFile(filepath.Join(sh.dir, "proof.csv"), []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	id := sh.id("files", "create", "--purpose", "tax_document_user_upload", "--file", "proof.csv")
	if got := sh.must("files", "contents", id); got != "a,b\n1,2\n" {
		t.Errorf("the file holds %q", got)
	}
}

// A mistake ends with 2 and says what is meant, a refusal with 1 and says why.
func TestMistakes(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	sh.fails(cli.ExitUsage, `no command "custmers"; did you mean "customers"?`, "custmers")
	sh.fails(cli.ExitUsage, `no command "customers creat"`, "customers", "creat")
	sh.fails(cli.ExitUsage, "CUSTOMER is missing", "customers", "retrieve")
	sh.fails(cli.ExitUsage, `"b" is one argument too many`, "customers", "retrieve", "a", "b")
	sh.fails(cli.ExitUsage, "unknown flag: --emial", "customers", "create", "--emial", "x")
	sh.fails(cli.ExitUsage, "write NAME=VALUE", "customers", "create", "-d", "email")
	sh.fails(cli.ExitUsage, "write KEY=VALUE", "customers", "create", "--metadata", "x")
	sh.fails(cli.ExitFailed, "Invalid email address: none (email_invalid, email, req_", "customers", "create", "--email", "none")
	sh.fails(cli.ExitFailed, "No such customer: 'cus_none'", "customers", "retrieve", "cus_none")
	sh.env["SHARESMART_API_KEY"] = "sk_test_wrong"
	sh.fails(cli.ExitFailed, "Invalid API Key provided", "balance", "retrieve")
	delete(sh.env, "SHARESMART_API_KEY")
	sh.fails(cli.ExitFailed, "there is no API key", "balance", "retrieve")
	sh.fails(cli.ExitFailed, "write https://HOST:PORT", "balance", "retrieve", "--api-key", s.Key, "--api-base", "localhost")
	sh.fails(cli.ExitFailed, "reach the server", "balance", "retrieve", "--api-key", s.Key, "--api-base", "http://127.0.0.1:1")
}

// A setting comes from the command line, else the environment, else the file, else what it is by itself.
func TestSettings(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.TLS(), servertest.WallClock()) // the command goes by it when it looks at the certificate
	sh := newShell(t, s)
	delete(sh.env, "SHARESMART_API_KEY")
	ca := filepath.Join(sh.dir, "ca.pem")
	if err := os.WriteFile(ca, s.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	sh.must("config", "set", "api_key", s.Key)
	sh.must("config", "set", "ca-file", ca)
	file := filepath.Join(sh.dir, ".config", "sharesmart", "config.yaml")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}
	shown := sh.must("config")
	if strings.Contains(shown, s.Key) || !strings.Contains(shown, "sk_test_...") || !strings.Contains(shown, file) || !strings.Contains(shown, "SHARESMART_API_BASE") {
		t.Errorf("config prints\n%s", shown)
	}
	sh.env["SHARESMART_API_KEY"] = "sk_test_ofTheEnvironment"
	sh.fails(cli.ExitFailed, "sk_test_***", "balance", "retrieve")
	sh.must("config", "set", "api_key", "")
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "api_key") {
		t.Errorf("the file holds %s, %v", text, err)
	}
	sh.fails(cli.ExitUsage, `no setting "colour"`, "config", "set", "colour", "on")
	delete(sh.env, "SHARESMART_API_KEY")
}

func TestColours(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	if out := sh.must("balance", "retrieve", "--color", "on"); !strings.Contains(out, "\x1b[36m\"object\"\x1b[0m: \x1b[32m\"balance\"\x1b[0m") || !strings.Contains(out, "\x1b[33mfalse\x1b[0m") {
		t.Errorf("in colours: %s", out)
	}
	if out := sh.must("balance", "retrieve"); strings.Contains(out, "\x1b") {
		t.Errorf("without: %s", out)
	}
	sh.fails(cli.ExitUsage, "write on, off or auto", "balance", "retrieve", "--color", "blue")
}

// What is completed comes from the spec.
func TestCompletion(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"cust"}, "customers"},
		{[]string{"customers", "cr"}, "create"},
		{[]string{"customers", "create", "--tax-e"}, "--tax-exempt"},
		{[]string{"customers", "create", "--tax-exempt", ""}, "reverse"},
		{[]string{"trigger", "invoice.pa"}, "invoice.paid"},
		{[]string{"listen", "--events", "invoice.pai"}, "invoice.paid"},
	} {
		if out := sh.must(append([]string{"__complete"}, test.args...)...); !strings.Contains(out, test.want) {
			t.Errorf("%v completes to %s", test.args, out)
		}
	}
	for _, name := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := sh.must("completion", name); !strings.Contains(out, "sharesmart") {
			t.Errorf("the script for %s is %s", name, out)
		}
	}
}
