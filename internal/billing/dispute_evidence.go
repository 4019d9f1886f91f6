package billing

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

const (
	// mostEvidence is how many characters all texts of the evidence may have together.
	mostEvidence = 150_000
	// inquiryLife is how long a network keeps an inquiry open that was answered.
	inquiryLife = 120 * 24 * time.Hour
)

// evidenceFiles are the parts of the evidence that are files.
var evidenceFiles = []string{
	"cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
	"refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
}

// updateDispute takes evidence, and hands it to the bank unless the request says to wait.
// Emits charge.dispute.updated.
func updateDispute(op *resource.Op) error {
	d := op.Object
	submit := op.Params.Has("evidence") && op.Params.Get("submit") != false || op.Params.Bool("submit")
	if !op.Params.Has("evidence") && !submit {
		return nil
	}
	if err := checkAnswerable(d, "update the evidence of"); err != nil {
		return err
	}
	if err := checkEvidence(op, d); err != nil {
		return err
	}
	charge, err := op.Get("charge", d.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	d.Object("evidence_details").Set("has_evidence", hasEvidence(d.Object("evidence"), knownEvidence(charge)))
	if !submit {
		return nil
	}
	return submitEvidence(op, d)
}

// checkAnswerable wants a dispute that waits for its seller.
func checkAnswerable(d *object.Object, verb string) error {
	if status := d.String("status"); !strings.HasSuffix(status, "needs_response") {
		return apierr.Invalid("", "", "You cannot %s this dispute because it has a status of %s. Only a dispute with one of the following statuses can be answered: needs_response, warning_needs_response.", verb, status)
	}
	return nil
}

// checkEvidence looks at the files that were sent and at the size of all texts.
func checkEvidence(op *resource.Op, d *object.Object) error {
	sent := op.Params.Object("evidence")
	for _, name := range evidenceFiles {
		id := sent.String(name)
		if id == "" {
			continue
		}
		param := "evidence[" + name + "]"
		file, err := op.Get("file", id, param)
		if err != nil {
			return err
		}
		if purpose := file.String("purpose"); purpose != "dispute_evidence" {
			return apierr.Invalid("", param, "The file %s was uploaded with the purpose %s; evidence must have the purpose dispute_evidence.", id, purpose)
		}
	}
	if n := evidenceSize(d.Object("evidence")); n > mostEvidence {
		return apierr.Invalid("", "evidence", "The combined character count of all evidence fields is limited to 150,000; it is %d.", n)
	}
	return nil
}

// evidenceSize counts the characters of all texts, those of the enhanced evidence included.
func evidenceSize(evidence *object.Object) int {
	n := 0
	for name, v := range evidence.All() {
		switch v := v.(type) {
		case string:
			if !slices.Contains(evidenceFiles, name) {
				n += utf8.RuneCountInString(v)
			}
		case *object.Object:
			n += evidenceSize(v)
		case []any:
			for _, item := range v {
				if part, ok := item.(*object.Object); ok {
					n += evidenceSize(part)
				}
			}
		}
	}
	return n
}

// knownEvidence is what a dispute knows from its charge when it opens.
func knownEvidence(charge *object.Object) map[string]any {
	holder := charge.Object("billing_details")
	return map[string]any{"customer_email_address": holder.Get("email"), "customer_name": holder.Get("name")}
}

// hasEvidence reports whether anything was given beyond what is known.
func hasEvidence(evidence *object.Object, known map[string]any) bool {
	for name, v := range evidence.All() {
		switch v := v.(type) {
		case string:
			if v != known[name] {
				return true
			}
		case *object.Object:
			if v.Len() > 0 {
				return true
			}
		}
	}
	return false
}

// submitEvidence hands the evidence to the bank, which answers a moment later if it has an opinion.
func submitEvidence(op *resource.Op, d *object.Object) error {
	if err := acknowledgeFees(d); err != nil {
		return err
	}
	to, due := "under_review", time.Time{}
	if isInquiry(d) {
		to, due = "warning_under_review", op.Now().Add(inquiryLife)
	}
	if err := op.Move(d, to); err != nil {
		return err
	}
	details := d.Object("evidence_details")
	details.Set("submission_count", details.Int("submission_count")+1)
	if op.Live() {
		return tellDispute(op, d, false)
	}
	if err := op.SetTimer(disputeDue, d, due); err != nil || verdictOn(d) == processor.Undecided {
		return err
	}
	return op.SetTimer(disputeVerdict, d, op.Now().Add(bankTakes))
}

// acknowledgeFees wants the seller to accept what answering a case about the network's own rules costs.
func acknowledgeFees(d *object.Object) error {
	eligibility := d.Object("evidence_details").Object("enhanced_eligibility")
	for _, name := range []string{"visa_compliance", "mastercard_compliance"} {
		compliance := eligibility.Object(name)
		if compliance == nil {
			continue
		}
		if !d.Object("evidence").Object("enhanced_evidence").Object(name).Bool("fee_acknowledged") {
			return apierr.Invalid("", "evidence[enhanced_evidence]["+name+"][fee_acknowledged]", "The network's fee must be acknowledged before evidence can be submitted for this compliance dispute.")
		}
		compliance.Set("status", "fee_acknowledged")
	}
	return nil
}

// verdictOn is what the bank makes of the evidence. Only an inquiry can become more than it is.
func verdictOn(d *object.Object) processor.Verdict {
	v := bank.Evidence(d.Object("evidence").String("uncategorized_text"))
	if v == processor.Escalated && !isInquiry(d) {
		return processor.Undecided
	}
	return v
}

// isEvidenceFile reports whether a field of the evidence names a file.
func isEvidenceFile(name string) bool { return slices.Contains(evidenceFiles, name) }
