package notify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

const mobile = "+33612345678"

// phones is a shop whose customer has a telephone, and what reached it.
type phones struct {
	*shop
	texts  []notify.Letter
	pushes []notify.Letter
}

func newPhones(t *testing.T, number string) *phones {
	t.Helper()
	p := &phones{shop: newShop(t)}
	p.Do(p.m, func(tx *flow.Tx) error {
		id, err := shopper.Register(tx, p.m, shopper.NewShopper{Email: "sms@example.org", Name: "Camille", Phone: number, Locale: lang.French})
		p.camille = id
		return err
	})
	p.Handle(notify.Office{
		Flow: p.Flow, Host: "shop.test", Compose: p.compose, Page: func(o ident.Order) string { return "https://shop.test/p/" + string(o) },
		Channels: notify.Channels{
			notify.Email: func(context.Context, notify.Letter) error { return nil },
			notify.SMS:   func(_ context.Context, l notify.Letter) error { p.texts = append(p.texts, l); return nil },
			notify.Push:  func(_ context.Context, l notify.Letter) error { p.pushes = append(p.pushes, l); return nil },
		},
	}.Sender())
	return p
}

func (p *phones) wants(ch notify.Channel, allowed bool, topics ...fact.Topic) {
	p.T.Helper()
	p.Do(p.m, func(tx *flow.Tx) error {
		for _, t := range topics {
			if err := notify.Prefer(tx, p.m, notify.Preference{Shopper: p.camille, Topic: t, Channel: ch, Allowed: allowed}); err != nil {
				return err
			}
		}
		return nil
	})
}

// on is the decisions on a channel about an order.
func (p *phones) on(o ident.Order, ch notify.Channel) (lines []string) {
	for _, msg := range p.messages(o) {
		if msg.Channel != ch {
			continue
		}
		line := string(msg.Topic) + " " + string(msg.State)
		if !msg.Send {
			line += " " + msg.Reason
		}
		lines = append(lines, line)
	}
	return lines
}

func (p *phones) expectOn(o ident.Order, ch notify.Channel, want ...string) {
	p.T.Helper()
	if d := cmp.Diff(want, p.on(o, ch)); d != "" {
		p.T.Errorf("%s: %s", ch, d)
	}
}

func TestAnSMSIsForWhoAskedForIt(t *testing.T) {
	p := newPhones(t, "06 12 34 56 78")
	p.At("2026-03-02 10:00")
	o := p.order()
	p.ship(o, "P1")
	p.scan("P1", fact.TrustSigned, fact.PickedUp)
	p.calm()
	p.expectOn(o, notify.SMS)
	p.wants(notify.SMS, true, fact.TopicOut, fact.TopicDelivered)
	p.scan("P1", fact.TrustSigned, fact.OutForDelivery)
	p.calm()
	p.wants(notify.SMS, false, fact.TopicDelivered)
	p.scan("P1", fact.TrustSigned, fact.Delivered)
	p.calm()
	p.expectOn(o, notify.SMS, "out_for_delivery sent", "delivered skipped opted_out")
	if len(p.texts) != 1 || p.texts[0].To != mobile || !strings.Contains(p.texts[0].Text, "https://shop.test/p/"+string(o)) {
		t.Errorf("%+v", p.texts)
	}
	p.expectOn(o, notify.Email, "order_confirmed sent", "parcel_shipped sent", "out_for_delivery sent", "delivered sent")
}

func TestNumbersThatNothingIsSentTo(t *testing.T) {
	for _, c := range []struct{ law, number, want string }{
		{"a landline", "01 42 34 56 78", "promise_at_risk skipped landline"},
		{"no number", "", "promise_at_risk skipped no_contact"},
		{"what is none", "appelez-moi", "promise_at_risk skipped undeliverable_address"},
	} {
		p := newPhones(t, c.number)
		p.wants(notify.SMS, true, fact.TopicAtRisk)
		o := p.order()
		p.says(o, fact.PromiseAtRisk{Promise: p.promise(o), Cause: "stalled"})
		p.Quiet()
		if got := p.on(o, notify.SMS); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v", c.law, got)
		}
	}
}

