package api

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// NewParcel is a parcel to announce.
type NewParcel struct {
	Carrier ident.Connection `json:"carrier"`
	Service ident.Service    `json:"service,omitempty" doc:"The order's when left out."`
	Number  string           `json:"number" doc:"By which the carrier knows it; kept in capitals, without spaces, hyphens and dots."`
	Units   []Packed         `json:"units,omitempty" maxItems:"1000" doc:"What is in it; all units not yet packed when left out."`
}

// Packed is a number of units of one line.
type Packed struct {
	Line  ident.Line `json:"line"`
	Units int        `json:"units"`
}

// Parcel is one box of an order.
type Parcel struct {
	ID          ident.Parcel     `json:"id"`
	Order       ident.Order      `json:"order"`
	Carrier     ident.Connection `json:"carrier"`
	Service     ident.Service    `json:"service,omitempty"`
	Number      string           `json:"number"`
	Direction   fact.Direction   `json:"direction" enum:"out,back"`
	AnnouncedAt civil.Instant    `json:"announced_at"`
	Status      fact.Status      `json:"status"`
	Phase       fact.Phase       `json:"phase"`
}

// ParcelDetail is a parcel with its story.
type ParcelDetail struct {
	Parcel
	Reason   fact.Reason   `json:"reason,omitempty"`
	Place    fact.Place    `json:"place,omitempty" doc:"In whose hands it was left."`
	Trust    fact.Trust    `json:"trust,omitempty" enum:"claimed,signed,confirmed"`
	Clocks   Clocks        `json:"clocks"`
	LastScan civil.Instant `json:"last_scan,omitzero"`
	Expected civil.Instant `json:"expected_at,omitzero" doc:"When it will arrive, as somebody on the way said last."`
	Disputed []string      `json:"disputed" doc:"Contradictions between its events, for a person to look at."`
	Legs     []Leg         `json:"legs"`
	Events   []Event       `json:"events"`
}

// Clocks are the milestones that promises are judged by.
type Clocks struct {
	HandedOver *Span `json:"handed_over,omitempty"`
	Presented  *Span `json:"presented,omitempty"`
	Ready      *Span `json:"ready,omitempty"`
	InHand     *Span `json:"in_hand,omitempty"`
	Closed     *Span `json:"closed,omitempty"`
}

// Span is when something happened, as exactly as it is known: at 'from' or
// later, before 'until'.
type Span struct {
	From  civil.Instant `json:"from"`
	Until civil.Instant `json:"until"`
}

// Leg is a number that a parcel travels under.
type Leg struct {
	Carrier ident.Connection `json:"carrier"`
	Number  string           `json:"number"`
}

// Event is one scan.
type Event struct {
	ID        ident.Event    `json:"id"`
	Number    string         `json:"number"`
	At        civil.Instant  `json:"at"`
	Precision fact.Precision `json:"precision" enum:"exact,minute,hour,day"`
	Status    fact.Status    `json:"status"`
	Reason    fact.Reason    `json:"reason,omitempty"`
	Place     fact.Place     `json:"place,omitempty"`
	Source    fact.Source    `json:"source"`
	Trust     fact.Trust     `json:"trust"`
	Code      string         `json:"code,omitempty" doc:"The carrier's own."`
	Label     string         `json:"label,omitempty" doc:"The carrier's own words."`
	Where     string         `json:"where,omitempty"`
	Expected  civil.Instant  `json:"expected_at,omitzero" doc:"When it will arrive, as the sender said."`
}

type parcelIn struct {
	ID   ident.Order `path:"id"`
	Body NewParcel
}

// announceParcel is settled: a parcel's story begins in a reaction, with the
// events that came before it. Its number is brought to the form in which events
// are compared, so that it is one parcel however it is written.
func announceParcel(_ *API, tx *flow.Tx, c call, in *parcelIn) (reply[ident.Parcel], error) {
	b := in.Body
	if _, err := carrier.Get(tx.Tx, c.Merchant, b.Carrier); err != nil {
		return reply[ident.Parcel]{}, ofCarrier(err, "carrier", b.Carrier)
	}
	if b.Service != "" {
		if err := haveService(tx.Tx, c.Merchant, b.Service); err != nil {
			return reply[ident.Parcel]{}, err
		}
	}
	units, err := b.units()
	if err != nil {
		return reply[ident.Parcel]{}, err
	}
	p, fresh, err := order.Announce(tx, c.Merchant, order.NewParcel{
		Order: in.ID, Connection: b.Carrier, Service: b.Service, Number: carrier.FoldNumber(b.Number), Units: units,
	})
	return freshly(fresh, p.ID), named(err, b.paths()...)
}

func parcelNow(_ *API, tx *db.Tx, c call, id ident.Parcel) (Parcel, error) {
	p, err := parcelByID(tx, c.Merchant, id)
	if err != nil {
		return Parcel{}, err
	}
	stories, err := tracking.Stories(tx, c.Merchant, []ident.Parcel{id})
	return showParcel(p, stories[id]), err
}

// units are what is packed, by line; nil when nobody said. The fault is line_twice.
func (n NewParcel) units() (map[ident.Line]int, error) {
	if n.Units == nil {
		return nil, nil
	}
	out := map[ident.Line]int{}
	for i, u := range n.Units {
		if _, twice := out[u.Line]; twice {
			return nil, fault.New(fault.Invalid, "line_twice", fmt.Sprintf("units[%d].line", i), "line", string(u.Line))
		}
		out[u.Line] = u.Units
	}
	return out, nil
}

