// Package dbtest gives tests a real database: SQLite in memory, one per test;
// or, when PROMESSE_TEST_DB holds a postgres:// address, one PostgreSQL database
// per test binary, in which every test works under a merchant of its own.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Env is the variable that asks for PostgreSQL.
const Env = "PROMESSE_TEST_DB"

// New opens a migrated database and closes it when the test ends.
func New(t testing.TB, opt db.Options) *db.DB {
	t.Helper()
	return open(t, URL(t), opt)
}

// File is New on a SQLite file, for tests of concurrent readers and of
// reopening; on PostgreSQL it is New.
func File(t testing.TB, opt db.Options) *db.DB {
	t.Helper()
	return open(t, FileURL(t), opt)
}

// URL is an address that New would open: in memory, or the package's PostgreSQL database.
func URL(t testing.TB) string {
	t.Helper()
	if os.Getenv(Env) == "" {
		return "sqlite::memory:"
	}
	return postgres(t)
}

// FileURL is an address that can be opened twice.
func FileURL(t testing.TB) string {
	t.Helper()
	if os.Getenv(Env) == "" {
		return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	}
	return postgres(t)
}

// Empty is an address of a database without a schema, which no other test opens: for
// tests of what migrations make of old rows.
func Empty(t testing.TB) string {
	t.Helper()
	if os.Getenv(Env) == "" {
		return FileURL(t)
	}
	url, err := create(fmt.Sprintf("test_%d_%s", os.Getpid(), ident.Hash(t.Name())[:12]))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func open(t testing.TB, url string, opt db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// fresh makes the database of this test binary.
var fresh = sync.OnceValues(func() (string, error) { return create(fmt.Sprintf("test_%d", os.Getpid())) })

func postgres(t testing.TB) string {
	t.Helper()
	url, err := fresh()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// create makes a database. The cluster is private to the run, so nobody needs to
// drop it.
func create(name string) (string, error) {
	ctx := context.Background()
	cfg, err := pgx.ParseConfig(os.Getenv(Env))
	if err != nil {
		return "", fmt.Errorf("%s: %w", Env, err)
	}
	c, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return "", fmt.Errorf("%s: %w", Env, err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", err
	}
	return rename(os.Getenv(Env), name), nil
}

// rename puts another database name into an address.
func rename(url, name string) string {
	head, query, _ := strings.Cut(url, "?")
	head = head[:strings.LastIndexByte(head, '/')+1] + name
	if query == "" {
		return head
	}
	return head + "?" + query
}
