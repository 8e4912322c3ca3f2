package letters_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// courteous is a carrier that can be asked, and answers later.
type courteous struct{}

func (courteous) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{{What: fact.Reschedule, Within: time.Hour}, {What: fact.ToNeighbour, Within: time.Hour}}
}

func (courteous) Change(context.Context, *egress.Client, carrier.Connection, string, carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.ChangeAnswer{Outcome: carrier.ChangeTaken}, nil
}

// wishes asks for something about a parcel that is promised three days ahead.
func (s *shop) wishes(number string, w lastmile.Wish) (c lastmile.Change) {
	s.T.Helper()
	now := s.Clock().Now()
	p := by(s, now.Add(4*24*time.Hour).In(flowtest.Paris).Format("2006-01-02")+" 00:00")
	p.Service = s.home
	o, id := s.order(p)
	s.ship(o, number)
	s.Do(s.m, func(tx *flow.Tx) error {
		owed, err := promise.Get(tx.Tx, s.m, id)
		if err != nil {
			return err
		}
		conn, err := carrier.Get(tx.Tx, s.m, s.carrier)
		if err != nil {
			return err
		}
		office := lastmile.Office{Adapters: carrier.Adapters{conn.Adapter: courteous{}}}
		w.Order, w.Key = o, number
		shop, err := merchant.Get(tx.Tx, s.m)
		if err != nil {
			return err
		}
		bought, err := order.Get(tx.Tx, s.m, o)
		if err != nil {
			return err
		}
		d, err := checkout.Delivery(tx.Tx, shop, bought, owed)
		if err != nil {
			return err
		}
		c, _, err = office.Ask(tx, s.m, w, d)
		return err
	})
	s.settles()
	return c
}

// settles lets pass the minute in which a carrier might answer.
func (s *shop) settles() {
	s.Quiet()
	s.Pass(time.Minute)
	s.Quiet()
}

func (s *shop) replies(c lastmile.Change, a carrier.ChangeAnswer) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.Answer(tx, s.m, s.carrier, c.ID, a)
		return err
	})
	s.settles()
}

// since are the letters after the first n.
func (s *shop) since(n int) (subjects []string) {
	for _, l := range s.mail[n:] {
		subjects = append(subjects, l.Subject)
	}
	return subjects
}

// Asked, then agreed to: two letters. That the date is another is in the second,
// and is not told by itself.
func TestAChangeIsToldWithItsNewDate(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-03-02 09:00")
	c := s.wishes("6A801", lastmile.Wish{What: fact.Reschedule, Day: civil.Date(2026, 3, 9)})
	n := len(s.mail)
	if last := s.mail[n-1]; !strings.Contains(last.Subject, "changement demandé") || !strings.Contains(last.Text, "Ce n'était pas vous") {
		t.Errorf("%s\n%s", last.Subject, last.Text)
	}
	s.replies(c, carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted})
	if told := s.since(n); len(told) != 1 || !strings.Contains(told[0], "changement accepté") || !strings.Contains(s.mail[n].Text, "lundi 9 mars") {
		t.Errorf("%q\n%s", told, s.mail[len(s.mail)-1].Text)
	}
}

// An answer within the minute is the only letter.
func TestAnAnswerAtOnceIsOneLetter(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-03-02 09:00")
	c := s.wishes("6A802", lastmile.Wish{What: fact.Reschedule, Day: civil.Date(2026, 3, 9)})
	n := len(s.mail)
	s.replies(c, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Text: "Pas de tournée ce jour-là."})
	if told := s.since(n); len(told) != 1 || !strings.Contains(s.mail[n].Text, "Pas de tournée ce jour-là.") || !strings.Contains(s.mail[n].Text, "Tout reste comme promis.") {
		t.Errorf("%q", told)
	}
}

// Whom the change names is told too, and gets no way to the order.
func TestTheOtherContactIsToldAndSeesNoOrder(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-03-02 09:00")
	var roux shopper.Contact
	s.Do(s.m, func(tx *flow.Tx) error {
		id, err := shopper.Register(tx, s.m, shopper.NewShopper{Email: "roux." + string(s.m) + "@example.org", Locale: lang.French})
		roux.ID = id
		return err
	})
	s.others = "roux." + string(s.m) + "@example.org"
	c := s.wishes("6A803", lastmile.Wish{What: fact.ToNeighbour, Words: "Mme Roux, 2e étage", Other: roux.ID})
	n := len(s.mail)
	s.replies(c, carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted})
	to := map[string]notify.Letter{}
	for _, l := range s.mail[n:] {
		to[l.To] = l
	}
	l, told := to[s.others]
	if len(to) != 2 || !told || strings.Contains(l.Text+l.HTML, secret) || strings.Contains(l.Text+l.HTML, "Huile") || !strings.Contains(l.Text, "Mme Roux") {
		t.Errorf("%d letters, to them: %s", len(to), l.Text)
	}
}
