package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/erasure"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// erasuresCmd keeps who was erased beside the backups, and erases them again in one.
type erasuresCmd struct {
	Export erasuresExportCmd `cmd:"" help:"Add who was erased to a file: ids alone. Do it with each backup, and before you restore one."`
	Replay erasuresReplayCmd `cmd:"" help:"After a backup was restored: erase again whoever stands in the file."`
}

type erasuresExportCmd struct {
	store
	File string `arg:"" help:"Lines that are there already stay." type:"path"`
}

// Run adds a line a shopper, in a new file that takes the place of the old one.
func (c *erasuresExportCmd) Run(ctx context.Context, io Streams) error {
	lines, err := erasureLines(c.File)
	if err != nil {
		return err
	}
	before := len(lines)
	err = withFlow(ctx, c.DB, func(f *flow.Flow) error {
		return f.Read(ctx, func(tx *db.Tx) error {
			all, err := shopper.Erasures(tx)
			for _, e := range all {
				if line := fmt.Sprintf("%s %s", e.Merchant, e.Shopper); !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "%d new, %d in all\n", len(lines)-before, len(lines))
	return replaceFile(c.File, strings.Join(append(lines, ""), "\n"))
}

// replaceFile writes a file whole, or not at all.
func replaceFile(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".erasures-*")
	if err != nil {
		return fmt.Errorf("erasures: %w", err)
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("erasures: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// erasureLines reads a file of erasures; one that is not there has none.
func erasureLines(path string) (lines []string, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if m, who, ok := strings.Cut(s.Text(), " "); !ok || !ident.Valid[ident.Merchant](m) || !ident.Valid[ident.Shopper](who) {
			return nil, fmt.Errorf("erasures: %s: line %d is no merchant and shopper", path, len(lines)+1)
		}
		lines = append(lines, s.Text())
	}
	return lines, nil
}

type erasuresReplayCmd struct {
	store
	File string `arg:"" help:"As export wrote it." type:"existingfile"`
}

// Run erases each, and says how many the backup still knew.
func (c *erasuresReplayCmd) Run(ctx context.Context, io Streams) error {
	lines, err := erasureLines(c.File)
	if err != nil {
		return err
	}
	back, unknown := 0, 0
	err = withFlow(ctx, c.DB, func(f *flow.Flow) error {
		for _, line := range lines {
			m, who, _ := strings.Cut(line, " ")
			was, err := eraseAgain(ctx, f, ident.Merchant(m), ident.Shopper(who))
			switch {
			case fault.KindOf(err) == fault.NotFound:
				unknown++
			case err != nil:
				return err
			case was.Email != "":
				back++
			}
		}
		return nil
	})
	fmt.Fprintf(io.Out, "%d erased again, %d were erased already, %d came after the backup\n", back, len(lines)-back-unknown, unknown)
	return err
}

func eraseAgain(ctx context.Context, f *flow.Flow, m ident.Merchant, who ident.Shopper) (was shopper.Contact, err error) {
	err = f.One(ctx, flow.Installation, m, func(tx *flow.Tx) (err error) {
		was, err = erasure.Again(tx, m, who)
		return err
	})
	return was, err
}
