package checkout

import (
	"net/http"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/country"
)

// sayings are what the hosted pages say, in one language. Where a text has %s, something is put in its place.
type sayings struct {
	*card.Words
	point     string // between the parts of a number
	countries []country.Country
	units     map[string][2]string // each one, several
	spans     map[string][2]string // one, several

	Error, Skip, Back, Order, Contact, Address, ShipTo, ShipBy, PayWith, Card, Billing, Business, More       string
	PayTo, SubscribeTo, TryAt, SetUpAt                                                                       string
	PayAmount, Donate, Book, Subscribe, StartTrial, Complete, SaveButton, Paying, Busy, Saving               string
	Subtotal, Total, DueToday, Tax, TaxLater, Included, ShippingBy, Free, PercentOff, Discount, For, OnFirst string
	Each, Apiece, Every, ByUse, FreeFor, FreeUntil, FreeThen, TodayThen                                      string
	Quantity, QuantityOf, Worth, Between, AtLeast, AtMost, AddMore, Add, UpdateOrder                         string
	Promo, AddPromo, Apply, Remove, CodeCounts, Forget, ForgetText                                           string
	TermsPage, PrivacyPage                                                                                   string
	Questions, Support, UpTo, From, OneToTwo                                                                 string
	Email, Phone, Individual, BusinessName, Recipient, Country, Line1, Line2, PostalCode, City, State        string
	Holder, NewCard, JustTyped, ExpiresIn, SaveCard, SameAddress, TaxID, TaxIDHint, Choose, Optional         string
	Promotions, AgreeTerms, AgreeSetup, AgreeSubscription                                                    string
	FillIn, EnterEmail, EnterPhone, EnterName, EnterHolder, EnterCountry, EnterLine1, EnterCity              string
	EnterAmount, EnterQuantity, MustAgree, ChooseMethod, NotAuthorised                                       string
	WrongEmail, WrongTaxID, WrongPlace, WrongQuantity, WrongAmount, WrongCode, NoCode, WrongField            string
	ManualNote                                                                                               string
	TooSmall, Refused, Changed, Live, NoCards, Waiting                                                       string
	ThankYou, Paid, Reserved, OnItsWay, NotArrived, NotArrivedText, TrialBegun, Subscribed                   string
	NothingPaid, CardSaved, CardSavedText, Forward, ForwardTo                                                string
	Expired, ExpiredText, ExpiredAgain, StartAgain, BackTo, LinkOver, LinkOverText                           string
	Elsewhere, ElsewhereText, Gone, GoneText, Cannot, CannotText, Unread, UnreadText, Broken, BrokenText     string
}

var tongues = map[string]*sayings{"en": englishSayings, "de": germanSayings}

func sayingsFor(lang string) *sayings {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := tongues[base]; w != nil {
		return w
	}
	return englishSayings
}

// knows reports whether there are words for a language.
func knows(lang string) bool {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	return tongues[base] != nil
}

// tongueOf is the language of a page: the one that the seller chose, else the first one that the browser asks for and
// that there are words for.
func tongueOf(locale string, r *http.Request) string {
	if locale != "" && locale != "auto" {
		if knows(locale) {
			return locale
		}
		return "en"
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		if tag, _, _ := strings.Cut(strings.TrimSpace(part), ";"); knows(tag) {
			return tag
		}
	}
	return "en"
}

// put puts values in the places that a text has for them.
func put(text string, values ...string) string {
	parts := strings.SplitN(text, "%s", len(values)+1)
	var out strings.Builder
	for i, part := range parts {
		out.WriteString(part)
		if i+1 < len(parts) {
			out.WriteString(values[i])
		}
	}
	return out.String()
}

func (w *sayings) count(n int64) string { return strconv.FormatInt(n, 10) }

// often writes how often something is paid: every month, every 3 months.
func (w *sayings) often(unit string, count int64) string {
	if count <= 1 {
		return w.units[unit][0]
	}
	return put(w.Every, w.count(count)+" "+w.units[unit][1])
}

// expires writes until when a card is good.
func (w *sayings) expires(c *object.Object) string {
	month := w.count(c.Int("exp_month"))
	return put(w.ExpiresIn, strings.Repeat("0", 2-len(month))+month+" / "+w.count(c.Int("exp_year")%100))
}

// estimate writes how long shipping takes; empty if that is not said.
func (w *sayings) estimate(e *object.Object) string {
	least, most := w.span(e.Object("minimum")), w.span(e.Object("maximum"))
	switch {
	case least != "" && most != "" && e.Object("minimum").String("unit") == e.Object("maximum").String("unit"):
		return put(w.OneToTwo, w.count(e.Object("minimum").Int("value")), most)
	case least != "" && most != "":
		return put(w.OneToTwo, least, most)
	case most != "":
		return put(w.UpTo, most)
	case least != "":
		return put(w.From, least)
	}
	return ""
}

// long writes a length of time: 1 day, 3 months.
func (w *sayings) long(n int64, unit string) string {
	if n == 1 {
		return put(w.spans[unit][0], w.count(n))
	}
	return put(w.spans[unit][1], w.count(n))
}

func (w *sayings) span(bound *object.Object) string {
	if bound == nil {
		return ""
	}
	return w.long(bound.Int("value"), strings.TrimPrefix(bound.String("unit"), "business_"))
}

// wrong says what is wrong with a field, in the customer's words as far as there are any for it.
func (w *sayings) wrong(name string, refusal *apierr.Error) string {
	of, _, found := strings.Cut(name, "-")
	if found {
		of += "-"
	}
	text := map[string]string{
		fieldEmail: w.WrongEmail, fieldTaxID: w.WrongTaxID, billingOf: w.WrongPlace, shippingOf: w.WrongPlace, quantityOf: w.WrongQuantity, optionOf: w.WrongQuantity,
		amountOf: w.WrongAmount, fieldPromo: w.WrongCode, customOf: w.WrongField, fieldTerms: w.MustAgree,
	}[of]
	switch {
	case refusal.Code == "amount_too_small":
		return w.TooSmall
	case name == fieldPromo && refusal.Code == "resource_missing":
		return w.NoCode
	case text != "":
		return text
	}
	return put(w.Refused, refusal.Message)
}
