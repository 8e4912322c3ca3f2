package shopper

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// A shopper's space is the orders of all shops at which they consented to be known
// as one person, behind a link that was e-mailed to the address they all know.

// spaceRoutes are the pages of the space.
func (s *site) spaceRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	return []ui.Route{
		{Method: get, Path: "/espace/entrer", Access: ui.Anybody, Summary: "Ask for a link to one's own space", Serve: s.askSpace},
		{Method: post, Path: "/espace/entrer", Access: ui.Anybody, Summary: "Have a link e-mailed, if a shop knows the address", Serve: s.mailSpace},
		{Method: get, Path: "/espace/entrer/{token}", Access: ui.ByLink, Summary: "Whose space this link opens", Serve: s.spaceBehind},
		{Method: post, Path: "/espace/entrer/{token}", Access: ui.ByLink, Summary: "Enter one's space, once", Serve: s.enterSpace},
		{Method: get, Path: "/espace", Access: ui.ByShopper, Summary: "The orders of all shops at which one consented", Serve: s.space},
		{Method: get, Path: "/espace/commande/{order}", Access: ui.ByShopper, Summary: "Open an order's page from one's space", Serve: s.openOrder},
		{Method: post, Path: "/espace/boutiques", Access: ui.ByShopper, Summary: "Have the other shops that know the address ask for consent", Serve: s.askShops},
		{Method: post, Path: "/espace/sortir", Access: ui.ByShopper, Summary: "Leave one's space, here or everywhere", Serve: s.leaveSpace},
	}
}

// The session of a space is in a cookie for its own pages alone.
const (
	spaceName = "promesse_espace"
	spacePath = "/espace"
	spaceDoor = "/espace/entrer"
)

// spaceCookie holds a token for so long; a negative time takes it away.
func (s *site) spaceCookie(token string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: spaceName, Value: token, Path: spacePath, MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.base, "https:"),
	}
}

// visiting is somebody in their space.
type visiting struct {
	shopper.Visit
	token string
}

type visitingKey struct{}

func inSpace(r *http.Request) visiting {
	v, _ := r.Context().Value(visitingKey{}).(visiting)
	return v
}

// admit lets into a space whoever brings its token, and shows others the door.
func (s *site) admit(r *http.Request, _ ui.Route) (*http.Request, *ui.Answer, error) {
	v, err := s.visit(r)
	if fault.KindOf(err) == fault.Unauthorized {
		return r, &ui.Answer{To: spaceDoor}, nil
	}
	return r.WithContext(context.WithValue(r.Context(), visitingKey{}, v)), nil, err
}

// visit reads whose space a request's cookie opens, and notes that they are still there.
func (s *site) visit(r *http.Request) (v visiting, err error) {
	const enough = 100 // characters
	k, err := r.Cookie(spaceName)
	if err != nil || k.Value == "" || len(k.Value) > enough {
		return v, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	v.token = k.Value
	aging := false
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		v.Visit, err = shopper.VisitOf(tx, v.token)
		aging = v.Aging(tx.Wall)
		return err
	})
	if err == nil && aging {
		err = s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error { return shopper.Stay(tx, v.token) })
	}
	return v, err
}

// leaveSpace ends the session, or all of the address.
func (s *site) leaveSpace(r *http.Request) (ui.Answer, error) {
	v := inSpace(r)
	err := s.flow.Write(r.Context(), by, nil, func(tx *flow.Tx) error {
		if r.PostFormValue("partout") != "" {
			return shopper.LeaveEverywhere(tx, v.Email)
		}
		return shopper.Leave(tx, v.token)
	})
	return ui.Answer{To: spaceDoor, Cookies: []*http.Cookie{s.spaceCookie("", -time.Second)}}, err
}

// spaceFrame is around the pages of the space: no shop's, so no shop's colours.
func spaceFrame(r *http.Request, title string) ui.Frame {
	loc := ui.Reader(r)
	return ui.Frame{Locale: loc, Title: lang.T(loc, title, nil), Private: true, Look: look}
}

// linked are the shops at which whoever is in their space consented.
func linked(tx *db.Tx, v visiting) (all []shopper.Place, err error) {
	places, err := shopper.Places(tx, v.Email)
	for _, p := range places {
		if p.Person != "" {
			all = append(all, p)
		}
	}
	return all, err
}

// askShops has every shop that knows the address, and may not be shown here yet, ask
// for consent by a letter of its own. What is answered does not tell whether there is one.
func (s *site) askShops(r *http.Request) (ui.Answer, error) {
	var others []shopper.Place
	v := inSpace(r)
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		places, err := shopper.Places(tx, v.Email)
		for _, p := range places {
			if p.Person == "" {
				others = append(others, p)
			}
		}
		return err
	})
	for _, p := range others {
		if err != nil {
			break
		}
		err = s.flow.One(r.Context(), flow.ByShopper(p.ID), p.Merchant, func(tx *flow.Tx) error { return s.inviteOnce(tx, p) })
	}
	return ui.Answer{To: spacePath + "?note=demande"}, err
}

// inviteOnce has a shop ask a shopper, unless what it asked last can still be answered.
func (s *site) inviteOnce(tx *flow.Tx, p shopper.Place) error {
	if s.invite == nil {
		return nil
	}
	already, err := shopper.InvitedAlready(tx.Tx, p.Merchant, p.ID)
	if err != nil || already {
		return err
	}
	link, err := shopper.Invite(tx, p.Merchant, p.ID)
	if err != nil {
		return err
	}
	return s.invite(tx, p.Merchant, p.ID, s.base+"/lien/"+string(link))
}

// opens is the link of an order; empty where nobody can make one.
func (s *site) opens(o ident.Order) ident.Link {
	if s.link == nil {
		return ""
	}
	return s.link(o)
}
