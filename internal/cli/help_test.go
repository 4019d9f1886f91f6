package cli_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sharesmart/internal/cli"
	"sharesmart/internal/servertest"
	"sharesmart/internal/terminal"
)

// What was written wrong is told with what was meant and where it is explained.
func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	for _, c := range []struct{ args, why string }{
		{"customers create --emial a@example.com", `unknown flag: --emial; did you mean "--email"?`},
		{"customers create --emial a@example.com", "Run 'sharesmart customers create --help' for its flags."},
		{"listen --forwrd-to localhost:1", `unknown flag: --forwrd-to; did you mean "--forward-to"?`},
		{"customers create --elephants 3", "unknown flag: --elephants\n"},
		{"customers lst", `no command "customers lst"; did you mean "list"?`},
		{"customers lst", "Run 'sharesmart customers --help' for its commands."},
		{"completion tcsh", `no command "completion tcsh"`},
		{"trigger customer.creatd", `did you mean "customer.created"?`},
		{"trigger customer.nothing_like_it", "but customer.created, customer.deleted"},
		{"invoices pay", "Run 'sharesmart invoices pay --help' for its flags."},
	} {
		sh.fails(cli.ExitUsage, c.why, strings.Fields(c.args)...)
	}
	sh.env["SHARESMART_API_BASE"] = "http://127.0.0.1:1"
	sh.fails(cli.ExitFailed, "Is it running? 'sharesmart serve' starts one", "customers", "list")
}

// A type that no event has is told of: nothing would ever come. A family is no such type.
func TestListenDoubtsTypes(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	for types, want := range map[string]string{
		"customer.creatd": `sharesmart: no event is known that is called "customer.creatd"; did you mean "customer.created"?` + "\n",
		"nothing.*":       `sharesmart: no event is known that is called "nothing.*"` + "\n",
		"invoice.*,*":     "",
		"invoice.paid":    "",
	} {
		if code, _, errs := sh.run("listen", "--print-secret", "--events", types); code != cli.ExitOK || errs != want {
			t.Errorf("%s: it ended with %d and %q, want %q", types, code, errs, want)
		}
	}
}

// Help is legible in a terminal that nobody has made wider; only a value's kind that has no gap in it may be longer.
func TestHelpFitsIn(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	for _, command := range []string{"", "listen", "trigger", "fixtures", "events", "logs tail", "config", "customers", "customers create", "payment_intents create", "test_helpers"} {
		for line := range strings.Lines(sh.must(append(strings.Fields(command), "--help")...)) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > terminal.Width && !strings.HasPrefix(line, "  --") {
				t.Errorf("sharesmart %s --help has a line of %d columns: %s", command, n, line)
			}
		}
	}
}
