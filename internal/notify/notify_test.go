package notify_test

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/channeltest"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestAnOrderIsToldFromCheckoutToTheDoor(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.calm()
	s.ship(o, "P1")
	for _, status := range []fact.Status{fact.Pending, fact.PickedUp, fact.InTransit, fact.ArrivedLocal, fact.OutForDelivery, fact.Delivered} {
		s.Pass(time.Hour)
		s.scan("P1", fact.TrustSigned, status)
		s.scan("P1", fact.TrustSigned, status) // carriers say things twice
		s.calm()
	}
	s.expect(o, "order_confirmed sent", "parcel_shipped sent", "out_for_delivery sent", "delivered sent")
	if diff := cmp.Diff(map[fact.Kind]int{"notify.sent": 4}, s.facts(o)); diff != "" {
		t.Error(diff)
	}
	got := s.mail.Accepted()
	if len(got) != 4 {
		t.Fatalf("%d letters", len(got))
	}
	msg := s.messages(o)[0]
	for _, c := range []struct{ what, got, want string }{
		{"Message-ID", got[0].GetHeader("Message-ID"), "<" + msg.MessageID + ">"},
		{"its form", msg.MessageID, string(msg.ID) + "@shop.test"},
		{"recipient", got[0].Recipient, "Camille@example.org"},
		{"language: the order's", got[0].GetHeader("Content-Language"), "en"},
		{"the page's address, filled in", strings.TrimSpace(got[0].Text), "order_confirmed, version 1, https://shop.test/p/" + string(o)},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
	s.See(func(tx *db.Tx) error {
		kept, err := notify.Get(tx, s.m, msg.ID)
		if strings.Contains(kept.HTML+kept.Text, "shop.test") || !strings.Contains(kept.HTML, notify.PageMark) {
			t.Errorf("the address of the page is stored: %q", kept.HTML)
		}
		return err
	})
}

func TestTroubleIsToldOncePerCause(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	p := s.promise(o)
	s.says(o, fact.PromiseAtRisk{Promise: p, Cause: "stalled"})
	s.Quiet()
	s.says(o, fact.PromiseAtRisk{Promise: p, Cause: "stalled"}, fact.PromiseAtRisk{Promise: p, Cause: "strike"})
	s.Quiet()
	s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: p}})
	s.Quiet()
	s.says(o, fact.RemedyGranted{Remedy: "rem_1", Commitment: p.Commitment, Order: o, Shopper: s.camille, Amount: money.Of(590, money.EUR)})
	s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: p}})
	s.Quiet()
	s.expect(o, "order_confirmed sent", "promise_at_risk sent", "promise_at_risk skipped duplicate_cause", "promise_at_risk sent",
		"promise_broken sent", "remedy_granted sent", "promise_broken skipped duplicate_cause")
	for _, msg := range s.messages(o) {
		trouble := msg.Topic != fact.TopicConfirmed // what is granted tells of the breach too
		if (msg.Commitment == p.Commitment) != trouble {
			t.Errorf("%s carries commitment %q", msg.Topic, msg.Commitment)
		}
	}
}

func TestOfSeveralScansAtOnceTheLastIsTold(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	s.scan("P1", fact.TrustSigned, fact.PickedUp)
	s.scan("P1", fact.TrustSigned, fact.OutForDelivery)
	s.scan("P1", fact.TrustSigned, fact.Delivered)
	s.calm()
	s.expect(o, "order_confirmed sent", "parcel_shipped skipped superseded", "out_for_delivery skipped superseded", "delivered sent")
}

func TestWhatIsMerelyClaimedIsToldOnceProved(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	s.scan("P1", fact.TrustClaimed, fact.Delivered)
	s.Quiet()
	s.expect(o, "order_confirmed sent", "delivered skipped unproven")
	s.scan("P1", fact.TrustSigned, fact.Delivered) // the same scan, vouched for
	s.calm()
	s.expect(o, "order_confirmed sent", "delivered skipped unproven", "delivered sent")
}

