package returns

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// fullWhere is whose clocks and holidays count for the return's order.
func (r Return) fullWhere(tx *db.Tx, m ident.Merchant) (Where, error) {
	o, err := order.Get(tx, m, r.Order)
	if err != nil {
		return Where{}, err
	}
	return whereOf(tx, m, o)
}

func labelUnder(tx *db.Tx, m ident.Merchant, id ident.Return, number string) (Label, bool, error) {
	of, err := Labels(tx, m, []ident.Return{id})
	for _, l := range of[id] {
		if l.Number != "" && carrier.FoldNumber(l.Number) == carrier.FoldNumber(number) {
			return l, true, err
		}
	}
	return Label{}, false, err
}

// clock sets both deadlines of the refund: the merchant's own, from when the goods
// came or were given up, zero before that; and beside it the law's where the
// shopper withdrew, or could have. The earlier one is what is owed.
func (r *Return) clock(tx *db.Tx, m ident.Merchant, c Conditions, ended civil.Instant) error {
	if ended != 0 {
		r.ProcessBy = r.where().After(ended, c.ProcessDays)
		r.RefundBy = r.ProcessBy
	}
	law, err := r.Law(tx, m)
	if err != nil {
		return err
	}
	if law.Due != 0 && (r.RefundBy == 0 || law.Due < r.RefundBy) {
		r.RefundBy = law.Due
	}
	if r.surcharged() && law.Due != 0 && r.UpliftAt == 0 {
		r.UpliftAt = law.Due
	}
	return nil
}

// surcharged reports whether the law adds to a refund that is late.
func (r Return) surcharged() bool {
	return r.Ground == fact.ByWithdrawal || r.Ground == fact.ByResolution
}

// band is what it adds.
func (r Return) band(daysLate int, rate int64) Band {
	if r.Ground == fact.ByResolution {
		return Resolved(daysLate)
	}
	return Withdrawn(daysLate, rate)
}

// Law is the law's clock of a return: zero where the shop's offer alone counts.
func (r Return) Law(tx *db.Tx, m ident.Merchant) (RefundClock, error) {
	told := r.Asked
	switch {
	case r.Ground == fact.ByResolution || r.Ground == fact.ByClaim:
		by := r.where().Resolved(r.Asked)
		return RefundClock{Alarm: by, Due: by}, nil
	case r.Withdrawal != "":
		w, err := GetWithdrawal(tx, m, r.Withdrawal)
		if err != nil {
			return RefundClock{}, err
		}
		told = w.Sent
	case r.Ground == fact.ByConformity:
		return r.where().Mended(told, r.Proved(), r.Legal), nil
	case !r.Legal:
		return RefundClock{}, nil
	}
	if r.Route == fact.BackRecalled { // nothing waits for what the shopper never had: the trader fetches it
		return r.where().Refund(told, told), nil
	}
	return r.where().Refund(told, r.Proved()), nil
}

// Receive scans a return in at the merchant's. Scanned in again it stays as it
// is. The faults are not_found and return_state.
func Receive(tx *flow.Tx, m ident.Merchant, id ident.Return) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil || r.State == Received {
		return r, err
	}
	return r, r.receive(tx, m, tx.Now)
}

func (r *Return) receive(tx *flow.Tx, m ident.Merchant, at civil.Instant) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.Received, r.LookBy = at, 0
	if err := r.clock(tx.Tx, m, c, r.Received); err != nil {
		return err
	}
	if err := r.use(tx, m, ""); err != nil {
		return err
	}
	if err := r.move(tx, m, receiving); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnReceived{
		Sendback: r.told(), Parcel: r.Parcel, At: r.Received, ProcessBy: r.ProcessBy, RefundBy: r.RefundBy,
	})
}

// Finding is what the warehouse says of one unit that came back.
type Finding struct {
	ID        ident.Finding
	Line      ident.Line // empty: an article that is not of this order
	Surplus   bool       // nobody announced it; set by Inspect
	Condition Condition
	Outcome   Disposal
	Ground    string // in law, for Destroy
	Note      string
	Photos    []ident.Blob
	Inspector flow.Actor
	At        civil.Instant
}

// Inspection is what a warehouse found in one parcel.
type Inspection struct {
	Findings []Finding // one a unit
	Grams    int       // on the scale; 0: not weighed
}

