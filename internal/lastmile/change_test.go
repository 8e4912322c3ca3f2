package lastmile_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// willing is a carrier that takes some changes, and answers over the wire.
type willing struct{}

func (willing) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{
		{What: fact.Reschedule, Before: time.Hour, Within: 30 * time.Minute},
		{What: fact.LeaveSafe, OnRoad: true, Within: 30 * time.Minute},
	}
}

func (willing) Change(ctx context.Context, out *egress.Client, c carrier.Connection, key string, r carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.PostChange(ctx, out, c, key, r)
}

// planning is the other end of that wire.
type planning struct {
	status int
	body   string
	err    error
	asked  []string
	keys   map[string]bool
}

func (p *planning) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	p.asked, p.keys[r.Header.Get("Idempotency-Key")] = append(p.asked, string(body)), true
	if p.err != nil {
		return nil, p.err
	}
	return &http.Response{StatusCode: p.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(p.body)), Request: r}, nil
}

// errand is a shop whose couriers can be asked, and an order in the slot from 14:00
// to 16:00 on Monday 2 March 2026; it is 09:00, and there is one from 16:00 too.
type errand struct {
	*shop
	office *lastmile.Office
	over   *planning
	order  ident.Order
	slots  []lastmile.Slot
}

func changeable(t testing.TB, address string) *errand {
	t.Helper()
	s := &errand{shop: open(t), over: &planning{status: 202, keys: map[string]bool{}}}
	s.office = &lastmile.Office{
		Flow: s.Flow, Adapters: carrier.Adapters{"ownfleet": willing{}},
		Out: egress.New(egress.Options{Wall: s.Clock().Wall, Transport: s.over}),
	}
	s.Handle(s.office.Asker())
	s.Watch(lastmile.Silences())
	s.Do(s.m, func(tx *flow.Tx) error {
		all, err := carrier.Connections(tx.Tx, s.m)
		if err == nil && address != "" {
			all[0].Inquiries = address
			_, err = carrier.Connect(tx, s.m, all[0])
		}
		return err
	})
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 2), window(16, 18, 1))})
	s.order = s.shop.order()
	s.slots = s.offer(lastmile.Asking{Days: 1})
	s.must(s.book(s.order, s.slots[0]))
	return s
}

// owed is what the order is owed: the slot it is in.
func (s *errand) owed() (d lastmile.Delivery) {
	s.See(func(tx *db.Tx) error {
		of, err := lastmile.Bookings(tx, s.m, []ident.Order{s.order})
		d = lastmile.Delivery{Window: civil.Window{From: of[s.order].From, Until: of[s.order].Until}, Zone: "Europe/Paris", Slot: true, Open: true}
		return err
	})
	return d
}

func (s *errand) wish(w lastmile.Wish) (c lastmile.Change, fresh bool, err error) {
	w.Order = s.order
	d := s.owed()
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		c, fresh, err = s.office.Ask(tx, s.m, w, d)
		return err
	})
	return c, fresh, err
}

func (s *errand) into(slot lastmile.Slot, key string) (lastmile.Change, bool, error) {
	return s.wish(lastmile.Wish{Key: key, What: fact.Reschedule, Slot: civil.Window{From: slot.From, Until: slot.Until}, Day: civil.NoDay})
}

func (s *errand) says(c lastmile.Change, a carrier.ChangeAnswer) error {
	return s.Try(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.Answer(tx, s.m, c.Connection, c.ID, a)
		return err
	})
}

func (s *errand) now(c lastmile.Change) (state lastmile.ChangeState) {
	s.See(func(tx *db.Tx) error {
		c, err := lastmile.ChangeOf(tx, s.m, c.ID)
		state = c.State
		return err
	})
	return state
}

// left is how many places there are in each of the slots.
func (s *errand) left() (all []int) {
	for _, slot := range s.offer(lastmile.Asking{Days: 1, Full: true}) {
		all = append(all, slot.Left)
	}
	return all
}

var (
	yes = carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted}
	no  = carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeOut}
)

// Asked at 09:00 for 16:00: the place is kept, and nothing else is changed before
// the carrier agrees. Then the old place is another's.
func TestAnotherSlotIsTheOrdersOnceTheCarrierAgrees(t *testing.T) {
	s := changeable(t, "")
	c, fresh, err := s.into(s.slots[1], "k")
	s.must(err)
	if !fresh || c.State != lastmile.ChangeAsked || c.AnswerBy != local("2026-03-02 09:30") {
		t.Errorf("%+v", c)
	}
	if d := cmp.Diff([]int{1, 0}, s.left()); d != "" || s.owed().From != s.slots[0].From {
		t.Errorf("while it waits: %s", d)
	}
	for range 2 { // to say it again changes nothing
		s.must(s.says(c, yes))
	}
	if d := cmp.Diff([]int{2, 0}, s.left()); d != "" || s.owed().From != s.slots[1].From || s.now(c) != lastmile.ChangeAccepted {
		t.Errorf("accepted: %s", d)
	}
	refused(t, "yes was said", s.says(c, no), "change_settled", "change")
	told := s.told(s.order)
	want := fact.Change{Change: c.ID, What: fact.Reschedule, Order: s.order, Shopper: s.camille, Carrier: c.Connection}
	if d := cmp.Diff(fact.ChangeAccepted{Change: want, Wanted: c.Wanted}, told[len(told)-1]); d != "" {
		t.Error(d)
	}
}

