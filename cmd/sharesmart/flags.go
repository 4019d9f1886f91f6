package main

import (
	"flag"
	"fmt"
	"strings"
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
		value, ok := env(variable(fl.Name))
		if !ok || err != nil {
			return
		}
		from[fl.Name] = variable(fl.Name)
		err = set(f, fl.Name, value, variable(fl.Name))
	})
	if err != nil {
		return nil, err
	}
	args = reorder(f, args)
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	given := flag.NewFlagSet("", flag.ContinueOnError) // which were on the command line
	f.VisitAll(func(fl *flag.Flag) { given.Var(silent{fl}, fl.Name, "") })
	if err := given.Parse(args); err != nil {
		return nil, err
	}
	given.Visit(func(fl *flag.Flag) { from[fl.Name] = "--" + fl.Name })
	return from, nil
}

// silent takes a flag's values and leaves it as it is.
type silent struct{ *flag.Flag }

func (s silent) String() string   { return "" }
func (s silent) Set(string) error { return nil }
func (s silent) IsBoolFlag() bool { return isBool(s.Flag) }

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
	return fmt.Errorf("%s is %q: %w", where, value, err)
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
