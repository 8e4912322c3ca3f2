package console

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// returnedBoard is the board of what comes back before it is HTML.
type returnedBoard struct {
	ui.Frame
	Tabs    []choice
	Choices []choice
	Empty   string // why there is nothing to see
	Figures []figure
	Promise measured
	Tables  []table
	Unknown string // what was asked of it and nobody writes down
}

// cameBack is what it is read from.
type cameBack struct {
	report   insight.Returned
	carriers map[ident.Connection]string
}

func (c Config) returnedBoard(r *http.Request) (a ui.Answer, err error) {
	days := periodOf(r)
	var p returnedBoard
	err = c.see(r, func(tx *db.Tx, v visit) error {
		b, err := readCameBack(tx, v.Merchant, days, c.Factors)
		p = b.page(r, reading(r, tx.Now), days)
		return err
	})
	a.Page = returnedView(p)
	return a, err
}

func readCameBack(tx *db.Tx, m ident.Merchant, days int, f carbon.Factors) (b cameBack, err error) {
	since := tx.Now.Add(-time.Duration(days) * 24 * time.Hour)
	if b.report, err = insight.ReturnsOf(tx, m, since, tx.Now, f); err != nil {
		return b, err
	}
	connections, err := carrier.Connections(tx, m)
	b.carriers = map[ident.Connection]string{}
	for _, c := range connections {
		b.carriers[c.ID] = c.Name
	}
	return b, err
}

func (b cameBack) page(r *http.Request, rd ui.Reading, days int) returnedBoard {
	p := returnedBoard{Frame: frame(r, rd.T("returned.title", nil)), Tabs: boardTabs(rd, returnedPath), Choices: boardPeriods(rd, returnedPath, days)}
	if b.report.All.Bought == 0 && len(b.report.Stages) == 0 {
		p.Empty = rd.T("returned.empty", nil)
		return p
	}
	p.Figures, p.Promise, p.Unknown = b.figures(rd), b.byPromise(rd), rd.T("returned.unknown", nil)
	product := func(k string) string { return cmp.Or(b.report.ByProduct[k].Name, k) }
	said := func(k string) string { return cmp.Or(k, rd.T("returned.unsaid", nil)) }
	products := map[string]insight.Share{}
	for k, part := range b.report.ByProduct {
		products[k] = part.Share
	}
	p.Tables = append([]table{
		b.reasons(rd),
		shares(rd, rd.T("returned.by_product", nil), products, product),
		shares(rd, rd.T("returned.by_category", nil), b.report.ByCategory, said),
		shares(rd, rd.T("returned.by_size", nil), b.report.BySize, said),
		shares(rd, rd.T("returned.by_supplier", nil), b.report.BySupplier, said),
		shares(rd, rd.T("board.by_carrier", nil), b.report.ByCarrier, func(k ident.Connection) string { return cmp.Or(b.carriers[k], rd.T("board.no_carrier", nil)) }),
		b.stages(rd),
	}, append(b.money(rd), b.found(rd), b.ways(rd))...)
	p.Tables = slices.DeleteFunc(p.Tables, func(t table) bool { return len(t.Rows) == 0 })
	return p
}

// figures are what the owner asks for first.
func (b cameBack) figures(rd ui.Reading) []figure {
	all := b.report.All
	rate, _ := all.Rate()
	fs := []figure{{
		rd.T("returned.rate", nil), lang.Percent(rd.Locale, rate), lang.N(rd.Locale, "returned.rate_means", all.Back, map[string]any{"Bought": all.Bought}), ui.Calm,
	}}
	for _, s := range b.report.Stages {
		if s.Name == "all" {
			fs = append(fs, figure{rd.T("returned.whole", nil), rd.Long(s.Median), rd.T("returned.whole_means", map[string]any{"P90": rd.Long(s.P90)}), ui.Calm})
		}
	}
	for _, m := range b.report.Money {
		fs = append(fs, figure{rd.T("returned.paid", nil), lang.Amount(rd.Locale, m.Paid), rd.T("returned.paid_means", nil), ui.Calm})
		if m.Surcharge.Minor > 0 {
			fs = append(fs, figure{rd.T("returned.surcharge", nil), lang.Amount(rd.Locale, m.Surcharge), rd.T("returned.surcharge_means", nil), ui.Bad})
		}
	}
	return fs
}

