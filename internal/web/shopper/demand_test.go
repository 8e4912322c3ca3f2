package shopper_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// Whoever waits in vain demands the delivery, and then has it all paid back; the
// link alone only reads.
func TestADeliveryIsDemandedAndTheContractResolved(t *testing.T) {
	b := buys(t)
	says(t, "before it is late", b.get("/demeure").One("main"), "Rien n'est en retard")
	b.At("2026-03-04 09:00")
	b.Quiet()
	says(t, "on the order's page", b.get("").One("main"), "Exiger la livraison")
	says(t, "with the link", b.get("/demeure").One("main"), "samedi 14 mars", "Huile d'olive", "montrez d'abord")
	summons, resolves := url.Values{"act": {"summon"}}, url.Values{"act": {"resolve"}}
	b.goes("/demeure", summons, "/preuve?vers=demeure")
	b.hand("demeure")
	if early := b.post("/demeure", resolves); early.Status != 422 {
		t.Errorf("resolved without a notice: %d", early.Status)
	}
	for range 2 { // a form sent twice is one notice
		says(t, "sent", b.goes("/demeure", summons, "/demeure").One("main"), "Mise en demeure envoyée", "doit livrer au plus tard samedi 14 mars", "Garder le texte")
	}
	if kept := webtest.Get(t, b.door, b.path+"/demeure/texte"); kept.Status != 200 || !strings.HasPrefix(kept.Body, "formal notice: dem_") {
		t.Errorf("the text to keep: %d %s", kept.Status, kept.Body)
	}
	if early := b.post("/demeure", resolves); early.Status != 422 {
		t.Errorf("resolved before the period is over: %d", early.Status)
	}
	b.At("2026-03-15 09:00")
	b.Quiet()
	says(t, "in vain", b.get("/demeure").One("main"), "À vous de choisir", "35,70 € vous sont dus sous quatorze jours")
	b.hand("demeure")
	for range 2 {
		says(t, "resolved", b.goes("/demeure", resolves, "/demeure").One("main"), "Vente résolue", "35,70 € vous sont dus au plus tard dimanche 29 mars", "Suivre le remboursement")
	}
	b.See(func(tx *db.Tx) error {
		d, _, err := returns.DemandOf(tx, b.ID, b.id())
		if d.Return == "" {
			t.Error("no return pays it back")
		}
		return err
	})
}
