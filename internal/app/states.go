package app

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/returns"
)

// statesCmd draws the states of a return, for docs/returns-states.md.
type statesCmd struct{}

// Run prints the page.
func (statesCmd) Run(io Streams) error {
	_, err := fmt.Fprint(io.Out, returns.Draw())
	return err
}
