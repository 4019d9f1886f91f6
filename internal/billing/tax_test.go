package billing_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// taxed is a server whose account has its head office in a country and collects tax where the registrations say.
func taxed(t *testing.T, office string, registrations ...string) *servertest.Server {
	t.Helper()
	s := servertest.New(t)
	s.Post("/v1/tax/settings", form("head_office[address][country]="+office+" head_office[address][state]="+map[string]string{"CA": "ON", "US": "CA"}[office]+" defaults[tax_code]=txcd_10000000")...).OK()
	for _, r := range registrations {
		s.Post("/v1/tax/registrations", form("active_from=now "+r)...).OK()
	}
	return s
}

const (
	inGermany  = "country=DE country_options[de][type]=standard"
	everywhere = "country=DE country_options[de][type]=oss_union"
	inUtah     = "country=US country_options[us][type]=state_sales_tax country_options[us][state]=ut"
	inCanada   = "country=CA country_options[ca][type]=standard"
	inQuebec   = "country=CA country_options[ca][type]=province_standard country_options[ca][province_standard][province]=QC"
	small      = "country=DE country_options[de][type]=standard country_options[de][standard][place_of_supply_scheme]=small_seller"
)

func from(address string) string {
	parts := strings.Split(address, "/")
	out := "customer_details[address_source]=billing"
	for i, name := range []string{"country", "state", "postal_code"} {
		if i < len(parts) && parts[i] != "" {
			out += " customer_details[address][" + name + "]=" + parts[i]
		}
	}
	return out
}

func TestTaxCalculation(t *testing.T) {
	t.Parallel()
	const line = "currency=eur line_items[0][amount]=10000 line_items[0][reference]=L1 "
	const german = " customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=DE123456789"
	for _, c := range []struct {
		name, office, registration, form string
		total, added, within             int64
		breakdown                        []string // reason percentage country state tax taxable amount
	}{
		{"on top", "DE", inGermany, line + from("DE"), 11900, 1900, 0, []string{"standard_rated 19.0 DE - vat 10000 1900"}},
		{"within", "DE", inGermany, line + "line_items[0][tax_behavior]=inclusive " + from("DE"), 10000, 0, 1597, []string{"standard_rated 19.0 DE - vat 8403 1597"}},
		{"reduced", "DE", inGermany, line + "line_items[0][tax_code]=txcd_35010000 " + from("DE"), 10700, 700, 0, []string{"reduced_rated 7.0 DE - vat 10000 700"}},
		{"zero rated", "IE", "country=IE country_options[ie][type]=standard", line + "line_items[0][tax_code]=txcd_40040000 " + from("IE"), 10000, 0, 0, []string{"zero_rated 0.0 IE - vat 10000 0"}},
		{"nontaxable", "DE", inGermany, line + "line_items[0][tax_code]=txcd_00000000 " + from("DE"), 10000, 0, 0, []string{"not_collecting 0.0 DE - vat 0 0"}},
		{"not registered there", "DE", inGermany, line + from("FR"), 10000, 0, 0, []string{"not_collecting 0.0 FR - vat 0 0"}},
		{"one stop shop", "DE", everywhere, line + from("FR"), 12000, 2000, 0, []string{"standard_rated 20.0 FR - vat 10000 2000"}},
		{"small seller", "DE", small, line + from("FR"), 11900, 1900, 0, []string{"standard_rated 19.0 DE - vat 10000 1900"}},
		{"small seller, abroad", "DE", small, line + from("CH"), 10000, 0, 0, []string{"not_collecting 0.0 CH - vat 0 0"}},
		{"reverse charge", "IE", everywhere, line + from("DE") + german, 10000, 0, 0, []string{"reverse_charge 0.0 DE - vat 0 0"}},
		{"no reverse charge at home", "DE", inGermany, line + from("DE") + german, 11900, 1900, 0, []string{"standard_rated 19.0 DE - vat 10000 1900"}},
		{"reverse charge, told", "DE", inGermany, line + from("DE") + " customer_details[taxability_override]=reverse_charge", 10000, 0, 0, []string{"reverse_charge 0.0 DE - vat 0 0"}},
		{"exempt", "DE", inGermany, line + from("DE") + " customer_details[taxability_override]=customer_exempt", 10000, 0, 0, []string{"customer_exempt 0.0 DE - vat 0 0"}},
		{"shipping", "DE", inGermany, line + "shipping_cost[amount]=500 " + from("DE"), 12495, 1995, 0, []string{"standard_rated 19.0 DE - vat 10500 1995"}},
		{"two of a kind", "DE", inGermany, line + "line_items[1][amount]=13 line_items[1][reference]=L2 line_items[2][amount]=13 line_items[2][reference]=L3 " + from("DE"), 11931, 1905, 0, []string{"standard_rated 19.0 DE - vat 10026 1905"}},
		{"a state by its ZIP code", "US", inUtah, line + from("US//84101"), 10610, 610, 0, []string{"standard_rated 6.1 US UT sales_tax 10000 610"}},
		{"a state next door", "US", inUtah, line + from("US/CA/94080-1234"), 10000, 0, 0, []string{"not_collecting 0.0 US CA sales_tax 0 0"}},
		{"a state without tax", "US", inUtah, line + from("US/OR/97201"), 10000, 0, 0, []string{"not_subject_to_tax 0.0 US OR sales_tax 0 0"}},
		{"a province with a tax of its own", "CA", inQuebec, line + from("CA//H2X+1Y4"), 10998, 998, 0, []string{"not_collecting 0.0 CA - gst 0 0", "standard_rated 9.975 CA QC qst 10000 998"}},
		{"a harmonised tax", "CA", inCanada, line + from("CA/ON"), 11300, 1300, 0, []string{"standard_rated 13.0 CA ON hst 10000 1300"}},
		{"nobody knows", "DE", inGermany, line + from("AQ"), 10000, 0, 0, []string{"not_supported 0.0 AQ - - 0 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := taxed(t, c.office, c.registration)
			got := s.Post("/v1/tax/calculations", form(c.form)...).OK()
			wantFields(t, got, map[string]any{"amount_total": c.total, "tax_amount_exclusive": c.added, "tax_amount_inclusive": c.within})
			var breakdown []string
			for _, v := range got.Array("tax_breakdown") {
				breakdown = append(breakdown, told(v.(*object.Object)))
			}
			if strings.Join(breakdown, "\n") != strings.Join(c.breakdown, "\n") {
				t.Errorf("the breakdown is\n%s\nwant\n%s", strings.Join(breakdown, "\n"), strings.Join(c.breakdown, "\n"))
			}
		})
	}
}

