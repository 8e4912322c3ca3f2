package api

import (
	"encoding/json"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// NewOrder is an order to place.
type NewOrder struct {
	Reference   string         `json:"reference" doc:"Yours, one of a kind. The same again with the same content answers the same order."`
	Token       string         `json:"token,omitempty" doc:"Of the option that the shopper chose: what was shown is what is owed. Without one, the law's thirty days are."`
	Shopper     Shopper        `json:"shopper"`
	Lines       []Item         `json:"lines" maxItems:"1000"`
	ShipTo      Address        `json:"ship_to"`
	BillTo      *Address       `json:"bill_to,omitempty"`
	Service     ident.Service  `json:"service,omitempty" doc:"Without a token: the service that will carry it."`
	Point       ident.Point    `json:"point,omitempty" doc:"Where it is collected: a point of GET /points. A service that delivers to points asks for one, unless no point of its network is known here. Left out, it is that of the token."`
	DeliveryFee *money.Amount  `json:"delivery_fee,omitempty" doc:"Without a token: what the shopper paid for delivery."`
	Currency    money.Currency `json:"currency,omitempty"`
	Payment     *Payment       `json:"payment,omitempty" doc:"By what means it was paid; it may be said later."`
	Texts       *bool          `json:"texts,omitempty" doc:"Whether the shopper wants SMS for what can not wait, as asked at checkout; they choose subject by subject afterwards. Left out, what they said before stands."`
	Credit      *money.Amount  `json:"credit,omitempty" doc:"Store credit of the shopper that pays a part of it. Let only a shopper who is signed in spend it."`
}

// Shopper is who buys.
type Shopper struct {
	Email  string      `json:"email"`
	Name   string      `json:"name"`
	Phone  string      `json:"phone,omitempty"`
	Locale lang.Locale `json:"locale,omitempty" enum:"fr,en" doc:"In which the shopper is written to."`
}

// Item is an article and how many of it.
type Item struct {
	SKU       string       `json:"sku,omitempty"`
	Name      string       `json:"name"`
	Units     int          `json:"units"`
	UnitPrice money.Amount `json:"unit_price" doc:"Taxes included."`
	Grams     int          `json:"grams,omitempty" doc:"Weight of one unit."`
	Traits    *Traits      `json:"traits,omitempty" doc:"What else it is like: it decides how it may come back."`
}

// Traits are what an article is like, as far as the shop says.
type Traits struct {
	Category string   `json:"category,omitempty" doc:"The shop's own word, that its returns policy may ask for."`
	Handling []string `json:"handling,omitempty" doc:"Open list: bulky, dangerous, hygiene, perishable, personalised, fragile…"`
	Size     string   `json:"size,omitempty" doc:"As the shopper chose it: M, 42. Returns are counted by it."`
	Supplier string   `json:"supplier,omitempty" doc:"The shop's own word for who made or delivered it. Returns are counted by it."`
	Length   int      `json:"length,omitempty" doc:"Of one unit as it is packed, in millimetres."`
	Width    int      `json:"width,omitempty" doc:"Likewise."`
	Height   int      `json:"height,omitempty" doc:"Likewise."`
	Parts    []string `json:"parts,omitempty" doc:"What belongs to it, in the shopper's words: the charger, the remote control. They are told to pack it too."`
	Excluded string   `json:"excluded,omitempty" doc:"Why nobody may withdraw from the purchase of it, a case of article L221-28 of the Code de la consommation such as \"L221-28 3°\". Only what was said before the purchase counts."`
}

// Address is where a parcel or a bill goes.
type Address struct {
	Name     string `json:"name"`
	Street   string `json:"street"`
	Extra    string `json:"extra,omitempty" doc:"Floor, door, company."`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Country  string `json:"country" doc:"ISO 3166-1, two letters."`
	Phone    string `json:"phone,omitempty"`
}

// Order is an order and what it owes.
type Order struct {
	ID          ident.Order   `json:"id"`
	Reference   string        `json:"reference"`
	State       order.State   `json:"state" enum:"placed,cancelled"`
	PlacedAt    civil.Instant `json:"placed_at"`
	Shopper     ident.Shopper `json:"shopper"`
	Service     ident.Service `json:"service,omitempty"`
	Point       ident.Point   `json:"point,omitempty" doc:"Where the shopper collects it, as chosen."`
	Value       money.Amount  `json:"value" doc:"Goods and delivery, captured."`
	Delivery    money.Amount  `json:"delivery" doc:"Of which delivery."`
	Page        string        `json:"page" doc:"The shopper's page of the order. Whoever holds this address reads it: give it to the shopper only."`
	Commitments []Commitment  `json:"commitments" doc:"When it is owed, and beside it that it comes complete; the oldest first."`
}

// OrderDetail is an order with all that belongs to it.
type OrderDetail struct {
	Order
	Lines     []Line     `json:"lines"`
	ShipTo    Address    `json:"ship_to"`
	BillTo    *Address   `json:"bill_to,omitempty" doc:"When it is not where the parcel goes."`
	CollectAt *Point     `json:"collect_at,omitempty" doc:"The point of 'point', as it stands now."`
	Parcels   []Parcel   `json:"parcels"`
	Shortages []Shortage `json:"shortages" doc:"Units declared missing or damaged, the first declaration first."`
	Remedies  []Remedy   `json:"remedies"`
}

// Line is an article of an order placed.
type Line struct {
	ID       ident.Line   `json:"id"`
	Kind     order.Kind   `json:"kind" enum:"goods,delivery"`
	SKU      string       `json:"sku,omitempty"`
	Name     string       `json:"name,omitempty"`
	Units    int          `json:"units"`
	Captured money.Amount `json:"captured" doc:"What the shopper paid for the line."`
	Grams    int          `json:"grams,omitempty"`
	Traits   *Traits      `json:"traits,omitempty"`
}

type orderIn struct{ Body NewOrder }

func placeOrder(a *API, tx *flow.Tx, c call, in *orderIn) (reply[Order], error) {
	wanted, err := in.Body.request()
	if err != nil {
		return reply[Order]{}, err
	}
	p, err := a.desk.Place(tx, c.Merchant, wanted)
	if err != nil {
		return reply[Order]{}, named(err, "ship", "ship_to", "bill", "bill_to")
	}
	if p.Fresh && in.Body.Payment != nil {
		if err := payment.Captured(tx, c.Merchant, p.Order.ID, payment.Means(*in.Body.Payment)); err != nil {
			return reply[Order]{}, named(err, "", "payment")
		}
	}
	if p.Fresh && in.Body.Texts != nil {
		if err := notify.Text(tx, c.Merchant, p.Order.Shopper, *in.Body.Texts); err != nil {
			return reply[Order]{}, err
		}
	}
	if p.Fresh && in.Body.Credit != nil {
		if err := payment.Spend(tx, c.Merchant, p.Order.Shopper, p.Order.ID, *in.Body.Credit); err != nil {
			return reply[Order]{}, named(err, "amount", "credit")
		}
	}
	out := a.showOrder(p.Order, nil)
	for _, owed := range p.Commitments {
		out.Commitments = append(out.Commitments, showCommitment(owed))
	}
	return freshly(p.Fresh, out), nil
}

// request is the order in the words of the room. Two requests are the same when
// they say the same, in whatever order and with whatever spaces.
func (n NewOrder) request() (checkout.PlaceRequest, error) {
	canonical, err := json.Marshal(n)
	if err != nil {
		return checkout.PlaceRequest{}, err
	}
	r := checkout.PlaceRequest{
		Reference: n.Reference, Token: n.Token, Shopper: shopper.NewShopper(n.Shopper), Items: items(n.Lines),
		Ship: order.Address(n.ShipTo), Service: n.Service, Point: n.Point, DeliveryFee: amountOf(n.DeliveryFee),
		Currency: n.Currency, Fingerprint: ident.Hash(string(canonical)),
	}
	if n.BillTo != nil {
		r.Bill = order.Address(*n.BillTo)
	}
	return r, nil
}

func items(lines []Item) []checkout.Item {
	return mapped(lines, func(i Item) checkout.Item {
		return checkout.Item{SKU: i.SKU, Name: i.Name, Units: i.Units, Unit: i.UnitPrice, Grams: i.Grams, Traits: i.Traits.room()}
	})
}

// room is the traits in the room's words; none say nothing.
func (t *Traits) room() order.Traits {
	if t == nil {
		return order.Traits{}
	}
	return order.Traits(*t)
}

// traits shows what is said of an article; nil when nothing is.
func traits(t order.Traits) *Traits {
	if t.Empty() {
		return nil
	}
	out := Traits(t)
	return &out
}

func (a *API) showOrder(o order.Order, owed []promise.Commitment) Order {
	return Order{
		ID: o.ID, Reference: o.Reference, State: o.State, PlacedAt: o.Placed, Shopper: o.Shopper, Service: o.Service, Point: o.Point,
		Value: o.Value, Delivery: o.Delivery, Page: a.page(o.ID), Commitments: mapped(owed, showCommitment),
	}
}

func listOrders(a *API, tx *db.Tx, c call, in *Paging) (List[Order], error) {
	last, err := after[ident.Order](*in)
	if err != nil {
		return List[Order]{}, err
	}
	orders, err := order.List(tx, c.Merchant, order.Page{After: last, Limit: in.Limit + 1})
	if err != nil {
		return List[Order]{}, err
	}
	owed, err := promise.OfOrders(tx, c.Merchant, mapped(orders, func(o order.Order) ident.Order { return o.ID }))
	return listed(orders, in.Limit, func(o order.Order) ident.Order { return o.ID }, func(o order.Order) Order {
		return a.showOrder(o, owed[o.ID])
	}), err
}

type orderPath struct {
	ID ident.Order `path:"id"`
}

func getOrder(a *API, tx *db.Tx, c call, in *orderPath) (d OrderDetail, err error) {
	o, err := order.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return d, err
	}
	owed, err := promise.OfOrders(tx, c.Merchant, []ident.Order{o.ID})
	if err != nil {
		return d, err
	}
	lines, err := order.Lines(tx, c.Merchant, o.ID)
	if err != nil {
		return d, err
	}
	d = OrderDetail{Order: a.showOrder(o, owed[o.ID]), Lines: mapped(lines, showLine), ShipTo: Address(o.Ship)}
	bill, apart, err := order.Billing(tx, c.Merchant, o.ID)
	if err != nil {
		return d, err
	}
	if apart {
		d.BillTo = (*Address)(&bill)
	}
	if d.CollectAt, err = collectAt(tx, o); err != nil {
		return d, err
	}
	if d.Parcels, err = parcelsOf(tx, c.Merchant, o.ID); err != nil {
		return d, err
	}
	if d.Shortages, err = shortagesOf(tx, c.Merchant, o.ID); err != nil {
		return d, err
	}
	d.Remedies, err = remediesOf(tx, c.Merchant, o.ID)
	return d, err
}

