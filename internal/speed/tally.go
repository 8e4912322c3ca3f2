package speed

import (
	"context"
	"errors"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// count is what visits are counted by.
type count struct {
	merchant ident.Merchant
	day      civil.Day
	page     Page
	width    Width
	step     int
}

// maxCounts bounds the memory of a tally. Visits of further kinds are not counted
// until the next save: a figure of many misses few.
const maxCounts = 50_000

// Tally counts visits until they are saved. It is safe for concurrent use.
type Tally struct {
	mu     sync.Mutex
	visits map[count]int
}

// NewTally makes an empty one.
func NewTally() *Tally { return &Tally{visits: map[count]int{}} }

// Count counts a visit at an instant of machine time. The merchant must exist. It
// answers false for what no page of ours tells; no person reads more of an answer.
func (t *Tally) Count(v Visit, at civil.Instant) bool {
	if !v.told() {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	c := count{v.Merchant, Today(at), v.Page, v.Width, step(v.Took)}
	if _, there := t.visits[c]; there || len(t.visits) < maxCounts {
		t.visits[c]++
	}
	return true
}

// Save adds what was counted to what is stored, a transaction a merchant. What
// could not be written is counted on; of a commit whose outcome nobody knows
// it is forgotten, because a visit too few is better than one counted twice.
func (t *Tally) Save(ctx context.Context, f *flow.Flow) (err error) {
	for m, visits := range t.take() {
		failed := f.One(ctx, flow.System, m, func(tx *flow.Tx) error { return add(tx, m, visits) })
		if failed != nil && !f.DB().Unsure(failed) {
			t.giveBack(visits)
		}
		err = errors.Join(err, failed)
	}
	return err
}

// take empties the tally.
func (t *Tally) take() map[ident.Merchant]map[count]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	by := map[ident.Merchant]map[count]int{}
	for c, n := range t.visits {
		if by[c.merchant] == nil {
			by[c.merchant] = map[count]int{}
		}
		by[c.merchant][c] = n
	}
	clear(t.visits)
	return by
}

func (t *Tally) giveBack(visits map[count]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c, n := range visits {
		t.visits[c] += n
	}
}

const (
	sqlAdd = `insert into speed_visits (merchant, day, page, width, within, visits) values ($1, $2, $3, $4, $5, $6)
		on conflict (merchant, day, page, width, within) do update set visits = speed_visits.visits + excluded.visits`
	sqlForget = `delete from speed_visits where merchant = $1 and day < $2`
)

// add writes the counts of a merchant, and forgets those of long ago.
func add(tx *flow.Tx, m ident.Merchant, visits map[count]int) error {
	for c, n := range visits {
		if err := tx.Do(sqlAdd, m, c.day, c.page, c.width, steps[c.step].Milliseconds(), n); err != nil {
			return err
		}
	}
	return tx.Do(sqlForget, m, Today(tx.Wall.Add(-kept)))
}
