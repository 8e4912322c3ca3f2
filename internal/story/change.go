package story

import (
	"context"
	"fmt"
)

// choosesSlot asks for another slot: `chooses E-1 slot 16:00-18:00`; or for several
// deliveries together: see choosesTogether. Its courier is
// asked, and nothing is changed before that agrees.
func (w *world) choosesSlot(ctx context.Context, who string, ws *words) error {
	name, err := ws.take("an order")
	if err != nil {
		return err
	}
	o, err := w.own(who, &words{{text: name}})
	if err != nil {
		return err
	}
	if ws.is("with") {
		return w.choosesTogether(ctx, who, o, ws)
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

// agree is what a courier says to the last change asked for: `accepts E-1`,
// `refuses E-1 already_out`.
func (w *world) agree(ctx context.Context, ws *words, outcome string) error {
	o, err := w.which2(ws)
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
	_, err = o.shop.carrier.call(ctx, "POST", "changes/"+text(asked[len(asked)-1], "id")+"/answer", said)
	return err
}
