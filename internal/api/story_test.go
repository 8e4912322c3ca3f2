package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// From a date to a verdict, through every operation there is.
func TestAnOrderIsLivedThroughTheAPI(t *testing.T) {
	w := open(t)
	s := w.shop()
	dev, agent := s.as(merchant.Developer), s.as(merchant.Agent)

	// Monday 2 March 2026, 09:00, cut-off 16:00, one working day to Lyon.
	var q Quote
	dev.must(200, "POST", "/api/v1/quotes", quoteBody("FR", "69003"), &q)
	if len(q.Options) != 1 || q.Options[0].Day.String() != "2026-03-03" || q.Options[0].Price != money.Of(590, "EUR") {
		t.Fatalf("quoted %+v", q)
	}
	if got := q.Options[0].Text; got != "Livré mardi 3 mars" {
		t.Errorf("the shopper reads %q", got)
	}
	kept, broken, cancelled := s.order("E-1"), s.order("E-2"), s.order("E-3")
	if got := kept.Commitments[0]; got.State != fact.Open || got.Text != "Livré mardi 3 mars" || got.Until.String() != "2026-03-03T23:00:00Z" {
		t.Errorf("E-1 owes %+v", got)
	}
	if !strings.HasPrefix(kept.Page, "https://suivi.example/p/") || len(kept.Page) != len("https://suivi.example/p/")+22 {
		t.Errorf("the page is %s", kept.Page)
	}

	agent.must(200, "POST", "/api/v1/orders/"+string(cancelled.ID)+"/cancel", `{"by":"shopper"}`, &cancelled)
	if cancelled.State != "cancelled" || cancelled.Commitments[0].State != fact.Void {
		t.Errorf("E-3 is %s and owes %+v", cancelled.State, cancelled.Commitments)
	}

	parcel := s.parcel(kept, "SIM-1")
	s.parcel(broken, "SIM-2")
	if again := agent.call("POST", "/api/v1/orders/"+string(kept.ID)+"/parcels", fmt.Sprintf(`{"carrier":%q,"number":"SIM-1"}`, s.carrier.ID)); again.Code != 200 {
		t.Errorf("the same parcel again: %d", again.Code)
	}
	var detail ParcelDetail
	agent.must(201, "POST", "/api/v1/parcels/"+string(parcel.ID)+"/legs", fmt.Sprintf(`{"carrier":%q,"number":"BE-77"}`, s.carrier.ID), &detail)
	if len(detail.Legs) != 2 {
		t.Errorf("legs: %+v", detail.Legs)
	}

	w.At("2026-03-02 18:00")
	if got := s.scan("SIM-1", "picked_up", "2026-03-02T17:30:00+01:00"); got.Accepted != 1 || got.Duplicates != 0 {
		t.Errorf("the first scan: %+v", got)
	}
	if got := s.scan("SIM-1", "picked_up", "2026-03-02T17:30:00+01:00"); got.Accepted != 0 || got.Duplicates != 1 {
		t.Errorf("the same scan again: %+v", got)
	}
	if p := agent.refused(409, "POST", "/api/v1/orders/"+string(kept.ID)+"/cancel", `{"by":"merchant"}`); p.Code != "order_has_left" {
		t.Errorf("cancelled on its way: %s", p.Code)
	}
	w.At("2026-03-03 11:00")
	s.scan("SIM-1", "delivered", "2026-03-03T10:40:00+01:00")
	w.At("2026-03-04 02:00")
	w.Quiet()

	var one OrderDetail
	agent.must(200, "GET", "/api/v1/orders/"+string(kept.ID), "", &one)
	if one.Commitments[0].State != fact.Kept || one.Parcels[0].Status != fact.Delivered || len(one.Lines) != 2 {
		t.Errorf("E-1 ended as %+v", one)
	}
	agent.must(200, "GET", "/api/v1/orders/"+string(broken.ID), "", &one)
	if len(one.Remedies) != 1 || one.Remedies[0].State != "granted" || one.Remedies[0].Grants[0].Amount != money.Of(590, "EUR") {
		t.Errorf("E-2 was repaired by %+v", one.Remedies)
	}
	var owed CommitmentDetail
	agent.must(200, "GET", "/api/v1/commitments/"+string(broken.Commitments[0].ID), "", &owed)
	if owed.State != fact.Broken || len(owed.Verdicts) != 1 || owed.Remedy == nil || owed.Verdicts[0].Liable != fact.ByMerchant {
		t.Errorf("what E-2 owed: %+v", owed)
	}
	agent.must(200, "GET", "/api/v1/parcels/"+string(parcel.ID), "", &detail)
	if detail.Clocks.InHand == nil || detail.Clocks.Closed != nil || len(detail.Events) != 2 || detail.Trust != fact.TrustSigned {
		t.Errorf("the parcel's story: %+v", detail)
	}
	seeLists(t, s, kept)
	seeSettings(t, s)
	seePeople(t, s, kept)
	seeShortages(t, s)
	seeSlots(t, s)
	seeInquiries(t, s)
	seeConditions(t, w.shop())
	w.At("2026-03-06 09:00")
	back := w.shop()
	seeReturns(t, back)
	seeCover(t, back)
	seePickup(t, back)
	seeSecondPersons(t, back)
	seeWithdrawal(t, back)
	seeDemand(t, back)
	seeAccount(t, back)
	seePoints(t, back)
	seeWebhooks(t, back)
	seeMoney(t, back)
	seeTexts(t, back)
	seeConversations(t, w)
	seeClaims(t, w)
	seeIncidents(t, w)
	seeChanges(t, w)
	var told Tracking
	if w.with("").must(200, "GET", "/api/v1/tracking/"+tokenOf(kept), "", &told); told.Reference != "E-1" {
		t.Errorf("the link tells of %s", told.Reference)
	}

	var missing []string
	for _, r := range w.api.Routes() {
		if !w.visited[r.Method+" "+r.Path] {
			missing = append(missing, r.Method+" "+r.Path)
		}
	}
	if missing != nil {
		t.Errorf("operations that never answered well: %v", missing)
	}
}

