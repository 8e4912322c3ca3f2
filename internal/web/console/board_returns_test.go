package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/merchant"
)

// The board of returns says what the report says, for who may read reports, and
// every chart has its table.
func TestTheBoardOfReturns(t *testing.T) {
	o := takesBack(t)
	const at = "/console/board/returns"
	o.inspected("E-1", 1)
	o.Pass(time.Hour)
	must(t, o.get(merchant.Agent, at), 403)
	page := must(t, o.get(merchant.Viewer, at), 200)
	says(t, "what came back", page, "Taux de retour", "1 article revenu ou à revenir", "n'en veut plus", "Huile d'olive", "À l'entrepôt", "Remettre en stock", "Magasin")
	if charts, tables := len(page.All("svg")), len(page.All("table")); charts != 1 || tables < 5 {
		t.Errorf("%d charts, %d tables", charts, tables)
	}
	if nav := strings.Join(page.All("nav a"), " "); !strings.Contains(nav, "Promesses") || !strings.Contains(nav, "28 jours") {
		t.Errorf("no way to the other board, or to another period: %q", nav)
	}
	o.Pass(8 * 24 * time.Hour)
	says(t, "not this week", must(t, o.get(merchant.Viewer, at+"?days=7"), 200), "Rien n'a été vendu ni renvoyé")
}
