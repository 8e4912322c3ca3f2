package shopper

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// withdrawalRoutes are the two steps by which a consumer withdraws from a contract
// (Code de la consommation, articles L221-21 and D221-5): behind the order's link,
// and for whoever has but the order's reference.
func (s *site) withdrawalRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	of := func(path string) string { return "/p/{token}/retractation" + path }
	return []ui.Route{
		{Method: get, Path: of(""), Access: ui.ByLink, Summary: "The statement by which a consumer withdraws from the order", Serve: s.renounceForm},
		{Method: post, Path: of(""), Access: ui.ByLink, Summary: "Withdraw from the order, or from part of it", Serve: s.renounce},
		{Method: get, Path: of("/{withdrawal}"), Access: ui.ByLink, Summary: "The acknowledgement of a withdrawal", Serve: s.acknowledgement},
		{Method: get, Path: of("/{withdrawal}/texte"), Access: ui.ByLink, Summary: "The acknowledgement of a withdrawal, to keep", Stream: s.acknowledgementText},
		{Method: get, Path: "/retractation", Access: ui.Anybody, Summary: "Withdraw from an order without its link", Serve: s.publicAsk},
		{Method: post, Path: "/retractation", Access: ui.Anybody, Summary: "The statement by which a consumer withdraws", Serve: s.publicForm},
		{Method: post, Path: "/retractation/confirmer", Access: ui.Anybody, Summary: "Withdraw from an order without its link", Serve: s.publicRenounce},
		{Method: get, Path: "/retractation/{receipt}", Access: ui.ByLink, Summary: "The acknowledgement of a withdrawal made without the link", Serve: s.publicAcknowledgement},
		{Method: get, Path: "/retractation/{receipt}/texte", Access: ui.ByLink, Summary: "That acknowledgement, to keep", Stream: s.publicText},
	}
}

// renouncePage is the statement, before it is sent.
type renouncePage struct {
	ui.Frame
	Back     string
	Form     string
	Key      string
	Texts    []string
	Lines    []renounceLine
	Name     string // typed
	Contract string
	Email    string
	KnownAs  string // what stands for a name left empty; empty: none is known
	KnownAt  string // likewise of the address, masked
	Part     string // of the public form: what part of the contract
	Free     bool   // the part is said in words: no lines are shown
	Hidden   []hidden
	Before   []choice // what was withdrawn from already
	Nothing  string   // why nothing is left to withdraw from
	Wrong    []wrong
}

// renounceLine is a line that may be withdrawn from, or why not.
type renounceLine struct {
	Field, Words, Value string
	Most                int
	Excluded            string
}

// renouncing is an order that a consumer withdraws from.
type renouncing struct {
	*lived
	who    shopper.Contact
	before []returns.Withdrawal
	left   map[ident.Line]int
	up     string
}

func (s *site) renouncing(r *http.Request) (d renouncing, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if d.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		if d.who, err = shopper.Get(tx, d.shop.ID, d.order.Shopper); err != nil {
			return err
		}
		of, err := returns.Withdrawals(tx, d.shop.ID, []ident.Order{d.order.ID})
		d.before = of[d.order.ID]
		return err
	})
	if err != nil {
		return d, err
	}
	d.up, d.left = upFrom(r.URL.Path), map[ident.Line]int{}
	for _, l := range d.lines {
		if l.Kind == orders.Goods {
			d.left[l.ID] = l.Units
		}
	}
	for _, w := range d.before {
		for _, l := range w.Lines {
			d.left[l.Line] = max(0, d.left[l.Line]-l.Units)
		}
	}
	return d, nil
}

func (d renouncing) to(page string) string { return d.up + page + query(d.chosen) }

// renounceForm shows the statement. It changes nothing.
func (s *site) renounceForm(r *http.Request) (ui.Answer, error) {
	d, err := s.renouncing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: withdrawForm(d.page(r))}, nil
}

func (d renouncing) page(r *http.Request) renouncePage {
	args := map[string]any{"Reference": d.order.Reference, "Shop": d.brand.Shown}
	p := renouncePage{
		Frame: d.frame(d.T("withdraw.title", args)), Back: d.up + "../" + string(d.link) + query(d.chosen), Form: d.to("retractation"),
		Key: typed(r, "key", maxShort), Texts: []string{d.T("withdraw.what", args), d.T("withdraw.nothing_more", nil)},
		Name: typed(r, "name", maxShort), Contract: typed(r, "contract", maxShort), Email: typed(r, "email", maxShort),
		KnownAt: d.who.Masked(),
	}
	p.Look = backLook
	if d.who.Name != "" {
		p.KnownAs = d.T("withdraw.as_ordered", nil)
	}
	if p.Key == "" {
		p.Key = rand.Text()
	}
	if p.Contract == "" {
		p.Contract = d.T("order_page.order", args)
	}
	whole := 0
	for _, l := range d.lines {
		if l.Kind != orders.Goods || d.left[l.ID] == 0 {
			continue
		}
		p.Lines = append(p.Lines, d.renounceLine(r, l))
		if l.Traits.Excluded == "" {
			whole++
		}
	}
	if whole == 0 {
		p.Nothing = d.T("withdraw.nothing_left", args)
	}
	for _, w := range d.before {
		p.Before = append(p.Before, choice{What: d.T("withdraw.before", map[string]any{"When": d.When(w.Sent, fact.Minute)}), Path: d.to("retractation/" + string(w.ID))})
	}
	return p
}

