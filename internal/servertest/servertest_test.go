package servertest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
)

// judge is a test that only notes that it failed.
type judge struct {
	testing.TB
	verdict string
}

func (j *judge) Fatalf(format string, args ...any) {
	j.verdict = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

type engineFunc func(ctx context.Context, r *resource.Request) (*resource.Answer, error)

func (f engineFunc) Serve(ctx context.Context, r *resource.Request) (*resource.Answer, error) {
	return f(ctx, r)
}

func (f engineFunc) Fetch(context.Context, *access.Namespace, *access.Namespace) func(string, ...string) ([]byte, error) {
	return nil
}

func (f engineFunc) Call(context.Context, *access.Namespace, func(*resource.Op) error) (*object.Object, error) {
	return nil, errors.New("no rule runs here")
}

// TestAnswersAreChecked makes a server say what SDKs do not expect; each must fail the test that asked.
func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	const customer = `{"id":"cus_1","object":"customer","created":1,"livemode":false`
	for _, test := range []struct {
		name   string
		path   string
		status int
		body   string
		want   string // in the verdict; empty if the answer is right
	}{
		{"right", "/v1/customers/cus_1", 200, customer + `,"description":null,"email":null,"name":null,"default_source":null,"shipping":null}`, ""},
		{"field missing", "/v1/customers/cus_1", 200, `{"id":"cus_1","object":"customer"}`, "does not fit the spec of GetCustomersCustomer"},
		{"unknown field", "/v1/customers/cus_1", 200, customer + `,"colour":"red"}`, "does not fit the spec"},
		{"wrong type", "/v1/customers/cus_1", 200, strings.Replace(customer, `"created":1`, `"created":"1"`, 1) + "}", "does not fit the spec"},
		{"no JSON", "/v1/customers/cus_1", 200, customer, "no JSON"},
		{"array for an object", "/v1/customers/cus_1", 200, "[]", "does not fit the spec"},
		{"error without a name", "/v1/customers/cus_1", 400, `{"message":"x"}`, "one object named error"},
		{"unknown type of error", "/v1/customers/cus_1", 400, `{"error":{"type":"oops","message":"x"}}`, `type "oops"`},
		{"silent error", "/v1/customers/cus_1", 400, `{"error":{"type":"api_error"}}`, "no message"},
		{"code without doc_url", "/v1/customers/cus_1", 404, `{"error":{"type":"invalid_request_error","code":"resource_missing","message":"x"}}`, "doc_url"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := &judge{TB: t}
			s := servertest.New(j, servertest.Engine(func(server.Engine) server.Engine {
				return engineFunc(func(context.Context, *resource.Request) (*resource.Answer, error) {
					return &resource.Answer{Status: test.status, Body: []byte(test.body)}, nil
				})
			}))
			done := make(chan struct{})
			go func() {
				defer close(done)
				s.Get(test.path)
			}()
			<-done
			if (j.verdict != "") != (test.want != "") || !strings.Contains(j.verdict, test.want) {
				t.Errorf("the verdict is %q, want %q in it", j.verdict, test.want)
			}
		})
	}
}

func TestHelpers(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.OnDisk())
	first := s.Post("/v1/customers", "email", "a&b@example.com", "metadata[x]", "y").OK()
	second := s.Post("/v1/customers").OK()
	if first.String("email") != "a&b@example.com" || first.Object("metadata").String("x") != "y" {
		t.Errorf("the form arrived as %v", first)
	}
	if got := s.Get("/v1/customers", "limit", "2").IDs(); len(got) != 2 || got[0] != second.ID() {
		t.Errorf("the list has %v", got)
	}
	if deleted := s.Delete("/v1/customers/" + first.ID()).OK(); !deleted.Bool("deleted") {
		t.Errorf("deleted %v", deleted)
	}
	s.Get("/v1/customers/cus_none").Fails(http.StatusNotFound, "resource_missing")
	var list struct{ Data []struct{ ID string } }
	s.Get("/v1/customers").Into(&list)
	if len(list.Data) != 1 || list.Data[0].ID != second.ID() {
		t.Errorf("decoded %+v", list)
	}
}
