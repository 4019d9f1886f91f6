package main

import (
	"flag"
	"net/url"
	"slices"
	"strings"
)

// configServeFlags is the command that shows what a server would be set to, and fails where serve would refuse it.
func configServeFlags(f *flag.FlagSet) func(*call) error {
	c := &Config{}
	c.declare(f)
	asJSON := f.Bool("json", false, "print JSON")
	return func(call *call) error {
		all := inForce(call)
		if *asJSON {
			if err := call.stdout.JSON(all); err != nil {
				return err
			}
			return c.Validate()
		}
		rows := make([][]string, len(all))
		for i, s := range all {
			rows[i] = []string{s.Name, s.Value, call.stdout.Dim(s.From)}
		}
		call.stdout.Table(rows)
		return c.Validate()
	}
}

// settingInForce is a setting as it is shown: without secrets.
type settingInForce struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func inForce(call *call) []settingInForce {
	var all []settingInForce
	call.flags.VisitAll(func(fl *flag.Flag) {
		if fl.Name == "json" {
			return
		}
		from := call.from[fl.Name]
		if from == "" {
			from = "default"
		}
		all = append(all, settingInForce{fl.Name, masked(fl.Name, fl.Value.String()), from})
	})
	return all
}

const mask = "*****"

// secretWords are parts of the names of settings whose values are secrets.
var secretWords = []string{"key", "secret", "password", "token"}

// masked is a setting's value without its secrets: the password of a URL, its parameters that are secrets, and all of what
// is a secret by its name.
func masked(name, value string) string {
	if value == "" {
		return ""
	}
	if isSecret(name) {
		return mask
	}
	if !strings.Contains(value, "://") {
		return value
	}
	u, err := url.Parse(value)
	if err != nil {
		return mask // it may hold a password where none can be found
	}
	shown := value
	if _, has := u.User.Password(); has {
		shown = strings.Replace(u.Redacted(), ":xxxxx@", ":"+mask+"@", 1)
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if key, v, _ := strings.Cut(part, "="); v != "" && isSecret(key) {
			shown = strings.Replace(shown, part, key+"="+mask, 1)
		}
	}
	return shown
}

func isSecret(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(secretWords, w) })
}
