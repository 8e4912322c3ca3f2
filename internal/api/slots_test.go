package api

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// couriers gives the shop a service by appointment over its carrier, to the
// east of Paris and nowhere else, so that other orders do not see it.
func (s *shop) couriers() (v Service) {
	s.w.T.Helper()
	owner := s.as(merchant.Owner)
	owner.must(201, "POST", "/api/v1/services", s.courierBody(), &v)
	owner.must(201, "POST", "/api/v1/tariffs", fmt.Sprintf(`{"service":%q,"price":{"minor":590,"currency":"EUR"}}`, v.ID), nil)
	return v
}

// byAppointment is couriers with room enough, once a shop.
func (s *shop) byAppointment() Service {
	s.w.T.Helper()
	if s.visits.ID == "" {
		s.visits = s.couriers()
		s.setSlots(s.visits, tuesdays(1000))
	}
	return s.visits
}

func (s *shop) courierBody() string {
	return fmt.Sprintf(`{"carrier":%q,"name":"Nos coursiers","mode":"slot","countries":["FR"],"postcodes":["75011","7502"],
		"collects":["monday"],"delivers":["monday","tuesday","wednesday"],"standards":[]}`, s.carrier.ID)
}

// tuesdays is a grid of one window, Tuesday from 14:00 to 16:00.
func tuesdays(capacity int) string {
	return fmt.Sprintf(`{"windows":[{"weekday":"tuesday","from":"14:00","until":"16:00","capacity":%d,"close_before_seconds":3600}]}`, capacity)
}

func (s *shop) setSlots(v Service, grid string) (g Grid) {
	s.w.T.Helper()
	s.as(merchant.Owner).must(200, "PUT", "/api/v1/services/"+string(v.ID)+"/slots", grid, &g)
	return g
}

// toParis is a quote or an order to where the couriers go.
func toParis(body string) string {
	return strings.NewReplacer(`"69003"`, `"75011"`, `"Lyon"`, `"Paris"`).Replace(body)
}

func (s *shop) slotOptions() (options []Option) {
	s.w.T.Helper()
	var q Quote
	s.as(merchant.Developer).must(200, "POST", "/api/v1/quotes", toParis(quoteBody("FR", "69003")), &q)
	for _, o := range q.Options {
		if o.Mode == "slot" {
			options = append(options, o)
		}
	}
	return options
}

func slotOrder(reference, token string) string {
	return toParis(orderBody(reference, fmt.Sprintf(`"token":%q,`, token)))
}

// appointment places an order in the first slot there is.
func (s *shop) appointment(reference string) (o Order) {
	s.w.T.Helper()
	options := s.slotOptions()
	if len(options) == 0 {
		s.w.T.Fatal("no slot on offer")
	}
	s.as(merchant.Developer).saying(keyHeader, "slot-"+reference).
		must(201, "POST", "/api/v1/orders", slotOrder(reference, options[0].Token), &o)
	return o
}

// asked is an order about which the courier asked.
func (s *shop) asked(reference string) Order {
	s.w.T.Helper()
	o := s.appointment(reference)
	s.as(merchant.Developer).must(201, "POST", "/api/v1/orders/"+string(o.ID)+"/early", tomorrowMorning, nil)
	return o
}

const tomorrowMorning = `{"at":"2026-03-03T10:00:00+01:00"}`

// An appointment from its grid to the courier who would like to come early.
func seeSlots(t *testing.T, s *shop) {
	t.Helper()
	s.w.At("2026-03-16 09:00")
	v := s.couriers()
	if d := cmp.Diff([]string{"75011", "7502"}, v.Postcodes); d != "" {
		t.Error(d)
	}
	g := s.setSlots(v, tuesdays(2))
	if g.Since == nil || g.Since.String() != "2026-03-16" || g.Windows[0].From != "14:00" || g.Windows[0].CloseBefore != 3600 {
		t.Errorf("the grid: %+v", g)
	}
	options := s.slotOptions()
	if len(options) != 1 || options[0].Text != "Livré mardi 17 mars entre 14:00 et 16:00" || options[0].Confidence != 0 {
		t.Fatalf("on offer: %+v", options)
	}
	if o := options[0]; o.From.String() != "2026-03-17T13:00:00Z" || o.Until.String() != "2026-03-17T15:00:00Z" || o.OrderBefore.String() != "2026-03-17T12:00:00Z" {
		t.Errorf("the slot: %+v", o)
	}
	o := s.appointment("E-70")
	if owed := o.Commitments[0]; owed.Owed != fact.DeliverInSlot || owed.Text != options[0].Text {
		t.Errorf("it owes %+v", owed)
	}
	var table Timetable
	s.as(merchant.Developer).must(200, "GET", "/api/v1/services/"+string(v.ID)+"/slots?days=9", "", &table)
	if len(table.Grids) != 1 || len(table.Slots) != 2 || table.Slots[0].Left != 1 || table.Slots[0].Capacity != 2 || table.Slots[1].Left != 2 {
		t.Errorf("the timetable: %+v", table)
	}
	seeEarly(t, s, o)
	s.as(merchant.Agent).must(200, "POST", "/api/v1/orders/"+string(o.ID)+"/cancel", `{"by":"shopper"}`, nil)
	s.as(merchant.Developer).must(200, "GET", "/api/v1/services/"+string(v.ID)+"/slots", "", &table)
	if table.Slots[0].Left != 2 {
		t.Errorf("after the order was taken back: %+v", table.Slots)
	}
	s.setSlots(v, `{"windows":[]}`)
	if options := s.slotOptions(); len(options) != 0 {
		t.Errorf("no slots any more, and %+v", options)
	}
}

