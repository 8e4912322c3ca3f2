package shop

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// reviewPage is the last look before ordering.
type reviewPage struct {
	frame
	Chosen   optionCard
	Lines    []basketLine
	Goods    string
	Delivery string
	Total    string
	Details  details
	City     string
	Country  string
	Letters  string // the language of what will be written
	Kept     []hidden
	Action   string
	Edit     string // path that shows the details again
	Change   string // path that shows the dates again
	Here     string // path of this page
	Lang     lang.Locale
	LangName string
}

// review checks what was typed and shows all of it with a date that still stands.
func review(v *visit) (ui.Answer, error) {
	d := v.details()
	if wrong := d.check(); wrong != nil {
		return v.form(d, v.told(wrong)), nil
	}
	chosen, instead := v.chosen(d)
	if instead != nil {
		return *instead, nil
	}
	return v.lastLook(d, chosen)
}

// mint makes the reference of an order. It is written into the form, so that the
// same form sent twice is one order.
func (v *visit) mint() string { return v.shop.Prefix + "-W-" + rand.Text()[:10] }

// minted is how references that we made look.
var minted = regexp.MustCompile(`^[A-Z]{2}-W-[A-Z2-7]{10}$`)

// reference is that of the form; empty when it is none of this shop's.
func (v *visit) reference() string {
	r := v.typed.Get("reference")
	if !minted.MatchString(r) || !strings.HasPrefix(r, v.shop.Prefix) {
		return ""
	}
	return r
}

func (v *visit) lastLook(d details, o choice) (ui.Answer, error) {
	goods := v.basket.value(v.shop)
	total, err := goods.Add(o.Price)
	if err != nil {
		return ui.Answer{}, err
	}
	p := reviewPage{
		frame: v.measured("review", v.frame(v.say("shop.review", nil), 4)), Chosen: v.chosenCard(o), Lines: v.basketPage().Lines, Details: d,
		Goods: v.amount(goods), Delivery: v.price(o.option), Total: v.amount(total),
		City: v.to.Postcode + " " + d.City, Country: v.countryName(v.to.Country), Letters: lang.T(d.Locale, "shop.language", nil),
		Action: v.path("/commande"), Edit: v.path("/coordonnees"), Change: v.path("/livraison"), Here: v.path("/verification"),
		Lang: other(v.locale), LangName: otherWords(v.locale), Kept: v.sale(d, o.fields(), o.Token, v.mint()),
	}
	return ui.Answer{Page: reviewHTML(p)}, nil
}

// sale is all that an order is made of, as a form carries it.
func (v *visit) sale(d details, chosen []hidden, token, reference string) []hidden {
	all := slices.Concat(v.placeFields(), d.hidden(), chosen)
	return append(all, hidden{"token", token}, hidden{"reference", reference}, hidden{"panier", v.basket.String()})
}

func (v *visit) amount(a money.Amount) string { return lang.Amount(v.locale, a) }

// place orders what the last look showed: the same form again is the same order.
func place(v *visit) (ui.Answer, error) {
	d, shown, reference := v.details(), readBasket(v.shop, v.typed.Get("panier")), v.reference()
	again := v.basket.ordered != "" && v.basket.ordered == reference
	if again {
		v.basket = shown
	}
	switch {
	case v.basket.count() == 0:
		return v.emptied(), nil
	case v.basket.String() != shown.String():
		return v.delivery(d, notice{http.StatusConflict, v.say("shop.basket_changed", nil)}), nil
	}
	token := v.typed.Get("token")
	if !v.to.fine() || token == "" || reference == "" || d.check() != nil {
		return review(v)
	}
	p, err := v.api().place(v.Context(), newOrder{
		Reference: reference, Token: token, Lines: v.basket.lines(v.shop, d.Locale),
		Shopper: buyer{Email: d.Email, Name: d.Name, Phone: d.Phone, Locale: d.Locale},
		ShipTo:  address{Name: d.Name, Street: d.Street, Extra: d.Extra, Postcode: v.to.Postcode, City: d.City, Country: v.to.Country},
	}, v.locale)
	if err != nil {
		return v.refused(d, reference, err)
	}
	v.basket = basket{ordered: reference}
	v.keepBasket()
	return ui.Answer{To: v.path("/merci/" + string(p.ID) + "/" + linkOf(p.Page))}, nil
}

