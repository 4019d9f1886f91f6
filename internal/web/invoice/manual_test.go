package invoice_test

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/manual"
	"sharesmart/internal/resource"
)

// offer lets the seller take bank transfers and cash in a mode.
func (s *shop) offer(env string) (transfer, cash string) {
	s.t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, env)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.Engine.Call(s.t.Context(), ns, func(op *resource.Op) error {
		o, err := manual.For(op)
		if err != nil {
			return err
		}
		if err := o.Put(op, manual.Method{Name: "Bank transfer", Instructions: "IBAN DE89\n<b>ShareSmart</b>"}); err != nil {
			return err
		}
		if err := o.Put(op, manual.Method{Name: "Cash", Instructions: "At the desk"}); err != nil {
			return err
		}
		transfer, cash = o.Methods[0].ID, o.Methods[1].ID
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return transfer, cash
}

func (s *shop) choose(path, way string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(s.pages, http.MethodPost, path, url.Values{"do": {"choose"}, "way": {way}})
}

// tell says that it was paid, with a file if there is one.
func (s *shop) tell(path, told, name string, file []byte) *httptest.ResponseRecorder {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("do", "tell")
	_ = form.WriteField("told", told)
	if name != "" {
		part, err := form.CreateFormFile("proof", name)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = part.Write(file)
	}
	_ = form.Close()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

// dot is a picture of one pixel.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// TestByHand chooses to pay by hand, tells of it, and sends proofs.
func TestByHand(t *testing.T) {
	t.Parallel()
	picture, _ := base64.StdEncoding.DecodeString(dot)
	for _, env := range []string{access.Test, access.Live} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			if env == access.Live {
				s.Key = s.Account.LiveSecret.Secret
				s.customer = s.newCustomer()
			}
			transfer, cash := s.offer(env)
			in := s.open("collection_method", "charge_automatically")
			path := s.path(in)
			wantPage(t, s.get(path), 200, "Pay another way", "Pay by Bank transfer", "Pay by Cash", "Nothing is charged", "!IBAN", "!Payments are not taken")
			wantLead(t, s.tell(path, "TRF", "", nil), path)
			wantPage(t, s.choose(path, "cpmt_none"), 422, "cannot be paid in that way")

			got := s.events(func() { wantLead(t, s.choose(path, transfer), path+"#by-hand") })
			if want := []string{"invoice.updated", "invoice.sent"}; !slices.Equal(got, want) {
				t.Errorf("choosing causes %v", got)
			}
			if after := s.invoice(in.ID()); after.String("collection_method") != "send_invoice" || after.Int("due_date") != s.Clock.Now().Unix()+14*86400 {
				t.Errorf("it is %s, due %d", after.String("collection_method"), after.Int("due_date"))
			}
			page := wantPage(t, s.get(path), 200, "Pay by Bank transfer", "<b>ShareSmart</b>", `data-testid="hand-reference">ABCD-0001`, `data-testid="hand-amount">€2,000.00`, "September 15, 2026", "Have you paid?", "Choose another way", "Pay by Cash")
			if strings.Contains(s.get(path).Body.String(), "<b>ShareSmart") || strings.Contains(page, "At the desk") {
				t.Error("the instructions are taken for a page, or those of another way are shown")
			}
			if again := s.events(func() { wantLead(t, s.choose(path, cash), path+"#by-hand") }); len(again) != 0 {
				t.Errorf("choosing anew causes %v", again)
			}
			wantPage(t, s.get(path), 200, "At the desk")

			wantPage(t, s.tell(path, "", "", nil), 422, "Write by what the payment can be found", `id="told-fault"`)
			wantPage(t, s.tell(path, strings.Repeat("x", 201), "", nil), 422)
			wantPage(t, s.tell(path, "TRF-1", "virus.exe", []byte("MZ")), 422, "Choose a PDF, JPEG or PNG", `value="TRF-1"`)
			wantPage(t, s.tell(path, "TRF-1", "large.png", make([]byte, 5<<20+1)), 422, "Choose a PDF, JPEG or PNG")
			wantPage(t, s.tell(path, "TRF-1", "huge.png", make([]byte, 6<<20)), 400, "could not be read")
			wantLead(t, s.tell(path, "TRF-1", "", nil), path+"#by-hand")
			wantPage(t, s.get(path), 200, "You told the seller on September 1, 2026", "TRF-1")
			for range 3 {
				wantLead(t, s.tell(path, "TRF-2", "proof.png", picture), path+"#by-hand")
			}
			wantPage(t, s.tell(path, "TRF-2", "proof.png", picture), 422, "No more files")
			if files := s.Get("/v1/files", "purpose", "dispute_evidence").IDs(); len(files) != 3 {
				t.Errorf("%d files are kept", len(files))
			}
			if got := s.invoice(in.ID()).String("status"); got != "open" {
				t.Errorf("telling makes it %s", got)
			}
			s.Post("/v1/invoices/"+in.ID()+"/pay", "paid_out_of_band", "true").OK()
			wantPage(t, s.get(path), 200, "Nothing is left to pay", "!IBAN", "!At the desk")
			wantLead(t, s.choose(path, transfer), path)
			wantLead(t, s.tell(path, "late", "", nil), path)
		})
	}
}

// TestByHandIsNotOffered has invoices that say how they may be paid, and none to pay.
func TestByHandIsNotOffered(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	transfer, _ := s.offer(access.Test)
	cards := s.open("payment_settings[payment_method_types][]", "card")
	wantPage(t, s.get(s.path(cards)), 200, theForm, "!Pay another way")
	wantLead(t, s.choose(s.path(cards), transfer), s.path(cards))
	void := s.Post("/v1/invoices/" + s.open().ID() + "/void").OK()
	wantPage(t, s.get(s.path(void)), 200, "voided", "!Pay another way")
	german := s.open()
	s.Post("/v1/customers/"+s.customer, "preferred_locales[]", "de").OK()
	wantPage(t, s.get(s.path(german)), 200, "Anders bezahlen", "Bezahlen mit: Bank transfer")
}

// TestByHandBesidePayment has an invoice that a bank is about to pay: nothing else is offered.
func TestByHandBesidePayment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	transfer, _ := s.offer(access.Test)
	in := s.open()
	s.Post("/v1/payment_intents/"+s.intent(in.ID())+"/confirm", "payment_method_data[type]", "sepa_debit", "payment_method_data[sepa_debit][iban]", "AT611904300234573201",
		"payment_method_data[billing_details][name]", "Jenny", "payment_method_data[billing_details][email]", "jenny@example.com", "mandate_data[customer_acceptance][type]", "offline").OK()
	wantPage(t, s.get(s.path(in)), 200, "A payment is on its way", "!Pay another way")
	wantLead(t, s.choose(s.path(in), transfer), s.path(in))
	if after := s.invoice(in.ID()); after.String("status") != "open" {
		t.Errorf("it is %s", after.String("status"))
	}
}
