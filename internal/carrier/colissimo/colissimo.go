// Package colissimo speaks to Colissimo (La Poste group): labels of parcels on
// their way back, printed at home or at the counter, the places of its network,
// and what became of a parcel.
//
// Labels come from SLS 2.0 (REST): the answer is multipart, its description in
// JSON beside the document. A return within France is product CORE, handed in at
// a post office or a relay. Whoever has no printer gets a token, which the
// counter prints the label from; only accounts with that option may ask for one.
//
// The shopper's e-mail and telephone are not sent: a return is handed in without
// them. A label can not be taken back, only left unused. The package stores
// nothing, emits and hears no fact. It deliberately does not fetch parcels from
// letter boxes, nor return from abroad: both need more than one call and a
// customs declaration.
//
// Sources: the project's notes on carriers, sections 1.2 to 1.4, from the
// carrier's own shop plug-in (state of March 2026).
package colissimo

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Key is the adapter's in the registry, and its network's name among the points.
const Key = "colissimo"

// Live is where the services are.
const Live = "https://ws.colissimo.fr"

// Adapter is Labels, Points, Tracker and AccountHolder.
type Adapter struct {
	Base string // of all services
}

// New speaks to the carrier's own host.
func New() Adapter { return Adapter{Live} }

// The paths of the services, below Base.
const (
	pathLabel  = "/sls-ws/SlsServiceWSRest/2.0/generateLabel"
	pathToken  = "/sls-ws/SlsServiceWSRest/2.0/generateToken"
	pathTrack  = "/tracking-timeline-ws/rest/tracking/timelineCompany"
	pathPoints = "/pointretrait-ws-cxf/rest/v2/pointretrait/findRDVPointRetraitAcheminement"
)

// The names of what an account is made of.
const (
	apiKey   = "api_key"
	contract = "contract_number"
	password = "password"
	account  = "account_number"
	token    = "return_token" // "yes": the account has the option optionRetourToken
	caller   = "ip"           // the address that tracking is asked from, which the service wants to know
)

// AccountFields is carrier.AccountHolder: a key, or a contract's number and
// password, which the older way still takes.
func (Adapter) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{
		{Name: apiKey, Unless: contract, Secret: true},
		{Name: contract, Form: `[0-9]{5,10}`},
		{Name: password, With: contract, Secret: true},
		{Name: account, Form: `[0-9]{5,10}`},
		{Name: token, Form: `yes|no`},
		{Name: caller, Form: `[0-9a-fA-F.:]{2,45}`},
	}
}

// maxInsured is the cover that can be bought for a return, in cents.
const (
	maxInsured = 5_000_00
	maxGrams   = 30_000
	minGrams   = 10
)

// Offer is carrier.Labels: returns within France, at a post office or a relay.
func (Adapter) Offer(a carrier.Account, r fact.Route, country string) (carrier.Offer, bool) {
	if country != "FR" || r != fact.BackByPost && r != fact.BackByRelay {
		return carrier.Offer{}, false
	}
	o := carrier.Offer{
		Formats:  []carrier.LabelFormat{carrier.PDFA4, carrier.PDF10x15, carrier.ZPL},
		MinGrams: minGrams, MaxGrams: maxGrams, MaxInsured: money.Of(maxInsured, money.EUR),
	}
	if a.Field(token) == "yes" {
		o.Formats = carrier.LabelFormats
	}
	return o, true
}

// tag names a request to the carrier: the same each time the same label is asked
// for, so that two made by accident can be told from two parcels.
func tag(r carrier.LabelRequest) string {
	sum := sha256.Sum256([]byte(r.Key))
	return base32.StdEncoding.EncodeToString(sum[:])[:12]
}

// line makes text of one line, of so many characters at most; whole words are
// kept while they fit.
func line(s string, limit int) string {
	runes := []rune(carrier.Said(s))
	if len(runes) <= limit {
		return string(runes)
	}
	head := string(runes[:limit+1])
	if cut := strings.LastIndexByte(head, ' '); cut > 0 {
		return head[:cut]
	}
	return string(runes[:limit])
}

// loose is a value that the services write as text or as a number, as they like.
type loose string

// UnmarshalJSON takes either, and null for nothing.
func (l *loose) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if len(b) > 0 && b[0] != '"' {
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		*l = loose(n)
		return nil
	}
	var s string
	err := json.Unmarshal(b, &s)
	*l = loose(strings.TrimSpace(s))
	return err
}
