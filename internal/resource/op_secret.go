package resource

import "sharesmart/internal/clock"

// Secret makes n characters that nobody can guess.
func (op *Op) Secret(n int) string { return clock.Secret(op.engine.clock, n) }

// Code makes n capitals and digits, for people to type.
func (op *Op) Code(n int) string { return clock.Code(op.engine.clock, n) }
