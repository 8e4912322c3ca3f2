package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Van is a shop's round that somebody before a screen may drive. It is there in
// the demo alone: a simulated world has none.
type Van struct {
	Shop    ident.Merchant
	Courier ident.Member
	Name    string
	PIN     string // everybody knows it: it opens a world that is invented
}

// The round's courier, and whose it is.
const (
	driverName = "Samir Haddad"
	driverPIN  = "314159"
	driven     = "epicerie-bellecour"
)

// errNoDriver is what a demo is without the shop that has couriers.
var errNoDriver = errors.New("no shop of this world has a round to drive")

// OpenRound gives the grocer a courier whom somebody before a screen may be, if
// there is none yet.
func OpenRound(ctx context.Context, f *flow.Flow, v *vault.Vault, shops Shops) (n Van, err error) {
	i := slices.IndexFunc(shops, func(s Shop) bool { return s.Slug == driven })
	if i < 0 {
		return n, errNoDriver
	}
	n = Van{Shop: shops[i].Merchant, Name: driverName, PIN: driverPIN}
	err = f.One(ctx, flow.Installation, n.Shop, func(tx *flow.Tx) (err error) {
		n.Courier, err = courier(tx, v, n.Shop, driverName, driverPIN)
		return err
	})
	if err != nil {
		return n, fmt.Errorf("demo round: %w", err)
	}
	return n, nil
}

// maxLoad is how many stops somebody before a screen is given at most.
const maxLoad = 8

// nights is how many the world lives through at most until somebody has a round.
const nights = 4

// Load gives the van a round to drive: of today, or, where nothing of today is
// left, of the next morning on which there is one, to which the world hurries.
func (w *World) Load(ctx context.Context) error {
	for range nights {
		morning, left := local(w.flow.Clock().Now().Day(paris), hour(8)+5), 0
		if err := w.Advance(ctx, morning); err != nil { // nothing, when it is past
			return err
		}
		err := w.flow.One(ctx, flow.Installation, w.van.Shop, func(tx *flow.Tx) (err error) {
			left, err = w.load(tx)
			return err
		})
		if err != nil || left > 0 {
			return err
		}
		tomorrow := w.flow.Clock().Now().Day(paris) + 1
		if err := w.Advance(ctx, local(tomorrow, hour(8)+5)); err != nil {
			return err
		}
	}
	return nil
}

// load puts orders of today on the round, those whose slots are not over, packed
// early for it, and counts what is left to do on it.
func (w *World) load(tx *flow.Tx) (left int, err error) {
	n, today := w.van, tx.Now.Day(paris)
	places, err := lastmile.Places(tx.Tx, n.Shop, civil.Window{From: today.Start(paris), Until: today.End(paris)})
	if err != nil {
		return 0, err
	}
	for _, b := range places {
		if left >= maxLoad || b.Until <= tx.Now {
			continue
		}
		over, err := brought(tx.Tx, n.Shop, b.Order)
		if err != nil {
			return 0, err
		}
		if over {
			continue
		}
		if err := w.pack(tx, b.Order); err != nil {
			return 0, err
		}
		if err := lastmile.Assign(tx, n.Shop, b.Order, today, n.Courier); err != nil {
			return 0, err
		}
		left++
	}
	return left, nil
}

// pack announces the parcel of an order that is not packed yet, under the number
// that the shop will give it: announced again it is the same.
func (w *World) pack(tx *flow.Tx, id ident.Order) error {
	s := w.shops[w.van.Shop]
	of, err := order.Parcels(tx.Tx, w.van.Shop, []ident.Order{id})
	if err != nil || len(of[id]) > 0 {
		return err
	}
	o, err := order.Get(tx.Tx, w.van.Shop, id)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(o.Reference, s.trade.Prefix+"-"))
	if err != nil || s.reference(number) != o.Reference {
		return nil // of a person: packed when the shop does it
	}
	by, err := lastmile.Fleet(tx.Tx, w.van.Shop)
	if err != nil {
		return err
	}
	for c := range by {
		_, _, err := order.Announce(tx, w.van.Shop, order.NewParcel{Order: id, Connection: c, Number: s.parcelOf(number)})
		return err
	}
	return nil
}

// brought reports whether nothing of an order is left to bring.
func brought(tx *db.Tx, m ident.Merchant, o ident.Order) (bool, error) {
	of, err := order.Parcels(tx, m, []ident.Order{o})
	if err != nil || len(of[o]) == 0 {
		return false, err
	}
	var ids []ident.Parcel
	for _, p := range of[o] {
		ids = append(ids, p.ID)
	}
	stories, err := tracking.Stories(tx, m, ids)
	for _, id := range ids {
		if !tracking.Final(stories[id].Status) {
			return false, err
		}
	}
	return true, err
}

// back is when whatever is still in the van is told of by the world's own people.
const back = 20*60 + 30 // minute of the day

// held keeps a scan of a parcel that is in the van back until the evening: till
// then it is for whoever sits before the screen to say what became of it. What
// they said by then stands, and the scan is forgotten.
func (w *World) held(ctx context.Context, s *shop, e entry) (later []entry, held bool, err error) {
	if w.van.Courier == "" || w.van.Shop != s.Merchant || !s.trade.fleet.drives(e.voice) {
		return nil, false, nil
	}
	var told struct {
		Events []struct {
			Number string `json:"tracking_number"`
		} `json:"events"`
	}
	if err := json.Unmarshal(e.body, &told); err != nil || len(told.Events) == 0 {
		return nil, false, nil // nonsense is the API's to refuse
	}
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		done, driven, err := w.van.has(tx, told.Events[0].Number)
		until := local(tx.Now.Day(paris), back)
		held = driven && (done || tx.Now < until)
		if held && !done {
			e.id, e.due = e.id+"/held", until
			later = []entry{e}
		}
		return err
	})
	return later, held, err
}

// has reports whether a parcel is on the van's round of today, and whether its
// way is over.
func (n Van) has(tx *db.Tx, number string) (done, driven bool, err error) {
	holders, err := tracking.ByNumber(tx, number)
	if err != nil {
		return false, false, err
	}
	for _, h := range holders {
		if h.Merchant != n.Shop {
			continue
		}
		of, err := order.ParcelsByID(tx, n.Shop, []ident.Parcel{h.Parcel})
		if err != nil {
			return false, false, err
		}
		st, on, err := lastmile.StopFor(tx, n.Shop, of[h.Parcel].Order, tx.Now.Day(paris))
		if err != nil || !on || st.Courier != n.Courier {
			return false, false, err
		}
		stories, err := tracking.Stories(tx, n.Shop, []ident.Parcel{h.Parcel})
		return tracking.Final(stories[h.Parcel].Status), true, err
	}
	return false, false, nil
}

// Leave lets somebody before a screen drive a round: the world's own couriers do
// not take what is in that van.
func (w *World) Leave(n Van) { w.van = n }
