package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

// second is somebody's second thoughts about an order.
type second struct {
	Order    ident.Order `json:"order"`
	Number   int         `json:"number"`
	Name     string      `json:"name"`
	Email    string      `json:"email"`
	Postcode string      `json:"postcode"`
	Again    int         `json:"again,omitempty"`
}

// wavering is for how long after a delivery somebody may think again.
const wavering = 16 * 24 * time.Hour

// reconsider plans that a shopper sends something back, some days after the door.
// A few withdraw from the contract instead, as the law lets them.
func (w *World) reconsider(p *planner, b sale, door civil.Instant) {
	if b.person || door == 0 || !w.wavers(p.shop, b.number) {
		return
	}
	d := w.dice(p.shop, "return/when", b.number)
	t := second{Order: b.ID, Number: b.number, Name: b.who.name, Email: b.who.email, Postcode: b.who.town.postcode}
	at := door.Add(d.between(20*time.Hour, wavering))
	if len(p.trade.back.by) > 0 && d.chance(w.opt.Conduct.Statutes) {
		p.plan(toWithdraw, fmt.Sprint(b.number), door.Add(d.between(5*time.Hour, 12*24*time.Hour)), t)
		return
	}
	p.plan(toRegret, fmt.Sprint(b.number), at, t)
}

// wavers reports whether something of an order of the world's own comes back.
func (w *World) wavers(s *shop, number int) bool {
	return w.dice(s, "return", number).chance(min(1, s.trade.back.share*w.opt.Conduct.Returns))
}

// returnable is what of an order may come back.
type returnable struct {
	Lines []struct {
		Line ident.Line `json:"line"`
		Left int        `json:"left"`
	} `json:"lines"`
	Reasons []reason `json:"reasons"`
}

// reason is one that a shop takes.
type reason struct {
	Code  string        `json:"code"`
	Taxon returns.Taxon `json:"taxon"`
	Photo bool          `json:"photo"` // is asked for
}

// sentBack is units of a line on their way back, in the words of the API.
type sentBack struct {
	Line      ident.Line        `json:"line"`
	Units     int               `json:"units"`
	Reason    string            `json:"reason,omitempty"`
	Condition returns.Condition `json:"condition,omitempty"`
	Photos    []ident.Blob      `json:"photos,omitempty"`
}

// wish is a return as it will be asked for, word for word.
type wish struct {
	second
	Place string          `json:"place,omitempty"` // the counter that was chosen
	Body  json.RawMessage `json:"body"`
}

// regret is a shopper with second thoughts before the page of returns: what may
// come back, why, and the ways there are. What is not in hand yet, as far as is
// known, is tried again some days later.
func (w *World) regret(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var t second
	if err := e.decode(&t); err != nil {
		return nil, err
	}
	p := planner{shop: s}
	order := "/orders/" + string(t.Order)
	var can returnable
	if err := s.selling.do(ctx, request{method: "GET", path: order + "/returns/eligibility"}, &can); err != nil {
		return nil, err
	}
	d := w.dice(s, "return/items", t.Number)
	items := can.choose(d, s.trade.back.why)
	if len(items) == 0 {
		if t.Again++; t.Again <= 2 {
			p.plan(toRegret, fmt.Sprintf("%d.%d", t.Number, t.Again), e.due.Add(3*24*time.Hour), t)
		}
		return p.entries, p.err
	}
	if err := can.picture(ctx, d, s, items); err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return nil, err
	}
	var o ways
	err = s.selling.do(ctx, request{method: "POST", path: order + "/returns/options", body: body}, &o)
	if err != nil || len(o.Options) == 0 {
		return nil, allow(err, 409, 422)
	}
	how, place, err := o.choose(ctx, d, s, t)
	if err != nil {
		return nil, err
	}
	how["items"] = items
	raw, err := json.Marshal(how)
	p.plan(toReturn, fmt.Sprint(t.Number), e.due.Add(d.between(time.Minute, 6*time.Minute)), wish{t, place, raw})
	return p.entries, errors.Join(err, p.err)
}

// choose is what comes back of what may: mostly one article, for one reason.
func (r returnable) choose(d dice, why []share[string]) (items []sentBack) {
	code := draw(d, why)
	i := slices.IndexFunc(r.Reasons, func(o reason) bool { return o.Code == code })
	if i < 0 {
		return nil
	}
	condition := draw(d, []share[returns.Condition]{{returns.Unopened, 30}, {returns.Opened, 50}, {returns.Untold, 20}})
	if r.Reasons[i].Taxon == returns.Damaged {
		condition = returns.Broken
	}
	for _, at := range d.Perm(len(r.Lines)) {
		if l := r.Lines[at]; l.Left > 0 && (len(items) == 0 || d.chance(0.2)) {
			items = append(items, sentBack{Line: l.Line, Units: 1 + d.IntN(l.Left), Reason: code, Condition: condition})
		}
	}
	return items
}

// picture takes the photos that a reason asks for.
func (r returnable) picture(ctx context.Context, d dice, s *shop, items []sentBack) error {
	for i := range items {
		for _, o := range r.Reasons {
			if o.Code != items[i].Reason || !o.Photo {
				continue
			}
			id, err := s.photo(ctx, s.selling, d)
			if err != nil {
				return err
			}
			items[i].Photos = []ident.Blob{id}
		}
	}
	return nil
}

