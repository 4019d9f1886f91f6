package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
)

// summaryTable is a table of what an object is made of: the lines of an invoice.
type summaryTable struct {
	Title string
	Heads []string
	Rows  [][]view.Cell
	Foot  []fact // sums
}

// summaries are made by hand for the kinds that people look at most. They say first what one wants to know, before the
// fields that all objects have.
var summaries = map[string]func(v *Visit, o *objectView) error{
	"payment_intent": summarizePayment, "customer": summarizeCustomer, "subscription": summarizeSubscription,
	"invoice": summarizeInvoice, "credit_note": summarizeCreditNote, "order": summarizeOrder,
}

func (v *Visit) addSummary(o *objectView) error {
	if summarize := summaries[o.Kind]; summarize != nil && !o.Deleted {
		return summarize(v, o)
	}
	return nil
}

// kept are the fields that a summary leaves beside what it says itself. JSON has all others.
var kept = []string{"created", "description", "number", "type", "phone", "collection_method", "billing_reason", "capture_method", "latest_charge", "payment_method", "start_date",
	"tax_exempt", "canceled_at", "cancellation_reason", "memo", "receipt_email", "statement_descriptor", "next_payment_attempt", "test_clock", "currency", "delinquent"}

// lead puts facts in the place of most of what the fields say.
func (o *objectView) lead(facts []fact) {
	out := slices.DeleteFunc(facts, func(f fact) bool { return f.Empty() })
	for _, f := range o.Facts {
		if slices.ContainsFunc(kept, func(name string) bool { return f.Label == explorer.Label(name) }) && f.Text != o.Heading {
			out = append(out, f)
		}
	}
	o.Facts = out
}

func text(label, s string) fact { return fact{label, view.Cell{Text: s}} }

func (v *Visit) objectFact(label, kind, id, shown string) fact {
	if id == "" {
		return fact{Label: label}
	}
	c := view.Cell{Text: shown, Href: v.links().Object(kind, id)}
	if shown == "" {
		c.Text, c.Code = id, true
	}
	return fact{label, c}
}

// customerFact is a customer by what they are called.
func (v *Visit) customerFact(o *object.Object) (fact, error) {
	id := o.Ref("customer")
	if id == "" {
		return fact{Label: "Customer"}, nil
	}
	c, err := v.survey().Find("customer", id)
	if err != nil {
		return fact{}, err
	}
	return v.objectFact("Customer", "customer", id, nameOf(c)), nil
}

func nameOf(c *object.Object) string {
	name, email := c.String("name"), c.String("email")
	if name != "" && email != "" {
		return name + " (" + email + ")"
	}
	return name + email
}

func moneyOf(o *object.Object, name string) string {
	if o.Get(name) == nil {
		return ""
	}
	return view.Money(o.Int(name), o.String("currency"))
}

// some is an amount that is worth telling: not of nothing.
func some(o *object.Object, name string) string {
	if o.Int(name) == 0 {
		return ""
	}
	return moneyOf(o, name)
}

func summarizePayment(v *Visit, o *objectView) error {
	customer, err := v.customerFact(o.Object)
	if err != nil {
		return err
	}
	o.Heading = moneyOf(o.Object, "amount")
	facts := []fact{customer, text("Received", some(o.Object, "amount_received"))}
	charge, err := v.survey().Find("charge", o.Ref("latest_charge"))
	if err != nil {
		return err
	}
	if charge.Len() > 0 {
		facts = append(facts, text("Paid with", methodText(charge.Object("payment_method_details"))), text("Refunded", some(charge, "amount_refunded")),
			text("Declined", charge.String("failure_message")))
		entry, err := v.survey().Find("balance_transaction", charge.Ref("balance_transaction"))
		if err != nil {
			return err
		}
		if entry.Len() > 0 {
			facts = append(facts, text("Fees", moneyOf(entry, "fee")), text("Net", moneyOf(entry, "net")))
		}
	}
	if failed := o.Object.Object("last_payment_error"); failed.Len() > 0 && charge.Len() == 0 {
		facts = append(facts, text("Declined", failed.String("message")))
	}
	o.lead(facts)
	return nil
}

