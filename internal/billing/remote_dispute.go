package billing

import (
	"context"
	"strconv"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// Disputes of live mode. The processor tells of them; the evidence that is given here goes there, as far as it is text.
// Which is which is in the private part of the payment intent under `disputes`.

// followDisputes brings the disputes of a payment to where they stand at the processor.
func followDisputes(op *resource.Op, pi *object.Object, all []processor.RemoteDispute) error {
	if len(all) == 0 {
		return nil
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	charge, err := op.Find("charge", pi.Ref("latest_charge"))
	if charge == nil || err != nil {
		return err
	}
	known := private.Sub("disputes")
	for _, r := range all {
		d, err := op.Find("dispute", known.String(r.ID))
		if err != nil {
			return err
		}
		if d == nil {
			if d, err = outsideDispute(op, charge, r); d == nil || err != nil {
				return err
			}
			known.Set(r.ID, d.ID())
		}
		if err := settleRemoteDispute(op, d, r); err != nil {
			return err
		}
	}
	return op.SetPrivate(pi, private)
}

// outsideDispute opens a dispute that the processor tells of; nil if nothing is left to dispute.
func outsideDispute(op *resource.Op, charge *object.Object, r processor.RemoteDispute) (*object.Object, error) {
	if err := settleCharge(op, charge); err != nil {
		return nil, err
	}
	c := r.DisputeCase
	c.Amount = r.Amount
	if err := openDispute(op, charge, c); err != nil {
		return nil, err
	}
	all, err := disputesOf(op, charge)
	if len(all) == 0 || err != nil {
		return nil, err
	}
	d := all[0]
	if r.DueBy > 0 {
		d.Object("evidence_details").Set("due_by", r.DueBy)
	}
	private, err := op.Private(d)
	if err != nil {
		return nil, err
	}
	private.Set("processor", newParams("id", r.ID))
	op.Save(d)
	return d, op.SetPrivate(d, private)
}

// settleRemoteDispute brings a dispute to the status that it has at the processor, by way of those between.
func settleRemoteDispute(op *resource.Op, d *object.Object, r processor.RemoteDispute) error {
	if isInquiry(d) && !r.Inquiry && d.String("status") != "warning_closed" {
		if d.String("status") == "warning_needs_response" {
			if err := op.Move(d, "warning_under_review"); err != nil {
				return err
			}
		}
		if err := escalateInquiry(op, d); err != nil {
			return err
		}
	}
	status := d.String("status")
	switch {
	case status == r.Status, status == "won", status == "lost", status == "warning_closed":
		return nil
	case r.Status == "under_review", r.Status == "warning_under_review":
		if err := op.Move(d, r.Status); err != nil {
			return err
		}
		return op.EmitUpdated(d)
	case r.Status == "won":
		if status == "needs_response" {
			if err := op.Move(d, "under_review"); err != nil {
				return err
			}
		}
		return winDispute(op, d)
	case r.Status == "lost", r.Status == "warning_closed":
		return endDispute(op, d, r.Status)
	}
	return nil
}

// tellDispute sends what is said in a dispute to the processor. In test mode nothing is sent.
func tellDispute(op *resource.Op, d *object.Object, givesIn bool) error {
	if !op.Live() {
		return nil
	}
	private, err := op.Private(d)
	if err != nil {
		return err
	}
	private.Set("telling", newParams("number", private.Object("telling").Int("number")+1, "gives_in", givesIn))
	if err := op.SetPrivate(d, private); err != nil {
		return err
	}
	op.Save(d)
	return op.Ask(askDispute, d)
}

// askForDispute hands on what was said last.
func askForDispute(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	remote := e.Processor(ns)
	if remote == nil {
		return noProcessor()
	}
	said, to, key := processor.Evidence{Texts: map[string]string{}, Submit: true}, "", ""
	err := e.Note(ctx, ns, func(op *resource.Op) error {
		d, err := op.Find("dispute", id)
		if d == nil || err != nil {
			return err
		}
		private, err := op.Private(d)
		if err != nil {
			return err
		}
		telling := private.Object("telling")
		to, said.GiveIn = private.Object("processor").String("id"), telling.Bool("gives_in")
		key = "sharesmart-" + id + "-" + strconv.FormatInt(telling.Int("number"), 10)
		for name, v := range d.Object("evidence").All() {
			if text, ok := v.(string); ok && text != "" && !isEvidenceFile(name) {
				said.Texts[name] = text
			}
		}
		return nil
	})
	if err != nil || to == "" {
		return err
	}
	return remote.Dispute(ctx, key, to, said)
}
