package reference

import (
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// families are the groups of resources in the order in which they are shown. A resource whose path begins with the name
// of a group is in it.
var families = []struct {
	slug, title string
	paths       []string
}{
	{"core", "Core resources", []string{"balance", "balance_settings", "balance_transactions", "charges", "customers", "customer_sessions", "disputes", "events", "files", "file_links", "mandates", "payment_intents", "setup_intents", "setup_attempts", "payouts", "refunds", "confirmation_tokens", "tokens", "ephemeral_keys"}},
	{"methods", "Payment methods", []string{"payment_methods", "payment_method_configurations", "payment_method_domains", "payment_records", "payment_attempt_records", "sources", "apple_pay"}},
	{"products", "Products", []string{"products", "prices", "coupons", "promotion_codes", "discounts", "tax_codes", "tax_rates", "shipping_rates", "plans", "skus"}},
	{"checkout", "Checkout and pages", []string{"checkout", "payment_links", "payment_pages", "elements", "billing_portal"}},
	{"orders", "Orders", []string{"orders", "order_returns"}},
	{"billing", "Billing", []string{"billing", "credit_notes", "invoices", "invoiceitems", "invoice_payments", "invoice_rendering_templates", "quotes", "subscriptions", "subscription_items", "subscription_schedules", "tax_ids", "entitlements"}},
	{"extension", "Extension", []string{"extensions", "installs", "grants", "login_links", "members", "mails", "shares", "ava", "docs_votes"}},
	{"connect", "Connect", []string{"accounts", "account", "account_links", "account_sessions", "application_fees", "country_specs", "transfers", "topups", "external_accounts", "apps"}},
	{"tax", "Tax", []string{"tax"}},
	{"fraud", "Fraud", []string{"radar", "reviews"}},
	{"issuing", "Issuing", []string{"issuing"}},
	{"terminal", "Terminal", []string{"terminal"}},
	{"treasury", "Treasury", []string{"treasury"}},
	{"financial_connections", "Financial connections", []string{"financial_connections", "linked_accounts", "link_account_sessions"}},
	{"identity", "Identity", []string{"identity"}},
	{"reporting", "Reporting", []string{"reporting", "sigma", "exchange_rates"}},
	{"webhooks", "Webhooks", []string{"webhook_endpoints", "webhook_deliveries", "core"}},
	{"testing", "Testing", []string{"test_helpers", "sandboxes"}},
}

// familyOf is the group of a path, or "more".
func familyOf(slug string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(slug, "v2/"), "/")
	for _, f := range families {
		if slices.Contains(f.paths, first) {
			return f.slug
		}
	}
	return "more"
}

func familyTitle(slug string) string {
	for _, f := range families {
		if f.slug == slug {
			return f.title
		}
	}
	return "More"
}

func placeOf(slug string) int {
	for i, f := range families {
		if f.slug == slug {
			return i
		}
	}
	return len(families)
}

// written are words that are not written as they stand in paths.
var written = map[string]string{"ids": "IDs", "id": "ID", "skus": "SKUs", "api": "API", "pdf": "PDF", "invoiceitems": "invoice items", "ava": "AVA"}

// titles are names that are better than what is made of a path.
var titles = map[string]string{
	"ava/endpoint/ids": "Look-up by ID", "entitlements/active_entitlements": "Active entitlements", "apple_pay/domains": "Apple Pay domains",
	"v2/core/event_destinations": "Event destinations", "v2/core/events": "Thin events", "v2/billing/meter_events": "Meter events, version 2",
	"v2/billing/meter_event_adjustments": "Meter event adjustments, version 2", "v2/billing/meter_event_session": "Meter event sessions", "v2/billing/meter_event_stream": "Meter event stream",
	"orders/returns": "Returns of an order", "terminal/connection_tokens": "Connection tokens", "docs_votes": "Documentation votes",
}

