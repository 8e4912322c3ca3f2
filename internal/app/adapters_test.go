package app

import (
	"maps"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/core/civil"
	colissimosim "github.com/promesse-dev/promesse/internal/demo/carriers/colissimo"
	mondialrelaysim "github.com/promesse-dev/promesse/internal/demo/carriers/mondialrelay"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Each adapter makes labels and says what account it wants; one that brings answers
// home has somebody who reads them. The shop's own couriers tell by themselves, and
// have no points.
func TestAdaptersAreWhole(t *testing.T) {
	for _, as := range []carrier.Adapters{carrierAdapters(), adaptersAt("http://127.0.0.1:1", "http://127.0.0.1:2")} {
		for name := range as {
			_, labels := carrier.As[carrier.Labels](as, name)
			_, points := carrier.As[carrier.Points](as, name)
			_, tracks := carrier.As[carrier.Tracker](as, name)
			holder, holds := carrier.As[carrier.AccountHolder](as, name)
			away := name != ownfleet.Adapter
			if !labels || points != away || tracks != away || !holds || len(holder.AccountFields()) == 0 {
				t.Errorf("%s: labels %v, points %v, tracking %v, account %v", name, labels, points, tracks, holds)
			}
			if _, reads := adapterParsers()[name]; reads != away {
				t.Errorf("%s: read by its adapter %v", name, reads)
			}
			if _, reads := carriers()[name]; !reads {
				t.Errorf("nobody reads what %s says", name)
			}
		}
		missing := slices.DeleteFunc(slices.Collect(maps.Keys(adapterParsers())), func(name string) bool { _, there := as[name]; return there })
		if d := cmp.Diff([]string{}, missing); d != "" {
			t.Error(d)
		}
	}
}

// Over the network as the demo has it: simulators on this machine, named to egress.
func TestSimulatorsAreSpokenTo(t *testing.T) {
	now := func() civil.Instant { return civil.At(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)) }
	relays := httptest.NewUnstartedServer(nil)
	base := "http://" + relays.Listener.Addr().String()
	relays.Config.Handler = mondialrelaysim.New(mondialrelaysim.Options{
		Now: now, Zone: time.UTC, Base: base, Brand: "BDTEST13", Key: "k", Login: "l", Password: "p", Customer: "BDTEST13",
	})
	relays.Start()
	defer relays.Close()
	post := httptest.NewServer(colissimosim.New(colissimosim.Options{Now: now, Zone: time.UTC, Key: "k"}))
	defer post.Close()
	out := egress.New(egress.Options{Wall: now, Own: []netip.AddrPort{
		netip.MustParseAddrPort(relays.Listener.Addr().String()), netip.MustParseAddrPort(post.Listener.Addr().String()),
	}})
	accounts := map[string]map[string]string{
		"mondial_relay": {"brand": "BDTEST13", "key": "k", "login": "l", "password": "p", "customer_id": "BDTEST13"},
		"colissimo":     {"api_key": "k"},
	}
	end := func(name, postcode, city string) carrier.Contact {
		return carrier.Contact{Address: order.Address{Name: name, Street: "1 rue du Quai", Postcode: postcode, City: city, Country: "FR"}}
	}
	as := adaptersAt(base, post.URL)
	for name, fields := range accounts {
		labels, _ := carrier.As[carrier.Labels](as, name)
		l, err := labels.Label(t.Context(), out, carrier.Connection{ID: "con_1"}, carrier.Account{Fields: fields}, carrier.LabelRequest{
			Key: "k", Reference: "R-1", Route: fact.BackByRelay, Format: carrier.PDF10x15, Grams: 500, Ready: now().Day(time.UTC),
			From: end("Camille", "69001", "Lyon"), To: end("Dépôt", "45770", "Saran"),
		})
		if err != nil || l.Number == "" || !carrier.WholePDF(l.Document) {
			t.Errorf("%s: %s, %d bytes: %v", name, l.Number, len(l.Document), err)
		}
	}
}
