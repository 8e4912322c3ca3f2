package console

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const readReports = string(merchant.ReadReports)

func boardRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/board", Access: ui.BySession, Needs: readReports, Summary: "How well promises are kept, and what it costs", Serve: c.board},
		{Method: http.MethodGet, Path: "/console/board/returns", Access: ui.BySession, Needs: readReports, Summary: "What comes back, why, how fast, and what it costs", Serve: c.returnedBoard},
	}
}

// periods are the stretches of time that a board is for, in days.
var periods = []int{7, 28, 91}

// boardPage is the board before it is HTML.
type boardPage struct {
	ui.Frame
	Tabs    []choice
	Choices []choice
	Empty   string // why there is nothing to see
	Figures []figure
	Weeks   measured
	Stated  measured
	Parts   []table
	Speeds  table
	Public  string // path of the page that shoppers see
}

// figure is one number, with what it means.
type figure struct {
	Name, Value, Meaning string
	Tone                 ui.Tone
}

// measured is a chart and its table.
type measured struct {
	Chart ui.Bars
	table
}

// table is rows under a heading.
type table struct {
	Title, Meaning string
	Head           []string
	Rows           [][]string
}

// boarded is what a board is read from.
type boarded struct {
	report   insight.Promises
	carriers map[ident.Connection]string
	services map[ident.Service]string
}

func (c Config) board(r *http.Request) (a ui.Answer, err error) {
	days := periodOf(r)
	var p boardPage
	err = c.see(r, func(tx *db.Tx, v visit) error {
		b, err := readBoard(tx, v.Merchant, days)
		if err != nil {
			return err
		}
		rd := reading(r, tx.Now)
		p = b.page(r, rd, days)
		p.Speeds, err = readSpeeds(tx, v.Merchant, rd)
		p.Public = "/b/" + string(v.Merchant)
		return err
	})
	a.Page = board(p)
	return a, err
}

// periodOf is the stretch asked for; four weeks when none is.
func periodOf(r *http.Request) int {
	if n, err := strconv.Atoi(r.URL.Query().Get("days")); err == nil && slices.Contains(periods, n) {
		return n
	}
	return periods[1]
}

func readBoard(tx *db.Tx, m ident.Merchant, days int) (b boarded, err error) {
	since := tx.Now.Add(-time.Duration(days) * 24 * time.Hour)
	if b.report, err = insight.PromisesOf(tx, m, since, tx.Now); err != nil {
		return b, err
	}
	connections, err := carrier.Connections(tx, m)
	if err != nil {
		return b, err
	}
	services, err := carrier.Services(tx, m)
	b.carriers, b.services = map[ident.Connection]string{}, map[ident.Service]string{}
	for _, c := range connections {
		b.carriers[c.ID] = c.Name
	}
	for _, s := range services {
		b.services[s.ID] = s.Name
	}
	return b, err
}

func (b boarded) page(r *http.Request, rd ui.Reading, days int) boardPage {
	p := boardPage{Frame: frame(r, rd.T("board.title", nil)), Tabs: boardTabs(rd, boardPath), Choices: boardPeriods(rd, boardPath, days)}
	if b.report.All.Due == 0 {
		p.Empty = rd.T("board.empty", nil)
		return p
	}
	p.Figures, p.Weeks, p.Stated = b.figures(rd), b.weeks(rd, days), b.stated(rd)
	p.Parts = []table{
		parted(rd, rd.T("board.by_kind", nil), b.report.ByKind, func(k fact.Owed) string { return owedWords(rd, k) }),
		parted(rd, rd.T("board.by_carrier", nil), b.report.ByCarrier, func(c ident.Connection) string { return cmp.Or(b.carriers[c], rd.T("board.no_carrier", nil)) }),
		parted(rd, rd.T("board.by_service", nil), b.report.ByService, func(s ident.Service) string { return cmp.Or(b.services[s], rd.T("board.no_service", nil)) }),
		parted(rd, rd.T("board.by_area", nil), b.report.ByArea, func(a string) string { return strings.Replace(a, "-", " ", 1) }),
	}
	return p
}

