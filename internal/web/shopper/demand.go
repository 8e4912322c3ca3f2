package shopper

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// demandRoutes are the page on which whoever waits in vain demands the delivery,
// and resolves the contract when that too is in vain (Code de la consommation,
// articles L216-6 and L216-7). Reading it needs the link, either act the hand of
// prove.go.
func (s *site) demandRoutes() []ui.Route {
	const path = "/p/{token}/demeure"
	return []ui.Route{
		{Method: http.MethodGet, Path: path, Access: ui.ByLink, Summary: "A formal notice to deliver what is late, and what follows from it", Serve: s.demand},
		{Method: http.MethodPost, Path: path, Access: ui.ByLink, Summary: "Send that notice, or resolve the contract for what never came, by one-time code", Serve: s.onDemand},
		{Method: http.MethodGet, Path: path + "/texte", Access: ui.ByLink, Summary: "The formal notice as it was sent, to keep", Stream: s.demandText},
	}
}

// demanding is an order that is late, what of it never came, and the notice sent.
type demanding struct {
	acting
	waited returns.Waited
	notice returns.Demand // its ID is empty when none was sent
	paid   returns.Return // under which it is paid back; its ID is empty until then
	owed   money.Amount   // by what was decided about it
}

func (s *site) demanding(r *http.Request) (d demanding, err error) {
	if d.acting, err = s.acting(r); err != nil {
		return d, err
	}
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if d.waited, err = returns.WaitedFor(tx, d.shop.ID, d.order.ID); err != nil {
			return err
		}
		var sent bool
		if d.notice, sent, err = returns.DemandOf(tx, d.shop.ID, d.order.ID); err != nil || !sent || d.notice.Return == "" {
			return err
		}
		if d.paid, err = returns.Get(tx, d.shop.ID, d.notice.Return); err != nil {
			return err
		}
		decided, err := returns.Decisions(tx, d.shop.ID, []ident.Return{d.paid.ID})
		d.owed = d.paid.Value
		for _, x := range decided[d.paid.ID] {
			d.owed = x.Amount
		}
		return err
	})
	return d, err
}

// demandPage is that page before it is HTML.
type demandPage struct {
	ui.Frame
	Back   string
	Wrong  []wrong
	Tone   ui.Tone
	Badge  string // empty: nothing was sent yet
	Texts  []string
	Lines  []string // what never came
	Facts  [][2]string
	Copy   string // path of the notice as it was sent; empty: none was
	Prove  string // leads to where the hand is given; empty: it is, or nothing can be done
	Form   string // of the one act there is; empty: there is none
	Act    string // of the two
	Button string
	Link   string // to the return under which the money comes back; empty: there is none
	Ask    string // path of the page to write to a person
}

func (d demanding) page() demandPage {
	p := demandPage{
		Frame: d.frame(d.T("demand.title", nil)), Back: d.back(), Ask: d.beside("ecrire"),
	}
	p.Look = backLook
	args := map[string]any{"Shop": d.brand.Shown, "Due": d.Due(max(d.waited.Due, 1)), "Until": d.Due(max(d.waited.Until, 1)), "Amount": d.waited.Total}
	for _, l := range d.lines {
		if units := d.waited.Lines[l.ID]; units > 0 {
			p.Lines = append(p.Lines, d.T("demand.line", map[string]any{"Units": units, "Name": l.Name}))
		}
	}
	if d.notice.ID != "" {
		args["Until"], p.Copy = d.Due(d.notice.Until), d.beside("demeure/texte")
		p.Facts = [][2]string{{d.T("demand.sent", nil), d.When(d.notice.Sent, fact.Minute)}, {d.T("demand.print", nil), d.notice.Hash}}
	}
	d.stand(&p, args)
	if p.Form != "" && !d.trusted {
		p.Prove = d.toProve("demeure")
	}
	return p
}

