package money

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestArithmetic(t *testing.T) {
	eur := func(n int64) Amount { return Of(n, EUR) }
	for _, c := range []struct {
		law  string
		do   func() (Amount, error)
		want Amount
		code string
	}{
		{"5.90 + 4.10 = 10.00", func() (Amount, error) { return eur(590).Add(eur(410)) }, eur(1000), ""},
		{"5.90 - 6.00 = -0.10", func() (Amount, error) { return eur(590).Sub(eur(600)) }, eur(-10), ""},
		{"the opposite of 5.90 is -5.90", func() (Amount, error) { return eur(590).Neg() }, eur(-590), ""},
		{"three at 5.90 are 17.70", func() (Amount, error) { return eur(590).Mul(3) }, eur(1770), ""},
		{"minus three at -5.90 are 17.70", func() (Amount, error) { return eur(-590).Mul(-3) }, eur(1770), ""},
		{"-1 times 2^63-1 fits", func() (Amount, error) { return eur(math.MaxInt64).Mul(-1) }, eur(-math.MaxInt64), ""},
		{"2^62 times -2 is the least amount", func() (Amount, error) { return eur(1 << 62).Mul(-2) }, eur(math.MinInt64), ""},
		{"20 % of 5.90 is 1.18", func() (Amount, error) { return eur(590).Percent(2000) }, eur(118), ""},
		{"half of 0.05 rounds to even: 0.02", func() (Amount, error) { return eur(5).Percent(5000) }, eur(2), ""},
		{"half of 0.07 rounds to even: 0.04", func() (Amount, error) { return eur(7).Percent(5000) }, eur(4), ""},
		{"half of -0.05 rounds to even: -0.02", func() (Amount, error) { return eur(-5).Percent(5000) }, eur(-2), ""},
		{"just over half rounds up", func() (Amount, error) { return eur(5).Percent(5001) }, eur(3), ""},
		{"-10 % of 5.90 is -0.59", func() (Amount, error) { return eur(590).Percent(-1000) }, eur(-59), ""},
		{"euros and francs do not add", func() (Amount, error) { return eur(1).Add(Of(1, "CHF")) }, Amount{}, "currency_mismatch"},
		{"euros and francs do not subtract", func() (Amount, error) { return eur(1).Sub(Of(1, "CHF")) }, Amount{}, "currency_mismatch"},
		{"a sum beyond 64 bits", func() (Amount, error) { return eur(math.MaxInt64).Add(eur(1)) }, Amount{}, "amount_overflow"},
		{"a difference beyond 64 bits", func() (Amount, error) { return eur(math.MinInt64).Sub(eur(1)) }, Amount{}, "amount_overflow"},
		{"zero less the least amount", func() (Amount, error) { return eur(0).Sub(eur(math.MinInt64)) }, Amount{}, "amount_overflow"},
		{"the least amount has no opposite", func() (Amount, error) { return eur(math.MinInt64).Neg() }, Amount{}, "amount_overflow"},
		{"a product beyond 64 bits", func() (Amount, error) { return eur(1 << 62).Mul(2) }, Amount{}, "amount_overflow"},
		{"a share beyond 64 bits", func() (Amount, error) { return eur(math.MaxInt64).Percent(10001) }, Amount{}, "amount_overflow"},
		{"a share beyond 128 bits of work", func() (Amount, error) { return eur(math.MaxInt64).Percent(math.MaxInt64) }, Amount{}, "amount_overflow"},
	} {
		got, err := c.do()
		if got != c.want || !met(err, c.code) {
			t.Errorf("%s: got %v, %v", c.law, got, err)
		}
	}
}

// met reports whether err holds the fault with the code, or is nil where none is awaited.
func met(err error, code string) bool {
	if code == "" {
		return err == nil
	}
	return fault.Is(err, code)
}

func TestCmp(t *testing.T) {
	for _, c := range []struct{ a, b, want int64 }{{1, 2, -1}, {2, 2, 0}, {3, 2, 1}, {math.MinInt64, math.MaxInt64, -1}} {
		if got, err := Of(c.a, EUR).Cmp(Of(c.b, EUR)); err != nil || int64(got) != c.want {
			t.Errorf("%d against %d: got %d, %v", c.a, c.b, got, err)
		}
	}
	if _, err := Of(1, EUR).Cmp(Of(1, "USD")); !fault.Is(err, "currency_mismatch") {
		t.Errorf("euros against dollars: got %v", err)
	}
}

