package round

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// soon is how long from now a courier is suggested to ask for.
const soon = 15 * time.Minute

// stopOf is the page of a stop: the brief that answers what is asked at a door,
// and what may be done there now.
func stopOf(r *http.Request, c drive, read ui.Reading, d door, lines []order.Line) stopPage {
	to := d.order.Ship
	early := d.earlyCard(read)
	p := stopPage{
		Frame: frame(r, c, to.Name), stopRow: d.row(read), Shift: c.Shift.ID, Client: rand.Text(),
		Slot: d.slot(read), Extra: to.Extra, Over: d.over(), Unpacked: len(d.parcels) == 0, Now: read.Now, Free: d.free(), TooEarly: d.tooEarly(read.Now),
		MayAsk: d.mayAsk(read.Now), EarlyState: early.State, Locked: d.Locked(),
	}
	p.Map = "geo:0,0?q=" + url.QueryEscape(strings.Join([]string{to.Street, to.Postcode, to.City}, ", "))
	if p.Free != 0 {
		p.Warning = read.T("round.early_breaks", map[string]any{"Clock": lang.Clock(read.Locale, p.Free.In(read.Zone))})
	}
	p.AskAt = lang.Clock(read.Locale, min(read.Now.Add(soon), d.Booking.From.Add(-time.Minute)).In(read.Zone))
	if !p.Over && to.Phone != "" {
		p.Phone, p.Tel = to.Phone, dial(to.Phone)
	}
	if d.handling.ID != "" {
		p.Handling = read.ChangeWanted(d.handling.What, fact.Wanted{}, d.handling.Words)
	}
	missing := d.missing()
	for _, l := range lines {
		if l.Kind != order.Goods {
			continue
		}
		p.Lines = append(p.Lines, read.T("round.line", map[string]any{"Units": l.Units, "Name": l.Name}))
		if n := missing[l.ID]; n > 0 {
			p.Lacks = append(p.Lacks, read.T("round.line", map[string]any{"Units": n, "Name": l.Name}))
		}
	}
	for _, v := range d.visits {
		p.History = append(p.History, outcome(read, v))
	}
	p.Reasons, p.Hands = reasons(read), hands(read)
	return p
}

// dial is a number as a telephone takes it.
func dial(phone string) string {
	return "tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// missing is how many units of each line were declared missing.
func (d door) missing() map[ident.Line]int {
	of := map[ident.Line]int{}
	for _, s := range d.lacks {
		for _, l := range s.Lines {
			of[l.Line] += l.Units
		}
	}
	return of
}

func reasons(read ui.Reading) (all []choice) {
	for _, why := range lastmile.FailureReasons {
		all = append(all, choice{Value: string(why), Words: read.Reason(why)})
	}
	return all
}

func hands(read ui.Reading) (all []choice) {
	for _, p := range lastmile.Hands {
		words := read.T("round.in_hand", nil)
		if p != "" {
			words = read.Place(p)
		}
		all = append(all, choice{Value: string(p), Words: words})
	}
	return all
}

// field is one for an hour.
type field struct{ ID, Label, Value, Fault string }
