package db_test

import (
	"errors"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
)

func TestADatabaseInMemoryOutlivesItsProcess(t *testing.T) {
	for _, c := range []struct {
		at   db.Point
		kept bool
	}{{db.BeforeCommit, false}, {db.AfterCommit, true}} {
		t.Run(string(c.at), func(t *testing.T) {
			armed := false
			d := dbtest.New(t, db.Options{Crash: func(p db.Point) bool { return armed && p == c.at }})
			if _, err := d.Reopen(db.Options{}); err == nil {
				t.Error("a living handle gave its engine away")
			}
			var m ident.Merchant
			write(t, d, func(tx *db.Tx) error {
				m = ident.New[ident.Merchant](tx.Mint)
				return tx.Do(sqlTable)
			})
			armed = true
			err := d.Write(ctx, []ident.Merchant{m}, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "last", 1) })
			if !errors.Is(err, db.ErrDied) {
				t.Fatalf("the caller got %v", err)
			}
			next, err := d.Reopen(db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, there := number(t, next, m, "last"); there != c.kept {
				t.Errorf("row there: %v", there)
			}
			write(t, next, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "after", 1) })
			if _, err := d.Reopen(db.Options{}); err == nil {
				t.Error("two handles took over one engine")
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if _, there := number(t, next, m, "after"); !there {
				t.Error("closing the dead handle closed the living one")
			}
			if err := next.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
