package returns

import (
	"cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlWaitingDecisions = `select id, return_id, order_id, sequence, state, outcome, settlement, reasons, minor, currency, why, decided_by, decided,
			second_by, final_at, day, refund_by, paid
		from returns_decision where merchant = $1 and state = 'waiting' and return_id > $2 order by return_id limit $3`
	sqlCountWaiting = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from returns_decision where merchant = $1 and state = 'waiting'`

	sqlOpenDisputes = `select id, return_id, decision, opened_by, actor, state, settled_by, settler, opened, answer_by, settled
		from returns_dispute where merchant = $1 and state in ('open', 'asked') and (answer_by, id) > ($2, $3)
		order by answer_by, id limit $4`
	sqlNewestDisputes = `select id, return_id, decision, opened_by, actor, state, settled_by, settler, opened, answer_by, settled
		from returns_dispute where merchant = $1 and id < $2 order by id desc limit $3`
	sqlCountDisputes = `-- whole merchant: those not settled, by an index of them alone
		select count(*) from returns_dispute where merchant = $1 and state in ('open', 'asked')`

	sqlUnacknowledged = `select id, order_id, shopper, name, contract, email, statement, hash, sent, in_time, until, notice, units, return_id,
			send_back_by, refund_by, acknowledge_by, acknowledged
		from returns_withdrawal where merchant = $1 and acknowledged is null and (acknowledge_by, id) > ($2, $3)
		order by acknowledge_by, id limit $4`
	sqlCountUnacknowledged = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from returns_withdrawal where merchant = $1 and acknowledged is null`
	sqlNewestWithdrawals = `select id, order_id, shopper, name, contract, email, statement, hash, sent, in_time, until, notice, units, return_id,
			send_back_by, refund_by, acknowledge_by, acknowledged
		from returns_withdrawal where merchant = $1 and id < $2 order by id desc limit $3`
)

// WaitingDecisions pages through the decisions that wait for a second person, in
// the order their returns were asked for. after is the return of the last one of
// the page before; empty at first.
func WaitingDecisions(tx *db.Tx, m ident.Merchant, after ident.Return, limit int) ([]Decision, error) {
	ds, err := db.All(tx, sqlWaitingDecisions, scanDecision, m, after, limit)
	if err != nil {
		return nil, err
	}
	return withLines(tx, m, ds)
}

// WaitingCount is how many decisions wait for a second person.
func WaitingCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountWaiting, db.Scalar[int], m)
	return n, err
}

// DecisionOf reads a decision with its lines. The fault is not_found.
func DecisionOf(tx *db.Tx, m ident.Merchant, id ident.Decision) (Decision, error) {
	d, ok, err := db.One(tx, sqlDecision, scanDecision, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "decision")
	}
	if err != nil {
		return Decision{}, err
	}
	whole, err := withLines(tx, m, []Decision{d})
	return whole[0], err
}

// OpenDisputes pages through the disputes that are not settled, without what was
// said, the most urgent first. after is the last one of the page before; zero at
// first.
func OpenDisputes(tx *db.Tx, m ident.Merchant, after Dispute, limit int) ([]Dispute, error) {
	return db.All(tx, sqlOpenDisputes, scanDispute, m, int64(after.AnswerBy), after.ID, limit)
}

// NewestDisputes pages through all disputes, without what was said, the newest
// first. before is the last one of the page before; empty at first.
func NewestDisputes(tx *db.Tx, m ident.Merchant, before ident.Dispute, limit int) ([]Dispute, error) {
	return db.All(tx, sqlNewestDisputes, scanDispute, m, cmp.Or(before, "dsp_zzzzzzzzzzzzzzzzzzzzzzzzzz"), limit)
}

// DisputeCount is how many disputes are not settled.
func DisputeCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountDisputes, db.Scalar[int], m)
	return n, err
}

// DisputeOf reads a dispute with all that was said. The fault is not_found.
func DisputeOf(tx *db.Tx, m ident.Merchant, id ident.Dispute) (Dispute, error) {
	d, ok, err := db.One(tx, sqlDispute, scanDispute, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "dispute")
	}
	if err != nil {
		return Dispute{}, err
	}
	of, err := Disputes(tx, m, []ident.Return{d.Return})
	for _, whole := range of[d.Return] {
		if whole.ID == id {
			d = whole
		}
	}
	return d, err
}

// Unacknowledged pages through the withdrawals whose acknowledgement nobody has
// sent, the most urgent first. after is the last one of the page before; zero at
// first.
func Unacknowledged(tx *db.Tx, m ident.Merchant, after Withdrawal, limit int) ([]Withdrawal, error) {
	ws, err := db.All(tx, sqlUnacknowledged, scanWithdrawal, m, int64(after.AcknowledgeBy), after.ID, limit)
	if err != nil {
		return nil, err
	}
	return renouncedLines(tx, m, ws)
}

// UnacknowledgedCount is how many those are.
func UnacknowledgedCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountUnacknowledged, db.Scalar[int], m)
	return n, err
}

// NewestWithdrawals pages through all withdrawals, the newest first. before is the
// last one of the page before; empty at first.
func NewestWithdrawals(tx *db.Tx, m ident.Merchant, before ident.Withdrawal, limit int) ([]Withdrawal, error) {
	ws, err := db.All(tx, sqlNewestWithdrawals, scanWithdrawal, m, cmp.Or(before, "wdr_zzzzzzzzzzzzzzzzzzzzzzzzzz"), limit)
	if err != nil {
		return nil, err
	}
	return renouncedLines(tx, m, ws)
}
