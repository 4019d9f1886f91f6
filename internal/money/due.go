package money

// Waiting is why an amount is not to be paid now.
type Waiting uint8

const (
	// NotWaiting is paid now, or there is nothing to pay.
	NotWaiting Waiting = iota
	// TooSmall is less than can be charged.
	TooSmall
	// TooLarge is more than can be charged.
	TooLarge
)

// Due is how an invoice meets its customer's balance: what is to be paid, and the balance that is left. A balance below
// zero is to the customer's good. What cannot be charged waits on the balance for the next invoice.
func Due(total, balance, minimum int64) (due, ending int64, why Waiting) {
	switch owed := total + balance; {
	case owed <= 0:
		return 0, owed, NotWaiting
	case owed < minimum:
		return 0, owed, TooSmall
	case owed > Maximum:
		return 0, owed, TooLarge
	default:
		return owed, 0, NotWaiting
	}
}
