package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// What each type of payment method takes. What it shows is in payment_method_shown.go.

// methodTypes are the types of payment methods: each is also the name of the hash that says more of it.
var methodTypes = func() []string {
	schema := spec.Component("payment_method")
	var types []string
	for _, kind := range schema.Prop("type").Schema().Enum {
		if schema.Prop(kind) != nil {
			types = append(types, kind)
		}
	}
	return types
}()

// typedMethod reads what a customer typed: the parameters of a payment method, or payment_method_data. param leads the
// names in errors.
func typedMethod(op *resource.Op, data *object.Object, param string) (processor.Method, error) {
	kind := data.String("type")
	if kind == "" {
		return processor.Method{}, missingParam(inside(param, "type"))
	}
	if err := checkHashes(data, kind, param); err != nil {
		return processor.Method{}, err
	}
	given := data.Object(kind)
	switch {
	case op.Processor() != nil && kind == "card":
		return processor.Method{}, rawCard()
	case op.Processor() != nil:
		return processor.Method{}, notLive("A payment method of the type " + kind)
	case kind == "card":
		return typedCard(op, given, data.Object("billing_details").Object("address"), inside(param, "card"))
	case kind == "us_bank_account" && given.Has("financial_connections_account"):
		return connectedAccount(op, given, inside(param, kind))
	case bankForms[kind].number != nil:
		return typedBank(op, kind, given, inside(param, kind))
	}
	return processor.Method{Type: kind}, nil
}

// inside is the name of a parameter within a hash; param is empty at the top.
func inside(param, name string) string {
	if param == "" {
		return name
	}
	return param + "[" + name + "]"
}

// checkHashes wants the hash of the type if it is needed, and no other's.
func checkHashes(data *object.Object, kind, param string) error {
	if data.Object(kind) == nil && needsHash(kind) {
		return missingParam(inside(param, kind))
	}
	for _, name := range data.Keys() {
		if name != kind && slices.Contains(methodTypes, name) && data.Object(name).Len() > 0 {
			return apierr.Invalid("parameter_unknown", inside(param, name), "Received unknown parameter: %s", inside(param, name))
		}
	}
	return nil
}

// needsHash reports whether a type says nothing without its hash: it has an account's number, or something required.
func needsHash(kind string) bool {
	if bankForms[kind].number != nil || kind == "card" {
		return true
	}
	p := spec.OperationByID("PostPaymentMethods").Params().Prop(kind)
	return p != nil && slices.ContainsFunc(p.Schema().Props, func(p spec.Prop) bool { return p.Required })
}

// typedCard reads the number of a card, whose bank checks the address that it is billed to, or a token.
func typedCard(op *resource.Op, given, address *object.Object, param string) (processor.Method, error) {
	if token := given.String("token"); token != "" {
		s, err := tokenCard(op, token, inside(param, "token"))
		return processor.Method{Type: "card", Card: s.card}, err
	}
	typed := given.Clone()
	typed.Set("address_line1", address.String("line1"))
	typed.Set("address_zip", address.String("postal_code"))
	s, err := givenCard(op, newParams("card", typed))
	return processor.Method{Type: "card", Card: s.card}, err
}

// bankForm says how a type of bank debit names an account: the parameters whose values, one after the other, are the
// account's number, and those that say which bank.
type bankForm struct {
	country, currency string
	number, routing   []string
}

var bankForms = map[string]bankForm{
	"acss_debit":      {"CA", "cad", []string{"account_number"}, []string{"transit_number", "institution_number"}},
	"au_becs_debit":   {"AU", "aud", []string{"account_number"}, []string{"bsb_number"}},
	"bacs_debit":      {"GB", "gbp", []string{"account_number"}, []string{"sort_code"}},
	"nz_bank_account": {"NZ", "nzd", []string{"account_number", "suffix"}, []string{"bank_code", "branch_code"}},
	"sepa_debit":      {"", "eur", []string{"iban"}, nil},
	"us_bank_account": {"US", "usd", []string{"account_number"}, []string{"routing_number"}},
}

// details are the account that was typed.
func (f bankForm) details(given *object.Object, param string) (processor.BankDetails, error) {
	d := processor.BankDetails{Country: f.country, Currency: f.currency}
	var err error
	if d.Number, err = joinedParts(given, f.number, param); err != nil {
		return d, err
	}
	if d.Routing, err = joinedParts(given, f.routing, param); err != nil {
		return d, err
	}
	if f.country == "" { // an IBAN begins with it
		d.Country = d.Number[:min(2, len(d.Number))]
	}
	return d, nil
}

