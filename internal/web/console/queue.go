package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const amendPromises = string(merchant.AmendPromises)

func queueRoutes(c Config) []ui.Route {
	act := func(path, needs, summary string, do func(*http.Request, *flow.Tx, visit, ident.Commitment) error) ui.Route {
		return ui.Route{
			Method: http.MethodPost, Path: "/console/queue/{id}/" + path, Access: ui.BySession, Needs: needs, Summary: summary,
			Serve: c.queued(path, do),
		}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/queue", Access: ui.BySession, Needs: amendPromises, Summary: "What is about to go wrong, and what mends it", Serve: c.queue},
		act("tell", amendPromises, "Tell the shopper when it will really come", c.tellNewDate),
		act("ask", shipParcels, "Ask the carrier where the parcel is", c.askCarrier),
		act("reship", shipParcels, "Send again what will not come", c.reship),
		act("repair", amendPromises, "Credit the delivery now, whatever the policy says", c.repairNow),
	}
}

// maxQueue is how many promises the queue shows.
const maxQueue = 25

// queuePage is the queue before it is HTML.
type queuePage struct {
	ui.Frame
	Done, Wrong string
	Demands     []demandBox
	Rows        []danger
}

// danger is a promise that somebody can still mend.
type danger struct {
	Path, Reference, Who string // of the order
	Badge                string
	Tone                 ui.Tone
	Due, Left            string // the promise, and the time there is
	Why                  []string
	Value                string
	Told                 string
	Asked                string // what became of the question to the carrier
	Said                 string // the date that was announced instead
	NewDate              string // of the button; empty: nothing allows a date
	CanAsk, CanShip      bool
	CanRepair            string // the button's words; empty: nothing to repair
	ID                   string
}

// endangered is what a row is made of.
type endangered struct {
	owed      promise.Commitment
	order     order.Order
	warnings  []promise.Warning
	parcel    order.Parcel // the latest that has not arrived; its ID is empty when nothing was sent
	story     tracking.Story
	line      carrier.Connection
	inquiries []carrier.Inquiry
	remedy    remedy.Remedy
	expected  promise.Expected
	dated     bool
	said      announced
}

// announced is a later date that the shopper was told, the last one; the zero
// value is none.
type announced struct{ at, by civil.Instant }

// announcedOf reads which later date of a promise was told last.
func announcedOf(tx *db.Tx, m ident.Merchant, owed promise.Commitment) (said announced, err error) {
	facts, err := flow.Timeline(tx, m, string(owed.Order))
	for _, f := range facts {
		if b, is := f.Body.(fact.PromiseReestimated); is && b.Commitment == owed.ID {
			said = announced{f.At, b.By}
		}
	}
	return said, err
}

// urgency orders the queue: what is worth most and has least time comes first.
// Value at stake by the hours left; what is overdue has no hour left.
func (e endangered) urgency(now civil.Instant) float64 {
	left := max(e.owed.Until.Sub(now), time.Hour)
	return float64(e.order.Value.Minor) / left.Hours()
}

// actsDone is what is said after each action.
var actsDone = map[string]string{
	"tell": "queue.done_tell", "ask": "queue.done_ask", "reship": "queue.done_reship", "repair": "queue.done_repair",
}

func (c Config) queue(r *http.Request) (a ui.Answer, err error) {
	p, err := c.queuePage(r)
	if key, known := actsDone[r.URL.Query().Get("done")]; known {
		p.Done = lang.T(p.Locale, key, nil)
	}
	return ui.Answer{Page: queueView(p)}, err
}

func (c Config) queuePage(r *http.Request) (queuePage, error) {
	p := queuePage{Frame: frame(r, lang.T(ui.Reader(r), "queue.title", nil))}
	err := c.see(r, func(tx *db.Tx, v visit) error {
		rows, err := c.readQueue(tx, v.Merchant)
		rd := reading(r, tx.Now)
		if err == nil {
			p.Demands, err = openDemands(tx, rd, v)
		}
		for _, e := range rows {
			p.Rows = append(p.Rows, e.row(rd, v))
		}
		return err
	})
	return p, err
}

// readQueue reads what is in danger, the most urgent first.
func (c Config) readQueue(tx *db.Tx, m ident.Merchant) ([]endangered, error) {
	owed, err := promise.InDanger(tx, m, 4*maxQueue)
	if err != nil {
		return nil, err
	}
	var orders []ident.Order
	var ids []ident.Commitment
	for _, o := range owed {
		orders, ids = append(orders, o.Order), append(ids, o.ID)
	}
	placed, err := order.Many(tx, m, orders)
	if err != nil {
		return nil, err
	}
	warnings, err := promise.Warnings(tx, m, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]endangered, len(owed))
	for i, o := range owed {
		rows[i] = endangered{owed: o, order: placed[o.Order], warnings: promise.Standing(warnings[o.ID])}
	}
	slices.SortStableFunc(rows, func(a, b endangered) int { return cmp.Compare(b.urgency(tx.Now), a.urgency(tx.Now)) })
	rows = rows[:min(len(rows), maxQueue)]
	return rows, c.complete(tx, m, rows)
}

