package server_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// malformed is a request that is wrong in some way, as the bytes that are sent.
type malformed struct {
	name string
	// request has KEY where the key belongs.
	request string
}

// post is a form sent to a path with a right length.
func post(path, contentType, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, contentType, len(body), body)
}

func get(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n"
}

const form = "application/x-www-form-urlencoded"

// malformedRequests are more than 200 requests that must each be answered with a 4xx.
func malformedRequests() []malformed {
	var all []malformed
	add := func(name, request string) { all = append(all, malformed{name, request}) }
	for i, path := range badPaths() {
		add(fmt.Sprintf("path %d: %.40q", i, path), get(path))
	}
	for i, body := range badForms() {
		add(fmt.Sprintf("form %d: %.40q", i, body), post("/v1/customers", form, body))
	}
	for i, query := range badQueries() {
		add(fmt.Sprintf("query %d: %.40q", i, query), get("/v1/customers?"+query))
		add(fmt.Sprintf("search %d: %.40q", i, query), get("/v1/customers/search?"+query))
	}
	for i, params := range wrongTypes() {
		add(fmt.Sprintf("type %d: %.60q", i, params[1]), post(params[0], form, params[1]))
	}
	for i, head := range badHeads() {
		add(fmt.Sprintf("head %d: %.40q", i, head), head)
	}
	for i, body := range badUploads() {
		add(fmt.Sprintf("upload %d: %.40q", i, body), post("/v1/files", "multipart/form-data; boundary=b", body))
	}
	for i, contentType := range []string{"application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "garbage; =", "application/x-www-form-urlencoded; charset", "\xff\xfe"} {
		add(fmt.Sprintf("content type %d", i), post("/v1/customers", contentType, `{"email":`+strings.Repeat("[", 50)))
		add(fmt.Sprintf("content type %d of an upload", i), post("/v1/files", contentType, "--x\r\n\r\n"))
	}
	return all
}

func badPaths() []string {
	paths := []string{
		"/", "//", "/v1", "/v1/", "/v1//customers", "//v1/customers", "/v1/customers/", "/v1/customers//", "/V1/customers", "/v1/Customers",
		"/v1/customers/..", "/v1/customers/.", "/v1/customers/../customers", "/v1/customers/%2e%2e", "/v1/customers/%2E%2E%2F%2e%2e%2fetc%2fpasswd",
		"/v1/customers/%00", "/v1/customers/cus_%00x", "/v1/customers/%0a", "/v1/customers/%0d%0aSet-Cookie:x", "/v1/customers/%7f", "/v1/customers/%ff", "/v1/customers/%c3%28",
		"/v1/customers/%", "/v1/customers/%z", "/v1/customers/%zz", "/v1/customers/%u0041", "/v1/customers/\\..\\x", "/v1/customers/cus_1;a=b", "/v1/customers/cus_1/", "/v1/customers/cus_1/unknown",
		"/v1/customers/*", "/v1/customers/{customer}", "/v1/customers/%20", "/v1/customers/cus%5f1/..%2f", "/v1/customers/\xff\xfe", "/v1/customers/ä",
		"http://evil.example/v1/nothing", "http://", "*", "v1/customers", "?", "/?", "/v1/customers#fragment/..",
		"/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/v1/invoices/in_1/lines/il_1/more/and/more", "/.git/config", "/v1/files/..%2f..%2fsharesmart.db/contents",
		"/" + strings.Repeat("a/", 2000), "/v1/customers/" + strings.Repeat("x", 20_000), "/v1/customers/" + strings.Repeat("%41", 8_000), "/v1/customers/" + strings.Repeat("../", 500),
	}
	return append(paths, "/v1/customers/cus_none", "/v1/charges/ch_'; DROP TABLE objects;--", "/v1/customers/cus_%27%20OR%201%3D1")
}

func badForms() []string {
	forms := []string{
		"%", "%zz=1", "email=%zz", "email=%", "email=%4", "=", "=1", "&=&", "[]=1", "[a]=1", "a]=1", "a[=1", "a]b[=1", "metadata[=1", "metadata]=1", "metadata[a=1", "metadata[a]b=1",
		"metadata[a][b]=1", "metadata[a]b]=1", "metadata[]=1", "metadata=text", "metadata[a]=1&metadata=2", "metadata[" + strings.Repeat("k", 41) + "]=1", "metadata[k]=" + strings.Repeat("v", 501),
		"unknown=1", "email[]=1", "email[a]=1", "email=a&email[b]=c", "name=" + strings.Repeat("n", 6000), "\xff=1", "email=\xff", "email=%ff%fe", "email=%00", "%00=1", "email=a%00b",
		"address=text", "address[unknown]=1", "address[city][x]=1", "address[]=1", "address[0][city]=1", "shipping[name]=x", "balance=ten", "balance=1.5", "balance=99999999999999999999", "balance=0x10", "balance=1e3", "balance=", "balance[]=1",
		"expand=x", "expand[]=nothing", "expand[]=a.b.c.d.e", "expand[a]=b", "expand[][]=x", "expand[0][1]=x", "preferred_locales=de", "preferred_locales[a]=de",
		"tax_exempt=perhaps", "tax_id_data=1", "tax_id_data[x][type]=eu_vat",
		"invoice_settings[footer][x]=1", "invoice_settings=x", "preferred_locales[0]=de&preferred_locales[][a]=x",
		strings.Repeat("a[", 600) + "=1", "a" + strings.Repeat("[b]", 600) + "=1", "metadata" + strings.Repeat("[b]", 5000) + "=1", strings.Repeat("[", 5000), strings.Repeat("]", 5000), strings.Repeat("&", 5000) + "x",
		`{"email":"a@b.c"}`, "<xml/>", "--boundary", "\x00\x01\x02\x03", "\x1f\x8b\x08\x00\x00", strings.Repeat("\xf0", 100), "a;b;c", "email=a;name=b&x",
	}
	var keys strings.Builder
	for i := range 60 {
		fmt.Fprintf(&keys, "metadata[k%d]=v&", i)
	}
	return append(forms, keys.String(), strings.Repeat("nothing=1&", 50_000))
}

