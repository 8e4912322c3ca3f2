package shopper

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// answer tells the courier whether coming early is welcome, and leads back to
// the order. An answer that comes too late, or differs from one given before,
// changes nothing, and the page says why.
func (s *site) answer(r *http.Request) (ui.Answer, error) {
	var d *lived
	err := s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		d, err = readLiving(tx, link, wanted(r))
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	said := r.PostFormValue("answer")
	if said != "yes" && said != "no" {
		return ui.Answer{}, fault.New(fault.Invalid, "parameter_invalid", "answer", "value", shortly(said))
	}
	err = s.flow.One(r.Context(), by, d.shop.ID, func(tx *flow.Tx) error {
		_, err := lastmile.AnswerEarly(tx, d.shop.ID, d.order.ID, said == "yes")
		return err
	})
	return ui.Answer{To: d.back()}, err
}
