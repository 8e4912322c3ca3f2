package lookup

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// How often a look-up may fail, in machine time. Five postcodes a parcel are no
// bar by themselves: the five most likely ones of a delivery centre hold about an
// eighth of its people. What bars a walk through the numbers is the shop's
// budget: of a hundred failures among ten thousand parcels, three or four hits.
const (
	parcelTries = 5 // of one parcel, from wherever
	parcelTime  = 24 * time.Hour

	networkTries = 20 // from one network: a /24, or a /56 of IPv6
	networkTime  = time.Hour

	shopShare = 100 // one failure a day in so many parcels of the last thirty days
	shopLeast = 10  // failures a day, however small the shop
	shopTime  = 24 * time.Hour
	shopDays  = 30 * 24 * time.Hour

	maxNetworks = 10_000 // remembered at once
)

// guard counts the look-ups that failed. It counts in this process: a restart
// forgets the day, and each node of several counts for itself, so that n nodes
// let through n times as much. It is safe for concurrent use.
type guard struct {
	flow  *flow.Flow
	log   *slog.Logger
	share int // shopShare; tests take it away

	mu       sync.Mutex
	networks map[netip.Prefix]recent
	parcels  map[ident.Parcel]recent
	shops    map[ident.Merchant]budget

	counting sync.Mutex
	counted  civil.Instant
	volumes  map[ident.Merchant]int // parcels of the last thirty days
}

// budget is the failures of one shop's day.
type budget struct {
	since   civil.Instant
	misses  int
	alarmed bool
}

func newGuard(f *flow.Flow, log *slog.Logger) *guard {
	return &guard{
		flow: f, log: log, share: shopShare,
		networks: map[netip.Prefix]recent{}, parcels: map[ident.Parcel]recent{}, shops: map[ident.Merchant]budget{},
		volumes: map[ident.Merchant]int{},
	}
}

// recent is the last instants of something that is limited, the oldest first.
type recent []civil.Instant

// wait is how long until one more is within the limit; zero when it is.
func (r recent) wait(now civil.Instant, most int, in time.Duration) time.Duration {
	if len(r) < most {
		return 0
	}
	return max(0, in-now.Sub(r[len(r)-most]))
}

// add keeps as many as matter.
func (r recent) add(now civil.Instant, most int) recent {
	return append(r, now)[max(0, len(r)+1-most):]
}

// network is what one caller holds of addresses.
func network(a netip.Addr) netip.Prefix {
	bits := 56
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // callers without a readable address share one place
	}
	return p
}

// wait is how long a caller's network must wait; zero when it need not.
func (g *guard) wait(from netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.networks[network(from)].wait(g.flow.Clock().Wall(), networkTries, networkTime)
}

// opens reports whether a parcel may still be looked up.
func (g *guard) opens(m ident.Merchant, p ident.Parcel) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.flow.Clock().Wall()
	return g.parcels[p].wait(now, parcelTries, parcelTime) == 0 && !g.today(m, now).alarmed
}

// today is a shop's budget of the day that runs.
func (g *guard) today(m ident.Merchant, now civil.Instant) budget {
	b, open := g.shops[m]
	if !open || now.Sub(b.since) >= shopTime {
		return budget{since: now}
	}
	return b
}

// missed counts a look-up that failed: for the caller's network, and for the
// parcels that the number meant and their shops.
func (g *guard) missed(from netip.Addr, of []candidate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.flow.Clock().Wall()
	if len(g.networks) >= maxNetworks {
		g.forget(now)
	}
	g.networks[network(from)] = g.networks[network(from)].add(now, networkTries)
	for _, c := range of {
		b := g.today(c.merchant, now)
		if b.alarmed {
			continue // closed: nothing can be learned, and nothing is counted
		}
		g.parcels[c.parcel.ID] = g.parcels[c.parcel.ID].add(now, parcelTries)
		b.misses++
		if most := g.most(c.merchant); b.misses >= most {
			b.alarmed = true
			g.log.Warn("look-ups by number fail too often: the shop's parcels are closed to them for a day",
				"merchant", c.merchant, "failed", b.misses, "parcels", g.volumes[c.merchant])
		}
		g.shops[c.merchant] = b
	}
}

// most is how many look-ups of a shop's parcels may fail in a day.
func (g *guard) most(m ident.Merchant) int { return max(shopLeast, g.volumes[m]/g.share) }

// forget drops what does not count any more; when there are too many networks
// left, all of them: the budgets of parcels and shops go on.
func (g *guard) forget(now civil.Instant) {
	for n, r := range g.networks {
		if now.Sub(r[len(r)-1]) >= networkTime {
			delete(g.networks, n)
		}
	}
	if len(g.networks) >= maxNetworks {
		clear(g.networks)
	}
	for p, r := range g.parcels {
		if now.Sub(r[len(r)-1]) >= parcelTime {
			delete(g.parcels, p)
		}
	}
}

// manyShops is how many are counted at a time.
const manyShops = 100

// count counts the shops' parcels anew, once an hour: whoever asks first then
// waits for it, whatever they ask for.
func (g *guard) count(ctx context.Context) error {
	g.counting.Lock()
	defer g.counting.Unlock()
	now := g.flow.Clock().Wall()
	if !g.counted.IsZero() && now.Sub(g.counted) < networkTime {
		return nil
	}
	volumes := map[ident.Merchant]int{}
	err := g.flow.Read(ctx, func(tx *db.Tx) error {
		for last := ident.Merchant(""); ; {
			shops, err := merchant.List(tx, last, manyShops)
			if err != nil || len(shops) == 0 {
				return err
			}
			for _, s := range shops {
				if volumes[s.ID], err = order.Shipped(tx, s.ID, tx.Now.Add(-shopDays)); err != nil {
					return err
				}
			}
			last = shops[len(shops)-1].ID
		}
	})
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.volumes, g.counted = volumes, now
	return nil
}
