package billing_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// honest is a case that holds.
const honest = `
== honest
source: by hand
price silver 1000/month
price gold 2000/month
coupon ten 10%
rate vat 19% exclusive
2026-04-01 subscribe silver[vat] [ten]
  invoice 1071 = 900 + 171
    line 1000; 2026-04-01..2026-05-01; "1 × Silver"
      off ten 100 = 1000 * 10%
      tax vat 171 = 900 * 19%; on 900 = 1000 - 100
    subtotal 1000
  paid 1071
2026-04-16 change silver to gold
  waiting -450 = -900 * 15d/30d
  waiting 900 = 1800 * 15d/30d
  period 2026-04-01..2026-05-01
2026-04-17 adjust -10
  balance -10
2026-04-17 credit 1:500 refund_amount=536
  note 536 = 500 - 50 + 86
    line 500
      off ten 50 = 100 / 2
      tax vat 86 = 171 / 2
  pre 0
  post 536
`

// judged is a test that only notes what it is told.
type judged struct {
	testing.TB
	verdict strings.Builder
}

func (j *judged) Failed() bool { return j.verdict.Len() > 0 }

func (j *judged) Errorf(format string, args ...any) { fmt.Fprintf(&j.verdict, format+"\n", args...) }

func (j *judged) Fatalf(format string, args ...any) {
	j.Errorf(format, args...)
	runtime.Goexit()
}

// Whatever is changed in a case that holds, it does not hold any more.
func TestGoldenNotices(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct{ name, old, now, want string }{
		{name: "nothing"},
		{"arithmetic", "171 = 900 * 19%", "171 = 900 * 20%", "is 180.0000, rounded 180, and not 171"},
		{"arithmetic of what is taxed", "on 900 = 1000 - 100", "on 900 = 1000 - 99", "and not 900"},
		{"total", "invoice 1071 = 900 + 171", "invoice 1070", "invoice is 1071, want 1070"},
		{"amount of a line", "    line 1000;", "    line 1001;", "line is 1000, want 1001"},
		{"time of a line", "..2026-05-01; ", "..2026-05-02; ", "the time is 2026-04-01 00:00:00 to 2026-05-01 00:00:00"},
		{"text of a line", "1 × Silver", "1 × Gold", `the description is "1 × Silver (at $10.00 / month)"`},
		{"discount", "      off ten 100 = 1000 * 10%\n", "", `there are 1 of "off", want 0`},
		{"amount of a discount", "off ten 100 = 1000 * 10%", "off ten 101", "off is ten 100"},
		{"tax", "tax vat 171 = 900 * 19%", "tax ten 171", "tax is vat 171"},
		{"what is taxed", "on 900 = 1000 - 100", "on 901", "it is on 900, want 901"},
		{"another line", "    subtotal", "    line 5\n    subtotal", "there is no such line"},
		{"sum", "subtotal 1000", "subtotal 999", "subtotal is 1000, want 999"},
		{"what was paid", "paid 1071", "paid 1", "paid is 1071, want 1"},
		{"another invoice", "  paid 1071\n", "  paid 1071\n  invoice 5\n", `there is no "invoice" here`},
		{"no such invoice", honest[strings.Index(honest, "  invoice"):strings.Index(honest, "2026-04-16")], "", "there is another invoice, over 1071"},
		{"waiting", "  waiting 900 = 1800 * 15d/30d\n", "", "there is another waiting"},
		{"nothing waits", "  waiting -450 = -900 * 15d/30d\n  waiting 900 = 1800 * 15d/30d\n", "", "there is another waiting"},
		{"period", "  period 2026-04-01..2026-05-01", "  period 2026-04-01..2026-05-02", "the period is"},
		{"balance", "balance -10", "balance -11", "balance is -10, want -11"},
		{"no balance", "  balance -10\n", "", "the balance is -10 now, was 0"},
		{"credit note", "note 536 = 500 - 50 + 86", "note 535", "note is 536, want 535"},
		{"tax of a credit note", "tax vat 86 = 171 / 2", "tax vat 85", "tax is vat 86"},
		{"part of a credit note", "post 536", "post 535", "post is 536, want 535"},
		{"step", "adjust -10", "adjusts -10", "nobody knows how"},
		{"source", "source: by hand\n", "", "has no source"},
		{"amount", "paid 1071", "paid much", "has no amount"},
		{"function", "= 900 + 171", "= sum(900, 171)", "no function is called"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(honest, c.old) {
				t.Fatalf("%q is not there", c.old)
			}
			got := verdict(t, s, strings.Replace(honest, c.old, c.now, 1))
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("the verdict is %q, want %q in it", got, c.want)
			}
		})
	}
}

// verdict is what is wrong with a case.
func verdict(t *testing.T, s *servertest.Server, text string) string {
	t.Helper()
	cases, err := parseGolden("honest", text)
	if err != nil {
		return err.Error()
	}
	j, done := &judged{TB: t}, make(chan struct{})
	go func() {
		defer close(done)
		playGolden(j, s.For(j), cases[0])
	}()
	<-done
	return j.verdict.String()
}
