package stripe_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/stripe"
	"github.com/promesse-dev/promesse/internal/payment/stripe/stripetest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// However badly the provider behaves, one decision is one refund, and a minute
// later we know.
func TestHoweverTheProviderBehavesADecisionIsRefundedOnce(t *testing.T) {
	for _, mode := range stripetest.Modes {
		t.Run(string(mode), func(t *testing.T) {
			s := newShop(t)
			s.provider.Next(mode)
			id := s.decide()
			s.until(id, payment.Done, time.Minute)
			s.Pass(time.Hour)
			s.Quiet()
			all, r := s.provider.Refunds(), s.refund(id)
			if len(all) != 1 || all[0].Amount != 500 || all[0].Metadata["promesse_key"] != string(r.Decision) || r.Reference != all[0].ID {
				t.Errorf("the provider has %+v, we have %+v", all, r)
			}
			if d := cmp.Diff(map[fact.Kind]int{"payment.refund_ordered": 1, "payment.refunded": 1}, s.facts()); d != "" {
				t.Error(d)
			}
		})
	}
}

// Modes one after the other, on the same refund: whatever comes before, the last
// word is one refund.
func TestTroubleUponTrouble(t *testing.T) {
	s := newShop(t)
	s.provider.Next(stripetest.Failing, stripetest.ResetBefore, stripetest.Failing, stripetest.ResetBefore, stripetest.ResetAfter)
	id := s.decide()
	s.until(id, payment.Done, 3*time.Minute)
	if all := s.provider.Refunds(); len(all) != 1 {
		t.Errorf("the provider has %+v", all)
	}
}

