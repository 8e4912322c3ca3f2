package shopper

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// How many links an address of the network may ask for: at once, and then one each
// refill. An address of e-mail has a limit of its own (shopper.AskSpace).
const (
	spaceBurst  = 10
	spaceRefill = time.Minute
)

// enterPage is where a link to the space is asked for.
type enterPage struct {
	ui.Frame
	Email string // as typed
	Wrong string // what is wrong with it
	Sent  bool   // or would be, if a shop knows the address
	Again bool   // to change a contact, a new link is asked for
	Over  bool   // it came by a link that opens nothing any more

	Key      *keyOffer // where a passkey opens; nil: nowhere
	KeyWrong string
}

func entering(r *http.Request) enterPage {
	return enterPage{Frame: spaceFrame(r, "space.enter")}
}

// entrance is entering with the form for whoever has a passkey.
func (s *site) entrance(r *http.Request) (p enterPage, err error) {
	p = entering(r)
	if s.keys != nil {
		p.Key, err = s.keyForm(&p.Frame, s.keys.Enter)
	}
	return p, err
}

func (s *site) askSpace(r *http.Request) (ui.Answer, error) {
	p, err := s.entrance(r)
	p.Again = r.URL.Query().Has("encore")
	return ui.Answer{Page: enterSpace(p)}, err
}

// mailSpace answers the same, as fast, whether any shop knows the address or not:
// that is looked up when the letter leaves.
func (s *site) mailSpace(r *http.Request) (ui.Answer, error) {
	p := entering(r)
	const enough = 254 // bytes: no address is longer
	typed := strings.TrimSpace(r.PostFormValue("email"))
	p.Email = typed[:min(len(typed), enough)]
	if _, ok := s.asking.Take(visitor.Of(r, s.back.proxies)); !ok {
		p.Wrong = lang.T(p.Locale, "space.enter_later", nil)
		return ui.Answer{Status: http.StatusTooManyRequests, Page: enterSpace(p)}, nil
	}
	err := s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error {
		link, more, err := shopper.AskSpace(tx, typed)
		if err != nil || !more {
			return err
		}
		return s.spacePost().Enqueue(tx, pass.Asked{
			Email: typed, Link: link, Locale: p.Locale, Asked: tx.Now, Until: tx.Wall.Add(shopper.SignInLife),
		})
	})
	if f := faultOf(err, fault.Invalid); f != nil {
		p.Wrong = lang.Fault(p.Locale, f)
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: enterSpace(p)}, nil
	}
	p.Sent, p.Title = true, lang.T(p.Locale, "space.enter_sent", nil)
	return ui.Answer{Page: enterSpace(p)}, err
}

// Who e-mails the links, and what they are sealed for meanwhile.
const (
	spaceErrand = "shopper.SendSpace"
	spaceSeal   = "shopper/space"
)

// spacePost e-mails the links.
func (s *site) spacePost() pass.Post {
	return pass.Post{Kind: spaceErrand, Seal: spaceSeal, Vault: s.back.keys, Flow: s.flow}
}

// Errand is who e-mails the links to spaces of an installation, and what is to be
// told of them. host is right of the @ in Message-IDs.
func Errand(c Config, channels notify.Channels, host string) flow.Errander {
	post := pass.Post{Kind: spaceErrand, Seal: spaceSeal, Vault: c.Vault, Flow: c.Flow}
	return post.Errand(channels, host, func(ctx context.Context, a pass.Asked) (l notify.Letter, somebody bool, err error) {
		switch a.What {
		case "":
			return c.spaceLetter(ctx, a)
		case letters.MoveAsked:
			l, err = letters.Move(a.Locale, a.Other, c.Base+spacePath+"/adresse/"+string(a.Link), shopper.MoveLife)
		case letters.PhoneCode, letters.PhoneGone:
			l = letters.Text(a.Locale, a.What, a.Other, a.Code)
			l.To = a.Phone
			return l, true, nil
		default:
			l, err = letters.Told(a.Locale, a.What, a.Other, c.Base+spacePath)
		}
		l.To = a.Email
		return l, err == nil, final(err)
	})
}

// spaceLetter is the link to a space, where a shop knows the address.
func (c Config) spaceLetter(ctx context.Context, a pass.Asked) (l notify.Letter, somebody bool, err error) {
	var known []shopper.Place
	err = c.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		known, err = shopper.Places(tx, a.Email)
		return err
	})
	if err != nil || len(known) == 0 {
		return l, false, err
	}
	l, err = letters.Space(a.Locale, c.Base+spaceDoor+"/"+string(a.Link), shopper.SignInLife)
	l.To = known[0].Email // as a shop has it on file, which may be written otherwise than typed
	return l, err == nil, final(err)
}

// final is an error that no further try mends.
func final(err error) error {
	if err == nil {
		return nil
	}
	return flow.Final{Err: err}
}

// keyPage is what a link opens.
type keyPage struct {
	ui.Frame
	Address string
}

// spaceBehind shows whose space a link opens. Opening the link changes nothing.
func (s *site) spaceBehind(r *http.Request) (a ui.Answer, err error) {
	link, err := token(r)
	if err != nil {
		return a, err
	}
	var email string
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		email, err = shopper.SpaceBehind(tx, link)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return spaceOver(r), nil
	}
	return ui.Answer{Page: spaceKey(keyPage{Frame: spaceFrame(r, "space.title"), Address: shopper.Contact{Email: email}.Masked()})}, err
}

// spaceOver is the page of a link that opens nothing any more: it can be asked for anew.
func spaceOver(r *http.Request) ui.Answer {
	p := entering(r)
	p.Over, p.Title = true, lang.T(p.Locale, "space.over", nil)
	return ui.Answer{Status: http.StatusNotFound, Page: enterSpace(p)}
}

// enterSpace opens the session.
func (s *site) enterSpace(r *http.Request) (a ui.Answer, err error) {
	link, err := token(r)
	if err != nil {
		return a, err
	}
	var lanes []ident.Merchant
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		email, err := shopper.SpaceBehind(tx, link)
		if err != nil {
			return err
		}
		known, err := shopper.Places(tx, email)
		for _, p := range known {
			lanes = append(lanes, p.Merchant)
		}
		return err
	})
	var session string
	if err == nil {
		err = s.flow.Write(r.Context(), by, lanes, func(tx *flow.Tx) error {
			session, err = shopper.EnterSpace(tx, link)
			return err
		})
	}
	if fault.KindOf(err) == fault.NotFound {
		return spaceOver(r), nil
	}
	return ui.Answer{To: spacePath, Cookies: []*http.Cookie{s.spaceCookie(session, shopper.SpaceIdle)}}, err
}
