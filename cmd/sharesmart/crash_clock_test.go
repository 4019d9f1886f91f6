package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	// clockSubscribers are on the clock if CLOCK_SUBSCRIPTIONS does not say how many: some pay, some cannot, some try it out.
	clockSubscribers = 120
	// clockDays is how far the clock is moved: two renewals.
	clockDays = 59
)

// TestCrashClock kills the server in the middle of a test clock's advance, again and again. The advance goes on by itself
// when the server is back, and comes to the same books as one that nobody disturbed.
func TestCrashClock(t *testing.T) {
	bin, data := buildServer(t), filepath.Join(t.TempDir(), "data")
	s := startServer(t, bin, data, "")
	key, begin := s.key, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	n := clockSubscribers
	if text := os.Getenv("CLOCK_SUBSCRIPTIONS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 4 {
			t.Fatalf("CLOCK_SUBSCRIPTIONS is %q: write a number from 4", text)
		}
	}
	clock := subscribeOnClock(t, s, begin, n)
	s.stop(t)
	twin := data + "-twin"
	if err := os.CopyFS(twin, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	target := fmt.Sprint("frozen_time=", begin.AddDate(0, 0, clockDays).Unix())

	s = startServer(t, bin, data, key)
	mustCall(t, s.call(http.MethodPost, clock+"/advance", "", target+"&wait=true", &clockObject{}))
	want := booksOf(t, s)
	s.stop(t)

	s = startServer(t, bin, twin, key)
	mustCall(t, s.call(http.MethodPost, clock+"/advance", "", target, &clockObject{}))
	kills := 0
	for ; ; kills++ {
		s.kill(t, time.Duration(max(n/clockSubscribers, 1)*(30+rand.IntN(150)))*time.Millisecond)
		s.wait(t)
		if out, err := exec.Command(bin, "verify", "--data", twin).CombinedOutput(); err != nil {
			t.Fatalf("after kill %d: verify: %v\n%s", kills+1, err, out)
		}
		s = startServer(t, bin, twin, key)
		var c clockObject
		mustCall(t, s.call(http.MethodGet, clock, "", "", &c))
		if c.Status == "ready" {
			break
		}
	}
	if kills == 0 {
		t.Error("the clock was ready before the server was killed once")
	}
	if diff := cmp.Diff(want, booksOf(t, s)); diff != "" {
		t.Errorf("after %d kills, the books are not those of an advance that went through (-want +got):\n%s", kills, diff)
	}
	s.stop(t)
	t.Logf("%d kills, %d invoices, %d events", kills, len(want.Invoices), len(want.Events))
}

func mustCall(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type clockObject struct{ ID, Status string }

// subscribeOnClock makes a clock with its subscribers and returns its path.
func subscribeOnClock(t *testing.T, s *runningServer, begin time.Time, n int) (path string) {
	t.Helper()
	var price, clock clockObject
	mustCall(t, s.call(http.MethodPost, "/v1/prices", "", "currency=usd&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold", &price))
	mustCall(t, s.call(http.MethodPost, "/v1/test_helpers/test_clocks", "", fmt.Sprint("frozen_time=", begin.Unix()), &clock))
	var work sync.WaitGroup
	for w := range 8 {
		work.Go(func() {
			for i := w; i < n; i += 8 {
				card, more := "pm_card_visa", ""
				switch i % 4 {
				case 1:
					card, more = "pm_card_chargeCustomerFail", "&trial_period_days=5"
				case 2:
					more = fmt.Sprint("&trial_period_days=", 1+i%20)
				}
				var customer, sub clockObject
				err := s.call(http.MethodPost, "/v1/customers", "", fmt.Sprintf("name=%d&test_clock=%s&payment_method=%s&invoice_settings[default_payment_method]=%[3]s", i, clock.ID, card), &customer)
				if err == nil {
					err = s.call(http.MethodPost, "/v1/subscriptions", "", "customer="+customer.ID+"&items[0][price]="+price.ID+more, &sub)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	return "/v1/test_helpers/test_clocks/" + clock.ID
}

// books are what an advance has come to, without the ids that it made.
type books struct {
	Invoices, Subscriptions, Events []string
	Balance                         int64
}

func booksOf(t *testing.T, s *runningServer) (b books) {
	t.Helper()
	type object struct {
		ID, Status, Number, Type, Name, Customer string
		Total, Created                           int64
		Items                                    struct {
			Data []struct {
				End int64 `json:"current_period_end"`
			}
		}
		AmountPaid   int64 `json:"amount_paid"`
		AttemptCount int64 `json:"attempt_count"`
		CanceledAt   int64 `json:"canceled_at"`
	}
	names := map[string]string{}
	gather := func(path string, visit func(o *object)) {
		for after := ""; ; {
			var page struct {
				Data []object
				More bool `json:"has_more"`
			}
			mustCall(t, s.call(http.MethodGet, path+"limit=100"+after, "", "", &page))
			for i := range page.Data {
				visit(&page.Data[i])
			}
			if !page.More {
				return
			}
			after = "&starting_after=" + page.Data[len(page.Data)-1].ID
		}
	}
	var clocks struct{ Data []clockObject }
	mustCall(t, s.call(http.MethodGet, "/v1/test_helpers/test_clocks", "", "", &clocks))
	on := "test_clock=" + clocks.Data[0].ID + "&"
	gather("/v1/customers?"+on, func(o *object) { names[o.ID] = o.Name })
	gather("/v1/invoices?", func(o *object) {
		b.Invoices = append(b.Invoices, fmt.Sprint(names[o.Customer], " ", o.Status, " ", o.Total, " ", o.AmountPaid, " ", o.AttemptCount, " ", o.Created))
	})
	gather("/v1/subscriptions?status=all&"+on, func(o *object) {
		b.Subscriptions = append(b.Subscriptions, fmt.Sprint(names[o.Customer], " ", o.Status, " ", o.Items.Data[0].End, " ", o.CanceledAt))
	})
	gather("/v1/events?", func(o *object) {
		if o.Type != "balance.available" && !strings.HasPrefix(o.Type, "test_helpers.") { // those go by the wall clock
			b.Events = append(b.Events, fmt.Sprint(o.Type, " ", o.Created))
		}
	})
	type funds []struct{ Amount int64 }
	var balance struct{ Available, Pending funds }
	mustCall(t, s.call(http.MethodGet, "/v1/balance", "", "", &balance))
	b.Balance = balance.Available[0].Amount + balance.Pending[0].Amount
	for _, list := range [][]string{b.Invoices, b.Subscriptions, b.Events} {
		slices.Sort(list)
	}
	return b
}
