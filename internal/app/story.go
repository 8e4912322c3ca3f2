package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
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
	keys, err := vault.Parse([]byte(ident.Hash("promesse story")))
	if err != nil {
		return story.Process{}, err
	}
	a, err := New(Parts{DB: d, Clock: clock, Vault: keys, Base: story.Base, Channels: channels})
	if err != nil {
		return story.Process{}, err
	}
	a.Flow.CheckEmissions()
	return story.Process{Flow: a.Flow, Handler: a.Handler}, nil
}
