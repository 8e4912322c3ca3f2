package insight

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Violation is an invariant that does not hold, and the rows that break it.
type Violation struct {
	Invariant string   `json:"invariant"` // I1 … I14; S-17, S-18 of returns
	What      string   `json:"what"`      // which side of it
	IDs       []string `json:"ids"`       // at most maxIDs
}

// maxIDs bounds what a violation lists: a hundred say as much as a million.
const maxIDs = 100

// invariant is one check. A gap is acceptable only where a parked row explains
// it; those queries look there.
type invariant struct {
	name, what, file string
}

// invariants are those whose rooms exist. I10 and I14 (settlement, gifts) come
// with theirs.
var invariants = []invariant{
	{"I1", "a journal does not sum to zero, or has no posting", "i01_journals.sql"},
	{"I2", "more was given back for an order than was captured", "i02_captured.sql"},
	{"I2", "a line gives back more than was captured for it", "i02_refunds.sql"},
	{"I2", "a decision gives back more of a line than was captured or bought", "i02_decided.sql"},
	{"I2", "a surcharge stands elsewhere than on its own account, or is another than was reckoned", "i02_uplift.sql"},
	{"I3", "a decision is not told once, or not paid by one refund of its amount", "i03_decisions.sql"},
	{"I3", "a refund differs from its decision, from what was told of it or booked for it, or nobody carries it out", "i03_refunds.sql"},
	{"I4", "one event of a carrier is kept twice", "i04_events.sql"},
	{"I6", "verdicts are not numbered from one, or the last one is not the commitment's state", "i06_verdicts.sql"},
	{"I6", "a verdict differs from the fact that told it", "i06_facts.sql"},
	{"I6", "a complete order's verdict does not count what was declared missing", "i06_missing.sql"},
	{"I6", "a contested scan does not stand as its claim does, or a promise is contested that nobody contests", "i06_contests.sql"},
	{"I6", "an accepted change amends no promise or several, leaves one open that it takes back, or a promise is amended without one", "i06_changes.sql"},
	{"I7", "a broken commitment without its remedy, or a remedy without a broken commitment", "i07_remedies.sql"},
	{"I7", "a remedy waits past its instant", "i07_waiting.sql"},
	{"I7", "a remedy and what it granted disagree", "i07_grants.sql"},
	{"I8", "one cause was told twice, or two messages share an identity", "i08_messages.sql"},
	{"I8", "a message left after the shopper opted out", "i08_opted_out.sql"},
	{"I8", "an incident that nobody declared or looked at to its end, or of which somebody was told more than once", "i08_incidents.sql"},
	{"I9", "a slot and what is booked in it disagree, or it holds more than it may", "i09_slots.sql"},
	{"I11", "a state without the fact that says who changed it", "i11_facts.sql"},
	{"I11", "a return's state without its fact, its proof or its decision", "i11_returns.sql"},
	{"I11", "a withdrawal without its fact, its return or its acknowledgement", "i11_withdrawals.sql"},
	{"I11", "a parcel given out without its scan or its fact, or a counter's deposit without the scan that made it", "i11_counters.sql"},
	{"I11", "somebody waits and is owed no answer, an answer settled nothing, or not all that was said is there", "i11_desk.sql"},
	{"I11", "a claim is owed no decision, one settled nothing or was not two people's, or not all that was said is there", "i11_claims.sql"},
	{"I11", "a courier was believed without a fact or a scan, or a visit is of another stop, or lacks its proof", "i11_rounds.sql"},
	{"I11", "deliveries that came together in part, or by no one's word, or a promise that was not amended with the others", "i11_regroups.sql"},
	{"I12", "a row points into another merchant", "i12_merchants.sql"},
	{"I12", "a row of a return points into another merchant", "i12_returns.sql"},
	{"I13", "a fact that somebody hears of was not written down for them, or a delivery stands still", "i13_deliveries.sql"},
	{"S-17", "the second person had a hand in it before, or there was none", "s17_seconds.sql"},
	{"S-18", "a label serves twice, for two returns, or after it should be void", "s18_labels.sql"},
}

//go:embed i*.sql s1*.sql
var checks embed.FS

// Verify checks every invariant that exists, on one snapshot.
func Verify(ctx context.Context, d *db.DB) (found []Violation, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		found, err = VerifyIn(tx)
		return err
	})
	return found, err
}

// VerifyAt checks every invariant as of an instant, for a database whose world has
// a clock of its own: what was due by then is done.
func VerifyAt(ctx context.Context, d *db.DB, now civil.Instant) (found []Violation, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		tx.Now = now
		found, err = VerifyIn(tx)
		return err
	})
	return found, err
}

// VerifyIn checks every invariant as a transaction sees it.
func VerifyIn(tx *db.Tx) (found []Violation, err error) {
	for _, i := range invariants {
		ids, err := i.broken(tx)
		if err != nil {
			return nil, fmt.Errorf("check %s (%s): %w", i.name, i.file, err)
		}
		found = note(found, i, ids)
	}
	more, err := returned(tx)
	if err != nil {
		return nil, fmt.Errorf("check the returns: %w", err)
	}
	found = append(found, more...)
	ids, err := unfolded(tx)
	return note(found, invariant{name: "I5", what: "a parcel's story is not that of its events"}, ids), err
}

func note(found []Violation, i invariant, ids []string) []Violation {
	if len(ids) == 0 {
		return found
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return append(found, Violation{Invariant: i.name, What: i.what, IDs: ids[:min(len(ids), maxIDs)]})
}

func (i invariant) broken(tx *db.Tx) ([]string, error) {
	text, err := checks.ReadFile(i.file)
	if err != nil {
		return nil, err
	}
	return db.All(tx, string(text), db.Scalar[string], int64(tx.Now))
}
