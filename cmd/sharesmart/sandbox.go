package main

import (
	"flag"

	"sharesmart/internal/access"
	"sharesmart/internal/terminal"
)

func sandboxCreateFlags(f *flag.FlagSet) func(*call) error {
	return newSandboxFlags(f, askSandboxCreate)
}
func sandboxCloneFlags(f *flag.FlagSet) func(*call) error { return newSandboxFlags(f, askSandboxClone) }

func newSandboxFlags(f *flag.FlagSet, what string) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Name, "name", "", "`name` to know it by")
	f.DurationVar(&c.For, "ttl", 0, "`time` after which it is deleted, as 2h; never if not set")
	if what == askSandboxCreate {
		f.StringVar(&c.Account, "account", "", "`account` it belongs to; the default account if not set")
	}
	return func(call *call) error {
		var s access.NewSandbox
		if err := c.ask(call, what, &s); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(s)
		}
		printNewSandbox(call.stdout, &s)
		return nil
	}
}

func printNewSandbox(t *terminal.Terminal, s *access.NewSandbox) {
	t.Line("%s", t.Bold(s.ID))
	t.Line("")
	t.Table([][]string{{"  Secret key", s.SecretKey}, {"  Publishable", s.PublishableKey}, {"  Expires", expiry(s.Expires)}})
	t.Line("")
	t.Line("  %s", t.Warn("Note the secret key now: it is kept as a hash and not shown again."))
}

func sandboxResetFlags(f *flag.FlagSet) func(*call) error {
	return oldSandboxFlags(f, askSandboxReset, "%s is empty. Its keys are still good.")
}

func sandboxDeleteFlags(f *flag.FlagSet) func(*call) error {
	return oldSandboxFlags(f, askSandboxDelete, "%s is gone, with its objects and keys.")
}

func oldSandboxFlags(f *flag.FlagSet, what, done string) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		var s access.Sandbox
		if err := c.ask(call, what, &s); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(s)
		}
		call.stdout.Line(done, s.ID)
		return nil
	}
}

func sandboxListFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Account, "account", "", "only of this `account`")
	return func(call *call) error {
		var list []*access.Sandbox
		if err := c.ask(call, askSandboxList, &list); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(list)
		}
		printSandboxes(call.stdout, list)
		return nil
	}
}

func printSandboxes(t *terminal.Terminal, list []*access.Sandbox) {
	if len(list) == 0 {
		t.Line("There are no sandboxes. 'sharesmart sandbox create' makes one.")
		return
	}
	rows := [][]string{{t.Dim("ID"), t.Dim("CREATED"), t.Dim("EXPIRES"), t.Dim("NAME")}}
	for _, s := range list {
		rows = append(rows, []string{s.ID, day(s.Created), expiry(s.Expires), s.Name})
	}
	t.Table(rows)
}
