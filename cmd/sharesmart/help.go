package main

import (
	"flag"
	"fmt"
	"runtime"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/terminal"
)

// version is this release.
const version = "0.1.0"

// commit is what a release was built from; the linker sets it.
var commit string

// builtFrom says what the program was built from.
func builtFrom() string {
	if commit == "" {
		return "built from source"
	}
	return "commit " + commit
}

func versionFlags(*flag.FlagSet) func(*call) error {
	return func(c *call) error {
		_, err := fmt.Fprintf(c.stdout, "sharesmart %s, Stripe API %s\n%s, %s %s/%s\n", version, spec.Version, builtFrom(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return err
	}
}

// help explains one of the server's commands. It reports false for any other.
func (c *call) help(args []string) bool {
	cmd, rest := find(args)
	if cmd == nil || len(rest) > 0 {
		return false
	}
	f, _ := cmd.flagSet()
	usageOf(c.stdout, cmd, f)
	return true
}

func usageOf(w *terminal.Terminal, cmd *command, f *flag.FlagSet) {
	w.Line("%s\n%s", w.Bold("sharesmart "+strings.TrimSpace(cmd.name+" [flags] "+cmd.args)), w.Fill(cmd.summary, "  "))
	f.VisitAll(func(fl *flag.Flag) {
		value, text := flag.UnquoteUsage(fl)
		if fl.DefValue != "" && fl.DefValue != "false" && fl.DefValue != "0" {
			text += " (" + fl.DefValue + ")"
		}
		w.Line("\n  %s  %s\n%s", strings.TrimSpace("--"+fl.Name+" "+strings.ToUpper(value)), w.Dim(variable(fl.Name)), w.Fill(text, "      "))
	})
}

// plain is an error as a person reads it.
func plain(err error) string {
	text := err.Error()
	if e := apiMessage(err); e != "" {
		text = e
	}
	return strings.TrimSpace(text)
}
