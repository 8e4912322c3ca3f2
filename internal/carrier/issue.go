package carrier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// LabelState is what became of a label that was asked for.
type LabelState string

// The states.
const (
	LabelAsking  LabelState = "asking"
	LabelIssued  LabelState = "issued"
	LabelRefused LabelState = "refused" // for good
	LabelVoid    LabelState = "void"
)

// Label is one label, as the book of labels has it.
type Label struct {
	ID         ident.Label
	Key        string
	Connection ident.Connection
	State      LabelState
	Attempts   int // how often the carrier was asked
	Unheard    int // how many of these may have made a label that nobody holds
	Number     string
	Format     LabelFormat
	Document   ident.Blob
	Code       string
	Until      civil.Instant // until when the carrier takes it, exclusive; zero: it did not say
	Refusal    Refusal       // of a refused one, or the last word so far
	Asked      civil.Instant
}

// LabelTime is how long one attempt may take before another one may begin: more
// than the calls of any adapter together.
const LabelTime = 50 * time.Second

// Issuer asks carriers for labels, from errands: outside any transaction.
//
// A carrier given the same request twice makes two labels, so that the key is
// kept here: of all who ask under it at once, one calls, and the others are told
// label_being_made; once there is a label, all get that one. An answer that was
// lost may leave a label at the carrier that nobody holds; it is counted, and a
// number that comes in beside an issued one is made void.
type Issuer struct {
	Flow     *flow.Flow
	Vault    *vault.Vault
	Out      *egress.Client
	Adapters Adapters
}

// Label gives the label of a request's key, asking the carrier if need be. The
// errors are a Refusal; the faults not_found at connection, unknown_adapter,
// carrier_account_missing, those of Offer.Takes, label_void, and label_being_made
// while another asks; and the database's.
func (i *Issuer) Label(ctx context.Context, m ident.Merchant, id ident.Connection, r LabelRequest) (Label, error) {
	if l, settled, err := i.known(ctx, m, id, r.Key); settled || err != nil {
		return l, err
	}
	desk, err := i.desk(ctx, m, id)
	if err != nil {
		return Label{}, err
	}
	if err := desk.takes(r); err != nil {
		return Label{}, err
	}
	l, mine, err := i.begin(ctx, m, id, r)
	switch {
	case err != nil:
		return Label{}, err
	case !mine:
		return l.outcome(id)
	}
	r.Resume = l.Refusal.Resume
	if r.Ready == 0 || r.Ready == civil.NoDay {
		r.Ready = desk.today
	}
	issued, err := desk.labels.Label(ctx, i.Out, desk.c, desk.a, r)
	if err != nil {
		return Label{}, i.refused(ctx, m, l, RefusalOf(err))
	}
	return i.issued(ctx, m, l, desk, issued)
}

// Void makes the label of a key void, and tells its carrier where that can be. A
// label that was refused, or is void, is left as it is. The faults are not_found
// at label, and label_being_made while somebody asks for it.
func (i *Issuer) Void(ctx context.Context, m ident.Merchant, key string) error {
	var l Label
	err := i.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = LabelOf(tx, m, key)
		return err
	})
	switch {
	case err != nil:
		return err
	case l.State == LabelAsking:
		return i.mark(ctx, m, l)
	case l.State != LabelIssued:
		return nil
	}
	desk, err := i.desk(ctx, m, l.Connection)
	if err != nil {
		return err
	}
	if err := desk.void(ctx, i.Out, l.Number); err != nil {
		return err
	}
	return i.mark(ctx, m, l)
}

// mark notes that a label is void: an issued one, or one nobody asks for now.
func (i *Issuer) mark(ctx context.Context, m ident.Merchant, l Label) error {
	return i.Flow.One(ctx, flow.System, m, func(tx *flow.Tx) error {
		done, err := tx.Changed(sqlVoidLabel, m, l.Key, tx.Wall, tx.Now)
		if err == nil && !done && l.State == LabelAsking {
			return fault.New(fault.Unavailable, "label_being_made", "label")
		}
		return err
	})
}

