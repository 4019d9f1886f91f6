package param

import (
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// FuzzDecode holds that whatever is sent is decoded or refused with an API error, and that what was decoded, written as
// a form, is decoded to the same again.
func FuzzDecode(f *testing.F) {
	ids := []string{"PostCustomers", "PostSubscriptions", "PostPaymentIntents", "PostPrices", "PostPaymentMethods", "PostCoupons", "PostCheckoutSessions",
		"PostBalanceSettings", "GetCustomers", "PostInvoicesCreatePreview"}
	for i, body := range []string{
		"name=x&metadata[a]=b&preferred_locales[]=de&preferred_locales[]=en&address[city]=%C3%A9",
		"customer=c&items[][price]=a&items[][price]=b&items[][metadata][x]=1&trial_end=now&default_tax_rates=",
		"amount=%2B1&currency=USD&off_session=true&metadata=&payment_method_data[type]=affirm&payment_method_data[affirm]=",
		"currency=eur&tiers[1][up_to]=inf&tiers[0][up_to]=5&currency_options[usd][unit_amount_decimal]=1.50",
		"type=card&card[token]=tok_1&card[number]=4242",
		"percent_off=1e3&redeem_by=5&applies_to[products][10]=x&applies_to[products][9]=y",
		"a[b]=1&a[]=2&[x]=&%=&a[[b]]=1",
		"payments[payouts][minimum_balance_by_currency][usd]=5",
		"created[gte]=1&expand[]=a&limit=10",
		"subscription_details[items][0][price_data][unit_amount]=1",
	} {
		f.Add(uint8(i), "", []byte(body))
		f.Add(uint8(i), body, []byte(body))
	}
	operations := make([]*spec.Operation, len(ids))
	for i, id := range ids {
		operations[i] = operation(f, id)
	}
	f.Fuzz(func(t *testing.T, which uint8, query string, body []byte) {
		op := operations[int(which)%len(operations)]
		in, err := Decode(op, query, "", body)
		if err != nil {
			problem := apierr.As(err)
			if problem == nil || problem.Status != 400 || !problem.Early || problem.Message == "" || len(problem.Message) > 12_000 {
				t.Fatalf("%s %q %q: %v", op.ID, query, body, err)
			}
			return
		}
		form := Encode(in.Params)
		again, err := Decode(op, form, "", nil)
		if err != nil || !object.Equal(in.Params, again.Params) {
			t.Fatalf("%s %q %q: became %s, which becomes %v (%v)", op.ID, query, body, form, again, err)
		}
		if Encode(again.Params) != form {
			t.Fatalf("%s %q %q: %s is not canonical", op.ID, query, body, form)
		}
		Mask(in.Params)
	})
}

// FuzzForm is FuzzDecode without a schema: any form that can be read has a tree, and the tree's text has the same tree.
func FuzzForm(f *testing.F) {
	for _, form := range []string{"a=1&b[c]=2", "a[][x]=1&a[][y]=2&a[][x]=3", "a[0][b][]=x&a[0][b][]=y", "a[][]=1&a[][]=2", "a[1]=b&a[x]=c", "a=&b", "a[][b][][c]=1&a[][b][][c]=2"} {
		f.Add(form)
	}
	f.Fuzz(func(t *testing.T, form string) {
		first, ok := freely(form)
		if !ok {
			return
		}
		text := Encode(first)
		again, ok := freely(text)
		if !ok || !object.Equal(first, again) {
			t.Fatalf("%q became %s, which becomes %s", form, text, again.AppendJSON(nil, 0))
		}
	})
}

// freely decodes a form in which anything may be.
func freely(form string) (*object.Object, bool) {
	var d decoder
	if d.read(form, noBody, "", nil) != nil {
		return nil, false
	}
	o := object.New(nil)
	for n := d.nodes[0].first; n != 0; n = d.nodes[n].next {
		o.Add(d.nodes[n].name, d.free(n))
	}
	return o, true
}
