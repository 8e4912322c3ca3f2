package shopper

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lookPage is the return as it would be asked for, and the code that asks for it.
type lookPage struct {
	ui.Frame
	Back   string
	Form   string // path that asks for the return
	Code   string // path that has a code sent
	Change string // path of the ways back
	Hidden []hidden
	Said   []string
	Rows   []pair
	Notes  []string
	Texts  []string
	Sent   string // to which mailbox a code was sent; empty: not sent
	Send   string // the button that has one sent
	Wrong  string
	Unable string // why no code can be sent; empty: one can
	Known  bool   // a code was typed on this device a moment ago: none is asked for
	Mail   string
	Write  string
}

// lastLook shows the return as it would be asked for.
func (s *site) lastLook(r *http.Request) (ui.Answer, error) {
	d, w, a, err := s.told(r)
	if err != nil || a != nil {
		return answered(a), err
	}
	return s.look(r, d, w, nil)
}

// look answers the last page; f is what is wrong with the code.
func (s *site) look(r *http.Request, d returning, w backWish, f *fault.Error) (ui.Answer, error) {
	var o offered
	var point relay.Point
	route, chosen := w.route()
	err := s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if chosen != "" {
			if point, err = relay.Get(tx, chosen); err != nil {
				return err
			}
		}
		o, err = s.offer(tx, d, w)
		return err
	})
	if all := refusals(err); all != nil {
		return s.askWrong(d, w, all), nil
	}
	if err != nil {
		return ui.Answer{}, err
	}
	i := slices.IndexFunc(o.Options, func(x returns.Option) bool { return x.Route == route })
	if i < 0 {
		return s.ways(r, d, w, fault.List{fault.New(fault.Invalid, "way_required", "ways")})
	}
	if cover := w.cover(d.order.Currency); !cover.IsZero() && !slices.ContainsFunc(o.Options[i].Covers, func(k returns.Cover) bool { return k.UpTo == cover.Minor }) {
		return s.ways(r, d, w, fault.List{fault.New(fault.Invalid, "cover_not_offered", "ways", "cover", cover)})
	}
	if days := o.Options[i].Pickups; len(days) > 0 && !slices.Contains(days, w.fetched()) {
		return s.ways(r, d, w, fault.List{fault.New(fault.Invalid, "pickup_day_required", "ways")})
	}
	p := s.lookPage(d, w, o.Offered, o.Options[i], point)
	a := ui.Answer{Page: backLast(p)}
	if f != nil {
		p.Wrong = d.sentence(f)
		a = ui.Answer{Page: backLast(p), Status: http.StatusUnprocessableEntity}
		if f.Kind == fault.TooMany {
			a.Status = http.StatusTooManyRequests
		}
	}
	return a, nil
}

func (s *site) lookPage(d returning, w backWish, o returns.Offered, way returns.Option, point relay.Point) lookPage {
	args := map[string]any{"Shop": d.brand.Shown, "Address": d.who.Masked()}
	p := lookPage{
		Frame: d.frame(d.T("back.look_title", nil)), Back: d.home(), Form: d.to("retour/demande"), Code: d.to("retour/code"),
		Change: d.to("retour/voies"), Said: d.said(w), Rows: []pair{{d.T("back.way", nil), d.route(way.Route)}}, Notes: d.notes(o),
		Send: d.T("tracking_page.code_send", nil), Mail: d.mailTo(d.T("order_page.order", map[string]any{"Reference": d.order.Reference})),
		Write: d.T("tracking_page.write", args),
	}
	if point.ID != "" {
		p.Rows = append(p.Rows, pair{d.T("back.point", nil), point.Name + ", " + point.Address()})
	}
	p.Rows = append(p.Rows, d.way(way, nil, w).Facts...)
	if slices.Contains(way.Pickups, w.fetched()) {
		p.Rows = append(p.Rows, pair{d.T("back.pickup", nil), d.Day(w.fetched())})
		p.Hidden = append(p.Hidden, hidden{"pickup", w.pickup})
	}
	for _, k := range way.Covers {
		if w.covers[way.Route] == strconv.FormatInt(k.UpTo, 10) {
			p.Rows = append(p.Rows, pair{d.T("back.cover", nil), d.T("back.cover_bought", d.coverArgs(k))})
			p.Hidden = append(p.Hidden, hidden{coverField(way.Route), w.covers[way.Route]})
		}
	}
	settle := w.settle
	if settle == "" {
		settle = fact.Refund
	}
	p.Rows = append(p.Rows, pair{d.T("back.settled_as", nil), d.settlement(settle)})
	if settle == fact.Exchange && w.sku != "" {
		p.Rows = append(p.Rows, pair{d.T("back.swap_for", nil), w.sku})
	}
	p.Hidden = append(append(p.Hidden, s.hidden(d.order.ID, w)...), hidden{"way", w.way}, hidden{"settle", string(settle)}, hidden{"sku", w.sku}, hidden{"around", w.around})
	switch {
	case d.trusted:
		p.Known = true
	case d.mute != "":
		p.Unable = d.T("back.code_unable", args)
	case !d.expires.IsZero():
		args["Long"] = d.expires.Sub(d.wall)
		p.Sent, p.Send = d.T("tracking_page.code_sent", args), d.T("tracking_page.code_again", nil)
	default:
		p.Texts = []string{d.T("back.code_why", args)}
	}
	return p
}

