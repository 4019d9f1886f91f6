package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A connected account is a seller that works through this one.
//
//	(new) --what is required is given--> enabled --something is taken back--> disabled
//	enabled --reject--> rejected --unreject--> enabled
//	any --DELETE--> gone
//
// What it can do is asked for as capabilities (capability.go), which become active once nothing they need is missing
// (account_requirements.go, account_review.go). The object lives with the platform, whoever asks for it.
//
// Emits account.updated, capability.updated for each capability that changes, and account.application.authorized and
// .deauthorized (account_application.go).
func init() {
	register(resource.Rules{
		Object: "account", Self: ownAccount, Unmerged: []string{"individual", "capabilities", "controller", "type", "external_accounts"},
		Prepare: prepareAccount, Create: createAccount, Created: announceEnabled, Update: updateAccount, Delete: deleteAccount,
		Actions: resource.Actions{
			"POST /v1/accounts/{account}/reject":   rejectAccount,
			"POST /v1/accounts/{account}/unreject": unrejectAccount,
		},
	})
}

func prepareAccount(op *resource.Op) error {
	if op.Params.Has("type") && op.Params.Has("controller") {
		return exclusive("type", "controller")
	}
	if _, err := takeToken(op, "account"); err != nil {
		return err
	}
	return checkProfile(op.Params)
}

// checkProfile refuses what no account could be reached by.
func checkProfile(params *object.Object) error {
	if email := params.String("email"); email != "" && !isEmail(email) {
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", email)
	}
	profile := params.Object("business_profile")
	for _, name := range []string{"url", "support_url"} {
		if url := profile.String(name); url != "" && (strings.ContainsAny(url, " \t\r\n") || !strings.Contains(url, ".")) {
			return apierr.Invalid("url_invalid", "business_profile["+name+"]", "Not a valid URL")
		}
	}
	return nil
}

func createAccount(op *resource.Op) error {
	a := op.Object
	if a.String("country") == "" {
		a.Set("country", "US")
	}
	code := strings.ToUpper(a.String("country"))
	i := slices.IndexFunc(countries, func(c country) bool { return c.code == code })
	if i < 0 {
		return apierr.Invalid("country_unsupported", "country", "Accounts in %s are not supported.", code)
	}
	a.Set("country", code)
	a.Set("created", op.Now().Unix())
	if !op.Params.Has("default_currency") {
		a.Set("default_currency", countries[i].currency)
	}
	if err := checkCurrency(a.String("default_currency")); err != nil {
		return err
	}
	if err := chooseController(a, op.Params); err != nil {
		return err
	}
	for _, name := range []string{"charges_enabled", "payouts_enabled", "details_submitted"} {
		a.Set(name, false)
	}
	a.Set("capabilities", object.New(nil))
	fillAccount(a)
	if err := takeDetails(op); err != nil {
		return err
	}
	if err := brandAccount(op, a); err != nil {
		return err
	}
	return reviewAccount(op, a)
}

// announceEnabled tells of an account that could do something from the start.
func announceEnabled(op *resource.Op) error {
	a := op.Object
	previous := object.New(nil)
	for _, name := range []string{"charges_enabled", "details_submitted", "payouts_enabled"} {
		if a.Bool(name) {
			previous.Set(name, false)
		}
	}
	if previous.Len() == 0 {
		return nil
	}
	return op.EmitChanged("account.updated", a, previous)
}

func updateAccount(op *resource.Op) error {
	if err := mergeToken(op, "account"); err != nil {
		return err
	}
	if err := checkProfile(op.Params); err != nil {
		return err
	}
	if err := settleNumbering(op, op.Object); err != nil {
		return err
	}
	if err := takeDetails(op); err != nil {
		return err
	}
	if err := brandAccount(op, op.Object); err != nil {
		return err
	}
	if err := reviewAccount(op, op.Object); err != nil {
		return err
	}
	known := op.Object.Object("individual")
	if known == nil {
		return nil
	}
	person, err := op.Find("person", known.ID())
	if person == nil || err != nil {
		return err
	}
	return op.EmitUpdated(person)
}

