package returns

import (
	"encoding/json"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// What an audit reads again: the room's own arithmetic, which no query can do.

const (
	sqlStatements = `-- whole merchant: every statement is hashed again
		select id, statement, hash from returns_withdrawal where merchant = $1 order by id`
	sqlSurcharged = `-- whole merchant: late refunds alone have rows
		select distinct return_id from returns_uplift where merchant = $1 order by return_id`
	sqlSurcharges = `select day, band, minor, at from returns_uplift where merchant = $1 and return_id = $2 order by day`
)

// Altered gives the withdrawals of a merchant whose statement is not the one
// that was hashed when it was received.
func Altered(tx *db.Tx, m ident.Merchant) (ids []ident.Withdrawal, err error) {
	all, err := db.All(tx, sqlStatements, func(r db.Row) (w Withdrawal, err error) {
		err = r.Scan(&w.ID, &w.Statement, &w.Hash)
		return w, err
	}, m)
	for _, w := range all {
		if ident.Hash(w.Statement) != w.Hash {
			ids = append(ids, w.ID)
		}
	}
	return ids, err
}

// Misreckoned gives the returns of a merchant whose surcharge is not what the
// law's bands make of the days of delay, of the sums that were due, and of the
// legal rate that was set, each as it stood when a day was booked.
func Misreckoned(tx *db.Tx, m ident.Merchant) (wrong []ident.Return, err error) {
	ids, err := db.All(tx, sqlSurcharged, db.Scalar[ident.Return], m)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rates, err := ratesOf(tx, m)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		a, err := auditOf(tx, m, id, rates)
		if err != nil {
			return wrong, err
		}
		if !a.holds() {
			wrong = append(wrong, id)
		}
	}
	return wrong, nil
}

// audit is what a surcharge was reckoned from.
type audit struct {
	r         Return
	due       civil.Instant
	decisions []Decision
	rates     rates
	days      []surcharged
}

// surcharged is a day's surcharge as it was booked.
type surcharged struct {
	day   civil.Day
	band  string
	minor int64
	at    civil.Instant
}

func auditOf(tx *db.Tx, m ident.Merchant, id ident.Return, rs rates) (a audit, err error) {
	a.rates = rs
	if a.r, err = Get(tx, m, id); err != nil {
		return a, err
	}
	law, err := a.r.Law(tx, m)
	if err != nil {
		return a, err
	}
	a.due = law.Due
	if a.decisions, err = decisionsOf(tx, m, []ident.Return{id}); err != nil {
		return a, err
	}
	a.days, err = db.All(tx, sqlSurcharges, func(r db.Row) (s surcharged, err error) {
		err = r.Scan(&s.day, &s.band, &s.minor, &s.at)
		return s, err
	}, m, id)
	return a, err
}

// holds reckons every day again. What was decided or paid at the very instant of
// the booking may have counted or not.
func (a audit) holds() bool {
	var before int64
	for _, d := range a.days {
		if !a.reckons(d, before, d.at) && !a.reckons(d, before, d.at+1) {
			return false
		}
		before = d.minor
	}
	return true
}

func (a audit) reckons(d surcharged, before int64, at civil.Instant) bool {
	band := a.r.band(a.r.where().DaysLate(a.due, d.day), a.rates.at(at))
	added, err := band.Of(a.dueBefore(at))
	return err == nil && d.band == band.Code && d.minor == max(added.Minor, before)
}

// dueBefore is what was owed and unpaid just before an instant.
func (a audit) dueBefore(at civil.Instant) money.Amount {
	sum, decided := money.Of(0, a.r.Value.Currency), false
	for _, d := range a.decisions {
		if d.State != Final || d.FinalAt >= at {
			continue
		}
		decided = true
		if d.Paid == 0 || d.Paid >= at {
			sum.Minor += d.Amount.Minor
		}
	}
	if !decided {
		return a.r.Value
	}
	return sum
}

// rates are the legal rates a merchant set, the last first.
type rates []struct {
	since civil.Instant
	basis int64
}

func ratesOf(tx *db.Tx, m ident.Merchant) (out rates, err error) {
	all, err := merchant.PolicyHistory(tx, m, conditionsTopic)
	for _, p := range all {
		var c Conditions
		if err := json.Unmarshal([]byte(p.Source), &c); err != nil {
			return nil, fmt.Errorf("conditions of returns: %w", err)
		}
		out = append(out, struct {
			since civil.Instant
			basis int64
		}{p.Since, c.rate()})
	}
	return out, err
}

// at is the rate in force just before an instant, negative when nobody set one.
func (rs rates) at(at civil.Instant) int64 {
	for _, r := range rs {
		if r.since < at {
			return r.basis
		}
	}
	return -1
}
