package cli

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// What causes each event is in triggers.txt, as steps of a fixture:
//
//	charge.refunded < charge.succeeded
//	  refund: POST /v1/refunds charge=${charge:id}
//
// The steps of the event behind < come first. A name in parentheses is the event that comes where it is not the trigger's
// own. A value with blanks is in quotes. A parameter that begins with a capital is a header, and !card_error at the end
// of a line says that this type of error is meant to come.
//
//go:embed triggers.txt
var triggersText string

// cause is what causes an event.
type cause struct {
	name, event string
	first       string // the trigger whose steps come first
	steps       []*step
}

// causes are all, by name.
var causes = sync.OnceValue(func() map[string]*cause {
	all, err := parseCauses(triggersText)
	if err != nil {
		panic("triggers.txt: " + err.Error()) // a test reads it
	}
	return all
})

// parseCauses reads the text.
func parseCauses(text string) (map[string]*cause, error) {
	all := map[string]*cause{}
	var now *cause
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case line[0] != ' ':
			now = parseHead(trimmed)
			if all[now.name] != nil {
				return nil, fmt.Errorf("line %d: %s is there twice", n, now.name)
			}
			all[now.name] = now
		case now == nil:
			return nil, fmt.Errorf("line %d belongs to no event", n)
		default:
			s, err := parseStep(trimmed)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			now.steps = append(now.steps, s)
		}
	}
	for _, c := range all {
		if c.first != "" && all[c.first] == nil {
			return nil, fmt.Errorf("%s goes on from %s, which is not there", c.name, c.first)
		}
	}
	return all, nil
}

func parseHead(line string) *cause {
	head, first, _ := strings.Cut(line, " < ")
	name, event, other := strings.Cut(head, " (")
	if !other {
		event = name
	}
	return &cause{name: strings.TrimSpace(name), event: strings.TrimSuffix(strings.TrimSpace(event), ")"), first: strings.TrimSpace(first)}
}

// parseStep reads "name: METHOD /path a[b]=c".
func parseStep(line string) (*step, error) {
	name, rest, _ := strings.Cut(line, ": ")
	all, err := fields(rest)
	if err != nil {
		return nil, err
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("%q is no step: write NAME: METHOD /path", line)
	}
	s := &step{Name: name, Method: strings.ToLower(all[0]), Path: all[1]}
	var params []pair
	for _, field := range all[2:] {
		if expected, ok := strings.CutPrefix(field, "!"); ok {
			s.Expected = expected
			continue
		}
		name, value, ok := strings.Cut(field, "=")
		switch {
		case !ok:
			return nil, fmt.Errorf("%q is no parameter: write NAME=VALUE", field)
		case name[0] >= 'A' && name[0] <= 'Z':
			if s.Headers == nil {
				s.Headers = map[string]string{}
			}
			s.Headers[name] = value
		default:
			params = append(params, pair{name, value})
		}
	}
	if len(params) > 0 {
		s.Params = nest(params)
	}
	return s, nil
}

// fields parts a line at blanks that are not in quotes or in ${}.
func fields(line string) ([]string, error) {
	var all []string
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, begun = !quoted, true
		case r == ' ' && !quoted:
			if begun {
				all = append(all, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed in %q", line)
	}
	if begun {
		all = append(all, word.String())
	}
	return all, nil
}

// triggers are the names of all that can be caused.
func triggers() []string {
	return slices.DeleteFunc(sorted(causes()), func(name string) bool { return name[0] == '_' })
}

// fixture are all steps of a cause, those that come first included.
func (c *cause) fixture() *fixture {
	f := &fixture{}
	if c.first != "" {
		f = causes()[c.first].fixture()
	}
	for _, s := range c.steps {
		mine := *s
		mine.Params, _ = lists(clone(s.Params)).(map[string]any)
		f.Steps = append(f.Steps, &mine)
	}
	return f
}

// clone copies the objects in a value.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		o := map[string]any{}
		for name, inner := range v {
			o[name] = clone(inner)
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, inner := range v {
			list[i] = clone(inner)
		}
		return list
	}
	return v
}

// trigger causes an event.
func (a *app) trigger() *cobra.Command {
	c := &cobra.Command{
		Use: "trigger EVENT", Short: "Cause an event, by requests that really do what it tells of", ValidArgs: triggers(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly("EVENT")(nil, args)
		},
		Example: "  sharesmart trigger invoice.paid\n  sharesmart trigger customer.created --override customer:name=Jenny",
	}
	r := running(c.Flags())
	printed := c.Flags().Bool("print", false, "print the requests as a fixture and send none")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return a.listCauses()
		}
		found := causes()[args[0]]
		if found == nil || args[0][0] == '_' {
			return usage("%q is no event that can be caused%s 'sharesmart trigger' lists those that can", args[0], near(args[0]))
		}
		if *printed {
			f := found.fixture()
			if err := r.rewrite(f); err != nil {
				return err
			}
			return a.Stdout.JSON(f)
		}
		return a.cause(c.Context(), found, r)
	}
	return c
}

func (a *app) listCauses() error {
	if a.settings.json {
		return a.Stdout.JSON(triggers())
	}
	for _, name := range triggers() {
		a.Stdout.Line("%s", name)
	}
	return nil
}

// near suggests the event that was probably meant, or else those of the same family.
func near(name string) string {
	if hint := didYouMean("", name, triggers()); hint != "" {
		return hint
	}
	family, _, _ := strings.Cut(name, ".")
	var others []string
	for _, other := range triggers() {
		if strings.HasPrefix(other, family+".") {
			others = append(others, other)
		}
	}
	if len(others) == 0 {
		return ";"
	}
	return ", but " + strings.Join(others, ", ") + ";"
}

const (
	// causeTime is how long to wait for an event: some follow when timers run.
	causeTime = 10 * time.Second
	causeTick = 50 * time.Millisecond
)

// cause runs the requests and waits for the event.
func (a *app) cause(ctx context.Context, found *cause, r *runFlags) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	before, err := c.newestEvent(ctx, found.event, r.account)
	if err != nil {
		return err
	}
	if err := a.run(ctx, found.fixture(), r); err != nil {
		return err
	}
	until := a.Clock.Now().Add(causeTime)
	for {
		id, err := c.newestEvent(ctx, found.event, r.account)
		switch {
		case err != nil:
			return err
		case id != before:
			return a.caused(found.event, id)
		case a.Clock.Now().After(until):
			return fmt.Errorf("the requests went well, but there is no new event %s", found.event)
		}
		if err := wait(ctx, causeTick); err != nil {
			return err
		}
	}
}

func (a *app) caused(event, id string) error {
	if a.settings.json {
		return a.Stdout.JSON(map[string]string{"type": event, "id": id})
	}
	a.Stdout.Line("%s %s", a.Stdout.Bold(event), a.Stdout.Good(id))
	return nil
}

// newestEvent is the id of the newest event of a type; empty if there is none.
func (c *client) newestEvent(ctx context.Context, event, account string) (id string, err error) {
	q := &call{method: "GET", path: "/v1/events", params: []pair{{"type", event}, {"limit", "1"}}}
	if account != "" {
		q.header = map[string][]string{"Stripe-Account": {account}}
	}
	got, err := c.do(ctx, q)
	if err != nil {
		return "", err
	}
	var page struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(got.body, &page); err != nil {
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if len(page.Data) == 0 {
		return "", nil
	}
	return page.Data[0].ID, nil
}

// wait lets some time pass.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
