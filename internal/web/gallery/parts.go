package gallery

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// spoke is a tone with words that have it.
type spoke struct {
	Tone  ui.Tone
	Words string
}

// toned is every tone.
func toned(loc lang.Locale) []spoke {
	t := func(key string) string { return lang.T(loc, key, nil) }
	return []spoke{
		{ui.Calm, t("order_page.badge_open")},
		{ui.Good, t("order_page.badge_kept")},
		{ui.Care, t("order_page.badge_risk")},
		{ui.Bad, t("order_page.badge_broken")},
		{ui.Mute, t("order_page.badge_void")},
	}
}

// number is a figure with its name.
type number struct{ Words, Number string }

// counted is figures from none to many.
func counted(loc lang.Locale) (all []number) {
	words := []string{lang.T(loc, "home.open", nil), lang.T(loc, "home.kept", nil), lang.T(loc, "home.broken", nil), lang.T(loc, "home.told", nil), lang.T(loc, "home.repaired", nil)}
	for i, n := range []int64{12_345_678, 98_765, 123, 1, 0} {
		all = append(all, number{words[i], lang.Number(loc, n)})
	}
	return all
}

// charts is a chart in each of its states: with gaps, with marks, of every tone,
// of one bar, of more than a telephone is wide, and of none.
func charts(loc lang.Locale) []ui.Bars {
	t := func(key string) string { return lang.T(loc, key, nil) }
	bar := func(label string, share, mark float64, tone ui.Tone) ui.Bar {
		return ui.Bar{Label: label, Share: share, Mark: mark, Words: lang.Percent(loc, share), Tone: tone}
	}
	weeks := ui.Bars{Label: t("gallery.chart_weeks")}
	for i, share := range []float64{0.91, 0, 0.987, 1} {
		b := bar(fmt.Sprintf("%02d/11", 2+7*i), share, 0, ui.Good)
		if share == 0 {
			b.None, b.Words = true, "–"
		}
		weeks.Bars = append(weeks.Bars, b)
	}
	marked, every, many := ui.Bars{Label: t("gallery.chart_marks")}, ui.Bars{Label: t("gallery.chart_tones")}, ui.Bars{Label: t("gallery.chart_many")}
	for _, share := range []float64{0.6, 0.8, 0.95} {
		marked.Bars = append(marked.Bars, bar(lang.Percent(loc, share), share-0.05, share, ui.Calm))
	}
	for i, s := range toned(loc) {
		every.Bars = append(every.Bars, bar(string(s.Tone), 0.2*float64(i+1), 0, s.Tone))
	}
	for i := range 13 {
		many.Bars = append(many.Bars, bar(fmt.Sprint(i+1), float64(i)/12, 0, ui.Good))
	}
	one := ui.Bars{Label: t("gallery.chart_one"), Bars: []ui.Bar{bar("02/11", 1, 0, ui.Good)}}
	return []ui.Bars{weeks, marked, every, one, many, {Label: t("gallery.chart_none")}}
}
