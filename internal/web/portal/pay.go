package portal

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// pay takes what is owed of a subscription from what pays for it. Where that does not work, as when the bank wants to see
// the customer, they go on at the page of the invoice, which takes another card.
func pay(v *visit) error {
	var s *subscription
	if err := v.load(func(op *resource.Op) (err error) {
		s, err = v.named(op)
		return err
	}); err != nil {
		return err
	}
	if s.Owed == nil { // it is paid already
		v.lead(v.Base + "?done=paid")
		return nil
	}
	form := []string(nil)
	if s.Method != nil {
		form = []string{"payment_method", s.Method.ID()}
	}
	if _, err := v.call("POST /v1/invoices/"+s.Owed.ID()+"/pay", form...); err != nil {
		if apierr.As(err) == nil {
			return err
		}
		v.lead(s.Owed.String("hosted_invoice_url"))
		return nil
	}
	v.lead(v.Base + "?done=paid")
	return nil
}