// desk is an adapter that makes labels, with the account it is known by.
type desk struct {
	labels Labels
	c      Connection
	a      Account
	today  civil.Day
}

func (i *Issuer) desk(ctx context.Context, m ident.Merchant, id ident.Connection) (d desk, err error) {
	err = i.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		if d.c, err = Get(tx, m, id); err != nil {
			return err
		}
		var ok bool
		if d.labels, ok = As[Labels](i.Adapters, d.c.Adapter); !ok {
			return fault.New(fault.Unsupported, "unknown_adapter", "adapter", "adapter", d.c.Adapter)
		}
		zone, err := civil.Zone(d.c.Zone)
		if err != nil {
			return err
		}
		d.today = tx.Now.Day(zone)
		d.a, err = AccountOf(tx, i.Vault, m, d.c)
		return err
	})
	return d, err
}

func (d desk) takes(r LabelRequest) error {
	offer, ok := d.labels.Offer(d.a, r.Route, r.From.Country)
	if !ok {
		return fault.New(fault.Invalid, "route_not_offered", "route", "carrier", d.c.Name)
	}
	return offer.Takes(r, d.c.Name)
}

// void is Void where a carrier that can not be told is no error.
func (d desk) void(ctx context.Context, out *egress.Client, number string) error {
	if err := d.labels.Void(ctx, out, d.c, d.a, number); err != nil && !errors.Is(err, ErrStands) {
		return err
	}
	return nil
}

// begin takes the right to ask for a key's label, or gives the label there is.
func (i *Issuer) begin(ctx context.Context, m ident.Merchant, id ident.Connection, r LabelRequest) (l Label, mine bool, err error) {
	err = i.Flow.One(ctx, flow.System, m, func(tx *flow.Tx) (err error) {
		until := tx.Wall.Add(LabelTime)
		mine, err = tx.Changed(sqlAskLabel, m, r.Key, ident.New[ident.Label](tx.Mint), id, LabelAsking, until, r.Format, tx.Now)
		if err != nil {
			return err
		}
		if !mine {
			if mine, err = tx.Changed(sqlAskAgain, m, r.Key, id, tx.Wall, until, r.Format); err != nil {
				return err
			}
		}
		l, err = LabelOf(tx.Tx, m, r.Key)
		return err
	})
	return l, mine, err
}

// known gives the label of a key where no carrier needs to be asked any more.
func (i *Issuer) known(ctx context.Context, m ident.Merchant, id ident.Connection, key string) (l Label, settled bool, err error) {
	err = i.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		l, settled, err = db.One(tx, sqlLabel, scanLabel, m, key)
		return err
	})
	if err != nil || !settled || l.State == LabelAsking {
		return l, false, err
	}
	l, err = l.outcome(id)
	return l, true, err
}

// outcome is a label as whoever asked for it over a connection is told of it.
func (l Label) outcome(id ident.Connection) (Label, error) {
	switch {
	case l.Connection != id:
		return Label{}, fmt.Errorf("label %s was asked for over %s", l.Key, l.Connection)
	case l.State == LabelRefused:
		return Label{}, l.Refusal
	case l.State == LabelVoid:
		return Label{}, fault.New(fault.Conflict, "label_void", "label")
	case l.State == LabelAsking:
		return Label{}, fault.New(fault.Unavailable, "label_being_made", "label")
	}
	return l, nil
}

// refused notes a refusal and gives it back; one that is not final leaves the
// key free to be asked for again.
func (i *Issuer) refused(ctx context.Context, m ident.Merchant, l Label, r Refusal) error {
	state, unheard := LabelAsking, 0
	if r.Final && r.Why != RefusedAccount { // an account can be mended, and then asked with again
		state = LabelRefused
	}
	if r.Unknown() {
		unheard = 1
	}
	told, err := json.Marshal(refusalRow{r.Why, r.Code, r.Text})
	if err != nil {
		return err
	}
	err = i.Flow.One(context.WithoutCancel(ctx), flow.System, m, func(tx *flow.Tx) error {
		return tx.Do(sqlLabelRefused, m, l.Key, l.Attempts, state, unheard, string(told), r.Resume, tx.Now)
	})
	if err != nil {
		return errors.Join(r, err)
	}
	return r
}

