package billing_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

const faultsPath = "/v1/test_helpers/faults"

func TestFaultShows(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	f := s.Post(faultsPath, "fault", "delay=1ms, 500", "method", "POST", "path", "/v1/customers*", "times", "3", "skip", "2", "probability", "50", "seed", "7").OK()
	want := map[string]any{
		"object": "fault", "fault": "delay=1ms,500", "method": "POST", "path": "/v1/customers*", "times": 3, "skip": 2, "probability": 50, "seed": 7,
		"matched": 0, "seen": 0, "livemode": false,
	}
	wantFields(t, f, want)
	wantFields(t, s.Get(faultsPath+"/"+f.ID()).OK(), want)
	least := s.Post(faultsPath, "fault", "503").OK()
	wantFields(t, least, map[string]any{"method": nil, "path": nil, "times": 1, "skip": 0, "probability": 100})
	if least.Int("seed") == 0 {
		t.Error("no seed was made up")
	}
	if diff := cmp.Diff([]string{least.ID(), f.ID()}, s.Get(faultsPath).IDs()); diff != "" {
		t.Errorf("the list (-want +got):\n%s", diff)
	}
	if gone := s.Delete(faultsPath + "/" + f.ID()).OK(); !gone.Bool("deleted") {
		t.Errorf("the deletion answers %v", gone)
	}
	s.Get(faultsPath+"/"+f.ID()).Fails(http.StatusNotFound, "resource_missing")
}

func TestFaultRefuses(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, test := range []struct {
		form        []string
		code, param string
	}{
		{nil, "parameter_missing", "fault"},
		{[]string{"fault", "teapot"}, "", "fault"},
		{[]string{"fault", "500", "path", "v1/customers"}, "", "path"},
		{[]string{"fault", "500", "method", "PATCH"}, "", "method"},
		{[]string{"fault", "500", "times", "-1"}, "parameter_invalid_integer", "times"},
		{[]string{"fault", "500", "skip", "-1"}, "parameter_invalid_integer", "skip"},
		{[]string{"fault", "500", "probability", "0"}, "parameter_invalid_integer", "probability"},
		{[]string{"fault", "500", "probability", "101"}, "parameter_invalid_integer", "probability"},
	} {
		e := s.Post(faultsPath, test.form...).Fails(http.StatusBadRequest, test.code)
		if e.String("param") != test.param {
			t.Errorf("%v: param is %q, want %q", test.form, e.String("param"), test.param)
		}
	}
	s.Do(servertest.Request{Method: "POST", Path: faultsPath, Key: s.Account.LiveSecret.Secret, Form: []string{"fault", "500"}}).Fails(http.StatusForbidden, "")
	s.Post("/v1/customers").OK()
}

// statuses sends requests, as "GET /v1/customers", and returns what they were answered.
func statuses(s *servertest.Server, key string, requests ...string) []int {
	var got []int
	for _, r := range requests {
		method, path, _ := strings.Cut(r, " ")
		got = append(got, s.Do(servertest.Request{Method: method, Path: path, Key: key}).Status)
	}
	return got
}

