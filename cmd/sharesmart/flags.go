package main

import (
	"flag"
	"fmt"
	"strings"
)

// parse sets flags from the environment first and from the command line after that.
func parse(f *flag.FlagSet, args []string, env func(string) (string, bool)) error {
	var err error
	f.VisitAll(func(fl *flag.Flag) {
		value, ok := env(variable(fl.Name))
		if !ok || err != nil {
			return
		}
		if failed := f.Set(fl.Name, value); failed != nil {
			err = fmt.Errorf("%s is %q: %w", variable(fl.Name), value, failed)
		}
	})
	if err != nil {
		return err
	}
	return f.Parse(reorder(f, args))
}

// variable is the environment variable of a flag: SHARESMART_HTTPS_PORT of --https-port.
func variable(name string) string {
	return "SHARESMART_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// reorder puts flags before arguments, so that both orders may be written.
func reorder(f *flag.FlagSet, args []string) []string {
	var flags, rest []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(append(flags, "--"), append(rest, args[i+1:]...)...)
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			rest = append(rest, arg)
			continue
		}
		flags = append(flags, arg)
		name := strings.TrimLeft(arg, "-")
		if fl := f.Lookup(name); fl != nil && !isBool(fl) && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	return append(flags, rest...)
}

func isBool(fl *flag.Flag) bool {
	b, ok := fl.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}
