package console

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// speedDays is how far back the table of display speeds looks: the stretch over
// which such figures are usually told.
const speedDays = 28

// readSpeeds is how fast the shop's pages showed, as visitors' browsers measured it.
func readSpeeds(tx *db.Tx, m ident.Merchant, rd ui.Reading) (table, error) {
	today := speed.Today(tx.Wall)
	all, err := insight.SpeedsOf(tx, m, today-speedDays+1, today)
	return speedTable(rd, all), err
}

func speedTable(rd ui.Reading, all []insight.Speed) table {
	t := table{
		Title: rd.T("speed.title", nil), Meaning: rd.T("speed.means", map[string]any{"Days": speedDays}),
		Head: []string{rd.T("speed.page", nil), rd.T("speed.visits", nil), rd.T("speed.p75", nil), rd.T("speed.p75_narrow", nil), rd.T("speed.good", nil)},
	}
	if len(all) == 0 {
		t.Meaning = rd.T("speed.empty", map[string]any{"Days": speedDays})
	}
	for _, s := range all {
		narrow := "–"
		if s.Narrow.Visits > 0 {
			narrow = seconds(rd, s.Narrow.P75)
		}
		t.Rows = append(t.Rows, []string{
			shownPage(rd, s.Page), lang.Number(rd.Locale, int64(s.Visits)), seconds(rd, s.P75), narrow, lang.Percent(rd.Locale, s.Good),
		})
	}
	return t
}

// seconds is a short time as people compare it.
func seconds(rd ui.Reading, d time.Duration) string {
	return rd.T("speed.seconds", map[string]any{"Seconds": lang.Decimal(rd.Locale, d.Seconds(), 2)})
}

// shownPage names a kind of page.
func shownPage(rd ui.Reading, p speed.Page) string {
	switch p {
	case speed.Order:
		return rd.T("speed.order", nil)
	case speed.Proof:
		return rd.T("speed.proof", nil)
	case speed.Shelves:
		return rd.T("speed.shelves", nil)
	case speed.Article:
		return rd.T("speed.article", nil)
	case speed.Basket:
		return rd.T("speed.basket", nil)
	case speed.Delivery:
		return rd.T("speed.delivery", nil)
	case speed.Details:
		return rd.T("speed.details", nil)
	case speed.Review:
		return rd.T("speed.review", nil)
	case speed.Thanks:
		return rd.T("speed.thanks", nil)
	}
	return string(p)
}
