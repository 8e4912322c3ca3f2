package returns

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Band is how much more a late refund is, by days of delay: half-open, so that
// each boundary day belongs to one band.
type Band struct {
	Code  string // of the article's band: "0-10", "10-20", …
	Known bool   // false: the band is the legal rate, and nobody set it
	Basis int64  // of the sums due, in basis points; 10,000 doubles them
}

// DaysLate is how many calendar days a refund is late on a day; 0 when it is in
// time. due is exclusive: a refund due by the end of the 14th is one day late on
// the 15th.
func (w Where) DaysLate(due civil.Instant, on civil.Day) int {
	if due.IsZero() {
		return 0
	}
	return max(0, int(on-(due-1).Day(w.Zone)))
}

// Withdrawn is the band of Code de la consommation, article L242-4, of a refund
// after a withdrawal: the legal rate up to ten days, 5 % from ten to twenty, 10 %
// to thirty, 20 % to sixty, 50 % to ninety, then five points more for each month
// begun, up to the price, then the legal rate again on top.
//
// The legal rate is set by decree each half year; rate is that of the
// merchant's, in basis points, negative when nobody set it. We read "majorées du
// taux d'intérêt légal" as the other bands are read, as a share of the sums.
func Withdrawn(daysLate int, rate int64) Band {
	const perMonth, month, full = 500, 30, 10_000
	switch {
	case daysLate <= 0:
		return Band{Code: "", Known: true}
	case daysLate <= 10:
		return Band{"0-10", rate >= 0, max(0, rate)}
	case daysLate <= 20:
		return Band{"10-20", true, 500}
	case daysLate <= 30:
		return Band{"20-30", true, 1000}
	case daysLate <= 60:
		return Band{"30-60", true, 2000}
	case daysLate <= 90:
		return Band{"60-90", true, 5000}
	}
	begun := int64(daysLate-90+month-1) / month
	if share := 5000 + perMonth*begun; share <= full {
		return Band{"90+", true, share}
	}
	return Band{"full", rate >= 0, full + max(0, rate)}
}

// Resolved is the band of article L241-4, of a refund after a contract was
// resolved for a missed delivery: 10 % up to fourteen days, 20 % up to thirty,
// 50 % after.
func Resolved(daysLate int) Band {
	switch {
	case daysLate <= 0:
		return Band{Code: "", Known: true}
	case daysLate <= 14:
		return Band{"0-14", true, 1000}
	case daysLate <= 30:
		return Band{"14-30", true, 2000}
	}
	return Band{"30+", true, 5000}
}

// Of is what the band adds to the sums due. The fault is amount_overflow.
func (b Band) Of(sums money.Amount) (money.Amount, error) { return sums.Percent(b.Basis) }