// methodText is how something was paid: "Visa •••• 4242".
func methodText(details *object.Object) string {
	kind := details.String("type")
	part := details.Object(kind)
	name := explorer.Label(kind)
	if brand := part.String("brand"); brand != "" {
		name = explorer.Label(brand)
	}
	if last4 := part.String("last4"); last4 != "" {
		name += " •••• " + last4
	}
	return name
}

func summarizeCustomer(v *Visit, o *objectView) error {
	facts := []fact{text("Name", o.String("name")), text("E-mail", o.String("email"))}
	if balance := o.Int("balance"); balance != 0 {
		word := "Owes"
		if balance < 0 {
			word, balance = "Has credit of", -balance
		}
		facts = append(facts, text(word, view.Money(balance, o.String("currency"))))
	}
	method := o.Object.Object("invoice_settings").Ref("default_payment_method")
	paid, err := v.survey().Find("payment_method", method)
	if err != nil {
		return err
	}
	if paid.Len() > 0 {
		facts = append(facts, v.objectFact("Pays with", "payment_method", method, methodText(paid)))
	}
	var plans []string
	err = v.survey().Lookup("subscription", "customer", o.ID(), func(s *object.Object) error {
		if status := s.String("status"); status != "canceled" && status != "incomplete_expired" {
			plans = append(plans, strings.ToLower(explorer.Label(status))+": "+v.planOf(s))
		}
		return nil
	})
	facts = append(facts, text("Subscribed", strings.Join(plans, "; ")))
	o.lead(facts)
	return err
}

// planOf names what is subscribed to.
func (v *Visit) planOf(subscription *object.Object) string {
	var names []string
	for _, item := range subscription.Object("items").Array("data") {
		if i, ok := item.(*object.Object); ok {
			names = append(names, v.productName(i.Object("price")))
		}
	}
	return strings.Join(names, ", ")
}

func (v *Visit) productName(price *object.Object) string {
	if p, err := v.survey().Find("product", price.Ref("product")); err == nil && p.String("name") != "" {
		return p.String("name")
	}
	return price.ID()
}

// priceText is a price as one says it: "$5.00 USD every month".
func priceText(price *object.Object) string {
	amount := moneyOf(price, "unit_amount")
	if amount == "" {
		amount = strings.ReplaceAll(price.String("billing_scheme"), "_", " ")
	}
	recurring := price.Object("recurring")
	switch n := recurring.Int("interval_count"); {
	case recurring.Len() == 0:
		return amount
	case n == 1:
		return amount + " every " + recurring.String("interval")
	default:
		return fmt.Sprintf("%s every %d %ss", amount, n, recurring.String("interval"))
	}
}

func summarizeSubscription(v *Visit, o *objectView) error {
	customer, err := v.customerFact(o.Object)
	if err != nil {
		return err
	}
	o.Heading = v.planOf(o.Object)
	items := summaryTable{Title: "What is subscribed to", Heads: []string{"Product", "Price", "Quantity", "Until"}}
	var until int64
	for _, one := range o.Object.Object("items").Array("data") {
		i, ok := one.(*object.Object)
		if !ok {
			continue
		}
		price := i.Object("price")
		until = i.Int("current_period_end")
		items.Rows = append(items.Rows, []view.Cell{
			{Text: v.productName(price), Href: v.links().Object("product", price.Ref("product"))}, {Text: priceText(price), Href: v.links().Object("price", price.ID())},
			{Text: view.Scalar(i.Get("quantity"))}, {At: view.At(until)},
		})
	}
	o.Tables = append(o.Tables, items)
	facts := []fact{customer, v.objectFact("Latest invoice", "invoice", o.Ref("latest_invoice"), "")}
	switch {
	case o.Int("ended_at") != 0:
		facts = append(facts, fact{"Ended", view.Cell{At: view.At(o.Int("ended_at"))}})
	case o.Int("cancel_at") != 0:
		facts = append(facts, fact{"Ends", view.Cell{At: view.At(o.Int("cancel_at"))}})
	case o.String("status") == "trialing":
		facts = append(facts, fact{"Trial ends", view.Cell{At: view.At(o.Int("trial_end"))}})
	case o.String("status") == "active" || o.String("status") == "past_due":
		facts = append(facts, fact{"Renews", view.Cell{At: view.At(until)}})
	}
	o.lead(facts)
	return nil
}

