package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// newImport is an import into the history of a fresh merchant, and its rejects.
func newImport(t *testing.T) (d *deliveries, rejects string) {
	t.Helper()
	w := flowtest.New(t)
	m := w.Merchant()
	var s carrier.Service
	w.Do(m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, m, carrier.Connection{Adapter: "simulated", Name: "Colis Rapide", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		s, err = carrier.SetService(tx, m, carrier.Service{
			Connection: c.ID, Name: "Domicile", Mode: carrier.Home, Countries: []string{"FR"}, Region: "FR",
			Collects: civil.MondayToFriday, Delivers: civil.MondayToFriday, Standards: []carrier.Standard{{Country: "FR", Days: 2}},
		})
		return err
	})
	rejects = filepath.Join(t.TempDir(), "rejects.csv")
	cmd := &importDeliveriesCmd{Merchant: string(m), Service: string(s.ID)}
	return &deliveries{cmd: cmd, flow: w.Flow, zone: flowtest.Paris, rejects: rejects}, rejects
}

func TestAnUnclosedQuoteCostsOneDelivery(t *testing.T) {
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	path := filepath.Join(t.TempDir(), "past.csv")
	text := "reference,handed_to_carrier_at,delivered_at,country,postcode,note\n" +
		"A-1,2026-02-02 09:00,2026-02-03 10:00,FR,69003,\n" +
		"\"A-2,2026-02-02 09:00,2026-02-03 10:00,FR,69003,\n" +
		"A-3,2026-02-02 09:00,2026-02-03 10:00,FR,69003,\"third floor,\nleft \"\"door\"\"\"\n" +
		"A-4,2026-02-02 09:00,2026-02-03 10:00,FR,69003,\"left\n" +
		"A-5,2026-02-02 09:00,2026-02-03 10:00,FR,69003,\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	d, rejects := newImport(t)
	if err := d.run(t.Context(), in, Streams{Out: t.Output(), Err: t.Output()}); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if d.read != 5 || d.added != 3 || d.rejected != 2 {
		t.Errorf("%d rows read, %d added, %d rejected, want 5, 3 and 2", d.read, d.added, d.rejected)
	}
	got, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	want := `line,reason,reference,handed_to_carrier_at,delivered_at,country,postcode,note
3,"A quotation mark opens on line 3, in the field “reference”, and does not close: remove it or close it, then send the line again.","""A-2",2026-02-02 09:00,2026-02-03 10:00,FR,69003,
6,"A quotation mark opens on line 6, in the field “note”, and does not close: remove it or close it, then send the line again.",A-4,2026-02-02 09:00,2026-02-03 10:00,FR,69003,"""left"
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}
