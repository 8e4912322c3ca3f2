package console

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// declareMissing writes down units that will not be sent. Two who say the same of
// one state of the order say it once.
func (c Config) declareMissing(r *http.Request) (a ui.Answer, err error) {
	id := ident.Order(r.PathValue("id"))
	units, err := unitsOf(r)
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error {
			_, err := order.DeclareMissing(tx, v.Merchant, order.Missing{
				Order: id, By: fact.ByMerchant, Units: units, After: ident.Shortage(r.PostFormValue("after")),
			})
			return err
		})
	}
	if !refused(err) {
		return ui.Answer{To: orderPath(id) + "?done=missing"}, err
	}
	p, seen := c.orderPage(r)
	p.Wrong = misdeclared(p.Locale, fault.All(err)[0])
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: orderView(p)}, seen
}

// misdeclared says why a declaration was refused, in the words of the form, which
// names no lines by their ids.
func misdeclared(loc lang.Locale, f *fault.Error) string {
	switch f.Code {
	case "missing_units_packed":
		return lang.T(loc, "console.declare_too_many", map[string]any{"Left": f.Args["left"]})
	case "field_required", "negative_quantity", "unknown_line":
		return lang.T(loc, "console.declare_number", nil)
	}
	return lang.Fault(loc, f)
}

// unitsOf reads how many units of which lines the form names; none is nothing.
func unitsOf(r *http.Request) (map[ident.Line]int, error) {
	if err := r.ParseForm(); err != nil {
		return nil, fault.New(fault.Invalid, "query_invalid", "").Because(err)
	}
	units := map[ident.Line]int{}
	for name, values := range r.PostForm {
		line, is := strings.CutPrefix(name, "line:")
		if !is || strings.TrimSpace(values[0]) == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(values[0]))
		if err != nil {
			return nil, fault.New(fault.Invalid, "negative_quantity", "quantity")
		}
		if n != 0 {
			units[ident.Line(line)] = n
		}
	}
	return units, nil
}
