package letters_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
)

// staff hires somebody who decides.
func (s *shop) staff(name string) ident.Staff { return s.hire(name, merchant.Owner) }

func (s *shop) hire(name string, set merchant.Set) (id ident.Staff) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		hired, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: name + "." + string(s.m) + "@example.org", Name: name, Set: set})
		id = hired.ID
		return err
	})
	return id
}

// by runs a verb on behalf of somebody.
func (s *shop) by(who ident.Staff, verb func(*flow.Tx) error) {
	s.T.Helper()
	if err := s.One(context.Background(), flow.ByStaff(who), s.m, verb); err != nil {
		s.T.Fatal(err)
	}
	s.Quiet()
}

// had is an order that is in Camille's hands, with its line of goods.
func (s *shop) had(number string) (id ident.Order, line ident.Line) {
	s.T.Helper()
	until := promise.Promised{Until: s.Clock().Now().Add(48 * time.Hour), Zone: "Europe/Paris", Basis: promise.BasisStandard, Grace: time.Hour}
	id, _ = s.order(until)
	s.ship(id, number)
	s.Pass(24 * time.Hour)
	s.scan(number, fact.Delivered, fact.Exact)
	s.See(func(tx *db.Tx) error {
		lines, err := order.Lines(tx, s.m, id)
		line = lines[0].ID
		return err
	})
	return id, line
}

// asks has one bottle come back to the shop's store.
func (s *shop) asks(office *returns.Office, o ident.Order, line ident.Line) (id ident.Return) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		r, _, err := office.Request(tx, s.m, returns.Wanted{
			Key: fmt.Sprint("key ", o), Order: o, Shopper: s.camille, Route: fact.BackToStore,
			Items: []returns.Item{{Line: line, Units: 1, Reason: "no_longer_needed"}},
		})
		id = r.ID
		return err
	})
	s.Quiet()
	return id
}

// sendBack is the life of returns: one that is decided in part, contested, granted
// and paid, one that nobody brings, and a withdrawal.
func (s *shop) sendBack() {
	s.T.Helper()
	s.Handle(payment.Desk{Flow: s.Flow, Providers: map[payment.Provider]payment.Refunder{payment.Offline: offline.Provider{}}}.Executor())
	clerk, judge, second, third := s.staff("ana"), s.staff("bruno"), s.staff("chloe"), s.staff("denis")
	s.Do(s.m, func(tx *flow.Tx) error {
		c := returns.DefaultConditions()
		c.Stores = true
		return returns.SetConditions(tx, s.m, c)
	})
	office := returns.NewOffice(carbon.Default())
	o, line := s.had("6A900")
	id := s.asks(office, o, line)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := returns.Deposit(tx, s.m, id, returns.Left{Source: returns.AtStore, Place: "Épicerie, Paris", Clerk: "Ana"})
		return err
	})
	s.Quiet()
	s.by(clerk, func(tx *flow.Tx) error {
		_, err := returns.Inspect(tx, s.m, id, returns.Inspection{Findings: []returns.Finding{{Line: line, Condition: returns.Used, Outcome: returns.Restock}}})
		return err
	})
	var ruled returns.Decision
	s.by(judge, func(tx *flow.Tx) error {
		d, err := returns.Decide(tx, s.m, id, returns.Ruling{
			Outcome: fact.InPart, Reasons: []returns.Because{{Line: line, Code: "used", Note: "Entamée."}},
			Lines: []fact.RefundLine{{Line: line, Units: 1, Amount: money.Of(10000, money.EUR)}},
		})
		ruled = d
		return err
	})
	if ruled.State == returns.Waiting {
		s.by(second, func(tx *flow.Tx) error { _, err := returns.Confirm(tx, s.m, ruled.ID, "vu"); return err })
	}
	s.confirms(o)
	s.contest(id, third)
	s.loses(office, "6A902", s.staff("emma"))
	s.unfetched(office, "6A903")
	other, bottle := s.had("6A901")
	s.asks(office, other, bottle)
	s.Pass(12 * 24 * time.Hour)
	s.Quiet()
	s.Pass(4 * 24 * time.Hour)
	s.Quiet()
	s.withdraws(other)
}

