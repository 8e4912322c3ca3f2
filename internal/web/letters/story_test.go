package letters_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// slot is an order for an afternoon, both of whose promises are made.
func (s *shop) slot(from, until string) (ident.Order, []promise.Commitment) {
	s.T.Helper()
	p := by(s, until)
	p.From, p.Slot, p.Service, p.Grace = by(s, from).Until, true, s.round, 0
	o, made := s.order(p)
	s.Do(s.m, func(tx *flow.Tx) error {
		c, err := promise.Get(tx.Tx, s.m, made)
		if err != nil {
			return err
		}
		_, err = promise.CommitComplete(tx, s.m, c)
		return err
	})
	return o, s.owed(o)
}

func (s *shop) owed(o ident.Order) (all []promise.Commitment) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := promise.OfOrders(tx, s.m, []ident.Order{o})
		all = of[o]
		return err
	})
	return all
}

// lacks has the shop declare units of an order missing before they leave.
func (s *shop) lacks(o ident.Order, units int) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		lines, err := order.Lines(tx.Tx, s.m, o)
		if err != nil {
			return err
		}
		m := order.Missing{Order: o, By: fact.ByMerchant, Units: map[ident.Line]int{lines[0].ID: units}}
		before, err := order.Shortages(tx.Tx, s.m, []ident.Order{o})
		if err != nil {
			return err
		}
		if said := before[o]; len(said) > 0 {
			m.After = said[len(said)-1].ID
		}
		_, err = order.DeclareMissing(tx, s.m, m)
		return err
	})
	s.Quiet()
}

// says is the courier's word on when a parcel will come.
func (s *shop) says(number string, expected civil.Instant) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		report := carrier.Report{Number: number, Status: fact.OutForDelivery, Source: fact.FromCarrier, At: tx.Now, Precision: fact.Exact, Expected: expected}
		p := tracking.Payload{Connection: s.carrier, ContentType: "test", Body: []byte(number + expected.String()), Trust: fact.TrustSigned}
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{Payload: p, Reports: []carrier.Report{report}}})
		return err
	})
	s.Quiet()
}

// got is the subjects of the letters since the last time somebody asked.
func (s *shop) got() (subjects []string) {
	for _, l := range s.mail {
		subjects = append(subjects, strings.ReplaceAll(l.Subject, "\u00a0", " "))
	}
	s.mail = nil
	return subjects
}

func (s *shop) expect(law string, want ...string) {
	s.T.Helper()
	if diff := cmp.Diff(want, s.got()); diff != "" {
		s.T.Errorf("%s: %s", law, diff)
	}
}

// The grocer's courier comes 31 minutes late: she hears the new hour before her
// slot is over, and reads in one letter that it came, how late, and what is credited.
func TestAQuarterToFour(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-11-24 09:00")
	o, _ := s.slot("2026-11-24 14:00", "2026-11-24 16:00")
	s.ship(o, "C1")
	s.expect("placed", "Commande E-1 : confirmée")
	s.At("2026-11-24 15:40")
	s.says("C1", s.At("2026-11-24 15:40").Add(51*time.Minute))
	late := slices.ContainsFunc(s.mail, func(l notify.Letter) bool {
		return strings.Contains(l.Text, "16:31") && strings.Contains(l.Text, "Promis entre 14:00 et 16:00")
	})
	if !late {
		t.Errorf("nobody was told the new hour: %q", s.got())
	}
	s.mail = nil
	s.At("2026-11-24 16:31")
	s.scan("C1", fact.Delivered, fact.Exact)
	s.expect("one letter says all", "Commande E-1 : livraison offerte, 5,90 € à votre crédit")
	for _, c := range s.owed(o) {
		if told := c.Owed == fact.DeliverInSlot; c.Told() != told {
			t.Errorf("%s: told %v", c.Owed, c.Told())
		}
	}
}

// Two bottles are missing: the shop says so before they leave, before anybody
// complains, and in one letter. It tells of the breach, and counts as having told.
func TestTwoBottlesAreMissing(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-11-24 09:00")
	o, _ := s.slot("2026-11-24 14:00", "2026-11-24 16:00")
	s.mail = nil
	s.lacks(o, 1)
	s.expect("one bottle: nothing is granted", "Commande E-1 : il manque 1 article")
	s.lacks(o, 1)
	s.expect("a second one", "Commande E-1 : livraison offerte, 5,90 € à votre crédit")

	whole, _ := s.slot("2026-11-24 14:00", "2026-11-24 16:00")
	s.mail = nil
	s.lacks(whole, 2)
	if len(s.mail) == 1 && !strings.Contains(s.mail[0].Text, "2 × Huile d'olive <extra>") {
		t.Errorf("which bottles, it does not say:\n%s", s.mail[0].Text)
	}
	s.expect("two at once", "Commande E-2 : livraison offerte, 5,90 € à votre crédit")
	for _, c := range s.owed(whole) {
		if c.Owed == fact.Complete && (c.State != fact.Broken || !c.Told()) {
			t.Errorf("%s, told %v", c.State, c.Told())
		}
	}
	if parked := s.parked(); len(parked) > 0 {
		t.Errorf("parked: %v", parked)
	}
}

// A courier who comes before the slot, unasked, is told of in one letter too.
func TestTheCourierCameTooEarly(t *testing.T) {
	s := newShop(t, lang.English)
	s.At("2026-11-24 09:00")
	o, _ := s.slot("2026-11-24 14:00", "2026-11-24 16:00")
	s.ship(o, "C1")
	s.mail = nil
	s.At("2026-11-24 13:12")
	s.scan("C1", fact.Delivered, fact.Exact)
	if len(s.mail) != 1 || !strings.Contains(s.mail[0].Text, "The courier came 48 minutes before your slot") {
		t.Errorf("got %q", s.got())
	}
}
