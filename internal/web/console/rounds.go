package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// roundsHere is the page's address.
const roundsHere = "/console/settings/rounds"

func roundsRoutes(c Config) []ui.Route {
	const post = http.MethodPost
	return []ui.Route{
		{Method: http.MethodGet, Path: roundsHere, Access: ui.BySession, Needs: setSettings, Summary: "The rounds of a day, the couriers and their devices", Serve: c.rounds},
		{Method: post, Path: roundsHere + "/day", Access: ui.BySession, Needs: setSettings, Summary: "Put orders on couriers' rounds of a day", Serve: c.compose},
		{Method: post, Path: roundsHere + "/devices", Access: ui.BySession, Needs: setSettings, Summary: "Let a device in for rounds", Serve: c.entrustDevice},
		{Method: post, Path: roundsHere + "/devices/{id}/revoke", Access: ui.BySession, Needs: setSettings, Summary: "Show a device of rounds out", Serve: c.revokeVan},
		{Method: post, Path: roundsHere + "/couriers", Access: ui.BySession, Needs: setSettings, Summary: "Let a courier in", Serve: c.employCourier},
		{Method: post, Path: roundsHere + "/couriers/{id}/pin", Access: ui.BySession, Needs: setSettings, Summary: "Give a courier another PIN", Serve: c.setCourierPIN},
		{Method: post, Path: roundsHere + "/couriers/{id}/leave", Access: ui.BySession, Needs: setSettings, Summary: "Show a courier out", Serve: c.dismissCourier},
		{Method: http.MethodGet, Path: roundsHere + "/proofs/{id}", Access: ui.BySession, Needs: readOrders, Summary: "The photo or the signature of a delivery", Stream: c.deliveryProof},
	}
}

// roundsPage is the rounds of a shop, before they are HTML.
type roundsPage struct {
	settings
	composed
	Link     string // of a device that was just let in: shown once
	Wrong    string
	Couriers []courierRow
	Vans     []vanRow
	Device   []input
	Courier  []input
	ForPIN   string // label of the field for another PIN
	PINHint  string
}

type courierRow struct {
	ID     ident.Courier
	Name   string
	Since  string
	Locked bool
}

type vanRow struct {
	ID    ident.Device
	Name  string
	Tone  ui.Tone
	State string
}

// roundsForms is which form of the page was refused, and why.
type roundsForms struct {
	link                ident.Link // of a device that was let in
	day, device, person map[string]string
}

func (c Config) rounds(r *http.Request) (ui.Answer, error) { return c.roundsPage(r, roundsForms{}) }

// roundsPage shows the rounds: with the link of a device that was just let in, or
// with a form as it was typed when it was refused.
func (c Config) roundsPage(r *http.Request, f roundsForms) (ui.Answer, error) {
	p := roundsPage{settings: settingsFrame(r, roundsHere)}
	p.Wide = true
	loc := p.Locale
	p.ForPIN, p.PINHint = lang.T(loc, "counters.pin", nil), lang.T(loc, "counters.pin_hint", nil)
	if f.link != "" {
		p.Link = c.Base + "/tournee/appareil/" + string(f.link)
	}
	p.Wrong = f.day[""] + f.device[""] + f.person[""]
	p.Device = []input{{ID: "device-name", Name: "name", Label: lang.T(loc, "counters.device_name", nil), Value: typedIf(r, f.device, "name"), Fault: f.device["name"], Needed: true}}
	p.Courier = []input{
		{ID: "courier-name", Name: "name", Label: lang.T(loc, "counters.clerk_name", nil), Value: typedIf(r, f.person, "name"), Fault: f.person["name"], Needed: true},
		{ID: "courier-pin", Name: "pin", Label: p.ForPIN, Hint: p.PINHint, Fault: f.person["pin"], Needed: true},
	}
	err := c.see(r, func(tx *db.Tx, v visit) (err error) {
		read := reading(r, tx.Now)
		if err := p.crew(tx, v, read); err != nil {
			return err
		}
		p.composed, err = composedOn(tx, v, read, dayOf(r, read))
		return err
	})
	wrong := f.day
	for _, m := range []map[string]string{f.device, f.person} {
		if len(m) > 0 {
			wrong = m
		}
	}
	return ui.Answer{Status: status(wrong), Page: roundsView(p)}, err
}

