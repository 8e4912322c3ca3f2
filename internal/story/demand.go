package story

import "context"

// summon: `summons E-1`, the formal notice to deliver what is late.
func (w *world) summon(ctx context.Context, who string, ws *words) error {
	o, err := w.hers(who, ws)
	if err == nil {
		_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/demand", nil)
	}
	return err
}

// resolve: `resolves R-1 of E-1`, the contract for what never came; the return under
// which it is paid back has that name.
func (w *world) resolve(ctx context.Context, who string, ws *words) error {
	name, err := w.fresh(ws)
	if err != nil {
		return err
	}
	if err := ws.need("of"); err != nil {
		return err
	}
	o, err := w.hers(who, ws)
	if err != nil {
		return err
	}
	said, err := o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/demand/resolve", nil)
	if err == nil {
		w.christen(name, text(said, "return"), o)
	}
	return err
}

// wontDeliver: `declines E-1`, the shop's word that nothing will come.
func (w *world) wontDeliver(ctx context.Context, who string, ws *words) error {
	o, err := w.named(ws)
	if err != nil {
		return err
	}
	c, err := o.shop.colleague(ctx, who)
	if err == nil {
		_, err = c.call(ctx, "POST", "orders/"+string(o.id)+"/demand/decline", nil)
	}
	return err
}
