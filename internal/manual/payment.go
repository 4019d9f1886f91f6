package manual

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Kept is what the private part of an invoice has of its payment by hand: method, told, told_at, proof, proofs, and the
// checkout session that it was chosen at, with where its customer goes on to (session, return).
const Kept = "manual"

// Payment is how an invoice can be paid by hand, or is about to be.
type Payment struct {
	Offered []Method // what can be chosen
	Chosen  *Method  // nil as long as nothing is
	Told    string   // by what the customer says that their payment can be found
	ToldAt  int64    // when they said that they have paid; 0 if they did not
	Proof   string   // id of a file
	Return  string   // where the customer goes on to; empty for nowhere
}

// Read reads how an invoice can be paid by hand.
func Read(s *resource.Survey, in *object.Object) (*Payment, error) {
	private, err := s.Private("invoice", in.ID())
	if err != nil {
		return nil, err
	}
	offer, err := In(s)
	if err != nil {
		return nil, err
	}
	return PaymentOf(in, private, offer), nil
}

// PaymentOf is how an invoice with a private part can be paid by hand. A seller that names how an invoice may be paid does
// not offer more.
func PaymentOf(in, private *object.Object, offer *Offer) *Payment {
	kept := private.Object(Kept)
	m := &Payment{Told: kept.String("told"), ToldAt: kept.Int("told_at"), Proof: kept.String("proof"), Return: kept.String("return")}
	if kept != nil {
		chosen := MethodOf(kept.Object("method"))
		m.Chosen = &chosen
	}
	if in.String("status") == "open" && len(in.Object("payment_settings").Array("payment_method_types")) == 0 {
		m.Offered = offer.Methods
	}
	return m
}
