package sdk

import (
	"strconv"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// Pro by the year at 100 dollars, begun on a 29th of February with 150 dollars to the customer's good. In years without one
// the last day of February stands in for it, and the next leap year has it back.
func TestScenarioFiveYears(t *testing.T) {
	t.Parallel()
	s := newStory(t, "2028-02-29 10:30")
	pro := s.price(s.product("Pro"), 10000, "year")
	jenny := s.signUp("pm_card_visa")
	_, err := s.V1Customers.Update(t.Context(), jenny, &stripe.CustomerUpdateParams{Balance: stripe.Int64(-15000)})
	must(t, err)
	sub := s.subscribe(jenny, pro)
	for _, to := range []string{"2030-01-01", "2032-01-01", "2033-03-01"} { // not more than two years at once
		s.until(to)
	}
	s.stands(sub.ID, "active", "2033-02-28 10:30", "2034-02-28 10:30")

	// What is to her good pays before the card does: the first year, and a half of the second.
	years := []struct {
		from, to          string
		due, starts, ends int64
		since, until      string // the time whose pending items are collected
	}{
		{"2028-02-29 10:30", "2029-02-28 10:30", 0, -15000, -5000, "2028-02-29 10:30", "2028-02-29 10:30"},
		{"2029-02-28 10:30", "2030-02-28 10:30", 5000, -5000, 0, "2028-02-29 10:30", "2029-02-28 10:30"},
		{"2030-02-28 10:30", "2031-02-28 10:30", 10000, 0, 0, "2029-02-28 10:30", "2030-02-28 10:30"},
		{"2031-02-28 10:30", "2032-02-29 10:30", 10000, 0, 0, "2030-02-28 10:30", "2031-02-28 10:30"},
		{"2032-02-29 10:30", "2033-02-28 10:30", 10000, 0, 0, "2031-02-28 10:30", "2032-02-29 10:30"},
		{"2033-02-28 10:30", "2034-02-28 10:30", 10000, 0, 0, "2032-02-29 10:30", "2033-02-28 10:30"},
	}
	invoices := s.invoices(jenny)
	if len(invoices) != len(years) {
		t.Fatalf("%d invoices, want %d", len(invoices), len(years))
	}
	for i, y := range years {
		in, reason := invoices[i], stripe.InvoiceBillingReasonSubscriptionCycle
		if i == 0 {
			reason = stripe.InvoiceBillingReasonSubscriptionCreate
		}
		same(t, y.from, bill{
			Number: "JENNY-000" + strconv.Itoa(i+1), Reason: reason, Status: "paid", Total: 10000, Due: y.due, Paid: y.due,
			Lines: []line{{10000, "1 × Pro (at $100.00 / year)", y.from, y.to}},
		}, billOf(in))
		same(t, y.from+", balance", []int64{y.starts, y.ends}, []int64{in.StartingBalance, in.EndingBalance})
		same(t, y.from+", period", []string{y.since, y.until}, []string{date(in.PeriodStart), date(in.PeriodEnd)})
	}
	same(t, "customer", []int64{0, 7}, []int64{s.who(jenny).Balance, s.who(jenny).NextInvoiceSequence})
	s.credited(jenny,
		credit{"adjustment", -15000, -15000, ""},
		credit{"applied_to_invoice", 10000, -5000, "JENNY-0001"},
		credit{"applied_to_invoice", 5000, 0, "JENNY-0002"},
	)
	s.moved(
		row{"charge", 5000, 175, 4825},  // 2.9 % of 5000, and 30
		row{"charge", 10000, 320, 9680}, // 290, and 30
		row{"charge", 10000, 320, 9680},
		row{"charge", 10000, 320, 9680},
		row{"charge", 10000, 320, 9680},
	)
	s.holds(0, 4825+4*9680)
	s.happened(
		"2028-02-29 10:30 customer.created payment_method.attached customer.updated",
		"2028-02-29 10:30 customer.subscription.created invoice.created customer.updated "+nothingDue,
		"2029-02-21 10:30 invoice.upcoming",
		"2029-02-28 10:30 "+renewed,
		"2029-02-28 11:30 customer.updated "+collected+booked, // what was left to her good is gone
		"2030-02-21 10:30 invoice.upcoming",
		"2030-02-28 10:30 "+renewed,
		"2030-02-28 11:30 "+collected+booked,
		"2031-02-21 10:30 invoice.upcoming",
		"2031-02-28 10:30 "+renewed,
		"2031-02-28 11:30 "+collected+booked,
		"2032-02-22 10:30 invoice.upcoming",
		"2032-02-29 10:30 "+renewed,
		"2032-02-29 11:30 "+collected+booked,
		"2033-02-21 10:30 invoice.upcoming",
		"2033-02-28 10:30 "+renewed,
		"2033-02-28 11:30 "+collected+booked,
	)
}

// credit is what matters of an entry in a customer's balance.
type credit struct {
	Type           stripe.CustomerBalanceTransactionType
	Amount, Ending int64
	Invoice        string // its number
}

// credited compares the entries of a customer's balance, oldest first.
func (s *story) credited(customer string, want ...credit) {
	s.t.Helper()
	var got []credit
	p := &stripe.CustomerBalanceTransactionListParams{Customer: stripe.String(customer)}
	p.AddExpand("data.invoice")
	for entry, err := range s.V1CustomerBalanceTransactions.List(s.t.Context(), p).All(s.t.Context()) {
		must(s.t, err)
		c := credit{entry.Type, entry.Amount, entry.EndingBalance, ""}
		if entry.Invoice != nil {
			c.Invoice = entry.Invoice.Number
		}
		got = append([]credit{c}, got...)
	}
	same(s.t, "balance", want, got)
}

// invoices are those of a customer, oldest first.
func (s *story) invoices(customer string) []*stripe.Invoice {
	s.t.Helper()
	var all []*stripe.Invoice
	for in, err := range s.V1Invoices.List(s.t.Context(), &stripe.InvoiceListParams{Customer: stripe.String(customer)}).All(s.t.Context()) {
		must(s.t, err)
		all = append([]*stripe.Invoice{in}, all...)
	}
	return all
}
