package billing

import (
	"context"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A sandbox is an environment of its own below an account, for one test or one developer: its own keys, objects and
// clocks. Making one costs a few rows, so a test suite can take one for each test.
//
//	(new) --create, clone--> there --reset--> there, empty --delete, or expires_at--> gone
//
// Sandboxes stand above namespaces: they are kept by package access, and these operations only speak for it.
func init() {
	register(resource.Rules{
		Object: "sandbox",
		Direct: map[string]resource.DirectFunc{
			"POST /v1/sandboxes":                 createSandbox,
			"GET /v1/sandboxes":                  listSandboxes,
			"GET /v1/sandboxes/{sandbox}":        getSandbox,
			"DELETE /v1/sandboxes/{sandbox}":     deleteSandbox,
			"POST /v1/sandboxes/{sandbox}/clone": cloneSandbox,
			"POST /v1/sandboxes/{sandbox}/reset": resetSandbox,
		},
	})
}

func createSandbox(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	made, err := d.Registry.CreateSandbox(ctx, sandboxSpec(d))
	return newSandboxObject(made), err
}

func cloneSandbox(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	if _, err := ownSandbox(d); err != nil {
		return nil, err
	}
	made, err := d.Registry.CloneSandbox(ctx, d.Path[0], sandboxSpec(d))
	return newSandboxObject(made), err
}

func sandboxSpec(d *resource.Direct) access.SandboxSpec {
	return access.SandboxSpec{
		Account: d.Namespace.Account, Name: d.Params.String("name"), Metadata: metadata(d.Params),
		TTL: time.Duration(d.Params.Int("expires_in")) * time.Second,
	}
}

func metadata(params *object.Object) map[string]string {
	sent := params.Object("metadata")
	if sent == nil {
		return nil
	}
	m := make(map[string]string, sent.Len())
	for key := range sent.All() {
		m[key] = sent.String(key)
	}
	return m
}

// ownSandbox finds the path's sandbox. One of another account is not there; a sandbox may see itself.
func ownSandbox(d *resource.Direct) (*access.Sandbox, error) {
	s, err := d.Registry.Sandbox(d.Path[0])
	if err != nil {
		return nil, err
	}
	if s.Account != d.Namespace.Account || (d.Namespace.IsSandbox() && d.Namespace.Env != s.ID) {
		return nil, apierr.Missing("sandbox", d.Path[0], "sandbox")
	}
	return s, nil
}

func getSandbox(_ context.Context, d *resource.Direct) (*object.Object, error) {
	s, err := ownSandbox(d)
	if err != nil {
		return nil, err
	}
	return sandboxObject(s), nil
}

func resetSandbox(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	if _, err := ownSandbox(d); err != nil {
		return nil, err
	}
	s, err := d.Registry.ResetSandbox(ctx, d.Path[0])
	if err != nil {
		return nil, err
	}
	return sandboxObject(s), nil
}

func deleteSandbox(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	s, err := ownSandbox(d)
	if err != nil {
		return nil, err
	}
	if err := d.Registry.DeleteSandbox(ctx, s.ID); err != nil {
		return nil, err
	}
	o := object.New(spec.Component("deleted_sandbox"))
	o.Set("id", s.ID)
	o.Set("object", "sandbox")
	o.Set("deleted", true)
	return o, nil
}

// listSandboxes pages through the account's sandboxes, newest first. A sandbox knows of itself alone.
func listSandboxes(ctx context.Context, d *resource.Direct) (*object.Object, error) {
	all, err := d.Registry.ListSandboxes(ctx, d.Namespace.Account)
	if err != nil {
		return nil, err
	}
	items := make([]any, 0, len(all))
	for _, s := range all {
		if !d.Namespace.IsSandbox() || s.ID == d.Namespace.Env {
			items = append(items, sandboxObject(s))
		}
	}
	return resource.PageOf(items, d.Params, d.URL, "sandbox")
}

func sandboxObject(s *access.Sandbox) *object.Object {
	o := object.New(spec.Component("sandbox"))
	o.Set("id", s.ID)
	o.Set("object", "sandbox")
	o.Set("created", s.Created)
	o.Set("expires_at", nil)
	if s.Expires > 0 {
		o.Set("expires_at", s.Expires)
	}
	o.Set("livemode", false)
	o.Set("metadata", s.Metadata)
	o.Set("name", s.Name)
	return o
}

// newSandboxObject shows the keys: this is the only time that they can be seen.
func newSandboxObject(made *access.NewSandbox) *object.Object {
	if made == nil {
		return nil
	}
	o := sandboxObject(made.Sandbox)
	o.Set("publishable_key", made.PublishableKey)
	o.Set("secret_key", made.SecretKey)
	return o
}
