package shopper

import (
	_ "embed"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

//go:embed shopper.css
var sheet string

// look is that of all pages, and what forms and parcels need.
var look = ui.NewLook(sheet)