func TestFaultStrikes(t *testing.T) {
	t.Parallel()
	const list, create, products = "GET /v1/customers", "POST /v1/customers", "GET /v1/products"
	for _, test := range []struct {
		name          string
		form          []string
		requests      []string
		want          []int
		seen, matched int
	}{
		{"once", []string{"fault", "500"}, []string{list, list}, []int{500, 200}, 1, 1},
		{"by method", []string{"fault", "500", "method", "POST"}, []string{list, create, create}, []int{200, 500, 200}, 1, 1},
		{"by path", []string{"fault", "503", "path", "/v1/cust*"}, []string{products, list, list}, []int{200, 503, 200}, 1, 1},
		{"twice, after two", []string{"fault", "409", "times", "2", "skip", "2"}, []string{list, list, list, list, list}, []int{200, 200, 409, 409, 200}, 4, 2},
		{"always", []string{"fault", "lock_timeout", "times", "0"}, []string{list, create, products}, []int{429, 429, 429}, 3, 3},
		{"drawn", []string{"fault", "500", "times", "0", "probability", "50", "seed", "1"},
			[]string{list, list, list, list, list, list}, []int{200, 200, 500, 200, 500, 200}, 6, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			statuses(s, s.Key, list)
			f := s.Post(faultsPath, test.form...).OK().ID()
			if diff := cmp.Diff(test.want, statuses(s, s.Key, test.requests...)); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			wantFields(t, s.Get(faultsPath+"/"+f).OK(), map[string]any{"seen": test.seen, "matched": test.matched})
			s.Delete(faultsPath + "/" + f).OK()
			if diff := cmp.Diff([]int{200}, statuses(s, s.Key, list)); diff != "" {
				t.Errorf("after the fault was deleted (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFaultsTakeTurns has two faults that fit the same requests.
func TestFaultsTakeTurns(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post(faultsPath, "fault", "500").OK()
	second := s.Post(faultsPath, "fault", "503", "skip", "1").OK().ID()
	const list = "GET /v1/customers"
	if diff := cmp.Diff([]int{500, 200, 503, 200}, statuses(s, s.Key, list, list, list, list)); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	wantFields(t, s.Get(faultsPath+"/"+second).OK(), map[string]any{"seen": 2, "matched": 1})
}

// TestFaultIsDone cuts the answer of a create and finds what it made, once, though it is repeated.
func TestFaultIsDone(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post(faultsPath, "fault", "cut-after", "method", "POST", "path", "/v1/customers").OK()
	for range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v1/customers", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.Key)
		r.Header.Set("Idempotency-Key", "order-1")
		if a, err := s.Client.Do(r); err == nil {
			_ = a.Body.Close()
		}
	}
	if got := s.Get("/v1/customers").IDs(); len(got) != 1 {
		t.Errorf("there are %d customers", len(got))
	}
}

// TestFaultStaysHome makes faults in one place and requests in others.
func TestFaultStaysHome(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sandbox := s.Post("/v1/sandboxes").OK()
	key := sandbox.String("secret_key")
	const list = "GET /v1/customers"
	if diff := cmp.Diff([]int{200}, statuses(s, key, list)); diff != "" {
		t.Fatalf("before any fault (-want +got):\n%s", diff)
	}
	s.Do(servertest.Request{Method: "POST", Path: faultsPath, Key: key, Form: []string{"fault", "500", "times", "0"}}).OK()
	for _, test := range []struct {
		name, key string
		want      int
	}{{"sandbox", key, 500}, {"test", s.Key, 200}, {"live", s.Account.LiveSecret.Secret, 200}} {
		if got := statuses(s, test.key, list)[0]; got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	cloned := s.Post("/v1/sandboxes/" + sandbox.ID() + "/clone").OK().String("secret_key")
	if got := statuses(s, cloned, list)[0]; got != 500 {
		t.Errorf("a clone: %d, want 500", got)
	}
	s.Post("/v1/sandboxes/" + sandbox.ID() + "/reset").OK()
	if got := statuses(s, key, list)[0]; got != 200 {
		t.Errorf("after a reset: %d, want 200", got)
	}
}

// TestFaultCountsOnce sends many requests at the same time to a fault that strikes a few.
func TestFaultCountsOnce(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	f := s.Post(faultsPath, "fault", "500", "times", "5").OK().ID()
	var group sync.WaitGroup
	struck := make(chan int, 40)
	for range 40 {
		group.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/customers", http.NoBody)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer "+s.Key)
			a, err := s.Client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_ = a.Body.Close()
			struck <- a.StatusCode
		})
	}
	group.Wait()
	close(struck)
	counts := map[string]int{}
	for status := range struck {
		counts[strconv.Itoa(status)]++
	}
	if diff := cmp.Diff(map[string]int{"500": 5, "200": 35}, counts); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	wantFields(t, s.Get(faultsPath+"/"+f).OK(), map[string]any{"matched": 5})
}
