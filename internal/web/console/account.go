package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func accountRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/account", Access: ui.BySession, Summary: "Who is signed in, and where else they work", Serve: c.account},
		{Method: http.MethodPost, Path: "/console/account/shop", Access: ui.BySession, Summary: "Go to another shop where one works", Serve: c.elsewhere},
		{Method: http.MethodPost, Path: "/console/account/leave", Access: ui.BySession, Summary: "Sign out", Serve: c.leave},
	}
}

// account is who is signed in.
type account struct {
	ui.Frame
	Name, Email, Set string
	Shop             string
	Since            string
	Others           []merchant.Seat
}

func (c Config) account(r *http.Request) (a ui.Answer, err error) {
	p := account{Frame: frame(r, lang.T(ui.Reader(r), "console.nav_account", nil))}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		p.Name, p.Email, p.Set, p.Shop = v.Staff.Name, v.Staff.Email, setWords(p.Locale, v.Staff.Set), v.Shop.Name
		p.Since = read.When(v.Staff.Since, fact.ADay)
		seats, err := merchant.Seats(tx, v.Staff.Email)
		for _, s := range seats {
			if s.Merchant != v.Merchant {
				p.Others = append(p.Others, s)
			}
		}
		return err
	})
	return ui.Answer{Page: accountPage(p)}, err
}

// elsewhere opens a session at another shop where the same address works, and
// ends this one.
func (c Config) elsewhere(r *http.Request) (a ui.Answer, err error) {
	v, m, token := staffOf(r), ident.Merchant(r.PostFormValue("shop")), ""
	err = c.Flow.Write(r.Context(), flow.ByStaff(v.Staff.ID), []ident.Merchant{m, v.Merchant}, func(tx *flow.Tx) error {
		seats, err := merchant.Seats(tx.Tx, v.Staff.Email)
		if err != nil {
			return err
		}
		for _, s := range seats {
			if s.Merchant != m {
				continue
			}
			if err := merchant.Leave(tx, v.Merchant, v.token); err != nil {
				return err
			}
			token, err = merchant.OpenSession(tx, m, s.Staff.ID)
			return err
		}
		return fault.New(fault.NotFound, "not_found", "shop")
	})
	return c.enter(token), err
}

func (c Config) leave(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error { return merchant.Leave(tx, v.Merchant, v.token) })
	return ui.Answer{To: "/console/sign-in", Cookies: []*http.Cookie{c.cookie("", -1)}}, err
}

// setWords is what somebody is to the shop, in words.
func setWords(loc lang.Locale, s merchant.Set) string {
	key, ok := map[merchant.Set]string{
		merchant.Owner:     "console.set_owner",
		merchant.Agent:     "console.set_agent",
		merchant.Developer: "console.set_developer",
		merchant.Viewer:    "console.set_viewer",
		merchant.Operator:  "console.set_operator",
	}[s]
	if !ok {
		return string(s)
	}
	return lang.T(loc, key, nil)
}
