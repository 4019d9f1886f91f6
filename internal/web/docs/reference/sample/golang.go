package sample

import (
	"strconv"
	"strings"
)

// Go writes a program that uses the official library for Go. What it calls was compiled by the generator, which knows
// the library's types; an operation that the library does not know is a request of its own.
func Go(c *Call) string {
	body, packages := c.Go, []string{"context", "fmt", "log"}
	if !strings.Contains(body, "fmt.") {
		packages = []string{"context", "log"}
	}
	client := "\tsc := stripe.NewClient(" + strconv.Quote(c.Key) + ", stripe.WithBackends(\n\t\tstripe.NewBackendsWithConfig(&stripe.BackendConfig{URL: stripe.String(" +
		strconv.Quote(c.URL) + ")}),\n\t))\n"
	if body == "" {
		packages = []string{"fmt", "log"}
		client = "\tbackend := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{URL: stripe.String(" + strconv.Quote(c.URL) + ")})\n"
		form := ""
		if c.Operation.Method == "POST" {
			form, _ = Body(c.Operation, c.Run.Form)
		}
		body = "\tanswer, err := backend.(stripe.RawRequestBackend).RawRequest(\n\t\t" + strconv.Quote(c.Operation.Method) + ", " + strconv.Quote(c.rawPath()) + ", " + strconv.Quote(c.Key) + ",\n\t\t" +
			strconv.Quote(form) + ", nil,\n\t)\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println(string(answer.RawJSON))\n"
	}
	if strings.Contains(body, "os.Open") {
		packages = append(packages, "os")
	}
	if strings.Contains(body, "io.Copy") {
		packages = []string{"context", "io", "log", "os"}
	}
	return "package main\n\nimport (\n\t\"" + strings.Join(packages, "\"\n\t\"") + "\"\n\n\t\"github.com/stripe/stripe-go/v85\"\n)\n\nfunc main() {\n" + client + body + "}\n"
}
