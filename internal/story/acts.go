package story

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// buy places an order: "order E-1 by camille  2 x "huile d'olive"  slot 14:00-16:00".
func (w *world) buy(ctx context.Context, ws *words) error {
	if w.last == nil {
		return fmt.Errorf("an order needs a shop before it")
	}
	reference, err := ws.take("the order's name")
	if err != nil {
		return err
	}
	if w.orders[reference] != nil {
		return fmt.Errorf("there is an order called %q", reference)
	}
	if err := ws.need("by"); err != nil {
		return err
	}
	who, err := ws.take("who buys")
	if err != nil {
		return err
	}
	b, err := w.basket(ws)
	if err != nil {
		return err
	}
	body := object{
		"reference": reference, "lines": b.lines,
		"shopper": object{"email": email(who), "name": who, "locale": "fr"},
		"ship_to": object{"name": who, "street": "1 rue de la Paix", "postcode": b.to, "city": "Ville", "country": "FR"},
	}
	if !b.undated {
		option, err := w.choose(ctx, b)
		if err != nil {
			return err
		}
		body["token"] = text(option, "token")
	}
	if b.credit > 0 {
		body["credit"] = euros(b.credit)
	}
	placed, err := b.shop.client.call(ctx, "POST", "orders", body)
	if err != nil {
		return err
	}
	o := &bought{id: ident.Order(text(placed, "id")), reference: reference, by: who, shop: b.shop, page: text(placed, "page")}
	w.orders[reference], w.recent = o, o
	return w.flow.Settle(ctx)
}

// wanted is what is bought, where it goes, and in which slot.
type wanted struct {
	shop        *shop
	lines       []object
	to          string
	from, until civil.Instant // of the slot; zero: the soonest option
	credit      int64         // store credit that pays a part of it
	undated     bool          // bought elsewhere, without any date: the law's thirty days are owed
}

// basket reads what is bought and how it shall come. Of a price that is not said,
// twelve euros.
func (w *world) basket(ws *words) (b wanted, err error) {
	b = wanted{shop: w.last, to: "75011"}
	for err == nil && !ws.done() {
		switch {
		case ws.is("to"):
			b.to, err = ws.take("a postcode")
		case ws.is("from"):
			err = w.from(ws, &b)
		case ws.is("slot"):
			err = w.slot(ws, &b)
		case ws.is("undated"):
			b.undated = true
		case ws.is("credit"):
			b.credit, err = read(ws, "amount", cents)
		case ws.is("price"):
			err = ws.ofLast(&b, "unit_price", func(text string) (any, error) {
				c, err := cents(text)
				return euros(c), err
			})
		case ws.is("deposit"):
			err = b.onDeposit()
		case ws.is("grams"):
			err = ws.ofLast(&b, "grams", func(text string) (any, error) { return whole(text) })
		default:
			err = ws.article(&b)
		}
	}
	if err == nil && len(b.lines) == 0 {
		err = fmt.Errorf("nothing is bought: say 2 x \"huile d'olive\"")
	}
	return b, err
}

func (w *world) from(ws *words, b *wanted) error {
	name, err := ws.take("a shop")
	if err != nil {
		return err
	}
	if b.shop = w.shops[name]; b.shop == nil {
		return fmt.Errorf("no shop is called %q", name)
	}
	return nil
}

// slot reads "[Wednesday 2026-11-25] 14:00-16:00", today when no day is said.
func (w *world) slot(ws *words, b *wanted) error {
	last := len(*ws)
	for i, x := range *ws {
		if _, _, err := span(x.text); err == nil {
			last = i
			break
		}
	}
	if last == len(*ws) {
		return fmt.Errorf("hours such as 14:00-16:00 are missing")
	}
	hours := (*ws)[last].text
	start, end, _ := strings.Cut(hours, "-")
	before := (*ws)[:last]
	for i, text := range []string{start, end} {
		at := append(append(words{}, before...), word{text: text})
		instant, err := at.moment(w.now, w.zone)
		if err != nil {
			return err
		}
		if i == 0 {
			b.from = instant
		} else {
			b.until = instant
		}
	}
	*ws = (*ws)[last+1:]
	return nil
}

