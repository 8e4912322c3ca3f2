package webhook

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// statusGone is the answer of an endpoint that wants nothing any more (RFC 9110, 15.5.11).
const statusGone = 410

// settle writes what became of tries, and plans what is next.
func settle(tx *flow.Tx, m ident.Merchant, id ident.Endpoint, letters []letter, answers []answer) error {
	e, known, err := db.One(tx.Tx, sqlEndpoint, scanEndpoint, m, id)
	if err != nil || !known || e.State != On {
		return err
	}
	arrived, failed, gone := false, false, false
	for i, l := range letters {
		a := answers[i]
		if err := l.settle(tx, m, a); err != nil {
			return err
		}
		arrived = arrived || a.err == ""
		failed = failed || a.err == NoAnswer || a.err == NotAccepted
		gone = gone || a.status == statusGone
	}
	switch {
	case gone:
		return e.rest(tx, m, Gone, WasGone)
	case arrived:
		err = e.fails(tx, m, 0)
	case failed && e.Failing.IsZero():
		err = e.fails(tx, m, tx.Wall)
	case failed && tx.Wall.Sub(e.Failing) >= restAfter:
		return e.rest(tx, m, Rested, WasRested)
	}
	if err != nil {
		return err
	}
	return e.plan(tx, m)
}

func (e Endpoint) fails(tx *flow.Tx, m ident.Merchant, since civil.Instant) error {
	if e.Failing == since {
		return nil
	}
	return tx.Do(sqlFailing, m, e.ID, since)
}

// rest stops an endpoint until somebody looks, and tells.
func (e Endpoint) rest(tx *flow.Tx, m ident.Merchant, s State, why string) error {
	if err := e.stop(tx, m, s, why); err != nil {
		return err
	}
	return tx.Emit(m, string(m), fmt.Sprintf("%s/%d", e.ID, e.version+1), fact.EndpointRested{Endpoint: e.ID})
}

// plan has the endpoint's next delivery sent when it is due.
func (e Endpoint) plan(tx *flow.Tx, m ident.Merchant) error {
	next, _, err := db.One(tx.Tx, sqlNextHead, db.Scalar[civil.Instant], m, e.ID)
	if err != nil {
		return err
	}
	if !next.IsZero() && next <= tx.Wall {
		return e.wake(tx, m)
	}
	return tx.Do(sqlNextOf, m, e.ID, next)
}

// settle writes what became of one try. When the delivery is at an end, the next
// one of its object may go.
func (l letter) settle(tx *flow.Tx, m ident.Merchant, a answer) error {
	after, counted := l.after(a, tx.Wall)
	_, err := tx.Changed(sqlTried, m, l.Endpoint, l.ID, l.Tries, after.State, counted, after.Next, after.Status, after.Error, tx.Wall, after.Settled)
	if err != nil || after.State == Waiting {
		return err
	}
	return tx.Do(sqlPromote, m, l.Endpoint, db.In([]string{l.Subject}), tx.Wall)
}

// after is a delivery after a try at a machine time, and how many tries that was:
// none when the endpoint was left alone.
func (d Delivery) after(a answer, wall civil.Instant) (Delivery, int) {
	d.Status, d.Error = a.status, a.err
	switch a.err {
	case "":
		d.State, d.Next, d.Settled = Delivered, 0, wall
		return d, 1
	case LeftAlone:
		d.Next = wall.Add(aside)
		return d, 0
	case FactNotFound:
		d.State, d.Next, d.Settled = Dead, 0, wall
		return d, 1
	}
	pause, more := wait(d.Tries+1, a.after)
	if !more {
		d.State, d.Next, d.Settled = Dead, 0, wall
		return d, 1
	}
	d.Next = wall.Add(pause)
	return d, 1
}
