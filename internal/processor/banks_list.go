package processor

import (
	"maps"
	"slices"
)

// TestBank is a published test account, and what it is there to show.
type TestBank struct {
	Scheme           string // the type of payment methods that it is debited by, or payouts
	Country, Routing string // the parts of a routing number one after the other; nothing beside an IBAN
	Number           string
	Tokens           []string // the names that stand for it
	Does             []string // what happens, in words with codes between backticks
}

// TestBanks are all of them, in the order in which they are documented.
func TestBanks() []TestBank {
	out := make([]TestBank, len(testBanks))
	for i, t := range testBanks {
		out[i] = TestBank{t.scheme, t.country, t.routing, t.number, slices.Clone(t.names), t.words(t.scheme != payouts)}
	}
	return out
}

// words say what the behaviour comes to; debited says that the account can be.
func (b *bankBehaviour) words(debited bool) (out []string) {
	switch s := b.settlement; {
	case !debited:
	case b.unusable != nil:
		out = append(out, "refused when it is typed: `"+b.unusable.Code+"`")
	case b.risk == blocked:
		out = append(out, "blocked, as too risky")
	case b.refused != nil:
		out = append(out, "refused at once: `"+b.refused.Code+"`")
	case b.depositsFail:
		out = append(out, "cannot be verified: `"+noDeposits.Code+"`")
	case s.Never:
		out = append(out, "stays `processing`")
	case s.Decline == mandateRefused:
		out = append(out, "the bank refuses the mandate: `"+s.Decline.Code+"`")
	default:
		out = append(out, s.words())
	}
	for _, d := range b.aftermath.Disputes {
		out = append(out, "disputed: `"+d.Reason+"`")
	}
	switch {
	case b.payout != nil:
		out = append(out, "payouts to it fail: `"+b.payout.Code+"`")
	case !debited:
		out = append(out, "paid")
	}
	return out
}

func (s Settlement) words() string {
	after := ""
	if s.After > 0 {
		after = " after three minutes"
	}
	if s.Decline != nil {
		return "fails" + after + ": `" + s.Decline.Code + "`"
	}
	return "paid" + after
}

// VoucherEmail is how the address of the holder of a voucher may end before the @, and what becomes of the voucher.
type VoucherEmail struct{ Ending, Does string }

// VoucherEmails are all of them; with any other address a voucher is paid after a while.
func VoucherEmails() (out []VoucherEmail) {
	for _, e := range voucherEmails {
		words := e.does.words()
		if e.does.Never {
			words = "never paid"
		}
		out = append(out, VoucherEmail{e.ending, words})
	}
	return append(out, VoucherEmail{"", Settlement{After: delayed}.words()})
}

// KnownDeposit is what a holder may tell of the two deposits in a bank account, and what comes of it.
type KnownDeposit struct {
	Amounts []int64
	Code    string
	Check   DepositCheck
}

// KnownDeposits are all that do not merely differ from what was deposited.
func KnownDeposits() (out []KnownDeposit) {
	for _, c := range depositChecks {
		out = append(out, KnownDeposit{slices.Clone(c.amounts), c.code, c.check})
	}
	return out
}

// EvidenceTexts are those that decide a dispute, with the verdict on each.
func EvidenceTexts() map[string]Verdict { return maps.Clone(verdicts) }

// Elsewhere are the types of payment methods that are paid without a number: redirects, whose holder agrees on the page of a
// bank or wallet, and vouchers, whose holder goes and pays.
func Elsewhere() (redirects, vouchers []string) {
	return slices.Sorted(maps.Keys(redirectTypes)), slices.Sorted(maps.Keys(voucherTypes))
}
