package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// migrateCmd brings the schema up to date and ends.
type migrateCmd struct{ store }

// Run opens the database, which migrates it.
func (c *migrateCmd) Run(ctx context.Context, io Streams) error {
	d, err := db.Open(ctx, c.DB, db.Options{Long: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(io.Out, "the schema is up to date")
	return d.Close()
}

// verifyCmd checks the invariants.
type verifyCmd struct {
	store
	JSON bool `help:"A JSON line for each violation."`
}

// Run exits 0 when all hold, 1 with the name and the ids of those that do not.
func (c *verifyCmd) Run(ctx context.Context, io Streams) error {
	d, err := db.Open(ctx, c.DB, db.Options{Keep: true, Long: true})
	if err != nil {
		return err
	}
	found, err := verified(ctx, d)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	for _, v := range found {
		if c.JSON {
			if err := json.NewEncoder(io.Out).Encode(v); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(io.Out, "%s %s: %s\n", v.Invariant, v.What, strings.Join(v.IDs, " "))
	}
	if len(found) > 0 {
		return exit(1)
	}
	if !c.JSON {
		fmt.Fprintln(io.Out, "every invariant holds")
	}
	return nil
}

// verified checks the invariants as of now: of the demo's world, where the database
// is the demo's, since its clock is not the machine's.
func verified(ctx context.Context, d *db.DB) ([]insight.Violation, error) {
	at, lived, err := flow.Settled(ctx, d)
	switch {
	case err != nil:
		return nil, err
	case lived:
		return insight.VerifyAt(ctx, d, at)
	}
	return insight.Verify(ctx, d)
}

// merchantCmd opens organisations.
type merchantCmd struct {
	Create merchantCreateCmd `cmd:"" help:"Open an organisation and print its first key, once."`
	List   merchantListCmd   `cmd:"" help:"List the organisations."`
}

type merchantCreateCmd struct {
	store
	Name     string `arg:"" help:"What shoppers call it."`
	Network  bool   `help:"An operator above merchants instead of a merchant."`
	Country  string `help:"Country, ISO 3166-1." default:"FR"`
	Zone     string `help:"Time zone, IANA name." default:"Europe/Paris"`
	Locale   string `help:"Language: fr or en." default:"fr"`
	Currency string `help:"Currency, ISO 4217." default:"EUR"`
	Owner    string `name:"owner-email" help:"Let somebody into the console as its owner." placeholder:"ADDRESS"`
}

// Run creates the organisation and its first key, together or not at all.
func (c *merchantCreateCmd) Run(ctx context.Context, io Streams) error {
	in := merchant.NewOrganisation{
		Kind: merchant.Merchant, Name: c.Name, Country: c.Country, Zone: c.Zone,
		Locale: lang.Locale(c.Locale), Currency: money.Currency(c.Currency),
	}
	set := merchant.Owner
	if c.Network {
		in.Kind = merchant.Network
	}
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		var org merchant.Organisation
		var secret string
		err := f.Write(ctx, flow.Installation, nil, func(tx *flow.Tx) (err error) {
			if org, err = merchant.Create(tx, in); err != nil {
				return err
			}
			if _, secret, err = merchant.IssueKey(tx, org.ID, merchant.NewKey{Set: set, Label: "first key"}); err != nil || c.Owner == "" {
				return err
			}
			_, err = merchant.Hire(tx, org.ID, merchant.NewStaff{Email: c.Owner, Name: c.Owner, Set: merchant.Owner})
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "%s %s\nkey %s\nKeep the key: it is not shown again.\n", org.ID, org.Name, secret)
		return nil
	})
}

type merchantListCmd struct{ store }

// Run prints a line an organisation.
func (c *merchantListCmd) Run(ctx context.Context, io Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		return f.Read(ctx, func(tx *db.Tx) error {
			var after ident.Merchant
			for {
				orgs, err := merchant.List(tx, after, 100)
				if err != nil || len(orgs) == 0 {
					return err
				}
				for _, o := range orgs {
					fmt.Fprintf(io.Out, "%s\t%s\t%s\n", o.ID, o.Kind, o.Name)
				}
				after = orgs[len(orgs)-1].ID
			}
		})
	})
}

// withFlow opens a database for a command that writes without running anything:
// its consequences wait for the service.
func withFlow(ctx context.Context, url string, fn func(*flow.Flow) error) error {
	clock := flow.RealClock()
	d, err := db.Open(ctx, url, db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return err
	}
	a, err := buildFlow(d, clock)
	if err == nil {
		err = fn(a)
	}
	return errors.Join(err, d.Close())
}