// figures are what the owner asks for first. A silent break is what the product
// exists to bring to zero.
func (b boarded) figures(rd ui.Reading) []figure {
	all := b.report.All
	served, _ := b.report.Service.Rate()
	kept, _ := all.KeptRate()
	bold, _ := all.Boldness()
	silent := ui.Good
	if all.Silent > 0 {
		silent = ui.Bad
	}
	fs := []figure{
		{rd.T("board.service", nil), lang.Percent(rd.Locale, served), lang.N(rd.Locale, "board.service_means", b.report.Service.Met, map[string]any{"Due": b.report.Service.Due}), ui.Calm},
		{rd.T("board.kept", nil), lang.Percent(rd.Locale, kept), lang.N(rd.Locale, "board.kept_means", all.Kept, map[string]any{"Due": all.Due}), ui.Calm},
		{rd.T("board.silent", nil), lang.Number(rd.Locale, int64(all.Silent)), rd.T("board.silent_means", nil), silent},
		{rd.T("board.told", nil), lang.Number(rd.Locale, int64(all.ToldBefore)), rd.T("board.told_means", nil), ui.Calm},
		{rd.T("board.repaired", nil), lang.Number(rd.Locale, int64(all.Repaired)), lang.N(rd.Locale, "board.repaired_means", all.Broken, nil), ui.Calm},
		{rd.T("board.boldness", nil), rd.T("board.in_days", map[string]any{"Days": lang.Decimal(rd.Locale, bold, 1)}), rd.T("board.boldness_means", nil), ui.Calm},
	}
	for _, g := range b.report.Given {
		fs = append(fs, figure{rd.T("board.given", nil), lang.Amount(rd.Locale, g.Amount), lang.N(rd.Locale, "board.given_means", g.Times, nil), ui.Calm})
	}
	return fs
}

// weeks is the share kept, week by week.
func (b boarded) weeks(rd ui.Reading, days int) measured {
	m := measured{table: table{
		Title: rd.T("board.weeks", nil), Meaning: rd.T("board.weeks_mean", nil), Head: head(rd, rd.T("board.week_of", nil)),
	}}
	m.Chart.Label = m.Title
	since := rd.Now.Add(-time.Duration(days) * 24 * time.Hour)
	for i, w := range b.report.ByWeek {
		begins := since.Add(time.Duration(i) * 7 * 24 * time.Hour).Day(rd.Zone)
		m.Rows = append(m.Rows, row(rd, lang.Day(rd.Locale, begins), w))
		rate, some := w.KeptRate()
		m.Chart.Bars = append(m.Chart.Bars, ui.Bar{
			Label: date(begins), Share: rate, Words: lang.Percent(rd.Locale, rate), None: !some, Tone: ui.Good,
		})
	}
	return m
}

// date is a day as short as a chart needs it.
func date(d civil.Day) string {
	_, month, day := d.Date()
	return fmt.Sprintf("%02d/%02d", day, month)
}

// stated compares what quotes said with what became of them.
func (b boarded) stated(rd ui.Reading) measured {
	m := measured{table: table{
		Title: rd.T("board.calibration", nil), Meaning: rd.T("board.calibration_means", nil),
		Head: []string{rd.T("board.stated", nil), rd.T("board.due", nil), rd.T("board.became", nil)},
	}}
	m.Chart.Label = m.Title
	for _, d := range b.report.Calibration {
		words := lang.Percent(rd.Locale, d.Stated)
		m.Rows = append(m.Rows, []string{words, lang.Number(rd.Locale, int64(d.Due)), lang.Percent(rd.Locale, d.Kept)})
		m.Chart.Bars = append(m.Chart.Bars, ui.Bar{Label: words, Share: d.Kept, Words: lang.Percent(rd.Locale, d.Kept), Mark: d.Stated, Tone: ui.Calm})
	}
	if len(m.Rows) == 0 {
		m.Meaning = rd.T("board.no_confidence", nil)
	}
	return m
}

func head(rd ui.Reading, first string) []string {
	return []string{
		first, rd.T("board.due", nil), rd.T("board.kept", nil), rd.T("board.told", nil), rd.T("board.silent", nil), rd.T("board.repaired", nil),
	}
}

func row(rd ui.Reading, name string, m insight.Measures) []string {
	kept := "–"
	if rate, some := m.KeptRate(); some {
		kept = lang.Percent(rd.Locale, rate)
	}
	cells := []string{name, lang.Number(rd.Locale, int64(m.Due)), kept}
	for _, n := range []int{m.ToldBefore, m.Silent, m.Repaired} {
		cells = append(cells, lang.Number(rd.Locale, int64(n)))
	}
	return cells
}

// maxParts bounds the rows of a table: those with most promises come first.
const maxParts = 30

// parted is a table of measures by what they are parted by.
func parted[K cmp.Ordered](rd ui.Reading, title string, by map[K]insight.Measures, name func(K) string) table {
	t := table{Title: title, Head: head(rd, title)}
	keys := slices.SortedFunc(maps.Keys(by), func(a, b K) int {
		return cmp.Or(cmp.Compare(by[b].Due, by[a].Due), cmp.Compare(a, b))
	})
	for _, k := range keys[:min(len(keys), maxParts)] {
		t.Rows = append(t.Rows, row(rd, name(k), by[k]))
	}
	return t
}
