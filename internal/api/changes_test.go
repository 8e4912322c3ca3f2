package api

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// mover is a carrier that takes changes, and answers by the API.
type mover struct{}

func (mover) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{{What: fact.Reschedule, Before: time.Hour, Within: time.Hour}, {What: fact.ToNeighbour, OnRoad: true, Within: time.Hour}}
}

func (mover) Change(context.Context, *egress.Client, carrier.Connection, string, carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.ChangeAnswer{Outcome: carrier.ChangeTaken}, nil
}

// wished is a change of an order by appointment, not answered yet.
func (s *shop) wished(reference string) (c Change) {
	s.w.T.Helper()
	s.byAppointment()
	o := s.appointment(reference)
	s.as(merchant.Developer).saying(keyHeader, "change-"+reference).
		must(202, "POST", "/api/v1/orders/"+string(o.ID)+"/changes", toNeighbour, &c)
	return c
}

const toNeighbour = `{"what":"neighbour","words":"Mme Roux, 2e étage","asked_by":"shopper"}`

var changeAsks = map[string]ask{
	"changes": func(s *shop, n int) request {
		s.byAppointment()
		return request{"/api/v1/orders/" + string(s.appointment(fmt.Sprint("P-", n)).ID) + "/changes", ""}
	},
	"askChange": func(s *shop, n int) request {
		s.byAppointment()
		return request{"/api/v1/orders/" + string(s.appointment(fmt.Sprint("P-", n)).ID) + "/changes", toNeighbour}
	},
	"answerChange": func(s *shop, n int) request {
		return request{"/api/v1/changes/" + string(s.wished(fmt.Sprint("P-", n)).ID) + "/answer?carrier=" + string(s.carrier.ID), `{"outcome":"accepted"}`}
	},
}

func TestAChangeThroughTheAPI(t *testing.T) { seeChanges(t, open(t)) }

// seeChanges goes from what can be changed to the carrier's answer.
func seeChanges(t *testing.T, w *world) {
	t.Helper()
	s := w.shop()
	s.setSlots(s.byAppointment(), `{"windows":[{"weekday":"tuesday","from":"14:00","until":"16:00","capacity":9},{"weekday":"tuesday","from":"16:00","until":"18:00","capacity":1}]}`)
	o := s.appointment("E-1")
	seller, courier, path := s.as(merchant.Developer), s.as(merchant.Carrier), "/api/v1/orders/"+string(o.ID)+"/changes"
	var now Changes
	seller.must(200, "GET", path, "", &now)
	if len(now.Possible) != 2 || now.Possible[0].What != fact.Reschedule || len(now.Possible[0].Slots) == 0 || now.Possible[0].Until.IsZero() || len(now.Asked) != 0 {
		t.Fatalf("%+v", now)
	}
	slot := now.Possible[0].Slots[0]
	wish := fmt.Sprintf(`{"what":"reschedule","from":%q,"until":%q,"asked_by":"shopper"}`, slot.From, slot.Until)
	for _, row := range []struct {
		law, body   string
		status      int
		code, field string
	}{
		{"a shop moves no date by itself", `{"what":"reschedule","asked_by":"merchant"}`, 422, "unknown_value", "asked_by"},
		{"a slot that is none", `{"what":"reschedule","from":"2026-03-18T02:00:00Z","until":"2026-03-18T03:00:00Z","asked_by":"shopper"}`, 409, "unknown_slot", "from"},
		{"nowhere to leave it", `{"what":"neighbour","asked_by":"shopper"}`, 422, "field_required", "words"},
		{"what the service does not take", `{"what":"hold","day":"2026-03-20","asked_by":"shopper"}`, 409, "change_not_offered", "what"},
	} {
		p := seller.saying(keyHeader, row.code).refused(row.status, "POST", path, row.body)
		if len(p.Errors) != 1 || p.Errors[0].Code != row.code || p.Errors[0].Field != row.field {
			t.Errorf("%s: %+v", row.law, p)
		}
	}
	var asked, again Change
	seller.saying(keyHeader, "k").must(202, "POST", path, wish, &asked)
	seller.saying(keyHeader, "k2").must(202, "POST", path, wish, &again)
	if asked.State != lastmile.ChangeAsked || again.ID != asked.ID {
		t.Errorf("asked %+v, again %+v", asked, again)
	}
	if p := seller.saying(keyHeader, "k3").refused(409, "POST", path, toNeighbour); p.Code != "change_open" {
		t.Errorf("another while one waits: %+v", p)
	}
	answer := "/api/v1/changes/" + string(asked.ID) + "/answer"
	var elsewhere Connection
	s.as(merchant.Owner).must(201, "POST", "/api/v1/connections", `{"adapter":"ownfleet","name":"D'autres","zone":"Europe/Paris"}`, &elsewhere)
	other := w.with(w.key(s.id, merchant.NewKey{Set: merchant.Carrier, Connection: elsewhere.ID, Label: "other"}))
	if p := other.refused(404, "POST", answer, `{"outcome":"accepted"}`); p.Code != "not_found" {
		t.Errorf("another carrier answers: %+v", p)
	}
	if p := courier.refused(422, "POST", answer, `{"outcome":"maybe"}`); p.Code != "unknown_value" {
		t.Errorf("neither yes nor no: %+v", p)
	}
	courier.must(200, "POST", answer, `{"outcome":"accepted"}`, &again)
	if again.State != lastmile.ChangeAccepted || again.AnsweredAt.IsZero() {
		t.Errorf("%+v", again)
	}
	if p := courier.refused(409, "POST", answer, `{"outcome":"refused"}`); p.Code != "change_settled" {
		t.Errorf("a second thought: %+v", p)
	}
	var all List[Commitment]
	seller.must(200, "GET", "/api/v1/commitments?state=open", "", &all)
	for _, c := range all.Items {
		if c.Order == o.ID && c.Owed == fact.DeliverInSlot && c.Until != slot.Until {
			t.Errorf("owed until %s", c.Until)
		}
	}
}