// article reads `2 x "huile d'olive"`.
func (ws *words) article(b *wanted) error {
	units, name, err := ws.units()
	if err != nil {
		return err
	}
	b.lines = append(b.lines, object{"sku": name, "name": name, "units": units, "unit_price": euros(1200), "grams": 500})
	return nil
}

func (ws *words) units() (units int64, name string, err error) {
	if units, err = read(ws, "number of units", whole); err != nil {
		return 0, "", err
	}
	if err := ws.need("x"); err != nil {
		return 0, "", err
	}
	name, err = ws.quoted("an article")
	return units, name, err
}

// onDeposit makes the article just named packaging that comes back for its deposit.
func (b *wanted) onDeposit() error {
	if len(b.lines) == 0 {
		return fmt.Errorf("which article is on deposit? name it first")
	}
	b.lines[len(b.lines)-1]["traits"] = object{"handling": []string{"deposit"}}
	return nil
}

// ofLast reads what is said of the article just named.
func (ws *words) ofLast(b *wanted, field string, parse func(string) (any, error)) error {
	if len(b.lines) == 0 {
		return fmt.Errorf("of which article? name it first")
	}
	v, err := read(ws, field, parse)
	b.lines[len(b.lines)-1][field] = v
	return err
}

// choose asks for the delivery options, and takes the slot wanted, or the soonest.
func (w *world) choose(ctx context.Context, b wanted) (object, error) {
	quote, err := w.quote(ctx, b)
	if err != nil {
		return nil, err
	}
	options := list(quote, "options")
	for _, o := range options {
		if b.until == 0 || text(o, "from") == b.from.String() && text(o, "until") == b.until.String() {
			return o, nil
		}
	}
	return nil, fmt.Errorf("no such option: there is %s", offered(quote))
}

func (w *world) quote(ctx context.Context, b wanted) (object, error) {
	return b.shop.client.call(ctx, "POST", "quotes", object{
		"destination": object{"country": "FR", "postcode": b.to}, "lines": b.lines, "locale": "fr",
	})
}

// offered is the words of all options, and why others are hidden.
func offered(quote object) string {
	var all []string
	for _, o := range list(quote, "options") {
		all = append(all, text(o, "text"))
	}
	for _, h := range list(quote, "hidden") {
		all = append(all, "not "+text(h, "name")+": "+text(h, "text"))
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, " · ")
}

// happen lets time pass, and somebody do something: "at 16:31  courier delivers E-1".
func (w *world) happen(ctx context.Context, ws *words) error {
	at, err := ws.moment(w.now, w.zone)
	if err != nil {
		return err
	}
	if err := w.pass(ctx, at); err != nil || ws.done() {
		return err
	}
	who, err := ws.take("who does something")
	if err != nil {
		return err
	}
	vainly := ws.is("vainly")
	err = w.act(ctx, who, ws)
	if vainly {
		err = w.refused(ws, err)
	}
	if err != nil {
		return err
	}
	return w.flow.Settle(ctx)
}

func (w *world) act(ctx context.Context, who string, ws *words) error {
	switch {
	case who == "courier" || who == "carrier":
		return w.carry(ctx, ws)
	case who == "clerk":
		return w.clerk(ctx, ws)
	case w.shops[who] != nil || who == "shop":
		return w.sell(ctx, ws)
	}
	return w.live(ctx, who, ws)
}

// refused keeps why something was refused, which must have been, for an
// expectation.
func (w *world) refused(ws *words, err error) error {
	if err == nil {
		return fmt.Errorf("it was not in vain")
	}
	w.refusal, *ws = err.Error(), nil
	return nil
}

// carry is what couriers and carriers do.
func (w *world) carry(ctx context.Context, ws *words) error {
	if back, err := w.bring(ctx, ws); back || err != nil {
		return err
	}
	switch {
	case ws.is("delivers"):
		o, err := w.which(ws)
		if err != nil {
			return err
		}
		return w.scan(ctx, o, object{"status": "delivered"})
	case ws.is("asks"):
		return w.ask(ctx, ws)
	case ws.is("reports"):
		return w.report(ctx, ws)
	case ws.is("accepts"):
		return w.agree(ctx, ws, "accepted")
	case ws.is("refuses"):
		return w.agree(ctx, ws, "refused")
	}
	return fmt.Errorf("a courier or carrier delivers, reports or asks, accepts or refuses a change; it collects, brings or loses a return")
}

