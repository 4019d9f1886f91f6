package resource_test

import (
	"testing"

	"sharesmart/internal/resource"
)

// TestModelKeepsNobodysData makes models of documents and expects in them only what the spec itself says.
func TestModelKeepsNobodysData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, data, want string }{
		{
			"customer", `{"id": "cus_1", "object": "customer", "address": {"city": "Oslo", "country": null}, "balance": -700, "email": "jenny@example.com",
				"livemode": false, "metadata": {"ssn": "078-05-1120"}, "tax_exempt": "reverse"}`,
			"{\n  \"id\": \"\",\n  \"object\": \"customer\",\n  \"address\": {\n    \"city\": \"\",\n    \"country\": null\n  },\n  \"balance\": 0,\n" +
				"  \"email\": \"\",\n  \"livemode\": false,\n  \"metadata\": {},\n  \"tax_exempt\": \"reverse\"\n}",
		},
		{
			"payment_intent", `{"id": "pi_1", "object": "payment_intent", "payment_method_types": ["card", "jenny"], "status": "succeeded"}`,
			"{\n  \"id\": \"\",\n  \"object\": \"payment_intent\",\n  \"payment_method_types\": [\n    \"\",\n    \"\"\n  ],\n  \"status\": \"succeeded\"\n}",
		},
		{
			"event", "cus_1\t3\n" + `{"id": "evt_1", "object": "event", "data": {"object": {}, "previous_attributes": {"email": "jenny@example.com"}}, "type": "customer.updated"}`,
			"\n{\n  \"id\": \"\",\n  \"object\": \"event\",\n  \"data\": {\n    \"object\": {},\n    \"previous_attributes\": {}\n  },\n  \"type\": \"\"\n}",
		},
		{"private", `{"secret": "s"}`, ""},
		{"customer", `no document`, ""},
	} {
		if got := string(resource.Model(c.kind, []byte(c.data))); got != c.want {
			t.Errorf("the model of a %s is\n%s\nwant\n%s", c.kind, got, c.want)
		}
	}
}
