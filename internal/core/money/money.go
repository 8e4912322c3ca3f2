// Package money counts in minor units of a currency, exactly. It adds, splits
// and takes shares without ever losing or inventing a cent, and it refuses what
// it can not do exactly: two currencies in one sum, a result beyond 64 bits.
//
// An Amount is stored as two columns, bigint minor units and currency text, and
// travels in JSON as {"minor":1234,"currency":"EUR"}: an integer, because a
// decimal number is a float in half of the world's parsers. It is written for
// people by package lang only.
//
// The faults carry no field: an amount does not know the form it came from.
// Whoever reads a form sets it. There are no exchange rates here, and no tax.
package money

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Amount is a sum of money, negative when it is owed the other way. The zero
// value has no currency and means "never said".
type Amount struct {
	Minor    int64    `json:"minor"`
	Currency Currency `json:"currency"`
}

// Of makes an amount of minor units: Of(590, EUR) is 5.90 euros.
func Of(minor int64, c Currency) Amount { return Amount{Minor: minor, Currency: c} }

// IsZero reports whether the amount is nothing, in any currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Add is a + b. The faults are currency_mismatch and amount_overflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if err := a.same(b); err != nil {
		return Amount{}, err
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, overflow(a.Currency)
	}
	return Of(sum, a.Currency), nil
}

// Sub is a - b. The faults are those of Add.
func (a Amount) Sub(b Amount) (Amount, error) {
	if err := a.same(b); err != nil {
		return Amount{}, err
	}
	diff := a.Minor - b.Minor
	if (diff < a.Minor) != (b.Minor > 0) {
		return Amount{}, overflow(a.Currency)
	}
	return Of(diff, a.Currency), nil
}

// Neg is -a. The fault is amount_overflow, for the one integer that has no opposite.
func (a Amount) Neg() (Amount, error) {
	if a.Minor == math.MinInt64 {
		return Amount{}, overflow(a.Currency)
	}
	return Of(-a.Minor, a.Currency), nil
}

// Mul is n times a: the price of n units. The fault is amount_overflow.
func (a Amount) Mul(n int64) (Amount, error) {
	hi, lo := bits.Mul64(abs(a.Minor), abs(n))
	return a.signed(hi, lo, (a.Minor < 0) != (n < 0))
}

// Percent is a share of a in basis points (10000 is the whole), rounded to the
// nearest minor unit and half to even, so that many small shares do not drift
// one way. The fault is amount_overflow.
func (a Amount) Percent(basisPoints int64) (Amount, error) {
	const whole = 10000
	hi, lo := bits.Mul64(abs(a.Minor), abs(basisPoints))
	if hi >= whole {
		return Amount{}, overflow(a.Currency)
	}
	share, rest := bits.Div64(hi, lo, whole)
	if rest > whole/2 || rest == whole/2 && share%2 == 1 {
		share++
	}
	return a.signed(0, share, (a.Minor < 0) != (basisPoints < 0))
}

// Cmp is -1, 0 or +1 as a is less than, equal to or more than b. The fault is currency_mismatch.
func (a Amount) Cmp(b Amount) (int, error) {
	if err := a.same(b); err != nil {
		return 0, err
	}
	return cmp.Compare(a.Minor, b.Minor), nil
}

// Allocate splits a by weights. The parts are in the order of the weights, each
// within one minor unit of its exact share, and their sum is a. What rounding
// leaves goes to the largest remainders, the first of equals first, so the same
// split always gives the same parts. Weights that are all zero share equally.
// No weight at all, a negative one, or a total beyond 63 bits is an error of the
// caller, not a fault.
func (a Amount) Allocate(weights []int64) ([]Amount, error) {
	weights, total, err := weigh(weights)
	if err != nil {
		return nil, fmt.Errorf("allocate %v: %w", a, err)
	}
	parts, remainders := make([]uint64, len(weights)), make([]uint64, len(weights))
	left := abs(a.Minor)
	for i, w := range weights {
		hi, lo := bits.Mul64(abs(a.Minor), uint64(w))
		parts[i], remainders[i] = bits.Div64(hi, lo, total)
		left -= parts[i]
	}
	for _, i := range largest(remainders)[:left] {
		parts[i]++
	}
	out := make([]Amount, len(parts))
	for i, p := range parts {
		out[i] = Of(int64(p), a.Currency)
		if a.Minor < 0 {
			out[i].Minor = -out[i].Minor
		}
	}
	return out, nil
}

