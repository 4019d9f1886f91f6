package billing_test

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
)

// Before anything that can be previewed, each golden case asks what would be billed. The next invoice that comes of it
// must be that.

// goldenForeseen are the parameters of a subscription that its preview takes, by their names there.
var goldenForeseen = map[string]string{
	"items": "items", "billing_cycle_anchor": "billing_cycle_anchor", "cancel_at": "cancel_at", "cancel_at_period_end": "cancel_at_period_end",
	"default_tax_rates": "default_tax_rates", "proration_date": "proration_date", "trial_end": "trial_end",
	"proration_behavior": "proration_behavior", "billing_mode": "billing_mode", "backdate_start_date": "start_date",
	"cancel_now": "cancel_now", "resume_at": "resume_at",
}

// foresee keeps the preview of what is about to be done to the subscription, or to no subscription yet. Where something
// cannot be previewed, none is kept.
func (w *goldenWorld) foresee(form []string) {
	w.t.Helper()
	asked := []string{"customer", w.customer}
	if w.subscription != "" {
		asked = append(asked, "subscription", w.subscription)
	} else if len(form) == 0 {
		return // there is nothing yet
	}
	for pair := range slices.Chunk(form, 2) {
		name, below, nested := strings.Cut(pair[0], "[")
		known, found := goldenForeseen[name]
		switch {
		case name == "customer":
			continue
		case name == "discounts":
			asked = append(asked, pair...)
			continue
		case !found:
			return
		case nested:
			known += "][" + below
		default:
			known += "]"
		}
		asked = append(asked, "subscription_details["+known, pair[1])
	}
	answer := w.Post("/v1/invoices/create_preview", asked...)
	if answer.Status == 404 {
		return // nothing is due any more
	}
	w.foreseen = answer.OK()
}

// checkForeseen compares the latest invoice with what was foreseen.
func (w *goldenWorld) checkForeseen(at wanted) {
	w.t.Helper()
	if w.foreseen == nil {
		return
	}
	var lines []*object.Object
	for _, v := range w.foreseen.Object("lines").Array("data") {
		lines = append(lines, v.(*object.Object))
	}
	for _, name := range []string{"subtotal", "total", "total_excluding_tax", "amount_due"} {
		if got, want := w.foreseen.Int(name), w.invoice.Int(name); got != want {
			w.t.Errorf("%s: the preview has a %s of %d, the invoice one of %d", at.place, name, got, want)
		}
	}
	if got, want := linesText(lines), linesText(w.lines); got != want {
		w.t.Errorf("%s: the preview has %s, the invoice %s", at.place, got, want)
	}
	w.foreseen = nil
}