func badQueries() []string {
	return []string{
		"limit=0", "limit=101", "limit=-1", "limit=ten", "limit=1.0", "limit=", "limit[]=1", "limit=99999999999999999999", "limit=%ff", "starting_after=cus_none", "ending_before=cus_none",
		"starting_after=a&ending_before=b", "starting_after[]=a", "created=yesterday", "created[x]=1", "created[gte]=a", "created[gte][x]=1", "created[]=1", "%zz", "email=%zz", "unknown=1",
		"expand[]=data.nothing", "expand=x", "query=", "query=email", "query=email:", "query=email:'a", "query=(email:'a')", "query=nothing:'a'", "query=email>5", "query=%ff", "query=" + strings.Repeat("a", 5000),
		"page=nonsense&query=email:'a'", "query[]=a", "query=email:'a'%20AND%20name:'b'%20OR%20phone:'c'",
	}
}

// wrongTypes are paths and forms that the spec's types refuse.
func wrongTypes() [][2]string {
	return [][2]string{
		{"/v1/charges", "amount=ten&currency=usd"}, {"/v1/charges", "amount=-&currency=usd"}, {"/v1/charges", "amount[0]=1&currency=usd"}, {"/v1/charges", "amount=1&currency=usd&capture=maybe"},
		{"/v1/payment_intents", "amount=100"}, {"/v1/payment_intents", "currency=usd"}, {"/v1/payment_intents", "amount=100&currency=usd&payment_method_types=card"},
		{"/v1/payment_intents", "amount=100&currency=usd&confirm=1"}, {"/v1/payment_intents", "amount=100&currency=usd&capture_method=later"},
		{"/v1/payment_intents", "amount=1e2&currency=usd"}, {"/v1/payment_intents", "amount=100.0&currency=usd"}, {"/v1/payment_intents", "amount=NaN&currency=usd"},
		{"/v1/prices", "currency=usd&unit_amount=x&product=p"}, {"/v1/prices", "currency=usd&recurring=month"}, {"/v1/prices", "currency=usd&recurring[interval]=fortnight"},
		{"/v1/prices", "currency=usd&tiers[0]=1"}, {"/v1/products", ""}, {"/v1/products", "name[]=x"}, {"/v1/products", "name=x&active=yes"}, {"/v1/products", "name=x&images=x"},
		{"/v1/subscriptions", "customer[]=x"}, {"/v1/subscriptions", "customer=cus_none&items=1"}, {"/v1/subscriptions", "customer=cus_none&items[a][price]=1"},
		{"/v1/coupons", "percent_off=all&duration=once"}, {"/v1/invoices", "customer=cus_none"}, {"/v1/invoices", "auto_advance=2"},
		{"/v1/invoiceitems", "period=x&customer=cus_none"}, {"/v1/refunds", "charge=ch_none"}, {"/v1/refunds", "amount=x"}, {"/v1/tax_rates", "display_name=x&inclusive=no&percentage=1"},
		{"/v1/webhook_endpoints", "url=x"}, {"/v1/webhook_endpoints", "enabled_events=charge.succeeded&url=https://x.test"}, {"/v1/webhook_endpoints", "enabled_events[x]=a&url=https://x.test"},
		{"/v1/checkout/sessions", "mode=payment&line_items=x"}, {"/v1/test_helpers/test_clocks", "frozen_time=now-ish"}, {"/v1/customers/cus_none", "email=x"}, {"/v1/customers/cus_none/sources", "source=tok_none"},
	}
}

