package shop

import (
	"errors"
	"net/http"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

// basketPage is what is about to be bought.
type basketPage struct {
	frame
	Lines   []basketLine
	Value   string
	Weight  string
	Fill    string // path of the form
	ToShelf string
}

// basketLine is an article in the basket.
type basketLine struct {
	ware
	Code, Unit string
	Units      int
}

// fillBasket puts articles in, changes their number or takes them out. The answer
// leads to the basket, so that loading it again adds nothing.
func fillBasket(v *visit) (ui.Answer, error) {
	to := v.path("/panier")
	code := v.typed.Get("article")
	if a, ok := v.shop.Article(code); ok && len(a.Sizes) > 0 {
		code += "." + v.typed.Get("taille")
		if _, made := v.shop.Variant(code); !made {
			return ui.Answer{To: v.with("/article/"+a.SKU, "taille", "?")}, nil
		}
	}
	switch _, sells := v.shop.Variant(code); {
	case v.typed.Get("retirer") != "":
		v.basket.set(v.typed.Get("retirer"), 0)
	case sells:
		v.basket.set(code, v.basket.units(code)+max(units(v.typed.Get("unites")), 1))
		to = v.with("/panier", "ajoute", code)
	default:
		for _, it := range v.basket.items {
			if typed, is := v.typed["unites."+it.code]; is {
				v.basket.set(it.code, units(typed[0]))
			}
		}
	}
	v.keepBasket()
	if v.typed.Get("suite") != "" {
		to = v.path("/livraison")
	}
	return ui.Answer{To: to}, nil
}

func showBasket(v *visit) (ui.Answer, error) {
	p := v.basketPage()
	if added, ok := v.shop.Variant(v.typed.Get("ajoute")); ok && v.basket.units(added.Code()) > 0 {
		p.tell(ui.Good, v.say("shop.added", map[string]any{"Name": added.Title(v.locale)}))
	}
	return ui.Answer{Page: basketHTML(p)}, nil
}

func (v *visit) basketPage() basketPage {
	p := basketPage{
		frame: v.measured("basket", v.frame(v.say("shop.basket", nil), 1)), Fill: v.path("/panier"), ToShelf: v.path("/"),
		Value: v.amount(v.basket.value(v.shop)),
	}
	grams := 0
	for _, it := range v.basket.items {
		bought, _ := v.shop.Variant(it.code)
		w := v.ware(bought.Article)
		w.Name = bought.Title(v.locale)
		grams += bought.Grams * it.units
		unit := w.Price
		line := bought.Unit()
		line.Minor *= int64(it.units)
		w.Price = v.amount(line)
		p.Lines = append(p.Lines, basketLine{ware: w, Code: it.code, Unit: unit, Units: it.units})
	}
	p.Weight = v.weight(grams)
	return p
}

// emptied is the basket's page for whoever wanted to go on with one that is empty.
func (v *visit) emptied() ui.Answer {
	p := v.basketPage()
	p.tell(ui.Care, v.say("shop.emptied", nil))
	return ui.Answer{Status: http.StatusConflict, Page: basketHTML(p)}
}

// deliveryPage is the dates to choose from.
type deliveryPage struct {
	frame
	Where   whereForm
	Asked   bool // a place was typed, and dates came
	Days    []optionCard
	Slots   []slotDay
	Refused []reason
	Method  string // of the figures of CO2e
	Ready   bool   // the details are known: a date leads to the last look
	Action  string
	Kept    []hidden // what was typed
	Value   string
}

// hidden is a field that travels with a form.
type hidden struct{ Name, Value string }

// askDelivery asks where to, and shows what can be promised there.
func askDelivery(v *visit) (ui.Answer, error) {
	if v.basket.count() == 0 {
		return toBasket(v)
	}
	return v.delivery(details{}, notice{}), nil
}

// againDelivery is for whoever typed their details already and wants another date.
func againDelivery(v *visit) (ui.Answer, error) {
	if v.basket.count() == 0 {
		return v.emptied(), nil
	}
	return v.delivery(v.details(), notice{}), nil
}

// notice is why a page is shown that was not asked for.
type notice struct {
	status   int
	sentence string
}

// delivery is the page of dates, for somebody whose details may be known: then
// they travel along, and a date leads to the last look.
func (v *visit) delivery(d details, n notice) ui.Answer {
	p := deliveryPage{
		frame: v.measured("delivery", v.frame(v.say("shop.delivery", nil), 2)), Where: v.asking("/livraison"),
		Ready: d.given(), Action: v.path("/coordonnees"), Value: v.amount(v.basket.value(v.shop)), Kept: v.placeFields(),
	}
	if p.Ready {
		p.Action, p.Where.Kept = v.path("/verification"), d.hidden()
		p.Kept = append(p.Kept, d.hidden()...)
	}
	if n.sentence != "" {
		p.tell(ui.Care, n.sentence)
	}
	a := ui.Answer{Status: n.status}
	switch {
	case v.to.wrong != nil:
		a.Status = http.StatusUnprocessableEntity
	case v.to.asked && n.status != http.StatusServiceUnavailable:
		a.Status = max(a.Status, p.fill(v))
	}
	a.Page = deliveryHTML(p)
	return a
}

// fill puts the dates for a place on the page, or why there are none.
func (p *deliveryPage) fill(v *visit) (status int) {
	q, err := v.quote(v.basket, "")
	if err != nil {
		p.Where.Trouble = v.trouble(err)
		return http.StatusServiceUnavailable
	}
	p.Asked = true
	p.Days, p.Slots = v.sorted(q, v.field("option"))
	p.Refused = v.reasons(q)
	if len(q.Options) > 0 {
		p.Method = q.Options[0].CO2e.Method
	}
	return 0
}

// placeFields is the destination as a form carries it.
func (v *visit) placeFields() []hidden {
	return []hidden{{"pays", v.to.Country}, {"cp", v.to.Postcode}}
}

// trouble says why there are no dates: the words of the API where it refuses what
// was asked, ours where it does not answer.
func (v *visit) trouble(err error) string {
	var no *refusal
	if errors.As(err, &no) && !errors.Is(err, errDown) && no.Detail != "" && no.Status == http.StatusUnprocessableEntity {
		return no.Detail
	}
	return v.say("shop.down", nil)
}