// The shop finds units missing before the parcel leaves: one is too few for a
// repair, two are enough, and each is said once.
func seeShortages(t *testing.T, s *shop) {
	t.Helper()
	o := s.order("E-60")
	agent, path := s.as(merchant.Agent), "/api/v1/orders/"+string(o.ID)+"/shortages"
	if o.Commitments[0].Owed != fact.DeliverBy || o.Commitments[1].Owed != fact.Complete || o.Commitments[1].Until != o.Commitments[0].Until {
		t.Errorf("owed beside one another: %+v", o.Commitments)
	}
	one := fmt.Sprintf(`{"lines":[{"line":%q,"units":1}]`, lineOf(s, o))
	var first, again, more Shortage
	agent.must(201, "POST", path, one+`}`, &first)
	agent.must(200, "POST", path, one+`}`, &again)
	if diff := cmp.Diff(first, again); diff != "" || first.By != fact.ByMerchant || first.Lines[0].Units != 1 {
		t.Errorf("the same again: %+v %s", first, diff)
	}
	see := func(units int, state string) {
		t.Helper()
		var d OrderDetail
		agent.must(200, "GET", "/api/v1/orders/"+string(o.ID), "", &d)
		var c CommitmentDetail
		agent.must(200, "GET", "/api/v1/commitments/"+string(d.Commitments[1].ID), "", &c)
		last := c.Verdicts[len(c.Verdicts)-1]
		if last.State != fact.Broken || last.Reason != "units_missing" || last.Missing != units || last.Lines != 1 || last.Liable != fact.ByMerchant {
			t.Errorf("%+v", last)
		}
		if len(d.Remedies) != 1 || string(d.Remedies[0].State) != state {
			t.Errorf("%d units are repaired by %+v", units, d.Remedies)
		}
	}
	see(1, "refused")
	agent.must(201, "POST", path, one+fmt.Sprintf(`,"after":%q}`, first.ID), &more)
	if more.ID == first.ID {
		t.Error("one more bottle is the first one")
	}
	see(2, "granted")
	if p := agent.refused(422, "POST", path, one+fmt.Sprintf(`,"after":%q}`, more.ID)); p.Errors[0].Code != "missing_units_packed" || p.Errors[0].Field != "lines[0]" {
		t.Errorf("more than there are: %+v", p.Errors)
	}
	if p := agent.refused(422, "POST", path, `{"lines":[]}`); p.Errors[0].Code != "field_required" || p.Errors[0].Field != "lines" {
		t.Errorf("nothing at all: %+v", p.Errors)
	}
	twice := fmt.Sprintf(`{"line":%q,"units":1}`, lineOf(s, o))
	if p := agent.refused(422, "POST", path, `{"lines":[`+twice+`,`+twice+`]}`); p.Errors[0].Code != "line_twice" || p.Errors[0].Field != "lines[1].line" {
		t.Errorf("a line twice: %+v", p.Errors)
	}
	if p := agent.refused(409, "POST", "/api/v1/commitments/"+string(o.Commitments[1].ID)+"/amend", `{"day":"2026-03-20","asked_by":"shopper"}`); p.Code != "amend_no_date" {
		t.Errorf("another day for being complete: %s", p.Code)
	}
}

