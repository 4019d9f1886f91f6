package mail_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Each text of ours could be one of a seller's, in each language, and its sample has everything in it.
func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, text := range mail.Texts {
		if seen[text.ID] || mail.FindText(text.ID).Name != text.Name {
			t.Errorf("%s is there twice", text.ID)
		}
		seen[text.ID] = true
		for _, language := range mail.Languages() {
			standard := text.Standard(language)
			if err := text.Check(standard); err != nil {
				t.Errorf("%s in %s: %v", text.ID, language, err)
			}
			own := mail.Wording{Subject: "Own {seller}", Body: "All: {" + strings.Join(text.Placeholders(), "} {") + "}."}
			for _, wording := range []*mail.Wording{nil, &own} {
				subject, html, plain, err := mail.Sample(&brand.Brand{Name: "Shop"}, nil, &text, language, wording)
				if err != nil || subject == "" || strings.ContainsAny(subject+plain, "{}%") || !strings.Contains(html, "<html lang=\""+language) || wording != nil && (subject != "Own Shop" || !strings.Contains(plain, "All: ")) {
					t.Errorf("%s in %s: %q, %v\n%s", text.ID, language, subject, err, plain)
				}
			}
		}
	}
}

func TestTextsAreChecked(t *testing.T) {
	t.Parallel()
	text := mail.FindText("receipt")
	for _, test := range []struct{ subject, body, field, want string }{
		{"Paid {amount}", "Thanks", "", ""},
		{"", "Thanks", "subject", "needs a subject"},
		{"Paid", " \n ", "body", "needs a text"},
		{"Paid {sum}", "Thanks", "subject", "There is no {sum} in this message. Use {amount}, {date}, {method}, {customer}, {seller}."},
		{"Paid", "Thanks { amount }", "body", "There is no { amount }"},
		{"Paid", "Thanks {amount", "body", "A brace stands alone"},
		{"Paid", "Thanks }", "body", "A brace stands alone"},
		{"Paid\r\nBcc: all@example.com", "Thanks", "subject", "one line"},
		{strings.Repeat("x", 201), "Thanks", "subject", "may have 200"},
		{"Paid", strings.Repeat("x", 5001), "body", "may have 5000"},
	} {
		err := text.Check(mail.Wording{Subject: test.subject, Body: test.body})
		var wrong *mail.TextError
		switch {
		case test.want == "" && err != nil, test.want != "" && !errors.As(err, &wrong):
			t.Errorf("%.20q, %.20q: %v", test.subject, test.body, err)
		case wrong != nil && (wrong.Field != test.field || !strings.Contains(wrong.Message, test.want)):
			t.Errorf("%.20q, %.20q: %s %q", test.subject, test.body, wrong.Field, wrong.Message)
		}
	}
}

// A seller's words take the place of ours, in their language alone; what a message has not is left out, and markup is text.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	s := newShop(t, "name", "Jenny <b>Rosen</b>")
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	text := mail.FindText("receipt")
	keep := func(w *mail.Wording) {
		t.Helper()
		if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error { return text.Keep(op, "en", w) }); err != nil {
			t.Fatal(err)
		}
	}
	keep(&mail.Wording{Subject: "{customer}, you paid {amount}", Body: "Dear {customer},\r\n\r\n<script>alert(1)</script> {amount} by {method}.\n\nBye"})
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	all := s.mails()[:1] // messages are written when the timers run
	s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", "tok_visa", "receipt_email", "other@example.com").OK()
	newest := func() *object.Object {
		before := s.mails()
		return before[slices.IndexFunc(before, func(m *object.Object) bool {
			return !slices.ContainsFunc(all, func(known *object.Object) bool { return known.ID() == m.ID() })
		})]
	}
	all = append(all, newest())
	s.Post("/v1/customers/"+s.customer, "preferred_locales[0]", "de").OK()
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	all = append(all, newest())
	keep(nil)
	s.Post("/v1/customers/"+s.customer, "preferred_locales[0]", "en").OK()
	s.Post("/v1/invoices/" + s.invoice() + "/pay").OK()
	all = append(all, newest())
	for i, want := range []struct{ subject, text, not string }{
		{"Jenny <b>Rosen</b>, you paid $20.00 USD", "<script>alert(1)</script> $20.00 USD by Visa", "We have received"},
		{", you paid $5.00 USD", "$5.00 USD by Visa", "Dear"},
		{"Ihr Zahlungsbeleg von ShareSmart", "erhalten", "Dear"},
		{"Your receipt from ShareSmart", "We have received", "Dear"},
	} {
		if got := all[i].String("subject"); got != want.subject {
			t.Errorf("%d: the subject is %q, want %q", i, got, want.subject)
		}
		if got := strings.ReplaceAll(all[i].String("text"), "\u00a0", " "); !strings.Contains(got, want.text) || strings.Contains(got, want.not) {
			t.Errorf("%d: the text is\n%s", i, got)
		}
		if strings.Contains(all[i].String("html"), "<script") || strings.Contains(all[i].String("html"), "<b>") {
			t.Errorf("%d: markup is no text:\n%s", i, all[i].String("html"))
		}
	}
}
