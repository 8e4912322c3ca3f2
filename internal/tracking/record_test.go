package tracking

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestAParcelIsScannedUntilItArrives(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	picked := s.At("2026-03-02 18:00")
	s.report(fact.TrustSigned, "1", say("a 1", fact.PickedUp, picked))
	hub := s.At("2026-03-03 02:00")
	s.report(fact.TrustSigned, "2", say("A1", fact.InTransit, hub))
	s.report(fact.TrustSigned, "3", say("A1", fact.InTransit, hub+1))
	arrived := s.At("2026-03-03 11:00")
	delivered := say("A1", fact.Delivered, arrived)
	delivered.Place = fact.Mailbox
	s.report(fact.TrustSigned, "4", delivered)

	moved := facts[fact.ParcelMoved](s, id)
	if len(moved) != 3 {
		t.Fatalf("%d facts: the second scan of a depot changes nothing", len(moved))
	}
	last := moved[2]
	want := fact.ParcelMoved{
		Parcel: id, Order: ident.Order("ord_of_" + id), Shopper: "shp_camille", Direction: fact.Out, Carrier: s.line, Service: s.home,
		Was: fact.InTransit, Now: fact.Delivered, Place: fact.Mailbox, Trust: fact.TrustSigned,
		Clocks: fact.Clocks{
			HandedOver: fact.Span{From: picked, Until: picked + 1},
			Presented:  fact.Span{From: arrived, Until: arrived + 1},
			InHand:     fact.Span{From: arrived, Until: arrived + 1},
		},
		LastScan: arrived, Events: last.Events, Version: 4,
	}
	if d := cmp.Diff(want, last); d != "" {
		t.Error(d)
	}
	if len(last.Events) != 2 {
		t.Errorf("it rests on %v", last.Events)
	}
	if events := s.events(id); len(events) != 4 || events[0].Status != fact.PickedUp || events[0].Parcel != id || events[0].Number != "A1" {
		t.Errorf("the timeline is %v", events)
	}
}

func TestEventsSentAgainChangeNothing(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	at := s.At("2026-03-02 18:00")
	for _, row := range []struct {
		law                 string
		body                string
		reports             []carrier.Report
		accepted, duplicate int
	}{
		{"one new", "1", []carrier.Report{say("A1", fact.PickedUp, at)}, 1, 0},
		{"the same payload again", "1", []carrier.Report{say("A1", fact.PickedUp, at)}, 0, 1},
		{"in another payload, with a new one", "2", []carrier.Report{say("A1", fact.PickedUp, at), say("A1", fact.InTransit, at+1)}, 1, 1},
		{"twice in one payload", "3", []carrier.Report{say("A1", fact.ArrivedLocal, at+2), say("a-1", fact.ArrivedLocal, at+2)}, 1, 1},
		{"of a parcel nobody knows", "4", []carrier.Report{say("Z9", fact.PickedUp, at)}, 1, 0},
	} {
		if accepted, duplicate := s.report(fact.TrustSigned, row.body, row.reports...); accepted != row.accepted || duplicate != row.duplicate {
			t.Errorf("%s: %d accepted, %d duplicate", row.law, accepted, duplicate)
		}
	}
	if n := len(s.events(id)); n != 3 {
		t.Errorf("%d events", n)
	}
	if n := len(facts[fact.ParcelMoved](s, id)); n != 3 {
		t.Errorf("%d facts", n)
	}
}

func TestAnEventConfirmedIsTrustedMore(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	scan := say("A1", fact.Delivered, s.At("2026-03-03 11:00"))
	s.report("", "1", scan)
	if got := s.story(id).Trust; got != fact.TrustClaimed {
		t.Errorf("nobody vouches for it: %s", got)
	}
	accepted, duplicate := s.report(fact.TrustConfirmed, "2", scan)
	if accepted != 0 || duplicate != 1 {
		t.Errorf("%d accepted, %d duplicate", accepted, duplicate)
	}
	s.report(fact.TrustSigned, "3", scan) // trust is never lost again
	moved := facts[fact.ParcelMoved](s, id)
	if len(moved) != 2 || moved[1].Trust != fact.TrustConfirmed || moved[1].Was != fact.Delivered || moved[1].Now != fact.Delivered {
		t.Errorf("facts: %+v", moved)
	}
	if got := s.story(id).Trust; got != fact.TrustConfirmed {
		t.Errorf("the story is %s", got)
	}
}

