package processor

import (
	"fmt"
	"strings"
)

// sepaCases are what the first accounts of each country do, in the order of sepaAccounts.
var sepaCases = [...]struct {
	name string
	does bankBehaviour
}{
	{"success", works},
	{"successDelayed", slowly(works)},
	{"failed", paidInto(settles(bankCannot), payoutNoAccount)},
	{"failedDelayed", slowly(settles(bankCannot))},
	{"disputed", disputed(works)},
}

// sepaTails are the ends of accounts that do the same in each country.
var sepaTails = [...]struct {
	name, tail string
	does       bankBehaviour
}{
	{"exceedsWeeklyVolumeLimit", "0343434", refuses(volumeLimit)},
	{"exceedsWeeklyTransactionLimit", "0121212", refuses(weeklyLimit)},
	{"insufficientFunds", "2222227", settles(bankNoFunds)},
	{"", "0066666", bankBehaviour{unusable: unusableIBAN}}, // there is no token of what cannot be kept
}

// sepaAccounts are the test accounts of each country, and the bank that those are with which only their tail tells apart.
var sepaAccounts = [...]struct {
	ibans [len(sepaCases)]string
	bank  string
}{
	{[...]string{"AT611904300234573201", "AT321904300235473204", "AT861904300235473202", "AT051904300235473205", "AT591904300235473203"}, "19043"},
	{[...]string{"BE62510007547061", "BE78510007547064", "BE68539007547034", "BE51510007547065", "BE08510007547063"}, "510"},
	{[...]string{"HR7624020064583467589", "HR6323600002337876649", "HR2725000096983499248", "HR6723600004878117427", "HR8724840081455523553"}, "2402006"},
	{[...]string{"EE382200221020145685", "EE222200221020145682", "EE762200221020145680", "EE922200221020145683", "EE492200221020145681"}, "2200"},
	{[...]string{"FI2112345600000785", "FI3712345600000788", "FI9112345600000786", "FI1012345600000789", "FI6412345600000787"}, "123456"},
	{[...]string{"FR1420041010050500013M02606", "FR3020041010050500013M02609", "FR8420041010050500013M02607", "FR7920041010050500013M02600", "FR5720041010050500013M02608"}, "2004101005"},
	{[...]string{"DE89370400440532013000", "DE08370400440532013003", "DE62370400440532013001", "DE78370400440532013004", "DE35370400440532013002"}, "37040044"},
	{[...]string{"GI60MPFS599327643783385", "GI08RRNW626436291644533", "GI41SAFA461293238477751", "GI50LROG772261344693297", "GI26KJBC361883934534696"}, "NWBK"},
	{[...]string{"IE29AIBK93115212345678", "IE24AIBK93115212345671", "IE02AIBK93115212345679", "IE94AIBK93115212345672", "IE51AIBK93115212345670"}, "AIBK931152"},
	{[...]string{"LI0508800636123378777", "LI4408800387787111369", "LI1208800143823175626", "LI4908800356441975566", "LI7708800125525347723"}, "08800"},
	{[...]string{"LT121000011101001000", "LT281000011101001003", "LT821000011101001001", "LT981000011101001004", "LT551000011101001002"}, "10000"},
	{[...]string{"LU280019400644750000", "LU440019400644750003", "LU980019400644750001", "LU170019400644750004", "LU710019400644750002"}, "0010"},
	{[...]string{"NL39RABO0300065264", "NL55RABO0300065267", "NL91ABNA0417164300", "NL28RABO0300065268", "NL82RABO0300065266"}, "RABO"},
	{[...]string{"NO9386011117947", "NO8886011117940", "NO6686011117948", "NO6186011117941", "NO3986011117949"}, "8601"},
	{[...]string{"PT50000201231234567890154", "PT66000201231234567890157", "PT23000201231234567890155", "PT39000201231234567890158", "PT93000201231234567890156"}, "00020123"},
	{[...]string{"ES0700120345030000067890", "ES2300120345030000067893", "ES9121000418450200051332", "ES9300120345030000067894", "ES5000120345030000067892"}, "00120345"},
	{[...]string{"SE3550000000054910000003", "SE5150000000054910000006", "SE0850000000054910000004", "SE2450000000054910000007", "SE7850000000054910000005"}, "500"},
	{[...]string{"CH9300762011623852957", "CH8656663438253651553", "CH5362200119938136497", "CH1843597160341964438", "CH1260378413965193069"}, "00762"},
	{[...]string{"GB82WEST12345698765432", "GB98WEST12345698765435", "GB55WEST12345698765433", "GB71WEST12345698765436", "GB28WEST12345698765434"}, "WEST123456"},
}

func sepaBanks() []testBank {
	var banks []testBank
	add := func(iban, name string, does bankBehaviour) {
		var tokens []string
		if name != "" {
			tokens = []string{"pm_sepaDebit_" + name + "_" + strings.ToLower(iban[:2])}
		}
		banks = append(banks, testBank{"sepa_debit", iban[:2], "", iban, tokens, does})
	}
	// Stripe's command line has no other for a payment that fails later.
	add("IT60X0542811101000000123456", "", settles(bankCannot))
	for _, a := range sepaAccounts {
		for i, c := range sepaCases {
			add(a.ibans[i], c.name, c.does)
		}
		country, length := a.ibans[0][:2], len(a.ibans[0])-len("AT61")
		for _, t := range sepaTails {
			padding := strings.Repeat("0", length-len(a.bank)-len(t.tail))
			add(iban(country, a.bank+padding+t.tail), t.name, t.does)
		}
	}
	return banks
}

// iban is the number of an account with its two check digits.
func iban(country, account string) string {
	return fmt.Sprintf("%s%02d%s", country, 98-ibanRemainder(country+"00"+account), account)
}

// validIBAN checks the form of a number and its check digits.
func validIBAN(number string) bool {
	if len(number) < 15 || len(number) > 34 || strings.Trim(number[:2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || strings.Trim(number[2:4], "0123456789") != "" {
		return false
	}
	return ibanRemainder(number) == 1
}

// ibanRemainder divides a number by 97 as ISO 7064 wants it: the first four characters last, and letters as 10 to 35. What
// is no letter and no digit gives -1.
func ibanRemainder(number string) int {
	rest := 0
	for _, r := range number[4:] + number[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return -1
		}
	}
	return rest
}
