package shopper

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// regroupPath is where deliveries of several shops are had together.
const regroupPath = spacePath + "/regrouper"

// regroupRoutes are the pages on which one person has deliveries of several shops come
// together. Looking needs the space, asking a link to it that was just used.
func (s *site) regroupRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	return []ui.Route{
		{Method: get, Path: regroupPath, Access: ui.ByShopper, Summary: "Which deliveries can come together, where and when", Serve: s.regroup},
		{Method: post, Path: regroupPath, Access: ui.ByShopper, Summary: "Ask the carriers to bring deliveries together", Serve: s.gather},
		{Method: get, Path: regroupPath + "/{regroup}", Access: ui.ByShopper, Summary: "What became of a regrouping", Serve: s.gathered},
	}
}

// atDoor is what the form calls the address that deliveries share.
const atDoor = "adresse"

// near is how many orders of a shop, the newest, are looked at; and points, shown.
const (
	regroupOrders = 10
	regroupPoints = 6
	regroupsShown = 5
)

// deliveries is what one person has on the way, and what was chosen among it.
type deliveries struct {
	ui.Reading
	all    []delivery
	spots  []spot
	spot   lastmile.Spot
	chose  bool // a spot
	plan   lastmile.Plan
	day    civil.Day
	dated  bool // some day suits two of them
	before []lastmile.Regroup
	around string // where points are looked for, as typed
	where  string
	fresh  bool // the link to the space was just used
}

// delivery is one on the way.
type delivery struct {
	*lived
	lastmile.Candidate
	chosen bool
}

// spot is where some could come together.
type spot struct {
	lastmile.Spot
	value string
	fit   int // how many can be there on the best day
	far   string
}

// onTheWay reads the deliveries of all shops at which whoever is in their space
// consented: those about which there is something to say still.
func (s *site) onTheWay(tx *db.Tx, v visiting, loc lang.Locale) (all []delivery, err error) {
	places, err := linked(tx, v)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		of, err := orders.OfShopper(tx, p.Merchant, p.ID, orders.Page{Limit: regroupOrders})
		if err != nil {
			return nil, err
		}
		for _, o := range of {
			d, err := s.delivery(tx, tracking.Whole{Merchant: p.Merchant, Order: o.ID}, loc)
			if err != nil {
				return nil, err
			}
			if d.Candidate.Why != lastmile.NotOver && d.Candidate.Why != lastmile.NotSettled {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b delivery) int { return int(a.Stay.Day - b.Stay.Day) })
	return all, nil
}

func (s *site) delivery(tx *db.Tx, of tracking.Whole, loc lang.Locale) (d delivery, err error) {
	if d.lived, err = readWhole(tx, of, s.opens(of.Order), loc); err != nil {
		return d, err
	}
	owed, err := d.owedDelivery(tx)
	if err != nil {
		return d, err
	}
	d.Candidate, err = s.office.Candidate(tx, of.Merchant, of.Order, owed)
	return d, err
}

// deliveries reads the page as it was asked for.
func (s *site) deliveries(r *http.Request) (d deliveries, err error) {
	v := inSpace(r)
	d.Locale, d.fresh, d.day = ui.Reader(r), s.flow.Clock().Wall() < v.Until(), civil.NoDay
	if d.around = r.FormValue("autour"); len(d.around) > maxAround {
		d.around = ""
	}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		d.Now = tx.Now
		if d.all, err = s.onTheWay(tx, v, d.Locale); err != nil {
			return err
		}
		persons, err := personsOf(tx, v)
		if err != nil {
			return err
		}
		if d.before, err = lastmile.RegroupsOf(tx, persons, regroupsShown); err != nil {
			return err
		}
		d.choose(r.Form["o"])
		if len(d.chosen()) < 2 || len(d.chosen()) > lastmile.MaxMembers {
			return nil
		}
		if err := s.findSpots(tx, &d); err != nil {
			return err
		}
		return d.take(r.FormValue("lieu"), r.FormValue("jour"), s)
	})
	return d, err
}

// personsOf are those whom whoever is in their space is, over shops.
func personsOf(tx *db.Tx, v visiting) (all []ident.Person, err error) {
	places, err := linked(tx, v)
	for _, p := range places {
		if !slices.Contains(all, p.Person) {
			all = append(all, p.Person)
		}
	}
	return all, err
}

func (d *deliveries) choose(ids []string) {
	for i, x := range d.all {
		d.all[i].chosen = slices.Contains(ids, string(x.Order)) && x.Candidate.Why == ""
	}
}

func (d *deliveries) chosen() (all []delivery) {
	return slices.DeleteFunc(slices.Clone(d.all), func(x delivery) bool { return !x.chosen })
}

