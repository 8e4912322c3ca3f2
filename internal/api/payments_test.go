package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
	"github.com/promesse-dev/promesse/internal/returns"
)

// What an article is like is said with the order, kept, shown, and decides how it
// may come back.
func TestTraitsOfAnArticleDecideHowItMayComeBack(t *testing.T) {
	w := open(t)
	s := w.shop()
	s.takesBack()
	dev := s.as(merchant.Developer)
	body := func(reference, traits string) string {
		return strings.Replace(orderBody(reference, ""), `"units":`, `"traits":`+traits+`,"units":`, 1)
	}
	var o Order
	dev.saying(keyHeader, "T-1").must(201, "POST", "/api/v1/orders", body("T-1", `{"category":"food","handling":["perishable"],"length":300,"excluded":"L221-28 4°"}`), &o)
	var d OrderDetail
	dev.must(200, "GET", "/api/v1/orders/"+string(o.ID), "", &d)
	if got := d.Lines[0].Traits; got == nil || got.Category != "food" || got.Length != 300 || got.Handling[0] != "perishable" {
		t.Errorf("kept as %+v", got)
	}
	var can Eligibility
	dev.must(200, "GET", "/api/v1/orders/"+string(o.ID)+"/returns/eligibility", "", &can)
	if can.Lines[0].Excluded != "perishable" {
		t.Errorf("%+v", can.Lines[0])
	}
	p := dev.saying(keyHeader, "T-2").refused(422, "POST", "/api/v1/orders", body("T-2", `{"width":-1}`))
	if p.Errors[0].Field != "lines[0].traits.width" {
		t.Errorf("%+v", p.Errors)
	}
}

// Store credit pays a part of an order, once, and never more than there is.
func TestStoreCreditPaysAPartOfAnOrder(t *testing.T) {
	w := open(t)
	s := w.shop()
	first := s.order("C-1")
	dev := s.as(merchant.Developer)
	w.Do(s.id, func(tx *flow.Tx) error {
		_, err := ledger.Post(tx, s.id, "gift", []ledger.Posting{
			{Account: payment.CreditOf(first.Shopper), Amount: money.Of(1000, money.EUR)}, {Account: payment.Credits, Amount: money.Of(-1000, money.EUR)},
		})
		return err
	})
	balance := func() int64 {
		var c Credit
		dev.must(200, "GET", "/api/v1/shoppers/"+string(first.Shopper)+"/credit", "", &c)
		return c.Balance.Minor
	}
	with := func(reference string, minor int) string {
		return orderBody(reference, fmt.Sprintf(`"credit":{"minor":%d,"currency":"EUR"},`, minor))
	}
	if p := dev.saying(keyHeader, "C-2").refused(409, "POST", "/api/v1/orders", with("C-2", 1001)); p.Errors[0].Field != "credit" || p.Errors[0].Code != "credit_insufficient" {
		t.Errorf("more than there is: %+v", p.Errors)
	}
	var placed List[Order]
	dev.must(200, "GET", "/api/v1/orders", "", &placed)
	if len(placed.Items) != 1 || balance() != 1000 {
		t.Fatalf("%d orders, %d left", len(placed.Items), balance())
	}
	dev.saying(keyHeader, "C-3").must(201, "POST", "/api/v1/orders", with("C-3", 600), nil)
	dev.saying(keyHeader, "C-3-again").must(200, "POST", "/api/v1/orders", with("C-3", 600), nil) // the same again is the same order
	if balance() != 400 {
		t.Errorf("%d left of 1000 after 600", balance())
	}
}

// What is said before the purchase is what the order is judged by, whatever the
// shop writes later; more than was said may be given.
func TestWhatWasSaidBeforeThePurchaseStands(t *testing.T) {
	w := open(t)
	s := w.shop()
	s.takesBack()
	owner, dev := s.as(merchant.Owner), s.as(merchant.Developer)
	said := func(traits string) BackTerms {
		var all List[BackTerms]
		body := strings.Replace(lines, `"units":`, `"traits":`+traits+`,"units":`, 1)
		dev.must(200, "POST", "/api/v1/returns/terms", `{"country":"FR","lines":`+body+`}`, &all)
		return all.Items[0]
	}
	if b := said(`{"handling":["perishable"],"excluded":"L221-28 4°"}`); b.Excluded != "perishable" || b.Withdraw != 0 || b.Law == "" {
		t.Errorf("perishable: %+v", b)
	}
	b := said(`{}`)
	if b.Days != 30 || b.Excluded != "" || b.Withdraw != 14 || len(b.Ways) != 4 || b.Ways[0].Route != fact.BackByRelay {
		t.Errorf("by default: %+v", b)
	}
	o := s.had("B-1")
	rule := func(days, excluded string) {
		source := strings.Replace(strings.Replace(returns.Default, `"days": "deposit" in handling ? 365 : 30`, `"days": `+days, 1), `defect ? "" :`, `defect ? "" : `+excluded, 1)
		owner.must(200, "PUT", "/api/v1/policies/returns", fmt.Sprintf(`{"source":%q}`, source), nil)
	}
	until := func() civil.Instant {
		var can Eligibility
		dev.must(200, "GET", "/api/v1/orders/"+string(o.ID)+"/returns/eligibility", "", &can)
		if can.Lines[0].Excluded != "" {
			t.Errorf("excluded since: %s", can.Lines[0].Excluded)
		}
		return can.Lines[0].Until
	}
	first := until()
	w.Pass(time.Hour)
	if rule("7", `true ? "never" : `); until() != first {
		t.Errorf("a narrower rule was written since, and the order's last day moved from %v to %v", first, until())
	}
	if said(`{}`).Days != 7 {
		t.Error("the new rule is not said")
	}
	w.Pass(31 * 24 * time.Hour)
	if rule("60", ""); until() <= first {
		t.Errorf("a wider rule was written, and the order's last day is still %v", until())
	}
}

