package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
)

var ctx = context.Background()

const (
	sqlTable  = `create table if not exists test_row (merchant text not null, id text not null, n bigint not null check (n >= 0), primary key (merchant, id))`
	sqlInsert = `insert into test_row (merchant, id, n) values ($1, $2, $3)`
	sqlBump   = `update test_row set n = n + 1 where merchant = $1 and id = $2`
	sqlTake   = `update test_row set n = n - 1 where merchant = $1 and id = $2 and n > 0 returning n`
	sqlGet    = `select n from test_row where merchant = $1 and id = $2`
	sqlSome   = `select id from test_row where merchant = $1 and id in ($2) order by id`
	sqlOthers = `select id from test_row where merchant = $1 and id not in ($2) order by id`
	sqlSet    = `update test_row set n = v.column2 from (values {$2: text, bigint}) as v
		where test_row.merchant = $1 and test_row.id = v.column1 and test_row.n < v.column2 returning id`
)

// each test works under a merchant of its own, so that a shared PostgreSQL database does.
func setup(t *testing.T, opt db.Options) (*db.DB, ident.Merchant) {
	t.Helper()
	d := dbtest.File(t, opt)
	var m ident.Merchant
	write(t, d, func(tx *db.Tx) error {
		m = ident.New[ident.Merchant](tx.Mint)
		return tx.Do(sqlTable)
	})
	return d, m
}

func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(ctx, nil, fn); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, d *db.DB, m ident.Merchant, id string) (n int64, ok bool) {
	t.Helper()
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		n, ok, err = db.One(tx, sqlGet, db.Scalar[int64], m, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, ok
}

func ids(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("r%03d", i)
	}
	return out
}

func TestAFailingJobLosesOnlyItself(t *testing.T) {
	d, m := setup(t, db.Options{})
	errs := make([]error, 200)
	var all sync.WaitGroup
	for i, id := range ids(len(errs)) {
		all.Go(func() {
			errs[i] = d.Write(ctx, []ident.Merchant{m}, func(tx *db.Tx) error {
				if err := tx.Do(sqlInsert, m, id, 1); err != nil {
					return err
				}
				switch i % 10 {
				case 3:
					return errors.New("refused after writing")
				case 5:
					panic("a bug")
				case 7:
					return tx.Do(sqlInsert, m, id+"-bad", -1)
				}
				return nil
			})
		})
	}
	all.Wait()
	for i, id := range ids(len(errs)) {
		bad := i%10 == 3 || i%10 == 5 || i%10 == 7
		if _, there := number(t, d, m, id); there == bad || (errs[i] != nil) != bad {
			t.Errorf("job %d: error %v, row there %v", i, errs[i], there)
		}
	}
}

func TestOfManyTakersOfOneThingOneWins(t *testing.T) {
	d, m := setup(t, db.Options{})
	write(t, d, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "slot", 1) })
	won := make([]bool, 100)
	var all sync.WaitGroup
	for i := range won {
		all.Go(func() {
			err := d.Write(ctx, []ident.Merchant{m}, func(tx *db.Tx) error {
				_, ok, err := db.One(tx, sqlTake, db.Scalar[int64], m, "slot")
				won[i] = ok
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	winners := 0
	for _, w := range won {
		if w {
			winners++
		}
	}
	if n, _ := number(t, d, m, "slot"); winners != 1 || n != 0 {
		t.Errorf("%d winners, %d left", winners, n)
	}
}

func TestReadComputeWriteLosesNothing(t *testing.T) {
	d, m := setup(t, db.Options{})
	write(t, d, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "count", 0) })
	const times = 300
	var all sync.WaitGroup
	for range times {
		all.Go(func() {
			err := d.Write(ctx, []ident.Merchant{m}, func(tx *db.Tx) error {
				n, _, err := db.One(tx, sqlGet, db.Scalar[int64], m, "count")
				if err != nil {
					return err
				}
				_, err = tx.Changed(sqlSet, m, db.Rows([][]any{{"count", n + 1}}))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, _ := number(t, d, m, "count"); n != times {
		t.Errorf("counted %d of %d", n, times)
	}
}

func TestListsAndRows(t *testing.T) {
	d, m := setup(t, db.Options{})
	write(t, d, func(tx *db.Tx) error {
		for _, id := range ids(7) {
			if err := tx.Do(sqlInsert, m, id, 0); err != nil {
				return err
			}
		}
		return nil
	})
	for _, asked := range [][]string{nil, {"r001"}, {"r005", "r002", "nobody"}, ids(7)} {
		var got []string
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			got, err = db.All(tx, sqlSome, db.Scalar[string], m, db.In(asked))
			return err
		})
		want := slices.DeleteFunc(slices.Sorted(slices.Values(asked)), func(s string) bool { return s == "nobody" })
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("in %v: got %v, %v", asked, got, err)
		}
		if len(asked) == 0 {
			continue // a list after "not in" is never empty
		}
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			got, err = db.All(tx, sqlOthers, db.Scalar[string], m, db.In(asked))
			return err
		})
		others := slices.DeleteFunc(ids(7), func(s string) bool { return slices.Contains(asked, s) })
		if err != nil || !slices.Equal(got, others) {
			t.Errorf("not in %v: got %v, %v", asked, got, err)
		}
	}
	write(t, d, func(tx *db.Tx) error {
		won, err := db.All(tx, sqlSet, db.Scalar[string], m, db.Rows([][]any{{"r000", 0}, {"r001", 4}, {"r002", 5}}))
		slices.Sort(won)
		if !slices.Equal(won, []string{"r001", "r002"}) {
			t.Errorf("compare-and-set won %v", won)
		}
		return err
	})
}

func TestAReaderCanNotWrite(t *testing.T) {
	d, m := setup(t, db.Options{})
	err := d.Read(ctx, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "x", 1) })
	if err == nil {
		t.Error("Do wrote in a read")
	}
	err = d.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(tx, sqlTake, db.Scalar[int64], m, "x")
		return err
	})
	if err == nil {
		t.Error("a returning statement wrote in a read")
	}
}

