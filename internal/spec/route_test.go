package spec

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryOperationMatchesItsPath(t *testing.T) {
	t.Parallel()
	for _, op := range Operations() {
		path := op.Path
		var want []string
		for _, name := range op.PathParams {
			id := name + "_1NffrFeUfNV2Hib"
			want = append(want, id)
			path = strings.Replace(path, "{"+name+"}", id, 1)
		}
		got, params, found := Match(op.Method, path)
		if !found || got != op {
			t.Errorf("%s %s: matched %+v", op.Method, path, got)
			continue
		}
		if d := cmp.Diff(want, append([]string(nil), params.Values()...)); d != "" {
			t.Errorf("%s %s (-want +got):\n%s", op.Method, path, d)
		}
		if !slices.Contains(Allowed(path), op.Method) {
			t.Errorf("%s is not allowed %s", path, op.Method)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path string
		id           string // of the operation; empty when none matches
		params       []string
	}{
		{"GET", "/v1/customers", "GetCustomers", nil},
		{"GET", "/v1/customers/search", "GetCustomersSearch", nil},
		{"GET", "/v1/customers/cus_1", "GetCustomersCustomer", []string{"cus_1"}},
		{"GET", "/v1/credit_notes/preview/lines", "GetCreditNotesPreviewLines", nil},
		// A literal that leads nowhere is taken back.
		{"POST", "/v1/customers/search", "PostCustomersCustomer", []string{"search"}},
		{"POST", "/v1/credit_notes/preview/void", "PostCreditNotesIdVoid", []string{"preview"}},
		// Parameters are unescaped, each by itself.
		{"GET", "/v1/coupons/25%25OFF", "GetCouponsCoupon", []string{"25%OFF"}},
		{"GET", "/v1/coupons/a%2Fb", "GetCouponsCoupon", []string{"a/b"}},
		{"GET", "/v1/coupons/a+b", "GetCouponsCoupon", []string{"a+b"}},
		{"GET", "/v1/coupons/%C3%A4", "GetCouponsCoupon", []string{"ä"}},
		{"GET", "/v1/coupons/ä", "GetCouponsCoupon", []string{"ä"}},
		{"GET", "/v1/coupons/a?b", "GetCouponsCoupon", []string{"a?b"}},
		{"GET", "/v1/c%75stomers/cus_1", "GetCustomersCustomer", []string{"cus_1"}},
		{"GET", "/v1%2Fcustomers/cus_1", "", nil},
		{"GET", "/v1/customers%2Fcus_1", "", nil},
		// Nothing that could be read in two ways.
		{"GET", "/v1/customers/", "", nil},
		{"GET", "/v1/customers//", "", nil},
		{"GET", "/v1//customers", "", nil},
		{"GET", "//v1/customers", "", nil},
		{"GET", "/v1/customers/cus_1/", "", nil},
		{"GET", "/v1/customers//sources", "", nil},
		{"GET", "/v1/customers/..", "", nil},
		{"GET", "/v1/customers/.", "", nil},
		{"GET", "/v1/customers/%2e%2E", "", nil},
		{"GET", "/v1/charges/../customers", "", nil},
		{"GET", "/v1/customers/...", "GetCustomersCustomer", []string{"..."}},
		{"GET", "/v1/customers/a%00b", "", nil},
		{"GET", "/v1/customers/a\x00b", "", nil},
		{"GET", "/v1/customers/a%0Ab", "", nil},
		{"GET", "/v1/customers/a%7Fb", "", nil},
		{"GET", "/v1/customers/%C2%80", "", nil},
		{"GET", "/v1/customers/%FF", "", nil},
		{"GET", "/v1/customers/\xff", "", nil},
		{"GET", "/v1/customers/%", "", nil},
		{"GET", "/v1/customers/%2", "", nil},
		{"GET", "/v1/customers/%zz", "", nil},
		{"GET", "/v1/customers/" + strings.Repeat("a", 5000), "GetCustomersCustomer", []string{strings.Repeat("a", 5000)}},
		{"GET", "/v1/customers/" + strings.Repeat("a", maxPath), "", nil},
		{"GET", strings.Repeat("/v1", maxPath/3), "", nil},
		{"GET", "", "", nil},
		{"GET", "/", "", nil},
		{"GET", "/v1", "", nil},
		{"GET", "/v1/", "", nil},
		{"GET", "v1/customers", "", nil},
		{"GET", "*", "", nil},
		{"GET", "/v1/Customers", "", nil},
		{"GET", "/v1/customers/{customer}", "GetCustomersCustomer", []string{"{customer}"}},
		{"GET", "/v2/core/accounts", "", nil},
		{"PUT", "/v1/customers", "", nil},
		{"get", "/v1/customers", "", nil},
		{"", "/v1/customers", "", nil},
		{"DELETE", "/v1/customers", "", nil},
	} {
		op, params, found := Match(c.method, c.path)
		id := ""
		if op != nil {
			id = op.ID
		}
		if id != c.id || found != (op != nil) || !slices.Equal(params.Values(), c.params) {
			t.Errorf("%s %.80q: matched %q %.80q, want %q %.80q", c.method, c.path, id, params.Values(), c.id, c.params)
		}
		if params.Len() != len(c.params) || params.Len() > 0 && params.At(0) != c.params[0] {
			t.Errorf("%s %.80q: Len and At do not agree with Values", c.method, c.path)
		}
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/v1/customers":         {"GET", "POST"},
		"/v1/customers/cus_1":   {"GET", "POST", "DELETE"},
		"/v1/invoices/in_1/pay": {"POST"},
		"/v1/balance":           {"GET"},
		"/v1/customers/":        nil,
		"/v1/nothing":           nil,
		"":                      nil,
	} {
		if got := Allowed(path); !slices.Equal(got, want) {
			t.Errorf("Allowed(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		_, params, found := Match("GET", "/v1/customers/cus_NffrFeUfNV2Hib/sources/card_1MvoiELkdIwHu7ixOeFGbN9D")
		if !found || params.Len() != 2 {
			t.Error("no match")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever matches does so because its segments, unescaped, are those of the operation's path.
func FuzzMatch(f *testing.F) {
	for _, path := range []string{
		"/v1/customers", "/v1/customers/cus_1/sources/card_1", "/v1/coupons/a%2Fb", "/v1/customers/../x", "/v1//%00/", "%", "/v1/credit_notes/preview/void",
	} {
		f.Add("GET", path)
		f.Add("POST", path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		op, params, found := Match(method, path)
		if found != slices.Contains(Allowed(path), method) {
			t.Fatalf("Match says %t, Allowed says otherwise", found)
		}
		if !found {
			return
		}
		template, segments := strings.Split(op.Path, "/"), strings.Split(path, "/")
		if op.Method != method || len(template) != len(segments) || params.Len() != len(op.PathParams) {
			t.Fatalf("%s %q matched %s %s with %q", method, path, op.Method, op.Path, params.Values())
		}
		n := 0
		for i, segment := range segments {
			text, err := url.PathUnescape(segment)
			if err != nil {
				t.Fatalf("%q matched with a wrong escape", path)
			}
			want := template[i]
			if strings.HasPrefix(want, "{") {
				want = params.At(n)
				n++
			}
			if text != want || strings.ContainsRune(text, 0) || text == ".." || text == "" && i > 0 {
				t.Fatalf("%q matched %s with %q", path, op.Path, params.Values())
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	for _, c := range []struct{ name, method, path string }{
		{"list", "GET", "/v1/customers"},
		{"retrieve", "GET", "/v1/customers/cus_NffrFeUfNV2Hib"},
		{"action", "POST", "/v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa/confirm"},
		{"deep", "GET", "/v1/customers/cus_NffrFeUfNV2Hib/subscriptions/sub_1MowQVLkdIwHu7ixeRlqHVzs/discount"},
		{"unknown", "GET", "/v1/nothing/cus_NffrFeUfNV2Hib"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Match(c.method, c.path)
			}
		})
	}
}
