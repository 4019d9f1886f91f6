package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An apps secret is something that an app keeps for an account or for one of its users: a token of another service. In
// its scope there is one of a name. The payload is shown to those who expand it.
//
//	(new) --set again--> another payload --delete, or expires_at--> gone
func init() {
	register(resource.Rules{
		Object: "apps.secret",
		Actions: resource.Actions{
			"POST /v1/apps/secrets":        setSecret,
			"GET /v1/apps/secrets/find":    findSecret,
			"POST /v1/apps/secrets/delete": deleteSecret,
		},
		Index: filters{
			"scope": func(o *object.Object) []string { return []string{scopeOf(o.Object("scope"))} },
		},
		Timers: map[string]resource.Hook{secretExpiry: dropSecret},
	})
}

const (
	secretExpiry = "apps.secret.expires_at"
	// maxSecrets is how many secrets a scope holds.
	maxSecrets = 10
)

// scopeOf is a scope as one word.
func scopeOf(scope *object.Object) string { return scope.String("type") + "/" + scope.String("user") }

// secretIn finds the secret that the parameters name, or nil, and all of its scope.
func secretIn(op *resource.Op) (found *object.Object, all []*object.Object, err error) {
	scope := op.Params.Object("scope")
	switch isUser, user := scope.String("type") == "user", scope.String("user"); {
	case isUser && user == "":
		return nil, nil, missingParam("scope[user]")
	case !isUser && user != "":
		return nil, nil, apierr.Invalid("", "scope[user]", "You can only specify `scope[user]` when `scope[type]` is `user`.")
	}
	if all, err = op.Lookup("apps.secret", "scope", scopeOf(scope)); err != nil {
		return nil, nil, err
	}
	name := op.Params.String("name")
	if i := slices.IndexFunc(all, func(o *object.Object) bool { return o.String("name") == name }); i >= 0 {
		found = all[i]
	}
	return found, all, nil
}

// setSecret makes a secret, or gives the one of that name another payload.
func setSecret(op *resource.Op) error {
	if at := op.Params.Int("expires_at"); op.Params.Has("expires_at") && at <= op.Now().Unix() {
		return apierr.Invalid("", "expires_at", "`expires_at` must be in the future.")
	}
	secret, all, err := secretIn(op)
	if err != nil {
		return err
	}
	hide := func(op *resource.Op) error { return op.Hide(op.Object, "payload") }
	switch {
	case secret != nil:
		secret.Set("expires_at", op.Params.Get("expires_at"))
		secret.Set("payload", op.Params.String("payload"))
		op.Object = secret
		op.Save(secret)
		err = hide(op)
	case len(all) >= maxSecrets:
		return apierr.Invalid("", "", "A scope can hold at most %d secrets.", maxSecrets)
	default:
		op.Object, err = op.Make("apps.secret", "", op.Params, hide)
	}
	if err != nil {
		return err
	}
	var expiry time.Time
	if op.Params.Has("expires_at") {
		expiry = unix(op.Params.Int("expires_at"))
	}
	return op.SetTimer(secretExpiry, op.Object, expiry)
}

func findSecret(op *resource.Op) error {
	secret, _, err := secretIn(op)
	switch {
	case err != nil || secret != nil:
	case op.Mocks(): // the example stands in for it
		secret, err = op.Get("apps.secret", op.NewID("apps.secret"), "name")
	default:
		err = apierr.Missing("apps.secret", op.Params.String("name"), "name")
	}
	op.Object = secret
	return err
}

func deleteSecret(op *resource.Op) error {
	if err := findSecret(op); err != nil {
		return err
	}
	answer := op.Object.Clone()
	answer.Set("deleted", true)
	if err := dropSecret(op); err != nil {
		return err
	}
	op.Result = answer
	return nil
}

// dropSecret removes a secret and its payload.
func dropSecret(op *resource.Op) error {
	if err := forgetPrivate(op); err != nil {
		return err
	}
	if err := op.SetTimer(secretExpiry, op.Object, time.Time{}); err != nil {
		return err
	}
	return op.Delete(op.Object)
}

// forgetPrivate removes the private part of what is deleted.
func forgetPrivate(op *resource.Op) error { return op.SetPrivate(op.Object, object.New(nil)) }