// which reads an order's name; without one it is the last that was spoken of.
func (w *world) which(ws *words) (*bought, error) {
	ws.is("of")
	if ws.done() {
		if w.recent == nil {
			return nil, fmt.Errorf("there is no order yet")
		}
		return w.recent, nil
	}
	return w.named(ws)
}

// named reads an order's name, which has to be there.
func (w *world) named(ws *words) (*bought, error) {
	name, err := ws.take("an order")
	if err != nil {
		return nil, err
	}
	o, err := w.order(name)
	if err == nil {
		w.recent = o
	}
	return o, err
}

// report reads what a carrier says: words in quotes, of which an hour is when it
// will come, or one of our statuses with a reason: "reports exception weather of E-1".
func (w *world) report(ctx context.Context, ws *words) error {
	if len(*ws) > 0 && (*ws)[0].quoted {
		said, _ := ws.quoted("words")
		o, err := w.which(ws)
		if err != nil {
			return err
		}
		return w.scan(ctx, o, w.late(said))
	}
	status, err := ws.take("a status")
	if err != nil {
		return err
	}
	event := object{"status": status}
	if !ws.done() && (*ws)[0].text != "of" {
		if event["reason"], err = ws.take("a reason"); err != nil {
			return err
		}
	}
	o, err := w.which(ws)
	if err != nil {
		return err
	}
	return w.scan(ctx, o, event)
}

// late is a courier's own words on the way. An hour in them is when it is expected.
func (w *world) late(said string) object {
	event := object{"status": "out_for_delivery", "label": said}
	for _, part := range strings.FieldsFunc(said, func(r rune) bool { return r == ' ' || r == ',' }) {
		at := words{{text: part}}
		if expected, err := at.moment(w.now, w.zone); err == nil {
			event["reason"], event["expected_at"] = "delay", expected.In(w.zone).Format(time.RFC3339)
		}
	}
	return event
}

// scan reports an event as whoever carries the order, which is sent first when
// nobody has.
func (w *world) scan(ctx context.Context, o *bought, event object) error {
	if o.parcel == "" {
		if err := o.send(ctx, nil); err != nil {
			return err
		}
	}
	event["tracking_number"], event["occurred_at"] = o.parcel, w.now.In(w.zone).Format(time.RFC3339Nano)
	answer, err := o.shop.carrier.call(ctx, "POST", "events", object{"events": []object{event}})
	if err == nil && len(list(answer, "rejected")) > 0 {
		err = fmt.Errorf("the event is refused: %v", list(answer, "rejected")[0]["detail"])
	}
	return err
}

// send announces a parcel with all that is left, or with the units named.
func (o *bought) send(ctx context.Context, units []object) error {
	number := o.shop.number()
	body := object{"carrier": o.shop.line, "number": number}
	if units != nil {
		body["units"] = units
	}
	_, err := o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/parcels", body)
	if err == nil {
		o.parcel = number
	}
	return err
}

// ask is a courier who could come before the slot: "courier asks at 09:10 of E-1".
func (w *world) ask(ctx context.Context, ws *words) (err error) {
	at := w.now
	if ws.is("at") {
		if at, err = ws.moment(w.now, w.zone); err != nil {
			return err
		}
	}
	o, err := w.which(ws)
	if err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/early", object{"at": at.In(w.zone).Format(time.RFC3339)})
	return err
}

// sell is what a shop does: "shop ships E-1 without 2 x "huile d'olive"", "shop cancels E-1".
func (w *world) sell(ctx context.Context, ws *words) error {
	switch {
	case ws.is("ships"):
		return w.ship(ctx, ws)
	case ws.is("pays"):
		return w.pay(ctx, ws)
	case ws.is("declares"):
		return w.declare(ctx, ws)
	case ws.is("ends"):
		return w.end(ctx, ws)
	case ws.is("writes"):
		return w.word(ctx, ws)
	case ws.is("cancels"):
		o, err := w.which(ws)
		if err != nil {
			return err
		}
		_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/cancel", object{"by": "merchant"})
		return err
	case ws.is("erases"):
		return w.erase(ctx, ws)
	}
	return fmt.Errorf("a shop ships, erases, cancels, pays, declares or ends")
}