func (d renouncing) renounceLine(r *http.Request, l orders.Line) renounceLine {
	left := d.left[l.ID]
	out := renounceLine{
		Field: ofLine("units", l.ID), Most: left, Value: strconv.Itoa(left),
		Words: d.T("withdraw.units", map[string]any{"Name": l.Name, "Units": left}),
	}
	if l.Traits.Excluded != "" {
		out.Excluded = d.T("withdraw.excluded", map[string]any{"Article": l.Traits.Excluded})
	}
	if r.Method == http.MethodPost {
		out.Value = shortly(typed(r, out.Field, maxShort))
	}
	return out
}

// renounce takes the statement. Nothing is asked of the consumer but this: no
// code, no reason, no account.
func (s *site) renounce(r *http.Request) (ui.Answer, error) {
	d, err := s.renouncing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	in, err := d.statement(r)
	var w returns.Withdrawal
	if err == nil {
		err = s.flow.One(r.Context(), by, d.shop.ID, func(tx *flow.Tx) error {
			w, _, err = returns.Withdraw(tx, d.shop.ID, in)
			return err
		})
	}
	all := fault.All(err)
	if len(all) == 0 || all[0].Kind == fault.NotFound {
		return ui.Answer{To: d.to("retractation/" + string(w.ID))}, err
	}
	p := d.page(r)
	for _, f := range all {
		p.Wrong = append(p.Wrong, wrong{f.Field, d.withdrawFault(p, f)})
	}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: withdrawForm(p)}, nil
}

// withdrawFault is what is wrong, with the article it is about.
func (d renouncing) withdrawFault(p renouncePage, f *fault.Error) string {
	for _, l := range p.Lines {
		if l.Field == f.Field {
			return d.T("withdraw.number", map[string]any{"Line": l.Words})
		}
	}
	return d.sentence(f)
}

// statement reads the form. What is left empty stands as it is known from the
// order. The faults are parameter_invalid at a number, and nothing_withdrawn.
func (d renouncing) statement(r *http.Request) (returns.Renouncing, error) {
	in := returns.Renouncing{
		Order: d.order.ID, Name: typed(r, "name", maxShort), Contract: typed(r, "contract", maxShort), Email: typed(r, "email", maxShort),
		Key: "page/" + ident.Hash(string(d.order.ID) + "/" + typed(r, "key", maxShort))[:40], Units: map[ident.Line]int{},
	}
	if in.Name == "" {
		in.Name = d.who.Name
	}
	if in.Name == "" {
		in.Name = d.order.Ship.Name
	}
	if in.Email == "" {
		in.Email = d.who.Email
	}
	if in.Contract == "" {
		in.Contract = d.order.Reference
	}
	var faults fault.List
	for _, l := range d.lines {
		field := ofLine("units", l.ID)
		text := typed(r, field, maxShort)
		if l.Kind != orders.Goods || text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			faults.Add(fault.Invalid, "parameter_invalid", field, "value", shortly(text))
		}
		if n != 0 {
			in.Units[l.ID] = n
		}
	}
	if len(in.Units) == 0 && len(faults) == 0 {
		faults.Add(fault.Invalid, "nothing_withdrawn", "units")
	}
	return in, faults.Err()
}

// receiptPage is the acknowledgement of a withdrawal.
type receiptPage struct {
	ui.Frame
	Back  string // path of the order's page; empty: its reader has none
	Texts []string
	Rows  []pair
	Lines []string
	File  string // path of the text to keep
	Next  []choice
}

