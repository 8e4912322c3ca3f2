package lastmile_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// nodeVariable says that this program runs as one process of the service among
// several, and what it is to do there.
const nodeVariable = "PROMESSE_TEST_NODE"

func TestMain(m *testing.M) {
	todo := os.Getenv(nodeVariable)
	if todo == "" {
		os.Exit(m.Run())
	}
	if err := beNode(todo); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// rush is what a process does: as many orders at once, each of which wants a
// place in one slot.
type rush struct {
	Name     string        `json:"name"`
	URL      string        `json:"url"` // of the database
	Now      civil.Instant `json:"now"`
	Merchant ident.Merchant
	Shopper  ident.Shopper
	Slot     lastmile.Slot
	Tabs     int
}

// crush is what came of it.
type crush struct {
	Won, Full int
	Other     string // an answer that nobody expected
}

// openAt is a process of the service on a database.
func openAt(url string, now civil.Instant, keep bool) (*flow.Flow, error) {
	clock := flow.NewClock(now, 1, func() civil.Instant { return now })
	d, err := db.Open(context.Background(), url, db.Options{Now: clock.Now, Wall: clock.Wall, Keep: keep})
	if err != nil {
		return nil, err
	}
	return flow.New(d, clock, lastmile.Reactions())
}

// beNode says that it is there, and rushes once the other end has closed.
func beNode(todo string) error {
	var r rush
	if err := json.Unmarshal([]byte(todo), &r); err != nil {
		return err
	}
	f, err := openAt(r.URL, r.Now, true)
	if err != nil {
		return err
	}
	fmt.Println("there")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(os.Stdout).Encode(r.run(f)), f.DB().Close())
}

func (r rush) run(f *flow.Flow) (c crush) {
	outcomes := make([]error, r.Tabs)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			outcomes[i] = f.One(context.Background(), "test", r.Merchant, func(tx *flow.Tx) error { return r.want(tx, i) })
		})
	}
	all.Wait()
	for _, err := range outcomes {
		switch {
		case err == nil:
			c.Won++
		case fault.Is(err, "slot_full"):
			c.Full++
		default:
			c.Other = cmp.Or(c.Other, err.Error())
		}
	}
	return c
}

// want is somebody's order, placed with its place or not at all.
func (r rush) want(tx *flow.Tx, tab int) error {
	in := (&shop{camille: r.Shopper, couriers: r.Slot.Service}).basket(fmt.Sprintf("%s-%d", r.Name, tab))
	o, _, err := order.Place(tx, r.Merchant, in)
	if err != nil {
		return err
	}
	_, err = lastmile.Book(tx, r.Merchant, lastmile.Booking{
		Service: r.Slot.Service, From: r.Slot.From, Until: r.Slot.Until, Zone: "Europe/Paris", Order: o.ID, Shopper: r.Shopper,
	})
	return err
}

// process is one of the service beside the test.
type process struct {
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func start(t *testing.T, r rush) process {
	t.Helper()
	todo, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), nodeVariable+"="+string(todo)), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := process{cmd, in, bufio.NewReader(out)}
	if line, err := p.out.ReadString('\n'); err != nil || line != "there\n" {
		t.Fatalf("a process that is not there: %q, %v", line, err)
	}
	return p
}

// came is what came of a process's rush.
func (p process) came(t *testing.T) (c crush) {
	t.Helper()
	if err := json.NewDecoder(p.out).Decode(&c); err != nil {
		t.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	return c
}

// Two processes of the service on one database, two hundred orders at once, and
// places for a few of them: as many win as there are places.
func TestTwoProcessesDoNotFillASlotTwice(t *testing.T) {
	const tabs = 200
	url, now := dbtest.FileURL(t), local("2026-03-02 09:00")
	f, err := openAt(url, now, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.DB().Close() })
	for _, capacity := range []int{1, 7} {
		s := found(t, &flowtest.World{Flow: f, T: t})
		s.grid(lastmile.Grid{Windows: week(window(14, 16, capacity))})
		slot := s.offer(lastmile.Asking{Days: 1})[0]
		var both []process
		for _, name := range []string{"A", "B"} {
			both = append(both, start(t, rush{Name: name, URL: url, Now: now, Merchant: s.m, Shopper: s.camille, Slot: slot, Tabs: tabs / 2}))
		}
		for _, p := range both {
			_ = p.in.Close()
		}
		a, b := both[0].came(t), both[1].came(t)
		if a.Won+b.Won != capacity || a.Full+b.Full != tabs-capacity || a.Other+b.Other != "" {
			t.Errorf("%d places, %d orders: %+v and %+v", capacity, tabs, a, b)
		}
		s.holds(slot, capacity)
	}
}

// holds checks that so many orders are there, each with a place in the slot, which
// is full.
func (s *shop) holds(slot lastmile.Slot, capacity int) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		orders, err := order.List(tx, s.m, order.Page{Limit: 1000})
		if err != nil {
			return err
		}
		var ids []ident.Order
		for _, o := range orders {
			ids = append(ids, o.ID)
		}
		of, err := lastmile.Bookings(tx, s.m, ids)
		if len(ids) != capacity || len(of) != capacity {
			s.t.Errorf("%d places: %d orders, %d of them with a place", capacity, len(ids), len(of))
		}
		return err
	})
	for _, again := range s.offer(lastmile.Asking{Days: 1, Full: true}) {
		if again.From == slot.From && again.Left != 0 {
			s.t.Errorf("%d places left", again.Left)
		}
	}
}
