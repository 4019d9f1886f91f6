package member_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// TestInstallsRecounted opens a database in which installs were counted for no extension.
func TestInstallsRecounted(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(servertest.Start)
	s, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	registry := access.NewRegistry(s, c, access.Options{})
	account, err := registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ns, err := registry.Namespace(account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	open := func(old bool) *resource.Engine {
		rules := slices.Concat(billing.Rules(), (&member.Desk{}).Rules())
		for i := range rules {
			if old && rules[i].Object == "install" {
				rules[i].Recounts, rules[i].Figures = nil, func(*object.Object) []resource.Figure {
					return []resource.Figure{{Name: member.FigureInstalls, Amount: 1}}
				}
			}
		}
		e, err := resource.New(s, registry, c, rules, resource.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.BuildFigures(t.Context()); err != nil {
			t.Fatal(err)
		}
		return e
	}
	installs := func(e *resource.Engine) map[string]int64 {
		days, err := e.Survey(t.Context(), ns).Figures()
		if err != nil {
			t.Fatal(err)
		}
		sums := map[string]int64{}
		for _, day := range days {
			for _, change := range day.Changes {
				if change.Name == member.FigureInstalls {
					sums[change.Of] += change.Amount
				}
			}
		}
		return sums
	}
	old := open(true)
	do := func(operation string, form url.Values) string {
		o, err := old.Do(t.Context(), ns, operation, form)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID()
	}
	first, second := do("POST /v1/extensions", url.Values{"name": {"Clipper"}}), do("POST /v1/extensions", url.Values{"name": {"Snipper"}})
	for _, of := range []string{first, first, second} {
		do("POST /v1/installs", url.Values{"extension": {of}})
	}
	if diff := cmp.Diff(map[string]int64{"": 3}, installs(old)); diff != "" {
		t.Fatal(diff)
	}
	for range 2 { // the second start finds nothing to do
		e := open(false)
		if diff := cmp.Diff(map[string]int64{"": 0, first: 2, second: 1}, installs(e)); diff != "" {
			t.Error(diff)
		}
		if problems, err := e.Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Error(problems, err)
		}
	}
}
