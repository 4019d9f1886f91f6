package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestSandboxes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/test/sandboxes"), http.StatusOK, "A sandbox is test mode of its own")
	once := b.once("/dashboard/test/sandboxes/new")
	made := o.shows(b.post("/dashboard/test/sandboxes", "once", once, "name", "Mine", "life", "1d"), http.StatusOK)
	secret := secretField.FindStringSubmatch(made)[1]
	o.leads(b.post("/dashboard/test/sandboxes", "once", once, "name", "Mine"), "/dashboard/test/sandboxes")
	all, err := o.Registry.ListSandboxes(t.Context(), o.Account.ID)
	if err != nil || len(all) != 1 || all[0].Expires != o.Clock.Now().Add(24*time.Hour).Unix() {
		t.Fatalf("the sandboxes are %+v, %v", all, err)
	}
	page := "/dashboard/test/sandboxes/" + all[0].ID
	o.shows(b.get("/dashboard/test/sandboxes"), http.StatusOK, "Mine", `href="/dashboard/`+all[0].ID+`/"`)
	o.shows(b.get("/dashboard/"+all[0].ID+"/"), http.StatusOK, "You are in the sandbox", "Mine")
	customers := func(secret string) int {
		return len(o.Do(servertest.Request{Path: "/v1/customers", Key: secret}).IDs())
	}
	add := func() {
		o.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: secret}).OK()
	}
	add()
	o.leads(b.post(page+"/snapshots", "name", "One customer"), page+"?done=snapshot-created")
	add()
	shown := o.shows(b.get(page), http.StatusOK, "One customer")
	snapshot := strings.Split(strings.Split(shown, `name="snapshot" value="`)[1], `"`)[0]
	copied := secretField.FindStringSubmatch(o.shows(b.post("/dashboard/test/sandboxes", "once", b.once("/dashboard/test/sandboxes/new?like="+all[0].ID), "like", all[0].ID), http.StatusOK))[1]
	o.leads(b.post(page+"/snapshots/restore", "snapshot", snapshot), page+"?done=snapshot-restored")
	if here, there := customers(secret), customers(copied); here != 1 || there != 2 {
		t.Errorf("there are %d customers, and %d in the copy", here, there)
	}
	o.leads(b.post(page+"/snapshots/delete", "snapshot", snapshot), page+"?done=snapshot-deleted")
	o.shows(b.post(page+"/snapshots/restore", "snapshot", snapshot), http.StatusNotFound)
	o.leads(b.post(page+"/keep", "life", ""), page+"?done=sandbox-kept")
	if s, err := o.Registry.Sandbox(all[0].ID); err != nil || s.Expires != 0 {
		t.Errorf("it ends at %d, %v", s.Expires, err)
	}
	o.leads(b.post(page+"/reset"), page+"?done=sandbox-reset")
	if n := customers(secret); n != 0 {
		t.Errorf("%d customers are in an empty sandbox", n)
	}
	o.leads(b.post("/dashboard/"+all[0].ID+"/sandboxes/"+all[0].ID+"/delete"), "/dashboard/test/sandboxes?done=sandbox-deleted")
	o.shows(b.get("/dashboard/"+all[0].ID+"/"), http.StatusNotFound)
	o.shows(b.get(page), http.StatusNotFound)
	o.shows(b.get("/dashboard/audit?action=sandbox.reset"), http.StatusOK, "ada@example.com", all[0].ID)
}
