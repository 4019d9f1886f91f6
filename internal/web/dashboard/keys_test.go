package dashboard_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/servertest"
)

var (
	onceField   = regexp.MustCompile(`name="once" value="([^"]+)"`)
	secretField = regexp.MustCompile(`data-testid="secret">([^<]+)<`)
)

// once is the token of the form on a page.
func (b *browser) once(path string) string {
	b.t.Helper()
	m := onceField.FindStringSubmatch(b.shows(b.get(path), http.StatusOK))
	if m == nil {
		b.t.Fatalf("%s has no form that is sent once", path)
	}
	return m[1]
}

// makeKey makes a key with the form, and returns its secret and its id.
func (b *browser) makeKey(mode string, pairs ...string) (secret, id string) {
	b.t.Helper()
	w := b.post("/dashboard/"+mode+"keys", append([]string{"once", b.once("/dashboard/" + mode + "keys/new")}, pairs...)...)
	m := secretField.FindStringSubmatch(b.shows(w, http.StatusOK))
	if m == nil {
		b.t.Fatalf("no key is shown:\n%s", w.Body)
	}
	g, err := b.Registry.Authenticate(m[1])
	if err != nil {
		b.t.Fatal(err)
	}
	return m[1], g.Key.ID
}

func (o *office) status(key, path string) int {
	o.t.Helper()
	return o.Do(servertest.Request{Path: path, Key: key}).Status
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	const path = "/dashboard/test/keys"
	o.shows(b.post("/dashboard/test/oauth-redirects", "redirects", "shop.example.com"), http.StatusUnprocessableEntity, "Error: ", "shop.example.com is no address", ">shop.example.com</textarea>")
	o.leads(b.post("/dashboard/test/oauth-redirects", "redirects", "https://shop.example.com/a\r\nhttps://shop.example.com/b\r\n"), path+"?done=redirects-changed")
	o.shows(b.get(path+"?done=redirects-changed"), http.StatusOK, "led to these addresses alone", "https://shop.example.com/a\nhttps://shop.example.com/b</textarea>")
	o.shows(b.get("/dashboard/test/audit"), http.StatusOK, "oauth.redirects_changed")
	o.shows(b.post("/dashboard/oauth-redirects", "redirects", "https://shop.example.com/a"), http.StatusNotFound) // live mode has no application
}

func TestKeys(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.shows(b.get("/dashboard/test/keys"), http.StatusOK, "Secret key", "Publishable key", o.Account.TestSecret.Prefix+"…"+o.Account.TestSecret.Last4)
	o.shows(b.get("/dashboard/test/keys"), http.StatusOK, billing.ClientID(&access.Namespace{Account: o.Account.ID, Env: access.Test}))
	secret, id := b.makeKey("test/", "kind", "sk", "name", "Shop", "life", "7d", "networks", "127.0.0.1")
	if o.status(secret, "/v1/customers") != http.StatusOK {
		t.Error("the new key does not open the API")
	}
	page := o.shows(b.get("/dashboard/test/keys/"+id), http.StatusOK, "Shop", "127.0.0.1", "Ends soon")
	if strings.Contains(page, secret) {
		t.Error("the secret is shown again")
	}
	o.shows(b.get("/dashboard/keys/"+id), http.StatusNotFound)
	o.shows(b.get("/dashboard/test/keys/key_none"), http.StatusNotFound)
	o.shows(b.post("/dashboard/test/keys/"+id, "name", "Shop", "networks", "nonsense"), http.StatusUnprocessableEntity, "is not an address or a network", "Error: ")
	o.leads(b.post("/dashboard/test/keys/"+id, "name", "Shop 2", "networks", "203.0.113.0/24"), "/dashboard/test/keys/"+id+"?done=key-changed")
	if o.status(secret, "/v1/customers") != http.StatusForbidden {
		t.Error("the key is not bound to its network")
	}
	o.leads(b.post("/dashboard/test/keys/"+id, "name", "Shop 2", "version", "2024-06-20"), "/dashboard/test/keys/"+id+"?done=key-changed")
	if a := o.Do(servertest.Request{Path: "/v1/customers", Key: secret}); a.Header.Get("Stripe-Version") != "2024-06-20" {
		t.Errorf("the key speaks %s", a.Header.Get("Stripe-Version"))
	}
	o.leads(b.post("/dashboard/test/keys/"+id+"/delete"), "/dashboard/test/keys?done=key-deleted")
	if o.status(secret, "/v1/customers") != http.StatusUnauthorized {
		t.Error("the deleted key opens the API")
	}
}

// A form that is sent again does not make another key.
func TestKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	once := b.once("/dashboard/test/keys/new")
	o.shows(b.post("/dashboard/test/keys", "once", once, "kind", "sk", "name", "One"), http.StatusOK)
	o.leads(b.post("/dashboard/test/keys", "once", once, "kind", "sk", "name", "One"), "/dashboard/test/keys")
	keys, err := o.Registry.ListKeys(t.Context(), o.Account.ID, access.Test)
	if err != nil || len(keys) != 3 {
		t.Errorf("there are %d keys, %v", len(keys), err)
	}
}