func TestEventsWaitForTheirParcel(t *testing.T) {
	s := open(t, world(t))
	at := s.At("2026-03-02 18:00")
	s.report(fact.TrustSigned, "1", say("A1", fact.PickedUp, at), say("A1", fact.InTransit, at+1))
	id := s.announce(" a1 ", s.home)
	moved := facts[fact.ParcelMoved](s, id)
	if len(moved) != 1 || moved[0].Was != fact.Pending || moved[0].Now != fact.InTransit {
		t.Errorf("facts: %+v", moved)
	}
}

func TestAParcelNobodyScannedIsPendingWithoutAFact(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	if got := s.story(id).Status; got != fact.Pending {
		t.Errorf("it is %s", got)
	}
	if n := len(facts[fact.ParcelMoved](s, id)); n != 0 {
		t.Errorf("%d facts", n)
	}
}

func TestWhereTheParcelIsWantedFollowsTheService(t *testing.T) {
	s := open(t, world(t))
	home, spot, back := s.announce("A1", s.home), s.announce("B2", s.spot), s.send(fact.Back, "C3", s.spot)
	at := s.At("2026-03-03 11:00")
	for i, number := range []string{"A1", "B2", "C3"} {
		r := say(number, fact.Delivered, at)
		r.Place = fact.Relay
		s.report(fact.TrustSigned, fmt.Sprint(i), r)
	}
	if c := s.story(home).Clocks; c.Ready.Known() || !c.Presented.Known() {
		t.Errorf("wanted at home, left at a relay: %+v", c)
	}
	if c := s.story(spot).Clocks; !c.Ready.Known() {
		t.Errorf("wanted at the relay: %+v", c)
	}
	if c := s.story(back).Clocks; c.Ready.Known() {
		t.Errorf("on its way to the merchant: %+v", c)
	}
}

func TestAContradictionIsToldOnce(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	at := s.At("2026-03-03 11:00")
	s.report(fact.TrustSigned, "1", say("A1", fact.Delivered, at))
	s.report(fact.TrustSigned, "2", say("A1", fact.InTransit, at+1))
	s.report(fact.TrustSigned, "3", say("A1", fact.InTransit, at+2))
	s.report(fact.TrustSigned, "4", say("A1", fact.Delivered, at+3))
	var codes []string
	for _, f := range facts[fact.ParcelDisputed](s, id) {
		codes = append(codes, f.What)
	}
	if d := cmp.Diff([]string{MovedAfterDelivery, DeliveredTwice}, codes); d != "" {
		t.Error(d)
	}
	if n := len(facts[fact.ParcelMoved](s, id)); n != 1 {
		t.Errorf("%d facts: a contradiction moves nothing", n)
	}
}

func TestOnePayloadOfManyParcels(t *testing.T) {
	s := open(t, world(t))
	at := s.At("2026-03-02 18:00")
	var ids []ident.Parcel
	var reports []carrier.Report
	for i := range 600 {
		number := fmt.Sprintf("N%d", i)
		if i%2 == 0 {
			ids = append(ids, s.announce(number, s.home))
		}
		reports = append(reports, say(number, fact.PickedUp, at))
	}
	if accepted, _ := s.report(fact.TrustSigned, "1", reports...); accepted != 600 {
		t.Errorf("%d accepted", accepted)
	}
	s.See(func(tx *db.Tx) error {
		stories, err := Stories(tx, s.m, ids)
		for _, id := range ids {
			if stories[id].Status != fact.PickedUp {
				t.Errorf("%s is %q", id, stories[id].Status)
			}
		}
		return err
	})
}

