package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// refusal is a POST that must fail with 400.
type refusal struct {
	name    string
	path    string
	form    string // name=value, one after the other, split at spaces
	code    string
	param   string
	message string // a part of it
}

// refuse sends each and compares the error.
func refuse(t *testing.T, s *servertest.Server, all []refusal) {
	t.Helper()
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			e := s.Post(r.path, form(r.form)...).Fails(http.StatusBadRequest, r.code)
			if got := e.String("param"); got != r.param {
				t.Errorf("param is %q, want %q", got, r.param)
			}
			if got := e.String("message"); !strings.Contains(got, r.message) {
				t.Errorf("the message is %q, want %q in it", got, r.message)
			}
		})
	}
}

// form splits "a=1 b[c]=x" into names and values in turn. An underscore in a value stands for itself, a plus for a space.
func form(text string) []string {
	var out []string
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		out = append(out, name, strings.ReplaceAll(value, "+", " "))
	}
	return out
}