// receipt is the acknowledgement as far as anybody who holds it may read it.
func receipt(read ui.Reading, w returns.Withdrawal, shop string) receiptPage {
	p := receiptPage{Frame: ui.Frame{
		Locale: read.Locale, Title: read.T("withdraw.done_title", nil), Brand: shop, Private: true, Look: backLook,
	}}
	args := map[string]any{"Shop": shop, "Address": masked(w.Email), "Due": "", "Send": ""}
	p.Texts = append(p.Texts, read.T("withdraw.done", args), read.T("withdraw.by_mail", args))
	p.Rows = []pair{
		{read.T("withdraw.sent_at", nil), read.When(w.Sent, fact.Minute)},
		{read.T("withdraw.contract", nil), w.Contract},
		{read.T("withdraw.receipt_at", nil), masked(w.Email)},
		{read.T("withdraw.fingerprint", nil), w.Hash},
	}
	return p
}

// follows is what comes of the withdrawal, as far as the order is known.
func follows(read ui.Reading, w returns.Withdrawal, shop string) (all []string) {
	args := map[string]any{"Shop": shop, "Due": read.Due(w.RefundBy), "Send": ""}
	if !w.InTime {
		args["Due"] = read.Due(w.Until)
		return []string{read.T("withdraw.late", args)}
	}
	if w.SendBackBy != 0 {
		args["Send"] = read.Due(w.SendBackBy)
		all = append(all, read.T("withdraw.send_back", args))
		return append(all, read.T("withdraw.refund_withheld", args))
	}
	return append(all, read.T("withdraw.refund", args))
}

// masked is an address as it is shown to whoever holds no more than a link.
func masked(email string) string { return shopper.Contact{Email: email}.Masked() }

// withdrawalOf finds the withdrawal of a request, among those of the order.
func (d renouncing) withdrawalOf(r *http.Request) (returns.Withdrawal, error) {
	for _, w := range d.before {
		if string(w.ID) == r.PathValue("withdrawal") {
			return w, nil
		}
	}
	return returns.Withdrawal{}, fault.New(fault.NotFound, "not_found", "")
}

// acknowledgement shows that the statement was received, and when.
func (s *site) acknowledgement(r *http.Request) (ui.Answer, error) {
	d, err := s.renouncing(r)
	if err != nil {
		return ui.Answer{}, err
	}
	w, err := d.withdrawalOf(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: withdrawDone(d.receipt(w))}, nil
}

// receipt is the acknowledgement to whoever holds the order's link.
func (d renouncing) receipt(w returns.Withdrawal) receiptPage {
	p := receipt(d.Reading, w, d.brand.Shown)
	p.Accent = d.brand.Accent
	p.Back, p.File = d.up+"../"+string(d.link)+query(d.chosen), d.to("retractation/"+string(w.ID)+"/texte")
	p.Texts = append(p.Texts, follows(d.Reading, w, d.brand.Shown)...)
	units := map[ident.Line]int{}
	for _, l := range w.Lines {
		units[l.Line] += l.Units
	}
	p.Lines = d.list(units)
	if w.Return != "" {
		p.Next = append(p.Next, choice{What: d.T("withdraw.how_back", nil), Path: d.to("retour/" + string(w.Return))})
	}
	return p
}

// acknowledgementText sends the acknowledgement as a text to keep.
func (s *site) acknowledgementText(w http.ResponseWriter, r *http.Request) {
	d, err := s.renouncing(r)
	if err != nil {
		refuse(w, err)
		return
	}
	said, err := d.withdrawalOf(r)
	if err != nil {
		refuse(w, err)
		return
	}
	sendText(w, receiptText(d.Reading, said, d.brand.Shown))
}

// receiptText is the acknowledgement as a text. The statement itself, of which the
// hash is, goes to the consumer's mailbox alone: whoever holds the link need not
// read their name and address.
func receiptText(read ui.Reading, w returns.Withdrawal, shop string) string {
	var b strings.Builder
	line := func(what, value string) { fmt.Fprintf(&b, "%s : %s\n", what, value) }
	fmt.Fprintf(&b, "%s\n%s\n\n", shop, read.T("withdraw.done_title", nil))
	line(read.T("withdraw.sent_at", nil), read.When(w.Sent, fact.Minute)+" ("+w.Sent.In(read.Zone).Format(time.RFC3339Nano)+")")
	line(read.T("withdraw.number_of", nil), string(w.ID))
	line(read.T("withdraw.contract", nil), w.Contract)
	line(read.T("withdraw.receipt_at", nil), masked(w.Email))
	line(read.T("withdraw.fingerprint", nil), w.Hash)
	fmt.Fprintf(&b, "\n%s\n", read.T("withdraw.by_mail", map[string]any{"Address": masked(w.Email)}))
	return b.String()
}

func sendText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="retractation.txt"`)
	_, _ = w.Write([]byte(text))
}

// wordsOf is a reader of a language, in a zone.
func wordsOf(loc lang.Locale, zone string, now civil.Instant) (ui.Reading, error) {
	z, err := civil.Zone(zone)
	return ui.Reading{Locale: loc, Zone: z, Now: now}, err
}
