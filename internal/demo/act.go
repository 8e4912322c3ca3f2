package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// do carries out an entry and answers what follows from it. It may run more
// than once for one entry; the calls it makes bear the entry's id as their key.
func (w *World) do(ctx context.Context, e entry) ([]entry, error) {
	s, ok := w.shops[e.merchant]
	if !ok {
		return nil, fmt.Errorf("agenda %s: %s is no shop of this world", e.id, e.merchant)
	}
	switch e.kind {
	case toOpenDay:
		return w.openDay(s, e)
	case toVisit:
		return w.visit(ctx, s, e)
	case toBuy:
		return w.buy(ctx, s, e)
	case toAdopt:
		return w.adopt(ctx, s, e)
	case toLack:
		return nil, w.lack(ctx, s, e)
	case toMeet:
		return w.meet(ctx, s, e)
	case toAsk:
		return nil, w.askEarly(ctx, s, e)
	case toCancel, toAmend, toShip, toBounce, toMiss, toText, toDecline:
		return nil, s.post(ctx, e)
	case toRead:
		return w.read(s, e)
	case toLook:
		return nil, w.look(ctx, s, e)
	case toAnswer:
		return nil, w.answer(ctx, s, e)
	case toTap:
		return nil, w.tap(ctx, s, e)
	case toScan:
		if later, held, err := w.held(ctx, s, e); err != nil || held {
			return later, err
		}
		return w.report(ctx, s, e)
	case toBabble:
		return nil, allow(w.scan(ctx, s, e), 400, 413, 415, 422)
	}
	if do, ok := backwards[e.kind]; ok {
		return do(w, ctx, s, e)
	}
	return nil, fmt.Errorf("agenda %s: nobody knows how to %s", e.id, e.kind)
}

// allow lets the refusals pass that the world provokes on purpose.
func allow(err error, statuses ...int) error {
	var no *refusal
	if errors.As(err, &no) && slices.Contains(statuses, no.Status) && !errors.Is(err, errUnanswered) {
		return nil
	}
	return err
}

// opening is a shop's day: which one it is, and the number of its first visit.
type opening struct {
	Date  civil.Day `json:"date"`
	Day   int       `json:"day"` // 1 is the world's first
	First int       `json:"first"`
}

func (o opening) entry(m ident.Merchant) (entry, error) {
	return plan(m, toOpenDay, o.Date.String(), o.Date.Start(paris), o)
}

// hours is when people buy.
var hours = []share[int]{
	{0, 1},
	{6, 1},
	{7, 3},
	{8, 5},
	{9, 6},
	{10, 7},
	{11, 7},
	{12, 9},
	{13, 8},
	{14, 6},
	{15, 6},
	{16, 5},
	{17, 6},
	{18, 8},
	{19, 8},
	{20, 10},
	{21, 11},
	{22, 7},
	{23, 3},
}

// openDay draws the visits and the babble of a day, and plans the next one. The
// news of the day are written down with its end.
func (w *World) openDay(s *shop, e entry) ([]entry, error) {
	var o opening
	if err := e.decode(&o); err != nil {
		return nil, err
	}
	d := w.dice(s, "day", int(o.Date))
	p := planner{shop: s}
	// What is missing so far: after a quiet day comes a busy one.
	visits := d.around(max(0, w.volume(s)*float64(o.Day)-float64(o.First-1)))
	for n := range visits {
		at := local(o.Date, hour(draw(d, hours))).Add(d.between(0, time.Hour))
		p.plan(toVisit, fmt.Sprint(o.First+n), at, visit{Number: o.First + n})
	}
	for n := range d.around(w.opt.Conduct.Junk) {
		at, by := local(o.Date, 0).Add(d.between(0, 24*time.Hour)), one(d, s.trade.hauls).by
		p.babble(fmt.Sprintf("%s/%d", o.Date, n), at, by.slug, s.babble(d, babbled{at, by, w.opt.Conduct.Mixups, o.First}))
	}
	visits += w.steady(&p, o, o.First+visits)
	w.heeds(&p, o.Date)
	if w.crews[s.Merchant] != nil {
		p.plan(toMuster, o.Date.String(), local(o.Date, hour(6)), o.Date)
	}
	if w.opt.Days == 0 || o.Day < w.opt.Days {
		p.add(opening{Date: o.Date + 1, Day: o.Day + 1, First: o.First + visits}.entry(s.Merchant))
	}
	return p.entries, p.err
}

// planner collects entries, and the first thing that went wrong.
type planner struct {
	*shop
	entries []entry
	err     error
}

func (p *planner) plan(k kind, what string, due civil.Instant, body any) {
	p.add(plan(p.Merchant, k, what, due, body))
}

