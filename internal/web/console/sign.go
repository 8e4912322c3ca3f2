package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// How many links an address of the network may ask for: at once, and then one
// each refill. An address of e-mail has a limit of its own (merchant.AskSignIn).
const (
	askBurst  = 10
	askRefill = time.Minute
)

func signRoutes(c Config) []ui.Route {
	rs := []ui.Route{
		{Method: http.MethodGet, Path: "/console/sign-in", Access: ui.Anybody, Summary: "Ask for a link to sign in", Serve: c.signIn},
		{Method: http.MethodPost, Path: "/console/sign-in", Access: ui.Anybody, Summary: "Have a link e-mailed, if somebody works there under the address", Serve: c.askLink},
		{Method: http.MethodGet, Path: "/console/sign-in/{token}", Access: ui.ByLink, Summary: "What signing in by this link means", Serve: c.linkOpened},
		{Method: http.MethodPost, Path: "/console/sign-in/{token}", Access: ui.ByLink, Summary: "Sign in, once", Serve: c.linkUsed},
	}
	if c.Guests {
		rs = append(rs, ui.Route{
			Method: http.MethodPost, Path: "/console/guest", Access: ui.Anybody,
			Summary: "Demo, on this machine only: sign in as one of the shop's people", Serve: c.guest,
		})
	}
	return rs
}

// asking is the page on which a link is asked for.
type asking struct {
	ui.Frame
	Email string // as typed
	Fault string // what is wrong with it
	Sent  bool   // or would be, if somebody works there under the address
}

func (c Config) signIn(r *http.Request) (ui.Answer, error) {
	return ui.Answer{Page: askPage(askFrame(r))}, nil
}

func askFrame(r *http.Request) asking {
	loc := ui.Reader(r)
	return asking{Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "console.sign_in", nil), Private: true, Look: look}}
}

// askLink answers the same, as fast, whether anybody works there or not: who does
// is only looked up when the letter leaves.
func (c Config) askLink(r *http.Request) (ui.Answer, error) {
	p := askFrame(r)
	p.Email = strings.TrimSpace(r.PostFormValue("email"))
	if _, ok := c.asking.Take(visitor.Of(r, c.Proxies)); !ok {
		p.Fault = lang.T(p.Locale, "console.sign_in_later", nil)
		return ui.Answer{Status: http.StatusTooManyRequests, Page: askPage(p)}, nil
	}
	err := c.Flow.Write(r.Context(), nobody, nil, func(tx *flow.Tx) error {
		link, more, err := merchant.AskSignIn(tx, p.Email)
		if err != nil || !more {
			return err
		}
		return c.enqueueSignIn(tx, p.Locale, p.Email, link)
	})
	if fault.KindOf(err) == fault.Invalid {
		p.Fault = lang.Fault(p.Locale, fault.All(err)[0])
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: askPage(p)}, nil
	}
	p.Sent, p.Title = true, lang.T(p.Locale, "console.sign_in_sent", nil)
	return ui.Answer{Page: askPage(p)}, err
}

// nobody has shown who they are yet.
const nobody flow.Actor = "visitor"

// seated is the page of a link that was e-mailed.
type seated struct {
	ui.Frame
	Path  string
	Email string
	Seats []merchant.Seat
}

// linkOpened shows where the holder of a link may sit. Opening it changes nothing.
func (c Config) linkOpened(r *http.Request) (a ui.Answer, err error) {
	p := seated{Frame: askFrame(r).Frame, Path: r.URL.Path}
	err = c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		p.Seats, err = merchant.SignIn(tx, ident.Link(r.PathValue("token")))
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return lost(r), nil
	}
	if err == nil {
		p.Email = p.Seats[0].Staff.Email
	}
	return ui.Answer{Page: seatPage(p)}, err
}

// lost is the page of a link that opens nothing any more.
func lost(r *http.Request) ui.Answer {
	p := askFrame(r)
	p.Title = lang.T(p.Locale, "console.link_over", nil)
	return ui.Answer{Status: http.StatusNotFound, Page: lostPage(p)}
}

// linkUsed opens the session.
func (c Config) linkUsed(r *http.Request) (a ui.Answer, err error) {
	m, token := ident.Merchant(r.PostFormValue("shop")), ""
	err = c.Flow.One(r.Context(), nobody, m, func(tx *flow.Tx) error {
		token, err = merchant.TakeSeat(tx, ident.Link(r.PathValue("token")), m)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return lost(r), nil
	}
	return c.enter(token), err
}

// enter leads in, with the session in a cookie.
func (c Config) enter(token string) ui.Answer {
	return ui.Answer{To: "/console/", Cookies: []*http.Cookie{c.cookie(token, int(merchant.SessionLife.Seconds()))}}
}

// cookieName is where the session is.
const cookieName = "promesse_console"

// cookie holds a token for so many seconds; a negative number takes it away.
func (c Config) cookie(token string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: token, Path: "/console", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(c.Base, "https:"),
	}
}

func tokenOf(r *http.Request) string {
	const enough = 100 // characters
	k, err := r.Cookie(cookieName)
	if err != nil || len(k.Value) > enough {
		return ""
	}
	return k.Value
}

// toSignIn leads to the door.
func toSignIn(*http.Request) *ui.Answer { return &ui.Answer{To: "/console/sign-in"} }

// guest opens a session for whoever sits at this machine, as the first of a
// shop's people with the rights asked for. There is such a route in the demo alone.
func (c Config) guest(r *http.Request) (a ui.Answer, err error) {
	if !visitor.Local(r) {
		return a, fault.New(fault.Forbidden, "guests_are_local", "")
	}
	m, set, token := ident.Merchant(r.PostFormValue("shop")), merchant.Set(r.PostFormValue("set")), ""
	err = c.Flow.One(r.Context(), nobody, m, func(tx *flow.Tx) error {
		staff, err := merchant.StaffOf(tx.Tx, m)
		if err != nil {
			return err
		}
		for _, s := range staff {
			if s.Set == set {
				token, err = merchant.OpenSession(tx, m, s.ID)
				return err
			}
		}
		return fault.New(fault.NotFound, "not_found", "staff")
	})
	a = c.enter(token)
	if to := r.PostFormValue("to"); strings.HasPrefix(to, "/console/") {
		a.To = to
	}
	return a, err
}
