package webhook

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Write makes the deliveries of facts, one for each endpoint that hears of their
// kind. Facts of one object are numbered in the order in which they happened,
// though each kind comes by a route of its own: whoever comes first numbers all
// that has happened so far.
func Write(tx *flow.Tx, facts []flow.Fact) error {
	m := facts[0].Merchant
	hearing, err := db.All(tx.Tx, sqlHearing, scanSubscription, m, db.In(kindsOf(facts)))
	if err != nil || len(hearing) == 0 {
		return err
	}
	for _, e := range endpointsOf(hearing) {
		if err := writeFor(tx, m, e, facts); err != nil {
			return err
		}
	}
	return nil
}

func kindsOf(facts []flow.Fact) (ks []fact.Kind) {
	for _, f := range facts {
		ks = append(ks, f.Kind)
	}
	slices.Sort(ks)
	return slices.Compact(ks)
}

func endpointsOf(all []subscription) (es []ident.Endpoint) {
	for _, s := range all {
		es = append(es, s.endpoint)
	}
	slices.Sort(es)
	return slices.Compact(es)
}

// writeFor makes the deliveries of facts for an endpoint.
func writeFor(tx *flow.Tx, m ident.Merchant, id ident.Endpoint, facts []flow.Fact) error {
	e, known, err := db.One(tx.Tx, sqlEndpoint, scanEndpoint, m, id)
	if err != nil || !known {
		return err
	}
	hears, err := db.All(tx.Tx, sqlHears, scanSubscription, m, id)
	if err != nil {
		return err
	}
	subjects := map[string][]flow.Fact{}
	var order []string
	for _, f := range facts {
		if !covered(hears, f) {
			continue
		}
		if _, seen := subjects[f.Subject]; !seen {
			order = append(order, f.Subject)
		}
		subjects[f.Subject] = append(subjects[f.Subject], f)
	}
	for _, s := range order {
		if err := e.number(tx, m, s, subjects[s], hears); err != nil {
			return err
		}
	}
	if len(order) == 0 || e.State != On {
		return nil
	}
	if err := tx.Do(sqlPromote, m, id, db.In(order), tx.Wall); err != nil {
		return err
	}
	return e.wake(tx, m)
}

func covered(hears []subscription, f flow.Fact) bool {
	return slices.ContainsFunc(hears, func(s subscription) bool { return s.covers(f) })
}

// number writes the deliveries of an object: what happened since the last one
// numbered, and whatever of the facts given was not numbered yet.
func (e Endpoint) number(tx *flow.Tx, m ident.Merchant, subject string, facts []flow.Fact, hears []subscription) error {
	at, _, err := db.One(tx.Tx, sqlObject, scanObject, m, e.ID, subject)
	if err != nil {
		return err
	}
	fresh, err := unwritten(tx.Tx, m, e.ID, facts)
	if err != nil || len(fresh) == 0 {
		return err
	}
	all, err := flow.Timeline(tx.Tx, m, subject)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.ID > at.fact && covered(hears, f) && !slices.ContainsFunc(fresh, func(o flow.Fact) bool { return o.ID == f.ID }) {
			fresh = append(fresh, f)
		}
	}
	slices.SortFunc(fresh, func(a, b flow.Fact) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, f := range fresh {
		at.sequence++
		at.fact = max(at.fact, f.ID)
		if err := insertDelivery(tx, m, e.delivery(tx, f, at.sequence)); err != nil {
			return err
		}
	}
	return tx.Do(sqlSetObject, m, e.ID, subject, at.sequence, at.fact)
}

// unwritten are the facts that have no delivery to an endpoint.
func unwritten(tx *db.Tx, m ident.Merchant, e ident.Endpoint, facts []flow.Fact) ([]flow.Fact, error) {
	ids := make([]ident.Fact, len(facts))
	for i, f := range facts {
		ids[i] = f.ID
	}
	written, err := db.All(tx, sqlWritten, db.Scalar[ident.Fact], m, e, db.In(ids))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(facts), func(f flow.Fact) bool { return slices.Contains(written, f.ID) }), nil
}

// delivery is a fact for an endpoint: to be sent, or dead at once when nothing is
// sent there.
func (e Endpoint) delivery(tx *flow.Tx, f flow.Fact, n int) Delivery {
	d := Delivery{
		ID: ident.New[ident.Delivery](tx.Mint), Endpoint: e.ID, Fact: f.ID, Kind: f.Kind, Subject: f.Subject, Sequence: n, State: Waiting, Made: tx.Now,
	}
	switch e.State {
	case Rested:
		d.State, d.Error, d.Settled = Dead, WasRested, tx.Wall
	case Gone:
		d.State, d.Error, d.Settled = Dead, WasGone, tx.Wall
	}
	return d
}

// wake sends for what is due. Should the errand be lost, the clock comes again.
func (e Endpoint) wake(tx *flow.Tx, m ident.Merchant) error {
	if err := tx.Do(sqlNextOf, m, e.ID, tx.Wall.Add(2*aside)); err != nil {
		return err
	}
	return tx.Enqueue(m, SendErrand, string(e.ID), sending{e.ID})
}
