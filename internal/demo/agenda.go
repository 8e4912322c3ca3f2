package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// kind is what an entry of the agenda asks for.
type kind string

const (
	toOpenDay kind = "day"    // draw the visits of a day
	toVisit   kind = "visit"  // a customer asks for delivery dates
	toBuy     kind = "buy"    // and orders
	toAdopt   kind = "adopt"  // a person ordered, and the shop sees it
	toCancel  kind = "cancel" // an order is taken back
	toAmend   kind = "amend"  // or its shopper asks for a later day
	toShip    kind = "ship"   // the shop announces the parcel
	toLack    kind = "lack"   // or says what it lacks before
	toScan    kind = "scan"   // the carrier reports
	toBabble  kind = "noise"  // or reports nonsense
	toAsk     kind = "early"  // a courier asks to come early
	toAnswer  kind = "answer" // the shopper says something to that
	toMeet    kind = "meet"   // and the courier comes, early or not
	toMuster  kind = "muster" // a courier begins a shift
	toLoad    kind = "load"   // an order goes on a round
	toRead    kind = "read"   // a shopper opens the confirmation
	toLook    kind = "look"   // or the order's page
	toTap     kind = "tap"    // or says there that something is missing
	toBounce  kind = "bounce" // the post says that a letter came back

	toWrite kind = "write" // a shopper writes to a person
	toReply kind = "reply" // and one answers
	toScore kind = "score" // a shopper says how it went

	toChange  kind = "change"  // a shopper wants the delivery otherwise
	toChoose  kind = "choose"  // a shopper has a code sent, to choose how to be told
	toPick    kind = "pick"    // and chooses
	toText    kind = "text"    // or answers STOP by SMS
	toClaim   kind = "claim"   // a shopper claims that something went wrong
	toRule    kind = "rule"    // somebody decides on it
	toInsist  kind = "insist"  // the shopper does not accept that
	toReview  kind = "review"  // and a second person decides
	toEnter   kind = "enter"   // a shopper has a link to their space sent
	toUnite   kind = "unite"   // and wants what several shops send together
	toDeclare kind = "declare" // a shop says what stops parcels
	toMend    kind = "mend"    // and that it is over, or lasts
	toDemand  kind = "demand"  // a shopper sends a formal notice to deliver
	toDecline kind = "decline" // the shop says that it will not
	toResolve kind = "resolve" // and the shopper ends the contract

	toMind     kind = "mind"     // a person asked for a return, and the world does its part
	toSign     kind = "sign"     // the shop tells what a network knows it by
	toRegret   kind = "regret"   // a shopper looks at what may be sent back
	toReturn   kind = "return"   // and asks for it
	toWithdraw kind = "withdraw" // or withdraws from the contract
	toRoute    kind = "route"    // and chooses how the goods go back
	toAllow    kind = "allow"    // somebody looks at a held return
	toLabel    kind = "label"    // a label is asked for
	toTake     kind = "take"     // and the parcel is taken to a counter, or not
	toBring    kind = "bring"    // goods are brought to a store, or sent as their owner likes
	toBack     kind = "back"     // a network reports
	toInspect  kind = "inspect"  // the warehouse opens the parcel
	toDecide   kind = "decide"   // somebody says what is owed
	toConfirm  kind = "confirm"  // and a second person lets it pass
	toRepay    kind = "repay"    // the shop pays, and says so
	toMiss     kind = "miss"     // a shopper says that the money has not come, and hears where it is
	toContest  kind = "contest"  // the shopper does not accept it
	toSettle   kind = "settle"   // and a second person decides
)

// entry is something to do. Its id is made of what it is about, so that
// planning it twice plans it once, and it is the key under which it is done.
type entry struct {
	merchant ident.Merchant
	id       string
	due      civil.Instant
	kind     kind
	voice    string // slug of the carrier who speaks; empty: whoever the kind says
	body     json.RawMessage
}

func plan(m ident.Merchant, k kind, what string, due civil.Instant, body any) (entry, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return entry{}, fmt.Errorf("plan %s: %w", k, err)
	}
	return entry{merchant: m, id: string(k) + "/" + what, due: due, kind: k, body: raw}, nil
}

func (e entry) decode(v any) error {
	if err := json.Unmarshal(e.body, v); err != nil {
		return fmt.Errorf("agenda %s: %w", e.id, err)
	}
	return nil
}

// batch is how many entries are done before their ends are written down.
const batch = 50

// actor is the world, where the installation asks who wrote.
const actor flow.Actor = "world"

// Step does what is due, follow-ups included, and answers when the next thing
// is: zero when the agenda is empty. What could not be done because nobody
// answered stays in the agenda, and is the error; so is what was refused though
// it should not have been, but that has left the agenda.
func (w *World) Step(ctx context.Context, now civil.Instant) (next civil.Instant, err error) {
	w.course.Lock()
	defer w.course.Unlock()
	return w.step(ctx, now)
}