// sendBackCode has a code e-mailed, and shows where it is typed.
func (s *site) sendBackCode(r *http.Request) (ui.Answer, error) {
	d, w, a, err := s.told(r)
	if err != nil || a != nil {
		return answered(a), err
	}
	if d.mute == "" {
		err = s.flow.One(r.Context(), by, d.shop.ID, d.send)
	}
	wrong := faultOf(err, fault.TooMany)
	if err != nil && wrong == nil {
		return ui.Answer{}, err
	}
	if d, err = s.again(r, d); err != nil {
		return ui.Answer{}, err
	}
	return s.look(r, d, w, wrong)
}

// again reads the order anew, after something was written.
func (s *site) again(r *http.Request, d returning) (returning, error) {
	up := d.up
	d, err := s.returning(r)
	d.up = up
	return d, err
}

// requestBack asks for the return when the code is right. The same form sent twice
// is one request, and leads to it.
func (s *site) requestBack(r *http.Request) (ui.Answer, error) {
	d, w, a, err := s.told(r)
	if err != nil || a != nil {
		return answered(a), err
	}
	if id, ok := d.before(w); ok {
		return ui.Answer{To: d.to("retour/" + string(id))}, nil
	}
	id, wrong, err := s.try(r.Context(), d, w, r.PostFormValue("code"))
	if all := refusals(err); all != nil {
		return s.ways(r, d, w, all)
	}
	if err != nil {
		return ui.Answer{}, err
	}
	if d, err = s.again(r, d); err != nil {
		return ui.Answer{}, err
	}
	if twin, ok := d.before(w); ok { // the same form, sent twice at once
		id, wrong = twin, nil
	}
	if wrong != nil {
		return s.look(r, d, w, wrong)
	}
	return ui.Answer{To: d.to("retour/" + string(id)), Cookies: []*http.Cookie{s.hand(d.link, d.order.ID, d.wall)}}, nil
}

// before is the return that the form asked for already.
func (d returning) before(w backWish) (ident.Return, bool) {
	key := w.formKey(d.order.ID)
	i := slices.IndexFunc(d.sendbacks, func(r returns.Return) bool { return r.Key == key })
	if i < 0 {
		return "", false
	}
	return d.sendbacks[i].ID, true
}

var errNotAsked = errors.New("the return was not asked for")

// try spends the code on asking for the return, in one transaction. A wrong try
// is written down, so it is no error; what is wrong with the return leaves the
// code unspent.
func (s *site) try(ctx context.Context, d returning, w backWish, code string) (id ident.Return, wrong *fault.Error, err error) {
	m := d.shop.ID
	err = s.flow.One(ctx, flow.ByShopper(d.order.Shopper), m, func(tx *flow.Tx) error {
		if !d.trusted {
			outcome, left, err := shopper.CheckCode(tx, m, d.order.Shopper, d.purpose(), code)
			if wrong = refusal(outcome, left); err != nil || wrong != nil {
				return err
			}
		}
		back, _, err := s.back.office.Request(tx, m, w.wanted(d))
		if err == nil && back.ID == "" {
			err = errNotAsked
		}
		id = back.ID
		return err
	})
	return id, wrong, err
}

// kilos is a weight as people say it.
func (d *lived) kilos(grams int) string {
	return d.T("back.kilos", map[string]any{"Kilos": lang.Decimal(d.Locale, float64(grams)/1000, 1)})
}