// issued keeps a label with its document. Where another attempt was faster, that
// one's stands and this one's is made void.
func (i *Issuer) issued(ctx context.Context, m ident.Merchant, l Label, d desk, got Issued) (Label, error) {
	var won bool
	err := i.Flow.One(context.WithoutCancel(ctx), flow.System, m, func(tx *flow.Tx) (err error) {
		document, err := blob.Put(tx, m, got.ContentType, got.Document)
		if err != nil {
			return err
		}
		won, err = tx.Changed(sqlLabelIssued, m, l.Key, got.Number, got.Format, document, got.Code, got.Until, tx.Now)
		if err != nil {
			return err
		}
		l, err = LabelOf(tx.Tx, m, l.Key)
		return err
	})
	if err != nil {
		return Label{}, fmt.Errorf("label %s of %s: %w", got.Number, l.Key, err)
	}
	if !won && l.Number != got.Number {
		if err := d.void(ctx, i.Out, got.Number); err != nil {
			return Label{}, err
		}
	}
	return l.outcome(d.c.ID)
}

// LabelOf reads the label of a key. The fault is not_found, at the field label.
func LabelOf(tx *db.Tx, m ident.Merchant, key string) (Label, error) {
	l, ok, err := db.One(tx, sqlLabel, scanLabel, m, key)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "label")
	}
	return l, err
}

// Only an asking row moves, and never back: an issued label stays what it is.
const (
	sqlAskLabel = `insert into carrier_label (merchant, key, id, connection, state, attempts, unknown, until, number, format, document,
			code, serves_until, refusal, resume, asked, changed)
		values ($1, $2, $3, $4, $5, 1, 0, $6, '', $7, '', '', null, '', '', $8, $8)
		on conflict (merchant, key) do nothing`
	sqlAskAgain = `update carrier_label set attempts = attempts + 1, unknown = unknown + case when until > 0 then 1 else 0 end,
			until = $5, format = $6
		where merchant = $1 and key = $2 and connection = $3 and state = 'asking' and until <= $4`
	sqlLabelRefused = `update carrier_label set state = $4, until = 0, unknown = unknown + $5, refusal = $6, resume = $7, changed = $8
		where merchant = $1 and key = $2 and attempts = $3 and state = 'asking'`
	sqlLabelIssued = `update carrier_label set state = 'issued', until = 0, number = $3, format = $4, document = $5,
			code = $6, serves_until = $7, refusal = '', resume = '', changed = $8
		where merchant = $1 and key = $2 and state = 'asking'`
	sqlVoidLabel = `update carrier_label set state = 'void', changed = $4
		where merchant = $1 and key = $2 and (state = 'issued' or state = 'asking' and until <= $3)`
	sqlLabel = `select id, key, connection, state, attempts, unknown, number, format, document, code, serves_until, refusal, resume, asked
		from carrier_label where merchant = $1 and key = $2`
)

// refusalRow is a refusal as it is stored.
type refusalRow struct {
	Why  Why    `json:"why"`
	Code string `json:"code"`
	Text string `json:"text"`
}

func scanLabel(r db.Row) (l Label, err error) {
	var refusal, resume string
	err = r.Scan(&l.ID, &l.Key, &l.Connection, &l.State, &l.Attempts, &l.Unheard, &l.Number, &l.Format,
		&l.Document, &l.Code, &l.Until, &refusal, &resume, &l.Asked)
	if err != nil || refusal == "" {
		return l, err
	}
	var row refusalRow
	if err = json.Unmarshal([]byte(refusal), &row); err != nil {
		return l, fmt.Errorf("label %s: %w", l.ID, err)
	}
	l.Refusal = Refusal{Why: row.Why, Code: row.Code, Text: row.Text, Final: l.State == LabelRefused, Resume: resume}
	return l, nil
}
