package story

import (
	"context"
	"fmt"
)

// choosesSlot asks for another slot: `chooses E-1 slot 16:00-18:00`; for another door:
// see choosesDoor; or for several deliveries together: see choosesTogether. Its courier
// is asked, and nothing is changed before that agrees.
func (w *world) choosesSlot(ctx context.Context, who string, ws *words) error {
	o, err := w.ownNamed(who, ws)
	if err != nil {
		return err
	}
	if ws.is("with") {
		return w.choosesTogether(ctx, who, o, ws)
	}
	if ws.is("to") {
		return w.choosesDoor(ctx, who, o, ws)
	}
	if err := ws.need("slot"); err != nil {
		return err
	}
	var b wanted
	if err := w.slot(ws, &b); err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/changes", object{
		"what": "reschedule", "from": b.from.String(), "until": b.until.String(), "asked_by": "shopper",
	})
	return err
}

// choosesDoor asks for another address: `chooses E-1 to 13001 [on 2026-11-27]`, with the
// day that would be promised there, where it is another one.
func (w *world) choosesDoor(ctx context.Context, who string, o *bought, ws *words) error {
	postcode, err := ws.take("a postcode")
	if err != nil {
		return err
	}
	body := object{
		"what": "address", "asked_by": "shopper",
		"address": object{"name": who, "street": "12 rue Neuve", "postcode": postcode, "city": "Ailleurs", "country": "FR"},
	}
	if ws.is("on") {
		day, err := read(ws, "date", day)
		if err != nil {
			return err
		}
		body["until"] = day.End(w.zone).String()
	}
	_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/changes", body)
	return err
}

// callsBack has an order that is packed taken back: `cancels E-1`, or `cancels E-1 as R-1`
// where the story goes on with the return that opens when its carrier agrees.
func (w *world) callsBack(ctx context.Context, who string, ws *words) error {
	o, err := w.ownNamed(who, ws)
	if err != nil {
		return err
	}
	if ws.is("as") {
		name, err := w.fresh(ws)
		if err != nil {
			return err
		}
		w.christen(name, "", o)
	}
	_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/changes", object{"what": "cancel", "asked_by": "shopper"})
	return err
}

// agree is what a courier says to the last change asked for: `accepts E-1`,
// `refuses E-1 already_out`.
func (w *world) agree(ctx context.Context, ws *words, outcome string) error {
	o, err := w.named(ws)
	if err != nil {
		return err
	}
	said := object{"outcome": outcome}
	if outcome == "refused" && !ws.done() {
		if said["reason"], err = ws.take("a reason"); err != nil {
			return err
		}
	}
	all, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id)+"/changes", nil)
	asked := list(all, "asked")
	if err == nil && len(asked) == 0 {
		err = fmt.Errorf("nobody asked for a change of %s", o.reference)
	}
	if err != nil {
		return err
	}
	if _, err = o.shop.carrier.call(ctx, "POST", "changes/"+text(asked[len(asked)-1], "id")+"/answer", said); err != nil {
		return err
	}
	return w.opened(ctx, o)
}

// opened finds the return that follows from a delivery taken back, where the story has a
// name for it.
func (w *world) opened(ctx context.Context, o *bought) error {
	for _, r := range w.returns {
		if r.of != o || r.id != "" {
			continue
		}
		all, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id)+"/returns", nil)
		if err != nil {
			return err
		}
		if found := list(all, "items"); len(found) > 0 {
			r.id = text(found[0], "id")
		}
	}
	return nil
}