const (
	sqlInsertFinding = `insert into returns_finding (merchant, return_id, id, line, surplus, condition, outcome, ground, note, photos, inspector, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlFindings = `select return_id, id, line, surplus, condition, outcome, ground, note, photos, inspector, at
		from returns_finding where merchant = $1 and return_id in ($2) order by return_id, id`
	maxFindings = 500
)

type findingRow struct {
	Finding
	of ident.Return
}

func scanFinding(row db.Row) (f findingRow, err error) {
	var photos string
	err = row.Scan(&f.of, &f.ID, &f.Line, &f.Surplus, &f.Condition, &f.Outcome, &f.Ground, &f.Note, &photos, &f.Inspector, &f.At)
	if err == nil {
		err = json.Unmarshal([]byte(photos), &f.Photos)
	}
	return f, err
}

// Findings reads what the warehouse found in returns.
func Findings(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return][]Finding, error) {
	rows, err := db.All(tx, sqlFindings, scanFinding, m, db.In(ids))
	of := map[ident.Return][]Finding{}
	for _, f := range rows {
		of[f.of] = append(of[f.of], f.Finding)
	}
	return of, err
}

// Inspect writes down what was found, unit by unit; a return not scanned in yet
// is so at once. Units that nobody announced are kept as surplus: three inspected
// where two were announced are three findings. It may be added to until the
// return is decided.
//
// The faults are not_found, return_state and those of the findings:
// field_required, list_too_long, unknown_value, unknown_line, ground_required (to
// destroy an article needs a ground in law), photo_unknown and those of the words.
func Inspect(tx *flow.Tx, m ident.Merchant, id ident.Return, in Inspection) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Return{}, err
	}
	lines, err := order.Lines(tx.Tx, m, r.Order)
	if err != nil {
		return Return{}, err
	}
	if err := in.check(lines); err != nil {
		return Return{}, err
	}
	if err := in.known(tx.Tx, m); err != nil {
		return Return{}, err
	}
	if r.State != Received {
		if err := r.receive(tx, m, tx.Now); err != nil {
			return Return{}, err
		}
	}
	if err := r.keep(tx, m, in.Findings); err != nil {
		return Return{}, err
	}
	return r, r.doubtAgain(tx, m, in, lines)
}

func (in Inspection) known(tx *db.Tx, m ident.Merchant) error {
	var taken []evidence
	for i, f := range in.Findings {
		taken = append(taken, evidence{fmt.Sprintf("findings[%d].photos", i), f.Photos})
	}
	return knownPhotos(tx, m, taken...)
}

func (in Inspection) check(lines []order.Line) error {
	var faults fault.List
	if len(in.Findings) == 0 {
		faults.Add(fault.Invalid, "field_required", "findings")
	}
	if len(in.Findings) > maxFindings {
		return fault.New(fault.Invalid, "list_too_long", "findings", "limit", maxFindings)
	}
	for i, f := range in.Findings {
		f.check(&faults, fmt.Sprintf("findings[%d].", i), lines)
	}
	return faults.Err()
}

func (f Finding) check(faults *fault.List, at string, lines []order.Line) {
	if f.Line != "" && !slices.ContainsFunc(lines, func(l order.Line) bool { return l.ID == f.Line && l.Kind == order.Goods }) {
		faults.Add(fault.Invalid, "unknown_line", at+"line", "line", string(f.Line))
	}
	if !slices.Contains(Disposals, f.Outcome) {
		faults.Add(fault.Invalid, "unknown_value", at+"outcome", "value", string(f.Outcome))
	}
	if !slices.Contains(Looks, f.Condition) {
		faults.Add(fault.Invalid, "unknown_value", at+"condition", "value", string(f.Condition))
	}
	if f.Outcome == Destroy && f.Ground == "" {
		faults.Add(fault.Invalid, "ground_required", at+"ground")
	}
	text.Check(faults, at+"ground", f.Ground, maxName)
	text.Check(faults, at+"note", f.Note, maxNote)
}

// keep writes findings, and marks those that nobody announced.
func (r Return) keep(tx *flow.Tx, m ident.Merchant, findings []Finding) error {
	items, err := Items(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	before, err := Findings(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	open := map[ident.Line]int{}
	for _, i := range items[r.ID] {
		open[i.Line] += i.Units
	}
	for _, f := range before[r.ID] {
		open[f.Line]--
	}
	for _, f := range findings {
		open[f.Line]--
		f.Surplus = open[f.Line] < 0
		if err := blob.Refer(tx, m, f.Photos); err != nil {
			return err
		}
		photos, err := json.Marshal(f.Photos)
		if err != nil {
			return err
		}
		err = tx.Do(sqlInsertFinding, m, r.ID, ident.New[ident.Finding](tx.Mint), f.Line, f.Surplus, f.Condition, f.Outcome, f.Ground,
			f.Note, string(photos), tx.By(), tx.Now)
		if err != nil {
			return err
		}
	}
	return nil
}

// doubtAgain weighs what the warehouse found beside what was known.
func (r *Return) doubtAgain(tx *flow.Tx, m ident.Merchant, in Inspection, lines []order.Line) error {
	items, err := Items(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	s := Signals{Weighed: in.Grams}
	fault := false
	for _, i := range items[r.ID] {
		fault = fault || i.Taxon.Defect()
		for _, l := range lines {
			if l.ID == i.Line {
				s.Expected += l.Grams * i.Units
			}
		}
	}
	for _, f := range in.Findings {
		s.WrongArticle += when(f.Condition == Wrong || f.Line == "", 1)
		s.EmptyUnits += when(f.Condition == Absent, 1)
		s.Worn += when(f.Condition == Used && !fault, 1)
	}
	r.note(Suspect(s))
	return r.save(tx, m, r.State)
}

// note adds doubts that were not there before.
func (r *Return) note(doubts []Doubt) {
	for _, d := range doubts {
		if !slices.ContainsFunc(r.Doubts, func(old Doubt) bool { return old.Code == d.Code }) {
			r.Doubts = append(r.Doubts, d)
		}
	}
}
