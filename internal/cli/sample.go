package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sharesmart/internal/spec"
)

// Arguments are what the command of an operation is given for parameters, names and values in turn (address[city], Bonn):
// by their flags where they have such, else with -d.
func Arguments(op *spec.Operation, form []string) [][]string {
	a := &app{}
	root := &cobra.Command{}
	a.settings.declare(root.PersistentFlags())
	c := &cobra.Command{}
	root.AddCommand(c)
	a.operation(c, op)
	args := make([][]string, 0, len(form)/2)
	for i := 0; i+1 < len(form); i += 2 {
		args = append(args, argument(c.Flags(), form[i], form[i+1]))
	}
	return args
}

// argument is one parameter.
func argument(flags *pflag.FlagSet, name, value string) []string {
	path := steps(name)
	last := path[len(path)-1]
	find := func(path []string) *param {
		fl := flags.Lookup(strings.Join(path, "."))
		if fl == nil {
			return nil
		}
		p, _ := fl.Value.(*param)
		return p
	}
	flag := func(path []string) string { return "--" + strings.ReplaceAll(strings.Join(path, "."), "_", "-") }
	switch p := find(path); {
	case p == nil:
	case p.kind == single && p.text == "true|false" && value != "true":
		return []string{flag(path) + "=" + value}
	case p.kind == single && p.text == "true|false":
		return []string{flag(path)}
	case p.kind == file:
		return []string{flag(path), strings.TrimPrefix(value, "@")}
	case p.kind == single:
		return []string{flag(path), value}
	}
	if len(path) > 1 {
		switch p := find(path[:len(path)-1]); {
		case p == nil:
		case p.kind == list && (last == "" || strings.Trim(last, "0123456789") == ""):
			return []string{flag(path[:len(path)-1]), value}
		case p.kind == mapping:
			return []string{flag(path[:len(path)-1]), last + "=" + value}
		}
	}
	return []string{"-d", name + "=" + value}
}