func (w *World) step(ctx context.Context, now civil.Instant) (civil.Instant, error) {
	w.turn.Lock()
	defer w.turn.Unlock()
	for {
		next, err := w.first(ctx)
		if err != nil || next == 0 || next > now {
			return next, err
		}
		due, err := w.due(ctx, now)
		if err != nil {
			return now, err
		}
		var done, follow []entry
		var errs []error
		for _, r := range w.act(ctx, deeds(due)) {
			done, follow, errs = append(done, r.done...), append(follow, r.follow...), append(errs, r.err)
		}
		err = errors.Join(append(errs, w.write(ctx, done, follow))...)
		if err != nil {
			return now, err
		}
	}
}

// deed is what is done with one call: an entry, or a carrier's reports of the
// same instant, which travel together.
type deed []entry

func deeds(due []entry) (all []deed) {
	for _, e := range due {
		if n := len(all); n > 0 && all[n-1].takes(e) {
			all[n-1] = append(all[n-1], e)
			continue
		}
		all = append(all, deed{e})
	}
	return all
}

func (d deed) takes(e entry) bool {
	first := d[0]
	return first.kind == toScan && e.kind == toScan && first.merchant == e.merchant && first.voice == e.voice && first.due == e.due
}

// result is what came of a deed. Nothing is done when nobody answered.
type result struct {
	done   deed
	follow []entry
	err    error
}

func (w *World) try(ctx context.Context, d deed) result {
	e, err := d.entry()
	if err != nil {
		return result{done: d, err: err}
	}
	follow, err := w.do(ctx, e)
	if errors.Is(err, errUnanswered) {
		return result{err: err}
	}
	return result{done: d, follow: follow, err: w.seen.troubled(e, err)}
}

// act does deeds, as many at a time as the world has hands. One after the
// other, it stops where nobody answers: nobody would answer the next one.
func (w *World) act(ctx context.Context, deeds []deed) []result {
	results := make([]result, len(deeds))
	if w.opt.Hands <= 1 {
		for i, d := range deeds {
			if results[i] = w.try(ctx, d); results[i].done == nil {
				break
			}
		}
		return results
	}
	var all sync.WaitGroup
	free := make(chan struct{}, w.opt.Hands)
	for i, d := range deeds {
		free <- struct{}{}
		all.Go(func() {
			results[i] = w.try(ctx, d)
			<-free
		})
	}
	all.Wait()
	return results
}

const (
	sqlPlan = `insert into demo_agenda (merchant, id, due, kind, voice, body) values ($1, $2, $3, $4, $5, $6)
		on conflict (merchant, id) do nothing`
	sqlDone = `delete from demo_agenda where merchant = $1 and id = $2`
	sqlDue  = `-- across merchants: the world does what is due, wherever
		select merchant, id, due, kind, voice, body from demo_agenda where due <= $1 order by due, merchant, id limit $2`
	sqlNext = `-- across merchants: when the world has something to do again
		select due from demo_agenda order by due limit 1`
)

// first is when the first entry is due, zero when there is none.
func (w *World) first(ctx context.Context) (civil.Instant, error) {
	if w.next != 0 {
		return w.next, nil
	}
	err := w.flow.Read(ctx, func(tx *db.Tx) (err error) {
		w.next, _, err = db.One(tx, sqlNext, db.Scalar[civil.Instant])
		return err
	})
	return w.next, err
}

// due reads what is to be done now.
func (w *World) due(ctx context.Context, now civil.Instant) (due []entry, err error) {
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		due, err = db.All(tx, sqlDue, scanEntry, now, batch)
		return err
	})
	return due, err
}

func scanEntry(r db.Row) (e entry, err error) {
	var body string
	err = r.Scan(&e.merchant, &e.id, &e.due, &e.kind, &e.voice, &body)
	e.body = json.RawMessage(body)
	return e, err
}

// write takes what is done from the agenda and writes down what follows, in one
// transaction: a death before it means that all of it is done again.
func (w *World) write(ctx context.Context, done, follow []entry) error {
	if len(done)+len(follow) == 0 {
		return nil
	}
	w.next = 0
	return w.flow.Write(ctx, actor, merchantsOf(done, follow), func(tx *flow.Tx) error {
		for _, e := range done {
			if err := tx.Do(sqlDone, e.merchant, e.id); err != nil {
				return err
			}
		}
		if err := w.tell(tx, done); err != nil {
			return err
		}
		return enter(tx, follow...)
	})
}

// add writes entries into the agenda.
func (w *World) add(ctx context.Context, entries []entry) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.write(ctx, nil, entries)
}

// enter writes entries into the agenda; those it has already stay as they are.
func enter(tx *flow.Tx, entries ...entry) error {
	for _, e := range entries {
		if err := tx.Do(sqlPlan, e.merchant, e.id, e.due, e.kind, e.voice, string(e.body)); err != nil {
			return err
		}
	}
	return nil
}

func merchantsOf(lists ...[]entry) (ms []ident.Merchant) {
	for _, l := range lists {
		for _, e := range l {
			if !slices.Contains(ms, e.merchant) {
				ms = append(ms, e.merchant)
			}
		}
	}
	return ms
}
