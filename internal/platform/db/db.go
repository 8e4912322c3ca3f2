// Package db is the one handle on the database: SQLite inside the process by
// default, PostgreSQL when asked, one SQL text for both.
//
// Writes of a lane are grouped: while one commit runs, the jobs that arrive
// wait together and share the next one (at most 100). A lane is a hash of the
// merchant; one group at a time holds a lane (on PostgreSQL by an advisory
// lock, so across processes too), which is what makes read-compute-write safe.
//
// A group runs bare, without savepoints. When something in it fails, all of it
// is rolled back and run again in halves; a job that fails alone gets its
// error, its neighbours never notice. A job may therefore run more than once:
// it touches its Tx and nothing else. No context and no clock reaches a
// statement: a context bounds only the wait for a place.
//
// The package knows nothing of facts; package flow hangs its waves of
// reactions on the group through Hooks.
package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Options are what a process may decide about its handle. The zero value serves.
type Options struct {
	Now   func() civil.Instant       // world time of a group; the machine's clock when nil
	Wall  func() civil.Instant       // machine time of a group; the machine's clock when nil
	Rand  io.Reader                  // source of ids and secrets; crypto/rand when nil
	Pause func(time.Duration)        // waits between retries; time.Sleep when nil
	Redo  bool                       // tests: every group runs once, is rolled back, and runs again
	Crash func(Point) bool           // simulation: the process dies here; nil = never
	Alone bool                       // tests and benchmarks: groups of one
	Keep  bool                       // leave the schema as it is
	Long  bool                       // a statement may take as long as it needs; else PostgreSQL cuts it after 30 s
	Trace func(q string, args []any) // benchmarks: each statement that writes, and "commit"; nil = none
}

// Point is where a simulated process may die.
type Point string

// The points at which a group can be cut.
const (
	BeforeCommit Point = "before commit" // nothing of the group is kept
	AfterCommit  Point = "after commit"  // all of it is kept, and nobody was told
)

// ErrDied is what callers of a dead handle get.
var ErrDied = errors.New("db: the process died")

// Hooks let flow run consequences inside a group.
type Hooks struct {
	Finish func(*Tx) error // after the jobs of a group, before commit
	After  func(*Tx)       // after commit
}

// DB is a handle, safe for concurrent use.
type DB struct {
	engine engine
	lanes  []*lane
	wide   sync.Mutex // writes over several lanes, one at a time in this process
	hooks  Hooks
	opt    Options
	dead   chan struct{}
	once   sync.Once // dead is closed
	closed sync.Once
	group  sync.WaitGroup
	taken  bool     // another handle has the engine now
	last   struct { // where ids of the last instant stand
		sync.Mutex
		now civil.Instant
		n   uint32
	}
}

// Open connects and brings the schema up to date. url is "sqlite:PATH", "sqlite::memory:" or
// a "postgres://" address.
func Open(ctx context.Context, url string, opt Options) (*DB, error) {
	e, lanes, err := open(ctx, url, opt)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", redact(url), err)
	}
	return start(e, lanes, opt), nil
}

func start(e engine, lanes int, opt Options) *DB {
	d := &DB{engine: e, opt: defaults(opt), dead: make(chan struct{})}
	for i := range lanes {
		d.lanes = append(d.lanes, &lane{db: d, id: int64(i), jobs: make(chan *job, 4*maxGroup)})
	}
	for _, l := range d.lanes {
		d.group.Go(l.run)
	}
	return d
}

// Reopen is the database as the next process finds it, once the process of a
// handle has died (see Options.Crash): all that was committed, and nothing the
// old handle remembered. It is how a database in memory outlives a simulated
// death. The engine now belongs to the new handle.
func (d *DB) Reopen(opt Options) (*DB, error) {
	select {
	case <-d.dead:
	default:
		return nil, errors.New("db: reopen: the handle lives")
	}
	if d.taken {
		return nil, errors.New("db: reopen: another handle has the engine")
	}
	d.group.Wait()
	d.taken = true
	return start(d.engine, len(d.lanes), opt), nil
}