// collectAt shows where an order is collected; nil where it is not, or nobody
// chose.
func collectAt(tx *db.Tx, o order.Order) (*Point, error) {
	if o.Point == "" {
		return nil, nil
	}
	p, err := relay.Get(tx, o.Point)
	return new(showPoint(p)), err
}

func showLine(l order.Line) Line {
	return Line{l.ID, l.Kind, l.SKU, l.Name, l.Units, l.Captured, l.Grams, traits(l.Traits)}
}

// Cancellation says who takes an order back.
type Cancellation struct {
	By fact.Party `json:"by" enum:"merchant,shopper"`
}

type cancelIn struct {
	ID   ident.Order `path:"id"`
	Body Cancellation
}

// cancelOrder is settled: what the order owed is voided by a reaction.
func cancelOrder(_ *API, tx *flow.Tx, c call, in *cancelIn) (reply[ident.Order], error) {
	if err := stillHere(tx.Tx, c.Merchant, in.ID); err != nil {
		return reply[ident.Order]{}, err
	}
	return ok(in.ID), order.Cancel(tx, c.Merchant, in.ID, in.Body.By)
}

func orderNow(a *API, tx *db.Tx, c call, id ident.Order) (Order, error) {
	o, err := order.Get(tx, c.Merchant, id)
	if err != nil {
		return Order{}, err
	}
	owed, err := promise.OfOrders(tx, c.Merchant, []ident.Order{id})
	return a.showOrder(o, owed[id]), err
}

// stillHere refuses to take back an order of which a parcel has left.
func stillHere(tx *db.Tx, m ident.Merchant, id ident.Order) error {
	o, err := order.Get(tx, m, id)
	if err != nil {
		return err
	}
	parcels, err := order.Parcels(tx, m, []ident.Order{id})
	if err != nil {
		return err
	}
	stories, err := tracking.Stories(tx, m, mapped(parcels[id], func(p order.Parcel) ident.Parcel { return p.ID }))
	if err != nil {
		return err
	}
	for _, p := range parcels[id] {
		if p.Direction == fact.Out && hasLeft(stories[p.ID].Clocks) && o.State == order.Placed {
			return fault.New(fault.Conflict, "order_has_left", "order", "reference", o.Reference)
		}
	}
	return nil
}

// hasLeft reports whether a parcel is on its way or there: not every shop hands
// over to somebody who scans.
func hasLeft(c fact.Clocks) bool {
	return c.HandedOver.Known() || c.Presented.Known() || c.Ready.Known() || c.InHand.Known()
}
