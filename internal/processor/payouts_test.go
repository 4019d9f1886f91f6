package processor

import "testing"

func TestPayouts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, routing, number, want string }{
		{"US", "110000000", "000123456789", ""},
		{"US", "110000000", "000111111116", "no_account"},
		{"US", "110000000", "000111111113", "account_closed"},
		{"US", "110000000", "000222222227", "insufficient_funds"},
		{"US", "110000000", "000333333335", "debit_not_authorized"},
		{"US", "110000000", "000444444440", "invalid_currency"},
		{"US", "110000000", "000888888883", ""},
		{"AU", "110000", "000123456", ""},
		{"AU", "110000", "111111116", "no_account"},
		{"CA", "11000-000", "000123456789", ""},
		{"CA", "11000-000", "000222222227", "insufficient_funds"},
		{"GB", "108800", "00012345", ""},
		{"GB", "10-88-00", "11111113", "account_closed"},
		{"GB", "108800", "33333335", "debit_not_authorized"},
		{"GB", "", "GB82WEST12345698765432", ""},
		{"JP", "1100000", "0001234", ""},
		{"JP", "1100000", "4444440", "invalid_currency"},
		{"SG", "1100-000", "222222227", "insufficient_funds"},
		{"HK", "110-000", "000123456", ""},
		{"BR", "110-0000", "000111111116", "no_account"},
		{"IN", "HDFC0000261", "000123456789", ""},
		{"MX", "", "000000001234567897", ""},
		{"MY", "TESTMYKL", "000123456000", ""},
		{"NZ", "110000", "0000000010", ""},
		{"TH", "999", "000123456789", ""},
		{"DE", "", "DE89370400440532013000", ""},
		{"DE", "", "DE62370400440532013001", "no_account"},
		{"DE", "", "DE89370400440532013002", "account_closed"},
		{"DE", "", "DE89370400440532013003", "insufficient_funds"},
		{"DE", "", "DE89370400440532013004", "debit_not_authorized"},
		{"DE", "", "DE89370400440532013005", "invalid_currency"},
		{"FR", "", "FR89370400440532013000", ""}, // the number of Germany with another country in front
		{"FR", "", "FR62370400440532013001", "no_account"},
		{"FR", "", "FR1420041010050500013M02606", ""},
		{"IT", "", "IT89370400440532013002", "account_closed"},
	} {
		for _, kind := range []string{"", "bank_account"} {
			bank, refused := Simulator{}.TypedBank(account, kind, BankDetails{Country: c.country, Currency: "usd", Number: c.number, Routing: c.routing})
			if refused != nil || bank.Country != c.country || bank.Currency != "usd" {
				t.Errorf("%s %s: %+v, %+v", c.country, c.number, bank, refused)
				continue
			}
			kept, known := Simulator{}.Stored(account, "bank_account", bank.Fingerprint, "")
			if !known {
				t.Errorf("%s %s is not found again", c.country, c.number)
			}
			for _, b := range []Bank{bank, kept.Bank} {
				got := ""
				if f := (Simulator{}).Payout(b); f != nil {
					got = f.Code
				}
				if got != c.want {
					t.Errorf("%s %s: %q, want %q", c.country, c.number, got, c.want)
				}
			}
		}
	}
	if f := (Simulator{}).Payout(Bank{}); f != nil {
		t.Errorf("an account without a test number: %+v", f)
	}
	for token, want := range map[string]string{"btok_us_verified": "", "btok_us_verified_noAccount": "no_account", "btok_us_verified_invalidCurrency": "invalid_currency"} {
		m, known := Simulator{}.Template(account, token, now)
		got := ""
		if f := (Simulator{}).Payout(m.Bank); f != nil {
			got = f.Code
		}
		if !known || m.Type != "bank_account" || got != want {
			t.Errorf("%s: %+v, %q, want %q", token, m, got, want)
		}
	}
}

func TestPayoutsToCards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ token, number, want string }{
		{"tok_visa_debit_us_transferSuccess", "4000056655665556", ""},
		{"tok_visa_debit_us_transferFail", "4000056655665572", "could_not_process"},
		{"tok_visa_debit_us_instantPayoutUnsupported", "4000056755665555", ""},
		{"tok_mastercard_debit_us_transferSuccess", "5200828282828210", ""},
		{"tok_discover_debit_us_transferSuccess", "6011981111111113", ""},
		{"tok_visa_debit_gb_transferSuccess", "4000058260000203", ""},
		{"tok_visa_debit_gb_transferFail", "4000058260000211", "could_not_process"},
		{"tok_visa_debit_de_transferFail", "4000052760000011", "could_not_process"},
		{"tok_mastercard_debit_nz_transferSuccess", "5555055540000165", ""},
		{"tok_visa_debit_ro_instantPayoutUnsupported", "4000056420000022", ""},
	} {
		m, _ := Simulator{}.Template(account, c.token, now)
		got := ""
		if f := (Simulator{}).PayoutToCard(m.Card); f != nil {
			got = f.Code
		}
		if m.Card.Number != c.number || m.Card.Funding != "debit" || got != c.want {
			t.Errorf("%s: %s %s, %q, want %s, %q", c.token, m.Card.Number, m.Card.Funding, got, c.number, c.want)
		}
		if a := (Simulator{}).Pay(m, Attempt{}); a.Step != Approved {
			t.Errorf("%s does not pay: %+v", c.token, a)
		}
	}
	if f := (Simulator{}).PayoutToCard(Card{}); f != nil {
		t.Errorf("a card without a test number: %+v", f)
	}
}
