package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

type ctx = context.Context

// readers is how many read snapshots run beside the writer.
const readers = 4

// sqliteEngine is one immediate writer and a few query-only readers on a file;
// in memory, one connection that does both in turn.
type sqliteEngine struct {
	pool   *sql.DB
	writer *sqliteConn
	turn   chan struct{}    // the writer, one transaction at a time
	idle   chan *sqliteConn // readers; nil in memory
}

func openSQLite(ctx context.Context, path string, keep bool) (*sqliteEngine, error) {
	pool, err := sql.Open("sqlite", sqliteDSN(path))
	if err != nil {
		return nil, err
	}
	e := &sqliteEngine{pool: pool, turn: make(chan struct{}, 1)}
	if err := e.start(ctx, path == ":memory:", keep); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return e, nil
}

func (e *sqliteEngine) start(ctx context.Context, memory, keep bool) (err error) {
	e.pool.SetMaxOpenConns(1)
	if !keep {
		if err := e.migrate(ctx); err != nil {
			return err
		}
	}
	if e.writer, err = e.connect(ctx, "pragma query_only = off"); err != nil {
		return err
	}
	e.turn <- struct{}{}
	if memory {
		return nil
	}
	e.pool.SetMaxOpenConns(1 + readers)
	e.idle = make(chan *sqliteConn, readers)
	for range readers {
		r, err := e.connect(ctx, "pragma query_only = on; pragma cache_size = -4000")
		if err != nil {
			return err
		}
		e.idle <- r
	}
	return nil
}

func sqliteDSN(path string) string {
	const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)" +
		"&_pragma=foreign_keys(on)&_pragma=temp_store(memory)&_pragma=cache_size(-16000)"
	if path == ":memory:" {
		return "file::memory:?" + pragmas
	}
	return "file:" + path + "?" + pragmas
}

func (e *sqliteEngine) connect(ctx context.Context, pragma string) (*sqliteConn, error) {
	c, err := e.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, pragma); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return &sqliteConn{engine: e, conn: c, stmts: map[string]statement{}}, nil
}

func (e *sqliteEngine) name() string { return "sqlite" }

func (e *sqliteEngine) begin([]int64) (conn, error) {
	<-e.turn
	if _, err := e.writer.exec("begin immediate", nil); err != nil {
		e.turn <- struct{}{}
		return nil, err
	}
	return e.writer, nil
}

func (e *sqliteEngine) read(ctx context.Context, fn func(conn) error) error {
	if e.idle == nil {
		return e.readInTurn(ctx, fn)
	}
	var c *sqliteConn
	select {
	case c = <-e.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { e.idle <- c }()
	return c.snapshot(fn)
}

// readInTurn shares the only connection of a database in memory. A Read inside
// a Write would wait for itself, so it is refused.
func (e *sqliteEngine) readInTurn(ctx context.Context, fn func(conn) error) error {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { e.turn <- struct{}{} }()
	return e.writer.snapshot(fn)
}

// passing is busy, locked, and a disk that may have space again.
func (e *sqliteEngine) passing(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return true
	}
	return false
}

// rest empties the page caches of the connections that are free: together they
// hold up to 32 MB, which a busy day fills and nothing else empties.
func (e *sqliteEngine) rest() error {
	var errs []error
	for range cap(e.idle) { // who is put back goes to the end of the row
		select {
		case c := <-e.idle:
			errs = append(errs, c.shrink())
			e.idle <- c
		default:
		}
	}
	select {
	case <-e.turn:
		errs = append(errs, e.writer.shrink())
		e.turn <- struct{}{}
	default:
	}
	return errors.Join(errs...)
}

// close waits for the transactions under way. The last connection to go leaves
// the file whole, without its log.
func (e *sqliteEngine) close() error {
	<-e.turn
	errs := []error{e.writer.close()}
	for range cap(e.idle) {
		errs = append(errs, (<-e.idle).close())
	}
	return errors.Join(append(errs, e.pool.Close())...)
}

// sqliteConn is a connection and its prepared statements.
type sqliteConn struct {
	engine *sqliteEngine
	conn   *sql.Conn
	stmts  map[string]statement
}

// statement is a prepared one; order says which argument each of its places takes.
type statement struct {
	*sql.Stmt
	order []int
}

// arguments puts them in the order of the places.
func (s statement) arguments(args []any) []any {
	placed := make([]any, len(s.order))
	for i, n := range s.order {
		placed[i] = args[n-1]
	}
	return placed
}

func (c *sqliteConn) shrink() error {
	_, err := c.exec("pragma shrink_memory", nil)
	return err
}

func (c *sqliteConn) close() error {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	return c.conn.Close()
}

// maxStatements bounds the cache; texts are constants, so it is never reached
// unless lists of many sizes are asked for.
const maxStatements = 2000

func (c *sqliteConn) stmt(q string) (statement, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	if len(c.stmts) >= maxStatements {
		for k, s := range c.stmts {
			_ = s.Close()
			delete(c.stmts, k)
		}
	}
	text, order := nameless(unplanned(q))
	p, err := c.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return statement{}, fmt.Errorf("prepare: %w", err)
	}
	s := statement{p, order}
	c.stmts[q] = s
	return s, nil
}

// unplanned keeps the planner from looking at the value of a limit. It would
// prepare the statement again each time that is bound, though the plan stays as
// it is: that was half the work of asking what is due.
func unplanned(q string) string { return strings.ReplaceAll(q, "limit $", "limit 0+$") }

// nameless makes $n places without a name, in the order of the text. To SQLite
// $n is a name, and it looks for names one after the other: preparing and
// binding a statement of a thousand places took the square of that. A place is
// cast for PostgreSQL, which must be told types; SQLite would prepare the
// statement again for each value it is given to cast.
func nameless(q string) (string, []int) {
	var b strings.Builder
	order := []int{}
	for {
		text, rest, found := strings.Cut(q, "$")
		if !found {
			b.WriteString(text)
			return b.String(), order
		}
		n, next := number(rest, 0)
		rest = rest[next:]
		if before, cast := strings.CutSuffix(text, "cast("); cast && strings.HasPrefix(rest, " as ") {
			text = before
			_, rest, _ = strings.Cut(rest, ")")
		}
		b.WriteString(text)
		b.WriteByte('?')
		order, q = append(order, n), rest
	}
}

func (c *sqliteConn) queue(q string, args []any) error {
	_, err := c.exec(q, args)
	return err
}

func (c *sqliteConn) exec(q string, args []any) (int64, error) {
	s, err := c.stmt(q)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), s.arguments(args)...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *sqliteConn) query(q string, args []any, each func(Row) error) (err error) {
	s, err := c.stmt(q)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), s.arguments(args)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *sqliteConn) places() places { return eachValue }

func (c *sqliteConn) flush() error { return nil }

func (c *sqliteConn) commit() error {
	_, err := c.exec("commit", nil)
	if err != nil {
		return err
	}
	c.engine.turn <- struct{}{}
	return nil
}

func (c *sqliteConn) rollback() {
	// After some errors SQLite has rolled back by itself; a second rollback only says so.
	_, _ = c.exec("rollback", nil)
	c.engine.turn <- struct{}{}
}

func (c *sqliteConn) snapshot(fn func(conn) error) error {
	if _, err := c.exec("begin", nil); err != nil {
		return err
	}
	defer func() { _, _ = c.exec("rollback", nil) }()
	return protect(func() error { return fn(c) })
}
