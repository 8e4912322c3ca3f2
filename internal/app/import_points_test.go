package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

// pointsWorld is a merchant, and a place for files.
type pointsWorld struct {
	*flowtest.World
	t   *testing.T
	m   ident.Merchant
	dir string
}

func newPointsWorld(t *testing.T) *pointsWorld {
	t.Helper()
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	w := &pointsWorld{World: flowtest.New(t), t: t, dir: t.TempDir()}
	err := w.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Boutique", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		w.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// load imports a text and answers the report and the rejects.
func (w *pointsWorld) load(text string) (report, rejects string) {
	w.t.Helper()
	path := filepath.Join(w.dir, "points")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer in.Close()
	w.Pass(time.Hour)
	var out strings.Builder
	p := &pointsImport{
		cmd: &importPointsCmd{Network: "points_" + strings.ToLower(w.t.Name()), Merchant: string(w.m), Whole: true}, flow: w.Flow, rejects: path + ".rejects.csv",
	}
	if err := p.run(w.t.Context(), in, Streams{Out: w.t.Output(), Err: w.t.Output()}); err != nil {
		w.t.Fatal(err)
	}
	if err := p.close(); err != nil {
		w.t.Fatal(err)
	}
	p.report(&out)
	refused, _ := os.ReadFile(p.rejects) // there is none when all is well
	return strings.ReplaceAll(out.String(), w.dir+"/", ""), string(refused)
}

const pointsHeader = "code,name,postcode,street,hours\n"

func TestImportPoints(t *testing.T) {
	w := newPointsWorld(t)
	report, rejects := w.load(pointsHeader + "1,Tabac,29900,3 quai Carnot,Mo-Sa 09:00-19:00\n2,Fleurs,29900,1 rue Vauban,\n")
	if d := cmp.Diff("2 points read: 2 new, 0 changed (0 moved), 0 as before, 0 gone, 0 rejected\n", report); d != "" || rejects != "" {
		t.Errorf("%s, rejects %q", d, rejects)
	}
	report, rejects = w.load(pointsHeader + "1,Tabac,29900,8 rue Vauban,Mo-Sa 09:00-19:00\n2,Fleurs,29900,1 rue Vauban,Mo 24:00-00:00\n1,Tabac,29900,,\n")
	want := "3 points read: 0 new, 1 changed (1 moved), 0 as before, 0 gone, 2 rejected\nrejected lines: points.rejects.csv\n" +
		"because of them the list was not taken for whole: no point was said to be gone\n"
	if d := cmp.Diff(want, report); d != "" {
		t.Error(d)
	}
	for _, part := range []string{"line,reason,code,name", "\n3,", "Mo 24:00-00:00", "24:00 only as an end", "\n4,", "is given twice"} {
		if !strings.Contains(rejects, part) {
			t.Errorf("%q is not in the rejects:\n%s", part, rejects)
		}
	}
	report, _ = w.load(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"code":"1","name":"Tabac","postcode":"29900","street":"8 rue Vauban","hours":"Mo-Sa 09:00-19:00"}}]}`)
	if d := cmp.Diff("1 points read: 0 new, 0 changed (0 moved), 1 as before, 1 gone, 0 rejected\n", report); d != "" {
		t.Error(d)
	}
	w.See(func(tx *db.Tx) error {
		all, err := relay.List(tx, "points_testimportpoints", "", 10)
		gone := slices.IndexFunc(all, func(p relay.Point) bool { return !p.Gone.IsZero() })
		if len(all) != 2 || all[0].Was != "3 quai Carnot, 29900 Concarneau" || gone != 1 {
			t.Errorf("%+v", all)
		}
		return err
	})
}

func TestImportPointsNeedsAnOrganisation(t *testing.T) {
	w := newPointsWorld(t)
	w.m = "mer_00000000000000000000000000"
	p := &pointsImport{cmd: &importPointsCmd{Network: "n", Merchant: string(w.m)}, flow: w.Flow, page: []relay.Point{{}}}
	if err := p.feed(t.Context()); err == nil {
		t.Error("points were taken in for nobody")
	}
}
