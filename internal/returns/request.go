package returns

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// maxKey bounds the key of a request, in characters.
const maxKey = 100

// Request opens a return as it was chosen among the options. Under a key used
// before, the same wish answers the return as it stands, and fresh is false.
//
// The faults are those of Options, and field_required at key, return_key_conflict
// (another wish under the key), route_hidden, cover_not_offered, pickup_day_not_offered,
// unknown_value at settlement, photo_unknown, and for the point not_found, point_gone and point_off_route.
func (o *Office) Request(tx *flow.Tx, m ident.Merchant, w Wanted) (r Return, fresh bool, err error) {
	fingerprint, err := w.check()
	if err != nil {
		return Return{}, false, err
	}
	if r, ok, err := repeated(tx.Tx, m, w.Key, fingerprint); err != nil || ok {
		return r, false, err
	}
	s, err := o.situation(tx.Tx, m, w.Order)
	if err != nil {
		return Return{}, false, err
	}
	f, err := o.offer(tx.Tx, m, &s, w, nil)
	if err != nil {
		return Return{}, false, err
	}
	if r, err = s.draft(tx, w, f); err != nil {
		return Return{}, false, err
	}
	if err := r.known(tx.Tx, m, f.items); err != nil {
		return Return{}, false, err
	}
	if err := r.doubt(tx, m, &s, f.items); err != nil {
		return Return{}, false, err
	}
	r.hold(s, f.Approve)
	for i := range f.items {
		f.items[i].ID = ident.New[ident.ReturnItem](tx.Mint)
	}
	if _, err := r.insert(tx, m, fingerprint, f.items); err != nil {
		return Return{}, false, err
	}
	if err := r.protest(tx, m, s, f.items); err != nil {
		return Return{}, false, err
	}
	return r, true, r.opened(tx, m)
}

// known refuses what the wish names and nobody knows: photos, and the point.
func (r Return) known(tx *db.Tx, m ident.Merchant, items []Item) error {
	var sent []evidence
	for n, i := range items {
		sent = append(sent, evidence{fmt.Sprintf("items[%d].photos", n), i.Photos})
	}
	if err := knownPhotos(tx, m, sent...); err != nil {
		return err
	}
	return checkPoint(tx, m, r.Point, r.Route, r.Connection)
}

// check brings the wish to its one form, and takes its fingerprint.
func (w *Wanted) check() (string, error) {
	var faults fault.List
	text.Required(&faults, "key", w.Key, maxKey)
	text.Check(&faults, "stock_sku", w.StockSKU, maxName)
	if w.Settlement == "" {
		w.Settlement = fact.Refund
	}
	body, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return ident.Hash(string(body)), faults.Err()
}

// repeated is the return that was asked for under a key. The fault of the same
// key for another wish is return_key_conflict.
func repeated(tx *db.Tx, m ident.Merchant, key, fingerprint string) (Return, bool, error) {
	b, ok, err := db.One(tx, sqlFingerprint, scanBefore, m, key)
	if err != nil || !ok {
		return Return{}, false, err
	}
	if b.fingerprint != fingerprint {
		return Return{}, false, fault.New(fault.Conflict, "return_key_conflict", "key", "key", key)
	}
	r, err := Get(tx, m, b.id)
	return r, true, err
}

// draft is the return that was chosen.
func (s *situation) draft(tx *flow.Tx, w Wanted, f Offered) (Return, error) {
	i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Route == w.Route })
	if i < 0 {
		return Return{}, f.hidden(w.Route)
	}
	if !slices.Contains(f.Settlements, w.Settlement) {
		return Return{}, fault.New(fault.Invalid, "unknown_value", "settlement", "value", string(w.Settlement))
	}
	chosen := f.Options[i]
	r := Return{
		ID: ident.New[ident.Return](tx.Mint), Key: w.Key, Order: w.Order, Shopper: s.order.Shopper, Ground: f.Ground, Route: w.Route,
		Settlement: w.Settlement, State: Accepted, Late: f.Late, Legal: f.Legal, Units: f.Units, Value: f.Value, Fee: chosen.Price,
		Insured: chosen.Insured, Zone: s.where.Zone.String(), Connection: chosen.Connection, Point: w.Point, Transit: chosen.Most,
		AskedBy: tx.By(), Asked: tx.Now, StockSKU: w.StockSKU, DepositBy: chosen.DepositBy, Premium: money.Of(0, f.Value.Currency),
	}
	if err := r.buy(chosen, w.Cover); err != nil {
		return Return{}, err
	}
	if err := r.fetchedOn(chosen.Pickups, w.Pickup); err != nil {
		return Return{}, err
	}
	if r.Settlement == fact.Exchange {
		r.Stock, r.StockBy = StockAsked, s.where.After(tx.Now, s.conditions.StockDays)
	}
	return r, nil
}

// hidden is the fault of choosing a way that is not offered.
func (f Offered) hidden(r fact.Route) error {
	why := "not_offered"
	for _, h := range f.Hidden {
		if h.Route == r {
			why = h.Code
		}
	}
	return fault.New(fault.Conflict, "route_hidden", "route", "route", string(r), "why", why)
}

