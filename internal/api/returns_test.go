package api

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
)

// From "I want to send it back" to money back, through every operation there is
// for it.
func seeReturns(t *testing.T, s *shop) {
	t.Helper()
	dev, owner := s.as(merchant.Developer), s.as(merchant.Owner)
	o := s.had("R-1")
	root := "/api/v1/orders/" + string(o.ID)
	dev.must(200, "PUT", root+"/payment", `{"provider":"offline","label":"Chèque"}`, nil)
	var paid Payment
	if dev.must(200, "GET", root+"/payment", "", &paid); paid != (Payment{payment.Offline, "", "Chèque"}) {
		t.Errorf("paid by %+v", paid)
	}
	var e Eligibility
	dev.must(200, "GET", root+"/returns/eligibility", "", &e)
	if len(e.Lines) != 1 || e.Lines[0].Left != 2 || e.Lines[0].Until == 0 || e.Reasons[0].Code != "damaged" || !e.Reasons[0].Photo {
		t.Errorf("what may come back: %+v", e)
	}
	var options ReturnOptions
	dev.must(200, "POST", root+"/returns/options", "{"+s.wish(o, "no_longer_needed")+"}", &options)
	if len(options.Options) == 0 || options.Value != money.Of(1490, "EUR") || options.Options[0].RefundBy == 0 || len(options.Hidden) == 0 || len(options.Hidden[0].Instead) == 0 {
		t.Errorf("the ways back: %+v", options)
	}
	// Damaged asks for a photo: one of somebody else's does not do.
	broken := strings.Replace(s.wish(o, "damaged"), `"units":1`, `"units":1,"photos":[%q]`, 1)
	ask := dev.saying(keyHeader, "camille-sends-it-back")
	body := func(id ident.Blob) string { return "{" + fmt.Sprintf(broken, id) + `,"route":"relay"}` }
	if p := ask.refused(422, "POST", root+"/returns", body(s.w.shop().photo().ID)); p.Errors[0].Field != "items[0].photos[0]" {
		t.Errorf("another's photo: %+v", p)
	}
	photo := s.photo()
	var r, again Return
	ask.must(201, "POST", root+"/returns", body(photo.ID), &r)
	ask.must(201, "POST", root+"/returns", body(photo.ID), &again)
	if r.State != returns.Accepted || r.ID != again.ID || r.Ground != fact.ByConformity || r.Fee.Minor != 0 {
		t.Errorf("asked for %+v, again %+v", r, again)
	}
	if got := dev.call("GET", "/api/v1/photos/"+string(photo.ID), ""); got.Header().Get("Content-Type") != "image/png" ||
		got.Header().Get("Content-Disposition") != `attachment; filename="`+string(photo.ID)+`.png"` {
		t.Errorf("the photo comes as %v", got.Header())
	}
	seeLabel(t, s, r)
	var proof Proof
	counter := fmt.Sprintf(`{"source":"counter","place":"Tabac du Port, Lyon","clerk":"Nadia","number":%q}`, s.numberOf(r))
	dev.must(201, "POST", path(r, "/deposit"), counter, &proof)
	if proof.Hash == "" || proof.Place != "Tabac du Port, Lyon" || proof.At == 0 {
		t.Errorf("the proof: %+v", proof)
	}
	if p := dev.refused(409, "POST", path(r, "/cancel"), `{"by":"shopper"}`); p.Code != "return_state" {
		t.Errorf("cancelled once it is gone: %+v", p)
	}
	s.w.At("2026-03-09 10:00")
	dev.must(200, "POST", path(r, "/receive"), "", &r)
	s.counter().must(200, "POST", path(r, "/inspect"), s.allWell(r), nil)
	seeRuling(t, s, r, e.Lines[0].Line)
	var d ReturnDetail
	owner.must(200, "GET", path(r, ""), "", &d)
	if d.State != returns.Decided || len(d.Items[0].Photos) != 1 || d.Proof == nil || len(d.Decisions) != 2 || len(d.Disputes) != 1 || len(d.Refunds) != 2 {
		t.Errorf("in the end: %+v", d)
	}
	var of List[Return]
	if owner.must(200, "GET", root+"/returns", "", &of); len(of.Items) != 1 || of.Items[0].ID != r.ID {
		t.Errorf("of the order: %+v", of)
	}
	if owner.must(200, "GET", "/api/v1/returns?state=decided&limit=1", "", &of); len(of.Items) != 1 || of.Next != "" {
		t.Errorf("decided: %+v", of)
	}
	owner.refused(422, "GET", "/api/v1/returns", "")
}

