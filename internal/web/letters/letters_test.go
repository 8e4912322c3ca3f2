package letters_test

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/letters"
)

var update = flag.Bool("update", false, "rewrite the letters in testdata")

// secret is the address of every order's page.
const secret = "https://shop.test/p/AbCdEf-_123456"

// shop is a merchant whose promises are judged, repaired and told, with a
// customer who reads a language.
type shop struct {
	*flowtest.World
	m          ident.Merchant
	loc        lang.Locale
	camille    ident.Shopper
	carrier    ident.Connection
	relay      ident.Service
	round      ident.Service // by appointment
	home       ident.Service // to the door
	others     string        // mailbox of somebody else; empty: of nobody
	references int
	mail       []notify.Letter
}

func newShop(t *testing.T, loc lang.Locale) *shop {
	t.Helper()
	policies := remedy.NewPolicies()
	routes := append(slices.Concat(promise.Reactions(promise.NewCurves()), promise.ReturnReactions(), promise.DeskReactions(), order.Reactions(), returns.Reactions(), survey.Reactions()), flow.Reaction{
		On: "returns.decided", Name: "payment.Pay", Mode: flow.Must, Run: payment.Pay, Emits: []fact.Kind{"payment.refund_ordered", "payment.credit_given"},
	}, flow.Reaction{
		On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.Must, Run: tracking.Attach,
		Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
	}, flow.Reaction{
		On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: policies.Consider,
		Emits: []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"},
	}, flow.Reaction{
		On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: policies.Review,
		Emits: []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"},
	})
	for _, on := range []fact.Kind{
		"order.placed", "tracking.moved", "promise.at_risk", "promise.broken", "promise.amended", "promise.reestimated",
		"remedy.granted", "lastmile.early_asked", "promise.made", "returns.accepted", "returns.deposited", "returns.received",
		"returns.lost", "returns.decided", "returns.expiring", "returns.expired", "returns.pickup_missed", "returns.dispute_settled", "returns.demanded", "returns.resolvable", "payment.refunded",
		"desk.asked", "desk.written", "desk.answered", "desk.claimed", "desk.claim_decided", "survey.asked",
		"lastmile.change_asked", "lastmile.change_accepted", "lastmile.change_refused", "lastmile.change_unanswered",
	} {
		routes = append(routes, flow.Reaction{On: on, Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider})
	}
	s := &shop{World: flowtest.New(t, routes...), loc: loc}
	s.Watch(promise.Deadlines())
	s.Watch(policies.Waits())
	s.Watch(notify.Waits())
	for _, sweep := range returns.Sweeps() {
		s.Watch(sweep)
	}
	s.Handle(notify.Office{
		Flow: s.Flow, Host: "shop.test", Compose: letters.Compose, Page: func(ident.Order) string { return secret },
		Channels: notify.Channels{notify.Email: func(_ context.Context, l notify.Letter) error {
			if l.To == s.mailbox() || l.To == s.others { // a clock of ours may wake what other tests left in the database
				s.mail = append(s.mail, l)
			}
			return nil
		}},
	}.Sender())
	s.open()
	return s
}

// mailbox is the customer's, one of a kind.
func (s *shop) mailbox() string { return "camille." + string(s.m) + "@example.org" }

