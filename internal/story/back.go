package story

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// sent is a return of the story.
type sent struct {
	id     string
	name   string
	of     *bought
	number string // on its label; empty while there is none
	paid   int    // refunds the shop has carried out
}

// act is what somebody does about a return, once its verb was read.
type act func(ctx context.Context, who string, ws *words) error

// deeds are the verbs of returns: those of shoppers, and those of the shop's people.
func (w *world) deeds() map[string]act {
	return map[string]act{
		"returns": w.sendBack, "labels": w.print, "withdraws": w.withdraw, "summons": w.summon, "resolves": w.resolve, "chooses": w.choosesWay, "cancels": w.takeBack,
		"claims": w.claims, "contests": w.either(w.contest, w.contestClaim), "answers": w.answers, "asks": w.question, "scores": w.score, "writes": w.writeOn, "needs": w.needNoAnswer, "enters": w.enters,
		"receives": w.simply("receive", object{}), "approves": w.approve, "protests": w.protest, "declines": w.decline,
		"inspects": w.inspect, "decides": w.either(w.decide, w.rule("decide", "")),
		"confirms": w.second("confirm"), "drops": w.second("drop"), "upholds": w.either(w.settle(true), w.rule("review", "full")), "rejects": w.either(w.settle(false), w.rule("review", "refused")),
	}
}

// sending reads a return's name.
func (w *world) sending(ws *words) (*sent, error) {
	name, err := ws.take("a return")
	if err != nil {
		return nil, err
	}
	r, ok := w.returns[name]
	if !ok {
		return nil, fmt.Errorf("no return is called %q", name)
	}
	w.recent = r.of
	return r, nil
}

// christen gives a return the name that the story knows it by.
func (w *world) christen(name, id string, o *bought) {
	w.returns[name] = &sent{id: id, name: name, of: o}
}

func (w *world) fresh(ws *words) (string, error) {
	name, err := ws.take("a name for the return")
	if err == nil && w.returns[name] != nil {
		err = fmt.Errorf("there is a return called %q", name)
	}
	return name, err
}

// wish is what somebody would like to send back, and how.
type wish struct {
	items      []object
	reason     string
	condition  string
	photo      bool
	route      string
	settlement string
	order      *bought
}

// wished reads `2 x "huile d'olive" because damaged photo by post as credit`.
func (w *world) wished(ctx context.Context, ws *words, o *bought) (x wish, err error) {
	x = wish{reason: "no_longer_needed", route: "relay", order: o}
	var articles []object
	for err == nil && !ws.done() {
		switch {
		case ws.is("because"):
			x.reason, err = ws.take("a reason")
		case ws.is("photo"):
			x.photo = true
		case ws.is("unopened"):
			x.condition = "unopened"
		case ws.is("by"):
			x.route, err = ws.take("a way back")
		case ws.is("as"):
			x.settlement, err = ws.take("refund, credit or exchange")
		default:
			if _, _, none := (&words{}).from(*ws).units(); none != nil {
				return x, x.fill(ctx, articles) // the words of whoever asked
			}
			var lines []object
			if lines, err = w.missing(ctx, ws, o); err == nil {
				articles = append(articles, lines...)
			}
		}
	}
	if err == nil {
		err = x.fill(ctx, articles)
	}
	return x, err
}

// from is a copy of words, to be read without reading them.
func (*words) from(ws words) *words { return &ws }

func (x *wish) fill(ctx context.Context, articles []object) error {
	if len(articles) == 0 {
		return fmt.Errorf("nothing comes back: say 1 x \"huile d'olive\"")
	}
	for _, a := range articles {
		item := object{"line": text(a, "line"), "units": a["units"], "reason": x.reason}
		if x.condition != "" {
			item["condition"] = x.condition
		}
		if x.photo {
			id, err := x.order.shop.client.photo(ctx)
			if err != nil {
				return err
			}
			item["photos"] = []string{id}
		}
		x.items = append(x.items, item)
	}
	return nil
}

// sendBack: `returns R-1 of E-1 1 x "huile d'olive" because damaged photo by relay`.
func (w *world) sendBack(ctx context.Context, who string, ws *words) error {
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
	x, err := w.wished(ctx, ws, o)
	if err != nil {
		return err
	}
	body := object{"items": x.items, "route": x.route}
	if x.settlement != "" {
		body["settlement"] = x.settlement
	}
	r, err := o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/returns", body)
	if err == nil {
		w.christen(name, text(r, "id"), o)
	}
	return err
}

// hers reads an order's name, which must be the shopper's own.
func (w *world) hers(who string, ws *words) (*bought, error) {
	o, err := w.named(ws)
	if err == nil && o.by != who {
		err = fmt.Errorf("%s is not %s's", o.reference, who)
	}
	return o, err
}

