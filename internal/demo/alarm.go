package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// alarm is an incident that somebody of a shop declares, in the words of the API.
type alarm struct {
	Trouble  fact.Trouble      `json:"trouble"`
	Services []ident.Service   `json:"services,omitempty"`
	Places   []string          `json:"places,omitempty"`
	From     civil.Day         `json:"from"`
	Last     civil.Day         `json:"last"`
	Words    map[string]string `json:"words,omitempty"`
}

// mend is what turned out otherwise about an incident.
type mend struct {
	Incident ident.Incident `json:"incident"`
	Alarm    alarm          `json:"alarm"`
	Over     bool           `json:"over"`
}

// heeds plans that somebody of a shop declares what happens to everybody on a day,
// and, in a bad season, what happens to the shop alone.
func (w *World) heeds(p *planner, day civil.Day) {
	d := w.dice(p.shop, "incident", int(day))
	for _, h := range w.sky().begins(day) {
		a := p.alarmOf(h)
		if said := d.between(-forecast, 2*time.Hour); d.chance(w.opt.Conduct.Heeds) && len(a.Services)+len(a.Places) > 0 {
			p.plan(toDeclare, h.id(), max(h.from.Add(said), day.Start(paris)), a)
		}
	}
	if d.chance(w.opt.Conduct.Alarms) {
		p.plan(toDeclare, "own/"+day.String(), local(day, hour(6)).Add(d.between(0, 14*time.Hour)), p.ownAlarm(d, day))
	}
}

// alarmOf is a happening in the words of the shop: a strike is at one carrier, a
// storm over some departments.
func (p *planner) alarmOf(h happening) alarm {
	a := alarm{Trouble: fact.TroubleWeather, From: h.from.Day(paris), Last: (h.until - 1).Day(paris)}
	if h.kind == strike {
		a.Trouble, a.Services = fact.TroubleStrike, p.servicesOf(h.where)
		return a
	}
	i := slices.IndexFunc(regions, func(r region) bool { return r.slug == h.where })
	for _, department := range regions[i].departments {
		a.Places = append(a.Places, "FR-"+department)
	}
	return a
}

func (s *shop) servicesOf(carrier string) (all []ident.Service) {
	for _, h := range s.Hauls {
		if h.Carrier == carrier && h.Service != "" {
			all = append(all, h.Service)
		}
	}
	return all
}

// ownAlarm is trouble that nobody else has, from today or the days to come.
func (p *planner) ownAlarm(d dice, day civil.Day) alarm {
	a := alarm{Trouble: one(d, fact.Troubles), From: day + civil.Day(d.IntN(3))}
	a.Last = a.From + civil.Day(d.IntN(3))
	switch d.IntN(3) {
	case 0:
		a.Services = p.servicesOf(one(d, p.trade.hauls).by.slug)
	case 1:
		a.Places = []string{"FR-" + one(d, cities).postcode[:2], one(d, villages).postcode[:2]}
	default: // everywhere
	}
	if d.chance(0.5) {
		a.Words = map[string]string{"fr": "Nos équipes font au mieux.", "en": "We are doing what we can."}
	}
	return a
}

// declare tells of an incident, and plans what turns out otherwise.
func (w *World) declare(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var a alarm
	if err := e.decode(&a); err != nil {
		return nil, err
	}
	var made struct {
		ID ident.Incident `json:"id"`
	}
	err := s.chief.do(ctx, request{method: "POST", path: "/incidents", once: e.id, body: e.body}, &made)
	if err != nil {
		return nil, allow(err, 422) // over before anybody told of it
	}
	p, d := planner{shop: s}, w.dice(s, "incident/mend", int(e.due/civil.Instant(time.Hour/time.Microsecond)))
	m, at := mend{Incident: made.ID, Alarm: a}, e.due
	for n := range d.IntN(3) {
		at = at.Add(d.between(time.Hour, 20*time.Hour))
		m.Over = d.chance(0.5)
		m.Alarm.Last += civil.Day(d.IntN(3) - 1)
		p.plan(toMend, fmt.Sprint(made.ID, "/", n), at, m)
	}
	return p.entries, p.err
}

// mends says that an incident is over, or lasts for other days.
func (w *World) mends(ctx context.Context, s *shop, e entry) error {
	var m mend
	if err := e.decode(&m); err != nil {
		return err
	}
	path := "/incidents/" + string(m.Incident)
	if m.Over {
		return allow(s.chief.do(ctx, request{method: "POST", path: path + "/close", once: e.id}, nil), 409)
	}
	body, err := json.Marshal(map[string]any{"last": m.Alarm.Last, "words": map[string]string{"fr": "Nous en savons plus : voici les jours concernés."}})
	if err != nil {
		return err
	}
	return allow(s.chief.do(ctx, request{method: "PUT", path: path, body: body}, nil), 409, 422)
}
