// Package shopper is the pages of whoever bought: the order, behind a link that
// nobody else has, and the confirmation of an e-mail address.
//
// The order's page answers one question, "will it come when you said?": the
// promise as a sentence in the reader's language and the destination's zone,
// kept, at risk or broken said plainly, what was repaired, one next step, what
// can still be changed and until when, all parcels with the carriers that had
// them, how old the news are, then what happened. It is printed once a version
// (cache.go) and lives by a stream of versions (live.go); it works without script.
//
// The link reads. It also says that something is missing or damaged, answers a
// courier who would like to come early and the questions after a delivery, writes to
// a person, makes links that show a parcel's milestone, and withdraws as the law has
// it; nothing else. To take an order back asks for a one-time code from the shopper's
// mailbox, and so does all that changes a return (back_hand.go), a delivery or how the
// shopper is told, a claim, and a formal notice to deliver (prove.go). A link dies 90
// days after the delivery.
//
// What one human bought at several shops is in their space (space*.go), entered by
// a link that was e-mailed: of the shops at which they consented, and no other. There
// deliveries of several shops are had together (regroup*.go), and one's data exported
// or erased: only while the link was used within the last half hour.
//
// The package stores nothing beyond the process (what a signed-in reader's browser
// keeps for when there is no network, offline.js says) and decides nothing about
// orders: what it says is decided in the rooms, and put into words here, by
// functions of values.
//
// It is also where articles are sent back (back*.go): what may come back and how
// is the room returns' word, asked for with a one-time code. To withdraw from the
// contract as the law has it (withdraw*.go) asks for none, and for no reason.
package shopper

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"

	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/live"
	"github.com/promesse-dev/promesse/internal/web/passkey"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Flow *flow.Flow
	Base string          // address of the installation
	Log  *slog.Logger    // nil discards
	Stop <-chan struct{} // closed when the process ends: live pages are let go; nil is never

	Vault   *vault.Vault    // signs what a form must give back unchanged; nil: a key that dies with the process
	Returns *returns.Office // what may come back, and how; nil: one on the default factors
	Points  *relay.Index    // where parcels may be left; nil: nobody knows any
	Locator string          // path of the page that finds such points, from the root; empty: there is none
	Proxies []netip.Prefix

	Changes *lastmile.Office // asks carriers for changes; nil: none takes any
	Desk    *checkout.Desk   // says what would be promised at another address; nil: none is offered

	Texts    bool               // somebody carries SMS
	PushKey  string             // by which browsers' makers know us; empty: nobody carries pushes
	Pushable func(string) error // whether an address that a browser gives may be called; nil: none may

	Link   func(ident.Order) ident.Link                                // of an order's page; nil: spaces lead to none
	Invite func(*flow.Tx, ident.Merchant, ident.Shopper, string) error // has an address written to a shopper by which they consent; nil: nobody is asked
}

// site is the pages, with what they keep between requests.
type site struct {
	flow   *flow.Flow
	base   string
	prints *shelf
	hub    *live.Hub[tracking.Whole]
	back   backOffice
	office *lastmile.Office
	desk   *checkout.Desk

	texts    bool
	pushKey  string
	pushable func(string) error

	link   func(ident.Order) ident.Link
	invite func(*flow.Tx, ident.Merchant, ident.Shopper, string) error
	asking *visitor.Limiter // for links to spaces
	keys   *passkey.Desk    // nil: no browser has keys for this installation
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	back, err := newBackOffice(c)
	if err != nil {
		return nil, err
	}
	s := &site{flow: c.Flow, base: c.Base, prints: newShelf(c.Flow, back.office), back: back, link: c.Link, invite: c.Invite, desk: c.Desk}
	s.asking = visitor.NewLimiter(c.Flow.Clock().Wall, spaceBurst, spaceRefill)
	if s.keys, err = keyDesk(c.Base, back.keys); err != nil {
		return nil, err
	}
	s.texts = c.Texts
	if s.pushKey, s.pushable = c.PushKey, c.Pushable; c.Pushable == nil {
		s.pushKey = ""
	}
	if s.office = c.Changes; s.office == nil {
		s.office = &lastmile.Office{Flow: c.Flow}
	}
	s.prints.changes = s.office
	s.prints.desk = counter.NewDesk(back.keys)
	s.prints.rounds = lastmile.NewRounds(back.keys)
	s.hub = live.New(live.Config[tracking.Whole]{Ask: s.versions, News: c.Flow.Commits, Log: c.Log, Stop: c.Stop})
	routes := slices.Concat(s.routes(), s.backRoutes(), s.withdrawalRoutes(), s.askRoutes(), s.claimRoutes(), s.opinionRoutes(), s.changeRoutes(), s.demandRoutes(), s.refuseRoutes(), s.spaceRoutes(), s.regroupRoutes(), s.spaceDataRoutes(), s.spaceKeyRoutes(), s.spaceEraseRoutes(), s.spaceAppRoutes(), s.shareRoutes())
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing, Admit: s.admit}, routes...)
}

