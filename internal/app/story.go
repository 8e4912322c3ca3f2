package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/simulated"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/story"
)

// storyCmd runs acceptance stories; docs/stories.md is their grammar.
type storyCmd struct {
	Files []string `arg:"" type:"existingfile" help:"Story files."`
}

// Run exits 0 when every story holds, 1 when one does not, with the difference.
func (c *storyCmd) Run(ctx context.Context, io Streams) error {
	held := true
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		err = story.Run(ctx, string(text), startStory)
		var f *story.Failure
		switch {
		case err == nil:
			_, err = fmt.Fprintf(io.Out, "holds  %s\n", name)
		case errors.As(err, &f):
			held = false
			_, err = fmt.Fprintf(io.Out, "FAILS  %s, %v\n", name, f)
		}
		if err != nil {
			return err
		}
	}
	if !held {
		return exit(1)
	}
	return nil
}

// startStory builds the application as a service does, with the story's clock and post.
func startStory(d *db.DB, clock *flow.Clock, channels notify.Channels) (story.Process, error) {
	a, err := tale(d, clock, channels)
	if err != nil {
		return story.Process{}, err
	}
	a.Flow.CheckEmissions()
	return story.Process{Flow: a.Flow, Handler: a.Handler, Check: func(ctx context.Context) error { return inOrder(ctx, d) }}, nil
}

// inOrder is an error when an invariant does not hold.
func inOrder(ctx context.Context, d *db.DB) error {
	found, err := insight.Verify(ctx, d)
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("in the end the books are not in order: %+v", found)
	}
	return err
}

// tale is the application of a story: whole, but that its labels need no network.
func tale(d *db.DB, clock *flow.Clock, channels notify.Channels) (*App, error) {
	keys, err := vault.Parse([]byte(ident.Hash("promesse story")))
	if err != nil {
		return nil, err
	}
	printers := carrier.Adapters{simulated.Adapter: simulated.Printer{}}
	return New(Parts{DB: d, Clock: clock, Vault: keys, Base: story.Base, Channels: channels, Adapters: printers})
}