// byPromise is whether orders that came late come back more often.
func (b cameBack) byPromise(rd ui.Reading) measured {
	words := map[fact.State]string{fact.Kept: rd.T("returned.kept", nil), fact.Broken: rd.T("returned.broken", nil), fact.Open: rd.T("returned.open", nil)}
	m := measured{table: table{
		Title: rd.T("returned.by_promise", nil), Meaning: rd.T("returned.by_promise_means", nil), Head: shareHead(rd, rd.T("returned.promise", nil)),
	}}
	m.Chart.Label = m.Title
	highest := 0.0
	for _, part := range b.report.ByPromise {
		rate, _ := part.Rate()
		highest = max(highest, rate)
	}
	for _, s := range []fact.State{fact.Kept, fact.Broken, fact.Open} {
		part := b.report.ByPromise[s]
		rate, some := part.Rate()
		m.Rows = append(m.Rows, shareRow(rd, words[s], part))
		m.Chart.Bars = append(m.Chart.Bars, ui.Bar{Label: words[s], Share: rate / max(highest, rate, 0.01), Words: lang.Percent(rd.Locale, rate), None: !some, Tone: ui.Calm})
	}
	return m
}

func (b cameBack) reasons(rd ui.Reading) table {
	all := b.report.All
	t := table{Title: rd.T("returned.reasons", nil), Head: []string{rd.T("returned.reason", nil), rd.T("returned.units", nil), rd.T("returned.part", nil)}}
	for _, taxon := range frequent(all.Reasons) {
		n := all.Reasons[taxon]
		t.Rows = append(t.Rows, []string{taxonWords(rd, taxon), lang.Number(rd.Locale, int64(n)), lang.Percent(rd.Locale, float64(n)/float64(max(1, all.Back)))})
	}
	return t
}

// frequent are reasons, the most frequent first.
func frequent(by map[returns.Taxon]int) []returns.Taxon {
	return slices.SortedFunc(maps.Keys(by), func(a, b returns.Taxon) int { return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b)) })
}

// shares is what came back by what it is parted by, the most units first; nothing
// where the shop said of no article what it is parted by.
func shares[K cmp.Ordered](rd ui.Reading, title string, by map[K]insight.Share, name func(K) string) table {
	t := table{Title: title, Head: shareHead(rd, title)}
	keys := slices.SortedFunc(maps.Keys(by), func(a, b K) int {
		return cmp.Or(cmp.Compare(by[b].Back, by[a].Back), cmp.Compare(by[b].Bought, by[a].Bought), cmp.Compare(a, b))
	})
	var unsaid K
	if len(keys) == 1 && keys[0] == unsaid {
		return t
	}
	for _, k := range keys[:min(len(keys), maxParts)] {
		t.Rows = append(t.Rows, shareRow(rd, name(k), by[k]))
	}
	return t
}

func shareHead(rd ui.Reading, first string) []string {
	return []string{first, rd.T("returned.bought", nil), rd.T("returned.back", nil), rd.T("returned.share", nil), rd.T("returned.first_reason", nil)}
}

func shareRow(rd ui.Reading, name string, s insight.Share) []string {
	share, reason := "–", "–"
	if rate, some := s.Rate(); some {
		share = lang.Percent(rd.Locale, rate)
	}
	if all := frequent(s.Reasons); len(all) > 0 {
		reason = taxonWords(rd, all[0])
	}
	return []string{name, lang.Number(rd.Locale, int64(s.Bought)), lang.Number(rd.Locale, int64(s.Back)), share, reason}
}