// told is a tax of a breakdown in a line.
func told(b *object.Object) string {
	rate := b.Object("tax_rate_details")
	words := []string{b.String("taxability_reason"), rate.String("percentage_decimal"), rate.String("country"), rate.String("state"), rate.String("tax_type")}
	for i, w := range words {
		if w == "" {
			words[i] = "-"
		}
	}
	return strings.Join(words, " ") + fmt.Sprintf(" %d %d", b.Int("taxable_amount"), b.Int("amount"))
}

func unix(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

func TestTaxCalculationLines(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", inGermany)
	product := s.Post("/v1/products", form("name=Novel tax_code=txcd_35010000")...).OK().ID()
	rate := s.Post("/v1/shipping_rates", form("display_name=Post fixed_amount[amount]=500 fixed_amount[currency]=eur tax_behavior=inclusive")...).OK().ID()
	c := s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=2000 line_items[0][quantity]=2 line_items[0][product]="+product+
		" line_items[1][amount]=119 line_items[1][tax_behavior]=inclusive line_items[1][reference]=own line_items[1][metadata][k]=v shipping_cost[shipping_rate]="+rate+
		" customer_details[ip_address]=203.0.113.7 expand[]=line_items.data.tax_breakdown "+from("DE"))...).OK()
	wantFields(t, c, map[string]any{
		"amount_total": 2000 + 140 + 119 + 500, "expires_at": servertest.Start.AddDate(0, 0, 90).Unix(), "tax_date": servertest.Start.Unix(), "customer": nil, "ship_from_details": nil,
		"customer_details.address.country": "DE", "customer_details.address.line1": nil, "customer_details.ip_address": "203.0.113.7", "customer_details.taxability_override": "none",
		"shipping_cost.amount": 500, "shipping_cost.amount_tax": 80, "shipping_cost.tax_behavior": "inclusive", "shipping_cost.tax_code": "txcd_92010001", "shipping_cost.shipping_rate": rate,
		"line_items.data.0.amount_tax": 140, "line_items.data.0.reference": "L1", "line_items.data.0.quantity": 2, "line_items.data.0.product": product, "line_items.data.0.tax_code": "txcd_35010000",
		"line_items.data.0.tax_breakdown.0.jurisdiction.display_name": "Germany", "line_items.data.0.tax_breakdown.0.jurisdiction.level": "country",
		"line_items.data.0.tax_breakdown.0.sourcing": "destination", "line_items.data.0.tax_breakdown.0.tax_rate_details.display_name": "VAT",
		"line_items.data.1.amount_tax": 19, "line_items.data.1.reference": "own", "line_items.data.1.metadata.k": "v", "line_items.data.1.tax_breakdown.0.taxable_amount": 100,
	})
	list := s.Get("/v1/tax/calculations/" + c.ID() + "/line_items").OK()
	wantFields(t, list, map[string]any{"data.0.reference": "L1", "data.1.reference": "own", "data.2": nil, "data.0.tax_breakdown": nil})
	if again := s.Get("/v1/tax/calculations/" + c.ID()).OK(); again.Has("line_items") {
		t.Error("a calculation shows its lines without being asked")
	}
}

