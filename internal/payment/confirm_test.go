package payment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func (s *shop) confirm(id ident.Refund, at civil.Instant, reference string) error {
	return s.Try(s.m, func(tx *flow.Tx) error { return payment.Confirm(tx, s.m, id, at, reference) })
}

// asked is a shop that was asked, on Monday 2 March 2026 at 09:00, to pay 10.00 back.
func asked(t *testing.T) (*shop, payment.Refund) {
	s := newShop(t)
	o := s.place()
	if err := s.decide(s.decision(o, 1000)); err != nil {
		t.Fatal(err)
	}
	s.Quiet()
	return s, s.refunds(o.ID)[0]
}

func TestTheShopConfirmsWhatItPaid(t *testing.T) {
	for _, row := range []struct {
		law       string
		at        string
		reference string
		code      string
		arrives   string
	}{
		{"the same day: ten working days for the bank", "2026-03-02 10:00", "V-1", "", "2026-03-16"},
		{"on Friday evening", "2026-03-06 23:59", "V-1", "", "2026-03-20"},
		{"before Easter Monday and 1 May", "2026-04-20 10:00", "V-1", "", "2026-05-05"},
		{"before it was asked", "2026-03-02 08:59", "V-1", "refund_confirmed_early at", ""},
		{"tomorrow", "2026-06-02 10:00", "V-1", "instant_in_the_future at", ""},
		{"without a reference", "2026-03-02 10:00", " ", "field_required reference", ""},
	} {
		t.Run(row.law, func(t *testing.T) {
			s, r := asked(t)
			at := s.At(row.at)
			s.At("2026-06-01 10:00")
			if got := codes(s.confirm(r.ID, at, row.reference)); got != row.code {
				t.Fatalf("got %q, want %q", got, row.code)
			}
			got := s.refunds(r.Order)[0]
			if row.code == "" && (got.State != payment.Done || got.Done != at || got.ArrivesBy.String() != row.arrives) {
				t.Errorf("%+v", got)
			}
			if row.code != "" && got.State != payment.Asked {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAConfirmationIsSaidOnce(t *testing.T) {
	s, r := asked(t)
	at := s.Clock().Now()
	for _, row := range []struct{ reference, code string }{{"V-1", ""}, {"V-1", ""}, {"V-2", "refund_not_waiting refund"}} {
		if got := codes(s.confirm(r.ID, at, row.reference)); got != row.code {
			t.Errorf("%s: got %q", row.reference, got)
		}
	}
	if got := codes(s.confirm("rfd_nobody", at, "V")); got != "not_found refund" {
		t.Errorf("nobody's: %q", got)
	}
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(r.Order))
		told := 0
		for _, f := range all {
			if b, ok := f.Body.(fact.Refunded); ok {
				told++
				if b.Amount != eur(1000) || b.Decision != r.Decision || b.At != at {
					t.Errorf("told %+v", b)
				}
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
		return err
	})
}

func TestTheQueueHoldsWhatWaitsForAPerson(t *testing.T) {
	s, r := asked(t)
	s.Pass(time.Minute)
	if err := s.decide(s.decision(s.place(), 500)); err != nil {
		t.Fatal(err)
	}
	s.Quiet()
	queue := func(after payment.Refund) (ids []ident.Refund) {
		s.See(func(tx *db.Tx) error {
			all, err := payment.Waiting(tx, s.m, after, 10)
			for _, r := range all {
				ids = append(ids, r.ID)
			}
			return err
		})
		return ids
	}
	if all := queue(payment.Refund{}); len(all) != 2 || all[0] != r.ID {
		t.Errorf("%v", all)
	}
	if rest := queue(r); len(rest) != 1 {
		t.Errorf("%v", rest)
	}
	if err := s.confirm(r.ID, s.Clock().Now(), "V-1"); err != nil {
		t.Fatal(err)
	}
	if rest := queue(payment.Refund{}); len(rest) != 1 {
		t.Errorf("%v", rest)
	}
}

func TestHasItCome(t *testing.T) {
	s, r := asked(t)
	miss := func() (c payment.Claim, err error) {
		err = s.Try(s.m, func(tx *flow.Tx) (err error) {
			c, err = payment.Missed(tx, s.m, r.ID)
			return err
		})
		return c, err
	}
	if _, err := miss(); codes(err) != "refund_not_done refund" {
		t.Errorf("before it left: %v", err)
	}
	if err := s.confirm(r.ID, s.Clock().Now(), "V-1"); err != nil { // the banks have until 16 March
		t.Fatal(err)
	}
	s.At("2026-03-16 23:59:59")
	if _, err := miss(); codes(err) != "refund_not_due_yet refund" {
		t.Errorf("in the last second of the banks' days: %v", err)
	}
	s.At("2026-03-17 00:00:00")
	first, err := miss()
	if err != nil || first.AnswerBy.In(paris()).Format("2006-01-02 15:04") != "2026-03-20 00:00" {
		t.Errorf("two working days, whole: %v, %v", first.AnswerBy.In(paris()), err)
	}
	s.Pass(time.Hour)
	if again, err := miss(); err != nil || cmp.Diff(first, again) != "" {
		t.Errorf("said again: %+v, %v", again, err)
	}
	answer := func(o payment.Outcome) error {
		return s.Try(s.m, func(tx *flow.Tx) error { return payment.AnswerClaim(tx, s.m, r.ID, o) })
	}
	if got := codes(answer("perhaps")); got != "unknown_value outcome" {
		t.Errorf("got %q", got)
	}
	if n := s.claims(); n != 1 {
		t.Errorf("%d open", n)
	}
	if err := answer(payment.Found); err != nil {
		t.Fatal(err)
	}
	if n := s.claims(); n != 0 {
		t.Errorf("%d open", n)
	}
}

func (s *shop) claims() (n int) {
	s.See(func(tx *db.Tx) error {
		all, err := payment.OpenClaims(tx, s.m, payment.Claim{}, 10)
		n = len(all)
		return err
	})
	return n
}

func paris() *time.Location {
	l, err := civil.Zone("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}

func TestTermsAndMeans(t *testing.T) {
	s := newShop(t)
	o := s.place()
	set := func(tm payment.Terms) string {
		return codes(s.Try(s.m, func(tx *flow.Tx) error { return payment.SetTerms(tx, s.m, tm) }))
	}
	if got := set(payment.Terms{BankDays: 0, AnswerDays: 61}); got != "number_out_of_range bank_days, number_out_of_range answer_days" {
		t.Error(got)
	}
	if got := set(payment.Terms{BankDays: 5, AnswerDays: 1}); got != "" {
		t.Error(got)
	}
	for _, row := range []struct {
		means payment.Means
		code  string
	}{
		{payment.Means{Provider: payment.Offline, Label: "chèque"}, ""},
		{payment.Means{Provider: payment.Stripe, Reference: " pi_1 ", Label: "Visa •••• 4242"}, ""},
		{payment.Means{Provider: payment.Stripe, Label: "Visa"}, "field_required reference"},
		{payment.Means{Provider: "paypal", Reference: "x"}, "payment_provider_unknown provider"},
		{payment.Means{Provider: payment.Offline, Label: "4242 4242 4242 4242"}, "payment_label_unmasked label"},
	} {
		err := s.Try(s.m, func(tx *flow.Tx) error { return payment.Captured(tx, s.m, o.ID, row.means) })
		if got := codes(err); got != row.code {
			t.Errorf("%+v: got %q", row.means, got)
		}
	}
	s.See(func(tx *db.Tx) error {
		terms, err := payment.TermsOf(tx, s.m)
		means, err2 := payment.MeansOf(tx, s.m, o.ID)
		nobody, err3 := payment.MeansOf(tx, s.m, "ord_nobody")
		if terms != (payment.Terms{BankDays: 5, AnswerDays: 1}) || means.Reference != "pi_1" || nobody.Provider != payment.Offline {
			t.Errorf("%+v, %+v, %+v", terms, means, nobody)
		}
		for _, err := range []error{err, err2, err3} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestAnAccountIsSealed(t *testing.T) {
	s := newShop(t)
	v, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	other := s.Merchant()
	set := func(p payment.Provider, a payment.Account) string {
		return codes(s.Try(s.m, func(tx *flow.Tx) error { return payment.SetAccount(tx, v, s.m, p, a) }))
	}
	if got := set(payment.Offline, payment.Account{Secret: "x"}); got != "payment_provider_unknown provider" {
		t.Error(got)
	}
	if got := set(payment.Stripe, payment.Account{}); got != "field_required secret" {
		t.Error(got)
	}
	if got := set(payment.Stripe, payment.Account{Secret: "sk_live_1", Notice: "whsec_1"}); got != "" {
		t.Error(got)
	}
	s.See(func(tx *db.Tx) error {
		stored, _, err := db.One(tx, `select sealed from payment_account where merchant = $1`, db.Scalar[string], s.m)
		if err != nil || stored == "" || len(stored) < 40 {
			t.Errorf("%q, %v", stored, err)
		}
		a, ok, err := payment.AccountOf(tx, v, s.m, payment.Stripe)
		if err != nil || !ok || a != (payment.Account{Secret: "sk_live_1", Notice: "whsec_1"}) {
			t.Errorf("%v %v, %v", a.Secret, ok, err)
		}
		if _, ok, err := payment.AccountOf(tx, v, other, payment.Stripe); ok || err != nil {
			t.Errorf("another's: %v, %v", ok, err)
		}
		return nil
	})
	// A seal is worth nothing in another merchant's row.
	s.Do(other, func(tx *flow.Tx) error {
		return tx.Do(`insert into payment_account (merchant, provider, sealed, changed)
			select $2, provider, sealed, changed from payment_account where merchant = $1`, s.m, other)
	})
	s.See(func(tx *db.Tx) error {
		if _, _, err := payment.AccountOf(tx, v, other, payment.Stripe); err == nil {
			t.Error("opened in another's row")
		}
		return nil
	})
}
