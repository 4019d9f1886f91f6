package webhook_test

import (
	"fmt"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/webhook"
)

// During the life of the secret before, deliveries are signed with both.
func TestRollSecret(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, nil)
	we := endpoint(s, r.URL)
	rolled := s.Post("/v1/webhook_endpoints/"+we.ID()+"/roll_secret", "expires_in", "3600").OK()
	before, after := we.String("secret"), rolled.String("secret")
	if before == after || !strings.HasPrefix(after, "whsec_") {
		t.Fatalf("the secret is %q after %q", after, before)
	}
	signed := func(secrets ...string) {
		t.Helper()
		s.Post("/v1/customers").OK()
		run(t, s)
		for _, g := range r.take() {
			if want := webhook.Signature(s.Clock.Now().Unix(), g.body, secrets...); g.header.Get("Stripe-Signature") != want {
				t.Errorf("the signature is %q, want %q", g.header.Get("Stripe-Signature"), want)
			}
		}
	}
	signed(after, before)
	s.Clock.Advance(time.Hour)
	signed(after)
	s.Post("/v1/webhook_endpoints/"+we.ID()+"/roll_secret", "expires_in", "90000").Fails(400, "parameter_invalid_integer")
}

// What an answer does to a delivery and to its endpoint.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer   func(http.ResponseWriter, got)
		delivery string
		endpoint string
		says     string
	}{
		"created":  {failing(201), "delivered", "enabled", ""},
		"gone":     {failing(410), "failed", "disabled", "410 Gone"},
		"an error": {failing(500), "pending", "enabled", "500 and not 2xx"},
		"a redirect": {func(w http.ResponseWriter, _ got) {
			w.Header().Set("Location", "https://example.com/there")
			w.WriteHeader(301)
		}, "pending", "enabled", "redirected to https://example.com/there"},
		"a cut connection": {func(http.ResponseWriter, got) { panic(http.ErrAbortHandler) }, "pending", "enabled", "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			r := receive(t, c.answer)
			we := endpoint(s, r.URL)
			s.Post("/v1/customers").OK()
			run(t, s)
			d := deliveries(s)[0]
			attempt := d.Array("attempts")[0].(*object.Object)
			if d.String("status") != c.delivery || !strings.Contains(attempt.String("error"), c.says) || (attempt.Get("error") == nil) != (c.says == "") {
				t.Errorf("the delivery is %s", d.JSON())
			}
			if got := s.Get("/v1/webhook_endpoints/" + we.ID()).OK().String("status"); got != c.endpoint {
				t.Errorf("the endpoint is %s", got)
			}
			if n := len(r.take()); n != 1 {
				t.Errorf("it got %d requests", n)
			}
		})
	}
}

// An endpoint that does not answer in time has not answered.
func TestTimeout(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.AnswerWithin(20*time.Millisecond))
	release := make(chan struct{})
	r := receive(t, func(http.ResponseWriter, got) { <-release })
	t.Cleanup(func() { close(release) })
	endpoint(s, r.URL)
	s.Post("/v1/customers").OK()
	run(t, s)
	d := deliveries(s)[0]
	if got := d.Array("attempts")[0].(*object.Object).String("error"); d.String("status") != "pending" || got != "It did not answer in time." {
		t.Errorf("the delivery is %s", d.JSON())
	}
}

// An endpoint that was disabled gets nothing new, and what was pending when it is enabled again.
func TestDisabled(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, failing(500))
	we := endpoint(s, r.URL)
	path := "/v1/webhook_endpoints/" + we.ID()
	s.Post("/v1/customers", "name", "before").OK()
	run(t, s)
	s.Post(path, "disabled", "true").OK()
	s.Post("/v1/customers", "name", "while").OK()
	r.become(nil)
	s.Clock.Advance(time.Hour)
	run(t, s)
	if n := len(r.take()); n != 1 {
		t.Errorf("it got %d requests", n)
	}
	s.Post(path, "disabled", "false").OK()
	run(t, s)
	if all := r.take(); len(all) != 1 || all[0].object().String("name") != "before" {
		t.Errorf("then it got %d requests", len(all))
	}
	s.Post("/v1/customers").OK()
	s.Delete(path).OK()
	run(t, s)
	if all := deliveries(s, "status", "canceled"); len(all) != 1 || len(r.take()) > 0 {
		t.Errorf("%d deliveries are canceled", len(all))
	}
}

