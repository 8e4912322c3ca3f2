package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// Streams are what a command reads and writes.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// cli is every command. Flags may also stand in promesse.json, in
// /etc/promesse/promesse.json, or in the environment as PROMESSE_<FLAG>.
type cli struct {
	Serve     serveCmd     `cmd:"" help:"Run the service."`
	Demo      demoCmd      `cmd:"" help:"Run the service with a simulated world around it."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database's schema up to date."`
	Merchant  merchantCmd  `cmd:"" help:"Open organisations and hand out keys."`
	Staff     staffCmd     `cmd:"" help:"Let people into the console."`
	Erasures  erasuresCmd  `cmd:"" help:"Who was erased, to be erased again in a restored backup."`
	Import    importCmd    `cmd:"" help:"Bring history in."`
	Counters  countersCmd  `cmd:"" help:"The counters of relay points."`
	Coverage  coverageCmd  `cmd:"" help:"Whom a network of relay points reaches, and when."`
	Backtest  backtestCmd  `cmd:"" help:"What would we have promised? Walks through past orders."`
	Simulate  simulateCmd  `cmd:"" help:"Live whole worlds in memory and look for broken invariants."`
	Story     storyCmd     `cmd:"" help:"Run acceptance stories (docs/stories.md)."`
	Verify    verifyCmd    `cmd:"" help:"Check the invariants of a database."`
	Parked    parkedCmd    `cmd:"" help:"Work that failed and waits for a person."`
	Bench     benchCmd     `cmd:"" help:"Measure the product against what this machine can do."`
	Limit     limitCmd     `cmd:"" name:"bench-limit" hidden:"" help:"What bench measures pages against."`
	Routes    routesCmd    `cmd:"" help:"Print which reaction follows from which fact, and every door."`
	States    statesCmd    `cmd:"" help:"Draw the states of a return."`
	OpenAPI   openapiCmd   `cmd:"" name:"openapi" help:"Print the API's description (OpenAPI 3.1)."`
	MasterKey masterKeyCmd `cmd:"" name:"master-key" help:"Make a master key file."`
}

// exit is an outcome that is not an error: a command has said what it found
// and ends with a code of its contract.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs the command line and answers its exit code: 0, what the command's
// contract says, or 1 after an error.
func Main(ctx context.Context, args []string, io Streams) int {
	var c cli
	parser, err := kong.New(
		&c,
		kong.Name("promesse"),
		kong.Description("Promises made to shoppers: computed, written down, watched, kept or repaired."),
		kong.Writers(io.Out, io.Err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.DefaultEnvars("PROMESSE"),
		kong.Configuration(file, "/etc/promesse/promesse.json", "promesse.json"),
		kong.UsageOnError(),
		kong.Bind(io),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(io.Err, "promesse:", err)
		return 1
	}
	return run(parser, args, io)
}

// file reads a configuration file. The environment is nearer to whoever starts
// the program than a file is: where it says something, the file does not count.
func file(r io.Reader) (kong.Resolver, error) {
	in, err := kong.JSON(r)
	if err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(k *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if _, said := os.LookupEnv(name); said {
				return nil, nil
			}
		}
		return in.Resolve(k, parent, flag)
	}), nil
}

func run(parser *kong.Kong, args []string, io Streams) (code int) {
	defer func() { // kong leaves by exit after help
		p := recover()
		e, ok := p.(exit)
		if p != nil && !ok {
			panic(p)
		}
		if ok {
			code = int(e)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(io.Err, "promesse:", err)
		return 1
	}
	return report(k.Run(), io.Err)
}

// report prints an error for the person at the terminal and answers the exit code.
func report(err error, w io.Writer) int {
	var e exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return int(e)
	}
	faults := fault.All(err)
	for _, f := range faults {
		fmt.Fprintln(w, "promesse:", lang.Fault(terminalLocale(), f))
	}
	if len(faults) == 0 {
		fmt.Fprintln(w, "promesse:", err)
	}
	return 1
}

// terminalLocale is the language of whoever sits at the terminal.
func terminalLocale() lang.Locale {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); len(v) >= 2 && v != "C.UTF-8" {
			return lang.Match(v[:2], lang.English)
		}
	}
	return lang.English
}
