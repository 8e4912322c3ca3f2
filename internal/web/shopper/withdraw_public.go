package shopper

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// How many statements one network may make without a link, in machine time.
const (
	publicTries  = 20
	publicRefill = 3 * time.Minute
)

// publicPage asks for what identifies the contract.
type publicPage struct {
	ui.Frame
	Form               string
	Reference, Contact string // as typed
	Shops              []pick // empty: there is one
	Shop               string
	Wrong              []wrong
}

// public is what somebody without a link says.
type public struct {
	reference, contact string
	shop               ident.Merchant
	shops              []merchant.Organisation
	brands             map[ident.Merchant]string
}

// publicly reads what was typed. A shop is known from the page that led here, from
// the form, or because there is but one.
func (s *site) publicly(r *http.Request) (p public, err error) {
	p = public{reference: typed(r, "reference", maxShort), contact: typed(r, "bought_with", maxShort), brands: map[ident.Merchant]string{}}
	named := ident.Merchant(r.FormValue("shop"))
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		for last := ident.Merchant(""); ; last = p.shops[len(p.shops)-1].ID {
			page, err := merchant.List(tx, last, maxShops)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, o := range page {
				if o.Kind != merchant.Merchant {
					continue
				}
				_, brand, err := merchant.Face(tx, o.ID)
				if err != nil {
					return err
				}
				p.brands[o.ID] = brand.Shown
			}
			p.shops = append(p.shops, page...)
		}
	})
	p.shops = slices.DeleteFunc(p.shops, func(o merchant.Organisation) bool { return o.Kind != merchant.Merchant })
	for _, o := range p.shops {
		if o.ID == named || len(p.shops) == 1 {
			p.shop = o.ID
		}
	}
	return p, err
}

// maxShops is how many shops are read at a time.
const maxShops = 100

// publicAsk shows the form. It changes nothing.
func (s *site) publicAsk(r *http.Request) (ui.Answer, error) {
	p, err := s.publicly(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: withdrawAsk(p.page(ui.Reader(r), ""))}, nil
}

func (p public) page(loc lang.Locale, up string) publicPage {
	out := publicPage{
		Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "withdraw.public_title", nil), Brand: p.brands[p.shop], Private: true, Look: backLook},
		Form:  up + "retractation", Reference: p.reference, Contact: p.contact, Shop: string(p.shop),
	}
	if p.shop == "" {
		for _, o := range p.shops {
			out.Shops = append(out.Shops, pick{Value: string(o.ID), Words: p.brands[o.ID]})
		}
	}
	return out
}

// publicForm shows the statement to whoever said which order and how they can be
// known. Nothing is looked up here: the page is the same for every order there
// is, and for those there are not.
func (s *site) publicForm(r *http.Request) (ui.Answer, error) {
	p, err := s.publicly(r)
	if err != nil {
		return ui.Answer{}, err
	}
	loc := ui.Reader(r)
	if faults := p.check(); len(faults) > 0 {
		page := p.page(loc, "")
		for _, f := range faults {
			page.Wrong = append(page.Wrong, wrong{f.Field, lang.Fault(loc, f)})
		}
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: withdrawAsk(page)}, nil
	}
	return ui.Answer{Page: withdrawForm(p.statement(r, ""))}, nil
}

func (p public) check() (faults fault.List) {
	if p.reference == "" {
		faults.Add(fault.Invalid, "field_required", "reference")
	}
	if p.contact == "" {
		faults.Add(fault.Invalid, "field_required", "bought_with")
	}
	if p.shop == "" {
		faults.Add(fault.Invalid, "field_required", "shop")
	}
	return faults
}

// statement is the form of the statement, with what is known already.
func (p public) statement(r *http.Request, up string) renouncePage {
	loc := ui.Reader(r)
	args := map[string]any{"Reference": p.reference, "Shop": p.brands[p.shop]}
	out := renouncePage{
		Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "withdraw.title", args), Brand: p.brands[p.shop], Private: true, Look: backLook},
		Form:  up + "retractation/confirmer", Key: typed(r, "key", maxShort), Free: true,
		Texts: []string{lang.T(loc, "withdraw.what", args), lang.T(loc, "withdraw.nothing_more", nil)},
		Name:  typed(r, "name", maxShort), Contract: typed(r, "contract", maxShort), Email: typed(r, "email", maxShort), Part: typed(r, "part", maxShort),
		Hidden: []hidden{{"reference", p.reference}, {"bought_with", p.contact}, {"shop", string(p.shop)}},
	}
	if out.Key == "" {
		out.Key = rand.Text()
	}
	if out.Contract == "" {
		out.Contract = lang.T(loc, "order_page.order", args)
	}
	if out.Email == "" && strings.Contains(p.contact, "@") {
		out.Email = p.contact
	}
	return out
}

