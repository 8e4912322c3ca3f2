package lastmile_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// patient is a carrier that agrees first, and does it when it is told.
type patient struct{ willing }

func (patient) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{{What: fact.Reschedule, Before: 4 * time.Hour, Within: 2 * time.Hour, Holds: true}}
}

// several is two shops of one world, each with a parcel for the same door on the
// road: the first due on Tuesday 3 March, the other on Wednesday. It is Monday, 09:00.
type several struct {
	*shop
	other  *shop
	office *lastmile.Office
	over   *planning
	owed   []lastmile.Owed
	person ident.Person
}

func regroupable(t testing.TB, address string) *several {
	t.Helper()
	one := open(t)
	s := &several{shop: one, other: found(t, one.World), over: &planning{status: 202, keys: map[string]bool{}}}
	s.office = &lastmile.Office{
		Flow: s.Flow, Adapters: carrier.Adapters{"ownfleet": patient{}},
		Out: egress.New(egress.Options{Wall: s.Clock().Wall, Transport: s.over}),
	}
	s.Handle(s.office.Asker())
	s.Handle(s.office.Settler())
	s.Watch(lastmile.Silences())
	for i, shop := range []*shop{s.shop, s.other} {
		s.owed = append(s.owed, shop.sent(t, address, civil.Date(2026, 3, 3+i)))
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		s.person = ident.New[ident.Person](tx.Mint)
		return nil
	})
	return s
}

// sent is an order on the road, owed by the end of a day.
func (s *shop) sent(t testing.TB, address string, due civil.Day) lastmile.Owed {
	t.Helper()
	o := lastmile.Owed{Merchant: s.m, Delivery: lastmile.Delivery{
		Window: civil.Window{Until: due.End(flowtest.Paris)}, Zone: "Europe/Paris", Open: true,
	}}
	s.Do(s.m, func(tx *flow.Tx) error {
		all, err := carrier.Connections(tx.Tx, s.m)
		if err != nil {
			return err
		}
		all[0].Inquiries = address
		if _, err := carrier.Connect(tx, s.m, all[0]); err != nil {
			return err
		}
		in := s.basket("R-1")
		in.Service = s.post
		placed, _, err := order.Place(tx, s.m, in)
		if err != nil {
			return err
		}
		o.Order = placed.ID
		_, _, err = order.Announce(tx, s.m, order.NewParcel{Order: o.Order, Connection: all[0].ID, Service: s.post, Number: "P-" + string(s.m)})
		return err
	})
	return o
}

func (s *several) spot() lastmile.Spot {
	c := s.candidate(0)
	return lastmile.Spot{Address: c.Address}
}

func (s *several) candidate(i int) (c lastmile.Candidate) {
	s.See(func(tx *db.Tx) (err error) {
		c, err = s.office.Candidate(tx, s.owed[i].Merchant, s.owed[i].Order, s.owed[i].Delivery)
		return err
	})
	return c
}

// gather asks for both on a day.
func (s *several) gather(key string, day civil.Day) (r lastmile.Regroup, err error) {
	g := lastmile.Gathering{Person: s.person, Key: key, Day: day, Spot: s.spot(), Members: s.owed}
	err = s.Write(context.Background(), "test", []ident.Merchant{s.m, s.other.m}, func(tx *flow.Tx) (err error) {
		r, err = s.office.Gather(tx, g)
		return err
	})
	return r, err
}

