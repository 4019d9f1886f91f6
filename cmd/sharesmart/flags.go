package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// origins says of each setting where its value is from: a file, a variable or the command line. What is missing is the default.
type origins map[string]string

// parse sets flags from the configuration file first, then from the environment, and from the command line after that.
func parse(f *flag.FlagSet, args []string, env func(string) (string, bool)) (origins, error) {
	from := origins{}
	if f.Lookup(configFlag) != nil {
		if err := parseFile(f, configPath(args, env), from); err != nil {
			return nil, err
		}
	}
	var err error
	f.VisitAll(func(fl *flag.Flag) {
		if err != nil {
			return
		}
		var value, name string
		if value, name, err = fromEnvironment(fl.Name, env); name != "" && err == nil {
			from[fl.Name] = name
			err = set(f, fl.Name, value, name)
		}
	})
	if err != nil {
		return nil, err
	}
	args = reorder(f, args)
	if err := f.Parse(args); err != nil {
		return nil, mistake(f, args, err)
	}
	return from, given(f, args, func(fl *flag.Flag, _ string) error {
		from[fl.Name] = "--" + fl.Name
		return nil
	})
}

// inFile ends the names of variables that name a file which has the value, as Docker, Kubernetes, systemd and agents of vaults
// hand over what is secret.
const inFile = "_FILE"

// fromEnvironment is the value of a flag that the environment gives, with the name of the variable; that is empty if there is none.
func fromEnvironment(flagName string, env func(string) (string, bool)) (value, name string, err error) {
	name = variable(flagName)
	value, given := env(name)
	path, elsewhere := env(name + inFile)
	switch {
	case given && elsewhere:
		return "", "", fmt.Errorf("%s and %s%s are both set: unset one", name, name, inFile)
	case given:
		return value, name, nil
	case !elsewhere:
		return "", "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", fmt.Errorf("%s%s: %w", name, inFile, err)
	}
	return strings.TrimRight(string(text), "\r\n"), name + inFile, nil
}

// given calls fn for each flag that is on the command line, with its value, up to an error.
func given(f *flag.FlagSet, args []string, fn func(fl *flag.Flag, value string) error) (err error) {
	all := flag.NewFlagSet("", flag.ContinueOnError)
	all.SetOutput(io.Discard)
	f.VisitAll(func(fl *flag.Flag) {
		all.Var(heard{fl, func(value string) error {
			err = fn(fl, value)
			return err
		}}, fl.Name, "")
	})
	if failed := all.Parse(args); err == nil {
		err = failed
	}
	return err
}

// heard passes a flag's values on and leaves the flag as it is.
type heard struct {
	*flag.Flag
	set func(value string) error
}

func (h heard) String() string         { return "" }
func (h heard) Set(value string) error { return h.set(value) }
func (h heard) IsBoolFlag() bool       { return isBool(h.Flag) }

// mistake says what is wrong on a command line that could not be parsed, in the words that are used for a file.
func mistake(f *flag.FlagSet, args []string, err error) error {
	if name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); unknown {
		var known []string
		f.VisitAll(func(fl *flag.Flag) { known = append(known, fl.Name) })
		if best := nearest(strings.TrimLeft(name, "-"), known); best != "" {
			return fmt.Errorf("there is no flag --%s: did you mean --%s?", name, best)
		}
		return fmt.Errorf("there is no flag --%s", name)
	}
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if wrong := given(f, args, func(fl *flag.Flag, value string) error { return set(f, fl.Name, value, "--"+fl.Name) }); wrong != nil {
		return wrong
	}
	return err
}

// parseFile sets flags from a configuration file. What other commands are set by is passed over.
func parseFile(f *flag.FlagSet, path string, from origins) error {
	if path == "" {
		return nil
	}
	all, err := readConfig(path)
	if err != nil {
		return err
	}
	for _, s := range all {
		if f.Lookup(s.name) == nil {
			continue
		}
		where := fmt.Sprintf("%s:%d", path, s.line)
		if err := set(f, s.name, s.value, where+": "+s.name); err != nil {
			return err
		}
		from[s.name] = where
	}
	return nil
}

// set sets a flag to what was written somewhere. What may hold a secret is not repeated.
func set(f *flag.FlagSet, name, value, where string) error {
	err := f.Set(name, value)
	if err == nil {
		return nil
	}
	if shown := masked(name, value); shown != value {
		return fmt.Errorf("%s is not what it should be", where)
	}
	if want := form(f.Lookup(name)); want != "" {
		return fmt.Errorf("%s is %q: write %s", where, value, want)
	}
	return fmt.Errorf("%s is %q: %w", where, value, err)
}

// form is how the value of a flag is written; empty where its own error says that.
func form(fl *flag.Flag) string {
	v, ok := fl.Value.(flag.Getter)
	if !ok {
		return ""
	}
	switch v.Get().(type) {
	case bool:
		return "true or false"
	case int, int64:
		return "a whole number"
	case time.Duration:
		return "a time as 90s, 15m or 720h"
	}
	return ""
}

// explain adds to an error about a setting where the setting is from, unless that is the command line.
func (o origins) explain(text string) string {
	name, isFlag := strings.CutPrefix(text, "--")
	if !isFlag {
		return text
	}
	if end := strings.IndexAny(name, " :"); end > 0 {
		name = name[:end]
	}
	if where := o[name]; where != "" && where != "--"+name {
		return text + " (it is set in " + where + ")"
	}
	return text
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
