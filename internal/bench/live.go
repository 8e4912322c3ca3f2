package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// looking is how many live pages are open; each of their orders has two parcels
// with so many events.
const (
	looking    = 9000
	liveEvents = 5
)

// settled is how long the pages are left alone before their memory is read: long
// enough for the garbage of their opening to be collected and given back.
const settled = 30 * time.Second

// maxStreamKB is what an idle live page may take of the serving process.
const maxStreamKB = 30

// Streams is what live pages take of the process that serves them.
type Streams struct {
	Open      int     `json:"open"`
	KBEach    float64 `json:"kb_each"`
	CoreShare float64 `json:"core_share"` // while nothing happens
	AllMS     float64 `json:"all_ms"`     // until all have heard of a change of their shop: each page is asked for; no goal
}

// Live measures live pages on SQLite: what an idle one takes of the serving
// process, when each is of another order; and how long a change takes to reach
// all who look at one order, beside a bare net/http handler that writes the same
// bytes to as many streams, and with somebody among them who reads nothing.
func Live(ctx context.Context, what Service) (lines []Line, err error) {
	s, err := newInstallation(what)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	keys, err := s.print(ctx, looking, liveEvents)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	_, err = s.serve(ctx, func(base string, pid int) error {
		if err := rest(pid); err != nil {
			return err
		}
		product := server{base, pid}
		idle, err := product.idle(ctx, keys.owner)
		if err != nil {
			return err
		}
		lines = []Line{idle}
		return s.beside(ctx, nil, func(limit server) error {
			more, err := broadcasts(ctx, product, limit, keys.carrier)
			lines = append(lines, more...)
			return err
		})
	})
	return lines, err
}

// idle opens a page of each order, leaves them alone, and reads what they take.
func (s server) idle(ctx context.Context, owner string) (Line, error) {
	before, err := residentMB(s.pid)
	if err != nil {
		return Line{}, err
	}
	all, err := s.look(looking, pageOf)
	if err != nil {
		return Line{}, err
	}
	defer all.leave()
	time.Sleep(settled)
	got := Streams{Open: len(all)}
	if got.CoreShare, err = coreShare(s.pid, settled); err != nil {
		return Line{}, err
	}
	after, err := residentMB(s.pid)
	if err != nil {
		return Line{}, err
	}
	got.KBEach = (after - before) * 1024 / looking
	heard, err := s.tell(all, func() error {
		return call{s.base + "/api/v1/keys", owner, "another"}.post(ctx, map[string]any{"set": "viewer", "label": "another"}, nil)
	})
	got.AllMS = *millis(heard.Wall)
	return Line{
		Name: "live", Case: fmt.Sprintf("%d idle pages", looking), Pairs: 1, Product: got,
		Goal: Goal{"kb", "<=", maxStreamKB}, OK: got.KBEach <= maxStreamKB,
	}, err
}

// lookers are the connections of those who look at live pages.
type lookers []net.Conn

func (l lookers) leave() {
	for _, c := range l {
		if c != nil {
			_ = c.Close()
		}
	}
}

// openers is how many streams are opened at the same time.
const openers = 32

