package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"sharesmart/internal/spec"
)

// verbs are the last words of commands, by what operations do. The others have their verb in the path.
var verbs = map[spec.Class]string{
	spec.Create: "create", spec.SubCreate: "create", spec.Upload: "create", spec.Retrieve: "retrieve", spec.SubRetrieve: "retrieve",
	spec.Update: "update", spec.SubUpdate: "update", spec.Delete: "delete", spec.SubDelete: "delete", spec.List: "list", spec.SubList: "list",
}

// singletonVerbs are those of the one object at a path, by method.
var singletonVerbs = map[string]string{"GET": "retrieve", "POST": "update", "DELETE": "delete"}

// words are the command of an operation: the words of its path, and a verb unless that is in the path.
// "POST /v1/invoices/{invoice}/pay" is invoices pay, "GET /v1/customers/{customer}/tax_ids" is customers tax_ids list.
func words(op *spec.Operation) []string {
	var all []string
	for part := range strings.SplitSeq(strings.TrimPrefix(op.Path, "/v1"), "/") {
		if part != "" && part[0] != '{' {
			all = append(all, part)
		}
	}
	verb := verbs[op.Form]
	if op.Form == spec.Singleton {
		verb = singletonVerbs[op.Method]
	}
	if verb != "" {
		all = append(all, verb)
	}
	return all
}

// Command is the command line of an operation, without its arguments: "sharesmart customers create".
func Command(op *spec.Operation) string { return "sharesmart " + strings.Join(words(op), " ") }

// addOperations adds a command for each operation.
func (a *app) addOperations(root *cobra.Command) {
	for _, op := range spec.Operations() {
		parent, name := place(root, strings.Join(words(op), " "), groupAPI)
		args := make([]string, len(op.PathParams))
		for i, param := range op.PathParams {
			args[i] = strings.ToUpper(param)
		}
		made := &cobra.Command{
			Use: strings.Join(append([]string{name}, args...), " "), Short: op.Method + " " + op.Path, Args: exactly(args...),
			Annotations: map[string]string{operationMark: op.ID}, Hidden: op.Deprecated, ValidArgsFunction: cobra.NoFileCompletions,
			Aliases: otherNames[op.ID],
		}
		if there := child(parent, name); there != nil {
			// Others are below it: credit_notes preview, and credit_notes preview lines.
			there.Use, there.Short, there.Args, there.Annotations, there.ValidArgsFunction = made.Use, made.Short, made.Args, made.Annotations, made.ValidArgsFunction
			made = there
		} else {
			parent.AddCommand(made)
		}
		if parent == root {
			made.GroupID = groupAPI
		}
		made.RunE = func(*cobra.Command, []string) error { return nil } // until prepare
	}
}

// otherNames are what Stripe's own command line calls an operation, where that is not what its path says.
var otherNames = map[string][]string{"PostEventsEventRetry": {"resend"}}

// operationMark leads from a command to its operation.
const operationMark = "operation"

// place finds the command below which another one belongs, and makes those that are missing.
func place(root *cobra.Command, line, group string) (parent *cobra.Command, name string) {
	parent = root
	all := strings.Fields(line)
	for _, word := range all[:len(all)-1] {
		next := child(parent, word)
		if next == nil {
			next = &cobra.Command{Use: word, RunE: unknown, Args: cobra.ArbitraryArgs, Short: "See what can be done with " + strings.ReplaceAll(word, "_", " ")}
			if parent == root {
				next.GroupID = group
			}
			parent.AddCommand(next)
		}
		parent = next
	}
	return parent, all[len(all)-1]
}

func child(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name {
			return sub
		}
	}
	return nil
}

// prepare gives the command of the API that is asked for its flags. All of them would have tens of thousands.
func (a *app) prepare(args []string) {
	for len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd || args[0] == "help") {
		args = args[1:]
	}
	c, _, err := a.root.Find(args)
	if err != nil {
		return
	}
	if op := spec.OperationByID(c.Annotations[operationMark]); op != nil {
		a.operation(c, op)
	}
}

// exactly demands that many arguments, and names the one that is missing.
func exactly(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usage("%s is missing", names[len(args)])
		case len(args) > len(names):
			return usage("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}