// seeLabel has a label made, however often it is asked for; the carrier makes
// none for a label printer.
func seeLabel(t *testing.T, s *shop, r Return) {
	t.Helper()
	dev := s.as(merchant.Developer)
	dev.refused(404, "GET", path(r, "/label"), "")
	var one, same Label
	dev.must(202, "POST", path(r, "/label"), `{"format":"pdf_a4"}`, &one)
	dev.must(202, "POST", path(r, "/label"), `{"format":"pdf_a4"}`, &same)
	if one != same || one.State != returns.LabelAsked {
		t.Errorf("asked for twice: %+v and %+v", one, same)
	}
	if p := dev.refused(409, "GET", path(r, "/label"), ""); p.Code != "label_being_made" {
		t.Errorf("too early: %+v", p)
	}
	dev.must(202, "POST", path(r, "/label"), `{"format":"zpl"}`, nil)
	s.w.Quiet()
	if got := dev.call("GET", path(r, "/label"), ""); got.Code != 200 || got.Header().Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(got.Body.Bytes(), []byte("%PDF-1.4 BACK")) {
		t.Errorf("the label: %d %s", got.Code, got.Body)
	}
	if p := dev.refused(409, "GET", path(r, "/label?format=zpl"), ""); p.Code != "label_refused" || !strings.Contains(p.Detail, "imprimante") {
		t.Errorf("refused: %+v", p)
	}
}

func (s *shop) numberOf(r Return) string {
	s.w.T.Helper()
	var d ReturnDetail
	s.as(merchant.Owner).must(200, "GET", path(r, ""), "", &d)
	return d.Labels[0].Number
}

// seeRuling is a part of the money, a shopper who does not accept that, a second
// person who gives the rest, and a shop that pays.
func seeRuling(t *testing.T, s *shop, r Return, line ident.Line) {
	t.Helper()
	dev, agent, owner := s.as(merchant.Developer), s.as(merchant.Agent), s.as(merchant.Owner)
	partial := func(minor int) string {
		return fmt.Sprintf(`{"outcome":"partial","reasons":[{"code":"chipped","line":%q}],"lines":[{"line":%q,"units":1,"amount":{"minor":%d,"currency":"EUR"}}]}`, line, line, minor)
	}
	if p := agent.refused(409, "POST", path(r, "/decide"), partial(1_000_000)); p.Errors[0].Code != "refund_above_captured" || p.Errors[0].Field != "lines[0].amount" {
		t.Errorf("more than was captured: %+v", p)
	}
	var d Decision
	agent.must(201, "POST", path(r, "/decide"), partial(700), &d)
	if d.State != returns.Final || d.Amount != money.Of(700, "EUR") || d.RefundBy == 0 {
		t.Errorf("a part: %+v", d)
	}
	var dispute Dispute
	agent.must(201, "POST", path(r, "/contest"), objection, &dispute)
	agent.must(201, "POST", "/api/v1/disputes/"+string(dispute.ID)+"/answer", `{"by":"merchant","words":"Une photo ?"}`, &dispute)
	if dispute.State != returns.DisputeAsked || len(dispute.Said) != 2 {
		t.Errorf("the dispute: %+v", dispute)
	}
	settled := `{"upheld":true,"words":"En effet.","ruling":` + strings.Replace(partial(790), "chipped", "goodwill", 1) + `}`
	for _, who := range []caller{agent, s.counter()} { // who decided, who inspected
		if p := who.refused(403, "POST", "/api/v1/disputes/"+string(dispute.ID)+"/settle", settled); p.Code != "second_person" {
			t.Errorf("settled by a first person: %+v", p)
		}
	}
	owner.must(200, "POST", "/api/v1/disputes/"+string(dispute.ID)+"/settle", settled, &dispute)
	s.w.Quiet()
	var owed List[Refund]
	dev.must(200, "GET", "/api/v1/refunds?state=asked&limit=1", "", &owed)
	if len(owed.Items) != 1 || owed.Next == "" || owed.Items[0].Money != money.Of(700, "EUR") || owed.Items[0].Lines[0].Units != 1 {
		t.Errorf("to pay: %+v", owed)
	}
	first := "/api/v1/refunds/" + string(owed.Items[0].ID)
	var done Refund
	for range 2 { // confirming again changes nothing
		if dev.must(200, "POST", first+"/confirm", `{"reference":"V-2026-17"}`, &done); done.State != payment.Done || done.ArrivesBy == nil {
			t.Errorf("paid: %+v", done)
		}
	}
	dev.must(200, "GET", first, "", &done)
	dev.must(200, "GET", "/api/v1/refunds?state=asked&after="+string(owed.Items[0].ID), "", &owed)
	if len(owed.Items) != 1 || owed.Items[0].Money != money.Of(790, "EUR") {
		t.Errorf("still to pay: %+v", owed)
	}
	dev.must(200, "GET", "/api/v1/refunds?order="+string(r.Order), "", &owed)
	if len(owed.Items) != 2 || owed.Next != "" {
		t.Errorf("of the order: %+v", owed)
	}
	dev.refused(422, "GET", "/api/v1/refunds?after=rfd_"+strings.Repeat("z", 26), "")
}

