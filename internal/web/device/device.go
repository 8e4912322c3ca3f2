// Package device is what the doors of shared devices have in common: a device is let
// in by a link that is used once, somebody of the crew signs in on it with a PIN for a
// shift, and what is done on it without network waits there and is sent later.
//
// A door gives it its trade and its words, and reads where a device stands; it gets the
// routes for devices and shifts, the look at who asks, and a kit of scripts: a worker
// that keeps pages at hand, and the queue of what waits. The rest of a door, and what
// is taken of what was sent late, is its own.
//
// All of it works without script, as long as there is a network. It stores nothing but
// what crew does.
package device

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Door is the part of a door that is about devices and shifts. V is who asks there,
// and all that the door knows of where they are.
type Door[V Visitor] struct {
	Flow   *flow.Flow
	Vault  *vault.Vault
	Base   string // address of the installation
	Trade  crew.Trade
	Kit    Kit
	Look   *ui.Look
	Device string // name of the cookie with a device's token
	Shift  string // likewise with a shift's
	Words  func(lang.Locale) Words
	// Arrive reads where a visitor is. The fault unauthorized shows the device out.
	Arrive func(*db.Tx, Visit) (V, error)
	Frame  func(r *http.Request, v V, title string) ui.Frame
	// Serves says what a device that is let in will serve for.
	Serves func(*db.Tx, lang.Locale, crew.Device) (string, error)
	// Guests is the post of the demo at which whoever sits at this machine is let in;
	// nil: nobody is.
	Guests func(context.Context) (crew.Post, error)
}

// Words are the sentences that a door has of its own.
type Words struct {
	Begin      string // title of the page where a shift begins
	Nobody     string // nobody works there yet
	Strange    string // title for a device that nobody let in
	StrangeHow string
	Enrol      string // title for one that is about to be
	Guest      string // name of a guest's device
	Queue      templ.Component
}

// Visit is who stands before a device.
type Visit struct {
	Device crew.Device
	Shift  crew.Shift // empty before somebody signs in
}

func (v Visit) who() Visit { return v }

// Visitor is whatever holds a Visit.
type Visitor interface{ who() Visit }

// Routes are those for devices and shifts, and for the scripts.
func (d Door[V]) Routes() []ui.Route {
	const get, post = http.MethodGet, http.MethodPost
	rs := []ui.Route{
		{Method: get, Path: d.Kit.servicePath(), Access: ui.ByDevice, Summary: "Who begins a shift", Serve: d.begin},
		{Method: post, Path: d.Kit.servicePath(), Access: ui.ByDevice, Summary: "Begin a shift with a PIN", Serve: d.signIn},
		{Method: post, Path: d.Kit.Home + "fin", Access: ui.ByShift, Summary: "End the shift", Serve: d.signOut},
		{Method: get, Path: d.Kit.devicePath(), Access: ui.Anybody, Summary: "How a device is let in", Serve: d.strange},
		{Method: get, Path: d.Kit.devicePath() + "/{token}", Access: ui.ByLink, Summary: "What letting this device in means", Serve: d.invited},
		{Method: post, Path: d.Kit.devicePath() + "/{token}", Access: ui.ByLink, Summary: "Let this device in, once", Serve: d.enrol},
	}
	if d.Guests != nil {
		rs = append(rs, ui.Route{
			Method: post, Path: d.Kit.Home + "invite", Access: ui.Anybody,
			Summary: "Demo, on this machine only: let this browser in as a device", Serve: d.guest,
		})
	}
	return append(rs, d.Kit.routes()...)
}

type visitorKey struct{}

// With is a request of a visitor.
func With(r *http.Request, v Visitor) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
}

// Of is who asks, as Admit found them.
func Of[V Visitor](r *http.Request) V {
	v, _ := r.Context().Value(visitorKey{}).(V)
	return v
}

// Admit lets through a device that was let in, and, where the route is for a shift,
// somebody signed in on it. Whoever lacks one is led to where it is had.
func (d Door[V]) Admit(r *http.Request, route ui.Route) (*http.Request, *ui.Answer, error) {
	var v V
	to := d.Kit.devicePath()
	err := d.Flow.Read(r.Context(), func(tx *db.Tx) error {
		device, err := crew.DeviceOf(tx, d.Trade, cookieOf(r, d.Device))
		if err != nil {
			return err
		}
		shift, missing := crew.ShiftOf(tx, device, cookieOf(r, d.Shift))
		if v, err = d.Arrive(tx, Visit{device, shift}); err != nil {
			return err
		}
		if route.Access == ui.ByDevice && fault.KindOf(missing) == fault.Unauthorized {
			return nil
		}
		to = d.Kit.servicePath()
		return missing
	})
	if fault.KindOf(err) == fault.Unauthorized {
		return r, &ui.Answer{To: to}, nil
	}
	return With(r, v), nil, err
}

const deviceLife = 400 * 24 * time.Hour // as long as browsers keep a cookie

func (d Door[V]) cookie(name, token string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: token, Path: strings.TrimSuffix(d.Kit.Home, "/"), MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(d.Base, "https:"),
	}
}

func cookieOf(r *http.Request, name string) string {
	const enough = 100 // characters
	k, err := r.Cookie(name)
	if err != nil || len(k.Value) > enough {
		return ""
	}
	return k.Value
}