func (d *deliveries) candidates() (all []lastmile.Candidate) {
	for _, x := range d.chosen() {
		all = append(all, x.Candidate)
	}
	return all
}

// findSpots is where what was chosen could come together: the door that most of it
// goes to, the points to which some of it goes, and points near that more than one
// of the carriers serve.
func (s *site) findSpots(tx *db.Tx, d *deliveries) error {
	add := func(x spot) error {
		p, err := s.office.Plan(d.candidates(), x.Spot, d.Now)
		if err != nil {
			return err
		}
		if day, ok := p.Best(); ok {
			x.fit = p.Count(day)
			d.spots = append(d.spots, x)
		}
		return nil
	}
	if door, many := d.sharedDoor(); many {
		if err := add(spot{Spot: lastmile.Spot{Address: door}, value: atDoor}); err != nil {
			return err
		}
	}
	for _, id := range d.goesTo() {
		p, err := relay.Get(tx, id)
		if err == nil {
			err = add(spot{Spot: lastmile.Spot{Point: p}, value: string(id)})
		}
		if err != nil {
			return err
		}
	}
	found, err := s.pointsNear(tx, d)
	for _, f := range found {
		if err == nil && !slices.Contains(d.goesTo(), f.ID) {
			err = add(spot{Spot: lastmile.Spot{Point: *f.Point}, value: string(f.ID), far: ui.Far(d.Locale, f.Metres, f.Located == relay.Exact)})
		}
	}
	return err
}

// sharedDoor is the door of most; many where there are two of them at least.
func (d *deliveries) sharedDoor() (door string, many bool) {
	count := map[string]int{}
	for _, c := range d.candidates() {
		if c.Point == "" {
			count[c.Address]++
		}
	}
	for _, c := range d.candidates() {
		if count[c.Address] > count[door] {
			door = c.Address
		}
	}
	return door, count[door] > 1
}

func (d *deliveries) goesTo() (points []ident.Point) {
	for _, c := range d.candidates() {
		if c.Point != "" && !slices.Contains(points, c.Point) {
			points = append(points, c.Point)
		}
	}
	return points
}

// pointsNear are those of networks that more than one of the carriers serve.
func (s *site) pointsNear(tx *db.Tx, d *deliveries) (found []relay.Found, err error) {
	var networks, shared []string
	for _, c := range d.candidates() {
		for _, n := range c.Networks {
			if slices.Contains(networks, n) && !slices.Contains(shared, n) {
				shared = append(shared, n)
			}
			networks = append(networks, n)
		}
	}
	if s.back.points == nil || len(shared) == 0 {
		return nil, nil
	}
	if err := s.back.points.Refresh(tx); err != nil {
		return nil, err
	}
	ship := d.chosen()[0].order.Ship
	at, _, known := geo.Postcode(ship.Country, ship.Postcode)
	d.where = ship.City
	if spots := geo.Geocode(ship.Country, d.around); d.around != "" && len(spots) > 0 {
		at, d.where, known = spots[0].Point, spots[0].Label, true
	}
	if !known {
		return nil, nil
	}
	found, _ = s.back.points.Find(relay.Query{
		Near: at, Networks: shared, Service: relay.Collect, Now: d.Now, Since: d.Now, Until: d.Now.Add(7 * 24 * time.Hour), Limit: regroupPoints,
	})
	return found, nil
}

// take reads which of the spots and days were chosen; without a day, the best.
func (d *deliveries) take(at, on string, s *site) (err error) {
	i := slices.IndexFunc(d.spots, func(x spot) bool { return x.value == at })
	if i < 0 {
		return nil
	}
	d.spot, d.chose = d.spots[i].Spot, true
	if d.plan, err = s.office.Plan(d.candidates(), d.spot, d.Now); err != nil {
		return err
	}
	d.day, d.dated = d.plan.Best()
	if day, err := civil.ParseDay(on); err == nil && slices.Contains(d.plan.Days, day) {
		d.day = day
	}
	return nil
}

// regroup shows the page.
func (s *site) regroup(r *http.Request) (ui.Answer, error) {
	d, err := s.deliveries(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: regroupView(d.regroupPage(spaceFrame(r, "regroup.title")))}, nil
}