// An endpoint that fails for days is disabled, of which its owner is told before and then.
func TestFailsForDays(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mail(mail.New(mail.Options{From: netmail.Address{Address: "no-reply@example.com"}})))
	s.Post("/v1/accounts/"+s.Account.ID, "email", "owner@example.com").OK()
	r := receive(t, failing(500))
	we := endpoint(s, r.URL)
	path := "/v1/webhook_endpoints/" + we.ID()
	for day := range 9 {
		s.Post("/v1/customers").OK()
		run(t, s)
		want := "enabled"
		if day >= 7 {
			want = "disabled"
		}
		if got := s.Get(path).OK().String("status"); got != want {
			t.Errorf("on day %d it is %s", day, got)
		}
		s.Clock.Advance(24 * time.Hour)
	}
	told := s.Get("/v1/mails", "kind", "endpoint_failing").OK().Array("data")
	if len(told) != 2 {
		t.Fatalf("the owner was told %d times", len(told))
	}
	for i, want := range []string{"was disabled", "fails"} {
		m := told[i].(*object.Object)
		if !strings.Contains(m.String("subject"), want) || m.String("to") != "owner@example.com" || !strings.Contains(m.String("text"), r.URL) {
			t.Errorf("message %d is %s", i, m.JSON())
		}
	}
}

func TestResend(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r, other := receive(t, nil), receive(t, nil)
	we := endpoint(s, r.URL)
	first := s.Post("/v1/customers", "name", "first").OK()
	event := s.Get("/v1/events").OK().Array("data")[0].(*object.Object).ID()
	s.Clock.Advance(time.Hour)
	later := endpoint(s, other.URL)
	second := s.Post("/v1/customers", "name", "second").OK()
	run(t, s)
	names := func(r *receiver) (all []string) {
		for _, g := range r.take() {
			all = append(all, g.object().String("name"))
		}
		slices.Sort(all) // those of different objects have no order
		return all
	}
	want := func(what string, got []string, want ...string) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: it got %v, want %v", what, got, want)
		}
	}
	want("at first", names(r), "first", "second")
	want("the later one", names(other), "second")
	s.Post("/v1/events/" + event + "/retry").OK()
	run(t, s)
	want("again", names(r), "first")
	want("again, the later one", names(other))
	if d := deliveries(s, "event", event)[0]; len(d.Array("attempts")) != 2 || d.Array("attempts")[1].(*object.Object).String("trigger") != "manual" {
		t.Errorf("the delivery is %s", d.JSON())
	}
	s.Post("/v1/events/"+event+"/retry", "webhook_endpoint", later.ID()).OK()
	run(t, s)
	want("to the later one", names(other), "first")
	s.Post("/v1/events/"+event+"/retry", "webhook_endpoint", "we_nothing").Fails(400, "resource_missing")
	resend := func(query ...string) {
		t.Helper()
		e := s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", append([]string{"from", fmt.Sprint(servertest.Start.Unix())}, query...)...).OK()
		if got := string(e.Object("resend").JSON()); !strings.Contains(got, `"status": "running"`) {
			t.Errorf("the answer is %s", got)
		}
		s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", "from", "1").Fails(400, "")
		run(t, s)
	}
	progress := func() string {
		r := s.Get("/v1/webhook_endpoints/" + we.ID()).OK().Object("resend")
		return fmt.Sprintf("%s, %d of %d", r.String("status"), r.Int("queued"), r.Int("found"))
	}
	resend()
	want("all", names(r), first.String("name"), second.String("name"))
	want("progress", []string{progress()}, "complete, 2 of 2")
	resend("only_failed", "true")
	want("progress", []string{progress()}, "complete, 0 of 0")
	s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", "from", fmt.Sprint(servertest.Start.Unix()), "to", "1").Fails(400, "")
	run(t, s)
	want("what failed", names(r))
	s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", "from", "1").OK()
	s.Post("/v1/webhook_endpoints/"+we.ID(), "disabled", "true").OK()
	run(t, s)
	want("disabled meanwhile", names(r))
	want("progress", []string{progress()}, "stopped, 0 of 2")
	s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", "from", "1").Fails(400, "")
}

