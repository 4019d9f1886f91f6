package docs_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var (
	hitLine = regexp.MustCompile(`(?s)<li><a href="([^"]+)"><span class="hit-title">(.*?)</span>`)
	anyTag  = regexp.MustCompile(`<[^>]*>`)
)

// hit is what a search shows.
type hit struct{ title, path string }

// hits are what a question finds, in order.
func (r *reader) hits(question string) (out []hit) {
	r.t.Helper()
	text, _ := r.get("/docs/search/hits?q="+url.QueryEscape(question), http.StatusOK)
	for _, m := range hitLine.FindAllStringSubmatch(text, -1) {
		out = append(out, hit{html.UnescapeString(anyTag.ReplaceAllString(m[2], "")), m[1]})
	}
	return out
}

// TestSearch asks what readers ask, and knows what they mean.
func TestSearch(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	for _, c := range []struct{ question, title, path string }{
		// The exact name of something.
		{"card_declined", "card_declined", "/docs/errors/card_declined"},
		{"CARD_DECLINED", "card_declined", "/docs/errors/card_declined"},
		{"POST /v1/customers", "POST /v1/customers", "/docs/api/customers#create"},
		{"/v1/customers", "Customers", "/docs/api/customers"},
		{"v1/payment_intents/{intent}/confirm", "POST /v1/payment_intents/{intent}/confirm", "/docs/api/payment_intents#confirm"},
		{"customers", "Customers", "/docs/api/customers"},
		{"customer", "Customers", "/docs/api/customers"},
		{"payment_intent", "Payment intents", "/docs/api/payment_intents"},
		{"invoice.paid", "invoice.paid", "/docs/api/invoices#object"},
		{"4000000000000002", "4000 0000 0000 0002", "/docs/errors/card_declined"},
		{"4000 0000 0000 9995", "4000 0000 0000 9995", "/docs/errors/card_declined"},
		{"pm_card_visa", "4242 4242 4242 4242", "/docs/test-cards"},
		{"pm_card_visa_chargeCustomerFailLostCard", "pm_card_visa_chargeCustomerFailLostCard", "/docs/errors/card_declined"},
		{"pm_usBankAccount_noAccount", "000111111116", "/docs/test-bank-accounts"},
		{"DE89370400440532013000", "DE89370400440532013000", "/docs/test-bank-accounts"},
		{"starting_after", "starting_after", "/docs/pagination#starting_after"},
		{"doc_url", "doc_url", "/docs/attributes#doc_url"},
		{"unit_amount_decimal", "unit_amount_decimal", "/docs/api/prices#create.unit_amount_decimal"},
		{"recurring[interval]", "recurring[interval]", "/docs/api/prices#create.recurring.interval"},
		{"recurring.interval", "recurring[interval]", "/docs/api/prices#create.recurring.interval"},
		{"authentication", "Authentication", "/docs/authentication"},
		{"request-ids", "Request IDs", "/docs/request-ids"},
		// What begins with it.
		{"card_dec", "card_declined", "/docs/errors/card_declined"},
		{"pagin", "Pagination", "/docs/pagination"},
		{"customer.subscription.trial", "customer.subscription.trial_will_end", "/docs/api/subscriptions#object"},
		// Words, in any order, also those around them.
		{"create a customer", "POST /v1/customers", "/docs/api/customers#create"},
		{"customer create", "POST /v1/customers", "/docs/api/customers#create"},
		{"insufficient funds", "insufficient_funds", "/docs/errors/insufficient_funds"},
		{"after payment", "After Payment", "/docs/after-payment"},
		{"how to upgrade", "Upgrade", "/docs/upgrade"},
		// What is meant most often of several.
		{"subscription", "Subscriptions", "/docs/api/subscriptions"},
		{"/v1/subscriptions", "Subscriptions", "/docs/api/subscriptions"},
		{"create subscription", "POST /v1/subscriptions", "/docs/api/subscriptions#create"},
		{"list subscriptions", "GET /v1/subscriptions", "/docs/api/subscriptions#list"},
		{"cancel subscription", "DELETE /v1/subscriptions/{subscription_exposed_id}", "/docs/api/subscriptions#delete"},
		{"list payment method", "GET /v1/payment_methods", "/docs/api/payment_methods#list"},
		{"refund", "Refunds", "/docs/api/refunds"},
		{"payment methods", "Payment methods", "/docs/api/payment_methods"},
		{"cards", "Test cards", "/docs/test-cards"},
		{"api key", "Authentication", "/docs/authentication"},
		{"checkout", "Hosted checkout", "/docs/hosted-checkout"},
		// A letter wrong.
		{"authentcation", "Authentication", "/docs/authentication"},
		{"pagniation", "Pagination", "/docs/pagination"},
		{"custmers", "Customers", "/docs/api/customers"},
		{"webhok endpoints", "Webhook endpoints", "/docs/api/webhook_endpoints"},
		// Ids and keys.
		{"cus_NffrFeUfNV2Hib", "cus_NffrFeUfNV2Hib", "/docs/api/customers#object"},
		{"sub_sched_1Mr3YdLkdIwHu7ixjop3qtff", "sub_sched_1Mr3YdLkdIwHu7ixjop3qtff", "/docs/api/subscription_schedules#object"},
		{"req_8MwhmYYQ7sKhDH", "req_8MwhmYYQ7sKhDH", "/docs/request-ids"},
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "API keys", "/docs/authentication"},
	} {
		got := r.hits(c.question)
		if len(got) == 0 {
			t.Errorf("%q finds nothing, want %s", c.question, c.title)
		} else if got[0] != (hit{c.title, c.path}) {
			t.Errorf("%q finds %s first, want %s (%s)", c.question, got[0], c.title, c.path)
		}
	}
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	for _, c := range []struct{ question, says string }{
		{"", "What do you look for?"},
		{"zzzqqq", "Nothing was found."},
		{"zzzqqq", `data-said="0 results"`},
		{"card_declined", "<mark>card</mark>_<mark>declined</mark>"},
		{"<script>", "Search for “&lt;script&gt;”"},
		{"metadata", `30 of `},
		{strings.Repeat("é", 300), "Nothing was found."},
	} {
		if text, _ := r.get("/docs/search?q="+url.QueryEscape(c.question), http.StatusOK); !strings.Contains(text, c.says) {
			t.Errorf("the search for %q does not say %q:\n%s", c.question, c.says, text)
		}
	}
}
