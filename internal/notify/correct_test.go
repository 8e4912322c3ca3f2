package notify_test

import (
	"context"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/channeltest"
)

// Who never had a letter is not told that it was wrong.
func TestWhatNeverLeftIsNotCorrected(t *testing.T) {
	for _, c := range []struct {
		law  string
		word func(*shop) // what becomes of the word that the parcel was delivered
		want []string
	}{
		{"the mail server refused it", func(s *shop) {
			s.mail.Expect(channeltest.Trouble{At: channeltest.Rcpt, Code: 550})
			s.calm()
		}, []string{"delivered failed smtp_550"}},
		{"it still waits for the next scan", func(s *shop) { s.Quiet() }, []string{"delivered skipped superseded"}},
		{"the shopper said no before it left", func(s *shop) {
			s.Quiet()
			s.prefer(fact.TopicDelivered, false)
			s.calm()
		}, []string{"delivered skipped opted_out"}},
		{"the line went dead when it was taken: it may have been read", func(s *shop) {
			s.mail.Expect(channeltest.Trouble{At: channeltest.Done})
			s.calm()
		}, []string{"delivered sent", "told_wrong sent"}},
		{"it was taken", func(s *shop) { s.calm() }, []string{"delivered sent", "told_wrong sent"}},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := newShop(t)
			o := s.order()
			s.ship(o, "P1")
			s.calm()
			s.scan("P1", fact.TrustSigned, fact.Delivered)
			c.word(s)
			s.retract("P1")
			s.calm()
			s.expect(o, append([]string{"order_confirmed sent"}, c.want...)...)
			s.prefer(fact.TopicDelivered, true)
			s.scan("P1", fact.TrustSigned, fact.Delivered) // and now it came
			s.calm()
			s.expect(o, append(append([]string{"order_confirmed sent"}, c.want...), "delivered sent")...)
		})
	}
}

// A word that was to replace a correction, and was itself taken back before it left,
// leaves the first word standing: it is corrected after all.
func TestACorrectionThatGaveWayIsMadeGood(t *testing.T) {
	p := newPhones(t, mobile)
	p.wants(notify.SMS, true, fact.TopicDelivered)
	p.At("2026-03-02 21:30")
	o := p.order()
	p.ship(o, "P1")
	p.scan("P1", fact.TrustSigned, fact.Delivered)
	p.calm()
	p.At("2026-03-02 22:30")
	p.retract("P1")
	p.calm()
	p.scan("P1", fact.TrustSigned, fact.Delivered)
	p.calm()
	p.retract("P1")
	p.calm()
	p.At("2026-03-03 07:00")
	p.Quiet()
	p.expectOn(o, notify.SMS, "delivered sent", "told_wrong sent", "delivered skipped superseded")
}

// What was due while nothing ran leaves when it is no longer quiet, and not at the
// hour at which somebody starts the program again.
func TestWhatWasDueWhileTheNodeWasDownWaitsForTheMorning(t *testing.T) {
	for _, c := range []struct {
		law string
		run func(*phones) // before the node goes down
	}{
		{"the minute for more scans was not over", func(p *phones) { p.Quiet() }},
		{"the fact was written down and nobody was told yet", func(*phones) {}},
	} {
		t.Run(c.law, func(t *testing.T) {
			p := newPhones(t, mobile)
			p.wants(notify.SMS, true, fact.TopicDelivered, fact.TopicEarly)
			p.enrol("https://push.example/1")
			p.At("2026-03-02 21:55")
			o := p.order()
			p.ship(o, "P1")
			p.calm()
			p.scan("P1", fact.TrustSigned, fact.Delivered)
			c.run(p)
			p.At("2026-03-03 02:00") // nothing ran meanwhile
			p.calm()
			p.expectOn(o, notify.Email, "order_confirmed sent", "delivered sent")
			p.expectOn(o, notify.SMS, "delivered queued")
			if p.pushes = nil; len(p.texts) != 0 {
				t.Errorf("%d SMS at night", len(p.texts))
			}
			p.At("2026-03-03 06:59")
			p.Quiet()
			p.expectOn(o, notify.SMS, "delivered queued")
			p.At("2026-03-03 07:00")
			p.Quiet()
			p.expectOn(o, notify.SMS, "delivered sent")
			if len(p.pushes) != 1 {
				t.Errorf("%d notifications in the morning", len(p.pushes))
			}
		})
	}
}

// A text that its gateway did not take in the evening is offered again in the morning.
func TestATryThatFailedWaitsForTheMorningToo(t *testing.T) {
	p, tries := newPhones(t, mobile), 0
	p.flaky(&tries)
	p.wants(notify.SMS, true, fact.TopicDelivered)
	p.At("2026-03-02 21:58")
	o := p.order()
	p.ship(o, "P1")
	p.scan("P1", fact.TrustSigned, fact.Delivered)
	p.calm()
	p.expectOn(o, notify.SMS, "delivered queued")
	p.Pass(4 * time.Hour)
	p.Quiet()
	if tries != 1 {
		t.Errorf("offered %d times by two in the morning", tries)
	}
	p.At("2026-03-03 07:00")
	p.Quiet()
	p.expectOn(o, notify.SMS, "delivered sent")
}

// flaky has the gateway for SMS say later once.
func (p *phones) flaky(tries *int) {
	p.Handle(notify.Office{Flow: p.Flow, Host: "shop.test", Compose: p.compose, Channels: notify.Channels{
		notify.Email: func(_ context.Context, _ notify.Letter) error { return nil },
		notify.SMS: func(_ context.Context, _ notify.Letter) error {
			if *tries++; *tries == 1 {
				return errLater
			}
			return nil
		},
	}}.Sender())
}