func TestAllocate(t *testing.T) {
	equal := func(n int) []int64 { return make([]int64, n) }
	for _, c := range []struct {
		law     string
		minor   int64
		weights []int64
		want    map[int64]int // part → how many
	}{
		{"9.00 over 30 partners is 0.30 each", 900, equal(30), map[int64]int{30: 30}},
		{"9.00 over 100 partners is 0.09 each", 900, equal(100), map[int64]int{9: 100}},
		{"9.00 over 7 partners: four at 1.29, three at 1.28", 900, equal(7), map[int64]int{129: 4, 128: 3}},
		{"-9.00 over 7 partners is the mirror", -900, equal(7), map[int64]int{-129: 4, -128: 3}},
		{"the least amount over one partner is itself", math.MinInt64, []int64{3}, map[int64]int{math.MinInt64: 1}},
	} {
		parts, err := Of(c.minor, EUR).Allocate(c.weights)
		got := map[int64]int{}
		for _, p := range parts {
			got[p.Minor]++
		}
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: %v %s", c.law, err, d)
		}
	}
}

func TestAllocateGivesTheRestToTheLargestRemaindersInOrder(t *testing.T) {
	for _, c := range []struct {
		law     string
		minor   int64
		weights []int64
		want    []int64
	}{
		{"equal remainders: the first ones", 5, []int64{1, 1, 1}, []int64{2, 2, 1}},
		{"5.90 of delivery over lines of 10, 20 and 70 euros", 590, []int64{1000, 2000, 7000}, []int64{59, 118, 413}},
		{"0.10 over 1:2:4: exact 1.43, 2.86, 5.71", 10, []int64{1, 2, 4}, []int64{1, 3, 6}},
		{"a line that is free takes no part", 100, []int64{0, 3}, []int64{0, 100}},
		{"nothing to split", 0, []int64{1, 2}, []int64{0, 0}},
	} {
		parts, err := Of(c.minor, EUR).Allocate(c.weights)
		got := make([]int64, len(parts))
		for i, p := range parts {
			got[i] = p.Minor
		}
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: %v %s", c.law, err, d)
		}
	}
}

func TestAllocateRefusesWeightsThatMakeNoSense(t *testing.T) {
	for law, weights := range map[string][]int64{
		"none":               {},
		"negative":           {1, -1},
		"total past 63 bits": {math.MaxInt64, 1},
		"total past 64 bits": {math.MaxInt64, math.MaxInt64, math.MaxInt64},
	} {
		if parts, err := Of(1, EUR).Allocate(weights); err == nil {
			t.Errorf("%s: got %v", law, parts)
		}
	}
}

func amounts() *rapid.Generator[Amount] {
	return rapid.Map(rapid.Int64(), func(n int64) Amount { return Of(n, EUR) })
}

func TestAllocateSumsToTheWholeWithinOneMinorUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := amounts().Draw(t, "whole")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/50), 1, 50).Draw(t, "weights")
		parts, err := whole.Allocate(weights)
		if err != nil {
			t.Fatal(err)
		}
		sum, total := new(big.Int), new(big.Int)
		for i, p := range parts {
			sum.Add(sum, big.NewInt(p.Minor))
			total.Add(total, big.NewInt(weights[i]))
		}
		if sum.Cmp(big.NewInt(whole.Minor)) != 0 {
			t.Fatalf("parts of %v sum to %v", whole, sum)
		}
		for i, p := range parts {
			// |part × total − whole × weight| < total
			gap := new(big.Int).Mul(big.NewInt(p.Minor), total)
			gap.Sub(gap, new(big.Int).Mul(big.NewInt(whole.Minor), big.NewInt(weights[i])))
			if total.Sign() > 0 && gap.CmpAbs(total) >= 0 {
				t.Fatalf("part %d of %v is %v", i, whole, p)
			}
		}
	})
}

func TestArithmeticAgreesWithIntegersOfAnySize(t *testing.T) {
	type op struct {
		name  string
		money func(a, b Amount) (Amount, error)
		exact func(a, b *big.Int) *big.Int
	}
	ops := []op{
		{"add", Amount.Add, func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }},
		{"sub", Amount.Sub, func(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }},
		{"neg", func(a, _ Amount) (Amount, error) { return a.Neg() }, func(a, _ *big.Int) *big.Int { return new(big.Int).Neg(a) }},
		{"mul", func(a, b Amount) (Amount, error) { return a.Mul(b.Minor) }, func(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }},
		{"percent", func(a, b Amount) (Amount, error) { return a.Percent(b.Minor) }, share},
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := amounts().Draw(t, "a"), amounts().Draw(t, "b")
		for _, o := range ops {
			want := o.exact(big.NewInt(a.Minor), big.NewInt(b.Minor))
			got, err := o.money(a, b)
			if want.IsInt64() != (err == nil) || err == nil && got.Minor != want.Int64() {
				t.Fatalf("%s: got %v, %v, want %v", o.name, got, err, want)
			}
		}
	})
}

