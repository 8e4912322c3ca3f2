package flow

import (
	"context"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Clock is the world's time over the machine's: the same in service, faster in
// the demo, set by hand in tests. It is safe for concurrent use.
type Clock struct {
	wall  func() civil.Instant
	mu    sync.Mutex
	world civil.Instant // at the instant since
	since civil.Instant // machine time
	speed float64       // world seconds per machine second; 0 while paused
}

// RealClock is the machine's clock for both times.
func RealClock() *Clock {
	wall := func() civil.Instant { return civil.At(time.Now()) }
	now := wall()
	return &Clock{wall: wall, world: now, since: now, speed: 1}
}

// NewClock is a world that starts at an instant and runs at a speed over a
// source of machine time.
func NewClock(world civil.Instant, speed float64, wall func() civil.Instant) *Clock {
	return &Clock{wall: wall, world: world, since: wall(), speed: speed}
}

// Now is world time.
func (c *Clock) Now() civil.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() civil.Instant {
	return c.world.Add(time.Duration(float64(c.wall().Sub(c.since)) * c.speed))
}

// Wall is machine time.
func (c *Clock) Wall() civil.Instant { return c.wall() }

// Speed is how many world seconds pass in a machine second.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed changes it from now on; 0 pauses the world.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.world, c.since, c.speed = c.now(), c.wall(), speed
}

// Jump moves the world forward to an instant; it never goes back.
func (c *Clock) Jump(to civil.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if to.Before(now) {
		to = now
	}
	c.world, c.since = to, c.wall()
}

const (
	sqlWorld = `-- across merchants: where the world's clock stopped
		select coalesce((select at from flow_world where id = 'world'), 0)`
	sqlLastFact = `-- across merchants: a world can not stand before what happened in it
		select coalesce(max(at), 0) from flow_fact`
	sqlSaveWorld = `-- across merchants: there is one world
		insert into flow_world (id, at, speed) values ('world', $1, $2)
		on conflict (id) do update set at = excluded.at, speed = excluded.speed where excluded.at > flow_world.at`
	sqlSpeed = `-- across merchants: there is one world
		select speed from flow_world where id = 'world'`
)

// StoredWorld is where the world stopped, zero in a new database. It is never
// before the last fact, however the process ended.
func StoredWorld(ctx context.Context, d *db.DB) (at civil.Instant, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		stored, _, err := db.One(tx, sqlWorld, db.Scalar[civil.Instant])
		if err != nil {
			return err
		}
		last, _, err := db.One(tx, sqlLastFact, db.Scalar[civil.Instant])
		at = max(stored, last)
		return err
	})
	return at, err
}

// SaveWorld stores where the world stands.
func (f *Flow) SaveWorld(ctx context.Context) error {
	return f.db.Write(ctx, nil, func(tx *db.Tx) error {
		return tx.Do(sqlSaveWorld, tx.Now, f.clock.Speed())
	})
}

// behind is how much machine time may pass until what is due is done: some rounds of
// work, and a machine that is busy.
const behind = 10 * time.Second

// Settled is the instant of a stored world until which all that was due in it should
// have been done; ok is false in a database whose world is ours. A world that runs
// fast may have come far in the moment in which its process was killed.
func Settled(ctx context.Context, d *db.DB) (at civil.Instant, ok bool, err error) {
	var speed float64
	err = d.Read(ctx, func(tx *db.Tx) error {
		speed, ok, err = db.One(tx, sqlSpeed, db.Scalar[float64])
		return err
	})
	if err != nil || !ok {
		return 0, false, err
	}
	at, err = StoredWorld(ctx, d)
	return at.Add(-time.Duration(float64(behind) * max(speed, 1))), true, err
}
