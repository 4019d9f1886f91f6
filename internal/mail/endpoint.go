package mail

import (
	"cmp"

	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// EndpointFailing tells the owner of an account that one of its webhook endpoints has failed for days.
type EndpointFailing struct {
	URL      string
	Since    int64  // unix seconds
	Reason   string // what came of the last attempt
	Disabled bool   // nothing is sent to it any more
}

// Send writes the message down. An account without an address is written nothing.
func (f EndpointFailing) Send(m *Mailer, op *resource.Op) error {
	home, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	account, err := home.Find("account", op.Account())
	if err != nil {
		return err
	}
	to := cmp.Or(account.String("email"), sellerOf(account, nil).Email)
	if !IsAddress(to) {
		return nil
	}
	w := wordsFor(nil)
	l := letter{Words: w, Subject: w.endpointFails, Heading: w.endpointFails, Test: !op.Live(),
		Text:  []string{put(w.endpointText, w.day(f.Since))},
		Facts: []paper.Field{field(w.endpointURL, f.URL), field(w.endpointReason, f.Reason)},
		After: []string{w.endpointSoon},
	}
	if f.Disabled {
		l.Subject, l.Heading, l.After = w.endpointDisabled, w.endpointDisabled, []string{w.endpointOff}
	}
	text := kindEndpointFailing
	if f.Disabled {
		text = textEndpointDisabled
	}
	_, err = m.postTo(op, "", &message{kind: kindEndpointFailing, says: text, to: to, letter: l, values: map[string]string{"url": f.URL, "date": w.day(f.Since), "reason": f.Reason}})
	return err
}