// A resend that was interrupted goes on from the second that it told of last, whatever became of the deliveries meanwhile.
func TestResendGoesOn(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, nil)
	we := endpoint(s, r.URL)
	for _, name := range []string{"first", "second", "third"} {
		s.Post("/v1/customers", "name", name).OK()
		s.Clock.Advance(time.Second)
	}
	run(t, s)
	r.take()
	s.Post("/v1/webhook_endpoints/"+we.ID()+"/resend", "from", fmt.Sprint(servertest.Start.Unix())).OK()
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
		e, err := op.Find("webhook_endpoint", we.ID())
		if err != nil {
			return err
		}
		e.Object("resend").Set("queued", int64(1))
		op.Save(e)
		private, err := op.Private(e)
		if err != nil {
			return err
		}
		private.Set("resend_reached", servertest.Start.Unix()+1)
		return op.SetPrivate(e, private)
	}); err != nil {
		t.Fatal(err)
	}
	run(t, s)
	var names []string
	for _, g := range r.take() {
		names = append(names, g.object().String("name"))
	}
	slices.Sort(names)
	if got := fmt.Sprint(names); got != "[second third]" {
		t.Errorf("it got %s", got)
	}
	if p := s.Get("/v1/webhook_endpoints/" + we.ID()).OK().Object("resend"); p.Int("queued") != 3 || p.String("status") != "complete" {
		t.Errorf("it is at %s", p.JSON())
	}
}

// The command line that listens is told of an event again, and no endpoint is.
func TestRetell(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, nil)
	endpoint(s, r.URL)
	s.Post("/v1/customers").OK()
	run(t, s)
	r.take()
	event := s.Get("/v1/events").OK().Array("data")[0].(*object.Object)
	w := s.Engine.Watch("event", nil)
	defer w.Close()
	s.Post("/v1/events/"+event.ID()+"/retry", "for_stripecli", "true").OK()
	if changes, _ := w.Take(); len(changes) != 1 || changes[0].ID != event.ID() {
		t.Errorf("it was told of %v", changes)
	}
	run(t, s)
	if n := len(r.take()); n > 0 {
		t.Errorf("the endpoint got %d", n)
	}
	if again := s.Get("/v1/events/" + event.ID()).OK(); string(again.JSON()) != string(event.JSON()) {
		t.Errorf("the event is %s", again.JSON())
	}
}

// A slow endpoint holds up neither another one nor the API.
func TestSlowEndpoint(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	release := make(chan struct{})
	slow := receive(t, func(http.ResponseWriter, got) { <-release })
	arrived := make(chan string, 100)
	fast := receive(t, func(_ http.ResponseWriter, g got) { arrived <- g.object().String("name") })
	endpoint(s, slow.URL)
	endpoint(s, fast.URL)
	s.Post("/v1/customers", "name", "0").OK()
	done := make(chan error, 1)
	go func() { done <- s.Engine.RunDue(t.Context()) }()
	for i := range 20 {
		if got := <-arrived; got != fmt.Sprint(i) {
			t.Fatalf("%s arrived, want %d", got, i)
		}
		s.Post("/v1/customers", "name", fmt.Sprint(i+1)).OK()
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(slow.take()); n != 21 {
		t.Errorf("the slow one got %d", n)
	}
}

// Endpoints for connected accounts hear of those alone, and others of their own account alone.
func TestConnect(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	own, platform, connected := receive(t, nil), receive(t, nil), receive(t, nil)
	endpoint(s, own.URL, "enabled_events[]", "customer.created")
	endpoint(s, platform.URL, "connect", "true")
	account := s.Post("/v1/accounts", "type", "express", "country", "US").OK().ID()
	as := http.Header{"Stripe-Account": {account}}
	s.Do(servertest.Request{Method: "POST", Path: "/v1/webhook_endpoints", Header: as, Form: []string{"url", connected.URL, "enabled_events[]", "*"}}).OK()
	run(t, s)
	own.take()
	platform.take()
	c := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: as}).OK().ID()
	s.Post("/v1/customers").OK()
	run(t, s)
	if all := platform.take(); len(all) != 1 || all[0].object().ID() != c || all[0].event.String("account") != account {
		t.Errorf("the platform's endpoint got %d events", len(all))
	}
	if all := connected.take(); len(all) != 1 || all[0].object().ID() != c {
		t.Errorf("the account's endpoint got %d events", len(all))
	}
	if all := own.take(); len(all) != 1 || all[0].object().ID() == c {
		t.Errorf("the platform's own endpoint got %d events", len(all))
	}
	s.Post("/v1/accounts/"+account, "metadata[a]", "b").OK()
	run(t, s)
	if all := platform.take(); len(all) != 1 || all[0].event.String("type") != "account.updated" || all[0].event.String("account") != account {
		t.Errorf("of the account it got %d events", len(all))
	}
}

