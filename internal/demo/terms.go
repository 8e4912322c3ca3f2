package demo

import (
	_ "embed"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
)

// terms are how a shop takes things back.
type terms struct {
	share   float64    // of the orders of which something comes back, on an ordinary day
	by      []*network // over which; nil: nothing is sent, what is broken is kept
	policy  string     // in CEL; empty: the one that promesse ships
	reasons []returns.Reason
	why     []share[string] // of its shoppers, by code
	stores  []store
}

// store is where a shop takes things back by hand.
type store struct{ code, name, street, postcode, city, hours string }

// The return policies of shops that wrote their own.
var (
	//go:embed fil-et-saison.returns.cel
	untilJanuary string
	//go:embed volt-et-cie.returns.cel
	lookedAt string
	//go:embed perishable.returns.cel
	nothingFresh string
)

// notice is what all of them tell before the purchase.
const notice = "Vous pouvez vous rétracter pendant quatorze jours après réception, sans motif. " +
	"Vous payez le renvoi quand il n'est pas offert ; le remboursement suit le renvoi, par le moyen qui a payé."

// mediator is whom a shopper may call upon; invented, as all of it.
const mediator = "Médiation du commerce de démonstration, mediation.example"

// sizes are the reasons of a shop that sells clothes: the usual ones, and two for one.
func sizes() []returns.Reason {
	all := slices.DeleteFunc(returns.DefaultReasons(), func(r returns.Reason) bool { return r.Taxon == returns.WrongSize })
	return append([]returns.Reason{
		{Code: "too_small", Taxon: returns.WrongSize, Words: returns.Words{French: "trop petit", English: "too small"}},
		{Code: "too_large", Taxon: returns.WrongSize, Words: returns.Words{French: "trop grand", English: "too large"}},
	}, all...)
}

// Why shoppers send things back, by shop.
var (
	misfits = []share[string]{
		{"too_small", 30},
		{"too_large", 24},
		{"no_longer_needed", 20},
		{"not_as_described", 12},
		{"arrived_late", 6},
		{"damaged", 4},
		{"defective", 4},
	}
	whims = []share[string]{
		{"no_longer_needed", 40},
		{"not_as_described", 16},
		{"defective", 16},
		{"damaged", 12},
		{"arrived_late", 8},
		{"parts_missing", 8},
	}
	breakages = []share[string]{{"damaged", 70}, {"non_conforming", 20}, {"parts_missing", 10}}
)

// comesBack is how the shops of the catalogue take things back, by slug.
var comesBack = map[string]terms{
	"epicerie-bellecour": {share: 0.04, policy: nothingFresh, why: breakages},
	"fleurs-du-canal":    {share: 0.05, policy: nothingFresh, why: breakages},
	"fil-et-saison": {
		share: 0.26, by: []*network{relais, poste}, policy: untilJanuary, reasons: sizes(), why: misfits,
		stores: []store{
			{"ROUBAIX", "Fil & Saison, l'atelier", "12 rue du Four", "59100", "Roubaix", "Tu-Sa 10:00-19:00; PH off"},
			{"LYON", "Fil & Saison Lyon", "8 rue Victor-Hugo", "69002", "Lyon", "Mo 14:00-19:00; Tu-Sa 10:00-19:00; PH off"},
		},
	},
	"maison-aubepin": {
		share: 0.07, by: []*network{relais}, why: whims,
		stores: []store{{"BESANCON", "Maison Aubépin, le dépôt", "3 chemin du Moulin", "25000", "Besançon", "We-Sa 10:00-12:30,14:00-18:30; PH off"}},
	},
	"librairie-du-port": {share: 0.06, by: []*network{relais}, why: whims},
	"volt-et-cie":       {share: 0.11, by: []*network{relais, poste}, policy: lookedAt, why: whims},
}

