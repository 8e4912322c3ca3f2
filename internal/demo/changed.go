package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// planning is where the shop's own couriers take changes to their rounds.
func (f *fleet) planning() string { return "https://" + f.slug + ".example/tournees" }

// changed is what a carrier of this world makes of a change: the honest one takes
// it into its plan, one refuses whatever it is asked, one never says.
func (w *World) changed(rw http.ResponseWriter, r *http.Request, host string, q carrier.ChangeRequest) {
	if q.Step == carrier.ChangeRelease { // its plan was not changed for what it agreed to
		agree(rw, carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted})
		return
	}
	switch haulers[host] {
	case flash:
		agree(rw, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeImpossible, Text: "Nos livraisons prioritaires ne se modifient pas."})
		return
	case roulage:
		rw.WriteHeader(http.StatusAccepted)
		return
	}
	switch w.mood(q) {
	case balks:
		agree(rw, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeImpossible, Text: "Notre planning est complet."})
		return
	case dozes:
		rw.WriteHeader(http.StatusAccepted)
		return
	}
	done, err := w.replan(r.Context(), host, q)
	switch {
	case err != nil:
		http.Error(rw, "try again", http.StatusServiceUnavailable)
	case !done:
		agree(rw, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeOut})
	default:
		agree(rw, carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted})
	}
}

// mood is how a carrier that works well takes a step of a change.
type mood int

const (
	willing mood = iota
	balks        // it says no, also to what it agreed to before
	dozes        // it says nothing, and is waited for in vain
)