// doubt weighs what is known when the return is asked for.
func (r *Return) doubt(tx *flow.Tx, m ident.Merchant, s *situation, items []Item) error {
	signals, err := s.history(tx.Tx, m, *r, items)
	if err != nil {
		return err
	}
	signals.Value = r.Value.Minor
	for _, i := range items {
		signals.Photos += len(i.Photos)
		if signals.Reason == "" || i.Taxon.Defect() {
			signals.Reason = i.Taxon
		}
		if had := s.possession[i.Line]; had != 0 {
			signals.SinceInHand = max(time.Second, tx.Now.Sub(had))
		}
	}
	signals.BeforeLook = r.Route == fact.BackNotNeeded && r.Value.Minor >= 5000
	r.Doubts = Suspect(signals)
	return nil
}

// past is one item of an earlier return, of which little is read.
type past struct {
	Return
	line  ident.Line
	taxon Taxon
}

func scanPast(row db.Row) (p past, err error) {
	err = row.Scan(&p.ID, &p.Order, &p.State, &p.Deposited, &p.Received, &p.Asked, &p.line, &p.taxon)
	return p, err
}

const (
	year    = 365 * 24 * time.Hour
	quarter = 90 * 24 * time.Hour
)

// history is what the shopper's earlier returns say.
func (of *situation) history(tx *db.Tx, m ident.Merchant, r Return, items []Item) (s Signals, err error) {
	rows, err := db.All(tx, sqlHistory, scanPast, m, r.Shopper, tx.Now.Add(-year))
	if err != nil {
		return s, err
	}
	if s.SameArticles, err = of.same(tx, m, rows, items); err != nil {
		return s, err
	}
	var ids []ident.Return
	seen := map[ident.Return]bool{}
	for _, p := range rows {
		if p.ID == r.ID {
			continue
		}
		s.Missing += when(p.taxon == PartsMissing, 1)
		s.Faults += when(p.taxon.Defect() && p.taxon != PartsMissing, 1)
		if seen[p.ID] {
			continue
		}
		seen[p.ID] = true
		ids = append(ids, p.ID)
		s.Asked += when(p.Asked >= tx.Now.Add(-quarter) && p.State != Cancelled, 1)
		s.NothingCame += when(p.GivenUp(), 1)
	}
	decisions, err := decisionsOf(tx, m, ids)
	for _, d := range decisions {
		s.Refused += when(d.State == Final && d.Outcome == fact.Refused, 1)
	}
	return s, err
}

// same counts the earlier orders from which these very articles came back.
func (of *situation) same(tx *db.Tx, m ident.Merchant, rows []past, items []Item) (n int, err error) {
	back := map[ident.Order][]ident.Line{}
	for _, p := range rows {
		if p.Order != of.order.ID && p.State != Cancelled && p.State != Expired {
			back[p.Order] = append(back[p.Order], p.line)
		}
	}
	now := map[string]bool{}
	for _, i := range items {
		now[of.line(i.Line).SKU] = true
	}
	for id, returned := range back {
		lines, err := order.Lines(tx, m, id)
		if err != nil {
			return 0, err
		}
		if slices.ContainsFunc(lines, func(l order.Line) bool { return now[l.SKU] && slices.Contains(returned, l.ID) }) {
			n++
		}
	}
	return n, nil
}

// hold stops a return for a person, when there is enough doubt or the shop wants it so.
func (r *Return) hold(s situation, approve string) {
	switch {
	case Holds(r.Doubts):
		r.Why = "doubt"
	case approve != "":
		r.Why = approve
	default:
		return
	}
	r.State, r.LookBy = Held, s.where.After(s.now, s.conditions.LookDays)
	r.Next = r.next(s.now)
}

// opened tells of a fresh return, and takes it on when nobody need look.
func (r *Return) opened(tx *flow.Tx, m ident.Merchant) error {
	err := tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnRequested{
		Sendback: r.told(), Ground: r.Ground, Route: r.Route, Settlement: r.Settlement, Units: r.Units, Value: r.Value,
		DepositBy: r.DepositBy, Late: r.Late,
	})
	if err != nil {
		return err
	}
	if r.State == Held {
		return tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnHeld{Sendback: r.told(), Why: r.Why})
	}
	return r.accepted(tx, m, fact.ByNobody)
}

// accepted tells that a return may come back; where no label is needed, it is
// ready at once, under a code.
func (r *Return) accepted(tx *flow.Tx, m ident.Merchant, by fact.Party) error {
	occurrence := string(r.ID)
	if r.Why == readmitted {
		occurrence += "/again"
	}
	if err := tx.Emit(m, string(r.Order), occurrence, fact.ReturnAccepted{Sendback: r.told(), By: by}); err != nil {
		return err
	}
	if !r.underCode() {
		return r.save(tx, m, r.State)
	}
	if r.Code == "" {
		r.Code = newCode(tx)
	}
	if err := r.move(tx, m, readying); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), occurrence+"/code", fact.ReturnLabelled{Sendback: r.told()})
}

// underCode reports whether a return is ready under a code of ours at once. One
// that follows from a withdrawal waits for the shopper to choose a way.
func (r Return) underCode() bool {
	return r.Route == fact.BackToStore || r.Route == fact.BackOnTheirs && r.Withdrawal == ""
}

// readmitted is why a return was accepted again.
const readmitted = "readmitted"

// letters are those nobody mistakes for another, in a code read out at a counter.
const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// newCode makes a code of eight letters.
func newCode(tx *flow.Tx) string {
	var b [8]byte
	tx.Mint.Read(b[:])
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:])
}

// foldCode is a code as it was made, however it was typed.
func foldCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}
