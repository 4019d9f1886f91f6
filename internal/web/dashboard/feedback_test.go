package dashboard_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestFeedback(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/test/feedback"), http.StatusOK, "No reader has said yet")
	ns, err := o.Registry.Namespace(o.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	vote := func(section string, helpful bool, comment any) {
		_, err := o.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
			op.Choose("docs_vote", "dvote_"+op.Secret(30))
			_, err := op.Make("docs_vote", "", object.New(nil), func(op *resource.Op) error {
				for name, value := range map[string]any{"comment": comment, "created": op.WallNow().Unix(), "section": section, "helpful": helpful} {
					op.Object.Set(name, value)
				}
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	vote("pagination", true, nil)
	vote("api/customers", false, "Where is <b>the email</b>?")
	vote("api/customers", true, nil)
	vote("errors/resource_missing", false, nil)
	vote("errors/resource_missing", false, nil)
	o.Get("/v1/customers")
	o.Get("/v1/customers/cus_none")
	o.Do(servertest.Request{Path: "/v1/customers", Key: o.Account.LiveSecret.Secret})
	page := o.shows(b.get("/dashboard/test/feedback"), http.StatusOK, "Where is &lt;b&gt;the email", "50.0%", "100.0%", `href="/docs/api/customers"`)
	var order []string
	for _, m := range regexp.MustCompile(`data-label="Section"><a href="/docs/([^"]+)"`).FindAllStringSubmatch(page, -1) {
		order = append(order, m[1])
	}
	if got := strings.Join(order, " "); got != "errors/resource_missing api/customers pagination" {
		t.Errorf("the sections are %s", got)
	}
	if live := b.get("/dashboard/feedback").Body.String(); strings.Contains(live, "50.0%") || !strings.Contains(live, "0.0%") {
		t.Errorf("live mode shows requests of test mode:\n%s", live)
	}
}
