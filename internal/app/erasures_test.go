package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Who was erased is back in a backup that is older, and gone again after the replay.
func TestARestoredBackupForgetsAgainWhoWasErased(t *testing.T) {
	dir := t.TempDir()
	live, backup, file := filepath.Join(dir, "live.db"), filepath.Join(dir, "backup.db"), filepath.Join(dir, "erased.txt")
	said, _ := told(t, "merchant", "create", "Épicerie", "--db=sqlite:"+live)
	id, _, _ := strings.Cut(said, " ")
	m := ident.Merchant(id)
	var gone, later ident.Shopper
	inside(t, live, func(f *flow.Flow) error {
		return f.One(t.Context(), "test", m, func(tx *flow.Tx) (err error) {
			gone, err = shopper.Register(tx, m, shopper.NewShopper{Email: "marque.gone@example.org", Name: "Marque Gone", Phone: "+33639980001", Locale: lang.French})
			return err
		})
	})
	for _, part := range []string{"", "-wal"} { // nobody has it open: as docs/operate.md says of a stopped service
		whole, err := os.ReadFile(live + part)
		if part == "-wal" && os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(backup+part, whole, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	inside(t, live, func(f *flow.Flow) error {
		return f.One(t.Context(), "test", m, func(tx *flow.Tx) (err error) {
			if later, err = shopper.Register(tx, m, shopper.NewShopper{Email: "marque.later@example.org", Name: "Marque Later", Locale: lang.French}); err != nil {
				return err
			}
			for _, who := range []ident.Shopper{gone, later} {
				if _, err := erasure.Erase(tx, m, who); err != nil {
					return err
				}
			}
			return nil
		})
	})
	for range 2 { // the second time adds nothing
		if said, code := told(t, "erasures", "export", file, "--db=sqlite:"+live); code != 0 || !strings.Contains(said, "2 in all") {
			t.Fatalf("%d %s", code, said)
		}
	}
	if list, err := os.ReadFile(file); err != nil || strings.Count(string(list), "\n") != 2 || strings.Contains(strings.ToLower(string(list)), "marque") {
		t.Errorf("the file: %s, %v", list, err)
	}
	if !holds(t, backup, "marque.gone@example.org") {
		t.Fatal("the backup does not know who was erased since: nothing is tested")
	}
	for _, want := range []string{"1 erased again, 0 were erased already, 1 came after", "0 erased again, 1 were erased already, 1 came after"} {
		if said, code := told(t, "erasures", "replay", file, "--db=sqlite:"+backup); code != 0 || !strings.Contains(said, want) {
			t.Errorf("%d %s", code, said)
		}
	}
	if holds(t, backup, "marque") || holds(t, backup, "+33639980001") {
		t.Error("something is left in the restored database")
	}
	if said, code := told(t, "erasures", "export", file, "--db=sqlite:"+backup); code != 0 || !strings.Contains(said, "0 new, 2 in all") {
		t.Errorf("a restored database forgets who came after it: %d %s", code, said)
	}
	if err := os.WriteFile(file, []byte("Camille Durand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, code := told(t, "erasures", "replay", file, "--db=sqlite:"+backup); code != 1 || !strings.Contains(said, "line 1") {
		t.Errorf("another file: %d %s", code, said)
	}
}

// inside opens a database as a command does.
func inside(t *testing.T, path string, do func(*flow.Flow) error) {
	t.Helper()
	if err := withFlow(t.Context(), "sqlite:"+path, do); err != nil {
		t.Fatal(err)
	}
}

// holds reports whether a text stands in any column of a database.
func holds(t *testing.T, path, text string) (found bool) {
	t.Helper()
	inside(t, path, func(f *flow.Flow) error {
		return f.Read(t.Context(), func(tx *db.Tx) error {
			all, err := allTexts(tx, f.DB().Engine())
			for _, k := range all {
				found = found || strings.Contains(strings.ToLower(k.text), text)
			}
			return err
		})
	})
	return found
}
