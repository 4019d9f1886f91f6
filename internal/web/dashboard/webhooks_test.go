package dashboard_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

func TestWebhooks(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	var got atomic.Int64
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		if _, _ = io.Copy(io.Discard, r.Body); broken.Load() {
			http.Error(w, "<b>out of order</b>", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(at.Close)
	b := desk(t)
	run := func() {
		t.Helper()
		if err := b.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const list = "/dashboard/test/webhooks"
	b.shows(b.get(list), http.StatusOK, "No endpoint yet")
	b.shows(b.post(list, "url", "nowhere", "events", "*"), http.StatusUnprocessableEntity, "Not a valid URL", `value="nowhere"`)
	b.shows(b.post(list, "url", at.URL, "events", "customer.nonsense"), http.StatusUnprocessableEntity, `id="events-fault"`)
	page := b.shows(b.post(list, "url", at.URL, "events", "customer.created\ncustomer.deleted", "api_version", "2024-06-20"), http.StatusOK, "whsec_")
	secret, id := regexp.MustCompile(`whsec_\w+`).FindString(page), regexp.MustCompile(`we_\w+`).FindString(page)
	path := list + "/" + id
	b.shows(b.get(path), http.StatusOK, "Nothing was sent to it yet", "<code>2024-06-20</code>", "2 types of events")

	b.Post("/v1/customers", "email", "a@example.com").OK()
	run()
	broken.Store(true)
	b.Post("/v1/customers", "email", "b@example.com").OK()
	run()
	b.shows(b.get(list), http.StatusOK, at.URL, "100.0 %", ">500</a>")
	page = b.shows(b.get(path), http.StatusOK, "1 delivered, 0 failed, 1 pending")
	b.shows(b.get(path+"?status=pending"), http.StatusOK, `aria-current="true">Pending`)
	if rows := strings.Count(b.get(path+"?status=pending").Body.String(), `data-testid="delivery"`); rows != 1 {
		t.Errorf("%d deliveries are pending", rows)
	}
	waiting := regexp.MustCompile(regexp.QuoteMeta(path) + `/deliveries/\w+`).FindString(page) // the newest first
	b.shows(b.get(waiting), http.StatusOK, "&lt;b&gt;out of order&lt;/b&gt;", "Next attempt", "b@example.com", "2024-06-20", `data-testid="attempt"`)
	broken.Store(false)
	b.leads(b.post(waiting+"/resend"), waiting+"?done=again")
	run()
	b.shows(b.get(waiting), http.StatusOK, "delivered", ", manual", ">200<")

	// What everything is again of a time.
	before := got.Load()
	b.shows(b.post(path+"/resend", "from", "yesterday"), http.StatusUnprocessableEntity, "Enter a day and a time")
	b.leads(b.post(path+"/resend", "from", "2020-01-01T00:00"), path+"?done=resent")
	if w := b.get(path); !strings.HasPrefix(w.Header().Get("Refresh"), "2;") || strings.Contains(b.shows(w, http.StatusOK, "Looking for the events"), `data-testid="resend"`) {
		t.Errorf("the page does not follow: %q", w.Header().Get("Refresh"))
	}
	b.shows(b.post(path+"/resend", "from", "2020-01-01T00:00"), http.StatusUnprocessableEntity, "being sent to the endpoint again already")
	run()
	if w := b.get(path); w.Header().Get("Refresh") != "" {
		t.Error("the page follows what is over")
	}
	b.shows(b.get(path), http.StatusOK, "Last time: 2 events", `data-testid="resend"`)
	if n := got.Load() - before; n != 2 {
		t.Errorf("%d events were sent again", n)
	}

	b.shows(b.post(path+"/secret"), http.StatusOK, secret)
	b.shows(b.get("/dashboard/test/audit"), http.StatusOK, "webhook_secret.revealed", id)
	if rolled := b.shows(b.post(path+"/roll", "overlap", "1"), http.StatusOK, "whsec_"); strings.Contains(rolled, secret) {
		t.Error("the secret is the old one")
	}
	b.shows(b.post(path+"/roll", "overlap", "48"), http.StatusUnprocessableEntity, "up to 24 hours")
	b.shows(b.post(path+"/chaos", "drop", "200"), http.StatusUnprocessableEntity, `field-wrong`)
	b.leads(b.post(path+"/chaos", "drop", "20", "seed", "7"), path+"?done=chaos")
	b.shows(b.get(list), http.StatusOK, "Chaos</span>")
	b.leads(b.post(path+"/chaos", "drop", "0", "seed", "7"), path+"?done=calm")
	b.leads(b.post(path, "to", "disabled"), path+"?done=disabled")
	b.shows(b.get(path), http.StatusOK, "Turn on", ">Off</span>")
	b.leads(b.post(path, "to", "enabled"), path+"?done=enabled")
	b.leads(b.post(path, "url", at.URL+"/new", "events", "*", "description", "Ours"), path+"?done=saved")
	b.shows(b.get(path), http.StatusOK, at.URL+"/new", "all events", "Ours")
	b.leads(b.post(path+"/delete"), list)
	b.shows(b.get(path), http.StatusNotFound)
}
