package paper

import "strings"

// cityFirst are the countries whose letters name the town before the postal code: Columbus, OH 43214.
var cityFirst = map[string]bool{"US": true, "CA": true, "AU": true, "NZ": true, "GB": true, "IE": true, "IN": true, "SG": true, "HK": true}

// lines writes an address as it stands on a letter.
func (a Address) lines(w *words) []string {
	town := strings.Join(some(a.PostalCode, a.City), " ")
	if cityFirst[a.Country] {
		town = strings.Join(some(a.City, strings.Join(some(a.State, a.PostalCode), " ")), ", ")
	} else if a.State != "" {
		town = strings.Join(some(town, a.State), ", ")
	}
	return some(a.Line1, a.Line2, town, w.country(a.Country))
}

// some are those texts that are not empty.
func some(texts ...string) []string {
	var out []string
	for _, text := range texts {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

// country is the name of a country; its code if there is no name.
func (w *words) country(code string) string {
	if name := w.countries[code]; name != "" {
		return name
	}
	return code
}

// named reads a list of "CODE Name" parted by bars.
func named(list string) map[string]string {
	names := map[string]string{}
	for entry := range strings.SplitSeq(list, "|") {
		code, name, _ := strings.Cut(strings.TrimSpace(entry), " ")
		names[code] = name
	}
	return names
}

var englishCountries = named(`AE United Arab Emirates|AR Argentina|AT Austria|AU Australia|BE Belgium|BG Bulgaria|BH Bahrain|BR Brazil|CA Canada|
CH Switzerland|CL Chile|CN China|CO Colombia|CY Cyprus|CZ Czechia|DE Germany|DK Denmark|EE Estonia|EG Egypt|ES Spain|FI Finland|FR France|
GB United Kingdom|GI Gibraltar|GR Greece|HK Hong Kong|HR Croatia|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IN India|IS Iceland|IT Italy|
JP Japan|KE Kenya|KR South Korea|KW Kuwait|LI Liechtenstein|LT Lithuania|LU Luxembourg|LV Latvia|MA Morocco|MC Monaco|MT Malta|MX Mexico|
MY Malaysia|NG Nigeria|NL Netherlands|NO Norway|NZ New Zealand|PE Peru|PH Philippines|PL Poland|PT Portugal|RO Romania|RS Serbia|
SA Saudi Arabia|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia|TH Thailand|TR Türkiye|TW Taiwan|UA Ukraine|US United States|UY Uruguay|
VN Vietnam|ZA South Africa`)

var germanCountries = named(`AE Vereinigte Arabische Emirate|AR Argentinien|AT Österreich|AU Australien|BE Belgien|BG Bulgarien|BH Bahrain|BR Brasilien|CA Kanada|
CH Schweiz|CL Chile|CN China|CO Kolumbien|CY Zypern|CZ Tschechien|DE Deutschland|DK Dänemark|EE Estland|EG Ägypten|ES Spanien|FI Finnland|FR Frankreich|
GB Vereinigtes Königreich|GI Gibraltar|GR Griechenland|HK Hongkong|HR Kroatien|HU Ungarn|ID Indonesien|IE Irland|IL Israel|IN Indien|IS Island|IT Italien|
JP Japan|KE Kenia|KR Südkorea|KW Kuwait|LI Liechtenstein|LT Litauen|LU Luxemburg|LV Lettland|MA Marokko|MC Monaco|MT Malta|MX Mexiko|
MY Malaysia|NG Nigeria|NL Niederlande|NO Norwegen|NZ Neuseeland|PE Peru|PH Philippinen|PL Polen|PT Portugal|RO Rumänien|RS Serbien|
SA Saudi-Arabien|SE Schweden|SG Singapur|SI Slowenien|SK Slowakei|TH Thailand|TR Türkei|TW Taiwan|UA Ukraine|US USA|UY Uruguay|
VN Vietnam|ZA Südafrika`)
