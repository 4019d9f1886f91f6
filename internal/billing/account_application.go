package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A platform acts in accounts that connected themselves to it as an application, which its owner may take the right from at
// any time. Accounts that the platform answers for itself have no such choice.
//
//	account leaves (POST /oauth/deauthorize, web/oauth), or is deleted --> account.application.deauthorized
//
// The event is of the account, announces the application, and reaches the platform's endpoints for connected accounts.

// standsAlone reports whether an account has a Dashboard of its own, in which its owner can end the connection.
func standsAlone(account *object.Object) bool {
	return account.Object("controller").Object("stripe_dashboard").String("type") == "full"
}

// deauthorize tells the platform that it has lost its right to act in an account.
func deauthorize(op *resource.Op, account *object.Object) error {
	platform, err := op.Find("account", op.Account())
	if err != nil {
		return err
	}
	op.Choose("application", applicationID(op.Account()))
	app, err := op.Make("application", op.DocID(account), object.New(nil), func(op *resource.Op) error {
		op.Object.Set("name", platform.Object("settings").Object("dashboard").Get("display_name"))
		return nil
	})
	if err != nil {
		return err
	}
	return op.Emit("account.application.deauthorized", app)
}

// ApplicationID is the client_id of the application that an account acts as in those connected to it.
func ApplicationID(account string) string { return applicationID(account) }

// Disconnect ends the connection of an account that stands alone, as its removal does; false if there is no such account.
func Disconnect(op *resource.Op, id string) (found bool, err error) {
	account, err := op.Find("account", id)
	if account == nil || err != nil || id == op.Account() || !standsAlone(account) {
		return false, err
	}
	return true, op.Remove(account)
}
