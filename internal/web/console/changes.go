package console

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// changeRow is a change to the delivery that the shopper asked for.
type changeRow struct {
	What, Badge string
	Tone        ui.Tone
	Texts       []string
}

// changeRows are those of an order, the last first.
func (d *lived) changeRows(tx *db.Tx, m ident.Merchant) (rows []changeRow, err error) {
	all, err := lastmile.Changes(tx, m, d.order.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range slices.Backward(all) {
		how := c.Words
		switch {
		case c.What == fact.Readdress:
			how = doorLine(c.To)
		case c.Wanted.Point != "":
			p, err := relay.Get(tx, c.Wanted.Point)
			if err != nil {
				return nil, err
			}
			how = p.Name
		}
		rows = append(rows, d.changeRow(c, how))
	}
	return rows, nil
}

func (d *lived) changeRow(c lastmile.Change, how string) changeRow {
	by := d.carriers[c.Connection].Name
	row := changeRow{What: d.ChangeWanted(c.What, c.Wanted, how)}
	if c.AtOnce() {
		row.Texts = append(row.Texts, d.T("console_changes.at_once", map[string]any{"When": d.When(c.Asked, fact.Minute)}))
	} else {
		row.Texts = append(row.Texts, d.T("console_changes.asked_at", map[string]any{"When": d.When(c.Asked, fact.Minute), "Carrier": by}))
	}
	if c.Was.Street != "" {
		row.Texts = append(row.Texts, d.T("console_changes.before", map[string]any{"Address": doorLine(c.Was)}))
	}
	answered := map[string]any{"When": d.When(c.Changed, fact.Minute)}
	switch c.State {
	case lastmile.ChangeAccepted:
		row.Tone, row.Badge = ui.Good, d.T("change.badge_accepted", nil)
		if !c.AtOnce() {
			row.Texts = append(row.Texts, d.T("console_changes.answered_at", answered))
		}
	case lastmile.ChangeRefused:
		row.Tone, row.Badge = ui.Bad, d.T("change.badge_refused", nil)
		row.Texts = append(row.Texts, d.T("console_changes.answered_at", answered), d.ChangeReason(c.Reason, by))
	case lastmile.ChangeUnanswered:
		row.Tone, row.Badge = ui.Care, d.T("change.badge_unanswered", nil)
		row.Texts = append(row.Texts, d.T("console_changes.late_counts", nil))
	default:
		row.Tone, row.Badge = ui.Care, d.T("change.badge_asked", nil)
		row.Texts = append(row.Texts, d.T("console_changes.answer_by", map[string]any{"Until": d.When(c.AnswerBy, fact.Minute)}))
	}
	if c.Said != "" {
		row.Texts = append(row.Texts, d.T("change.refused_said", map[string]any{"Carrier": by, "Words": c.Said}))
	}
	return row
}

// doorLine is an address on one line.
func doorLine(a order.Address) string {
	parts := []string{a.Name, a.Street, a.Extra, strings.TrimSpace(a.Postcode + " " + a.City), a.Phone}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}