func TestTaxCalculationRefusals(t *testing.T) {
	t.Parallel()
	const path, line = "/v1/tax/calculations", "currency=eur line_items[0][amount]=100 "
	s := servertest.New(t)
	refuse(t, s, []refusal{{"no head office", path, line + from("DE"), "stripe_tax_inactive", "", "head office"}})
	s = taxed(t, "DE")
	nowhere := s.Post("/v1/customers").OK().ID()
	refuse(t, s, []refusal{
		{"no buyer", path, line, "parameter_missing", "customer_details", "customer_details"},
		{"no such country", path, line + from("XX"), "customer_tax_location_invalid", "customer_details[address]", "location"},
		{"no ZIP code", path, line + from("US/CA"), "customer_tax_location_invalid", "customer_details[address]", "location"},
		{"no province", path, line + from("CA"), "customer_tax_location_invalid", "customer_details[address]", "location"},
		{"a customer without address", path, line + "customer=" + nowhere, "customer_tax_location_invalid", "customer", "location"},
		{"no such customer", path, line + "customer=cus_none", "resource_missing", "customer", "cus_none"},
		{"which address", path, line + "customer_details[address][country]=DE", "parameter_missing", "customer_details[address_source]", "address_source"},
		{"no such tax code", path, line + "line_items[0][tax_code]=txcd_1 " + from("DE"), "resource_missing", "line_items[0][tax_code]", "txcd_1"},
		{"no such product", path, line + "line_items[0][product]=prod_none " + from("DE"), "resource_missing", "line_items[0][product]", "prod_none"},
		{"the same reference", path, line + "line_items[0][reference]=L line_items[1][amount]=1 line_items[1][reference]=L " + from("DE"), "", "line_items[1][reference]", "unique"},
		{"nothing of it", path, line + "line_items[0][quantity]=0 " + from("DE"), "parameter_invalid_integer", "line_items[0][quantity]", "1"},
		{"shipping without amount", path, line + "shipping_cost[tax_code]=txcd_92010001 " + from("DE"), "parameter_missing", "shipping_cost[amount]", "amount"},
		{"no such currency", path, "currency=zzz line_items[0][amount]=100 " + from("DE"), "", "currency", "zzz"},
		{"no such number", path, line + from("DE") + " customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=X", "tax_id_invalid", "customer_details[tax_ids][0][value]", "eu_vat"},
	})
}

// What is known of a customer goes for its calculations: address, tax ids and exemption.
func TestTaxCalculationOfCustomer(t *testing.T) {
	t.Parallel()
	s := taxed(t, "IE", everywhere)
	customer := s.Post("/v1/customers", form("address[country]=FR shipping[name]=Jenny shipping[address][country]=DE shipping[address][line1]=x")...).OK().ID()
	calculate := func() *object.Object {
		return s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=100 customer="+customer)...).OK()
	}
	wantFields(t, calculate(), map[string]any{"customer": customer, "tax_amount_exclusive": 19, "customer_details.address_source": "shipping", "customer_details.address.country": "DE"})
	s.Post("/v1/customers/"+customer+"/tax_ids", form("type=eu_vat value=DE123456789")...).OK()
	wantFields(t, calculate(), map[string]any{"tax_amount_exclusive": 0, "tax_breakdown.0.taxability_reason": "reverse_charge", "customer_details.tax_ids.0.value": "DE123456789"})
	s.Post("/v1/customers/"+customer, "tax_exempt", "exempt").OK()
	wantFields(t, calculate(), map[string]any{"tax_breakdown.0.taxability_reason": "customer_exempt", "customer_details.taxability_override": "customer_exempt"})
}