// routes is every path, who may use it, and its handler.
func (s *site) routes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	return []ui.Route{
		{Method: get, Path: "/p/{token}", Access: ui.ByLink, Summary: "The order's page", Serve: s.order},
		{Method: get, Path: "/p/{token}/live", Access: ui.ByLink, Summary: "The versions of the order's page, as they come", Stream: s.live},
		{Method: get, Path: "/p/{token}/delivery.ics", Access: ui.ByLink, Summary: "The delivery, for a calendar", Stream: s.calendar},
		{Method: get, Path: "/p/{token}/missing", Access: ui.ByLink, Summary: "What is missing, and what follows from it", Serve: s.missing},
		{Method: post, Path: "/p/{token}/missing", Access: ui.ByLink, Summary: "Something is missing or damaged", Serve: s.declare},
		{Method: post, Path: "/p/{token}/early", Access: ui.ByLink, Summary: "Whether the courier may come early", Serve: s.answer},
		{Method: get, Path: "/p/{token}/cancel", Access: ui.ByLink, Summary: "What taking the order back means", Serve: s.askCancel},
		{Method: post, Path: "/p/{token}/code", Access: ui.ByLink, Summary: "Send a one-time code to the shopper's mailbox", Serve: s.sendCode},
		{Method: post, Path: "/p/{token}/cancel", Access: ui.ByLink, Summary: "Take the order back, by one-time code", Serve: s.cancel},
		{Method: get, Path: "/p/{token}/preuve", Access: ui.ByLink, Summary: "Where a one-time code lets the link's holder act", Serve: s.askProof},
		{Method: post, Path: "/p/{token}/preuve", Access: ui.ByLink, Summary: "Send that code, or take it", Serve: s.takeProof},
		{Method: get, Path: "/p/{token}/messages", Access: ui.ByLink, Summary: "How the shopper is told, and what was", Serve: s.messages},
		{Method: post, Path: "/p/{token}/messages", Access: ui.ByLink, Summary: "Choose how to be told, by one-time code", Serve: s.prefer},
		{Method: post, Path: "/p/{token}/navigateur", Access: ui.ByLink, Summary: "A browser asks to be told, by one-time code", Serve: s.enrol},
		{Method: get, Path: "/p/notifications.js", Access: ui.Anybody, Summary: "The worker that shows what was pushed, and keeps a signed-in shopper's pages at hand", Stream: workerOfOrders},
		{Method: get, Path: "/assets/push.js", Access: ui.Anybody, Summary: "The module that subscribes a browser", Stream: pushModule.Serve},
		{Method: get, Path: "/lien/{token}", Access: ui.ByLink, Summary: "What confirming an address means", Serve: askConsent(s.flow)},
		{Method: post, Path: "/lien/{token}", Access: ui.ByLink, Summary: "Confirm an address, and consent", Serve: confirm(s.flow)},
		{Method: get, Path: "/assets/live.js", Access: ui.Anybody, Summary: "The module that keeps an order's page current", Stream: module.Serve},
	}
}

// maxToken is more than any link has.
const maxToken = 64

// token is the secret in the path of a request.
func token(r *http.Request) (ident.Link, error) {
	t := r.PathValue("token")
	if len(t) > maxToken {
		return "", fault.New(fault.NotFound, "not_found", "")
	}
	return ident.Link(t), nil
}

// wanted is the language that a reader asked for by hand; empty: the order's own.
func wanted(r *http.Request) lang.Locale {
	said := lang.Locale(r.URL.Query().Get("lang"))
	if slices.Contains(lang.Locales(), said) {
		return said
	}
	return ""
}
