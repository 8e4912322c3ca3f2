package backtest

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Report is how a result is told as a page.
type Report struct {
	Locale lang.Locale
	File   string       // the name of the file of orders, to head the page
	Fee    money.Amount // given back for a delivery later than Tolerance; 5.90 € when not said
}

//go:embed report.html
var reportHTML string

var reportPage = template.Must(template.New("report").Parse(reportHTML))

// page is what report.html shows.
type page struct {
	Lang, Title, File string
	Summary, Nothing  string
	Overview          table
	MethodTitle       string
	Method            []string
	Charts            []chart
}

// HTML writes a result as one self-contained page: no script, nothing fetched,
// each chart with its table. The fault amount_overflow says that the fee is too
// large to be counted.
func HTML(w io.Writer, r Result, o Report) error {
	o.Fee = cmp.Or(o.Fee, money.Of(590, money.EUR))
	p := page{
		Lang: string(o.Locale), Title: lang.T(o.Locale, "backtest.title", nil), File: o.File,
		Summary: summary(o.Locale, r), Overview: overview(o.Locale, r), MethodTitle: lang.T(o.Locale, "backtest.method", nil), Method: method(o.Locale),
	}
	if r.Promesse == nil {
		p.Nothing = lang.T(o.Locale, "backtest.nothing_scored", nil)
		return reportPage.Execute(w, p)
	}
	p.Charts = []chart{keptByMonth(o.Locale, r), daysByMonth(o.Locale, r)}
	if r.Breaches != nil {
		cost, err := costOf(o, *r.Breaches)
		if err != nil {
			return err
		}
		p.Charts = append(p.Charts, cost)
	}
	return reportPage.Execute(w, p)
}

// method says in plain words how the figures were had.
func method(loc lang.Locale) []string {
	return []string{
		lang.T(loc, "backtest.method_known", nil),
		lang.T(loc, "backtest.method_estimate", nil),
		lang.T(loc, "backtest.method_aim", nil),
		lang.T(loc, "backtest.method_fixed", nil),
	}
}

// keptByMonth is what was kept of the promises of each month.
func keptByMonth(loc lang.Locale, r Result) chart {
	aim := r.Promesse.Target
	percent := func(v float64) string { return lang.Percent(loc, v) }
	count := func(v float64) string { return lang.Number(loc, int64(v)) }
	return monthly(loc, r.ByMonth, lang.T(loc, "backtest.kept_by_month", nil), scale{steps: []float64{.05, .1, .2}, top: 1, write: percent}, []series{
		{Name: lang.T(loc, "backtest.scored", nil), write: count, of: func(m Month) (float64, bool) { return float64(m.Scored), true }},
		{Name: lang.T(loc, "backtest.shop", nil), Class: "shop", write: percent, of: ofShop(func(f Figures) float64 { return f.Kept })},
		{Name: lang.T(loc, "backtest.promesse_short", nil), Class: "ours", write: percent, of: func(m Month) (float64, bool) { return m.Kept, true }},
		{Name: lang.T(loc, "backtest.target", map[string]any{"Target": percent(aim)}), Class: "rule", of: func(Month) (float64, bool) { return aim, true }},
	})
}

// daysByMonth is how many days were promised each month, and how many it took.
func daysByMonth(loc lang.Locale, r Result) chart {
	days := func(v float64) string { return lang.Decimal(loc, v, 1) }
	return monthly(loc, r.ByMonth, lang.T(loc, "backtest.days_by_month", nil), scale{steps: []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}, fromZero: true, write: days}, []series{
		{Name: lang.T(loc, "backtest.took", nil), Class: "took", write: days, of: func(m Month) (float64, bool) { return m.TookDays, true }},
		{Name: lang.T(loc, "backtest.shop", nil), Class: "shop", write: days, of: ofShop(func(f Figures) float64 { return f.MeanDays })},
		{Name: lang.T(loc, "backtest.promesse_short", nil), Class: "ours", write: days, of: func(m Month) (float64, bool) { return m.MeanDays, true }},
	})
}

func ofShop(pick func(Figures) float64) func(Month) (float64, bool) {
	return func(m Month) (float64, bool) {
		if m.Shop == nil {
			return 0, false
		}
		return pick(*m.Shop), true
	}
}

// costOf is what the broken promises would have cost under the policy that is
// shipped: the delivery is free when it comes later than Tolerance.
func costOf(o Report, b Breaches) (chart, error) {
	loc := o.Locale
	c := chart{
		Note: lang.T(loc, "backtest.policy", map[string]any{"Tolerance": Tolerance, "Fee": o.Fee, "Orders": b.Compared}),
		Table: table{Caption: lang.T(loc, "backtest.cost", nil), Head: []string{
			lang.T(loc, "backtest.who", nil), lang.T(loc, "backtest.broken", nil), lang.T(loc, "backtest.repaired", nil), lang.T(loc, "backtest.cost_total", nil),
		}},
	}
	most := max(b.Shop.Repaired, b.Promesse.Repaired, 1)
	for _, side := range []struct {
		name, class string
		Breach
	}{
		{lang.T(loc, "backtest.shop", nil), "shop", b.Shop},
		{lang.T(loc, "backtest.promesse_short", nil), "ours", b.Promesse},
	} {
		total, err := o.Fee.Mul(int64(side.Repaired))
		if err != nil {
			return chart{}, err
		}
		amount := lang.Amount(loc, total)
		c.Bars = append(c.Bars, bar{Name: side.name, Class: side.class, Label: amount, Y: len(c.Bars) * barStep, Width: float64(side.Repaired) / float64(most) * barRoom})
		c.Table.Rows = append(c.Table.Rows, []string{side.name, lang.Number(loc, int64(side.Broken)), lang.Number(loc, int64(side.Repaired)), amount})
	}
	return c, nil
}
