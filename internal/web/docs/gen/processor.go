package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sharesmart/internal/processor"
)

// processorBlock is where a page wants a table of what the processor knows: a block of its own that names it.
var processorBlock = regexp.MustCompile("(?m)^```processor\n(.*)\n```$")

// fillTables puts the tables of test cards and bank accounts into a page. They come from the processor itself, so that
// what the page says is what happens.
func fillTables(source string) (filled string, err error) {
	return processorBlock.ReplaceAllStringFunc(source, func(block string) string {
		name := processorBlock.FindStringSubmatch(block)[1]
		what, which, _ := strings.Cut(name, " ")
		rows := processorTables[what]
		if rows == nil {
			err = fmt.Errorf("there is no table of %s", name)
			return block
		}
		table := rows(which)
		if len(table) < 2 {
			err = fmt.Errorf("the table of %s is empty", name)
		}
		return markdownTable(table)
	}), err
}

var processorTables = map[string]func(which string) [][]string{
	"cards": cardTable, "networks": networkTable, "countries": countryTable, "payout-cards": payoutCardTable,
	"banks": bankTable, "payout-accounts": payoutTable, "sepa": sepaTable,
	"deposits": depositTable, "vouchers": voucherTable, "redirects": redirectTable, "evidence": evidenceTable,
}

// markdownTable writes rows, the first of which is the head.
func markdownTable(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// code is a list of names as they are printed; a line for nothing.
func code(names ...string) string {
	if len(names) == 0 || names[0] == "" {
		return "–"
	}
	return "`" + strings.Join(names, "` `") + "`"
}

func cardsOf(table string) (out []processor.TestCard) {
	for _, c := range processor.TestCards() {
		if c.Table == table {
			out = append(out, c)
		}
	}
	return out
}

// cardNames are the names of a card for payment methods, but for those that are others with the network in front, or say that
// the card takes payouts.
func cardNames(c processor.TestCard) string {
	var names []string
	for _, name := range c.Tokens {
		if !slices.ContainsFunc(c.Tokens, func(shorter string) bool { return name == "visa_"+shorter }) && !strings.HasSuffix(name, "_transferSuccess") {
			names = append(names, "pm_card_"+name)
		}
	}
	return code(names...)
}

func number(c processor.TestCard) string {
	if c.Number == "" {
		return "–"
	}
	return c.Grouped()
}

func does(words []string) string {
	if len(words) == 0 {
		return "paid"
	}
	return strings.Join(words, "; ")
}

func cardTable(which string) [][]string {
	rows := [][]string{{"number", "name", "what happens"}}
	for _, c := range cardsOf(which) {
		rows = append(rows, []string{number(c), cardNames(c), does(c.Does)})
	}
	return rows
}

var networkNames = map[string]string{
	"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay", "unknown": "another",
}

func networkTable(string) [][]string {
	rows := [][]string{{"number", "name", "what it is"}}
	for _, c := range cardsOf("networks") {
		is := append([]string{networkNames[c.Brand] + " " + c.Funding}, c.Does...)
		if c.Country != "US" {
			is = append(is, "of "+c.Country)
		}
		rows = append(rows, []string{number(c), cardNames(c), strings.Join(is, "; ")})
	}
	return rows
}

func countryTable(string) [][]string {
	rows := [][]string{{"number", "name", "country", "network"}}
	cards := cardsOf("countries")
	slices.SortStableFunc(cards, func(a, b processor.TestCard) int { return strings.Compare(a.Country, b.Country) })
	for _, c := range cards {
		rows = append(rows, []string{number(c), cardNames(c), c.Country, networkNames[c.Brand] + " " + c.Funding})
	}
	return rows
}

// payoutCardTable has a row for each country: its cards are told apart by the ends of their names.
func payoutCardTable(string) [][]string {
	ends := []string{"visa_debit_%s_transferSuccess", "visa_debit_%s_transferFail", "visa_debit_%s_instantPayoutUnsupported", "mastercard_debit_%s_transferSuccess"}
	numbers := map[string]string{}
	countries := map[string]bool{}
	for _, c := range processor.TestCards() {
		for _, name := range c.Tokens {
			numbers[name] = c.Grouped()
		}
		if c.Table == "payouts" {
			countries[c.Country] = true
		}
	}
	rows := [][]string{{"country", "takes payouts", "takes none", "takes no instant ones", "takes payouts, Mastercard"}}
	for _, country := range slices.Sorted(maps.Keys(countries)) {
		row := []string{country}
		for _, end := range ends {
			row = append(row, numbers[fmt.Sprintf(end, strings.ToLower(country))])
		}
		rows = append(rows, row)
	}
	return rows
}

func banksOf(scheme string) (out []processor.TestBank) {
	for _, t := range processor.TestBanks() {
		if t.Scheme == scheme {
			out = append(out, t)
		}
	}
	return out
}

func bankTable(scheme string) [][]string {
	rows := [][]string{{"account", "name", "what happens"}}
	for _, t := range banksOf(scheme) {
		rows = append(rows, []string{code(t.Number), code(t.Tokens...), does(t.Does)})
	}
	return rows
}

// sepaTable has the accounts of Germany, or with "countries" the one of each country that works.
func sepaTable(which string) [][]string {
	rows := [][]string{{"IBAN", "name", "what happens"}}
	for _, t := range banksOf("sepa_debit") {
		works := len(t.Tokens) == 1 && strings.HasPrefix(t.Tokens[0], "pm_sepaDebit_success_")
		if which == t.Country || which == "countries" && works {
			rows = append(rows, []string{code(t.Number), code(t.Tokens...), does(t.Does)})
		}
	}
	return rows
}

// payoutTable has the accounts that are paid into, or those of IBANs of one country.
func payoutTable(country string) [][]string {
	rows := [][]string{{"account", "routing number", "country", "what happens"}}
	for _, t := range banksOf("payouts") {
		iban := strings.HasPrefix(t.Number, t.Country)
		if iban && country == t.Country || !iban && country == "" {
			rows = append(rows, []string{code(t.Number), code(t.Routing), t.Country, does(t.Does)})
		}
	}
	return rows
}

var depositWords = map[processor.DepositCheck]string{
	processor.DepositsMatch: "verified", processor.DepositsTooMany: "refused: there were too many tries", processor.DepositsTimeout: "refused: it is too late",
}

func depositTable(string) [][]string {
	rows := [][]string{{"amounts", "code", "what happens"}}
	for _, d := range processor.KnownDeposits() {
		rows = append(rows, []string{strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Amounts), " ", " and "), "[]"), code(d.Code), depositWords[d.Check]})
	}
	return append(rows, []string{"any other", "any other", "refused: they differ"})
}

func voucherTable(string) [][]string {
	rows := [][]string{{"address", "what happens"}}
	for _, e := range processor.VoucherEmails() {
		address := "any other"
		if e.Ending != "" {
			address = code(e.Ending + "@example.com")
		}
		rows = append(rows, []string{address, e.Does})
	}
	return rows
}

func redirectTable(string) [][]string {
	redirects, vouchers := processor.Elsewhere()
	return [][]string{{"how", "types"}, {"on the page of a bank or a wallet", code(redirects...)}, {"with a voucher", code(vouchers...)}}
}

var verdictWords = map[processor.Verdict]string{
	processor.Won: "you win", processor.Lost: "you lose", processor.Escalated: "an inquiry becomes a dispute",
}

func evidenceTable(string) [][]string {
	texts := processor.EvidenceTexts()
	rows := [][]string{{"`uncategorized_text`", "what the bank says"}}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		rows = append(rows, []string{code(text), verdictWords[texts[text]]})
	}
	return rows
}
