package billing_test

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The arithmetic of the golden files, in fractions of whole numbers. It shares nothing with package money.
//
//	sum     = product { ("+" | "-") product }
//	product = factor { ("*" | "/") factor }
//	factor  = "-" factor | "(" sum ")" | function "(" sum { "," sum } ")" | "[" date ".." date "]" | number
//	number  = digits [ "." digits ] [ "%" | "d" | "h" | "s" ]
//
// A number of days or hours, and the time from one date to another, are seconds. The functions are round, floor, ceil,
// min and max.

// halfAwayFromZero is the nearest whole number; of two that are equally near, the one that is further from zero.
func halfAwayFromZero(r *big.Rat) *big.Int {
	twice := new(big.Rat).Add(r, r)
	one := big.NewRat(1, 1)
	if r.Sign() < 0 {
		one.Neg(one)
	}
	twice.Add(twice, one)
	return new(big.Int).Quo(twice.Num(), new(big.Int).Lsh(twice.Denom(), 1)) // Quo cuts off towards zero
}

// floorOf is the largest whole number that is not above a fraction.
func floorOf(r *big.Rat) *big.Int {
	return new(big.Int).Div(r.Num(), r.Denom()) // Div rounds down for a divisor above zero
}

// reckon is what an expression comes to, not rounded.
func reckon(text string) (*big.Rat, error) {
	a := &arithmetic{rest: text}
	value := a.sum()
	if a.skip(); a.err == nil && a.rest != "" {
		a.err = fmt.Errorf("do not understand %q", a.rest)
	}
	return value, a.err
}

type arithmetic struct {
	rest string
	err  error
}

func (a *arithmetic) skip() { a.rest = strings.TrimLeft(a.rest, " ") }

// take reports whether the next thing is a sign, and goes past it.
func (a *arithmetic) take(sign string) bool {
	a.skip()
	rest, found := strings.CutPrefix(a.rest, sign)
	a.rest = rest
	return found
}

func (a *arithmetic) want(sign string) {
	if !a.take(sign) && a.err == nil {
		a.err = fmt.Errorf("there is no %q before %q", sign, a.rest)
	}
}

// word goes past the letters that come next, those that allowed has, and returns them.
func (a *arithmetic) word(allowed string) string {
	a.skip()
	end := len(a.rest) - len(strings.TrimLeft(a.rest, allowed))
	word := a.rest[:end]
	a.rest = a.rest[end:]
	return word
}

func (a *arithmetic) sum() *big.Rat {
	value := a.product()
	for a.err == nil {
		switch {
		case a.take("+"):
			value = new(big.Rat).Add(value, a.product())
		case a.take("-"):
			value = new(big.Rat).Sub(value, a.product())
		default:
			return value
		}
	}
	return value
}

func (a *arithmetic) product() *big.Rat {
	value := a.factor()
	for a.err == nil {
		switch {
		case a.take("*"):
			value = new(big.Rat).Mul(value, a.factor())
		case a.take("/"):
			divisor := a.factor()
			if divisor.Sign() == 0 {
				a.err = errors.Join(a.err, errors.New("divided by zero"))
				return value
			}
			value = new(big.Rat).Quo(value, divisor)
		default:
			return value
		}
	}
	return value
}

const (
	smallLetters = "abcdefghijklmnopqrstuvwxyz"
	digits       = "0123456789"
)

func (a *arithmetic) factor() *big.Rat {
	switch {
	case a.err != nil:
		return new(big.Rat)
	case a.take("-"):
		return new(big.Rat).Neg(a.factor())
	case a.take("("):
		value := a.sum()
		a.want(")")
		return value
	case a.take("["):
		from := a.date()
		a.want("..")
		to := a.date()
		a.want("]")
		return new(big.Rat).SetInt64(to - from)
	}
	if name := a.word(smallLetters); name != "" {
		return a.function(name)
	}
	return a.number()
}

func (a *arithmetic) number() *big.Rat {
	text := a.word(digits + ".")
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		a.err = fmt.Errorf("no number before %q", a.rest)
		return new(big.Rat)
	}
	for unit, factor := range map[string]*big.Rat{"%": big.NewRat(1, 100), "d": big.NewRat(24*60*60, 1), "h": big.NewRat(60*60, 1), "s": big.NewRat(1, 1)} {
		if rest, found := strings.CutPrefix(a.rest, unit); found {
			a.rest = rest
			return value.Mul(value, factor)
		}
	}
	return value
}

func (a *arithmetic) function(name string) *big.Rat {
	a.want("(")
	values := []*big.Rat{a.sum()}
	for a.take(",") {
		values = append(values, a.sum())
	}
	a.want(")")
	value := values[0]
	switch name {
	case "round":
		return new(big.Rat).SetInt(halfAwayFromZero(value))
	case "floor":
		return new(big.Rat).SetInt(floorOf(value))
	case "ceil":
		return new(big.Rat).Neg(new(big.Rat).SetInt(floorOf(new(big.Rat).Neg(value))))
	case "min", "max":
		for _, v := range values[1:] {
			if v.Cmp(value) < 0 == (name == "min") {
				value = v
			}
		}
		return value
	}
	a.err = fmt.Errorf("no function is called %q", name)
	return value
}

func (a *arithmetic) date() int64 {
	at, err := goldenTime(a.word(digits + "-:T"))
	if err != nil && a.err == nil {
		a.err = err
	}
	return at
}

// goldenTime reads 2026-04-16, or 2026-04-16T12:30:00, in UTC.
func goldenTime(text string) (int64, error) {
	layout := time.DateOnly
	if strings.Contains(text, "T") {
		layout = "2006-01-02T15:04:05"
	}
	at, err := time.Parse(layout, text)
	return at.Unix(), err
}

// The golden files are only worth what their arithmetic is.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1 + 2 * 3":                     "7",
		"-(1 - 2) / 4":                  "1/4",
		"2 - 3 - 4":                     "-5",
		"12 / 3 / 2":                    "2",
		"10% * 450":                     "45",
		"15d / 30d":                     "1/2",
		"36h/1d":                        "3/2",
		"90s / 1h":                      "1/40",
		"[2024-02-01..2024-03-01] / 1d": "29",
		"[2026-04-16T06:00:00..2026-04-17] / 18h": "1",
		"round(2.5) + round(-2.5) + round(2.4)":   "2",
		"floor(-1.5) + ceil(1.2) * 10":            "18",
		"max(1, 3, 2) - min(4, -1)":               "4",
		"100 - 100 / 1.1":                         "100/11",
		"1 / 0":                                   "divided by zero",
		"1 +":                                     "no number",
		"2 3":                                     "do not understand",
		"sin(1)":                                  "no function",
		"(1":                                      "there is no",
		"[2026-02-30..2026-03-01]":                "out of range",
	} {
		got, err := reckon(text)
		switch {
		case err == nil && got.RatString() != want:
			t.Errorf("%s is %s, want %s", text, got.RatString(), want)
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for text, want := range map[string]int64{"5/2": 3, "-5/2": -3, "49/20": 2, "-49/20": -2, "7/3": 2, "-8/3": -3, "0": 0, "1/2": 1, "-1/2": -1} {
		value, _ := new(big.Rat).SetString(text)
		if got := halfAwayFromZero(value); got.Int64() != want {
			t.Errorf("%s is rounded to %s, want %s", text, got, strconv.FormatInt(want, 10))
		}
	}
}