// photo keeps a picture of something broken: a box, and a crack through it.
func (s *shop) photo(ctx context.Context, by api, d dice) (ident.Blob, error) {
	const wide, high = 96, 72
	img := image.NewPaletted(image.Rect(0, 0, wide, high), color.Palette{
		color.RGBA{0xee, 0xea, 0xe2, 0xff}, color.RGBA{0xb9, 0x8d, 0x5b, 0xff}, color.RGBA{0x3a, 0x2a, 0x1a, 0xff},
	})
	at := 20 + d.IntN(40)
	for y := 10; y < high-8; y++ {
		for x := 12; x < wide-12; x++ {
			img.SetColorIndex(x, y, 1)
		}
		at = min(max(at+d.IntN(5)-2, 14), wide-16)
		img.SetColorIndex(at, y, 2)
		img.SetColorIndex(at+1, y, 2)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return "", err
	}
	var kept struct {
		ID ident.Blob `json:"id"`
	}
	err := by.do(ctx, request{method: "POST", path: "/photos", body: file.Bytes(), media: "image/png"}, &kept)
	return kept.ID, err
}

// ways are the ways back, as the API offers them.
type ways struct {
	Settlements []fact.Settlement `json:"settlements"`
	Options     []struct {
		Route  fact.Route `json:"route"`
		Metres int        `json:"metres"`
	} `json:"options"`
}

// liked is how shoppers like the ways back.
var liked = map[fact.Route]int{
	fact.BackByRelay: 62, fact.BackToStore: 14, fact.BackByPost: 18, fact.BackOnTheirs: 3, fact.BackNotNeeded: 1000,
}

// far is how far nobody goes to bring something back, in metres.
const far = 25_000

// choose is a way back, what is wanted for it, and where it is left.
func (o ways) choose(ctx context.Context, d dice, s *shop, t second) (how map[string]any, counter string, err error) {
	var shares []share[fact.Route]
	for _, option := range o.Options {
		if weight := liked[option.Route]; weight > 0 && option.Metres < far {
			shares = append(shares, share[fact.Route]{option.Route, weight})
		}
	}
	if len(shares) == 0 {
		shares = []share[fact.Route]{{o.Options[0].Route, 1}}
	}
	route := draw(d, shares)
	how = map[string]any{"route": route}
	if slices.Contains(o.Settlements, fact.Credit) && d.chance(0.1) {
		how["settlement"] = fact.Credit
	}
	network := map[fact.Route]string{fact.BackByRelay: relais.adapter, fact.BackToStore: string(s.Merchant)}[route]
	if network == "" {
		return how, "", nil
	}
	points, err := s.near(ctx, network, t.Postcode)
	if err != nil || len(points) == 0 {
		return how, "", err
	}
	at := one(d, points)
	how["point"] = at.ID
	return how, at.Name + ", " + at.City, nil
}

// place is a relay point or a store, as the API shows it.
type place struct {
	ID   ident.Point `json:"id"`
	Code string      `json:"code"`
	Name string      `json:"name"`
	City string      `json:"city"`
}

// near are the nearest points of a network; none where the town is not known.
func (s *shop) near(ctx context.Context, network, postcode string) ([]place, error) {
	q := url.Values{"text": {postcode}, "network": {network}, "service": {"send"}, "limit": {"3"}}
	var found struct {
		Items []place `json:"items"`
	}
	err := s.selling.do(ctx, request{method: "GET", path: "/points?" + q.Encode()}, &found)
	return found.Items, allow(err, 422)
}

// returned is a return as the API answers it.
type returned struct {
	ID         ident.Return     `json:"id"`
	Order      ident.Order      `json:"order"`
	State      returns.State    `json:"state"`
	Route      fact.Route       `json:"route"`
	Carrier    ident.Connection `json:"carrier"`
	Point      ident.Point      `json:"point"`
	Withdrawal ident.Withdrawal `json:"withdrawal"`
	AskedAt    civil.Instant    `json:"asked_at"`
}

// askBack asks for the return, as it was chosen.
func (w *World) askBack(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var q wish
	if err := e.decode(&q); err != nil {
		return nil, err
	}
	var r returned
	err := s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(q.Order) + "/returns", once: e.id, body: q.Body}, &r)
	if err != nil {
		return nil, allow(err, 409, 422) // somebody else was faster, or a day has passed
	}
	return w.proceed(s, r, goods{Return: r.ID, Order: r.Order, Number: q.Number, Postcode: q.Postcode, Place: q.Place}, e.due)
}

// withdraw sends the statement that the law describes.
func (w *World) withdraw(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var t second
	if err := e.decode(&t); err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"name": t.Name, "contract": s.reference(t.Number), "email": t.Email})
	if err != nil {
		return nil, err
	}
	var said struct {
		Return ident.Return `json:"return"`
	}
	err = s.selling.do(ctx, request{method: "POST", path: "/orders/" + string(t.Order) + "/withdrawal", once: e.id, body: body}, &said)
	if err != nil || said.Return == "" {
		return nil, allow(err, 409, 422)
	}
	p := planner{shop: s}
	p.plan(toRoute, string(said.Return), e.due.Add(20*time.Minute), goods{Return: said.Return, Order: t.Order, Number: t.Number, Postcode: t.Postcode})
	return p.entries, p.err
}

// route chooses how the goods of a withdrawal go back.
func (w *World) route(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]any{"route": fact.BackByRelay})
	if err != nil {
		return nil, err
	}
	var r returned
	if err := s.selling.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/route", body: body}, &r); err != nil {
		return nil, allow(err, 404, 409, 422)
	}
	return w.proceed(s, r, g, e.due)
}
