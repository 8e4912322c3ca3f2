package shopper

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// The link reads, the hand acts: whoever typed a one-time code on this device may
// change the order's returns for half an hour, and is not asked again meanwhile.
// What the browser keeps is a token of ours, for the pages of this order alone.
const (
	handName    = "main"
	handLife    = 30 * time.Minute
	handPurpose = "hand of a shopper"
)

// hand is the cookie that a right code earns.
func (s *site) hand(link ident.Link, o ident.Order, wall civil.Instant) *http.Cookie {
	return s.handUntil(link, o, wall, wall.Add(handLife))
}

// handUntil is one that ends at an instant.
func (s *site) handUntil(link ident.Link, o ident.Order, wall, until civil.Instant) *http.Cookie {
	at := strconv.FormatInt(int64(until), 10)
	return &http.Cookie{
		Name: handName, Value: s.back.keys.Sign(handPurpose, []byte(string(o)+" "+at)), Path: "/p/" + string(link),
		MaxAge: int(until.Sub(wall).Seconds()), HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: strings.HasPrefix(s.base, "https:"),
	}
}

// inHand reports whether a request brings the token of an order, still good.
func (s *site) inHand(r *http.Request, o ident.Order, wall civil.Instant) bool {
	c, err := r.Cookie(handName)
	if err != nil {
		return false
	}
	payload, err := s.back.keys.Open(handPurpose, c.Value)
	if err != nil {
		return false
	}
	of, until, ok := strings.Cut(string(payload), " ")
	at, err := strconv.ParseInt(until, 10, 64)
	return ok && err == nil && ident.Order(of) == o && wall < civil.Instant(at)
}

// proving is the box in which a shopper shows that the order's mailbox is theirs.
type proving struct {
	Path   string   // of the form
	Texts  []string // why, or where the code went
	Sent   bool     // a code is under way
	Send   string   // the button that has one sent
	Wrong  string   // what is wrong with the code that was typed
	Unable bool     // no code can be sent
}

// proving puts into words what is asked of somebody who only has the link.
func (b sendback) proving() *proving {
	args := map[string]any{"Shop": b.brand.Shown, "Address": b.who.Masked()}
	p := &proving{Path: b.here("/preuve"), Send: b.T("tracking_page.code_send", nil)}
	switch {
	case b.mute != "":
		p.Unable, p.Texts = true, []string{b.T("back.prove_unable", args)}
	case !b.expires.IsZero():
		args["Long"] = b.expires.Sub(b.wall)
		p.Sent, p.Texts, p.Send = true, []string{b.T("tracking_page.code_sent", args)}, b.T("tracking_page.code_again", nil)
	default:
		p.Texts = []string{b.T("back.prove_why", args)}
	}
	return p
}

// prove has a code sent, or takes the one that was typed.
func (s *site) prove(r *http.Request) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if b.trusted {
		return ui.Answer{To: b.here("")}, nil
	}
	if r.PostFormValue("send") != "" && b.mute == "" {
		err = s.flow.One(r.Context(), by, b.shop.ID, b.send)
		return s.done(r, b, err)
	}
	wrong, err := s.spend(r.Context(), b, r.PostFormValue("code"))
	if err != nil {
		return ui.Answer{}, err
	}
	if wrong != nil {
		return s.unproved(r, wrong)
	}
	return ui.Answer{To: b.here("") + "#acts", Cookies: []*http.Cookie{s.hand(b.link, b.order.ID, b.wall)}}, nil
}

// spend holds a code against the one that was sent. A wrong try is written down,
// so it is no error of the transaction.
func (s *site) spend(ctx context.Context, b sendback, typed string) (wrong *fault.Error, err error) {
	m, who := b.shop.ID, b.order.Shopper
	err = s.flow.One(ctx, flow.ByShopper(who), m, func(tx *flow.Tx) error {
		outcome, left, err := shopper.CheckCode(tx, m, who, b.purpose(), typed)
		wrong = refusal(outcome, left)
		return err
	})
	return wrong, err
}

// unproved shows a return with what is wrong with the code; one that is spent is
// not asked for again.
func (s *site) unproved(r *http.Request, f *fault.Error) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	p := b.page()
	words := b.sentence(f)
	p.Wrong = []wrong{{"code", words}}
	if p.Prove != nil {
		p.Prove.Wrong = words
	}
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: backShow(p)}, nil
}

// linkAlone answers an act that came without the hand: the box, and nothing done.
func (s *site) linkAlone(b sendback) ui.Answer {
	p := b.page()
	p.Wrong = []wrong{{"acts", b.T("back.prove_first", nil)}}
	return ui.Answer{Status: http.StatusForbidden, Page: backShow(p)}
}
