package resource_test

import (
	"bytes"
	"net/http"
	"sync"
	"testing"

	"sharesmart/internal/servertest"
)

func keyed(s *servertest.Server, key, path string, form ...string) *servertest.Answer {
	return s.Do(servertest.Request{Method: http.MethodPost, Path: path, Form: form, Header: http.Header{"Idempotency-Key": {key}}})
}

func TestReplay(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	first := keyed(s, "k", "/v1/customers", "name", "Jenny")
	first.OK()
	id := first.Object.ID()
	s.Post("/v1/customers/"+id, "name", "Jane").OK()
	again := keyed(s, "k", "/v1/customers", "name", "Jenny")
	if !bytes.Equal(first.Body, again.Body) {
		t.Errorf("the replay differs:\n%s", again.Body)
	}
	for name, want := range map[string]string{
		"Idempotent-Replayed": "true", "Original-Request": first.Header.Get("Request-Id"), "Idempotency-Key": "k",
	} {
		if got := again.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if first.Header.Get("Idempotent-Replayed") != "" || first.Header.Get("Original-Request") != first.Header.Get("Request-Id") {
		t.Errorf("headers of the first execution: %v", first.Header)
	}
	if again.Header.Get("Request-Id") == first.Header.Get("Request-Id") {
		t.Error("a replay has a request id of its own")
	}
	if n := len(s.Get("/v1/customers").IDs()); n != 1 {
		t.Errorf("%d customers, want 1", n)
	}
}

func TestReplayExpanded(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	product := s.Post("/v1/products", "name", "Pro").OK().ID()
	form := []string{"currency", "usd", "unit_amount", "900", "product", product, "expand[]", "product"}
	first := keyed(s, "k", "/v1/prices", form...)
	first.OK()
	s.Post("/v1/products/"+product, "name", "Other").OK()
	if again := keyed(s, "k", "/v1/prices", form...); !bytes.Equal(first.Body, again.Body) {
		t.Errorf("the replay differs:\n%s", again.Body)
	}
}

func TestMismatch(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	keyed(s, "k", "/v1/customers", "name", "Jenny").OK()
	for _, a := range []*servertest.Answer{
		keyed(s, "k", "/v1/customers", "name", "Jane"),
		keyed(s, "k", "/v1/products", "name", "Jenny"),
	} {
		if got := a.Fails(400, "").String("type"); got != "idempotency_error" {
			t.Errorf("type %q, want idempotency_error", got)
		}
	}
	s.Clock.Advance(1)
	if n := len(s.Get("/v1/products").IDs()); n != 0 {
		t.Errorf("%d products, want none", n)
	}
}

func TestKeptErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	// A parameter error is not kept: the same key may be used again, rightly.
	keyed(s, "v", "/v1/customers", "nope", "1").Fails(400, "parameter_unknown")
	keyed(s, "v", "/v1/customers", "name", "Jenny").OK()
	// An error of the operation is kept, to the byte, although the product exists now.
	form := []string{"currency", "usd", "unit_amount", "900", "product", "prod_later"}
	first := keyed(s, "e", "/v1/prices", form...)
	first.Fails(400, "resource_missing")
	s.Post("/v1/products", "id", "prod_later", "name", "Later").OK()
	again := keyed(s, "e", "/v1/prices", form...)
	if !bytes.Equal(first.Body, again.Body) || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the error was not replayed: %s\n%s", first.Body, again.Body)
	}
}

func TestKeysAreOfOneNamespace(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	test := keyed(s, "k", "/v1/customers").OK().ID()
	live := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: s.Account.LiveSecret.Secret, Header: http.Header{"Idempotency-Key": {"k"}}})
	if live.OK().ID() == test {
		t.Error("test and live share idempotency keys")
	}
}

func TestGetIgnoresKeys(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Idempotency-Key": {"k"}}})
	a.OK()
	if a.Header.Get("Original-Request") != "" {
		t.Error("a GET takes part in idempotency")
	}
}

func TestManyAtOnceRunOnce(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var wg sync.WaitGroup
	status := make([]int, 16)
	for i := range status {
		wg.Go(func() { status[i] = keyed(s, "k", "/v1/customers", "name", "Jenny").Status })
	}
	wg.Wait()
	for _, code := range status {
		if code != 200 && code != 409 {
			t.Errorf("status %d, want 200 or 409", code)
		}
	}
	if n := len(s.Get("/v1/customers").IDs()); n != 1 {
		t.Errorf("%d customers, want 1", n)
	}
}
