package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/spec"
)

// What each type of payment method shows, and what a charge shows of it. Both are made the same way: the spec says
// which fields there are, and the first source that knows one gives its value. What nobody knows is null.

// shaped makes an object of a schema out of sources, the first of which that has a field gives it.
func shaped(schema *spec.Schema, sources ...*object.Object) *object.Object {
	out := object.New(schema)
	out.Grow(len(schema.Props))
	for i := range schema.Props {
		p := &schema.Props[i]
		if v := firstOf(p.Name, sources); v != nil && object.Check(p.Schema(), v) == nil {
			out.Set(p.Name, v)
		} else if p.Schema().Nullable {
			out.Set(p.Name, nil)
		}
	}
	return out
}

func firstOf(name string, sources []*object.Object) any {
	for _, s := range sources {
		switch v := s.Get(name).(type) {
		case nil:
		case *object.Object:
			return v.Clone()
		case string:
			if v != "" {
				return v
			}
		default:
			return v
		}
	}
	return nil
}

// overwrite gives an object the fields of another one that it can have; the empty text makes them null.
func overwrite(o, with *object.Object) {
	for name, v := range with.All() {
		p := o.Schema().Prop(name)
		if p == nil {
			continue
		}
		switch v := v.(type) {
		case *object.Object:
			overwrite(o.Sub(name), v)
		case string:
			o.Set(name, textOrNull(v))
		default:
			o.Set(name, v)
		}
	}
}

// showMethod puts onto a payment method what it shows of its type: what was typed, and what the processor knows.
func showMethod(pm *object.Object, m processor.Method, typed *object.Object) {
	if m.Type == "card" {
		pm.Set("card", shownCard(m.Card, typed))
		return
	}
	p := spec.Component("payment_method").Prop(m.Type)
	if p == nil {
		return
	}
	sources := []*object.Object{bankFacts(m.Bank), typed, typeFacts(m.Type, typed)}
	if m.Type == "link" {
		sources = append(sources, newParams("email", pm.Object("billing_details").String("email")))
	}
	pm.Set(m.Type, shaped(p.Schema(), sources...))
}

// shownCard is the card of a payment method.
func shownCard(c processor.Card, typed *object.Object) *object.Object {
	networks := newParams("available", brandNames(c.Networks()))
	networks.Set("preferred", textOrNull(typed.Object("networks").String("preferred")))
	return shaped(spec.Component("payment_method_card"), newParams(
		"brand", string(c.Brand), "display_brand", string(c.Brand), "checks", cardChecks(c), "country", c.Country, "exp_month", c.ExpMonth, "exp_year", c.ExpYear,
		"fingerprint", c.Fingerprint, "funding", c.Funding, "last4", c.Last4(), "networks", networks, "regulated_status", "unregulated",
		"three_d_secure_usage", newParams("supported", c.ThreeDSecure())))
}

func brandNames(brands []processor.Brand) []any {
	names := make([]any, len(brands))
	for i, b := range brands {
		names[i] = string(b)
	}
	return names
}

func cardChecks(c processor.Card) *object.Object {
	checks := object.New(nil)
	checks.Set("address_line1_check", textOrNull(c.Line1Check))
	checks.Set("address_postal_code_check", textOrNull(c.ZipCheck))
	checks.Set("cvc_check", textOrNull(c.CVCCheck))
	return checks
}

// bankFacts is what a bank account shows, under all the names that types have for it. It is empty for what has no
// account.
func bankFacts(b processor.Bank) *object.Object {
	facts := newParams("last4", b.Last4(), "fingerprint", b.Fingerprint, "bank_name", b.Name, "country", b.Country,
		"routing_number", b.Routing, "sort_code", b.Routing, "bsb_number", b.Routing)
	for name, part := range nationalParts(b) {
		facts.Set(name, part)
	}
	if code, branch := ibanBank(b.Number); code != "" {
		facts.Set("country", b.Number[:2])
		facts.Set("bank_code", code)
		facts.Set("branch_code", branch)
	}
	return facts
}

