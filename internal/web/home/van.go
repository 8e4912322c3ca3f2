package home

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/web/ui"
)

// guestVan is where a browser becomes the device of a courier.
const guestVan = "/tournee/invite"

// vanText is how to drive the demo's round; empty where nobody may, or the round
// is not open to this reader.
func (w living) vanText(r ui.Reading) string {
	if w.van.Courier == "" || !slices.Contains(w.rooms, guestVan) {
		return ""
	}
	return r.T("window.courier_text", map[string]any{"Name": w.van.Courier, "PIN": w.van.PIN})
}