func seeLists(t *testing.T, s *shop, kept Order) {
	t.Helper()
	agent := s.as(merchant.Agent)
	var orders List[Order]
	agent.must(200, "GET", "/api/v1/orders?limit=2", "", &orders)
	if len(orders.Items) != 2 || orders.Items[0].Reference != "E-3" || orders.Next == "" {
		t.Errorf("the first page: %+v", orders)
	}
	agent.must(200, "GET", "/api/v1/orders?limit=2&after="+orders.Next, "", &orders)
	if len(orders.Items) != 1 || orders.Items[0].Reference != "E-1" || orders.Next != "" {
		t.Errorf("the last page: %+v", orders)
	}
	var owed List[Commitment]
	agent.must(200, "GET", "/api/v1/commitments?state=void", "", &owed)
	if len(owed.Items) != 3 { // both of E-3, and nobody knows whether E-2 is complete
		t.Errorf("void: %+v", owed)
	}
	var parcels List[Parcel]
	agent.must(200, "GET", "/api/v1/parcels?order="+string(kept.ID), "", &parcels)
	if len(parcels.Items) != 1 || parcels.Items[0].Number != "SIM1" {
		t.Errorf("parcels: %+v", parcels)
	}
	var timeline Timeline
	agent.must(200, "GET", "/api/v1/orders/"+string(kept.ID)+"/timeline", "", &timeline)
	var kinds []string
	for _, m := range timeline.Items {
		kinds = append(kinds, m.Kind)
	}
	for _, want := range []string{"order.placed", "promise.made", "order.parcel_announced", "carrier.event", "tracking.moved", "promise.kept"} {
		if !slices.Contains(kinds, want) {
			t.Errorf("the timeline %v lacks %s", kinds, want)
		}
	}
	s.w.At("2026-03-05 09:00")
	fresh := s.order("E-40")
	var next Commitment
	path := "/api/v1/commitments/" + string(fresh.Commitments[0].ID) + "/amend"
	agent.must(201, "POST", path, `{"day":"2026-03-10","asked_by":"shopper"}`, &next)
	if next.Predecessor != fresh.Commitments[0].ID || next.Text != "Livré mardi 10 mars" || next.Until.String() != "2026-03-10T23:00:00Z" {
		t.Errorf("amended to %+v", next)
	}
	if p := agent.refused(409, "POST", path, `{"day":"2026-03-11","asked_by":"shopper"}`); p.Code != "commitment_closed" {
		t.Errorf("amended twice: %s", p.Code)
	}
}

