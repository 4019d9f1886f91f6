package dashboard_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/people"
)

func TestClock(t *testing.T) {
	t.Parallel()
	b := desk(t, guests(people.Viewer))
	start := b.Clock.Now().UTC().Truncate(24 * time.Hour)
	id := b.Post("/v1/test_helpers/test_clocks", "frozen_time", fmt.Sprint(start.Unix()), "name", "A year").OK().ID()
	path := "/dashboard/test/clocks/" + id
	b.contains(path, []string{"A year", "Ready", "Nothing yet", "Nothing is due"}, nil)
	customer := b.Post("/v1/customers", "test_clock", id, "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	price := b.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	sub := b.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price).OK().ID()
	b.contains(path, []string{"customer.subscription.created", "Next period begins", "Renews, $5.00 USD every month", sub}, nil)

	b.shows(b.post(path+"/advance", "to", "soon"), http.StatusUnprocessableEntity, "Write times as")
	b.shows(b.post(path+"/advance", "to", start.AddDate(0, 0, -1).Format("2006-01-02T15:04")), http.StatusUnprocessableEntity, "must be after", "/dashboard/test/logs/req_")
	b.leads(b.post(path+"/snapshot", "name", "Before"), path)
	b.leads(b.post(path+"/advance", "to", start.AddDate(0, 3, 5).Format("2006-01-02T15:04")), path)
	b.contains(path, []string{start.AddDate(0, 3, 5).Format("Monday, 2 January 2006"), "invoice.paid", "Ready"}, nil)
	if n := len(b.Get("/v1/invoices", "customer", customer).OK().Array("data")); n != 4 {
		t.Errorf("there are %d invoices", n)
	}
	b.leads(b.post(path+"/step"), path)
	viewer := b.browser()
	viewer.contains(path, []string{"A year"}, []string{"/advance", "/snapshot"})
	viewer.shows(viewer.post(path+"/step"), http.StatusForbidden)

	restore := regexp.MustCompile(`href="([^"]+/actions/PostTestHelpersSnapshotsSnapshotRestore)"`).FindStringSubmatch(b.get(path).Body.String())
	if restore == nil {
		t.Fatal("no way back")
	}
	if w := b.post(restore[1]); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	b.contains(path, []string{start.Format("Monday, 2 January 2006, 15:04")}, []string{"invoice.upcoming"})
	b.shows(b.get("/dashboard/clocks/"+id), http.StatusNotFound)
	b.contains("/dashboard/test/objects/test_helpers.test_clock/"+id, []string{"Advance", "JSON"}, nil)
}

// A clock that many are on shows a few of each day, and says how many there are.
func TestCrowdedClock(t *testing.T) {
	t.Parallel()
	b := desk(t)
	id := b.Post("/v1/test_helpers/test_clocks", "frozen_time", fmt.Sprint(b.Clock.Now().Unix())).OK().ID()
	price := b.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	for range 8 {
		customer := b.Post("/v1/customers", "test_clock", id, "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
		b.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price).OK()
	}
	page := b.shows(b.get("/dashboard/test/clocks/"+id), http.StatusOK, "and 3 more of these", "foretold of the first five")
	if n := strings.Count(page, "Next period begins"); n != 5 {
		t.Errorf("%d periods are shown", n)
	}
}
