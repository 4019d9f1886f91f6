package dashboard_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/dashboard"
)

// dot is a picture of one pixel.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// multipartOf is a form with a file.
func multipartOf(t *testing.T, fields map[string]string, name string, data []byte) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = form.Close()
	return body, form.FormDataContentType()
}

// uploads sends a picture.
func (b *browser) uploads(path, picture, name string, data []byte) *httptest.ResponseRecorder {
	b.t.Helper()
	body, contentType := multipartOf(b.t, map[string]string{"picture": picture}, name, data)
	return b.send(http.MethodPost, path, nil, func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(body), int64(body.Len())
		r.Header.Set("Content-Type", contentType)
	})
}

func TestBranding(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *dashboard.Options) {
		o.Checkout = func(_ context.Context, _ *access.Namespace, b *brand.Brand) ([]byte, error) {
			return []byte("sheet " + b.Sheet()), nil
		}
	})
	b := o.owner()
	const path = "/dashboard/test/branding"
	b.shows(b.get(path), http.StatusOK, `value="ShareSmart"`, "preview/checkout?")
	b.shows(b.post(path, "name", "Shop", "primary_color", "yellow"), http.StatusUnprocessableEntity, "Write a colour as six digits", `value="#yellow"`)
	b.shows(b.post(path, "name", "Shop", "terms_url", "javascript:alert(1)"), http.StatusUnprocessableEntity, "Write the whole address")
	b.shows(b.post(path, "name", "Shop", "shape", "star"), http.StatusUnprocessableEntity, "no such shape")
	b.leads(b.post(path, "name", "Shop", "primary_color", "FFDD00", "secondary_color", "", "shape", "pill", "support_email", "help@example.com", "terms_url", "https://example.com/terms"), path+"?done=saved")
	b.shows(b.get(path+"?done=saved"), http.StatusOK, "Saved.", `value="#ffdd00"`, "Buttons are #ffdd00 with dark text", "has a contrast of 1.", `value="https://example.com/terms"`)
	account := b.Get("/v1/account").OK()
	if got := account.Object("settings").Object("branding").String("primary_color"); got != "#ffdd00" || account.Object("business_profile").String("name") != "Shop" {
		t.Errorf("the account has %q: %s", got, account.JSON())
	}
	b.shows(b.get(path+"/preview/checkout"), http.StatusOK, "sheet /brand/ffdd00-ffdd00-pill.css")
	b.shows(b.get(path+"/preview/checkout?secondary_color=%23ff0000&shape=rectangular"), http.StatusOK, "sheet /brand/ff0000-ffdd00-rectangular.css")
	b.shows(b.get(path+"/preview/mail?primary_color=%23123456&name=Other"), http.StatusOK, "#123456", "Your receipt from Other", "https://example.com/terms")
	b.shows(b.get(path+"/preview/nothing"), http.StatusNotFound)

	data, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		t.Fatal(err)
	}
	b.shows(b.uploads(path+"/picture", "logo", "logo.txt", []byte("words")), http.StatusUnprocessableEntity, "support that file type")
	b.leads(b.uploads(path+"/picture", "logo", "logo.png", data), path+"?done=picture")
	page := b.get(path).Body.String()
	shown := regexp.MustCompile(`/links/[\w-]+`).FindString(page)
	w := httptest.NewRecorder()
	o.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, o.URL+shown, nil))
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), data) {
		t.Errorf("the logo at %q answers %d", shown, w.Code)
	}
	b.leads(b.post(path+"/picture", "picture", "logo", "remove", "1"), path+"?done=picture")
	if strings.Contains(b.get(path).Body.String(), "/links/") {
		t.Error("the logo is still there")
	}
	// A file that was uploaded for something else is shown to nobody.
	body, contentType := multipartOf(t, map[string]string{"purpose": "dispute_evidence"}, "scan.png", data)
	evidence := b.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/files", Body: body, ContentType: contentType}).OK().ID()
	b.Post("/v1/accounts/"+o.Account.ID, "settings[branding][logo]", evidence).Fails(http.StatusBadRequest, "")
}

func TestMailTexts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	b.shows(b.get("/dashboard/test/mail-texts"), http.StatusOK, "Payment failed", "standard")
	const path = "/dashboard/test/mail-texts/receipt"
	b.shows(b.get(path+"?lang=de"), http.StatusOK, "Wir haben {amount} erhalten.", "<code>{amount}</code>")
	b.shows(b.post(path, "lang", "en", "subject", "Paid {sum}", "body", "Thanks"), http.StatusUnprocessableEntity, "There is no {sum} in this message", `value="Paid {sum}"`)
	b.leads(b.post(path, "lang", "en", "subject", "Paid {amount}", "body", "Thanks, <b>{customer}</b>"), path+"?lang=en&done=saved")
	b.shows(b.get(path), http.StatusOK, `value="Paid {amount}"`, "Your text", "Back to the standard text")
	b.shows(b.get(path+"/preview"), http.StatusOK, "Thanks, &lt;b&gt;Ada Lovelace&lt;/b&gt;")
	b.shows(b.get(path+"/preview?subject=x&body=Draft+for+%7Bcustomer%7D"), http.StatusOK, "Draft for Ada Lovelace")
	b.shows(b.get("/dashboard/test/mail-texts"), http.StatusOK, "English")
	b.leads(b.post(path, "lang", "en", "do", "test", "subject", "Try {amount}", "body", "Thanks"), path+"?lang=en&done=sent")
	sent := b.Get("/v1/mails").OK().Array("data")[0].(interface{ String(string) string })
	if sent.String("to") != "ada@example.com" || sent.String("subject") != "Try $9.00 USD" {
		t.Errorf("%s was sent %q", sent.String("to"), sent.String("subject"))
	}
	b.leads(b.post(path, "lang", "en", "do", "standard"), path+"?lang=en&done=standard")
	b.shows(b.get(path), http.StatusOK, "We have received {amount}.")
	b.shows(b.get("/dashboard/test/mail-texts/nothing"), http.StatusNotFound)
}