// What a person looks at first, and what needs two of them.
func seeSecondPersons(t *testing.T, s *shop) {
	t.Helper()
	agent, owner := s.as(merchant.Agent), s.as(merchant.Owner)
	held := s.wants("R-20", "wrong_size", "")
	if held.State != returns.Held || held.Why != "fitting" {
		t.Errorf("held: %+v", held)
	}
	if p := s.counter().refused(403, "POST", path(held, "/approve"), `{"reason":"Seen."}`); p.Code != "second_person" {
		t.Errorf("who asked approves: %+v", p)
	}
	if agent.must(200, "POST", path(held, "/approve"), `{"reason":"Seen."}`, &held); held.State != returns.Accepted {
		t.Errorf("approved: %+v", held)
	}
	if agent.must(200, "POST", path(held, "/cancel"), `{"by":"shopper"}`, &held); held.State != returns.Cancelled {
		t.Errorf("cancelled: %+v", held)
	}
	var no Decision
	agent.must(201, "POST", path(s.wants("R-21", "wrong_size", ""), "/decline"), `{"reasons":[{"code":"worn"}]}`, &no)
	if no.Outcome != fact.Refused || no.Reasons[0].Code != "worn" {
		t.Errorf("declined: %+v", no)
	}
	d := s.waits("R-22")
	if p := s.counter().refused(403, "POST", "/api/v1/decisions/"+string(d.ID)+"/confirm", `{"reason":"Seen."}`); p.Code != "second_person" {
		t.Errorf("who decided confirms: %+v", p)
	}
	owner.must(200, "POST", "/api/v1/decisions/"+string(d.ID)+"/confirm", `{"reason":"Seen."}`, &d)
	if d.State != returns.Final || d.Second == "" || d.Second == d.By {
		t.Errorf("confirmed: %+v", d)
	}
	var file MediationFile
	agent.must(200, "GET", path(held, "/mediation"), "", &file)
	if file.Return.ID != held.ID || len(file.Timeline) == 0 || file.Outstanding.Currency == "" {
		t.Errorf("for a mediator: %+v", file)
	}
	var told CarrierProtest
	agent.must(200, "POST", path(s.damaged("R-26"), "/protest"), `{"reference":"RK 1"}`, &told)
	if told.Reference != "RK 1" || told.SentAt == 0 || told.By >= told.UncheckedBy {
		t.Errorf("told the carrier: %+v", told)
	}
	owner.must(204, "POST", "/api/v1/decisions/"+string(s.waits("R-23").ID)+"/drop", `{"reason":"Not this one."}`, nil)
	exchange := s.wants("R-24", "not_as_described", `,"settlement":"exchange","stock_sku":"HUI-2"`)
	agent.must(200, "POST", path(exchange, "/stock"), `{"there":true}`, &exchange)
	other := s.order("R-25")
	agent.must(200, "POST", path(exchange, "/exchange"), fmt.Sprintf(`{"order":%q}`, other.ID), &exchange)
	if exchange.Stock != returns.InStock || exchange.Exchanged != other.ID {
		t.Errorf("exchanged: %+v", exchange)
	}
}

