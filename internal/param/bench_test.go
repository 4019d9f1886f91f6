package param

import (
	"strings"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	tests := []struct{ name, op, query, body string }{
		{"create3", "PostCustomers", "", "email=jenny.rosen%40example.com&name=Jenny+Rosen&metadata[order_id]=6735"},
		{"intent", "PostPaymentIntents", "", "amount=2000&currency=usd&automatic_payment_methods[enabled]=true"},
		{"subscription", "PostSubscriptions", "", "customer=cus_Na6dX7aXxi11N4&items[0][price]=price_1MowQULkdIwHu7ixraBm864M&items[0][quantity]=2&expand[0]=latest_invoice&trial_end=now"},
		{"list", "GetCustomers", "limit=10&starting_after=cus_Na6dX7aXxi11N4", ""},
		{"unknown", "PostCustomers", "", "invoice_setting=x"},
	}
	for _, test := range tests {
		b.Run(test.name, func(b *testing.B) {
			op := operation(b, test.op)
			body := []byte(test.body)
			b.ReportAllocs()
			for b.Loop() {
				in, err := Decode(op, test.query, "application/x-www-form-urlencoded", body)
				if (in == nil) == (err == nil) {
					b.Fatal(in, err)
				}
			}
		})
	}
}

// BenchmarkDecodeWorst shows that the time for hostile forms grows with their size alone: ns/op must be some ten times
// as high for ten times as many parameters.
func BenchmarkDecodeWorst(b *testing.B) {
	tests := map[string]func(n int) string{
		"siblings": func(n int) string { return numbered("metadata[k", "]=", n) },
		"indexes":  func(n int) string { return numbered("preferred_locales[", "]=x", n) },
		"elements": func(n int) string { return strings.Repeat("preferred_locales[]=x&", n) },
		"unknown":  func(n int) string { return numbered("k", "=", n) },
		"racks":    func(n int) string { return strings.Repeat("items[][metadata][a]=x&", n) },
	}
	for name, form := range tests {
		for _, n := range []int{900, 9000} {
			b.Run(name+map[int]string{900: "-900", 9000: "-9000"}[n], func(b *testing.B) {
				op, body := operation(b, "PostCustomers"), []byte(form(n))
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					_, _ = Decode(op, "", "", body)
				}
			})
		}
	}
}

// numbered is n parameters in falling order, the worst for sorting.
func numbered(before, after string, n int) string {
	var b strings.Builder
	for i := n; i > 0; i-- {
		b.WriteString(before + strings.Repeat("1", i%7) + itoa(i) + after + "&")
	}
	return b.String()
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func BenchmarkEncode(b *testing.B) {
	o := parse(b, `{"customer":"cus_1","items":[{"price":"price_1","quantity":2}],"metadata":{"order":"6735"}}`)
	b.ReportAllocs()
	for b.Loop() {
		Encode(o)
	}
}
