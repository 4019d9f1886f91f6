package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Exchange rates are reference data: what one unit of a currency is worth in each of the others. They are fixed, so
// that tests repeat themselves; real rates come from whoever moves the money.
func init() {
	register(resource.Rules{Object: "exchange_rate", Reference: exchangeRates})
}

func exchangeRates() []*object.Object {
	out := make([]*object.Object, 0, len(perDollar))
	for _, currency := range currencies() {
		rates := object.New(nil)
		for _, other := range currencies() {
			if other != currency {
				rates.Set(other, decimal(perDollar[other]/perDollar[currency]))
			}
		}
		o := object.New(spec.Component("exchange_rate"))
		o.Set("id", currency)
		o.Set("object", "exchange_rate")
		o.Set("rates", rates)
		out = append(out, o)
	}
	return out
}

// decimal is a number with six significant digits as a document holds it.
func decimal(v float64) any {
	text := strconv.FormatFloat(v, 'g', 6, 64)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return object.Number(text)
}

// currencies are all that payments may be made in, in alphabetical order.
func currencies() []string {
	out := make([]string, 0, len(perDollar))
	for currency := range perDollar {
		out = append(out, currency)
	}
	slices.Sort(out)
	return out
}

// perDollar is what a US dollar buys, rounded.
var perDollar = map[string]float64{
	"usd": 1, "aed": 3.6725, "afn": 70.5, "all": 83.4, "amd": 383, "ang": 1.79, "aoa": 915, "ars": 1380, "aud": 1.53,
	"awg": 1.8, "azn": 1.7, "bam": 1.68, "bbd": 2, "bdt": 121.5, "bgn": 1.68, "bhd": 0.376, "bif": 2950, "bmd": 1,
	"bnd": 1.29, "bob": 6.91, "brl": 5.42, "bsd": 1, "bwp": 13.6, "byn": 3.1, "bzd": 2.01, "cad": 1.39, "cdf": 2850,
	"chf": 0.8, "clp": 955, "cny": 7.13, "cop": 3950, "crc": 505, "cve": 94.8, "czk": 20.9, "djf": 177.7, "dkk": 6.42,
	"dop": 62.5, "dzd": 130, "egp": 48.3, "etb": 143, "eur": 0.86, "fjd": 2.26, "fkp": 0.745, "gbp": 0.745,
	"gel": 2.7, "gip": 0.745, "gmd": 72, "gnf": 8670, "gtq": 7.66, "gyd": 209, "hkd": 7.79, "hnl": 26.2, "htg": 131,
	"huf": 337, "idr": 16450, "ils": 3.35, "inr": 88.2, "isk": 122.5, "jmd": 160, "jod": 0.709, "jpy": 148.5,
	"kes": 129.2, "kgs": 87.4, "khr": 4010, "kmf": 423, "krw": 1395, "kwd": 0.3055, "kyd": 0.8333, "kzt": 540,
	"lak": 21650, "lbp": 89500, "lkr": 302, "lrd": 184, "lsl": 17.5, "mad": 9.05, "mdl": 16.7, "mga": 4430,
	"mkd": 52.9, "mmk": 2100, "mnt": 3590, "mop": 8.02, "mur": 45.6, "mvr": 15.4, "mwk": 1735, "mxn": 18.6,
	"myr": 4.22, "mzn": 63.9, "nad": 17.5, "ngn": 1510, "nio": 36.8, "nok": 10.05, "npr": 141, "nzd": 1.71,
	"omr": 0.3845, "pab": 1, "pen": 3.52, "pgk": 4.19, "php": 57.2, "pkr": 282, "pln": 3.66, "pyg": 7220, "qar": 3.64,
	"ron": 4.36, "rsd": 100.8, "rub": 81, "rwf": 1447, "sar": 3.75, "sbd": 8.23, "scr": 14.2, "sek": 9.45, "sgd": 1.29,
	"shp": 0.745, "sle": 23.2, "sos": 571, "srd": 38.9, "std": 21100, "szl": 17.5, "thb": 32.3, "tjs": 9.5,
	"tnd": 2.9, "top": 2.38, "try": 41.3, "ttd": 6.79, "twd": 30.4, "tzs": 2480, "uah": 41.3, "ugx": 3510, "uyu": 40,
	"uzs": 12400, "vnd": 26350, "vuv": 119.5, "wst": 2.72, "xaf": 564, "xcd": 2.7, "xof": 564,
	"xpf": 102.6, "yer": 239.5, "zar": 17.5, "zmw": 23.6,
}