// paths put the room's path of a line's units, units[lin_…], into ours, units[0].
func (n NewParcel) paths() (names []string) {
	for i, u := range n.Units {
		names = append(names, fmt.Sprintf("units[%s]", u.Line), fmt.Sprintf("units[%d]", i))
	}
	return append(names, "connection", "carrier")
}

type parcelsIn struct {
	Order ident.Order `query:"order" required:"true" doc:"Whose parcels."`
}

func listParcels(_ *API, tx *db.Tx, c call, in *parcelsIn) (List[Parcel], error) {
	if _, err := order.Get(tx, c.Merchant, in.Order); err != nil {
		return List[Parcel]{}, err
	}
	parcels, err := parcelsOf(tx, c.Merchant, in.Order)
	return List[Parcel]{Items: parcels}, err
}

func parcelsOf(tx *db.Tx, m ident.Merchant, id ident.Order) ([]Parcel, error) {
	of, err := order.Parcels(tx, m, []ident.Order{id})
	if err != nil {
		return nil, err
	}
	stories, err := tracking.Stories(tx, m, mapped(of[id], func(p order.Parcel) ident.Parcel { return p.ID }))
	return mapped(of[id], func(p order.Parcel) Parcel { return showParcel(p, stories[p.ID]) }), err
}

type parcelPath struct {
	ID ident.Parcel `path:"id"`
}

func getParcel(_ *API, tx *db.Tx, c call, in *parcelPath) (ParcelDetail, error) {
	return parcelDetail(tx, c.Merchant, in.ID)
}

func parcelDetail(tx *db.Tx, m ident.Merchant, id ident.Parcel) (d ParcelDetail, err error) {
	p, err := parcelByID(tx, m, id)
	if err != nil {
		return d, err
	}
	stories, err := tracking.Stories(tx, m, []ident.Parcel{id})
	if err != nil {
		return d, err
	}
	events, err := tracking.Events(tx, m, []ident.Parcel{id})
	if err != nil {
		return d, err
	}
	legs, err := legsOf(tx, m, p)
	s := stories[id]
	return ParcelDetail{
		Parcel: showParcel(p, s), Reason: s.Reason, Place: s.Place, Trust: s.Trust, Clocks: showClocks(s.Clocks),
		LastScan: s.LastScan, Expected: s.Expected, Disputed: append([]string{}, s.Disputed...), Legs: legs, Events: mapped(events, showEvent),
	}, err
}

func parcelByID(tx *db.Tx, m ident.Merchant, id ident.Parcel) (order.Parcel, error) {
	found, err := order.ParcelsByID(tx, m, []ident.Parcel{id})
	if err != nil {
		return order.Parcel{}, err
	}
	p, ok := found[id]
	if !ok {
		return order.Parcel{}, fault.New(fault.NotFound, "not_found", "parcel")
	}
	return p, nil
}

// legsOf lists the numbers of a parcel: the one it was announced under, and
// those its order's timeline tells of.
func legsOf(tx *db.Tx, m ident.Merchant, p order.Parcel) ([]Leg, error) {
	legs := []Leg{{p.Connection, p.Number}}
	facts, err := flow.Timeline(tx, m, string(p.Order))
	for _, f := range facts {
		if added, ok := f.Body.(fact.LegAdded); ok && added.Parcel == p.ID {
			legs = append(legs, Leg{added.Carrier, added.Number})
		}
	}
	return legs, err
}

// maxNumber is how long a parcel's number may be, as where one is announced.
const maxNumber = 100

type legIn struct {
	ID   ident.Parcel `path:"id"`
	Body Leg
}

func addLeg(_ *API, tx *flow.Tx, c call, in *legIn) (reply[ParcelDetail], error) {
	b := in.Body
	if _, err := parcelByID(tx.Tx, c.Merchant, in.ID); err != nil {
		return reply[ParcelDetail]{}, err
	}
	var faults fault.List
	text.Required(&faults, "number", carrier.FoldNumber(b.Number), maxNumber)
	if err := faults.Err(); err != nil {
		return reply[ParcelDetail]{}, err
	}
	if err := tracking.AddLeg(tx, c.Merchant, in.ID, b.Carrier, b.Number); err != nil {
		return reply[ParcelDetail]{}, ofCarrier(err, "carrier", b.Carrier)
	}
	d, err := parcelDetail(tx.Tx, c.Merchant, in.ID)
	return created(d), err
}

// showParcel shows a parcel with its story; one just announced has none yet.
func showParcel(p order.Parcel, s tracking.Story) Parcel {
	if s.Status == "" {
		s.Status = fact.Pending
	}
	return Parcel{
		ID: p.ID, Order: p.Order, Carrier: p.Connection, Service: p.Service, Number: p.Number, Direction: p.Direction,
		AnnouncedAt: p.Announced, Status: s.Status, Phase: s.Status.Phase(),
	}
}

func showClocks(c fact.Clocks) Clocks {
	return Clocks{span(c.HandedOver), span(c.Presented), span(c.Ready), span(c.InHand), span(c.Closed)}
}

func span(s fact.Span) *Span {
	if !s.Known() {
		return nil
	}
	return &Span{s.From, s.Until}
}

func showEvent(e tracking.Event) Event {
	return Event{
		ID: e.ID, Number: e.Number, At: e.At, Precision: e.Precision, Status: e.Status, Reason: e.Reason, Place: e.Place,
		Source: e.Source, Trust: e.Trust, Code: e.Code, Label: e.Label, Where: e.Where, Expected: e.Expected,
	}
}
