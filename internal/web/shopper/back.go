package shopper

import (
	"crypto/rand"
	_ "embed"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

//go:embed back.css
var backSheet string

// backLook is that of the order's pages, and what those about returns need.
var backLook = ui.NewLook(sheet + backSheet)

// backOffice is what the pages about returns stand on.
type backOffice struct {
	office  *returns.Office
	points  *relay.Index
	keys    *vault.Vault
	locator string
	proxies []netip.Prefix
	tries   *visitor.Limiter // of statements without a link
	pause   func(time.Duration)
	darkroom
}

func newBackOffice(c Config) (backOffice, error) {
	b := backOffice{
		office: c.Returns, points: c.Points, keys: c.Vault, locator: c.Locator, proxies: c.Proxies,
		tries: visitor.NewLimiter(c.Flow.Clock().Wall, publicTries, publicRefill), pause: time.Sleep, darkroom: newDarkroom(c.Flow),
	}
	if b.office == nil {
		b.office = returns.NewOffice(carbon.Default())
	}
	if b.keys != nil {
		return b, nil
	}
	var key [vault.Size]byte
	if _, err := rand.Read(key[:]); err != nil {
		return b, err
	}
	var err error
	b.keys, err = vault.New(key[:])
	return b, err
}

// maxUpload is how many bytes a form with photos may have.
const maxUpload = 40 << 20

// backRoutes are the pages on which articles are sent back.
func (s *site) backRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	of := func(path string) string { return "/p/{token}/retour" + path }
	return []ui.Route{
		{Method: get, Path: of(""), Access: ui.ByLink, Summary: "What of the order may come back, and until when", Serve: s.askBack},
		{Method: post, Path: of(""), Access: ui.ByLink, Files: maxUpload, Summary: "What is to come back, to be changed", Serve: s.askAgain},
		{Method: post, Path: of("/voies"), Access: ui.ByLink, Files: maxUpload, Summary: "The ways back, each with its price and its dates", Serve: s.offerWays},
		{Method: post, Path: of("/resume"), Access: ui.ByLink, Files: maxUpload, Summary: "The return as it would be asked for", Serve: s.lastLook},
		{Method: post, Path: of("/code"), Access: ui.ByLink, Files: maxUpload, Summary: "Send a one-time code for the return", Serve: s.sendBackCode},
		{Method: post, Path: of("/demande"), Access: ui.ByLink, Files: maxUpload, Summary: "Ask for the return, by one-time code", Serve: s.requestBack},
		{Method: get, Path: of("/{return}"), Access: ui.ByLink, Summary: "A return: where it stands, its label, its proof, what was decided", Serve: s.showBack},
		{Method: post, Path: of("/{return}/preuve"), Access: ui.ByLink, Summary: "Send a one-time code, or type it, to act on a return", Serve: s.prove},
		{Method: post, Path: of("/{return}/etiquette"), Access: ui.ByLink, Summary: "Have the label of a return made", Serve: s.askLabel},
		{Method: get, Path: of("/{return}/etiquette/{label}"), Access: ui.ByLink, Summary: "The label of a return, to print", Stream: s.label},
		{Method: get, Path: of("/{return}/photo/{photo}"), Access: ui.ByLink, Summary: "A photo of what came back", Stream: s.photo},
		{Method: post, Path: of("/{return}/enlevement"), Access: ui.ByLink, Summary: "Choose another day to be fetched on", Serve: s.fetchAgain},
		{Method: post, Path: of("/{return}/voie"), Access: ui.ByLink, Summary: "Choose another way back", Serve: s.chooseWay},
		{Method: post, Path: of("/{return}/annuler"), Access: ui.ByLink, Summary: "Take the return back", Serve: s.cancelBack},
		{Method: post, Path: of("/{return}/contester"), Access: ui.ByLink, Files: maxUpload, Summary: "Contest what was decided", Serve: s.contest},
		{Method: post, Path: of("/{return}/argent"), Access: ui.ByLink, Summary: "The money has not come", Serve: s.missMoney},
	}
}

// readBack reads what of an order may come back, once something of it was sent.
func (d *lived) readBack(tx *db.Tx, o *returns.Office) error {
	if d.order.State != orders.Placed || len(d.outgoing()) == 0 {
		return nil
	}
	can, err := o.Eligible(tx, d.shop.ID, d.order.ID)
	if err != nil {
		return err
	}
	of, err := returns.OfOrders(tx, d.shop.ID, []ident.Order{d.order.ID})
	d.rights, d.sendbacks = can.Lines, of[d.order.ID]
	return err
}

// returnable reports whether units are in hand that may come back, by the shop's
// rules or for a fault.
func (d *lived) returnable() bool {
	return slices.ContainsFunc(d.rights, func(r returns.Right) bool {
		return r.Left > 0 && r.Possession != 0 && d.Now < max(r.Until, r.Conformity)
	})
}

// withdrawable reports whether anything of the order can still be withdrawn from,
// and until when; zero: no time runs yet, for not all of it is in hand.
func (d *lived) withdrawable() (until civil.Instant, ok bool) {
	if d.order.State != orders.Placed {
		return 0, false
	}
	if d.rights == nil {
		return 0, true
	}
	for _, r := range d.rights {
		switch {
		case r.Law != "":
		case r.Withdraw == 0:
			return 0, true
		default:
			until = max(until, r.Withdraw)
		}
	}
	return until, d.Now < until
}