// typedIf is what was typed into a form that is shown again.
func typedIf(r *http.Request, wrong map[string]string, name string) string {
	if wrong == nil {
		return ""
	}
	return r.PostFormValue(name)
}

func (p *roundsPage) crew(tx *db.Tx, v visit, read ui.Reading) error {
	couriers, err := lastmile.Couriers(tx, v.Merchant)
	if err != nil {
		return err
	}
	for _, k := range couriers {
		if k.Until == 0 {
			p.Couriers = append(p.Couriers, courierRow{ID: k.ID, Name: k.Name, Since: read.When(k.Since, fact.ADay), Locked: k.Locked()})
		}
	}
	devices, err := lastmile.Devices(tx, v.Merchant)
	for _, d := range devices {
		if d.Revoked != 0 {
			continue
		}
		row := vanRow{ID: d.ID, Name: d.Name, Tone: ui.Care, State: read.T("counters.device_invited", nil)}
		if d.Enrolled != 0 {
			row.Tone, row.State = ui.Good, read.T("counters.device_works", map[string]any{"When": read.When(d.Enrolled, fact.ADay)})
		}
		p.Vans = append(p.Vans, row)
	}
	return err
}

// entrustDevice lets a device in. Its link is in the answer and nowhere else, so
// that the page is not come back to.
func (c Config) entrustDevice(r *http.Request) (ui.Answer, error) {
	var link ident.Link
	err := c.act(r, func(tx *flow.Tx, v visit) (err error) {
		_, link, err = lastmile.Entrust(tx, v.Merchant, r.PostFormValue("name"))
		return err
	})
	if refused(err) {
		return c.roundsPage(r, roundsForms{device: faults(ui.Reader(r), err, "name")})
	}
	if err != nil {
		return ui.Answer{}, err
	}
	return c.roundsPage(r, roundsForms{link: link})
}

func (c Config) employCourier(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := lastmile.NewRounds(c.Vault).Employ(tx, v.Merchant, r.PostFormValue("name"), r.PostFormValue("pin"))
		return err
	})
	if refused(err) {
		return c.roundsPage(r, roundsForms{person: faults(ui.Reader(r), err, "name", "pin")})
	}
	return ui.Answer{To: roundsHere + "?done=courier"}, err
}

func (c Config) setCourierPIN(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return lastmile.NewRounds(c.Vault).SetPIN(tx, v.Merchant, ident.Courier(r.PathValue("id")), r.PostFormValue("pin"))
	})
	if refused(err) {
		return c.roundsPage(r, roundsForms{person: map[string]string{"": lang.Fault(ui.Reader(r), fault.All(err)[0])}})
	}
	return ui.Answer{To: roundsHere + "?done=pin"}, err
}

func (c Config) dismissCourier(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return lastmile.Dismiss(tx, v.Merchant, ident.Courier(r.PathValue("id")))
	})
	return ui.Answer{To: roundsHere + "?done=courier_left"}, err
}

func (c Config) revokeVan(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return lastmile.Revoke(tx, v.Merchant, ident.Device(r.PathValue("id")))
	})
	return ui.Answer{To: roundsHere + "?done=van_out"}, err
}

// deliveryProof sends the picture that a courier took, or had signed.
func (c Config) deliveryProof(w http.ResponseWriter, r *http.Request) {
	var doc blob.Blob
	err := c.see(r, func(tx *db.Tx, v visit) error {
		said, err := lastmile.VisitOf(tx, v.Merchant, ident.Visit(r.PathValue("id")))
		if err == nil && said.Picture == "" {
			err = fault.New(fault.NotFound, "not_found", "document")
		}
		if err == nil {
			doc, err = blob.Get(tx, v.Merchant, said.Picture)
		}
		return err
	})
	sendPhoto(w, doc, err)
}
