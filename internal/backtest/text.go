package backtest

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// shownRejects is how many rejected rows are told with their reason.
const shownRejects = 5

// Text writes a result as a short table for a terminal, with how many rows were
// rejected and why the first of them were.
func Text(w io.Writer, r Result, rejects []Reject, loc lang.Locale) error {
	var b strings.Builder
	fmt.Fprintln(&b, summary(loc, r))
	if t := overview(loc, r); len(t.Rows) > 0 {
		fmt.Fprintln(&b)
		t.text(&b)
	} else {
		fmt.Fprintln(&b, lang.T(loc, "backtest.nothing_scored", nil))
	}
	if len(rejects) > 0 {
		fmt.Fprintf(&b, "\n%s\n", lang.N(loc, "backtest.rejected", len(rejects), nil))
	}
	for _, r := range rejects[:min(shownRejects, len(rejects))] {
		fmt.Fprintf(&b, "  %s\n", lang.T(loc, "backtest.reject", map[string]any{"Line": r.Line, "Order": r.Order, "Reason": lang.Fault(loc, r.Fault)}))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func summary(loc lang.Locale, r Result) string {
	return lang.T(loc, "backtest.summary", map[string]any{"Orders": r.Orders, "Scored": r.Scored})
}

// table is figures as people read them. The first column is what a row is about.
type table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// overview sets the shop's promises, ours and the best fixed number side by side.
func overview(loc lang.Locale, r Result) table {
	t := table{
		Caption: lang.T(loc, "backtest.overview", nil),
		Head: []string{
			lang.T(loc, "backtest.who", nil), lang.T(loc, "backtest.kept", nil),
			lang.T(loc, "backtest.mean_days", nil), lang.T(loc, "backtest.p50_days", nil),
		},
	}
	if r.Shop != nil {
		t.Rows = append(t.Rows, r.Shop.row(loc, lang.T(loc, "backtest.shop", nil)))
	}
	if r.Promesse != nil {
		asked := map[string]any{"Target": lang.Percent(loc, r.Promesse.Target)}
		t.Rows = append(t.Rows, r.Promesse.row(loc, lang.T(loc, "backtest.promesse", asked)))
		fixed := lang.Number(loc, int64(*r.HindsightDays))
		t.Rows = append(t.Rows, []string{lang.T(loc, "backtest.fixed", nil), "≥ " + lang.Percent(loc, r.Promesse.Target), fixed, fixed})
	}
	return t
}

func (f Figures) row(loc lang.Locale, who string) []string {
	return []string{who, lang.Percent(loc, f.Kept), lang.Decimal(loc, f.MeanDays, 1), lang.Number(loc, int64(f.P50Days))}
}

// text aligns the first column left and the others right.
func (t table) text(b *strings.Builder) {
	lines := append([][]string{t.Head}, t.Rows...)
	width := make([]int, len(t.Head))
	for _, cells := range lines {
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range lines {
		var line strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if i == 0 {
				line.WriteString(c + pad)
			} else {
				line.WriteString("   " + pad + c)
			}
		}
		fmt.Fprintln(b, strings.TrimRight(line.String(), " "))
	}
}
