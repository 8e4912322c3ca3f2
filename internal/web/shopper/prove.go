package shopper

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// What changes something about an order, and has no box for the code of its own,
// sends whoever only has the link here first: a code is sent to the mailbox known
// from the order, and typed, and the browser gets the hand of back_hand.go.

// provePage is where it is typed.
type provePage struct {
	ui.Frame
	Back  string
	Wrong []wrong
	Box   *proving
	Next  string // page that asked for it
}

// acting is an order, and whether whoever asks may change it.
type acting struct {
	*lived
	who     shopper.Contact
	mute    string        // why the shopper can not be written to; empty: they can
	expires civil.Instant // of the code sent last, machine time; zero: none opens
	wall    civil.Instant
	trusted bool // whoever asks typed a code on this device
}

// purpose is what the code is sent for.
func (a acting) purpose() string { return "act " + string(a.order.ID) }

// acting reads the order of a link, and looks whether its reader has the hand.
func (s *site) acting(r *http.Request) (a acting, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if a.lived, err = readLiving(tx, link, wanted(r)); err != nil {
			return err
		}
		a.wall = tx.Wall
		if a.who, err = shopper.Get(tx, a.shop.ID, a.order.Shopper); err != nil {
			return err
		}
		if a.mute, err = notify.Mute(tx, a.shop.ID, a.order.Shopper, fact.TopicCode); err != nil {
			return err
		}
		a.expires, err = shopper.CodeExpires(tx, a.shop.ID, a.order.Shopper, a.purpose())
		return err
	})
	a.trusted = err == nil && s.inHand(r, a.order.ID, a.wall)
	return a, err
}

// toProve leads to where the hand is given, and from there to a page.
func (a acting) toProve(next string) string { return withNext(a.beside("preuve"), next) }

func withNext(path, next string) string {
	if next == "" {
		return path
	}
	if strings.Contains(path, "?") {
		return path + "&vers=" + next
	}
	return path + "?vers=" + next
}

// nextPage is the page that asked for the hand: one beside, and nothing else.
var nextPage = regexp.MustCompile(`^[a-z]{1,20}(/[a-z]{1,20})?$`)

func nextOf(r *http.Request) string {
	if page := r.FormValue("vers"); nextPage.MatchString(page) {
		return page
	}
	return ""
}

func (a acting) provePage(next string) provePage {
	args := map[string]any{"Shop": a.brand.Shown, "Address": a.who.Masked()}
	box := &proving{Path: a.beside("preuve"), Send: a.T("tracking_page.code_send", nil)}
	switch {
	case a.mute != "":
		box.Unable, box.Texts = true, []string{a.T("hand.unable", args)}
	case !a.expires.IsZero():
		args["Long"] = a.expires.Sub(a.wall)
		box.Sent, box.Texts, box.Send = true, []string{a.T("tracking_page.code_sent", args)}, a.T("tracking_page.code_again", nil)
	default:
		box.Texts = []string{a.T("hand.why", args)}
	}
	return provePage{Frame: a.frame(a.T("hand.title", nil)), Back: a.back(), Box: box, Next: next}
}

// askProof shows the box.
func (s *site) askProof(r *http.Request) (ui.Answer, error) {
	a, err := s.acting(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if a.trusted {
		return ui.Answer{To: a.after(nextOf(r))}, nil
	}
	return ui.Answer{Page: proveHand(a.provePage(nextOf(r)))}, nil
}

// after is where a proven hand goes on.
func (a acting) after(next string) string {
	if next == "" {
		return a.back()
	}
	return a.beside(next)
}

// takeProof has a code sent, or takes the one that was typed.
func (s *site) takeProof(r *http.Request) (ui.Answer, error) {
	a, err := s.acting(r)
	if err != nil {
		return ui.Answer{}, err
	}
	on := nextOf(r)
	if r.PostFormValue("send") != "" && a.mute == "" {
		err = s.flow.One(r.Context(), by, a.shop.ID, func(tx *flow.Tx) error {
			return mailCode(tx, a.shop.ID, a.order.Shopper, a.purpose())
		})
		if f := faultOf(err, fault.TooMany); f != nil {
			return s.proofRefused(r, f, on)
		}
		return ui.Answer{To: withNext(a.beside("preuve"), on)}, err
	}
	var wrong *fault.Error
	err = s.flow.One(r.Context(), flow.ByShopper(a.order.Shopper), a.shop.ID, func(tx *flow.Tx) error {
		outcome, left, err := shopper.CheckCode(tx, a.shop.ID, a.order.Shopper, a.purpose(), r.PostFormValue("code"))
		wrong = refusal(outcome, left)
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	if wrong != nil {
		return s.proofRefused(r, wrong, on)
	}
	return ui.Answer{To: a.after(on), Cookies: []*http.Cookie{s.hand(a.link, a.order.ID, a.wall)}}, nil
}

// proofRefused shows the box with what is wrong; a code that is spent is not asked
// for again.
func (s *site) proofRefused(r *http.Request, f *fault.Error, on string) (ui.Answer, error) {
	a, err := s.acting(r)
	if err != nil {
		return ui.Answer{}, err
	}
	p := a.provePage(on)
	p.Box.Wrong = lang.Fault(a.Locale, f)
	p.Wrong = []wrong{{"code", p.Box.Wrong}}
	status := http.StatusUnprocessableEntity
	if f.Kind == fault.TooMany {
		status, p.Wrong = http.StatusTooManyRequests, []wrong{{"", p.Box.Wrong}}
	}
	return ui.Answer{Status: status, Page: proveHand(p)}, nil
}

// mailCode has a one-time code for a purpose sent to the mailbox known from the
// order: a link names no other.
func mailCode(tx *flow.Tx, m ident.Merchant, who ident.Shopper, purpose string) error {
	code, err := shopper.SendCode(tx, m, who, purpose)
	if err != nil {
		return err
	}
	words, err := letters.Code(tx.Tx, m, who, code, purpose)
	if err != nil {
		return err
	}
	return notify.Tell(tx, m, notify.Note{Shopper: who, Topic: fact.TopicCode, Cause: code.Name, Words: words})
}
