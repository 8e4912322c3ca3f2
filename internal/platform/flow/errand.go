package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// lease is how long an errand belongs to the node that took it. A node that
// takes longer loses the right to settle it.
const lease = 60 * time.Second

// errandBatch is how many errands one round takes.
const errandBatch = 50

const (
	sqlEnqueue = `insert into flow_errand (merchant, id, kind, key, body, cause, state, tries, next, fence, error)
		values ($1, $2, $3, $4, $5, $6, 'ready', 0, $7, 0, '') on conflict (merchant, kind, key) do nothing`
	sqlLeaseErrands = `-- across merchants: a node takes whatever errands are due
		update flow_errand set next = $2, fence = fence + 1, tries = tries + 1
		where state = 'ready' and next <= $1 and id in (
			select id from flow_errand where state = 'ready' and next <= $1 order by next, id limit $3)
		returning merchant, id, kind, key, body, cause, tries, fence`
	sqlNextErrand = `-- across merchants: when there is something to do again
		select next from flow_errand where state = 'ready' order by next limit 1`
	sqlSettleErrand = `delete from flow_errand where merchant = $1 and id = $2 and fence = $3`
	sqlDelayErrand  = `update flow_errand set next = $4, error = $5 where merchant = $1 and id = $2 and fence = $3`
	sqlParkErrand   = `update flow_errand set state = 'parked', error = $4 where merchant = $1 and id = $2 and fence = $3`
	sqlReadyErrand  = `update flow_errand set state = 'ready', tries = 0, next = $3 where merchant = $1 and id = $2 and state = 'parked'`
	sqlParkedErrand = `-- across merchants: the operator's list of parked work
		select merchant, id, kind, key, error, tries, next from flow_errand where state = 'parked' order by id limit $1`
)

// Errand is one call to the outside world, to be made.
type Errand struct {
	ID       ident.Errand
	Merchant ident.Merchant
	Kind     string
	Key      string // idempotency key for the other side, the same for the errand's whole life
	Body     []byte // JSON as enqueued: ids only, to be read again
	Cause    ident.Fact
	Tries    int64
	fence    int64
}

// Decode reads the body.
func (e Errand) Decode(v any) error {
	if err := json.Unmarshal(e.Body, v); err != nil {
		return fmt.Errorf("errand %s: %w", e.Kind, err)
	}
	return nil
}

// Settle records the outcome of a call, in one transaction with the errand's end.
type Settle func(*Tx) error

// Errander makes one kind of call. It has no transaction: it may read, call,
// and answer with what to record.
type Errander struct {
	Kind  string
	Run   func(context.Context, Errand) (Settle, error)
	Tries int64                          // parked after so many
	Gone  func(*Tx, Errand, error) error // records that it was parked; may be nil
}

// Final marks an error that no further try can mend: the errand is parked at once.
type Final struct{ Err error }

// Error is for logs.
func (f Final) Error() string { return f.Err.Error() }

// Unwrap gives the cause.
func (f Final) Unwrap() error { return f.Err }

// errFenced is a settle that came after the lease was lost: another node has it.
var errFenced = errors.New("flow: the lease was lost, another node carries the errand")

// Handle registers who runs a kind of errand. Call it before Run.
func (f *Flow) Handle(e Errander) { f.errands[e.Kind] = e }

// Enqueue asks for an errand, once per merchant, kind and key.
func (tx *Tx) Enqueue(m ident.Merchant, kind, key string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	tx.group.woken = true
	return tx.Do(sqlEnqueue, m, ident.New[ident.Errand](tx.Mint), kind, key, string(raw), tx.cause, tx.Wall)
}

// RunErrands takes the errands that are due and carries them out, one round,
// and reports whether there were any.
func (f *Flow) RunErrands(ctx context.Context) (bool, error) {
	var batch []Errand
	err := f.db.Write(ctx, nil, func(tx *db.Tx) (err error) {
		batch, err = db.All(tx, sqlLeaseErrands, scanErrand, tx.Wall, tx.Wall.Add(lease), errandBatch)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("lease errands: %w", err)
	}
	for _, e := range batch {
		if err := f.carry(ctx, e); err != nil && !errors.Is(err, errFenced) {
			return true, err
		}
	}
	return len(batch) > 0, nil
}

func scanErrand(r db.Row) (e Errand, err error) {
	var body string
	err = r.Scan(&e.Merchant, &e.ID, &e.Kind, &e.Key, &body, &e.Cause, &e.Tries, &e.fence)
	e.Body = []byte(body)
	return e, err
}

// carry makes one call and records its outcome.
func (f *Flow) carry(ctx context.Context, e Errand) error {
	h, ok := f.errands[e.Kind]
	if !ok {
		return f.failErrand(ctx, h, e, Final{fmt.Errorf("nobody runs errands of kind %q", e.Kind)})
	}
	settle, err := h.Run(ctx, e)
	if err != nil {
		return f.failErrand(ctx, h, e, err)
	}
	return f.endErrand(ctx, e, sqlSettleErrand, nil, settle)
}

func (f *Flow) endErrand(ctx context.Context, e Errand, q string, more []any, settle Settle) error {
	return f.One(ctx, System, e.Merchant, func(tx *Tx) error {
		tx.cause = e.Cause
		mine, err := tx.Changed(q, append([]any{e.Merchant, e.ID, e.fence}, more...)...)
		if err != nil {
			return err
		}
		if !mine {
			return errFenced
		}
		if settle == nil {
			return nil
		}
		return settle(tx)
	})
}

// failErrand delays the errand, twice as long each time, and parks it in the end.
func (f *Flow) failErrand(ctx context.Context, h Errander, e Errand, cause error) error {
	var final Final
	if errors.As(cause, &final) || e.Tries >= max(1, h.Tries) {
		return f.endErrand(ctx, e, sqlParkErrand, []any{cause.Error()}, func(tx *Tx) error {
			if h.Gone == nil {
				return nil
			}
			return h.Gone(tx, e, cause)
		})
	}
	wait := 2 * time.Second << min(e.Tries, 11)
	next := f.clock.Wall().Add(wait)
	return f.endErrand(ctx, e, sqlDelayErrand, []any{next, cause.Error()}, nil)
}

// ParkedErrand is an errand that was given up, kept to be seen and run again.
type ParkedErrand struct {
	Merchant ident.Merchant
	ID       ident.Errand
	Kind     string
	Key      string
	Error    string
	Tries    int64
	Next     civil.Instant
}

// ParkedErrands lists the oldest parked errands of all merchants.
func ParkedErrands(tx *db.Tx, limit int) ([]ParkedErrand, error) {
	return db.All(tx, sqlParkedErrand, scanParkedErrand, limit)
}

// Ready puts a parked errand back to work. It reports whether it was parked.
func (f *Flow) Ready(ctx context.Context, by Actor, m ident.Merchant, id ident.Errand) (ok bool, err error) {
	err = f.One(ctx, by, m, func(tx *Tx) (err error) {
		ok, err = tx.Changed(sqlReadyErrand, m, id, tx.Wall)
		tx.group.woken = true
		return err
	})
	return ok, err
}
