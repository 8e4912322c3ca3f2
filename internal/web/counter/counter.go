// Package counter is the clerk's pages below /comptoir: one big scan field, one
// answer. A clerk on a shift, on a device of the counter, scans: returns to take in, parcels to put on
// the shelf, parcels to give out.
//
// Every scan is kept before it is understood, in a write of its own. What it means
// is found among the parcels expected or held at the point of the shift
// (find.go); anything else gets one answer, whatever it is. A verb of another
// room, such as a return's deposit, runs in the same transaction as the scan's
// outcome.
//
// All of it works without script, as long as there is a network. With script, a
// service worker keeps one page at hand for a shift without network; what is
// scanned then waits in the browser's database and is sent as often as it takes:
// the device's own name of a scan makes it one. Nobody is given a parcel offline.
//
// The practice mode reads and writes nothing but which lessons a clerk has done.
package counter

import (
	"bytes"
	_ "embed"
	"log/slog"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/device"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Flow  *flow.Flow
	Vault *vault.Vault
	Base  string       // address of the installation
	Log   *slog.Logger // nil discards
	// Guests is the counter of the demo to which whoever sits at this machine is
	// let in; nil: nobody is.
	Guests func() (keeper ident.Merchant, at ident.Point)
}

type site struct {
	Config
	gate device.Door[visit]
	desk *counter.Desk
}

//go:embed counter.css
var sheet string

//go:embed counter.js
var script []byte

//go:embed camera.js
var cameraScript []byte

var (
	look   = ui.NewLook(sheet)
	camera = ui.NewModule(cameraScript)
	kit    = device.NewKit("comptoir", bytes.ReplaceAll(script, []byte("{camera}"), []byte(cameraPath+camera.Query())))
)

const cameraPath = "/comptoir/camera.js"

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &site{c, entrance(c), counter.NewDesk(c.Vault)}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing, Admit: s.gate.Admit}, s.routes()...)
}

func (s *site) routes() []ui.Route {
	const get, post = http.MethodGet, http.MethodPost
	return append(s.gate.Routes(), []ui.Route{
		{Method: get, Path: "/comptoir/{$}", Access: ui.ByShift, Summary: "The field to scan into", Serve: s.start},
		{Method: post, Path: "/comptoir/lecture", Access: ui.ByShift, Summary: "Scan a code", Serve: s.scan},
		{Method: get, Path: "/comptoir/lecture/{scan}", Access: ui.ByShift, Summary: "What came of a scan", Serve: s.shown},
		{Method: post, Path: "/comptoir/lecture/{scan}/depot", Access: ui.ByShift, Summary: "Take a return in", Serve: s.deposit},
		{Method: post, Path: "/comptoir/lecture/{scan}/arrivee", Access: ui.ByShift, Summary: "Put a parcel on the shelf", Serve: s.arrive},
		{Method: post, Path: "/comptoir/lecture/{scan}/remise", Access: ui.ByShift, Summary: "Give a parcel out to whoever has its code", Serve: s.handOver},
		{Method: post, Path: "/comptoir/lecture/{scan}/etiquette", Access: ui.ByShift, Summary: "Have the label of a return made", Serve: s.askLabel},
		{Method: get, Path: "/comptoir/lecture/{scan}/etiquette", Access: ui.ByShift, Summary: "The label of a return, to be printed", Stream: s.label},
		{Method: get, Path: "/comptoir/lecture/{scan}/preuve", Access: ui.ByShift, Summary: "The proof of a deposit, to be printed", Serve: s.proof},
		{Method: post, Path: "/comptoir/lecture/{scan}/avis", Access: ui.ByShift, Summary: "What the shopper says of the visit", Serve: s.rate},
		{Method: get, Path: "/comptoir/colis", Access: ui.ByShift, Summary: "What waits at this counter", Serve: s.shelf},
		{Method: get, Path: "/comptoir/apprendre", Access: ui.ByShift, Summary: "The lessons of the practice mode", Serve: s.lessons},
		{Method: get, Path: "/comptoir/apprendre/{lesson}", Access: ui.ByShift, Summary: "A lesson", Serve: s.lesson},
		{Method: post, Path: "/comptoir/apprendre/{lesson}", Access: ui.ByShift, Summary: "Answer a lesson", Serve: s.answered},
		{Method: post, Path: kit.Send(), Access: ui.ByDevice, Summary: "Send what was scanned without network", Stream: s.sync},
		{Method: get, Path: kit.Shell(), Access: ui.Anybody, Summary: "The field to scan into, for when there is no network", Serve: s.shell},
		{Method: get, Path: cameraPath, Access: ui.Anybody, Summary: "The module that reads codes by camera", Stream: camera.Serve},
	}...)
}