// refused is the page after an order that was not placed: nothing typed is lost.
func (v *visit) refused(d details, reference string, err error) (ui.Answer, error) {
	v.Log.Warn("shop: order not placed", "shop", v.shop.Slug, "err", err)
	var no *refusal
	switch {
	case errors.Is(err, errDown):
		p := retryPage{frame: v.frame(v.say("shop.unanswered", nil), 4), Action: v.path("/commande")}
		p.Kept = v.sale(d, []hidden{{"option", v.field("option")}, {"point", v.field("point")}}, v.typed.Get("token"), reference)
		return ui.Answer{Status: http.StatusServiceUnavailable, Page: retryHTML(p)}, nil
	case !errors.As(err, &no):
		return ui.Answer{}, err
	}
	if wrong := no.atFields(); wrong != nil {
		return v.form(d, wrong), nil
	}
	return v.delivery(d, notice{http.StatusConflict, v.because(no)}), nil
}

// retryPage is for whoever ordered and got no answer. Nobody knows whether the
// order was placed: the same form finds out without placing a second one.
type retryPage struct {
	frame
	Kept   []hidden
	Action string
}

// because is a refusal in the words of somebody who buys; those of the API where
// it knows better.
func (v *visit) because(no *refusal) string {
	switch no.Code {
	case "token_mismatch":
		return v.say("shop.basket_changed", nil)
	case "token_expired", "token_used", "token_invalid", "token_altered":
		return v.say("shop.offer_expired", nil)
	case "order_reference_conflict", "idempotency_key_reused":
		return v.say("shop.sent_twice", nil)
	case "slot_full":
		return v.say("shop.slot_full", nil)
	case "slot_closed", "unknown_slot":
		return v.say("shop.gone", nil)
	}
	return no.Detail
}

// atFields is what the API says of the fields of the form; nil when it is about
// something else too.
func (r *refusal) atFields() map[string]string {
	names := map[string]string{
		"shopper.name": "name", "shopper.email": "email", "shopper.phone": "phone", "ship_to.name": "name", "ship_to.street": "street",
		"ship_to.extra": "extra", "ship_to.city": "city", "ship_to.phone": "phone",
	}
	told := map[string]string{}
	for _, b := range r.Errors {
		name, ours := names[b.Field]
		if !ours {
			return nil
		}
		told[name] = b.Detail
	}
	if len(told) == 0 {
		return nil
	}
	return told
}

// linkOf is the secret at the end of the address of an order's page.
func linkOf(page string) string { return page[strings.LastIndexByte(page, '/')+1:] }

// thanksPage is what was ordered and promised.
type thanksPage struct {
	frame
	Reference string
	Promises  []string
	Point     string // where it is collected; empty: at the door
	Lines     []basketLine
	Delivery  string
	Total     string
	Page      string // the shopper's page of the order
	Link      string // the secret at the end of its address
	ToShelf   string
}

// thanks shows an order to whoever holds its link: its number alone opens nothing.
func thanks(v *visit) (ui.Answer, error) {
	nothing := fault.New(fault.NotFound, "not_found", "")
	id := v.PathValue("order")
	if !ident.Valid[ident.Order](id) {
		return ui.Answer{}, nothing
	}
	o, err := v.api().order(v.Context(), ident.Order(id), v.locale)
	if errors.Is(err, errDown) {
		return ui.Answer{}, fault.New(fault.Unavailable, "unavailable", "").Because(err)
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(linkOf(o.Page)), []byte(v.PathValue("link"))) != 1 {
		return ui.Answer{}, nothing
	}
	return ui.Answer{Page: thanksHTML(v.thanked(o))}, nil
}

func (v *visit) thanked(o placed) thanksPage {
	p := thanksPage{
		frame: v.measured("thanks", v.frame(v.say("shop.thanks", nil), 0)), Reference: o.Reference, Total: v.amount(o.Value),
		Delivery: v.amount(o.Delivery), Page: o.Page, Link: linkOf(o.Page), ToShelf: v.path("/"),
	}
	p.Scripts = append(p.Scripts, blocks)
	if o.CollectAt != nil {
		p.Point = o.CollectAt.String()
	}
	if o.Delivery.IsZero() {
		p.Delivery = v.say("shop.free", nil)
	}
	for _, c := range o.Commitments {
		if c.Text != "" && !slices.Contains(p.Promises, c.Text) {
			p.Promises = append(p.Promises, c.Text)
		}
	}
	for _, l := range o.Lines {
		if bought, ok := v.shop.Variant(l.SKU); ok && l.Kind == "goods" {
			w := v.ware(bought.Article)
			w.Name, w.Price = l.Name, v.amount(l.Captured)
			p.Lines = append(p.Lines, basketLine{ware: w, Units: l.Units})
		}
	}
	return p
}
