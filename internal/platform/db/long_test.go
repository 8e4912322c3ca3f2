package db_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
)

// The service cuts a statement that takes too long; who checks or migrates a
// large database asks for as long as it takes. SQLite cuts nothing.
func TestWhoAsksForLongIsNotCutShort(t *testing.T) {
	const sqlLimit = `select setting from pg_settings where name = 'statement_timeout'`
	for _, c := range []struct {
		opt  db.Options
		want string // milliseconds
	}{
		{db.Options{}, "30000"},
		{db.Options{Keep: true}, "30000"},
		{db.Options{Long: true}, "0"},
		{db.Options{Keep: true, Long: true}, "0"},
	} {
		d := dbtest.New(t, c.opt)
		if d.Engine() == "sqlite" {
			continue
		}
		for what, in := range map[string]func(func(*db.Tx) error) error{
			"a read":  func(fn func(*db.Tx) error) error { return d.Read(ctx, fn) },
			"a write": func(fn func(*db.Tx) error) error { return d.Write(ctx, nil, fn) },
		} {
			err := in(func(tx *db.Tx) error {
				got, _, err := db.One(tx, sqlLimit, db.Scalar[string])
				if got != c.want {
					t.Errorf("%s with %+v may take %s ms, want %s", what, c.opt, got, c.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
