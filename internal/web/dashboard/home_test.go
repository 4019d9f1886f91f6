package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
)

func TestHints(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "Nothing has happened yet", "Your password alone keeps others out")
	o.Get("/v1/customers/cus_none")
	if _, err := o.Registry.CreateKey(t.Context(), access.KeySpec{Name: "Reports", Expires: o.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "/v1/customers/cus_none", "resource_missing", "The key Reports ends on")
	viewer := o.join(b, "viewer@example.com", people.Viewer)
	if page := o.shows(viewer.get("/dashboard/test/"), http.StatusOK); strings.Contains(page, "The key Reports") {
		t.Error("a viewer is told of keys")
	}
}
