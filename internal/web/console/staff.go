package console

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// staffPage is who works for the shop, before it is HTML.
type staffPage struct {
	settings
	Rows  []staffRow
	Sets  []setChoice
	Email input
	Name  input
	Wrong string
}

// staffRow is one of them.
type staffRow struct {
	Path, Name, Email, Set, Since string
	Me                            bool
	Sets                          []setChoice
}

// setChoice is a set of rights to choose, and what it may do.
type setChoice struct {
	Set         merchant.Set
	Words, Text string
	Chosen      bool
}

func (c Config) staff(r *http.Request) (ui.Answer, error) {
	return c.staffPage(r, merchant.NewStaff{Set: merchant.Agent}, nil)
}

// staffPage shows who works there, and the form as it was typed when it was refused.
func (c Config) staffPage(r *http.Request, typed merchant.NewStaff, wrong map[string]string) (a ui.Answer, err error) {
	p := staffPage{settings: settingsFrame(r, "/console/settings/staff"), Wrong: wrong[""]}
	p.Email = input{Name: "email", Kind: "email", Label: lang.T(p.Locale, "console.email", nil), Value: typed.Email, Fault: wrong["email"], Needed: true}
	p.Name = input{Name: "name", Label: lang.T(p.Locale, "console.name", nil), Value: typed.Name, Fault: wrong["name"], Needed: true}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		all, err := merchant.StaffOf(tx, v.Merchant)
		p.Sets = setChoices(p.Locale, v.Shop.Kind, typed.Set)
		for _, s := range all {
			p.Rows = append(p.Rows, staffRow{
				Path: "/console/settings/staff/" + string(s.ID), Name: s.Name, Email: s.Email, Set: setWords(p.Locale, s.Set),
				Since: read.When(s.Since, fact.ADay), Me: s.ID == v.Staff.ID, Sets: setChoices(p.Locale, v.Shop.Kind, s.Set),
			})
		}
		return err
	})
	return ui.Answer{Status: status(wrong), Page: staffView(p)}, err
}

func setChoices(loc lang.Locale, k merchant.Kind, chosen merchant.Set) (out []setChoice) {
	for _, s := range merchant.StaffSets(k) {
		out = append(out, setChoice{Set: s, Words: setWords(loc, s), Text: setText(loc, s), Chosen: s == chosen})
	}
	if !slices.ContainsFunc(out, func(c setChoice) bool { return c.Chosen }) {
		out[0].Chosen = true
	}
	return out
}

// setText is what holders of a set may do, in a sentence.
func setText(loc lang.Locale, s merchant.Set) string {
	key, ok := map[merchant.Set]string{
		merchant.Owner:     "console.set_owner_text",
		merchant.Agent:     "console.set_agent_text",
		merchant.Developer: "console.set_developer_text",
		merchant.Viewer:    "console.set_viewer_text",
		merchant.Operator:  "console.set_operator_text",
	}[s]
	if !ok {
		return ""
	}
	return lang.T(loc, key, nil)
}

func (c Config) hire(r *http.Request) (ui.Answer, error) {
	in := merchant.NewStaff{Email: r.PostFormValue("email"), Name: r.PostFormValue("name"), Set: merchant.Set(r.PostFormValue("set"))}
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := merchant.Hire(tx, v.Merchant, in)
		return err
	})
	if refused(err) {
		return c.staffPage(r, in, faults(ui.Reader(r), err, "email", "name"))
	}
	return ui.Answer{To: "/console/settings/staff?done=hired"}, err
}

func (c Config) change(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return merchant.Change(tx, v.Merchant, ident.Staff(r.PathValue("id")), merchant.Set(r.PostFormValue("set")))
	})
	return c.settled(r, err, "changed")
}

func (c Config) dismiss(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return merchant.Dismiss(tx, v.Merchant, ident.Staff(r.PathValue("id")))
	})
	return c.settled(r, err, "dismissed")
}

// settled leads back to the list, or shows it with what was refused.
func (c Config) settled(r *http.Request, err error, done string) (ui.Answer, error) {
	if refused(err) {
		return c.staffPage(r, merchant.NewStaff{Set: merchant.Agent}, faults(ui.Reader(r), err))
	}
	return ui.Answer{To: "/console/settings/staff?done=" + done}, err
}
