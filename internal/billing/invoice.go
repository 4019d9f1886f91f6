package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An invoice says what one customer owes.
//
//	draft --issue--> open --paid, credited--> paid
//	draft --DELETE--> gone
//
// A draft begins with nothing on it. What is credited later is in credit_note_effects.go.
//
// Emits invoice.created, invoice.deleted; invoice.finalized when it is issued; invoice.updated, invoice.paid and
// invoice.payment_succeeded when it is settled.
func init() {
	register(resource.Rules{
		Object: "invoice",
		States: resource.States{
			"draft":         {"open"},
			"open":          {"paid", "void", "uncollectible"},
			"uncollectible": {"paid", "void"},
		},
		StateCode: "status_transition_invalid",
		Create:    createInvoice, Delete: deleteInvoice,
	})
}

func createInvoice(op *resource.Op) error {
	in := op.Object
	if in.Ref("customer") == "" {
		return missingParam("customer")
	}
	customer, err := op.Get("customer", in.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if op.Params.String("currency") == "" {
		in.Set("currency", accountCurrency)
		if known := customer.String("currency"); known != "" {
			in.Set("currency", known)
		}
	}
	for _, name := range []string{"amount_due", "amount_remaining", "subtotal", "total"} {
		in.Set(name, 0)
	}
	for _, name := range []string{"subtotal_excluding_tax", "total_excluding_tax"} {
		in.Set(name, 0)
	}
	for _, name := range []string{"total_discount_amounts", "total_taxes", "total_pretax_credit_amounts"} {
		in.Set(name, []any{})
	}
	for _, name := range []string{"email", "name", "phone", "tax_exempt"} {
		in.Set("customer_"+name, customer.Get(name))
	}
	for _, name := range []string{"address", "shipping"} {
		if known := customer.Object(name); known != nil {
			in.Set("customer_"+name, known.Clone())
		}
	}
	if days := op.Params.Get("days_until_due"); days != nil {
		in.Set("due_date", op.Now().AddDate(0, 0, int(days.(int64))).Unix())
	}
	in.Set("billing_reason", "manual")
	in.Set("status", "draft")
	return nil
}

func deleteInvoice(op *resource.Op) error {
	if status := op.Object.String("status"); status != "draft" {
		return apierr.Invalid("invoice_not_editable", "", "You can only delete draft invoices, and this one is %s. Void it instead.", status)
	}
	return nil
}

// billedItem is what one line of an invoice is for.
type billedItem struct {
	price    *object.Object
	quantity int64
}

// issueInvoice writes an open invoice, numbered and with lines.
func issueInvoice(op *resource.Op, customer *object.Object, currency string, items []billedItem) (*object.Object, error) {
	in, err := op.Create("invoice", newParams("customer", customer.ID(), "currency", currency))
	if err != nil {
		return nil, err
	}
	lines := make([]any, len(items))
	var total int64
	for i := len(items) - 1; i >= 0; i-- { // the last first, as lists begin with the newest
		line, err := billItem(op, in, items[i])
		if err != nil {
			return nil, err
		}
		total += line.Int("amount")
		lines[i] = line.Clone()
	}
	list := in.Sub("lines")
	list.Set("data", lines[:min(len(lines), embedded)])
	list.Set("has_more", len(lines) > embedded)
	for _, name := range []string{"subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax", "amount_due", "amount_remaining"} {
		in.Set(name, total)
	}
	if err := op.Move(in, "open"); err != nil {
		return nil, err
	}
	numberInvoice(op, in, customer)
	in.Set("effective_at", op.Now().Unix())
	in.Sub("status_transitions").Set("finalized_at", op.Now().Unix())
	in.Set("hosted_invoice_url", op.BaseURL()+"/invoices/"+in.ID())
	in.Set("invoice_pdf", op.BaseURL()+"/invoices/"+in.ID()+"/pdf")
	return in, op.Emit("invoice.finalized", in)
}

func billItem(op *resource.Op, in *object.Object, item billedItem) (*object.Object, error) {
	product, err := op.Get("product", item.price.Ref("product"), "")
	if err != nil {
		return nil, err
	}
	amount := item.price.Int("unit_amount") * item.quantity
	details := newParams("price", item.price.ID(), "product", product.ID())
	return op.CreateBelow("line_item", in.ID(), newParams("invoice", in.ID(), "amount", amount, "subtotal", amount, "currency", in.String("currency"),
		"description", product.String("name"), "quantity", item.quantity,
		"period", newParams("start", op.Now().Unix(), "end", op.Now().Unix()),
		"pricing", newParams("type", "price_details", "price_details", details, "unit_amount_decimal", item.price.String("unit_amount_decimal"))))
}

// numberInvoice gives an invoice the customer's next number: prefix, hyphen, four digits.
func numberInvoice(op *resource.Op, in, customer *object.Object) {
	next := max(customer.Int("next_invoice_sequence"), 1)
	digits := strconv.FormatInt(10000+next, 10)[1:]
	if next > 9999 {
		digits = strconv.FormatInt(next, 10)
	}
	in.Set("number", customer.String("invoice_prefix")+"-"+digits)
	customer.Set("next_invoice_sequence", next+1)
	op.Save(customer)
}

// payInvoice settles an open invoice with a charge of the customer.
func payInvoice(op *resource.Op, in *object.Object) error {
	due := in.Int("amount_remaining")
	charge, err := op.Create("charge", newParams("amount", due, "currency", in.String("currency"), "customer", in.Ref("customer")))
	if err != nil {
		return err
	}
	payment, err := op.Create("invoice_payment", newParams("invoice", in.ID(), "amount_paid", due, "amount_requested", due, "currency", in.String("currency"),
		"is_default", true, "status", "paid", "payment", newParams("type", "charge", "charge", charge.ID())))
	if err != nil {
		return err
	}
	payment.Sub("status_transitions").Set("paid_at", op.Now().Unix())
	op.Save(payment)
	if err := op.Emit("invoice_payment.paid", payment); err != nil {
		return err
	}
	in.Set("amount_paid", in.Int("amount_paid")+due)
	in.Set("amount_remaining", 0)
	in.Set("attempted", true)
	in.Set("attempt_count", in.Int("attempt_count")+1)
	return settleInvoice(op, in)
}

// settleInvoice makes an invoice paid on which nothing is left to pay.
func settleInvoice(op *resource.Op, in *object.Object) error {
	if err := op.Move(in, "paid"); err != nil {
		return err
	}
	in.Set("auto_advance", false)
	in.Sub("status_transitions").Set("paid_at", op.Now().Unix())
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	if err := op.Emit("invoice.paid", in); err != nil {
		return err
	}
	return op.Emit("invoice.payment_succeeded", in)
}

// invoiceCharge is the newest charge that paid for an invoice, or nil.
func invoiceCharge(op *resource.Op, in *object.Object) (*object.Object, error) {
	payments, err := op.Lookup("invoice_payment", "invoice", in.ID())
	if err != nil {
		return nil, err
	}
	for _, payment := range payments {
		if payment.String("status") != "paid" {
			continue
		}
		id := payment.Object("payment").Ref("charge")
		if intent := payment.Object("payment").Ref("payment_intent"); intent != "" {
			paid, err := op.Find("payment_intent", intent)
			if err != nil {
				return nil, err
			}
			id = paid.Ref("latest_charge")
		}
		if id != "" {
			return op.Find("charge", id)
		}
	}
	return nil, nil
}
