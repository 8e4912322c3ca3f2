package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// roundsHere is the page's address.
const roundsHere = "/console/settings/rounds"

func roundsRoutes(c Config) []ui.Route {
	return append(c.roundsDesk().routes(), []ui.Route{
		{Method: http.MethodGet, Path: roundsHere, Access: ui.BySession, Needs: setSettings, Summary: "The rounds of a day, the couriers and their devices", Serve: c.rounds},
		{Method: http.MethodPost, Path: roundsHere + "/day", Access: ui.BySession, Needs: setSettings, Summary: "Put orders on couriers' rounds of a day", Serve: c.compose},
		{Method: http.MethodGet, Path: roundsHere + "/proofs/{id}", Access: ui.BySession, Needs: readOrders, Summary: "The photo or the signature of a delivery", Stream: c.deliveryProof},
	}...)
}

func (c Config) roundsDesk() crewDesk {
	ours := func(_ *db.Tx, v visit, _ *http.Request) (crew.Post, error) { return crew.Rounds(v.Merchant), nil }
	return crewDesk{Config: c, trade: crew.Courier, here: roundsHere, door: "/tournee/appareil/", post: ours, show: c.roundsPage}
}

// roundsPage is the rounds of a shop, before they are HTML.
type roundsPage struct {
	settings
	composed
	crewPage
}

func (c Config) rounds(r *http.Request) (ui.Answer, error) { return c.roundsPage(r, crewForms{}) }

// roundsPage shows the rounds: with the link of a device that was just let in, or
// with a form as it was typed when it was refused.
func (c Config) roundsPage(r *http.Request, f crewForms) (ui.Answer, error) {
	p := roundsPage{settings: settingsFrame(r, roundsHere), crewPage: c.roundsDesk().page(r, f)}
	p.Wide = true
	p.LinkHow, p.PersonNew = lang.T(p.Locale, "rounds.link_text", nil), lang.T(p.Locale, "rounds.courier_new", nil)
	typed(r, f.device, "device-", p.Device)
	typed(r, f.person, "courier-", p.Person)
	err := c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		devices, people, err := crewsOf(tx, v.Merchant, crew.Courier)
		if err != nil {
			return err
		}
		if rows := crewAt(read, crew.Rounds(v.Merchant), devices, people); len(rows.Devices)+len(rows.People) > 0 {
			rows.Name = read.T("rounds.crew", nil)
			p.Crews = []crewRows{rows}
		}
		p.composed, err = composedOn(tx, v, read, dayOf(r, read), people)
		return err
	})
	return ui.Answer{Status: status(f.wrong()), Page: roundsView(p)}, err
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
