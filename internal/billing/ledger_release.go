package billing

import (
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const (
	// fundsRelease is the timer of a balance that makes pending money available.
	fundsRelease = "balance.release"
	// releaseBatch is how many transactions it takes at once, so that nobody waits for it long.
	releaseBatch = 500
)

// releaseIndex finds pending transactions by the time they wait for, and the others by their currency.
func releaseIndex(t *object.Object) []string {
	if t.String("status") != "pending" {
		return []string{t.String("currency")}
	}
	return []string{resource.Number(t.Int("available_on"))}
}

// releaseFunds makes available what is due. What is more than a batch is left to the next run.
// Emits balance.available, once for all that became available at the same time.
func releaseFunds(op *resource.Op) error {
	b, err := booksOf(op, op.Object)
	if err != nil {
		return err
	}
	due := b.due()
	past, _ := slices.BinarySearch(due, op.Now().Unix()+1)
	if past > 0 {
		times := make([]string, past)
		for i, t := range due[:past] {
			times[i] = resource.Number(t)
		}
		batch, err := op.Oldest("balance_transaction", resource.Selection{Field: "release", Values: times, Limit: releaseBatch})
		if err != nil {
			return err
		}
		if err := b.release(op, batch); err != nil {
			return err
		}
		if len(batch) == releaseBatch {
			return b.rest(op, op.Now())
		}
		b.setDue(due[past:])
	}
	if past > 0 || b.private.Bool("fresh") {
		b.private.Delete("fresh")
		showFunds(b)
		op.Save(b.balance)
		if err := op.Emit("balance.available", b.balance); err != nil {
			return err
		}
	}
	if past == len(due) {
		return b.close(op)
	}
	return b.rest(op, time.Unix(due[past], 0))
}

// rest writes the books and lets the timer come back.
func (b *books) rest(op *resource.Op, until time.Time) error {
	if err := op.SetTimer(fundsRelease, b.balance, until); err != nil {
		return err
	}
	return b.close(op)
}

func (b *books) release(op *resource.Op, batch []*object.Object) error {
	for _, t := range batch {
		private, err := op.Private(t)
		if err != nil {
			return err
		}
		fund, currency := fundOf(private), t.String("currency")
		t.Set("status", "available")
		op.Save(t)
		b.add(currency, pending(fund), -t.Int("net"))
		b.add(currency, available(fund), t.Int("net"))
	}
	return nil
}
