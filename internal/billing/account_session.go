package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An account session lets embedded components work for a connected account: those that it enables, for a while.
func init() {
	register(resource.Rules{Object: "account_session", Create: createAccountSession})
}

// sessionLife is how long the client secret of an account session works.
const sessionLife = 30 * time.Minute

func createAccountSession(op *resource.Op) error {
	s := op.Object
	account, err := op.Get("account", op.Params.String("account"), "account")
	if err != nil {
		return err
	}
	sent := op.Params.Object("components")
	enabled := false
	for name, v := range s.Object("components").All() {
		component, _ := v.(*object.Object)
		asked := sent.Object(name)
		component.Set("enabled", asked.Bool("enabled"))
		enabled = enabled || asked.Bool("enabled")
		features := component.Object("features")
		for _, feature := range features.Keys() {
			features.Set(feature, asked.Bool("enabled") && asked.Object("features").Bool(feature))
		}
	}
	if !enabled && !op.Mocks() {
		return apierr.Invalid("", "components", "You must enable at least one component.")
	}
	s.Set("account", account.ID())
	s.Set("client_secret", "accs_secret__"+op.Secret(48))
	s.Set("expires_at", op.Now().Add(sessionLife).Unix())
	return nil
}
