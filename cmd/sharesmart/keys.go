package main

import (
	"flag"
	"fmt"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/terminal"
)

// client is what the flags of a command that talks to a database hold.
type client struct {
	Config
	asked
	json bool
}

func clientFlags(f *flag.FlagSet) *client {
	c := &client{}
	dataFlag(f, &c.Data)
	databaseFlag(f, &c.Database)
	f.BoolVar(&c.json, "json", false, "print JSON")
	return c
}

// ask puts the question of a command. The first argument, if there is one, names what it is about.
func (c *client) ask(call *call, what string, result any) error {
	c.What = what
	if len(call.args) > 0 {
		c.ID = call.args[0]
	}
	return ask(call, &c.Config, c.asked, result)
}

func keysCreateFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Kind, "kind", access.SecretKey, "`kind` of key: sk (secret), pk (publishable) or rk (restricted)")
	f.StringVar(&c.Env, "env", access.Test, "`environment` it opens: test, live or a sandbox's id")
	f.StringVar(&c.Account, "account", "", "`account` it opens; the default account if not set")
	f.StringVar(&c.Name, "name", "", "`name` to know it by")
	f.Func("rights", "`list` of what a restricted key may do, as customer=write,charge=read", func(s string) error {
		return parseRights(s, &c.Rights)
	})
	f.StringVar(&c.Version, "api-version", "", "`version` of the API where a request names none; the account's if not set")
	return func(call *call) error {
		var k access.Issued
		if err := c.ask(call, askKeyCreate, &k); err != nil {
			return err
		}
		return c.printIssued(call.stdout, &k)
	}
}

// parseRights adds kind=level pairs.
func parseRights(s string, rights *access.Rights) error {
	if *rights == nil {
		*rights = access.Rights{}
	}
	for pair := range strings.SplitSeq(s, ",") {
		kind, text, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok || kind == "" {
			return fmt.Errorf("%q is not KIND=LEVEL", pair)
		}
		var level access.Level
		if err := level.UnmarshalText([]byte(text)); err != nil {
			return err
		}
		(*rights)[kind] = level
	}
	return nil
}

func keysListFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.StringVar(&c.Env, "env", "", "only of this `environment`: test, live or a sandbox's id")
	f.StringVar(&c.Account, "account", "", "only of this `account`")
	return func(call *call) error {
		var keys []*access.Key
		if err := c.ask(call, askKeyList, &keys); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(keys)
		}
		printKeys(call.stdout, keys)
		return nil
	}
}

func printKeys(t *terminal.Terminal, keys []*access.Key) {
	if len(keys) == 0 {
		t.Line("There are no keys. 'sharesmart keys create' makes one.")
		return
	}
	rows := [][]string{{t.Dim("ID"), t.Dim("KEY"), t.Dim("ENVIRONMENT"), t.Dim("CREATED"), t.Dim("EXPIRES"), t.Dim("NAME")}}
	for _, k := range keys {
		shown := k.Prefix + "*****" + k.Last4
		rows = append(rows, []string{k.ID, shown, environment(t, k.Env), day(k.Created), expiry(k.Expires), k.Name})
	}
	t.Table(rows)
}

func environment(t *terminal.Terminal, env string) string {
	if env == access.Live {
		return t.Bold(env)
	}
	return env
}

// day shows a time to the minute, in UTC.
func day(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04") }

func expiry(unix int64) string {
	if unix == 0 {
		return "never"
	}
	return day(unix)
}

func (c *client) printIssued(t *terminal.Terminal, k *access.Issued) error {
	if c.json {
		return t.JSON(k)
	}
	t.Line("%s", t.Bold(k.Secret))
	t.Line("")
	rows := [][]string{{"  Id", k.ID}, {"  Environment", environment(t, k.Env)}, {"  Account", k.Account}}
	if k.Name != "" {
		rows = append(rows, []string{"  Name", k.Name})
	}
	t.Table(rows)
	t.Line("")
	if k.Kind == access.PublishableKey {
		t.Line("  This key may be known to anybody.")
	} else {
		t.Line("  %s", t.Warn("Note the key now: it is kept as a hash and not shown again."))
	}
	return nil
}

func keysRollFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	f.DurationVar(&c.For, "overlap", 0, "`time` that the old key stays valid, up to 168h")
	return func(call *call) error {
		var k access.Issued
		if err := c.ask(call, askKeyRoll, &k); err != nil {
			return err
		}
		return c.printIssued(call.stdout, &k)
	}
}

func keysExpireFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	return func(call *call) error {
		var k access.Key
		if err := c.ask(call, askKeyExpire, &k); err != nil {
			return err
		}
		if c.json {
			return call.stdout.JSON(k)
		}
		call.stdout.Line("%s (%s) is of no use any more.", k.ID, k.Prefix+"*****"+k.Last4)
		return nil
	}
}
