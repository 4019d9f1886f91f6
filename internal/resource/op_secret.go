package resource

import "sharesmart/internal/clock"

// Secret makes n characters that nobody can guess.
func (op *Op) Secret(n int) string { return clock.Secret(op.engine.clock, n) }

// Random fills p with bytes that nobody can guess.
func (op *Op) Random(p []byte) { op.engine.clock.Random(p) }

// Code makes n capitals and digits, for people to type.
func (op *Op) Code(n int) string { return clock.Code(op.engine.clock, n) }

// KinID makes an id for what comes of another object, such as the charge of a payment intent: they share their
// beginning. The prefix may differ from the kind's own, as py_ does for a charge without a card.
func (op *Op) KinID(prefix, id string) string {
	if op.clock != "" {
		return op.engine.order.Kin(prefix, id)
	}
	return clock.Kin(op.engine.clock, prefix, id)
}
