package billing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// The golden files of testdata hold worked cases: what is sold to whom, what is done and when, and what then must be
// billed, each amount with the arithmetic that it comes from. A case is
//
//	== its name
//	source: where the amounts are from: a page of Stripe's documentation, a public invoice, or reckoned by hand
//	price gold 1000/month
//	2026-04-01 subscribe gold
//	  invoice 1000
//	    line 1000
//	2026-04-16 change gold*3
//	  waiting -500 = -1000 * 15d/30d
//	  waiting 1500 = 3000 * 15d/30d
//
// Lines that are not indented say what is done (golden_steps_test.go, golden_world_test.go). One that begins with a date
// first lets the time of the case pass until then. Indented lines say what must have come of it (golden_want_test.go),
// and it must be all: an invoice, a line, a discount, a tax, a waiting item or a change of the customer's balance that is
// not written down is a mistake as much as a wrong amount. What follows a "#" is a remark.
//
// Each amount is tested twice. The arithmetic behind it is worked out in exact fractions, and rounded once, half away from
// zero, it must be the amount that is written. And the case is played over HTTP, on a test clock, and the server must come
// to the amount. What a subscription is billed must also be what a preview said just before (golden_preview_test.go).

// goldenCase is a case of a golden file.
type goldenCase struct {
	name, source string
	steps        []goldenStep
}

// goldenStep is what is done, and what must come of it.
type goldenStep struct {
	place string // file:line
	at    string // a date, or empty
	words []string
	want  []wanted
}

// wanted is an amount and what is said of it.
type wanted struct {
	place  string
	key    string // line, tax, total ...
	name   string // of a coupon or a tax rate
	amount int64
	on     *int64   // what a tax is of
	span   [2]int64 // the time that a line is for; zero if that does not matter
	text   string   // a part of the description
}

var goldenFiles = []string{"proration", "anchors", "tiers", "discounts", "taxes", "credit_notes"}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, file := range goldenFiles {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			cases := readGolden(t, filepath.Join("testdata", file+".golden"))
			s := servertest.New(t)
			t.Cleanup(func() { auditAll(t, s) })
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					playGolden(t, s.For(t), c)
				})
			}
		})
	}
}

// auditAll proves the books at the end of all cases.
func auditAll(t *testing.T, s *servertest.Server) {
	t.Helper()
	(&invoiced{Server: s, t: t}).audit()
}

// TestGoldenCount keeps the number of cases, and none of them under the name of another.
func TestGoldenCount(t *testing.T) {
	t.Parallel()
	const least = 200
	count, names := 0, map[string]bool{}
	for _, file := range goldenFiles {
		for _, c := range readGolden(t, filepath.Join("testdata", file+".golden")) {
			if names[c.name] {
				t.Errorf("two cases are named %q", c.name)
			}
			names[c.name] = true
			count++
		}
	}
	if count < least {
		t.Errorf("there are %d worked cases, want at least %d", count, least)
	}
}

var goldenDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$`)

func readGolden(t *testing.T, path string) []goldenCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := parseGolden(filepath.Base(path), string(text))
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func parseGolden(file, text string) ([]goldenCase, error) {
	var cases []goldenCase
	number := 0
	for line := range strings.Lines(text) {
		number++
		place := file + ":" + strconv.Itoa(number)
		line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), "#")
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			continue
		}
		if name, found := strings.CutPrefix(line, "== "); found {
			cases = append(cases, goldenCase{name: strings.TrimSpace(name)})
			continue
		}
		if len(cases) == 0 {
			return nil, fmt.Errorf("%s: what comes before the first case must be a remark", place)
		}
		if err := cases[len(cases)-1].read(place, line, trimmed); err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
	}
	for _, c := range cases {
		if c.source == "" || len(c.steps) == 0 {
			return nil, fmt.Errorf("%s: the case %q has no source or no steps", file, c.name)
		}
	}
	return cases, nil
}

// read takes one line into a case.
func (c *goldenCase) read(place, line, trimmed string) error {
	if source, found := strings.CutPrefix(line, "source: "); found {
		c.source = source
		return nil
	}
	if line[0] != ' ' {
		step := goldenStep{place: place, words: strings.Fields(trimmed)}
		if goldenDate.MatchString(step.words[0]) {
			step.at, step.words = step.words[0], step.words[1:]
		}
		c.steps = append(c.steps, step)
		return nil
	}
	if len(c.steps) == 0 {
		return fmt.Errorf("nothing was done yet")
	}
	w, err := readWanted(trimmed)
	w.place = place
	last := &c.steps[len(c.steps)-1]
	last.want = append(last.want, w)
	return err
}

// readWanted reads "tax vat 23 = 450 * 5%; on 450 = 500 - 50", and checks the arithmetic.
func readWanted(text string) (wanted, error) {
	head, more, _ := strings.Cut(text, ";")
	left, sum, reckoned := strings.Cut(head, "=")
	words := strings.Fields(left)
	w := wanted{key: words[0]}
	for part := range strings.SplitSeq(more, ";") {
		if err := w.read(strings.TrimSpace(part)); err != nil {
			return w, err
		}
	}
	if w.key == "period" {
		return w, w.read(strings.Join(words[1:], ""))
	}
	var err error
	if w.amount, err = strconv.ParseInt(words[len(words)-1], 10, 64); err != nil || len(words) < 2 {
		return w, fmt.Errorf("%q has no amount", left)
	}
	w.name = strings.Join(words[1:len(words)-1], " ")
	if !reckoned {
		return w, nil
	}
	return w, comesTo(sum, w.amount)
}

// read takes what is said of an amount besides: "on 450 = 500 - 50", a time, or a text.
func (w *wanted) read(part string) (err error) {
	if part == "" {
		return nil
	}
	if on, found := strings.CutPrefix(part, "on "); found {
		of, err := readWanted("on " + on)
		w.on = &of.amount
		return err
	}
	from, to, isSpan := strings.Cut(part, "..")
	if !isSpan {
		w.text, err = strconv.Unquote(part)
		return err
	}
	if w.span[0], err = goldenTime(from); err != nil {
		return err
	}
	w.span[1], err = goldenTime(to)
	return err
}

// comesTo checks that an expression, rounded, is an amount.
func comesTo(expression string, amount int64) error {
	exact, err := reckon(expression)
	if err != nil {
		return err
	}
	if got := halfAwayFromZero(exact); got.Int64() != amount {
		return fmt.Errorf("%s is %s, rounded %s, and not %d", strings.TrimSpace(expression), exact.FloatString(4), got, amount)
	}
	return nil
}