func open(ctx context.Context, url string, opt Options) (engine, int, error) {
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "sqlite":
		e, err := openSQLite(ctx, rest, opt.Keep)
		return e, 1, err
	case "postgres", "postgresql":
		e, err := openPostgres(ctx, url, opt)
		return e, 4, err
	default:
		return nil, 0, fmt.Errorf("unknown database %q: use sqlite:PATH or postgres://…", scheme)
	}
}

func defaults(o Options) Options {
	machine := func() civil.Instant { return civil.At(time.Now()) }
	if o.Now == nil {
		o.Now = machine
	}
	if o.Wall == nil {
		o.Wall = machine
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Pause == nil {
		o.Pause = time.Sleep
	}
	return o
}

// redact keeps passwords out of errors.
func redact(url string) string {
	at := strings.LastIndexByte(url, '@')
	slashes := strings.Index(url, "://")
	if at < 0 || slashes < 0 || at < slashes {
		return url
	}
	return url[:slashes+3] + "…" + url[at:]
}

// Use hangs hooks on every group. Call it before the first write.
func (d *DB) Use(h Hooks) { d.hooks = h }

// Engine is "sqlite" or "postgres", for benchmarks and health pages.
func (d *DB) Engine() string { return d.engine.name() }

// Rest gives back the memory that past work has filled; what is needed again is
// read again. Call it when nothing happens: connections in use keep theirs.
func (d *DB) Rest() error { return d.engine.rest() }

// Close waits for the groups under way and closes the connections, unless
// another handle took them over. Closing again does nothing.
func (d *DB) Close() error {
	d.once.Do(func() { close(d.dead) })
	d.group.Wait()
	var err error
	d.closed.Do(func() {
		if !d.taken {
			err = d.engine.close()
		}
	})
	return err
}

// Write runs fn in a transaction that holds the lanes of the merchants. It
// returns once the transaction is durable, or nothing of it is. ctx bounds the
// wait for a place in a group, never the work. fn may run more than once.
//
// No merchants means rows that belong to none: those change only by one
// compare-and-set statement.
func (d *DB) Write(ctx context.Context, merchants []ident.Merchant, fn func(*Tx) error) error {
	lanes := d.lanesOf(merchants)
	j := &job{fn: fn, done: make(chan struct{})}
	if len(lanes) > 1 {
		d.wide.Lock()
		defer d.wide.Unlock()
		d.run(lanes, []*job{j})
		return j.err
	}
	select {
	case d.lanes[lanes[0]].jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.dead:
		return ErrDied
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		if j.abandon() {
			return ctx.Err()
		}
	case <-d.dead:
		if j.abandon() {
			return ErrDied
		}
	}
	<-j.done
	return j.err
}

func (d *DB) lanesOf(merchants []ident.Merchant) []int64 {
	if len(merchants) == 0 {
		return []int64{0}
	}
	lanes := make([]int64, 0, len(merchants))
	for _, m := range merchants {
		h := fnv.New32a()
		_, _ = h.Write([]byte(m))
		lanes = append(lanes, int64(h.Sum32())%int64(len(d.lanes)))
	}
	slices.Sort(lanes)
	return slices.Compact(lanes)
}

// Read runs fn on a snapshot that can not write.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return d.engine.read(ctx, func(c conn) error {
		now := d.opt.Now()
		return fn(&Tx{c: c, Now: now, Wall: d.opt.Wall(), Mint: ident.NewMint(now, 0, d.opt.Rand)})
	})
}

// Passing reports whether an error is the machine's (a lost connection, a
// serialisation race, a full disk): the same work may succeed later.
func (d *DB) Passing(err error) bool {
	return errors.Is(err, ErrDied) || d.engine.passing(err)
}

// Unsure reports whether an error leaves open if the transaction was committed:
// whoever tries again by itself might do it twice.
func (d *DB) Unsure(err error) bool {
	var unknown *commitUnknown
	return errors.Is(err, ErrDied) || errors.As(err, &unknown)
}