// seeMoney has the money of a refund not come, and what then is done.
func seeMoney(t *testing.T, s *shop) {
	owner, dev := s.as(merchant.Owner), s.as(merchant.Developer)
	var before List[BackTerms]
	dev.must(200, "POST", "/api/v1/returns/terms", `{"country":"FR","lines":`+lines+`}`, &before)
	var terms Terms
	owner.must(200, "PUT", "/api/v1/refund-terms", `{"bank_days":5,"answer_days":3}`, nil)
	if owner.must(200, "GET", "/api/v1/refund-terms", "", &terms); terms != (Terms{5, 3}) {
		t.Errorf("terms %+v", terms)
	}
	if p := owner.refused(422, "PUT", "/api/v1/refund-terms", `{"bank_days":0,"answer_days":3}`); p.Errors[0].Field != "bank_days" {
		t.Errorf("%+v", p.Errors)
	}
	var account ProviderKnown
	if owner.must(200, "GET", "/api/v1/payment-accounts/stripe", "", &account); account.Set {
		t.Error("an account before there is one")
	}
	owner.must(200, "PUT", "/api/v1/payment-accounts/stripe", `{"secret":"rk_test_1","notice":"whsec_1"}`, &account)
	if !account.Set || !strings.HasSuffix(account.Notices, "/api/v1/notices/stripe/"+string(s.id)) {
		t.Errorf("%+v", account)
	}
	owner.refused(404, "GET", "/api/v1/payment-accounts/gold", "")

	var report ReturnsReport
	if owner.must(200, "GET", "/api/v1/reports/returns?since=2026-03-01&until=2026-04-30", "", &report); report.All.Back == 0 {
		t.Errorf("the report tells of no return: %+v", report)
	}

	late := s.overdue("M-1")
	path := "/api/v1/refunds/" + string(late.ID)
	var claim Claim
	dev.must(200, "POST", path+"/missed", "", &claim)
	var open List[Claim]
	dev.must(200, "GET", "/api/v1/refund-claims", "", &open)
	if len(open.Items) != 1 || open.Items[0] != claim || claim.AnswerBy <= claim.SaidAt {
		t.Errorf("said %+v, open %+v", claim, open.Items)
	}
	owner.must(200, "POST", path+"/missed/answer", `{"outcome":"found"}`, &claim)
	if dev.must(200, "GET", "/api/v1/refund-claims", "", &open); len(open.Items) != 0 || claim.Answer != payment.Found {
		t.Errorf("answered %+v, open %+v", claim, open.Items)
	}

	stuck := s.owed("M-2")
	s.changed(stuck, `update payment_refund set provider = 'stripe', state = 'stuck', why = 'not_known' where merchant = $1 and id = $2`)
	var again Refund
	owner.must(200, "POST", "/api/v1/refunds/"+string(stuck.ID)+"/look", "", &again)
	if again.State != payment.Unknown {
		t.Errorf("looked at again: %s", again.State)
	}
	s.w.with("").must(204, "POST", "/api/v1/notices/stripe/"+string(s.id), string(stuck.Decision), nil)
	var credit Credit
	dev.must(200, "GET", "/api/v1/shoppers/"+string(stuck.Shopper)+"/credit", "", &credit)
	if credit.Balance.Minor != 0 {
		t.Errorf("credit %v", credit.Balance)
	}
}

// A notice is heard once, from whoever signs it, and unsigned by nobody.
func TestWhatAProviderSaysByItself(t *testing.T) {
	w := open(t)
	s := w.shop()
	s.takesBack()
	r := s.owed("N-1")
	s.changed(r, `update payment_refund set provider = 'stripe', state = 'unknown' where merchant = $1 and id = $2`)
	path := "/api/v1/notices/stripe/" + string(s.id)
	w.with("").saying("Stripe-Signature", "forged").refused(401, "POST", path, string(r.Decision))
	w.with("").refused(401, "POST", "/api/v1/notices/offline/"+string(s.id), string(r.Decision))
	for range 2 {
		w.with("").must(204, "POST", path, string(r.Decision), nil)
	}
	var now Refund
	s.as(merchant.Owner).must(200, "GET", "/api/v1/refunds/"+string(r.ID), "", &now)
	if now.State != payment.Done || now.Reference != "re_1" {
		t.Errorf("%s by %q", now.State, now.Reference)
	}
}