// What an adapter got wrong is kept as far as it can be.
func TestStrangeReportsAreKept(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	s.report(fact.TrustSigned, "1", carrier.Report{
		Number: "A1", Status: "beamed up", Reason: "?", Place: "moon", Party: "me", Source: "dream", Precision: "week", Supersedes: "?",
		Code: "a\x00b", Label: "Livr\xe9", Where: "Ly\x00on", At: s.At("2026-03-02 18:00"),
	})
	events := s.events(id)
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	e := events[0]
	got := fmt.Sprint(e.Status, e.Reason, e.Place, e.Party, e.Source, e.Precision, e.Supersedes, e.Code, e.Label, e.Where)
	if want := fmt.Sprint(fact.Unknown, "", "", "", fact.FromCarrier, fact.ADay, "", "ab", "Livr", "Lyon"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if e.Span.Until.Sub(e.Span.From) != 24*time.Hour {
		t.Errorf("from %s until %s", e.Span.From, e.Span.Until)
	}
}

func TestRecordRefusesAConnectionThatIsNotTheMerchants(t *testing.T) {
	w := world(t)
	mine, other := open(t, w), open(t, w)
	err := mine.Try(mine.m, func(tx *flow.Tx) error {
		p := Payload{Connection: other.line, Body: []byte("1")}
		_, err := Receive(tx, mine.m, []Delivery{{Payload: p, Reports: []carrier.Report{say("A1", fact.PickedUp, tx.Now)}}})
		return err
	})
	if !fault.Is(err, "not_found") {
		t.Errorf("got %v", err)
	}
}

func TestOneNumberAtTwoMerchantsIsTwoParcels(t *testing.T) {
	w := world(t)
	mine, other := open(t, w), open(t, w)
	a, b := mine.announce("A1", mine.home), other.announce("A1", other.home)
	mine.report(fact.TrustSigned, "1", say("A1", fact.Delivered, mine.At("2026-03-03 11:00")))
	if got := other.story(b).Status; got != fact.Pending {
		t.Errorf("the other merchant's is %s", got)
	}
	if got := mine.story(a).Status; got != fact.Delivered {
		t.Errorf("mine is %s", got)
	}
	if got := mine.story(b).Status; got != "" {
		t.Errorf("I see the other merchant's story: %s", got)
	}
}

func TestRawIsKeptAsItCame(t *testing.T) {
	s := open(t, world(t))
	bodies := []string{"", "plain é", "a\x00b", "\xff\xfe", `{"events":[]}`}
	keep := func(body string) (id ident.Raw, fresh bool) {
		s.Do(s.m, func(tx *flow.Tx) (err error) {
			kept, err := Keep(tx, s.m, []Payload{{Connection: s.line, ContentType: "text/plain", Body: []byte(body)}})
			if err == nil {
				id, fresh = kept[0].Raw, kept[0].Fresh
			}
			return err
		})
		return id, fresh
	}
	var ids []ident.Raw
	for _, body := range bodies {
		id, fresh := keep(body)
		if again, freshAgain := keep(body); !fresh || freshAgain || again != id {
			t.Errorf("%q: %s %v, then %s %v", body, id, fresh, again, freshAgain)
		}
		ids = append(ids, id)
	}
	raws := s.unread()
	if len(raws) != len(bodies) {
		t.Fatalf("%d unread", len(raws))
	}
	for i, raw := range raws {
		if string(raw.Body) != bodies[i] || raw.ID != ids[i] || raw.Trust != fact.TrustClaimed || raw.Connection != s.line || raw.State != Unread {
			t.Errorf("%q became %+v", bodies[i], raw)
		}
	}
}

func TestWhatCouldNotBeReadIsSeen(t *testing.T) {
	for _, row := range []struct {
		law       string
		read, bad bool
		state     RawState
	}{
		{"read whole: nothing to see", true, false, ""},
		{"read in part", true, true, Partly},
		{"not read at all", false, true, Unread},
		{"kept, and the process died", false, false, Unread},
	} {
		s := open(t, world(t))
		s.Do(s.m, func(tx *flow.Tx) error {
			p := Payload{Connection: s.line, Body: []byte("1")}
			kept, err := Keep(tx, s.m, []Payload{p})
			if err == nil && row.read {
				_, err = Record(tx, s.m, []Delivery{{Payload: p, Raw: kept[0].Raw, Reports: []carrier.Report{say("A1", fact.PickedUp, tx.Now)}}})
			}
			if err == nil && row.bad {
				err = Misread(tx, s.m, kept[0].Raw, "events[1].status: \xff\x00 unknown_status")
			}
			return err
		})
		raws := s.unread()
		switch {
		case row.state == "" && len(raws) != 0, row.state != "" && len(raws) != 1:
			t.Errorf("%s: %d to be seen", row.law, len(raws))
		case len(raws) == 1 && (raws[0].State != row.state || (raws[0].Error != "") != row.bad):
			t.Errorf("%s: %s, %q", row.law, raws[0].State, raws[0].Error)
		}
	}
}

// A payload that was misread is read again by a better parser, once.
func TestAMisreadPayloadIsReplayed(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	at := s.At("2026-03-03 11:00")
	s.Do(s.m, func(tx *flow.Tx) error {
		kept, err := Keep(tx, s.m, []Payload{{Connection: s.line, Body: []byte("new format"), Trust: fact.TrustSigned}})
		if err != nil {
			return err
		}
		return Misread(tx, s.m, kept[0].Raw, "invalid_json")
	})
	for _, raw := range s.unread() {
		s.Do(s.m, func(tx *flow.Tx) error {
			_, err := Record(tx, s.m, []Delivery{{Payload: raw.Payload, Raw: raw.ID, Reports: []carrier.Report{say("A1", fact.Delivered, at)}}})
			return err
		})
	}
	if got := s.story(id); got.Status != fact.Delivered || got.Trust != fact.TrustSigned {
		t.Errorf("%+v", got)
	}
	if n := len(s.unread()); n != 0 {
		t.Errorf("%d still unread", n)
	}
}