func TestOldNewsIsNone(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	s.Quiet()
	body := fact.ParcelMoved{Parcel: "par_x", Order: o, Shopper: s.camille, Direction: fact.Out, Now: fact.Delivered, Trust: fact.TrustSigned}
	body.LastScan = s.At("2026-03-02 09:00").Add(-72 * time.Hour)
	s.says(o, body)
	s.calm()
	s.expect(o, "order_confirmed sent", "delivered skipped stale")
}

func TestAWarningThatArrivesTooLateIsNotSent(t *testing.T) {
	for _, c := range []struct {
		law     string
		between func(*shop, ident.Order)
		want    string
	}{
		{"the parcel came", func(s *shop, _ ident.Order) { s.scan("P1", fact.TrustSigned, fact.Delivered) }, "skipped superseded"},
		{"the promise is broken already", func(s *shop, o ident.Order) {
			s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: s.promise(o)}})
		}, "skipped superseded"},
		{"the shopper chose another date", func(s *shop, o ident.Order) {
			s.says(o, fact.PromiseAmended{Promise: s.promise(o), Successor: "com_next"})
		}, "skipped superseded"},
		{"somebody looked up another date, and that is told", func(s *shop, o ident.Order) {
			s.says(o, fact.PromiseReestimated{Promise: s.promise(o), Estimate: "est_1"})
		}, "skipped superseded"},
		{"what was broken is repaired already", func(s *shop, o ident.Order) {
			p := s.promise(o)
			s.says(o, fact.RemedyGranted{Remedy: "rem_1", Commitment: p.Commitment, Order: o, Shopper: s.camille, Amount: money.Of(590, money.EUR)})
		}, "skipped superseded"},
		{"the promise of another parcel is broken", func(s *shop, o ident.Order) {
			p := s.promise(o)
			p.Commitment = "com_other"
			s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: p}})
		}, "sent"},
		{"another letter says it", func(s *shop, _ ident.Order) { s.trouble = notify.ErrTogether }, "skipped told_together"},
		{"the composer finds nothing to say", func(s *shop, _ ident.Order) { s.superseded = true }, "skipped superseded"},
		{"the shopper said no", func(s *shop, _ ident.Order) { s.prefer(fact.TopicAtRisk, false) }, "skipped opted_out"},
		{"nothing happened", func(*shop, ident.Order) {}, "sent"},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := newShop(t)
			o := s.order()
			s.ship(o, "P1")
			s.scan("P1", fact.TrustSigned, fact.InTransit)
			s.calm()
			s.mail.Expect(channeltest.Trouble{At: channeltest.Data, Code: 451})
			s.says(o, fact.PromiseAtRisk{Promise: s.promise(o), Cause: "stalled"})
			s.Quiet() // the server says: later
			c.between(s, o)
			if _, err := s.DrainLater(context.Background()); err != nil {
				t.Fatal(err)
			}
			s.Pass(time.Minute)
			s.Quiet()
			if got := s.of(o, fact.TopicAtRisk); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// An early courier and a new date are told once each; neither once the order came.
