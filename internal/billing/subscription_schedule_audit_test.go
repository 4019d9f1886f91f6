package billing_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A schedule that does not fit its subscription, or itself, is found.
func TestScheduleAudit(t *testing.T) {
	t.Parallel()
	phase := func(s *object.Object, i int) *object.Object { return s.Array("phases")[i].(*object.Object) }
	for problem, spoil := range map[string]func(s, sub *object.Object){
		"phase 1 begins at":             func(s, _ *object.Object) { phase(s, 0).Set("end_date", at(1)+1) },
		"phase 1 ends before it begins": func(s, _ *object.Object) { phase(s, 1).Set("end_date", at(1)) },
		"it is active in the phase":     func(s, _ *object.Object) { s.Set("current_phase", nil) },
		"it names the schedule \"\"":    func(_, sub *object.Object) { sub.Set("schedule", nil) },
		"its items are not those":       func(s, _ *object.Object) { phase(s, 0).Array("items")[0].(*object.Object).Set("quantity", 9) },
		"there is no subscription":      func(s, _ *object.Object) { s.Set("subscription", "sub_none") },
	} {
		t.Run(problem, func(t *testing.T) {
			t.Parallel()
			w, customer, monthly, yearly := subscriptionWorld(t)
			s := w.Post("/v1/subscription_schedules", form("customer="+customer+" start_date=now phases[0][items][0][price]="+monthly+" phases[1][items][0][price]="+yearly)...).OK()
			ns, err := w.Registry.Namespace(w.Account.ID, access.Test)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
				schedule, err := op.Get("subscription_schedule", s.ID(), "")
				if err != nil {
					return err
				}
				sub, err := op.Get("subscription", s.Ref("subscription"), "")
				if err != nil {
					return err
				}
				spoil(schedule, sub)
				op.Object = schedule
				op.Save(schedule)
				op.Save(sub)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			problems, err := w.Engine.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, problem) }) {
				t.Errorf("the problems are %q", problems)
			}
		})
	}
}
