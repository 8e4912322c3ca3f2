package console

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// sentback is a return with all that belongs to it, and its order, read in one
// snapshot.
type sentback struct {
	*lived
	back       returns.Return
	items      []returns.Item
	labels     []returns.Label
	proof      returns.Proof // its ID is empty when nobody gave one
	whole      bool          // the proof is as it was
	found      []returns.Finding
	rulings    []returns.Decision
	disputes   []returns.Dispute
	seconds    []returns.Word  // of second persons
	protest    returns.Protest // its Return is empty where there is nothing to tell a carrier
	refunds    []payment.Refund
	claims     map[ident.Refund]payment.Claim
	conditions returns.Conditions
	law        returns.RefundClock
	late       returns.Surcharge
	duties     []promise.Commitment
	point      relay.Point
}

func readSentback(tx *db.Tx, m ident.Merchant, id ident.Return, rd ui.Reading) (b *sentback, err error) {
	b = &sentback{}
	if b.back, err = returns.Get(tx, m, id); err != nil {
		return nil, err
	}
	if b.lived, err = readOrder(tx, m, b.back.Order, at(rd, b.back.Zone)); err != nil {
		return nil, err
	}
	for _, part := range []func(*db.Tx, ident.Merchant) error{b.readRecord, b.readProof, b.readMoney, b.readClocks, b.readPeople} {
		if err := part(tx, m); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *sentback) readRecord(tx *db.Tx, m ident.Merchant) error {
	f, err := returns.RecordOf(tx, m, b.back.ID)
	b.items, b.labels, b.proof, b.found, b.rulings, b.disputes, b.seconds = f.Items, f.Labels, f.Proof, f.Findings, f.Decisions, f.Disputes, f.Seconds
	return err
}

// readProof reads where the parcel was left, and whether the proof is as it was.
func (b *sentback) readProof(tx *db.Tx, m ident.Merchant) (err error) {
	if b.proof.ID != "" {
		if b.whole, err = b.proof.Whole(tx, m); err != nil {
			return err
		}
	}
	if b.back.Point == "" {
		return nil
	}
	b.point, err = relay.Get(tx, b.back.Point)
	return absent(err)
}

// absent is an error unless it says that something is not there, or not any more.
func absent(err error) error {
	if notThere(err) {
		return nil
	}
	return err
}

func (b *sentback) readMoney(tx *db.Tx, m ident.Merchant) (err error) {
	b.refunds, b.claims, err = payment.OfReturn(tx, m, b.order.ID, b.back.ID)
	return err
}

func (b *sentback) readClocks(tx *db.Tx, m ident.Merchant) (err error) {
	if b.protest, _, err = returns.ProtestOf(tx, m, b.back.ID); err != nil {
		return err
	}
	if b.conditions, err = returns.ConditionsOf(tx, m); err != nil {
		return err
	}
	if b.law, err = b.back.Law(tx, m); err != nil {
		return err
	}
	if b.late, err = returns.SurchargeOf(tx, m, b.back, tx.Now.Day(b.Zone)); err != nil {
		return err
	}
	abouts := []string{string(b.back.ID)}
	if b.back.Parcel != "" {
		abouts = append(abouts, string(b.back.Parcel))
	}
	if window := b.back.Window(); window != "" {
		abouts = append(abouts, window)
	}
	for _, d := range b.rulings {
		abouts = append(abouts, string(d.ID))
	}
	of, err := promise.About(tx, m, abouts)
	for _, about := range abouts {
		b.duties = append(b.duties, of[about]...)
	}
	return err
}

// readPeople reads the names of whoever had a hand in it.
func (b *sentback) readPeople(tx *db.Tx, m ident.Merchant) (err error) {
	actors := []flow.Actor{b.back.AskedBy}
	for _, f := range b.found {
		actors = append(actors, f.Inspector)
	}
	for _, d := range b.rulings {
		actors = append(actors, d.By, d.Second)
	}
	for _, w := range b.seconds {
		actors = append(actors, w.By)
	}
	if b.protest.Sent != 0 {
		actors = append(actors, b.protest.SentBy)
	}
	for _, d := range b.disputes {
		actors = append(actors, d.Settler)
		for _, s := range d.Said {
			actors = append(actors, s.Actor)
		}
	}
	return b.know(tx, m, actors)
}

// know reads the names behind actors beside those of the facts.
func (d *lived) know(tx *db.Tx, m ident.Merchant, actors []flow.Actor) error {
	var people []ident.Staff
	for _, a := range actors {
		if id, is := staffBehind(a); is {
			people = append(people, id)
		}
	}
	of, err := merchant.Colleagues(tx, m, people)
	if d.staff == nil {
		d.staff = of
		return err
	}
	for id, s := range of {
		d.staff[id] = s
	}
	return err
}

// line is a line of the order.
func (b *sentback) line(id ident.Line) order.Line {
	i := slices.IndexFunc(b.lines, func(l order.Line) bool { return l.ID == id })
	if i < 0 {
		return order.Line{}
	}
	return b.lines[i]
}

// comesIn is the parcel that brings it back; its ID is empty while there is none.
func (b *sentback) comesIn() order.Parcel {
	i := slices.IndexFunc(b.parcels, func(p order.Parcel) bool { return p.ID == b.back.Parcel && p.ID != "" })
	if i < 0 {
		return order.Parcel{}
	}
	return b.parcels[i]
}

// shownPhotos are the photos that pages about the return show.
func (b *sentback) shownPhotos() (all []ident.Blob) {
	for _, i := range b.items {
		all = append(all, i.Photos...)
	}
	for _, f := range b.found {
		all = append(all, f.Photos...)
	}
	for _, d := range b.rulings {
		for _, why := range d.Reasons {
			all = append(all, why.Photos...)
		}
	}
	for _, d := range b.disputes {
		for _, said := range d.Said {
			all = append(all, said.Photos...)
		}
	}
	return all
}

// readBack reads a return for a page about it.
func (c Config) readBack(r *http.Request, show func(*db.Tx, visit, *sentback) error) error {
	return c.see(r, func(tx *db.Tx, v visit) error {
		b, err := readSentback(tx, v.Merchant, ident.Return(r.PathValue("id")), reading(r, tx.Now))
		if err != nil {
			return err
		}
		return show(tx, v, b)
	})
}
