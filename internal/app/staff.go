package app

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// staffCmd lets people into the console of an organisation.
type staffCmd struct {
	Invite staffInviteCmd `cmd:"" help:"Let somebody in: they sign in by a link e-mailed to them."`
	List   staffListCmd   `cmd:"" help:"List who works for an organisation."`
}

type staffInviteCmd struct {
	store
	Merchant string `help:"The organisation's id." required:"" placeholder:"MER_…"`
	Email    string `help:"Address at which they sign in." required:"" placeholder:"ADDRESS"`
	Name     string `help:"What colleagues call them; their address when left out."`
	Set      string `help:"What they may do: owner, agent, developer, viewer, or operator of a network." default:"owner" enum:"owner,agent,developer,viewer,operator"`
}

// Run lets somebody in. Nothing is sent: they ask for a link at /console/.
func (c *staffInviteCmd) Run(ctx context.Context, io Streams) error {
	m, in := ident.Merchant(c.Merchant), merchant.NewStaff{Email: c.Email, Name: c.Name, Set: merchant.Set(c.Set)}
	if in.Name == "" {
		in.Name = in.Email
	}
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		var s merchant.Staff
		err := f.One(ctx, flow.Installation, m, func(tx *flow.Tx) (err error) {
			s, err = merchant.Hire(tx, m, in)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "%s %s, %s\nThey ask for a link at /console/ of this installation.\n", s.ID, s.Email, s.Set)
		return nil
	})
}

type staffListCmd struct {
	store
	Merchant string `help:"The organisation's id." required:"" placeholder:"MER_…"`
}

// Run prints a line a person.
func (c *staffListCmd) Run(ctx context.Context, io Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		return f.Read(ctx, func(tx *db.Tx) error {
			all, err := merchant.StaffOf(tx, ident.Merchant(c.Merchant))
			for _, s := range all {
				fmt.Fprintf(io.Out, "%s\t%s\t%s\t%s\n", s.ID, s.Set, s.Email, s.Name)
			}
			return err
		})
	})
}