// gather asks for what was chosen.
func (s *site) gather(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	d, err := s.deliveries(r)
	if err != nil {
		return ui.Answer{}, err
	}
	key := shortly(r.PostFormValue("key"))
	if i := slices.IndexFunc(d.before, func(x lastmile.Regroup) bool { return x.Key == key }); i >= 0 {
		return ui.Answer{To: regroupPath + "/" + string(d.before[i].ID)}, nil // the same form, sent again
	}
	var made lastmile.Regroup
	err = fault.New(fault.Conflict, "regroup_not_now", "members")
	if d.chose && d.dated {
		made, err = s.ask(r.Context(), inSpace(r), d.gathering(cmp.Or(key, rand.Text()[:16])))
	}
	if all := refusals(err); all != nil {
		if d, err = s.deliveries(r); err != nil {
			return ui.Answer{}, err
		}
		p := d.regroupPage(spaceFrame(r, "regroup.title"))
		for _, f := range all {
			p.Wrong = append(p.Wrong, wrong{"", lang.Fault(d.Locale, f)})
		}
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: regroupView(p)}, nil
	}
	return ui.Answer{To: regroupPath + "/" + string(made.ID)}, err
}

// gathering is what is asked for: those that can be there on the day, and no others.
func (d *deliveries) gathering(key string) lastmile.Gathering {
	g := lastmile.Gathering{Key: key, Day: d.day, Spot: d.spot}
	for _, m := range d.plan.On(d.day).Members {
		if m.Not == "" {
			g.Members = append(g.Members, lastmile.Owed{Merchant: m.Merchant, Order: m.Order})
		}
	}
	return g
}

// ask asks the carriers, in one write of all the shops.
func (s *site) ask(ctx context.Context, v visiting, g lastmile.Gathering) (made lastmile.Regroup, err error) {
	var lanes []ident.Merchant
	for _, m := range g.Members {
		lanes = append(lanes, m.Merchant)
	}
	err = s.flow.Write(ctx, by, lanes, func(tx *flow.Tx) error {
		in := g
		in.Members = slices.Clone(g.Members)
		places, err := linked(tx.Tx, v)
		if err != nil {
			return err
		}
		for i, m := range in.Members {
			at := slices.IndexFunc(places, func(p shopper.Place) bool { return p.Merchant == m.Merchant })
			if at < 0 { // the consent was taken back meanwhile
				return fault.New(fault.NotFound, "not_found", "")
			}
			in.Person = places[at].Person
			if in.Members[i].Delivery, err = deliveryOwed(tx.Tx, m.Merchant, m.Order); err != nil {
				return err
			}
		}
		made, err = s.office.Gather(tx, in)
		return err
	})
	return made, err
}

// deliveryOwed is what an order is owed now.
func deliveryOwed(tx *db.Tx, m ident.Merchant, o ident.Order) (lastmile.Delivery, error) {
	of, err := promise.OfOrders(tx, m, []ident.Order{o})
	if err != nil {
		return lastmile.Delivery{}, err
	}
	whole, err := orders.Get(tx, m, o)
	if err != nil {
		return lastmile.Delivery{}, err
	}
	shop, err := merchant.Get(tx, m)
	if err != nil {
		return lastmile.Delivery{}, err
	}
	return checkout.Delivery(tx, shop, whole, promise.DeliveryOf(of[o]))
}

// gathered shows what became of a regrouping.
func (s *site) gathered(r *http.Request) (ui.Answer, error) {
	p := gatheredPage{Frame: spaceFrame(r, "regroup.title")}
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		persons, err := personsOf(tx, inSpace(r))
		if err != nil {
			return err
		}
		of, err := lastmile.RegroupOf(tx, persons, ident.Regroup(r.PathValue("regroup")))
		if err != nil {
			return err
		}
		members, err := s.members(tx, inSpace(r), of.ID, p.Locale)
		if err != nil {
			return err
		}
		at, err := of.PointOf(tx)
		p.fill(of, members, at)
		return err
	})
	return ui.Answer{Page: gatheredView(p)}, err
}

// membership is a delivery of a regrouping with its order.
type membership struct {
	*lived
	lastmile.Joined
	change lastmile.Change // its ID is empty where nothing was asked
}

// members are the deliveries of a regrouping at the shops that may be shown: a
// consent that was taken back takes its delivery along.
func (s *site) members(tx *db.Tx, v visiting, id ident.Regroup, loc lang.Locale) (all []membership, err error) {
	places, err := linked(tx, v)
	if err != nil {
		return nil, err
	}
	joined, err := lastmile.JoinedOf(tx, id)
	if err != nil {
		return nil, err
	}
	for _, j := range joined {
		if !slices.ContainsFunc(places, func(p shopper.Place) bool { return p.Merchant == j.Merchant }) {
			continue
		}
		m := membership{Joined: j}
		if m.lived, err = readWhole(tx, tracking.Whole{Merchant: j.Merchant, Order: j.Order}, s.opens(j.Order), loc); err != nil {
			return nil, err
		}
		if j.Change != "" {
			if m.change, err = lastmile.ChangeOf(tx, j.Merchant, j.Change); err != nil {
				return nil, err
			}
		}
		all = append(all, m)
	}
	return all, nil
}
