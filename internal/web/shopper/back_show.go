package shopper

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// sendback is a return with all that its page tells.
type sendback struct {
	returning
	back      returns.Return
	items     []returns.Item
	labels    []returns.Label
	proof     returns.Proof // its ID is empty before the deposit was proved
	decisions []returns.Decision
	disputes  []returns.Dispute
	refunds   []payment.Refund
	claims    map[ident.Refund]payment.Claim
	days      []civil.Day     // to be fetched on, where nobody came
	ways      returns.Offered // of one that may still choose; empty: none
	point     relay.Point     // chosen to deposit at; its ID may be empty
}

// sendback reads the return that a request is about. The fault is not_found, for
// another order's too.
func (s *site) sendback(r *http.Request) (b sendback, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if b.returning, err = s.readReturning(tx, link, wanted(r)); err != nil {
			return err
		}
		return s.readSendback(tx, &b, ident.Return(r.PathValue("return")))
	})
	b.up = upFrom(r.URL.Path)
	b.trusted = err == nil && s.inHand(r, b.order.ID, b.wall)
	return b, err
}

func (s *site) readSendback(tx *db.Tx, b *sendback, id ident.Return) (err error) {
	i := slices.IndexFunc(b.sendbacks, func(r returns.Return) bool { return r.ID == id })
	if i < 0 {
		return fault.New(fault.NotFound, "not_found", "")
	}
	b.back = b.sendbacks[i]
	m := b.shop.ID
	f, err := returns.RecordOf(tx, m, id)
	if err != nil {
		return err
	}
	b.items, b.labels, b.proof, b.decisions, b.disputes = f.Items, f.Labels, f.Proof, f.Decisions, f.Disputes
	if b.refunds, b.claims, err = payment.OfReturn(tx, m, b.order.ID, id); err != nil {
		return err
	}
	if b.back.Point != "" {
		if b.point, err = relay.Get(tx, b.back.Point); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	if b.days, err = returns.PickupDays(tx, m, b.back); err != nil || !b.chooses() {
		return err
	}
	b.ways, err = s.back.office.Ways(tx, m, b.back)
	return err
}

// chooses reports whether a way back can still be chosen: after a withdrawal.
func (b *sendback) chooses() bool {
	return b.back.Withdrawal != "" && b.back.State == returns.Accepted && b.back.Route != fact.BackRecalled && len(b.labels) == 0
}

// here is the path of a page below the return's own; empty is that one.
func (b sendback) here(page string) string { return b.to("retour/" + string(b.back.ID) + page) }

// backPage is a return.
type backPage struct {
	ui.Frame
	Back     string
	Tone     ui.Tone
	Badge    string
	Sentence string
	Texts    []string
	Goods    string // heads what was asked for
	Said     []string
	Formats  []pick // in which the label may be made
	Ask      string // path of the form that has it made
	Labels   []labelRow
	QR       string // picture, as data
	Code     string // the text inside it
	CodeSays string
	Packing  []string
	Locator  string
	Point    string
	Proof    []pair
	Cancel   string // path of the form that takes the return back; empty: too late
	Ways     []wayRow
	Choose   string
	Days     []pick // to be fetched on, where nobody came; empty: none is to be chosen
	Fetch    string // path of the form
	Rulings  []ruling
	Disputes []disputed
	Contest  string // path of the form; empty: nothing to contest
	Until    string
	Money    []moneyRow
	Missed   string   // path of the form that says that the money has not come
	Prove    *proving // asked for before anything can be done; nil: nothing can, or it is proved
	Wrong    []wrong
	Words    string // typed into the form that contests
	Mail     string
	Write    string
	Refresh  bool // something is under way: worth looking again
}

// labelRow is a label, and where it is.
type labelRow struct {
	Words, Path, State string
}

// ruling is a decision in words.
type ruling struct {
	When, What string
	Lines      []string
	Reasons    []reasoned
}

// reasoned is a reason with what shows it.
type reasoned struct {
	Words  string
	Photos []string
}

// disputed is what was said on both sides.
type disputed struct {
	State string
	Said  []reasoned
}

// moneyRow is a refund, and the form that says that it has not come.
type moneyRow struct {
	Refund, Words string
	May           bool
}

// showBack shows a return.
func (s *site) showBack(r *http.Request) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: backShow(b.page())}, nil
}