// nationalParts takes the numbers of an account apart where a country's have parts with names of their own.
func nationalParts(b processor.Bank) map[string]string {
	const transitDigits, bankDigits, accountDigits = 5, 2, 7
	switch {
	case b.Country == "CA" && len(b.Routing) > transitDigits:
		return map[string]string{"transit_number": b.Routing[:transitDigits], "institution_number": b.Routing[transitDigits:]}
	case b.Country == "NZ" && len(b.Routing) > bankDigits && len(b.Number) > accountDigits:
		return map[string]string{
			"bank_code": b.Routing[:bankDigits], "branch_code": b.Routing[bankDigits:],
			"last4": b.Number[accountDigits-4 : accountDigits], "suffix": b.Number[accountDigits:],
		}
	}
	return nil
}

// ibanParts is where the numbers of a bank and its branch are in an IBAN, after the country and the check digits.
type ibanParts struct{ from, bank, branch int }

// ibanBanks are the countries of the published test accounts and the larger ones of the area.
var ibanBanks = map[string]ibanParts{
	"AT": {0, 5, 0}, "BE": {0, 3, 0}, "CH": {0, 5, 0}, "DE": {0, 8, 0}, "ES": {0, 4, 4}, "FI": {0, 3, 0}, "FR": {0, 5, 5}, "GB": {0, 4, 6}, "IE": {0, 4, 6},
	"GI": {0, 4, 0}, "LI": {0, 5, 0},
	"IT": {1, 5, 5}, "LU": {0, 3, 0}, "NL": {0, 4, 0}, "NO": {0, 4, 0}, "PL": {0, 3, 5}, "PT": {0, 4, 4}, "SE": {0, 3, 0},
}

// ibanBank reads the bank and its branch out of an IBAN; nothing out of another number.
func ibanBank(number string) (bank, branch string) {
	const head = 4
	if len(number) < head {
		return "", ""
	}
	parts, known := ibanBanks[number[:2]]
	end := head + parts.from + parts.bank
	if !known || len(number) < end+parts.branch {
		return "", ""
	}
	return number[head+parts.from : end], number[end : end+parts.branch]
}

// typeFacts is what methods of a type show whatever was typed.
func typeFacts(kind string, typed *object.Object) *object.Object {
	facts := object.New(nil)
	switch kind {
	case "us_bank_account":
		facts.Set("account_holder_type", "individual")
		facts.Set("account_type", "checking")
		facts.Set("networks", newParams("preferred", "ach", "supported", []any{"ach"}))
		facts.Set("status_details", object.New(nil))
	case "sepa_debit":
		from := object.New(nil)
		from.Set("charge", nil)
		from.Set("setup_attempt", nil)
		facts.Set("generated_from", from)
	case "ideal":
		facts.Set("bic", textOrNull(idealBICs[typed.String("bank")]))
	case "naver_pay":
		facts.Set("funding", "card")
	case "payto":
		number := plainNumber(typed.String("account_number"))
		facts.Set("last4", number[max(0, len(number)-4):])
	}
	return facts
}

// idealBICs are the banks of iDEAL.
var idealBICs = map[string]string{
	"abn_amro": "ABNANL2A", "adyen": "ADYBNL2A", "asn_bank": "ASNBNL21", "bunq": "BUNQNL2A", "buut": "BUUTNL2A", "finom": "FNOMNL22",
	"handelsbanken": "HANDNL2A", "ing": "INGBNL2A", "knab": "KNABNL2H", "mollie": "MLLENL2A", "moneyou": "MOYONL21", "n26": "NTSBDEB1", "nn": "NNBANL2G",
	"rabobank": "RABONL2U", "regiobank": "RBRBNL21", "revolut": "REVOLT21", "sns_bank": "SNSBNL2A", "triodos_bank": "TRIONL2U", "van_lanschot": "FVLBNL22",
	"yoursafe": "BITSNL2A",
}
