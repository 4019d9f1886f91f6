package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
)

// taxLocation is where something is taxed.
type taxLocation struct {
	country, state string // state only in Canada and the United States
}

// locate reads where an address is, as exactly as tax needs it: the country; in the United States the postal code, from
// which the state follows; in Canada the province, or the postal code. What does not say that much is no location.
func locate(address *object.Object) (where taxLocation, ok bool) {
	country := strings.ToUpper(address.String("country"))
	state := strings.ToUpper(address.String("state"))
	postal := strings.ToUpper(address.String("postal_code"))
	switch {
	case !isCountry(country):
		return taxLocation{}, false
	case country == "US":
		state = stateOfZIP(postal)
	case country == "CA" && placeOf(provinces, state) == nil:
		state = provinceOfPostal(postal)
	case country != "CA":
		return taxLocation{country: country}, true
	}
	return taxLocation{country, state}, state != ""
}

// isCountry reports whether a code has the form of a country's. Whether tax is known there is another question.
func isCountry(code string) bool {
	return len(code) == 2 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && code != "XX" && code != "ZZ"
}

func placeOf(places []taxPlace, code string) *taxPlace {
	i := slices.IndexFunc(places, func(p taxPlace) bool { return p.code == code })
	if i < 0 {
		return nil
	}
	return &places[i]
}

// place is the row of the table for a location, or nil where tax is not known.
func (l taxLocation) place() *taxPlace {
	switch l.country {
	case "US":
		return placeOf(states, l.state)
	case "CA":
		return placeOf(provinces, l.state)
	}
	if p := placeOf(europe, l.country); p != nil {
		return p
	}
	return placeOf(elsewhere, l.country)
}

func inEurope(country string) bool { return placeOf(europe, country) != nil }

// zipStates is the state of each run of three-digit ZIP prefixes, by the run's first.
var zipStates = []struct{ from, state string }{
	{"005", "NY"}, {"006", "PR"}, {"010", "MA"}, {"028", "RI"}, {"030", "NH"}, {"039", "ME"}, {"050", "VT"}, {"055", "MA"}, {"056", "VT"},
	{"060", "CT"}, {"070", "NJ"}, {"090", ""}, {"100", "NY"}, {"150", "PA"}, {"197", "DE"}, {"200", "DC"}, {"201", "VA"}, {"202", "DC"},
	{"206", "MD"}, {"220", "VA"}, {"247", "WV"}, {"270", "NC"}, {"290", "SC"}, {"300", "GA"}, {"320", "FL"}, {"340", ""}, {"341", "FL"}, {"350", "AL"},
	{"370", "TN"}, {"386", "MS"}, {"398", "GA"}, {"400", "KY"}, {"430", "OH"}, {"460", "IN"}, {"480", "MI"}, {"500", "IA"}, {"530", "WI"}, {"550", "MN"},
	{"569", "DC"}, {"570", "SD"}, {"580", "ND"}, {"590", "MT"}, {"600", "IL"}, {"630", "MO"}, {"660", "KS"}, {"680", "NE"}, {"700", "LA"}, {"716", "AR"},
	{"730", "OK"}, {"733", "TX"}, {"734", "OK"}, {"750", "TX"}, {"800", "CO"}, {"820", "WY"}, {"832", "ID"}, {"840", "UT"}, {"850", "AZ"}, {"870", "NM"},
	{"885", "TX"}, {"889", "NV"}, {"900", "CA"}, {"962", ""}, {"967", "HI"}, {"969", ""}, {"970", "OR"}, {"980", "WA"}, {"995", "AK"},
}

// stateOfZIP is the state that a ZIP code of five or nine digits is in, or empty.
func stateOfZIP(zip string) string {
	five, four, long := strings.Cut(zip, "-")
	if len(five) != 5 || (long && len(four) != 4) || strings.Trim(five+four, "0123456789") != "" {
		return ""
	}
	state := ""
	for _, run := range zipStates {
		if run.from > five[:3] {
			break
		}
		state = run.state
	}
	return state
}

// provinceOfPostal is the province that a Canadian postal code is in, or empty. Nunavut shares its letter with the
// Northwest Territories.
func provinceOfPostal(code string) string {
	if len(code) < 3 {
		return ""
	}
	if strings.HasPrefix(code, "X0A") || strings.HasPrefix(code, "X0B") || strings.HasPrefix(code, "X0C") {
		return "NU"
	}
	return map[byte]string{
		'A': "NL", 'B': "NS", 'C': "PE", 'E': "NB", 'G': "QC", 'H': "QC", 'J': "QC", 'K': "ON", 'L': "ON", 'M': "ON", 'N': "ON", 'P': "ON",
		'R': "MB", 'S': "SK", 'T': "AB", 'V': "BC", 'X': "NT", 'Y': "YT",
	}[code[0]]
}

// postalAddress is an address with every part that it may have: what was not sent is null.
func postalAddress(sent *object.Object) *object.Object {
	whole := object.New(nil)
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		whole.Set(name, textOrNull(sent.String(name)))
	}
	return whole
}
