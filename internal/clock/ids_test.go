package clock

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestIDsCarryTheirTime(t *testing.T) {
	t.Parallel()
	c := NewFake(time.Unix(1571864382, 0))
	const account = "acct_1032D82eZvKYlo2C"
	at := func(unix int64) time.Time { return time.Unix(unix, 0) }
	for _, test := range []struct{ name, id, want string }{
		{"long", Long(c, "cn_", account, at(1571864382)), "cn_1FWqvi2eZvKYlo2C"},
		{"long, later that day", Long(c, "cn_", account, at(1571876838)), "cn_1FWuAc2eZvKYlo2C"},
		{"long, 2018", Long(c, "or_", account, at(1529265172)), "or_1Ce6vg2eZvKYlo2C"},
		{"long, six seconds on", Long(c, "ch_", account, at(1529265178)), "ch_1Ce6vm2eZvKYlo2C"},
		{"short", Short(c, "sku_", time.Date(2019, 10, 26, 6, 26, 30, 0, time.UTC)), "sku_G3qQ"},
		{"before the epoch", Short(c, "cus_", at(0)), "cus_0000"},
		{"live v2", V2(c, "feat_", at(1571864382), true), "feat_61FWqvi"},
		{"test v2", V2(c, "feat_", at(1571864382), false), "feat_test_61FWqvi"},
		{"account", Account(c, at(1571864382)), "acct_1FWqvi"},
		{"session", Session(c, "cs_", false), "cs_test_a1"},
		{"live session", Session(c, "cs_", true), "cs_live_a1"},
		{"short account", Long(c, "ch_", "acct_x", at(epoch)), "ch_100000000000000x"},
	} {
		if !strings.HasPrefix(test.id, test.want) {
			t.Errorf("%s: %s does not begin with %s", test.name, test.id, test.want)
		}
	}
}

func TestIDsHaveTheirForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 26, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, form string
		make       func(c Clock) string
	}{
		{"long", `^cn_1[0-9A-Za-z]{23}$`, func(c Clock) string { return Long(c, "cn_", "acct_1032D82eZvKYlo2C", now) }},
		{"short", `^cus_[0-9A-Za-z]{14}$`, func(c Clock) string { return Short(c, "cus_", now) }},
		{"v2", `^feat_test_61[0-9A-Za-z]{30}$`, func(c Clock) string { return V2(c, "feat_", now, false) }},
		{"account", `^acct_1[0-9A-Za-z]{15}$`, func(c Clock) string { return Account(c, now) }},
		{"session", `^cs_test_a1[0-9A-Za-z]{56}$`, func(c Clock) string { return Session(c, "cs_", false) }},
		{"code", `^[0-9A-Z]{8}$`, func(c Clock) string { return Code(c, 8) }},
		{"secret", `^[0-9A-Za-z]{200}$`, func(c Clock) string { return Secret(c, 200) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			form, seen := regexp.MustCompile(test.form), map[string]bool{}
			for _, c := range []Clock{NewFake(now), Wall{}} {
				for range 500 {
					id := test.make(c)
					if !form.MatchString(id) {
						t.Fatalf("%s does not match %s", id, test.form)
					}
					if seen[id] {
						t.Fatalf("%s was made twice", id)
					}
					seen[id] = true
				}
			}
		})
	}
}

func TestRandomCharactersAreEven(t *testing.T) {
	t.Parallel()
	counts := map[byte]int{}
	const each = 1000
	for _, b := range []byte(Secret(NewFake(time.Unix(0, 0)), 62*each)) {
		counts[b]++
	}
	if len(counts) != 62 {
		t.Fatalf("%d characters occur, want 62", len(counts))
	}
	for b, n := range counts {
		if n < each*8/10 || n > each*12/10 {
			t.Errorf("%c occurs %d times, want about %d", b, n, each)
		}
	}
}

func TestRequestIDCarriesTheLogSeq(t *testing.T) {
	t.Parallel()
	ids := NewRequestIDs(NewFake(time.Unix(0, 0)))
	form, heads := regexp.MustCompile(`^req_[0-9A-Za-z]{14}$`), map[string]bool{}
	seqs := []int64{0, 1, 2, 1<<31 - 1, 1 << 32, 1<<47 - 1}
	for i := range int64(2000) {
		seqs = append(seqs, 1000+i)
	}
	for _, seq := range seqs {
		id := ids.New(seq)
		if !form.MatchString(id) {
			t.Fatalf("%s is not a request id", id)
		}
		if got, ok := LogSeq(id); !ok || got != seq {
			t.Fatalf("LogSeq(%s) = %d, %t; want %d", id, got, ok, seq)
		}
		heads[id[4:6]] = true
	}
	if len(heads) < 1000 {
		t.Errorf("consecutive ids share their beginnings: %d of 2006 are different", len(heads))
	}
}

func TestLogSeqRefuses(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "req_", "req_0000000000000", "req_000000000000000", "req_0000000-000000", "cus_00000000000000", "req_zzzzzzzz000000"} {
		if seq, ok := LogSeq(id); ok {
			t.Errorf("LogSeq(%q) = %d, want none", id, seq)
		}
	}
}

func TestRequestIDAllocatesOnce(t *testing.T) {
	ids := NewRequestIDs(Wall{})
	if n := testing.AllocsPerRun(100, func() { sink = ids.New(12345) }); n > 1 {
		t.Errorf("a request id costs %.0f allocations, want 1", n)
	}
}

var sink string

func BenchmarkRequestID(b *testing.B) {
	ids := NewRequestIDs(Wall{})
	for i := range b.N {
		sink = ids.New(int64(i))
	}
}

func BenchmarkLong(b *testing.B) {
	now := time.Unix(1571864382, 0)
	for range b.N {
		sink = Long(Wall{}, "cn_", "acct_1032D82eZvKYlo2C", now)
	}
}
