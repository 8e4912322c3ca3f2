package letters

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
)

// The fields of schema.org that mail programs look for, as a reader of ours
// understands them: one that is not listed here is refused.
type (
	readOrder struct {
		Context  string      `json:"@context"`
		Type     string      `json:"@type"`
		Number   string      `json:"orderNumber"`
		Status   string      `json:"orderStatus"`
		Merchant readName    `json:"merchant"`
		Date     time.Time   `json:"orderDate"`
		Currency string      `json:"priceCurrency"`
		Price    json.Number `json:"price,string"`
		Offers   []readOffer `json:"acceptedOffer"`
		Delivery *readParcel `json:"orderDelivery"`
		URL      string      `json:"url"`
	}
	readOffer struct {
		Type     string      `json:"@type"`
		Item     readName    `json:"itemOffered"`
		Price    json.Number `json:"price,string"`
		Currency string      `json:"priceCurrency"`
		Units    struct {
			Type  string `json:"@type"`
			Value int    `json:"value"`
		} `json:"eligibleQuantity"`
	}
	readParcel struct {
		Context string `json:"@context"`
		Type    string `json:"@type"`
		Address struct {
			Type     string `json:"@type"`
			Postcode string `json:"postalCode"`
			City     string `json:"addressLocality"`
			Country  string `json:"addressCountry"`
		} `json:"deliveryAddress"`
		From    time.Time  `json:"expectedArrivalFrom"`
		Until   time.Time  `json:"expectedArrivalUntil"`
		Carrier *readName  `json:"carrier"`
		Number  string     `json:"trackingNumber"`
		URL     string     `json:"trackingUrl"`
		Shipped []readName `json:"itemShipped"`
		Method  string     `json:"hasDeliveryMethod"`
		Status  *readName  `json:"deliveryStatus"`
		PartOf  *readOrder `json:"partOfOrder"`
		Action  *struct {
			Type   string `json:"@type"`
			Target string `json:"target"`
		} `json:"potentialAction"`
	}
	readName struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
)

// orderStatuses are those that schema.org has.
var orderStatuses = []string{
	"OrderCancelled", "OrderDelivered", "OrderInTransit", "OrderPaymentDue", "OrderPickupAvailable", "OrderProblem", "OrderProcessing", "OrderReturned",
}

// marked is the text of the markup in a letter, as a mail program finds it; empty
// when there is none.
func marked(t *testing.T, letter string) (text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.TextNode || n.Parent.Data != "script" {
			continue
		}
		if text != "" {
			t.Error("markup twice")
		}
		text = n.Data
	}
	return text
}

func parse[T any](t *testing.T, text string) (v T) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func TestMachinesReadTheSameFacts(t *testing.T) {
	parcels := []fact.Topic{fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAtRisk}
	for _, s := range Gallery() {
		text := marked(t, s.Letter.HTML)
		switch {
		case s.Topic == fact.TopicConfirmed:
			o := parse[readOrder](t, text)
			o.valid(t, s.Name())
			if o.Context != schema || len(o.Offers) == 0 || o.Price == "" || o.Date.IsZero() || o.Delivery == nil {
				t.Errorf("%s: %s", s.Name(), text)
			}
		case slices.Contains(parcels, s.Topic), s.Topic == fact.TopicCorrected && text != "":
			p := parse[readParcel](t, text)
			p.valid(t, s.Name())
			if p.Context != schema || p.PartOf == nil || p.Action == nil || p.Action.Type != "TrackAction" || p.URL == "" {
				t.Errorf("%s: %s", s.Name(), text)
			}
		case text != "":
			t.Errorf("%s: nothing to say to machines, and yet: %s", s.Name(), text)
		}
	}
}

func (o readOrder) valid(t *testing.T, name string) {
	t.Helper()
	status, _ := strings.CutPrefix(o.Status, schema+"/")
	if o.Type != "Order" || o.Number == "" || o.Merchant.Type != "Organization" || o.Merchant.Name == "" || !slices.Contains(orderStatuses, status) {
		t.Errorf("%s: order %+v", name, o)
	}
	if o.Delivery != nil {
		o.Delivery.valid(t, name)
	}
}