func TestACallerWhoLeavesTakesNobodyAlong(t *testing.T) {
	d, m := setup(t, db.Options{})
	gone, cancel := context.WithCancel(ctx)
	err := d.Write(gone, []ident.Merchant{m}, func(tx *db.Tx) error {
		cancel() // the caller leaves while the work is under way
		return tx.Do(sqlInsert, m, "kept", 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, there := number(t, d, m, "kept"); !there {
		t.Error("a cancelled context undid work under way")
	}
	if err := d.Write(gone, []ident.Merchant{m}, func(tx *db.Tx) error { return tx.Do(sqlBump, m, "kept") }); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRedoRunsEveryWriteTwiceAndKeepsOne(t *testing.T) {
	d, m := setup(t, db.Options{Redo: true})
	runs := 0
	write(t, d, func(tx *db.Tx) error {
		runs++
		return tx.Do(sqlInsert, m, "once", 1)
	})
	if n, _ := number(t, d, m, "once"); runs != 2 || n != 1 {
		t.Errorf("ran %d times, left %d", runs, n)
	}
}

func TestDeathAtTheCommit(t *testing.T) {
	for _, c := range []struct {
		at   db.Point
		kept bool
	}{{db.BeforeCommit, false}, {db.AfterCommit, true}} {
		t.Run(string(c.at), func(t *testing.T) {
			url := dbtest.FileURL(t)
			armed := false
			d, err := db.Open(ctx, url, db.Options{Crash: func(p db.Point) bool { return armed && p == c.at }})
			if err != nil {
				t.Fatal(err)
			}
			var m ident.Merchant
			write(t, d, func(tx *db.Tx) error {
				m = ident.New[ident.Merchant](tx.Mint)
				return tx.Do(sqlTable)
			})
			armed = true
			if err := d.Write(ctx, []ident.Merchant{m}, func(tx *db.Tx) error { return tx.Do(sqlInsert, m, "x", 1) }); !errors.Is(err, db.ErrDied) {
				t.Errorf("the caller got %v", err)
			}
			if err := d.Write(ctx, nil, func(*db.Tx) error { return nil }); !errors.Is(err, db.ErrDied) {
				t.Errorf("a dead handle answered %v", err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := db.Open(ctx, url, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, there := number(t, again, m, "x"); there != c.kept {
				t.Errorf("row there: %v", there)
			}
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestWritesOverSeveralMerchants(t *testing.T) {
	d, m := setup(t, db.Options{})
	others := []ident.Merchant{m, "mer_b", "mer_c", "mer_d", "mer_e", m}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			ms := others[i%5:]
			if err := d.Write(ctx, ms, func(tx *db.Tx) error {
				return tx.Do(sqlInsert, m, fmt.Sprint("wide", i), 1)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, there := number(t, d, m, "wide39"); !there {
		t.Error("lost a write")
	}
}

func TestIdsOfOneInstantSortAsTheyWereMade(t *testing.T) {
	d, _ := setup(t, db.Options{Now: func() civil.Instant { return 1_800_000_000_000_000 }})
	var made []string
	for range 600 {
		write(t, d, func(tx *db.Tx) error {
			made = append(made, string(ident.New[ident.Fact](tx.Mint)))
			return nil
		})
	}
	if !slices.IsSorted(made) {
		t.Error("ids of later transactions sort before earlier ones")
	}
}

func TestErrorsNameTheStatementAndHideThePassword(t *testing.T) {
	d, m := setup(t, db.Options{})
	err := d.Write(ctx, nil, func(tx *db.Tx) error {
		if err := tx.Do(sqlInsert, m, "x", -1); err != nil {
			return err
		}
		_, err := tx.Changed(sqlBump, m, "x")
		return err
	})
	var se *db.StatementError
	if !errors.As(err, &se) || !strings.Contains(se.SQL, "test_row") {
		t.Errorf("got %v", err)
	}
	_, err = db.Open(ctx, "postgres://me:secret@127.0.0.1:1/x?connect_timeout=1", db.Options{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	if _, err := db.Open(ctx, "mysql://x", db.Options{}); err == nil || !strings.Contains(err.Error(), "sqlite:PATH") {
		t.Errorf("got %v", err)
	}
}

func TestAClosedFileStandsAlone(t *testing.T) {
	url := dbtest.FileURL(t)
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		return // PostgreSQL keeps its own files
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error { return tx.Do(sqlTable) })
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if st, err := os.Stat(path + "-wal"); err == nil && st.Size() > 0 {
		t.Errorf("%d bytes were left in the log", st.Size())
	}
}

// TestRest: whoever works is not disturbed, and nothing is forgotten.
func TestRest(t *testing.T) {
	d, m := setup(t, db.Options{})
	rest := func() {
		t.Helper()
		if err := d.Rest(); err != nil {
			t.Error(err)
		}
	}
	write(t, d, func(tx *db.Tx) error {
		rest()
		return tx.Do(sqlInsert, m, "a", 7)
	})
	err := d.Read(ctx, func(tx *db.Tx) error {
		rest()
		n, ok, err := db.One(tx, sqlGet, db.Scalar[int64], m, "a")
		if n != 7 || !ok {
			t.Errorf("within a snapshot: got %d, %v", n, ok)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	rest()
	if n, ok := number(t, d, m, "a"); n != 7 || !ok {
		t.Errorf("after a rest: got %d, %v", n, ok)
	}
}