// mood is the same however often the same is asked. Only what several carriers do
// together, or not at all, is asked in steps.
func (w *World) mood(q carrier.ChangeRequest) mood {
	if q.Step == "" {
		return willing
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%s", q.Change, q.Step)
	d := dice{mathrand.New(mathrand.NewPCG(w.opt.Seed, h.Sum64()))}
	switch {
	case !d.chance(w.opt.Conduct.Moods):
		return willing
	case q.Step == carrier.ChangeHold && d.chance(0.5):
		return dozes
	}
	return balks
}

func agree(rw http.ResponseWriter, a carrier.ChangeAnswer) {
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(a)
}

const (
	sqlAheadOf   = `select merchant, id, due, kind, voice, body from demo_agenda where merchant = $1 and kind = 'scan' and id >= $2 and id < $3 order by due, id`
	sqlRewrite   = `update demo_agenda set body = $3 where merchant = $1 and id = $2`
	sqlForgotten = `delete from demo_agenda where merchant = $1 and id in ($2)`
)

// lastMile are the scans of the last stretch, which a change moves.
var lastMile = []string{"on_round", "out_for_delivery", "failed", "failed_attempt", "ready_for_pickup", "delivered"}

// replan takes a change into the plan of an order; false when nothing of it lies
// ahead any more.
func (w *World) replan(ctx context.Context, host string, q carrier.ChangeRequest) (done bool, err error) {
	w.turn.Lock()
	defer w.turn.Unlock()
	for _, s := range w.inOrder() {
		number, known := s.numberAt(host, q)
		if !known {
			continue
		}
		err = w.flow.One(ctx, actor, s.Merchant, func(tx *flow.Tx) (err error) {
			done, err = replanned(tx, s, number, q)
			return err
		})
		w.next = 0
		if done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// numberAt is the number of the order that a change is about, where the carrier at
// a host brings the shop's parcels.
func (s *shop) numberAt(host string, q carrier.ChangeRequest) (number int, ok bool) {
	letters := ""
	if by := haulers[host]; by != nil {
		letters = by.letters
	} else if f := s.trade.fleet; f != nil && f.slug == host {
		letters = f.letters
	}
	digits, packed := strings.CutPrefix(q.Number, letters+s.trade.Prefix)
	if !packed {
		digits, packed = strings.CutPrefix(q.Reference, s.trade.Prefix+"-")
	}
	switch {
	case letters == "":
		return 0, false
	case !packed: // a person's, by another reference
		return numberOf(q.Order), true
	}
	number, err := strconv.Atoi(strings.TrimSuffix(digits, "FR"))
	return number, err == nil
}

// replanned rewrites the last stretch of an order.
func replanned(tx *flow.Tx, s *shop, number int, q carrier.ChangeRequest) (bool, error) {
	ahead, err := db.All(tx.Tx, sqlAheadOf, scanEntry, s.Merchant, fmt.Sprintf("scan/%d/", number), fmt.Sprintf("scan/%d0", number))
	if err != nil || len(ahead) == 0 {
		return false, err
	}
	if q.Step == carrier.ChangeHold {
		return true, nil // it would; its plan changes when it is told to
	}
	switch {
	case q.Asks == fact.Readdress && q.Until == 0:
		return true, nil // the same stops, at another door
	case q.Asks != fact.CallBack && q.Until == 0:
		return true, leftWith(tx, ahead, q.Asks)
	}
	p := planner{shop: s}
	gone := []string{fmt.Sprint(toMeet, "/", number), fmt.Sprint(toAsk, "/", number), fmt.Sprint(toAnswer, "/", number)}
	last := event{Zone: paris.String()}
	for _, e := range ahead {
		var told webhook
		if err := e.decode(&told); err != nil {
			return false, err
		}
		last.Number, last.Where = told.Events[0].Number, told.Events[0].Where
		kept := slices.DeleteFunc(told.Events, func(x event) bool { return slices.Contains(lastMile, x.Status) })
		gone = append(gone, e.id)
		if len(kept) > 0 {
			body, err := json.Marshal(webhook{kept})
			e.id, e.body = e.id+"+", body
			p.add(e, err)
		}
	}
	for i, x := range otherwise(tx.Now, number, last, q) {
		at, err := civil.ParseInstant(x.At)
		if err != nil {
			return false, err
		}
		body, err := json.Marshal(webhook{[]event{x}})
		p.add(entry{merchant: s.Merchant, id: fmt.Sprintf("scan/%d/%s/%d", number, q.Change, i), due: at.Add(time.Minute), kind: toScan, voice: ahead[0].voice, body: body}, err)
	}
	if p.err != nil {
		return false, p.err
	}
	if err := tx.Do(sqlForgotten, s.Merchant, db.In(gone)); err != nil {
		return false, err
	}
	return true, enter(tx, p.entries...)
}

// leftWith has the parcel left where it was asked for, at the hour that was planned.
func leftWith(tx *flow.Tx, ahead []entry, what fact.ChangeKind) error {
	for _, e := range ahead {
		var told webhook
		if err := e.decode(&told); err != nil {
			return err
		}
		for i, x := range told.Events {
			if x.Status == "delivered" {
				told.Events[i].Place = string(what) // the places are called as the changes are
			}
		}
		body, err := json.Marshal(told)
		if err != nil {
			return err
		}
		if err := tx.Do(sqlRewrite, e.merchant, e.id, string(body)); err != nil {
			return err
		}
	}
	return nil
}

// otherwise is the last stretch as it was asked for.
func otherwise(now civil.Instant, number int, like event, q carrier.ChangeRequest) []event {
	door := max(q.From, now).Add(time.Duration(20+number%60) * time.Minute)
	if q.Until.Sub(q.From) > 6*time.Hour { // a day: nobody comes at midnight
		door = q.From.Add(10*time.Hour + time.Duration(number%60)*time.Minute)
	}
	at := func(status, place string, when civil.Instant) event {
		x := like
		x.Status, x.Place, x.At = status, place, written(when)
		return x
	}
	if q.Asks == fact.CallBack {
		return []event{at("returning", "", now.Add(time.Hour)), at("returned", "", now.Add(2*24*time.Hour))}
	}
	out := at("out_for_delivery", "", max(door.Add(-20*time.Minute), now.Add(time.Minute)))
	if q.Asks == fact.Redirect {
		return []event{out, at("ready_for_pickup", "", door), at("delivered", "relay", door.Add(22*time.Hour))}
	}
	return []event{out, at("delivered", "", door)}
}
