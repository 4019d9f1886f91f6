package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How the phases that were sent are read: each begins where the one before it ends, and all are completed to what a
// schedule shows.

// phaseReader reads phases.
type phaseReader struct {
	customer *object.Object
	currency string          // of all phases; the first one settles it where it is not known
	start    int64           // of the first phase
	known    map[string]bool // ids of prices, coupons and promotion codes that the schedule had before, and so may keep
	inactive bool            // prices may be inactive: a quote, say, has chosen them
}

// readPhases gives a schedule the phases that were sent.
func readPhases(op *resource.Op, s *object.Object, r phaseReader) error {
	sent := op.Params.Array("phases")
	phases := make([]any, len(sent))
	left := 0
	for i, v := range sent {
		var next *object.Object
		if i+1 < len(sent) {
			next = sent[i+1].(*object.Object)
		}
		phase, err := r.read(op, s, v.(*object.Object).Clone(), next)
		if err != nil {
			return within(err, "phases["+strconv.Itoa(i)+"]")
		}
		phases[i], r.start = phase, phase.Int("end_date")
		if r.start > op.Now().Unix() {
			left++
		}
	}
	if left > maxPhases {
		return apierr.Invalid("", "phases", "A subscription schedule can have at most %d current and future phases.", maxPhases)
	}
	return op.Merge(s, newParams("phases", phases))
}

// read completes the parameters of a phase.
func (r *phaseReader) read(op *resource.Op, s, phase, next *object.Object) (*object.Object, error) {
	if at := dateOf(op, phase, "start_date"); at != 0 && at != r.start {
		return nil, apierr.Invalid("", "start_date", "The `start_date` of a phase must be the `end_date` of the phase before it.")
	}
	phase.Set("start_date", r.start)
	if err := r.readItems(op, phase); err != nil {
		return nil, err
	}
	if err := r.readEnd(op, phase, next); err != nil {
		return nil, err
	}
	if err := readTrial(op, phase); err != nil {
		return nil, err
	}
	if err := checkPhaseCollection(op, s, phase); err != nil {
		return nil, err
	}
	fill(phase, "proration_behavior", "create_prorations", "metadata", object.New(nil), "default_tax_rates", []any{})
	if err := r.checkDiscounts(op, phase); err != nil {
		return nil, err
	}
	return phase, r.readAdded(op, phase)
}

// fill gives fields of parameters that were not sent a value, from names and values in turn.
func fill(params *object.Object, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		if name := pairs[i].(string); !params.Has(name) {
			params.Set(name, pairs[i+1])
		}
	}
}

// dateOf is a date that was sent, or zero.
func dateOf(op *resource.Op, phase *object.Object, name string) int64 {
	if phase.String(name) == "now" {
		return op.Now().Unix()
	}
	return phase.Int(name)
}

// readEnd settles when a phase ends: at a date, after a duration, where the next one begins, or after one interval of
// its first price.
func (r *phaseReader) readEnd(op *resource.Op, phase, next *object.Object) error {
	duration, end := phase.Object("duration"), dateOf(op, phase, "end_date")
	phase.Delete("duration")
	switch {
	case duration != nil && end != 0:
		return onlyOne("duration", "end_date")
	case duration != nil:
		end = money.Interval{Unit: duration.String("interval"), Count: int(max(duration.Int("interval_count"), 1))}.After(unix(r.start), 1).Unix()
	case end == 0 && dateOf(op, next, "start_date") != 0:
		end = dateOf(op, next, "start_date")
	case end == 0:
		price, err := op.Get("price", phase.Array("items")[0].(*object.Object).String("price"), "items[0][price]")
		if err != nil {
			return err
		}
		end = intervalOf(price).After(unix(r.start), 1).Unix()
	}
	if end <= r.start {
		return apierr.Invalid("", "end_date", "The `end_date` of a phase must be after its `start_date`.")
	}
	phase.Set("end_date", end)
	return nil
}

// readTrial settles until when a phase is free: all of it, or to a date within it.
func readTrial(op *resource.Op, phase *object.Object) error {
	if phase.Bool("trial") && phase.Has("trial_end") {
		return onlyOne("trial", "trial_end")
	}
	end := dateOf(op, phase, "trial_end")
	if phase.Bool("trial") {
		end = phase.Int("end_date")
	}
	phase.Delete("trial_end")
	switch {
	case end == 0 || end == op.Now().Unix():
		return nil
	case end <= phase.Int("start_date") || end > phase.Int("end_date"):
		return apierr.Invalid("", "trial_end", "The `trial_end` of a phase must be after its `start_date` and not after its `end_date`.")
	}
	phase.Set("trial_end", end)
	return nil
}

// checkPhaseCollection checks how the invoices of a phase are to be paid.
func checkPhaseCollection(op *resource.Op, s, phase *object.Object) error {
	if err := checkScheduleMethod(op, s, phase); err != nil {
		return err
	}
	if collectionOf(s, phase) == "send_invoice" && daysOf(s, phase) == nil {
		return missingParam("invoice_settings[days_until_due]")
	}
	return nil
}

// settingOf is what a phase says, or the schedule for all phases that say nothing.
func settingOf(s, phase *object.Object, name string) any {
	if v := phase.Get(name); v != nil && v != "" {
		return v
	}
	return s.Object("default_settings").Get(name)
}

func collectionOf(s, phase *object.Object) string {
	method, _ := settingOf(s, phase, "collection_method").(string)
	return method
}

// daysOf is after how many days the invoices of a phase are due, or nil.
func daysOf(s, phase *object.Object) any {
	if days := phase.Object("invoice_settings").Get("days_until_due"); days != nil {
		return days
	}
	return s.At("default_settings", "invoice_settings", "days_until_due")
}
