package processor

import "slices"

// testCard is one published test number, the names of its tokens (without tok_ or pm_card_) and what it does.
type testCard struct {
	number    string
	brand     Brand
	funding   string
	country   string
	names     []string
	behaviour behaviour
}

// behaviour is what a test card was made to show. The zero value is a card that works.
type behaviour struct {
	decline        *Decline // what each charge is answered
	keeps          bool     // can be kept with a customer although it declines
	needsCVC       bool     // declines only if a security code was given
	risk           risk
	authentication authentication
	aftermath      Aftermath
	refund         Refund
	payout         *PayoutFailure
	coBrand        Brand // the second network of the card
	// Results of the checks; empty passes.
	cvc, zip, line1 string
	// unpublished says that the card has a name and no number of its own: it shows another's, and cannot be typed.
	unpublished bool
}

// cardTables are the cards in the order in which they are documented.
var cardTables = []struct {
	name  string
	cards []testCard
}{
	{"networks", brandCards}, {"countries", countryCards}, {"declines", declineCards}, {"radar", radarCards}, {"authentication", authenticationCards},
	{"aftermath", aftermathCards}, {"payouts", slices.Concat(usDebitCards, payoutCards())},
}

// testCards are all cards there are.
var testCards = func() (all []testCard) {
	for _, table := range cardTables {
		all = append(all, table.cards...)
	}
	return all
}()

// brandCards are the cards of each network.
var brandCards = []testCard{
	{"4242424242424242", Visa, "credit", "US", []string{"visa", "us"}, behaviour{}},
	{"4000056655665556", Visa, "debit", "US", []string{"visa_debit", "visa_debit_us_transferSuccess"}, behaviour{}},
	{"5555555555554444", Mastercard, "credit", "US", []string{"mastercard"}, behaviour{}},
	{"2223003122003222", Mastercard, "credit", "US", nil, behaviour{}},
	{"5200828282828210", Mastercard, "debit", "US", []string{"mastercard_debit", "mastercard_debit_us_transferSuccess"}, behaviour{}},
	{"5105105105105100", Mastercard, "prepaid", "US", []string{"mastercard_prepaid"}, behaviour{}},
	{"378282246310005", Amex, "credit", "US", []string{"amex", "amex_threeDSecureNotSupported"}, behaviour{authentication: unsupported}},
	{"371449635398431", Amex, "credit", "US", nil, behaviour{}},
	{"6011111111111117", Discover, "credit", "US", []string{"discover"}, behaviour{}},
	{"6011000990139424", Discover, "credit", "US", nil, behaviour{}},
	{"6011981111111113", Discover, "debit", "US", []string{"discover_debit", "discover_debit_us_transferSuccess"}, behaviour{}},
	{"3056930009020004", Diners, "credit", "US", []string{"diners"}, behaviour{}},
	{"36227206271667", Diners, "credit", "US", nil, behaviour{}},
	{"6555900000604105", Discover, "credit", "US", nil, behaviour{}}, // BCcard and DinaCard, which Discover carries
	{"3566002020360505", JCB, "credit", "JP", []string{"jcb"}, behaviour{}},
	{"6200000000000005", UnionPay, "credit", "CN", []string{"unionpay"}, behaviour{}},
	{"6200000000000047", UnionPay, "debit", "CN", nil, behaviour{}},
	{"6205500000000000004", UnionPay, "credit", "CN", nil, behaviour{}},

	{"4000002500001001", Visa, "debit", "FR", []string{"visa_cartesBancaires"}, behaviour{coBrand: CartesBancaires}},
	{"5555552500001001", Mastercard, "debit", "FR", []string{"mastercard_cartesBancaires"}, behaviour{coBrand: CartesBancaires}},
	{"4000050360000001", Visa, "debit", "AU", []string{"visa_debit_eftposAuCoBranded"}, behaviour{coBrand: EftposAu}},
	{"5555050360000080", Mastercard, "debit", "AU", []string{"mastercard_debit_eftposAuCoBranded"}, behaviour{coBrand: EftposAu}},

	// Cards that differ only at a reader, by how a PIN is asked for.
	{"4001007020000002", Visa, "credit", "SG", nil, behaviour{}},
	{"4000008260000075", Visa, "credit", "GB", nil, behaviour{}},
	{"4001000360000005", Visa, "credit", "AU", nil, behaviour{}},
	{"4000002760000008", Visa, "credit", "DE", nil, behaviour{}},

	// Accounts for medical expenses.
	{"4000051230000072", Visa, "debit", "US", []string{"debit_visaFsaProductCode", "debit_visaHsaProductCode"}, behaviour{}},
	{"5200828282828897", Mastercard, "debit", "US", []string{"mastercard_debit_mastercardFsaProductCode"}, behaviour{}},
}

func (t *testCard) card(account string) Card {
	fingerprint := Fingerprint(account, t.identity())
	found.keep(account, fingerprint, t)
	return t.known(fingerprint)
}

// known is the card where its fingerprint was looked up.
func (t *testCard) known(fingerprint string) Card {
	return Card{Number: t.number, Brand: t.brand, Funding: t.funding, Country: t.country, Fingerprint: fingerprint, behaviour: &t.behaviour}
}

// identity is what tells a card from all others.
func (t *testCard) identity() string {
	if t.behaviour.unpublished {
		return t.number + " " + t.names[0]
	}
	return t.number
}

// byName and byNumber find test cards by what a request may hold.
var byName, byNumber = func() (map[string]*testCard, map[string]*testCard) {
	names, numbers := map[string]*testCard{}, map[string]*testCard{}
	for i := range testCards {
		t := &testCards[i]
		if !t.behaviour.unpublished {
			numbers[t.number] = t
		}
		for _, name := range t.names {
			names[name] = t
		}
	}
	return names, numbers
}()