func (s *shop) open() {
	s.T.Helper()
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie & Cie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		id, err := shopper.Register(tx, s.m, shopper.NewShopper{Email: s.mailbox(), Name: "Camille <3", Locale: s.loc})
		if err != nil {
			return err
		}
		s.camille = id
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "simulated", Name: "Porteur", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		s.carrier = c.ID
		r, err := carrier.SetService(tx, s.m, carrier.Service{
			Connection: c.ID, Name: "Point relais", Mode: carrier.Relay, Countries: []string{"FR"},
			Collects: civil.MondayToFriday, Delivers: civil.MondayToFriday,
		})
		if err != nil {
			return err
		}
		s.relay = r.ID
		if r, err = carrier.SetService(tx, s.m, carrier.Service{
			Connection: c.ID, Name: "Sur rendez-vous", Mode: carrier.Slot, Countries: []string{"FR"},
			Collects: civil.MondayToFriday, Delivers: civil.MondayToFriday,
		}); err != nil {
			return err
		}
		s.round = r.ID
		if r, err = carrier.SetService(tx, s.m, carrier.Service{
			Connection: c.ID, Name: "À domicile", Mode: carrier.Home, Countries: []string{"FR"},
			Collects: civil.MondayToFriday, Delivers: civil.MondayToFriday,
		}); err != nil {
			return err
		}
		s.home = r.ID
		return nil
	})
}

// order places one with a promise.
func (s *shop) order(p promise.Promised) (id ident.Order, c ident.Commitment) {
	s.T.Helper()
	s.references++
	reference := fmt.Sprintf("E-%d", s.references)
	s.Do(s.m, func(tx *flow.Tx) error {
		o, _, err := order.Place(tx, s.m, order.New{
			Reference: reference, Shopper: s.camille, Locale: s.loc, Currency: money.EUR, Fingerprint: "f", Service: p.Service,
			Lines: []order.Line{
				{Kind: order.Goods, SKU: "huile", Name: "Huile d'olive <extra>", Units: 2, Unit: money.Of(61728, money.EUR), Grams: 900},
			},
			DeliveryFee: money.Of(590, money.EUR),
			Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		if err != nil {
			return err
		}
		p.Quote = ident.New[ident.Quote](tx.Mint)
		made, err := promise.Commit(tx, s.m, p, o.ID, s.camille)
		id, c = o.ID, made.ID
		return err
	})
	s.Quiet()
	return id, c
}

func (s *shop) ship(o ident.Order, number string) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, s.m, order.NewParcel{Order: o, Connection: s.carrier, Number: number})
		return err
	})
	s.Quiet()
}

func (s *shop) scan(number string, status fact.Status, precision fact.Precision) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		p := tracking.Payload{Connection: s.carrier, ContentType: "test", Body: fmt.Append(nil, number, status), Trust: fact.TrustSigned}
		report := carrier.Report{Number: number, Status: status, Source: fact.FromCarrier, At: tx.Now, Precision: precision}
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{Payload: p, Reports: []carrier.Report{report}}})
		return err
	})
	s.Quiet()
	s.Pass(time.Minute) // in which more scans might come
	s.Quiet()
}

// by is a promise for a local time in Paris, or for a whole day when it is midnight.
func by(w *shop, local string) promise.Promised {
	now := w.Clock().Now()
	until := w.At(local)
	w.At(now.In(flowtest.Paris).Format("2006-01-02 15:04:05"))
	return promise.Promised{Until: until, Zone: "Europe/Paris", Basis: promise.BasisStandard, Grace: time.Hour}
}

