package billing

// The rates that automatic tax is worked out from, as facts of public record: what the tax offices of the countries, the
// European Commission (Taxes in Europe Database), the Canada Revenue Agency and the states' departments of revenue
// publish, as far as known at the beginning of 2026 and not checked against each of them. They are for trying out
// integrations and not for filing returns: there is one standard rate per place, and lower ones only where one rate covers nearly all of a class. Cities, counties,
// territories, thresholds and holidays are left out.

// taxPlace is a country, or a state of one, and its taxes.
type taxPlace struct {
	code, name string
	taxes      []placeTax
}

// placeTax is a tax and its rates in percent: the standard one, and those of some classes of goods.
type placeTax struct {
	kind, standard string
	food, books    string // empty where the standard rate holds
}

// europe are the member states of the European Union, where one registration can do for all (OSS).
var europe = []taxPlace{
	{"AT", "Austria", vat("20", "10", "10")},
	{"BE", "Belgium", vat("21", "6", "6")},
	{"BG", "Bulgaria", vat("20", "", "9")},
	{"CY", "Cyprus", vat("19", "5", "3")},
	{"CZ", "Czech Republic", vat("21", "12", "0")},
	{"DE", "Germany", vat("19", "7", "7")},
	{"DK", "Denmark", vat("25", "", "")},
	{"EE", "Estonia", vat("24", "", "9")},
	{"ES", "Spain", vat("21", "10", "4")},
	{"FI", "Finland", vat("25.5", "13.5", "13.5")},
	{"FR", "France", vat("20", "5.5", "5.5")},
	{"GR", "Greece", vat("24", "13", "6")},
	{"HR", "Croatia", vat("25", "5", "5")},
	{"HU", "Hungary", vat("27", "", "5")},
	{"IE", "Ireland", vat("23", "0", "0")},
	{"IT", "Italy", vat("22", "10", "4")},
	{"LT", "Lithuania", vat("21", "", "5")},
	{"LU", "Luxembourg", vat("17", "3", "3")},
	{"LV", "Latvia", vat("21", "", "5")},
	{"MT", "Malta", vat("18", "0", "5")},
	{"NL", "Netherlands", vat("21", "9", "9")},
	{"PL", "Poland", vat("23", "5", "5")},
	{"PT", "Portugal", vat("23", "6", "6")},
	{"RO", "Romania", vat("21", "11", "11")},
	{"SE", "Sweden", vat("25", "12", "6")},
	{"SI", "Slovenia", vat("22", "9.5", "5")},
	{"SK", "Slovakia", vat("23", "19", "5")},
}