func (b sendback) page() backPage {
	args := map[string]any{"Shop": b.brand.Shown}
	p := backPage{
		Frame: b.frame(b.T("back.page_title", nil)), Back: b.home(), Tone: backTone(b.back.State), Badge: b.backBadge(b.back),
		Sentence: b.state(), Texts: b.dates(), Goods: b.goods(), Said: b.contents(), Ask: b.here("/etiquette"), Choose: b.here("/voie"), Fetch: b.here("/enlevement"), Missed: b.here("/argent"),
		Mail: b.mailTo(b.T("order_page.order", map[string]any{"Reference": b.order.Reference})), Write: b.T("tracking_page.write", args),
	}
	if b.last().Outcome == fact.Refused {
		p.Tone = ui.Care
	}
	b.handling(&p)
	b.proved(&p)
	b.judged(&p)
	b.paid(&p)
	b.acts(&p)
	return p
}

// goods heads what a return is about: not all of it comes back.
func (b sendback) goods() string {
	if b.back.Route == fact.BackNotNeeded || b.back.Route == fact.BackRecalled {
		return b.T("back.concerned", nil)
	}
	return b.T("back.comes_back", nil)
}

// acts are what can be done about the return: by whoever reads the order's
// mailbox, and not by the link alone.
func (b sendback) acts(p *backPage) {
	if b.back.Cancellable() {
		p.Cancel = b.here("/annuler")
	}
	if b.chooses() {
		for _, o := range b.ways.Options {
			if o.Route != fact.BackNotNeeded {
				row := b.way(o, nil, backWish{})
				row.Chosen = o.Route == b.back.Route
				p.Ways = append(p.Ways, row)
			}
		}
	}
	p.Days = b.dayPicks(b.days, "")
	may := slices.ContainsFunc(p.Money, func(m moneyRow) bool { return m.May })
	if b.trusted || p.Cancel == "" && p.Contest == "" && len(p.Ways) == 0 && len(p.Days) == 0 && len(p.Formats) == 0 && !may {
		return
	}
	p.Prove = b.proving()
	p.Cancel, p.Contest, p.Ways, p.Days, p.Formats = "", "", nil, nil, nil
	for i := range p.Money {
		p.Money[i].May = false
	}
}

// state is where the return stands, in a sentence.
func (b sendback) state() string {
	r := b.back
	args := map[string]any{"Shop": b.brand.Shown, "Due": "", "When": ""}
	due := func(at civil.Instant) {
		if at != 0 {
			args["Due"] = b.Due(at)
		}
	}
	switch r.State {
	case returns.Held:
		due(r.LookBy)
		return b.T("back.state_held", args)
	case returns.Accepted:
		due(r.DepositBy)
		if r.Ground == fact.ByResolution {
			due(r.RefundBy)
			return b.T("back.state_resolved", args)
		}
		if r.Ground == fact.ByClaim {
			due(r.RefundBy)
			return b.T("back.state_claimed", args)
		}
		switch r.Route {
		case fact.BackNotNeeded:
			return b.T("back.state_keep", args)
		case fact.BackRecalled:
			due(r.RefundBy)
			return b.T("back.state_recalled", args)
		}
		return b.T("back.state_accepted", args)
	case returns.Ready:
		due(r.DepositBy)
		return b.T("back.state_ready", args)
	case returns.Deposited:
		due(r.ReceiveBy)
		args["When"] = b.When(r.Deposited, fact.Minute)
		return b.T("back.state_deposited", args)
	case returns.Received:
		due(r.RefundBy)
		args["When"] = b.When(r.Received, fact.Minute)
		return b.T("back.state_received", args)
	case returns.Cancelled:
		return b.T("back.state_cancelled", args)
	case returns.Expired:
		due(r.DepositBy)
		return b.T("back.state_expired", args)
	case returns.Lost:
		due(r.RefundBy)
		return b.T("back.state_lost", args)
	default:
		return b.outcome()
	}
}

// outcome is what was decided, and where the money is.
func (b sendback) outcome() string {
	args := map[string]any{"Shop": b.brand.Shown, "Due": "", "Amount": b.owed()}
	last := b.last()
	if last.RefundBy != 0 {
		args["Due"] = b.Due(last.RefundBy)
	}
	sent := slices.ContainsFunc(b.refunds, func(r payment.Refund) bool { return r.State == payment.Done })
	switch {
	case last.Outcome == fact.Refused:
		return b.T("back.state_refused", args)
	case last.Settlement == fact.Exchange:
		return b.T("back.state_exchanged", args)
	case sent:
		return b.T("back.state_paid", args)
	case last.RefundBy == 0:
		return b.T("back.state_decided", args)
	default:
		return b.T("back.state_owed", args)
	}
}