// A consumer withdraws: nothing is asked, and the law's clock runs.
func seeWithdrawal(t *testing.T, s *shop) {
	t.Helper()
	dev := s.as(merchant.Developer)
	s.as(merchant.Owner).must(200, "PUT", "/api/v1/policies/withdrawal", `{"words":"Vous avez quatorze jours."}`, nil)
	w := s.withdrawn("R-30")
	if !w.InTime || w.Units != 2 || w.Notice == "" || w.Return == "" || len(w.Hash) != 64 || !strings.Contains(w.Statement, "Camille Durand") {
		t.Errorf("withdrawn: %+v", w)
	}
	var same Withdrawal
	dev.must(200, "POST", "/api/v1/orders/"+string(w.Order)+"/withdrawal", renouncing, &same)
	if dev.must(200, "GET", "/api/v1/withdrawals/"+string(w.ID), "", &w); same.ID != w.ID {
		t.Errorf("the same statement again: %+v", same)
	}
	var d ReturnDetail
	dev.must(200, "GET", "/api/v1/returns/"+string(w.Return), "", &d)
	if d.Ground != fact.ByWithdrawal || d.Law == nil || !d.Law.Withheld {
		t.Errorf("its return: %+v", d)
	}
	var options ReturnOptions
	if dev.must(200, "GET", path(d.Return, "/routes"), "", &options); len(options.Options) < 2 {
		t.Errorf("its ways: %+v", options)
	}
	var r Return
	if dev.must(200, "POST", path(d.Return, "/route"), `{"route":"store"}`, &r); r.Code == "" || r.Route != fact.BackToStore {
		t.Errorf("to a store: %+v", r)
	}
	if p := dev.refused(422, "POST", "/api/v1/orders/"+string(w.Order)+"/withdrawal", `{"name":"","contract":"x","email":"nowhere"}`); len(p.Errors) != 2 {
		t.Errorf("half a statement: %+v", p.Errors)
	}
}

// How a shop runs its returns; what colleagues may give back is an owner's to say.
func seeConditions(t *testing.T, s *shop) {
	t.Helper()
	dev, owner := s.as(merchant.Developer), s.as(merchant.Owner)
	const where = "/api/v1/returns/conditions"
	var c, saved ReturnConditions
	dev.must(200, "GET", where, "", &c)
	if c.ProcessDays != 14 || c.LegalRate != nil || len(c.Limits) != 2 || len(c.Reasons) != 8 {
		t.Errorf("the shipped conditions: %+v", c)
	}
	rate := int64(276)
	c.LegalRate, c.ContestDays = &rate, 60
	dev.must(200, "PUT", where, jsonOf(s, c), nil)
	if dev.must(200, "GET", where, "", &saved); *saved.LegalRate != 276 || saved.ContestDays != 60 {
		t.Errorf("changed: %+v", saved)
	}
	c.Limits[0].Decision++
	if p := dev.refused(403, "PUT", where, jsonOf(s, c)); p.Errors[0].Field != "limits" {
		t.Errorf("a server that lets itself give more: %+v", p)
	}
	owner.must(200, "PUT", where, jsonOf(s, c), nil)
	c.Warehouse, c.Carriers, c.ShopDay = &Warehouse{Address: Address{Country: "XX"}}, []ReturnCarrier{}, -1
	p := owner.refused(422, "PUT", where, jsonOf(s, c))
	fields := map[string]bool{}
	for _, e := range p.Errors {
		fields[e.Field] = true
	}
	for _, field := range []string{"warehouse.name", "warehouse.street", "warehouse.city", "warehouse.country", "shop_day"} {
		if !fields[field] {
			t.Errorf("%s passes: %+v", field, p.Errors)
		}
	}
	c.Warehouse, c.ShopDay, c.Carriers = nil, 0, []ReturnCarrier{{fact.BackByPost, "con_" + ident.Connection(strings.Repeat("z", 26))}}
	if p := owner.refused(422, "PUT", where, jsonOf(s, c)); p.Errors[0].Field != "carriers[0].carrier" {
		t.Errorf("nobody's carrier: %+v", p)
	}
	var policy Policy
	if dev.must(200, "GET", "/api/v1/policies/returns", "", &policy); policy.ID != "" || policy.Source != returns.Default {
		t.Errorf("the shipped policy: %+v", policy)
	}
	dev.must(200, "PUT", "/api/v1/policies/returns", fmt.Sprintf(`{"source":%q}`, policy.Source+"\n// ours"), nil)
	if p := dev.refused(422, "PUT", "/api/v1/policies/returns", `{"source":"{\"days\": 30}"}`); p.Code != "policy_invalid" {
		t.Errorf("half a policy: %+v", p)
	}
}