func summarizeInvoice(v *Visit, o *objectView) error {
	customer, err := v.customerFact(o.Object)
	if err != nil {
		return err
	}
	if number := o.String("number"); number == "" {
		o.Heading = moneyOf(o.Object, "total")
	}
	lines := summaryTable{Title: "Lines", Heads: []string{"Description", "Quantity", "Amount"}}
	for _, one := range o.Object.Object("lines").Array("data") {
		if l, ok := one.(*object.Object); ok {
			lines.Rows = append(lines.Rows, []view.Cell{{Text: cmp.Or(l.String("description"), "An amount of the invoice")}, {Text: view.Scalar(l.Get("quantity")), End: true}, {Text: moneyOf(l, "amount"), End: true}})
		}
	}
	lines.Foot = sums(o.Object, "Subtotal", "subtotal", "Total", "total", "Paid", "amount_paid", "Remaining", "amount_remaining")
	o.Tables = append(o.Tables, lines)
	facts := []fact{customer, text("Due", some(o.Object, "amount_remaining")), {"Due on", view.Cell{At: view.At(o.Int("due_date"))}},
		v.objectFact("Subscription", "subscription", o.Object.Object("parent").Object("subscription_details").Ref("subscription"), "")}
	if to := o.String("hosted_invoice_url"); to != "" {
		facts = append(facts, fact{"Invoice page", view.Cell{Text: "Open", Href: to}})
	}
	if to := o.String("invoice_pdf"); to != "" {
		facts = append(facts, fact{"PDF", view.Cell{Text: "Download", Href: to}})
	}
	o.lead(facts)
	return nil
}

// sums are amounts that an object has, by their labels and names in turn. Those of nothing are left out.
func sums(o *object.Object, pairs ...string) (out []fact) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if amount := moneyOf(o, pairs[i+1]); amount != "" && (o.Int(pairs[i+1]) != 0 || pairs[i] == "Total") {
			out = append(out, fact{pairs[i], view.Cell{Text: amount, End: true}})
		}
	}
	return out
}

func summarizeCreditNote(v *Visit, o *objectView) error {
	customer, err := v.customerFact(o.Object)
	if err != nil {
		return err
	}
	lines := summaryTable{Title: "Lines", Heads: []string{"Description", "Quantity", "Amount"}}
	for _, one := range o.Object.Object("lines").Array("data") {
		if l, ok := one.(*object.Object); ok {
			lines.Rows = append(lines.Rows, []view.Cell{{Text: l.String("description")}, {Text: view.Scalar(l.Get("quantity")), End: true},
				{Text: view.Money(l.Int("amount"), o.String("currency")), End: true}})
		}
	}
	lines.Foot = sums(o.Object, "Subtotal", "subtotal", "Total", "total")
	o.Tables = append(o.Tables, lines)
	facts := []fact{customer, v.objectFact("Invoice", "invoice", o.Ref("invoice"), ""), text("Reason", explorer.Label(o.String("reason")))}
	if to := o.String("pdf"); to != "" {
		facts = append(facts, fact{"PDF", view.Cell{Text: "Download", Href: to}})
	}
	o.lead(facts)
	return nil
}

func summarizeOrder(v *Visit, o *objectView) error {
	customer, err := v.customerFact(o.Object)
	if err != nil {
		return err
	}
	o.Heading = moneyOf(o.Object, "amount")
	items := summaryTable{Title: "Items", Heads: []string{"Description", "Kind", "Quantity", "Amount"}}
	for _, one := range o.Array("items") {
		if i, ok := one.(*object.Object); ok {
			items.Rows = append(items.Rows, []view.Cell{{Text: i.String("description"), Href: v.links().ID(i.Ref("parent"))}, {Text: explorer.Label(i.String("type"))},
				{Text: view.Scalar(i.Get("quantity")), End: true}, {Text: moneyOf(i, "amount"), End: true}})
		}
	}
	items.Foot = sums(o.Object, "Total", "amount", "Returned", "amount_returned")
	o.Tables = append(o.Tables, items)
	ship := o.Object.Object("shipping")
	o.lead([]fact{customer, text("E-mail", o.String("email")), v.objectFact("Charge", "charge", o.Ref("charge"), ""), text("Ships to", ship.String("name")),
		text("Carrier", ship.String("carrier")), text("Tracking number", ship.String("tracking_number"))})
	return nil
}