func TestARefusalLeavesAllAsItWas(t *testing.T) {
	s := changeable(t, "")
	c, _, err := s.into(s.slots[1], "k")
	s.must(err)
	s.must(s.says(c, no))
	if d := cmp.Diff([]int{1, 1}, s.left()); d != "" || s.owed().From != s.slots[0].From || s.now(c) != lastmile.ChangeRefused {
		t.Error(d)
	}
	refused(t, "no was said", s.says(c, yes), "change_settled", "change")
}

// Unknown is not success: at 09:30 nobody has answered. At 10:00 the answer comes,
// and counts, unless the place is another's by then.
func TestSilenceIsNoAnswerAndALateOneCounts(t *testing.T) {
	for _, row := range []struct {
		law, code string
		taken     bool
		state     lastmile.ChangeState
		left      []int
	}{
		{"the place is free still", "", false, lastmile.ChangeAccepted, []int{2, 0}},
		{"the place is another's", "slot_full", true, lastmile.ChangeUnanswered, []int{1, 0}},
	} {
		s := changeable(t, "")
		c, _, err := s.into(s.slots[1], "k")
		s.must(err)
		s.At("2026-03-02 09:29")
		s.Quiet()
		if s.now(c) != lastmile.ChangeAsked {
			t.Errorf("%s: its time is not over", row.law)
		}
		s.At("2026-03-02 09:30")
		s.Quiet()
		if d := cmp.Diff([]int{1, 1}, s.left()); d != "" || s.now(c) != lastmile.ChangeUnanswered {
			t.Errorf("%s: silent: %s", row.law, d)
		}
		if row.taken {
			s.must(s.book(s.shop.order(), s.slots[1]))
		}
		s.At("2026-03-02 10:00")
		if err := s.says(c, yes); row.code == "" {
			s.must(err)
		} else {
			refused(t, row.law, err, row.code, "slot")
		}
		if d := cmp.Diff(row.left, s.left()); d != "" || s.now(c) != row.state {
			t.Errorf("%s: %s, %s", row.law, s.now(c), d)
		}
	}
}

func TestWhatIsNotAsked(t *testing.T) {
	day := civil.Date(2026, 3, 29) // 02:00 to 03:00 is none
	for _, row := range []struct {
		law, at     string
		ask         func(*errand) error
		code, field string
	}{
		{"two tabs, two slots: the second waits", "2026-03-02 09:00", func(s *errand) error {
			s.must(first(s.into(s.slots[1], "a")))
			return first(s.wish(lastmile.Wish{Key: "b", What: fact.LeaveSafe, Words: "Au garage"}))
		}, "change_open", "what"},
		{"an hour before the slot it is too late", "2026-03-02 13:00", func(s *errand) error { return first(s.into(s.slots[1], "a")) }, "change_too_late", "what"},
		{"the slot it is in already", "2026-03-02 09:00", func(s *errand) error { return first(s.into(s.slots[0], "a")) }, "change_same_slot", "slot"},
		{"a slot in the hour that is missing", "2026-03-02 09:00", func(s *errand) error {
			return first(s.into(lastmile.Slot{From: day.Start(flowtest.Paris).Add(2 * time.Hour), Until: day.Start(flowtest.Paris).Add(3 * time.Hour)}, "a"))
		}, "unknown_slot", "slot"},
		{"a slot that is full", "2026-03-02 09:00", func(s *errand) error {
			s.must(s.book(s.shop.order(), s.slots[1]))
			return first(s.into(s.slots[1], "a"))
		}, "slot_full", "slot"},
		{"what the service does not take", "2026-03-02 09:00", func(s *errand) error {
			return first(s.wish(lastmile.Wish{Key: "a", What: fact.Redirect}))
		}, "change_not_offered", "what"},
		{"a place nobody names", "2026-03-02 09:00", func(s *errand) error {
			return first(s.wish(lastmile.Wish{Key: "a", What: fact.LeaveSafe, Words: " "}))
		}, "field_required", "spot"},
		{"an order that was taken back", "2026-03-02 09:00", func(s *errand) error {
			d := s.owed()
			s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, s.order, fact.ByShopper) })
			return s.Try(s.m, func(tx *flow.Tx) error {
				_, _, err := s.office.Ask(tx, s.m, lastmile.Wish{Order: s.order, Key: "a", What: fact.LeaveSafe, Words: "Au garage"}, d)
				return err
			})
		}, "change_too_late", "what"},
	} {
		s := changeable(t, "")
		s.At(row.at)
		refused(t, row.law, row.ask(s), row.code, row.field)
	}
}