// print has the label of a return made: `labels R-1 [qr]`.
func (w *world) print(ctx context.Context, _ string, ws *words) error {
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	format := "pdf_a4"
	if !ws.done() {
		format, _ = ws.take("a format")
	}
	if _, err := r.call(ctx, "POST", "label", object{"format": format}); err != nil {
		return err
	}
	if err := w.flow.Settle(ctx); err != nil {
		return err
	}
	full, err := r.read(ctx)
	for _, l := range list(full, "labels") {
		if r.number == "" {
			r.number = text(l, "number")
		}
	}
	return err
}

func (r *sent) call(ctx context.Context, method, verb string, body any) (object, error) {
	return r.of.shop.client.call(ctx, method, "returns/"+r.id+"/"+verb, body)
}

func (r *sent) read(ctx context.Context) (object, error) {
	return r.of.shop.client.call(ctx, "GET", "returns/"+r.id, nil)
}

// withdraw: `withdraws W-1 from E-1 [1 x "huile d'olive"]`; without articles, from
// all of it. Its return, if one opens, has the same name.
func (w *world) withdraw(ctx context.Context, who string, ws *words) error {
	name, err := w.fresh(ws)
	if err != nil {
		return err
	}
	if err := ws.need("from"); err != nil {
		return err
	}
	o, err := w.hers(who, ws)
	if err != nil {
		return err
	}
	body := object{"name": who, "contract": o.reference, "email": email(who)}
	var units []object
	for !ws.done() {
		lines, err := w.missing(ctx, ws, o)
		if err != nil {
			return err
		}
		units = append(units, lines...)
	}
	if units != nil {
		body["units"] = units
	}
	said, err := o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/withdrawal", body)
	if err != nil {
		return err
	}
	w.christen(name, text(said, "return"), o)
	w.statements[name] = text(said, "id")
	return nil
}

// choosesWay: `chooses W-1 by relay`, for goods that she withdrew from.
func (w *world) choosesWay(ctx context.Context, who string, ws *words) error {
	if _, is := w.orders[ws.next()]; is {
		return w.choosesSlot(ctx, who, ws)
	}
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	if err := ws.need("by"); err != nil {
		return err
	}
	route, err := ws.take("a way back")
	if err == nil {
		_, err = r.call(ctx, "POST", "route", object{"route": route})
	}
	return err
}

func (w *world) takeBack(ctx context.Context, who string, ws *words) error {
	if _, is := w.orders[ws.next()]; is {
		return w.callsBack(ctx, who, ws)
	}
	r, err := w.sending(ws)
	if err == nil {
		_, err = r.call(ctx, "POST", "cancel", object{"by": "shopper"})
	}
	return err
}

// clerk is whoever stands at a counter: `takes R-1 [at "Tabac du Port"]`.
func (w *world) clerk(ctx context.Context, ws *words) error {
	if err := ws.need("takes"); err != nil {
		return err
	}
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	place := "Tabac du Port, Lyon"
	if ws.is("at") {
		if place, err = ws.quoted("a place"); err != nil {
			return err
		}
	}
	body := object{"source": "counter", "place": place, "clerk": "Nadia"}
	if r.number != "" {
		body["number"] = r.number
	}
	_, err = r.call(ctx, "POST", "deposit", body)
	return err
}

// ways are what a carrier does with a parcel on its way back.
var ways = map[string]string{"collects": "picked_up", "brings": "delivered", "loses": "lost"}

// bring reports the carrier's scan of a parcel on its way back; false when the
// words are about something else.
func (w *world) bring(ctx context.Context, ws *words) (bool, error) {
	status, ok := ways[ws.next()]
	if !ok {
		return false, nil
	}
	*ws = (*ws)[1:]
	r, err := w.sending(ws)
	if err != nil {
		return true, err
	}
	if r.number == "" {
		return true, fmt.Errorf("%s has no label", r.name)
	}
	event := object{"tracking_number": r.number, "status": status, "occurred_at": w.now.In(w.zone).Format(time.RFC3339Nano)}
	answer, err := r.of.shop.bringer.call(ctx, "POST", "events", object{"events": []object{event}})
	if err == nil && len(list(answer, "rejected")) > 0 {
		err = fmt.Errorf("the event is refused: %v", list(answer, "rejected")[0]["detail"])
	}
	return true, err
}

// next is the word that comes next, unread; empty at the end.
func (ws words) next() string {
	if len(ws) == 0 || ws[0].quoted {
		return ""
	}
	return ws[0].text
}

// pay is the shop that carries out what it owes: `shop pays R-1`.
func (w *world) pay(ctx context.Context, ws *words) error {
	r, err := w.sending(ws)
	if err != nil {
		return err
	}
	full, err := r.read(ctx)
	if err != nil {
		return err
	}
	paid := false
	for _, f := range list(full, "refunds") {
		if !slices.Contains([]string{"asked", "stuck"}, text(f, "state")) {
			continue
		}
		r.paid++
		body := object{"reference": fmt.Sprintf("V-%s-%d", r.name, r.paid)}
		if _, err := r.of.shop.client.call(ctx, "POST", "refunds/"+text(f, "id")+"/confirm", body); err != nil {
			return err
		}
		paid = true
	}
	if !paid {
		return fmt.Errorf("nothing is asked of the shop for %s", r.name)
	}
	return nil
}
