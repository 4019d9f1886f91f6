package sample

import (
	"net/http"
	"regexp"
	"strings"

	"sharesmart/internal/spec"
)

var bare = regexp.MustCompile(`^[A-Za-z0-9_.,:/@=+-]+$`)

// shell writes a word of a command.
func shell(word string) string {
	if bare.MatchString(word) {
		return word
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(word) + `"`
}

// Curl writes a command.
func Curl(c *Call) string {
	op, form := c.Operation, c.Run.Form
	lines := []string{"curl"}
	switch {
	case op.Method == http.MethodGet && len(form) > 0:
		lines[0] += " -G"
	case op.Method == http.MethodPost && len(form) == 0, op.Method == http.MethodDelete:
		lines[0] += " -X " + op.Method
	}
	lines[0] += " " + shell(c.URL+c.Path())
	lines = append(lines, "-u "+c.Key+":")
	if op.JSON() && len(form) > 0 && op.Method == http.MethodPost {
		lines = append(lines, `-H "Content-Type: application/json"`, "-d '"+strings.ReplaceAll(JSON(op, form), "'", `'\''`)+"'")
		form = nil
	}
	if Versioned(op) {
		lines = append(lines, `-H "Stripe-Version: `+spec.Version+`"`)
	}
	flag := "-d "
	if op.Multipart {
		flag = "-F "
	} else if op.Method == http.MethodGet {
		flag = "--data-urlencode "
	}
	for i := 0; i+1 < len(form); i += 2 {
		f := flag
		if f == "-d " && strings.ContainsAny(form[i+1], "&+%=;") {
			f = "--data-urlencode "
		}
		if f == "--data-urlencode " && bare.MatchString(form[i+1]) && !strings.ContainsAny(form[i+1], "&+%") {
			f = "-d "
		}
		lines = append(lines, f+shell(form[i]+"="+form[i+1]))
	}
	if op.Class == spec.Download {
		lines = append(lines, "-o file")
	}
	return strings.Join(lines, " \\\n  ") + "\n"
}
