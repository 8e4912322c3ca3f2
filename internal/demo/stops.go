package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// report tells what a carrier saw. What a courier of a round did at its stops is said
// on the pages of the round; what those do not take, and all else, by the API. A
// failed attempt puts the order on the round of the next day.
func (w *World) report(ctx context.Context, s *shop, e entry) ([]entry, error) {
	c := w.crews[s.Merchant]
	var told webhook
	if c == nil || !s.trade.fleet.drives(e.voice) || json.Unmarshal(e.body, &told) != nil {
		return nil, w.scan(ctx, s, e)
	}
	p, left := planner{shop: s}, webhook{}
	for _, x := range told.Events {
		said, err := w.atStop(ctx, &p, c, x)
		if err != nil {
			return nil, err
		}
		if !said {
			left.Events = append(left.Events, x)
		}
	}
	if len(left.Events) == 0 {
		return p.entries, p.err
	}
	var err error
	if e.body, err = json.Marshal(left); err != nil {
		return nil, err
	}
	return p.entries, errors.Join(p.err, w.scan(ctx, s, e))
}

// acts are couriers' words as acts on the pages of the round; of what is not among
// them nothing is said there.
var acts = map[string]lastmile.Act{"on_round": lastmile.Going, "failed": lastmile.Failed, "delivered": lastmile.Delivered}

// heard is what a courier says of a stop.
type heard struct {
	event
	at   civil.Instant
	act  lastmile.Act
	stop lastmile.Stop
	form url.Values
	d    dice
}

// atStop says on the pages of the round what happened at a stop of it; false where
// it is no stop of theirs, or the round did not take it.
func (w *World) atStop(ctx context.Context, p *planner, c *rider, x event) (said bool, err error) {
	in := heard{event: x, act: acts[x.Status]}
	if in.at, err = civil.ParseInstant(x.At); err != nil || in.act == "" || x.Supersedes != "" {
		return false, err
	}
	day, today := in.at.Day(paris), w.flow.Clock().Now().Day(paris)
	number, mine := p.orderOf(x.Number)
	if !mine {
		return false, nil
	}
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		in.stop, mine, err = p.stopOn(tx, number, day)
		return err
	})
	if err != nil || !mine || in.stop.Courier != c.id {
		return false, err
	}
	shift, began, err := c.shift(ctx, p.selling, day, today)
	if err != nil || !began {
		return false, err
	}
	in.d = w.dice(p.shop, "stop/"+x.Status, number)
	in.fill()
	if in.act == lastmile.Failed {
		w.aboard(p, fmt.Sprintf("%d/%s", number, day), w.flow.Clock().Now(), load{in.stop.Order, p.days.shop.Add(day, 1)})
	}
	if w.atOnce(in) {
		err = in.send(ctx, p.selling.by(c.hand), "/tournee/arret/"+string(in.stop.ID)+"/visite")
	} else {
		in.form.Set("stop", string(in.stop.ID))
		in.form.Set("shift", string(shift))
		in.form.Set("said", strconv.FormatInt(int64(in.at), 10))
		in.form.Set("sent", strconv.FormatInt(int64(w.flow.Clock().Now()), 10))
		err = in.send(ctx, p.selling.by(c.hand), "/tournee/envoi")
	}
	if err := allow(err, 404, 409, 422); err != nil {
		return false, err
	}
	return w.believed(ctx, p.shop, in)
}

// soon is how old something may be that is said as it is done: telephones are slow.
const soon = 5 * time.Minute

// atOnce reports whether it is said over the network as it is done. What decides
// about a promise is said with the instant at which it was.
func (w *World) atOnce(in heard) bool {
	age := w.flow.Clock().Now().Sub(in.at)
	return age <= 0 || in.act != lastmile.Delivered && age < soon && in.stop.Day == w.flow.Clock().Now().Day(paris)
}

// proofs are what couriers bring back of a delivery.
var proofs = []share[string]{{"signed_by", 60}, {"photo", 25}, {"signature", 15}}

// fill is the form as the courier fills it in: told twice, it bears one name.
func (in *heard) fill() {
	in.form = url.Values{"client": {fmt.Sprint(in.Number, "-", in.Status, "-", int64(in.at))}, "act": {string(in.act)}}
	switch in.act {
	case lastmile.Failed:
		in.form.Set("reason", in.Reason)
	case lastmile.Delivered:
		in.form.Set("meant", "yes")
		in.form.Set("place", in.Place)
	default:
		if expected, err := civil.ParseInstant(in.Expected); err == nil {
			in.act = lastmile.Late
			in.form.Set("act", string(in.act))
			in.form.Set("expected", expected.In(paris).Format("15:04"))
		}
	}
}

// send sends it, with the proof that a delivery needs.
func (in *heard) send(ctx context.Context, a api, path string) error {
	proof := ""
	if in.act == lastmile.Delivered {
		proof = draw(in.d, proofs)
	}
	switch proof {
	case "photo", "signature":
		_, err := a.attach(ctx, path, in.form, proof)
		return err
	case "signed_by":
		in.form.Set("signed_by", one(in.d, firstNames))
	}
	return a.fill(ctx, path, in.form)
}

// believed looks what came of it, and remembers what was.
func (w *World) believed(ctx context.Context, s *shop, in heard) (done bool, err error) {
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		of, err := lastmile.Visits(tx, s.Merchant, []ident.Stop{in.stop.ID})
		for _, v := range of[in.stop.ID] {
			if v.Client == in.form.Get("client") && v.Outcome == lastmile.VisitDone {
				done = true
				w.seen.visited(s, in.event, v.At())
			}
		}
		return err
	})
	return done, err
}

// orderOf is which order of the shop's a parcel of its couriers is.
func (s *shop) orderOf(number string) (int, bool) {
	digits, ours := strings.CutPrefix(number, s.trade.fleet.letters+s.trade.Prefix)
	n, err := strconv.Atoi(digits)
	return n, ours && err == nil
}

// stopOn is the stop of an order on a day; false where none is, or it is a person's.
func (s *shop) stopOn(tx *db.Tx, number int, day civil.Day) (lastmile.Stop, bool, error) {
	o, known, err := order.ByReference(tx, s.Merchant, s.reference(number))
	if err != nil || !known {
		return lastmile.Stop{}, false, err
	}
	return lastmile.StopFor(tx, s.Merchant, o.ID, day)
}

// askEarly is a courier who asks to come early: on the page of the stop, where it is
// on a round, else by the API.
func (w *World) askEarly(ctx context.Context, s *shop, e entry) error {
	c, today := w.crews[s.Merchant], w.flow.Clock().Now().Day(paris)
	number, err := strconv.Atoi(strings.TrimPrefix(e.id, string(toAsk)+"/"))
	if c == nil || err != nil {
		return s.post(ctx, e)
	}
	var st lastmile.Stop
	there := false
	err = w.flow.Read(ctx, func(tx *db.Tx) (err error) {
		st, there, err = s.stopOn(tx, number, today)
		return err
	})
	if err != nil {
		return err
	}
	if !there || st.Courier != c.id {
		return s.post(ctx, e)
	}
	if _, _, err := c.shift(ctx, s.selling, today, today); err != nil {
		return err
	}
	var x errand
	if err := e.decode(&x); err != nil {
		return err
	}
	at, err := civil.ParseInstant(fmt.Sprint(x.Body["at"]))
	if err != nil {
		return err
	}
	form := url.Values{"at": {at.In(paris).Format("15:04")}}
	return allow(s.selling.by(c.hand).fill(ctx, "/tournee/arret/"+string(st.ID)+"/avance", form), x.Allow...)
}