// An account is written, and never read again.
func seeAccount(t *testing.T, s *shop) {
	t.Helper()
	s.takesBack()
	dev, where := s.as(merchant.Developer), "/api/v1/connections/"+string(s.printer.ID)+"/account"
	got := dev.call("GET", where, "")
	if strings.Contains(got.Body.String(), "s3cret") || strings.Contains(got.Body.String(), "aubepin") {
		t.Errorf("told: %s", got.Body)
	}
	var a Account
	dev.must(200, "PUT", where, `{"account":{"login":"other","password":"x"}}`, &a)
	if len(a.Fields) != 3 || !a.Fields[0].Set || !a.Fields[1].Set || a.Fields[2].Set {
		t.Errorf("the account: %+v", a)
	}
	if p := dev.refused(422, "PUT", where, `{"account":{"login":"x","pin":"1"}}`); len(p.Errors) != 2 || p.Errors[0].Field != "account.password" || p.Errors[1].Field != "account.pin" {
		t.Errorf("half an account: %+v", p.Errors)
	}
	none := "/api/v1/connections/" + string(s.carrier.ID) + "/account"
	if dev.must(200, "GET", none, "", &a); len(a.Fields) != 0 {
		t.Errorf("a carrier without accounts: %+v", a)
	}
	if p := dev.refused(415, "PUT", none, account); p.Code != "unknown_adapter" {
		t.Errorf("an account for it: %+v", p)
	}
}

// Points near a place, and a store among them that only its shop sees.
func seePoints(t *testing.T, s *shop) {
	t.Helper()
	owner, other := s.as(merchant.Owner), s.w.shop()
	mine := s.store("bellecour")
	if mine.Located != "exact" || mine.Network != string(s.id) || mine.Hours == "" {
		t.Errorf("the store: %+v", mine)
	}
	see := func(c caller, query string) (p Points) {
		t.Helper()
		c.must(200, "GET", "/api/v1/points?"+query, "", &p)
		return p
	}
	for _, query := range []string{"text=69002", "near=45.7578,4.8320", "text=Lyon&service=send&kind=store&grams=30000", "text=Lyon&open_at=2026-03-10T12:00:00%2B01:00"} {
		if p := see(owner, query); len(p.Items) != 1 || p.Items[0].ID != mine.ID || p.Items[0].Metres > 5000 {
			t.Errorf("%s: %+v", query, p)
		}
	}
	if p := see(owner, "text=69002&open_at=2026-03-08T12:00:00%2B01:00"); len(p.Items) != 0 || p.Passed[0].Reason != "closed_then" {
		t.Errorf("on a Sunday: %+v", p)
	}
	if p := see(owner, "text=97450"); len(p.Items) != 0 || p.Near.Label == "" {
		t.Errorf("in La Réunion: %+v", p)
	}
	if p := see(other.as(merchant.Owner), "text=69002"); len(p.Items)+len(p.Passed) != 0 {
		t.Errorf("somebody else's store: %+v", p)
	}
	for query, field := range map[string]string{"": "near", "near=91,0": "near", "near=lyon": "near", "text=qqqqqq": "text", "text=69002&open_at=noon": "open_at", "text=69002&kind=pub": "kind[0]"} {
		if p := owner.refused(422, "GET", "/api/v1/points?"+query, ""); p.Errors[0].Field != field {
			t.Errorf("%q: %+v", query, p.Errors)
		}
	}
	if p := owner.refused(422, "PUT", "/api/v1/stores", strings.Replace(storeBody("x"), "45.7578", "48.8", 1)); p.Errors[0].Code != "point_astray" || p.Errors[0].Field != "at.lat" {
		t.Errorf("a store elsewhere: %+v", p.Errors)
	}
	if p := owner.refused(422, "PUT", "/api/v1/stores", strings.Replace(storeBody("x"), "Mo-Sa 10:00-19:00", "24:00-00:00", 1)); p.Errors[0].Field != "hours" {
		t.Errorf("no hours: %+v", p.Errors)
	}
	var stores List[Point]
	if owner.must(200, "GET", "/api/v1/stores?limit=1", "", &stores); len(stores.Items) != 1 || stores.Next != "" {
		t.Errorf("stores: %+v", stores)
	}
	owner.must(204, "DELETE", "/api/v1/stores/bellecour", "", nil)
	owner.refused(404, "DELETE", "/api/v1/stores/nowhere", "")
	if p := see(owner, "text=69002"); len(p.Items) != 0 {
		t.Errorf("closed: %+v", p)
	}
}

