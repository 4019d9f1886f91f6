package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sharesmart/internal/spec"
	"sharesmart/internal/terminal"
)

// help explains a command.
func (a *app) help(c *cobra.Command) {
	if text := strings.TrimSpace(c.Long); text != "" {
		a.Stdout.Line("%s\n", text)
	} else if c.Short != "" {
		a.Stdout.Line("%s.\n", strings.TrimSuffix(c.Short, "."))
	}
	_ = a.usage(c)
}

// usage prints how a command is called.
func (a *app) usage(c *cobra.Command) error {
	w := a.Stdout
	line := c.CommandPath()
	if c.HasAvailableSubCommands() && (!c.Runnable() || c.Annotations[operationMark] == "") {
		line += " COMMAND"
	} else if _, args, ok := strings.Cut(c.Use, " "); ok {
		line += " " + args
	}
	w.Line("%s", w.Bold(line+" [flags]"))
	a.listCommands(c)
	request, params, others := sortFlags(c)
	for _, part := range []struct {
		title string
		flags *pflag.FlagSet
	}{{"Parameters", params}, {"Request", request}, {"Flags", others}, {"Everywhere", c.InheritedFlags()}} {
		if part.flags.HasAvailableFlags() {
			w.Line("\n%s\n%s", w.Bold(part.title), strings.TrimRight(a.explainFlags(part.flags), "\n"))
		}
	}
	if c.Example != "" {
		w.Line("\n%s\n%s", w.Bold("Examples"), c.Example)
	}
	return nil
}

// longFlag is how long a flag may be, with the kind of its value, that has its text beside it.
const longFlag = 32

// explainFlags lists flags with their texts beside them, or below where there is no room beside them: parameters in objects have
// long names. Those have no default.
func (a *app) explainFlags(flags *pflag.FlagSet) string {
	longest := 0
	var below strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		kind, text := pflag.UnquoteUsage(f)
		name := strings.TrimSpace("--" + f.Name + " " + kind)
		longest = max(longest, len(name))
		below.WriteString("  " + name + "\n")
		if text != "" {
			below.WriteString(a.Stdout.Fill(text, "      ") + "\n")
		}
	})
	if longest <= longFlag {
		return flags.FlagUsagesWrapped(terminal.Width)
	}
	return below.String()
}

// sortFlags parts the flags of an operation: those that every request has, its parameters, and none else. Other commands
// have only others.
func sortFlags(c *cobra.Command) (request_, params, others *pflag.FlagSet) {
	request_, params, others = newFlags(), newFlags(), newFlags()
	model := newFlags()
	request(model)
	isOperation := spec.OperationByID(c.Annotations[operationMark]) != nil
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Name == "help":
		case !isOperation:
			others.AddFlag(f)
		case model.Lookup(f.Name) != nil:
			request_.AddFlag(f)
		default:
			params.AddFlag(f)
		}
	})
	return request_, params, others
}

func newFlags() *pflag.FlagSet { return pflag.NewFlagSet("", pflag.ContinueOnError) }

// listCommands lists what is below a command, by group.
func (a *app) listCommands(c *cobra.Command) {
	w := a.Stdout
	for _, group := range append(c.Groups(), &cobra.Group{Title: "Commands"}) {
		rows, names := a.rowsOf(c, group.ID)
		if len(rows) == 0 {
			continue
		}
		w.Line("\n%s", w.Bold(group.Title))
		if group.ID == groupAPI {
			w.Line("%s", w.Fill(strings.Join(names, " "), "  "))
		} else {
			w.Table(rows)
		}
	}
}

// rowsOf are the commands of a group, with what they do. Those of somebody else are listed whole.
func (a *app) rowsOf(c *cobra.Command, group string) (rows [][]string, names []string) {
	if group == groupServer {
		for _, o := range a.Others {
			rows = append(rows, []string{"  " + o.Name, a.Stdout.Dim(o.Summary)})
		}
		return rows, nil
	}
	subs := slices.DeleteFunc(slices.Clone(c.Commands()), func(sub *cobra.Command) bool { return sub.GroupID != group || sub.Hidden })
	slices.SortFunc(subs, func(x, y *cobra.Command) int { return strings.Compare(x.Name(), y.Name()) })
	for _, sub := range subs {
		rows, names = append(rows, []string{"  " + sub.Name(), a.Stdout.Dim(sub.Short)}), append(names, sub.Name())
	}
	return rows, names
}
