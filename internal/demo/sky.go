package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// trouble is what keeps carriers from bringing anything, whatever they say.
type trouble string

const (
	storm  trouble = "storm"  // over a region
	strike trouble = "strike" // at a carrier
)

// reason is why, in the words of the webhook.
func (t trouble) reason() (reason, label string) {
	if t == strike {
		return "strike", "Mouvement social, tournée suspendue"
	}
	return "weather", "Intempéries, tournée suspendue"
}

// happening is trouble that everybody knows of.
type happening struct {
	kind  trouble
	where string // slug of a region, or of a carrier
	from  civil.Instant
	until civil.Instant // exclusive
}

// id is one a day and kind.
func (h happening) id() string { return fmt.Sprintf("%s/%s", h.kind, h.from.Day(paris)) }

// region is a part of France as the weather forecast knows it.
type region struct {
	slug, name  string // name is the key of its words
	departments []string
}

var regions = []region{
	{"bretagne", "demo.bretagne", []string{"22", "29", "35", "56"}},
	{"loire", "demo.loire", []string{"44", "49", "53", "72", "85"}},
	{"sud-ouest", "demo.sud_ouest", []string{"09", "12", "24", "31", "33", "40", "46", "64"}},
	{"rhone", "demo.rhone", []string{"01", "26", "38", "42", "69"}},
	{"ile-de-france", "demo.ile_de_france", []string{"75", "77", "78", "91", "92", "93", "94", "95"}},
	{"mediterranee", "demo.mediterranee", []string{"06", "13", "30", "34", "83", "84"}},
	{"nord", "demo.nord", []string{"59", "62", "80"}},
	{"est", "demo.est", []string{"25", "54", "57", "67", "68", "88"}},
}

// sky draws what happens to everybody. What happens on a day is a function of
// the seed and the day alone, so that a parcel sent on Monday knows of
// Wednesday's storm, and two shops of the same one.
type sky struct{ seed uint64 }

// How often a storm rises and how often a carrier is on strike, a day.
const (
	storms  = 0.20
	strikes = 0.08
)

// longest is how many days ago something may have begun that is not over.
const longest = 2

// begins is what begins on a day.
func (s sky) begins(day civil.Day) (all []happening) {
	d := dice{rand.New(rand.NewPCG(s.seed, 1<<63|uint64(day)))}
	over, rises := one(d, regions), local(day, hour(3)).Add(d.between(0, 13*time.Hour))
	lasts, stormy := d.between(8*time.Hour, 44*time.Hour), d.chance(storms)
	at, struck := one(d, []*hauler{express, roulage, flash}), d.chance(strikes)
	if stormy {
		all = append(all, happening{storm, over.slug, rises, rises.Add(lasts)})
	}
	if struck {
		all = append(all, happening{strike, at.slug, day.Start(paris), day.End(paris)})
	}
	return all
}

// during is what is not over at some instant of a day.
func (s sky) during(day civil.Day) (all []happening) {
	for d := day - longest; d <= day; d++ {
		for _, h := range s.begins(d) {
			if h.until > day.Start(paris) {
				all = append(all, h)
			}
		}
	}
	return all
}

// keeps is what keeps a carrier from a place on a day: a strike, or a storm that
// takes more than three hours of the working day.
func (s sky) keeps(by *hauler, from town, day civil.Day) (happening, bool) {
	for _, h := range s.during(day) {
		switch h.kind {
		case strike:
			if by != nil && h.where == by.slug {
				return h, true
			}
		case storm:
			lost := min(h.until, local(day, hour(18))).Sub(max(h.from, local(day, hour(9))))
			if h.over(from) && lost > 3*time.Hour {
				return h, true
			}
		}
	}
	return happening{}, false
}

// over reports whether a storm is over a town.
func (h happening) over(t town) bool {
	i := slices.IndexFunc(regions, func(r region) bool { return r.slug == h.where })
	return i >= 0 && t.country == "FR" && slices.Contains(regions[i].departments, t.postcode[:2])
}

const (
	sqlTell = `-- across merchants: the weather is everybody's
		insert into demo_news (id, kind, place, since, until) values ($1, $2, $3, $4, $5) on conflict (id) do nothing`
	sqlNews = `-- across merchants: the weather is everybody's
		select kind, place, since, until from demo_news where until > $1 and since <= $2 order by since, id`
)

// tell writes down what begins on the days of entries that are done, for whoever
// asks for the news.
func (w *World) tell(tx *flow.Tx, done []entry) error {
	for _, e := range done {
		var o opening
		if e.kind != toOpenDay {
			continue
		}
		if err := e.decode(&o); err != nil {
			return err
		}
		for _, h := range w.sky().begins(o.Date) {
			if err := tx.Do(sqlTell, h.id(), h.kind, h.where, h.from, h.until); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *World) sky() sky { return sky{w.opt.Seed} }

// forecast is how long before it begins trouble is known.
const forecast = 6 * time.Hour

// News is what everybody hears of now: storms and strikes that have begun or are
// about to, in sentences.
func (w *World) News(ctx context.Context, loc lang.Locale) (sentences []string, err error) {
	now := w.flow.Clock().Now()
	err = w.flow.Read(ctx, func(tx *db.Tx) error {
		all, err := db.All(tx, sqlNews, scanNews, now, now.Add(forecast))
		for _, h := range all {
			sentences = append(sentences, h.sentence(loc))
		}
		return err
	})
	return sentences, err
}

func scanNews(r db.Row) (h happening, err error) {
	err = r.Scan(&h.kind, &h.where, &h.from, &h.until)
	return h, err
}

func (h happening) sentence(loc lang.Locale) string {
	if h.kind == strike {
		return lang.T(loc, "demo.strike", map[string]any{"Carrier": haulers[h.where].name, "Day": lang.Day(loc, h.from.Day(paris))})
	}
	i := slices.IndexFunc(regions, func(r region) bool { return r.slug == h.where })
	return lang.T(loc, "demo.storm", map[string]any{
		"Region": lang.T(loc, regions[i].name, nil),
		"Day":    lang.Day(loc, h.until.Day(paris)), "Clock": lang.Clock(loc, h.until.In(paris)),
	})
}