func seeSettings(t *testing.T, s *shop) {
	t.Helper()
	owner := s.as(merchant.Owner)
	var who Me
	owner.must(200, "GET", "/api/v1/me", "", &who)
	if who.Organisation.ID != s.id || who.Settings == nil || len(who.Permissions) != len(merchant.Permissions()) {
		t.Errorf("who I am: %+v", who)
	}
	owner.must(200, "PUT", "/api/v1/settings", `{"target":0.9,"risk_at":0.4}`, nil)
	owner.must(200, "GET", "/api/v1/me", "", &who)
	if *who.Settings != (Settings{0.9, 0.4}) {
		t.Errorf("settings: %+v", who.Settings)
	}
	var points List[StockPoint]
	owner.must(200, "GET", "/api/v1/stock-points", "", &points)
	if d := cmp.Diff([]StockPoint{s.stock}, points.Items); d != "" {
		t.Error(d)
	}
	owner.must(200, "POST", "/api/v1/stock-points", strings.Replace(stockPoint, "{", fmt.Sprintf(`{"id":%q,`, s.stock.ID), 1), nil)
	var connections List[Connection]
	owner.must(200, "GET", "/api/v1/connections", "", &connections)
	if d := cmp.Diff([]Connection{s.carrier}, connections.Items); d != "" {
		t.Error(d)
	}
	var services List[Service]
	owner.must(200, "GET", "/api/v1/services", "", &services)
	if d := cmp.Diff([]Service{s.service}, services.Items); d != "" {
		t.Error(d)
	}
	var tariffs List[Tariff]
	owner.must(200, "GET", "/api/v1/tariffs?on=2026-03-02", "", &tariffs)
	if len(tariffs.Items) != 1 || tariffs.Items[0].Price != money.Of(590, "EUR") {
		t.Errorf("tariffs: %+v", tariffs)
	}
	var policy Policy
	owner.must(200, "GET", "/api/v1/policies/remedy", "", &policy)
	if policy.ID != "" || policy.Source == "" {
		t.Errorf("the shipped policy: %+v", policy)
	}
	owner.must(200, "PUT", "/api/v1/policies/remedy", fmt.Sprintf(`{"source":%q}`, policy.Source+"\n// ours"), &policy)
	if policy.ID == "" {
		t.Errorf("our policy: %+v", policy)
	}
	seeTemplates(t, owner)
	var report PromisesReport
	owner.must(200, "GET", "/api/v1/reports/promises?since=2026-03-01&until=2026-03-05", "", &report)
	if report.Kept != 1 || report.SilentBreaks != 1 || report.Repaired != 1 || report.Void != 1 || len(report.ByCarrier) != 1 {
		t.Errorf("the report: %+v", report)
	}
}

