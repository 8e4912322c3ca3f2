package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// demandBox is a shopper's formal notice to deliver.
type demandBox struct {
	Order, Reference string // path of the order, where the box stands beside others
	Badge            string
	Tone             ui.Tone
	Texts            []string
	Decline          string // path of the form that says that nothing will be delivered; empty: none
	Return           string // path of the return under which it is paid back
}

// demandOf is the formal notice of an order; none where there is none.
func demandOf(tx *db.Tx, m ident.Merchant, rd ui.Reading, o order.Order, v visit) (boxes []demandBox, err error) {
	d, ok, err := returns.DemandOf(tx, m, o.ID)
	if err != nil || !ok {
		return nil, err
	}
	w, err := returns.WaitedFor(tx, m, o.ID)
	return []demandBox{demandRow(rd, d, w, v)}, err
}

func demandRow(rd ui.Reading, d returns.Demand, w returns.Waited, v visit) demandBox {
	args := map[string]any{"When": rd.When(d.Sent, fact.Minute), "Until": rd.Due(d.Until), "Amount": w.Total}
	b := demandBox{Order: orderPath(d.Order), Texts: []string{rd.T("demands.sent", args)}}
	switch {
	case d.Resolved != 0:
		b.Tone, b.Badge, b.Return = ui.Mute, rd.T("demands.resolved", nil), "/console/returns/"+string(d.Return)
		return b
	case len(w.Lines) == 0:
		b.Tone, b.Badge = ui.Good, rd.T("demands.met", nil)
		return b
	case d.Declined != 0:
		b.Tone, b.Badge = ui.Bad, rd.T("demands.declined", nil)
		b.Texts = append(b.Texts, rd.T("demands.may_resolve", args))
		return b
	case d.Resolvable(rd.Now):
		b.Tone, b.Badge = ui.Bad, rd.T("demands.over", nil)
		b.Texts = append(b.Texts, rd.T("demands.may_resolve", args))
	default:
		b.Tone, b.Badge = ui.Care, rd.T("demands.running", args)
		b.Texts = append(b.Texts, rd.T("demands.owed", args))
	}
	if v.may(merchant.ShipParcels) {
		b.Decline = b.Order + "/decline"
	}
	return b
}

// maxDemands is how many notices the queue shows.
const maxDemands = 25

// openDemands are those that still wait for something, the most urgent first.
func openDemands(tx *db.Tx, rd ui.Reading, v visit) (boxes []demandBox, err error) {
	all, err := returns.OpenDemands(tx, v.Merchant, returns.Demand{}, 4*maxDemands)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		w, err := returns.WaitedFor(tx, v.Merchant, d.Order)
		if err != nil {
			return nil, err
		}
		if len(w.Lines) == 0 || len(boxes) == maxDemands {
			continue
		}
		b := demandRow(rd, d, w, v)
		b.Reference = w.Order.Reference
		boxes = append(boxes, b)
	}
	return boxes, nil
}

// declineDelivery says that what a shopper demands will not be delivered.
func (c Config) declineDelivery(r *http.Request) (ui.Answer, error) {
	id := ident.Order(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		d, err := returns.TheDemandOf(tx.Tx, v.Merchant, id)
		if err != nil {
			return err
		}
		_, err = d.Decline(tx, v.Merchant)
		return err
	})
	if !refused(err) {
		return ui.Answer{To: orderPath(id) + "?done=decline"}, err
	}
	p, seen := c.orderPage(r)
	p.Wrong = lang.Fault(p.Locale, fault.All(err)[0])
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: orderView(p)}, seen
}
