package shopper

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// WithdrawalGallery is the pages on which a consumer withdraws from an order, with
// its link and without, from invented data: no room is read.
func WithdrawalGallery(loc lang.Locale) []ui.Exhibit {
	return slices.Concat(statements(loc), publicly(loc), receipts(loc))
}

// filled is a form that was sent in a language, or asked for when nothing is in it.
func filled(loc lang.Locale, fields url.Values) *http.Request {
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{}, Header: http.Header{"Accept-Language": {string(loc)}}, PostForm: fields, Form: fields}
	if len(fields) > 0 {
		r.Method = http.MethodPost
	}
	return r
}

// whole is the form as nobody has touched it: its key, which is else drawn by lot.
var whole = url.Values{"key": {"KEY"}}

// untouched is that form asked for.
func untouched(loc lang.Locale) *http.Request {
	r := filled(loc, whole)
	r.Method = http.MethodGet
	return r
}

// withdrawing is an order in hand that a consumer may withdraw from.
func withdrawing(loc lang.Locale, sets ...func(*renouncing)) renouncing {
	d := renouncing{
		lived: lives(loc, inHands), left: map[ident.Line]int{"lin_1": 2, "lin_2": 1},
		who: shopper.Contact{Name: "Camille", Email: "camille@example.org"},
	}
	for _, set := range sets {
		set(&d)
	}
	return d
}

// saidSo is a withdrawal that was received that Friday.
func saidSo() returns.Withdrawal {
	return returns.Withdrawal{
		ID: "wdr_1", Order: "ord_1", Name: "Camille Durand", Contract: "Commande E-1042", Email: "camille@example.org",
		Hash: "9f1c5e7a3b2d4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4e5f", Sent: on(paris, 3*24+9, 31), InTime: true,
		Until: dayAfter(14), Return: "ret_1", SendBackBy: dayAfter(17), RefundBy: dayAfter(17),
		Lines: []returns.Renounced{{Line: "lin_1", Units: 1}},
	}
}

// before is a withdrawal of part of the order, made already.
func before(d *renouncing) {
	d.before, d.left["lin_1"] = []returns.Withdrawal{saidSo()}, 1
}

// lawExcluded is an article that the law leaves out.
func lawExcluded(d *renouncing) { d.lines[1].Traits.Excluded = "L221-28 4°" }

// statements is the statement, behind the order's link.
func statements(loc lang.Locale) (all []ui.Exhibit) {
	add := func(name string, p renouncePage) { all = append(all, ui.Exhibit{Name: name, Page: withdrawForm(p)}) }
	add("statement", withdrawing(loc).page(untouched(loc)))
	add("statement-excluded", withdrawing(loc, lawExcluded).page(untouched(loc)))
	add("statement-of-the-rest", withdrawing(loc, before).page(untouched(loc)))
	add("statement-nothing-left", withdrawing(loc, before, func(d *renouncing) { clear(d.left) }).page(untouched(loc)))
	d := withdrawing(loc)
	p := d.page(filled(loc, url.Values{"key": {"KEY"}, "units[lin_1]": {"douze"}, "units[lin_2]": {"1"}, "email": {"camille@"}}))
	for _, f := range []*fault.Error{
		fault.New(fault.Invalid, "parameter_invalid", "units[lin_1]", "value", "douze"), fault.New(fault.Invalid, "email_invalid", "email"),
	} {
		p.Wrong = append(p.Wrong, wrong{f.Field, d.withdrawFault(p, f)})
	}
	add("statement-wrong", p)
	return all
}

// publicly is the two steps of whoever has no link.
func publicly(loc lang.Locale) []ui.Exhibit {
	one := public{
		reference: "E-1042", contact: "camille@example.org", shop: "mer_1",
		shops:  []merchant.Organisation{{ID: "mer_1", Kind: merchant.Merchant}, {ID: "mer_2", Kind: merchant.Merchant}},
		brands: map[ident.Merchant]string{"mer_1": "Épicerie du Canal", "mer_2": "Papeterie des Halles"},
	}
	fresh, several := one, one
	fresh.reference, fresh.contact = "", ""
	several.reference, several.contact, several.shop = "", "", ""
	failed := several.page(loc, "")
	for _, f := range several.check() {
		failed.Wrong = append(failed.Wrong, wrong{f.Field, lang.Fault(loc, f)})
	}
	nameless := one.statement(untouched(loc), "")
	f := fault.New(fault.Invalid, "field_required", "name")
	nameless.Wrong = []wrong{{f.Field, lang.Fault(loc, f)}}
	return []ui.Exhibit{
		{Name: "public", Page: withdrawAsk(fresh.page(loc, ""))},
		{Name: "public-several-shops", Page: withdrawAsk(several.page(loc, ""))},
		{Name: "public-wrong", Page: withdrawAsk(failed)},
		{Name: "public-statement", Page: withdrawForm(one.statement(untouched(loc), ""))},
		{Name: "public-statement-wrong", Page: withdrawForm(nameless)},
	}
}

// receipts is the acknowledgement, to whom the order is known and to whom it is not.
func receipts(loc lang.Locale) (all []ui.Exhibit) {
	add := func(name string, p receiptPage) { all = append(all, ui.Exhibit{Name: name, Page: withdrawDone(p)}) }
	d := withdrawing(loc)
	add("received", d.receipt(saidSo()))
	unsent := saidSo()
	unsent.Return, unsent.SendBackBy = "", 0
	add("received-nothing-sent", d.receipt(unsent))
	tooLate := unsent
	tooLate.InTime, tooLate.Until = false, on(paris, 0, 0)
	add("received-late", d.receipt(tooLate))
	add("received-without-link", publicReceiptPage(d.Reading, saidSo(), d.brand.Shown, "recu"))
	return all
}
