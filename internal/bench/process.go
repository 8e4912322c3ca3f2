package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Process is what a running service takes: the answers of start and idle.
type Process struct {
	FirstPageMS float64 `json:"first_page_ms"`
	RSSMB       float64 `json:"rss_mb"`
	CoreShare   float64 `json:"core_share"`
}

// openCommitments is what an idle service watches over.
const openCommitments = 100_000

// idleTime is how long it is watched.
const idleTime = 60 * time.Second

// Idle fills a SQLite database with open commitments, serves it, and looks at
// what that takes while nothing happens.
func Idle(ctx context.Context, build Build) ([]Line, error) {
	s, err := newService(ctx, build, openCommitments)
	if err != nil {
		return nil, err
	}
	p, err := s.watch(ctx, idleTime)
	if err = errors.Join(err, s.remove()); err != nil {
		return nil, err
	}
	return []Line{
		processLine("idle", "memory", p, Goal{"mb", "<=", 60}, p.RSSMB),
		processLine("idle", "core", p, Goal{"share", "<=", 0.005}, p.CoreShare),
	}, nil
}

// Start measures the time from the program's start to its first page, on a
// database that exists already; the median of five.
func Start(ctx context.Context, build Build) ([]Line, error) {
	s, err := newService(ctx, build, 0)
	if err != nil {
		return nil, err
	}
	var runs []Process
	for range Pairs {
		p, err := s.watch(ctx, 0)
		if err != nil {
			return nil, errors.Join(err, s.remove())
		}
		runs = append(runs, p)
	}
	times := make([]float64, len(runs))
	for i, r := range runs {
		times[i] = r.FirstPageMS
	}
	p := runs[len(runs)-1]
	p.FirstPageMS = median(times)
	return []Line{processLine("start", "first page", p, Goal{"ms", "<=", 1000}, p.FirstPageMS)}, s.remove()
}

func processLine(name, what string, p Process, g Goal, figure float64) Line {
	return Line{Name: name, Case: what, Pairs: Pairs, Product: p, Goal: g, OK: g.Met(figure)}
}

// service is a database and a key file that "promesse serve" can run on.
type service struct{ dir string }

func newService(ctx context.Context, build Build, open int) (s service, err error) {
	if s.dir, err = os.MkdirTemp("", "promesse-bench"); err != nil {
		return s, err
	}
	clock := flow.RealClock()
	d, err := db.Open(ctx, s.url(), db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return s, err
	}
	return s, errors.Join(s.fill(ctx, d, clock, build, open), d.Close())
}

func (s service) url() string { return "sqlite:" + filepath.Join(s.dir, "promesse.db") }

func (s service) fill(ctx context.Context, d *db.DB, clock *flow.Clock, build Build, open int) error {
	f, err := build(d, clock)
	if err != nil {
		return err
	}
	shop, err := openShop(ctx, f)
	if err != nil {
		return err
	}
	// Nothing of it comes due while it is watched.
	until := func(i int) civil.Instant { return clock.Now().Add(30*24*time.Hour + time.Duration(i)*time.Second) }
	if err := shop.sell(ctx, sale{n: open, until: until}); err != nil {
		return err
	}
	for busy := true; busy; { // the confirmations are decided on; nobody is there to mail them
		if busy, err = f.DrainLater(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s service) remove() error { return os.RemoveAll(s.dir) }

// watch runs the service, waits for its first page, lets it settle, and
// measures what it takes for a while.
func (s service) watch(ctx context.Context, idle time.Duration) (p Process, err error) {
	addr, err := freeAddress()
	if err != nil {
		return p, err
	}
	key := filepath.Join(s.dir, "key")
	if _, err := os.Stat(key); err != nil {
		if err := s.run(ctx, "master-key", key).Run(); err != nil {
			return p, fmt.Errorf("make a key: %w", err)
		}
	}
	began := time.Now()
	c := s.run(ctx, "serve", "--addr", addr, "--db", s.url(), "--master-key", key)
	if err := c.Start(); err != nil {
		return p, err
	}
	defer func() {
		stop := c.Process.Signal(os.Interrupt)
		wait := c.Wait()
		if err == nil {
			err = errors.Join(stop, wait)
		}
	}()
	if err := firstPage(ctx, "http://"+addr+"/", began.Add(30*time.Second)); err != nil {
		return p, err
	}
	p.FirstPageMS = *millis(time.Since(began))
	if idle == 0 {
		return p, nil
	}
	return s.rest(c.Process.Pid, p, idle)
}

// settling is how long a service has to come to rest before it is watched.
const settling = 20 * time.Second

func (s service) rest(pid int, p Process, idle time.Duration) (Process, error) {
	time.Sleep(settling)
	before, err := processTime(pid)
	if err != nil {
		return p, err
	}
	time.Sleep(idle)
	after, err := processTime(pid)
	if err != nil {
		return p, err
	}
	p.CoreShare = float64(after-before) / float64(idle)
	p.RSSMB, err = residentMB(pid)
	return p, err
}

// run is this very program with another command.
func (s service) run(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	c := exec.CommandContext(ctx, self, args...)
	c.Dir = s.dir
	return c
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// firstPage asks until the page is there.
func firstPage(ctx context.Context, url string, until time.Time) error {
	for time.Now().Before(until) && ctx.Err() == nil {
		r, err := http.Get(url)
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return fmt.Errorf("no page at %s", url)
}
