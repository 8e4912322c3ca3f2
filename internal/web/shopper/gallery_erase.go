package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/web/lookup"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// erasing is what one is told before and after an erasure.
func erasing(loc lang.Locale, frame func(string) ui.Frame) (all []ui.Exhibit) {
	rd := lives(loc, byNoon).Reading
	var waits []string
	for _, why := range []erasure.Why{erasure.Delivery, erasure.Answer, erasure.Return, erasure.Refund} {
		waits = append(waits, holdWords(rd, erasure.Hold{Why: why, Order: "ord_1", Until: rd.Now.Add(48 * 3600e9)}, "E-1"))
		waits = append(waits, holdWords(rd, erasure.Hold{Why: why}, ""))
	}
	count := func(n int) string { return lang.N(loc, "erase.orders", n, nil) }
	ask := erasePage{Frame: frame("erase.title"), Shops: []erasable{
		{ID: "mer_1", Shop: "Épicerie du Canal", Count: count(12)}, {ID: "mer_2", Shop: "Papeterie Ainay", Count: count(1), Waits: waits},
	}}
	unsure := ask
	unsure.Wrong = []wrong{{"sure-mer_1", lang.T(loc, "erase.unsure", nil)}}
	none := erasePage{Frame: frame("erase.title")}
	said := func(key string) string { return lang.T(loc, key, map[string]any{"Shop": "Épicerie du Canal"}) }
	done := erasePage{Frame: frame("erase.done"), Done: []string{said("erase.done_at"), said("erase.done_waits")}}
	over := erasePage{Frame: frame("erase.done"), Done: []string{said("erase.done_at")}, Over: true}
	for _, p := range []*erasePage{&ask, &unsure, &none, &done, &over} {
		p.Look = backLook
	}
	return []ui.Exhibit{
		{Name: "erase", Page: spaceErase(ask)},
		{Name: "erase-unsure", Page: spaceErase(unsure)},
		{Name: "erase-none", Page: spaceErase(none)},
		{Name: "erased", Page: spaceErased(done)},
		{Name: "erased-everywhere", Page: spaceErased(over)},
		{Name: "space-no-network", Page: shellView(shellPage{frame("offline.title")})},
	}
}

// sharings are the links by which others see where a parcel is, and what they show.
func sharings(loc lang.Locale) []ui.Exhibit {
	d := sharing{lived: lives(loc, sent(fact.OutForDelivery))}
	fresh := d.sharePage()
	fresh.Fresh = "https://promesse.example/partage/aBcDeF-_1234567890abcd"
	d.made = []orders.Share{{ID: "sha_1", Parcel: d.outgoing()[0].ID, Made: d.Now, Ended: d.Now}, {ID: "sha_2", Parcel: d.outgoing()[0].ID, Made: d.Now}}
	made := d.sharePage()
	made.Noted = d.T("share.taken_back", nil)
	full := d.sharePage()
	full.Wrong = d.T("share.full", nil)
	none := sharing{lived: lives(loc)}.sharePage()
	frame := func(title string) ui.Frame {
		return ui.Frame{Locale: loc, Title: lang.T(loc, title, nil), Private: true, Look: look}
	}
	day := d.Day(civil.Day(d.Now.Day(d.Zone)))
	return []ui.Exhibit{
		{Name: "share", Page: shareView(fresh)},
		{Name: "share-made", Page: shareView(made)},
		{Name: "share-full", Page: shareView(full)},
		{Name: "share-none", Page: shareView(none)},
		{Name: "shared", Page: sharedView(sharedPage{Frame: frame("share.page"), Told: lookup.Told{Tone: ui.Calm, Milestone: lang.T(loc, "lookup.last_mile", nil), Day: day}})},
		{Name: "shared-over", Page: sharedView(sharedPage{Frame: frame("share.over")})},
	}
}
