package returns

import (
	"encoding/json"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// DisputeState is where a dispute stands.
type DisputeState string

// The states.
const (
	DisputeOpen  DisputeState = "open"  // the shop is to answer
	DisputeAsked DisputeState = "asked" // the shopper is: something was asked of them
	Upheld       DisputeState = "upheld"
	Rejected     DisputeState = "rejected"
)

// Dispute is a decision that one side does not accept.
type Dispute struct {
	ID       ident.Dispute
	Return   ident.Return
	Decision ident.Decision
	By       fact.Party
	Actor    flow.Actor
	State    DisputeState
	Opened   civil.Instant
	AnswerBy civil.Instant // exclusive: of whoever is to answer
	Settled  civil.Instant
	ByRule   bool       // settled by its deadline
	Settler  flow.Actor // the second person
	Said     []Said
}

// Said is one thing that was said in a dispute, with what shows it.
type Said struct {
	By     fact.Party
	Actor  flow.Actor
	Words  string
	Photos []ident.Blob
	At     civil.Instant
}

const (
	sqlInsertDispute = `insert into returns_dispute (merchant, id, return_id, decision, opened_by, actor, state, settled_by, settler, opened, answer_by)
		values ($1, $2, $3, $4, $5, $6, 'open', '', '', $7, $8)`
	sqlDispute = `select id, return_id, decision, opened_by, actor, state, settled_by, settler, opened, answer_by, settled
		from returns_dispute where merchant = $1 and id = $2`
	sqlDisputes = `select id, return_id, decision, opened_by, actor, state, settled_by, settler, opened, answer_by, settled
		from returns_dispute where merchant = $1 and return_id in ($2) order by return_id, id`
	sqlTurn   = `update returns_dispute set state = $4, answer_by = $5 where merchant = $1 and id = $2 and state = $3`
	sqlSettle = `update returns_dispute set state = $3, settled_by = $4, settler = $5, settled = $6
		where merchant = $1 and id = $2 and state in ('open', 'asked')`
	sqlSay = `insert into returns_said (merchant, dispute, sequence, party, actor, words, photos, at)
		select $1, $2, (select count(*) + 1 from returns_said where merchant = $1 and dispute = $2), $3, $4, $5, $6, $7`
	sqlSaid     = `select dispute, party, actor, words, photos, at from returns_said where merchant = $1 and dispute in ($2) order by dispute, sequence`
	sqlQuietDue = `-- across merchants: the clock
		select merchant, id from returns_dispute where state in ('open', 'asked') and answer_by <= $1 order by answer_by, id limit $2`
	sqlQuietNext = `-- across merchants: the clock
		select answer_by from returns_dispute where state in ('open', 'asked') order by answer_by limit 1`
)

func scanDispute(r db.Row) (d Dispute, err error) {
	var by string
	err = r.Scan(&d.ID, &d.Return, &d.Decision, &d.By, &d.Actor, &d.State, &by, &d.Settler, &d.Opened, &d.AnswerBy, &d.Settled)
	d.ByRule = by == "rule"
	return d, err
}

type saidRow struct {
	Said
	of ident.Dispute
}

func scanSaid(r db.Row) (s saidRow, err error) {
	var photos string
	err = r.Scan(&s.of, &s.By, &s.Actor, &s.Words, &photos, &s.At)
	if err == nil {
		err = json.Unmarshal([]byte(photos), &s.Photos)
	}
	return s, err
}

// Disputes reads the disputes of returns with all that was said.
func Disputes(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return][]Dispute, error) {
	rows, err := db.All(tx, sqlDisputes, scanDispute, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	var disputes []ident.Dispute
	for _, d := range rows {
		disputes = append(disputes, d.ID)
	}
	words, err := db.All(tx, sqlSaid, scanSaid, m, db.In(disputes))
	said := map[ident.Dispute][]Said{}
	for _, s := range words {
		said[s.of] = append(said[s.of], s.Said)
	}
	of := map[ident.Return][]Dispute{}
	for _, d := range rows {
		d.Said = said[d.ID]
		of[d.Return] = append(of[d.Return], d)
	}
	return of, err
}

// Open reports whether a dispute is not settled.
func (d Dispute) Open() bool { return d.State == DisputeOpen || d.State == DisputeAsked }

// disputed reports whether a dispute about a return is not settled.
func disputed(tx *db.Tx, m ident.Merchant, id ident.Return) (bool, error) {
	of, err := Disputes(tx, m, []ident.Return{id})
	return slices.ContainsFunc(of[id], Dispute.Open), err
}

// Statement is what somebody says in a dispute.
type Statement struct {
	By     fact.Party // shopper or merchant
	Words  string
	Photos []ident.Blob
}

func (s Statement) check() error {
	var faults fault.List
	if s.By != fact.ByShopper && s.By != fact.ByMerchant {
		faults.Add(fault.Invalid, "unknown_value", "by", "value", string(s.By))
	}
	text.Required(&faults, "words", s.Words, maxNote)
	if len(s.Photos) > photo.MaxFiles {
		faults.Add(fault.Invalid, "list_too_long", "photos", "limit", photo.MaxFiles)
	}
	return faults.Err()
}

func (s Statement) say(tx *flow.Tx, m ident.Merchant, id ident.Dispute) error {
	if err := knownPhotos(tx.Tx, m, evidence{"photos", s.Photos}); err != nil {
		return err
	}
	if err := blob.Refer(tx, m, s.Photos); err != nil {
		return err
	}
	photos, err := json.Marshal(s.Photos)
	if err != nil {
		return err
	}
	return tx.Do(sqlSay, m, id, s.By, tx.By(), s.Words, string(photos), tx.Now)
}

// Contest says that the last decision about a return is not accepted, and why.
// Contesting again, while that is not settled, adds to what was said. The faults
// are not_found, return_state, contest_over (past its day) and those of the words.
func Contest(tx *flow.Tx, m ident.Merchant, id ident.Return, s Statement) (Dispute, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Dispute{}, err
	}
	if err := s.check(); err != nil {
		return Dispute{}, err
	}
	of, err := Disputes(tx.Tx, m, []ident.Return{id})
	if err != nil {
		return Dispute{}, err
	}
	if i := slices.IndexFunc(of[id], Dispute.Open); i >= 0 {
		return Answer(tx, m, of[id][i].ID, s)
	}
	if r.State != Decided {
		return Dispute{}, fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", "contest")
	}
	if tx.Now >= r.ContestBy {
		return Dispute{}, fault.New(fault.Conflict, "contest_over", "return", "until", (r.ContestBy - 1).Day(r.zone()))
	}
	return r.contest(tx, m, s)
}

