package billing

import (
	"encoding/base64"
	"net/url"
	"time"

	"rsc.io/qr"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// voucherLife is how long a customer has to pay what they were shown.
const voucherLife = 3 * 24 * time.Hour

// nextAction is what an SDK, or the customer's browser, has to do. Whatever it is, it leads to the page of the attempt.
func nextAction(op *resource.Op, intent *object.Object, kind, attempt string, step processor.Step, v visit) *object.Object {
	query := "?client_secret=" + url.QueryEscape(intent.String("client_secret")) + "&in=" + op.Place()
	at := op.BaseURL() + "/authenticate/" + attempt
	page := at + query
	if a := shownAction(op, kind, attempt, page); a != nil {
		return a
	}
	if a := scannedAction(op, kind, at, query); a != nil && intent.String("object") == "payment_intent" {
		return a
	}
	switch {
	case step == processor.Microdeposit:
		arrival := op.Now().Add(24 * time.Hour).Truncate(24 * time.Hour).Unix()
		return action("verify_with_microdeposits", "arrival_date", arrival, "hosted_verification_url", page, "microdeposit_type", "amounts")
	case kind == "alipay" && v.returnURL != "":
		return action("alipay_handle_redirect", "return_url", v.returnURL, "url", page)
	case kind == "card" && (v.sdk || v.returnURL == ""):
		return action("use_stripe_sdk", "type", "three_d_secure_redirect", "stripe_js", page, "source", attempt)
	}
	redirect := action("redirect_to_url", "url", page)
	redirect.Object("redirect_to_url").Set("return_url", textOrNull(v.returnURL))
	return redirect
}

// action is a next_action of a type, with the hash of its name.
func action(name string, pairs ...any) *object.Object {
	return newParams(name, newParams(pairs...), "type", name)
}

// shownAction tells a customer where and with which number to pay; nil for a method that does not.
func shownAction(op *resource.Op, kind, attempt, page string) *object.Object {
	until, number := op.Now().Add(voucherLife).Unix(), voucherNumber(attempt)
	switch kind {
	case "boleto":
		return action("boleto_display_details", "expires_at", until, "hosted_voucher_url", page, "number", number, "pdf", page)
	case "oxxo":
		return action("oxxo_display_details", "expires_after", until, "hosted_voucher_url", page, "number", number)
	case "multibanco":
		return action("multibanco_display_details", "entity", "12345", "expires_at", until, "hosted_voucher_url", page, "reference", number)
	case "konbini":
		stores := object.New(nil)
		for _, name := range []string{"familymart", "lawson", "ministop", "seicomart"} {
			stores.Set(name, newParams("payment_code", number))
		}
		return action("konbini_display_details", "expires_at", until, "hosted_voucher_url", page, "stores", stores)
	}
	return nil
}

// scannedAction shows a code for the customer's phone, which leads to the page; nil for a method that does not.
func scannedAction(op *resource.Op, kind, at, query string) *object.Object {
	page, png, svg, until := at+query, at+"/qr.png"+query, at+"/qr.svg"+query, op.Now().Add(voucherLife).Unix()
	switch kind {
	case "cashapp":
		code := newParams("expires_at", until, "image_url_png", png, "image_url_svg", svg)
		return action("cashapp_handle_redirect_or_display_qr_code", "hosted_instructions_url", page, "mobile_auth_url", page, "qr_code", code)
	case "swish":
		code := newParams("data", page, "image_url_png", png, "image_url_svg", svg)
		return action("swish_handle_redirect_or_display_qr_code", "hosted_instructions_url", page, "qr_code", code)
	case "wechat_pay":
		return action("wechat_pay_display_qr_code", "data", page, "hosted_instructions_url", page, "image_data_url", pictureOf(page), "image_url_png", png, "image_url_svg", svg)
	case "pix":
		return action("pix_display_qr_code", "data", page, "expires_at", until, "hosted_instructions_url", page, "image_url_png", png, "image_url_svg", svg)
	case "promptpay", "paynow":
		return action(kind+"_display_qr_code", "data", page, "hosted_instructions_url", page, "image_url_png", png, "image_url_svg", svg)
	}
	return nil
}

// pictureOf is a code for phones, in the address itself; empty for a text that no code can hold.
func pictureOf(text string) string {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return ""
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())
}

// voucherNumber are digits that belong to an attempt.
func voucherNumber(attempt string) string {
	const length = 14
	digits := make([]byte, 0, length)
	for _, c := range []byte(attempt[len(attempt)-length:]) {
		digits = append(digits, '0'+c%10)
	}
	return string(digits)
}