// live lets every letter be written: a parcel from checkout to the door, one to a
// pick-up point, a warning, a break and its remedy, another date, an invitation.
func live(t *testing.T, loc lang.Locale) *shop {
	s := newShop(t, loc)
	s.At("2026-03-02 09:00")
	kept, _ := s.order(by(s, "2026-03-04 00:00"))
	s.ship(kept, "6A001")
	s.At("2026-03-02 18:00")
	s.scan("6A001", fact.PickedUp, fact.Exact)
	s.At("2026-03-03 08:00")
	s.scan("6A001", fact.OutForDelivery, fact.Exact)
	s.At("2026-03-03 16:31")
	s.scan("6A001", fact.Delivered, fact.Exact)

	point := by(s, "2026-03-05 12:00")
	point.Collect, point.Service = true, s.relay
	ready, _ := s.order(point)
	s.ship(ready, "6A002")
	s.At("2026-03-04 10:00")
	s.scan("6A002", fact.ReadyForPickup, fact.Exact)
	s.At("2026-03-04 12:00")
	s.scan("6A002", fact.InTransit, fact.Exact) // which can not be
	s.At("2026-03-06 10:00")
	s.scan("6A002", fact.Delivered, fact.ADay)

	late, _ := s.order(by(s, "2026-03-06 13:00"))
	s.ship(late, "6A004")
	s.At("2026-03-06 13:10")
	s.scan("6A004", fact.Delivered, fact.Exact)

	risky, c := s.order(by(s, "2026-03-07 13:00"))
	s.ship(risky, "6A003")
	s.scan("6A003", fact.InTransit, fact.Exact)
	s.warn(risky, c)
	s.At("2026-03-07 14:00:00") // an hour of grace, and broken
	s.Quiet()
	s.At("2026-03-09 09:00")
	s.scan("6A003", fact.Delivered, fact.Exact)

	_, old := s.order(by(s, "2026-03-11 00:00"))
	chosen := promise.Amendment{Until: by(s, "2026-03-13 00:00").Until, By: fact.ByShopper, Locale: loc}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := promise.Amend(tx, s.m, old, chosen)
		return err
	})
	s.Quiet()
	s.reestimate()
	s.early()
	s.invite()
	return s
}

// reestimate looks up when an order in danger will come.
func (s *shop) reestimate() {
	s.T.Helper()
	o, c := s.order(by(s, "2026-03-10 00:00"))
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(o), "estimate", fact.PromiseReestimated{
			Promise:  fact.Promise{Commitment: c, Owed: fact.DeliverBy, Order: o, Shopper: s.camille},
			Estimate: "est_1", By: by(s, "2026-03-12 00:00").Until, Confidence: 0.9,
		})
	})
	s.Quiet()
}

// early asks whether the courier may come before an order's hour.
func (s *shop) early() {
	s.T.Helper()
	o, _ := s.order(by(s, "2026-03-11 16:00"))
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(o), "early", fact.EarlyAsked{
			Early: "ear_1", Order: o, Shopper: s.camille,
			At: by(s, "2026-03-11 09:30").Until, From: by(s, "2026-03-11 14:00").Until, Until: by(s, "2026-03-11 16:00").Until,
		})
	})
	s.Quiet()
}

func (s *shop) warn(o ident.Order, c ident.Commitment) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(o), "warning", fact.PromiseAtRisk{
			Promise: fact.Promise{Commitment: c, Owed: fact.DeliverBy, Order: o, Shopper: s.camille}, Cause: "slow", Probability: 0.8,
		})
	})
	s.Quiet()
}

func (s *shop) invite() {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		l, err := letters.Invite(tx.Tx, s.m, s.camille, "https://shop.test/once/XyZ")
		if err != nil {
			return err
		}
		if err := notify.Tell(tx, s.m, notify.Note{Shopper: s.camille, Topic: fact.TopicLink, Cause: "once", Words: l}); err != nil {
			return err
		}
		code := shopper.Code{Digits: "048213", Name: "code/1", Expires: tx.Wall.Add(10 * time.Minute)}
		if l, err = letters.Code(tx.Tx, s.m, s.camille, code, "cancel ord_1"); err != nil {
			return err
		}
		if err := notify.Tell(tx, s.m, notify.Note{Shopper: s.camille, Topic: fact.TopicCode, Cause: code.Name, Words: l}); err != nil {
			return err
		}
		if l, err = letters.Cancelled(tx.Tx, s.m, s.camille, "E-9"); err != nil {
			return err
		}
		return notify.Tell(tx, s.m, notify.Note{Shopper: s.camille, Topic: fact.TopicCancelled, Cause: "ord_9", Words: l})
	})
	s.Quiet()
}

