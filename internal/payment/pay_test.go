package payment_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func TestWhatADecisionPays(t *testing.T) {
	for _, row := range []struct {
		law  string
		make func(*fact.ReturnDecided)
		code string
		want []string
	}{
		{"in part, by the means that paid", func(*fact.ReturnDecided) {}, "", []string{"asked 10.00 EUR + 0.00 EUR"}},
		{"as credit, when chosen: at once", func(d *fact.ReturnDecided) { d.Settlement = fact.Credit }, "", []string{"done 0.00 EUR + 10.00 EUR"}},
		{"other goods: nothing", func(d *fact.ReturnDecided) { d.Settlement = fact.Exchange }, "", nil},
		{"refused: nothing", func(d *fact.ReturnDecided) { d.Outcome, d.Amount, d.Lines = fact.Refused, eur(0), nil }, "", nil},
		{"free goods: nothing is owed", func(d *fact.ReturnDecided) { d.Amount, d.Lines = eur(0), nil }, "", nil},
		{"all that was captured", func(d *fact.ReturnDecided) { d.Amount, d.Lines[0].Amount = eur(3000), eur(3000) }, "", []string{"asked 30.00 EUR + 0.00 EUR"}},
		{"a cent more", func(d *fact.ReturnDecided) { d.Amount, d.Lines[0].Amount = eur(3001), eur(3001) }, "refund_above_captured lines", nil},
		{"one line in two parts, together a cent more", func(d *fact.ReturnDecided) {
			d.Amount, d.Lines[0].Amount = eur(3001), eur(3000)
			d.Lines = append(d.Lines, fact.RefundLine{Line: d.Lines[0].Line, Amount: eur(1)})
		}, "refund_above_captured lines", nil},
		{"goods that cost nothing, told line by line", func(d *fact.ReturnDecided) { d.Amount, d.Lines[0].Amount = eur(0), eur(0) }, "", nil},
		{"one line for nothing beside another", func(d *fact.ReturnDecided) {
			d.Lines = append(d.Lines, fact.RefundLine{Line: d.Lines[0].Line, Units: 1, Amount: eur(0)})
		}, "", []string{"asked 10.00 EUR + 0.00 EUR"}},
		{"nothing, though something is owed", func(d *fact.ReturnDecided) { d.Amount, d.Lines[0].Amount, d.RefundBy = eur(0), eur(0), 1 }, "refund_amount_invalid amount", nil},
		{"nothing, of lines that are something", func(d *fact.ReturnDecided) { d.Amount = eur(0) }, "refund_amount_invalid amount", nil},
		{"less than nothing", func(d *fact.ReturnDecided) { d.Amount, d.Lines[0].Amount = eur(-1), eur(-1) }, "refund_amount_invalid amount, refund_amount_invalid lines[0].amount", nil},
		{"another currency", func(d *fact.ReturnDecided) {
			d.Amount, d.Lines[0].Amount = money.Of(1000, "GBP"), money.Of(1000, "GBP")
		}, "currency_mismatch amount, currency_mismatch lines[0].amount", nil},
		{"one line in another currency", func(d *fact.ReturnDecided) { d.Lines[0].Amount = money.Of(1000, "GBP") }, "currency_mismatch lines[0].amount", nil},
		{"lines that do not add up", func(d *fact.ReturnDecided) { d.Lines[0].Amount = eur(999) }, "refund_lines_disagree lines", nil},
		{"no lines", func(d *fact.ReturnDecided) { d.Lines = nil }, "refund_lines_disagree lines", nil},
		{"another order's line", func(d *fact.ReturnDecided) { d.Lines[0].Line = "lin_other" }, "refund_line_unknown lines[0].line", nil},
		{"minus one unit", func(d *fact.ReturnDecided) { d.Lines[0].Units = -1 }, "negative_quantity lines[0].units", nil},
		{"beyond 64 bits", func(d *fact.ReturnDecided) {
			d.Lines[0].Amount = eur(math.MaxInt64)
			d.Lines = append(d.Lines, d.Lines[0])
		}, "amount_overflow", nil},
		{"nobody's order", func(d *fact.ReturnDecided) { d.Order = "ord_nobody" }, "not_found order", nil},
	} {
		t.Run(row.law, func(t *testing.T) {
			s := newShop(t)
			o := s.place()
			d := s.decision(o, 1000)
			row.make(&d)
			if got := codes(s.decide(d)); got != row.code {
				t.Errorf("got %q, want %q", got, row.code)
			}
			s.Quiet()
			if diff := cmp.Diff(row.want, s.said(o.ID)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADecisionIsPaidOnce(t *testing.T) {
	s := newShop(t)
	o := s.place()
	d := s.decision(o, 1000)
	for range 3 {
		if err := s.decide(d); err != nil {
			t.Fatal(err)
		}
	}
	s.Quiet()
	if diff := cmp.Diff([]string{"asked 10.00 EUR + 0.00 EUR"}, s.said(o.ID)); diff != "" {
		t.Error(diff)
	}
}

// I2: whatever is decided, a line never gives back more than it brought in.
func TestDecisionsTogetherNeverExceedWhatWasCaptured(t *testing.T) {
	s := newShop(t)
	o := s.place()
	for _, row := range []struct {
		minor int64
		as    fact.Settlement
		code  string
	}{
		{1500, fact.Refund, ""},
		{1000, fact.Credit, ""},
		{501, fact.Refund, "refund_above_captured lines"},
		{500, fact.Refund, ""},
		{1, fact.Credit, "refund_above_captured lines"},
	} {
		d := s.decision(o, row.minor)
		d.Settlement = row.as
		if got := codes(s.decide(d)); got != row.code {
			t.Errorf("%d as %s: got %q, want %q", row.minor, row.as, got, row.code)
		}
	}
	d := s.decision(o, 590) // delivery is a line of its own
	d.Lines[0].Line, d.Lines[0].Units = o.Lines[1].ID, 0
	if err := s.decide(d); err != nil || o.Lines[1].Kind != order.Delivery {
		t.Errorf("delivery: %v", err)
	}
	s.See(func(tx *db.Tx) error {
		left, err := payment.Refundable(tx, s.m, o.ID)
		if diff := cmp.Diff(map[ident.Line]money.Amount{o.Lines[0].ID: eur(0), o.Lines[1].ID: eur(0)}, left); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

// Two decisions of one breath see each other.
func TestDecisionsInOneTransactionAreBoundTogether(t *testing.T) {
	s := newShop(t)
	o := s.place()
	a, b := s.decision(o, 2000), s.decision(o, 2000)
	err := s.Try(s.m, func(tx *flow.Tx) error {
		for _, d := range []fact.ReturnDecided{a, b} {
			if err := tx.Emit(s.m, string(o.ID), string(d.Decision), d); err != nil {
				return err
			}
		}
		return nil
	})
	if codes(err) != "refund_above_captured lines" || len(s.refunds(o.ID)) != 0 {
		t.Errorf("%v, %v", err, s.said(o.ID))
	}
}

// What store credit had paid goes back as store credit; the means that paid the
// rest is never asked for more than it gave.
func TestWhatCreditPaidGoesBackAsCredit(t *testing.T) {
	s := newShop(t)
	first, second := s.place(), s.place()
	d := s.decision(first, 2000)
	d.Settlement = fact.Credit
	if err := s.decide(d); err != nil {
		t.Fatal(err)
	}
	if err := s.spend(second.ID, 2000); err != nil { // 15.90 in money, 20.00 in credit
		t.Fatal(err)
	}
	for _, minor := range []int64{1000, 1000, 1000} {
		if err := s.decide(s.decision(second, minor)); err != nil {
			t.Fatal(err)
		}
	}
	s.Quiet()
	want := []string{"asked 10.00 EUR + 0.00 EUR", "asked 5.90 EUR + 4.10 EUR", "done 0.00 EUR + 10.00 EUR"}
	if diff := cmp.Diff(want, s.said(second.ID)); diff != "" {
		t.Error(diff)
	}
	if got := s.balance(); got != eur(1410) {
		t.Errorf("the balance is %v", got)
	}
}
