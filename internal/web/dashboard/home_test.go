package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
)

func TestHome(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "None has come in", "Your password alone keeps others out")
	o.Get("/v1/customers")
	o.Get("/v1/customers/cus_none")
	if _, err := o.Registry.CreateKey(t.Context(), access.KeySpec{Name: "Reports", Expires: o.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "1 failed", "GET /v1/customers/cus_none", "resource_missing", "The key Reports ends on")
	viewer := o.join(b, "viewer@example.com", people.Viewer)
	if page := o.shows(viewer.get("/dashboard/test/"), http.StatusOK, "1 failed"); strings.Contains(page, "The key Reports") {
		t.Error("a viewer is told of keys")
	}
	o.Clock.Advance(25 * time.Hour)
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "None has come in", "GET /v1/customers/cus_none")
}
