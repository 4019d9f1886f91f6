package processor

import (
	"slices"
	"strings"
	"time"
)

// testBank is one published test account: the scheme it is debited by (a type of payment methods, or payouts), its
// numbers, and what it does.
type testBank struct {
	scheme  string
	country string
	routing string
	number  string
	names   []string // of its tokens, whole
	bankBehaviour
}

// bankBehaviour is what a test account was made to show. The zero value is an account that works.
type bankBehaviour struct {
	settlement   Settlement
	aftermath    Aftermath
	refused      *Decline // at once, before the bank is asked
	risk         risk
	unusable     *Decline // when it is typed
	depositsFail bool     // nothing can be deposited to prove who owns it
	payout       *PayoutFailure
}

// Schemes that are no payment method types.
const (
	payouts     = "payouts"      // accounts that are only paid into
	bankAccount = "bank_account" // the older kind of source: the same accounts as us_bank_account
)

// testBanks are all bank accounts there are.
var testBanks = slices.Concat(achBanks, sepaBanks(), bacsBanks, becsBanks, nzBanks, acssBanks, payoutBanks())

type bankKey struct{ scheme, country, routing, number string }

// bankByName and bankByNumber find test accounts by what a request may hold.
var bankByName, bankByNumber = func() (map[string]*testBank, map[bankKey]*testBank) {
	names, numbers := map[string]*testBank{}, map[bankKey]*testBank{}
	for i := range testBanks {
		t := &testBanks[i]
		numbers[bankKey{t.scheme, t.country, t.routing, t.number}] = t
		for _, name := range t.names {
			names[name] = t
		}
	}
	return names, numbers
}()

func (t *testBank) bank(account string) Bank {
	fingerprint := Fingerprint(account, t.identity())
	found.keep(account, fingerprint, t)
	return t.known(fingerprint)
}

// known is the account where its fingerprint was looked up.
func (t *testBank) known(fingerprint string) Bank {
	return Bank{
		Number: t.number, Routing: t.routing, Country: t.country, Name: "STRIPE TEST BANK", Fingerprint: fingerprint, behaviour: &t.bankBehaviour,
	}
}

// identity is what tells an account from all others.
func (t *testBank) identity() string {
	return strings.Join([]string{t.scheme, t.country, t.routing, t.number}, " ")
}

// unverified is the one token of a bank account whose holder has to prove to be it.
const unverified = "btok_us"

// template is the method of a token's name. Who owns a template needs no proof.
func (t *testBank) template(account, name string) Method {
	b := t.bank(account)
	b.Verified = name != unverified
	kind := t.scheme
	if strings.HasPrefix(name, "btok_") {
		kind = bankAccount
	}
	return Method{Type: kind, Bank: b}
}

// bankOf is the account with a fingerprint; nil if there is none.
func bankOf(account, fingerprint string) *testBank {
	if t, ok := found.find(account, fingerprint).(*testBank); ok {
		return t
	}
	i := slices.IndexFunc(testBanks, func(t testBank) bool { return Fingerprint(account, t.identity()) == fingerprint })
	var t *testBank
	if i >= 0 {
		t = &testBanks[i]
	}
	found.keep(account, fingerprint, t)
	return t
}

// Ending finds the published account that ends like that: those of types without a fingerprint all end differently.
func (Simulator) Ending(account, methodType, shown string) string {
	for i := range testBanks {
		if t := &testBanks[i]; t.scheme == methodType && shown != "" && strings.HasSuffix(t.number, shown) {
			return t.bank(account).Fingerprint
		}
	}
	return ""
}

// pay asks Radar, then the holder for a proof, and then the bank, which takes its time.
func (b Bank) pay(kind string, a Attempt) Answer {
	does := b.behaviour
	if does == nil { // an account without a test number works
		does = &bankBehaviour{}
	}
	if does.refused != nil && !a.Setup {
		return Answer{Step: Declined, Outcome: does.refusal()}
	}
	if proof := kind == "us_bank_account" || kind == "acss_debit"; proof {
		if does.depositsFail {
			return Answer{Step: Microdeposit, Settlement: Settlement{Decline: noDeposits}}
		}
		if !a.Verified && !b.Verified {
			return Answer{Step: Microdeposit}
		}
	}
	if a.Setup {
		// A bank that never takes the mandate says so at once; one that ends it does so when it is debited.
		refusedMandate := does.settlement.Decline == mandateRefused
		return Answer{Step: Approved, Outcome: debited(), Settlement: Settlement{EndsMandate: refusedMandate}}
	}
	return Answer{Step: Processing, Outcome: debited(), Settlement: does.settlement, Aftermath: does.aftermath}
}

// debited is the outcome of a payment that its bank takes. Radar does not rate bank debits that it lets pass.
func debited() Outcome {
	o := normal.authorized()
	o.RiskLevel, o.RiskScore = "not_assessed", 0
	return o
}

// refusal is the outcome of a payment that the bank was not asked for.
func (b *bankBehaviour) refusal() Outcome {
	o := b.risk.declined(b.refused)
	if b.risk != blocked {
		o.Type, o.NetworkStatus, o.Reason, o.SellerMessage = "blocked", "not_sent_to_network", b.refused.Code, b.refused.Message
	}
	return o
}

// CheckDeposits knows the published amounts and codes.
func (Simulator) CheckDeposits(_ Bank, amounts []int64, code string) DepositCheck {
	given := slices.Sorted(slices.Values(amounts))
	for _, c := range depositChecks {
		if code != "" && code == c.code || code == "" && slices.Equal(given, c.amounts) {
			return c.check
		}
	}
	return DepositsDiffer
}

var depositChecks = [...]struct {
	amounts []int64
	code    string
	check   DepositCheck
}{
	{[]int64{32, 45}, "SM11AA", DepositsMatch},
	{[]int64{10, 11}, "SM33CC", DepositsTooMany},
	{[]int64{40, 41}, "SM44DD", DepositsTimeout},
}

// delayed is how long the slow test accounts take.
const delayed = 3 * time.Minute
