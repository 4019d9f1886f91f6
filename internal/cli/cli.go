// Package cli is the client side of the command line: it follows events and requests, causes events, runs fixtures and
// calls every operation of the API, of any server that speaks it. What it needs to know of operations it reads from the
// spec, so there is no command that the API does not have, and none is missing.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
	"sharesmart/internal/spelling"
	"sharesmart/internal/terminal"
)

// Exit codes.
const (
	ExitOK     = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// Options are what a run of the command line is made of.
type Options struct {
	Stdout *terminal.Terminal
	Stderr io.Writer
	Env    func(name string) (string, bool)
	Clock  clock.Clock
	// Dir is where files are looked for; empty is the working directory.
	Dir string
	// CAFile is the certificate authority of a server on this machine, which is trusted if the file is there.
	CAFile string
	// Describe gives the texts of an operation: what it does, and what its parameters mean by their names, as
	// "address.city". It may be nil.
	Describe func(op *spec.Operation) (text string, params map[string]string)
	// Others are commands that somebody else carries out. They are here to be listed and completed.
	Others []Other
}

// Other is a command of somebody else.
type Other struct {
	Name, Summary string
	Flags         []string // "--data"
}

// app is one run.
type app struct {
	Options
	settings settings
	root     *cobra.Command
	client   *client
}

// errSilent fails a command that has said why.
var errSilent = errors.New("failed")

// usageError is a mistake in the command line.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Run carries out a command and returns its exit code.
func Run(ctx context.Context, args []string, o Options) int {
	a := &app{Options: o}
	a.root = a.commands()
	a.prepare(args)
	a.root.SetArgs(args)
	c, err := a.root.ExecuteContextC(ctx)
	var mistake usageError
	switch {
	case err == nil:
		return ExitOK
	case errors.Is(err, errSilent):
		return ExitFailed
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return ExitOK // the user has seen enough
	case errors.As(err, &mistake):
		_, _ = fmt.Fprintf(o.Stderr, "sharesmart: %v\nRun '%s --help' for %s.\n", err, c.CommandPath(), whatHelpSays(c))
		return ExitUsage
	}
	_, _ = fmt.Fprintf(o.Stderr, "sharesmart: %s\n", a.explain(err))
	return ExitFailed
}

// commands are all there are. Those of the API have no flags yet, see prepare.
func (a *app) commands() *cobra.Command {
	root := &cobra.Command{
		Use: "sharesmart", Short: "Speaks Stripe's API and keeps state", SilenceErrors: true, SilenceUsage: true,
		RunE: unknown, Args: cobra.ArbitraryArgs,
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.chooseColour() }
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetFlagErrorFunc(wrongFlag)
	root.SetUsageFunc(a.usage)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.help(c) })
	root.AddGroup(&cobra.Group{ID: groupTools, Title: "Tools"}, &cobra.Group{ID: groupServer, Title: "Server"}, &cobra.Group{ID: groupAPI, Title: "Operations of the API"})
	a.settings.declare(root.PersistentFlags())
	for _, c := range []*cobra.Command{a.listen(), a.trigger(), a.fixtures(), a.events(), a.logs(), a.get(), a.post(), a.delete(), a.config()} {
		c.GroupID = groupTools
		root.AddCommand(c)
	}
	a.addOthers(root)
	a.addOperations(root)
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Short: "Explain a command", GroupID: groupTools,
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknown(c, append(rest, args...)[:1])
			}
			return c.Help()
		},
	})
	root.SetCompletionCommandGroupID(groupTools)
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" { // it would explain itself for a shell that it does not know, and succeed
			c.RunE, c.Args = unknown, cobra.ArbitraryArgs
		}
	}
	return root
}

// The groups of commands.
const (
	groupTools  = "tools"
	groupServer = "server"
	groupAPI    = "api"
)

// addOthers lists the commands of somebody else.
func (a *app) addOthers(root *cobra.Command) {
	for _, o := range a.Others {
		parent, name := place(root, o.Name, groupServer)
		flags := o.Flags
		c := &cobra.Command{
			Use: name, Short: o.Summary, DisableFlagParsing: true, RunE: unknown,
			ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return flags, cobra.ShellCompDirectiveDefault
			},
		}
		if parent == root {
			c.GroupID = groupServer
		}
		parent.AddCommand(c)
	}
}

func whatHelpSays(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return "its commands"
	}
	return "its flags"
}

// wrongFlag says what is wrong with a flag, and which one was probably meant.
func wrongFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usageError{err}
	}
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	return usage("%v%s", err, didYouMean("--", unknown.GetSpecifiedName(), known))
}

// didYouMean suggests the name that one most likely stands for, if there is one. Both are shown behind a prefix.
func didYouMean(prefix, name string, known []string) string {
	if best := spelling.Nearest(name, known, min(3, (len(name)+1)/3)); best != "" {
		return fmt.Sprintf("; did you mean %q?", prefix+best)
	}
	return ""
}

// unknown refuses what is no command.
func unknown(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	var known []string
	for _, sub := range c.Commands() {
		known = append(known, sub.Name())
	}
	name := strings.TrimSpace(strings.TrimPrefix(c.CommandPath(), "sharesmart") + " " + args[0])
	return usage("there is no command %q%s", name, didYouMean("", args[0], known))
}