func seePeople(t *testing.T, s *shop, o Order) {
	t.Helper()
	w, owner := s.w, s.as(merchant.Owner)
	network, networkKeys := w.organisation(merchant.Network)
	operator := w.with(networkKeys[merchant.Operator])
	report := "/api/v1/reports/promises?merchant=" + string(s.id)
	operator.refused(404, "GET", report, "")
	var g Grant
	owner.must(201, "POST", "/api/v1/grants", fmt.Sprintf(`{"grantee":%q,"scope":"read_reports"}`, network), &g)
	operator.must(200, "GET", report, "", nil)
	owner.must(204, "DELETE", "/api/v1/grants/"+string(g.ID), "", nil)
	operator.refused(404, "GET", report, "")

	var k IssuedKey
	owner.must(201, "POST", "/api/v1/keys", `{"set":"viewer","label":"Comptable"}`, &k)
	w.with(k.Secret).must(200, "GET", "/api/v1/me", "", nil)
	owner.must(204, "DELETE", "/api/v1/keys/"+string(k.ID), "", nil)
	w.with(k.Secret).refused(401, "GET", "/api/v1/me", "")
	var browser BrowserKey
	owner.must(201, "POST", "/api/v1/browser-keys", `{"label":"Site","origins":["https://boutique.example"]}`, &browser)
	owner.must(200, "GET", "/api/v1/browser-keys", "", nil)
	owner.must(204, "DELETE", "/api/v1/browser-keys/"+string(browser.ID), "", nil)
	var keys List[Key]
	owner.must(200, "GET", "/api/v1/keys", "", &keys)
	if last := keys.Items[len(keys.Items)-1]; last.ID != k.ID || last.Revoked == 0 {
		t.Errorf("keys: %+v", keys)
	}

	w.letters = nil
	owner.must(202, "POST", "/api/v1/shoppers/"+string(o.Shopper)+"/invitation", "", nil)
	if len(w.letters) == 0 || !strings.HasPrefix(w.letters[0], "https://suivi.example/lien/") {
		t.Errorf("letters: %q", w.letters)
	}
	consent := "/api/v1/shoppers/" + string(o.Shopper) + "/consent"
	if s.confirm(o.Shopper) == "" || s.person(o.Shopper) == "" {
		t.Error("nobody confirmed")
	}
	for range 2 { // taking it back again changes nothing
		owner.must(204, "DELETE", consent, "", nil)
		if p := s.person(o.Shopper); p != "" {
			t.Errorf("known as %s still", p)
		}
	}
	gone := asks["eraseShopper"](s, 0).path
	for range 2 { // somebody who bought nothing, and then nobody
		owner.must(204, "DELETE", gone, "", nil)
	}
	owner.must(409, "DELETE", "/api/v1/shoppers/"+string(s.order("E-on-its-way").Shopper), "", nil)
	owner.must(204, "POST", "/api/v1/bounces", fmt.Sprintf(`{"message_id":"<%s>","kind":"hard"}`, s.sentMessage(o)), nil)
	for _, path := range []string{"/healthz", "/openapi.json", "/openapi.yaml"} {
		w.with("").must(200, "GET", path, "", nil)
	}
}

// confirm answers an invitation as its reader does.
func (s *shop) confirm(id ident.Shopper) (p ident.Person) {
	s.w.T.Helper()
	s.w.Do(s.id, func(tx *flow.Tx) error {
		link, err := shopper.Invite(tx, s.id, id)
		if err != nil {
			return err
		}
		_, _, p, err = shopper.Confirm(tx, link, "I agree.")
		return err
	})
	return p
}

// person is who a shopper is over shops; empty for nobody.
func (s *shop) person(id ident.Shopper) (p ident.Person) {
	s.w.T.Helper()
	s.w.See(func(tx *db.Tx) error {
		c, err := shopper.Get(tx, s.id, id)
		p = c.Person
		return err
	})
	return p
}

// A parcel is announced after its carrier spoke of it, and again with its number
// written otherwise: it is one parcel, and the answer knows what is known.
func TestAParcelIsOneHoweverItsNumberIsWritten(t *testing.T) {
	w := open(t)
	s := w.shop()
	o := s.order("E-1")
	w.At("2026-03-02 18:00")
	s.scan("6A 001-2", "picked_up", "2026-03-02T17:30:00+01:00")
	p := s.parcel(o, "6a001.2")
	if p.Number != "6A0012" || p.Status != fact.PickedUp {
		t.Errorf("announced as %+v", p)
	}
	var again Parcel
	body := fmt.Sprintf(`{"carrier":%q,"number":"6A 0012"}`, s.carrier.ID)
	s.as(merchant.Agent).must(200, "POST", "/api/v1/orders/"+string(o.ID)+"/parcels", body, &again)
	if again != p {
		t.Errorf("announced again as %+v", again)
	}
	if got := s.as(merchant.Agent).refused(409, "POST", "/api/v1/orders/"+string(s.order("E-2").ID)+"/parcels", body); got.Code != "parcel_number_conflict" {
		t.Errorf("for another order: %+v", got)
	}
}