func TestTaxRegistration(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/tax/registrations"
	soon, later := s.Clock.Now().Add(time.Hour), s.Clock.Now().Add(2*time.Hour)
	now := s.Post(path, form("active_from=now "+inGermany)...).OK()
	wantFields(t, now, map[string]any{"status": "active", "country": "DE", "expires_at": nil, "country_options.de.standard.place_of_supply_scheme": "standard", "active_from": servertest.Start.Unix()})
	then := s.Post(path, form("active_from="+unix(soon)+" expires_at="+unix(later)+" "+inUtah)...).OK()
	wantFields(t, then, map[string]any{"status": "scheduled", "country_options.us.state": "UT", "country_options.us.type": "state_sales_tax", "country_options.de": nil})
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{time.Hour, "active"}, {time.Hour, "expired"}} {
		s.Clock.Advance(step.after)
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantFields(t, s.Get(path+"/"+then.ID()).OK(), map[string]any{"status": step.want})
	}
	for query, want := range map[string]int{"": 2, "status=all": 2, "status=active": 1, "status=expired": 1, "status=scheduled": 0} {
		if got := s.Get(path, form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %d registrations, want %d", query, len(got), want)
		}
	}
	wantFields(t, s.Post(path+"/"+now.ID(), "expires_at", "now").OK(), map[string]any{"status": "expired"})
	wantFields(t, s.Post(path+"/"+now.ID(), "expires_at", "").OK(), map[string]any{"status": "active", "expires_at": nil})
	refuse(t, s, []refusal{
		{"no such country", path, "active_from=now country=AQ country_options[de][type]=standard", "", "country", "AQ"},
		{"another country", path, "active_from=now country=FR country_options[de][type]=standard", "parameter_missing", "country_options[fr]", "FR"},
		{"no such state", path, "active_from=now country=US country_options[us][type]=state_sales_tax country_options[us][state]=ZZ", "", "country_options[us][state]", "ZZ"},
		{"no province", path, "active_from=now country=CA country_options[ca][type]=province_standard", "parameter_missing", "country_options[ca][province_standard]", "province_standard"},
		{"a province without a tax of its own", path, "active_from=now country=CA country_options[ca][type]=province_standard country_options[ca][province_standard][province]=ON", "", "country_options[ca][province_standard][province]", "ON"},
		{"over before it begins", path, "active_from=now expires_at=1000 " + inGermany, "", "expires_at", "active_from"},
	})
}

// A calculation for a day in the past heeds the registrations of that day.
func TestTaxDate(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", inGermany)
	for date, want := range map[time.Time]string{servertest.Start: "standard_rated", servertest.Start.Add(-time.Hour): "not_collecting"} {
		c := s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=100 tax_date="+unix(date)+" "+from("DE"))...).OK()
		wantFields(t, c, map[string]any{"tax_breakdown.0.taxability_reason": want})
	}
}

func TestTaxSettings(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/tax/settings"
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "pending", "status_details.pending.missing_fields": []any{"defaults.tax_code", "head_office"}, "head_office": nil, "defaults.tax_code": nil, "defaults.provider": "stripe"})
	events := wantEvents(t, s, []string{"tax.settings.updated"}, func() {
		got := s.Post(path, form("defaults[tax_code]=txcd_20030000 defaults[tax_behavior]=inferred_by_currency head_office[address][country]=US head_office[address][state]=CA")...).OK()
		wantFields(t, got, map[string]any{"status": "active", "status_details.pending": nil, "head_office.address.state": "CA", "head_office.address.city": nil, "defaults.tax_behavior": "inferred_by_currency"})
	})
	wantFields(t, events[0], map[string]any{"data.previous_attributes.status": "pending"})
	wantEvents(t, s, nil, func() { s.Post(path, form("defaults[tax_code]=txcd_20030000")...).OK() })
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "active", "defaults.tax_code": "txcd_20030000"})
	refuse(t, s, []refusal{
		{"no such tax code", path, "defaults[tax_code]=txcd_1", "resource_missing", "defaults[tax_code]", "txcd_1"},
		{"no country", path, "head_office[address][city]=Paris", "parameter_missing", "head_office[address][country]", "country"},
		{"no such country", path, "head_office[address][country]=XX", "country_unsupported", "head_office[address][country]", "XX"},
		{"no state", path, "head_office[address][country]=US", "", "head_office[address][state]", "state"},
	})
}

// Wherever a registration can be made, there are rates.
func TestTaxTableIsWhole(t *testing.T) {
	t.Parallel()
	s := taxed(t, "US", inCanada, inUtah)
	for _, p := range spec.Component("tax.registration").Prop("country_options").Schema().Props {
		country := strings.ToUpper(p.Name)
		address := map[string]string{"US": "US//84101", "CA": "CA/AB"}[country]
		if address == "" {
			address = country
			kind := p.Schema().Prop("type").Schema().Enum
			s.Post("/v1/tax/registrations", "active_from", "now", "country", country, "country_options["+p.Name+"][type]", kind[len(kind)-1]).OK()
		}
		c := s.Post("/v1/tax/calculations", form("currency=usd line_items[0][amount]=10000 line_items[0][tax_code]=txcd_99999999 "+from(address))...).OK()
		if c.Int("tax_amount_exclusive") == 0 {
			t.Errorf("%s: %v", country, told(c.Array("tax_breakdown")[0].(*object.Object)))
		}
	}
}
