package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

const (
	ownerEmail = "owner@example.com"
	password   = "a horse and a battery"
	// colleagues are how many people there are, and sandboxes and keys how many of those.
	colleagues = 100
	sandboxes  = 300
)

// office makes who works here, and what they made for themselves.
func (w *world) office(ctx context.Context) error {
	token, err := w.people.SetUpToken(ctx, w.ns.Account)
	if err != nil {
		return err
	}
	if _, err := w.people.SetUp(ctx, token, people.NewPerson{Name: "Olive Owner", Email: ownerEmail, Password: password}, people.Client{Browser: "Chromium", IP: "127.0.0.1"}); err != nil {
		return err
	}
	for i := range colleagues {
		email := fmt.Sprintf("colleague.%d@example.com", i)
		invitation, err := w.people.Invite(ctx, w.ns.Account, email, people.Viewer)
		if err != nil {
			return err
		}
		if i%2 == 0 {
			continue // a few only ever are invited
		}
		if _, err := w.people.Join(ctx, invitation, "Colleague "+strconv.Itoa(i), password, people.Client{Browser: "Firefox", IP: "127.0.0.1"}); err != nil {
			return err
		}
	}
	return w.belongings(ctx)
}

func (w *world) belongings(ctx context.Context) error {
	for i := range sandboxes {
		if _, err := w.registry.CreateSandbox(ctx, access.SandboxSpec{Account: w.ns.Account, Name: fmt.Sprintf("Try %d", i)}); err != nil {
			return err
		}
		if i%3 > 0 {
			continue
		}
		rights := access.Rights{"customer": access.Read, "charge": access.Write}
		if _, err := w.registry.CreateKey(ctx, access.KeySpec{Account: w.ns.Account, Env: access.Test, Kind: access.RestrictedKey, Name: fmt.Sprintf("Job %d", i), Rights: rights}); err != nil {
			return err
		}
	}
	box, err := w.registry.CreateSandbox(ctx, access.SandboxSpec{Account: w.ns.Account, Name: "With snapshots"})
	if err != nil {
		return err
	}
	w.named.Sandbox = box.ID
	in, err := w.registry.Namespace(w.ns.Account, box.ID)
	for i := range 20 {
		if err != nil {
			return err
		}
		_, err = w.registry.CreateSnapshot(ctx, in, fmt.Sprintf("Before step %d", i), nil)
	}
	return err
}

// session signs the owner in, as each of a few browsers, and keeps some views.
func (w *world) session(ctx context.Context) (token string, err error) {
	for i := range 2 {
		if token, _, err = w.people.SignIn(ctx, ownerEmail, password, people.Client{Browser: fmt.Sprintf("Chromium %d", i), IP: "127.0.0.1"}); err != nil {
			return "", err
		}
	}
	_, owner, err := w.people.Session(ctx, token)
	if err != nil {
		return "", err
	}
	kept, err := w.people.Views(owner.ID, w.ns.Account, "/logs")
	if err != nil || len(kept) > 0 {
		return token, err
	}
	for i := range 20 {
		for _, page := range []string{"/logs", "/objects/invoice"} {
			if _, err := w.people.SaveView(ctx, people.View{Person: owner.ID, Account: w.ns.Account, Page: page, Name: fmt.Sprintf("View %d", i), Query: "status=paid&x=" + strconv.Itoa(i)}); err != nil {
				return "", err
			}
		}
	}
	return token, nil
}

// audit writes entries of the log of what people do.
func (w *world) audit(ctx context.Context, n int) error {
	for from := 0; from < n; from += 1000 {
		err := w.store.Update(ctx, func(tx store.Tx) error {
			for i := range min(1000, n-from) {
				who := audit.By(ctx, audit.Actor{Kind: "person", ID: fmt.Sprintf("usr_%d", i%50), Name: fmt.Sprintf("colleague.%d@example.com", i%50), IP: "127.0.0.1"})
				e := audit.Entry{Action: []string{"key.created", "key.rolled", "person.signed_in"}[i%3], Account: w.ns.Account, Env: access.Test, Subject: fmt.Sprintf("key_%d", (from+i)%1000)}
				if err := audit.Append(who, tx, clock.Wall{}, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endpoints is how many there are of each kind.
const endpoints = 16

// webhooks delivers one event to an endpoint that takes it and to one that does not, and copies how that went.
func (w *world) webhooks(ctx context.Context, n int) error {
	if err := w.destinations(ctx); err != nil {
		return err
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // whatever came is refused
		if r.URL.Path == "/refuses" {
			answer.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer receiver.Close()
	for i := range endpoints {
		path := []string{"/takes", "/refuses"}[i%2]
		s, err := w.play([]string{"webhook_endpoint"}, "", func() error { return w.deliverOnce(ctx, receiver.URL+path) })
		if err != nil {
			return err
		}
		if err := w.copyScene(ctx, s, max(n*10*(i/2)/endpoints, 20)); err != nil {
			return err
		}
	}
	return nil
}

// destinations makes those of version 2 of the API, which takes JSON.
func (w *world) destinations(ctx context.Context) error {
	key, err := w.registry.CreateKey(ctx, access.KeySpec{Account: w.ns.Account, Env: access.Test, Kind: access.SecretKey, Name: "Accounting"})
	if err != nil {
		return err
	}
	const body = `{"name": "Accounting", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["v1.account.updated"], "webhook_endpoint": {"url": "https://example.com/hooks"}}`
	for range endpoints {
		r := httptest.NewRequest(http.MethodPost, "https://localhost/v2/core/event_destinations", strings.NewReader(body)).WithContext(ctx)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Stripe-Version", spec.Version)
		r.Header.Set("Authorization", "Bearer "+key.Secret)
		answer := httptest.NewRecorder()
		w.pages.API.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			return fmt.Errorf("an event destination: %s", answer.Body)
		}
	}
	return nil
}

// deliverOnce makes an endpoint, sends it one event, and takes it off again, so that nothing else is sent to it.
func (w *world) deliverOnce(ctx context.Context, to string) error {
	endpoint, err := w.do(ctx, "POST /v1/webhook_endpoints", "url", to, "enabled_events[]", "customer.created")
	if err != nil {
		return err
	}
	w.named.Endpoints = append(w.named.Endpoints, endpoint)
	if _, err := w.do(ctx, "POST /v1/customers", "email", "delivered@example.com"); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	go w.engine.RunTimers(ctx, func(error) {})
	for ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
		tried, err := w.tried(endpoint)
		if err != nil {
			return err
		}
		if tried {
			_, err := w.do(ctx, "POST /v1/webhook_endpoints/"+endpoint, "disabled", "true")
			return err
		}
	}
	return fmt.Errorf("nothing was sent to %s", to)
}

// tried reports whether a delivery to an endpoint was tried.
func (w *world) tried(endpoint string) (tried bool, err error) {
	page, err := w.engine.Do(context.Background(), w.ns, "GET /v1/webhook_deliveries", url.Values{"webhook_endpoint": {endpoint}})
	if err != nil {
		return false, err
	}
	for _, one := range page.Array("data") {
		d, _ := one.(*object.Object)
		tried = tried || len(d.Array("attempts")) > 0
	}
	return tried, nil
}