// scan plans a carrier's call.
func (p *planner) scan(what string, c call, by, number string) {
	body, err := c.body(number)
	p.add(entry{merchant: p.Merchant, id: string(toScan) + "/" + what, due: c.due, kind: toScan, voice: by, body: body}, err)
}

// babble plans a call of a carrier that means nothing.
func (p *planner) babble(what string, due civil.Instant, by, body string) {
	p.add(entry{merchant: p.Merchant, id: string(toBabble) + "/" + what, due: due, kind: toBabble, voice: by, body: json.RawMessage(body)}, nil)
}

// say plans what is done in a carrier's voice.
func (p *planner) say(k kind, what string, due civil.Instant, by string, body any) {
	e, err := plan(p.Merchant, k, what, due, body)
	e.voice = by
	p.add(e, err)
}

func (p *planner) add(e entry, err error) {
	p.err = errors.Join(p.err, err)
	p.entries = append(p.entries, e)
}

// errand is a call of the shop's, and the refusals it may meet.
type errand struct {
	Path  string         `json:"path"`
	Body  map[string]any `json:"body"`
	Allow []int          `json:"allow,omitempty"`
}

// post makes the call of an entry, as its carrier or else as the shop.
func (s *shop) post(ctx context.Context, e entry) error {
	var x errand
	if err := e.decode(&x); err != nil {
		return err
	}
	body, err := json.Marshal(x.Body)
	if err != nil {
		return err
	}
	return allow(s.voice(e).do(ctx, request{method: "POST", path: x.Path, once: e.id, body: body}, nil), x.Allow...)
}

// voice is who speaks in an entry.
func (s *shop) voice(e entry) api {
	if e.voice == "" {
		return s.selling
	}
	return s.carrying[e.voice]
}

// comeBack plans that the shops report letters that came back.
func (w *World) comeBack(ctx context.Context, letters []bounce) error {
	var p planner
	for _, b := range letters {
		for _, s := range w.inOrder() {
			if s.trade.Name != b.from {
				continue
			}
			p.shop = s
			p.plan(toBounce, b.messageID, b.at, errand{
				Path: "/bounces", Body: map[string]any{"message_id": b.messageID, "kind": "hard"},
			})
		}
	}
	if p.err != nil {
		return p.err
	}
	return w.add(ctx, p.entries)
}

// receipt is what the API says of events.
type receipt struct {
	Accepted   int               `json:"accepted"`
	Duplicates int               `json:"duplicates"`
	Rejected   []json.RawMessage `json:"rejected"`
}

// scan reports events in a carrier's voice.
func (w *World) scan(ctx context.Context, s *shop, e entry) error {
	carrier, ok := s.carrying[e.voice]
	if !ok {
		return fmt.Errorf("agenda %s: %s sends nothing by %q", e.id, s.Slug, e.voice)
	}
	var r receipt
	if err := carrier.do(ctx, request{method: "POST", path: "/events", body: e.body}, &r); err != nil {
		return err
	}
	if len(r.Rejected) > 0 {
		return fmt.Errorf("agenda %s: %d events were rejected: %s", e.id, len(r.Rejected), r.Rejected[0])
	}
	return w.seen.told(s, e.body)
}

// babbled is who talks nonsense, and when.
type babbled struct {
	at     civil.Instant
	by     *hauler
	mixups float64 // share of it that names a parcel of the shop's
	orders int     // that the shop has had
}

// babble is what a carrier sends by mistake, about a parcel it does not have or,
// in a world of mix-ups, about one of the shop's.
func (s *shop) babble(d dice, b babbled) string {
	number := fmt.Sprintf("ZZ%09dXX", d.IntN(1e9))
	if d.chance(b.mixups) {
		number = s.number(b.by, 1+d.IntN(b.orders))
	}
	now := written(b.at)
	return one(d, []string{
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"in_transit","occurred_at":%q}]}`, number, now),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"teleported","occurred_at":%q}]}`, number, now),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"delivered","occurred_at":"2099-12-31T23:59:59Z"}]}`, number),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":"delivered","occurred_at":"1970-01-01T00:00:00Z"}]}`, number),
		fmt.Sprintf(`{"events":[{"tracking_number":%q,"status":`, number),
		`{"events":[]}`, `bonjour`, `[]`,
	})
}

// reference is by which the shop and its shopper know an order.
func (s *shop) reference(order int) string { return fmt.Sprintf("%s-%06d", s.trade.Prefix, order) }

// number is by which a carrier knows the parcel of an order.
func (s *shop) number(by *hauler, order int) string {
	return fmt.Sprintf("%s%s%09dFR", by.letters, s.trade.Prefix, order)
}
