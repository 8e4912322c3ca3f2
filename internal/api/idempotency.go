package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	keyHeader = "Idempotency-Key"
	maxKey    = 255              // characters
	keyLife   = 24 * time.Hour   // machine time; after that the request runs again
	keyWait   = 10 * time.Second // how long a copy waits for the first one's answer
	sealOf    = "idempotency"    // what answers are sealed for: they hold the links of orders
)

// KeyRule says what a route does with an Idempotency-Key.
type KeyRule string

// The rules. A route that makes an order requires a key, other writes accept one.
const (
	NoKey       KeyRule = ""
	KeyAccepted KeyRule = "accepted"
	KeyRequired KeyRule = "required"
)

// read checks the header. The faults are idempotency_key_required and
// idempotency_key_invalid.
func (k KeyRule) read(header string) (string, error) {
	switch {
	case k == NoKey:
		return "", nil
	case header == "" && k == KeyRequired:
		return "", fault.New(fault.Invalid, "idempotency_key_required", keyHeader)
	case len(header) > maxKey || strings.ContainsFunc(header, func(r rune) bool { return r < '!' || r > '~' }):
		return "", fault.New(fault.Invalid, "idempotency_key_invalid", keyHeader, "limit", maxKey)
	}
	return header, nil
}

const (
	sqlAnswer = `select fingerprint, status, sealed from api_idempotency where merchant = $1 and key = $2`
	sqlKeep   = `insert into api_idempotency (merchant, key, fingerprint, status, sealed, until) values ($1, $2, $3, $4, $5, $6)`
	sqlOld    = `-- across merchants: the clock
		select merchant, key from api_idempotency where until <= $1 order by until, merchant, key limit $2`
	sqlForget = `delete from api_idempotency where merchant = $1 and key in ($2)`
)

// answer is what a key stands for.
type answer struct {
	print  string
	status int
	sealed string
}

func scanAnswer(r db.Row) (a answer, err error) {
	err = r.Scan(&a.print, &a.status, &a.sealed)
	return a, err
}

// reply is an answer with its status.
type reply[T any] struct {
	Status int
	Body   T
}

func created[T any](body T) reply[T] { return reply[T]{Status: http.StatusCreated, Body: body} }

func ok[T any](body T) reply[T] { return reply[T]{Status: http.StatusOK, Body: body} }

// freshly is 201 for what was made now, and 200 for what was there already.
func freshly[T any](fresh bool, body T) reply[T] {
	if fresh {
		return created(body)
	}
	return ok(body)
}

// once runs a verb under the call's key. The first time its answer is kept in
// the same transaction; after that the answer is given and nothing runs. The
// lane of the merchant sees to it that copies come one after the other, on
// however many nodes; flights spares the lane copies of this node. A refused
// verb changed nothing and is not kept.
func once[T any](ctx context.Context, a *API, c call, verb func(tx *flow.Tx) (reply[T], error)) (out reply[T], err error) {
	run := func(ctx context.Context) error {
		return a.flow.One(ctx, flow.ByKey(c.Key), c.Merchant, func(tx *flow.Tx) (err error) {
			out, err = onceIn(tx, a, c, verb)
			return err
		})
	}
	if c.key == "" {
		return out, run(ctx)
	}
	wait, cancel := context.WithTimeout(ctx, a.wait)
	defer cancel()
	land, err := a.flights.board(wait, flight{c.Merchant, c.key})
	if err == nil {
		defer land()
		err = run(wait)
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = retry{fault.New(fault.Conflict, "idempotency_in_progress", keyHeader), time.Second}
	}
	return out, err
}

func onceIn[T any](tx *flow.Tx, a *API, c call, verb func(tx *flow.Tx) (reply[T], error)) (out reply[T], err error) {
	if c.key == "" {
		return verb(tx)
	}
	before, found, err := db.One(tx.Tx, sqlAnswer, scanAnswer, c.Merchant, c.key)
	switch {
	case err != nil:
		return out, err
	case found && before.print != c.print:
		return out, fault.New(fault.Invalid, "idempotency_key_reused", keyHeader)
	case found && before.sealed == "":
		return out, fault.New(fault.Conflict, "answer_erased", keyHeader)
	case found:
		out.Status = before.status
		return out, a.unseal(before.sealed, &out.Body)
	}
	if out, err = verb(tx); err != nil {
		return out, err
	}
	sealed, err := a.seal(tx.Mint, out.Body)
	if err != nil {
		return out, err
	}
	return out, tx.Do(sqlKeep, c.Merchant, c.key, c.print, out.Status, sealed, tx.Wall.Add(keyLife))
}

func (a *API) seal(m *ident.Mint, body any) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("keep answer: %w", err)
	}
	var nonce [12]byte
	m.Read(nonce[:])
	return base64.StdEncoding.EncodeToString(a.vault.Seal(sealOf, nonce[:], text)), nil
}

func (a *API) unseal(sealed string, body any) error {
	text, err := a.opened(sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), body)
}

// forgetAnswers is the sweep of keys whose life is over. That is machine time,
// so the world's clock plans nothing for it.
func forgetAnswers() flow.Sweep {
	return flow.Sweep{
		Name: "api.ForgetAnswers",
		Find: func(tx *db.Tx, _ civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlOld, func(r db.Row) (d flow.Due, err error) {
				err = r.Scan(&d.Merchant, &d.ID)
				return d, err
			}, tx.Wall, limit)
		},
		Next: func(*db.Tx) (civil.Instant, error) { return 0, nil },
		Do: func(tx *flow.Tx, m ident.Merchant, keys []string) error {
			return tx.Do(sqlForget, m, db.In(keys))
		},
	}
}

// flight is a keyed request under way.
type flight struct {
	merchant ident.Merchant
	key      string
}

// flights makes the copies of a request under way on this node wait outside the
// lane until the first one has its answer.
type flights struct {
	mu  sync.Mutex
	air map[flight]chan struct{} // closed when the first one has landed
}

// board returns at once for the first copy, for the others when that one has
// landed; they then find its answer. land says so.
func (f *flights) board(ctx context.Context, id flight) (land func(), err error) {
	f.mu.Lock()
	first, flying := f.air[id]
	if !flying {
		landed := make(chan struct{})
		f.air[id] = landed
		f.mu.Unlock()
		return func() {
			f.mu.Lock()
			delete(f.air, id)
			f.mu.Unlock()
			close(landed)
		}, nil
	}
	f.mu.Unlock()
	select {
	case <-first:
		return func() {}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
