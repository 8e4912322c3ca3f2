package checkout_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

func (g *grocer) declare(from, last string, more func(*promise.Incident)) {
	g.T.Helper()
	i := promise.Incident{Key: from + last, Trouble: fact.TroubleStrike, From: dayOf(g, from), Last: dayOf(g, last)}
	if more != nil {
		more(&i)
	}
	g.Do(g.m, func(tx *flow.Tx) error {
		_, err := promise.Declare(tx, g.m, i)
		return err
	})
}

func dayOf(g *grocer, text string) civil.Day {
	d, err := civil.ParseDay(text)
	if err != nil {
		g.T.Fatal(err)
	}
	return d
}

// offered is the soonest day of a service, how many options it has, and how many
// incidents the soonest reckons with; the code of its reason where it has none.
func offered(q checkout.Quotes, s ident.Service) (day civil.Day, n, incidents int, hidden string) {
	for _, o := range q.Options {
		if o.Service == s {
			if n++; n == 1 {
				day, incidents = o.Day, len(o.Incidents)
			}
		}
	}
	for _, h := range q.Hidden {
		if h.Service == s {
			hidden = h.Code
		}
	}
	return day, n, incidents, hidden
}

func TestDatesReckonWithIncidents(t *testing.T) {
	g := openGrocer(t)
	g.open(3, [2]int{14, 16})
	day, n, incidents, _ := offered(g.quote(checkout.QuoteRequest{}), g.post.ID)
	if day != dayOf(g, "2026-11-24") || n != 1 || incidents != 0 {
		t.Fatalf("before: %s, %d options, %d incidents", day, n, incidents)
	}
	g.declare("2026-11-24", "2026-11-26", func(i *promise.Incident) { i.Places = []string{"69"} })
	q := g.quote(checkout.QuoteRequest{})
	if day, _, incidents, _ := offered(q, g.post.ID); day != dayOf(g, "2026-11-27") || incidents != 1 {
		t.Errorf("by post: %s, %d incidents", day, incidents)
	}
	if day, n, incidents, _ := offered(q, g.couriers.ID); day != dayOf(g, "2026-11-23") || n == 0 || incidents != 0 {
		t.Errorf("today's slot is before it: %s, %d options, %d incidents", day, n, incidents)
	}
	for _, o := range q.Options {
		if o.Day >= dayOf(g, "2026-11-24") && o.Day <= dayOf(g, "2026-11-26") {
			t.Errorf("%s is promised for %s", o.Service, o.Day)
		}
	}
	g.declare("2026-11-23", "2026-12-20", func(i *promise.Incident) { i.Services = []ident.Service{g.couriers.ID} })
	if _, n, _, hidden := offered(g.quote(checkout.QuoteRequest{}), g.couriers.ID); n != 0 || hidden != promise.InIncident {
		t.Errorf("couriers on strike: %d options, hidden for %q", n, hidden)
	}
}

func TestTroubleAtTheWarehouseDelaysTheHandingOver(t *testing.T) {
	g := openGrocer(t)
	q := g.quote(checkout.QuoteRequest{})
	g.declare("2026-11-23", "2026-11-24", func(i *promise.Incident) { i.Stock = q.Options[0].Stock })
	if day, _, incidents, _ := offered(g.quote(checkout.QuoteRequest{}), g.post.ID); day != dayOf(g, "2026-11-26") || incidents != 1 {
		t.Errorf("packed on Wednesday, brought on %s, %d incidents", day, incidents)
	}
}