// complete reads what the actions hang on.
func (c Config) complete(tx *db.Tx, m ident.Merchant, rows []endangered) error {
	var orders []ident.Order
	for _, e := range rows {
		orders = append(orders, e.owed.Order)
	}
	parcels, err := order.Parcels(tx, m, orders)
	if err != nil {
		return err
	}
	remedies, err := remedy.OfOrders(tx, m, orders)
	if err != nil {
		return err
	}
	for i := range rows {
		e := &rows[i]
		if err := e.follow(tx, m, parcels[e.owed.Order]); err != nil {
			return err
		}
		for _, r := range remedies[e.owed.Order] {
			if r.Commitment == e.owed.ID {
				e.remedy = r
			}
		}
		if e.inquiries, err = carrier.Inquiries(tx, m, e.owed.Order); err != nil {
			return err
		}
		if e.expected, e.dated, err = c.Curves.Expect(tx, m, e.owed); err != nil {
			return err
		}
		if e.said, err = announcedOf(tx, m, e.owed); err != nil {
			return err
		}
	}
	return nil
}

// follow finds the parcel that the trouble is about.
func (e *endangered) follow(tx *db.Tx, m ident.Merchant, parcels []order.Parcel) error {
	ids := make([]ident.Parcel, len(parcels))
	for i, p := range parcels {
		ids[i] = p.ID
	}
	stories, err := tracking.Stories(tx, m, ids)
	if err != nil {
		return err
	}
	for _, p := range parcels {
		if p.Direction == fact.Out && !stories[p.ID].Clocks.InHand.Known() {
			e.parcel, e.story = p, stories[p.ID]
		}
	}
	if e.parcel.ID == "" {
		return nil
	}
	e.line, err = carrier.Get(tx, m, e.parcel.Connection)
	return err
}

func (e endangered) row(rd ui.Reading, v visit) danger {
	d := danger{
		ID: string(e.owed.ID), Path: orderPath(e.order.ID), Reference: e.order.Reference, Who: e.order.Ship.City,
		Due: rd.T("queue.promised", map[string]any{"Due": rd.Due(e.owed.Until)}), Value: lang.Amount(rd.Locale, e.order.Value),
	}
	if e.owed.State == fact.Broken {
		d.Badge, d.Tone = rd.T("queue.broken", nil), ui.Bad
		d.Left = rd.T("queue.late", map[string]any{"Late": rd.Long(rd.Now.Sub(e.owed.Until))})
	} else {
		d.Badge, d.Tone = rd.T("queue.at_risk", nil), ui.Care
		d.Left = rd.T("queue.left", map[string]any{"Left": rd.Long(e.owed.Until.Sub(rd.Now))})
	}
	for _, w := range e.warnings {
		d.Why = append(d.Why, rd.T("queue.why", map[string]any{"Cause": causeWords(rd, w.Cause), "Share": lang.Percent(rd.Locale, w.Probability)}))
	}
	if e.parcel.ID != "" && e.story.Status != "" {
		d.Why = append(d.Why, rd.T("queue.parcel", map[string]any{"Number": e.parcel.Number, "Status": rd.Status(e.story.Status)}))
	}
	d.Told = rd.T("queue.not_told", nil)
	if e.owed.Told() {
		d.Told = rd.T("queue.told", map[string]any{"When": rd.When(e.owed.ToldAt, fact.Minute)})
	}
	if e.said.at != 0 {
		d.Said = rd.T("queue.said", map[string]any{"When": rd.When(e.said.at, fact.Minute), "Due": rd.Due(e.said.by)})
	}
	d.Asked = e.asked(rd)
	d.offer(rd, v, e)
	return d
}

// offer is what may be done, by this reader: never a button that does nothing.
func (d *danger) offer(rd ui.Reading, v visit, e endangered) {
	if e.dated && e.expected.By != e.said.by && v.may(merchant.AmendPromises) {
		d.NewDate = rd.T("queue.tell", map[string]any{"Day": rd.Day(e.expected.Day)})
	}
	ships := v.may(merchant.ShipParcels)
	waiting := slices.ContainsFunc(e.inquiries, func(q carrier.Inquiry) bool {
		return q.Parcel == e.parcel.ID && (q.State == carrier.Asked || q.State == carrier.Taken)
	})
	d.CanAsk = ships && e.parcel.ID != "" && e.line.Inquiries != "" && !waiting
	d.CanShip = ships && e.parcel.ID != ""
	if e.remedy.ID != "" && e.remedy.State != remedy.Granted && e.order.Delivery.Minor > 0 && v.may(merchant.AmendPromises) {
		d.CanRepair = rd.T("queue.repair", map[string]any{"Amount": e.order.Delivery})
	}
}

