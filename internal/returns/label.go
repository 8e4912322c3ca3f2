package returns

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// LabelState is what became of a label as the shopper sees it.
type LabelState string

// The states.
const (
	LabelAsked  LabelState = "asked"
	LabelReady  LabelState = "ready"
	LabelFailed LabelState = "failed" // the carrier will not make it: see Refusal
	LabelVoid   LabelState = "void"
	LabelUsed   LabelState = "used" // it serves once
)

// Label is a label or a code of a return, in one format.
type Label struct {
	ID       ident.Label
	Return   ident.Return
	Format   carrier.LabelFormat
	State    LabelState
	Number   string
	Document ident.Blob
	Code     string        // text inside a QR
	Until    civil.Instant // until when the carrier takes it, exclusive; zero: it did not say
	Refusal  string        // why it failed, in the carrier's words
	Asked    civil.Instant
}

// Key is what the carrier's book knows the label by, for ever.
func (l Label) Key() string { return labelKey(l.Return, l.Format) }

func labelKey(r ident.Return, f carrier.LabelFormat) string { return string(r) + "/" + string(f) }

const (
	sqlAskLabel = `insert into returns_label (merchant, return_id, format, id, state, number, document, code, refusal, asked, changed)
		values ($1, $2, $3, $4, 'asked', '', '', '', '', $5, $5) on conflict (merchant, return_id, format) do nothing`
	sqlLabel = `select id, return_id, format, state, number, document, code, until, refusal, asked from returns_label
		where merchant = $1 and return_id = $2 and format = $3`
	sqlLabels = `select id, return_id, format, state, number, document, code, until, refusal, asked from returns_label
		where merchant = $1 and return_id in ($2) order by return_id, asked, format`
	sqlLabelByNumber = `select id, return_id, format, state, number, document, code, until, refusal, asked from returns_label
		where merchant = $1 and number = $2 and number <> ''`
	sqlLabelReady = `update returns_label set state = 'ready', id = $4, number = $5, document = $6, code = $7, until = $8, changed = $9
		where merchant = $1 and return_id = $2 and format = $3 and state = 'asked'`
	sqlLabelFailed = `update returns_label set state = 'failed', refusal = $4, changed = $5
		where merchant = $1 and return_id = $2 and format = $3 and state = 'asked'`
	sqlVoidLabels = `update returns_label set state = 'void', changed = $3
		where merchant = $1 and return_id = $2 and state in ('asked', 'ready')
		returning id, return_id, format, state, number, document, code, until, refusal, asked`
	sqlVoidOthers = `update returns_label set state = 'void', changed = $4
		where merchant = $1 and return_id = $2 and format <> $3 and state in ('asked', 'ready')
		returning id, return_id, format, state, number, document, code, until, refusal, asked`
	sqlUseLabel = `update returns_label set state = 'used', changed = $4
		where merchant = $1 and return_id = $2 and format = $3 and state = 'ready'`
)

func scanLabel(r db.Row) (l Label, err error) {
	err = r.Scan(&l.ID, &l.Return, &l.Format, &l.State, &l.Number, &l.Document, &l.Code, &l.Until, &l.Refusal, &l.Asked)
	return l, err
}

// Labels reads the labels of returns, the first asked for first.
func Labels(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return][]Label, error) {
	rows, err := db.All(tx, sqlLabels, scanLabel, m, db.In(ids))
	of := map[ident.Return][]Label{}
	for _, l := range rows {
		of[l.Return] = append(of[l.Return], l)
	}
	return of, err
}

// AskLabel has the label of a return made, by an errand. Asked for again in the
// same format, also sixty-four times at once, it is the same label, as it stands.
// The faults are not_found, unknown_value at format, no_label_needed,
// warehouse_missing, return_state, and label_refused once the carrier said no for
// good.
func AskLabel(tx *flow.Tx, m ident.Merchant, id ident.Return, format carrier.LabelFormat) (Label, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Label{}, err
	}
	if err := r.takesLabel(tx.Tx, m, format); err != nil {
		return Label{}, err
	}
	l := Label{ID: ident.New[ident.Label](tx.Mint), Return: id, Format: format, State: LabelAsked, Asked: tx.Now}
	fresh, err := tx.Changed(sqlAskLabel, m, id, format, l.ID, tx.Now)
	if err != nil {
		return Label{}, err
	}
	if fresh {
		return l, tx.Enqueue(m, LabelErrand, l.Key(), labelling{id, format})
	}
	l, _, err = db.One(tx.Tx, sqlLabel, scanLabel, m, id, format)
	if err == nil && l.State == LabelFailed {
		err = fault.New(fault.Conflict, "label_refused", "format", "text", l.Refusal)
	}
	return l, err
}

