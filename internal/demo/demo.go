// Package demo is a simulated world around the product: two shops, the people
// who buy from them, and a carrier that is sometimes late, sometimes silent and
// sometimes wrong. It lives behind "promesse demo", over real HTTP and beside
// the machine's clock, and behind "promesse simulate", in one process that dies
// and starts again while time jumps from one due thing to the next.
//
// The world acts through the API with keys, as real shops and carriers do;
// nothing here touches a room, except to open the shops. What is still to be
// done stands in the world's agenda, written with what it follows from; so the
// world goes on after a restart or a kill, doing each thing at least once,
// under the same Idempotency-Key.
//
// What happens to an order is a function of (seed, shop, number) alone, drawn
// when it is placed, however often the process died meanwhile.
//
// It stores the demo's shops and the agenda. It emits no fact and hears none.
// It deliberately knows nothing of the application it runs in: app hands it a
// client, or a way to start a process.
package demo

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Options are what makes one world differ from another.
type Options struct {
	Seed    uint64
	Volume  float64 // orders a shop expects on a day of the world; 0 is DefaultVolume
	Conduct Conduct // how well shops and carrier work; the zero value is Honest
	Hands   int     // things done at the same time; 0 is one after the other
	Days    int     // after so many days nobody orders any more; 0 is never
}

// DefaultVolume makes two orders a world hour between the two shops, by day and night.
const DefaultVolume = 40

// World acts: it does what its agenda says is due. Step and Advance may be
// called from several goroutines, they take turns.
type World struct {
	opt   Options
	shops map[ident.Merchant]*shop
	seen  *witness // what was acknowledged, for the simulation; nil in the demo

	turn sync.Mutex
	flow *flow.Flow
	next civil.Instant // the first due instant in the agenda, as far as we know; 0 is ask
}

// New puts a world around an application: client and base are where it answers,
// such as http.DefaultClient and "http://127.0.0.1:8080". The shops are those
// that Setup opened.
func New(f *flow.Flow, shops Shops, door Door, opt Options) *World {
	if opt.Volume == 0 {
		opt.Volume = DefaultVolume
	}
	if opt.Conduct.Fates == nil {
		opt.Conduct = Honest()
	}
	w := &World{opt: opt, flow: f, shops: map[ident.Merchant]*shop{}}
	for _, s := range shops {
		w.shops[s.Merchant] = &shop{
			Shop: s, trade: trades[s.Slug], days: calendarsOf(trades[s.Slug]),
			selling:  api{Client: door.Client, Base: door.Base, Key: s.Seller},
			carrying: api{Client: door.Client, Base: door.Base, Key: s.Carrier},
		}
	}
	return w
}

// Door is where the application answers.
type Door struct {
	Client *http.Client
	Base   string // scheme and host
}

// answerTime bounds how long the world waits for the application.
const answerTime = 30 * time.Second

// DoorAt is the application served at an address.
func DoorAt(base string) Door { return Door{Client: &http.Client{Timeout: answerTime}, Base: base} }

// shop is one of the world's shops, at work.
type shop struct {
	Shop
	trade    trade
	days     calendars
	selling  api // as the shop's own server
	carrying api // as its carrier
}

// dice are the randomness of one thing of one shop, the same whenever it is asked for.
func (w *World) dice(s *shop, thing string, number int) dice {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%s/%d", s.Slug, thing, number)
	return dice{rand.New(rand.NewPCG(w.opt.Seed, h.Sum64()))}
}

// inOrder is the shops, always in the same order.
func (w *World) inOrder() []*shop {
	return slices.SortedFunc(maps.Values(w.shops), func(a, b *shop) int { return strings.Compare(a.Slug, b.Slug) })
}

// moveTo makes the world write its agenda through another process of the application.
func (w *World) moveTo(f *flow.Flow) {
	w.turn.Lock()
	defer w.turn.Unlock()
	w.flow, w.next = f, 0
}