// routes are the ways back for which a shop has labels.
func (t terms) routes(hauls []Haul) map[fact.Route]ident.Connection {
	over := map[*network]fact.Route{relais: fact.BackByRelay, poste: fact.BackByPost}
	out := map[fact.Route]ident.Connection{}
	for _, n := range t.by {
		for _, h := range hauls {
			if h.Carrier == n.slug {
				out[over[n]] = h.Connection
			}
		}
	}
	return out
}

// takeBack gives a shop what it needs to take things back: accounts, points,
// stores, and what it says of it all.
func (s *Shop) takeBack(tx *flow.Tx, t trade) error {
	for _, n := range t.back.by {
		if err := s.join(tx, n); err != nil {
			return err
		}
	}
	if err := s.promiseBack(tx, t); err != nil {
		return err
	}
	for _, at := range t.back.stores {
		if _, err := relay.SetStore(tx, s.Merchant, at.point()); err != nil {
			return err
		}
	}
	return nil
}

// join opens an account with a network, and brings in its list of points where
// nobody has. What the network knows the shop by is sealed by the application:
// the shop tells it there.
func (s *Shop) join(tx *flow.Tx, n *network) error {
	if !s.has(n.slug) {
		c, err := carrier.Connect(tx, s.Merchant, n.connection())
		if err != nil {
			return err
		}
		s.Hauls = append(s.Hauls, Haul{Carrier: n.slug, Connection: c.ID})
		if err := tx.Do(sqlInsertHaul, s.Merchant, n.slug, c.ID, ""); err != nil {
			return err
		}
		signing, err := plan(s.Merchant, toSign, n.slug, tx.Now, signature{n.slug, c.ID})
		if err != nil {
			return err
		}
		if err := enter(tx, signing); err != nil {
			return err
		}
	}
	known, err := relay.List(tx.Tx, n.adapter, "", 1)
	if err != nil || len(known) > 0 {
		return err
	}
	_, err = relay.Feed(tx, s.Merchant, n.adapter, n.listed(tx.Now.Day(paris)), true)
	return err
}

// promiseBack writes what the shop says of returns, as far as it has not yet.
func (s *Shop) promiseBack(tx *flow.Tx, t trade) error {
	_, ruled, err := merchant.PolicyOf(tx.Tx, s.Merchant, returns.Topic)
	if err != nil || ruled {
		return err
	}
	source := t.back.policy
	if source == "" {
		source = returns.Default
	}
	if err := returns.CheckPolicy(source); err != nil {
		return err
	}
	if _, err := merchant.SetPolicy(tx, s.Merchant, returns.Topic, source); err != nil {
		return err
	}
	if _, err := returns.SetNotice(tx, s.Merchant, notice); err != nil {
		return err
	}
	return returns.SetConditions(tx, s.Merchant, t.conditions(s.Hauls))
}

// conditions are how the shop runs its returns.
func (t trade) conditions(hauls []Haul) returns.Conditions {
	c := returns.DefaultConditions()
	if t.back.reasons != nil {
		c.Reasons = t.back.reasons
	}
	c.Covers = map[fact.Route][]returns.Cover{}
	c.Carriers, c.Stores, c.Mediator = t.back.routes(hauls), len(t.back.stores) > 0, mediator
	for route := range c.Carriers {
		c.Covers[route] = []returns.Cover{{UpTo: 100_00, Price: 150}, {UpTo: 500_00, Price: 400}}
	}
	c.Warehouse = carrier.Contact{
		Address: order.Address{Name: t.Name + ", retours", Street: "1 rue de l'Entrepôt", Postcode: t.Postcode, City: t.City, Country: t.Country},
		Email:   "retours@" + t.Slug + ".example",
	}
	return c
}

// point is a store as relay points are.
func (s store) point() relay.Point {
	return relay.Point{
		Code: s.code, Kind: relay.Store, Name: s.name, Street: s.street, Postcode: s.postcode, City: s.city, Country: "FR",
		Services: []string{relay.Send, relay.Collect}, Hours: openHours(s.hours),
	}
}
