package demo

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/demo/carriers/colissimo"
	"github.com/promesse-dev/promesse/internal/demo/carriers/mondialrelay"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Where the servers of the world's networks answer: hosts that are nobody's.
const (
	MondialRelay = "https://mondial-relay.example"
	Colissimo    = "https://colissimo.example"
)

// network is a carrier whose counters take parcels back. Unlike the carriers that
// deliver, it speaks as a real one does: labels are asked of its servers, and what
// it sees of a parcel comes in its own words.
type network struct {
	slug    string // in the agenda and in the demo's tables
	adapter string // and its name among the relay points
	name    string
	host    string
	account map[string]string // that the shops have with it
	takes   []share[int]      // working days of its own, from the counter to a warehouse
	words   map[string]saying // of our statuses
}

// saying is how a network says that something happened to a parcel.
type saying struct{ code, label string }

// glimpse is something that a network saw.
type glimpse struct {
	At     civil.Instant `json:"at"`
	Status string        `json:"status"` // ours
	Where  string        `json:"where,omitempty"`
	Point  string        `json:"point,omitempty"` // its number of the counter
}

// The steps of a parcel on its way.
const (
	handedIn = string(fact.PickedUp)
	moving   = string(fact.InTransit)
	arriving = string(fact.OutForDelivery)
	arrived  = string(fact.Delivered)
	atPoint  = string(fact.ReadyForPickup) // of one on its way to a shopper
)

// relais is the network of shops and lockers; its newer service makes codes that
// need no printer.
var relais = &network{
	slug: "mondial-relay", adapter: "mondial_relay", name: "Mondial Relay", host: hostOf(MondialRelay),
	account: map[string]string{
		"brand": "BDDEMO26", "key": "demo", "login": "demo", "password": "demo", "customer_id": "BDDEMO26", "countries": "FR,BE",
		"insurance": "1=50,2=125,3=250,4=375,5=500",
	},
	takes: []share[int]{{3, 40}, {4, 40}, {5, 20}},
	words: map[string]saying{
		handedIn: {label: "Prise en charge en Point Relais"}, moving: {label: "Colis en cours d'acheminement"},
		arriving: {label: "En cours de livraison"}, arrived: {label: "Livré au destinataire"},
		atPoint: {label: "Colis disponible dans votre Point Relais"},
	},
}

// poste is the post: its offices, and labels to print.
var poste = &network{
	slug: "colissimo", adapter: "colissimo", name: "Colissimo", host: hostOf(Colissimo),
	account: map[string]string{"api_key": "demo", "return_token": "yes"},
	takes:   []share[int]{{2, 50}, {3, 40}, {4, 10}},
	words: map[string]saying{
		handedIn: {"DEPGUI", "Votre colis a été déposé dans un point postal."}, moving: {"PCHTRI", "Votre colis est en cours d'acheminement."},
		arriving: {"PRELIV", "Votre colis est en cours de livraison."}, arrived: {"LIVCFM", "Votre colis a été livré."},
	},
}

// networks are the carriers that take parcels back, by slug.
var networks = map[string]*network{relais.slug: relais, poste.slug: poste}

func hostOf(address string) string { return strings.TrimPrefix(address, "https://") }

// connection is a shop's account with it.
func (n *network) connection() carrier.Connection {
	return carrier.Connection{Adapter: n.adapter, Name: n.name, StallAfter: carrier.DefaultStall, Zone: paris.String()}
}

// told is what the network says of a parcel so far, as its tracking service
// answers it.
func (n *network) told(number string, what []glimpse) []byte {
	if n == relais {
		events := make([]mondialrelay.Event, len(what))
		for i, g := range what {
			events[i] = mondialrelay.Event{Label: n.words[g.Status].label, At: g.At, Where: g.Where, Relay: g.Point}
		}
		return mondialrelay.Told(number, events, paris)
	}
	events := make([]colissimo.Event, len(what))
	for i, g := range what {
		events[i] = colissimo.Event{Code: n.words[g.Status].code, Label: n.words[g.Status].label, At: g.At, Site: g.Where}
	}
	return colissimo.Told(number, events, paris)
}

// servers are those of the networks, by host.
func (w *World) servers() map[string]http.Handler {
	now := func() civil.Instant { return w.flow.Clock().Now() }
	relay, post := relais.account, poste.account
	return map[string]http.Handler{
		relais.host: mondialrelay.New(mondialrelay.Options{
			Zone: paris, Now: now, Base: MondialRelay, Brand: relay["brand"], Key: relay["key"], Login: relay["login"],
			Password: relay["password"], Customer: relay["customer_id"], Points: relays(),
		}),
		poste.host: colissimo.New(colissimo.Options{Zone: paris, Now: now, Key: post["api_key"], Tokens: true, Points: offices()}),
	}
}
