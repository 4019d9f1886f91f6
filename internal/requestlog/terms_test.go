package requestlog

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

func TestTerms(t *testing.T) {
	t.Parallel()
	e := store.LogEntry{
		Method: "POST", Status: 402, Operation: "PostPaymentIntents", KeyID: "key_1", IP: "::1", Version: "v1", ErrorCode: "card_declined",
		UserAgent: "Stripe/v1 NodeBindings/18.0", Idempotency: "abc", Path: "/v1/coupons/SUMMER/x", ObjectID: "pi_1",
		Query: "customer=cus_NffrFeUfNV2Hib&payment_method_types[]=card", Params: "a=b%5Fc&invoice=in_000000000000a1", Events: []string{"evt_1"},
	}
	var got []string
	for term := range Terms(&e) {
		got = append(got, term.Field+":"+term.Value)
	}
	slices.Sort(got)
	want := "code:card_declined idempotency:abc ip:::1 key:key_1 method:POST object:SUMMER object:cus_NffrFeUfNV2Hib object:evt_1 " +
		"object:in_000000000000a1 object:pi_1 object:x operation:PostPaymentIntents path:/v1 path:/v1/coupons path:/v1/coupons/SUMMER " +
		"path:/v1/coupons/SUMMER/x source:stripe-node status:402 status:4xx version:v1"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestSourceOf(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{"": "other", "curl/8.5.0": "curl", "Stripe/v1 PythonBindings/12": "stripe-python", DashboardAgent: "dashboard", "x curl/": "other"} {
		if got := SourceOf(agent); got != want || !slices.Contains(Sources(), got) {
			t.Errorf("%q: got %s, want %s", agent, got, want)
		}
	}
}