func first(_ lastmile.Change, _ bool, err error) error { return err }

func TestTheSameFormSentTwiceIsOneChange(t *testing.T) {
	s := changeable(t, "")
	c, _, err := s.into(s.slots[1], "k")
	s.must(err)
	for _, key := range []string{"k", "another tab"} {
		if again, fresh, err := s.into(s.slots[1], key); err != nil || fresh || again.ID != c.ID {
			t.Errorf("%s: %+v, %v, %v", key, again, fresh, err)
		}
	}
}

// An order that is taken back asks nothing any more, and gives all back.
func TestACancelledOrderEndsItsChange(t *testing.T) {
	s := changeable(t, "")
	c, _, err := s.into(s.slots[1], "k")
	s.must(err)
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, s.order, fact.ByShopper) })
	if d := cmp.Diff([]int{2, 1}, s.left()); d != "" || s.now(c) != lastmile.ChangeRefused {
		t.Error(d)
	}
}

// What a carrier answers over the wire, and what becomes of the change.
func TestTheCarrierIsAskedOverTheWire(t *testing.T) {
	for _, row := range []struct {
		law    string
		status int
		body   string
		err    error
		state  lastmile.ChangeState
		calls  int
	}{
		{"it agrees", 200, `{"outcome":"accepted"}`, nil, lastmile.ChangeAccepted, 1},
		{"it refuses, with a reason", 200, `{"outcome":"refused","reason":"full"}`, nil, lastmile.ChangeRefused, 1},
		{"it refuses for a reason of its own", 200, `{"outcome":"refused","reason":"rain"}`, nil, lastmile.ChangeRefused, 1},
		{"it will answer later, and does not", 202, ``, nil, lastmile.ChangeUnanswered, 1},
		{"it does not know the question", 404, ``, nil, lastmile.ChangeRefused, 1},
		{"it says what nobody understands", 200, `{"outcome":"maybe"}`, nil, lastmile.ChangeUnanswered, 2},
		{"it does not answer", 0, ``, errors.New("no route"), lastmile.ChangeUnanswered, 2},
	} {
		s := changeable(t, "https://courses.example/questions")
		s.over.status, s.over.body, s.over.err = row.status, row.body, row.err
		c, _, err := s.into(s.slots[1], "k")
		s.must(err)
		for range 8 {
			s.Quiet()
			s.Pass(time.Hour)
		}
		if s.now(c) != row.state || len(s.over.asked) != row.calls || len(s.over.keys) != 1 {
			t.Errorf("%s: %s after %d calls with %d keys", row.law, s.now(c), len(s.over.asked), len(s.over.keys))
		}
		if !strings.Contains(s.over.asked[0], `"question":"reschedule"`) || strings.Contains(s.over.asked[0], "Camille") {
			t.Errorf("%s: it was told %s", row.law, s.over.asked[0])
		}
	}
}

// Whatever is asked, answered and left unanswered, no slot holds more than it may.
func TestChangesNeverExceedASlot(t *testing.T) {
	s := changeable(t, "")
	rapid.Check(t, func(r *rapid.T) {
		s.At(s.Clock().Now().In(flowtest.Paris).Add(7*24*time.Hour).Format("2006-01-02") + " 09:00")
		s.slots = s.offer(lastmile.Asking{Days: 4})[:2] // on a holiday there are none
		var orders []ident.Order
		for range 2 {
			o := s.shop.order()
			orders = append(orders, o)
			s.must(s.book(o, s.slots[0]))
		}
		var asked []lastmile.Change
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			s.order = rapid.SampledFrom(orders).Draw(r, "order")
			switch rapid.SampledFrom([]string{"ask", "yes", "no", "silence"}).Draw(r, "what") {
			case "ask":
				c, fresh, err := s.into(rapid.SampledFrom(s.slots).Draw(r, "slot"), rapid.StringMatching("[a-z]{8}").Draw(r, "key"))
				if err == nil && fresh {
					asked = append(asked, c)
				}
			case "silence":
				s.Pass(31 * time.Minute)
				s.Quiet()
			case "yes", "no":
				if len(asked) > 0 {
					_ = s.says(rapid.SampledFrom(asked).Draw(r, "change"), rapid.SampledFrom([]carrier.ChangeAnswer{yes, no}).Draw(r, "answer"))
				}
			}
			booked := 0
			s.See(func(tx *db.Tx) error {
				of, err := lastmile.Bookings(tx, s.m, orders)
				booked = len(of)
				return err
			})
			if booked != 2 {
				r.Fatalf("%d orders of 2 have a place", booked)
			}
		}
	})
	s.See(func(tx *db.Tx) error {
		over, err := db.All(tx, `select service from lastmile_slot where merchant = $1 and booked > capacity`, db.Scalar[string], s.m)
		if len(over) > 0 {
			t.Errorf("%d slots hold more than they may", len(over))
		}
		return err
	})
}
