package letters

import (
	"encoding/json"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
)

// What mail programs read of a letter. Source: schema.org, Order and
// ParcelDelivery. Of an address they are told the town and no more, of where goods
// leave from nothing. Instants are in the destination's offset.
type (
	orderThing struct {
		Context  string       `json:"@context,omitempty"`
		Type     string       `json:"@type"`
		Number   string       `json:"orderNumber"`
		Status   string       `json:"orderStatus"`
		Merchant organisation `json:"merchant"`
		Date     string       `json:"orderDate,omitempty"`
		Currency string       `json:"priceCurrency,omitempty"`
		Price    string       `json:"price,omitempty"`
		Offers   []offer      `json:"acceptedOffer,omitempty"`
		Delivery *parcelThing `json:"orderDelivery,omitempty"`
		URL      string       `json:"url,omitempty"`
	}
	parcelThing struct {
		Context string        `json:"@context,omitempty"`
		Type    string        `json:"@type"`
		Address postalAddress `json:"deliveryAddress"`
		From    string        `json:"expectedArrivalFrom,omitempty"`
		Until   string        `json:"expectedArrivalUntil,omitempty"`
		Carrier *organisation `json:"carrier,omitempty"`
		Number  string        `json:"trackingNumber,omitempty"`
		URL     string        `json:"trackingUrl,omitempty"`
		Shipped []product     `json:"itemShipped,omitempty"`
		Method  string        `json:"hasDeliveryMethod,omitempty"`
		Status  *event        `json:"deliveryStatus,omitempty"`
		PartOf  *orderThing   `json:"partOfOrder,omitempty"`
		Action  *action       `json:"potentialAction,omitempty"`
	}
	organisation struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	postalAddress struct {
		Type     string `json:"@type"`
		Postcode string `json:"postalCode"`
		City     string `json:"addressLocality"`
		Country  string `json:"addressCountry"`
	}
	product struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	offer struct {
		Type     string   `json:"@type"`
		Item     product  `json:"itemOffered"`
		Price    string   `json:"price"`
		Currency string   `json:"priceCurrency"`
		Units    quantity `json:"eligibleQuantity"`
	}
	quantity struct {
		Type  string `json:"@type"`
		Value int    `json:"value"`
	}
	event struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	action struct {
		Type   string `json:"@type"`
		Target string `json:"target"`
	}
)

const schema = "https://schema.org"

// script is the markup as an element of the HTML. Marshal writes < as \u003c, so
// that nothing in it can end the element.
func (p page) script() (string, error) {
	if p.Markup == nil {
		return "", nil
	}
	text, err := json.Marshal(p.Markup)
	return `<script type="application/ld+json">` + string(text) + `</script>`, err
}

// orderMarkup is the order as confirmed, with what was promised.
func (d *desk) orderMarkup() *orderThing {
	o := d.partOf("OrderProcessing")
	o.Context, o.URL = schema, notify.PageMark
	o.Date = d.stamp(d.order.Placed)
	o.Currency, o.Price = string(d.order.Currency), decimal(d.order.Value)
	for _, l := range d.listed() {
		o.Offers = append(o.Offers, offer{
			"Offer", thing(l), decimal(l.Unit), string(l.Unit.Currency), quantity{"QuantitativeValue", l.Units},
		})
	}
	if d.about.ID != "" {
		p := d.promised()
		o.Delivery = &p
	}
	return o
}

func decimal(a money.Amount) string { return a.Decimal() }

func (d *desk) partOf(status string) *orderThing {
	return &orderThing{
		Type: "Order", Number: d.order.Reference, Status: schema + "/" + status,
		Merchant: organisation{"Organization", d.brand.Name},
	}
}

// promised is the delivery as promised, wherever the goods are.
func (d *desk) promised() parcelThing {
	a := d.order.Ship
	p := parcelThing{
		Type: "ParcelDelivery", Address: postalAddress{"PostalAddress", a.Postcode, a.City, a.Country},
		Method: schema + "/ParcelService",
	}
	if d.delivery.Collect {
		p.Method = schema + "/OnSitePickup"
		if at := d.point; at.ID != "" {
			p.Address = postalAddress{"PostalAddress", at.Postcode, at.City, at.Country}
		}
	}
	if c := d.delivery; c.ID != "" {
		p.From, p.Until = d.stamp(from(c)), d.stamp(d.last(c.Until))
	}
	return p
}

// from is when a promise's window opens: as shown, or when it was made.
func from(c promise.Commitment) civil.Instant {
	if c.From.IsZero() {
		return c.Made
	}
	return c.From
}

// last is the end of a window as machines read it: of a whole day its last
// second, for midnight would be the day after.
func (d *desk) last(until civil.Instant) civil.Instant {
	if _, whole := d.Deadline(until); whole {
		return until.Add(-time.Second)
	}
	return until
}

// stamp is ISO 8601 with the destination's offset.
func (d *desk) stamp(at civil.Instant) string {
	if at.IsZero() {
		return ""
	}
	return at.In(d.Zone).Format(time.RFC3339)
}

// parcelMarkup is the parcel that the letter is about: as promised, or later when
// somebody on the way said so.
func (d *desk) parcelMarkup() *parcelThing {
	p := d.promised()
	p.Context, p.URL, p.Action = schema, notify.PageMark, &action{"TrackAction", notify.PageMark}
	p.PartOf = d.partOf(d.orderStatus())
	if at := d.expected(); d.late(at) > 0 {
		p.From, p.Until = d.stamp(max(from(d.delivery), d.Now)), d.stamp(at)
	}
	parcel, ok := d.parcel()
	if !ok {
		return &p
	}
	p.Number = parcel.Number
	if name := d.carriers[parcel.Connection]; name != "" {
		p.Carrier = &organisation{"Organization", name}
	}
	p.Shipped = d.shippedIn()
	if words := d.status(); words != "" {
		p.Status = &event{"DeliveryEvent", words}
	}
	return &p
}

// shippedIn is the goods of the only parcel. Of several, nobody here knows which
// holds what.
func (d *desk) shippedIn() (all []product) {
	if len(d.parcels) != 1 {
		return nil
	}
	for _, l := range d.listed() {
		all = append(all, thing(l))
	}
	return all
}

// listed is the goods that a letter has room for.
func (d *desk) listed() []order.Line {
	goods := d.goods()
	return goods[:min(len(goods), maxLines)]
}

func thing(l order.Line) product { return product{"Product", clip(l.Name)} }

// orderStatus is where the order is by schema.org's words.
func (d *desk) orderStatus() string {
	switch d.msg.Topic {
	case fact.TopicShipped, fact.TopicOut:
		return "OrderInTransit"
	case fact.TopicReady:
		return "OrderPickupAvailable"
	case fact.TopicDelivered:
		return "OrderDelivered"
	}
	if p, ok := d.parcel(); ok && d.stories[p.ID].Clocks.HandedOver.Known() {
		return "OrderInTransit"
	}
	return "OrderProcessing"
}

// status is where the parcel is, in the words of the order's page.
func (d *desk) status() string {
	switch d.msg.Topic {
	case fact.TopicShipped:
		return d.T("parcel_status.in_transit", nil)
	case fact.TopicOut:
		return d.T("parcel_status.out_for_delivery", nil)
	case fact.TopicReady:
		return d.T("parcel_status.ready_for_pickup", nil)
	case fact.TopicDelivered:
		return d.T("parcel_status.delivered", nil)
	default:
		return ""
	}
}
