package lang

import (
	"math"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/money"
)

// figures is how a locale writes numbers and amounts.
type figures struct {
	group, point  string
	percent       string
	symbols       map[money.Currency]string // others are written by their code
	symbolIsAhead bool
}

// Source: CLDR 48, locales fr and en-GB (number symbols, patterns, currency symbols).
var french = figures{
	group: "\u202f", point: ",", percent: "\u00a0%",
	symbols: map[money.Currency]string{"EUR": "€", "GBP": "£GB", "USD": "$US", "CAD": "$CA", "XPF": "FCFP"},
}

var english = figures{
	group: ",", point: ".", percent: "%",
	symbols:       map[money.Currency]string{"EUR": "€", "GBP": "£", "USD": "US$", "CAD": "CA$", "JPY": "JP¥", "XPF": "CFPF"},
	symbolIsAhead: true,
}

func figuresOf(loc Locale) figures {
	if loc == French {
		return french
	}
	return english
}

// Number writes an integer: "1 234" in French, with narrow no-break spaces, "1,234" in English.
func Number(loc Locale, n int64) string {
	return figuresOf(loc).number(strconv.FormatInt(n, 10))
}

// Decimal writes a number with at most so many decimals, without closing zeros:
// "3,4" in French, "3.4" in English. What is not a number is a dash.
func Decimal(loc Locale, x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return figuresOf(loc).number(s)
}

// Percent writes a ratio, 0.947, with at most one decimal: "94,7 %" in French,
// "94.7%" in English. What is not a number (no promise was settled) is a dash.
func Percent(loc Locale, ratio float64) string {
	s := Decimal(loc, ratio*100, 1)
	if s == "–" {
		return s
	}
	return s + figuresOf(loc).percent
}

// Amount writes money with all its decimals: "1 234,56 €" in French, "€1,234.56"
// in English. The amount that was never said is nothing.
func Amount(loc Locale, a money.Amount) string {
	if a == (money.Amount{}) {
		return ""
	}
	f := figuresOf(loc)
	symbol, ok := f.symbols[a.Currency]
	if !ok {
		symbol = string(a.Currency)
	}
	number := f.number(a.Decimal())
	if !f.symbolIsAhead {
		return number + "\u00a0" + symbol
	}
	if last := symbol[len(symbol)-1]; 'A' <= last && last <= 'Z' {
		symbol += "\u00a0" // letters would run into the figures
	}
	digits, negative := strings.CutPrefix(number, "-")
	if negative {
		return "-" + symbol + digits
	}
	return symbol + digits
}

// number writes a plain decimal, "-1234.5", with the locale's signs.
func (f figures) number(plain string) string {
	whole, part, dotted := strings.Cut(plain, ".")
	sign := ""
	if digits, ok := strings.CutPrefix(whole, "-"); ok {
		sign, whole = "-", digits
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + f.group + whole[i:]
	}
	if dotted {
		whole += f.point + part
	}
	return sign + whole
}
