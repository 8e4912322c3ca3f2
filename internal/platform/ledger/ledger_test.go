package ledger_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

func euros(minor int64) money.Amount { return money.Of(minor, money.EUR) }

func post(w *flowtest.World, m ident.Merchant, key string, postings ...ledger.Posting) error {
	return w.Try(m, func(tx *flow.Tx) error {
		_, err := ledger.Post(tx, m, key, postings)
		return err
	})
}

func balance(w *flowtest.World, m ident.Merchant, account string, c money.Currency) (a money.Amount) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		a, err = ledger.Balance(tx, m, account, c)
		return err
	})
	return a
}

func TestWhatOneAccountGainsAnotherLoses(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	err := post(w, m, "remedy 1",
		ledger.Posting{Account: "shopper:camille", Amount: euros(590)},
		ledger.Posting{Account: "promises:broken", Amount: euros(-590)})
	if err != nil {
		t.Fatal(err)
	}
	err = post(w, m, "remedy 2",
		ledger.Posting{Account: "shopper:camille", Amount: euros(100)},
		ledger.Posting{Account: "shopper:camille", Amount: money.Of(70, "GBP")},
		ledger.Posting{Account: "promises:broken", Amount: euros(-100)},
		ledger.Posting{Account: "promises:broken", Amount: money.Of(-70, "GBP")})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		whose    ident.Merchant
		account  string
		currency money.Currency
		want     int64
	}{
		{m, "shopper:camille", money.EUR, 690},
		{m, "shopper:camille", "GBP", 70},
		{m, "promises:broken", money.EUR, -690},
		{m, "shopper:nobody", money.EUR, 0},
		{other, "shopper:camille", money.EUR, 0},
	} {
		if got := balance(w, row.whose, row.account, row.currency); got != money.Of(row.want, row.currency) {
			t.Errorf("balance of %s in %s is %v, not %d", row.account, row.currency, got, row.want)
		}
	}
}

func TestAJournalThatDoesNotBalanceIsRefused(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	for name, row := range map[string]struct {
		postings []ledger.Posting
		because  string
	}{
		"nothing": {nil, "at least two"},
		"one side only": {
			[]ledger.Posting{{Account: "a", Amount: euros(0)}},
			"at least two",
		},
		"a cent is missing": {
			[]ledger.Posting{{Account: "a", Amount: euros(100)}, {Account: "b", Amount: euros(-99)}},
			"leave 0.01 EUR over",
		},
		"euros do not balance pounds": {
			[]ledger.Posting{{Account: "a", Amount: euros(100)}, {Account: "b", Amount: money.Of(-100, "GBP")}},
			"over",
		},
		"an account without a name": {
			[]ledger.Posting{{Account: "", Amount: euros(100)}, {Account: "b", Amount: euros(-100)}},
			"posting 0 lacks",
		},
		"an amount without a currency": {
			[]ledger.Posting{{Account: "a", Amount: euros(0)}, {Account: "b"}},
			"posting 1 lacks",
		},
		"a sum beyond 64 bits": {
			[]ledger.Posting{{Account: "a", Amount: euros(math.MaxInt64)}, {Account: "b", Amount: euros(1)}},
			"posting 1: amount_overflow",
		},
	} {
		err := post(w, m, name, row.postings...)
		if err == nil || !strings.Contains(err.Error(), row.because) {
			t.Errorf("%s: got %v, want an error that says %q", name, err, row.because)
		}
		if fault.All(err) != nil {
			t.Errorf("%s: %v is a fault, though no person can mend it", name, err)
		}
	}
}

func TestAKeyBooksOncePerMerchant(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	journal := []ledger.Posting{{Account: "a", Amount: euros(5)}, {Account: "b", Amount: euros(-5)}}
	for _, whose := range []ident.Merchant{m, other} {
		if err := post(w, whose, "remedy 1", journal...); err != nil {
			t.Fatal(err)
		}
	}
	err := post(w, m, "remedy 1", journal...)
	var statement *db.StatementError
	if !errors.As(err, &statement) {
		t.Errorf("second journal of one key: got %v, want the statement refused", err)
	}
	if got := balance(w, m, "a", money.EUR); got != euros(5) {
		t.Errorf("the refused journal left %v", got)
	}
}

func TestAJournalNamesItsCauseAndItsHour(t *testing.T) {
	books := flow.Reaction{
		On: "order.placed", Name: "test.Book", Mode: flow.Must,
		Run: flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.OrderPlaced) error {
			_, err := ledger.Post(tx, f.Merchant, string(b.Order), []ledger.Posting{
				{Account: "a", Amount: b.Value}, {Account: "b", Amount: euros(-b.Value.Minor)},
			})
			return err
		}),
	}
	w := flowtest.New(t, books)
	m := w.Merchant()
	at := w.At("2026-11-24 09:00")
	w.Do(m, func(tx *flow.Tx) error {
		return tx.Emit(m, "ord_1", "ord_1", fact.OrderPlaced{Order: "ord_1", Value: euros(300)})
	})
	type row struct {
		Cause ident.Fact
		At    civil.Instant
	}
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, m, "ord_1")
		if err != nil {
			return err
		}
		got, err := db.All(tx, `select cause, at from ledger_journal where merchant = $1`, func(r db.Row) (v row, err error) {
			err = r.Scan(&v.Cause, &v.At)
			return v, err
		}, m)
		if diff := cmp.Diff([]row{{facts[0].ID, at}}, got); diff != "" {
			t.Errorf("journal (-want +got):\n%s", diff)
		}
		return err
	})
}

// I1: each journal sums to zero per currency, and so do all balances together.
func TestAllBalancesSumToZero(t *testing.T) {
	w := flowtest.New(t)
	accounts := []string{"a", "b", "c", "d"}
	currencies := []money.Currency{money.EUR, "GBP", "JPY"}
	journal := rapid.Custom(func(t *rapid.T) (ps []ledger.Posting) {
		c := rapid.SampledFrom(currencies).Draw(t, "currency")
		total := int64(0)
		for _, minor := range rapid.SliceOfN(rapid.Int64Range(-1e12, 1e12), 1, 5).Draw(t, "minor") {
			total += minor
			ps = append(ps, ledger.Posting{Account: rapid.SampledFrom(accounts).Draw(t, "account"), Amount: money.Of(minor, c)})
		}
		return append(ps, ledger.Posting{Account: "rest", Amount: money.Of(-total, c)})
	})
	rapid.Check(t, func(t *rapid.T) {
		m := w.Merchant()
		for i, ps := range rapid.SliceOfN(journal, 0, 6).Draw(t, "journals") {
			if err := post(w, m, string(rune('A'+i)), ps...); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range currencies {
			sum := int64(0)
			for _, a := range append([]string{"rest"}, accounts...) {
				sum += balance(w, m, a, c).Minor
			}
			if sum != 0 {
				t.Errorf("the balances in %s sum to %d", c, sum)
			}
		}
	})
}
