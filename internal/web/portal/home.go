package portal

import (
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// home is what the customer sees first.
type home struct {
	Subscriptions []*subscription
	Methods       []*method
	TaxIDs        []*object.Object
	Invoices      []*object.Object
	Older         string // the invoice from beyond which there are older ones; empty for none
	Newest        bool   // those that are shown are not the newest ones
}

// done are what an action says when it has been done, by the end of the address that it leads to.
var done = map[string]string{
	"canceled": "Your plan is canceled.", "renewed": "Your plan goes on.", "stayed": "Thank you for staying. The discount counts from your next invoice on.", "updated": "Your plan was changed.",
	"planned": "Your plan changes with its next period.", "kept": "Your plan stays as it is.", "added": "Your payment method was saved. It pays from now on.", "default": "It pays from now on.",
	"paid": "Thank you, the payment has arrived.", "removed": "Your payment method was removed.", "customer": "Your details were saved.",
}

func showHome(v *visit) error {
	h := &home{}
	if err := v.load(func(op *resource.Op) error { return v.readHome(op, h) }); err != nil {
		return err
	}
	if to := v.away(); to != "" {
		v.lead(string(to))
		return nil
	}
	if err := v.readInvoices(h); err != nil {
		return err
	}
	return v.render(http.StatusOK, "home", &page{Title: "Your plans and payments", Data: h, Good: done[v.r.FormValue("done")]})
}

func (v *visit) readHome(op *resource.Op, h *home) error {
	subs, err := v.live(op)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		s, err := v.subscription(op, sub)
		if err != nil {
			return err
		}
		h.Subscriptions = append(h.Subscriptions, s)
	}
	if v.Can(methodUpdate) {
		if h.Methods, err = v.methods(op); err != nil {
			return err
		}
	}
	if v.Can(customerUpdate) {
		h.TaxIDs, err = op.Below("tax_id", v.Customer)
	}
	return err
}

// invoicesShown is how many invoices a page shows.
const invoicesShown = "10"

// readInvoices reads what was billed, newest first. Drafts are no business of the customer's yet.
func (v *visit) readInvoices(h *home) error {
	if !v.Can(invoiceHistory) {
		return nil
	}
	form := []string{"customer", v.Customer.ID(), "limit", invoicesShown}
	if after := v.r.FormValue("after"); after != "" {
		form, h.Newest = append(form, "starting_after", after), true
	}
	list, err := v.call("GET /v1/invoices", form...)
	if refusal(err) != nil {
		return errNothing // the address names no invoice
	}
	if err != nil {
		return err
	}
	for _, o := range list.Array("data") {
		in := o.(*object.Object)
		if list.Bool("has_more") {
			h.Older = in.ID()
		}
		if in.String("status") != "draft" {
			h.Invoices = append(h.Invoices, in)
		}
	}
	return nil
}

// statuses are those of invoices, with the badges that they are shown with.
var statuses = map[string][2]string{
	"open": {"Open", "warn"}, "paid": {"Paid", "good"}, "uncollectible": {"Not paid", "bad"}, "void": {"Void", "neutral"},
}

// Status is how an invoice stands, and Badge how that is shown.
func (v *visit) Status(in *object.Object) string { return v.say(statuses[in.String("status")][0]) }

// Badge is how the status of an invoice is shown.
func (v *visit) Badge(in *object.Object) string { return statuses[in.String("status")][1] }