// A system of the shop's hears what happens, until it wants nothing any more.
func seeWebhooks(t *testing.T, s *shop) {
	t.Helper()
	dev := s.as(merchant.Developer)
	var e OpenedEndpoint
	dev.must(201, "POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"label":"ERP","kinds":["order.placed"]}`, system), &e)
	if !strings.HasPrefix(e.Secret, "whsec_") || e.State != "on" {
		t.Errorf("opened: %+v", e)
	}
	if got := dev.call("GET", "/api/v1/webhooks", "").Body.String(); strings.Contains(got, "whsec_") || !strings.Contains(got, "ERP") {
		t.Errorf("listed: %s", got)
	}
	where := "/api/v1/webhooks/" + string(e.ID)
	s.w.Pass(time.Minute) // it hears what happens from now on
	s.order("W-1")
	s.w.Quiet()
	var sent List[Delivery]
	dev.must(200, "GET", "/api/v1/webhook-deliveries?state=delivered&endpoint="+string(e.ID), "", &sent)
	if len(sent.Items) == 0 {
		t.Fatal(dev.call("GET", "/api/v1/webhook-deliveries", "").Body)
	}
	if len(sent.Items) != 1 || sent.Items[0].Sequence != 1 || sent.Items[0].Status != http.StatusNoContent {
		t.Errorf("sent: %+v", sent)
	}
	one := "/api/v1/webhook-deliveries/" + string(sent.Items[0].ID)
	var d DeliveryDetail
	if dev.must(200, "GET", one, "", &d); !strings.Contains(string(d.Body), `"order.placed"`) {
		t.Errorf("said: %s", d.Body)
	}
	dev.must(202, "POST", one+"/replay", "", nil)
	var s2 Secret
	if dev.must(201, "POST", where+"/rotate", `{"overlap_seconds":86400}`, &s2); s2.Secret == e.Secret {
		t.Error("the secret is the old one")
	}
	if p := dev.refused(422, "POST", where+"/rotate", `{"overlap_seconds":99999999}`); p.Errors[0].Field != "overlap_seconds" {
		t.Errorf("for ever: %+v", p.Errors)
	}
	for body, field := range map[string]string{
		`{"url":"http://169.254.169.254/latest","kinds":["order.placed"]}`: "url",
		fmt.Sprintf(`{"url":%q,"kinds":["order.sung"]}`, system):           "kinds[0]",
		fmt.Sprintf(`{"url":%q,"kinds":[]}`, system):                       "kinds",
	} {
		if p := dev.refused(422, "POST", "/api/v1/webhooks", body); p.Errors[0].Field != field {
			t.Errorf("%s: %+v", body, p.Errors)
		}
	}
	if p := dev.refused(409, "POST", where+"/wake", ""); p.Code != "webhook_endpoint_on" {
		t.Errorf("awake: %+v", p)
	}
	dev.must(200, "PUT", where, `{"url":"https://systeme.example.com/gone","kinds":["order.placed"]}`, nil)
	dev.must(202, "POST", where+"/test", "", nil)
	s.w.Quiet()
	var now Endpoint
	if dev.must(200, "GET", where, "", &now); now.State != "gone" {
		t.Errorf("gone: %+v", now)
	}
	if dev.must(200, "POST", where+"/wake", "", &now); now.State != "on" {
		t.Errorf("woken: %+v", now)
	}
	var n Replayed
	if dev.must(202, "POST", where+"/replay", "", &n); n.Deliveries != 2 { // the test, and the one that was to be sent again
		t.Errorf("replayed: %+v", n)
	}
	dev.must(204, "DELETE", where, "", nil)
	dev.refused(404, "GET", where, "")
}

// What was paid may be said with the order, and is said of that order alone.
func TestAnOrderSaysHowItWasPaid(t *testing.T) {
	w := open(t)
	s := w.shop()
	dev := s.as(merchant.Developer)
	place := func(key, payment string) (o Order) {
		t.Helper()
		dev.saying(keyHeader, key).must(201, "POST", "/api/v1/orders", orderBody(key, payment), &o)
		return o
	}
	for _, c := range []struct {
		law, more string
		want      Payment
	}{
		{"nobody says", "", Payment{Provider: payment.Offline}},
		{"by card", `"payment":{"provider":"stripe","reference":"pi_1"},`, Payment{payment.Stripe, "pi_1", ""}},
	} {
		var got Payment
		dev.must(200, "GET", "/api/v1/orders/"+string(place(strings.ReplaceAll(c.law, " ", "-"), c.more).ID)+"/payment", "", &got)
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.law, got, c.want)
		}
	}
	card := orderBody("C-1", `"payment":{"provider":"stripe","label":"4242 4242 4242 4242"},`)
	p := dev.saying(keyHeader, "card").refused(422, "POST", "/api/v1/orders", card)
	if len(p.Errors) != 2 || p.Errors[0].Field != "payment.reference" || p.Errors[1].Code != "payment_label_unmasked" {
		t.Errorf("a card's number: %+v", p.Errors)
	}
	if answer := dev.call("GET", "/api/v1/orders?limit=100", ""); strings.Contains(answer.Body.String(), "C-1") {
		t.Error("the order was placed all the same")
	}
}