func weigh(weights []int64) ([]int64, uint64, error) {
	if len(weights) == 0 {
		return nil, 0, fmt.Errorf("no weights")
	}
	var total uint64
	for i, w := range weights {
		if w < 0 {
			return nil, 0, fmt.Errorf("weight %d is negative: %d", i, w)
		}
		if total += uint64(w); total > math.MaxInt64 {
			return nil, 0, fmt.Errorf("weights beyond 63 bits")
		}
	}
	if total == 0 {
		return slices.Repeat([]int64{1}, len(weights)), uint64(len(weights)), nil
	}
	return weights, total, nil
}

// largest is the indexes of values from the largest to the smallest, equals in their own order.
func largest(values []uint64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[j], values[i]) })
	return order
}

// Parse reads an amount as people type it in a form: "12,34", "12.34", "-3",
// "1 234,5", with a space of any width between thousands. It takes no more
// decimals than the currency has and no thousands sign but the space, so nothing
// is guessed: "1,234" is refused in euros. The faults are amount_invalid,
// amount_overflow and unknown_currency.
func Parse(s string, c Currency) (Amount, error) {
	c, err := ParseCurrency(string(c))
	if err != nil {
		return Amount{}, err
	}
	m := typed.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || len(m[2]) > c.Exponent() {
		return Amount{}, fault.New(fault.Invalid, "amount_invalid", "", "amount", s, "decimals", c.Exponent())
	}
	figures := spaces.ReplaceAllString(m[1], "") + m[2] + strings.Repeat("0", c.Exponent()-len(m[2]))
	minor, err := strconv.ParseInt(figures, 10, 64)
	if err != nil {
		return Amount{}, overflow(c)
	}
	return Of(minor, c), nil
}

// The spaces are the plain one, the no-break one and the narrow no-break one.
var (
	typed  = regexp.MustCompile(`^(-?\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+|-?\d+)(?:[.,](\d+))?$`)
	spaces = regexp.MustCompile(`[ \x{a0}\x{202f}]`)
)

// String is "12.34 EUR", for logs.
func (a Amount) String() string {
	return strings.TrimSpace(a.Decimal() + " " + string(a.Currency))
}

// Decimal is the plain number, with a point and all decimals of the currency:
// "-0.05". It is what exports and payment providers read.
func (a Amount) Decimal() string {
	e := a.Currency.Exponent()
	s := fmt.Sprintf("%0*d", e+1, abs(a.Minor))
	if e > 0 {
		s = s[:len(s)-e] + "." + s[len(s)-e:]
	}
	if a.Minor < 0 {
		s = "-" + s
	}
	return s
}

func (a Amount) same(b Amount) error {
	if a.Currency == b.Currency {
		return nil
	}
	return fault.New(fault.Invalid, "currency_mismatch", "", "currency", b.Currency, "expected", a.Currency)
}

// signed makes an amount of a 128-bit magnitude and a sign.
func (a Amount) signed(hi, lo uint64, negative bool) (Amount, error) {
	switch {
	case hi > 0 || lo > math.MaxInt64+1 || lo == math.MaxInt64+1 && !negative:
		return Amount{}, overflow(a.Currency)
	case negative:
		return Of(int64(-lo), a.Currency), nil
	default:
		return Of(int64(lo), a.Currency), nil
	}
}

// abs is the magnitude, right for the most negative integer too.
func abs(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func overflow(c Currency) error {
	return fault.New(fault.Invalid, "amount_overflow", "", "currency", c)
}
