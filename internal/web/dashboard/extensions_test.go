package dashboard_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var extensionID = regexp.MustCompile(`/extensions/(ext_\w+)`)

// A seller makes an extension with plans, arranges them, and gives one away.
func TestExtensionPages(t *testing.T) {
	t.Parallel()
	b := desk(t)
	const list = "/dashboard/test/extensions"
	b.shows(b.get("/dashboard/test/"), http.StatusOK, `href="`+list+`"`)
	b.shows(b.get(list), http.StatusOK, "You sell nothing yet")
	b.shows(b.post(list, "name", ""), http.StatusUnprocessableEntity, "Enter what people know it by")
	page := b.post(list, "name", "Clipper", "description", "Clips things").Header().Get("Location")
	if !extensionID.MatchString(page) {
		t.Fatalf("it leads to %q", page)
	}
	for _, step := range []struct {
		name, path string
		form       []string
		status     int
		shows      []string // on the page it leads to, or that is the answer, in this order
	}{
		{"free", "/plans", []string{"plan_name", "Free", "amount", "0", "currency", "usd", "interval", "month"}, 303, []string{"The plan is on the pages now", "Free", "nothing of its own"}},
		{"monthly", "/plans", []string{"plan_name", "Pro", "amount", "4.50", "currency", "EUR", "interval", "month", "features", "Export, Short links"}, 303, []string{"Pro", "€4.50 EUR every month", "Export, Short links"}},
		{"no amount", "/plans", []string{"plan_name", "Max", "amount", "much", "currency", "usd", "interval", "month"}, 422, []string{"Enter an amount such as 5"}},
		{"no name", "/plans", []string{"amount", "5", "currency", "usd", "interval", "month"}, 422, []string{"Enter the name of the plan"}},
		{"unknown currency", "/plans", []string{"plan_name", "Max", "amount", "5", "currency", "xxx", "interval", "month"}, 422, []string{"Invalid currency: xxx"}},
		{"yearly", "/plans", []string{"plan_name", "Team", "amount", "40", "currency", "eur", "interval", "year", "features", "Export"}, 303, []string{"Pro", "Team", "€40.00 EUR every year", "Export"}},
		{"settings", "", []string{"name", "Clipper 2", "trial_period_days", "14", "grace_period_days", "30", "device_limit", "3", "active", "true"}, 303, []string{"Saved", "Clipper 2", "Open", `value="14"`, `value="30"`, `value="3"`}},
		{"no trial", "", []string{"name", "Clipper 2", "trial_period_days", "", "active", ""}, 303, []string{"Closed", `name="trial_period_days" type="number" value=""`}},
		{"too many devices", "", []string{"name", "Clipper 2", "device_limit", "5000", "active", "true"}, 422, []string{"between 1 and 1000"}},
		{"no address", "/grants", []string{"reason", "a friend"}, 422, []string{"Enter the address of whom it is for"}},
		{"in the past", "/grants", []string{"email", "f@example.com", "expires_at", "2001-01-01"}, 422, []string{"must end in the future"}},
		{"grant", "/grants", []string{"email", "f@example.com", "expires_at", "2099-01-31", "reason", "a friend"}, 303, []string{"The plan is theirs", "f@example.com", "a friend", "31 Jan 2099", "Take back"}},
	} {
		w := b.post(page+step.path, step.form...)
		if w.Code != step.status {
			t.Fatalf("%s: %d, want %d: %s", step.name, w.Code, step.status, w.Body)
		}
		if w.Code == http.StatusSeeOther {
			w = b.get(w.Header().Get("Location"))
		}
		if missing := inOrder(w.Body.String(), step.shows); missing != "" {
			t.Errorf("%s: the page does not show %q where it should: %s", step.name, missing, w.Body)
		}
	}
	b.arrange(page)
}

// TestExtensionFunnel shows how many of who installed an extension went on, and where they are.
func TestExtensionFunnel(t *testing.T) {
	t.Parallel()
	b := desk(t)
	price := func(amount string) string {
		return b.Post("/v1/prices", "currency", "usd", "unit_amount", amount, "recurring[interval]", "month", "product_data[name]", "Plan").OK().ID()
	}
	free, pro := price("0"), price("500")
	extension := b.Post("/v1/extensions", "name", "Clipper", "free_price", free, "prices[]", pro).OK().ID()
	other := b.Post("/v1/extensions", "name", "Snipper").OK().ID()
	var installs []string
	for _, of := range []string{extension, extension, other} {
		installs = append(installs, b.Post("/v1/installs", "extension", of).OK().ID())
	}
	customer := b.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	sub := b.Post("/v1/subscriptions", "customer", customer, "items[0][price]", pro).OK().ID()
	page := b.shows(b.get("/dashboard/test/extensions/"+extension), http.StatusOK, "Who uses it", "<strong>2</strong>", "installed, 1 began a paid plan", "Began the free plan")
	_, table, _ := strings.Cut(page, "As a table")
	links := regexp.MustCompile(`<a href="([^"]+)">[12]</a>`).FindAllStringSubmatch(table, -1)
	if len(links) != 2 {
		t.Fatalf("the figures lead to %v", links)
	}
	b.contains(strings.ReplaceAll(links[0][1], "&amp;", "&"), []string{installs[0], installs[1]}, []string{installs[2]})
	b.contains("/dashboard/test/objects/install?created.to=2001-01-01", []string{"Nothing fits"}, installs)
	b.contains(strings.ReplaceAll(links[1][1], "&amp;", "&"), []string{sub}, nil)
	b.contains("/dashboard/test/extensions/"+other, []string{"<strong>1</strong>", "Who uses it"}, []string{"Began the free plan"})
	b.contains("/dashboard/test/business?span=30d", []string{"Installed"}, nil)
}

// arrange moves the second paid plan up, takes all off, and takes the grant back.
func (b *browser) arrange(page string) {
	b.t.Helper()
	form := func(end string) string {
		found := regexp.MustCompile(`action="(`+page+`/`+end+`)"`).FindAllStringSubmatch(b.get(page).Body.String(), -1)
		if len(found) == 0 {
			b.t.Fatalf("there is no form to %s", end)
		}
		return found[len(found)-1][1]
	}
	b.post(form(`plans/price_\w+`), "to", "up")
	if missing := inOrder(b.get(page).Body.String(), []string{"Team", "Pro"}); missing != "" {
		b.t.Errorf("moved up, %s is not where it should be", missing)
	}
	b.post(form(`plans/price_\w+`), "to", "off")
	if strings.Contains(b.get(page).Body.String(), "€4.50 EUR every month") {
		b.t.Error("a plan that was taken off is still there")
	}
	b.post(form(`plans/price_\w+`), "to", "off")
	b.post(form(`plans/price_\w+`), "to", "off")
	b.shows(b.get(page), http.StatusOK, "No plan yet")
	b.post(form(`grants/\w+/revoke`))
	if !strings.Contains(b.get(page).Body.String(), "taken back on") {
		b.t.Error("the grant was not taken back")
	}
}

// inOrder is the first of the parts that a text does not have after those before it; empty if it has all.
func inOrder(s string, parts []string) string {
	for _, part := range parts {
		_, rest, found := strings.Cut(s, part)
		if !found {
			return part
		}
		s = rest
	}
	return ""
}
