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

// elsewhere is a shopper who wants a delivery otherwise.
type elsewhere struct {
	Order    ident.Order `json:"order"`
	Number   int         `json:"number"`
	Postcode string      `json:"postcode"`
	City     string      `json:"city"`
	Name     string      `json:"name"`
}

// want plans that a shopper asks for a change of the delivery: mostly on the eve of
// it, now and then when it is too late.
func (w *World) want(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "change", b.number)
	if b.person || door == 0 || !d.chance(w.opt.Conduct.Changes) {
		return
	}
	at := max(b.Placed.Add(d.between(10*time.Minute, 5*time.Hour)), door.Add(-d.between(-2*time.Hour, 40*time.Hour)))
	p.plan(toChange, fmt.Sprint(b.number), at, elsewhere{b.ID, b.number, b.who.town.postcode, b.who.town.city, b.who.name})
}

// possible is what may be changed about a delivery, as the API shows it.
type possible struct {
	What  fact.ChangeKind `json:"what"`
	Slots []struct {
		From  civil.Instant `json:"from"`
		Until civil.Instant `json:"until"`
	} `json:"slots"`
	Days     []civil.Day `json:"days"`
	Networks []string    `json:"networks"`
}

// where is where somebody has a parcel left.
var where = map[fact.ChangeKind]string{
	fact.LeaveSafe:   "Dans le local à vélos, à gauche de l'entrée.",
	fact.ToNeighbour: "Chez la gardienne, Mme Petit.",
}

// change asks for one of the changes there are.
func (w *World) change(ctx context.Context, s *shop, e entry) error {
	var x elsewhere
	if err := e.decode(&x); err != nil {
		return err
	}
	var can struct {
		Possible []possible `json:"possible"`
	}
	path := "/orders/" + string(x.Order) + "/changes"
	if err := s.selling.do(ctx, request{method: "GET", path: path}, &can); err != nil || len(can.Possible) == 0 {
		return err
	}
	wanted := slices.DeleteFunc(can.Possible, func(p possible) bool { return p.What == fact.CallBack }) // the people of this world inspect only what its shoppers sent
	if len(wanted) == 0 {
		return nil
	}
	d := w.dice(s, "change/how", x.Number)
	in, err := one(d, wanted).ask(ctx, d, s, x)
	if err != nil || in == nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return allow(s.selling.do(ctx, request{method: "POST", path: path, once: e.id, body: body}, nil), 409, 422)
}

// ask is the change in the words of the API; nil where there is no point to go to.
func (x possible) ask(ctx context.Context, d dice, s *shop, who elsewhere) (map[string]any, error) {
	in := map[string]any{"what": x.What, "asked_by": fact.ByShopper}
	if words, said := where[x.What]; said {
		in["words"] = words
	}
	if x.What == fact.Readdress { // round the corner, where the day is the same
		in["address"] = map[string]string{"name": who.Name, "street": "2 passage du Commerce", "postcode": who.Postcode, "city": who.City, "country": "FR"}
	}
	switch {
	case len(x.Slots) > 0:
		slot := one(d, x.Slots)
		in["from"], in["until"] = slot.From, slot.Until
	case len(x.Days) > 0:
		in["day"] = one(d, x.Days)
	}
	if len(x.Networks) == 0 {
		return in, nil
	}
	points, err := s.near(ctx, one(d, x.Networks), who.Postcode)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	in["point"] = one(d, points).ID
	return in, nil
}