// A return names what is the merchant's own, or nothing.
func TestAReturnCanNotNameWhatIsAnothers(t *testing.T) {
	w := open(t)
	mine, other := w.shop(), w.shop()
	o, theirs := mine.had("E-1"), other.had("E-1")
	photo, point := other.photo(), other.store("theirs")
	r, at := mine.inspected("E-2"), mine.wants("E-3", "no_longer_needed", "")
	exchange := mine.wants("E-4", "not_as_described", `,"settlement":"exchange"`)
	mine.counter().must(200, "POST", path(exchange, "/stock"), `{"there":true}`, nil)
	contested := mine.contested("E-5")
	nobody := func(id string) string { return id[:4] + strings.Repeat("z", 26) }
	wish, orders := mine.wish(o, "damaged"), "/api/v1/orders/"
	for n, c := range []struct{ law, path, body, foreign string }{
		{"another's line", orders + string(o.ID) + "/returns", `{"items":[{"line":%q,"units":1,"reason":"no_longer_needed"}],"route":"post"}`, string(lineOf(other, theirs))},
		{"another's photo", orders + string(o.ID) + "/returns", "{" + strings.Replace(wish, `"units"`, `"photos":[%q],"units"`, 1) + `,"route":"post"}`, string(photo.ID)},
		{"another's photo, only asked about", orders + string(o.ID) + "/returns/options", "{" + strings.Replace(wish, `"units"`, `"photos":[%q],"units"`, 1) + "}", string(photo.ID)},
		{"another's store", orders + string(o.ID) + "/returns", "{" + mine.wish(o, "no_longer_needed") + `,"route":"store","point":%q}`, string(point.ID)},
		{"a deposit at another's store", path(at, "/deposit"), `{"source":"store","place":"x","point":%q}`, string(point.ID)},
		{"another's line, withdrawn from", orders + string(o.ID) + "/withdrawal", strings.Replace(renouncing, "{", `{"units":[{"line":%q,"units":1}],`, 1), string(lineOf(other, theirs))},
		{"another's line, inspected", path(at, "/inspect"), `{"findings":[{"line":%q,"outcome":"restock"}]}`, string(lineOf(other, theirs))},
		{"another's photo of it", path(at, "/inspect"), `{"findings":[{"outcome":"restock","photos":[%q]}]}`, string(photo.ID)},
		{"another's photo of why", path(r, "/decide"), `{"outcome":"refused","reasons":[{"code":"x","photos":[%q]}]}`, string(photo.ID)},
		{"another's line, paid", path(r, "/decide"), `{"outcome":"partial","reasons":[{"code":"x"}],"lines":[{"line":%q,"units":1,"amount":{"minor":1,"currency":"EUR"}}]}`, string(lineOf(other, theirs))},
		{"another's photo as a proof", "/api/v1/disputes/" + string(contested.ID) + "/answer", `{"by":"shopper","words":"x","photos":[%q]}`, string(photo.ID)},
		{"another's order in exchange", path(exchange, "/exchange"), `{"order":%q}`, string(theirs.ID)},
	} {
		agent := func(key string) caller { return mine.as(merchant.Agent).saying(keyHeader, fmt.Sprint(key, n)) }
		foreign := agent("foreign").call("POST", c.path, fmt.Sprintf(c.body, c.foreign))
		unknown := agent("unknown").call("POST", c.path, fmt.Sprintf(c.body, nobody(c.foreign)))
		told := strings.ReplaceAll(foreign.Body.String(), c.foreign, nobody(c.foreign))
		if foreign.Code != 422 || foreign.Code != unknown.Code || told != unknown.Body.String() {
			t.Errorf("%s: %d %s, of nobody: %d %s", c.law, foreign.Code, foreign.Body, unknown.Code, unknown.Body)
		}
	}
}

