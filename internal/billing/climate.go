package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Climate products and their suppliers are reference data: tons of carbon to be removed in a year, and who removes them.
func init() {
	register(resource.Rules{Object: "climate.product", Reference: climateProducts})
	register(resource.Rules{Object: "climate.supplier", Reference: climateSuppliers})
}

// climateCreated is when the first portfolio was offered: 2024-01-01.
const climateCreated = 1704067200

// climateFeePercent is added to the price of a ton.
const climateFeePercent = 3

var climateYears = []struct{ year, dollars int64 }{{2027, 550}, {2028, 520}, {2029, 490}, {2030, 460}}

func climateProducts() []*object.Object {
	var out []*object.Object
	for i, offer := range climateYears {
		year := strconv.FormatInt(offer.year, 10)
		o := object.New(spec.Component("climate.product"))
		o.Set("id", "climsku_frontier_offtake_portfolio_"+year)
		o.Set("object", "climate.product")
		o.Set("created", climateCreated-i)
		o.Set("current_prices_per_metric_ton", climatePrices(offer.dollars*100))
		o.Set("delivery_year", offer.year)
		o.Set("livemode", false)
		o.Set("metric_tons_available", "1000000")
		o.Set("name", "Frontier's "+year+" offtake portfolio")
		o.Set("suppliers", climateSuppliers())
		out = append(out, o)
	}
	return out
}

func climatePrices(cents int64) *object.Object {
	prices := object.New(nil)
	for _, currency := range []string{"cad", "eur", "gbp", "usd"} {
		subtotal := int64(float64(cents) * perDollar[currency])
		fees := subtotal * climateFeePercent / 100
		p := object.New(spec.Component("climate_removals_products_price"))
		p.Set("amount_fees", fees)
		p.Set("amount_subtotal", subtotal)
		p.Set("amount_total", subtotal+fees)
		prices.Set(currency, p)
	}
	return prices
}

func climateSuppliers() []*object.Object {
	var out []*object.Object
	for _, row := range []struct{ slug, name, pathway, city, region, latitude, longitude string }{
		{"charm_industrial", "Charm Industrial", "biomass_carbon_removal_and_storage", "San Francisco", "CA", "37.748", "-122.406"},
		{"heirloom", "Heirloom", "direct_air_capture", "Brisbane", "CA", "37.686", "-122.403"},
		{"lithos", "Lithos", "enhanced_weathering", "San Francisco", "CA", "37.775", "-122.419"},
		{"vaulted", "Vaulted Deep", "biomass_carbon_removal_and_storage", "Houston", "TX", "29.76", "-95.37"},
	} {
		location := object.New(spec.Component("climate_removals_location"))
		location.Set("city", row.city)
		location.Set("country", "US")
		location.Set("latitude", object.Number(row.latitude))
		location.Set("longitude", object.Number(row.longitude))
		location.Set("region", row.region)
		o := object.New(spec.Component("climate.supplier"))
		o.Set("id", "climsup_"+row.slug)
		o.Set("object", "climate.supplier")
		o.Set("info_url", "https://frontierclimate.com/portfolio/"+strings.ReplaceAll(row.slug, "_", "-"))
		o.Set("livemode", false)
		o.Set("locations", []any{location})
		o.Set("name", row.name)
		o.Set("removal_pathway", row.pathway)
		out = append(out, o)
	}
	return out
}
