package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What each type of source takes and shows.

// sourceForm is how sources of a type work.
type sourceForm struct {
	flow     string // none, redirect, receiver or code_verification
	usage    string // reusable or single_use
	currency string // the one that it pays in; empty if it needs none
	waits    bool   // is pending although its flow is none
}

const anyCurrency = "any"

var sourceForms = map[string]sourceForm{
	"ach_credit_transfer": {"receiver", "reusable", "usd", false},
	"ach_debit":           {"code_verification", "reusable", "usd", false},
	"acss_debit":          {"none", "reusable", "cad", false},
	"alipay":              {"redirect", "single_use", anyCurrency, false},
	"au_becs_debit":       {"none", "reusable", "aud", false},
	"bancontact":          {"redirect", "single_use", "eur", false},
	"card":                {"none", "reusable", "", false},
	"eps":                 {"redirect", "single_use", "eur", false},
	"giropay":             {"redirect", "single_use", "eur", false},
	"ideal":               {"redirect", "single_use", "eur", false},
	"klarna":              {"redirect", "single_use", anyCurrency, false},
	"multibanco":          {"receiver", "single_use", "eur", false},
	"p24":                 {"redirect", "single_use", anyCurrency, false},
	"sepa_debit":          {"none", "reusable", "eur", false},
	"sofort":              {"redirect", "single_use", "eur", false},
	"three_d_secure":      {"redirect", "single_use", anyCurrency, false},
	"wechat":              {"none", "single_use", anyCurrency, true},
}

// sourceTypes are the names of the hashes that say more of a type.
var sourceTypes = []string{
	"ach_credit_transfer", "ach_debit", "acss_debit", "alipay", "au_becs_debit", "bancontact", "card", "card_present", "eps", "giropay", "ideal", "klarna",
	"multibanco", "p24", "sepa_debit", "sofort", "three_d_secure", "wechat",
}

func (f sourceForm) status() string {
	if f.flow == "none" && !f.waits {
		return "chargeable"
	}
	return "pending"
}

// showFlow puts onto a source what its holder has to do.
func (f sourceForm) showFlow(op *resource.Op) {
	src := op.Object
	switch f.flow {
	case "redirect":
		redirect := newParams("return_url", op.Params.Object("redirect").String("return_url"), "status", "pending",
			"url", op.BaseURL()+"/redirect/authenticate/"+src.ID()+"?client_secret="+src.String("client_secret")+"&in="+op.Place())
		redirect.Set("failure_reason", nil)
		src.Set("redirect", redirect)
	case "receiver":
		method := op.Params.Object("receiver").String("refund_attributes_method")
		if method == "" {
			method = "email"
		}
		receiver := newParams("amount_charged", 0, "amount_received", 0, "amount_returned", 0, "refund_attributes_method", method, "refund_attributes_status", "missing")
		receiver.Set("address", nil)
		src.Set("receiver", receiver)
	case "code_verification":
		src.Set("code_verification", newParams("attempts_remaining", maxDepositGuesses, "status", "pending"))
	}
}

// typedSource is what a source of a type shows: what was typed, and what follows from it.
func typedSource(op *resource.Op, kind string) ([]*object.Object, error) {
	given := op.Params.Object(kind)
	facts, err := sourceFacts(op, kind, given)
	return []*object.Object{given, facts}, err
}

func sourceFacts(op *resource.Op, kind string, given *object.Object) (*object.Object, error) {
	descriptor := op.Params.String("statement_descriptor")
	facts := newParams("statement_descriptor", descriptor)
	switch kind {
	case "card", "three_d_secure":
		return cardSourceFacts(op, kind, given)
	case "sepa_debit", "au_becs_debit":
		return debitSourceFacts(op, kind, given)
	case "ach_debit":
		s, err := tokenAccount(op, op.Params.String("token"), "token")
		return bankFacts(s.bank), err
	case "ach_credit_transfer":
		return newParams("account_number", "test_"+strings.ToLower(op.Code(12)), "bank_name", "TEST BANK", "routing_number", "110000000", "swift_code", "TSTEZ122",
			"fingerprint", op.Secret(16)), nil
	case "ideal":
		facts.Set("bic", textOrNull(idealBICs[given.String("bank")]))
	case "multibanco":
		facts.Set("entity", "12345")
		facts.Set("reference", asDigits(op.Code(9)))
	case "p24":
		facts.Set("reference", "P24-"+op.Code(9))
	case "wechat":
		id := op.Object.ID()
		facts.Set("prepay_id", "test_"+id)
		facts.Set("qr_code_url", op.BaseURL()+"/redirect/authenticate/"+id)
		facts.Set("statement_descriptor", descriptor)
	}
	return facts, nil
}

// asDigits makes digits of capitals and digits.
func asDigits(code string) string {
	return strings.Map(func(r rune) rune { return '0' + (r*7+3)%10 }, code)
}

// cardSourceFacts is the card of a source: typed, of a token, or for 3D Secure one that is there already.
func cardSourceFacts(op *resource.Op, kind string, given *object.Object) (*object.Object, error) {
	if kind == "card" {
		s, err := sourceCard(op, given)
		if err != nil {
			return nil, err
		}
		facts := s.fields()
		facts.Set("three_d_secure", "optional")
		if name := s.holder.String("name"); name != "" {
			op.Object.Object("owner").Set("name", name)
		}
		return facts, nil
	}
	s, err := cardToAuthenticate(op, given)
	if err != nil {
		return nil, err
	}
	facts := s.fields()
	facts.Set("authenticated", false)
	facts.Set("card", s.id)
	facts.Set("three_d_secure", "optional")
	return facts, nil
}

func sourceCard(op *resource.Op, given *object.Object) (cardSource, error) {
	if token := op.Params.String("token"); token != "" {
		return tokenCard(op, token, "token")
	}
	if given == nil {
		return cardSource{}, missingParam("token")
	}
	return givenCard(op, newParams("card", given))
}

// cardToAuthenticate is the card that a 3D Secure source names: a token, a source, or a customer's card.
func cardToAuthenticate(op *resource.Op, given *object.Object) (cardSource, error) {
	const param = "three_d_secure[card]"
	id := given.String("card")
	if id == "" {
		return cardSource{}, missingParam(param)
	}
	kind := "card"
	switch {
	case strings.HasPrefix(id, "tok_"):
		return tokenCard(op, id, param)
	case strings.HasPrefix(id, "src_"):
		kind = "source"
	}
	kept, err := op.Get(kind, id, param)
	if err != nil {
		return cardSource{}, err
	}
	if kind == "source" {
		if kept.String("type") != "card" {
			return cardSource{}, apierr.Invalid("", param, "The source %s is not a card.", id)
		}
		kept = kept.Object("card")
	}
	s := keptCard(op, kept)
	s.id = id
	return s, nil
}

// debitSourceFacts is the bank account of a source, and the mandate to debit it.
func debitSourceFacts(op *resource.Op, kind string, given *object.Object) (*object.Object, error) {
	if given == nil {
		return nil, missingParam(kind)
	}
	m, err := typedBank(op, kind, given, kind)
	if err != nil {
		return nil, err
	}
	facts := bankFacts(m.Bank)
	facts.Set("mandate_reference", op.Code(16))
	facts.Set("mandate_url", op.BaseURL()+"/mandates/"+op.Object.ID())
	return facts, nil
}

// depositCode reads the values that prove an account to be its holder's: two amounts, or one code.
func depositCode(values []any) (amounts []int64, code string) {
	for _, v := range values {
		text, _ := v.(string)
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, text
		}
		amounts = append(amounts, n)
	}
	return amounts, ""
}
