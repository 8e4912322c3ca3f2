// Package round is the courier's pages below /tournee, on a device of the shop's rounds:
// today's stops in the order of their slots, and at each of them what there is to know
// and to do.
//
// What a courier says of a stop is kept before it is understood. It then becomes
// what the shop's own couriers send: the same payload, kept by tracking as it came,
// read by the same parser, so that promises are judged as from any carrier. An
// order handed over before its slot without the shopper's consent breaks its
// promise; the page says so before, and asks for it to be meant.
//
// All of it works without script, as long as there is a network, but for signing
// on the screen. With script, a service worker keeps the round and its stops at
// hand for a shift without network; what is done then waits in the browser's
// database and is sent as often as it takes: the device's own name of it makes it
// one. What is kept of a round goes when its courier signs out.
//
// It plans no way through a town, and shows nothing of any other day.
package round

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Flow     *flow.Flow
	Vault    *vault.Vault
	Carriers carrier.Registry // who reads what couriers send
	Base     string           // address of the installation
	Log      *slog.Logger     // nil discards
	// Guests is the shop of the demo whose round whoever sits at this machine may
	// drive, and what puts orders on it; nil: nobody may.
	Guests func() (shop ident.Merchant, load func(context.Context) error)
}

type site struct {
	Config
	gate     device.Door[drive]
	rounds   *lastmile.Rounds
	darkroom photo.Darkroom
}

//go:embed round.css
var sheet string

//go:embed round.js
var script []byte

var (
	look = ui.NewLook(sheet)
	kit  = device.NewKit("tournee", script)
)

// maxVisit is how large a form with a photo and a signature may be, in bytes.
const maxVisit = 2*photo.MaxBytes + 1<<20

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &site{Config: c, gate: entrance(c), rounds: lastmile.NewRounds(c.Vault), darkroom: photo.NewDarkroom()}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing, Admit: s.gate.Admit}, s.routes()...)
}

func (s *site) routes() []ui.Route {
	const get, post = http.MethodGet, http.MethodPost
	return append(s.gate.Routes(), []ui.Route{
		{Method: get, Path: "/tournee/{$}", Access: ui.ByShift, Summary: "Today's stops", Serve: s.today},
		{Method: get, Path: "/tournee/arret/{stop}", Access: ui.ByShift, Summary: "A stop: what to know and to do there", Serve: s.stop},
		{Method: post, Path: "/tournee/arret/{stop}/visite", Access: ui.ByShift, Files: maxVisit, Summary: "Say what was done at a stop", Serve: s.visit},
		{Method: post, Path: "/tournee/arret/{stop}/avance", Access: ui.ByShift, Summary: "Ask the shopper whether coming early is welcome", Serve: s.askEarly},
		{Method: get, Path: "/tournee/arret/{stop}/avance", Access: ui.ByShift, Summary: "What the shopper answered so far", Stream: s.answered},
		{Method: post, Path: kit.Send(), Access: ui.ByDevice, Files: maxVisit, Summary: "Send what was done without network", Stream: s.sync},
		{Method: get, Path: kit.Shell(), Access: ui.Anybody, Summary: "The page for what is not at hand without network", Serve: s.shell},
	}...)
}
