package resource

import (
	"strings"
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

var testFields = map[string]SearchField{
	"email": SearchString, "name": SearchString, "created": SearchNumber, "amount": SearchNumber,
	"metadata": SearchMetadata, "status": SearchToken,
}

func TestSearchMatches(t *testing.T) {
	t.Parallel()
	o, err := object.Parse([]byte(`{"email":"Jenny.Rosen@example.com","name":"Jenny van der Rosen","created":100,"amount":1500,
		"metadata":{"order_id":"6735","color":"red"},"status":"open"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]bool{
		`email:"jenny.rosen@example.com"`: true,
		`email:"jenny.rosen@example.org"`: false,
		`email~"rosen@"`:                  true,
		`email~"ROSEN@EX"`:                true,
		`name:"jenny rosen"`:              true,
		`name:"rosen jenny"`:              false,
		`name:"jen"`:                      false,
		`-name:"jenny"`:                   false,
		`created>99`:                      true,
		`created>=100`:                    true,
		`created<100`:                     false,
		`created<='100'`:                  true,
		`amount:1500`:                     true,
		`amount:1500.0`:                   true,
		`metadata["order_id"]:"6735"`:     true,
		`metadata['order_id']:'6735'`:     true,
		`metadata["order_id"]:null`:       false,
		`-metadata["missing"]:null`:       false,
		`metadata["missing"]:null`:        true,
		`status:"open" AND amount>1000`:   true,
		`status:'open' amount>2000`:       false,
		`status:"paid" OR amount:1500`:    true,
		`status:"paid" or amount:1`:       false,
		`status:"OPEN"`:                   true,
		`status:open`:                     true,
		`name:"van der" and -status:"paid" and amount<2000`: true,
		`email:"jenny\.rosen@example.com"`:                  true,
	} {
		q, err := parseSearch(query, testFields)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got := q.matches(o); got != want {
			t.Errorf("%s = %v, want %v", query, got, want)
		}
		if want && !qualifies(q.terms(), documentTerms(o, testFields, nil)) {
			t.Errorf("%s matches, but its terms %v would never find the document", query, q.terms())
		}
	}
}

// qualifies is the promise of an index: all terms of one of the lists.
func qualifies(lists [][]string, terms []string) bool {
	has := map[string]bool{}
	for _, t := range terms {
		has[t] = true
	}
	for _, list := range lists {
		all := true
		for _, t := range list {
			all = all && has[t]
		}
		if all {
			return true
		}
	}
	return len(lists) == 0
}

func TestSearchErrors(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		``:                                   "empty",
		`nope:"x"`:                           `"nope" is not a field`,
		`email`:                              "needs an operator",
		`email:`:                             "has no value",
		`email:"x`:                           "not closed",
		`email:x`:                            "in quotation marks",
		`email~"ab"`:                         "at least 3 characters",
		`email>"x"`:                          "does not support the > operator",
		`created:"x"`:                        "not a number",
		`created~100`:                        "does not support the ~ operator",
		`status~"ope"`:                       "does not support the ~ operator",
		`metadata:"x"`:                       "metadata needs a key",
		`metadata[x]:"y"`:                    "quoted key",
		`status>null`:                        "null can only",
		`status:"a" AND amount:1 OR name:""`: "cannot be combined",
		strings.Repeat(`amount:1 `, 11):      "more than 10 clauses",
		"status:\xff":                        "not valid UTF-8",
	} {
		_, err := parseSearch(query, testFields)
		api := apierr.As(err)
		if api == nil || !strings.Contains(api.Message, want) || api.Param != "query" || api.Status != 400 {
			t.Errorf("%q: %v, want a 400 that says %q", query, err, want)
		}
	}
}

// FuzzSearch holds the parser to its word: it never panics, and what matches is always found by its terms.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{`email:"a b" AND -amount>3`, `metadata["k"]:'v' OR name~"abc"`, `created>=1 created<2`, `"`, `-:`, "metadata[\"\\"} {
		f.Add(seed, `{"email":"a b","amount":3,"metadata":{"k":"v"},"name":"xabcx"}`)
	}
	f.Fuzz(func(t *testing.T, query, doc string) {
		q, err := parseSearch(query, testFields)
		if err != nil {
			if apierr.As(err) == nil {
				t.Fatalf("%q: %v is no API error", query, err)
			}
			return
		}
		o, err := object.Parse([]byte(doc), nil)
		if err != nil {
			return
		}
		if q.matches(o) && !qualifies(q.terms(), documentTerms(o, testFields, nil)) {
			t.Fatalf("%q matches %s, but its terms %q do not find it in %q", query, doc, q.terms(), documentTerms(o, testFields, nil))
		}
	})
}