// look opens streams, each of the page that is named for it.
func (s server) look(n int, page func(i int) string) (lookers, error) {
	all := make(lookers, n)
	err := sideBySide(openers, func(worker int) error {
		for i := worker; i < n; i += openers {
			c, err := s.stream(page(i) + "/live")
			if err != nil {
				return err
			}
			all[i] = c
			if _, err := hears(c); err != nil {
				return fmt.Errorf("stream %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		all.leave()
	}
	return all, err
}

// stream asks for a stream, and reads nothing.
func (s server) stream(path string) (net.Conn, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", path)
	return c, err
}

// deaf is how long a stream may be silent when something should come.
const deaf = 30 * time.Second

// hears waits for the next event of a stream, and answers it.
func hears(c net.Conn) (string, error) {
	if err := c.SetReadDeadline(time.Now().Add(deaf)); err != nil {
		return "", err
	}
	buffer := make([]byte, 2048)
	for n := 0; n < len(buffer); {
		more, err := c.Read(buffer[n:])
		n += more
		if at := bytes.Index(buffer[:n], []byte("event: ")); at >= 0 {
			if text, _, whole := strings.Cut(string(buffer[at:n]), "\n\n"); whole {
				return text + "\n\n", nil
			}
		}
		if err != nil {
			return "", err
		}
	}
	return "", errors.New("no event")
}

// calm is how long nothing is asked of a server before a change is measured: what
// the one before it was the cause of is over.
const calm = 1500 * time.Millisecond

// tell has a change made, and measures until all have heard of it.
func (s server) tell(all lookers, change func() error) (took Sample, err error) {
	time.Sleep(calm)
	before, err := processTime(s.pid)
	if err != nil {
		return took, err
	}
	heard := make(chan error, len(all))
	for _, c := range all {
		go func() {
			_, err := hears(c)
			heard <- err
		}()
	}
	began := time.Now()
	if err := change(); err != nil {
		return took, err
	}
	for range all {
		err = errors.Join(err, <-heard)
	}
	took = Sample{Ops: len(all), Wall: time.Since(began)}
	if err != nil {
		return took, err
	}
	after, err := processTime(s.pid)
	took.CPU = after - before
	return took, err
}

// one is the order that everybody looks at.
func one(int) string { return pageOf(0) }

// broadcasts measures changes that all have to hear of.
func broadcasts(ctx context.Context, product, limit server, key string) (lines []Line, err error) {
	here, err := product.look(looking, one)
	if err != nil {
		return nil, err
	}
	defer here.leave()
	there, err := limit.look(looking, func(int) string { return "" })
	if err != nil {
		return nil, err
	}
	defer there.leave()
	scans := 0
	scan := func() error {
		scans++
		return scanAgain(ctx, product.base, key, time.Duration(scans)*time.Second)
	}
	event := "event: version\ndata: {\"version\":\"abcdefghijkl\"}\n\n"
	shout := func() error { return post(ctx, limit.base+"/broadcast", event) }
	alone := func() (Sample, error) { return product.tell(here, scan) }
	line, err := Case{
		Name: "live", Case: fmt.Sprintf("one change to %d", looking), Goal: Goal{"wall", "<=", 1.5},
		Limit: func() (Sample, error) { return limit.tell(there, shout) }, Product: alone,
	}.Run()
	if err != nil {
		return nil, err
	}
	lines = append(lines, line)
	line, err = Case{
		Name: "live", Case: "the same with one who reads nothing", Goal: Goal{"wall", "<=", 1.1},
		Limit: alone, Product: func() (Sample, error) { return product.withStalled(here, scan) },
	}.Run()
	return append(lines, line), err
}

// withStalled is tell, while somebody else looks at the same page and reads nothing.
func (s server) withStalled(all lookers, change func() error) (Sample, error) {
	c, err := s.stream(one(0) + "/live")
	if err != nil {
		return Sample{}, err
	}
	defer func() { _ = c.Close() }()
	return s.tell(all, change)
}

// scanAgain is a new scan of a parcel of the order that everybody looks at.
func scanAgain(ctx context.Context, base, key string, later time.Duration) error {
	var got struct{ Accepted int }
	event := map[string]any{
		"tracking_number": numberOf(0), "status": "in_transit", "occurred_at": time.Now().UTC().Add(later - time.Hour), "location": "Lyon",
	}
	err := call{base + "/api/v1/events", key, ""}.post(ctx, map[string]any{"events": []any{event}}, &got)
	if err == nil && got.Accepted != 1 {
		err = errors.New("the scan was not accepted")
	}
	return err
}

func post(ctx context.Context, url, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	return a.Body.Close()
}