// elsewhere are the other countries where tax can be collected, but for Canada and the United States.
var elsewhere = []taxPlace{
	{"AE", "United Arab Emirates", vat("5", "", "")},
	{"AL", "Albania", vat("20", "", "")},
	{"AM", "Armenia", vat("20", "", "")},
	{"AO", "Angola", vat("14", "", "")},
	{"AU", "Australia", one("gst", "10", "0", "")},
	{"AW", "Aruba", one("sales_tax", "7", "", "")},
	{"AZ", "Azerbaijan", vat("18", "", "")},
	{"BA", "Bosnia and Herzegovina", vat("17", "", "")},
	{"BB", "Barbados", vat("17.5", "", "")},
	{"BD", "Bangladesh", vat("15", "", "")},
	{"BF", "Burkina Faso", vat("18", "", "")},
	{"BH", "Bahrain", vat("10", "", "")},
	{"BJ", "Benin", vat("18", "", "")},
	{"BS", "Bahamas", vat("10", "", "")},
	{"BY", "Belarus", vat("20", "", "")},
	{"CD", "Democratic Republic of the Congo", vat("16", "", "")},
	{"CH", "Switzerland", vat("8.1", "2.6", "2.6")},
	{"CL", "Chile", vat("19", "", "")},
	{"CM", "Cameroon", vat("19.25", "", "")},
	{"CO", "Colombia", vat("19", "", "")},
	{"CR", "Costa Rica", vat("13", "", "")},
	{"CV", "Cape Verde", vat("15", "", "")},
	{"EC", "Ecuador", vat("15", "", "")},
	{"EG", "Egypt", vat("14", "", "")},
	{"ET", "Ethiopia", vat("15", "", "")},
	{"GB", "United Kingdom", vat("20", "0", "0")},
	{"GE", "Georgia", vat("18", "", "")},
	{"GN", "Guinea", vat("18", "", "")},
	{"ID", "Indonesia", vat("11", "", "")},
	{"IN", "India", one("igst", "18", "", "")},
	{"IS", "Iceland", vat("24", "11", "11")},
	{"JP", "Japan", one("jct", "10", "8", "")},
	{"KE", "Kenya", vat("16", "", "")},
	{"KG", "Kyrgyzstan", vat("12", "", "")},
	{"KH", "Cambodia", vat("10", "", "")},
	{"KR", "South Korea", vat("10", "", "")},
	{"KZ", "Kazakhstan", vat("16", "", "")},
	{"LA", "Laos", vat("10", "", "")},
	{"LK", "Sri Lanka", vat("18", "", "")},
	{"MA", "Morocco", vat("20", "", "")},
	{"MD", "Moldova", vat("20", "", "")},
	{"ME", "Montenegro", vat("21", "", "")},
	{"MK", "North Macedonia", vat("18", "", "")},
	{"MR", "Mauritania", vat("16", "", "")},
	{"MX", "Mexico", vat("16", "", "")},
	{"MY", "Malaysia", one("service_tax", "8", "", "")},
	{"NG", "Nigeria", vat("7.5", "", "")},
	{"NO", "Norway", vat("25", "15", "0")},
	{"NP", "Nepal", vat("13", "", "")},
	{"NZ", "New Zealand", one("gst", "15", "", "")},
	{"OM", "Oman", vat("5", "", "")},
	{"PE", "Peru", vat("18", "", "")},
	{"PH", "Philippines", vat("12", "", "")},
	{"RS", "Serbia", vat("20", "", "")},
	{"RU", "Russia", vat("22", "", "")},
	{"SA", "Saudi Arabia", vat("15", "", "")},
	{"SG", "Singapore", one("gst", "9", "", "")},
	{"SN", "Senegal", vat("18", "", "")},
	{"SR", "Suriname", vat("10", "", "")},
	{"TH", "Thailand", vat("7", "", "")},
	{"TJ", "Tajikistan", vat("14", "", "")},
	{"TR", "Turkey", vat("20", "", "")},
	{"TW", "Taiwan", vat("5", "", "")},
	{"TZ", "Tanzania", vat("18", "", "")},
	{"UA", "Ukraine", vat("20", "", "")},
	{"UG", "Uganda", vat("18", "", "")},
	{"UY", "Uruguay", vat("22", "", "")},
	{"UZ", "Uzbekistan", vat("12", "", "")},
	{"VN", "Vietnam", vat("10", "", "")},
	{"ZA", "South Africa", vat("15", "", "")},
	{"ZM", "Zambia", vat("16", "", "")},
	{"ZW", "Zimbabwe", vat("15", "", "")},
}

// provinces are Canada's: the federal tax alone, a harmonised one in its place, or one of the province's own beside it.
var provinces = []taxPlace{
	{"AB", "Alberta", canadian("gst", "5")},
	{"BC", "British Columbia", canadian("gst", "5", "pst", "7")},
	{"MB", "Manitoba", canadian("gst", "5", "rst", "7")},
	{"NB", "New Brunswick", canadian("hst", "15")},
	{"NL", "Newfoundland and Labrador", canadian("hst", "15")},
	{"NS", "Nova Scotia", canadian("hst", "14")},
	{"NT", "Northwest Territories", canadian("gst", "5")},
	{"NU", "Nunavut", canadian("gst", "5")},
	{"ON", "Ontario", canadian("hst", "13")},
	{"PE", "Prince Edward Island", canadian("hst", "15")},
	{"QC", "Quebec", canadian("gst", "5", "qst", "9.975")},
	{"SK", "Saskatchewan", canadian("gst", "5", "pst", "6")},
	{"YT", "Yukon", canadian("gst", "5")},
}