// An endpoint gets events in its own version.
func TestEndpointVersion(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, nil)
	endpoint(s, r.URL, "api_version", "2024-06-20")
	s.Post("/v1/customers").OK()
	run(t, s)
	if all := r.take(); len(all) != 1 || all[0].event.String("api_version") != "2024-06-20" {
		t.Errorf("it got %d events", len(all))
	}
}

// The same seed does the same in every run.
func TestChaos(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, seed string) (seen []string) {
		s := servertest.New(t)
		r := receive(t, nil)
		endpoint(s, r.URL, "chaos[seed]", seed, "chaos[reorder]", "30", "chaos[duplicate]", "30", "chaos[drop]", "20", "chaos[delay]", "2")
		c := s.Post("/v1/customers", "name", "0").OK().ID()
		for i := range 29 {
			s.Post("/v1/customers/"+c, "name", fmt.Sprint(i+1)).OK()
		}
		for range 10 {
			run(t, s)
			s.Clock.Advance(time.Second)
		}
		for _, g := range r.take() {
			seen = append(seen, g.object().String("name"))
		}
		return seen
	}
	one, again, other := play(t, "7"), play(t, "7"), play(t, "8")
	if fmt.Sprint(one) != fmt.Sprint(again) {
		t.Errorf("a seed does %v and then %v", one, again)
	}
	if fmt.Sprint(one) == fmt.Sprint(other) {
		t.Errorf("another seed does the same: %v", one)
	}
	times, disorder := map[string]int{}, 0
	for i, name := range one {
		times[name]++
		if i > 0 && len(name) >= len(one[i-1]) && name < one[i-1] && len(name) == len(one[i-1]) {
			disorder++
		}
	}
	twice := 0
	for _, n := range times {
		if n > 1 {
			twice++
		}
	}
	if len(times) != 30 || twice == 0 || disorder == 0 {
		t.Errorf("%d arrived, %d of them twice, %d out of order: %v", len(times), twice, disorder, one)
	}
}

// Events that come one by one, with nothing pending in between, meet the fates that they meet together.
func TestChaosBetweenRuns(t *testing.T) {
	t.Parallel()
	play := func(oneByOne bool) (fates []string) {
		s := servertest.New(t)
		r := receive(t, nil)
		we := endpoint(s, r.URL, "chaos[seed]", "7", "chaos[duplicate]", "40", "chaos[drop]", "20")
		deliver := func() {
			for range 3 {
				run(t, s)
				s.Clock.Advance(time.Second)
			}
		}
		for i := range 20 {
			if s.Post("/v1/customers", "name", fmt.Sprint(i)).OK(); oneByOne {
				deliver()
			}
		}
		deliver()
		for _, d := range deliveries(s, "webhook_endpoint", we.ID()) {
			fate := ""
			for _, a := range d.Array("attempts") {
				fate += a.(*object.Object).String("trigger") + " "
			}
			fates = append(fates, fate)
		}
		return fates
	}
	together, apart := play(false), play(true)
	if fmt.Sprint(together) != fmt.Sprint(apart) {
		t.Errorf("together they meet %q, one by one %q", together, apart)
	}
	if all := fmt.Sprint(together); !strings.Contains(all, "chaos automatic") || !strings.Contains(all, "automatic chaos") {
		t.Errorf("nothing went wrong: %q", together)
	}
}

func TestChaosRefusals(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	we := endpoint(s, "https://example.com/hook", "chaos[drop]", "5")
	path := "/v1/webhook_endpoints/" + we.ID()
	s.Post(path, "chaos[drop]", "101").Fails(400, "parameter_invalid_integer")
	if got := s.Post(path, "chaos[delay]", "100").OK().Object("chaos"); got.Int("drop") != 5 || got.Int("delay") != 100 {
		t.Errorf("the chaos is %s", got.JSON())
	}
	if got := s.Post(path, "chaos", "").OK(); got.Has("chaos") {
		t.Errorf("it is %s", got.JSON())
	}
	s.Do(servertest.Request{Method: "POST", Path: "/v1/webhook_endpoints", Key: s.Account.LiveSecret.Secret,
		Form: []string{"url", "https://example.com/hook", "enabled_events[]", "*", "chaos[drop]", "5"}}).Fails(400, "")
}
