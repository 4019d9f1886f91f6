package billing_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// names are the names of what a search found, newest first.
func names(found *object.Object) string {
	var out []string
	for _, v := range found.Array("data") {
		out = append(out, v.(*object.Object).String("name"))
	}
	return strings.Join(out, " ")
}

func TestSearchCustomers(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for i, c := range []string{
		"name=Ann email=ann.lee@example.com metadata[plan]=pro metadata[seats]=3",
		"name=Bob email=bob@example.org phone=+15550100 metadata[plan]=Free",
		"name=Jean-Luc+van+Damme metadata[note]=says+\"hi\"",
		"name=Dora email=dora@Example.COM",
	} {
		if i > 0 {
			s.Clock.Advance(60e9)
		}
		s.Post("/v1/customers", form(c)...).OK()
	}
	for query, want := range map[string]string{
		`name:"ann"`:                                "Ann",
		`name:'Ann'`:                                "Ann",
		`email:"ann.lee@example.com"`:               "Ann",
		`email:"ann lee example com"`:               "Ann",
		`email:"example com"`:                       "Dora Ann",
		`email~"EXAMPLE."`:                          "Dora Bob Ann",
		`email~"ee@ex"`:                             "Ann",
		`name:"Jean Damme"`:                         "Jean-Luc van Damme",
		`name:"Damme Jean"`:                         "",
		`name~"van D"`:                              "Jean-Luc van Damme",
		`email:null`:                                "Jean-Luc van Damme",
		`-email:null`:                               "Dora Bob Ann",
		`phone:null -name:"ann"`:                    "Dora Jean-Luc van Damme",
		`created=1788264000`:                        "Ann",
		`created>1788264000`:                        "Dora Jean-Luc van Damme Bob",
		`created>=1788264120`:                       "Dora Jean-Luc van Damme",
		`created<1788264060`:                        "Ann",
		`created<='1788264060'`:                     "Bob Ann",
		`created>1788264000 created<1788264120`:     "Bob",
		`created:1788264060.0`:                      "Bob",
		`metadata["plan"]:"pro"`:                    "Ann",
		`metadata['plan']:'FREE'`:                   "Bob",
		`-metadata["plan"]:"pro"`:                   "Dora Jean-Luc van Damme Bob",
		`metadata["plan"]:null`:                     "Dora Jean-Luc van Damme",
		`-metadata["plan"]:null`:                    "Bob Ann",
		`metadata["note"]:"says \"hi\""`:            "Jean-Luc van Damme",
		`name:"ann" OR name:"dora"`:                 "Dora Ann",
		`name:"ann" or metadata["plan"]:"free"`:     "Bob Ann",
		`email~"example" AND -name:"bob"`:           "Dora Ann",
		`email~"example" and metadata["seats"]:"3"`: "Ann",
		`name:"nobody"`:                             "",
	} {
		if got := names(s.Get("/v1/customers/search", "query", query).OK()); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{
		"", "name", `name:`, `name:"open`, `name:bare`, `nickname:"x"`, `name>"a"`, `name~"ab"`, `created~"17"`, `created>soon`, `metadata:"x"`, `metadata[plan]:"x"`,
		`metadata["plan"]~"pro"`, `name:"a" AND name:"b" OR name:"c"`, `name:"a" name:"b" OR name:"c"`, `(name:"a")`, `email>null`, strings.Repeat(`name:"a" `, 11),
	} {
		if a := s.Get("/v1/customers/search", "query", query); a.Status != 400 {
			t.Errorf("%q is accepted", query)
		}
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for range 25 {
		s.Post("/v1/products", "name", "Thing", "metadata[a]", "b").OK()
	}
	s.Post("/v1/products", "name", "Other").OK()
	want := s.Get("/v1/products", "limit", "100").IDs()[1:]
	var got []string
	page := ""
	for range 3 {
		query := []string{"query", `name:"thing" metadata["a"]:"b"`, "limit", "10", "expand[]", "total_count"}
		if page != "" {
			query = append(query, "page", page)
		}
		a := s.Get("/v1/products/search", query...)
		found := a.OK()
		wantFields(t, found, map[string]any{"object": "search_result", "url": "/v1/products/search", "total_count": 25, "has_more": found.Get("next_page") != nil})
		got, page = append(got, a.IDs()...), found.String("next_page")
	}
	if page != "" {
		t.Errorf("there is a fourth page, %q", page)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %q, want %q", got, want)
	}
	if found := s.Get("/v1/products/search", "query", `name:"thing"`).OK(); found.Has("total_count") || len(found.Array("data")) != 10 {
		t.Errorf("without parameters a search has ten items and no total_count, not %d", len(found.Array("data")))
	}
	for name, value := range map[string]string{"page": "nonsense", "limit": "101", "expand[]": "data.name"} {
		if a := s.Get("/v1/products/search", "query", `name:"thing"`, name, value); a.Status != 400 {
			t.Errorf("%s=%s is accepted", name, value)
		}
	}
}

// What a search finds follows what is written: at once, and not one object longer.
func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/products", "name", "Blue lamp", "shippable", "true").OK().ID()
	find := func(query string) int { return len(s.Get("/v1/products/search", "query", query).IDs()) }
	count := func(want int, query string) {
		t.Helper()
		if got := find(query); got != want {
			t.Errorf("%s finds %d, want %d", query, got, want)
		}
	}
	count(1, `name:"lamp" active:"true" shippable:'true'`)
	s.Post("/v1/products/"+id, "name", "Red chair", "active", "false").OK()
	count(0, `name:"lamp"`)
	count(1, `name:"chair" active:"false"`)
	s.Delete("/v1/products/" + id).OK()
	count(0, `name:"chair"`)
}

// Each of the seven kinds that can be searched can be searched by each of its fields.
func TestSearchFields(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	searched := map[string]bool{}
	for _, r := range billing.Rules() {
		if r.Search == nil {
			continue
		}
		searched[r.Object] = true
		for _, field := range slices.Sorted(maps.Keys(r.Search)) {
			query := "-" + field + ":null"
			if field == "metadata" {
				query = `-metadata["a"]:null`
			}
			s.Get("/v1/"+r.Object+"s/search", "query", query).OK()
		}
	}
	for _, op := range spec.Operations() {
		if op.Class == spec.Search && !searched[op.Kind] {
			t.Errorf("%s cannot be searched", op.Kind)
		}
	}
	if len(searched) != 7 {
		t.Errorf("%d kinds can be searched, want 7", len(searched))
	}
}

// The state of a charge has three values, and the fields of its card are deep in it.
func TestSearchCharges(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := func(amount string) string {
		return s.Post("/v1/charges", "amount", amount, "currency", "usd", "source", "tok_visa").OK().ID()
	}
	whole, part, none := charge("1000"), charge("2000"), charge("3000")
	s.Post("/v1/refunds", "charge", whole).OK()
	s.Post("/v1/refunds", "charge", part, "amount", "500").OK()
	for query, want := range map[string][]string{
		`refunded:"true"`: {whole}, `refunded:"false"`: {part}, `refunded:null`: {none}, `amount>1000 amount<3000`: {part},
		`payment_method_details.card.last4:"4242" -refunded:null`: {part, whole}, `payment_method_details.card.brand:"visa" amount:3000`: {none},
		`status:"failed"`: {}, `currency:"usd" disputed:"false"`: {none, part, whole},
	} {
		if got := s.Get("/v1/charges/search", "query", query).IDs(); !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}