// states are those of the United States: the rate that holds in all of the state. Five have none.
var states = []taxPlace{
	{"AK", "Alaska", nil},
	{"AL", "Alabama", salesTax("4")},
	{"AR", "Arkansas", salesTax("6.5")},
	{"AZ", "Arizona", salesTax("5.6")},
	{"CA", "California", salesTax("7.25")},
	{"CO", "Colorado", salesTax("2.9")},
	{"CT", "Connecticut", salesTax("6.35")},
	{"DC", "District of Columbia", salesTax("6")},
	{"DE", "Delaware", nil},
	{"FL", "Florida", salesTax("6")},
	{"GA", "Georgia", salesTax("4")},
	{"HI", "Hawaii", salesTax("4")},
	{"IA", "Iowa", salesTax("6")},
	{"ID", "Idaho", salesTax("6")},
	{"IL", "Illinois", salesTax("6.25")},
	{"IN", "Indiana", salesTax("7")},
	{"KS", "Kansas", salesTax("6.5")},
	{"KY", "Kentucky", salesTax("6")},
	{"LA", "Louisiana", salesTax("5")},
	{"MA", "Massachusetts", salesTax("6.25")},
	{"MD", "Maryland", salesTax("6")},
	{"ME", "Maine", salesTax("5.5")},
	{"MI", "Michigan", salesTax("6")},
	{"MN", "Minnesota", salesTax("6.875")},
	{"MO", "Missouri", salesTax("4.225")},
	{"MS", "Mississippi", salesTax("7")},
	{"MT", "Montana", nil},
	{"NC", "North Carolina", salesTax("4.75")},
	{"ND", "North Dakota", salesTax("5")},
	{"NE", "Nebraska", salesTax("5.5")},
	{"NH", "New Hampshire", nil},
	{"NJ", "New Jersey", salesTax("6.625")},
	{"NM", "New Mexico", salesTax("4.875")},
	{"NV", "Nevada", salesTax("6.85")},
	{"NY", "New York", salesTax("4")},
	{"OH", "Ohio", salesTax("5.75")},
	{"OK", "Oklahoma", salesTax("4.5")},
	{"OR", "Oregon", nil},
	{"PA", "Pennsylvania", salesTax("6")},
	{"RI", "Rhode Island", salesTax("7")},
	{"SC", "South Carolina", salesTax("6")},
	{"SD", "South Dakota", salesTax("4.2")},
	{"TN", "Tennessee", salesTax("7")},
	{"TX", "Texas", salesTax("6.25")},
	{"UT", "Utah", salesTax("6.1")},
	{"VA", "Virginia", salesTax("5.3")},
	{"VT", "Vermont", salesTax("6")},
	{"WA", "Washington", salesTax("6.5")},
	{"WI", "Wisconsin", salesTax("5")},
	{"WV", "West Virginia", salesTax("6")},
	{"WY", "Wyoming", salesTax("4")},
}

func one(kind, standard, food, books string) []placeTax {
	return []placeTax{{kind, standard, food, books}}
}

func vat(standard, food, books string) []placeTax { return one("vat", standard, food, books) }

func salesTax(standard string) []placeTax { return one("sales_tax", standard, "", "") }

// canadian are pairs of a tax and its rate. Food to eat at home bears none of them.
func canadian(pairs ...string) []placeTax {
	var out []placeTax
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, placeTax{kind: pairs[i], standard: pairs[i+1], food: "0"})
	}
	return out
}