func TestAskedEarlyAndANewDate(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	s.scan("P1", fact.TrustSigned, fact.InTransit)
	s.calm()
	ask := fact.EarlyAsked{Early: "ear_1", Order: o, Shopper: s.camille}
	date := fact.PromiseReestimated{Promise: s.promise(o), Estimate: "est_1"}
	s.says(o, ask, date)
	s.Quiet()
	date.Estimate = "est_2"
	s.says(o, ask, date)
	s.Quiet()
	s.expect(o, "order_confirmed sent", "parcel_shipped sent", "early_asked sent", "new_date sent", "early_asked skipped duplicate_cause", "new_date sent")
	for _, msg := range s.messages(o) {
		if (msg.Commitment == date.Commitment) != (msg.Topic == fact.TopicNewDate) {
			t.Errorf("%s carries commitment %q", msg.Topic, msg.Commitment)
		}
	}

	s.mail.Expect(channeltest.Trouble{At: channeltest.Data, Code: 451}, channeltest.Trouble{At: channeltest.Data, Code: 451})
	ask.Early, date.Estimate = "ear_2", "est_3"
	s.says(o, ask, date)
	s.Quiet() // the server says: later
	s.scan("P1", fact.TrustSigned, fact.Delivered)
	s.Pass(time.Minute)
	s.Quiet()
	s.Pass(time.Minute)
	s.Quiet()
	log := s.log(o)
	if diff := cmp.Diff([]string{"early_asked skipped superseded", "new_date skipped superseded", "delivered sent"}, log[len(log)-3:]); diff != "" {
		t.Error(diff)
	}
}

// of is the one decision on a topic.
func (s *shop) of(o ident.Order, topic fact.Topic) string {
	s.T.Helper()
	for _, line := range s.log(o) {
		if rest, ok := strings.CutPrefix(line, string(topic)+" "); ok {
			return rest
		}
	}
	return ""
}

func (s *shop) prefer(topic fact.Topic, allowed bool) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return notify.Prefer(tx, s.m, notify.Preference{Shopper: s.camille, Topic: topic, Channel: notify.Email, Allowed: allowed})
	})
}

func TestPreferences(t *testing.T) {
	s := newShop(t)
	s.prefer(fact.TopicShipped, false)
	o := s.order()
	s.ship(o, "P1")
	s.scan("P1", fact.TrustSigned, fact.PickedUp)
	s.calm()
	s.expect(o, "order_confirmed sent", "parcel_shipped skipped opted_out")
	s.prefer(fact.TopicShipped, true)
	p := s.order()
	s.ship(p, "P2")
	s.scan("P2", fact.TrustSigned, fact.PickedUp)
	s.calm()
	s.expect(p, "order_confirmed sent", "parcel_shipped sent")
	s.See(func(tx *db.Tx) error {
		all, err := notify.Preferences(tx, s.m, s.camille)
		if len(all) != 1 || !all[0].Allowed || all[0].Topic != fact.TopicShipped {
			t.Errorf("got %+v", all)
		}
		return err
	})
	err := s.Try(s.m, func(tx *flow.Tx) error {
		return notify.Prefer(tx, s.m, notify.Preference{Shopper: s.camille, Topic: "gossip", Channel: "pigeon"})
	})
	if !fault.Is(err, "unknown_topic") || !fault.Is(err, "unknown_channel") {
		t.Errorf("got %v", err)
	}
	for _, p := range []notify.Preference{
		{Topic: fact.TopicConfirmed, Channel: notify.Email}, {Topic: fact.TopicCode, Channel: notify.SMS, Allowed: true},
	} {
		err := s.Try(s.m, func(tx *flow.Tx) error { return notify.Prefer(tx, s.m, p) })
		if !fault.Is(err, "topic_by_letter") {
			t.Errorf("%v: got %v", p, err)
		}
	}
}