// TestLetters compares what a shopper gets, subjects and texts, with what somebody
// read and found good. How each letter looks is the gallery's test.
func TestLetters(t *testing.T) {
	for _, loc := range lang.Locales() {
		t.Run(string(loc), func(t *testing.T) {
			s := live(t, loc)
			var all strings.Builder
			for _, l := range s.mail {
				fmt.Fprintf(&all, "=== %s\n%s\n", l.Subject, l.Text)
				check(t, loc, l)
			}
			golden(t, filepath.Join("lived", string(loc)+".txt"), all.String())
			if parked := s.parked(); len(parked) > 0 {
				t.Errorf("parked: %v", parked)
			}
		})
	}
}

// A carrier that wrote down the day and no hour has not said how late it was.
func TestALetterDoesNotMakeUpHowLateItWas(t *testing.T) {
	for loc, want := range map[lang.Locale]string{
		lang.French: "Votre commande est arrivée après cette date.", lang.English: "Your order arrived after that date.",
	} {
		s := newShop(t, loc)
		s.At("2026-03-02 09:00")
		p := by(s, "2026-03-04 00:00")
		p.Grace = 48 * time.Hour
		late, _ := s.order(p)
		s.ship(late, "6A001")
		s.At("2026-03-04 15:00")
		s.scan("6A001", fact.Delivered, fact.ADay)
		told := slices.ContainsFunc(s.mail, func(l notify.Letter) bool { return strings.Contains(l.Text, want) })
		if !told {
			t.Errorf("%s: nobody was told %q, of %d letters the last says:\n%s", loc, want, len(s.mail), s.mail[len(s.mail)-1].Text)
		}
	}
}

// TestEveryTopicHasItsLetter: whoever adds a topic writes its letter, here.
func TestEveryTopicHasItsLetter(t *testing.T) {
	s := live(t, lang.French)
	s.sendBack()
	s.correspond()
	s.complain(desk.Decision{Outcome: fact.InFull, Liable: fact.ByCarrier, Words: "Une autre porte."})
	s.At("2026-03-30 09:00")
	s.waitsInVain()
	s.wishes("6A800", lastmile.Wish{What: fact.ToNeighbour, Words: "Mme Roux"})
	told := map[fact.Topic]bool{}
	s.See(func(tx *db.Tx) error {
		orders, err := order.List(tx, s.m, order.Page{Limit: 100})
		if err != nil {
			return err
		}
		ids := []ident.Order{""}
		for _, o := range orders {
			ids = append(ids, o.ID)
		}
		of, err := notify.OfOrders(tx, s.m, ids)
		for _, all := range of {
			for _, msg := range all {
				told[msg.Topic] = told[msg.Topic] || msg.State == notify.Sent
			}
		}
		return err
	})
	for _, topic := range fact.Topics {
		if !told[topic] {
			t.Errorf("nobody was told about %s", topic)
		}
	}
}

// waitsInVain has a shopper give formal notice to deliver an order that is late.
func (s *shop) waitsInVain() {
	s.T.Helper()
	o, _ := s.order(by(s, "2026-04-01 00:00"))
	s.Do(s.m, func(tx *flow.Tx) error {
		late := fact.Promise{Owed: fact.DeliverBy, Order: o, Until: tx.Now}
		err := returns.NotDelivered(tx, []flow.Fact{{Merchant: s.m, Body: fact.PromiseBroken{Ruling: fact.Ruling{Promise: late}}}})
		if err != nil {
			return err
		}
		_, _, err = returns.Summon(tx, s.m, o)
		return err
	})
	s.Quiet()
}

func (s *shop) parked() (errors []string) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		reactions, err := flow.ParkedOf(tx, s.m, 100)
		for _, p := range reactions {
			errors = append(errors, p.Route+": "+p.Error)
		}
		if err != nil {
			return err
		}
		errands, err := flow.ParkedErrandsOf(tx, s.m, 100)
		for _, e := range errands {
			errors = append(errors, e.Kind+": "+e.Error)
		}
		return err
	})
	return errors
}