// stages is how long each part of the way took.
func (b cameBack) stages(rd ui.Reading) table {
	t := table{
		Title: rd.T("returned.stages", nil), Meaning: rd.T("returned.stages_mean", nil),
		Head: []string{rd.T("returned.stage", nil), rd.T("returned.returns", nil), rd.T("returned.median", nil), rd.T("returned.p90", nil)},
	}
	for _, s := range b.report.Stages {
		t.Rows = append(t.Rows, []string{stageWords(rd, s.Name), lang.Number(rd.Locale, int64(s.N)), rd.Long(s.Median), rd.Long(s.P90)})
	}
	return t
}

func stageWords(rd ui.Reading, name string) string {
	return worded(rd, map[string]string{
		"labelled":  "returned.stage_labelled",
		"deposited": "returned.stage_deposited",
		"received":  "returned.stage_received",
		"decided":   "returned.stage_decided",
		"refunded":  "returned.stage_refunded",
		"all":       "returned.stage_all",
	}, name)
}

// money is a table a currency.
func (b cameBack) money(rd ui.Reading) (out []table) {
	for _, m := range b.report.Money {
		t := table{
			Title: rd.T("returned.money", map[string]any{"Currency": string(m.Value.Currency)}), Meaning: rd.T("returned.money_means", nil),
			Head: []string{rd.T("returned.what", nil), rd.T("returned.amount", nil)},
		}
		for _, row := range []struct {
			words  string
			amount money.Amount
		}{
			{lang.N(rd.Locale, "returned.value", m.Returns, nil), m.Value},
			{rd.T("returned.fees", nil), m.Fees},
			{rd.T("returned.decided", nil), m.Decided},
			{rd.T("returned.paid", nil), m.Paid},
			{rd.T("returned.credit", nil), m.Credit},
			{rd.T("returned.surcharge", nil), m.Surcharge},
		} {
			t.Rows = append(t.Rows, []string{row.words, lang.Amount(rd.Locale, row.amount)})
		}
		out = append(out, t)
	}
	return out
}

// found is what the warehouse saw, beside what shoppers had said.
func (b cameBack) found(rd ui.Reading) table {
	t := table{
		Title: rd.T("returned.found", nil), Meaning: rd.T("returned.found_means", nil),
		Head: []string{rd.T("returned.seen", nil), rd.T("returned.told", nil), rd.T("returned.disposal", nil), rd.T("returned.units", nil)},
	}
	for _, f := range b.report.Found {
		t.Rows = append(t.Rows, []string{looksWords(rd, f.Found), looksWords(rd, f.Said), disposalWords(rd, f.Outcome), lang.Number(rd.Locale, int64(f.Units))})
	}
	return t
}

// ways is what each way back emitted, between shoppers who walk and who drive.
func (b cameBack) ways(rd ui.Reading) table {
	t := table{
		Title: rd.T("returned.ways", nil), Meaning: rd.T("returned.ways_mean", nil),
		Head: []string{rd.T("returned.way", nil), rd.T("returned.parcels", nil), rd.T("returned.walked", nil), rd.T("returned.driven", nil)},
	}
	kilos := func(g carbon.Grams) string {
		return rd.T("returned.kilos", map[string]any{"Kilos": lang.Decimal(rd.Locale, float64(g)/1000, 1)})
	}
	for _, w := range b.report.Ways {
		t.Rows = append(t.Rows, []string{routeWords(rd, w.Route), lang.Number(rd.Locale, int64(w.Parcels)), kilos(w.Low), kilos(w.High)})
	}
	return t
}

// The boards, one beside the other.
const (
	boardPath    = "/console/board"
	returnedPath = "/console/board/returns"
)

func boardTabs(rd ui.Reading, here string) []choice {
	return []choice{
		{Path: boardPath, Words: rd.T("board.promises", nil), Here: here == boardPath},
		{Path: returnedPath, Words: rd.T("board.returns", nil), Here: here == returnedPath},
		{Path: irritantsPath, Words: rd.T("irritants.title", nil), Here: here == irritantsPath},
	}
}

func boardPeriods(rd ui.Reading, path string, days int) (out []choice) {
	for _, d := range periods {
		out = append(out, choice{Path: fmt.Sprintf("%s?days=%d", path, d), Words: lang.N(rd.Locale, "board.days", d, nil), Here: d == days})
	}
	return out
}
