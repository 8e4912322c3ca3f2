package db

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Tx is one transaction. All rows written in it agree on Now.
type Tx struct {
	Now    civil.Instant // world time
	Wall   civil.Instant // machine time: leases, back-off, rate limits
	Mint   *ident.Mint   // ids and secrets
	Strict bool          // reactions run under savepoints (see flow)
	Aux    any           // flow's pending facts of this attempt

	c       conn
	trace   func(q string, args []any)
	writes  bool
	written int   // statements that changed or may have changed something
	failed  error // first statement that failed: the rest of the transaction is lost
}

// Row is one row of an answer.
type Row interface{ Scan(dest ...any) error }

// conn is one engine's transaction.
type conn interface {
	places() places
	queue(q string, args []any) error                       // no answer needed; its error may come later
	exec(q string, args []any) (int64, error)               // rows changed
	query(q string, args []any, each func(Row) error) error // answer read to its end
	flush() error                                           // what was queued has happened
	commit() error
	rollback()
}

// engine is a database product.
type engine interface {
	name() string
	begin(lanes []int64) (conn, error)
	read(ctx ctx, fn func(conn) error) error
	passing(err error) bool // the machine's trouble: the same transaction may succeed later
	rest() error
	close() error
}

var errRead = errors.New("db: a read transaction can not write")

// Do runs a statement whose answer nobody needs. PostgreSQL sends it with the
// next one that needs an answer, so its error may surface there.
func (tx *Tx) Do(q string, args ...any) error {
	q, args, err := tx.prepare(q, args)
	if err != nil {
		return err
	}
	tx.wrote(q, args)
	return tx.fail(q, tx.c.queue(q, args))
}

// Changed runs a statement and reports whether it changed a row: the answer of
// a compare-and-set.
func (tx *Tx) Changed(q string, args ...any) (bool, error) {
	q, args, err := tx.prepare(q, args)
	if err != nil {
		return false, err
	}
	tx.wrote(q, args)
	n, err := tx.c.exec(q, args)
	return n > 0, tx.fail(q, err)
}

// All reads every row of an answer.
func All[T any](tx *Tx, q string, scan func(Row) (T, error), args ...any) ([]T, error) {
	q, args, err := tx.c.places().expand(q, args)
	if err != nil {
		return nil, err
	}
	if tx.failed != nil {
		return nil, tx.failed
	}
	if tx.writes && changes(q) {
		tx.wrote(q, args)
	}
	var rows []T
	err = tx.c.query(q, args, func(r Row) error {
		v, err := scan(r)
		rows = append(rows, v)
		return err
	})
	return rows, tx.fail(q, err)
}

// One reads the first row of an answer; ok is false when there is none.
func One[T any](tx *Tx, q string, scan func(Row) (T, error), args ...any) (v T, ok bool, err error) {
	rows, err := All(tx, q, scan, args...)
	if err != nil || len(rows) == 0 {
		return v, false, err
	}
	return rows[0], true, nil
}

// Scalar scans a single column, for counts, ids and existence.
func Scalar[T any](r Row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// Save runs fn under a savepoint: when fn fails, what it wrote is undone and
// the transaction goes on. Only flow's strict mode has use for it.
func (tx *Tx) Save(fn func() error) error {
	if err := tx.statement("savepoint s"); err != nil {
		return err
	}
	err := protect(fn)
	if err == nil {
		err = tx.flush()
	}
	if err == nil {
		return tx.statement("release savepoint s")
	}
	tx.failed = nil
	if back := tx.statement("rollback to savepoint s"); back != nil {
		return back
	}
	return errors.Join(err, tx.statement("release savepoint s"))
}

// wrote counts a statement that may have changed something.
func (tx *Tx) wrote(q string, args []any) {
	tx.written++
	if tx.trace != nil {
		tx.trace(q, args)
	}
}

func (tx *Tx) statement(q string) error {
	_, err := tx.c.exec(q, nil)
	return tx.fail(q, err)
}

func (tx *Tx) flush() error {
	if tx.failed != nil {
		return tx.failed
	}
	return tx.fail("flush", tx.c.flush())
}

func (tx *Tx) prepare(q string, args []any) (string, []any, error) {
	if !tx.writes {
		return "", nil, errRead
	}
	if tx.failed != nil {
		return "", nil, tx.failed
	}
	return tx.c.places().expand(q, args)
}

// fail remembers the first failed statement: on PostgreSQL nothing works after
// it, and on SQLite nothing may.
func (tx *Tx) fail(q string, err error) error {
	if err == nil {
		return nil
	}
	err = &StatementError{SQL: q, Err: err}
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// StatementError names the statement that failed.
type StatementError struct {
	SQL string
	Err error
}

// Error is for logs.
func (e *StatementError) Error() string { return fmt.Sprintf("%v in %q", e.Err, e.SQL) }

// Unwrap gives the driver's error.
func (e *StatementError) Unwrap() error { return e.Err }

// plain turns our types into what both drivers take without asking.
func plain(v any) (any, error) {
	switch x := v.(type) {
	case nil, string, int64, bool, float64, []byte:
		return x, nil
	case int:
		return int64(x), nil
	case driver.Valuer:
		return x.Value()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.String:
		return r.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Bool:
		return r.Bool(), nil
	case reflect.Pointer:
		if r.IsNil() {
			return nil, nil
		}
		return plain(r.Elem().Interface())
	default:
		return nil, fmt.Errorf("db: no column holds a %T", v)
	}
}

// Failed is the first statement that failed; the rest of the transaction is lost.
func (tx *Tx) Failed() error { return tx.failed }
