package shopper

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
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
	return b, err
}

func (s *site) readSendback(tx *db.Tx, b *sendback, id ident.Return) (err error) {
	i := slices.IndexFunc(b.sendbacks, func(r returns.Return) bool { return r.ID == id })
	if i < 0 {
		return fault.New(fault.NotFound, "not_found", "")
	}
	b.back = b.sendbacks[i]
	m, ids := b.shop.ID, []ident.Return{id}
	items, err := returns.Items(tx, m, ids)
	if err != nil {
		return err
	}
	labels, err := returns.Labels(tx, m, ids)
	if err != nil {
		return err
	}
	proofs, err := returns.Proofs(tx, m, ids)
	if err != nil {
		return err
	}
	decisions, err := returns.Decisions(tx, m, ids)
	if err != nil {
		return err
	}
	disputes, err := returns.Disputes(tx, m, ids)
	if err != nil {
		return err
	}
	b.items, b.labels, b.proof, b.decisions, b.disputes = items[id], labels[id], proofs[id], decisions[id], disputes[id]
	if err := b.readMoney(tx); err != nil {
		return err
	}
	if b.back.Point != "" {
		if b.point, err = relay.Get(tx, b.back.Point); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	if b.chooses() {
		b.ways, err = s.back.office.Ways(tx, m, b.back)
	} else {
		err = nil
	}
	return err
}

// chooses reports whether a way back can still be chosen: after a withdrawal.
func (b *sendback) chooses() bool {
	return b.back.Withdrawal != "" && b.back.State == returns.Accepted && len(b.labels) == 0
}

func (b *sendback) readMoney(tx *db.Tx) error {
	of, err := payment.OfOrders(tx, b.shop.ID, []ident.Order{b.order.ID})
	if err != nil {
		return err
	}
	b.claims = map[ident.Refund]payment.Claim{}
	for _, refund := range of[b.order.ID] {
		if refund.Return != b.back.ID {
			continue
		}
		b.refunds = append(b.refunds, refund)
		c, ok, err := payment.ClaimOf(tx, b.shop.ID, refund.ID)
		if err != nil {
			return err
		}
		if ok {
			b.claims[refund.ID] = c
		}
	}
	return nil
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
	Rulings  []ruling
	Disputes []disputed
	Contest  string // path of the form; empty: nothing to contest
	Until    string
	Money    []moneyRow
	Missed   string // path of the form that says that the money has not come
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
		Sentence: b.state(), Texts: b.dates(), Said: b.contents(), Ask: b.here("/etiquette"), Choose: b.here("/voie"), Missed: b.here("/argent"),
		Mail: b.mailTo(b.T("order_page.order", map[string]any{"Reference": b.order.Reference})), Write: b.T("tracking_page.write", args),
	}
	b.handling(&p)
	b.proved(&p)
	b.judged(&p)
	b.paid(&p)
	if b.back.State == returns.Held || b.back.State == returns.Accepted || b.back.State == returns.Ready {
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
	return p
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
		if r.Route == fact.BackNotNeeded {
			return b.T("back.state_keep", args)
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
	return all
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

// labelledRoutes are those for which a carrier makes a label.
var labelledRoutes = []fact.Route{fact.BackByRelay, fact.BackByPost, fact.BackByPickup}

// handling is how the parcel is made ready: label, code, packing, where to.
func (b sendback) handling(p *backPage) {
	r := b.back
	if r.State != returns.Accepted && r.State != returns.Ready || r.Route == fact.BackNotNeeded {
		return
	}
	if b.locator != "" && r.Route != fact.BackByPickup {
		p.Locator = b.locator
	}
	if b.point.ID != "" {
		p.Point = b.point.Name + ", " + b.point.Address()
	}
	p.Packing = b.packing()
	b.labelling(p)
	if r.Code != "" {
		p.show(r.Code, b.T("back.code_store", nil))
	}
}

func (b sendback) labelling(p *backPage) {
	if !slices.Contains(labelledRoutes, b.back.Route) {
		return
	}
	there := map[carrier.LabelFormat]bool{}
	for _, l := range b.labels {
		if l.State == returns.LabelVoid {
			continue
		}
		there[l.Format] = true
		b.labelled(p, l)
	}
	for _, f := range []carrier.LabelFormat{carrier.QR, carrier.PDFA4, carrier.PDF10x15} {
		if !there[f] {
			p.Formats = append(p.Formats, pick{Value: string(f), Words: b.format(f)})
		}
	}
}

func (b sendback) labelled(p *backPage, l returns.Label) {
	row := labelRow{Words: b.format(l.Format)}
	switch l.State {
	case returns.LabelAsked:
		row.State, p.Refresh = b.T("back.label_asked", nil), true
	case returns.LabelFailed:
		row.State = b.T("back.label_failed", map[string]any{"Text": l.Refusal})
	default:
		row.State = b.T("back.label_number", map[string]any{"Number": l.Number})
		if l.Until != 0 {
			row.State = b.T("back.label_until", map[string]any{"Number": l.Number, "Due": b.Due(l.Until)})
		}
		if l.Document != "" {
			row.Path = b.here("/etiquette/" + string(l.ID))
		}
		if l.Code != "" {
			p.show(l.Code, b.T("back.code_counter", nil))
		}
	}
	p.Labels = append(p.Labels, row)
}

func (b sendback) format(f carrier.LabelFormat) string {
	return b.worded(map[string]string{
		string(carrier.QR): "back.format_qr", string(carrier.PDFA4): "back.format_a4", string(carrier.PDF10x15): "back.format_10x15",
	}, string(f), "")
}

// show puts a code on the page, as a picture and as text. One that no picture can
// hold stays text.
func (p *backPage) show(code, says string) {
	p.Code, p.CodeSays = code, says
	if svg, err := label.QRSVG(code); err == nil {
		p.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
	}
}

// proved is the proof of the deposit.
func (b sendback) proved(p *backPage) {
	if b.proof.ID == "" {
		return
	}
	add := func(what, value string) {
		if value != "" {
			p.Proof = append(p.Proof, pair{what, value})
		}
	}
	add(b.T("back.proof_number", nil), b.proof.Number)
	add(b.T("back.proof_when", nil), b.When(b.proof.At, fact.Minute))
	add(b.T("back.proof_where", nil), b.proof.Place)
	add(b.T("back.proof_hash", nil), b.proof.Hash[:min(16, len(b.proof.Hash))])
}

// judged is what was decided, and what was said against it.
func (b sendback) judged(p *backPage) {
	names := map[ident.Line]orders.Line{}
	for _, l := range b.lines {
		names[l.ID] = l
	}
	for _, d := range b.decisions {
		if d.State != returns.Final {
			continue
		}
		p.Rulings = append(p.Rulings, b.ruling(d, names))
	}
	for _, d := range b.disputes {
		p.Disputes = append(p.Disputes, b.disputed(d))
	}
	open := slices.ContainsFunc(b.disputes, func(d returns.Dispute) bool {
		return d.State == returns.DisputeOpen || d.State == returns.DisputeAsked
	})
	if b.back.State == returns.Decided && (open || b.Now < b.back.ContestBy) {
		p.Contest = b.here("/contester")
		p.Until = b.T("back.contest_until", map[string]any{"Due": b.Due(b.back.ContestBy)})
		if open {
			p.Until = b.T("back.contest_more", nil)
		}
	}
}

func (b sendback) ruling(d returns.Decision, names map[ident.Line]orders.Line) ruling {
	args := map[string]any{"Amount": d.Amount, "Shop": b.brand.Shown}
	out := ruling{When: b.When(max(d.FinalAt, d.At), fact.Minute)}
	switch d.Outcome {
	case fact.InFull:
		out.What = b.T("back.decided_full", args)
	case fact.InPart:
		out.What = b.T("back.decided_part", args)
	default:
		out.What = b.T("back.decided_refused", args)
	}
	for _, l := range d.Lines {
		row := map[string]any{"Units": l.Units, "Name": names[l.Line].Name, "Amount": l.Amount}
		if names[l.Line].Kind == orders.Goods {
			out.Lines = append(out.Lines, b.T("back.decided_line", row))
		} else {
			out.Lines = append(out.Lines, b.T("back.decided_delivery", row))
		}
	}
	for _, why := range d.Reasons {
		words := b.ruled(why.Code)
		if name := names[why.Line].Name; name != "" {
			words = name + " : " + words
		}
		if why.Note != "" {
			words += " " + why.Note
		}
		out.Reasons = append(out.Reasons, reasoned{words, b.photos(why.Photos)})
	}
	return out
}

func (b sendback) photos(ids []ident.Blob) (paths []string) {
	for _, id := range ids {
		paths = append(paths, b.here("/photo/"+string(id)))
	}
	return paths
}

func (b sendback) disputed(d returns.Dispute) disputed {
	out := disputed{}
	switch d.State {
	case returns.DisputeOpen:
		out.State = b.T("back.dispute_open", map[string]any{"Shop": b.brand.Shown, "Due": b.Due(d.AnswerBy)})
	case returns.DisputeAsked:
		out.State = b.T("back.dispute_asked", map[string]any{"Shop": b.brand.Shown, "Due": b.Due(d.AnswerBy)})
	case returns.Upheld:
		out.State = b.T("back.dispute_upheld", nil)
	default:
		out.State = b.T("back.dispute_rejected", map[string]any{"Shop": b.brand.Shown, "Mediator": b.conditions.Mediator})
	}
	for _, said := range d.Said {
		who := b.T("back.said_you", map[string]any{"When": b.When(said.At, fact.Minute), "Words": said.Words})
		if said.By != fact.ByShopper {
			who = b.T("back.said_shop", map[string]any{"Shop": b.brand.Shown, "When": b.When(said.At, fact.Minute), "Words": said.Words})
		}
		out.Said = append(out.Said, reasoned{who, b.photos(said.Photos)})
	}
	return out
}

// paid is the money: ordered, sent, and until when banks have booked it.
func (b sendback) paid(p *backPage) {
	for _, r := range b.refunds {
		if r.Credit.Minor > 0 {
			p.Money = append(p.Money, moneyRow{Words: b.T("back.money_credit", map[string]any{"Amount": r.Credit, "Shop": b.brand.Shown})})
		}
		if r.Money.Minor == 0 {
			continue
		}
		row := moneyRow{Refund: string(r.ID)}
		claim, claimed := b.claims[r.ID]
		switch {
		case claimed && claim.Answered == 0:
			row.Words = b.T("back.money_claimed", map[string]any{"Amount": r.Money, "Due": b.Due(claim.AnswerBy), "Shop": b.brand.Shown})
		case r.State == payment.Done:
			row.Words = b.T("back.money_sent", map[string]any{
				"Amount": r.Money, "When": b.When(r.Done, fact.ADay), "Day": b.Day(r.ArrivesBy),
			})
			row.May = !claimed && b.Now >= r.ArrivesBy.End(b.Zone)
		case r.Due != 0:
			row.Words = b.T("back.money_due", map[string]any{"Amount": r.Money, "Due": b.Due(r.Due)})
		default:
			row.Words = b.T("back.money_ordered", map[string]any{"Amount": r.Money})
		}
		p.Money = append(p.Money, row)
	}
}

// heavy and far are from when on a parcel needs more than a plain box.
const (
	heavy = 10_000 // grams
	huge  = 1_000  // millimetres of the longest side
)

// packing is what to do before the box is closed, from what goes into it.
func (b sendback) packing() (all []string) {
	var goods []string
	grams, longest, fragile := 0, 0, false
	for _, l := range b.lines {
		for _, i := range b.items {
			if i.Line != l.ID {
				continue
			}
			goods = append(goods, b.T("order_page.article", map[string]any{"Units": i.Units, "Name": l.Name}))
			grams += l.Grams * i.Units
			longest = max(longest, l.Traits.Length, l.Traits.Width, l.Traits.Height)
			fragile = fragile || slices.Contains(l.Traits.Handling, "fragile")
		}
	}
	all = append(all,
		b.T("back.pack_goods", map[string]any{"Articles": strings.Join(goods, ", ")}),
		b.T("back.pack_parts", nil), b.T("back.pack_box", nil))
	if longest > 0 {
		all = append(all, b.T("back.pack_size", map[string]any{"Size": lang.Decimal(b.Locale, float64(longest)/10+4, 0)}))
	}
	if fragile {
		all = append(all, b.T("back.pack_fragile", nil))
	}
	if grams >= heavy {
		all = append(all, b.T("back.pack_heavy", map[string]any{"Weight": b.kilos(grams)}))
	}
	if longest >= huge {
		all = append(all, b.T("back.pack_long", nil))
	}
	return append(all, b.T("back.pack_close", nil))
}

// act runs a verb in the name of whoever holds the link, and leads back to the
// return. A return that moved on meanwhile says so on its own page.
func (s *site) act(r *http.Request, verb func(*flow.Tx, sendback) error) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	err = s.flow.One(r.Context(), by, b.shop.ID, func(tx *flow.Tx) error { return verb(tx, b) })
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