// joinedParts puts the parts of a number together, all of which must be there.
func joinedParts(given *object.Object, names []string, param string) (string, error) {
	var number strings.Builder
	for _, name := range names {
		part := plainNumber(given.String(name))
		if part == "" {
			return "", missingParam(inside(param, name))
		}
		number.WriteString(part)
	}
	return number.String(), nil
}

// plainNumber is a number without what people put between its digits.
func plainNumber(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
}

// typedBank reads the number of a bank account.
func typedBank(op *resource.Op, kind string, given *object.Object, param string) (processor.Method, error) {
	details, err := bankForms[kind].details(given, param)
	if err != nil {
		return processor.Method{}, err
	}
	b, declined := bank.TypedBank(op.Account(), kind, details)
	if declined != nil {
		return processor.Method{}, bankError(declined, param)
	}
	return processor.Method{Type: kind, Bank: b}, nil
}

// bankError says what is wrong with the number of a bank account. It is a wrong parameter: no bank was asked.
func bankError(d *processor.Decline, param string) error {
	if d.Param != "" {
		param = inside(param, d.Param)
	}
	return apierr.Invalid(d.Code, param, "%s", d.Message)
}

// workingAccount is the test name of a bank account that always works.
const workingAccount = "pm_usBankAccount_success"

// connectedAccount is a bank account that its holder chose at their bank.
func connectedAccount(op *resource.Op, given *object.Object, param string) (processor.Method, error) {
	if _, err := op.Get("financial_connections.account", given.String("financial_connections_account"), inside(param, "financial_connections_account")); err != nil {
		return processor.Method{}, err
	}
	m, known := bank.Template(op.Account(), workingAccount, op.Now())
	if !known {
		return processor.Method{Type: "us_bank_account"}, nil
	}
	return m, nil
}

// keptMethod is what the processor knows of a payment method that was kept.
func keptMethod(op *resource.Op, pm *object.Object) processor.Method {
	kind := pm.String("type")
	part := pm.Object(kind)
	m, known := bank.Stored(op.Account(), kind, fingerprintOf(op, kind, part), part.Object("checks").String("cvc_check"))
	switch {
	case kind == "card" && op.Live():
		m = processor.Method{Type: kind, Card: remoteCard(part)}
	case !known && kind == "card": // the example that a mock server puts in the place of a payment method
		m, _ = bank.Template(op.Account(), workingToken, op.Now())
	case !known:
		m = processor.Method{Type: kind}
	}
	if kind == "card" {
		checks := part.Object("checks")
		m.Card.ExpMonth, m.Card.ExpYear = part.Int("exp_month"), part.Int("exp_year")
		m.Card.ZipCheck, m.Card.Line1Check = checks.String("address_postal_code_check"), checks.String("address_line1_check")
	}
	return m
}

// fingerprintOf is the fingerprint of a card or a bank account, also of a type that does not show it.
func fingerprintOf(op *resource.Op, kind string, part *object.Object) string {
	if print := part.String("fingerprint"); print != "" || bankForms[kind].number == nil {
		return print
	}
	return bank.Ending(op.Account(), kind, part.String("last4")+part.String("suffix"))
}

// updateTypedMethod takes what can be changed of a type: the expiry of a card, whose a bank account is.
func updateTypedMethod(op *resource.Op) error {
	pm := op.Object
	kind := pm.String("type")
	if err := checkUpdateHashes(op.Params, kind); err != nil {
		return err
	}
	sent := op.Params.Object(kind)
	if sent == nil {
		return nil
	}
	overwrite(pm.Sub(kind), sent)
	if number := plainNumber(sent.String("account_number")); number != "" {
		pm.Object(kind).Set("last4", number[max(0, len(number)-4):])
	}
	if kind != "card" {
		return nil
	}
	card := pm.Object("card")
	if d := processor.CheckExpiry(card.Int("exp_month"), card.Int("exp_year"), op.Now()); d != nil {
		return cardError(d, "")
	}
	return updateLegacyCard(op, pm)
}

func checkUpdateHashes(params *object.Object, kind string) error {
	for _, name := range params.Keys() {
		if name != kind && slices.Contains(methodTypes, name) {
			return apierr.Invalid("", name, "You cannot update `%s` on a PaymentMethod of type `%s`.", name, kind)
		}
	}
	return nil
}
