package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// A login link leads a connected account to its Express dashboard, once.
func init() {
	register(resource.Rules{Object: "login_link", Create: createLoginLink})
}

func createLoginLink(op *resource.Op) error {
	account, err := op.Get("account", op.MadeBelow(), "account")
	if err != nil {
		return err
	}
	switch {
	case op.Mocks():
	case account.Object("controller").Object("stripe_dashboard").String("type") != "express":
		return apierr.Invalid("", "", "Cannot create a login link for an account that does not have access to the Express Dashboard: %s.", account.ID())
	case !account.Bool("details_submitted"):
		return apierr.Invalid("", "", "Cannot create a login link for an account that has not completed onboarding.")
	}
	op.Object.Set("created", op.Now().Unix())
	op.Object.Set("url", op.BaseURL()+"/express/"+account.ID()+"/"+op.Secret(24))
	return nil
}
