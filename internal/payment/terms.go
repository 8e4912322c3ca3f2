package payment

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Terms are what a merchant says of the time that money takes.
type Terms struct {
	BankDays   int // working days that banks usually need to book a refund
	AnswerDays int // working days within which somebody answers that it has not come
}

// DefaultTerms are those of a merchant who set none. Stripe: "Refunds take 5 to
// 10 days to appear on a customer's statement" (documentation, "Refunds").
var DefaultTerms = Terms{BankDays: 10, AnswerDays: 2}

// maxDays bounds either, in working days.
const maxDays = 60

// SetTerms sets them, in place of those before. The fault is number_out_of_range.
func SetTerms(tx *flow.Tx, m ident.Merchant, t Terms) error {
	var faults fault.List
	for _, f := range []struct {
		field string
		days  int
	}{{"bank_days", t.BankDays}, {"answer_days", t.AnswerDays}} {
		if f.days < 1 || f.days > maxDays {
			faults.Add(fault.Invalid, "number_out_of_range", f.field, "value", f.days, "min", 1, "max", maxDays)
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return tx.Do(sqlSetTerms, m, t.BankDays, t.AnswerDays)
}

// TermsOf reads the terms of a merchant.
func TermsOf(tx *db.Tx, m ident.Merchant) (Terms, error) {
	t, ok, err := db.One(tx, sqlTerms, scanTerms, m)
	if err == nil && !ok {
		t = DefaultTerms
	}
	return t, err
}

// place is where a merchant's days begin, and which of them are worked.
type place struct {
	zone *time.Location
	days *civil.Calendar
}

func placeOf(tx *db.Tx, m ident.Merchant) (p place, err error) {
	o, err := merchant.Get(tx, m)
	if err != nil {
		return p, err
	}
	if p.zone, err = civil.Zone(o.Zone); err != nil {
		return p, err
	}
	p.days = civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: civil.RegionOf(o.Country, "")})
	return p, nil
}

// after is the day that lies so many working days after an instant's own.
func (p place) after(at civil.Instant, days int) civil.Day {
	return p.days.Add(at.Day(p.zone), days)
}