// asked is what became of the last question to the carrier.
func (e endangered) asked(rd ui.Reading) string {
	if len(e.inquiries) == 0 {
		return ""
	}
	q := e.inquiries[len(e.inquiries)-1]
	args := map[string]any{"When": rd.When(q.Changed, fact.Minute), "Carrier": e.line.Name, "Answer": q.Answer}
	switch q.State {
	case carrier.Answered:
		return rd.T("queue.answered", args)
	case carrier.Failed:
		return rd.T("queue.unreached", args)
	default:
		return rd.T("queue.asked", args)
	}
}

// queued runs an action on a promise, and shows the queue again.
func (c Config) queued(name string, do func(*http.Request, *flow.Tx, visit, ident.Commitment) error) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (ui.Answer, error) {
		id := ident.Commitment(r.PathValue("id"))
		err := c.act(r, func(tx *flow.Tx, v visit) error { return do(r, tx, v, id) })
		if !refused(err) {
			return ui.Answer{To: "/console/queue?done=" + name}, err
		}
		p, seen := c.queuePage(r)
		p.Wrong = lang.Fault(p.Locale, fault.All(err)[0])
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: queueView(p)}, seen
	}
}

// tellNewDate has the shopper told when it will come. Two who say the same date
// say it once.
func (c Config) tellNewDate(_ *http.Request, tx *flow.Tx, v visit, id ident.Commitment) error {
	owed, err := promise.Get(tx.Tx, v.Merchant, id)
	if err != nil {
		return err
	}
	said, err := announcedOf(tx.Tx, v.Merchant, owed)
	if err != nil {
		return err
	}
	expected, dated, err := c.Curves.Expect(tx.Tx, v.Merchant, owed)
	if err != nil || dated && expected.By == said.by {
		return err
	}
	_, err = c.Curves.Reestimate(tx, v.Merchant, id)
	return err
}

func (c Config) repairNow(_ *http.Request, tx *flow.Tx, v visit, id ident.Commitment) error {
	_, err := c.Policies.Repair(tx, v.Merchant, id)
	return err
}

// troubled reads the promise of an action, and the parcel it is about.
func troubled(tx *db.Tx, m ident.Merchant, id ident.Commitment) (e endangered, err error) {
	if e.owed, err = promise.Get(tx, m, id); err != nil {
		return e, err
	}
	of, err := order.Parcels(tx, m, []ident.Order{e.owed.Order})
	if err != nil {
		return e, err
	}
	if err := e.follow(tx, m, of[e.owed.Order]); err != nil {
		return e, err
	}
	if e.parcel.ID == "" {
		return e, fault.New(fault.Conflict, "nothing_sent", "parcel")
	}
	return e, nil
}

func (c Config) askCarrier(_ *http.Request, tx *flow.Tx, v visit, id ident.Commitment) error {
	e, err := troubled(tx.Tx, v.Merchant, id)
	if err != nil {
		return err
	}
	_, _, err = carrier.Inquire(tx, v.Merchant, carrier.Inquiry{
		Connection: e.parcel.Connection, Parcel: e.parcel.ID, Order: e.owed.Order, Number: e.parcel.Number,
	})
	return err
}

// reship gives up the parcel that does not come, on the shop's word, and
// announces the one that is sent instead.
func (c Config) reship(r *http.Request, tx *flow.Tx, v visit, id ident.Commitment) error {
	number := carrier.FoldNumber(strings.TrimSpace(r.PostFormValue("number")))
	if number == "" {
		return fault.New(fault.Invalid, "field_required", "number")
	}
	e, err := troubled(tx.Tx, v.Merchant, id)
	if err != nil {
		return err
	}
	if number == carrier.FoldNumber(e.parcel.Number) {
		return fault.New(fault.Conflict, "parcel_number_conflict", "number", "number", number)
	}
	if !e.story.Clocks.Closed.Known() {
		body := fmt.Appendf(nil, "given up by %s for %s", v.Staff.ID, number)
		_, err := tracking.Receive(tx, v.Merchant, []tracking.Delivery{{
			Payload: tracking.Payload{Connection: e.parcel.Connection, ContentType: "text/plain", Body: body, Trust: fact.TrustSigned},
			Reports: []carrier.Report{{
				Number: e.parcel.Number, Code: "given_up", Status: fact.Lost, Source: fact.FromMerchant, At: tx.Now, Precision: fact.Exact,
			}},
		}})
		if err != nil {
			return err
		}
	}
	_, _, err = order.Announce(tx, v.Merchant, order.NewParcel{
		Order: e.owed.Order, Connection: e.parcel.Connection, Service: e.parcel.Service, Number: number,
	})
	return err
}
