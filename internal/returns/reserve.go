package returns

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Protest is what a carrier is to be told of a parcel whose articles arrived
// damaged, by registered letter or what counts as one: later than that, nobody may
// claim anything from it. What the shopper may claim from the seller does not hang
// on it. All deadlines are exclusive.
type Protest struct {
	Return      ident.Return
	Possession  civil.Instant // of the damaged articles, the first of them
	By          civil.Instant
	UncheckedBy civil.Instant // for a consumer whom the carrier did not let look inside
	ActionBy    civil.Instant // to go to court
	Sent        civil.Instant // zero: nobody has said that it was
	SentBy      flow.Actor
	Reference   string // of the letter
}

// The delays against a carrier.
const (
	reserveDays   = 3  // Code de commerce, article L133-3: holidays do not count
	uncheckedDays = 10 // Code de la consommation, article L224-65
	actionMonths  = 12 // Code de commerce, article L133-6
)

// Protest is until when a carrier can be told of damage. A Sunday counts here as
// any day: who writes by then has written in time, however it is read. For the
// same reason the ten days are those of the calendar.
func (w Where) Protest(possession civil.Instant) Protest {
	day := possession.Day(w.Zone)
	everyDay := civil.WeekdaysOf(0, 1, 2, 3, 4, 5, 6)
	open := civil.NewCalendar(civil.CalendarSpec{Open: everyDay, Region: w.Region})
	return Protest{
		Possession: possession, By: open.Add(day, reserveDays).End(w.Zone), UncheckedBy: (day + uncheckedDays).End(w.Zone),
		ActionBy: monthsLater(day, actionMonths).End(w.Zone),
	}
}

const (
	sqlInsertProtest = `insert into returns_reserve
		(merchant, return_id, possession, reserve_by, unchecked_by, action_by, sent_by, reference) values ($1, $2, $3, $4, $5, $6, '', '')`
	sqlProtest = `select return_id, possession, reserve_by, unchecked_by, action_by, sent, sent_by, reference from returns_reserve
		where merchant = $1 and return_id = $2`
	sqlProtested    = `update returns_reserve set sent = $3, sent_by = $4, reference = $5 where merchant = $1 and return_id = $2 and sent is null`
	sqlOpenProtests = `select return_id, possession, reserve_by, unchecked_by, action_by, sent, sent_by, reference from returns_reserve
		where merchant = $1 and sent is null and unchecked_by > $2 and (unchecked_by, return_id) > ($3, $4)
		order by unchecked_by, return_id limit $5`
	sqlCountProtests = `-- whole merchant: those that can still be sent, by an index of them alone
		select count(*) from returns_reserve where merchant = $1 and sent is null and unchecked_by > $2`
)

func scanProtest(r db.Row) (p Protest, err error) {
	err = r.Scan(&p.Return, &p.Possession, &p.By, &p.UncheckedBy, &p.ActionBy, &p.Sent, &p.SentBy, &p.Reference)
	return p, err
}

// protest starts the clock against the carrier of articles that arrived damaged.
// Where the carrier can not be told any more, none is started.
func (r Return) protest(tx *flow.Tx, m ident.Merchant, s situation, items []Item) error {
	damaged := slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Taxon != Damaged })
	if len(damaged) == 0 {
		return nil
	}
	first := s.possession[damaged[0].Line]
	for _, i := range damaged {
		first = min(first, s.possession[i.Line])
	}
	p := s.where.Protest(first)
	if tx.Now >= p.UncheckedBy {
		return nil
	}
	return tx.Do(sqlInsertProtest, m, r.ID, p.Possession, p.By, p.UncheckedBy, p.ActionBy)
}

// ProtestOf reads what the carrier of a return's articles is to be told; false
// where there is nothing.
func ProtestOf(tx *db.Tx, m ident.Merchant, id ident.Return) (Protest, bool, error) {
	return db.One(tx, sqlProtest, scanProtest, m, id)
}

// Protested notes that the carrier was written to, under a letter's reference. To
// note it again changes nothing. The faults are not_found, protest_over (past the
// last day) and those of the reference.
func Protested(tx *flow.Tx, m ident.Merchant, id ident.Return, reference string) (Protest, error) {
	p, ok, err := ProtestOf(tx.Tx, m, id)
	if err != nil || p.Sent != 0 {
		return p, err
	}
	if !ok {
		return p, fault.New(fault.NotFound, "not_found", "return")
	}
	var faults fault.List
	reference = strings.TrimSpace(reference)
	text.Required(&faults, "reference", reference, maxName)
	if tx.Now >= p.UncheckedBy {
		r, err := Get(tx.Tx, m, id)
		if err != nil {
			return p, err
		}
		faults.Add(fault.Conflict, "protest_over", "return", "until", (p.UncheckedBy - 1).Day(r.zone()))
	}
	if err := faults.Err(); err != nil {
		return p, err
	}
	p.Sent, p.SentBy, p.Reference = tx.Now, tx.By(), reference
	return p, tx.Do(sqlProtested, m, id, p.Sent, p.SentBy, p.Reference)
}

// OpenProtests pages through those that can still be sent, the most urgent first.
// after is the last one of the page before; zero at first.
func OpenProtests(tx *db.Tx, m ident.Merchant, after Protest, limit int) ([]Protest, error) {
	return db.All(tx, sqlOpenProtests, scanProtest, m, tx.Now, int64(after.UncheckedBy), after.Return, limit)
}

// OpenProtestCount is how many those are.
func OpenProtestCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountProtests, db.Scalar[int], m, tx.Now)
	return n, err
}
