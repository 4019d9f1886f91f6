package main

import (
	"flag"
	"fmt"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/terminal"
)

// version is this release.
const version = "0.1.0"

func versionFlags(*flag.FlagSet) func(*call) error {
	return func(c *call) error {
		_, err := fmt.Fprintf(c.stdout, "sharesmart %s, Stripe API %s\n", version, spec.Version)
		return err
	}
}

// help explains the program when it was not told what to do, or was told something that it does not know.
func (c *call) help(args []string) int {
	if len(args) == 0 || args[0] == "help" && len(args) == 1 || args[0] == "--help" || args[0] == "-h" {
		overview(c.stdout)
		return exitOK
	}
	if args[0] == "help" {
		if cmd, rest := find(args[1:]); cmd != nil && len(rest) == 0 {
			f := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
			cmd.flags(f)
			usageOf(c.stdout, cmd, f)
			return exitOK
		}
		args = args[1:]
	}
	_, _ = fmt.Fprintf(c.stderr, "sharesmart: there is no command %q\nRun 'sharesmart help' for the commands.\n", strings.Join(args[:min(2, len(args))], " "))
	return exitUsage
}

func overview(w *terminal.Terminal) {
	w.Line("ShareSmart speaks Stripe's API and keeps state.")
	w.Line("")
	w.Line("%s", w.Bold("Commands"))
	var rows [][]string
	for _, cmd := range commands() {
		rows = append(rows, []string{"  sharesmart " + strings.TrimSpace(cmd.name+" "+cmd.args), cmd.summary})
	}
	w.Table(rows)
	w.Line("")
	w.Line("sharesmart COMMAND --help lists a command's flags. Each has an environment variable.")
}

func usageOf(w *terminal.Terminal, cmd *command, f *flag.FlagSet) {
	w.Line("%s: %s", w.Bold("sharesmart "+strings.TrimSpace(cmd.name+" [flags] "+cmd.args)), cmd.summary)
	var rows [][]string
	f.VisitAll(func(fl *flag.Flag) {
		value, text := flag.UnquoteUsage(fl)
		if fl.DefValue != "" && fl.DefValue != "false" && fl.DefValue != "0" {
			text += " (" + fl.DefValue + ")"
		}
		rows = append(rows, []string{"  " + strings.TrimSpace("--"+fl.Name+" "+strings.ToUpper(value)), variable(fl.Name), text})
	})
	if len(rows) > 0 {
		w.Line("")
		w.Table(rows)
	}
}

// plain is an error as a person reads it.
func plain(err error) string {
	text := err.Error()
	if e := apiMessage(err); e != "" {
		text = e
	}
	return strings.TrimSpace(text)
}
