package fault

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text   string
		delay  time.Duration
		status int
		code   string
		kind   string
		retry  bool
		cut    bool
		after  bool
	}{
		{text: "500", status: 500, kind: "api_error", retry: true},
		{text: "502", status: 502, kind: "api_error", retry: true},
		{text: "503", status: 503, kind: "api_error", retry: true},
		{text: "504", status: 504, kind: "api_error", retry: true},
		{text: "409", status: 409, code: "idempotency_key_in_use", kind: "idempotency_error", retry: true},
		{text: "idempotency_key_in_use", status: 409, code: "idempotency_key_in_use", kind: "idempotency_error", retry: true},
		{text: "429", status: 429, code: "rate_limit", kind: "invalid_request_error"},
		{text: "rate_limit", status: 429, code: "rate_limit", kind: "invalid_request_error"},
		{text: "lock_timeout", status: 429, code: "lock_timeout", kind: "invalid_request_error", retry: true},
		{text: "delay=300ms", delay: 300 * time.Millisecond},
		{text: "delay=200ms,500", delay: 200 * time.Millisecond, status: 500, kind: "api_error", retry: true},
		{text: "cut, delay=90s", delay: 90 * time.Second, cut: true},
		{text: "cut-after", after: true},
	} {
		f, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if f.Delay != test.delay || f.Cut != test.cut || f.CutAfter != test.after || f.Text != strings.ReplaceAll(test.text, " ", "") || (f.Err == nil) != (test.status == 0) {
			t.Errorf("%s is %+v", test.text, f)
		}
		if f.Err != nil && (f.Err.Status != test.status || f.Err.Code != test.code || f.Err.Type != test.kind || f.Err.Retry != test.retry || !f.Err.Early) {
			t.Errorf("%s answers %+v", test.text, f.Err)
		}
		if limited := f.Limited != ""; limited != (test.code == "rate_limit") {
			t.Errorf("%s has passed the limit %q", test.text, f.Limited)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       `"" is none of 409, 429`,
		"teapot":                 `"teapot" is none of`,
		"200":                    `"200" is none of`,
		"500,cut":                `"500" and "cut" cannot both happen`,
		"500,":                   `"500" and "" cannot both happen`,
		"delay=1s,delay=2s":      "two delays",
		"delay=":                 "is no duration",
		"delay=5":                "is no duration",
		"delay=-1s":              "more than nothing",
		"delay=91s":              "at most 1m30s",
		strings.Repeat("5", 101): "longer than 100",
	} {
		if f, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want an error with %q", text, f, err, want)
		}
	}
}

func TestRuleFits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, pattern, sent, path string
		want                        bool
	}{
		{"", "", "GET", "/v1/customers", true},
		{"POST", "", "GET", "/v1/customers", false},
		{"POST", "", "POST", "/v1/customers", true},
		{"", "/v1/customers", "GET", "/v1/customers", true},
		{"", "/v1/customers", "GET", "/v1/customers/cus_1", false},
		{"", "/v1/customers*", "GET", "/v1/customers/cus_1", true},
		{"", "/v1/customers/*", "GET", "/v1/customers", false},
		{"", "*/confirm", "POST", "/v1/payment_intents/pi_1/confirm", true},
		{"", "*/confirm", "POST", "/v1/payment_intents/pi_1/cancel", false},
		{"", "/v1/*_intents/*/confirm", "POST", "/v1/setup_intents/seti_1/confirm", true},
		{"", "/v1/*_intents/*/confirm", "POST", "/v1/setup_intents/confirm", false},
		{"", "/v1/*/a/*/a", "POST", "/v1/x/a/a", false},
		{"", "*", "POST", "/v1/x", true},
		{"", "**", "POST", "/v1/x", true},
	} {
		r := Rule{Method: test.method, Path: test.pattern}
		if got := r.Fits(test.sent, test.path); got != test.want {
			t.Errorf("%s %s fits %s %s: %t, want %t", test.method, test.pattern, test.sent, test.path, got, test.want)
		}
	}
}

func TestCheckPattern(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		"/v1/customers": true, "*": true, "*/confirm": true, "/**********": true,
		"": false, "v1/customers": false, "/***********": false,
	} {
		if err := CheckPattern(pattern); (err == nil) != want {
			t.Errorf("%q: %v, want it to be fine: %t", pattern, err, want)
		}
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	for _, percent := range []int64{1, 30, 99, 100} {
		struck, repeated, otherSeed := int64(0), 0, 0
		const n = 10_000
		for i := range int64(n) {
			hit := Draw(42, i, percent)
			if hit {
				struck++
			}
			if hit == Draw(42, i, percent) {
				repeated++
			}
			if hit == Draw(43, i, percent) {
				otherSeed++
			}
		}
		if low, high := n*percent/100-150, n*percent/100+150; struck < low || struck > high {
			t.Errorf("%d%% of %d strike %d times", percent, n, struck)
		}
		if repeated != n {
			t.Errorf("a seed draws %d of %d alike", repeated, n)
		}
		if percent == 30 && otherSeed > n*65/100 {
			t.Errorf("another seed draws %d of %d alike", otherSeed, n)
		}
	}
}
