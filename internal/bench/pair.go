package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// pair is a database for the product and, once it is filled, a copy for the limit.
type pair struct {
	product, limit string // urls
	dir            string // SQLite: where both lie
	pg             bool
	server         string // PostgreSQL: where both live
}

// newPair makes the product's database: a file in a temporary folder, or one on
// the PostgreSQL server of the url.
func newPair(ctx context.Context, url string) (pair, error) {
	if !strings.HasPrefix(url, "postgres") {
		dir, err := os.MkdirTemp("", "promesse-bench")
		if err != nil {
			return pair{}, err
		}
		at := filepath.Join(dir, "product.db")
		return pair{dir: dir, product: "sqlite:" + at, limit: "sqlite:" + filepath.Join(dir, "limit.db")}, nil
	}
	p := pair{pg: true, server: url, product: withDatabase(url, "promesse_bench"), limit: withDatabase(url, "promesse_bench_limit")}
	return p, p.onServer("drop database if exists promesse_bench_limit", "drop database if exists promesse_bench", "create database promesse_bench")(ctx)
}

// onServer runs statements on the server's own database.
func (p pair) onServer(statements ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		c, err := pgx.Connect(ctx, p.server)
		if err != nil {
			return err
		}
		for _, s := range statements {
			if _, err = c.Exec(ctx, s); err != nil {
				break
			}
		}
		return errors.Join(err, c.Close(ctx))
	}
}

// copy makes the limit's database of the product's, which nobody may hold open.
func (p pair) copy(ctx context.Context) error {
	if p.pg {
		// A database that was filled this fast has no statistics yet; one in use has.
		if err := (pair{server: p.product}).onServer("analyze")(ctx); err != nil {
			return err
		}
		return p.onServer("create database promesse_bench_limit template promesse_bench")(ctx)
	}
	from, to := strings.TrimPrefix(p.product, "sqlite:"), strings.TrimPrefix(p.limit, "sqlite:")
	if st, err := os.Stat(from + "-wal"); err == nil && st.Size() > 0 {
		return fmt.Errorf("%s was not checkpointed", from)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, in.Close(), out.Close())
}

func withDatabase(url, name string) string {
	head, query, more := strings.Cut(url, "?")
	head = head[:strings.LastIndexByte(head, '/')+1] + name
	if more {
		head += "?" + query
	}
	return head
}
