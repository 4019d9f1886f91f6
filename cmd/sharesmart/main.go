// Command sharesmart serves Stripe's API with state, from one binary, and manages its keys and sandboxes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"sharesmart/internal/terminal"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one subcommand.
type command struct {
	name    string
	summary string
	// args are the names of the arguments after the flags.
	args string
	// flags declares the flags and returns what is to be done once they are parsed.
	flags func(f *flag.FlagSet) func(c *call) error
}

// call is a command at work.
type call struct {
	context.Context
	args   []string
	flags  *flag.FlagSet
	from   origins
	stdout *terminal.Terminal
	stderr io.Writer
}

// errUsage is a mistake in the command line that has been explained already.
var errUsage = errors.New("usage")

// run finds the command, parses its flags and carries it out.
func run(ctx context.Context, args []string, env func(string) (string, bool), stdout, stderr io.Writer) int {
	c := &call{Context: ctx, stdout: terminal.New(stdout, env), stderr: stderr}
	cmd, rest := find(args)
	if cmd == nil {
		return c.client(args, env)
	}
	f, work := cmd.flagSet()
	from, err := parse(f, rest, env)
	if errors.Is(err, flag.ErrHelp) {
		usageOf(c.stdout, cmd, f)
		return exitOK
	}
	if err == nil {
		c.args, c.flags, c.from = f.Args(), f, from
		err = checkArgs(cmd, c.args)
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "sharesmart %s: %v\nRun 'sharesmart %s --help' for its flags.\n", cmd.name, err, cmd.name)
		return exitUsage
	}
	switch err := work(c); {
	case errors.Is(err, errUsage):
		return exitUsage
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "sharesmart %s: %s\n", cmd.name, from.explain(plain(err)))
		return exitFailed
	}
	return exitOK
}

// find takes the longest command name that the arguments begin with.
func find(args []string) (*command, []string) {
	if len(args) > 0 && args[0] == "--version" { // as most programs have it
		args = append([]string{"version"}, args[1:]...)
	}
	for n := min(2, len(args)); n > 0; n-- {
		name := args[0]
		if n == 2 {
			name += " " + args[1]
		}
		for _, cmd := range commands() {
			if cmd.name == name {
				return cmd, args[n:]
			}
		}
	}
	return nil, args
}

func checkArgs(cmd *command, args []string) error {
	want := 0
	if cmd.args != "" {
		want = 1
	}
	switch {
	case len(args) < want:
		return fmt.Errorf("%s is missing", cmd.args)
	case len(args) > want:
		return fmt.Errorf("%q is one argument too many", args[want])
	}
	return nil
}

func commands() []*command {
	return []*command{
		{"serve", "serve the API and keep what it is told", "", serveFlags},
		{"mock", "stand in for stripe-mock: any key, everything in memory", "", mockFlags},
		{"keys create", "make an API key", "", keysCreateFlags},
		{"keys list", "list API keys", "", keysListFlags},
		{"keys roll", "replace an API key by a new one", "KEY", keysRollFlags},
		{"keys expire", "end an API key", "KEY", keysExpireFlags},
		{"api-version", "set the API version of an account or a key", "VERSION", apiVersionFlags},
		{"sandbox create", "make a sandbox", "", sandboxCreateFlags},
		{"sandbox clone", "make a sandbox with the contents of another", "SANDBOX", sandboxCloneFlags},
		{"sandbox reset", "empty a sandbox", "SANDBOX", sandboxResetFlags},
		{"sandbox delete", "remove a sandbox and its keys", "SANDBOX", sandboxDeleteFlags},
		{"sandbox list", "list sandboxes", "", sandboxListFlags},
		{"people list", "list who may sign in to the Dashboard", "", peopleListFlags},
		{"people invite", "let somebody join the Dashboard", "E-MAIL", peopleInviteFlags},
		{"people reset", "let somebody choose a new password", "E-MAIL", peopleResetFlags},
		{"verify", "prove that the database, or a backup, is sound", "", verifyFlags},
		{"health", "say whether the server takes requests", "", healthFlags},
		{"backup", "copy the database to a file, while a server runs or not", "FILE", backupFlags},
		{"restore", "make a database of a backup, as of a time", "", restoreFlags},
		{"copy", "move all of a database into another, or another kind", "", copyFlags},
		{"config serve", "print the settings of serve, and where each is from", "", configServeFlags},
		{"import", "carry a Stripe account over: what is sold, and to whom", "", importFlags},
		{"export", "write all that an account has into files", "", exportFlags},
		{"version", "print the version", "", versionFlags},
	}
}
