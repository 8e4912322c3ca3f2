package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrations is one numbered folder for all rooms, forward only, one text for
// both engines.
//
//go:embed migrations/*.sql
var migrations embed.FS

func migrate(ctx context.Context, dialect goose.Dialect, pool *sql.DB, opts ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, pool, files, opts...)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrate brings the schema up to date and refreshes the planner's statistics,
// from samples (0x10): reading all of a large database would hold up the start.
// In memory the pool has one connection, so it must run before the writer takes it.
func (e *sqliteEngine) migrate(ctx context.Context) error {
	if err := migrate(ctx, goose.DialectSQLite3, e.pool); err != nil {
		return err
	}
	_, err := e.pool.ExecContext(ctx, "pragma optimize = 0x10012")
	return err
}

func (e *postgresEngine) migrate(ctx context.Context) error {
	pool := stdlib.OpenDBFromPool(e.pool)
	defer func() { _ = pool.Close() }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	return migrate(ctx, goose.DialectPostgres, pool, goose.WithSessionLocker(locker))
}
