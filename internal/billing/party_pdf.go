package billing

import (
	"cmp"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
)

// Who stands on a document.

// parties reads who an invoice is from and for.
func (p *printing) parties(in *object.Object) error {
	if err := p.seller(in.Object("issuer").Ref("account"), in.Array("account_tax_ids"), in.String("account_name")); err != nil {
		return err
	}
	shipping := in.Object("shipping_details")
	if shipping == nil {
		shipping = in.Object("customer_shipping")
	}
	if shipping != nil {
		p.doc.Recipient = paper.Party{Name: shipping.String("name"), Address: addressOf(shipping.Object("address"))}
	}
	p.doc.Buyer = paper.Party{Name: in.String("customer_name"), Address: addressOf(in.Object("customer_address")), Email: in.String("customer_email"), Phone: in.String("customer_phone")}
	for _, v := range in.Array("customer_tax_ids") {
		p.doc.Buyer.TaxIDs = append(p.doc.Buyer.TaxIDs, taxIDOf(v.(*object.Object)))
	}
	return p.buyer(in.Ref("customer"))
}

// seller reads the account: the one that the document names as its issuer, or the account itself.
func (p *printing) seller(issuer string, taxIDs []any, name string) error {
	account, err := p.Self()
	if err == nil && issuer != "" {
		account, err = p.Find("account", issuer)
	}
	if err != nil {
		return err
	}
	profile, company, person := account.Object("business_profile"), account.Object("company"), account.Object("individual")
	if len(taxIDs) == 0 {
		taxIDs = account.Object("settings").Object("invoices").Array("default_account_tax_ids")
	}
	s := paper.Party{
		Name: cmp.Or(name, profile.String("name"), company.String("name"), strings.TrimSpace(person.String("first_name")+" "+person.String("last_name")),
			account.Object("settings").Object("dashboard").String("display_name"), account.String("email"), account.ID()),
		Email: profile.String("support_email"), Phone: profile.String("support_phone"),
	}
	for _, at := range []*object.Object{profile.Object("support_address"), company.Object("address"), person.Object("address")} {
		if s.Address == (paper.Address{}) {
			s.Address = addressOf(at)
		}
	}
	for _, v := range taxIDs {
		id, _ := v.(string)
		known, err := p.Find("tax_id", id)
		if err != nil {
			return err
		}
		if known != nil {
			s.TaxIDs = append(s.TaxIDs, taxIDOf(known))
		}
	}
	p.doc.Seller = s
	p.doc.Look, err = lookOf(p.Survey, account)
	return err
}

// buyer adds what only the customer knows, if there still is one.
func (p *printing) buyer(id string) error {
	customer, err := p.Find("customer", id)
	if customer == nil || err != nil {
		return err
	}
	for _, v := range customer.Array("preferred_locales") {
		if locale, _ := v.(string); p.doc.Language == "" {
			p.doc.Language = locale
		}
	}
	b := &p.doc.Buyer
	b.Name = cmp.Or(b.Name, customer.String("name"))
	b.Email = cmp.Or(b.Email, customer.String("email"))
	if b.Address == (paper.Address{}) {
		b.Address = addressOf(customer.Object("address"))
	}
	if len(b.TaxIDs) > 0 {
		return nil
	}
	known, err := p.Below("tax_id", id)
	for _, t := range known {
		b.TaxIDs = append(b.TaxIDs, taxIDOf(t))
	}
	return err
}

func addressOf(a *object.Object) paper.Address {
	return paper.Address{
		Line1: a.String("line1"), Line2: a.String("line2"), City: a.String("city"), State: a.String("state"), PostalCode: a.String("postal_code"), Country: strings.ToUpper(a.String("country")),
	}
}

// taxIDOf names a tax id as people do: DE VAT for an eu_vat that begins with DE.
func taxIDOf(t *object.Object) paper.Field {
	name := strings.ToUpper(strings.ReplaceAll(t.String("type"), "_", " "))
	if value := t.String("value"); t.String("type") == "eu_vat" && len(value) > 2 {
		name = value[:2] + " VAT"
	}
	return paper.Field{Name: name, Value: t.String("value")}
}
