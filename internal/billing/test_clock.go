package billing

import "sharesmart/internal/resource"

// A test clock is a time of its own for the customers that are made on it.
//
//	ready --DELETE, or deletes_after passes--> gone, with its customers
//
// Emits test_helpers.test_clock.created, test_helpers.test_clock.deleted; customer.deleted for its customers.
func init() {
	register(resource.Rules{
		Object: "test_helpers.test_clock", Create: createTestClock, Delete: deleteClockCustomers,
		Timers: map[string]resource.Hook{clockEnd: endTestClock},
	})
}

const (
	clockEnd = "test_clock.deletes_after"
	// clockDays is how long a clock is kept.
	clockDays = 7
)

func createTestClock(op *resource.Op) error {
	end := op.Now().AddDate(0, 0, clockDays)
	op.Object.Set("deletes_after", end.Unix())
	op.Object.Set("status", "ready")
	return op.SetTimer(clockEnd, op.Object, end)
}

func deleteClockCustomers(op *resource.Op) error {
	customers, err := op.Lookup("customer", "test_clock", op.Object.ID())
	if err != nil {
		return err
	}
	for _, customer := range customers {
		if err := op.Delete(customer); err != nil {
			return err
		}
	}
	return nil
}

func endTestClock(op *resource.Op) error {
	if err := deleteClockCustomers(op); err != nil {
		return err
	}
	return op.Delete(op.Object)
}
