package limit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver of the SQLite limit
)

// Statement is one write, as the product made it.
type Statement struct {
	SQL  string
	Args []any
}

// Writer writes groups of rows on a database of its own.
type Writer interface {
	// Write makes the statements one durable transaction, without asking anything in between.
	Write(group []Statement) error
	Close() error
}

// Open connects a writer to "sqlite:PATH" or "postgres://…".
func Open(ctx context.Context, url string) (Writer, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openSQLite(ctx, path)
	}
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	return &postgres{c}, nil
}

// sqlite is one connection with prepared statements.
type sqlite struct {
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]prepared
}

// prepared is a statement whose places have no names, which SQLite would look
// up one by one, and the argument that each place takes.
type prepared struct {
	*sql.Stmt
	order []int
}

func openSQLite(ctx context.Context, path string) (*sqlite, error) {
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=temp_store(memory)&_pragma=cache_size(-16000)")
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &sqlite{pool, conn, map[string]prepared{}}, nil
}

func (s *sqlite) Write(group []Statement) error {
	ctx := context.Background()
	if err := s.exec(ctx, Statement{SQL: "begin immediate"}); err != nil {
		return err
	}
	for _, st := range group {
		if err := s.exec(ctx, st); err != nil {
			return errors.Join(err, s.exec(ctx, Statement{SQL: "rollback"}))
		}
	}
	return s.exec(ctx, Statement{SQL: "commit"})
}

func (s *sqlite) exec(ctx context.Context, st Statement) error {
	p, ok := s.stmts[st.SQL]
	if !ok {
		var err error
		if p, err = s.prepare(ctx, st.SQL); err != nil {
			return fmt.Errorf("%w in %q", err, st.SQL)
		}
		s.stmts[st.SQL] = p
	}
	args := make([]any, len(p.order))
	for i, n := range p.order {
		args[i] = st.Args[n-1]
	}
	if _, err := p.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("%w in %q", err, st.SQL)
	}
	return nil
}

// place is where an argument goes; a cast is for PostgreSQL, SQLite is slower with it.
var place = regexp.MustCompile(`cast\(\$(\d+) as \w+\)|\$(\d+)`)

func (s *sqlite) prepare(ctx context.Context, q string) (p prepared, err error) {
	for _, found := range place.FindAllStringSubmatch(q, -1) {
		n, err := strconv.Atoi(found[1] + found[2])
		if err != nil {
			return p, err
		}
		p.order = append(p.order, n)
	}
	p.Stmt, err = s.conn.PrepareContext(ctx, place.ReplaceAllString(q, "?"))
	return p, err
}

func (s *sqlite) Close() error { return s.pool.Close() }

// postgres is one connection; a group is one pipeline.
type postgres struct{ conn *pgx.Conn }

func (p *postgres) Write(group []Statement) error {
	ctx := context.Background()
	if _, err := p.conn.Exec(ctx, "begin"); err != nil {
		return err
	}
	b := &pgx.Batch{}
	for _, st := range group {
		b.Queue(st.SQL, st.Args...)
	}
	if err := p.conn.SendBatch(ctx, b).Close(); err != nil {
		_, back := p.conn.Exec(ctx, "rollback")
		return errors.Join(err, back)
	}
	tag, err := p.conn.Exec(ctx, "commit")
	if err == nil && tag.String() != "COMMIT" {
		err = fmt.Errorf("commit answered %s", tag)
	}
	return err
}

func (p *postgres) Close() error { return p.conn.Close(context.Background()) }