func TestTryingAgainSendsTheSameLetterUnderTheSameName(t *testing.T) {
	for _, trouble := range []channeltest.Trouble{
		{At: channeltest.Data, Code: 451},
		{At: channeltest.Data}, // the line goes dead: nobody knows whether it was taken
	} {
		s := newShop(t)
		s.mail.Expect(trouble)
		o := s.order()
		s.Quiet()
		s.expect(o, "order_confirmed queued")
		s.office("moved.test") // the name is for life, wherever the installation goes
		s.Pass(time.Minute)
		s.Quiet()
		s.expect(o, "order_confirmed sent")
		got := s.mail.Letters()
		if len(got) != 2 || got[0].Accepted || !got[1].Accepted {
			t.Fatalf("%d letters", len(got))
		}
		if string(got[0].Raw) != string(got[1].Raw) {
			t.Errorf("two letters under one name:\n%s\n%s", got[0].Raw, got[1].Raw)
		}
		if diff := cmp.Diff(map[fact.Kind]int{"notify.sent": 1}, s.facts(o)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRefusedForGoodAndTakenUpAgainByAnOperator(t *testing.T) {
	s := newShop(t)
	s.mail.Expect(channeltest.Trouble{At: channeltest.Rcpt, Code: 550}, channeltest.Trouble{At: channeltest.Rcpt, Code: 550})
	o := s.order()
	s.Quiet()
	s.expect(o, "order_confirmed failed smtp_550")
	again := func() {
		t.Helper()
		all := s.parked()
		if len(all) != 1 {
			t.Fatalf("%d errands parked", len(all))
		}
		if ok, err := s.Ready(context.Background(), "test", s.m, all[0].ID); !ok || err != nil {
			t.Fatal(ok, err)
		}
		s.Quiet()
	}
	again()
	s.expect(o, "order_confirmed failed smtp_550")
	again()
	s.expect(o, "order_confirmed sent")
	if diff := cmp.Diff(map[fact.Kind]int{"notify.failed": 1, "notify.sent": 1}, s.facts(o)); diff != "" {
		t.Error(diff)
	}
}

func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	s := newShop(t)
	for range 50 {
		s.mail.Expect(channeltest.Trouble{At: channeltest.Mail, Code: 421})
	}
	o := s.order()
	hours := 0
	for ; len(s.parked()) == 0 && hours < 48; hours++ {
		s.Quiet()
		s.Pass(time.Hour)
	}
	s.expect(o, "order_confirmed failed gave_up")
	if hours < 4 {
		t.Errorf("given up after %d hours", hours)
	}
}

func TestALetterThatCanNotBeWrittenWaits(t *testing.T) {
	s := newShop(t)
	s.trouble = errDisk
	o := s.order()
	s.Quiet()
	s.expect(o, "order_confirmed queued")
	s.trouble = nil
	s.Pass(time.Minute)
	s.Quiet()
	s.expect(o, "order_confirmed sent")
}

func TestBounces(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.Quiet()
	id := s.messages(o)[0].MessageID
	bounce := func(id string, hard bool) error {
		return s.Try(s.m, func(tx *flow.Tx) error { return notify.Bounce(tx, s.m, id, hard) })
	}
	if err := bounce("<"+id+">", false); err != nil {
		t.Fatal(err)
	}
	p := s.order()
	s.Quiet()
	s.expect(o, "order_confirmed bounced")
	s.expect(p, "order_confirmed sent") // a full mailbox may be emptied
	second := s.messages(p)[0].MessageID
	for range 2 {
		if err := bounce(second, true); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[fact.Kind]int{"notify.sent": 1, "notify.bounced": 1}, s.facts(p)); diff != "" {
		t.Error(diff)
	}
	q := s.order()
	s.Quiet()
	s.expect(q, "order_confirmed skipped address_bounced")
	for _, unknown := range []string{"", "<>", "msg_x@shop.test", string(s.messages(q)[0].ID) + "@shop.test", strings.Replace(second, "shop", "other", 1)} {
		if err := bounce(unknown, true); !fault.Is(err, "not_found") {
			t.Errorf("%q: got %v", unknown, err)
		}
	}
	other := newShop(t)
	if err := other.Try(other.m, func(tx *flow.Tx) error { return notify.Bounce(tx, other.m, second, true) }); !fault.Is(err, "not_found") {
		t.Errorf("another merchant bounced our message: %v", err)
	}
}

func TestAWordThatNoFactSays(t *testing.T) {
	for _, topic := range []fact.Topic{fact.TopicLink, fact.TopicCode} {
		s := newShop(t)
		tell := func(cause string) {
			s.Do(s.m, func(tx *flow.Tx) error {
				return notify.Tell(tx, s.m, notify.Note{
					Shopper: s.camille, Topic: topic, Cause: cause,
					Words: notify.Letter{Locale: lang.French, Subject: "Confirmez", Text: "https://shop.test/once/secret", HTML: "<p>secret</p>"},
				})
			})
			s.Quiet()
		}
		tell("a")
		tell("a")
		tell("b")
		if n := len(s.mail.Accepted()); n != 2 || !strings.Contains(s.mail.Accepted()[0].Text, "secret") {
			t.Fatalf("%s: %d letters", topic, n)
		}
		for _, msg := range s.messages("") {
			s.forgotten(msg)
		}
		if s.composed > 0 {
			t.Error("the words were given, and composed again")
		}
	}
}

// forgotten fails the test when the words of a message are still kept.
func (s *shop) forgotten(msg notify.Message) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		kept, err := notify.Get(tx, s.m, msg.ID)
		if kept.HTML+kept.Text != "" {
			s.T.Errorf("%s: the one-time words are still kept: %q", msg.Topic, kept.Text)
		}
		return err
	})
}

