package shop

import (
	"context"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// wondering asks how articles could come back, before they are bought.
type wondering struct {
	Country string `json:"country"`
	Lines   []sold `json:"lines"`
}

// backTerms are what the API says of one.
type backTerms struct {
	Days     int        `json:"days"`
	Until    *civil.Day `json:"until"`
	Excluded string     `json:"excluded"`
	Withdraw int        `json:"withdraw_days"`
	Law      string     `json:"excluded_by_law"`
	Process  int        `json:"process_days"`
	Ways     []backWay  `json:"ways"`
}

type backWay struct {
	Route  string       `json:"route"`
	Unless string       `json:"unless"`
	Price  money.Amount `json:"price"`
}

// before asks for the terms of some articles.
func (a api) before(ctx context.Context, w wondering) ([]backTerms, error) {
	var all struct {
		Items []backTerms `json:"items"`
	}
	err := a.do(ctx, request{method: http.MethodPost, path: "/returns/terms", body: w}, &all)
	return all.Items, err
}

// backCard is what an article's page says of sending it back: before it is bought.
type backCard struct {
	Texts []string
	Ways  []string
	Find  string // path of the page that finds an order again
}

// backTime bounds the wait for it: the page goes without, rather than late.
const backTime = 2 * time.Second

// backCard asks how an article could come back. When nobody answers, the page
// goes without.
func (v *visit) backCard(one catalogue.Variant) *backCard {
	ctx, done := context.WithTimeout(v.Context(), backTime)
	defer done()
	alone := basket{items: []item{{one.Code(), 1}}}
	all, err := v.api().before(ctx, wondering{Country: v.shop.Country, Lines: alone.lines(v.shop, v.locale)})
	if err != nil || len(all) != 1 {
		v.Log.Warn("shop: nobody says how it comes back", "shop", v.shop.Slug, "err", err)
		return nil
	}
	return v.backWords(all[0])
}

func (v *visit) backWords(t backTerms) *backCard {
	c := &backCard{Find: "/suivi"}
	say := func(text string) { c.Texts = append(c.Texts, text) }
	switch {
	case t.Excluded != "":
		say(v.say("shop.back_excluded", map[string]any{"Why": v.backWhy(t.Excluded)}))
	case t.Until != nil:
		say(v.say("shop.back_until", map[string]any{"Days": t.Days, "Day": *t.Until}))
	default:
		say(v.say("shop.back_days", map[string]any{"Days": t.Days}))
	}
	if t.Law != "" {
		say(v.say("shop.back_law_not", map[string]any{"Case": t.Law}))
	} else {
		say(v.say("shop.back_law", map[string]any{"Days": t.Withdraw}))
	}
	say(v.say("shop.back_fault", nil))
	if t.Excluded != "" {
		return c
	}
	say(v.say("shop.back_money", map[string]any{"Days": t.Process}))
	for _, w := range t.Ways {
		c.Ways = append(c.Ways, v.backWay(w))
	}
	return c
}

// backWay is a way back and its price, or why it is not offered.
func (v *visit) backWay(w backWay) string {
	price := v.say("back.free", nil)
	if w.Price.Minor > 0 {
		price = lang.Amount(v.locale, w.Price)
	}
	if w.Unless != "" {
		price = v.backUnless(w.Unless)
	}
	return v.say("shop.back_way", map[string]any{"Way": v.backRoute(w.Route), "Price": price})
}

func (v *visit) backRoute(route string) string {
	switch route {
	case "relay":
		return v.say("back.route_relay", nil)
	case "post":
		return v.say("back.route_post", nil)
	case "store":
		return v.say("back.route_store", nil)
	case "pickup":
		return v.say("back.route_pickup", nil)
	case "own_way":
		return v.say("back.route_own_way", nil)
	}
	return route
}

// backWhy is why an article does not come back; the shop's own code where we have
// no words.
func (v *visit) backWhy(code string) string {
	switch code {
	case "perishable":
		return v.say("back.excluded_perishable", nil)
	case "personalised":
		return v.say("back.excluded_personalised", nil)
	case "hygiene_opened":
		return v.say("back.excluded_hygiene", nil)
	case "digital":
		return v.say("back.excluded_digital", nil)
	}
	return code
}

func (v *visit) backUnless(code string) string {
	switch code {
	case "dangerous":
		return v.say("shop.back_dangerous", nil)
	case "bulky", "too_large":
		return v.say("shop.back_bulky", nil)
	case "too_heavy":
		return v.say("shop.back_heavy", nil)
	}
	return v.say("shop.back_not", nil)
}
