// Package proof is the page on which a shop shows the world how many of its
// promises it kept. It counts all that fell due, and says nothing about anybody.
//
// It stores nothing; the figures are those of the owner's board.
package proof

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	visited "github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the page stands on.
type Config struct {
	Flow *flow.Flow
	Base string       // address of the installation
	Log  *slog.Logger // nil discards
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, ui.Route{
		Method: http.MethodGet, Path: "/b/{shop}", Access: ui.Anybody, Summary: "How many of a shop's promises were kept", Serve: c.show,
	})
}

// period is how far back the page looks.
const period = 91 * 24 * time.Hour

// enough is how many promises must have fallen due for a figure that means something.
const enough = 30

// page is the proof before it is HTML.
type page struct {
	ui.Frame
	Sentence string
	Tone     ui.Tone
	Texts    []string
}

func (c Config) show(r *http.Request) (a ui.Answer, err error) {
	m := ident.Merchant(r.PathValue("shop"))
	err = c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		shop, err := merchant.Get(tx, m)
		if err != nil {
			return err
		}
		brand, err := merchant.BrandOf(tx, m)
		if err != nil {
			return err
		}
		report, err := insight.PromisesOf(tx, m, tx.Now.Add(-period), tx.Now)
		p := words(ui.Reader(r), shop.Name, report.All)
		p.Accent = brand.Accent
		speed.Measure(&p.Frame, "../", m, visited.Proof)
		a.Page = show(p)
		return err
	})
	return a, err
}

// words says what the figures mean. Of few promises no figure is given: a share
// of three says more about chance than about a shop.
func words(loc lang.Locale, shop string, m insight.Measures) page {
	args := map[string]any{"Shop": shop}
	p := page{Frame: ui.Frame{Locale: loc, Title: lang.T(loc, "board.public_title", args), Brand: shop}}
	if m.Due < enough {
		p.Tone = ui.Mute
		p.Sentence = lang.T(loc, "board.public_few", nil)
		p.Texts = []string{lang.T(loc, "board.public_told", args)}
		return p
	}
	p.Tone, p.Sentence = ui.Calm, lang.N(loc, "board.public_sentence", m.Due, map[string]any{"Kept": m.Kept})
	p.Texts = append(p.Texts, lang.T(loc, "board.public_period", nil))
	if m.Repaired > 0 {
		p.Texts = append(p.Texts, lang.N(loc, "board.public_repaired", m.Repaired, nil))
	}
	p.Texts = append(p.Texts, lang.T(loc, "board.public_told", args))
	return p
}
