package device

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the pages for devices and shifts in each of their states: by who asks,
// and for a device that will serve as it says.
func (d Door[V]) Gallery(r *http.Request, serves string) []ui.Exhibit {
	loc, on := ui.Reader(r), Of[V](r).who()
	w := d.Words(loc)
	lost := d.lost(r)
	invited := d.entry(r, w.Enrol, serves)
	invited.Path, invited.Device = d.Kit.devicePath()+"/x", on.Device.Name
	there := []crew.Member{{ID: "mbr_1", Name: on.Shift.Name}, {ID: "mbr_2", Name: strings.Repeat("Maximilienne-Alexandrine ", 3)}}
	shift := func(name string, there []crew.Member, wrong string) ui.Exhibit {
		return ui.Exhibit{Name: name, Page: serviceView(d.serviceOf(r, there, "", wrong))}
	}
	return []ui.Exhibit{
		{Name: "strange", Page: entryView(d.entry(r, w.Strange, w.StrangeHow))},
		{Name: "link-over", Page: lost.Page},
		{Name: "invited", Page: entryView(invited)},
		shift("shift", there, ""),
		shift("shift-nobody", nil, ""),
		shift("shift-wrong", there, lang.N(loc, "device.pin_wrong", 4, nil)),
		shift("shift-locked", there, lang.T(loc, "device.pin_locked", nil)),
	}
}
