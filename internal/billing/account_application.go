package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A platform acts in accounts that connected themselves to it as an application, which its owner may take the right from at
// any time. Accounts that the platform answers for itself have no such choice.
//
//	account connects (POST /oauth/token) --> account.application.authorized
//	account leaves (POST /oauth/deauthorize), or is deleted --> account.application.deauthorized
//
// Both events are of the account, announce the application, and reach the platform's endpoints for connected accounts. The
// object is kept below the account.

const kindApplication = "application"

// standsAlone reports whether an account has a Dashboard of its own, in which its owner can end the connection.
func standsAlone(account *object.Object) bool {
	return account.Object("controller").Object("stripe_dashboard").String("type") == "full"
}

// announceApplication tells the platform what becomes of its right to act in an account: "authorized" or "deauthorized".
func announceApplication(op *resource.Op, account *object.Object, verb string) error {
	known, err := op.Below(kindApplication, account)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		return op.Emit("account.application."+verb, known[0])
	}
	platform, err := op.Find("account", op.Account())
	if err != nil {
		return err
	}
	op.Choose(kindApplication, applicationID(op.Account()))
	app, err := op.Make(kindApplication, op.DocID(account), object.New(nil), func(op *resource.Op) error {
		op.Object.Set("name", platform.Object("settings").Object("dashboard").Get("display_name"))
		return nil
	})
	if err != nil {
		return err
	}
	return op.Emit("account.application."+verb, app)
}