func TestRollKey(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	for _, test := range []struct {
		overlap string
		lives   time.Duration
	}{{"0", 0}, {"1h", time.Hour}, {"24h", 24 * time.Hour}, {"7d", 7 * 24 * time.Hour}} {
		secret, id := b.makeKey("test/", "kind", "sk", "name", "Shop")
		w := b.post("/dashboard/test/keys/"+id+"/roll", "once", b.once("/dashboard/test/keys/"+id), "overlap", test.overlap)
		rolled := secretField.FindStringSubmatch(o.shows(w, http.StatusOK))[1]
		old, err := o.Registry.FindKey(id)
		if err != nil || old.Expires != o.Clock.Now().Add(test.lives).Unix() {
			t.Errorf("%s: the old key ends at %d, %v", test.overlap, old.Expires, err)
		}
		if test.lives > 0 != (o.status(secret, "/v1/customers") == http.StatusOK) || o.status(rolled, "/v1/customers") != http.StatusOK {
			t.Errorf("%s: which keys open the API is wrong", test.overlap)
		}
	}
	_, id := b.makeKey("test/", "kind", "sk", "name", "Shop")
	o.shows(b.post("/dashboard/test/keys/"+id+"/roll", "once", b.once("/dashboard/test/keys/"+id), "overlap", "9d"), http.StatusUnprocessableEntity)
}

// A restricted key may do what its matrix says, and no more.
func TestRestrictedKey(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	once := b.once("/dashboard/test/keys/new?kind=rk")
	o.shows(b.post("/dashboard/test/keys", "once", once, "kind", "rk", "name", "", "right.customer", "none"), http.StatusUnprocessableEntity,
		"Choose at least one thing", "Enter what the key is for")
	secret, id := b.makeKey("test/", "kind", "rk", "name", "Reports", "right.customer", "write", "right.charge", "read", "right.nonsense", "write", "right.refund", "none")
	for path, want := range map[string]int{"/v1/customers": http.StatusOK, "/v1/charges": http.StatusOK, "/v1/refunds": http.StatusForbidden} {
		if got := o.status(secret, path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	o.leads(b.post("/dashboard/test/keys/"+id, "name", "Reports", "right.refund", "read"), "/dashboard/test/keys/"+id+"?done=key-changed")
	if o.status(secret, "/v1/customers") != http.StatusForbidden || o.status(secret, "/v1/refunds") != http.StatusOK {
		t.Error("the rights did not change")
	}
}

// "Grant exactly this" makes a key that may do what another did, and no more.
func TestRightsFromUse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	secret, id := b.makeKey("test/", "kind", "sk", "name", "Shop")
	o.shows(b.get("/dashboard/test/keys/new?like="+id), http.StatusOK, "It did nothing in this time")
	for _, r := range []servertest.Request{
		{Method: http.MethodPost, Path: "/v1/customers"}, {Path: "/v1/customers"}, {Path: "/v1/charges"}, {Path: "/v1/charges/ch_none"}, {Path: "/v1/balance"},
	} {
		r.Key = secret
		o.Do(r)
	}
	o.Get("/v1/refunds") // another key's
	page := o.shows(b.get("/dashboard/test/keys/new?like="+id), http.StatusOK, "POST /v1/customers", "which need 3 rights")
	chosen := regexp.MustCompile(`name="right\.([^"]+)" value="(read|write)"[^>]* checked`).FindAllStringSubmatch(page, -1)
	got := map[string]string{}
	form := []string{"kind", "rk", "name", "Least"}
	for _, m := range chosen {
		got[m[1]] = m[2]
		form = append(form, "right."+m[1], m[2])
	}
	if len(got) != 3 || got["customer"] != "write" || got["charge"] != "read" || got["balance"] != "read" {
		t.Fatalf("the rights are %v", got)
	}
	least, _ := b.makeKey("test/", form...)
	if o.status(least, "/v1/charges") != http.StatusOK || o.status(least, "/v1/refunds") != http.StatusForbidden {
		t.Error("the key with the least rights may do something else")
	}
	o.Clock.Advance(8 * 24 * time.Hour)
	b = o.signIn("ada@example.com")
	o.shows(b.get("/dashboard/test/keys/new?like="+id), http.StatusOK, "It did nothing in this time")
	o.shows(b.get("/dashboard/test/keys/new?days=30&like="+id), http.StatusOK, "POST /v1/customers")
}

// signIn is the browser of somebody who signs in.
func (o *office) signIn(email string) *browser {
	o.t.Helper()
	b := o.browser()
	o.leads(b.post("/dashboard/sign-in", "email", email, "password", password), "/dashboard/")
	return b
}