// takesLabel refuses a label that can not be, or need not.
func (r Return) takesLabel(tx *db.Tx, m ident.Merchant, format carrier.LabelFormat) error {
	switch {
	case !slices.Contains(carrier.LabelFormats, format):
		return fault.New(fault.Invalid, "unknown_value", "format", "value", string(format))
	case !slices.Contains(labelled, r.Route):
		return fault.New(fault.Conflict, "no_label_needed", "return", "route", string(r.Route))
	case r.State != Accepted && r.State != Ready:
		return fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", "label")
	}
	c, err := ConditionsOf(tx, m)
	if err == nil && c.Warehouse.Name == "" {
		err = fault.New(fault.Conflict, "warehouse_missing", "warehouse")
	}
	return err
}

// issued writes down a label that a carrier made. One that came after its return
// was taken back is made void at once.
func issued(tx *flow.Tx, m ident.Merchant, id ident.Return, l carrier.Label) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if r.State != Accepted && r.State != Ready {
		return tx.Enqueue(m, VoidErrand, l.Key, labelling{id, l.Format})
	}
	fresh, err := tx.Changed(sqlLabelReady, m, id, l.Format, l.ID, l.Number, l.Document, l.Code, l.Until, tx.Now)
	if err != nil || !fresh {
		return err
	}
	first := r.State == Accepted
	if err := r.travels(tx, m, l); err != nil {
		return err
	}
	if first {
		if err := r.promisePickup(tx, m); err != nil {
			return err
		}
	}
	return tx.Emit(m, string(r.Order), string(l.ID), fact.ReturnLabelled{Sendback: r.told(), Parcel: r.Parcel, Label: l.ID})
}

// travels announces the parcel of a label; a second label is another number of
// the same parcel.
func (r *Return) travels(tx *flow.Tx, m ident.Merchant, l carrier.Label) error {
	if r.State == Ready {
		return tracking.AddLeg(tx, m, r.Parcel, l.Connection, l.Number)
	}
	items, err := Items(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	units := map[ident.Line]int{}
	for _, i := range items[r.ID] {
		units[i.Line] += i.Units
	}
	p, _, err := order.Announce(tx, m, order.NewParcel{
		Order: r.Order, Connection: l.Connection, Number: l.Number, Direction: fact.Back, Units: units,
	})
	if err != nil {
		return err
	}
	r.Parcel = p.ID
	return r.move(tx, m, readying)
}

// void takes the labels of a return back, and has their carriers told.
func (r *Return) void(tx *flow.Tx, m ident.Merchant) error {
	labels, err := db.All(tx.Tx, sqlVoidLabels, scanLabel, m, r.ID, tx.Now)
	if err != nil {
		return err
	}
	return tell(tx, m, labels)
}

func tell(tx *flow.Tx, m ident.Merchant, void []Label) error {
	for _, l := range void {
		if l.Number == "" {
			continue // not made yet: whoever makes it finds it void
		}
		if err := tx.Enqueue(m, VoidErrand, l.Key(), labelling{l.Return, l.Format}); err != nil {
			return err
		}
	}
	return nil
}

// use marks the label that a parcel was deposited under: it serves once, and the
// others of the return not at all.
func (r *Return) use(tx *flow.Tx, m ident.Merchant, number string) error {
	labels, err := Labels(tx.Tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	for _, l := range labels[r.ID] {
		if l.State != LabelReady || number != "" && carrier.FoldNumber(l.Number) != carrier.FoldNumber(number) {
			continue
		}
		if err := tx.Do(sqlUseLabel, m, r.ID, l.Format, tx.Now); err != nil {
			return err
		}
		others, err := db.All(tx.Tx, sqlVoidOthers, scanLabel, m, r.ID, l.Format, tx.Now)
		if err != nil {
			return err
		}
		return tell(tx, m, others)
	}
	return r.void(tx, m) // what is still being made comes too late
}