// badHeads are not requests of HTTP/1.1, or are ones with headers that cannot be.
func badHeads() []string {
	ok := "Host: x\r\nAuthorization: Bearer KEY\r\n"
	return []string{
		"nonsense\r\n\r\n", "GET\r\n\r\n", "GET /v1/customers\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "GET /v1/customers HTTP/9.9\r\n" + ok + "\r\n", "GET /v1/customers HTTP/1.1\r\nAuthorization: Bearer KEY\r\n\r\n",
		"GET /v1/customers HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "GET /v1/customers HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /v1/customers HTTP/1.1\r\n" + ok + "Bad Header: x\r\n\r\n", "GET /v1/customers HTTP/1.1\r\n" + ok + ": x\r\n\r\n",
		"GET /v1/customers HTTP/1.1\r\n" + ok + "X-Y: a\x00b\r\n\r\n", "GET /v1/customers HTTP/1.1\r\n" + ok + "X-Long: " + strings.Repeat("x", 200_000) + "\r\n\r\n",
		"GET /v1/customers HTTP/1.1\r\n" + ok + strings.Repeat("X-Many: x\r\n", 20_000) + "\r\n", "G@T /v1/customers HTTP/1.1\r\n" + ok + "\r\n", "PATCH /v1/customers HTTP/1.1\r\n" + ok + "\r\n", "TRACE / HTTP/1.1\r\n" + ok + "\r\n",
		"CONNECT evil.example:443 HTTP/1.1\r\n" + ok + "\r\n", "POST /v1/customers HTTP/1.1\r\n" + ok + "Content-Length: -1\r\n\r\n", "POST /v1/customers HTTP/1.1\r\n" + ok + "Content-Length: many\r\n\r\n",
		"POST /v1/customers HTTP/1.1\r\n" + ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "POST /v1/customers HTTP/1.1\r\n" + ok + "Content-Length: 99999999\r\n\r\nabc", "POST /v1/customers HTTP/1.1\r\n" + ok + "Content-Length: 99999999999999999999\r\n\r\nabc",
		"POST /v1/customers HTTP/1.1\r\n" + ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", "POST /v1/customers HTTP/1.1\r\n" + ok + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
		"POST /v1/customers HTTP/1.1\r\n" + ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "POST /v1/customers HTTP/1.1\r\n" + ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("ffff\r\n"+strings.Repeat("a", 0xffff)+"\r\n", 20) + "0\r\n\r\n",
		"GET /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\xfd\r\n\r\n", "GET /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + strings.Repeat("A", 5000) + "\r\n\r\n",
		"GET /v1/customers HTTP/1.1\r\n" + ok + "Stripe-Version: \xff\r\n\r\n", "GET /v1/customers HTTP/1.1\r\n" + ok + "Stripe-Account: ../../x\r\n\r\n", "GET /v1/customers HTTP/1.1\r\n" + ok + "Stripe-Account: " + strings.Repeat("a", 3000) + "\r\n\r\n",
		"POST /v1/customers HTTP/1.1\r\n" + ok + "Idempotency-Key: " + strings.Repeat("k", 256) + "\r\nContent-Length: 0\r\n\r\n", "POST /v1/customers HTTP/1.1\r\n" + ok + "Expect: the-spanish-inquisition\r\nContent-Length: 0\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
	}
}

func badUploads() []string {
	part := func(headers, data string) string { return "--b\r\n" + headers + "\r\n\r\n" + data + "\r\n" }
	return []string{
		"", "x", "--b", "--b--", "--b--\r\n", "--b\r\n", "--b\r\n\r\n", "--c\r\n\r\nx\r\n--c--", part("Content-Disposition: form-data", "x") + "--b--", part("Content-Disposition: form-data; name=\"purpose\"", "nonsense") + "--b--",
		part("Content-Disposition: form-data; name=\"purpose\"", "dispute_evidence") + "--b--", part("Content-Disposition: form-data; name=\"file\"; filename=\"a\"", "x") + "--b--", part("Content-Disposition: form-data; name=\"unknown\"", "x") + "--b--",
		part("Content-Disposition: form-data; name=\"purpose\"", "\xff\xfe") + "--b--", part(strings.Repeat("X: y\r\n", 20_000)+"X: y", "x") + "--b--", strings.Repeat(part("Content-Disposition: form-data; name=\"purpose\"", "x"), 5000) + "--b--",
	}
}

// TestMalformedRequests sends each and expects an error in the API's form. The server must not log a fault of its own.
func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	before := s.Get("/v1/customers").IDs()
	all := malformedRequests()
	if len(all) < 200 {
		t.Fatalf("there are only %d malformed requests", len(all))
	}
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			status, header, body := talk(t, conn, strings.ReplaceAll(m.request, "KEY", s.Key))
			if !strings.HasPrefix(status, "HTTP/1.1 4") {
				t.Errorf("answered %s\n%.500s", status, body)
				return
			}
			o, err := object.Parse([]byte(body), nil)
			if err != nil || o.Object("error") == nil || o.Object("error").String("type") == "" || o.Object("error").String("message") == "" {
				t.Errorf("%s is not an error in the API's form: %.500s (%v)", status, body, err)
			}
			if !strings.Contains(header, "Request-Id: req_") || bytes.Contains([]byte(body), []byte(s.Key)) {
				t.Errorf("headers are %s", header)
			}
		})
	}
	if after := s.Get("/v1/customers").IDs(); len(after) != len(before) {
		t.Errorf("malformed requests made %d customers", len(after)-len(before))
	}
}
