package home

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

// guestVan is where a browser becomes the device of a courier.
const guestVan = "/tournee/invite"

// spaceDoor is where a link to a shopper's space is asked for.
const spaceDoor = "/espace/entrer"

// regularText is how to enter the space of the demo's shopper of several shops; empty
// where nobody may.
func (w living) regularText(r ui.Reading) string {
	if !w.local || w.regular == "" || !slices.Contains(w.rooms, spaceDoor) || !slices.Contains(w.rooms, lettersPath) {
		return ""
	}
	return r.T("window.regular_text", map[string]any{"Email": w.regular})
}

// vanText is how to drive the demo's round; empty where nobody may, or the round
// is not open to this reader.
func (w living) vanText(r ui.Reading) string {
	if w.van.Courier == "" || !slices.Contains(w.rooms, guestVan) {
		return ""
	}
	return r.T("window.courier_text", map[string]any{"Name": w.van.Courier, "PIN": w.van.PIN})
}
