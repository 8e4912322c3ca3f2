package demo

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// interest is how much a shopper wants to know.
type interest struct {
	opens bool // the confirmation
	looks int  // at the order's page
}

// interests are those of the study on tracking: of a hundred shoppers 93 want a
// confirmation, 83 look twice or more, 21 three times or more.
var interests = []share[interest]{
	{interest{false, 0}, 7},
	{interest{true, 0}, 2},
	{interest{true, 1}, 8},
	{interest{true, 2}, 62},
	{interest{true, 3}, 13},
	{interest{true, 4}, 5},
	{interest{true, 5}, 3},
}

// letter is a confirmation to open; Again counts the times it was not there yet.
type letter struct {
	Number int           `json:"number"`
	To     string        `json:"to"`
	Until  civil.Instant `json:"until"` // the promised end
	Again  int           `json:"again,omitempty"`
}

// sight is a look at an order's page.
type sight struct {
	Link string `json:"link"`
}

// expect plans that the shopper opens the confirmation, within the first hours.
func (w *World) expect(p *planner, b sale) {
	d := w.dice(p.shop, "interest", b.number)
	if opens := draw(d, interests).opens; b.person || !opens || !d.chance(w.opt.Conduct.Looks) {
		return
	}
	_, owed := b.due()
	at := b.Placed.Add(d.between(2*time.Minute, 3*time.Hour))
	p.plan(toRead, fmt.Sprint(b.number), at, letter{Number: b.number, To: b.who.email, Until: owed.Until})
}

// read opens the confirmation, if it came, and plans when its reader looks at the
// page it leads to. Nobody looks for a letter more than twice.
func (w *World) read(s *shop, e entry) ([]entry, error) {
	var l letter
	if err := e.decode(&l); err != nil {
		return nil, err
	}
	p := planner{shop: s}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	if !ok {
		if l.Again == 0 {
			l.Again++
			p.plan(toRead, fmt.Sprintf("%d.%d", l.Number, l.Again), e.due.Add(6*time.Hour), l)
		}
		return p.entries, p.err
	}
	d := w.dice(s, "interest", l.Number)
	looks := draw(d, interests).looks
	end := max(l.Until, e.due.Add(24*time.Hour)).Add(12 * time.Hour)
	for n := range looks {
		p.plan(toLook, fmt.Sprintf("%d/%d", l.Number, n+1), e.due.Add(d.between(time.Minute, end.Sub(e.due))), sight{link})
	}
	return p.entries, p.err
}

// look opens the order's page.
func (w *World) look(ctx context.Context, s *shop, e entry) error {
	var v sight
	if err := e.decode(&v); err != nil {
		return err
	}
	_, err := s.selling.visit(ctx, "/p/"+v.Link)
	return err
}

// miss plans that a shopper finds something missing, after the door.
func (w *World) miss(p *planner, b sale, door civil.Instant) {
	d := w.dice(p.shop, "regret", b.number)
	if b.person || !d.chance(w.opt.Conduct.Taps) {
		return
	}
	p.plan(toTap, fmt.Sprint(b.number), door.Add(d.between(20*time.Minute, 5*time.Hour)), letter{Number: b.number, To: b.who.email})
}

// What a page shows of the form on which a shopper says what is missing.
var (
	unitsField = regexp.MustCompile(`name="(units\[[a-z0-9_]+\])"`)
	afterField = regexp.MustCompile(`name="after" value="([a-z0-9_]*)"`)
)

// tap says on the order's page that a unit or two are missing, or broken: the
// shopper opens the form, fills in a field of those there, and sends it. Without
// a letter, or without anything that can be missing, nobody says anything.
func (w *World) tap(ctx context.Context, s *shop, e entry) error {
	var l letter
	if err := e.decode(&l); err != nil {
		return err
	}
	link, ok := w.opt.Inbox.link(l.To, s.reference(l.Number))
	if !ok {
		return nil
	}
	page, err := s.selling.visit(ctx, "/p/"+link+"/missing")
	fields, after := unitsField.FindAllStringSubmatch(page, -1), afterField.FindStringSubmatch(page)
	if err != nil || len(fields) == 0 || after == nil {
		return allow(err, 404, 409)
	}
	d := w.dice(s, "tap", l.Number)
	form := url.Values{
		one(d, fields)[1]: {fmt.Sprint(1 + d.IntN(2))}, "after": {after[1]}, "what": {one(d, []string{"missing", "missing", "damaged"})},
	}
	return allow(s.selling.fill(ctx, "/p/"+link+"/missing", form), 404, 409, 422)
}

// answer tells a courier who asks to come early what the shopper thinks of it.
func (w *World) answer(ctx context.Context, s *shop, e entry) error {
	var a ask
	if err := e.decode(&a); err != nil {
		return err
	}
	link, ok := w.opt.Inbox.link(a.Email, s.reference(a.Number))
	if !ok {
		return nil
	}
	said := one(w.dice(s, "answer", a.Number), []string{"yes", "yes", "no"})
	return allow(s.selling.fill(ctx, "/p/"+link+"/early", url.Values{"answer": {said}}), 404, 409, 422)
}
