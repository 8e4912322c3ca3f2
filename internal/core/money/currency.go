package money

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Currency is an ISO 4217 alphabetic code in capitals. The empty currency
// belongs to the zero Amount and means "never said".
type Currency string

// EUR is the currency of the shops this product was written for.
const EUR Currency = "EUR"

// exponents holds the decimals of each currency's minor unit.
// Source: ISO 4217, list one. A currency is added here when a shop needs it.
var exponents = table(map[int]string{
	0: "CLP ISK JPY KRW PYG VND XAF XOF XPF",
	2: "AED ALL ARS AUD BAM BRL CAD CHF CNY COP CZK DKK DZD EGP EUR GBP GEL HKD HUF IDR ILS INR " +
		"MAD MDL MKD MUR MXN MYR NOK NZD PEN PHP PLN QAR RON RSD SAR SEK SGD THB TRY TWD UAH USD ZAR",
	3: "BHD JOD KWD OMR TND",
})

func table(codes map[int]string) map[Currency]int {
	t := map[Currency]int{}
	for exponent, list := range codes {
		for _, code := range strings.Fields(list) {
			t[Currency(code)] = exponent
		}
	}
	return t
}

// ParseCurrency reads a code in either case. The fault is unknown_currency.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(code)))
	if _, ok := exponents[c]; !ok {
		return "", fault.New(fault.Invalid, "unknown_currency", "", "currency", code)
	}
	return c, nil
}

// Exponent is how many decimals the minor unit has: 2 for EUR, 0 for JPY, 3
// for KWD; 0 for a currency that is not in the table.
func (c Currency) Exponent() int { return exponents[c] }

// UnmarshalText reads what ParseCurrency reads, and nothing as "never said".
func (c *Currency) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = ""
		return nil
	}
	v, err := ParseCurrency(string(b))
	*c = v
	return err
}
