package erasure

import (
	"log/slog"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// KeepRaw is for how long raw content is kept where the installation does not say. It
// follows from no law: it is long enough for what people and carriers usually still
// ask about a delivery.
const KeepRaw = 180 * 24 * time.Hour

// again is when content that is still needed is looked at once more.
const again = 24 * time.Hour

// Keeping empties what came in and was understood, once it is old: its row, its hash,
// when it came and what was read in it stay. While a question about an order or its
// shopper waits, a claim or a dispute is open, or an incident runs that began before it
// came, it stays whole.
type Keeping struct {
	For time.Duration // at least a day
	Log *slog.Logger
}

// Sweeps are what the clock is asked for: what carriers sent, and then mails and the
// photos that no row speaks of.
func (k Keeping) Sweeps() []flow.Sweep {
	return []flow.Sweep{
		{Name: "erasure.Payloads", Find: k.old(tracking.Aged), Next: k.next(tracking.Oldest), Do: k.payloads},
		{Name: "erasure.Papers", Find: k.old(blob.Aged), Next: k.next(blob.Oldest), Do: k.papers},
	}
}

// old finds what grew old in full days, so that there is work, and a line in the log,
// once a day and not each second.
func (k Keeping) old(aged func(*db.Tx, civil.Instant, int) ([]flow.Due, error)) func(*db.Tx, civil.Instant, int) ([]flow.Due, error) {
	return func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
		return aged(tx, now.Add(-k.For).Day(time.UTC).Start(time.UTC), limit)
	}
}

func (k Keeping) next(oldest func(*db.Tx) (civil.Instant, error)) func(*db.Tx) (civil.Instant, error) {
	return func(tx *db.Tx) (civil.Instant, error) {
		at, err := oldest(tx)
		if at == 0 || err != nil {
			return 0, err
		}
		return (at - 1).Day(time.UTC).End(time.UTC).Add(k.For), nil
	}
}

func (k Keeping) payloads(tx *flow.Tx, m ident.Merchant, ids []string) error {
	now, err := unfinished(tx.Tx, m)
	if err != nil {
		return err
	}
	parcels, err := now.parcels(tx.Tx, m)
	if err != nil {
		return err
	}
	stayed, err := tracking.Empty(tx, m, named[ident.Raw](ids), tracking.Needed{Parcels: parcels, Since: now.since}, tx.Now.Add(again-k.For))
	if err == nil {
		k.Log.Info("old payloads of carriers", "merchant", m, "emptied", len(ids)-stayed, "still needed", stayed)
	}
	return err
}

func (k Keeping) papers(tx *flow.Tx, m ident.Merchant, ids []string) error {
	now, err := unfinished(tx.Tx, m)
	if err != nil {
		return err
	}
	stayed, err := blob.Empty(tx, m, named[ident.Blob](ids), blob.Needed{About: now.shoppers, Since: now.since}, tx.Now.Add(again-k.For))
	if err == nil {
		k.Log.Info("old mails, and photos nothing refers to", "merchant", m, "emptied", len(ids)-stayed, "still needed", stayed)
	}
	return err
}

func named[T ~string](ids []string) []T {
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = T(id)
	}
	return all
}

// business is what a shop's people have not done with.
type business struct {
	orders   []ident.Order
	shoppers []ident.Shopper
	since    civil.Instant // when the first of the incidents that run began; 0: none runs
}

func unfinished(tx *db.Tx, m ident.Merchant) (b business, err error) {
	asked, err := desk.Unsettled(tx, m)
	if err != nil {
		return b, err
	}
	for _, of := range asked {
		b.add(of.Order, of.Shopper)
	}
	contested, err := returns.Contested(tx, m)
	if err != nil {
		return b, err
	}
	for _, of := range contested {
		b.add(of.Order, of.Shopper)
	}
	running, err := promise.Current(tx, m)
	for _, i := range running {
		from := i.From.Start(time.UTC).Add(-24 * time.Hour) // a day begins earlier in the east
		if i.Ended == 0 && (b.since == 0 || from < b.since) {
			b.since = from
		}
	}
	return b, err
}

func (b *business) add(o ident.Order, s ident.Shopper) {
	if o != "" && !slices.Contains(b.orders, o) {
		b.orders = append(b.orders, o)
	}
	if s != "" && !slices.Contains(b.shoppers, s) {
		b.shoppers = append(b.shoppers, s)
	}
}

// parcels are those of the orders.
func (b business) parcels(tx *db.Tx, m ident.Merchant) (all []ident.Parcel, err error) {
	for part := range slices.Chunk(b.orders, pageOf) {
		of, err := order.Parcels(tx, m, part)
		if err != nil {
			return nil, err
		}
		for _, parcels := range of {
			for _, p := range parcels {
				all = append(all, p.ID)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}