// What the shop itself brought to the door is not taken back either.
func TestAnOrderThatArrivedIsNotTakenBack(t *testing.T) {
	w := open(t)
	s := w.shop()
	o := s.order("E-1")
	s.parcel(o, "VELO-1")
	body := `{"events":[{"tracking_number":"VELO-1","status":"delivered","source":"merchant","occurred_at":"2026-03-02T09:00:00+01:00"}]}`
	s.as(merchant.Developer).must(202, "POST", "/api/v1/events?carrier="+string(s.carrier.ID), body, nil)
	if p := s.as(merchant.Agent).refused(409, "POST", "/api/v1/orders/"+string(o.ID)+"/cancel", `{"by":"shopper"}`); p.Code != "order_has_left" {
		t.Errorf("%+v", p)
	}
}

func TestABillMayGoElsewhere(t *testing.T) {
	w := open(t)
	s := w.shop()
	office := Address{Name: "Comptabilité", Street: "1 quai Haut", Postcode: "44000", City: "Nantes", Country: "FR"}
	bill, err := json.Marshal(office)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reference, more string
		want            *Address
	}{{"E-1", "", nil}, {"E-2", `"bill_to":` + string(bill) + ",", &office}} {
		var o Order
		s.as(merchant.Developer).saying(keyHeader, c.reference).
			must(201, "POST", "/api/v1/orders", orderBody(c.reference, c.more), &o)
		var d OrderDetail
		s.as(merchant.Agent).must(200, "GET", "/api/v1/orders/"+string(o.ID), "", &d)
		if diff := cmp.Diff(c.want, d.BillTo); diff != "" {
			t.Errorf("%s: %s", c.reference, diff)
		}
	}
}

// sentMessage pretends that the mail server took the first letter about an order.
func (s *shop) sentMessage(o Order) (messageID string) {
	s.w.T.Helper()
	s.w.Quiet()
	var first notify.Message
	s.w.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, s.id, []ident.Order{o.ID})
		if err == nil && len(of[o.ID]) > 0 {
			first = of[o.ID][0]
		}
		return err
	})
	if first.ID == "" {
		s.w.T.Fatal("nobody was to be told about the order")
	}
	messageID = string(first.ID) + "@suivi.example"
	s.w.Do(s.id, func(tx *flow.Tx) error {
		return tx.Do(`update notify_message set message_id = $3, accepted_at = $4, state = 'sent' where merchant = $1 and id = $2`,
			s.id, first.ID, messageID, tx.Now)
	})
	return messageID
}

func TestAnswersAreKeptOutOfCaches(t *testing.T) {
	w := open(t)
	for _, path := range []string{"/healthz", "/api/v1/me", "/api/v1/nothing", "/openapi.json"} {
		h := w.with("").call("GET", path, "").Header()
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Strict-Transport-Security": "max-age=31536000", "Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s has no Content-Security-Policy", path)
		}
	}
}

func TestWhatIsNotThereIsAProblemToo(t *testing.T) {
	w := open(t)
	if p := w.with("").refused(404, "GET", "/api/v1/nothing", ""); p.Code != "not_found" {
		t.Errorf("an unknown path: %s", p.Code)
	}
	answer := w.with("").call("PATCH", "/api/v1/orders", "")
	if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, POST" {
		t.Errorf("an unknown method: %d, Allow %q", answer.Code, answer.Header().Get("Allow"))
	}
}

// A problem speaks the reader's language; its code is the same in each.
func TestRefusalsSpeakTheReadersLanguage(t *testing.T) {
	w := open(t)
	fr := w.with("").refused(401, "GET", "/api/v1/me", "")
	en := w.with("").saying("Accept-Language", "en-GB,en;q=0.9").refused(401, "GET", "/api/v1/me", "")
	if fr.Code != "unauthorized" || en.Code != fr.Code || fr.Detail == en.Detail || en.Title != "We do not know who you are" {
		t.Errorf("French %+v, English %+v", fr, en)
	}
	if fr.Type != "https://promesse.dev/problems/unauthorized" || fr.Status != 401 {
		t.Errorf("%+v", fr)
	}
}
