package app

import (
	"maps"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/colissimo"
	"github.com/promesse-dev/promesse/internal/carrier/mondialrelay"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/carrier/simulated"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// carrierAdapters speak to the carriers' own services; the shop's own couriers have
// none, and are spoken to by webhook.
func carrierAdapters() carrier.Adapters {
	return carrier.Adapters{mondialrelay.Key: mondialrelay.New(), colissimo.Key: colissimo.New(), ownfleet.Adapter: ownfleet.Couriers{}}
}

// changers are the adapters, with those that need no account: whoever speaks our own
// words can be asked for a change.
func changers(as carrier.Adapters) carrier.Adapters {
	all := maps.Clone(as)
	for name, by := range map[string]any{simulated.Adapter: simulated.Dispatcher{}, ownfleet.Adapter: ownfleet.Couriers{}} {
		if _, asks := carrier.As[carrier.Changer](as, name); !asks {
			all[name] = by
		}
	}
	return all
}

// adaptersAt speak to simulators, each under an address: scheme and host.
func adaptersAt(mondialRelay, colis string) carrier.Adapters {
	return carrier.Adapters{
		mondialrelay.Key: mondialrelay.At(mondialrelay.Hosts{
			SOAP: mondialRelay + "/Web_Services.asmx", Site: mondialRelay, API: mondialRelay + "/api/shipment",
		}),
		colissimo.Key:    colissimo.Adapter{Base: colis},
		ownfleet.Adapter: ownfleet.Couriers{},
	}
}

// adapterParsers read what their Track brings home.
func adapterParsers() carrier.Registry {
	return carrier.Registry{mondialrelay.Key: mondialrelay.Parse, colissimo.Key: colissimo.Parse}
}

// reachOf tells over which connections labels can be made, and from where.
func reachOf(p Parts) returns.Reach {
	return func(tx *db.Tx, m ident.Merchant, by ident.Connection, r fact.Route, country string) (carrier.Offer, bool, error) {
		return p.Adapters.Serves(tx, p.Vault, m, by, r, country)
	}
}
