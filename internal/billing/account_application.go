package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A platform acts in accounts that connected themselves to it as an application, which its owner may take the right from at
// any time. Accounts that the platform answers for itself have no such choice.
//
//	account's code is traded for tokens (oauth.go) --> account.application.authorized
//	account leaves (POST /oauth/deauthorize, web/oauth), or is deleted --> account.application.deauthorized
//
// The events are of the account, announce the application, and reach the platform's endpoints for connected accounts.

// standsAlone reports whether an account has a Dashboard of its own, in which its owner can end the connection.
func standsAlone(account *object.Object) bool {
	return account.Object("controller").Object("stripe_dashboard").String("type") == "full"
}

// tellApplication tells the platform of its right to act in an account: that it has it, or has lost it.
func tellApplication(op *resource.Op, account *object.Object, event string) error {
	platform, err := op.Find("account", op.Account())
	if err != nil {
		return err
	}
	known, err := op.Below("application", account)
	if err != nil {
		return err
	}
	if len(known) == 0 {
		op.Choose("application", applicationID(op.Namespace(), op.Account()))
		app, err := op.Make("application", op.DocID(account), object.New(nil), func(*resource.Op) error { return nil })
		if err != nil {
			return err
		}
		known = append(known, app)
	}
	app := known[0]
	app.Set("name", platform.Object("settings").Object("dashboard").Get("display_name"))
	op.Save(app)
	return op.Emit(event, app)
}

// Disconnect ends the connection of an account that stands alone, as its removal does; false if there is no such account.
func Disconnect(op *resource.Op, id string) (found bool, err error) {
	account, err := op.Find("account", id)
	if account == nil || err != nil || id == op.Account() || !standsAlone(account) {
		return false, err
	}
	return true, op.Remove(account)
}
