// Package app is where everything meets: which reaction follows from which
// fact, which doors stand open, how the program starts and ends, and its command
// line. Rooms know nothing of it; it knows all of them.
//
// It stores nothing and decides nothing about promises. What can be configured
// is in config.go, what follows from what in routes.go, one file per command.
package app

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/carrier/simulated"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/mailroom"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/locator"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// version of the program, set when it is built for release.
var version = "0.1.0-dev"

// Parts are what an application is built from.
type Parts struct {
	DB       *db.DB
	Clock    *flow.Clock
	Vault    *vault.Vault
	Base     string             // address of the installation: https://suivi.example
	Channels notify.Channels    // beside push, which is always there
	MailIn   mailroom.Addresses // at which answers and bounces come in; the zero one: nowhere
	Texts    texts              // a gateway for SMS; the zero one: none
	Log      *slog.Logger       // nil discards
	Demo     bool               // GET / lists the orders being lived
	Proxies  []netip.Prefix     // whose X-Forwarded-For is believed
	Out      egress.Options     // the way out; its clock is set by New
	Adapters carrier.Adapters   // how carriers are spoken to; nil: as the program knows them
	Payments string             // a server that speaks Stripe's language; empty: Stripe's own
	Map      locator.Map        // of the page of relay points; zero: none
	Crowd    int                // more people are told of an incident once a second person let it; 0: promise.DefaultCrowd
	KeepRaw  time.Duration      // for how long raw content is kept; 0: erasure.KeepRaw
	Geocoder string             // of the French address base's kind; empty: towns and postcodes alone are found
}

// App is a built application: its flow to be run, its doors to be served.
type App struct {
	Flow    *flow.Flow
	Desk    *checkout.Desk
	API     *api.API
	Handler http.Handler

	policies *remedy.Policies
	stopping chan struct{} // closed when the service ends: live pages are let go
	shown    []ui.Route    // pages
	stage    stage         // of the demo
	speeds   *speed.Tally
	returns  *returns.Office
	points   *relay.Index // shared by whoever looks for relay points
	hooks    webhook.Office
	changes  *lastmile.Office
	out      *egress.Client // the one way out
	channels notify.Channels
	pushKey  string // by which browsers' makers know us
}

// New builds an application. Nothing runs until somebody runs its flow.
func New(p Parts) (*App, error) {
	base, err := baseURL(p.Base)
	if err != nil {
		return nil, err
	}
	p.Base = base.String()
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	curves, policies := promise.NewCurves(), remedy.NewPolicies()
	curves.Crowd = p.Crowd
	f, err := flow.New(p.DB, p.Clock, routes(curves, policies))
	if err != nil {
		return nil, err
	}
	for _, s := range slices.Concat(sweeps(curves, policies), p.keeping().Sweeps()) {
		f.Watch(s)
	}
	desk := &checkout.Desk{Vault: p.Vault, Curves: curves, Factors: carbon.Default()}
	p.Out.Wall = p.Clock.Wall
	if p.Adapters == nil {
		p.Adapters = carrierAdapters()
	}
	out := egress.New(p.Out)
	f.Handle(curves.Reviewer())
	f.Handle(carrier.Asker(f, out))
	for _, e := range returnErrands(&carrier.Issuer{Flow: f, Vault: p.Vault, Out: out, Adapters: p.Adapters}) {
		f.Handle(e)
	}
	f.Handle(paymentErrand(f, p.Vault, refunders(out, p.Payments, p.Clock.Wall)))
	a := &App{
		Flow: f, Desk: desk, policies: policies, stopping: make(chan struct{}), speeds: speed.NewTally(),
		returns: returns.NewOffice(carbon.Default()).Reaching(reachOf(p)), points: &relay.Index{},
		changes: &lastmile.Office{Flow: f, Out: out, Adapters: changers(p.Adapters), Factors: desk.Factors},
		hooks:   webhook.Office{Flow: f, Vault: p.Vault, Out: out, Own: p.Out.Own}, out: out,
	}
	channels, err := a.reaching(p)
	if err != nil {
		return nil, err
	}
	a.channels = channels
	f.Handle(notify.Office{
		Flow: f, Host: base.Hostname(), Channels: channels, Post: post(p.MailIn),
		Compose: letters.Compose, Page: func(o ident.Order) string { return p.Base + "/p/" + string(desk.Link(o)) },
	}.Sender())
	f.Handle(webhookErrand(a.hooks))
	f.Handle(a.changes.Asker())
	f.Handle(a.changes.Settler())
	return a, a.open(p)
}

// keeping is what becomes of raw content. A world that runs fast has many nights, and
// says nothing of them.
func (p Parts) keeping() erasure.Keeping {
	k := erasure.Keeping{For: cmp.Or(p.KeepRaw, erasure.KeepRaw), Log: p.Log}
	if p.Demo {
		k.Log = slog.New(slog.DiscardHandler)
	}
	return k
}

// baseURL reads the address of an installation: it stands in links, and its host
// in Message-IDs, so it is one that others can reach. It ends without a slash.
func baseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(text, "/"))
	nowhere := err == nil && net.ParseIP(u.Hostname()).IsUnspecified()
	if err != nil || u.Hostname() == "" || nowhere || u.Scheme != "http" && u.Scheme != "https" {
		err = fmt.Errorf("nobody can reach us at %q: give the address that shoppers use, such as --base-url https://suivi.example", text)
	}
	return u, err
}

// carriers are the adapters there are.
func carriers() carrier.Registry {
	all := carrier.Registry{simulated.Adapter: simulated.Parse, ownfleet.Adapter: ownfleet.Parse}
	maps.Copy(all, adapterParsers())
	return all
}

// invite has a one-time address written to a shopper.
func invite(tx *flow.Tx, m ident.Merchant, s ident.Shopper, address string) error {
	words, err := letters.Invite(tx.Tx, m, s, address)
	if err != nil {
		return err
	}
	return notify.Tell(tx, m, notify.Note{Shopper: s, Topic: fact.TopicLink, Cause: ident.Hash(address), Words: words})
}

// open hangs the doors.
func (a *App) open(p Parts) (err error) {
	a.API, err = api.New(api.Config{
		Flow: a.Flow, Vault: p.Vault, Desk: a.Desk, Carriers: carriers(), Invite: invite, Writer: api.Writer{Keep: letters.Keep, Preview: letters.Preview}, Erase: a.forget(p), Track: tracked, Base: p.Base, Version: version, Log: p.Log,
		Proxies: p.Proxies, Returns: a.returns, Adapters: p.Adapters, Points: a.points, Hooks: a.hooks, Changes: a.changes, Notices: notices(), Texts: p.Texts.read,
	})
	if err != nil {
		return err
	}
	a.Flow.Handle(a.API.Eraser())
	a.Flow.Handle(erasure.Errand())
	for _, s := range a.API.Sweeps() {
		a.Flow.Watch(s)
	}
	mux := http.NewServeMux()
	for _, pattern := range []string{"/api/", "/healthz", "/openapi.json", "/openapi.yaml"} {
		mux.Handle(pattern, a.API)
	}
	people, err := a.pages(p)
	if err != nil {
		return err
	}
	mux.Handle("/", people)
	a.Handler = mux
	return nil
}
