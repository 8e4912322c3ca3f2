package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/channeltest"
	"github.com/promesse-dev/promesse/internal/notify/email"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// shop is a merchant with one customer, a carrier, and a mail server on the far
// side, in a world where news is told.
type shop struct {
	*flowtest.World
	m          ident.Merchant
	camille    ident.Shopper
	carrier    ident.Connection
	mail       *channeltest.Server
	orders     int
	composed   int   // letters written, counting those written for nothing
	trouble    error // what the composer answers instead of a letter
	superseded bool
}

// compose writes letters that say their topic and cause.
func (s *shop) compose(_ *db.Tx, _ ident.Merchant, msg notify.Message) (notify.Letter, error) {
	s.composed++
	if s.superseded {
		return notify.Letter{}, notify.ErrSuperseded
	}
	words := fmt.Sprintf("%s, version %d, %s", msg.Topic, s.composed, notify.PageMark)
	return notify.Letter{Subject: string(msg.Topic), Text: words, HTML: "<p>" + words + "</p>"}, s.trouble
}

func newShop(t *testing.T) *shop {
	t.Helper()
	routes := []flow.Reaction{{
		On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.Must, Run: tracking.Attach,
		Emits: []fact.Kind{"tracking.moved", "tracking.disputed", "tracking.leg_added"},
	}}
	for _, on := range []fact.Kind{
		"order.placed", "tracking.moved", "promise.at_risk", "promise.broken", "promise.amended", "promise.reestimated", "promise.corrected", "promise.risk_lifted",
		"remedy.granted", "lastmile.early_asked", "promise.made", "returns.accepted", "returns.deposited", "returns.received",
		"returns.lost", "returns.decided", "returns.expiring", "returns.expired", "returns.pickup_missed", "returns.dispute_settled", "returns.demanded", "returns.resolvable", "payment.refunded",
	} {
		routes = append(routes, flow.Reaction{On: on, Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider})
	}
	s := &shop{World: flowtest.New(t, routes...), mail: channeltest.NewServer(t)}
	s.Watch(notify.Waits())
	s.office("shop.test")
	s.open()
	return s
}

// office sends under a host's name.
func (s *shop) office(host string) {
	sender := email.Sender{Addr: s.mail.Addr(), From: "no-reply@shop.test", Plain: true, Hello: "shop.test", Timeout: 5 * time.Second}
	s.Handle(notify.Office{
		Flow: s.Flow, Host: host, Compose: s.compose,
		Page:     func(o ident.Order) string { return "https://shop.test/p/" + string(o) },
		Channels: notify.Channels{notify.Email: sender.Send},
	}.Sender())
}

func (s *shop) open() {
	s.T.Helper()
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		id, err := shopper.Register(tx, s.m, shopper.NewShopper{Email: "Camille@example.org", Name: "Camille", Locale: lang.French})
		if err != nil {
			return err
		}
		s.camille = id
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "simulated", Name: "Porteur", Zone: "Europe/Paris"})
		s.carrier = c.ID
		return err
	})
}

func (s *shop) order() (id ident.Order) {
	s.T.Helper()
	s.orders++
	reference := fmt.Sprintf("E-%d", s.orders)
	s.Do(s.m, func(tx *flow.Tx) error {
		o, _, err := order.Place(tx, s.m, order.New{
			Reference: reference, Shopper: s.camille, Locale: lang.English, Currency: money.EUR, Fingerprint: "f",
			Lines:       []order.Line{{Kind: order.Goods, SKU: "huile", Name: "Huile d'olive", Units: 2, Unit: money.Of(1500, money.EUR), Grams: 900}},
			DeliveryFee: money.Of(590, money.EUR),
			Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		id = o.ID
		return err
	})
	return id
}

func (s *shop) ship(o ident.Order, number string) (id ident.Parcel) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		p, _, err := order.Announce(tx, s.m, order.NewParcel{Order: o, Connection: s.carrier, Number: number})
		id = p.ID
		return err
	})
	return id
}

