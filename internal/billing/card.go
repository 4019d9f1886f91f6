package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A card is kept with a customer, to be charged again.
//
//	token or typed number --POST /v1/customers/{}/sources--> kept --DELETE--> gone
//
// A card that its bank declines is not kept: 402, and nothing is stored. What cards share with bank accounts and sources
// is in customer_source.go.
//
// Emits customer.source.created, .updated, .deleted.
func init() {
	register(resource.Rules{
		Object: "card", EventFamily: sourceFamily, Created: followCard, Update: updateCard, Delete: deleteSource,
		Actions: resource.Actions{
			"POST /v1/customers/{customer}/bank_accounts": addSource,
			"POST /v1/customers/{customer}/cards":         addSource,
			"POST /v1/customers/{customer}/sources":       addSource,
		},
	})
}

// bank decides about payments and what they are made with.
var bank processor.Processor = processor.Simulator{}

// keepCard keeps a card with a customer, unless its bank declines it.
func keepCard(op *resource.Op, customer string, s cardSource, metadata *object.Object) (*object.Object, error) {
	if declined := bank.Verify(processor.Method{Type: "card", Card: s.card}); declined != nil {
		return nil, cardError(declined, "")
	}
	fields := s.fields()
	fields.Set("customer", customer)
	if metadata != nil {
		fields.Set("metadata", metadata)
	}
	if s.id != "" {
		op.Choose("card", s.id)
	}
	return op.CreateBelow("card", customer, fields)
}

// fields are what a card object shows.
func (s cardSource) fields() *object.Object {
	c := s.card
	f := newParams("brand", c.Brand.Title(), "country", c.Country, "funding", c.Funding, "last4", c.Last4(), "exp_month", c.ExpMonth, "exp_year", c.ExpYear,
		"fingerprint", c.Fingerprint, "cvc_check", c.CVCCheck, "address_zip_check", c.ZipCheck, "address_line1_check", c.Line1Check)
	for _, name := range holderFields {
		if v := s.holder.String(name); v != "" {
			f.Set(name, v)
		}
	}
	if networks := s.holder.Object("networks"); networks != nil {
		f.Set("networks", networks.Clone())
	}
	return f
}

var holderFields = []string{"name", "address_line1", "address_line2", "address_city", "address_state", "address_zip", "address_country", "currency"}

// cardSource is a card that a request wants to use: its own id, if it has one already, and what is known of its holder.
type cardSource struct {
	id     string
	card   processor.Card
	holder *object.Object
}

// givenCard finds the card that a request brings along: a token in "source" or "card", or typed details in "card".
func givenCard(op *resource.Op, params *object.Object) (cardSource, error) {
	switch {
	case op.Processor() != nil:
		return cardSource{}, rawCard()
	case op.Live():
		return cardSource{}, noProcessor()
	}
	typed := params.Object("card")
	if typed == nil {
		typed = params.Object("source")
	}
	if typed != nil {
		card, declined := bank.Typed(op.Account(), cardDetails(typed), op.Now())
		if declined != nil {
			return cardSource{}, cardError(declined, "")
		}
		return cardSource{card: card, holder: typed}, nil
	}
	for _, name := range []string{"source", "card"} {
		if token := params.String(name); token != "" {
			return tokenCard(op, token, name)
		}
	}
	return cardSource{}, missingParam("source")
}

// tokenCard finds the card of a token: a published test token, or one that was made and not used yet.
func tokenCard(op *resource.Op, token, param string) (cardSource, error) {
	if m, ok := bank.Template(op.Account(), token, op.Now()); ok && m.Type == "card" {
		return cardSource{card: m.Card}, nil
	}
	made, err := op.Find("token", token)
	switch {
	case err != nil:
		return cardSource{}, err
	case made != nil && made.Object("card") != nil:
		return useToken(op, made, param)
	case op.Mocks():
		m, _ := bank.Template(op.Account(), workingToken, op.Now())
		return cardSource{card: m.Card}, nil
	}
	return cardSource{}, apierr.MissingRef("token", token, param)
}

// workingToken is the test token of a card that always works.
const workingToken = "tok_visa"

func cardDetails(typed *object.Object) processor.Details {
	return processor.Details{
		Number: typed.String("number"), ExpMonth: expiry(typed, "exp_month"), ExpYear: expiry(typed, "exp_year"),
		CVC: typed.String("cvc"), Zip: typed.String("address_zip"), Line1: typed.String("address_line1"),
	}
}

// expiry reads a month or a year, which some operations take as a number and others as text. What is neither is no date.
func expiry(typed *object.Object, name string) int64 {
	n := typed.Int(name)
	if text := typed.String(name); text != "" {
		n, _ = strconv.ParseInt(text, 10, 64)
	}
	if name == "exp_year" && n > 0 && n < 100 {
		n += 2000
	}
	return n
}

// keptCard is a customer's card, ready to be charged.
func keptCard(op *resource.Op, kept *object.Object) cardSource {
	m, known := bank.Stored(op.Account(), "card", kept.String("fingerprint"), kept.String("cvc_check"))
	if !known { // the example that a mock server puts in the place of a card
		m, _ = bank.Template(op.Account(), workingToken, op.Now())
	}
	card := m.Card
	card.ExpMonth, card.ExpYear = kept.Int("exp_month"), kept.Int("exp_year")
	card.ZipCheck, card.Line1Check = kept.String("address_zip_check"), kept.String("address_line1_check")
	return cardSource{id: kept.ID(), card: card, holder: kept}
}

// cardError is a decline as the API says it. charge is the failed charge, if one was made.
func cardError(d *processor.Decline, charge string) *apierr.Error {
	e := apierr.Card(d.Code, d.DeclineCode, d.Param, d.Message)
	e.Charge, e.AdviceCode, e.NetworkCode = charge, d.AdviceCode, d.NetworkDeclineCode
	return e
}

// updateCard takes a new date of expiry, which is sent as text.
func updateCard(op *resource.Op) error {
	card := op.Object
	for _, name := range []string{"exp_month", "exp_year"} {
		if op.Params.Has(name) {
			card.Set(name, expiry(op.Params, name))
		}
	}
	if declined := processor.CheckExpiry(card.Int("exp_month"), card.Int("exp_year"), op.Now()); declined != nil {
		return cardError(declined, "")
	}
	return keepLegacyAlike(op, card)
}

// followCard lets a customer's new card be a payment method too, and the default if it is the first.
func followCard(op *resource.Op) error {
	if op.Object.Ref("customer") == "" { // an account's, to be paid into
		return nil
	}
	if _, err := makeLegacyMethod(op, op.Object); err != nil {
		return err
	}
	return makeDefaultSource(op)
}