func TestStop(t *testing.T) {
	p := newPhones(t, mobile)
	p.At("2026-03-02 10:00")
	p.wants(notify.SMS, true, fact.TopicAtRisk)
	o := p.order()
	p.Do(p.m, func(tx *flow.Tx) error { return notify.Stop(tx, p.m, mobile) })
	p.says(o, fact.PromiseAtRisk{Promise: p.promise(o), Cause: "one"})
	p.Quiet()
	p.Do(p.m, func(tx *flow.Tx) error { return notify.Resume(tx, p.m, mobile) })
	p.says(o, fact.PromiseAtRisk{Promise: p.promise(o), Cause: "two"})
	p.Quiet()
	p.expectOn(o, notify.SMS, "promise_at_risk skipped opted_out", "promise_at_risk sent")
}

func (p *phones) enrol(endpoint string) {
	p.T.Helper()
	p.Do(p.m, func(tx *flow.Tx) error {
		return notify.Enrol(tx, p.m, p.camille, notify.Device{
			Endpoint: endpoint, Auth: "BTBZMqHH6r4Tts7J_aSIgg",
			P256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", // RFC 8291, section 5
		})
	})
}

func TestABrowserThatAskedIsToldOfAll(t *testing.T) {
	p := newPhones(t, "")
	p.At("2026-03-02 10:00")
	p.enrol("https://push.example/1")
	p.enrol("https://push.example/1") // once more is the same one
	p.enrol("https://push.example/2")
	p.wants(notify.Push, false, fact.TopicOut)
	o := p.order()
	p.ship(o, "P1")
	for _, s := range []fact.Status{fact.PickedUp, fact.OutForDelivery, fact.Delivered} {
		p.scan("P1", fact.TrustSigned, s)
		p.calm()
	}
	p.expectOn(o, notify.Push, "parcel_shipped sent", "out_for_delivery skipped opted_out", "delivered sent")
	if l := p.pushes[0]; len(l.Devices) != 2 || l.URL != "https://shop.test/p/"+string(o) {
		t.Errorf("%+v", l)
	}
	for i := range 12 {
		p.enrol(fmt.Sprintf("https://push.example/x%d", i))
	}
	p.retract("P1")
	p.calm()
	if l := p.pushes[len(p.pushes)-1]; len(l.Devices) != 10 || l.Devices[0].Endpoint == "https://push.example/1" {
		t.Errorf("%d browsers", len(l.Devices))
	}
	err := p.Try(p.m, func(tx *flow.Tx) error {
		return notify.Enrol(tx, p.m, p.camille, notify.Device{Endpoint: "https://push.example/3", P256dh: "AAAA", Auth: "BTBZMqHH6r4Tts7J_aSIgg"})
	})
	if err == nil || !strings.Contains(err.Error(), "push_keys_invalid") {
		t.Errorf("no keys: %v", err)
	}
}

func TestNothingRingsAtNight(t *testing.T) {
	p := newPhones(t, mobile)
	p.wants(notify.SMS, true, fact.TopicDelivered, fact.TopicEarly, fact.TopicAtRisk)
	p.At("2026-03-02 22:30")
	o := p.order()
	p.ship(o, "P1")
	p.scan("P1", fact.TrustSigned, fact.Delivered)
	p.says(o, fact.EarlyAsked{Early: "ear_1", Order: o, Shopper: p.camille})
	p.calm()
	p.expectOn(o, notify.SMS, "delivered queued", "early_asked skipped superseded") // it came
	p.At("2026-03-03 06:59")
	p.Quiet()
	p.expectOn(o, notify.SMS, "delivered queued", "early_asked skipped superseded")
	p.At("2026-03-03 07:00")
	p.Quiet()
	p.expectOn(o, notify.SMS, "delivered sent", "early_asked skipped superseded")

	q := p.order()
	p.At("2026-03-03 23:00")
	p.says(q, fact.EarlyAsked{Early: "ear_2", Order: q, Shopper: p.camille})
	late := p.promise(q)
	late.Owed = fact.DeliverInSlot
	p.says(q, fact.PromiseAtRisk{Promise: late, Cause: "delay"})
	p.Quiet()
	p.expectOn(q, notify.SMS, "early_asked sent", "promise_at_risk sent") // the hour moves: now or never
}