// publicRenounce takes the statement. Whether the order was found shows in nothing
// that is answered, nor in how long it takes.
func (s *site) publicRenounce(r *http.Request) (ui.Answer, error) {
	began := time.Now()
	if wait, ok := s.back.tries.Take(visitor.Of(r, s.back.proxies)); !ok {
		return ui.Answer{}, fault.New(fault.TooMany, "statements_exhausted", "", "wait", wait)
	}
	p, err := s.publicly(r)
	if err != nil {
		return ui.Answer{}, err
	}
	w, err := s.publicWithdraw(r, p)
	s.back.pause(beat - time.Since(began)%beat)
	if all := fault.All(err); len(all) > 0 && all[0].Kind == fault.Invalid {
		loc := ui.Reader(r)
		page := p.statement(r, "../")
		for _, f := range all {
			page.Wrong = append(page.Wrong, wrong{f.Field, lang.Fault(loc, f)})
		}
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: withdrawForm(page)}, nil
	}
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{To: s.back.keys.Sign(receiptPurpose, []byte(string(p.shop)+" "+string(w.ID)))}, nil
}

// beat is the rhythm of answers, so that the clock tells nothing.
const beat = 50 * time.Millisecond

// receiptPurpose binds the address of an acknowledgement to what it is for.
const receiptPurpose = "acknowledgement of a withdrawal"

// publicWithdraw finds the order and takes the statement. A part said in words is
// for a person to read: then no line is withdrawn from by us.
func (s *site) publicWithdraw(r *http.Request, p public) (w returns.Withdrawal, err error) {
	if faults := p.check(); len(faults) > 0 {
		return w, faults.Err()
	}
	part := typed(r, "part", maxShort)
	in := returns.Renouncing{
		Name: typed(r, "name", maxShort), Contract: typed(r, "contract", maxShort), Email: typed(r, "email", maxShort),
		Key: "page/" + ident.Hash(strings.Join([]string{string(p.shop), p.reference, p.contact, typed(r, "key", maxShort)}, "/"))[:40],
	}
	if part != "" && in.Contract != "" {
		in.Contract += " ; " + part
	}
	err = s.flow.One(r.Context(), by, p.shop, func(tx *flow.Tx) error {
		id, err := p.find(tx.Tx)
		if err != nil {
			return err
		}
		if part == "" {
			in.Order = id
		}
		w, _, err = returns.Withdraw(tx, p.shop, in)
		return err
	})
	return w, err
}

// find is the order, when reference and contact go together; else it is empty.
func (p public) find(tx *db.Tx) (ident.Order, error) {
	o, ok, err := orders.ByReference(tx, p.shop, p.reference)
	if err != nil || !ok {
		return "", err
	}
	who, err := shopper.Get(tx, p.shop, o.Shopper)
	if err != nil {
		return "", err
	}
	sameMail := who.Email != "" && shopper.Fold(who.Email) == shopper.Fold(p.contact)
	number := subscriber(p.contact)
	if !sameMail && (number == "" || number != subscriber(who.Phone)) {
		return "", nil
	}
	return o.ID, nil
}

// subscriber is a telephone number without its country and its zero: its last nine
// figures; empty for what is shorter.
func subscriber(phone string) string {
	const figures = 9
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, phone)
	if len(digits) < figures {
		return ""
	}
	return digits[len(digits)-figures:]
}

// publicReceipt is the withdrawal that an acknowledgement's address names.
func (s *site) publicReceipt(r *http.Request) (read ui.Reading, w returns.Withdrawal, shop string, err error) {
	none := fault.New(fault.NotFound, "not_found", "")
	payload, err := s.back.keys.Open(receiptPurpose, r.PathValue("receipt"))
	if err != nil {
		return read, w, "", none
	}
	m, id, _ := strings.Cut(string(payload), " ")
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		org, brand, err := merchant.Face(tx, ident.Merchant(m))
		if err != nil {
			return err
		}
		shop = brand.Shown
		if read, err = wordsOf(ui.Reader(r), org.Zone, tx.Now); err != nil {
			return err
		}
		w, err = returns.GetWithdrawal(tx, ident.Merchant(m), ident.Withdrawal(id))
		return err
	})
	return read, w, shop, err
}

// publicAcknowledgement shows what was typed, when it came, and nothing that tells
// whether such an order exists.
func (s *site) publicAcknowledgement(r *http.Request) (ui.Answer, error) {
	read, w, shop, err := s.publicReceipt(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: withdrawDone(publicReceiptPage(read, w, shop, r.PathValue("receipt")))}, nil
}

// publicReceiptPage is the acknowledgement at an address that is known by its last part.
func publicReceiptPage(read ui.Reading, w returns.Withdrawal, shop, address string) receiptPage {
	p := receipt(read, w, shop)
	p.File = address + "/texte"
	p.Texts = append(p.Texts, read.T("withdraw.public_next", map[string]any{"Shop": shop}))
	return p
}

func (s *site) publicText(w http.ResponseWriter, r *http.Request) {
	read, said, shop, err := s.publicReceipt(r)
	if err != nil {
		refuse(w, err)
		return
	}
	sendText(w, receiptText(read, said, shop))
}