// titleOf is the name of a page: the path in words, and what something is below of in the singular.
func titleOf(slug string) string {
	if title := titles[slug]; title != "" {
		return title
	}
	parts := strings.Split(strings.TrimPrefix(slug, "test_helpers/"), "/")
	for i := range parts[:len(parts)-1] {
		parts[i] = singular(parts[i])
	}
	words := strings.FieldsFunc(strings.Join(parts, " "), func(r rune) bool { return r == '_' || r == ' ' })
	for i, w := range words {
		if written[w] != "" {
			words[i] = written[w]
		}
	}
	return capital(strings.Join(words, " "))
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// verbs are what the forms of operations are called.
var verbs = map[spec.Class]string{
	spec.Create: "create", spec.SubCreate: "create", spec.Upload: "create", spec.Retrieve: "retrieve", spec.SubRetrieve: "retrieve",
	spec.Update: "update", spec.SubUpdate: "update", spec.Delete: "delete", spec.SubDelete: "delete", spec.List: "list", spec.SubList: "list",
	spec.Search: "search",
}

// rank is the order of operations on a page: as an object lives.
func rank(o *Operation) int {
	order := []string{"create", "update", "retrieve", "list", "search"}
	if i := slices.Index(order, verbOf(o)); i >= 0 {
		return i
	}
	if o.Method == "DELETE" {
		return 100
	}
	if o.Class == spec.TestHelper {
		return 90
	}
	return 50
}

// verbOf is what an operation does, in a word that can be an anchor.
func verbOf(o *Operation) string {
	if verb := verbs[o.Form]; verb != "" {
		return verb
	}
	if o.Form == spec.Singleton {
		return map[string]string{"GET": "retrieve", "POST": "update", "DELETE": "delete"}[o.Method]
	}
	if i := strings.LastIndexByte(o.Path, '}'); i >= 0 && i+1 < len(o.Path) {
		return strings.Join(strings.FieldsFunc(o.Path[i+1:], func(r rune) bool { return r == '_' || r == '/' }), "-")
	}
	parts := literals(o.Path)
	last := parts[len(parts)-1]
	if last == o.Resource.Slug[strings.LastIndexByte(o.Resource.Slug, '/')+1:] {
		return map[string]string{"GET": "list", "POST": "create", "DELETE": "delete"}[o.Method]
	}
	return strings.ReplaceAll(last, "_", "-")
}

// titleOfOperation is the heading of an operation: what is done with what.
func titleOfOperation(o *Operation) string {
	switch {
	case o.Method == "DELETE" && o.Kind == "subscription":
		return "Cancel a subscription"
	case o.Resource.Slug == "ava/endpoint/ids":
		return "Look up objects by their IDs"
	}
	one, many := singular(o.Resource.Slug), strings.ReplaceAll(last(o.Resource.Slug), "_", " ")
	if w := written[many]; w != "" {
		many = w
	}
	verb := strings.ReplaceAll(verbOf(o), "-", " ")
	switch verb {
	case "list", "search":
		return capital(verb) + " " + many
	case "create", "retrieve", "update", "delete":
		if o.Form == spec.Singleton {
			return capital(verb) + " the " + one
		}
		return capital(verb) + " " + article(one)
	}
	if strings.Contains(verb, " ") {
		return capital(verb)
	}
	return capital(verb) + " " + article(one)
}

func last(slug string) string { return slug[strings.LastIndexByte(slug, '/')+1:] }

// singular is what one object of a path is called.
func singular(slug string) string {
	one := strings.ReplaceAll(last(slug), "_", " ")
	switch {
	case one == "invoiceitems":
		return "invoice item"
	case one == "skus":
		return "SKU"
	case one == "ids":
		return "object by its ID"
	case strings.HasSuffix(one, "people"):
		return strings.TrimSuffix(one, "people") + "person"
	case strings.HasSuffix(one, "ies"):
		return strings.TrimSuffix(one, "ies") + "y"
	case strings.HasSuffix(one, "sses") || strings.HasSuffix(one, "xes"):
		return strings.TrimSuffix(one, "es")
	case strings.HasSuffix(one, "ss") || strings.HasSuffix(one, "settings"):
		return one
	}
	return strings.TrimSuffix(one, "s")
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") || strings.HasPrefix(noun, "SKU") {
		return "an " + noun
	}
	return "a " + noun
}

func sortedResources(m map[string]*Resource) []string { return slices.Sorted(maps.Keys(m)) }