// scan is the carrier's word about a parcel, one status a minute, the last one now.
func (s *shop) scan(number string, trust fact.Trust, statuses ...fact.Status) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		at := func(i int) civil.Instant { return tx.Now.Add(time.Duration(i-len(statuses)+1) * time.Minute) }
		var reports []carrier.Report
		for i, st := range statuses {
			reports = append(reports, carrier.Report{Number: number, Status: st, Source: fact.FromCarrier, At: at(i), Precision: fact.Exact})
		}
		p := tracking.Payload{Connection: s.carrier, ContentType: "test", Body: fmt.Append(nil, reports, trust), Trust: trust}
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{Payload: p, Reports: reports}})
		return err
	})
}

// retract is the carrier's word that a parcel was not delivered, and is on its way.
func (s *shop) retract(number string) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		report := carrier.Report{
			Number: number, Status: fact.InTransit, Source: fact.FromCarrier, At: tx.Now, Precision: fact.Exact, Supersedes: fact.Delivered,
		}
		p := tracking.Payload{Connection: s.carrier, ContentType: "test", Body: fmt.Append(nil, report), Trust: fact.TrustSigned}
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{Payload: p, Reports: []carrier.Report{report}}})
		return err
	})
}

// status is where a parcel is.
func (s *shop) status(p ident.Parcel) (now fact.Status) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		stories, err := tracking.Stories(tx, s.m, []ident.Parcel{p})
		now = stories[p].Status
		return err
	})
	return now
}

// calm lets the minute pass in which more scans may come.
func (s *shop) calm() {
	s.T.Helper()
	s.Quiet()
	s.Pass(time.Minute)
	s.Quiet()
}

func (s *shop) promise(o ident.Order) fact.Promise {
	return fact.Promise{Commitment: ident.Commitment("com_" + string(o)), Owed: fact.DeliverBy, Order: o, Shopper: s.camille}
}

// says emits facts of another room in one write. Occurrences are made up.
func (s *shop) says(o ident.Order, bodies ...fact.Body) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		for _, b := range bodies {
			if err := tx.Emit(s.m, string(o), string(ident.New[ident.Verdict](tx.Mint)), b); err != nil {
				return err
			}
		}
		return nil
	})
}

// log is the decisions about an order, one line each: topic, state, and the
// reason of what was not sent.
func (s *shop) log(o ident.Order) (lines []string) {
	s.T.Helper()
	for _, msg := range s.messages(o) {
		line := string(msg.Topic) + " " + string(msg.State)
		if !msg.Send || msg.State == notify.Failed {
			line += " " + msg.Reason
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *shop) messages(o ident.Order) (all []notify.Message) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, s.m, []ident.Order{o})
		all = of[o]
		return err
	})
	return all
}

func (s *shop) expect(o ident.Order, want ...string) {
	s.T.Helper()
	if diff := cmp.Diff(want, s.log(o)); diff != "" {
		s.T.Errorf("messages about the order: %s", diff)
	}
}

// facts counts what notify emitted about an order.
func (s *shop) facts(o ident.Order) map[fact.Kind]int {
	s.T.Helper()
	n := map[fact.Kind]int{}
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range all {
			if strings.HasPrefix(string(f.Kind), "notify.") {
				n[f.Kind]++
			}
		}
		return err
	})
	return n
}

// parked lists what was given up of this shop, errands and reactions.
func (s *shop) parked() (all []flow.ParkedErrand) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		reactions, err := flow.ParkedAfter(tx, 0, "", 100)
		for _, p := range reactions {
			if p.Merchant == s.m {
				s.T.Errorf("parked: %s", p.Error)
			}
		}
		if err != nil {
			return err
		}
		errands, err := flow.ParkedErrands(tx, 1000)
		for _, e := range errands {
			if e.Merchant == s.m {
				all = append(all, e)
			}
		}
		return err
	})
	return all
}

var errDisk = errors.New("the disk is full")