// asked are the changes of both orders.
func (s *several) asked() (all [2][]lastmile.Change) {
	s.See(func(tx *db.Tx) (err error) {
		for i, o := range s.owed {
			if all[i], err = lastmile.Changes(tx, o.Merchant, o.Order); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

// states is where a regrouping stands, its members and their changes.
func (s *several) states(r lastmile.Regroup) (out []string) {
	s.See(func(tx *db.Tx) error {
		now, err := lastmile.RegroupOf(tx, []ident.Person{s.person}, r.ID)
		if err != nil {
			return err
		}
		out = append(out, string(now.State))
		all, err := lastmile.JoinedOf(tx, r.ID)
		for i := range s.owed {
			k := slices.IndexFunc(all, func(j lastmile.Joined) bool { return j.Order == s.owed[i].Order })
			out = append(out, string(all[k].State))
		}
		return err
	})
	for _, of := range s.asked() {
		for _, c := range of {
			out = append(out, strings.TrimRight(string(c.State)+" "+string(c.Reason), " "))
		}
	}
	return out
}

func (s *several) answer(i int, a carrier.ChangeAnswer) error {
	c := s.asked()[i][0]
	return s.Try(s.owed[i].Merchant, func(tx *flow.Tx) error {
		_, err := lastmile.Answer(tx, s.owed[i].Merchant, c.Connection, c.ID, a)
		return err
	})
}

// accepted is how many of both are accepted.
func (s *several) accepted() (n int) {
	for _, of := range s.asked() {
		for _, c := range of {
			if c.State == lastmile.ChangeAccepted {
				n++
			}
		}
	}
	return n
}

func TestNothingIsMovedBeforeAllCarriersAgree(t *testing.T) {
	s := regroupable(t, "")
	r, err := s.gather("k", civil.Date(2026, 3, 5))
	s.must(err)
	if again, err := s.gather("k", civil.Date(2026, 3, 5)); err != nil || again.ID != r.ID {
		t.Errorf("the same form again: %+v, %v", again, err)
	}
	if r.AnswerBy != local("2026-03-02 11:00") || r.Method != carbon.Method {
		t.Errorf("%+v", r)
	}
	for range 2 { // to say it again changes nothing
		s.must(s.answer(0, yes))
		s.Quiet()
		if d := cmp.Diff([]string{"asked", "open", "open", "asked", "asked"}, s.states(r)); d != "" {
			t.Fatalf("one agreed: %s", d)
		}
	}
	s.must(s.answer(1, yes))
	s.Quiet()
	if d := cmp.Diff([]string{"settled", "settled", "settled", "accepted", "accepted"}, s.states(r)); d != "" {
		t.Fatalf("both agreed: %s", d)
	}
	for i, shop := range []*shop{s.shop, s.other} {
		told := shop.told(s.owed[i].Order)
		if _, ok := told[len(told)-1].(fact.ChangeAccepted); !ok {
			t.Errorf("%+v", told)
		}
	}
}

// One says no, says nothing until 11:00, or its order is taken back: everything is as
// it was, and nobody else's change is carried out.
func TestWhatLetsARegroupingFall(t *testing.T) {
	for _, row := range []struct {
		law  string
		do   func(*several)
		want []string
	}{
		{
			"one carrier refuses", func(s *several) { s.must(s.answer(1, no)) },
			[]string{"fallen", "fallen", "fallen", "refused apart", "refused already_out"},
		},
		{
			"one carrier says nothing in time", func(s *several) { s.At("2026-03-02 11:00") },
			[]string{"fallen", "fallen", "fallen", "refused apart", "refused no_answer"},
		},
		{
			"one order is taken back", func(s *several) {
				s.Do(s.other.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.other.m, s.owed[1].Order, fact.ByShopper) })
			},
			[]string{"fallen", "fallen", "fallen", "refused apart", "refused not_possible"},
		},
		{
			"the one that had agreed takes its word back", func(s *several) { s.must(s.answer(0, no)) },
			[]string{"fallen", "fallen", "fallen", "refused already_out", "refused apart"},
		},
	} {
		s := regroupable(t, "")
		r, err := s.gather("k", civil.Date(2026, 3, 5))
		s.must(err)
		s.must(s.answer(0, yes))
		s.Quiet()
		row.do(s)
		s.Quiet()
		if d := cmp.Diff(row.want, s.states(r)); d != "" {
			t.Errorf("%s: %s", row.law, d)
		}
		refused(t, row.law+": a late yes", s.answer(1, yes), "change_settled", "change")
	}
}

// Wednesday is when the second is promised anyway: only the first is asked for, and
// the regrouping falls with the order of the second.
func TestOneThatIsThereThatDayAnyway(t *testing.T) {
	s := regroupable(t, "")
	r, err := s.gather("k", civil.Date(2026, 3, 4))
	s.must(err)
	s.must(s.answer(0, yes))
	s.Quiet()
	if d := cmp.Diff([]string{"settled", "settled", "settled", "accepted"}, s.states(r)); d != "" {
		t.Error(d)
	}
	told := s.other.told(s.owed[1].Order)
	if _, ok := told[len(told)-1].(fact.Regrouped); !ok {
		t.Errorf("%+v", told)
	}

	s = regroupable(t, "")
	r, err = s.gather("k", civil.Date(2026, 3, 4))
	s.must(err)
	s.Do(s.other.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.other.m, s.owed[1].Order, fact.ByShopper) })
	s.Quiet()
	if d := cmp.Diff([]string{"fallen", "fallen", "fallen", "refused apart"}, s.states(r)); d != "" {
		t.Error(d)
	}
}