// parkedCmd shows work that failed, and puts it back to work.
type parkedCmd struct {
	List   parkedListCmd   `cmd:"" help:"Reactions and errands that failed and wait." default:"1"`
	Replay parkedReplayCmd `cmd:"" help:"Run parked reactions again, and put parked errands back to work."`
}

type parkedListCmd struct{ store }

// Run prints a line a piece of work.
func (c *parkedListCmd) Run(ctx context.Context, io Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		reactions, errands, err := parked(ctx, f)
		for _, p := range reactions {
			fmt.Fprintf(io.Out, "%s\t%s\t%s\t%s\t%d tries\t%s\n", p.Since, p.Merchant, p.Route, p.Fact, p.Tries, firstLine(p.Error))
		}
		for _, e := range errands {
			fmt.Fprintf(io.Out, "%s\t%s\t%s\t%s\t%d tries\t%s\n", e.Next, e.Merchant, e.Kind, e.ID, e.Tries, firstLine(e.Error))
		}
		return err
	})
}

type parkedReplayCmd struct{ store }

// Run replays what is parked now, and says what failed again.
func (c *parkedReplayCmd) Run(ctx context.Context, io Streams) error {
	return withFlow(ctx, c.DB, func(f *flow.Flow) error {
		reactions, errands, err := parked(ctx, f)
		if err != nil {
			return err
		}
		failed := 0
		for _, p := range reactions {
			if err := f.Replay(ctx, flow.Installation, p); err != nil {
				failed++
				fmt.Fprintf(io.Out, "%s %s: %v\n", p.Route, p.Fact, firstLine(err.Error()))
			}
		}
		for _, e := range errands {
			if _, err := f.Ready(ctx, flow.Installation, e.Merchant, e.ID); err != nil {
				return err
			}
		}
		fmt.Fprintf(io.Out, "%d reactions run again, %d failed; %d errands put back to work\n", len(reactions), failed, len(errands))
		if failed > 0 {
			return exit(1)
		}
		return nil
	})
}

// parkedPage is how much parked work one look shows.
const parkedPage = 1000

func parked(ctx context.Context, f *flow.Flow) (rs []flow.Parked, es []flow.ParkedErrand, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		if rs, err = flow.ParkedAfter(tx, 0, "", parkedPage); err != nil {
			return err
		}
		es, err = flow.ParkedErrands(tx, parkedPage)
		return err
	})
	return rs, es, err
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// routesCmd prints docs/routes.md.
type routesCmd struct{}

// Run prints what follows from what, and every door.
func (c *routesCmd) Run(ctx context.Context, io Streams) error {
	a, err := described(ctx)
	if err != nil {
		return err
	}
	fmt.Fprint(io.Out, routesHead)
	for _, r := range slices.SortedStableFunc(slices.Values(allRoutes()), func(x, y flow.Reaction) int {
		return strings.Compare(string(x.On), string(y.On))
	}) {
		emits := make([]string, len(r.Emits))
		for i, k := range r.Emits {
			emits[i] = string(k)
		}
		fmt.Fprintf(io.Out, "| %s | %s | %s | %s |\n", r.On, r.Name, modes[r.Mode], strings.Join(emits, ", "))
	}
	guest, err := demoed(ctx)
	if err != nil {
		return err
	}
	all := a.doors()
	listDoors(io.Out, doorsHead, all)
	listDoors(io.Out, guestsHead, slices.DeleteFunc(guest.doors(), func(d door) bool { return slices.Contains(all, d) }))
	return nil
}

func listDoors(w io.Writer, head string, ds []door) {
	fmt.Fprint(w, head)
	for _, d := range ds {
		fmt.Fprintf(w, "| %s | %s | %s |\n", d.method, d.path, d.who)
	}
}

var modes = map[flow.Mode]string{flow.Must: "must", flow.May: "may", flow.Later: "later"}

const routesHead = `# Routes

Generated by ` + "`promesse routes`" + `; do not edit.

## What follows from what

Must: a failing reaction refuses its cause. May: it is parked, its cause is kept.
Later: it runs in a transaction of its own, right after.

| fact | reaction | mode | may emit |
|---|---|---|---|
`

const doorsHead = `
## Doors

| method | path | who |
|---|---|---|
`

const guestsHead = `
## Doors of the demo alone

In service they do not exist.

| method | path | who |
|---|---|---|
`

// openapiCmd prints the API's description.
type openapiCmd struct{}

// Run prints YAML.
func (c *openapiCmd) Run(ctx context.Context, io Streams) error {
	a, err := described(ctx)
	if err != nil {
		return err
	}
	text, err := a.API.OpenAPI()
	if err != nil {
		return err
	}
	_, err = io.Out.Write(text)
	return err
}
