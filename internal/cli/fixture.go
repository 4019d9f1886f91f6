package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// fixture is a list of requests, each of which can use what those before it were answered. A file of it has the format of
// Stripe's command line, template_version 0.
type fixture struct {
	Meta struct {
		Version int `json:"template_version"`
	} `json:"_meta"`
	Steps []*step           `json:"fixtures"`
	Env   map[string]string `json:"env,omitempty"` // what is written to the file .env at the end
}

// step is one request.
type step struct {
	Name   string         `json:"name"`
	Path   string         `json:"path"`
	Method string         `json:"method"`
	Params map[string]any `json:"params,omitempty"`
	// Expected is the type of the error that is meant to come.
	Expected    string            `json:"expected_error_type,omitempty"`
	Idempotency string            `json:"idempotency_key,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	// APIBase is where Stripe has this path. Here every path is at the one server.
	APIBase string `json:"api_base,omitempty"`
}

// maxTemplate is the newest format that is known.
const maxTemplate = 0

func parseFixture(text []byte) (*fixture, error) {
	f := &fixture{}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, fmt.Errorf("this is no fixture: %w", err)
	}
	if f.Meta.Version > maxTemplate {
		return nil, fmt.Errorf("the fixture has template_version %d, and %d is the newest that is known", f.Meta.Version, maxTemplate)
	}
	if len(f.Steps) == 0 {
		return nil, errors.New(`this is no fixture: it has no requests in "fixtures"`)
	}
	for i, s := range f.Steps {
		if s.Path == "" || s.Method == "" {
			return nil, fmt.Errorf("request %d of the fixture has no path or no method", i+1)
		}
	}
	return f, nil
}

// fixtures runs a file of requests.
func (a *app) fixtures() *cobra.Command {
	c := &cobra.Command{
		Use: "fixtures FILE", Short: "Run the requests of a file in the format of Stripe's fixtures", Args: exactly("FILE"),
		Example: "  sharesmart fixtures seed.json --override customer:email=jenny@example.com",
	}
	r := running(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		text, err := os.ReadFile(a.path(args[0]))
		if err != nil {
			return err
		}
		f, err := parseFixture(text)
		if err != nil {
			return err
		}
		return a.run(c.Context(), f, r)
	}
	return c
}

// runFlags change a fixture before it runs.
type runFlags struct {
	override, add, remove, skip []string
	account, version            string
}

func running(f *pflag.FlagSet) *runFlags {
	r := &runFlags{}
	f.StringArrayVar(&r.override, "override", nil, "set a parameter, as `step:path.to.param=value`")
	f.StringArrayVar(&r.add, "add", nil, "set a parameter that has no value yet, as `step:path.to.param=value`")
	f.StringArrayVar(&r.remove, "remove", nil, "leave a parameter out, as `step:path.to.param`")
	f.StringArrayVar(&r.skip, "skip", nil, "leave out the request of a `step`")
	f.StringVar(&r.account, "stripe-account", "", "`id` of the connected account to act in")
	f.StringVar(&r.version, "api-version", "", "`version` of the API")
	return r
}

// run changes a fixture as the flags say, and runs it.
func (a *app) run(ctx context.Context, f *fixture, r *runFlags) error {
	if err := r.rewrite(f); err != nil {
		return err
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	q := &queries{app: a, answers: map[string]json.RawMessage{}}
	for _, s := range f.Steps {
		if slices.Contains(r.skip, s.Name) {
			a.progress(s, "", a.Stdout.Dim("skipped"))
			continue
		}
		if err := a.step(ctx, c, s, q, r); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return a.writeEnv(f.Env, q)
}

// step sends one request.
func (a *app) step(ctx context.Context, c *client, s *step, q *queries, r *runFlags) error {
	sent, err := s.call(q, r)
	if err != nil {
		return err
	}
	got, err := c.do(ctx, sent)
	var failed *apiError
	if errors.As(err, &failed) {
		if s.Expected == "" || failed.Type != s.Expected {
			return err
		}
		q.answers[s.Name] = failed.body
		a.progress(s, sent.path, a.Stdout.Warn(failed.Type)+" as expected")
		return nil
	}
	if err != nil {
		return err
	}
	q.answers[s.Name] = got.body
	var made struct{ ID string }
	_ = json.Unmarshal(got.body, &made) // a list has no id
	a.progress(s, sent.path, a.Stdout.Good(made.ID))
	return nil
}

// progress says what was done.
func (a *app) progress(s *step, path, outcome string) {
	if !a.settings.json {
		a.Stdout.Line("%s %s %s %s", a.Stdout.Name(s.Name), strings.ToUpper(s.Method), path, outcome)
	}
}

// call is a step with what it asks of others filled in.
func (s *step) call(q *queries, r *runFlags) (*call, error) {
	path, err := q.fill(s.Path)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v2/") {
		return nil, fmt.Errorf("the path %q begins neither with /v1/ nor with /v2/", path)
	}
	sent := &call{method: strings.ToUpper(s.Method), path: path, header: http.Header{}}
	if sent.params, err = flatten(s.Params, "", q.text); err != nil {
		return nil, err
	}
	if strings.HasPrefix(path, "/v2/") && sent.method == http.MethodPost {
		if sent.body, err = json.Marshal(nest(sent.params)); err != nil {
			return nil, err
		}
		sent.contentType = "application/json"
	}
	headers := map[string]string{"Stripe-Account": r.account, "Stripe-Version": r.version, "Idempotency-Key": s.Idempotency}
	for name, value := range s.Headers {
		headers[http.CanonicalHeaderKey(name)] = value
	}
	for name, value := range headers {
		if value, err = q.fill(value); err != nil {
			return nil, err
		}
		if value != "" {
			sent.header.Set(name, value)
		}
	}
	return sent, nil
}

// text is a scalar of a file as a form has it.
func (q *queries) text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return q.fill(v)
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return fmt.Sprint(v), nil
}
