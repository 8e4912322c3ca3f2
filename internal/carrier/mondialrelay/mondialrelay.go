// Package mondialrelay speaks to Mondial Relay (InPost group): labels of parcels
// on their way back, the points of its network, and what became of a parcel.
//
// Two web services are spoken. The older one is SOAP, each request signed with
// an MD5 over its values; it gives points, tracking and PDF labels. The newer
// one, "dual carrier API v2", is XML with a login, and gives PDF, ZPL and QR
// codes; it is used for labels where the account has its credentials. A return
// is handed in at a relay and goes back to the merchant: ModeCol REL, ModeLiv LCC.
//
// Addresses are sent in capitals without accents, as the service wants them. The
// shopper's e-mail and telephone are not sent: a return is handed in without
// them. A label can not be taken back, only left unused. The package stores
// nothing, emits and hears no fact; it deliberately decides nothing either:
// whether a parcel may come back this way is the room of returns'.
//
// Sources: the project's notes on carriers, sections 2.1 and 2.2, with the
// recorded exchanges of akretion/roulier.
package mondialrelay

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Key is the adapter's in the registry, and its network's name among the points.
const Key = "mondial_relay"

// Hosts are the addresses of the services.
type Hosts struct {
	SOAP string // of Web_Services.asmx
	Site string // to which the addresses of PDF documents are relative
	API  string // of the shipments of API v2
}

// Live are the carrier's own.
var Live = Hosts{
	SOAP: "https://api.mondialrelay.com/Web_Services.asmx",
	Site: "https://www.mondialrelay.com",
	API:  "https://connect-api.mondialrelay.com/api/shipment",
}

// Sandbox is where v2 can be tried; the older services have none.
var Sandbox = Hosts{SOAP: Live.SOAP, Site: Live.Site, API: "https://connect-api-sandbox.mondialrelay.com/api/shipment"}

// Adapter is Labels, Points, Tracker and AccountHolder.
type Adapter struct {
	Live, Sandbox Hosts
}

// New speaks to the carrier's own hosts.
func New() Adapter { return Adapter{Live: Live, Sandbox: Sandbox} }

// At speaks to one place alone: a simulator's.
func At(h Hosts) Adapter { return Adapter{Live: h, Sandbox: h} }

// The names of what an account is made of.
const (
	brand       = "brand" // the carrier's "enseigne": two characters, then six
	key         = "key"
	login       = "login"
	password    = "password"
	customer    = "customer_id"
	environment = "environment"
	countries   = "countries"
)

// AccountFields is carrier.AccountHolder. Brand and key are of the older service;
// login, password and customer of the newer one, all three or none.
func (Adapter) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{
		{Name: brand, Required: true, Form: `[0-9A-Z]{2}[0-9A-Z ]{0,6}`},
		{Name: key, Required: true, Secret: true},
		{Name: login, With: password},
		{Name: password, With: customer, Secret: true},
		{Name: customer, With: login, Form: `[0-9A-Z ]{1,8}`},
		{Name: environment, Form: `live|sandbox`},
		{Name: countries, Form: `[A-Z]{2}(,[A-Z]{2})*`}, // from which it takes returns; France when silent
		{Name: insurance, Form: insuranceForm},
	}
}

func (ad Adapter) hosts(a carrier.Account) Hosts {
	if a.Field(environment) == "sandbox" {
		return ad.Sandbox
	}
	return ad.Live
}

// newer reports whether the account can use API v2.
func newer(a carrier.Account) bool {
	return a.Field(login) != "" && a.Field(password) != "" && a.Field(customer) != ""
}

// The weights that the services take, in grams.
const (
	minGrams   = 100
	minGramsV2 = 10
	maxGrams   = 30_000
)

// Offer is carrier.Labels: returns are handed in at a relay, and nowhere else.
func (Adapter) Offer(a carrier.Account, r fact.Route, country string) (carrier.Offer, bool) {
	served := "FR"
	if list := a.Field(countries); list != "" {
		served = list
	}
	if r != fact.BackByRelay || !slices.Contains(strings.Split(served, ","), country) {
		return carrier.Offer{}, false
	}
	_, most := level(a, money.Amount{})
	o := carrier.Offer{
		Formats: []carrier.LabelFormat{carrier.PDFA4, carrier.PDF10x15}, Points: true,
		MinGrams: minGrams, MaxGrams: maxGrams, MaxInsured: most,
	}
	if newer(a) {
		o.Formats, o.MinGrams = carrier.LabelFormats, minGramsV2
	}
	return o, true
}

// tag names a request to the carrier, in nine characters it allows: the same
// each time the same label is asked for, so that two made by accident can be told
// from two parcels.
func tag(r carrier.LabelRequest) string {
	sum := sha256.Sum256([]byte(r.Key))
	return base32.StdEncoding.EncodeToString(sum[:])[:9]
}
