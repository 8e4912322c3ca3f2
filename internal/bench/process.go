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
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Process is what a running service takes: the answers of start and idle.
type Process struct {
	FirstPageMS float64 `json:"first_page_ms"`
	RSSMB       float64 `json:"rss_mb"`
	CoreShare   float64 `json:"core_share"`
}

// Service is how the service that is measured is built and started; app gives it.
type Service struct {
	Build func(*db.DB, *flow.Clock, notify.Channels) (*flow.Flow, error) // the product with its errands
	Flags []string                                                       // for "promesse serve", beside address, database and key
}

// idleTime is how long an idle service is watched.
const idleTime = 60 * time.Second

// Idle measures memory and CPU of a service at rest, on a SQLite database of a
// shop in the middle of its week: many promises are open, and every letter about
// them was delivered. The service lives the week's last hour, comes to rest, and
// is then watched while nothing happens and nothing falls due. Idle fails when
// that was not so.
func Idle(ctx context.Context, what Service) (lines []Line, err error) {
	s, err := newInstallation(what)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	w, err := s.fill(ctx)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	var p Process
	var watched civil.Instant
	p.FirstPageMS, err = s.serve(ctx, func(base string, pid int) error {
		if err := w.live(ctx, base); err != nil {
			return err
		}
		if err := rest(pid); err != nil {
			return err
		}
		watched = civil.At(time.Now())
		return p.watch(pid, idleTime)
	})
	if err != nil {
		return nil, err
	}
	after, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	if err := after.idle(watched); err != nil {
		return nil, err
	}
	return []Line{
		processLine("idle", "memory", p, Goal{"mb", "<=", 60}, p.RSSMB),
		processLine("idle", "core", p, Goal{"share", "<=", 0.005}, p.CoreShare),
	}, nil
}

// Start measures the time from the program's start to its first page, on a
// database that exists already; the median of five.
func Start(ctx context.Context, what Service) (lines []Line, err error) {
	s, err := newInstallation(what)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	var p Process
	times := make([]float64, Pairs)
	for i := range times {
		times[i], err = s.serve(ctx, func(_ string, pid int) (err error) {
			p.RSSMB, err = residentMB(pid)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	p.FirstPageMS = median(times)
	l := processLine("start", "first page", p, Goal{"ms", "<=", 1000}, p.FirstPageMS)
	l.Pairs = Pairs
	return []Line{l}, nil
}

// processLine is the result of one run; there is no limit to pair it with.
func processLine(name, what string, p Process, g Goal, figure float64) Line {
	return Line{Name: name, Case: what, Pairs: 1, Product: p, Goal: g, OK: g.Met(figure)}
}

// installation is a database and a key file that "promesse serve" can run on.
type installation struct {
	Service
	dir string
}

func newInstallation(what Service) (installation, error) {
	dir, err := os.MkdirTemp("", "promesse-bench")
	return installation{what, dir}, err
}

func (s installation) url() string { return "sqlite:" + filepath.Join(s.dir, "promesse.db") }

func (s installation) remove() error { return os.RemoveAll(s.dir) }

// open is the installation's database and flow, inside this process.
func (s installation) open(ctx context.Context, clock *flow.Clock) (*db.DB, *flow.Flow, error) {
	d, err := db.Open(ctx, s.url(), db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return nil, nil, err
	}
	f, err := s.Build(d, clock, notify.Channels{notify.Email: take})
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, f, nil
}

// take is a mail server that takes every letter at once.
func take(context.Context, notify.Letter) error { return nil }

// migrate makes an empty database.
func (s installation) migrate(ctx context.Context) error {
	d, err := db.Open(ctx, s.url(), db.Options{})
	if err != nil {
		return err
	}
	return d.Close()
}

// serve runs the service, waits for its first page, does what is to be done
// meanwhile, and ends it. It answers how long the first page took.
func (s installation) serve(ctx context.Context, meanwhile func(base string, pid int) error) (firstMS float64, err error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, err
	}
	key := filepath.Join(s.dir, "key")
	if _, err := os.Stat(key); err != nil {
		if err := s.run(ctx, "master-key", key).Run(); err != nil {
			return 0, fmt.Errorf("make a key: %w", err)
		}
	}
	began, base := time.Now(), "http://"+addr
	c := s.run(ctx, append([]string{"serve", "--addr", addr, "--db", s.url(), "--master-key", key}, s.Flags...)...)
	if err := c.Start(); err != nil {
		return 0, err
	}
	defer func() {
		stop := c.Process.Signal(os.Interrupt)
		wait := c.Wait()
		if err == nil {
			err = errors.Join(stop, wait)
		}
	}()
	if err := firstPage(ctx, base+"/", began.Add(30*time.Second)); err != nil {
		return 0, err
	}
	firstMS = *millis(time.Since(began))
	return firstMS, meanwhile(base, c.Process.Pid)
}

// watch measures what a process takes for a while, and holds at its end.
func (p *Process) watch(pid int, during time.Duration) (err error) {
	if p.CoreShare, err = coreShare(pid, during); err != nil {
		return err
	}
	p.RSSMB, err = residentMB(pid)
	return err
}

// A service is at rest when it has taken less than a hundredth of a core for
// three seconds in a row. One that does not come to rest in five minutes is
// watched as it is: that is what it takes.
const (
	restShare    = 0.01
	restSeconds  = 3
	restPatience = 300
)

func rest(pid int) error {
	calm := 0
	for range restPatience {
		share, err := coreShare(pid, time.Second)
		if err != nil {
			return err
		}
		if calm++; share >= restShare {
			calm = 0
		}
		if calm == restSeconds {
			return nil
		}
	}
	return nil
}

// coreShare is how much of a core a process takes from now on.
func coreShare(pid int, during time.Duration) (float64, error) {
	before, err := processTime(pid)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	time.Sleep(during)
	after, err := processTime(pid)
	return float64(after-before) / float64(time.Since(began)), err
}

// run is this very program with another command.
func (s installation) run(ctx context.Context, args ...string) *exec.Cmd {
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