// stand says where the notice stands, and the one thing to do.
func (d demanding) stand(p *demandPage, args map[string]any) {
	switch n := d.notice; {
	case n.Resolved != 0:
		p.Tone, p.Badge, p.Lines = ui.Good, d.T("demand.resolved", nil), nil
		args["Amount"], args["Due"] = d.owed, d.Due(max(d.paid.RefundBy, 1))
		p.Texts = []string{d.T("demand.resolved_text", args), d.T("demand.if_it_comes", args)}
		p.Link = d.beside("retour/" + string(d.paid.ID))
	case len(d.waited.Lines) == 0:
		p.Texts = []string{d.T("demand.nothing", nil)}
	case n.ID == "" && d.waited.Due == 0:
		p.Texts, p.Lines = []string{d.T("demand.not_late", nil)}, nil
	case n.ID == "":
		p.Texts = []string{d.T("demand.why", args), d.T("demand.what", args), d.T("demand.then", args)}
		p.Form, p.Act, p.Button = d.beside("demeure"), actSummon, d.T("demand.send", nil)
	case n.Resolvable(d.Now):
		p.Tone, p.Badge = ui.Care, d.T("demand.over", nil)
		why := d.T("demand.over_text", args)
		if n.Declined != 0 {
			why = d.T("demand.declined_text", args)
		}
		p.Texts = []string{why, d.T("demand.choice", args)}
		p.Form, p.Act, p.Button = d.beside("demeure"), actResolve, d.T("demand.resolve", nil)
	default:
		p.Tone, p.Badge = ui.Calm, d.T("demand.running", nil)
		p.Texts = []string{d.T("demand.running_text", args)}
	}
}

// demandText sends the notice as a text to keep.
func (s *site) demandText(w http.ResponseWriter, r *http.Request) {
	d, err := s.demanding(r)
	if err == nil && d.notice.ID == "" {
		err = fault.New(fault.NotFound, "not_found", "demand")
	}
	if err != nil {
		refuse(w, err)
		return
	}
	sendText(w, d.notice.Statement)
}

func (s *site) demand(r *http.Request) (ui.Answer, error) {
	d, err := s.demanding(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: demandView(d.page())}, nil
}

// The two acts, as the form names them.
const (
	actSummon  = "summon"
	actResolve = "resolve"
)

// onDemand does one of both acts for whoever has the hand, and shows the page again.
func (s *site) onDemand(r *http.Request) (ui.Answer, error) {
	d, err := s.demanding(r)
	switch {
	case err != nil:
		return ui.Answer{}, err
	case !d.trusted:
		return ui.Answer{To: d.toProve("demeure")}, nil
	}
	act := d.summon
	if r.PostFormValue("act") == actResolve {
		act = d.resolve
	}
	err = s.flow.One(r.Context(), flow.ByShopper(d.order.Shopper), d.shop.ID, act)
	f := faultOf(err, fault.Conflict)
	if f == nil {
		return ui.Answer{To: d.beside("demeure")}, err
	}
	if d, err = s.demanding(r); err != nil {
		return ui.Answer{}, err
	}
	p := d.page()
	p.Wrong = []wrong{{"", lang.Fault(d.Locale, f)}}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: demandView(p)}, nil
}

func (d demanding) summon(tx *flow.Tx) error {
	_, _, err := returns.Summon(tx, d.shop.ID, d.order.ID)
	return err
}

func (d demanding) resolve(tx *flow.Tx) error {
	notice, sent, err := returns.DemandOf(tx.Tx, d.shop.ID, d.order.ID)
	if err != nil {
		return err
	}
	if !sent {
		return fault.New(fault.Conflict, "no_demand", "order")
	}
	_, err = notice.Resolve(tx, d.shop.ID)
	return err
}

// unarrived reports whether the promised day is over and something is still awaited.
func (d *lived) unarrived() bool {
	if d.delivery.State != fact.Broken || d.order.State != orders.Placed {
		return false
	}
	out := d.outgoing()
	return len(out) == 0 || slices.ContainsFunc(out, func(p orders.Parcel) bool { return !d.stories[p.ID].Clocks.InHand.Known() })
}

// demandStep leads to the notice: whoever waits in vain need not wait on.
func (d *lived) demandStep() step {
	return step{
		Texts:  []string{d.T("demand.step", map[string]any{"Shop": d.brand.Shown})},
		Button: d.T("demand.step_button", nil), Path: d.below("demeure"),
	}
}
