// Package demo is a simulated world around the product: six shops, the people
// who buy from them, and carriers that are sometimes late, sometimes silent,
// sometimes wrong, and in one case always slower than they say. Some of what they
// bring goes back, over networks that speak as real carriers do, and is opened,
// judged and paid; shoppers ask, claim, contest, answer and want things otherwise.
// It lives behind "promesse demo", over real HTTP and beside the
// machine's clock, and behind "promesse simulate", in one process that dies
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
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"maps"
	mathrand "math/rand/v2"
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
	Volume  float64 // orders the shops together expect on a day of the world; 0 is DefaultVolume
	Conduct Conduct // how well shops and carriers work; the zero value is Honest
	Hands   int     // things done at the same time; 0 is one after the other
	Days    int     // after so many days nobody orders any more; 0 is never
	Speed   float64 // at which Run lives, in world seconds per machine second
	Inbox   *Inbox  // where its shoppers' letters arrive; nil: they get none
}

// DefaultVolume makes four orders a world hour in all shops, by day and night.
const DefaultVolume = 96

// World acts: it does what its agenda says is due. Step and Advance may be
// called from several goroutines, they take turns.
type World struct {
	opt   Options
	shops map[ident.Merchant]*shop
	seen  *witness // what was acknowledged, for the simulation; nil in the demo

	mark     string                  // on its own requests
	networks map[string]http.Handler // servers of the carriers that bring back, by host
	texts    *gateway                // where SMS go
	crews    Crews                   // who go round; nil: couriers tell by the API
	van      Van                     // that somebody before a screen may drive; empty: nobody may
	pace     pace

	met     map[ident.Order]bool // those of people that were seen
	tended  map[tended]bool      // returns of people that were seen in a state
	paying  map[ident.Refund]bool
	greeted bool // people's orders were looked for since the start

	course sync.Mutex // of time: Step and Advance take turns
	turn   sync.Mutex // at the agenda, into which carriers write too when they are asked for a change
	flow   *flow.Flow
	next   civil.Instant // the first due instant in the agenda, as far as we know; 0 is ask
}

// New puts a world around an application: client and base are where it answers,
// such as http.DefaultClient and "http://127.0.0.1:8080". The shops are those
// that Setup opened.
func New(f *flow.Flow, shops Shops, door Door, opt Options) *World {
	w := Imagine(opt)
	w.Begin(f, shops, door)
	return w
}

// Imagine makes a world that has not begun: for an application that has to know
// the world around it before it is there itself.
func Imagine(opt Options) *World {
	if opt.Volume == 0 {
		opt.Volume = DefaultVolume
	}
	if opt.Conduct.Fates == nil {
		opt.Conduct = Honest()
	}
	return &World{
		opt: opt, texts: newGateway(), mark: rand.Text(), pace: pace{asked: opt.Speed, able: 1},
		shops: map[ident.Merchant]*shop{}, met: map[ident.Order]bool{}, tended: map[tended]bool{}, paying: map[ident.Refund]bool{},
	}
}

// Begin puts the world around an application. Nothing else may be asked of it before.
func (w *World) Begin(f *flow.Flow, shops Shops, door Door) {
	w.flow, w.networks = f, w.servers()
	for _, s := range shops {
		w.shops[s.Merchant] = newShop(s, func(key string) api {
			return api{Client: door.Client, Base: door.Base, Key: key, mark: w.mark}
		})
	}
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
	selling  api            // as the shop's own server
	depot    api            // as its warehouse
	desk     api            // as those who answer its shoppers
	chief    api            // as whoever looks at what they may not decide alone
	arbiter  api            // as whoever settles what is disputed
	carrying map[string]api // as its carriers, by slug; and as the gateway that carries texts
	points   ident.Service  // to relay points; empty: it has none
}

// newShop puts a shop to work; by is the application as the holder of a key sees it.
func newShop(s Shop, by func(key string) api) *shop {
	t := tradeOf(s.Slug)
	at := &shop{
		Shop: s, trade: t, days: calendarsOf(t), selling: by(s.Seller), depot: by(s.Depot), desk: by(s.Desk), chief: by(s.Chief),
		arbiter: by(s.Arbiter), carrying: map[string]api{textHost: by(TextToken)},
	}
	for _, h := range s.Hauls {
		at.carrying[h.Carrier] = by(h.Key)
	}
	return at
}

// volume is how many orders a shop expects on a day.
func (w *World) volume(s *shop) float64 {
	all := 0
	for _, other := range w.shops {
		all += other.trade.share
	}
	return w.opt.Volume * float64(s.trade.share) / float64(all)
}

// dice are the randomness of one thing of one shop, the same whenever it is asked for.
func (w *World) dice(s *shop, thing string, number int) dice {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%s/%d", s.Slug, thing, number)
	return dice{mathrand.New(mathrand.NewPCG(w.opt.Seed, h.Sum64()))}
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
