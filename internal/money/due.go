package money

// Due is how an invoice meets its customer's balance: what is to be paid, and the balance that is left. A balance below
// zero is to the customer's good. What is too little to be charged waits on the balance for the next invoice; then
// tooSmall is true.
func Due(total, balance, minimum int64) (due, ending int64, tooSmall bool) {
	switch owed := total + balance; {
	case owed <= 0:
		return 0, owed, false
	case owed < minimum:
		return 0, owed, true
	default:
		return owed, 0, false
	}
}