// A photo that is no photo, or hides something, is refused in words.
func TestPhotosAreCleanedAtTheDoor(t *testing.T) {
	w := open(t)
	dev := w.shop().as(merchant.Developer)
	for _, c := range []struct {
		law, body, code string
		status          int
	}{
		{"a script", "<svg onload=alert(1)>", "photo_type", statuses[fault.Unsupported]},
		{"half a picture", picture()[:60], "photo_unreadable", 422},
	} {
		if p := dev.refused(c.status, "POST", "/api/v1/photos", c.body); p.Code != c.code {
			t.Errorf("%s: %+v", c.law, p)
		}
	}
	var p Photo
	dev.must(201, "POST", "/api/v1/photos", picture()+"<script>", &p)
	if kept := dev.call("GET", "/api/v1/photos/"+string(p.ID), ""); strings.Contains(kept.Body.String(), "script") || p.Width != 8 || p.Height != 6 {
		t.Errorf("kept: %+v", p)
	}
}

// A delivery that is late is demanded, declined, and the contract resolved.
func seeDemand(t *testing.T, s *shop) {
	t.Helper()
	dev := s.as(merchant.Developer)
	at := s.demanded("R-40")
	var d Demand
	if dev.must(200, "GET", at, "", &d); d.Resolvable || d.Until <= d.SentAt || len(d.Hash) != 64 {
		t.Errorf("demanded: %+v", d)
	}
	if p := dev.refused(409, "POST", at+"/resolve", ""); p.Code != "demand_running" {
		t.Errorf("resolved at once: %+v", p)
	}
	if dev.must(200, "POST", at+"/decline", "", &d); !d.Resolvable || d.DeclinedAt == 0 {
		t.Errorf("declined: %+v", d)
	}
	dev.must(200, "POST", at+"/resolve", "", &d)
	var r ReturnDetail
	dev.must(200, "GET", "/api/v1/returns/"+string(d.Return), "", &r)
	if r.Ground != fact.ByResolution || r.Law == nil || len(r.Decisions) != 1 {
		t.Errorf("resolved: %+v", r)
	}
}
