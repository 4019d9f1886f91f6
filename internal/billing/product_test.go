package billing_test

import (
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestProduct(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var id string
	wantEvents(t, s, []string{"product.created"}, func() {
		p := s.Post("/v1/products", form("name=Gold+Special description=Shiny url=https://example.com/gold tax_code=txcd_10103000 metadata[a]=1")...).OK()
		id = p.ID()
		wantFields(t, p, map[string]any{
			"active": true, "type": "service", "name": "Gold Special", "default_price": nil, "tax_code": "txcd_10103000", "shippable": nil,
			"metadata.a": "1", "images.0": nil, "attributes": nil, "unit_label": nil,
		})
	})
	s.Clock.Advance(60e9)
	updated := wantEvents(t, s, []string{"product.updated"}, func() {
		s.Post("/v1/products/"+id, form("name=Silver tax_code= metadata[a]= metadata[b]=2")...).OK()
	})
	wantFields(t, updated[0], map[string]any{
		"data.previous_attributes.name": "Gold Special", "data.previous_attributes.tax_code": "txcd_10103000",
		"data.previous_attributes.metadata.a": "1", "data.previous_attributes.updated": int(servertest.Start.Unix()),
		"data.object.metadata.b": "2", "data.object.updated": int(servertest.Start.Unix()) + 60, "data.previous_attributes.description": nil,
	})
	wantEvents(t, s, nil, func() { s.Post("/v1/products/"+id, "name", "Silver").OK() })
	wantEvents(t, s, []string{"product.deleted"}, func() {
		wantFields(t, s.Delete("/v1/products/"+id).OK(), map[string]any{"id": id, "object": "product", "deleted": true})
	})
	s.Get("/v1/products/"+id).Fails(404, "resource_missing")
}

func TestProductWithDefaultPrice(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var id, price string
	events := wantEvents(t, s, []string{"product.created", "price.created", "plan.created", "product.updated"}, func() {
		p := s.Post("/v1/products", form("id=pro name=Pro default_price_data[currency]=usd default_price_data[unit_amount]=500 default_price_data[recurring][interval]=month")...).OK()
		id, price = p.ID(), p.String("default_price")
	})
	wantFields(t, events[3], map[string]any{"data.previous_attributes.default_price": nil, "data.object.default_price": price})
	wantFields(t, s.Get("/v1/products/pro", "expand[]", "default_price").OK(), map[string]any{
		"id": "pro", "default_price.id": price, "default_price.unit_amount": 500, "default_price.recurring.interval": "month", "default_price.type": "recurring",
	})
	other := s.Post("/v1/prices", form("product_data[name]=Other currency=usd unit_amount=1")...).OK().ID()
	inactive := s.Post("/v1/prices", form("product=pro currency=usd unit_amount=1 active=false")...).OK().ID()
	refuse(t, s, []refusal{
		{"taken id", "/v1/products", "id=pro name=X", "resource_already_exists", "id", "Product already exists."},
		{"bad amount inside", "/v1/products", "name=X default_price_data[currency]=usd default_price_data[unit_amount]=-1", "parameter_invalid_integer", "default_price_data[unit_amount]", "greater than or equal to 0"},
		{"default of another product", "/v1/products/pro", "default_price=" + other, "", "default_price", "belongs to another product"},
		{"inactive default", "/v1/products/pro", "default_price=" + inactive, "", "default_price", "inactive"},
		{"missing default", "/v1/products/pro", "default_price=price_none", "resource_missing", "default_price", "No such price: 'price_none'"},
		{"bad address", "/v1/products", "name=X url=nowhere", "url_invalid", "url", "Not a valid URL"},
		{"attributes of a service", "/v1/products", "name=X attributes[]=size", "", "attributes", "type `good`"},
		{"too many attributes", "/v1/products", "name=X type=good attributes[]=a attributes[]=b attributes[]=c attributes[]=d attributes[]=e attributes[]=f", "", "attributes", "up to 5"},
		{"archived default price", "/v1/prices/" + price, "active=false", "", "active", "default price of its product"},
	})
	if e := s.Delete("/v1/products/"+id).Fails(400, ""); e.String("message") != "This product cannot be deleted because it has one or more user-created prices." {
		t.Errorf("message is %q", e.String("message"))
	}
	wantFields(t, s.Post("/v1/products", form("name=Shirt type=good attributes[]=size")...).OK(), map[string]any{"type": "good", "shippable": true, "attributes.0": "size"})
}

func TestProductParameters(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	many := func(n int, name, value string) (text string) {
		for i := range n {
			text += " " + strings.ReplaceAll(name, "#", strconv.Itoa(i)) + "=" + value
		}
		return text
	}
	const box = " package_dimensions[height]=1 package_dimensions[length]=2.5 package_dimensions[weight]=3 package_dimensions[width]=0.25"
	p := s.Post("/v1/products", form("name=Seat unit_label=seat shippable=true statement_descriptor=ACME+SEAT url=https://example.com"+box+
		many(8, "images[#]", "https://example.com/i")+many(15, "marketing_features[#][name]", "Fast"))...).OK()
	wantFields(t, p, map[string]any{
		"unit_label": "seat", "shippable": true, "statement_descriptor": "ACME SEAT", "package_dimensions.length": object.Number("2.5"), "package_dimensions.height": 1,
		"images.7": "https://example.com/i", "marketing_features.0.name": "Fast",
	})
	const at = "/v1/products"
	wantFields(t, s.Post(at+"/"+p.ID(), form("unit_label= url= images= marketing_features= package_dimensions= shippable=false")...).OK(), map[string]any{
		"unit_label": nil, "url": nil, "images.0": nil, "marketing_features.0": nil, "package_dimensions": nil, "shippable": false,
	})
	s.Post(at, form("name=Other shippable=true")...).OK()
	for query, want := range map[string]int{"shippable:'false'": 1, "name:'seat' AND active:'true'": 1, "name~'oth'": 1, "active:'false'": 0} {
		if got := s.Get(at+"/search", "query", query).IDs(); len(got) != want {
			t.Errorf("%s finds %d products, want %d", query, len(got), want)
		}
	}
	refuse(t, s, []refusal{
		{"too many images", at, "name=X" + many(9, "images[#]", "https://example.com/i"), "", "images", "up to 8"},
		{"no image", at, "name=X images[0]=https://example.com/i images[1]=text", "url_invalid", "images[1]", "Not a valid URL"},
		{"too many features", at, "name=X" + many(16, "marketing_features[#][name]", "Fast"), "", "marketing_features", "up to 15"},
		{"too many features later", at + "/" + p.ID(), many(16, "marketing_features[#][name]", "Fast"), "", "marketing_features", "up to 15"},
		{"half a box", at, "name=X package_dimensions[height]=1", "parameter_missing", "package_dimensions[length]", "package_dimensions[length]"},
		{"long label", at, "name=X unit_label=abcdefghijklm", "", "unit_label", "at most 12"},
		{"strange descriptor", at, "name=X statement_descriptor=A<B", "invalid_characters", "statement_descriptor", "cannot contain"},
		{"descriptor without a letter", at, "name=X statement_descriptor=123", "", "statement_descriptor", "alphabetic"},
		{"no amount", at, "name=X default_price_data[currency]=usd", "parameter_missing", "default_price_data[unit_amount]", "default_price_data[unit_amount]."},
		{"no interval", at, "name=X default_price_data[currency]=usd default_price_data[unit_amount]=1 default_price_data[recurring][interval]=year default_price_data[recurring][interval_count]=4", "",
			"default_price_data[recurring][interval_count]", "three years"},
	})
}
