package portal_test

import (
	"strings"
	"testing"
)

func TestCustomer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := s.open(everything, "")
	page := wantShown(t, s.get(path+"/customer"), 200, `value="jenny@example.com"`, `value="Jenny Rosen"`, "Billing address", "Shipping address", "Tax ID", "Germany")
	s.wantEvents([]string{"customer.updated", "customer.tax_id.created"}, func() {
		wantLead(t, s.post(path+"/customer", s.filled(page, "email=jo@example.com&phone=+49 30 1&address[country]=DE&address[line1]=Weg 1&address[city]=Ulm&shipping[name]=Jo&shipping[address][line1]=Weg 2&shipping[address][country]=AT&tax_id=DE123456789")), path+"?done=customer")
	})
	s.want("/v1/customers/CUSTOMER", map[string]any{
		"email": "jo@example.com", "name": "Jenny Rosen", "phone": "+49 30 1", "address.line1": "Weg 1", "address.country": "DE", "shipping.name": "Jo", "shipping.address.line1": "Weg 2", "shipping.address.country": "AT",
	})
	wantShown(t, s.get(path), 200, "jo@example.com", "Weg 2", "Austria", "DE123456789")
	page = wantShown(t, s.get(path+"/customer"), 200, "DE123456789")
	s.wantEvents(nil, func() {
		wantLead(t, s.post(path+"/customer", s.filled(page, "tax_id=DE123456789")), path+"?done=customer")
	})

	id := s.Get(s.path("/v1/customers/CUSTOMER/tax_ids")).IDs()[0]
	s.wantEvents([]string{"customer.tax_id.deleted"}, func() {
		for range 2 {
			wantLead(t, s.post(path+"/tax-ids/"+id+"/remove", ""), path+"/customer")
		}
	})
	s.wantEvents([]string{"customer.updated"}, func() {
		s.post(path+"/customer", s.filled(page, "shipping[name]=&shipping[address][line1]=&shipping[address][city]=&shipping[address][country]="))
	})
	s.want("/v1/customers/CUSTOMER", map[string]any{"shipping": nil})
}

func TestCustomerRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := s.open(everything, "")
	page := s.get(path + "/customer").Body.String()
	for typed, want := range map[string]string{
		"email=": `id="email-fault"`, "email=jenny": `id="email-fault"`, "email=a@b@c": `id="email-fault"`, "tax_id=DE1&address[country]=DE": `id="tax_id-fault"`, "tax_id=DE123456789": `id="tax_id-fault"`,
		"shipping[address][line1]=Weg 1": `id="shipping[name]-fault"`, "shipping[name]=Jo": `id="shipping[address][line1]-fault"`,
	} {
		s.wantEvents(nil, func() {
			wantShown(t, s.post(path+"/customer", s.filled(page, typed)), 422, want, "Error: ", "autofocus", `value="Jenny Rosen"`)
		})
	}
	only := strings.Split(mayEdit, "&")
	path = s.open(only[0]+"&"+only[2], "") // the name alone
	wantShown(t, s.get(path+"/customer"), 200, `name="name"`, `!name="email"`, "!Tax ID", "!Shipping")
	s.make("TAX", "/v1/customers/CUSTOMER/tax_ids", "type=eu_vat&value=DE123456789")
	wantLead(t, s.post(path+"/customer", "name=Jo&email=other@example.com&address[line1]=Weg 1&tax_id=DE111111111&metadata[a]=b&balance=-5000"), path+"?done=customer")
	s.want("/v1/customers/CUSTOMER", map[string]any{"name": "Jo", "email": "jenny@example.com", "address": nil, "balance": 0, "metadata.a": nil})
	wantShown(t, s.post(path+"/tax-ids/TAX/remove", ""), 403)
}
