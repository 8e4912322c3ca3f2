package db

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
)

// maxGroup is where larger groups stop paying: ten times the size buys a fifth
// of the throughput and costs ten times the latency of the unlucky neighbour.
const maxGroup = 100

// retries of a group that lost its connection, a serialisation race or a busy disk.
const retries = 8

type job struct {
	fn    func(*Tx) error
	err   error
	done  chan struct{}
	taken atomic.Bool
}

// abandon takes a job back before a group did. It reports whether it could.
func (j *job) abandon() bool { return j.taken.CompareAndSwap(false, true) }

type lane struct {
	db   *DB
	id   int64
	jobs chan *job
}

// run commits what waits, group after group, until the handle closes.
func (l *lane) run() {
	for {
		select {
		case <-l.db.dead:
			return
		case j := <-l.jobs:
			jobs := l.waiting(j)
			if len(jobs) > 0 {
				l.db.run([]int64{l.id}, jobs)
			}
			for _, j := range jobs {
				close(j.done)
			}
		}
	}
}

// waiting takes the jobs that are there, without lingering for more: while a
// group commits, the next one forms by itself.
func (l *lane) waiting(first *job) []*job {
	var jobs []*job
	take := func(j *job) {
		if j.taken.CompareAndSwap(false, true) {
			jobs = append(jobs, j)
		}
	}
	take(first)
	for len(jobs) < maxGroup && !l.db.opt.Alone {
		select {
		case j := <-l.jobs:
			take(j)
		default:
			return jobs
		}
	}
	return jobs
}

// mode is how a group runs.
type mode int

const (
	bare      mode = iota // no savepoint: any failure undoes the group
	strict                // one job, each reaction that may fail under its savepoint
	rehearsal             // bare, and undone: the test switch that runs everything twice
)

// run settles every job: all together, else in halves; one that fails alone
// runs strictly, so that a failing reaction can be parked and the job kept.
func (d *DB) run(lanes []int64, jobs []*job) {
	if d.opt.Redo {
		_, _ = d.attempt(lanes, jobs, rehearsal)
	}
	again, err := d.attempt(lanes, jobs, bare)
	switch {
	case err != nil:
	case !again:
		return
	case len(jobs) > 1:
		d.run(lanes, jobs[:len(jobs)/2])
		d.run(lanes, jobs[len(jobs)/2:])
		return
	default:
		_, err = d.attempt(lanes, jobs, strict)
	}
	if err == nil {
		return
	}
	for _, j := range jobs {
		j.err = err
	}
}

// attempt tries the group, again as long as the trouble is the machine's.
// again means that the group must be run smaller, or strictly.
func (d *DB) attempt(lanes []int64, jobs []*job, m mode) (again bool, err error) {
	for try := range retries {
		again, err = d.try(lanes, jobs, m)
		if err == nil || errors.Is(err, ErrDied) || !d.engine.passing(err) {
			return again, err
		}
		d.opt.Pause(time.Duration(rand.IntN(1+5<<try)) * time.Millisecond)
	}
	return again, err
}

// try is one transaction: jobs, their consequences, commit. An error is the
// machine's; what jobs did wrong stands in the jobs.
func (d *DB) try(lanes []int64, jobs []*job, m mode) (again bool, err error) {
	select {
	case <-d.dead:
		return false, ErrDied
	default:
	}
	c, err := d.engine.begin(lanes)
	if err != nil {
		return false, err
	}
	defer func() {
		if c != nil {
			c.rollback()
		}
	}()
	tx := d.transaction(c, m)
	defer d.remember(tx)
	for _, j := range jobs {
		if kept := tx.run(j); !kept {
			return len(jobs) > 1, d.machine(tx, j.err)
		}
	}
	if err := tx.finish(d.hooks.Finish); err != nil {
		if m == strict {
			jobs[0].err = err
		}
		return m != strict, d.machine(tx, err)
	}
	if m == rehearsal {
		return false, nil
	}
	if d.crashed(BeforeCommit) {
		return false, ErrDied
	}
	if err := c.commit(); err != nil {
		return false, err
	}
	c = nil
	if d.opt.Trace != nil {
		d.opt.Trace("commit", nil)
	}
	if d.crashed(AfterCommit) {
		return false, ErrDied
	}
	if d.hooks.After != nil {
		d.hooks.After(tx)
	}
	return false, nil
}

// transaction opens the books of one attempt. Ids made at one instant go on in
// sequence from transaction to transaction, so that they sort as they happened.
func (d *DB) transaction(c conn, m mode) *Tx {
	now := d.opt.Now()
	d.last.Lock()
	defer d.last.Unlock()
	if now != d.last.now {
		d.last.now, d.last.n = now, 0
	}
	return &Tx{
		c: c, Now: now, Wall: d.opt.Wall(), Mint: ident.NewMint(now, d.last.n, d.opt.Rand),
		Strict: m == strict, writes: true, trace: d.opt.Trace,
	}
}

func (d *DB) remember(tx *Tx) {
	d.last.Lock()
	defer d.last.Unlock()
	if tx.Now == d.last.now {
		d.last.n = max(d.last.n, tx.Mint.Sequence())
	}
}

// run runs one job and reports whether the transaction is still good. A job
// that is refused before it wrote costs its group nothing.
func (tx *Tx) run(j *job) (kept bool) {
	before := tx.written
	j.err = protect(func() error { return j.fn(tx) })
	if j.err == nil {
		return tx.failed == nil
	}
	return tx.failed == nil && tx.written == before
}

func (tx *Tx) finish(hook func(*Tx) error) error {
	if hook != nil {
		if err := protect(func() error { return hook(tx) }); err != nil {
			return err
		}
	}
	return tx.flush()
}

// machine is the error to retry the whole group for, when that was the trouble.
func (d *DB) machine(tx *Tx, err error) error {
	for _, e := range []error{tx.failed, err} {
		if e != nil && d.engine.passing(e) {
			return e
		}
	}
	return nil
}

func (d *DB) crashed(p Point) bool {
	if d.opt.Crash == nil || !d.opt.Crash(p) {
		return false
	}
	d.once.Do(func() { close(d.dead) })
	return true
}

// protect turns a panic into an error that names the place.
func protect(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return fn()
}