// TestManyAtOnce: the same order is placed, and the same scan sent, by many at once.
func TestManyAtOnce(t *testing.T) {
	s := newShop(t)
	o := s.order()
	s.ship(o, "P1")
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() { s.scan("P1", fact.TrustSigned, fact.PickedUp) })
		wg.Go(func() {
			s.says(o, fact.PromiseBroken{Ruling: fact.Ruling{Promise: s.promise(o), Reason: fmt.Sprint(i)}})
		})
		wg.Go(func() {
			if _, err := s.DrainLater(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.calm()
	sent := map[string]int{}
	for _, l := range s.mail.Accepted() {
		sent[l.GetHeader("Subject")]++
	}
	want := map[string]int{"order_confirmed": 1, "parcel_shipped": 1, "promise_broken": 1}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
	if got := s.parked(); len(got) > 0 {
		t.Errorf("parked: %+v", got)
	}
}

// What never left is erased too: it would open as well.
func TestOneTimeWordsThatDoNotLeaveAreErased(t *testing.T) {
	for _, topic := range []fact.Topic{fact.TopicLink, fact.TopicCode} {
		s := newShop(t)
		o := s.order()
		s.Quiet()
		first := s.messages(o)[0]
		s.Do(s.m, func(tx *flow.Tx) error {
			return notify.Tell(tx, s.m, notify.Note{
				Shopper: s.camille, Topic: topic, Cause: "a",
				Words: notify.Letter{Locale: lang.French, Subject: "Confirmez", Text: "https://shop.test/once/secret", HTML: "<p>secret</p>"},
			})
		})
		s.Do(s.m, func(tx *flow.Tx) error { return notify.Bounce(tx, s.m, first.MessageID, true) })
		s.Quiet()
		all := s.messages("")
		if len(all) != 1 || all[0].State != notify.Skipped {
			t.Fatalf("%+v", all)
		}
		s.forgotten(all[0])
	}
}

// Letters come from the shop as shoppers know it, and answers reach a person there.
func TestTheShopsBrandIsOnTheEnvelope(t *testing.T) {
	s := newShop(t)
	s.Do(s.m, func(tx *flow.Tx) error {
		return merchant.SetBrand(tx, s.m, merchant.Brand{Shown: "Chez Épi", Contact: "bonjour@epi.example"})
	})
	s.order()
	s.Quiet()
	got := s.mail.Accepted()
	if len(got) != 1 {
		t.Fatalf("%d letters", len(got))
	}
	from, err := mail.ParseAddress(got[0].GetHeader("From"))
	if err != nil || from.Name != "Chez Épi" || got[0].GetHeader("Reply-To") != "<bonjour@epi.example>" {
		t.Errorf("from %v (%v), answers to %q", from, err, got[0].GetHeader("Reply-To"))
	}
}