// owed is what all final decisions give together.
func (b sendback) owed() money.Amount {
	sum := money.Of(0, b.back.Value.Currency)
	for _, d := range b.decisions {
		if d.State == returns.Final {
			sum.Minor += d.Amount.Minor
		}
	}
	return sum
}

// last is the last final decision.
func (b sendback) last() (last returns.Decision) {
	for _, d := range b.decisions {
		if d.State == returns.Final {
			last = d
		}
	}
	return last
}

// dates are what else is said of the state: what comes next, and until when.
func (b sendback) dates() (all []string) {
	r := b.back
	args := map[string]any{"Shop": b.brand.Shown, "Due": ""}
	if r.State == returns.Deposited && r.RefundBy != 0 {
		args["Due"] = b.Due(r.RefundBy)
		all = append(all, b.T("back.refund_owed", args))
	}
	if r.Withdrawal != "" && (r.State == returns.Accepted || r.State == returns.Ready) {
		all = append(all, b.T("back.after_withdrawal", args))
	}
	if text := b.fetching(); text != "" {
		all = append(all, text)
	}
	if r.Stock == returns.StockAsked {
		args["Due"] = b.Due(r.StockBy)
		all = append(all, b.T("back.stock_asked", args))
	}
	if r.Settlement == fact.Exchange && (r.Stock == returns.OutOfStock || r.Stock == returns.StockQuiet) {
		all = append(all, b.T("back.stock_none", args))
	}
	if r.Fee.Minor > 0 {
		all = append(all, b.T("back.fee", map[string]any{"Amount": r.Fee}))
	}
	if r.Premium.Minor > 0 && !r.GivenUp() {
		all = append(all, b.T("back.premium", map[string]any{"Cover": r.Insured, "Amount": r.Premium}))
	}
	return all
}

// fetching is when the parcel is fetched at the door, or that nobody came.
func (b sendback) fetching() string {
	_, _, set := b.back.Fetched()
	switch waits := b.back.State == returns.Accepted || b.back.State == returns.Ready; {
	case b.back.Unfetched() && set:
		return b.T("back.pickup_missed", map[string]any{"Day": b.Day(b.back.Pickup)})
	case b.back.Unfetched():
		return b.T("back.pickup_late", nil)
	case set && waits:
		return b.T("back.pickup_on", map[string]any{"Day": b.Day(b.back.Pickup)})
	}
	return ""
}

// contents is what comes back, and why.
func (b sendback) contents() (all []string) {
	for _, l := range b.lines {
		for _, i := range b.items {
			if i.Line != l.ID {
				continue
			}
			reason := b.taxon(i.Taxon)
			for _, known := range b.can.Reasons {
				if known.Code == i.Reason {
					reason = b.reason(known)
				}
			}
			all = append(all, b.T("back.said", map[string]any{"Units": i.Units, "Name": l.Name, "Reason": reason}))
		}
	}
	return all
}

// act runs a verb in the name of whoever holds the link, and leads back to the
// return. A return that moved on meanwhile says so on its own page.
func (s *site) act(r *http.Request, verb func(*flow.Tx, sendback) error) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if !b.trusted {
		return s.linkAlone(b), nil
	}
	err = s.flow.One(r.Context(), flow.ByShopper(b.order.Shopper), b.shop.ID, func(tx *flow.Tx) error { return verb(tx, b) })
	return s.done(r, b, err)
}

// done leads back to the return, or shows it with what is wrong.
func (s *site) done(r *http.Request, b sendback, err error) (ui.Answer, error) {
	all := fault.All(err)
	if len(all) == 0 || all[0].Kind == fault.NotFound {
		return ui.Answer{To: b.here("")}, err
	}
	up := b.up
	if b, err = s.sendback(r); err != nil {
		return ui.Answer{}, err
	}
	b.up = up
	p := b.page()
	for _, f := range all {
		p.Wrong = append(p.Wrong, wrong{f.Field, b.sentence(f)})
	}
	p.Words = typed(r, "words", maxComment)
	status := http.StatusUnprocessableEntity
	if all[0].Kind == fault.TooMany {
		status = http.StatusTooManyRequests
	}
	return ui.Answer{Status: status, Page: backShow(p)}, nil
}
