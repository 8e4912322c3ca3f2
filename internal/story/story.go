// Package story runs acceptance stories: texts that a merchant can read, each a
// little world with shops, shoppers, couriers and a clock, and what is expected
// of the product in it.
//
//	world     Tuesday 2026-11-24 09:00 Europe/Paris
//	shop      epicerie  tariff 5.90  slots 14:00-16:00  policy default
//	order     E-1 by camille  2 x "huile d'olive"  slot 14:00-16:00
//	at 15:40  courier reports "running late, 16:31"
//	expect    message to camille about E-1 says "16:31"  before 16:00
//
// The whole grammar stands in docs/stories.md. A story talks to the program as
// the world does: through the API with keys, through the link that a shopper was
// sent, and by reading the letters that leave. Time jumps from one due thing to
// the next, so that what the program does by itself happens when it would.
//
// It stores nothing of its own, and is no test framework: a story holds or it
// does not, and then it says on which line, what was expected and what there was.
package story

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Process is the application under its story.
type Process struct {
	Flow    *flow.Flow
	Handler http.Handler
	Check   func(context.Context) error // at the end: whether the books are in order; nil: nobody looks
}

// Start builds the application on a database, with the story's clock and post.
type Start func(d *db.DB, clock *flow.Clock, channels notify.Channels) (Process, error)

// Failure is a line of a story that does not hold, or can not be run.
type Failure struct {
	Line int    // from 1
	Text string // of the line
	Want string // what was expected; empty when the line could not be run
	Got  string // what there was instead, or why it could not be run
}

// Error is the failure as a person reads it, as a difference.
func (f *Failure) Error() string {
	if f.Want == "" {
		return fmt.Sprintf("line %d: %s\n  ! %s", f.Line, f.Text, f.Got)
	}
	return fmt.Sprintf("line %d: %s\n  - expected %s\n  + %s", f.Line, f.Text, f.Want, strings.ReplaceAll(f.Got, "\n", "\n    "))
}

// Run lives a story through on a fresh database. The error is a *Failure when
// the story does not hold or can not be read.
func Run(ctx context.Context, text string, start Start) error {
	w := &world{
		start: start, shops: map[string]*shop{}, orders: map[string]*bought{}, returns: map[string]*sent{}, statements: map[string]string{},
	}
	defer w.close()
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		words, err := split(lines.Text())
		if err != nil {
			return &Failure{Line: n, Text: lines.Text(), Got: err.Error()}
		}
		if len(words) == 0 {
			continue
		}
		if err := w.step(ctx, &words); err != nil {
			return failure(n, lines.Text(), err)
		}
	}
	if err := lines.Err(); err != nil || w.check == nil {
		return err
	}
	return w.check(ctx)
}

// failure puts what went wrong beside its line.
func failure(n int, text string, err error) error {
	f := &Failure{Line: n, Text: strings.TrimSpace(text), Got: err.Error()}
	if d, ok := err.(*different); ok {
		f.Want, f.Got = d.want, d.got
	}
	return f
}

// different is an expectation that does not hold.
type different struct{ want, got string }

func (d *different) Error() string { return d.want + ", and there is " + d.got }
