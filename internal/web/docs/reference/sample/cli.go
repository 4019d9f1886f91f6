package sample

import (
	"strings"

	"sharesmart/internal/cli"
	"sharesmart/internal/spec"
)

// CLI writes a command of ShareSmart's own command line.
func CLI(c *Call) string {
	words := []string{cli.Command(c.Operation)}
	for _, value := range c.Run.Path {
		words = append(words, shell(value))
	}
	lines := []string{strings.Join(words, " ")}
	for _, arg := range cli.Arguments(c.Operation, c.Run.Form) {
		for i := range arg {
			arg[i] = shell(arg[i])
		}
		lines = append(lines, strings.Join(arg, " "))
	}
	if Versioned(c.Operation) {
		lines = append(lines, "--stripe-version "+spec.Version)
	}
	lines = append(lines, "--api-base "+shell(c.URL), "--api-key "+c.Key)
	text := strings.Join(lines, " \\\n  ")
	if c.Operation.Class == spec.Download {
		text += " > file"
	}
	return text + "\n"
}