// backChoices are the ways to the pages about returns, among what can be done.
func (d *lived) backChoices() (all []choice) {
	for _, r := range d.sendbacks {
		all = append(all, choice{
			d.T("back.see", map[string]any{"Day": d.Day(r.Asked.Day(d.Zone))}), d.backBadge(r), d.below("retour/" + string(r.ID)),
		})
	}
	if d.returnable() {
		all = append(all, choice{d.T("back.send", nil), d.backUntil(), d.below("retour")})
	} else if d.order.State == orders.Placed && len(d.sendbacks) == 0 && !d.cancellable() {
		all = append(all, choice{d.T("back.conditions_link", nil), "", d.below("retour")})
	}
	if until, ok := d.withdrawable(); ok {
		when := d.T("back.withdraw_open", nil)
		if until != 0 {
			when = d.T("back.until", map[string]any{"Due": d.Due(until)})
			d.changesAt(until)
		}
		all = append(all, choice{d.T("withdraw.here", nil), when, d.below("retractation")})
	}
	return all
}

// backUntil is until when something may come back for a change of mind.
func (d *lived) backUntil() string {
	var last civil.Instant
	for _, r := range d.rights {
		if r.Left > 0 && r.Excluded == "" {
			last = max(last, r.Until)
		}
	}
	if d.Now >= last {
		return d.T("back.for_faults", nil)
	}
	d.changesAt(last)
	return d.T("back.until", map[string]any{"Due": d.Due(last)})
}

// returning is an order of which something may come back, and whose it is.
type returning struct {
	*lived
	can        returns.Eligibility
	conditions returns.Conditions
	who        shopper.Contact
	mute       string        // why the shopper can not be written to; empty: they can
	expires    civil.Instant // of the code sent last, machine time; zero: none opens
	wall       civil.Instant
	trusted    bool   // whoever asks typed a code on this device
	up         string // leads from the page to where the order's page is one step further up
	locator    string
}

// purpose is what the code is sent for.
func (d returning) purpose() string { return "return " + string(d.order.ID) }

// to is the path of a page about the order.
func (d returning) to(page string) string { return d.up + page + query(d.chosen) }

// home is the path of the order's page.
func (d returning) home() string { return d.up + "../" + string(d.link) + query(d.chosen) }

// frame is that of the pages about returns.
func (d returning) frame(title string) ui.Frame {
	f := d.lived.frame(title)
	f.Look = backLook
	return f
}

// returning reads the order that a page about returns is about.
func (s *site) returning(r *http.Request) (d returning, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		d, err = s.readReturning(tx, link, wanted(r))
		return err
	})
	d.up = upFrom(r.URL.Path)
	d.trusted = err == nil && s.inHand(r, d.order.ID, d.wall)
	return d, err
}

// upFrom leads from a page below an order's page up to that page's own level.
func upFrom(path string) string {
	return strings.Repeat("../", max(0, strings.Count(path, "/")-strings.Count("/p/token/retour", "/")))
}

func (s *site) readReturning(tx *db.Tx, link ident.Link, loc lang.Locale) (d returning, err error) {
	if d.lived, err = readLiving(tx, link, loc); err != nil {
		return d, err
	}
	m := d.shop.ID
	d.wall, d.locator = tx.Wall, s.back.locator
	if d.can, err = s.back.office.Eligible(tx, m, d.order.ID); err != nil {
		return d, err
	}
	if d.conditions, err = returns.ConditionsOf(tx, m); err != nil {
		return d, err
	}
	of, err := returns.OfOrders(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return d, err
	}
	d.rights, d.sendbacks = d.can.Lines, of[d.order.ID]
	if d.who, err = shopper.Get(tx, m, d.order.Shopper); err != nil {
		return d, err
	}
	if d.mute, err = notify.Mute(tx, m, d.order.Shopper, fact.TopicCode); err != nil {
		return d, err
	}
	d.expires, err = shopper.CodeExpires(tx, m, d.order.Shopper, d.purpose())
	return d, err
}

// send has a one-time code for a return sent to the mailbox known from the order.
func (d returning) send(tx *flow.Tx) error {
	return mailCode(tx, d.shop.ID, d.order.Shopper, d.purpose())
}

// sentence is what a fault says on a page: days and reasons in words.
func (d *lived) sentence(f *fault.Error) string {
	told := *f
	told.Args = map[string]any{}
	for name, v := range f.Args {
		told.Args[name] = v
		text, ok := v.(string)
		if !ok {
			continue
		}
		switch {
		case name == "why" && f.Code == "return_excluded":
			told.Args[name] = d.excluded(text)
		case name == "why":
			told.Args[name] = d.hiddenWhy(text)
		case name == "route":
			told.Args[name] = d.route(fact.Route(text))
		}
	}
	if f.Code == "return_state" {
		return d.T("back.moved_on", nil)
	}
	return lang.Fault(d.Locale, &told)
}
