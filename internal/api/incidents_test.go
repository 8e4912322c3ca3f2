package api

import (
	"context"
	"fmt"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// snow is an incident in one department.
func snow(place string, from, last civil.Day) string {
	return fmt.Sprintf(`{"trouble":"weather","places":[%q],"from":%q,"last":%q,"words":{"fr":"La neige bloque les cols."}}`, place, from, last)
}

// mountains is snow where no test sends anything.
var mountains = `{"trouble":"weather","places":["05"],"from":"2026-03-20","last":"2026-03-24"}`

// incident declares one; n makes its key.
func (s *shop) incident(n int) (i Incident) {
	s.w.T.Helper()
	s.as(merchant.Agent).saying(keyHeader, fmt.Sprint("snow-", n)).must(201, "POST", "/api/v1/incidents", mountains, &i)
	return i
}

// onIncident is a request about an incident.
func onIncident(path, body string) ask {
	return func(s *shop, n int) request {
		return request{"/api/v1/incidents/" + string(s.incident(n).ID) + path, body}
	}
}

var incidentAsks = map[string]ask{
	"previewIncident": plain("/api/v1/incidents/preview", mountains),
	"declareIncident": plain("/api/v1/incidents", mountains),
	"listIncidents":   plain("/api/v1/incidents", ""),
	"getIncident":     onIncident("", ""),
	"correctIncident": onIncident("", `{"last":"2026-03-22"}`),
	"closeIncident":   onIncident("/close", ""),
}

func TestAnIncidentThroughTheAPI(t *testing.T) { seeIncidents(t, open(t)) }

// seeIncidents looks whom an incident would concern, declares it, sees who was
// warned and what is quoted since, makes it shorter and ends it.
func seeIncidents(t *testing.T, w *world) {
	t.Helper()
	s := w.shop()
	o := s.order("E-1")
	agent, today := s.as(merchant.Agent), w.Clock().Now().Day(flowtest.Paris)
	promised := (o.Commitments[0].Until - 1).Day(flowtest.Paris)
	body := snow("69", today, promised)
	var x Concern
	agent.must(200, "POST", "/api/v1/incidents/preview", body, &x)
	if x.Promises != 1 || x.Shoppers != 1 || x.Value != o.Value || len(x.Orders) != 1 || x.Orders[0] != o.ID {
		t.Errorf("would concern %+v", x)
	}
	var i, same Incident
	agent.saying(keyHeader, "snow").must(201, "POST", "/api/v1/incidents", body, &i)
	agent.saying(keyHeader, "snow").must(201, "POST", "/api/v1/incidents", body, &same)
	if i.ID != same.ID || i.Places[0] != "FR-69" || i.Words.French == "" {
		t.Errorf("%+v %+v", i, same)
	}
	w.settled()
	agent.must(200, "GET", "/api/v1/incidents/"+string(i.ID), "", &i)
	if !i.Done || i.Warned != 1 || i.Lifted != 0 {
		t.Errorf("%+v", i)
	}
	var q Quote
	s.as(merchant.Developer).must(200, "POST", "/api/v1/quotes", quoteBody("FR", "69003"), &q)
	for _, option := range q.Options {
		if option.Day <= i.Last || len(option.Incidents) != 1 || option.Incidents[0].Incident != i.ID || option.Incidents[0].Text == "" {
			t.Errorf("quoted %s, %+v", option.Day, option.Incidents)
		}
	}
	agent.must(200, "PUT", "/api/v1/incidents/"+string(i.ID), fmt.Sprintf(`{"last":%q,"words":{"fr":"Il neige encore."}}`, promised+1), &i)
	if i.Words.French != "Il neige encore." || i.Done {
		t.Errorf("%+v", i)
	}
	agent.must(200, "POST", "/api/v1/incidents/"+string(i.ID)+"/close", "", &i)
	agent.must(409, "PUT", "/api/v1/incidents/"+string(i.ID), fmt.Sprintf(`{"last":%q}`, promised), nil)
	w.settled()
	var all List[Incident]
	agent.must(200, "GET", "/api/v1/incidents?limit=1", "", &all)
	if len(all.Items) != 1 || all.Items[0].EndedAt == 0 || all.Items[0].Lifted != 1 {
		t.Errorf("%+v", all)
	}
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.id, string(o.ID))
		said := map[fact.Kind]int{}
		for _, f := range facts {
			said[f.Kind]++
		}
		if said["promise.at_risk"] != 1 || said["promise.risk_lifted"] != 1 {
			t.Errorf("%v", said)
		}
		return err
	})
	for _, bad := range []struct{ body, code string }{
		{snow("Sud", today, promised), "area_unknown"},
		{snow("69", promised, today-1), "days_out_of_order"},
		{fmt.Sprintf(`{"trouble":"weather","services":["srv_zzzzzzzzzzzzzzzzzzzzzzzzzz"],"from":%q,"last":%q}`, today, today), "unknown_service"},
	} {
		if p := agent.refused(422, "POST", "/api/v1/incidents/preview", bad.body); p.Code != bad.code {
			t.Errorf("%s: %s", bad.body, p.Code)
		}
	}
}

// settled has the errands run.
func (w *world) settled() {
	w.T.Helper()
	if err := w.Settle(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}