func seeEarly(t *testing.T, s *shop, o Order) {
	t.Helper()
	courier, path := s.as(merchant.Carrier), "/api/v1/orders/"+string(o.ID)+"/early"
	if p := courier.refused(404, "GET", path, ""); p.Code != "not_found" {
		t.Errorf("nobody asked: %+v", p)
	}
	at := `{"at":"2026-03-17T10:00:00+01:00"}`
	var first, again Early
	courier.must(201, "POST", path, at, &first)
	courier.must(200, "POST", path, `{"at":"2026-03-17T11:00:00+01:00"}`, &again)
	if d := cmp.Diff(first, again); d != "" || first.State != lastmile.Asked || first.At.String() != "2026-03-17T09:00:00Z" {
		t.Errorf("asked: %+v %s", first, d)
	}
	s.w.Do(s.id, func(tx *flow.Tx) error {
		_, err := lastmile.AnswerEarly(tx, s.id, o.ID, false)
		return err
	})
	courier.must(200, "GET", path, "", &again)
	if again.State != lastmile.Refused || again.AnsweredAt.IsZero() {
		t.Errorf("the courier is told %+v", again)
	}
	if p := courier.refused(409, "POST", path, at); p.Code != "early_refused" {
		t.Errorf("asked again: %+v", p)
	}
	var elsewhere Connection
	s.as(merchant.Owner).must(201, "POST", "/api/v1/connections", `{"adapter":"ownfleet","name":"D'autres","zone":"Europe/Paris"}`, &elsewhere)
	other := s.w.with(s.w.key(s.id, merchant.NewKey{Set: merchant.Carrier, Connection: elsewhere.ID, Label: "other"}))
	for _, method := range []string{"GET", "POST"} {
		other.refused(404, method, path, map[string]string{"POST": at}[method])
	}
}

func TestSlotsAreRefusedInTheCallersWords(t *testing.T) {
	w := open(t)
	s := w.shop()
	v := s.couriers()
	owner, path := s.as(merchant.Owner), "/api/v1/services/"+string(v.ID)+"/slots"
	window := `{"weekday":"tuesday","from":"14:00","until":"16:00","capacity":1}`
	for _, row := range []struct {
		law, path, body string
		status          int
		code, field     string
	}{
		{"a service to the door", "/api/v1/services/" + string(s.service.ID) + "/slots", tuesdays(1), 409, "service_without_slots", "service"},
		{"half past two in words", path, `{"windows":[` + window + `,` + with(t, window, "from", "2.30 pm") + `]}`, 422, "time_of_day_invalid", "windows[1].from"},
		{"the end before the beginning", path, `{"windows":[` + with(t, window, "until", "13:00") + `]}`, 422, "slot_out_of_order", "windows[0]"},
		{"room for nobody", path, `{"windows":[` + with(t, window, "capacity", 0) + `]}`, 422, "number_out_of_range", "windows[0].capacity"},
		{"closed after it began", path, `{"windows":[` + with(t, window, "close_before_seconds", -1) + `]}`, 422, "duration_out_of_range", "windows[0].close_before_seconds"},
		{"the same window twice", path, `{"windows":[` + window + `,` + window + `]}`, 422, "slot_twice", "windows[1]"},
		{"a day of the week that is none", path, `{"windows":[` + with(t, window, "weekday", "caturday") + `]}`, 422, "unknown_value", "windows[0].weekday"},
		{"since the last century", path, `{"since":"1999-01-01","windows":[]}`, 422, "date_out_of_range", "since"},
	} {
		p := owner.refused(row.status, "PUT", row.path, row.body)
		if len(p.Errors) != 1 || p.Errors[0].Code != row.code || p.Errors[0].Field != row.field {
			t.Errorf("%s: %+v", row.law, p.Errors)
		}
	}
	if p := owner.refused(422, "POST", "/api/v1/services", with(t, s.courierBody(), "postcodes", []string{"75", "7%"})); p.Errors[0].Field != "postcodes[1]" || p.Code != "postcode_prefix_invalid" {
		t.Errorf("a postcode that is none: %+v", p.Errors)
	}
}