// share is a × b / 10000 rounded half to even, written with rationals.
func share(a, b *big.Int) *big.Int {
	twice := new(big.Int).Mul(a, b)
	twice.Mul(twice, big.NewInt(2))
	floor, rest := new(big.Int).DivMod(twice, big.NewInt(20000), new(big.Int))
	half := rest.Cmp(big.NewInt(10000))
	if half > 0 || half == 0 && floor.Bit(0) == 1 {
		floor.Add(floor, big.NewInt(1))
	}
	return floor
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		typed    string
		currency Currency
		want     int64
		code     string
	}{
		{"12,34", EUR, 1234, ""},
		{"12.34", EUR, 1234, ""},
		{" 12 ", EUR, 1200, ""},
		{"12,5", EUR, 1250, ""},
		{"-0,05", EUR, -5, ""},
		{"1 234,56", EUR, 123456, ""},
		{"1\u202f234\u00a0567", EUR, 123456700, ""},
		{"1,234", "KWD", 1234, ""},
		{"500", "JPY", 500, ""},
		{"1,234", EUR, 0, "amount_invalid"},
		{"500,0", "JPY", 0, "amount_invalid"},
		{"12 34", EUR, 0, "amount_invalid"},
		{"1.234,56", EUR, 0, "amount_invalid"},
		{"12,", EUR, 0, "amount_invalid"},
		{",5", EUR, 0, "amount_invalid"},
		{"+5", EUR, 0, "amount_invalid"},
		{"5 €", EUR, 0, "amount_invalid"},
		{"1e3", EUR, 0, "amount_invalid"},
		{"", EUR, 0, "amount_invalid"},
		{"99999999999999999999", EUR, 0, "amount_overflow"},
		{"5", "XXX", 0, "unknown_currency"},
	} {
		got, err := Parse(c.typed, c.currency)
		if got.Minor != c.want || !met(err, c.code) {
			t.Errorf("%q in %s: got %v, %v", c.typed, c.currency, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"12,34", "1 234.5", "-0", "", "9223372036854775807", "1\u202f000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s, EUR)
		if err != nil {
			return
		}
		if again, err := Parse(a.Decimal(), EUR); err != nil || again != a {
			t.Fatalf("%q is %v, read back as %v, %v", s, a, again, err)
		}
	})
}

func TestDecimal(t *testing.T) {
	for want, a := range map[string]Amount{
		"5.90": Of(590, EUR), "-0.05": Of(-5, EUR), "0.00": Of(0, EUR),
		"500": Of(500, "JPY"), "1.234": Of(1234, "KWD"),
		"-92233720368547758.08": Of(math.MinInt64, EUR),
	} {
		if got := a.Decimal(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Of(rapid.Int64().Draw(t, "minor"), rapid.SampledFrom([]Currency{EUR, "JPY", "KWD"}).Draw(t, "currency"))
		if got, err := Parse(a.Decimal(), a.Currency); err != nil || got != a {
			t.Fatalf("Parse of %v: got %v, %v", a, got, err)
		}
		b, err := json.Marshal(a)
		var got Amount
		if err != nil || json.Unmarshal(b, &got) != nil || got != a {
			t.Fatalf("JSON of %v: %s, got %v", a, b, got)
		}
	})
}

func TestJSON(t *testing.T) {
	if b, err := json.Marshal(Of(1234, EUR)); err != nil || string(b) != `{"minor":1234,"currency":"EUR"}` {
		t.Errorf("got %s, %v", b, err)
	}
	for _, c := range []struct {
		body, code string
		want       Amount
	}{
		{`{"minor":-5,"currency":"eur"}`, "", Of(-5, EUR)},
		{`{"minor":0,"currency":""}`, "", Amount{}},
		{`{"minor":5,"currency":"ZZZ"}`, "unknown_currency", Amount{Minor: 5}},
	} {
		var got Amount
		if err := json.Unmarshal([]byte(c.body), &got); got != c.want || !met(err, c.code) {
			t.Errorf("%s: got %v, %v", c.body, got, err)
		}
	}
	var got Amount
	if err := json.Unmarshal([]byte(`{"minor":12.34,"currency":"EUR"}`), &got); err == nil {
		t.Errorf("a fraction of a minor unit was read as %v", got)
	}
}

func TestEveryExponent(t *testing.T) {
	for c, want := range map[Currency]int{EUR: 2, "USD": 2, "GBP": 2, "CHF": 2, "JPY": 0, "XPF": 0, "ISK": 0, "KWD": 3, "TND": 3} {
		if got := c.Exponent(); got != want {
			t.Errorf("%s has %d decimals, want %d", c, got, want)
		}
	}
}
