package lookup

import (
	_ "embed"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

//go:embed lookup.css
var sheet string

// look is that of all pages, and what the form needs.
var look = ui.NewLook(sheet)
