package returns

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

// Surcharge is what the law adds to a late refund, as it stands on a day.
type Surcharge struct {
	Band     Band
	DaysLate int
	Sums     money.Amount // that are due and unpaid
	Added    money.Amount // by the band; meaningless while Band.Known is false
	Booked   money.Amount // so far
}

// Accounts of the surcharge, apart from all that is refunded.
const upliftAccount = "uplift"

// UpliftOf is the account on which a shopper's surcharge stands.
func UpliftOf(s ident.Shopper) string { return upliftAccount + ":" + string(s) }

const (
	sqlBooked       = `select minor from returns_uplift where merchant = $1 and return_id = $2 order by day desc limit 1`
	sqlInsertUplift = `insert into returns_uplift (merchant, return_id, day, band, minor, currency, at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (merchant, return_id, day) do nothing`
)

// SurchargeOf reckons the surcharge on a return's refund as of a day. The law's
// own clock decides, whatever the merchant promised on top.
func SurchargeOf(tx *db.Tx, m ident.Merchant, r Return, on civil.Day) (s Surcharge, err error) {
	law, err := r.Law(tx, m)
	if err != nil {
		return s, err
	}
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return s, err
	}
	if s.Sums, err = r.due(tx, m); err != nil {
		return s, err
	}
	booked, _, err := db.One(tx, sqlBooked, db.Scalar[int64], m, r.ID)
	if err != nil {
		return s, err
	}
	s.Booked = money.Of(booked, r.Value.Currency)
	if r.surcharged() {
		s.DaysLate = r.where().DaysLate(law.Due, on)
	}
	s.Band = r.band(s.DaysLate, c.rate())
	s.Added, err = s.Band.Of(s.Sums)
	return s, err
}

// due is what is owed and unpaid: as decided, or, while nobody decided, what was
// captured.
func (r Return) due(tx *db.Tx, m ident.Merchant) (money.Amount, error) {
	ds, err := decisionsOf(tx, m, []ident.Return{r.ID})
	sum := money.Of(0, r.Value.Currency)
	decided := false
	for _, d := range ds {
		if d.State != Final {
			continue
		}
		decided = true
		if d.Paid == 0 {
			sum.Minor += d.Amount.Minor
		}
	}
	if !decided {
		sum = r.Value
	}
	return sum, err
}

// uplift books what a day of delay adds, and looks again the next day.
func uplift(tx *flow.Tx, m ident.Merchant, id ident.Return) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if r.UpliftAt == 0 || r.UpliftAt > tx.Now {
		return nil
	}
	today := tx.Now.Day(r.zone())
	s, err := SurchargeOf(tx.Tx, m, r, today)
	if err != nil {
		return err
	}
	r.UpliftAt = (today + 1).Start(r.zone())
	if s.Sums.Minor == 0 {
		r.UpliftAt = 0
	}
	if err := r.save(tx, m, r.State); err != nil {
		return err
	}
	return r.book(tx, m, s, today)
}

// book writes the day's row, and the ledger when more is owed than was booked.
func (r Return) book(tx *flow.Tx, m ident.Merchant, s Surcharge, day civil.Day) error {
	more := s.Added.Minor - s.Booked.Minor
	if s.Sums.Minor == 0 || s.DaysLate == 0 {
		return nil
	}
	total := max(s.Added.Minor, s.Booked.Minor)
	fresh, err := tx.Changed(sqlInsertUplift, m, r.ID, day, s.Band.Code, total, r.Value.Currency, tx.Now)
	if err != nil || !fresh || more <= 0 {
		return err
	}
	key := fmt.Sprintf("uplift:%s:%s", r.ID, day)
	amount := money.Of(more, r.Value.Currency)
	_, err = ledger.Post(tx, m, key, []ledger.Posting{
		{Account: upliftAccount, Amount: money.Of(-more, r.Value.Currency)},
		{Account: UpliftOf(r.Shopper), Amount: amount},
	})
	if err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), key, fact.UpliftBooked{Sendback: r.told(), Amount: amount, Day: day})
}