func (r Return) contest(tx *flow.Tx, m ident.Merchant, s Statement) (Dispute, error) {
	last, err := lastDecision(tx.Tx, m, r.ID)
	if err != nil {
		return Dispute{}, err
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Dispute{}, err
	}
	d := Dispute{
		ID: ident.New[ident.Dispute](tx.Mint), Return: r.ID, Decision: last.ID, By: s.By, Actor: tx.By(), State: DisputeOpen, Opened: tx.Now,
		AnswerBy: r.where().After(tx.Now, c.AnswerDays),
	}
	if err := tx.Do(sqlInsertDispute, m, d.ID, d.Return, d.Decision, d.By, d.Actor, d.Opened, d.AnswerBy); err != nil {
		return Dispute{}, err
	}
	if err := s.say(tx, m, d.ID); err != nil {
		return Dispute{}, err
	}
	d.Said = []Said{{s.By, tx.By(), s.Words, s.Photos, tx.Now}}
	return d, tx.Emit(m, string(r.Order), string(d.ID), fact.ReturnContested{
		Sendback: r.told(), Decision: d.Decision, Dispute: d.ID, By: d.By, AnswerBy: d.AnswerBy,
	})
}

// lastDecision is the last final decision about a return.
func lastDecision(tx *db.Tx, m ident.Merchant, id ident.Return) (last Decision, err error) {
	all, err := decisionsOf(tx, m, []ident.Return{id})
	for _, d := range all {
		if d.State == Final {
			last = d
		}
	}
	return last, err
}

// Answer says something in a dispute. A question of the shop to the shopper turns
// the clock to them, and their answer turns it back. The faults are not_found,
// dispute_settled and those of the words.
func Answer(tx *flow.Tx, m ident.Merchant, id ident.Dispute, s Statement) (Dispute, error) {
	d, r, err := disputing(tx.Tx, m, id)
	if err != nil {
		return Dispute{}, err
	}
	if err := s.check(); err != nil {
		return Dispute{}, err
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Dispute{}, err
	}
	turn := DisputeOpen
	if s.By == fact.ByMerchant {
		turn = DisputeAsked
	}
	if d.State != turn {
		was := d.State
		d.State, d.AnswerBy = turn, r.where().After(tx.Now, c.AnswerDays)
		if err := tx.Do(sqlTurn, m, id, was, d.State, d.AnswerBy); err != nil {
			return Dispute{}, err
		}
	}
	d.Said = append(d.Said, Said{s.By, tx.By(), s.Words, s.Photos, tx.Now})
	return d, s.say(tx, m, id)
}

// disputing reads a dispute that is not settled, and its return.
func disputing(tx *db.Tx, m ident.Merchant, id ident.Dispute) (Dispute, Return, error) {
	d, ok, err := db.One(tx, sqlDispute, scanDispute, m, id)
	switch {
	case err != nil:
		return d, Return{}, err
	case !ok:
		return d, Return{}, fault.New(fault.NotFound, "not_found", "dispute")
	case !d.Open():
		return d, Return{}, fault.New(fault.Conflict, "dispute_settled", "dispute")
	}
	of, err := Disputes(tx, m, []ident.Return{d.Return})
	if err != nil {
		return d, Return{}, err
	}
	for _, whole := range of[d.Return] {
		if whole.ID == id {
			d = whole
		}
	}
	r, err := Get(tx, m, d.Return)
	return d, r, err
}
