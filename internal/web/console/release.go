package console

import (
	"cmp"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// freshSignIn is how long after signing in somebody who works alone may let many
// people be told of an incident, in machine time.
const freshSignIn = 30 * time.Minute

// readRelease reads who asked and who answered, and who else could.
func (d *declared) readRelease(tx *db.Tx, v visit) (err error) {
	staff, err := merchant.StaffOf(tx, v.Merchant)
	if err != nil {
		return err
	}
	for _, s := range staff {
		if flow.ByStaff(s.ID) == d.AskedBy {
			d.asker = s.Name
		}
		if flow.ByStaff(s.ID) == d.AnsweredBy {
			d.answerer = s.Name
		}
	}
	if d.several, err = promise.SeveralMay(tx, v.Merchant, d.Incident); err != nil || d.several {
		return err
	}
	to, err := shopAddress(tx, v)
	d.shop = shopper.Contact{Email: to}.Masked()
	return err
}

// shopAddress is the shop's own mailbox; of one that named none, whose session it is.
func shopAddress(tx *db.Tx, v visit) (string, error) {
	brand, err := merchant.BrandOf(tx, v.Merchant)
	return cmp.Or(brand.Contact, v.Staff.Email), err
}

// sayRelease says where telling the incident stands.
func (d declared) sayRelease(rd ui.Reading, v visit, b *block) {
	args := map[string]any{"People": lang.Number(rd.Locale, int64(d.People)), "Who": cmp.Or(d.asker, rd.T("incidents.release_system", nil)), "By": cmp.Or(d.answerer, rd.T("incidents.release_nobody", nil))}
	if d.Answered != 0 {
		args["When"] = rd.When(d.Answered, fact.Minute)
	}
	switch {
	case d.Release == promise.Waiting && d.Ended == 0 && !d.several:
		b.Says = append(b.Says, rd.T("incidents.release_alone", args))
	case d.Release == promise.Waiting && d.Ended == 0:
		b.Says = append(b.Says, rd.T("incidents.release_waits", args))
	case d.Release == promise.Released:
		b.Notes = append(b.Notes, rd.T("incidents.release_given", args))
	case d.Release == promise.Refused:
		b.Says = append(b.Says, rd.T("incidents.release_refused", args))
	}
	if !d.Done && d.Release != promise.Waiting && d.Release != promise.Refused {
		b.Says = append(b.Says, rd.T("incidents.underway", nil))
	}
}

// releaseDeeds are what the reader may do about it.
func (d declared) releaseDeeds(rd ui.Reading, v visit) []deed {
	at := incidentPath(d.ID)
	switch {
	case d.Release != promise.Waiting:
		return nil
	case !d.several && !d.fresh:
		return []deed{{Path: at + "/code", Button: rd.T("incidents.release_sign_in", nil), Name: "do", Value: "again", How: rd.T("incidents.release_stale", nil)}}
	case !d.several:
		to := map[string]any{"Address": d.shop}
		return []deed{
			{Path: at + "/code", Button: rd.T("incidents.release_send", nil), Name: "do", Value: "send", Style: "second", How: rd.T("incidents.release_code_how", to)},
			{Path: at + "/code", Button: rd.T("incidents.release_yes", nil), Name: "do", Value: "type", Fields: []input{{Name: "code", Label: rd.T("incidents.release_code", nil), Needed: true}}},
		}
	case flow.ByStaff(v.Staff.ID) == d.AskedBy:
		return nil
	default:
		return []deed{
			{Path: at + "/release", Button: rd.T("incidents.release_yes", nil), Name: "do", Value: "yes", How: rd.T("incidents.release_how", nil)},
			{Path: at + "/release", Button: rd.T("incidents.release_no", nil), Name: "do", Value: "no", Style: "second"},
		}
	}
}

// releaseIncident is the second person's answer.
func (c Config) releaseIncident(r *http.Request) (ui.Answer, error) {
	id, yes := ident.Incident(r.PathValue("id")), r.PostFormValue("do") == "yes"
	err := c.act(r, func(tx *flow.Tx, v visit) error { return promise.Answer(tx, v.Merchant, id, yes) })
	return c.released(r, id, err, map[bool]string{true: "incident_released", false: "incident_refused"}[yes])
}

// releaseAlone sends the code, takes it, or has the reader sign in again first.
func (c Config) releaseAlone(r *http.Request) (ui.Answer, error) {
	id, do := ident.Incident(r.PathValue("id")), r.PostFormValue("do")
	var no *fault.Error
	stale := false
	err := c.act(r, func(tx *flow.Tx, v visit) (err error) {
		if no, stale = nil, tx.Wall.Sub(v.Began) >= freshSignIn; stale {
			return nil
		}
		if do == "send" {
			return c.sendRelease(tx, v, ui.Reader(r), id)
		}
		no, err = promise.ReleaseAlone(tx, v.Merchant, id, r.PostFormValue("code"))
		return err
	})
	switch {
	case err == nil && stale:
		return ui.Answer{To: "/console/sign-in"}, nil
	case err == nil && no != nil:
		return c.incidentPage(r, no)
	}
	return c.released(r, id, err, map[bool]string{true: "incident_code", false: "incident_released"}[do == "send"])
}

// What console letters besides the link that signs in are about.
const releaseCode = "release"

func (c Config) sendRelease(tx *flow.Tx, v visit, loc lang.Locale, id ident.Incident) error {
	digits, err := promise.ReleaseCode(tx, v.Merchant, id)
	if err != nil {
		return err
	}
	to, err := shopAddress(tx.Tx, v)
	if err != nil {
		return err
	}
	return c.signIns().Enqueue(tx, pass.Asked{
		What: releaseCode, Other: v.Shop.Name, Email: to, Code: digits, Link: ident.NewLink(tx.Mint), Locale: loc, Asked: tx.Now, Until: tx.Wall.Add(promise.ReleaseLife),
	})
}

func (c Config) released(r *http.Request, id ident.Incident, err error, done string) (ui.Answer, error) {
	if denied(err) {
		return c.incidentPage(r, err)
	}
	return ui.Answer{To: incidentPath(id) + "?done=" + done}, err
}