// loses has one bottle be left at the store, and given up for lost by somebody.
func (s *shop) loses(office *returns.Office, number string, who ident.Staff) (ident.Order, ident.Return) {
	s.T.Helper()
	o, line := s.had(number)
	id := s.asks(office, o, line)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := returns.Deposit(tx, s.m, id, returns.Left{Source: returns.AtStore, Place: "Épicerie, Paris", Clerk: "Ana"})
		return err
	})
	s.by(who, func(tx *flow.Tx) error { _, err := returns.Lose(tx, s.m, id); return err })
	s.Quiet()
	return o, id
}

// confirms has the shop say that it paid.
func (s *shop) confirms(o ident.Order) {
	s.T.Helper()
	s.Pass(time.Hour)
	s.Quiet()
	s.Do(s.m, func(tx *flow.Tx) error {
		of, err := payment.OfOrders(tx.Tx, s.m, []ident.Order{o})
		for _, r := range of[o] {
			if err := payment.Confirm(tx, s.m, r.ID, tx.Now, string(r.ID)); err != nil {
				return err
			}
		}
		return err
	})
	s.Quiet()
}

func (s *shop) contest(id ident.Return, judge ident.Staff) {
	s.T.Helper()
	var d returns.Dispute
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		d, err = returns.Contest(tx, s.m, id, returns.Statement{By: fact.ByShopper, Words: "Elle est pleine."})
		return err
	})
	s.by(judge, func(tx *flow.Tx) error {
		_, err := returns.Settle(tx, s.m, d.ID, false, returns.Ruling{}, "Elle est entamée.")
		return err
	})
}

func (s *shop) withdraws(o ident.Order) (w returns.Withdrawal) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		w, _, err = returns.Withdraw(tx, s.m, returns.Renouncing{Key: "w", Order: o, Name: "Camille", Contract: "E-2", Email: s.mailbox()})
		return err
	})
	s.Quiet()
	return w
}

// The acknowledgement goes where the consumer said, holds the whole statement with
// its hash, and keeps the promise to send it.
func TestAWithdrawalIsAcknowledgedOnADurableMedium(t *testing.T) {
	s := newShop(t, lang.English)
	s.At("2026-03-02 09:00")
	o, _ := s.had("6A900")
	before := len(s.mail)
	w := s.withdraws(o)
	if len(s.mail) != before+1 {
		t.Fatalf("%d letters", len(s.mail)-before)
	}
	l := s.mail[before]
	if l.Subject != "Acknowledgement of your withdrawal" || l.ToName != "Camille" {
		t.Errorf("%+v", l)
	}
	for _, want := range []string{w.Statement, w.Hash, "Send the articles back by", "/retractation"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("it does not say %q:\n%s", want, l.Text)
		}
	}
	s.See(func(tx *db.Tx) error {
		of, err := promise.About(tx, s.m, []string{string(w.ID)})
		for _, c := range of[string(w.ID)] {
			if c.Owed == fact.AcknowledgeBy && c.State != fact.Kept {
				t.Errorf("the promise to acknowledge is %s", c.State)
			}
		}
		if len(of[string(w.ID)]) == 0 {
			t.Error("nobody promised to acknowledge")
		}
		return err
	})
}

// Nobody found the order yet: the acknowledgement leaves all the same.
func TestAWithdrawalFromAnUnknownOrderIsAcknowledged(t *testing.T) {
	s := newShop(t, lang.French)
	w := s.withdraws("")
	if len(s.mail) != 1 || !strings.Contains(s.mail[0].Text, w.Hash) || s.mail[0].To != s.mailbox() {
		t.Errorf("%+v", s.mail)
	}
	var log []notify.Message
	s.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, s.m, []ident.Order{""})
		log = of[""]
		return err
	})
	if len(log) != 1 || log[0].State != notify.Sent {
		t.Errorf("%+v", log)
	}
}
