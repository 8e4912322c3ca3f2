package db

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lockSpace keeps our advisory locks apart from anybody else's in the database.
const lockSpace = 0x70726f6d // "prom"

// postgresEngine is one pool for readers and writers. A writing group holds
// the advisory lock of its lanes, so that several nodes take turns.
type postgresEngine struct{ pool *pgxpool.Pool }

// patience is how long a statement may take, in milliseconds. The longest of the
// service takes a few; one that takes longer is a mistake that holds a lane.
const patience = "30000"

func openPostgres(ctx context.Context, url string, opt Options) (*postgresEngine, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = max(cfg.MaxConns, 12)
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = patience
	if opt.Long {
		cfg.ConnConfig.RuntimeParams["statement_timeout"] = "0" // no limit
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "promesse"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	e := &postgresEngine{pool: pool}
	if opt.Keep {
		return e, nil
	}
	if err := e.migrate(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return e, nil
}

func (e *postgresEngine) name() string { return "postgres" }

func (e *postgresEngine) begin(lanes []int64) (conn, error) {
	ctx := context.Background()
	c, err := e.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "begin"); err != nil {
		c.Release()
		return nil, err
	}
	p := &postgresConn{conn: c, batch: &pgx.Batch{}}
	for _, l := range lanes { // rising order: two groups over several lanes never wait for each other
		p.batch.Queue("select pg_advisory_xact_lock($1::int, $2::int)", lockSpace, int32(l))
	}
	return p, nil
}

func (e *postgresEngine) read(ctx context.Context, fn func(conn) error) error {
	c, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	p := &postgresConn{conn: c, batch: &pgx.Batch{}}
	if _, err := c.Exec(context.Background(), "begin isolation level repeatable read read only"); err != nil {
		return err
	}
	defer func() { _, _ = c.Exec(context.Background(), "rollback") }()
	return protect(func() error { return fn(p) })
}

// passing is a serialisation race, a deadlock, a server going away, a full
// disk, or a connection lost before the commit was sent.
func (e *postgresEngine) passing(err error) bool {
	var unknown *commitUnknown
	if errors.As(err, &unknown) {
		return false
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch pe.Code {
		case "40001", "40P01", "53100", "53300", "55P03", "57P01", "57P02", "57P03":
			return true
		}
		return false
	}
	var ne net.Error
	return errors.As(err, &ne) || pgconn.SafeToRetry(err)
}

// rest has nothing to do: the memory is the server's, and the pool lets go of
// connections that nobody uses.
func (e *postgresEngine) rest() error { return nil }

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}

// commitUnknown is a connection lost while committing: done or not, nobody
// here knows, so the group must not run again by itself.
type commitUnknown struct{ err error }

func (e *commitUnknown) Error() string { return "commit outcome unknown: " + e.err.Error() }
func (e *commitUnknown) Unwrap() error { return e.err }

// postgresConn is a transaction. Statements without an answer wait in a batch
// and travel with the next one that has an answer, so they cost no round trip.
type postgresConn struct {
	conn  *pgxpool.Conn
	batch *pgx.Batch
}

func (p *postgresConn) queue(q string, args []any) error {
	p.batch.Queue(q, args...)
	if p.batch.Len() >= 1000 {
		return p.flush()
	}
	return nil
}

// send runs the batch; the last statement's answer goes to last, when given.
func (p *postgresConn) send(last func(pgx.BatchResults) error) (err error) {
	n := p.batch.Len()
	if last != nil {
		n--
	}
	b := p.batch
	p.batch = &pgx.Batch{}
	results := p.conn.SendBatch(context.Background(), b)
	defer func() { err = errors.Join(err, results.Close()) }()
	for range n {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	if last == nil {
		return nil
	}
	return last(results)
}

func (p *postgresConn) flush() error {
	if p.batch.Len() == 0 {
		return nil
	}
	return p.send(nil)
}

func (p *postgresConn) exec(q string, args []any) (n int64, err error) {
	p.batch.Queue(q, args...)
	err = p.send(func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

func (p *postgresConn) query(q string, args []any, each func(Row) error) error {
	p.batch.Queue(q, args...)
	return p.send(func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func (p *postgresConn) places() places { return arrays }

// commit checks the tag: committing an aborted transaction is no error to
// PostgreSQL, it answers ROLLBACK.
func (p *postgresConn) commit() error {
	if err := p.flush(); err != nil {
		return err
	}
	tag, err := p.conn.Exec(context.Background(), "commit")
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe):
		return err
	case err != nil:
		return &commitUnknown{err}
	case tag.String() != "COMMIT":
		return fmt.Errorf("commit answered %s", tag)
	}
	p.conn.Release()
	return nil
}

func (p *postgresConn) rollback() {
	_, _ = p.conn.Exec(context.Background(), "rollback")
	p.conn.Release()
}