// takeDetails takes what a create or an update says of who is behind the account, where it is paid and what it asks for.
func takeDetails(op *resource.Op) error {
	if err := takeCompany(op); err != nil {
		return err
	}
	if err := takeIndividual(op); err != nil {
		return err
	}
	if err := takeExternalAccount(op); err != nil {
		return err
	}
	for name, v := range op.Params.Object("capabilities").All() {
		sent, _ := v.(*object.Object)
		if err := askCapability(op, op.Object, name, sent.Bool("requested")); err != nil {
			return err
		}
	}
	return nil
}

// badNumber is the tax id, or number of an identity, that the published tests fail with.
const badNumber = "111111111"

// takeCompany notes what is not shown of a company: only that it was given, and whether it is right.
func takeCompany(op *resource.Op) error {
	sent := op.Params.Object("company")
	if sent == nil {
		return nil
	}
	company := op.Object.Sub("company")
	for param, field := range map[string]string{"tax_id": "tax_id_provided", "vat_id": "vat_id_provided"} {
		if sent.String(param) != "" {
			company.Set(field, true)
		}
	}
	if !sent.Has("tax_id") {
		return nil
	}
	return setNote(op, op.Object, "tax_id_wrong", digitsOf(sent.String("tax_id")) == badNumber)
}

// setNote keeps a yes or no beside an object.
func setNote(op *resource.Op, o *object.Object, name string, yes bool) error {
	private, err := op.Private(o)
	if err != nil {
		return err
	}
	if private.Bool(name) == yes {
		return nil
	}
	if yes {
		private.Set(name, true)
	} else {
		private.Delete(name)
	}
	return op.SetPrivate(o, private)
}

// digitsOf leaves the digits of a number that is typed with dashes or blanks.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// takeIndividual keeps the one person that an individual's account is about.
func takeIndividual(op *resource.Op) error {
	sent := op.Params.Object("individual")
	if sent == nil {
		return nil
	}
	account := op.Object
	if account.String("business_type") == "company" {
		return apierr.Invalid("", "individual", "The `individual` parameter is for accounts with the business_type individual; this account's is company. Use persons instead.")
	}
	known := account.Object("individual")
	if known != nil {
		person, err := op.Get("person", known.ID(), "individual")
		if err != nil {
			return err
		}
		return changePerson(op, person, sent)
	}
	_, err := op.Make("person", account.ID(), sent, func(op *resource.Op) error {
		op.Object.Sub("relationship").Set("representative", true)
		return createPerson(op)
	})
	return err
}

func deleteAccount(op *resource.Op) error {
	if op.Object.ID() == op.Account() {
		return apierr.Invalid("", "", "You cannot delete your own account.")
	}
	if !standsAlone(op.Object) {
		return nil
	}
	return tellApplication(op, op.Object, "account.application.deauthorized")
}

// rejectAccount takes everything from an account for a reason.
func rejectAccount(op *resource.Op) error {
	reason := op.Params.String("reason")
	if !slices.Contains([]string{"fraud", "other", "terms_of_service"}, reason) {
		return apierr.Invalid("", "reason", "Invalid reason: must be one of fraud, other, or terms_of_service")
	}
	return judgeAccount(op, reason)
}

func unrejectAccount(op *resource.Op) error { return judgeAccount(op, "") }

func judgeAccount(op *resource.Op, reason string) error {
	a := op.Object
	if a.ID() == op.Account() {
		return apierr.Invalid("", "", "You cannot reject your own account.")
	}
	private, err := op.Private(a)
	if err != nil {
		return err
	}
	if reason == "" && private.String("rejected") == "" {
		return apierr.Invalid("", "", "The account %s is not rejected.", a.ID())
	}
	private.Set("rejected", reason)
	if reason == "" {
		private.Delete("rejected")
	}
	if err := op.SetPrivate(a, private); err != nil {
		return err
	}
	return reviewAndTell(op, a)
}