// Two tabs want the same parcels together on two days at once: one is.
func TestTwoTabsRegroupTheSameParcels(t *testing.T) {
	s := regroupable(t, "")
	spot := s.spot()
	done := make(chan error)
	for i, key := range []string{"a", "b"} {
		go func() {
			g := lastmile.Gathering{Person: s.person, Key: key, Day: civil.Date(2026, 3, 5+i), Spot: spot, Members: s.owed}
			done <- s.Write(context.Background(), "test", []ident.Merchant{s.m, s.other.m}, func(tx *flow.Tx) error {
				_, err := s.office.Gather(tx, g)
				return err
			})
		}()
	}
	var refusals []error
	for range 2 {
		if err := <-done; err != nil {
			refusals = append(refusals, err)
		}
	}
	if len(refusals) != 1 || !fault.Is(refusals[0], "regroup_not_now") {
		t.Errorf("refused: %v", refusals)
	}
	if all := s.asked(); len(all[0]) != 1 || len(all[1]) != 1 {
		t.Errorf("asked: %+v", all)
	}
}

func TestWhatIsNotRegrouped(t *testing.T) {
	for _, row := range []struct {
		law         string
		ask         func(*several) error
		code, field string
	}{
		{"one alone", func(s *several) error {
			s.owed = s.owed[:1]
			_, err := s.gather("k", civil.Date(2026, 3, 5))
			return err
		}, "regroup_members", "members"},
		{"a day that suits one of them", func(s *several) error {
			_, err := s.gather("k", civil.Date(2026, 3, 3))
			return err
		}, "regroup_not_now", "members"},
		{"all are there that day already", func(s *several) error {
			s.owed[0] = s.shop.sentMore(s.owed[0])
			_, err := s.gather("k", civil.Date(2026, 3, 4))
			return err
		}, "regroup_nothing", "members"},
		{"at another address", func(s *several) error {
			g := lastmile.Gathering{Person: s.person, Key: "k", Day: civil.Date(2026, 3, 5), Spot: lastmile.Spot{Address: "elsewhere"}, Members: s.owed}
			return s.Write(context.Background(), "test", []ident.Merchant{s.m, s.other.m}, func(tx *flow.Tx) error {
				_, err := s.office.Gather(tx, g)
				return err
			})
		}, "regroup_not_now", "members"},
		{"alone, while it is asked for with another", func(s *several) error {
			_, err := s.gather("k", civil.Date(2026, 3, 4))
			s.must(err)
			return s.Try(s.other.m, func(tx *flow.Tx) error {
				_, _, err := s.office.Ask(tx, s.other.m, lastmile.Wish{Order: s.owed[1].Order, Key: "x", What: fact.Reschedule, Day: civil.Date(2026, 3, 6)}, s.owed[1].Delivery)
				return err
			})
		}, "change_open", "what"},
	} {
		refused(t, row.law, row.ask(regroupable(t, "")), row.code, row.field)
	}
}

// sentMore is the same, promised a day later.
func (s *shop) sentMore(o lastmile.Owed) lastmile.Owed {
	o.Delivery.Until = o.Delivery.Until.Add(24 * time.Hour)
	return o
}

// The process dies when one carrier has agreed, and again when both have and nobody
// has looked yet: the next one goes on, and no carrier is told twice what to do.
func TestAProcessThatDiesBetweenTheAnswers(t *testing.T) {
	s := regroupable(t, "https://courses.example/questions")
	r, err := s.gather("k", civil.Date(2026, 3, 5))
	s.must(err)
	s.must(s.answer(0, yes))
	s.next(t)
	s.Quiet()
	if d := cmp.Diff([]string{"asked", "open", "open", "asked", "asked"}, s.states(r)); d != "" {
		t.Fatalf("one agreed: %s", d)
	}
	s.must(s.answer(1, yes))
	s.next(t)
	s.over.status, s.over.body = 200, `{"outcome":"accepted"}`
	s.Quiet()
	if d := cmp.Diff([]string{"settled", "settled", "settled", "accepted", "accepted"}, s.states(r)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]int{"hold": 1, "confirm": 2}, s.steps()); d != "" { // the first had answered by itself before it was asked
		t.Error(d)
	}
}