func TestWhatBecameOfARefundIsKnownAMinuteAfterTheProviderAnswersAgain(t *testing.T) {
	for _, mode := range []stripetest.Mode{stripetest.Silent, stripetest.ResetBefore, stripetest.ResetAfter, stripetest.Broken} {
		t.Run(string(mode), func(t *testing.T) {
			s := newShop(t)
			s.provider.Next(mode)
			id := s.decide()
			for s.provider.Calls() == 0 {
				if _, err := s.RunErrands(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			s.provider.Down(true)
			for range 240 {
				s.Pass(30 * time.Second)
				s.Quiet()
			}
			if r := s.refund(id); r.State != payment.Unknown {
				t.Fatalf("two hours later it is %+v", r)
			}
			s.provider.Down(false)
			if took := s.until(id, payment.Done, time.Minute); took > time.Minute {
				t.Errorf("known after %v", took)
			}
			if all := s.provider.Refunds(); len(all) != 1 {
				t.Errorf("the provider has %+v", all)
			}
		})
	}
}

// Past a day the provider has forgotten the key, and the same call would pay
// again: it is looked for, and what is not found is a person's business.
func TestAForgottenKeyIsNeverUsedAgain(t *testing.T) {
	s := newShop(t)
	s.provider.Next(stripetest.Silent, stripetest.ResetBefore)
	executed, lost := s.decide(), s.decide()
	for s.provider.Calls() < 2 {
		if _, err := s.RunErrands(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.provider.Down(true)
	s.Quiet()
	s.Pass(25 * time.Hour)
	s.Quiet()
	if r := s.refund(executed); r.State != payment.Stuck || r.Why != payment.NotKnown {
		t.Errorf("a day after: %+v", r)
	}
	s.provider.Down(false)
	s.until(executed, payment.Done, time.Minute)
	s.Pass(time.Hour)
	s.Quiet()
	r := s.refund(lost)
	if r.State != payment.Stuck || r.Why != payment.NotKnown || r.Money != money.Of(500, money.EUR) {
		t.Errorf("lost for good: %+v", r)
	}
	s.Do(s.m, func(tx *flow.Tx) error { return payment.LookAgain(tx, s.m, lost) })
	s.Pass(time.Minute)
	s.Quiet()
	if calls, all := s.provider.Calls(), s.provider.Refunds(); calls != 2 || len(all) != 1 {
		t.Errorf("%d calls, the provider has %+v", calls, all)
	}
	now := s.Clock().Now()
	s.Do(s.m, func(tx *flow.Tx) error { return payment.Confirm(tx, s.m, lost, now, "virement 12") })
	if r := s.refund(lost); r.State != payment.Done || r.Reference != "virement 12" || r.Done != now {
		t.Errorf("confirmed: %+v", r)
	}
}

// A node that was down for two days before any call left may still call: nothing
// was ever sent under the key.
func TestARefundNeverSentIsSentHoweverLate(t *testing.T) {
	s := newShop(t)
	id := s.decide()
	s.Pass(48 * time.Hour)
	s.until(id, payment.Done, 0)
}

func TestWhoSaysNoIsNotAskedAgain(t *testing.T) {
	s := newShop(t)
	s.provider.Next(stripetest.Refusing, stripetest.Unauthorised)
	declined, locked := s.decide(), s.decide()
	s.Quiet()
	for range 10 {
		s.Pass(time.Hour)
		s.Quiet()
	}
	for _, id := range []payment.Refund{s.refund(declined), s.refund(locked)} {
		if id.State != payment.Stuck || id.Why != payment.Declined {
			t.Errorf("%+v", id)
		}
	}
	s.provider.Capture("pi_1", 400)
	s.until(s.decide(), payment.Stuck, 0) // more than is left at the provider
	if n := s.provider.Calls(); n != 3 {
		t.Errorf("%d calls", n)
	}
	s.provider.Capture("pi_1", 4000)
	s.Do(s.m, func(tx *flow.Tx) error { return payment.LookAgain(tx, s.m, locked) })
	s.until(locked, payment.Done, time.Minute)
}

func TestAProviderThatFailsAndFailsIsAPersonsBusiness(t *testing.T) {
	s := newShop(t)
	for range 100 {
		s.provider.Next(stripetest.Failing)
	}
	id := s.decide()
	if took := s.until(id, payment.Stuck, time.Hour); took < 5*time.Minute {
		t.Errorf("given up after %v", took)
	}
	if r := s.refund(id); r.Why != payment.NeverCarried || len(s.provider.Refunds()) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAPendingRefundIsDoneWhenTheProviderSaysSo(t *testing.T) {
	for _, row := range []struct {
		status string
		want   payment.State
	}{{"succeeded", payment.Done}, {"failed", payment.Stuck}, {"canceled", payment.Stuck}} {
		t.Run(row.status, func(t *testing.T) {
			s := newShop(t)
			s.provider.Next(stripetest.Waiting, stripetest.Waiting)
			told, asked := s.decide(), s.decide()
			s.until(asked, payment.Pending, 0)
			if err := s.provider.Finish(s.refund(told).Reference, row.status); err != nil {
				t.Fatal(err)
			}
			s.until(told, row.want, 0)
			s.provider.Hook("")
			if err := s.provider.Finish(s.refund(asked).Reference, row.status); err != nil {
				t.Fatal(err)
			}
			s.until(asked, row.want, time.Hour)
		})
	}
}

func TestARefundThatTheBankSendsBackIsAPersonsBusiness(t *testing.T) {
	s := newShop(t)
	id := s.decide()
	s.until(id, payment.Done, 0)
	s.Pass(72 * time.Hour)
	if err := s.provider.Finish(s.refund(id).Reference, "failed"); err != nil {
		t.Fatal(err)
	}
	if r := s.refund(id); r.State != payment.Stuck || r.Why != payment.FailedLater {
		t.Errorf("%+v", r)
	}
	now := s.Clock().Now()
	s.Do(s.m, func(tx *flow.Tx) error { return payment.Confirm(tx, s.m, id, now, "virement 13") })
	if d := cmp.Diff(map[fact.Kind]int{"payment.refund_ordered": 1, "payment.refunded": 2, "payment.refund_stuck": 1}, s.facts()); d != "" {
		t.Error(d)
	}
}

func TestWithoutAnAccountNobodyIsCalled(t *testing.T) {
	s := newShop(t)
	other, o, l := furnishWithout(t, s)
	d := decision(o, l, 1)
	s.Do(other, func(tx *flow.Tx) error { return tx.Emit(other, string(o), "d", d) })
	s.Quiet()
	if got := stateOf(s, other, o); got != payment.Stuck || s.provider.Calls() != 0 {
		t.Errorf("%s after %d calls", got, s.provider.Calls())
	}
}

// An event moves money only when it was signed by who may, and just now.
func TestOnlySignedEventsAreHeard(t *testing.T) {
	s := newShop(t)
	made := stripetest.Refund{
		ID: "re_1", Object: "refund", Amount: 500, Currency: "eur", Created: s.Clock().Wall().Time().Unix(),
		Metadata: map[string]string{"promesse_key": "dec_1"}, Status: "succeeded",
	}
	body, signature := s.provider.Event("refund.updated", made)
	other, _ := s.provider.Event("refund.updated", made)
	old, _ := stripetestAt(s, -400*time.Second)
	for _, row := range []struct {
		law       string
		body      []byte
		signature string
		secret    string
		after     time.Duration
		ok        bool
	}{
		{"as sent", body, signature, noticeSecret, 0, true},
		{"299 s later", body, signature, noticeSecret, 299 * time.Second, true},
		{"300 s later", body, signature, noticeSecret, 300 * time.Second, true},
		{"301 s later: a replay", body, signature, noticeSecret, 301 * time.Second, false},
		{"301 s from the future", body, signature, noticeSecret, -301 * time.Second, false},
		{"another body", other, signature, noticeSecret, 0, false},
		{"another's secret", body, signature, "whsec_other", 0, false},
		{"no secret known", body, signature, "", 0, false},
		{"no signature", body, "", noticeSecret, 0, false},
		{"an instant and no signature", body, "t=1", noticeSecret, 0, false},
		{"two instants", body, "t=9999999999," + signature, noticeSecret, 0, false},
		{"an old signature under a fresh instant", body, freshen(s, old), noticeSecret, 0, false},
	} {
		n, ok, err := stripe.ReadNotice(row.body, row.signature, row.secret, s.Clock().Wall().Add(row.after))
		if ok != row.ok || row.ok && n.Key != "dec_1" || !row.ok && fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("%s: %+v, %v, %v", row.law, n, ok, err)
		}
	}
}

func TestAnEventIsHeardOnce(t *testing.T) {
	s := newShop(t)
	s.provider.Next(stripetest.Waiting)
	id := s.decide()
	s.until(id, payment.Pending, 0)
	made := s.provider.Refunds()[0]
	made.Status = "succeeded"
	body, signature := s.provider.Event("refund.updated", made)
	v := keys(t)
	for range 3 {
		if err := hear(t.Context(), s.Flow, v, s.m, body, signature); err != nil {
			t.Fatal(err)
		}
	}
	charge, signed := s.provider.Event("charge.succeeded", made) // about something else
	if err := hear(t.Context(), s.Flow, v, s.m, charge, signed); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[fact.Kind]int{"payment.refund_ordered": 1, "payment.refunded": 1}, s.facts()); d != "" {
		t.Error(d)
	}
}

// A refund under our key that is not ours is nobody's success.
func TestAnotherAmountUnderOurKeyIsAPersonsBusiness(t *testing.T) {
	s := newShop(t)
	s.provider.Next(stripetest.Waiting)
	id := s.decide()
	s.until(id, payment.Pending, 0)
	made := s.provider.Refunds()[0]
	made.Status, made.Amount = "succeeded", 50
	body, signature := s.provider.Event("refund.updated", made)
	if err := hear(t.Context(), s.Flow, keys(t), s.m, body, signature); err != nil {
		t.Fatal(err)
	}
	if r := s.refund(id); r.State != payment.Stuck || r.Why != payment.OtherAmount {
		t.Errorf("%+v", r)
	}
}