func TestQuietHours(t *testing.T) {
	at := func(local string) civil.Instant {
		when, err := time.ParseInLocation("2006-01-02 15:04", local, paris(t))
		if err != nil {
			t.Fatal(err)
		}
		return civil.At(when)
	}
	for _, c := range []struct {
		law       string
		quiet     notify.Quiet
		now, want string
	}{
		{"21:59: not yet", notify.Night, "2026-03-02 21:59", "2026-03-02 21:59"},
		{"22:00: until seven", notify.Night, "2026-03-02 22:00", "2026-03-03 07:00"},
		{"midnight", notify.Night, "2026-03-03 00:00", "2026-03-03 07:00"},
		{"06:59", notify.Night, "2026-03-03 06:59", "2026-03-03 07:00"},
		{"07:00 is morning", notify.Night, "2026-03-03 07:00", "2026-03-03 07:00"},
		{"the night that is an hour shorter", notify.Night, "2026-03-28 23:00", "2026-03-29 07:00"},
		{"the night that is an hour longer", notify.Night, "2026-10-24 23:00", "2026-10-25 07:00"},
		{"it ends in the hour that is missing: the first minute after", notify.Quiet{From: 22 * 60, Until: 2*60 + 30}, "2026-03-29 01:00", "2026-03-29 03:30"},
		{"a siesta", notify.Quiet{From: 13 * 60, Until: 15 * 60}, "2026-03-02 14:00", "2026-03-02 15:00"},
		{"none at all", notify.Quiet{From: 600, Until: 600}, "2026-03-02 10:00", "2026-03-02 10:00"},
	} {
		if got := c.quiet.After(at(c.now), paris(t)); got != at(c.want) {
			t.Errorf("%s: got %s", c.law, got.In(paris(t)))
		}
	}
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestSeveralScansOfAMinuteAreOneMessage(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	s.Quiet()
	for _, st := range []fact.Status{fact.PickedUp, fact.InTransit, fact.OutForDelivery} {
		s.scan("P1", fact.TrustSigned, st)
		s.Quiet()
		s.Pass(15 * time.Second)
	}
	s.calm()
	s.expect(o, "order_confirmed sent", "parcel_shipped skipped superseded", "out_for_delivery sent")
}

// What turned out false is taken back, to who was told it, and may be told again.
func TestACorrection(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	for _, say := range []func(){
		func() { s.scan("P1", fact.TrustSigned, fact.InTransit) }, func() { s.scan("P1", fact.TrustSigned, fact.Delivered) },
		func() { s.retract("P1") }, func() { s.scan("P1", fact.TrustSigned, fact.Delivered) }, func() { s.retract("P1") },
	} {
		say()
		s.calm()
	}
	s.expect(o, "order_confirmed sent", "parcel_shipped sent", "delivered sent", "told_wrong sent", "delivered sent", "told_wrong sent")

	q := s.order()
	s.prefer(fact.TopicDelivered, false)
	s.ship(q, "P2")
	s.scan("P2", fact.TrustSigned, fact.Delivered)
	s.calm()
	s.retract("P2")
	s.calm()
	s.expect(q, "order_confirmed sent", "delivered skipped opted_out")
}

func TestAPromiseKeptAfterAll(t *testing.T) {
	s := newShop(t)
	o, q := s.order(), s.order()
	broken := fact.Ruling{Promise: s.promise(o), Verdict: "ver_1"}
	s.says(o, fact.PromiseBroken{Ruling: broken})
	s.Quiet()
	s.says(o, fact.PromiseCorrected{Ruling: broken, Was: fact.Broken, Now: fact.Kept})
	s.says(q, fact.PromiseCorrected{Ruling: fact.Ruling{Promise: s.promise(q), Verdict: "ver_2"}, Was: fact.Broken, Now: fact.Kept})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "promise_broken sent", "told_wrong sent")
	s.expect(q, "order_confirmed sent") // nobody wrote that it was broken
}