func (p readParcel) valid(t *testing.T, name string) {
	t.Helper()
	a := p.Address
	if p.Type != "ParcelDelivery" || a.Type != "PostalAddress" || a.Postcode == "" || a.City == "" || a.Country == "" {
		t.Errorf("%s: parcel %+v", name, p)
	}
	if p.From.IsZero() || !p.From.Before(p.Until) {
		t.Errorf("%s: expected from %v until %v", name, p.From, p.Until)
	}
	if p.PartOf != nil {
		p.PartOf.valid(t, name)
	}
	for _, i := range p.Shipped {
		if i.Type != "Product" || i.Name == "" {
			t.Errorf("%s: shipped %+v", name, i)
		}
	}
}

func TestTheWindowThatMachinesRead(t *testing.T) {
	for _, c := range []struct {
		law, from, until string
		set              []func(*desk)
	}{
		{"a day is until its last second", "2026-11-23T08:55:00+01:00", "2026-11-24T23:59:59+01:00", sets(under(fact.InTransit))},
		{"a slot has both ends", "2026-11-24T14:00:00+01:00", "2026-11-24T16:00:00+01:00", sets(inSlot, under(fact.OutForDelivery))},
		{"in the destination's offset", "2026-11-23T11:55:00+04:00", "2026-11-24T13:00:00+04:00", sets(overseas)},
		{
			"later, when the courier says so", "2026-11-24T14:00:00+01:00", "2026-11-24T16:31:00+01:00",
			sets(inSlot, under(fact.OutForDelivery), saying(16, 31)),
		},
		{
			"in time, when the courier says so", "2026-11-24T14:00:00+01:00", "2026-11-24T16:00:00+01:00",
			sets(inSlot, under(fact.OutForDelivery), saying(15, 10)),
		},
	} {
		d := invented(fact.TopicAtRisk, lang.French)
		for _, set := range c.set {
			set(d)
		}
		p := parse[readParcel](t, marked(t, write(t, d).HTML))
		if from, until := p.From.Format(time.RFC3339), p.Until.Format(time.RFC3339); from != c.from || until != c.until {
			t.Errorf("%s: from %s until %s", c.law, from, until)
		}
	}
}

// Names come from shops and carriers: none of them may end the script, nor tell
// more than the town.
func TestMarkupHoldsNoMoreThanItMust(t *testing.T) {
	const evil = `</script><script>alert(1)</script><!-- & ' " \u2028`
	d := invented(fact.TopicShipped, lang.French)
	under(fact.InTransit)(d)
	d.lines[0].Name, d.carriers["con_1"], d.order.Reference = evil, evil, evil
	d.brand = brandOf(merchant.Brand{Shown: evil})
	l := write(t, d)
	p := parse[readParcel](t, marked(t, l.HTML))
	if p.Shipped[0].Name != evil || p.Carrier.Name != evil || p.PartOf.Number != evil || p.PartOf.Merchant.Name != evil {
		t.Errorf("got %+v", p)
	}
	if n := strings.Count(l.HTML, "</script"); n != 1 {
		t.Errorf("%d scripts end", n)
	}
	for _, private := range []string{"Durand", "Grange", "epicerie.example"} {
		if strings.Contains(marked(t, l.HTML), private) {
			t.Errorf("the markup tells %q", private)
		}
	}
}

// Of several parcels nobody here knows which holds what.
func TestSeveralParcelsNameNoArticle(t *testing.T) {
	d := invented(fact.TopicShipped, lang.French)
	under(fact.InTransit)(d)
	d.parcels = append(d.parcels, d.parcels[0])
	d.parcels[1].ID, d.parcels[1].Announced = "par_2", civil.Instant(1)
	if p := parse[readParcel](t, marked(t, write(t, d).HTML)); len(p.Shipped) != 0 || p.Number == "" {
		t.Errorf("got %+v", p)
	}
}