// A courier of the shop's own reports in its own words; the hour it announces is
// kept with the event, and who signed is not.
func TestACourierOfTheShopsOwnReports(t *testing.T) {
	w := open(t)
	s := w.shop()
	owner := s.as(merchant.Owner)
	owner.must(201, "POST", "/api/v1/connections", `{"adapter":"ownfleet","name":"Nos coursiers","zone":"Europe/Paris"}`, &s.carrier)
	s.keys[merchant.Carrier] = w.key(s.id, merchant.NewKey{Set: merchant.Carrier, Connection: s.carrier.ID, Label: "courier"})
	s.setSlots(s.couriers(), tuesdays(1))
	o := s.appointment("E-1")
	p := s.parcel(o, "E-1")
	w.At("2026-03-03 15:40")
	var r Received
	courier := s.as(merchant.Carrier)
	courier.must(202, "POST", "/api/v1/events", `{"events":[
		{"tracking_number":"E-1","status":"left","occurred_at":"2026-03-03T13:50"},
		{"tracking_number":"E-1","status":"on_round","occurred_at":"2026-03-03T15:40","expected_at":"16:31","reason":"delay","label":"En retard, 16:31"},
		{"tracking_number":"E-1","status":"failed","occurred_at":"2026-03-03T15:30"}]}`, &r)
	if r.Accepted != 2 || len(r.Rejected) != 1 || r.Rejected[0].Field != "events[2].reason" {
		t.Errorf("received: %+v", r)
	}
	var moved []fact.ParcelMoved
	for _, f := range s.timeline(o.ID) {
		if b, ok := f.Body.(fact.ParcelMoved); ok {
			moved = append(moved, b)
		}
	}
	if last := moved[len(moved)-1]; last.Now != fact.OutForDelivery || last.Reason != fact.ReasonDelay || last.Expected.String() != "2026-03-03T15:31:00Z" {
		t.Errorf("told: %+v", last)
	}
	var told ParcelDetail
	s.as(merchant.Agent).must(200, "GET", "/api/v1/parcels/"+string(p.ID), "", &told)
	if told.Expected.String() != "2026-03-03T15:31:00Z" || told.Events[1].Expected != told.Expected {
		t.Errorf("expected at %s, %+v", told.Expected, told.Events)
	}
	w.At("2026-03-03 16:31")
	courier.must(202, "POST", "/api/v1/events",
		`{"events":[{"tracking_number":"E-1","status":"delivered","occurred_at":"2026-03-03T16:31:00+01:00","place":"reception","signed_by":"Dominique Martin"}]}`, &r)
	answer := s.as(merchant.Agent).call("GET", "/api/v1/parcels/"+string(p.ID), "")
	if answer.Code != 200 || strings.Contains(answer.Body.String(), "Martin") || !strings.Contains(answer.Body.String(), `"place":"reception"`) {
		t.Errorf("the parcel: %s", answer.Body)
	}
	for _, f := range s.timeline(o.ID) {
		if strings.Contains(fmt.Sprintf("%+v", f.Body), "Martin") {
			t.Errorf("a name in a fact: %+v", f)
		}
	}
}

func (s *shop) timeline(id ident.Order) (facts []flow.Fact) {
	s.w.T.Helper()
	s.w.See(func(tx *db.Tx) (err error) {
		facts, err = flow.Timeline(tx, s.id, string(id))
		return err
	})
	return facts
}

// Two hundred shoppers order the last place at once, each with a quote of her
// own: one gets it, the others read what to do, and nothing was sold to them.
func TestTheLastPlaceOfASlotHasOneWinner(t *testing.T) {
	w := open(t)
	s := w.shop()
	s.setSlots(s.couriers(), tuesdays(1))
	const shoppers = 200
	tokens := make([]string, shoppers)
	for i := range tokens {
		tokens[i] = s.slotOptions()[0].Token
	}
	codes := make([]string, shoppers)
	var wg sync.WaitGroup
	for i := range shoppers {
		wg.Go(func() {
			reference := fmt.Sprint("R-", i)
			answer := s.as(merchant.Developer).saying(keyHeader, reference).call("POST", "/api/v1/orders", slotOrder(reference, tokens[i]))
			codes[i] = fmt.Sprint(answer.Code)
			if answer.Code == http.StatusConflict && strings.Contains(answer.Body.String(), `"slot_full"`) && strings.Contains(answer.Body.String(), `"token"`) {
				codes[i] = "slot_full"
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for _, c := range codes {
		count[c]++
	}
	if d := cmp.Diff(map[string]int{"201": 1, "slot_full": shoppers - 1}, count); d != "" {
		t.Error(d)
	}
	var orders List[Order]
	s.as(merchant.Developer).must(200, "GET", "/api/v1/orders", "", &orders)
	if len(orders.Items) != 1 {
		t.Errorf("%d orders", len(orders.Items))
	}
	if options := s.slotOptions(); len(options) != 0 {
		t.Errorf("still on offer: %+v", options)
	}
}