// next is the process that comes after one that died: it finds the database as it was.
func (s *several) next(t *testing.T) {
	t.Helper()
	f, err := flow.New(s.DB(), s.Clock(), lastmile.Reactions())
	if err != nil {
		t.Fatal(err)
	}
	s.World.Flow, s.office.Flow = f, f
	s.Handle(s.office.Asker())
	s.Handle(s.office.Settler())
	s.Watch(lastmile.Silences())
}

// steps are what the carriers were asked to do, and how often.
func (s *several) steps() map[string]int {
	steps := map[string]int{}
	for _, q := range s.over.asked {
		for _, step := range []string{"hold", "confirm", "release"} {
			if strings.Contains(q, `"step":"`+step+`"`) {
				steps[step]++
			}
		}
	}
	return steps
}

// A carrier that agreed and then does not do it is told of: the promise stands.
func TestACarrierThatDoesNotKeepItsWord(t *testing.T) {
	s := regroupable(t, "https://courses.example/questions")
	_, err := s.gather("k", civil.Date(2026, 3, 5))
	s.must(err)
	s.Quiet()
	s.must(s.answer(0, yes))
	s.must(s.answer(1, yes))
	s.over.status, s.over.body = 200, `{"outcome":"refused","reason":"full"}`
	s.Quiet()
	for i, shop := range []*shop{s.shop, s.other} {
		told := shop.told(s.owed[i].Order)
		if b, ok := told[len(told)-1].(fact.ChangeUnkept); !ok || b.Reason != fact.ChangeFull {
			t.Errorf("%+v", told)
		}
	}
	if s.accepted() != 2 {
		t.Error("what was promised is taken back")
	}
}

// What a carrier keeps possible it is told to let go, when nothing comes of it.
func TestACarrierIsToldToLetGo(t *testing.T) {
	s := regroupable(t, "https://courses.example/questions")
	_, err := s.gather("k", civil.Date(2026, 3, 5))
	s.must(err)
	s.Quiet()
	s.must(s.answer(0, yes))
	s.must(s.answer(1, no))
	s.Quiet()
	if d := cmp.Diff(map[string]int{"hold": 2, "release": 1}, s.steps()); d != "" {
		t.Error(d)
	}
}

// No merchant's facts, errands or rows name what is another's.
func TestARegroupingTellsNoMerchantOfAnother(t *testing.T) {
	s := regroupable(t, "https://courses.example/questions")
	_, err := s.gather("k", civil.Date(2026, 3, 5))
	s.must(err)
	s.over.status, s.over.body = 200, `{"outcome":"accepted"}`
	s.Quiet()
	asked := s.asked()
	for i, shop := range []*shop{s.shop, s.other} {
		theirs := s.owed[1-i]
		s.See(func(tx *db.Tx) error {
			rows, err := db.All(tx, `select f.body || f.cause || f.subject || f.occurrence || f.actor from flow_fact f where f.merchant = $1`, db.Scalar[string], shop.m)
			if len(rows) == 0 {
				t.Error("no facts")
			}
			causes, more := db.All(tx, `select f.id from flow_fact f join flow_fact c on c.id = f.cause where f.merchant = $1 and c.merchant <> $1`, db.Scalar[string], shop.m)
			for _, x := range append(rows, causes...) {
				for _, secret := range []string{string(theirs.Merchant), string(theirs.Order), string(asked[1-i][0].ID)} {
					if strings.Contains(x, secret) {
						t.Errorf("%s is told %s", shop.m, x)
					}
				}
			}
			if len(causes) > 0 {
				t.Errorf("facts follow from another merchant's: %v", causes)
			}
			if err == nil {
				err = more
			}
			return err
		})
	}
	for _, q := range s.over.asked {
		if strings.Contains(q, string(s.owed[0].Order)) && strings.Contains(q, string(s.owed[1].Order)) {
			t.Errorf("a carrier is told of both: %s", q)
		}
	}
	s.See(func(tx *db.Tx) error {
		_, err := lastmile.RegroupOf(tx, []ident.Person{"per_other"}, "rgp_x")
		refused(t, "another person's", err, "not_found", "regroup")
		return nil
	})
}