// erase has whoever bought something forgotten: "shop erases E-1".
func (w *world) erase(ctx context.Context, ws *words) error {
	o, err := w.which(ws)
	if err != nil {
		return err
	}
	sold, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id), nil)
	if err != nil {
		return err
	}
	_, err = o.shop.client.call(ctx, "DELETE", "shoppers/"+text(sold, "shopper"), nil)
	return err
}

func (w *world) ship(ctx context.Context, ws *words) error {
	name, err := ws.take("an order")
	if err != nil {
		return err
	}
	o, err := w.order(name)
	if err != nil {
		return err
	}
	w.recent = o
	if ws.is("without") {
		lines, err := w.missing(ctx, ws, o)
		if err != nil {
			return err
		}
		_, err = o.shop.client.call(ctx, "POST", "orders/"+string(o.id)+"/shortages", object{"lines": lines})
		if err != nil {
			return err
		}
	}
	return o.send(ctx, nil)
}

// missing reads `2 x "huile d'olive"`, and finds the line of it.
func (w *world) missing(ctx context.Context, ws *words, o *bought) ([]object, error) {
	units, article, err := ws.units()
	if err != nil {
		return nil, err
	}
	full, err := o.shop.client.call(ctx, "GET", "orders/"+string(o.id), nil)
	if err != nil {
		return nil, err
	}
	for _, l := range list(full, "lines") {
		if text(l, "name") == article {
			return []object{{"line": text(l, "id"), "units": units}}, nil
		}
	}
	return nil, fmt.Errorf("%s holds no %q", o.reference, article)
}

// live is what a shopper does, on the page that the order's link opens.
func (w *world) live(ctx context.Context, who string, ws *words) error {
	switch {
	case ws.is("refuses"):
		return w.answer(ctx, who, ws, "no")
	case ws.is("accepts"):
		return w.answer(ctx, who, ws, "yes")
	case ws.is("misses"):
		return w.complain(ctx, who, ws)
	}
	if do, ok := w.deeds()[ws.next()]; ok {
		*ws = (*ws)[1:]
		return do(ctx, who, ws)
	}
	return fmt.Errorf("%s is nobody here, or does something that nobody knows: a shopper refuses, accepts or misses", who)
}

// own is which, of an order that is somebody's.
func (w *world) own(who string, ws *words) (*bought, error) {
	o, err := w.which(ws)
	if err != nil {
		return nil, err
	}
	return o, o.belongs(who)
}

// ownNamed is named, of an order that is somebody's.
func (w *world) ownNamed(who string, ws *words) (*bought, error) {
	o, err := w.named(ws)
	if err != nil {
		return nil, err
	}
	return o, o.belongs(who)
}

func (o *bought) belongs(who string) error {
	if o.by != who {
		return fmt.Errorf("%s is not %s's", o.reference, who)
	}
	return nil
}

func (w *world) answer(ctx context.Context, who string, ws *words, answer string) error {
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	return w.tap(ctx, o.page+"/early", url.Values{"answer": {answer}})
}

func (w *world) complain(ctx context.Context, who string, ws *words) error {
	article := *ws
	if _, _, err := ws.units(); err != nil {
		return err
	}
	o, err := w.own(who, ws)
	if err != nil {
		return err
	}
	lines, err := w.missing(ctx, &article, o)
	if err != nil {
		return err
	}
	form := url.Values{}
	for _, l := range lines {
		form.Set("units["+text(l, "line")+"]", fmt.Sprint(l["units"]))
	}
	return w.tap(ctx, o.page+"/missing", form)
}

// tap posts a form of a page.
func (w *world) tap(ctx context.Context, address string, form url.Values) error {
	status, html := w.client.page(ctx, address, form)
	if status >= 400 {
		return fmt.Errorf("%s answered %d: %s", address, status, visible(html))
	}
	return nil
}
